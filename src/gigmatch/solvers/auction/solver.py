"""``Auction`` behind the ``Solver`` protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gigmatch.core import kernels
from gigmatch.core.arrays import BoolArray, Int64Array
from gigmatch.core.threads import thread_count
from gigmatch.i18n import Told
from gigmatch.problem import Problem
from gigmatch.solvers.auction.pool import WorkerPool
from gigmatch.solvers.base import Control, PlainAnswer, StopSolving

__all__ = ["Auction"]

_COMPILES: Final = "compiling"


@dataclass(frozen=True)
class Auction:
    """Exact, for large problems: forward and reverse auction, then shortest augmenting paths.

    Its package says how it works and why it ends. It brings its own dual prices, accepts a start, and on a
    stop leaves the best assignment so far with prices that bound it. The first call ever compiles for some
    10 seconds, see ``warmup``; a new process loads the compiled code in half a second.

    Parameters
    ----------
    threads : int, optional
        At most so many; the environment variable ``GIGMATCH_THREADS`` unless given, else every CPU allowed.
        The answer does not depend on it.

    Examples
    --------
    >>> from gigmatch.problem import Problem
    >>> from gigmatch.solvers import Auction, Control
    >>> problem = Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 1])
    >>> answer = Auction(threads=1)(problem, Control())
    >>> answer.shift.tolist(), int(answer.worker_price.sum() + answer.shift_price.sum())
    ([1, 0], 15)
    """

    threads: int | None = None
    name: str = "auction"
    exact: bool = True
    warm_start: bool = True
    own_prices: bool = True
    trusted_prices: bool = True
    most_even_pairs: float = 48.0
    bytes_per_pair: float = 24.0  # 11 measured; 71 where nearly every pair is as good as any other

    def supports(self, problem: Problem) -> str | None:
        """Everything that a ``Problem`` accepts, where numba is installed."""
        return None if kernels.is_available() else Told.of("errors.needs_numba")

    def shifts_of(self, problem: Problem, workers: Int64Array, control: Control) -> BoolArray:
        """Which shifts are in the row of any of some workers, compiled."""
        from gigmatch.solvers.auction.pairs import shifts_of

        return shifts_of(problem, workers, control)

    def __call__(self, problem: Problem, control: Control, start: PlainAnswer | None = None) -> PlainAnswer:
        """Solve the plain problem exactly.

        Parameters
        ----------
        problem : Problem
            Its tiers and lots are ignored.
        control : Control
            Checked every few milliseconds.
        start : PlainAnswer, optional
            Assignment, and shift prices if it has any, of a similar problem with the same rows. Saves time
            where it is nearly right, and never changes what is proved.
        """
        _load(control)
        from gigmatch.solvers.auction.engine import Engine

        with WorkerPool(thread_count(self.threads), control) as pool:
            engine = Engine(problem, pool)
            try:
                return engine.run(start)
            except (StopSolving, KeyboardInterrupt):
                control.leave(engine.best_so_far())
                raise


def _load(control: Control) -> None:
    """Import the kernels, and say so if they must be compiled first."""
    import gigmatch.solvers.auction.engine  # noqa: F401

    if not kernels.is_cached():
        control.report(_COMPILES, 0.0)
