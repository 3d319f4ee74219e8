"""Whether an answer was chosen as it says, as far as that follows from the morning alone."""

from __future__ import annotations

import numpy as np

from gigmatch.assignment.choosing import STOPPED
from gigmatch.assignment.halls import HALLS
from gigmatch.assignment.instance import Instance
from gigmatch.assignment.two_sided import verify_stable
from gigmatch.errors import CertificateError
from gigmatch.i18n import Told
from gigmatch.problem import Solution

__all__ = ["verify_chosen"]


def verify_chosen(instance: Instance, solution: Solution) -> None:
    """Raise CertificateError unless an answer is what its mechanism gives.

    A stable one is looked through for pairs that block; what a hall does is done once more, with the seed of
    the policy. That the best is the best is proved by certificates, and what a lottery draws by whoever has
    the lottery (`gigmatch.check_lottery`). Nothing is to be shown of placements that were given.

    Parameters
    ----------
    instance : Instance
        The morning, and how its answer is chosen.
    solution : Solution
        The answer, without the promised pairs.
    """
    name, stopped = instance.chosen.name, solution.stopped
    if stopped != STOPPED.get(name, stopped) or (name not in STOPPED and stopped in STOPPED.values()):
        raise CertificateError("stopped_otherwise", mechanism=name, stopped=stopped)
    verify_stable(instance, solution.shift)
    if name in HALLS:
        due = HALLS[name](instance, instance.eligible(), instance.policy.seed)
        wrong = np.flatnonzero(due != instance.with_promises(solution.shift))
        if len(wrong):
            worker = instance.columns.worker_ids[wrong[0]]
            raise CertificateError("not_as_the_hall", worker=worker, way=_told(name), n=len(wrong))


def _told(name: str) -> Told:
    """What people call a mechanism."""
    return Told.of(f"mechanisms.{name}")
