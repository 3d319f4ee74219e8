"""What a solver is: a callable that answers the plain problem, and how a run is watched and stopped."""

from __future__ import annotations

import inspect
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Literal, Protocol, runtime_checkable

from gigmatch.core.arrays import BoolArray, Int32Array, Int64Array
from gigmatch.core.limits import Limits
from gigmatch.core.statistics import Stages
from gigmatch.core.threads import Progress
from gigmatch.errors import InvalidInputError, PluginError
from gigmatch.problem import Problem

__all__ = [
    "Abilities",
    "CancelToken",
    "Control",
    "PlainAnswer",
    "Progress",
    "Solver",
    "StopSolving",
    "abilities_of",
]


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
        Seconds from now, as in `Limits`; 0 stops at the first check.
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
        limits = Limits(time_limit_s=time_limit_s)
        if cancel is not None and not callable(getattr(cancel, "is_set", None)):
            raise InvalidInputError("no_cancel_event", value=cancel)
        self.deadline = math.inf if limits.time_limit_s is None else time.monotonic() + limits.time_limit_s
        self.cancel = cancel
        self._progress = progress
        self._fraction = 0.0
        self.left: PlainAnswer | None = None
        self.stages = Stages()
        """Where the run is, and what it took so far."""

    @property
    def counts(self) -> dict[str, int]:
        """Work done so far by kind, as solvers count it; the same on every machine and in any threads."""
        return self.stages.counts

    @property
    def may_stop(self) -> bool:
        """Whether anything can stop this run: a solver that cannot be interrupted must then step aside."""
        return self.cancel is not None or self.deadline < math.inf

    def check(self) -> None:
        """Raise ``StopSolving`` if the run is cancelled or out of time; cheap enough for any loop."""
        if (reason := self.stop_reason()) is not None:
            raise StopSolving(reason)

    def stop_reason(self) -> Literal["time limit", "cancelled"] | None:
        """Why the run should stop, None if it should not."""
        if self.cancel is not None and self.cancel.is_set():
            return "cancelled"
        return "time limit" if time.monotonic() >= self.deadline else None

    def count(self, work: str, n: int = 1) -> None:
        """For a solver: add to the work of a kind, for whoever asks how much there was."""
        self.stages.count(work, n)

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

    What else it is able to do it declares by attributes with the names of `gigmatch.solvers.Abilities`; none
    is needed.
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


@dataclass(frozen=True)
class Abilities:
    """What a solver declares beyond the protocol, by attributes of these names; by default it declares none.

    Attributes
    ----------
    warm_start : bool
        It can be called with ``start=``, an answer of a similar problem that may be wrong in any way but its
        lengths; others are given none.
    own_prices : bool
        Every answer that it claims to be optimal brings both prices.
    trusted_prices : bool
        They need no check of their own: only the one of all certificates, at the end.
    shifts_of : callable, optional
        ``(problem, workers, control) -> bool[n_shifts]``: which shifts are in the row of any of some workers;
        helps to prove levels that weigh shifts alone.
    most_even_pairs : float
        Where all pairs of a worker weigh the same, pairs a worker above which it is not asked: workers are
        placed by rank, or by min-cost flow where that would take long or numba is missing.
    bytes_per_pair : float
        Memory that it takes for each pair, beyond those of the problem. Of a solver that does not say so much
        is expected.
    """

    warm_start: bool = False
    own_prices: bool = False
    trusted_prices: bool = False
    shifts_of: Callable[[Problem, Int64Array, Control], BoolArray] | None = None
    most_even_pairs: float = math.inf
    bytes_per_pair: float = 72

    @property
    def is_trusted(self) -> bool:
        """Whether what it gives goes into proofs that are checked at the end only."""
        return self.trusted_prices or self.shifts_of is not None


def abilities_of(solver: Solver) -> Abilities:
    """What a solver declares, with the defaults where it is silent.

    Raises
    ------
    PluginError
        It declares something of another kind, or a start that it cannot be called with.
    """
    said = {name: getattr(solver, name) for name in _ABILITIES if hasattr(solver, name)}
    for name in ("warm_start", "own_prices", "trusted_prices"):
        if not isinstance(said.get(name, False), bool):
            raise PluginError("solver_ability", name=solver.name, field=name, value=said[name])
    found = Abilities(**said)
    if found.shifts_of is not None and not callable(found.shifts_of):
        raise PluginError("solver_shifts_of", name=solver.name, value=found.shifts_of)
    for name in ("most_even_pairs", "bytes_per_pair"):
        if not _is_number(getattr(found, name)):
            raise PluginError("solver_number", name=solver.name, field=name, value=getattr(found, name))
    if found.trusted_prices and not found.own_prices:
        raise PluginError("solver_trusted_without_own", name=solver.name)
    if found.warm_start and not _takes_start(solver):
        raise PluginError("solver_without_start", name=solver.name)
    return found


_ABILITIES = tuple(field.name for field in fields(Abilities))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)


def _takes_start(solver: Solver) -> bool:
    try:
        inspect.signature(solver).bind(None, None, start=None)
    except TypeError:
        return False
    except ValueError:  # nobody knows what it takes
        return True
    return True
