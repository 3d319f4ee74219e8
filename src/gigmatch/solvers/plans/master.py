"""The master program in HiGHS: columns are plans, rows hold units, seats, teams and levels above.

Everything that comes out of it is a float and proves nothing: prices are rounded to whole numbers, and
`Bounds` says exactly what these prove.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from gigmatch.core.arrays import (
    BoolArray,
    Float64Array,
    IndexArray,
    Int64Array,
    place_in_row,
    row_pointers,
)
from gigmatch.problem.integers import exact_sum
from gigmatch.problem.plans import PlanProblem
from gigmatch.solvers.base import Control
from gigmatch.solvers.plans.decisions import Decisions
from gigmatch.solvers.plans.highs import new_highs, run_highs
from gigmatch.solvers.plans.teams import Teams
from gigmatch.solvers.plans.units import Units

if TYPE_CHECKING:
    from highspy import Highs

__all__ = ["MOST_INSIDE", "Master", "MasterAnswer"]

_INF: Final = float("inf")
_LARGE: Final = 600  # rows
_MISSED: Final = 1e-6
MOST_INSIDE: Final = 8000
"""Shifts up to which a linear program is solved from the inside: its work grows with their cube."""


@dataclass(frozen=True, eq=False)
class MasterAnswer:
    """What the linear program answers."""

    objective: float
    """To be maximised."""
    slack: float
    """By how much rows are missed that have to be met; above 0 where nothing is feasible."""
    taken: Float64Array
    """How much of every pair: float64[n_pairs]."""
    comes: Float64Array
    """How much of every team: float64[n_teams]."""
    unit_price: Float64Array
    """float64[n_units]."""
    shift_price: Float64Array
    """float64[n_shifts]."""
    pair_price: Float64Array
    """What comes on top, for every pair that has a row: float64[k]."""
    multipliers: Float64Array
    """For each level above."""
    used: Float64Array
    """How much of every plan of the pool."""


class Master:
    """One linear program that grows by columns and rows.

    Parameters
    ----------
    problem, units, teams
        What is solved, and both of its sides.
    control : Control
        Stops HiGHS in the middle.
    """

    def __init__(self, problem: PlanProblem, units: Units, teams: Teams, control: Control) -> None:
        self.problem, self.units, self.teams, self.control = problem, units, teams, control
        self.highs = new_highs()
        self.pool = np.empty((0, units.width), np.int64)
        """Pairs of every plan, then -1."""
        self.unit = np.empty(0, np.int64)
        """Unit of every plan."""
        self.column = np.empty(0, np.int32)
        """Its column."""
        self.row_pair = np.empty(0, np.int64)
        """Pairs that have a row of their own, in order of their rows."""
        self.slacks: list[int] = []
        """Columns of what rows are missed by."""
        self._known = dict[tuple[int, ...], int]()
        self._row_of_pair = np.full(problem.pairs.n_pairs, -1, np.int32)
        self._level_weight: list[Int64Array] = []
        self._level_row: list[int] = []
        self._weight = np.zeros(problem.pairs.n_pairs, np.int64)
        self._unit_slack: dict[int, int] = {}
        self._forced: list[int] = []
        self._open = False
        self._penalty = 1.0
        self._has_basis = False
        self._first_rows()

    def _first_rows(self) -> None:
        units, shifts, members = self.units.n_units, self.problem.pairs.n_shifts, len(self.teams.shift)
        self._shift_row, self._minimum_row = units, units + shifts
        seats = np.where(self.teams.plain, self.problem.pairs.capacity, 0).astype(np.float64)
        none = np.empty(0)  # HiGHS solves no model without columns
        self._add_columns(np.zeros(1), np.zeros(1), np.zeros(1, np.int64), none, none)
        self._add_rows(np.full(units, -_INF), np.ones(units))
        self._add_rows(np.full(shifts, -_INF), seats)
        self._add_rows(np.zeros(members), np.full(members, _INF))
        count = np.diff(self.teams.first)
        rows, values = [], []
        for low, high in zip(self.teams.first[:-1].tolist(), self.teams.first[1:].tolist(), strict=True):
            rows += [self._shift_row + self.teams.shift[low:high], self._minimum_row + np.arange(low, high)]
            values += [-self.teams.capacity[low:high], -self.teams.minimum[low:high]]
        n = self.teams.n_teams
        self.team_column = self._add_columns(
            np.zeros(n), np.ones(n), 2 * count, np.concatenate([*rows, []]), np.concatenate([*values, []])
        )
        self._slack_rows(self._minimum_row + np.arange(members))

    def _slack_rows(self, rows: NDArray[Any]) -> None:
        """Let rows be missed, at a price, once slacks are open."""
        n = len(rows)
        upper = np.full(n, _INF if self._open else 0.0)
        added = self._add_columns(np.full(n, self._penalty), upper, np.ones(n, np.int64), rows, np.ones(n))
        self.slacks += added.tolist()

    def add_level(self, weight: Int64Array, value: int) -> None:
        """Hold what a level above is worth from now on."""
        row = self.highs.getNumRow()
        worth = _worth(weight, self.pool)
        some = np.flatnonzero(worth)
        self._add_rows(
            np.array([float(value)]),
            np.array([_INF]),
            np.array([len(some)]),
            self.column[some],
            worth[some].astype(np.float64),
        )
        self._level_weight.append(weight)
        self._level_row.append(row)
        self._slack_rows(np.array([row]))

    def aim(self, weight: Int64Array) -> None:
        """Maximise other weights of pairs from now on."""
        self._weight = weight
        reach = float(np.abs(weight).max(initial=0)) * self.units.width
        self._penalty = 16.0 * (reach + 1)
        self._costs(weight)

    def only_feasible(self, only: bool) -> None:
        """Weigh nothing but what is missed; or again what is aimed at."""
        self._costs(None if only else self._weight)

    def _costs(self, weight: Int64Array | None) -> None:
        costs = np.zeros(self.highs.getNumCol())
        if weight is not None:
            costs[self.column] = -_worth(weight, self.pool)
        costs[self.slacks] = 1.0 if weight is None else self._penalty
        self.highs.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)

    def add_plans(self, unit: Int64Array, plans: Int64Array) -> int:
        """Add the plans that are not there yet; return how many."""
        new = list[int]()
        for row, plan in enumerate(map(tuple, plans.tolist())):
            if plan not in self._known:
                self._known[plan] = len(self.unit) + len(new)
                new.append(row)
        if not new:
            return 0
        unit, plans = unit[new], plans[new]
        n = len(new)
        entries = self._entries(unit, plans)
        costs = -_worth(self._weight, plans).astype(np.float64)
        counts = np.diff(entries.indptr)
        added = self._add_columns(costs, np.full(n, _INF), counts, entries.indices, entries.data)
        self.pool, self.unit = np.concatenate([self.pool, plans]), np.concatenate([self.unit, unit])
        self.column = np.concatenate([self.column, added])
        return n

    def plans_of(self, answer: Int64Array) -> Int64Array:
        """The plan of the pool, which may be new, that each unit has in an answer of pairs; -1 for none."""
        problem, unit = self.problem, self.units.of_pair[answer]
        order = np.lexsort((problem.rank[problem.pairs.shift[answer]], unit))
        some, row = np.unique(unit[order], return_inverse=True)
        plans = np.full((len(some), self.units.width), -1, np.int64)
        plans[row, place_in_row(row_pointers(np.bincount(row, minlength=len(some))))] = answer[order]
        self.add_plans(some, plans)
        found = np.full(self.units.n_units, -1, np.int64)
        found[some] = [self._known[plan] for plan in map(tuple, plans.tolist())]
        return found

    def pairs_of(self, plans: IndexArray | BoolArray) -> Int64Array:
        """The pairs of some plans, ascending."""
        pairs = self.pool[plans]
        return np.sort(pairs[pairs >= 0])

    def worth(self, plans: IndexArray | BoolArray) -> int:
        """What some plans are worth together of what is aimed at."""
        return exact_sum(self._weight[self.pairs_of(plans)])

    def _entries(self, unit: Int64Array, plans: Int64Array) -> Any:
        """The columns of some plans, as a sparse array; entries of one place add up."""
        from scipy.sparse import csc_array

        n = len(plans)
        column, place = np.nonzero(plans >= 0)
        pair = plans[column, place]
        shift = self.problem.pairs.shift[pair].astype(np.int64)
        columns: list[NDArray[Any]] = [np.arange(n), column]
        rows: list[NDArray[Any]] = [unit, self._shift_row + shift]
        member, own = self.teams.place[shift], self._row_of_pair[pair]
        for held, at in ((member >= 0, self._minimum_row + member), (own >= 0, own)):
            columns.append(column[held])
            rows.append(at[held])
        values = [np.ones(sum(map(len, columns)))]
        for level, row in zip(self._level_weight, self._level_row, strict=True):
            columns.append(np.arange(n))
            rows.append(np.full(n, row))
            values.append(_worth(level, plans).astype(np.float64))
        places = np.concatenate(rows), np.concatenate(columns)
        found = csc_array((np.concatenate(values), places), shape=(self.highs.getNumRow(), n))
        found.eliminate_zeros()
        return found

    def add_pair_rows(self, pairs: Int64Array) -> None:
        """Hold that nobody is taken for a team that does not take place, for some pairs."""
        team = self.teams.of_shift[self.problem.pairs.shift[pairs]]
        first = self.highs.getNumRow()
        place = np.full(self.problem.pairs.n_pairs, -1, np.int64)
        place[pairs] = np.arange(len(pairs))
        held = np.where(self.pool >= 0, place[self.pool], -1)
        row, column = held[held >= 0], self.column[np.nonzero(held >= 0)[0]]
        row, column = np.append(row, np.arange(len(pairs))), np.append(column, self.team_column[team])
        value = np.append(np.ones(len(row) - len(pairs)), np.full(len(pairs), -1.0))
        order = np.argsort(row, kind="stable")
        self._add_rows(
            np.full(len(pairs), -_INF),
            np.zeros(len(pairs)),
            np.bincount(row, minlength=len(pairs)),
            column[order],
            value[order],
        )
        self._row_of_pair[pairs] = first + np.arange(len(pairs))
        self.row_pair = np.concatenate([self.row_pair, pairs])

    def _add_rows(
        self,
        lower: Float64Array,
        upper: Float64Array,
        counts: NDArray[Any] | None = None,
        columns: NDArray[Any] | None = None,
        values: NDArray[Any] | None = None,
    ) -> None:
        counts = np.zeros(len(lower), np.int64) if counts is None else counts
        columns = np.empty(0, np.int32) if columns is None else columns
        values = np.empty(0) if values is None else values
        starts = np.append(0, np.cumsum(counts))[:-1].astype(np.int32)
        if len(lower):
            self.highs.addRows(
                len(lower),
                lower,
                upper,
                len(columns),
                starts,
                columns.astype(np.int32),
                values.astype(np.float64),
            )

    def _add_columns(
        self,
        costs: Float64Array,
        upper: Float64Array,
        counts: NDArray[Any],
        rows: NDArray[Any],
        values: NDArray[Any],
    ) -> NDArray[np.int32]:
        first = self.highs.getNumCol()
        starts = np.append(0, np.cumsum(counts))[:-1].astype(np.int32)
        if len(costs):
            self.highs.addCols(
                len(costs),
                costs,
                np.zeros(len(costs)),
                upper,
                len(rows),
                starts,
                rows.astype(np.int32),
                values.astype(np.float64),
            )
        return np.arange(first, first + len(costs), dtype=np.int32)

    def part(self, columns: NDArray[np.int32], ones: NDArray[np.int32]) -> Highs | None:
        """An integer program of some columns, where some of the others are 1 and all the rest 0.

        Both ascending. None where a row that holds none of the columns is missed.
        """
        from highspy import MatrixFormat, ObjSense

        every = np.arange(self.highs.getNumRow(), dtype=np.int32)
        _, _, low, high, _ = self.highs.getRows(len(every), every)
        entries, held = self._columns(columns).tocsr(), self._columns(ones).sum(axis=1)
        low, high = low - held, high - held
        rows = np.flatnonzero(np.diff(entries.indptr))
        others = np.delete(every, rows)
        if np.any(low[others] > _MISSED) or np.any(high[others] < -_MISSED):
            return None
        entries = entries[rows].tocsc()
        _, n, costs, lower, upper, _ = self.highs.getCols(len(columns), columns)
        program = new_highs()
        program.passModel(
            n,
            len(rows),
            entries.nnz,
            int(MatrixFormat.kColwise),
            int(ObjSense.kMinimize),
            0.0,
            costs,
            lower,
            upper,
            low[rows],
            high[rows],
            entries.indptr.astype(np.int32),
            entries.indices.astype(np.int32),
            entries.data,
            np.ones(n, np.int32),
        )
        return program

    def _columns(self, columns: NDArray[np.int32]) -> Any:
        """Some columns as a sparse array."""
        from scipy.sparse import csc_array

        shape = (self.highs.getNumRow(), len(columns))
        if not len(columns):  # HiGHS answers what does not hold together
            return csc_array(shape)
        _, start, index, value = self.highs.getColsEntries(len(columns), columns)
        return csc_array((value, index, np.append(start, len(index))), shape=shape)

    def decide(self, decisions: Decisions) -> None:
        """Set what the decisions leave; rows that they could make infeasible may be missed from then on."""
        upper = self._upper(decisions)
        self.highs.changeColsBounds(len(upper), self.column, np.zeros(len(upper)), upper)
        comes = decisions.comes
        low, high = (comes == 1).astype(np.float64), (comes != 0).astype(np.float64)
        self.highs.changeColsBounds(len(low), self.team_column, low, high)
        for unit in self._forced:
            self.highs.changeRowBounds(unit, -_INF, 1.0)
            self._open_slack([self._unit_slack[unit]], 0.0)
        self._forced = np.unique(self.units.of_pair[decisions.taken]).tolist()
        for unit in self._forced:
            self.highs.changeRowBounds(unit, 1.0, 1.0)
            if unit not in self._unit_slack:
                self._slack_rows(np.array([unit]))
                self._unit_slack[unit] = self.slacks[-1]
            self._open_slack([self._unit_slack[unit]], _INF)
        if decisions.any:
            self.let_miss()

    def let_miss(self) -> None:
        """Let all rows that have to be met be missed from now on, at a price."""
        if not self._open:
            self._open = True
            self._open_slack(sorted({*self.slacks} - {*self._unit_slack.values()}), _INF)

    def _open_slack(self, columns: list[int], upper: float) -> None:
        n = len(columns)
        self.highs.changeColsBounds(n, np.array(columns, np.int32), np.zeros(n), np.full(n, upper))

    def _upper(self, decisions: Decisions) -> Float64Array:
        """Infinite for every plan that the decisions allow, else 0."""
        return np.where(decisions.allowed(self.pool, self.unit), _INF, 0.0)

    def forget_corner(self) -> None:
        """Where it was last is far from where it is next: large programs begin from the inside."""
        self._has_basis = False

    def solve(self, *, corner: bool = True) -> MasterAnswer:
        """The answer of the linear program.

        Parameters
        ----------
        corner : bool
            A basic one. Else, where the program is large, one from the inside of all best answers: its prices
            lead to fewer rounds, and after many new columns it is there sooner.
        """
        is_large = self.highs.getNumRow() > _LARGE and self.problem.pairs.n_shifts <= MOST_INSIDE
        inside = is_large and not (corner and self._has_basis)
        self.highs.setOptionValue("solver", "ipm" if inside else "simplex")
        self.highs.setOptionValue("run_crossover", "on" if corner else "off")
        if inside:
            self.highs.clearSolver()
        self._has_basis = corner or not inside
        run_highs(self.highs, self.control)
        solution = self.highs.getSolution()
        values, duals = np.asarray(solution.col_value), np.asarray(solution.row_dual)
        used = values[self.column]
        some = np.flatnonzero(used > 1e-9)
        pairs = self.pool[some]
        taken = np.bincount(
            pairs[pairs >= 0],
            weights=np.repeat(used[some], (pairs >= 0).sum(axis=1)),
            minlength=self.problem.pairs.n_pairs,
        )
        shift_price = -duals[self._shift_row : self._minimum_row]
        shift_price[self.teams.shift] -= duals[self._minimum_row : self._minimum_row + len(self.teams.shift)]
        return MasterAnswer(
            objective=-self.highs.getInfo().objective_function_value,
            slack=float(values[self.slacks].sum()),
            taken=taken.astype(np.float64),
            comes=values[self.team_column],
            unit_price=-duals[: self._shift_row],
            shift_price=shift_price,
            pair_price=-duals[self._row_of_pair[self.row_pair]],
            multipliers=duals[self._level_row],
            used=used,
        )


def _worth(weight: Int64Array, plans: Int64Array) -> Int64Array:
    """What plans are worth: the sum over their pairs."""
    total = np.zeros(len(plans), np.int64)
    for place in plans.T:
        held = place >= 0
        total[held] += weight[place[held]]
    return total
