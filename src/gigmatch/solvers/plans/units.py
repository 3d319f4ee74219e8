"""Who goes: every worker alone, or a group as one, and their best plan under given weights of pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from gigmatch.core.arrays import (
    Int64Array,
    place_in_row,
    row_counts,
    row_entries,
    row_pointers,
    run_pointers,
)
from gigmatch.core.threads import in_order
from gigmatch.problem.plans import FREE, GONE, PlanProblem, best_plans
from gigmatch.solvers.plans.dispensable import find_dispensable

__all__ = ["Best", "Units"]

_BLOCK = 1 << 16  # pairs in a piece of work


@dataclass(frozen=True, eq=False)
class Best:
    """The best plan of every unit."""

    value: Int64Array
    """int64[n_units], 0 for none."""
    plan: Int64Array
    """int64[n_units, width]: its pairs, then -1."""


class Units:
    """Workers and groups of a problem; a group's number follows those of the workers.

    Members of a group stay units of their own, without any plan.

    Parameters
    ----------
    problem : PlanProblem
        Validated.
    threads : int, optional
        At most so many.
    """

    def __init__(self, problem: PlanProblem, threads: int | None = None) -> None:
        pairs = problem.pairs
        self.problem, self.threads = problem, threads
        n_groups = len(problem.group_in_crew)
        self.n_units = pairs.n_workers + n_groups
        unit = np.where(problem.group < 0, np.arange(pairs.n_workers), pairs.n_workers + problem.group)
        self.of_pair: Int64Array = unit[pairs.worker].astype(np.int64)
        """Unit of every pair."""
        alone = np.flatnonzero((problem.group < 0) & (pairs.degree > 0))
        most = np.minimum(problem.most_shifts, pairs.degree)[alone]
        self._groups = _Groups(problem)
        self.width = max(1, int(most.max(initial=0)), self._groups.largest)
        """Most pairs of a plan."""
        self._dispensable = np.empty(pairs.n_pairs, bool)
        find_dispensable(pairs.indptr, problem.follower_indptr, problem.follower, self._dispensable)
        piece = np.cumsum(pairs.degree[alone]) // _BLOCK
        self._pieces = np.split(alone, np.flatnonzero(np.diff(piece)) + 1)

    def best(self, worth: Int64Array) -> Best:
        """The best plan of every unit under given weights of pairs: int64[n_pairs]."""
        value = np.zeros(self.n_units, np.int64)
        plan = np.full((self.n_units, self.width), -1, np.int64)
        for _ in in_order(lambda rows: self._alone(rows, worth, value, plan), self._pieces, self.threads):
            pass
        self._groups.best(worth, value, plan)
        return Best(value, plan)

    def every(self, most: int) -> tuple[Int64Array, Int64Array] | None:
        """Units and plans, all there are; None where plans have several shifts, or are more than so many."""
        problem = self.problem
        if len(problem.follower) or problem.pairs.n_pairs + self._groups.count() > most:
            return None
        alone = np.flatnonzero(problem.group[problem.pairs.worker] < 0)
        alone = alone[problem.fits_alone(alone)]
        plans = np.full((len(alone), self.width), -1, np.int64)
        plans[:, 0] = alone
        unit, more = self._groups.every(self.width)
        return np.concatenate([self.of_pair[alone], unit]), np.concatenate([plans, more])

    def options(self) -> Iterator[list[Int64Array]]:
        """Yield for every option of every group, a shift or a crew, the pairs that each member has there."""
        return self._groups.options()

    def _alone(self, rows: Int64Array, worth: Int64Array, value: Int64Array, plan: Int64Array) -> None:
        """Write the best plans of workers who go alone."""
        entry, count = row_entries(self.problem.pairs.indptr, rows)
        gain = worth[entry]
        state = np.where((gain <= 0) & self._dispensable[entry], GONE, FREE).astype(np.int8)
        found = best_plans(self.problem, rows, gain, state)
        value[rows] = found.value
        at = np.flatnonzero(found.chosen)
        row, chosen = np.searchsorted(np.cumsum(count), at, side="right"), entry[at]
        order = np.lexsort((self.problem.rank[self.problem.pairs.shift[chosen]], row))
        place = place_in_row(row_pointers(np.bincount(row, minlength=len(rows))))
        plan[rows[row], place] = chosen[order]


class _Groups:
    """What every group may do: an option is a shift, or a crew, that every member reaches.

    Entries are pairs of members, by option, then by member; each member takes their best.
    """

    def __init__(self, problem: PlanProblem) -> None:
        pairs = problem.pairs
        self.n_workers, n_groups = pairs.n_workers, len(problem.group_in_crew)
        size = np.bincount(problem.group[problem.group >= 0], minlength=n_groups)
        self.largest = int(size.max(initial=0))
        entry = np.flatnonzero(problem.group[pairs.worker] >= 0)
        entry = entry[problem.fits_alone(entry)]
        group, shift, worker = problem.group[pairs.worker[entry]], pairs.shift[entry], pairs.worker[entry]
        in_crew = problem.group_in_crew[group] if n_groups else np.zeros(0, bool)
        place = np.where(in_crew, problem.crew[shift], shift)
        by = np.lexsort((worker, place, group))
        by = by[place[by] >= 0]
        entry, group, place, worker = entry[by], group[by], place[by], worker[by]
        option = run_pointers(group, place)
        own = np.repeat(np.arange(len(option) - 1), row_counts(option))
        member = run_pointers(own, worker)[:-1]
        members = np.bincount(own[member], minlength=len(option) - 1)
        whole = members == size[group[option[:-1]]]
        kept = whole[own]
        self.entry = entry[kept]
        """Pairs."""
        own, worker, group = own[kept], worker[kept], group[kept]
        self.member = run_pointers(own, worker)
        """Where each member's entries begin within each option."""
        option = run_pointers(own[self.member[:-1]])
        self.option = option
        """Where each option's members begin."""
        self.group = group[self.member[option[:-1]]]
        """Group of each option, ascending."""
        self.first = run_pointers(self.group)
        """Where each group's options begin."""

    def best(self, worth: Int64Array, value: Int64Array, plan: Int64Array) -> None:
        """Write the best option of every group that has one of any worth."""
        if not len(self.entry):
            return
        worths = worth[self.entry]
        member = np.maximum.reduceat(worths, self.member[:-1])
        option = np.add.reduceat(member, self.option[:-1])
        for low, high in zip(self.first[:-1].tolist(), self.first[1:].tolist(), strict=True):
            at = low + int(option[low:high].argmax())
            if option[at] > 0:
                unit = self.n_workers + self.group[at]
                value[unit] = option[at]
                rows = range(self.option[at], self.option[at + 1])
                plan[unit, : len(rows)] = [self._taken(row, worths) for row in rows]

    def count(self) -> int:
        """How many plans there are: for each option, as many as the members' pairs combine to."""
        if not len(self.entry):
            return 0
        return int(np.multiply.reduceat(row_counts(self.member).astype(np.float64), self.option[:-1]).sum())

    def options(self) -> Iterator[list[Int64Array]]:
        """Yield the pairs of each member, for every option."""
        for low, high in pairwise(self.option.tolist()):
            yield [self.entry[self.member[row] : self.member[row + 1]] for row in range(low, high)]

    def every(self, width: int) -> tuple[Int64Array, Int64Array]:
        """Every plan and its unit: each member's pairs of an option, combined."""
        unit, plans = list[int](), list[list[int]]()
        for group, option in zip(self.group.tolist(), self.options(), strict=True):
            for plan in product(*(pairs.tolist() for pairs in option)):
                unit.append(self.n_workers + group)
                plans.append([*plan, *[-1] * (width - len(plan))])
        return np.array(unit, np.int64), np.array(plans, np.int64).reshape(len(plans), width)

    def _taken(self, row: int, worths: Int64Array) -> int:
        low, high = self.member[row], self.member[row + 1]
        return int(self.entry[low + worths[low:high].argmax()])
