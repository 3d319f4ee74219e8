"""One run of `match`: how it is asked to go, whatever kind of morning it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gigmatch.assignment import Assignment
from gigmatch.assignment.instance import Instance
from gigmatch.core.limits import Limits
from gigmatch.core.logs import log_stage
from gigmatch.core.statistics import Stages
from gigmatch.pairing.eligible import Eligible
from gigmatch.solvers import CancelToken, Progress, Solver

__all__ = ["Run"]


@dataclass(frozen=True)
class Run:
    """What ``match`` was asked for besides the morning, checked, and what it has taken so far."""

    solver: str | Solver
    start: Assignment | None
    limits: Limits
    stages: Stages
    watch: Progress
    """Told how far the pairs are; it ends them after a stop."""
    cancel: CancelToken | None
    progress: Progress | None

    def every_pair(self, instance: Instance) -> Eligible:
        """Make every eligible pair, and go on to the problem."""
        self.stages.at("candidates")
        eligible = instance.eligible(None, self.watch, self.stages)
        log_stage("eligible", pairs=len(eligible.shift))
        self.stages.at("problem")
        return eligible

    def left(self) -> dict[str, Any]:
        """What solving is given: the limits that are left, and what watches it."""
        limits = self.limits.after(self.stages.so_far)
        return {"limits": limits, "cancel": self.cancel, "progress": self.progress}
