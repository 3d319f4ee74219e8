"""What a split proves: the best plans of all workers and groups and the best teams of all shifts and crews.

Solvers compute with it as the verifier does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from gigmatch.core.arrays import (
    BoolArray,
    Int64Array,
    Integers,
    row_counts,
    row_entries,
    run_starts,
)
from gigmatch.errors import CertificateError
from gigmatch.problem.integers import LARGEST_NUMBER, exact_sum, extent, first_true
from gigmatch.problem.levels.base import Weights, weights_at
from gigmatch.problem.plans.certificate import PAIR, Split
from gigmatch.problem.plans.levels import PlanLevel
from gigmatch.problem.plans.longest import FREE, GONE, NOTHING, TAKEN, PairStates, best_plans
from gigmatch.problem.plans.problem import PlanProblem

__all__ = ["BestUnits", "Decision", "SplitBound", "check_split", "split_weights"]

_PAIRS_AT_ONCE: Final = 1 << 17


class Decision(NamedTuple):
    """One step on the way to a leaf."""

    kind: int
    """`PAIR` or `TEAM`."""
    what: int
    """Position of the pair; a shift, any of its crew."""
    holds: bool
    """Whether the pair is taken, or the team takes place; else it is not, or does not."""


class SplitBound:
    """What a split of the weights of a level proves, under any decisions.

    Promised pairs count as taken. The best of all units without further decisions are computed once; under
    decisions only those of the workers, groups, shifts and crews that these are about.

    Parameters
    ----------
    problem : PlanProblem
    place : int
        Of the level in ``problem.levels``.
    split : Split

    Raises
    ------
    CertificateError
        If the split is none of this level: wrong sizes, or numbers too large to compute with.

    Examples
    --------
    >>> from gigmatch.problem import Problem
    >>> from gigmatch.problem.plans import TEAM
    >>> pairs = Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 1])
    >>> problem = PlanProblem.of(pairs)
    >>> split = Split(scale=1, shift_price=[2, 0], pair=[], pair_price=[])
    >>> SplitBound(problem, 0, split).total()
    15
    >>> SplitBound(problem, 0, split).total([Decision(TEAM, 0, False)])
    7
    """

    def __init__(self, problem: PlanProblem, place: int, split: Split) -> None:
        check_split(problem, place, split)
        self._problem, self._split = problem, split
        self._weights = split_weights(problem, place, split)
        self._is_listed = np.zeros(problem.pairs.n_shifts, np.bool_)
        self._is_listed[problem.pairs.shift[split.pair]] = True
        promised = problem.is_kept.view(np.int8)  # `TAKEN` is 1; all splits of a problem share it
        due = np.zeros(problem.n_units, np.bool_)
        due[problem.unit[problem.due]] = True
        self._promised = _Decided(promised, due)
        self._workers = np.zeros(problem.pairs.n_workers, np.int64)
        self._groups = np.zeros(problem.n_groups, np.int64)
        self._units = np.zeros(problem.n_units, np.int64)
        alone = np.flatnonzero(problem.group < 0)
        self._workers[alone] = self._best_alone(alone, self._promised)
        everybody = np.arange(problem.n_groups)
        self._groups[everybody] = self._best_together(everybody, self._promised)
        self._units[:] = self._best_teams(np.ones(problem.n_units, np.bool_), self._promised)

    def total(self, decisions: Sequence[Decision] = ()) -> int | None:
        """Return the sum of the best of all units; None if some unit has nothing that it may do."""
        best = self._best(decisions)
        return None if best is None else best.total

    def _best(self, decisions: Sequence[Decision]) -> BestUnits | None:
        """The best of every unit; None if some unit has nothing that it may do."""
        decided = self._promised
        workers, groups, units = self._workers, self._groups, self._units
        if decisions:
            found = _decided(self._problem, self._promised, decisions)
            if found is None:
                return None
            decided = found
            rows, teams = _concerned(self._problem, self._promised.state, decided)
            together = np.unique(self._problem.group[rows])
            alone, together = rows[self._problem.group[rows] < 0], together[together >= 0]
            workers, groups, units = workers.copy(), groups.copy(), units.copy()
            workers[alone] = self._best_alone(alone, decided)
            groups[together] = self._best_together(together, decided)
            units[teams] = self._best_teams(teams, decided)
        if any(np.any(each == NOTHING) for each in (workers, groups, units)):
            return None
        return BestUnits(decided, workers, groups, units)

    def bound(self, decisions: Sequence[Decision] = (), above: Sequence[int] = ()) -> int | None:
        """Return the most that the level can be worth, given the values of the levels above.

        None where nothing is feasible.

        Raises
        ------
        CertificateError
            If the split is of scale 0, and does not show that nothing is feasible.
        """
        total, split = self.total(decisions), self._split
        if total is None:
            return None
        total -= sum(by * value for by, value in zip(split.multipliers, above, strict=False))
        if split.scale:
            return total // split.scale
        if total < 0:
            return None
        raise CertificateError("leaf_proves_nothing", total=total)

    # -- workers and groups ---------------------------------------------------------------------------------

    def _gain(self, pairs: Int64Array) -> Int64Array:
        """What pairs are worth to their workers."""
        return weights_at(self._problem.pairs, self._weights, pairs) - self._price(pairs)

    def _price(self, pairs: Int64Array) -> Int64Array:
        """What pairs are worth to their shifts."""
        split = self._split
        price: Int64Array = split.shift_price[self._problem.pairs.shift[pairs]]
        if len(split.pair):
            at = np.minimum(np.searchsorted(split.pair, pairs), len(split.pair) - 1)
            price = np.where(split.pair[at] == pairs, split.pair_price[at], price)
        return price

    def _best_alone(self, rows: Integers, decided: _Decided) -> Int64Array:
        value = np.empty(len(rows), np.int64)
        for part in _blocks(row_counts(self._problem.pairs.indptr)[rows]):
            pairs, _ = row_entries(self._problem.pairs.indptr, rows[part])
            best = best_plans(self._problem, rows[part], self._gain(pairs), decided.state[pairs])
            value[part] = best.value
        return value

    def _best_together(self, groups: Integers, decided: _Decided) -> Int64Array:
        """Each group's best shift that all can go to, or best crew in which each has a shift."""
        problem, best = self._problem, np.zeros(len(groups), np.int64)
        if not len(groups):
            return best
        members = np.flatnonzero(np.isin(problem.group, groups))
        pairs, _ = row_entries(problem.pairs.indptr, members)
        taken = problem.group[problem.pairs.workers_of(pairs[decided.state[pairs] == TAKEN])]
        best[np.isin(groups, taken)] = NOTHING
        together = self._together(groups, decided)
        np.maximum.at(best, together.group, together.gain)
        return best

    def _together(self, groups: Integers, decided: _Decided) -> _Together:
        """What each group gains at each shift that all can go to, or crew in which each has a shift."""
        problem = self._problem
        rows = np.flatnonzero(np.isin(problem.group, groups))
        pairs, counts = row_entries(problem.pairs.indptr, rows)
        member = np.repeat(np.arange(len(rows)), counts)
        group = np.searchsorted(groups, problem.group[rows])
        taken = np.bincount(member[decided.state[pairs] == TAKEN], minlength=len(rows))
        due = (taken[member] == 0) | ((taken[member] == 1) & (decided.state[pairs] == TAKEN))
        kept = due & (decided.state[pairs] != GONE) & problem.fits_alone(pairs)
        pairs, member = pairs[kept], member[kept]
        shift = problem.pairs.shift[pairs]
        goal = np.where(problem.group_in_crew[groups[group[member]]], problem.crew[shift], shift)
        found = goal >= 0  # a shift of no crew is none of theirs
        size = np.bincount(group, minlength=len(groups))
        return _all_together(group[member[found]], goal[found], member[found], self._gain(pairs[found]), size)

    # -- shifts and crews -----------------------------------------------------------------------------------

    def _best_teams(self, which: BoolArray, decided: _Decided) -> Int64Array:
        """The best team of each of some units, in order; nobody is worth 0."""
        problem, unit = self._problem, self._problem.unit
        shifts = np.flatnonzero(which[unit])
        value, possible, taken = self._teams(shifts, decided.state, problem.minimum[shifts])
        total, due = np.zeros(problem.n_units, np.int64), decided.due.copy()
        np.add.at(total, unit[shifts], value)
        fits = np.ones(problem.n_units, np.bool_)
        fits[unit[shifts[~possible]]] = False
        due[unit[shifts[taken]]] = True
        best = np.where(fits, total, NOTHING)
        return np.where(due, best, np.maximum(best, 0))[which]

    def _teams(
        self, shifts: Integers, state: PairStates, least: Int64Array
    ) -> tuple[Int64Array, BoolArray, BoolArray]:
        """What the best team of so many or more is worth of each shift, whether there is one, and must be."""
        problem, pairs = self._problem, self._problem.pairs
        decided = np.flatnonzero(state)
        single = self._is_listed.copy()
        single[pairs.shift[decided]] = True
        price, count = self._split.shift_price[shifts], problem.pairs_of_shift[shifts]
        most = np.minimum(pairs.capacity[shifts], count)
        value = price * np.where(price > 0, most, least)
        possible, taken = least <= most, np.zeros(len(shifts), np.bool_)
        own = np.flatnonzero(single[shifts])
        value[own], possible[own], taken[own] = self._single_teams(shifts[own], state, least[own])
        return value, possible, taken

    def _single_teams(
        self, shifts: Integers, state: PairStates, least: Int64Array
    ) -> tuple[Int64Array, BoolArray, BoolArray]:
        """As `_teams`, pair by pair: those that must be, and the best of the others."""
        problem, n = self._problem, len(shifts)
        place = np.full(problem.pairs.n_shifts, -1, np.int64)
        place[shifts] = np.arange(n)
        pairs = np.flatnonzero(place[problem.pairs.shift] >= 0)
        price, team, is_taken = self._price(pairs), place[problem.pairs.shift[pairs]], state[pairs] == TAKEN
        value, taken = np.zeros(n, np.int64), np.bincount(team[is_taken], minlength=n)
        np.add.at(value, team[is_taken], price[is_taken])
        free = state[pairs] == FREE
        price, team = price[free], team[free]
        order = np.lexsort((-price, team))
        count, wanted = np.bincount(team, minlength=n), np.bincount(team[price > 0], minlength=n)
        least = np.maximum(least - taken, 0)
        most = np.minimum(problem.pairs.capacity[shifts] - taken, count)
        possible = least <= most
        more = np.where(possible, np.clip(wanted, least, most), 0)
        place_in_team = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count)
        best = order[place_in_team < more[team[order]]]
        np.add.at(value, team[best], price[best])
        return value, possible, taken > 0


class _Decided(NamedTuple):
    """What is decided of every pair, and which units must take place."""

    state: PairStates
    due: BoolArray


class BestUnits(NamedTuple):
    """The best of every unit under some decisions."""

    decided: _Decided
    workers: Int64Array
    """Of each who is in no group, 0 of others: int64[n_workers]."""
    groups: Int64Array
    units: Int64Array

    @property
    def total(self) -> int:
        """Their sum."""
        return exact_sum(self.workers) + exact_sum(self.groups) + exact_sum(self.units)


class _Together(NamedTuple):
    """Goals that all of a group have, shifts or crews, and what the group gains there."""

    group: Integers
    """Its place among those asked for."""
    goal: Integers
    gain: Int64Array


def _decided(problem: PlanProblem, promised: _Decided, decisions: Sequence[Decision]) -> _Decided | None:
    """All decisions together, None where they contradict each other; pairs of a team that is off are gone."""
    state, due, unit = promised.state.copy(), promised.due.copy(), problem.unit
    off = np.zeros(problem.n_units, np.bool_)
    gone = [decision.what for decision in decisions if decision.kind == PAIR and not decision.holds]
    for kind, what, holds in decisions:
        if kind == PAIR and holds:
            state[what] = TAKEN
        elif kind != PAIR:
            (due if holds else off)[unit[what]] = True
    if off.any():
        gone += np.flatnonzero(off[unit][problem.pairs.shift]).tolist()
    if np.any(state[gone] == TAKEN) or np.any(due & off):
        return None
    state[gone] = GONE
    return _Decided(state, due)


def _concerned(problem: PlanProblem, promised: PairStates, decided: _Decided) -> tuple[Int64Array, BoolArray]:
    """The workers and the units whose options are other than they are without decisions."""
    changed = np.flatnonzero(decided.state != promised)
    units = decided.due.copy()
    units[problem.unit[problem.pairs.shift[changed]]] = True
    return np.unique(problem.pairs.workers_of(changed)).astype(np.int64), units


def _all_together(
    group: Integers, goal: Integers, member: Integers, gain: Int64Array, size: Integers
) -> _Together:
    """The sums of the members' best gains at each goal that all of a group have."""
    order = np.lexsort((member, goal, group))
    group, goal, member, gain = group[order], goal[order], member[order], gain[order]
    each = run_starts(group, goal, member)
    gain, group, goal = np.maximum.reduceat(gain, each), group[each], goal[each]
    both = run_starts(group, goal)
    sums, group, goal = np.add.reduceat(gain, both), group[both], goal[both]
    whole = np.diff(both, append=len(each)) == size[group]
    return _Together(group[whole], goal[whole], sums[whole])


def _blocks(counts: Integers) -> Iterator[slice]:
    """Rows of so many entries in parts that fit into a processor's cache."""
    block = np.cumsum(counts) // _PAIRS_AT_ONCE
    ends = np.flatnonzero(np.diff(block, append=-1)) + 1
    begin = 0
    for end in ends.tolist():
        yield slice(begin, end)
        begin = end


def split_weights(problem: PlanProblem, place: int, split: Split) -> Weights:
    """The weights that are split: those of the level by its scale, and those above by their multipliers."""
    weights = Weights()
    for by, level in zip((*split.multipliers, split.scale), _counted(problem, place, split), strict=True):
        if by:
            weights = weights.plus(level.parts.times(by))
    return weights


def _counted(problem: PlanProblem, place: int, split: Split) -> list[PlanLevel]:
    """The levels that a split weighs: those with multipliers, then its own."""
    return [*problem.levels[: len(split.multipliers)], problem.levels[place]]


def check_split(problem: PlanProblem, place: int, split: Split) -> None:
    """Raise CertificateError unless a split fits a level, in numbers that can be added up within 64 bits."""
    pairs = problem.pairs
    if split.scale < 0:
        raise CertificateError("number_too_small", name="scale", least=0, value=split.scale)
    if len(split.multipliers) not in (0, place):
        raise CertificateError("wrong_length", name="multipliers", n=len(split.multipliers), m=place)
    sizes = {"shift_price": pairs.n_shifts, "pair_price": len(split.pair)}
    for name, size in sizes.items():
        if (found := len(getattr(split, name))) != size:
            raise CertificateError("wrong_length", name=name, n=found, m=size)
    if (at := first_true((split.pair < 0) | (split.pair >= pairs.n_pairs))) is not None:
        raise CertificateError("no_row_of_pairs", at=at, value=split.pair[at], n=pairs.n_pairs)
    if (at := first_true(split.pair[1:] <= split.pair[:-1])) is not None:
        raise CertificateError("not_rising", name="pair", at=at + 1, a=split.pair[at + 1], b=split.pair[at])
    if (reach := _reach(problem, place, split)) > LARGEST_NUMBER:
        raise CertificateError("split_reaches_too_far", reach=reach, most=LARGEST_NUMBER)


def _reach(problem: PlanProblem, place: int, split: Split) -> int:
    """How far from 0 the best of a unit, or a sum on the way to it, can be."""
    numbers = zip((*split.multipliers, split.scale), _counted(problem, place, split), strict=True)
    weight = sum(abs(by) * level.largest for by, level in numbers)
    least, most = extent(np.concatenate([split.shift_price, split.pair_price]))
    return (weight + max(most, -least)) * problem.most_of_a_unit
