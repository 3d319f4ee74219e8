"""From a morning to its assignment, and from an assignment back to its proof."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gigmatch.assignment import Assignment, Prepared, RuleWarning, Summary, summarise
from gigmatch.candidates import feasible_pairs
from gigmatch.columns import Columns
from gigmatch.compiling import columns_of
from gigmatch.errors import CertificateError, InvalidInputError, InvalidPairsError, UnsupportedError
from gigmatch.model import Morning
from gigmatch.pairs import Pairs
from gigmatch.plugins import parameters_of
from gigmatch.policy import DEFAULT_POLICY, Policy
from gigmatch.problem import Problem, Solution, verify
from gigmatch.rules import (
    DEFAULT_RULES,
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
from gigmatch.scoring import Scorer
from gigmatch.solvers import CancelToken, Control, Solver, find_solver, solve
from gigmatch.travel import StraightLine, Travel, describe_travel, restore_travel

__all__ = ["Terms", "check", "draw_lots", "match"]

Progress = Callable[[str, float], None]
IdPairs = Iterable[tuple[str, str]]


def match(
    morning: Morning,
    *,
    rules: Sequence[Rule] = DEFAULT_RULES,
    policy: Policy = DEFAULT_POLICY,
    travel: Travel | None = None,
    solver: str | Solver = "auto",
    keep: IdPairs = (),
    forbid: IdPairs = (),
    time_limit_s: float | None = None,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
    memory_bytes: int | None = None,
) -> Assignment:
    """Find the best assignment of a morning, and prove it.

    Parameters
    ----------
    morning : Morning
        Everything known.
    rules : sequence of Rule
        Rules that pairs must pass; ``[*DEFAULT_RULES, mine]`` extends.
    policy : Policy
        What is good, in which order, and the lottery's seed.
    travel : Travel, optional
        How long ways are; ``StraightLine()`` if not given.
    solver : str or Solver
        As for ``gigmatch.solve``.
    keep : iterable of (worker id, shift id)
        Promised pairs: they stand, and everybody else is matched around them.
    forbid : iterable of (worker id, shift id)
        Barred pairs.
    time_limit_s : float, optional
        Seconds for the whole call. Pairs and scores are always completed; the solver gets what is left, and
        the answer says whether it is proved.
    cancel : CancelToken, optional
        Anything with ``is_set()``; once set, the best answer so far is returned.
    progress : callable, optional
        ``progress(stage, fraction)``, called in this thread.
    memory_bytes : int, optional
        Memory that pairs and solver may take; what is free, if not given.

    Returns
    -------
    Assignment
        The same for the same input, byte for byte, if proved optimal: whatever is still equal after seats and
        points is decided by the lottery.

    Raises
    ------
    UnsupportedError
        The morning has crews or minimum headcounts above 1, which this version does not solve.
    InvalidPairsError
        ``keep`` or ``forbid`` names an unknown id, contradicts itself, overfills a shift, or keeps a pair
        that a blocking rule refuses.
    InvalidPolicyError
        Two rules have one name, or something is not a rule.
    PluginError
        A rule, scorer, travel or solver broke its contract.
    TooLargeError
        The pairs would not fit into memory.

    Examples
    --------
    >>> import gigmatch as gm
    >>> assignment = gm.match(gm.samples.jingshi(seed=7))
    >>> assignment.status
    'optimal'
    """
    began = time.monotonic()
    travel = StraightLine() if travel is None else travel
    _check_kinds(morning, policy, travel)
    Control(time_limit_s, cancel)  # these two refuse what is no limit, token or solver before any work
    find_solver(solver)
    _refuse_unsolved(morning)
    case = _Case.prepare(morning, rules, policy, travel, keep, forbid, memory_bytes, progress)
    left = None if time_limit_s is None else time_limit_s - min(time_limit_s, time.monotonic() - began)
    solution = solve(case.problem, solver, time_limit_s=left, cancel=cancel, progress=progress)
    return case.assignment(solution, seconds=time.monotonic() - began)


def check(
    morning: Morning,
    assignment: Assignment,
    *,
    rules: Sequence[Rule] = (),
    scorers: Sequence[Scorer] = (),
    travel: Travel | None = None,
    policy: Policy | None = None,
) -> Terms:
    """Verify an assignment, saved or not, against its morning; asks no solver for the answer.

    Pairs, points and problem are made anew from the morning, the certificates are checked in integers, and
    every figure of the assignment is held against the one that follows. What is proved is proved *under the
    assignment's own terms*: its rules, policy, seed and promises. These are returned, to be held against what
    the market had published. The name of the solver is not checked; it proves nothing.

    Parameters
    ----------
    morning : Morning
        The morning it was made from.
    assignment : Assignment
        What to check.
    rules, scorers : sequence, optional
        The user's own rules and scorers that the assignment names; built-in ones are found by name.
    travel : Travel, optional
        The travel used, where it was not a `StraightLine`.
    policy : Policy, optional
        The policy that was published, seed included; an assignment made under another one is rejected.

    Returns
    -------
    Terms
        What the assignment was asked for, and where that departs from the default rules.

    Raises
    ------
    CertificateError
        Naming the first thing that does not hold.
    InvalidPolicyError
        A rule, scorer or travel that the assignment names was not given, or is of another version.
    """
    if assignment.morning_digest != morning.digest():
        raise CertificateError("the assignment was made from another morning: the digests differ")
    own = tuple(rules)
    if policy is not None and policy.describe() != assignment.policy:
        raise CertificateError("the assignment was made under another policy than the one published")
    case = _Case.prepare(
        morning,
        [restore_rule(entry, own) for entry in assignment.rules],
        Policy.restore(assignment.policy, scorers),
        restore_travel(assignment.travel, travel),
        assignment.keep,
        assignment.forbid,
    )
    verify(case.problem, assignment.solution)
    claimed, found = assignment.to_dict(), case.assignment(assignment.solution).to_dict()
    for name, value in found.items():
        if claimed[name] != value:
            raise CertificateError(
                f"{name} does not follow from the morning and the solution: it was altered"
            )
    return _terms(case)


class Terms(NamedTuple):
    """What an assignment was asked for."""

    objective: str
    seed: int
    kept: int
    """Pairs promised beforehand."""
    barred: int
    """Pairs forbidden."""
    rules_left_out: tuple[str, ...]
    """Default rules that were not applied."""
    rules_softened: tuple[str, ...]
    """Default rules that only warned, though they or the morning's law say block."""
    rules_added: tuple[str, ...]
    """Rules beyond the default ones."""

    def __str__(self) -> str:
        lines = [f"terms: {self.objective} first, seed {self.seed}, {self.kept} kept, {self.barred} barred"]
        for name in ("rules_left_out", "rules_softened", "rules_added"):
            if values := getattr(self, name):
                lines.append(f"{name.replace('_', ' ')}: {', '.join(values)}")
        return "\n".join(lines)


def _terms(case: _Case) -> Terms:
    applied = {rule_name(rule): rule_severity(rule, case.columns) for rule in case.rules}
    usual = {rule_name(rule): rule_severity(rule, case.columns) for rule in DEFAULT_RULES}
    return Terms(
        objective=case.policy.objective,
        seed=case.policy.seed,
        kept=len(case.keep),
        barred=len(case.forbid),
        rules_left_out=tuple(name for name in usual if name not in applied),
        rules_softened=tuple(n for n in usual if usual[n] == "block" and applied.get(n) == "warn"),
        rules_added=tuple(name for name in applied if name not in usual),
    )


@dataclass(frozen=True)
class _Case:
    """A morning made ready to solve."""

    columns: Columns
    rules: tuple[Rule, ...]
    policy: Policy
    travel: Travel
    pairs: Pairs
    keep: tuple[tuple[str, str], ...]
    forbid: tuple[tuple[str, str], ...]
    kept: NDArray[np.int32]
    """Shift row of each worker with a promised pair, else -1: int32[n_workers]."""
    problem: Problem
    unpromised: Problem
    """The same problem without promises, for the baseline."""
    morning_digest: str
    currency: str

    @classmethod
    def prepare(
        cls,
        morning: Morning,
        rules: Sequence[Rule],
        policy: Policy,
        travel: Travel,
        keep: IdPairs,
        forbid: IdPairs,
        memory_bytes: int | None = None,
        progress: Progress | None = None,
    ) -> _Case:
        rules = check_rules(rules)
        for rule in rules:
            parameters_of(rule)  # what could not be saved is refused before the work, not after it
        policy.describe()
        columns = columns_of(morning)
        promised, barred = _id_pairs(keep, "keep"), _id_pairs(forbid, "forbid")
        kept = _kept_rows(columns, promised, barred, rules, travel)
        pairs = feasible_pairs(columns, rules, travel, memory_bytes=memory_bytes, progress=progress)
        pairs = _without(pairs, _rows(columns, barred, "forbid"))
        weight = policy.points(columns, pairs, progress)
        unpromised = _problem(columns, pairs, weight, np.full_like(kept, -1), policy)
        return cls(
            columns=columns,
            rules=rules,
            policy=policy,
            travel=travel,
            pairs=pairs,
            keep=promised,
            forbid=barred,
            kept=kept,
            problem=_problem(columns, pairs, weight, kept, policy) if promised else unpromised,
            unpromised=unpromised,
            morning_digest=morning.digest(),
            currency=morning.currency,
        )

    def assignment(self, solution: Solution, seconds: float | None = None) -> Assignment:
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
            eligible_shifts=np.diff(self.pairs.indptr),
            eligible_workers=np.bincount(self.pairs.shift, minlength=columns.n_shifts).astype(np.int64),
            scorers=self.policy.names,
            points_by_scorer=self.policy.breakdown(columns, placed),
            minutes=placed.minutes,
            pay_total=columns.shifts.pay_total[placed.shift],
            keep=self.keep,
            forbid=self.forbid,
            warnings=tuple(self._warnings(placed)),
            baseline=self._summary(solve(self.unpromised, "greedy").shift),
            solution=solution,
            policy=self.policy.describe(),
            rules=tuple(describe_rule(rule, columns) for rule in self.rules),
            travel=describe_travel(self.travel),
            morning_digest=self.morning_digest,
            currency=self.currency,
            seconds=seconds,
            prepared=Prepared(columns, self.pairs, self.problem),
        )

    def _placed(self, shift: NDArray[np.int32]) -> Pairs:
        rows = np.flatnonzero(shift >= 0).astype(np.int32)
        return Pairs(self.columns, self.travel, rows, shift[rows])

    def _summary(self, shift: NDArray[np.int32]) -> Summary:
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


def _check_kinds(morning: Any, policy: Any, travel: Any) -> None:
    kinds = {"morning": (morning, Morning), "policy": (policy, Policy), "travel": (travel, Travel)}
    for name, (value, kind) in kinds.items():
        if not isinstance(value, kind) or isinstance(value, type):
            raise InvalidInputError(f"{name} must be a {kind.__name__}; got {value!r:.80}")


def _refuse_unsolved(morning: Morning) -> None:
    """Crews and minimum headcounts are all or nothing; solving them as plain seats would be wrong."""
    for at, shift in enumerate(morning.shifts):
        if shift.crew_id is not None or shift.minimum_headcount > 1:
            what = (
                f"minimum_headcount {shift.minimum_headcount}"
                if shift.crew_id is None
                else f"crew {shift.crew_id!r}"
            )
            raise UnsupportedError(
                f"shifts[{at}] ({shift.id!r}) has {what}: filled all together or not at all, which this "
                f"version does not solve. Leave it out, or drop crew_id and minimum_headcount"
            )


def _problem(
    columns: Columns,
    pairs: Pairs,
    weight: NDArray[np.int64],
    kept: NDArray[np.int32],
    policy: Policy,
) -> Problem:
    """The integer problem; promised workers have no pairs in it, promised seats are gone from it."""
    free = kept[pairs.worker] < 0
    count = np.bincount(pairs.worker[free], minlength=columns.n_workers)
    return Problem(
        indptr=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        shift=pairs.shift[free],
        weight=weight[free],
        capacity=columns.shifts.capacity - np.bincount(kept[kept >= 0], minlength=columns.n_shifts),
        tier=columns.shifts.tier if policy.objective == "seats" else None,
        lot=draw_lots(policy.seed, "worker", columns.worker_ids),
        shift_lot=draw_lots(policy.seed, "shift", columns.shift_ids),
    )


def draw_lots(seed: int, kind: str, ids: Sequence[str]) -> NDArray[np.int64]:
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


def _rows(columns: Columns, pairs: Sequence[tuple[str, str]], name: str) -> NDArray[np.int64]:
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
) -> NDArray[np.int32]:
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
        pair = Pairs(columns, travel, np.array([worker], np.int32), np.array([shift], np.int32))
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


def _without(pairs: Pairs, barred: NDArray[np.int64]) -> Pairs:
    if not len(barred):
        return pairs
    key = pairs.worker.astype(np.int64) << 32 | pairs.shift
    return pairs.take(~np.isin(key, barred[:, 0] << 32 | barred[:, 1]))


def _ids(pairs: Pairs) -> tuple[tuple[str, str], ...]:
    columns = pairs.columns
    rows = zip(pairs.worker.tolist(), pairs.shift.tolist(), strict=True)
    return tuple((columns.worker_ids[i], columns.shift_ids[j]) for i, j in rows)
