"""What one shift after another needs: rules of succession, asked about a worker and two shifts in bulk.

A rule of succession is a plain callable ``(columns, worker, first, second) -> bool[k]``, True where the
worker could take the second shift directly after the first. ``name``, ``sentence``, ``severity`` and
``limit`` are read off it as of any rule (`gigmatch.pairing.rules.base`). Where it has a method
``kinds(columns) -> int64[n_workers]``, workers with equal numbers from 0 on are answered alike, and it is
asked for one of them; -1 is like nobody else. Where it has a method ``needed(columns, worker, first,
second) -> float64[k]``, people are told how many minutes have to lie between. Rules are only asked about
shifts that come one after the other: the second begins when the first has ended, or later. So shifts whose
spans interleave, such as one of Monday and Wednesday and one of Tuesday, are never one worker's; nor are
flexible shifts whose spans overlap, whenever the work could be done. `n_interleaving` counts them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Protocol, runtime_checkable

import numpy as np

from gigmatch.columns import Columns, n_interleaving
from gigmatch.core.arrays import BoolArray, Float64Array, IndexArray, Int64Array
from gigmatch.core.plugins import checked_array
from gigmatch.i18n import Told
from gigmatch.model import LimitKind
from gigmatch.pairing.rules.base import (
    CatalogueSentence,
    Severity,
    check_rules,
    describe_rule,
    restore_rule,
    rule_name,
    rule_severity,
)
from gigmatch.pairing.travel import StraightLine, Travel, ZoneMatrix, minutes_between

__all__ = [
    "ReachesNext",
    "RestedBetween",
    "SuccessionRule",
    "apply_succession",
    "check_succession",
    "describe_succession",
    "is_library_succession",
    "joins",
    "minutes_needed",
    "n_interleaving",
    "restore_succession",
    "standard_succession",
    "worker_kinds",
]


@runtime_checkable
class SuccessionRule(Protocol):
    """Says which shift may follow on which; called on blocks, from several threads, so it keeps no state."""

    def __call__(
        self, columns: Columns, worker: IndexArray, first: IndexArray, second: IndexArray, /
    ) -> BoolArray:
        """True where the worker could take the second shift directly after the first: bool[k]."""
        ...


class ReachesNext:
    """Between two shifts there is time for the way from one to the other, and for the worker's least break.

    The way is the one in the worker's mode, none from a place to itself. What is taken by commitments
    two is no time for it; where they are is not known, so the ways to them are not counted.

    Parameters
    ----------
    travel : Travel
        Knows the ways. One of your own has a method ``minutes_between(columns, worker, first, second)``.
    severity : {"block", "warn"}
        Whether it is refused, or only told, where there is too little time.
    """

    name: ClassVar[str] = "way_between"
    version: ClassVar[int] = 1
    sentence = CatalogueSentence()

    def __init__(self, travel: Travel | None = None, severity: Severity = "block") -> None:
        self.travel, self.severity = travel or StraightLine(), severity

    def __repr__(self) -> str:
        return f"ReachesNext(travel={self.travel!r}, severity={self.severity!r})"

    def kinds(self, columns: Columns) -> Int64Array | None:
        """Who has the same mode and break, and no commitments; None with a travel of one's own."""
        if not isinstance(self.travel, StraightLine | ZoneMatrix):
            return None
        workers = columns.workers
        both = workers.mode.astype(np.int64) << 32 | workers.least_break_min
        return np.where(workers.commitments.counts > 0, -1, both)

    def __call__(
        self, columns: Columns, worker: IndexArray, first: IndexArray, second: IndexArray
    ) -> BoolArray:
        left = _gap(columns, first, second) - self._taken(columns, worker, first, second)
        fits = left >= 0
        asked = np.flatnonzero(fits)
        way = minutes_between(self.travel, columns, worker[asked], first[asked], second[asked])
        fits[asked] = way <= left[asked]
        return fits

    def needed(
        self, columns: Columns, worker: IndexArray, first: IndexArray, second: IndexArray
    ) -> Float64Array:
        """Minutes of the way, the break, and commitments in between: float64[k]."""
        way = minutes_between(self.travel, columns, worker, first, second)
        return way + self._taken(columns, worker, first, second)

    @staticmethod
    def _taken(columns: Columns, worker: IndexArray, first: IndexArray, second: IndexArray) -> Int64Array:
        """Minutes of the break and of commitments in between: int64[k]."""
        taken: Int64Array = columns.workers.least_break_min[worker] + _committed(
            columns, worker, first, second
        )
        return taken


@dataclass(frozen=True)
class RestedBetween:
    """Between the work of two shifts on different days lie ``min_rest_hours``, the stricter of both shifts'.

    A flexible shift's work counts from the beginning of its span to the end.
    """

    severity: Severity | None = None
    name: ClassVar[str] = "rest_between"
    version: ClassVar[int] = 1
    sentence = CatalogueSentence()
    limit: ClassVar[LimitKind] = "min_rest_hours"

    def kinds(self, columns: Columns) -> Int64Array:
        """Everybody."""
        return np.zeros(columns.n_workers, np.int64)

    def __call__(
        self, columns: Columns, worker: IndexArray, first: IndexArray, second: IndexArray
    ) -> BoolArray:
        shifts = columns.shifts
        ok: BoolArray = shifts.last_day[first] == shifts.first_day[second]
        ok |= ~(_gap(columns, first, second) < self.needed(columns, worker, first, second))
        return ok

    def needed(
        self, columns: Columns, worker: IndexArray, first: IndexArray, second: IndexArray
    ) -> Float64Array:
        """Minutes of rest between different days, NaN where there is no limit: float64[k]."""
        limit = columns.limits.get(self.limit)
        if limit is None:
            return np.full(len(worker), np.nan)
        rest: Float64Array = np.fmax(limit.value[first], limit.value[second]) * 60
        return rest


_KINDS: Final = (ReachesNext, RestedBetween)


def standard_succession(travel: Travel | None = None) -> tuple[SuccessionRule, ...]:
    """Return every market's rules of succession, with the way as this travel knows it."""
    return ReachesNext(travel), RestedBetween()


def is_library_succession(rule: SuccessionRule) -> bool:
    """Whether the code of a rule is that of the library, and not somebody's own under a name of its."""
    return type(rule) in _KINDS


def describe_succession(rule: SuccessionRule, columns: Columns) -> dict[str, Any]:
    """Name, version, severity and parameters of a rule: what a saved answer holds of it."""
    return describe_rule(rule, columns)  # type: ignore[arg-type]


def restore_succession(
    entry: Mapping[str, Any], own: Sequence[Any] = (), travel: Travel | None = None
) -> SuccessionRule:
    """The rule that `describe_succession` described: the user's own of that name, or the library's.

    Raises
    ------
    InvalidPolicyError
        It is neither, or of another version, or the user's own has other parameters or another severity.
    """
    rule: Any = restore_rule(entry, own, _KINDS)
    made_here = type(rule) is ReachesNext and not any(rule is each for each in own)
    return ReachesNext(travel, rule.severity) if made_here else rule


def check_succession(rules: Sequence[SuccessionRule]) -> tuple[SuccessionRule, ...]:
    """Return the rules, if they can be told apart and called; raises as ``check_rules`` does."""
    return check_rules(rules)  # type: ignore[arg-type, return-value]


def apply_succession(
    rule: SuccessionRule, columns: Columns, worker: IndexArray, first: IndexArray, second: IndexArray
) -> BoolArray:
    """Call a rule and hold it to its contract.

    Raises
    ------
    PluginError
        It returned something other than bool[k].
    """
    ok: BoolArray = checked_array(
        Told.of("errors.of_rule", name=rule_name(rule)),  # type: ignore[arg-type]
        rule(columns.unlabelled, worker, first, second),
        np.bool_,
        len(worker),
    )
    return ok


def minutes_needed(
    rule: SuccessionRule, columns: Columns, worker: int, first: int, second: int
) -> float | None:
    """Return how many minutes have to lie between two shifts of a worker; None where a rule does not say."""
    ask = getattr(rule, "needed", None)
    if ask is None:
        return None
    what = Told.of("errors.of_rule", name=rule_name(rule))  # type: ignore[arg-type]
    found = ask(columns.unlabelled, *(np.array([row]) for row in (worker, first, second)))
    return float(checked_array(what, found, np.float64, 1)[0])


def joins(rules: Sequence[SuccessionRule], columns: Columns) -> Callable[[IndexArray, Any, Any], BoolArray]:
    """What asks every rule that blocks, each about what those before it leave; for threads."""
    blocking = [rule for rule in rules if rule_severity(rule, columns) == "block"]  # type: ignore[arg-type]

    def asked(worker: IndexArray, first: Any, second: Any) -> BoolArray:
        first, second = first.astype(np.intp, copy=False), second.astype(np.intp, copy=False)
        ok, left = np.ones(len(worker), dtype=bool), np.arange(len(worker))
        for rule in blocking:
            found = apply_succession(rule, columns, worker[left], first[left], second[left])
            ok[left[~found]] = False
            left = left[found]
        return ok

    return asked


def worker_kinds(rules: Sequence[SuccessionRule], columns: Columns) -> Int64Array | None:
    """Numbers of the workers for whom the rules that block answer alike, -1 for who is like nobody else.

    None where a rule does not say, by its method ``kinds``.
    """
    kinds = np.zeros(columns.n_workers, np.int64)
    for rule in rules:
        if rule_severity(rule, columns) == "block":  # type: ignore[arg-type]
            found = rule.kinds(columns) if hasattr(rule, "kinds") else None
            if found is None:
                return None
            both = np.unique(np.stack([kinds, found]), axis=1, return_inverse=True)[1].reshape(-1)
            kinds = np.where((kinds < 0) | (found < 0), -1, both)
    return kinds


def _gap(columns: Columns, first: IndexArray, second: IndexArray) -> Int64Array:
    """Minutes from the end of the first shift to the beginning of the second: int64[k]."""
    gap: Int64Array = columns.shifts.start_min[second].astype(np.int64) - columns.shifts.end_min[first]
    return gap


def _committed(columns: Columns, worker: IndexArray, first: IndexArray, second: IndexArray) -> Int64Array:
    """Minutes between the two shifts that are taken by commitments: int64[k]."""
    taken, commitments = np.zeros(len(worker), np.int64), columns.workers.commitments
    since, until = columns.shifts.end_min[first], columns.shifts.start_min[second]
    for n in range(commitments.most):
        at = np.flatnonzero(commitments.counts[worker] > n)
        begins, ends = commitments.nth(worker[at], n)
        taken[at] += np.maximum(np.minimum(ends, until[at]) - np.maximum(begins, since[at]), 0)
    return taken
