"""The mechanisms: from a morning to its assignment."""

from gigmatch.matching.fairness import fairness_curve
from gigmatch.matching.optimal import match

__all__ = ["fairness_curve", "match"]
