"""HiGHS as it is used here: silent, on one thread, always the same, and stopped when the run is."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from gigmatch.errors import SolverError
from gigmatch.solvers.base import Control, StopSolving

if TYPE_CHECKING:
    from highspy import Highs

__all__ = ["new_highs", "run_highs"]

_OPTIONS: Final[dict[str, bool | int | str]] = {
    "output_flag": False,
    "random_seed": 0,
    "parallel": "off",  # a number of threads would clash with that of whoever else runs HiGHS in the process
    "simplex_max_concurrency": 1,
}


@cache
def _quiet() -> type[Highs]:
    """HiGHS without its own callbacks, which print a banner before they can be told not to."""
    from highspy import Highs

    class Quiet(Highs):
        def enableCallbacks(self) -> None:  # noqa: N802
            pass

    return Quiet


def new_highs() -> Highs:
    """A solver without a model."""
    highs = _quiet()()
    for name, value in _OPTIONS.items():
        highs.setOptionValue(name, value)
    return highs


def run_highs(highs: Highs, control: Control) -> None:
    """Run it until it is done; what would stop Python in the middle is raised afterwards.

    Raises
    ------
    SolverError
        It ends in another way than expected.
    """
    from highspy import HighsModelStatus, cb

    raised: list[BaseException] = []

    def look(_kind: Any, _message: str, _told: Any, answer: Any, _data: Any) -> None:
        try:
            control.check()
        except BaseException as stop:  # Ctrl-C among them: nothing may pass through HiGHS
            raised.append(stop)
        if raised:
            answer.user_interrupt = True

    control.check()
    left = control.deadline - time.monotonic()  # integer programs look at callbacks now and then only
    highs.setOptionValue("time_limit", highs.getRunTime() + max(left, 0))
    highs.setCallback(look, None)
    kinds = cb.HighsCallbackType
    for kind in (kinds.kCallbackSimplexInterrupt, kinds.kCallbackIpmInterrupt, kinds.kCallbackMipInterrupt):
        highs.startCallback(kind)
    highs.run()
    if raised:
        raise raised[0]
    status = highs.getModelStatus()
    if status == HighsModelStatus.kTimeLimit:
        raise StopSolving("time limit")
    ends = {HighsModelStatus.kOptimal, HighsModelStatus.kSolutionLimit, HighsModelStatus.kInfeasible}
    if status not in ends:
        raise SolverError("highs_stopped", status=highs.modelStatusToString(status))
