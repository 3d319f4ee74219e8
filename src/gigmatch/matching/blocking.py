"""Pairs that would rather have each other, of any assignment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

from gigmatch.assignment import Assignment
from gigmatch.assignment.instance import check_kinds
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.assignment.two_sided import TwoSided
from gigmatch.columns import Columns
from gigmatch.core.arrays import IndexArray
from gigmatch.core.reprs import one_line
from gigmatch.errors import UnsupportedError
from gigmatch.model import Morning
from gigmatch.pairing.policy import Policy
from gigmatch.pairing.preferences import Preferences
from gigmatch.pairing.rules import Rule
from gigmatch.pairing.scoring import Scorer
from gigmatch.pairing.travel import Travel

__all__ = ["BlockingPairs", "blocking_pairs"]


@dataclass(frozen=True, eq=False, repr=False)
class BlockingPairs(Sequence[tuple[str, str]]):
    """Pairs of ids that would rather have each other, in order of row; an assignment without any is stable.

    Made by `blocking_pairs`.
    """

    assignment: Assignment
    """What they were looked for in."""
    worker: IndexArray
    """Worker row of each pair, ascending: intp[n]."""
    shift: IndexArray
    """Shift row of each pair: intp[n]."""
    unwanted: tuple[tuple[str, str], ...]
    """Placements that one of the two would rather not have, since they are below its threshold."""

    @property
    def is_stable(self) -> bool:
        """Whether nobody would leave: no pair blocks, and no placement is unwanted."""
        return not len(self) and not self.unwanted

    def __len__(self) -> int:
        return len(self.worker)

    @overload
    def __getitem__(self, at: int) -> tuple[str, str]: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[tuple[str, str], ...]: ...

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return tuple(map(self._ids, self.worker[at].tolist(), self.shift[at].tolist()))
        return self._ids(self.worker[at], self.shift[at])

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return map(self._ids, self.worker.tolist(), self.shift.tolist())

    def _ids(self, worker: int, shift: int) -> tuple[str, str]:
        return self.assignment.worker_ids[worker], self.assignment.shift_ids[shift]

    def __repr__(self) -> str:
        return one_line(type(self), {"unwanted": len(self.unwanted)}, {"pair": len(self)})


def blocking_pairs(
    assignment: Assignment,
    *,
    morning: Morning | Columns | None = None,
    preferences: Policy | None = None,
    worker_least: float | None = None,
    employer_least: float | None = None,
    rules: Sequence[Rule] = (),
    scorers: Sequence[Scorer] = (),
    travel: Travel | None = None,
) -> BlockingPairs:
    """Find who would rather have each other than what an assignment gives them, in one pass over the pairs.

    A pair blocks if it may stand, its worker would rather have the shift than what there is, and the shift
    has an empty seat or would rather have the worker than somebody in one of its seats. Barred pairs,
    promised workers and promised seats are no part of it.

    Parameters
    ----------
    assignment : Assignment
        However it was made: just now, or loaded from a file.
    morning : Morning or Columns, optional
        What it was made from; a loaded assignment needs it.
    preferences, worker_least, employer_least
        As for ``gigmatch.stable``. Unless any is given, those that the assignment was made with where it is a
        stable one, else the scorers of its policy.
    rules, scorers, travel
        The user's own that a loaded assignment names, as for ``gigmatch.check``.

    Returns
    -------
    BlockingPairs
        Empty for a stable assignment: that is its proof, made from the morning alone.

    Raises
    ------
    InvalidInputError
        There is no morning, the assignment was made from another one, or something is of another kind.
    UnsupportedError
        Somebody has several shifts.

    Examples
    --------
    >>> import gigmatch as gm
    >>> morning = gm.samples.jingshi(seed=7)
    >>> len(gm.blocking_pairs(gm.match(morning))) > 0, gm.blocking_pairs(gm.stable(morning)).is_stable
    (True, True)
    """
    solved = SolvedMorning.of(assignment, morning=morning, rules=rules, scorers=scorers, travel=travel)
    if not solved.is_plain:
        raise UnsupportedError("several_shifts")
    instance = solved.instance
    if preferences is not None or worker_least is not None or employer_least is not None:
        liked = instance.policy if preferences is None else preferences
        check_kinds(solved.morning, instance.policy, instance.travel, preferences=liked)
        asked = Preferences(liked, worker_least, employer_least)
    else:
        asked = instance.stable.preferences if instance.stable else Preferences(instance.policy)
    seen = TwoSided(instance, asked).look(solved.worker, solved.shift)
    unwanted = zip(
        solved.names(solved.worker[seen.unwanted]),
        solved.shift_names(solved.shift[seen.unwanted]),
        strict=True,
    )
    return BlockingPairs(assignment, seen.worker, seen.shift, tuple(unwanted))
