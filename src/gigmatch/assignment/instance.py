"""An instance: a morning made ready to solve, with its rules, policy, travel, promises and candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gigmatch.assignment.choosing import OPTIMAL, Chosen
from gigmatch.assignment.promises import (
    IdPairs,
    follow_from_requests,
    id_pairs,
    kept_rows,
    pair_rows,
    requested_pairs,
)
from gigmatch.columns import Columns, columns_of
from gigmatch.core.arrays import BoolArray, Int32Array, Int64Array, per_entry, row_counts, row_pointers
from gigmatch.core.plugins import parameters_of
from gigmatch.core.statistics import Stages
from gigmatch.core.threads import Progress
from gigmatch.errors import InvalidInputError, InvalidPairsError, UnsupportedError
from gigmatch.i18n import Told
from gigmatch.model import Morning
from gigmatch.pairing.candidates import Candidates
from gigmatch.pairing.eligible import Eligible, Selection, eligible_pairs
from gigmatch.pairing.levels import weighs_pairs
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.people import People
from gigmatch.pairing.plans import plan_arrays
from gigmatch.pairing.policy import Policy
from gigmatch.pairing.preferences import Stable
from gigmatch.pairing.rules import (
    Rule,
    check_rules,
)
from gigmatch.pairing.succession import SuccessionRule, check_succession, standard_succession
from gigmatch.pairing.travel import Travel, describe_travel
from gigmatch.problem import Problem

if TYPE_CHECKING:
    from gigmatch.problem.plans import PlanProblem

__all__ = ["Instance", "Progress", "check_kinds", "columns_as", "draw_lots", "refuse_unsolved"]


@dataclass(frozen=True)
class Instance:
    """Everything that is settled before pairs are looked at."""

    morning: Morning | Columns
    """As it came."""
    columns: Columns
    rules: tuple[Rule, ...]
    policy: Policy
    travel: Travel
    candidates: Candidates
    keep: tuple[tuple[str, str], ...]
    forbid: tuple[tuple[str, str], ...]
    kept: Int32Array
    """Shift row of each worker with a promised pair, the first of several, else -1: int32[n_workers]."""
    barred: Int64Array
    """Rows of the forbidden pairs: int64[k, 2]."""
    chosen: Chosen = OPTIMAL
    """How the answer is chosen."""
    succession: tuple[SuccessionRule, ...] = ()
    """What one shift of a worker after another needs."""

    @classmethod
    def prepare(
        cls,
        morning: Morning | Columns,
        rules: Sequence[Rule],
        policy: Policy,
        travel: Travel,
        keep: IdPairs,
        forbid: IdPairs,
        threads: int | None = None,
        columns: Columns | None = None,
        stages: Stages | None = None,
        chosen: Chosen = OPTIMAL,
        *,
        plain: bool = False,
        plans: bool = False,
        succession: Sequence[SuccessionRule] | None = None,
    ) -> Instance:
        """Compile what has to be compiled, and refuse what cannot be solved or promised.

        Parameters
        ----------
        morning : Morning or Columns
            As it came.
        rules, policy, travel, keep, forbid, threads
            As for ``gigmatch.match``.
        columns : Columns, optional
            Of the morning, where they have been made.
        stages : Stages, optional
            Told what it takes.
        chosen : Chosen, optional
            How the answer is chosen; the best by the levels of the policy unless given.
        plain : bool
            That rules and scorers are asked as they are, whatever compiled forms they have: for checking.
        plans : bool
            Whether whoever asks solves `plan_problem`: several shifts a worker, crews, least headcounts and
            companions, which are refused otherwise.
        succession : sequence of SuccessionRule, optional
            What one shift after another needs; `standard_succession` unless given.
        """
        stages = stages or Stages()
        stages.at("compile")
        rules = check_rules(rules)
        succession = check_succession(standard_succession(travel) if succession is None else succession)
        for rule in (*rules, *succession):
            parameters_of(rule)  # what could not be saved is refused before the work, not after it
        policy.describe()
        describe_travel(travel)
        columns = (columns or columns_as(morning)).unlabelled
        columns.refuse_doubles()
        stages.at("prepare")
        if plans:
            _refuse_plans(columns, policy, chosen)
        else:
            refuse_unsolved(columns)
        promised, barred = id_pairs(keep, "keep"), id_pairs(forbid, "forbid")
        if policy.requests == "promise":
            promised = (*promised, *requested_pairs(columns, promised, barred, rules, travel))
        return cls(
            morning=morning,
            columns=columns,
            rules=rules,
            policy=policy,
            travel=travel,
            kept=kept_rows(columns, promised, barred, rules, travel),
            candidates=Candidates.prepare(columns, rules, travel, threads, plain=plain),
            keep=promised,
            forbid=barred,
            barred=pair_rows(columns, barred, "forbid"),
            chosen=chosen,
            succession=succession,
        )

    @property
    def is_plain(self) -> bool:
        """Whether everybody takes one shift, alone, and every seat stands for itself."""
        workers, shifts = self.columns.workers, self.columns.shifts
        plain = (workers.max_shifts <= 1).all() and (workers.companions < 0).all()
        return bool(plain and (shifts.crew < 0).all() and (shifts.minimum_headcount <= 1).all())

    def eligible(
        self,
        select: Selection | None = None,
        progress: Progress | None = None,
        stages: Stages | None = None,
    ) -> Eligible:
        """The eligible pairs, or some of them."""
        return eligible_pairs(self.candidates, self.policy, self.barred, select, progress, stages)

    def problem(self, eligible: Eligible, *, lots: bool = True) -> Problem:
        """The integer problem; promised workers have no pairs in it, promised seats are gone from it."""
        kept, indptr, shift, weight = self.kept, eligible.indptr, eligible.shift, eligible.points
        free: slice | BoolArray = slice(None)
        if self.keep:
            free = per_entry(kept < 0, indptr)
            indptr = row_pointers(np.where(kept < 0, row_counts(indptr), 0))
            shift, weight = shift[free], weight[free]
        asked = any(weighs_pairs(level) for level in self.policy.levels)
        pairs = eligible.pairs.take(free) if asked else None
        return self._problem(indptr, shift, weight, pairs, lots=lots)

    def _problem(
        self,
        indptr: Int64Array,
        shift: NDArray[np.signedinteger],
        weight: Int64Array,
        pairs: Pairs | None,
        *,
        lots: bool,
        capacity: Int64Array | None = None,
    ) -> Problem:
        columns, policy = self.columns, self.policy
        levels = policy.problem_levels(columns, pairs, lots=lots)
        needed = {field for level in levels for field in level.needs}
        return Problem(
            indptr=indptr,
            shift=shift,
            weight=weight,
            capacity=self.seats if capacity is None else capacity,
            tier=columns.shifts.tier if "tier" in needed else None,
            lot=draw_lots(policy.seed, "worker", columns.worker_ids) if "lot" in needed else None,
            shift_lot=draw_lots(policy.seed, "shift", columns.shift_ids) if "lot" in needed else None,
            levels=levels,
        )

    def plan_problem(self, eligible: Eligible, threads: int | None = None) -> PlanProblem:
        """The integer problem of plans and teams; promised pairs are in it, and in every answer to it.

        Parameters
        ----------
        eligible : Eligible
            All pairs, or some of them, the promised ones included.
        threads : int, optional
            As for ``gigmatch.match``.

        Raises
        ------
        InvalidPairsError
            Somebody is promised shifts that cannot be theirs together.
        """
        from gigmatch.problem.plans import PlanProblem  # it brings kernels that a plain morning needs not

        asked = any(weighs_pairs(level) for level in self.policy.levels)
        pairs = self._problem(
            eligible.indptr,
            eligible.shift,
            eligible.points,
            eligible.pairs if asked else None,
            lots=False,
            capacity=self.columns.shifts.capacity,
        )
        arrays = plan_arrays(
            self.columns, self.rules, self.succession, eligible.indptr, eligible.shift, threads
        )
        promised = np.sort(pairs.find(*pair_rows(self.columns, self.keep, "keep").T))
        problem = PlanProblem(pairs=pairs, kept=promised, **arrays)
        self._refuse_promised_plans(problem)
        return problem

    def _refuse_promised_plans(self, problem: PlanProblem) -> None:
        """Promised shifts of one worker follow on one another and are within the worker's limits."""
        kept, pairs = problem.kept, problem.pairs
        worker = pairs.workers_of(kept)
        order = np.lexsort((problem.rank[pairs.shift[kept]], worker))
        kept, worker = kept[order], worker[order]
        for first, second in pairwise(range(len(kept))):
            if worker[first] == worker[second]:
                low, high = problem.follower_indptr[kept[first] : kept[first] + 2]
                if kept[second] not in problem.follower[low:high]:
                    self._refuse_promise(kept[second], pairs, Told.of("errors.promised_not_after"))
        for row in np.unique(worker).tolist():
            of_row = kept[worker == row]
            limits = np.arange(problem.limit_indptr[row], problem.limit_indptr[row + 1])
            for limit in limits.tolist():
                each = np.full(len(of_row), limit)
                if problem.used(each, pairs.shift[of_row]).sum() > problem.limit_most[limit]:
                    self._refuse_promise(of_row[-1], pairs, Told.of("errors.promised_over_limit"))

    def _refuse_promise(self, pair: int, pairs: Problem, fault: Told) -> None:
        ids = self.columns.worker_ids[pairs.worker[pair]], self.columns.shift_ids[pairs.shift[pair]]
        place = f"keep[{self.keep.index(ids)}] {ids!r}"
        raise InvalidPairsError("in_place", place=place, error=fault)

    def frame(self, *, lots: bool = True) -> Problem:
        """The problem without its pairs."""
        nothing = np.zeros(0, np.int64)
        return self._problem(
            np.zeros(self.columns.n_workers + 1, np.int64), nothing, nothing, None, lots=lots
        )

    def kept_and_requested(self) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
        """Promised pairs, sorted: those of the market, and those that follow from requests by name."""
        if self.policy.requests != "promise":
            return tuple(sorted(self.keep)), ()
        return follow_from_requests(self.columns, self.keep, self.forbid, self.rules, self.travel)

    def with_promises(self, shift: Int32Array) -> Int32Array:
        """Put the promised pairs into an answer to the problem: int32[n_workers], -1 for no shift."""
        return np.where(self.kept >= 0, self.kept, shift).astype(np.int32, copy=False)

    @property
    def stable(self) -> Stable | None:
        """What a stable answer has to be; None for one that is chosen otherwise."""
        return self.chosen if isinstance(self.chosen, Stable) else None

    @property
    def seats(self) -> Int64Array:
        """Seats of each shift that are not promised: int64[n_shifts]."""
        promised = pair_rows(self.columns, self.keep, "keep")[:, 1]
        taken = np.bincount(promised, minlength=self.columns.n_shifts)
        left: Int64Array = self.columns.shifts.capacity - taken
        return left


def check_kinds(
    morning: Any, policy: Any, travel: Any, *, preferences: Any = None, others: tuple[type, ...] = ()
) -> None:
    """Raise InvalidInputError unless a morning (or one of some others), a policy and a travel are such."""
    kinds: dict[str, tuple[Any, tuple[type, ...]]] = {
        "morning": (morning, (Morning, Columns, *others)),
        "policy": (policy, (Policy,)),
        "travel": (travel, (Travel,)),
        "preferences": (policy if preferences is None else preferences, (Policy,)),
    }
    for name, (value, known) in kinds.items():
        if not isinstance(value, known) or isinstance(value, type):
            names = " or ".join(kind.__name__ for kind in known)
            raise InvalidInputError("wrong_type", name=name, kinds=names, value=value)


def columns_as(morning: Morning | Columns) -> Columns:
    """Compile a morning, unless it came as columns."""
    return morning if isinstance(morning, Columns) else columns_of(morning)


def _refuse_plans(columns: Columns, policy: Policy, chosen: Chosen) -> None:
    """Refuse what is not solved together with plans and teams; a plain morning is solved as ever."""
    try:
        refuse_unsolved(columns)
    except UnsupportedError:
        if chosen != OPTIMAL or any(isinstance(level, People) for level in policy.levels):
            raise


def refuse_unsolved(columns: Columns) -> None:
    """Refuse what is no plain seat for one worker: solving it as such would be wrong."""
    shifts, workers = columns.shifts, columns.workers
    unsolved = np.flatnonzero((shifts.crew >= 0) | (shifts.minimum_headcount > 1))
    if len(unsolved):
        at = int(unsolved[0])
        least = int(shifts.minimum_headcount[at])
        is_crew = shifts.crew[at] >= 0
        what = Told.of("errors.of_crew") if is_crew else Told.of("errors.of_minimum_headcount", n=least)
        raise UnsupportedError("shift_all_or_nothing", shift=columns.shift_ids[at], why=what, n=len(unsolved))
    if len(rows := np.flatnonzero(workers.max_shifts > 1)):
        raise UnsupportedError("worker_several_shifts", worker=columns.worker_ids[rows[0]], n=len(rows))
    if len(rows := np.flatnonzero(workers.companions >= 0)):
        raise UnsupportedError("companions", worker=columns.worker_ids[rows[0]], n=len(rows))


def draw_lots(seed: int, kind: str, ids: Sequence[str]) -> Int64Array:
    """Everybody's draw: a keyed hash of the id, so that it depends on nobody else.

    Parameters
    ----------
    seed : int
        The published seed.
    kind : str
        ``"worker"`` or ``"shift"``.
    ids : sequence of str
        Distinct.

    Returns
    -------
    int64[n]
        The first 63 bits of BLAKE2b-64 of the id, keyed with kind and seed; the smaller goes first. Should
        two be equal, the later id in the alphabet gets the next free number.

    Examples
    --------
    >>> alone, among = draw_lots(7, "worker", ["li"]), draw_lots(7, "worker", ["wang", "li"])
    >>> bool(alone[0] == among[1])
    True
    """
    keyed = blake2b(digest_size=8, key=f"{kind} {seed}".encode())
    digests = bytearray()
    for text in ids:
        own = keyed.copy()  # to begin each with the key would take twice as long
        own.update(text.encode())
        digests += own.digest()
    lots = (np.frombuffer(digests, dtype=">u8") >> np.uint64(1)).astype(np.int64)
    if len(np.unique(lots)) < len(lots):
        order = sorted(range(len(ids)), key=lambda row: (lots[row], ids[row]))
        for before, row in pairwise(order):
            lots[row] = max(lots[row], lots[before] + 1)
    return lots
