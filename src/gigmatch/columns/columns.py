"""A morning as read-only arrays: all that travel, rules and scorers ever see.

Row i of every worker array is ``worker_ids[i]``; rows stand in order of arrival, unknown arrivals last, then
of id. Row j of every shift array is ``shift_ids[j]``, in order of id; so are employers and brokers. The order
of the input's lists never matters. Unknown numbers are NaN, unknown codes -1.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property
from typing import Any, Literal, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns.labels import Labels
from gigmatch.core.arrays import (
    BitWords,
    BoolArray,
    Float64Array,
    IndexArray,
    Int32Array,
    Int64Array,
    freeze,
    row_counts,
)
from gigmatch.core.reprs import one_line
from gigmatch.errors import InvalidMorningError
from gigmatch.i18n import Told
from gigmatch.model import Hazard, LimitKind, Mode, Settlement, Standing, WallClock
from gigmatch.model.cross_rules import already_there
from gigmatch.model.reading import Reading, reading_of, was_read

__all__ = [
    "YEAR",
    "Columns",
    "HeldCredentials",
    "LimitColumn",
    "Relation",
    "ShiftColumns",
    "Spans",
    "WorkerColumns",
    "bit_words",
    "day_numbers",
    "digest_of",
    "frozen",
    "leaves",
    "leaves_in",
    "numbered",
]

Xyz = tuple[Int32Array, Int32Array, Int32Array]
P = TypeVar("P", bound="Columns | WorkerColumns | Relation")

MODES: tuple[str, ...] = get_args(Mode)
SETTLEMENTS: tuple[str, ...] = get_args(Settlement)
STANDINGS: tuple[str, ...] = get_args(Standing)
HAZARDS: tuple[str, ...] = get_args(Hazard)
TABLE_BYTES = 1 << 22
RANKS = 6
"""A skill's rank is 0 without it, else 1 (level 5) to 5 (level 1)."""
FOREVER_MIN = 2**30
"""Bound of a free interval that has none."""


@dataclass(frozen=True, eq=False)
class Spans:
    """Intervals in minutes, in rows: row i has ``start[indptr[i]:indptr[i + 1]]``, and ``end`` likewise."""

    indptr: Int64Array
    """Where each row begins, and where the last one ends."""
    start: Int32Array
    """First minute of each interval, since the morning's midnight."""
    end: Int32Array
    """Minute after its last."""

    @cached_property
    def counts(self) -> Int64Array:
        """How many intervals each row has: int64[n_rows]."""
        return row_counts(self.indptr)

    @cached_property
    def most(self) -> int:
        """Intervals in the longest row."""
        return int(self.counts.max(initial=0))

    def nth(self, rows: IndexArray, n: int) -> tuple[Int32Array, Int32Array]:
        """Start and end of interval n of each of the rows, all of which have one: int32[k] each."""
        at = self.indptr[rows] + n
        return self.start[at], self.end[at]


@dataclass(frozen=True, eq=False)
class Relation:
    """A value for some pairs of (worker, other), held as sorted keys: most pairs have none.

    By hand: a sparse array of scipy answers 0 both where 0 stands and where nothing does.
    """

    key: Int64Array
    """``worker * n_others + other`` of the pairs that have a value, ascending."""
    value: Float64Array
    """Their values."""
    n_others: int
    """Rows on the other side."""

    def get(self, worker: IndexArray, other: Int32Array, default: float) -> Float64Array:
        """The value of each pair, ``default`` where it has none or ``other`` is negative: float64[k]."""
        found = np.full(len(worker), default)
        hits, value = self.hits(worker, other)
        found[hits] = value
        return found

    def has(self, worker: IndexArray, other: Int32Array) -> BoolArray:
        """Whether each pair has a value: bool[k]."""
        found = np.zeros(len(worker), dtype=bool)
        found[self.hits(worker, other)[0]] = True
        return found

    def hits(self, worker: IndexArray, other: Int32Array) -> tuple[IndexArray, Float64Array]:
        """Positions of the pairs that have a value, ascending, and the values: intp[h], float64[h].

        Few have one. Where the workers asked for are a stretch of rows, as in a block of pairs, a table of
        that stretch sorts out the others; only the hits are searched for.
        """
        if not len(worker):
            return np.empty(0, np.intp), np.empty(0)
        first, last = int(worker.min()), int(worker.max())  # twenty times as fast as with an initial value
        low, high = np.searchsorted(self.key, [first * self.n_others, (last + 1) * self.n_others])
        known = self.key[low:high]
        if not len(known):
            return np.empty(0, np.intp), np.empty(0)
        if (last - first + 1) * self.n_others <= max(TABLE_BYTES, len(worker)):
            maybe = self._in_table(known, worker, other, first, last)
        else:
            maybe = np.flatnonzero(other >= 0)
        asked = worker[maybe] * self.n_others + other[maybe]
        at = np.searchsorted(known[:-1], asked)
        good = known[at] == asked
        return maybe[good], self.value[low + at[good]]

    def _in_table(
        self, known: Int64Array, worker: IndexArray, other: Int32Array, first: int, last: int
    ) -> IndexArray:
        """Positions of the pairs among the known keys of the workers from ``first`` to ``last``."""
        row, column = np.divmod(known, self.n_others)
        table = np.zeros((last - first + 1, self.n_others + 1), dtype=bool)
        table[row - first, column + 1] = True  # column 0 is nobody's, for others of -1
        place = worker - first
        place *= self.n_others + 1
        place += other
        place += 1
        return np.flatnonzero(table.ravel().take(place))


@dataclass(frozen=True, eq=False)
class HeldCredentials:
    """Credentials of the kinds that shifts ask for, by worker: what a refusal tells of them.

    Who may take which shift follows from ``credentials_met``; these are no part of the digest.
    """

    kinds: tuple[str, ...]
    """What there is."""
    row: Int32Array
    """Row of the worker who holds each."""
    kind: Int32Array
    """Position in ``kinds``."""
    level: NDArray[np.int8]
    """5 (lowest) to 1; 0 unknown."""
    valid_to: NDArray[np.datetime64]
    """Last day of validity; NaT none known."""
    review_due: NDArray[np.datetime64]
    """Day by which it must be reviewed; NaT none."""


@dataclass(frozen=True, eq=False)
class WorkerColumns:
    """Arrays with a row per worker."""

    xyz_dm: Xyz
    """Where the worker sets out from, in decimetres from the Earth's centre."""
    mode: NDArray[np.int8]
    """Travel mode, as a position in ``MODES``."""
    travel_limit_min: Float64Array
    """Longest way to work; NaN where no limit is known."""
    age_years: Float64Array
    """Age on the morning's date; `Columns.ages` has that of another day."""
    born: Int32Array
    """Date of birth as ``day_numbers`` has it; -1 unknown."""
    floor_per_hour: Float64Array
    """Least pay an hour that the worker accepts; NaN where any will do."""
    floor_per_day: Float64Array
    """Least pay a day that the worker accepts; NaN where any will do."""
    settlement: NDArray[np.int8]
    """Wanted settlement, as a position in ``SETTLEMENTS``; -1 unknown."""
    insured: BoolArray
    """Whether the worker has cover of their own; unknown counts as none."""
    insurance_required: BoolArray
    """Whether the worker refuses work without cover."""
    arrived_at_min: Float64Array
    """When the worker came or registered; NaN unknown, which binds nothing."""
    last_shift_end_min: Float64Array
    """When the last shift ended, since the morning's midnight; NaN unknown, which counts as rested."""
    hours_this_week: Float64Array
    """Hours worked since Monday for everybody; NaN unknown."""
    days_waiting: Float64Array
    """Days since the last placement; NaN unknown."""
    rating: Float64Array
    """Rating by employers; NaN unknown."""
    max_shifts: Int32Array
    """Most shifts that the worker takes."""
    max_hours_today: Float64Array
    """Most paid hours on the morning's date; NaN where no limit is known."""
    least_break_min: Int32Array
    """Least break between two shifts, besides the way."""
    companions: Int32Array
    """Number of the group of those who go together or not at all, in order of id; -1 none."""
    free: Spans
    """Windows less commitments, merged, in order; without a window all from ``-FOREVER_MIN`` on is free.

    Nothing before ``last_shift_end_min`` is.
    """
    commitments: Spans
    """When the worker is taken already, merged, in order."""
    skill_rank: NDArray[np.int8]
    """int8[n, n_skills]: 0 without the skill, else 1 (level 5) to 5 (level 1), covered skills included."""
    skills_met: BitWords
    """Bit k of the words: whether the worker meets ``Columns.skill_needs[k]``."""
    credentials_met: BitWords
    """Bit k of the words: whether the worker meets ``Columns.credential_needs[k]``."""
    credentials: HeldCredentials
    """What is held of the kinds asked for."""
    groups: BoolArray
    """bool[n, n_groups]: membership of ``Columns.priority_groups``."""
    attributes: Mapping[str, NDArray[np.object_]]
    """Free attributes by name, None where a worker has none."""


@dataclass(frozen=True, eq=False)
class ShiftColumns:
    """Arrays with a row per shift."""

    xyz_dm: Xyz
    """Where the work is, in decimetres from the Earth's centre."""
    employer: Int32Array
    """Row of the employer in ``Columns.employer_ids``."""
    broker: Int32Array
    """Row of the broker in ``Columns.broker_ids``; -1 none."""
    capacity: Int64Array
    """Seats."""
    tier: Int64Array
    """Priority tier, 1 most urgent."""
    periods: Spans
    """When the work is, breaks included, by start; at least one period each."""
    start_min: Int32Array
    """Start of the first period, since the morning's midnight."""
    end_min: Int32Array
    """End of the last period, since the morning's midnight."""
    flexible: BoolArray
    """Whether ``min_minutes`` inside the periods will do; elsewhere the worker is there throughout."""
    min_minutes: Int32Array
    """Minutes a flexible shift asks for; 0 for a fixed one."""
    schedule: Int32Array
    """Number of the shift's periods and minutes: equal schedules have equal numbers."""
    days: Int32Array
    """Days of work: see ``gigmatch.model.working_time``."""
    first_day: Int32Array
    """Day of the first work, 0 the morning's."""
    last_day: Int32Array
    """Day of the last work."""
    hours: Float64Array
    """Paid hours in all."""
    longest_day_hours: Float64Array
    """Paid hours on the busiest day; a flexible shift's are spread evenly."""
    first_day_hours: Float64Array
    """Paid hours on the first day of work; a flexible shift's are spread evenly."""
    last_day_hours: Float64Array
    """Paid hours on the last day of work; a flexible shift's are spread evenly."""
    rest_hours: Float64Array
    """Shortest time between the work of one day and that of the next; infinite where there is none."""
    hours_this_week: Float64Array
    """Paid hours of the days up to the Sunday that ends the morning's week."""
    pay_total: Float64Array
    """Pay for the whole shift, whatever unit it is given in."""
    pay_per_hour: Float64Array
    """``pay_total`` by paid hour."""
    pay_per_day: Float64Array
    """``pay_total`` by day of ``days``."""
    reference_per_hour: Float64Array
    """Going wage of the shift's leading skill; NaN if there is none."""
    settlement: NDArray[np.int8]
    """When it pays, as a position in ``SETTLEMENTS``; -1 unknown."""
    insured: BoolArray
    """Whether the employer provides cover; unknown counts as none."""
    hazards: Int32Array
    """Bit k: ``HAZARDS[k]``."""
    outdoor: NDArray[np.int8]
    """1 outdoors, 0 indoors, -1 unknown."""
    meals: NDArray[np.int8]
    """1 with meals, 0 without, -1 unknown."""
    lodging: NDArray[np.int8]
    """1 with lodging, 0 without, -1 unknown."""
    min_age_years: Float64Array
    """Youngest age accepted; NaN any."""
    max_age_years: Float64Array
    """Oldest age accepted; NaN any."""
    leading_skill: Int32Array
    """Column of the first skill asked for in ``WorkerColumns.skill_rank``; -1 none."""
    leading_rank: NDArray[np.int8]
    """Rank asked for in the leading skill."""
    skills_all: BitWords
    """Bit k of the words: ``Columns.skill_needs[k]`` is needed."""
    skills_any: BitWords
    """Bit k of the words: ``Columns.skill_needs[k]`` is one of those of which one is needed."""
    credentials_all: BitWords
    """Bit k of the words: ``Columns.credential_needs[k]`` is needed."""
    requirement: Int32Array
    """Number of the shift's set of skills and credentials: equal sets have equal numbers."""
    minimum_headcount: Int32Array
    """Fewest people with whom the shift takes place: as stated, else 1, and in a crew all its seats."""
    crew: Int32Array
    """Number of the crew of shifts that are filled all together or not at all; -1 none."""
    attributes: Mapping[str, NDArray[np.object_]]
    """Free attributes by name, None where a shift has none."""

    @cached_property
    def schedule_examples(self) -> IndexArray:
        """A shift of every schedule, by its number: intp[n_schedules]."""
        return np.unique(self.schedule, return_index=True)[1]


@dataclass(frozen=True, eq=False)
class LimitColumn:
    """Legal limits of one kind, as they bind each shift."""

    value: Float64Array
    """The figure in force on the days of the shift's work, the strictest where they differ; NaN none."""
    severity: Literal["warn", "block"]

    def of(self, shift: IndexArray) -> Float64Array:
        """The figure of each shift, all in one where they are equal: float64[k] or float64[1]."""
        return self._everywhere if len(self._everywhere) else self.value.take(shift)

    @cached_property
    def _everywhere(self) -> Float64Array:
        return self.value[:1] if (self.value == self.value[:1]).all() else self.value[:0]


@dataclass(frozen=True, eq=False, repr=False)
class Columns:
    """Everything rules, travel and scorers may look at.

    Made by `columns_of`; every array is read-only.
    """

    worker_ids: tuple[str, ...]
    """Ids by row, in order of arrival, unknown arrivals last, then of id."""
    shift_ids: tuple[str, ...]
    """Ids by row, in order of id."""
    employer_ids: tuple[str, ...]
    """Ids by row, in order of id."""
    broker_ids: tuple[str, ...]
    """Ids by row, in order of id."""
    skill_codes: tuple[str, ...]
    """Skills that some shift asks for."""
    skill_needs: tuple[tuple[str, int], ...]
    """Distinct (skill code, least rank) that shifts ask for."""
    credential_needs: tuple[tuple[str, int, dt.date], ...]
    """Distinct (kind, least rank, day on which it must be valid) that shifts ask for."""
    priority_groups: tuple[str, ...]
    """Columns of ``WorkerColumns.groups``."""
    companions_in_crew: BoolArray
    """Whether each group of ``WorkerColumns.companions`` goes to one crew; else to one shift."""
    workers: WorkerColumns
    """A row per worker."""
    shifts: ShiftColumns
    """A row per shift."""
    employer_standing: NDArray[np.int8]
    """Position in ``STANDINGS``."""
    employer_punctuality: Float64Array
    """Share of wages paid on time; NaN unknown."""
    broker_standing: NDArray[np.int8]
    """Position in ``STANDINGS``."""
    broker_licensed: BoolArray
    """Whether there is a licence."""
    employer_hours: Relation
    """(worker, employer): hours worked this week."""
    praise: Relation
    """(worker, employer) worked for before: 1 praised, 0 complained of, 0.5 neither known."""
    preferred: Relation
    """(worker, employer) that the worker prefers."""
    refused_employer: Relation
    """(worker, employer) refused: 1 by the worker, 2 by the employer, 3 by both."""
    refused_broker: Relation
    """(worker, broker) refused by the broker."""
    requested_shift: Relation
    """(worker, shift) that the employer asked for by name."""
    requested_employer: Relation
    """(worker, employer) likewise, for any of the employer's shifts."""
    limits: Mapping[LimitKind, LimitColumn]
    """Legal limits in force on a day of some shift's work, else on the morning's date."""
    market_insurance: bool
    """Whether the market covers everybody it places."""
    arrivals_bind: bool
    """Whether nobody is placed in work that begins before they arrived."""
    clock: WallClock
    """Turns minutes, all of which are those that pass since the midnight, into what the clock shows."""
    currency: str
    """ISO 4217 code of all money."""
    labels: Labels | None = None
    """What people read of the rows, where it is known; no part of the digest."""
    notes: tuple[Told, ...] = ()
    """What looks wrong and is taken as it is, in every language: places far from the market, then what shifts
    ask for and nobody has; no part of the digest."""

    def __repr__(self) -> str:
        return one_line(type(self), {}, {"worker": self.n_workers, "shift": self.n_shifts})

    @property
    def reading(self) -> Reading:
        """What reading it from tables left out and noted; nothing where it was not read from tables."""
        return reading_of(self)

    @property
    def n_workers(self) -> int:
        """Rows of the worker arrays."""
        return len(self.worker_ids)

    @property
    def n_shifts(self) -> int:
        """Rows of the shift arrays."""
        return len(self.shift_ids)

    def ages(self, worker: IndexArray, day: Int32Array) -> Float64Array:
        """Completed years of some workers on some days, 0 the morning's: float64[k], NaN unknown."""
        stated = self.workers.age_years.take(worker)
        if not len(day):
            return stated
        if not day.any():
            return stated
        born = self.workers.born.take(worker)
        years = (self.day_numbers(day) - born) // YEAR
        return np.where(born < 0, stated, years)

    def day_numbers(self, day: Int32Array) -> Int64Array:
        """Numbers of some days, 0 the morning's, as `day_numbers` has them: int64[k]."""
        if not len(day):
            return np.empty(0, np.int64)
        first, last = int(day.min()), int(day.max())
        return day_numbers(self.clock.date, first, last).take(day - first)

    @cached_property
    def unlabelled(self) -> Columns:
        """The same without names: what rules, scorers and travel see."""
        return self if self.labels is None else was_read(replace(self, labels=None), self.reading)

    def digest(self) -> str:
        """SHA-256 of every array and list of ids, in hexadecimal: names what an assignment was made from.

        Where nobody takes more than one shift or goes with others, nothing of that is part of it.
        """
        return digest_of(leaves(self), of_plans=bool((self.workers.max_shifts > 1).any()))

    def refuse_doubles(self) -> None:
        """Raise InvalidMorningError if an id has two rows: one person could be placed twice."""
        for name, ids in (("workers", self.worker_ids), ("shifts", self.shift_ids)):
            if len(set(ids)) < len(ids):
                raise InvalidMorningError(_doubles(name, ids))

    @cached_property
    def worker_row(self) -> Mapping[str, int]:
        """Row by worker id."""
        return {key: row for row, key in enumerate(self.worker_ids)}

    @cached_property
    def shift_row(self) -> Mapping[str, int]:
        """Row by shift id."""
        return {key: row for row, key in enumerate(self.shift_ids)}


def digest_of(named: Iterable[tuple[str, Any]], *, of_plans: bool) -> str:
    """What `Columns.digest` gives, of names and values as `leaves` gives them, one after the other."""
    digest = hashlib.sha256()
    for name, value in named:
        if name.startswith(".workers.credentials.") or _is_plain(name, value):
            continue
        if name.startswith(_OF_PLANS) and not of_plans:
            continue
        if isinstance(value, np.ndarray) and value.dtype != object:
            kind = _little_endian(value.dtype)
            digest.update(f"{name} {kind} {value.shape}\n".encode())
            digest.update(np.ascontiguousarray(value, kind).data)
        else:
            listed = value.tolist() if isinstance(value, np.ndarray) else value
            text = json.dumps(listed, default=_as_json, sort_keys=True)  # ASCII: alike in every Python
            digest.update(f"{name} {len(text)}\n{text}".encode())
    return f"columns {digest.hexdigest()}"


YEAR = 512
"""Between equal days of two years, as ``day_numbers`` has them."""


def day_numbers(date: dt.date, first: int, last: int) -> Int64Array:
    """Numbers of the days from ``first`` to ``last`` after a date; whole `YEAR` between two are an age."""
    return numbered(np.datetime64(date, "D") + np.arange(first, last + 1))


def numbered(days: NDArray[np.datetime64]) -> Int64Array:
    """Numbers of some days, as `day_numbers` has them."""
    months = days.astype("datetime64[M]")
    month = months.astype(np.int64) + 12 * 1970
    day = (days - months).astype(np.int64)
    number: Int64Array = month // 12 * YEAR + month % 12 * 32 + day
    return number


def _doubles(name: str, ids: Sequence[str]) -> list[tuple[Told, Told]]:
    """Path and message of every row whose id an earlier one has."""
    first: dict[str, int] = {}
    return [
        (Told(f"{name}[{row}].id", ""), already_there(Told(f"{name}[{first[key]}].id", ""), "id"))
        for row, key in enumerate(ids)
        if first.setdefault(key, row) != row
    ]


def bit_words(bits: Sequence[BoolArray], n: int) -> BitWords:
    """Pack one bool[n] per bit into uint64[n] words."""
    words = [np.zeros(n, dtype=np.uint64) for _ in range(-(-len(bits) // 64))]
    for at, bit in enumerate(bits):
        words[at // 64] |= bit.astype(np.uint64) << np.uint64(at % 64)
    return tuple(words)


def frozen(part: P) -> P:
    """The same columns or part of them, every array in it read-only from now on."""
    for _, value in leaves(part):
        if isinstance(value, np.ndarray):
            freeze(value)
    return part


_PLAIN = {
    ".companions_in_crew": False,
    ".workers.companions": -1,
    ".workers.least_break_min": 0,
    ".workers.max_hours_today": np.nan,
    ".workers.max_shifts": 1,
}


_OF_PLANS = (".shifts.first_day_hours", ".shifts.last_day_hours", ".workers.commitments.")


@cache
def _little_endian(kind: np.dtype[Any]) -> str:
    """The name of a type of numbers with the lowest byte first."""
    return kind.newbyteorder("<").str


def _is_plain(name: str, value: Any) -> bool:
    """Whether an array says for everybody what was so before there was such an array."""
    return name in _PLAIN and np.array_equal(value, np.full(len(value), _PLAIN[name]), equal_nan=True)


def _as_json(value: dt.date) -> str:
    return value.isoformat()


def leaves(part: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Name and value of everything in a dataclass of columns that is no dataclass itself."""
    for field in fields(part):
        if field.name not in ("labels", "notes"):
            yield from leaves_in(f"{name}.{field.name}", getattr(part, field.name))


def leaves_in(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """`leaves` of one field, of that name."""
    if isinstance(value, np.ndarray):
        yield path, value
    elif isinstance(value, WorkerColumns | ShiftColumns | Spans | Relation | HeldCredentials):
        yield from leaves(value, path)
    elif isinstance(value, Mapping):
        for key in sorted(value):
            at = f"{path}[{key!r}]"
            yield from leaves(value[key], at) if isinstance(value[key], LimitColumn) else ((at, value[key]),)
    elif isinstance(value, tuple) and value and isinstance(value[0], np.ndarray):
        yield from ((f"{path}[{k}]", array) for k, array in enumerate(value))
    else:
        yield path, value
