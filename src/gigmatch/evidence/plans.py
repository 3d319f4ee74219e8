"""Other answers of plans and teams: what is asked of them, what is lost by them, and their proof as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.core.arrays import Int64Array, place_in_row, row_pointers
from gigmatch.errors import CertificateError
from gigmatch.evidence.assertions import same
from gigmatch.evidence.parts import Amount
from gigmatch.evidence.plan_causes import refusing
from gigmatch.evidence.plan_floors import Floor, Floors
from gigmatch.evidence.plan_parts import (
    Clash,
    DayChange,
    HeldShift,
    LevelTree,
    PlanLoss,
    PlanProof,
    SplitPrices,
)
from gigmatch.evidence.prices import amount_of_levels
from gigmatch.evidence.refusals import known
from gigmatch.pairing.policy import POINTS_SCALE
from gigmatch.pairing.rules import rule_name
from gigmatch.problem import Problem
from gigmatch.problem.plans import (
    Branching,
    LevelClaim,
    PlanCertificate,
    PlanProblem,
    PlanSolution,
    Split,
    verify_plans,
)

__all__ = ["OtherPlans"]


class OtherPlans:
    """Other answers of a morning of plans, beside the one that is explained.

    Explainer and verifier ask the same problems: they are the morning's, with one thing more that must be.

    Parameters
    ----------
    solved : SolvedMorning
        Of plans, verified.
    """

    def __init__(self, solved: SolvedMorning) -> None:
        self.solved, self.problem = solved, solved.plan_problem
        assert isinstance(solved.answer, PlanSolution)
        self.answer = solved.answer
        self.pairs: Int64Array = self.problem.pairs.find(self.answer.worker, self.answer.shift)
        """Positions of the pairs of the answer, in its order."""

    # -- what is asked --------------------------------------------------------------------------------------

    def with_pair(self, worker: int, shift: int) -> PlanProblem:
        """The same problem, in which an eligible pair is taken."""
        pair = self._position(worker, shift)
        return replace(self.problem, kept=np.union1d(self.problem.kept, [pair]))

    def counting(self, worker: int, shift: int) -> PlanProblem:
        """The same plans and teams, of which nothing counts but that a pair is taken."""
        weight = np.zeros(self.problem.pairs.n_pairs, np.int64)
        weight[self._position(worker, shift)] = 1
        return replace(self.problem, pairs=_weighed(self.problem.pairs, weight))

    def without_pair(self, worker: int, shift: int) -> PlanProblem:
        """The same problem, in which a worker's limits leave no room for a shift."""
        problem, last = self.problem, len(self.problem.amount)
        amount = np.zeros((1, problem.pairs.n_shifts), np.int64)
        amount[0, shift] = 1
        at = int(problem.limit_indptr[worker + 1])
        indptr = problem.limit_indptr.copy()
        indptr[worker + 1 :] += 1
        return replace(
            problem,
            amount=np.vstack([problem.amount, amount]),
            amount_class=np.vstack([problem.amount_class, np.zeros_like(amount)]),
            limit_indptr=indptr,
            limit_amount=np.insert(problem.limit_amount, at, last),
            limit_class=np.insert(problem.limit_class, at, -1),
            limit_most=np.insert(problem.limit_most, at, 0),
        )

    def with_one_more(self, shift: int) -> PlanProblem:
        """The same problem, in which one more comes to a shift, and all that have to come with them."""
        minimum = self.problem.minimum.copy()
        minimum[shift] = self.needed(shift)
        return replace(self.problem, minimum=minimum, due=np.array([shift]))

    def with_added(self, shift: int) -> PlanProblem:
        """As `with_one_more` with an added worker for each place; it counts alone how few of them come."""
        asked, problem = self.with_one_more(shift), self.problem
        pairs, places = problem.pairs, np.repeat(self.team(shift), asked.minimum[self.team(shift)])
        n, added = pairs.n_pairs, np.arange(1, len(places) + 1)
        weight = np.concatenate([np.zeros(n, np.int64), np.full(len(places), -1)])
        return replace(
            asked,
            pairs=Problem(
                indptr=np.concatenate([pairs.indptr, n + added]),
                shift=np.concatenate([pairs.shift, places.astype(np.int32)]),
                weight=weight,
                capacity=pairs.capacity,
            ),
            most_shifts=_extended(problem.most_shifts, 1, len(places)),
            follower_indptr=_extended(problem.follower_indptr, len(problem.follower), len(places)),
            limit_indptr=_extended(problem.limit_indptr, len(problem.limit_most), len(places)),
            group=_extended(problem.group, -1, len(places)),
        )

    # -- what is said of them -------------------------------------------------------------------------------

    def day(self, worker: int) -> tuple[int, ...]:
        """Shift rows of somebody's day, in order of time."""
        return tuple(self.answer.shift[self.answer.worker == worker].tolist())

    def day_ids(self, worker: int) -> tuple[str, ...]:
        """The same in ids."""
        return self._ids(self.day(worker))

    def team(self, shift: int) -> Int64Array:
        """Rows of the shifts that come whole or not at all with one, and that one: its crew."""
        return np.flatnonzero(self.problem.unit == self.problem.unit[shift])

    def needed(self, shift: int) -> int:
        """People that it takes for one more at a shift."""
        return max(int(self.solved.filled[shift]) + 1, int(self.problem.minimum[shift]))

    def about_team(self, shift: int) -> dict[str, Any]:
        """What is told of every team that does not come."""
        return {
            "shift_id": self.solved.columns.shift_ids[shift],
            "crew": self._ids([row for row in self.team(shift).tolist() if row != shift]),
            "n_there": int(self.solved.filled[shift]),
            "n_needed": self.needed(shift),
        }

    def coming(self, shift: int, other: PlanSolution) -> tuple[str, ...]:
        """Who comes to a shift or its crew in another answer, and is not there in this one."""
        come, there = (
            answer.worker[np.isin(answer.shift, self.team(shift))] for answer in (other, self.answer)
        )
        return self.solved.names(np.setdiff1d(come, there))

    def n_missing(self, other: PlanSolution) -> int | None:
        """How many workers were added in another answer; None where fewer might do."""
        return -other.value if other.status == "optimal" else None

    def missing(self, shift: int, other: PlanSolution) -> dict[str, int]:
        """Added workers of another answer, by shift."""
        added = other.shift[other.worker >= self.problem.pairs.n_workers]
        rows, counts = np.unique(added, return_counts=True)
        return dict(zip(self._ids(rows.tolist()), counts.tolist(), strict=True))

    def held(self, worker: int) -> tuple[HeldShift, ...]:
        """What follows from the morning for the shifts of somebody's day."""
        solved, names = self.solved, self.solved.instance.policy.names
        rows = np.flatnonzero(solved.worker == worker)
        points = (solved.points_placed[rows] / POINTS_SCALE).tolist()
        kept = set(solved.instance.keep)
        worker_id = solved.columns.worker_ids[worker]
        return tuple(
            HeldShift(
                shift_id=self._ids([shift])[0],
                points=solved.points(worker, shift),
                points_by_scorer=dict(zip(names, parts, strict=True)),
                minutes=known(float(solved.pairs_placed.minutes[row])),
                pay_total=float(solved.columns.shifts.pay_total[shift]),
                promised=(worker_id, self._ids([shift])[0]) in kept,
            )
            for row, shift, parts in zip(rows.tolist(), solved.shift[rows].tolist(), points, strict=True)
        )

    def clashes(self, worker: int, shift: int) -> tuple[Clash, ...]:
        """The shifts of somebody's day that could not be beside another; none for who takes only one."""
        if self.problem.most_shifts[worker] < 2:
            return ()
        return tuple(
            Clash(shift_id=self._ids([other])[0], rules=self._refusing(worker, *self._in_time(other, shift)))
            for other in self.day(worker)
            if not self._goes_together(worker, *self._in_time(other, shift))
        )

    def _in_time(self, *shifts: int) -> list[int]:
        return sorted(shifts, key=self.problem.rank.__getitem__)

    def _goes_together(self, worker: int, first: int, second: int) -> bool:
        before, after = (self._position(worker, shift) for shift in (first, second))
        low, high = self.problem.follower_indptr[before : before + 2]
        return bool(np.isin(after, self.problem.follower[low:high]))

    def _refusing(self, worker: int, first: int, second: int) -> tuple[str, ...]:
        """Rules of succession, by name; none where times overlap, which needs no rule."""
        rules: Any = refusing(self.solved, worker, first, second)
        return tuple(map(rule_name, rules))

    def loss(
        self, other: PlanSolution, floor: Floor | None, others: Sequence[Sequence[int | None]] = ()
    ) -> PlanLoss:
        """What the whole loses if the other answer's problem is asked instead, or any of some besides.

        The best answer is worth from the value to the bound of the one explained, the other's likewise.

        Parameters
        ----------
        other : PlanSolution
            Of the problems asked, the answer that loses least.
        floor : Floor, optional
            What the explained answer's own proof tells of that problem.
        others : sequence of sequences
            What answers to the other problems lose at least, level by level, if they lose exactly that on
            those above; None where it is not known.
        """
        exact, left = dict[str, int](), list(others)
        leasts = self.least_losses_of(other, floor)
        for place, (mine, its) in enumerate(zip(self.answer.claims, other.claims, strict=True)):
            known = [loss for one in left if (loss := one[place]) is not None]
            least = min([leasts[place], *known]) if len(known) == len(left) else None
            if not any(exact.values()):  # whatever else it may be, it is one of the answers
                least = max(least or 0, 0)
            most = mine.bound - its.value
            if mine.is_closed and least == most:
                exact[mine.level] = least
                left = [one for one in left if (loss := one[place]) is None or loss <= least]
                continue
            return PlanLoss(
                exact=self._amount(exact),
                at_least=None if least is None else self._amount({mine.level: least}),
                at_most=self._amount({mine.level: most}),
            )
        return PlanLoss(exact=self._amount(exact))

    def least_losses_of(self, other: PlanSolution, floor: Floor | None) -> list[int]:
        """What answers to another problem lose at least, level by level, as for `loss`."""
        claims = zip(self.answer.claims, other.claims, strict=True)
        leasts = [mine.value - its.bound for mine, its in claims]
        if floor is not None and all(least <= 0 for least in leasts[: floor.place]):
            leasts[floor.place] = max(leasts[floor.place], floor.least)
        return leasts

    def floor_loss(self, floor: Floor) -> PlanLoss:
        """What is lost at least, as the answer's own proof tells it."""
        level = self.answer.claims[floor.place].level
        return PlanLoss(exact=self._amount({}), at_least=self._amount({level: floor.least}))

    def pair_floor(self, worker: int, shift: int) -> Floor | None:
        """The least that is lost with an eligible pair; None if no answer has it."""
        return self._floors.of_pairs(np.array([self._position(worker, shift)]))

    def team_floor(self, shift: int) -> Floor | None:
        """The least that is lost with one more at a shift; None if no answer has them.

        No less than with that team, and than with any one pair that is new at each shift that needs more.
        """
        floors = [self._floors.of_shift(shift)]
        for row in self.team(shift).tolist():
            if row == shift or self.solved.filled[row] < self.problem.minimum[row]:
                pairs = np.flatnonzero(self.problem.pairs.shift == row)
                floors.append(self._floors.of_pairs(np.setdiff1d(pairs, self.pairs)))
        known = [floor for floor in floors if floor is not None]
        if len(known) < len(floors):
            return None
        return min(known, key=lambda floor: (floor.place, -floor.least))

    @cached_property
    def _floors(self) -> Floors:
        shifts = range(self.problem.pairs.n_shifts)
        needed = np.minimum([self.needed(shift) for shift in shifts], self.problem.pairs.capacity)
        return Floors(self.problem, self.answer, needed)

    # -- somebody who has nothing ---------------------------------------------------------------------------

    def companions(self, worker: int) -> tuple[str, ...]:
        """Who goes together with somebody or not at all, in order of row."""
        group = self.problem.group
        together = (group == group[worker]) & (group >= 0)
        together[worker] = False
        return self.solved.names(np.flatnonzero(together))

    def promising(self, worker: int) -> list[int]:
        """Shifts that somebody may take, by the least that is lost there, then by id; impossible ones not."""
        begin, end = self.problem.pairs.indptr[worker : worker + 2].tolist()
        shifts = self.problem.pairs.shift[begin:end].tolist()
        floors = [(self._floors.of_pairs(np.array([at])), shift) for at, shift in enumerate(shifts, begin)]
        known = sorted((-floor.place, floor.least, shift) for floor, shift in floors if floor is not None)
        return [shift for _, _, shift in known]

    def left_out(self, worker: int, tried: Mapping[int, PlanSolution | None]) -> dict[str, Any]:
        """What follows for somebody without a shift from some that were tried.

        Parameters
        ----------
        worker : int
            Row.
        tried : mapping of int to PlanSolution or None
            By shift row, the best answer in which the worker has it; None where there is none.
        """
        floors = {shift: self.pair_floor(worker, shift) for shift in {*self.promising(worker), *tried}}
        untried = [one for shift, one in floors.items() if shift not in tried and one is not None]
        found = {shift: other for shift, other in tried.items() if other is not None}
        if not found:
            floor = max(untried, key=lambda one: (one.place, -one.least), default=None)
            loss = None if floor is None else self.floor_loss(floor)
            return {"shift_id": None, "loss": loss, "verdict": "impossible" if loss is None else loss.verdict}
        best = max(found, key=lambda shift: [claim.value for claim in found[shift].claims])
        n_levels = len(self.answer.claims)
        others: list[Sequence[int | None]] = [
            *(self.least_losses_of(other, floors[shift]) for shift, other in found.items() if shift != best),
            *(floor.by_level(n_levels) for floor in untried),
        ]
        loss = self.loss(found[best], floors[best], others)
        return {"shift_id": self._ids([best])[0], "loss": loss, "verdict": loss.verdict}

    def _amount(self, units: dict[str, int]) -> Amount:
        return amount_of_levels(self.problem.pairs, units)

    # -- their proof ----------------------------------------------------------------------------------------

    def proof(self, other: PlanSolution) -> PlanProof:
        """Another answer as data."""
        proofs = zip(other.claims, other.certificates, strict=True)
        there = other.worker < self.problem.pairs.n_workers
        return PlanProof(
            days=self._days(self.problem.pairs.find(other.worker[there], other.shift[there])),
            levels=tuple(_tree(claim, proof) for claim, proof in proofs),
        )

    def solution(self, asked: PlanProblem, said: PlanProof | None) -> PlanSolution:
        """The other answer that a proof tells of, verified.

        Raises
        ------
        CertificateError
            It is no answer to what is asked, or does not prove what it says.
        """
        if said is None:
            raise CertificateError("figure_missing")
        pairs = self._pairs_after(said.days)
        same("days", said.days, self._days(pairs))
        pairs = np.concatenate([pairs, self._added(asked, pairs)])
        values = [level.value_of(pairs) for level in asked.levels]
        if len(values) != len(said.levels):
            names = [level.name for level in asked.levels]
            raise CertificateError(
                "not_all_levels", name="levels", due=names, found=[one.level for one in said.levels]
            )
        claims = tuple(
            LevelClaim(one.level, value, one.bound) for one, value in zip(said.levels, values, strict=True)
        )
        is_optimal = all(claim.is_closed for claim in claims)
        found = PlanSolution(
            worker=asked.pairs.workers_of(pairs),
            shift=asked.pairs.shift[pairs],
            claims=claims,
            certificates=tuple(map(_certificate, said.levels)),
            status="optimal" if is_optimal else "feasible",
            stopped="proved" if is_optimal else "time limit",
        )
        verify_plans(asked, found)
        return found

    def _days(self, after: Int64Array) -> tuple[DayChange, ...]:
        """Where other pairs differ from those of the answer, worker by worker."""
        gone, come = np.setdiff1d(self.pairs, after), np.setdiff1d(after, self.pairs)
        pairs, names = self.problem.pairs, self.solved.columns.worker_ids
        workers = np.union1d(pairs.workers_of(gone), pairs.workers_of(come)).tolist()

        def of(worker: int, some: Int64Array) -> tuple[str, ...]:
            return self._ids(pairs.shift[some[pairs.workers_of(some) == worker]].tolist())

        return tuple(
            DayChange(worker_id=names[worker], leaves=of(worker, gone), goes_to=of(worker, come))
            for worker in workers
        )

    def _added(self, asked: PlanProblem, pairs: Int64Array) -> Int64Array:
        """Pairs of as many added workers, if there are any, as a team lacks: the first of each shift."""
        added = np.arange(self.problem.pairs.n_pairs, asked.pairs.n_pairs)
        fill = np.bincount(asked.pairs.shift[pairs], minlength=asked.pairs.n_shifts)
        shift = asked.pairs.shift[added]
        place = place_in_row(row_pointers(np.bincount(shift, minlength=asked.pairs.n_shifts)))
        return added[place < (asked.minimum - fill)[shift]]

    def _pairs_after(self, days: Sequence[DayChange]) -> Int64Array:
        """Positions of the pairs after some changes, by worker, then by rank of the shift."""
        left, added = list[int](), list[int]()
        for day in days:
            worker = self.solved.worker_row(day.worker_id)
            for ids, to in ((day.leaves, left), (day.goes_to, added)):
                to += [self._position(worker, self.solved.shift_row(shift)) for shift in ids]
        pairs = np.union1d(np.setdiff1d(self.pairs, left), np.array(added, np.int64)).astype(np.int64)
        rank = self.problem.rank[self.problem.pairs.shift[pairs]]
        return pairs[np.lexsort((rank, self.problem.pairs.workers_of(pairs)))]

    def _position(self, worker: int, shift: int) -> int:
        """Of an eligible pair; raises InvalidInputError for any other."""
        self.solved.points(worker, shift)
        return int(self.problem.pairs.find([worker], [shift])[0])

    def _ids(self, shifts: Sequence[int]) -> tuple[str, ...]:
        return tuple(self.solved.columns.shift_ids[row] for row in shifts)


def _extended(array: Int64Array, value: int, times: int) -> Int64Array:
    return np.concatenate([array, np.full(times, value, np.int64)])


def _weighed(pairs: Problem, weight: Int64Array) -> Problem:
    """The same pairs and seats with points alone, which are others."""
    return Problem(indptr=pairs.indptr, shift=pairs.shift, weight=weight, capacity=pairs.capacity)


def _tree(claim: LevelClaim, proof: PlanCertificate) -> LevelTree:
    return LevelTree(
        level=claim.level,
        bound=claim.bound,
        node=tuple(proof.branching.kind.tolist()),
        what=tuple(proof.branching.what.tolist()),
        splits=tuple(map(_prices, proof.splits)),
    )


def _prices(split: Split) -> SplitPrices:
    lists: dict[str, Any] = {
        name: tuple(getattr(split, name).tolist()) for name in ("shift_price", "pair", "pair_price")
    }
    return SplitPrices(scale=split.scale, multipliers=split.multipliers, **lists)


def _certificate(said: LevelTree) -> PlanCertificate:
    return PlanCertificate(
        level=said.level,
        branching=Branching(kind=list(said.node), what=list(said.what)),  # type: ignore[arg-type]
        splits=tuple(Split(**one.model_dump()) for one in said.splits),
    )
