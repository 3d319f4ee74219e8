"""The multipliers by which levels are kept in those below them, and how they rise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gigmatch.problem import Problem

__all__ = ["Multipliers", "rising"]

_RAISE: Final = 16


class Multipliers:
    """What each level multiplies the sum of those above it by.

    The sum of a level is its weights plus its multiplier times the sum of the level above. So one number a
    level says it all, and raising it keeps all that is above in the same proportions.

    Parameters
    ----------
    problem : Problem
        With its levels.
    from_nothing : bool
        Begin with 0 everywhere.
    """

    def __init__(self, problem: Problem, *, from_nothing: bool = False) -> None:
        self._names = [level.name for level in problem.weighted]
        extents = map(problem.extent_of, range(len(problem.weighted)))
        modest = [2 * max(most, -least) + 1 for least, most in extents]
        self._steps = [rising(*ends) for ends in zip(modest, problem.enough_multipliers, strict=True)]
        self._now = [0 if from_nothing else next(steps) for steps in self._steps]

    def of(self, place: int) -> dict[str, int]:
        """What the weights of every level above the one at ``place`` count there, by name."""
        found, scale = dict[str, int](), 1
        for at in range(place, 0, -1):
            scale *= self._now[at]
            found[self._names[at - 1]] = scale
        return dict(reversed(found.items()))

    def raise_after(self, place: int) -> bool:
        """Raise the one below a level that was missed; False where it is the largest already.

        Those that are nothing so far begin, from there on down: levels above the one that was missed may be
        met by themselves, and weigh nothing until they are missed, too.
        """
        if begin := [at for at in range(place + 1, len(self._now)) if not self._now[at]]:
            for at in begin:
                self._now[at] = next(self._steps[at], 0)
            return any(self._now[at] for at in begin)
        more = next(self._steps[place + 1], None)
        if more is not None:
            self._now[place + 1] = more
        return more is not None


def rising(start: int, ceiling: int) -> Iterator[int]:
    """Start and its multiples by 16 below the ceiling, then the ceiling."""
    while start < ceiling:
        yield start
        start *= _RAISE
    yield ceiling
