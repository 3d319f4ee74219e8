"""Reasons that are true and can be checked: why, why not, who else, and what would change it."""

from gigmatch.explaining.advice import Adviser
from gigmatch.explaining.explainer import Explainer, explain
from gigmatch.explaining.lost import lost_to_optimum
from gigmatch.explaining.programmes import plan_training

__all__ = ["Adviser", "Explainer", "explain", "lost_to_optimum", "plan_training"]
