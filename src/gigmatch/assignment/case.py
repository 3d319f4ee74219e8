"""A morning made ready to solve: columns, rules, promises, candidates; and what a solution means there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gigmatch.assignment.assignment import Assignment, Prepared, RuleWarning, Summary, summarise
from gigmatch.columns import Columns, columns_of
from gigmatch.core.arrays import BoolArray, Int32Array, Int64Array
from gigmatch.core.plugins import parameters_of
from gigmatch.errors import CertificateError, InvalidPairsError, UnsupportedError
from gigmatch.model import Morning
from gigmatch.pairing.candidates import Candidates
from gigmatch.pairing.eligible import Eligible, Selection, eligible_pairs
from gigmatch.pairing.levels import is_own, weighs_pairs
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.policy import Policy
from gigmatch.pairing.rules import (
    Rule,
    apply_rule,
    check_rules,
    describe_rule,
    explain_rule,
    restore_rule,
    rule_name,
    rule_sentence,
    rule_severity,
)
from gigmatch.pairing.scoring import Scorer
from gigmatch.pairing.travel import Travel, describe_travel, restore_travel
from gigmatch.problem import Problem, Solution

__all__ = ["Case", "IdPairs", "Progress", "draw_lots"]

Progress = Callable[[str, float], None]
IdPairs = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Case:
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
    """Shift row of each worker with a promised pair, else -1: int32[n_workers]."""
    barred: Int64Array
    """Rows of the forbidden pairs: int64[k, 2]."""
    digest: str
    """Of the morning or of the columns it came as."""

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
    ) -> Case:
        """Compile what has to be compiled, and refuse what cannot be solved or promised."""
        rules = check_rules(rules)
        for rule in rules:
            parameters_of(rule)  # what could not be saved is refused before the work, not after it
        policy.describe()
        columns = morning if isinstance(morning, Columns) else columns_of(morning)
        _refuse_unsolved(columns)
        promised, barred = _id_pairs(keep, "keep"), _id_pairs(forbid, "forbid")
        return cls(
            morning=morning,
            columns=columns,
            rules=rules,
            policy=policy,
            travel=travel,
            kept=_kept_rows(columns, promised, barred, rules, travel),
            candidates=Candidates.prepare(columns, rules, travel, threads),
            keep=promised,
            forbid=barred,
            barred=_rows(columns, barred, "forbid"),
            digest=morning.digest(),
        )

    @classmethod
    def of(
        cls,
        morning: Morning | Columns,
        assignment: Assignment,
        *,
        rules: Sequence[Rule] = (),
        scorers: Sequence[Scorer] = (),
        travel: Travel | None = None,
    ) -> Case:
        """The case that an assignment, saved or not, was made from.

        Parameters
        ----------
        morning : Morning or Columns
            What it was made from; a morning, too, where it was made from the morning's columns.
        assignment : Assignment
            Names its rules, policy, travel and promises.
        rules, scorers : sequence, optional
            The user's own rules and scorers that it names; built-in ones are found by name.
        travel : Travel, optional
            The travel used, where it was not a `StraightLine`.

        Raises
        ------
        CertificateError
            It was made from another morning.
        InvalidPolicyError
            A rule, scorer or travel that it names was not given, or is of another version.
        """
        if assignment.morning_digest not in _digests(morning, assignment.morning_digest):
            raise CertificateError("the assignment was made from another morning: the digests differ")
        case = cls.prepare(
            morning,
            [restore_rule(entry, tuple(rules)) for entry in assignment.rules],
            Policy.restore(assignment.policy, scorers),
            restore_travel(assignment.travel, travel),
            assignment.keep,
            assignment.forbid,
        )
        return replace(case, digest=assignment.morning_digest)

    def eligible(self, select: Selection | None = None, progress: Progress | None = None) -> Eligible:
        """The eligible pairs, or some of them."""
        return eligible_pairs(self.candidates, self.policy, self.barred, select, progress)

    def problem(self, eligible: Eligible, *, lots: bool = True) -> Problem:
        """The integer problem; promised workers have no pairs in it, promised seats are gone from it."""
        kept, indptr, shift, weight = self.kept, eligible.indptr, eligible.shift, eligible.points
        free: slice | BoolArray = slice(None)
        if self.keep:
            count = np.where(kept < 0, np.diff(indptr), 0)
            free = np.repeat(kept < 0, np.diff(indptr))
            indptr = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
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
    ) -> Problem:
        columns, policy = self.columns, self.policy
        levels = policy.problem_levels(columns, pairs, lots=lots)
        needed = {field for level in levels for field in level.needs}
        return Problem(
            indptr=indptr,
            shift=shift,
            weight=weight,
            capacity=self.seats,
            tier=columns.shifts.tier if "tier" in needed else None,
            lot=draw_lots(policy.seed, "worker", columns.worker_ids) if "lot" in needed else None,
            shift_lot=draw_lots(policy.seed, "shift", columns.shift_ids) if "lot" in needed else None,
            levels=levels if any(is_own(level) for level in policy.levels) else None,
        )

    def frame(self, *, lots: bool = True) -> Problem:
        """The problem without its pairs."""
        nothing = np.zeros(0, np.int64)
        return self._problem(
            np.zeros(self.columns.n_workers + 1, np.int64), nothing, nothing, None, lots=lots
        )

    @property
    def seats(self) -> Int64Array:
        """Seats of each shift that are not promised: int64[n_shifts]."""
        taken = np.bincount(self.kept[self.kept >= 0], minlength=self.columns.n_shifts)
        left: Int64Array = self.columns.shifts.capacity - taken
        return left

    def assignment(
        self, eligible: Eligible, problem: Problem, solution: Solution, seconds: float | None = None
    ) -> Assignment:
        """The solution in ids, with everything that follows from it."""
        columns = self.columns
        shift = np.where(self.kept >= 0, self.kept, solution.shift)
        placed = self._placed(shift)
        return Assignment(
            worker_ids=columns.worker_ids,
            shift_ids=columns.shift_ids,
            headcount=columns.shifts.capacity,
            tier=columns.shifts.tier,
            shift=shift,
            eligible_shifts=eligible.shifts_of,
            eligible_workers=eligible.workers_of,
            scorers=self.policy.names,
            points_by_scorer=self.policy.breakdown(columns, placed),
            minutes=placed.minutes,
            pay_total=columns.shifts.pay_total[placed.shift],
            keep=self.keep,
            forbid=self.forbid,
            warnings=tuple(self._warnings(placed)),
            baseline=self._summary(eligible.first_come),
            solution=solution,
            policy=self.policy.describe(),
            rules=tuple(describe_rule(rule, columns) for rule in self.rules),
            travel=describe_travel(self.travel),
            morning_digest=self.digest,
            currency=columns.currency,
            seconds=seconds,
            prepared=Prepared(columns, eligible, problem, self.morning),
        )

    def _placed(self, shift: Int32Array) -> Pairs:
        rows = np.flatnonzero(shift >= 0)
        return Pairs(self.columns, self.travel, rows, shift[rows])

    def _summary(self, shift: Int32Array) -> Summary:
        columns, placed = self.columns, self._placed(shift)
        points = self.policy.points(columns, placed)
        pay = columns.shifts.pay_total[placed.shift]
        return summarise(shift, columns.shifts.capacity, columns.shifts.tier, points, placed.minutes, pay)

    def _warnings(self, placed: Pairs) -> Iterable[RuleWarning]:
        for rule in self.rules:
            if rule_severity(rule, self.columns) == "warn":
                broken = placed.take(~apply_rule(rule, self.columns, placed))
                if len(broken):
                    yield RuleWarning(rule_name(rule), rule_sentence(rule), _ids(broken))


def _refuse_unsolved(columns: Columns) -> None:
    """Crews and minimum headcounts are all or nothing; solving them as plain seats would be wrong."""
    shifts = columns.shifts
    unsolved = np.flatnonzero((shifts.crew >= 0) | (shifts.minimum_headcount > 1))
    if len(unsolved):
        at = int(unsolved[0])
        least = int(shifts.minimum_headcount[at])
        what = "belongs to a crew" if shifts.crew[at] >= 0 else f"has minimum_headcount {least}"
        raise UnsupportedError(
            f"shift {columns.shift_ids[at]!r} {what}: filled all together or not at all, which this version "
            f"does not solve ({len(unsolved)} such in all). Leave them out, or drop crew_id and "
            f"minimum_headcount"
        )


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
    key = f"{kind} {seed}".encode()
    digests = b"".join(blake2b(text.encode(), digest_size=8, key=key).digest() for text in ids)
    lots = (np.frombuffer(digests, dtype=">u8") >> np.uint64(1)).astype(np.int64)
    if len(np.unique(lots)) < len(lots):
        order = sorted(range(len(ids)), key=lambda row: (lots[row], ids[row]))
        for before, row in pairwise(order):
            lots[row] = max(lots[row], lots[before] + 1)
    return lots


def _id_pairs(pairs: IdPairs, name: str) -> tuple[tuple[str, str], ...]:
    if isinstance(pairs, str | Mapping) or not isinstance(pairs, Iterable):
        raise InvalidPairsError(f"{name} must be a sequence of (worker id, shift id); got {pairs!r:.80}")
    found = tuple(tuple(pair) if isinstance(pair, tuple | list) else (pair,) for pair in pairs)
    for at, pair in enumerate(found):
        if len(pair) != 2 or not all(isinstance(key, str) for key in pair):
            raise InvalidPairsError(f"{name}[{at}] is {pair!r}; give (worker id, shift id)")
    return found  # type: ignore[return-value]


def _digests(morning: Morning | Columns, like: str) -> tuple[str, ...]:
    """Names of a morning, that of its columns among them where one like it is asked for."""
    if isinstance(morning, Morning) and like.startswith("columns "):
        return (columns_of(morning).digest(),)
    return (morning.digest(),)


def _rows(columns: Columns, pairs: Sequence[tuple[str, str]], name: str) -> Int64Array:
    """Rows of pairs of ids: int64[k, 2]."""
    rows = np.empty((len(pairs), 2), dtype=np.int64)
    for at, pair in enumerate(pairs):
        for side, (key, known) in enumerate(zip(pair, (columns.worker_row, columns.shift_row), strict=True)):
            if key not in known:
                raise InvalidPairsError(
                    f"{name}[{at}] names {('worker', 'shift')[side]} {key!r}, not in the morning"
                )
            rows[at, side] = known[key]
    return rows


def _kept_rows(
    columns: Columns,
    keep: Sequence[tuple[str, str]],
    forbid: Sequence[tuple[str, str]],
    rules: Sequence[Rule],
    travel: Travel,
) -> Int32Array:
    """Shift row of each promised worker, -1 for the others, if the promises can be held."""
    kept = np.full(columns.n_workers, -1, dtype=np.int32)
    left = columns.shifts.capacity.copy()
    barred = set(forbid)
    for at, (worker, shift) in enumerate(_rows(columns, keep, "keep").tolist()):
        where = f"keep[{at}] {keep[at]!r}"
        if kept[worker] >= 0:
            raise InvalidPairsError(f"{where}: the worker has a promised pair already; keep one")
        if keep[at] in barred:
            raise InvalidPairsError(f"{where}: the pair is forbidden too; drop it from keep or from forbid")
        left[shift] -= 1
        if left[shift] < 0:
            raise InvalidPairsError(f"{where}: the shift has only {columns.shifts.capacity[shift]} seats")
        pair = Pairs(columns, travel, np.array([worker]), np.array([shift]))
        _refuse_broken_promise(columns, rules, pair, where)
        kept[worker] = shift
    return kept


def _refuse_broken_promise(columns: Columns, rules: Sequence[Rule], pair: Pairs, where: str) -> None:
    for rule in rules:
        if rule_severity(rule, columns) == "block" and not apply_rule(rule, columns, pair)[0]:
            seen = ", ".join(
                f"{name}={value}" for name, value in explain_rule(rule, columns, pair).values.items()
            )
            raise InvalidPairsError(
                f"{where}: refused by rule {rule_name(rule)!r}: {rule_sentence(rule)} ({seen}) "
                f"Release the promise, or make the rule warn"
            )


def _ids(pairs: Pairs) -> tuple[tuple[str, str], ...]:
    columns = pairs.columns
    rows = zip(pairs.worker.tolist(), pairs.shift.tolist(), strict=True)
    return tuple((columns.worker_ids[i], columns.shift_ids[j]) for i, j in rows)
