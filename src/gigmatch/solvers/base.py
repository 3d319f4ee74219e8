"""What a solver is: a callable that answers the plain problem, and how a run is watched and stopped."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from gigmatch.core.arrays import Int32Array, Int64Array
from gigmatch.errors import InvalidInputError
from gigmatch.problem import Problem

__all__ = ["CancelToken", "Control", "PlainAnswer", "Progress", "Solver", "StopSolving", "WarmSolver"]

Progress = Callable[[str, float], object]


class CancelToken(Protocol):
    """Anything that can say it was set: ``threading.Event``, ``multiprocessing.Event`` and the like."""

    def is_set(self) -> bool:
        """Whether the run should stop."""
        ...


class StopSolving(BaseException):
    """Raised by ``Control.check``; caught by ``solve`` and by nobody else, hence no ``Exception``."""

    def __init__(self, reason: Literal["time limit", "cancelled", "heuristic"]) -> None:
        super().__init__(reason)
        self.reason = reason


class Control:
    """When to stop, and whom to tell how far it is.

    Parameters
    ----------
    time_limit_s : float, optional
        Seconds from now; 0 stops at the first check.
    cancel : CancelToken, optional
        Stops the run once it is set.
    progress : callable, optional
        Called with the name of the stage and the fraction done of the whole run, which never falls.

    Examples
    --------
    >>> control = Control(progress=lambda stage, fraction: print(stage, fraction))
    >>> control.report("points", 0.5)
    points 0.5
    """

    def __init__(
        self,
        time_limit_s: float | None = None,
        cancel: CancelToken | None = None,
        progress: Progress | None = None,
    ) -> None:
        if time_limit_s is not None and not time_limit_s >= 0:
            raise InvalidInputError(
                f"time_limit_s must be 0 or more seconds, or None for no limit; got {time_limit_s}"
            )
        if cancel is not None and not callable(getattr(cancel, "is_set", None)):
            raise InvalidInputError(f"cancel must offer is_set(), like threading.Event; got {cancel!r}")
        self.deadline = math.inf if time_limit_s is None else time.monotonic() + time_limit_s
        self.cancel = cancel
        self._progress = progress
        self._fraction = 0.0
        self.left: PlainAnswer | None = None
        self.counts: dict[str, int] = {}
        """Work done so far by kind, as solvers count it; the same on every machine and in any threads."""

    @property
    def may_stop(self) -> bool:
        """Whether anything can stop this run: a solver that cannot be interrupted must then step aside."""
        return self.cancel is not None or self.deadline < math.inf

    def check(self) -> None:
        """Raise ``StopSolving`` if the run is cancelled or out of time; cheap enough for any loop."""
        if self.cancel is not None and self.cancel.is_set():
            raise StopSolving("cancelled")
        if time.monotonic() >= self.deadline:
            raise StopSolving("time limit")

    def count(self, work: str, n: int = 1) -> None:
        """For a solver: add to the work of a kind, for whoever asks how much there was."""
        self.counts[work] = self.counts.get(work, 0) + int(n)

    def leave(self, answer: PlainAnswer | None) -> None:
        """For a solver that is being stopped: leave its best answer so far, with prices that bound it."""
        self.left = answer

    def report(self, stage: str, fraction: float) -> None:
        """Tell the progress callback, if there is one."""
        self._fraction = max(self._fraction, fraction)
        if self._progress is not None:
            self._progress(stage, self._fraction)


@dataclass(frozen=True, eq=False, kw_only=True)
class PlainAnswer:
    """What a solver returns for a plain problem.

    Attributes
    ----------
    shift : array of int32, shape (n_workers,)
        Shift row of every worker, -1 for nobody's.
    optimal : bool
        Whether the solver claims that no assignment has a greater sum of weights. The claim is checked.
    worker_price, shift_price : array of int64, optional
        Dual prices that prove it. Recovered from ``shift`` unless both are given.
    """

    shift: Int32Array
    optimal: bool
    worker_price: Int64Array | None = None
    shift_price: Int64Array | None = None


@runtime_checkable
class Solver(Protocol):
    """A callable that solves plain problems: weights and capacities, no tiers, no lots.

    It is trusted with nothing: ``solve`` checks the answer and proves optimality itself. It may be called
    from several threads and several times in one run, so it keeps no state. One that can be stopped midway
    leaves its best answer so far with ``control.leave`` before it lets ``StopSolving`` pass.
    """

    @property
    def name(self) -> str:
        """Named in every solution and error."""
        ...

    @property
    def exact(self) -> bool:
        """Whether it finds optima; one that does not is asked for the points only, without tiers and lots."""
        ...

    def supports(self, problem: Problem) -> str | None:
        """Why it cannot solve a problem, or None if it can."""
        ...

    def __call__(self, problem: Problem, control: Control) -> PlainAnswer:
        """Solve the plain problem, calling ``control.check()`` every now and then."""
        ...


@runtime_checkable
class WarmSolver(Solver, Protocol):
    """A solver that can begin with an answer of a similar problem; ``solve`` gives others no ``start``."""

    @property
    def warm_start(self) -> bool:
        """True."""
        ...

    def __call__(self, problem: Problem, control: Control, start: PlainAnswer | None = None) -> PlainAnswer:
        """Solve the plain problem; the start may be wrong in any way but its lengths."""
        ...
