"""How much memory pairs take with what is done with them, before any are made."""

from __future__ import annotations

from collections.abc import Callable

from gigmatch.columns import Columns
from gigmatch.pairing.candidates import BYTES_PER_PAIR
from gigmatch.solvers import Abilities, Solver
from gigmatch.solvers.auto import solving_bytes

__all__ = ["bytes_taken"]


def bytes_taken(columns: Columns, solver: str | Solver | None = None) -> Callable[[int], float]:
    """Return what says how many bytes so many pairs of a morning take at most.

    Parameters
    ----------
    columns : Columns
        The morning.
    solver : str or Solver, optional
        Of a plain problem; without, as much is expected as of a solver that does not say what it takes.
    """
    n_workers, n_shifts = columns.n_workers, columns.n_shifts

    def taken(n_pairs: int) -> float:
        if solver is None:
            return n_pairs * (BYTES_PER_PAIR + Abilities().bytes_per_pair)
        return n_pairs * BYTES_PER_PAIR + solving_bytes(solver, n_pairs, n_workers, n_shifts)

    return taken
