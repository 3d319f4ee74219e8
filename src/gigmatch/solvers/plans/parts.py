"""An answer made better part by part: some units are freed, and all others stay where they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from gigmatch.core.arrays import BoolArray, IndexArray, Int64Array
from gigmatch.solvers.plans.master import Master
from gigmatch.solvers.plans.whole import among

__all__ = ["in_parts"]

_SIZES: Final = (100, 200, 400)
"""How many units a part has; a larger one is looked at where no smaller one is left."""
_NODES: Final = 50


def in_parts(
    master: Master, answer: Int64Array, lost: Int64Array, home: Int64Array, price: Int64Array
) -> Iterator[Int64Array]:
    """Yield ever better answers, as pairs, until no part has a better one.

    Every part is around the unit, shift or team that loses most against prices, of those not tried since
    something changed there: first who might take the same seats, then who might take their seats, and so on.

    Parameters
    ----------
    master : Master
        With the plans of the answer in its pool.
    answer : array of int64
        Positions of pairs.
    lost : array of int64, shape (n_plans,)
        What each plan of the pool loses against prices; below 0 where it cannot be in a better answer.
    home : array of int64, shape (n_units,)
        What it loses to take none.
    price : array of int64, shape (n_pairs,)
        What pairs are worth to their shifts.
    """
    parts = _Parts(master, answer, lost, home, price)
    for size in _SIZES:
        untried = np.ones(len(home) + master.problem.pairs.n_shifts, bool)
        while (first := parts.worst(untried)) >= 0:
            freed = parts.around(first, size)
            if parts.improve(freed):
                untried[freed] = True
                yield master.pairs_of(parts.taken)
            untried[first] = False


class _Parts:
    """The plans that units have, and which units might take the same seats."""

    def __init__(
        self, master: Master, answer: Int64Array, lost: Int64Array, home: Int64Array, price: Int64Array
    ) -> None:
        self.master, self._lost, self._home, self._price = master, lost, home, price
        self._plan = master.plans_of(answer)
        """Of every unit, -1 for none."""
        self._usable = lost >= 0
        self._usable[self.taken] = True
        self._seats, self._units = _both_ways(master, self._usable)
        teams, pairs = master.teams, master.problem.pairs
        highest = np.zeros(pairs.n_shifts, np.int64)
        np.maximum.at(highest, pairs.shift, price)
        self._best_of_shift = np.where(teams.plain, highest * pairs.capacity, 0)
        first = teams.shift[teams.first[:-1]]
        self._best_of_shift[first] = teams.best(price, np.full(teams.n_teams, -1))
        self._side = np.arange(pairs.n_shifts)  # shifts, but for those of teams the first of the team
        self._side[teams.shift] = np.repeat(first, np.diff(teams.first))

    @property
    def taken(self) -> Int64Array:
        """Plans of the answer, ascending."""
        return np.sort(self._plan[self._plan >= 0])

    def worst(self, untried: BoolArray) -> int:
        """The unit, or past these the shift, that loses most of those untried; -1 if none does."""
        pairs, held = self.master.problem.pairs, self.master.pairs_of(self.taken)
        of_units = np.where(self._plan < 0, self._home, np.append(self._lost, 0)[self._plan])
        of_shifts = self._best_of_shift.copy()
        np.subtract.at(of_shifts, self._side[pairs.shift[held]], self._price[held])
        loses = np.where(untried, np.concatenate([of_units, of_shifts]), 0)
        worst = int(loses.argmax())
        return worst if loses[worst] > 0 else -1

    def around(self, first: int, size: int) -> IndexArray:
        """Units near a unit, and this, or near a shift and its team."""
        found, looked, seen = list[int](), set[int](), set[int]()

        def add(units: list[int]) -> None:
            found.extend(unit for unit in units if unit not in seen)
            seen.update(units)

        if first < len(self._plan):
            add([first])
        else:
            for seat in np.flatnonzero(self._side == first - len(self._plan)).tolist():
                add(_row(self._units, seat))
        for near in found:
            for seat in _row(self._seats, near):
                if len(found) < size and seat not in looked:
                    looked.add(seat)
                    add(_row(self._units, seat))
        return np.array(found[:size], np.intp)

    def improve(self, freed: IndexArray) -> bool:
        """Take the best plans of some units, if they are better than those taken."""
        is_free = np.zeros(len(self._plan), bool)
        is_free[freed] = True
        mine = self._plan[freed]
        held = self._plan[~is_free]
        usable = self._usable & is_free[self.master.unit]
        found = among(self.master, usable, np.sort(held[held >= 0]), nodes=_NODES)
        if found is None:
            return False
        found = found[is_free[self.master.unit[found]]]
        if self.master.worth(found) <= self.master.worth(mine[mine >= 0]):
            return False
        self._plan[freed] = -1
        self._plan[self.master.unit[found]] = found
        return True


def _both_ways(master: Master, usable: BoolArray) -> tuple[Any, Any]:
    """Which shifts the usable plans of every unit have, and the other way round."""
    from scipy.sparse import csr_array

    plans = master.pool[usable]
    row, place = np.nonzero(plans >= 0)
    shift = master.problem.pairs.shift[plans[row, place]]
    shape = (master.units.n_units, master.problem.pairs.n_shifts)
    seats = csr_array((np.ones(len(row), np.int8), (master.unit[usable][row], shift)), shape=shape)
    return seats, seats.T.tocsr()


def _row(rows: Any, row: int) -> list[int]:
    found: list[int] = rows.indices[rows.indptr[row] : rows.indptr[row + 1]].tolist()
    return found
