"""Kinds of change, one field each: what they are called, how large one is, and which pairs it would open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import NamedTuple

import numpy as np

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.columns import Spans
from gigmatch.core.arrays import BoolArray, Int64Array
from gigmatch.evidence.eyes import LEAST_PEOPLE
from gigmatch.evidence.lessons import Held
from gigmatch.evidence.parts import Change
from gigmatch.evidence.recourse import eligible_after, known_changes
from gigmatch.model import Morning
from gigmatch.model.datum import cartesian_dm
from gigmatch.pairing.rules import Rule, rule_name

__all__ = [
    "SHIFT_KINDS",
    "WORKER_KINDS",
    "Candidate",
    "Kind",
    "changes_of_one_field",
    "for_three",
    "other_stations",
]


class Kind(NamedTuple):
    """What a kind of change is called, and what its size counts."""

    name: str
    unit: str


# By the field that changes, in the order in which they are told.
SHIFT_KINDS: Mapping[str, Kind] = {
    "pay_total": Kind("higher pay", "of the morning's currency for the shift"),
    "travel_limit_min": Kind("transport", "minutes of travel more"),
    "end_min": Kind("earlier end", "minutes"),
}
WORKER_KINDS: Mapping[str, Kind] = {
    "pay_floor_per_hour": Kind("lower pay floor", "of the morning's currency an hour"),
    "pay_floor_per_day": Kind("lower pay floor", "of the morning's currency a day"),
    "travel_limit_min": Kind("wider reach", "minutes of travel more"),
    "free": Kind("more free time", "minutes"),
    "credentials": Kind("one certificate", "certificate"),
    "skills": Kind("one skill", "skill levels"),
    "station_id": Kind("another station", "metres from the present place"),
}


class Candidate(NamedTuple):
    """One change, how large it is, and the pair that it might make eligible."""

    kind: Kind
    size: float
    worker: int
    shift: int
    """Row of the shift, -1 for any."""
    changes: tuple[Change, ...]

    def helps(self, solved: SolvedMorning, wanted: BoolArray) -> bool:
        """Whether the change makes the worker eligible for the shift, or for any one that is wanted.

        Parameters
        ----------
        solved : SolvedMorning
            Of a `Morning`.
        wanted : bool[n_shifts]
            Asked of a change that is for any shift.
        """
        columns = solved.columns
        rows = np.flatnonzero(wanted).tolist() if self.shift < 0 else [self.shift]
        shifts = {columns.shift_ids[row] for row in rows if not solved.is_barred(self.worker, row)}
        worker = columns.worker_ids[self.worker]
        return bool(eligible_after(solved.instance, worker, shifts, self.changes))


def changes_of_one_field(
    solved: SolvedMorning, workers: Int64Array, shifts: Int64Array, kinds: Mapping[str, Kind]
) -> Iterator[Candidate]:
    """Changes of one field each that every rule refusing one of some pairs names.

    Parameters
    ----------
    solved : SolvedMorning
        The morning and its rules.
    workers, shifts : int64[k]
        The pairs, by row; those that no rule refuses, or that are barred, give nothing.
    kinds : mapping of str to Kind
        By field.

    Yields
    ------
    Candidate
        In order of the pairs.
    """
    refused = solved.refused(solved.pairs(workers, shifts))
    ruled_out: Counter[str] = Counter()
    for at in np.flatnonzero(refused.any(axis=0)).tolist():
        worker, shift = int(workers[at]), int(shifts[at])
        if not solved.is_barred(worker, shift):
            rules = [rule for rule, no in zip(solved.blocking, refused[:, at], strict=True) if no]
            yield from _of_pair(solved, worker, shift, rules, kinds, ruled_out)


def other_stations(solved: SolvedMorning, worker: int) -> Iterator[Candidate]:
    """Every station and the market, as another place to set out from.

    Parameters
    ----------
    solved : SolvedMorning
        Of a `Morning`.
    worker : int
        Row.

    Yields
    ------
    Candidate
        For any shift.
    """
    assert isinstance(solved.morning, Morning)
    here = np.array([axis[worker] for axis in solved.columns.workers.xyz_dm], dtype=np.float64)
    for station in (solved.morning.market, *solved.morning.market.stations):
        change = Change(side="worker", field="station_id", needed=station.id, rule="reach")
        lat, lon = station.location.wgs84()
        there = cartesian_dm(np.array([lat]), np.array([lon]))[0]
        metres = float(np.sqrt(((here - there) ** 2).sum()) / 10)
        if metres > 0:
            yield Candidate(WORKER_KINDS["station_id"], metres, worker, -1, (change,))


def for_three(solved: SolvedMorning, candidates: Iterable[Candidate], wanted: BoolArray) -> float | None:
    """How large a change is that helps three people; None where there are not so many.

    Parameters
    ----------
    solved : SolvedMorning
        Of a `Morning`.
    candidates : iterable of Candidate
        Of one kind.
    wanted : bool[n_shifts]
        Asked of a change that is for any shift.
    """
    found = set[int]()
    for candidate in sorted(candidates, key=lambda one: one[1:4]):
        if candidate.worker not in found and candidate.helps(solved, wanted):
            found.add(candidate.worker)
            if len(found) == LEAST_PEOPLE:
                return candidate.size
    return None


def _of_pair(
    solved: SolvedMorning,
    worker: int,
    shift: int,
    rules: list[Rule],
    kinds: Mapping[str, Kind],
    ruled_out: Counter[str],
) -> Iterator[Candidate]:
    """What all the rules name; those that ruled out most pairs so far are asked first, which is quicker."""
    named: dict[str, dict[str, list[Change]]] = {}
    fields = set(kinds)
    for name, rule in sorted(((rule_name(r), r) for r in rules), key=lambda entry: -ruled_out[entry[0]]):
        named[name] = {}
        for change in known_changes(solved, rule, worker, shift):
            named[name].setdefault(change.field, []).append(change)
        fields &= named[name].keys()
        if not fields:
            ruled_out[name] += 1
            break
    for field in (field for field in kinds if field in fields):
        for changes in product(*(named[rule_name(rule)][field] for rule in rules)):
            sized = [(_size(solved, change, worker, shift), change) for change in changes]
            size, chosen = max(sized, key=lambda entry: entry[0])
            if min(entry[0] for entry in sized) > 0:
                yield Candidate(kinds[field], size, worker, shift, (chosen,))
    if "end_min" in kinds and [rule_name(rule) for rule in rules] == ["availability"]:
        yield from _earlier_end(solved, worker, shift)


def _size(solved: SolvedMorning, change: Change, worker: int, shift: int) -> float:
    """How large a change is, in the unit of its kind; 0 for more than one certificate or skill."""
    workers, shifts, needed = solved.columns.workers, solved.columns.shifts, change.needed
    if change.field == "pay_total":
        return float(needed - shifts.pay_total[shift])
    if change.field == "travel_limit_min":
        return float(needed - workers.travel_limit_min[worker])
    if change.field in ("pay_floor_per_hour", "pay_floor_per_day"):
        floor = workers.floor_per_hour if change.field == "pay_floor_per_hour" else workers.floor_per_day
        return float(floor[worker] - needed)
    if change.field == "free":
        free = _intervals(workers.free, worker)
        return float(sum(end - start - _overlap(free, start, end) for start, end in needed))
    if len(needed) != 1:
        return 0.0
    return 1.0 if change.field == "credentials" else float(_levels(solved, needed[0], worker))


def _overlap(intervals: list[tuple[int, int]], start: int, end: int) -> int:
    """Minutes of a span within some intervals."""
    return sum(max(min(until, end) - max(since, start), 0) for since, until in intervals)


def _levels(solved: SolvedMorning, lesson: dict[str, int | str], worker: int) -> int:
    """Levels between what a worker has of a skill and what is needed."""
    assert isinstance(solved.morning, Morning)
    person = solved.workers_by_id[solved.columns.worker_ids[worker]]
    held = Held.of(solved.morning.skills, [person])
    return held.level(person, str(lesson["skill"])) - int(lesson["level"])


def _earlier_end(solved: SolvedMorning, worker: int, shift: int) -> Iterator[Candidate]:
    """Every period shorter by the same, so that the worker is free throughout."""
    spans = _intervals(solved.columns.shifts.periods, shift)
    intervals = _intervals(solved.columns.workers.free, worker)
    fits = [[until for since, until in intervals if since <= start < until] for start, _ in spans]
    if all(fits):
        cut = max(end - ends[0] for (_, end), ends in zip(spans, fits, strict=True))
        if 0 < cut < min(end - start for start, end in spans):
            change = Change(side="shift", field="end_min", needed=-cut, rule="availability")
            yield Candidate(SHIFT_KINDS["end_min"], float(cut), worker, shift, (change,))


def _intervals(spans: Spans, row: int) -> list[tuple[int, int]]:
    """Start and end of every interval of a row."""
    low, high = spans.indptr[row : row + 2].tolist()
    return list(zip(spans.start[low:high].tolist(), spans.end[low:high].tolist(), strict=True))
