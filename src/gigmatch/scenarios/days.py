"""Several mornings in a row: what a day leaves behind for the next, and who and what is new in it.

*What is carried* from a morning and its placements to the morning after, by `carry_over`; minutes count from
the new midnight:

=================================  ========================================================================
``last_shift_end_min``             end of the worker's last period that has begun, of any day; forgotten after
                                   two weeks
``commitments``                    periods not yet over of shifts taken earlier: tomorrow's half of a two-day
                                   shift; fixed shifts only, since flexible work is done when the worker likes
``hours_this_week``,               plus the paid hours of the shift up to Sunday, at once, as the rules count
``hours_by_employer``              them; on a Monday only the hours promised for the new week
``days_since_last_placement``      0 for whoever was placed or has periods still to come, else one more;
                                   unknown becomes 1
``past_employers``                 the shift's employer, with one shift more
``windows``, ``arrived_at_min``    as they were: people come and go at the same times again
shifts                             those that begin tomorrow or later and have seats left, with these; what
                                   has begun is over, its empty seats lapse
=================================  ========================================================================

Everything else stays: people, employers, brokers, places, wages and law. Flexible work counts as done in all
its periods alike, and as ended with the last that has begun.

*What is new* in a `Day` of a sample: one worker in twenty, if without promises, has left for good and
somebody new has come; those who walk in arrive at other times; and shifts are drawn anew until there are as
many seats as on the first day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from gigmatch.core.splitmix import SplitMix64
from gigmatch.errors import InvalidInputError
from gigmatch.i18n import Told
from gigmatch.model import MINUTES_PER_DAY as DAY
from gigmatch.model import EmployerHours, Morning, PastEmployer, Shift, TimeSpan, WallClock, Worker
from gigmatch.model.working_time import HOUR_PARTS, days_of_work, hour_parts
from gigmatch.scenarios.day_labour import day_labour
from gigmatch.scenarios.fair import fair
from gigmatch.scenarios.generate import generate
from gigmatch.scenarios.people import newcomers
from gigmatch.scenarios.renovation import renovation
from gigmatch.scenarios.sample_spec import SampleSpec
from gigmatch.scenarios.shifts import fresh_shifts

__all__ = ["Day", "Promise", "carry_over", "first_day"]

_SPECS = {"jingshi": renovation, "majuqiao": day_labour, "mentougou": fair}
_LEAVING_PERCENT = 5
_EARLIEST_MIN = -20_160  # two weeks, the earliest minute that the model knows

Pairs = Iterable[tuple[str, str]]


class Promise(NamedTuple):
    """A day's work, still to come, of a shift that somebody has taken."""

    worker_id: str
    employer_id: str
    start_min: int
    """Of the clock on the wall, and so ``end_min``."""
    end_min: int
    hours: float
    """Paid."""
    fixed: bool
    """Whether the worker is bound to be there throughout."""

    def tomorrow(self) -> Promise:
        """The same, counted from the midnight after."""
        return self._replace(start_min=_tomorrow(self.start_min), end_min=_tomorrow(self.end_min))


@dataclass(frozen=True)
class Day:
    """One of several mornings in a row; made by `first_day`, and by `after` from the one before."""

    morning: Morning
    """Everything known this morning."""
    promised: tuple[Promise, ...]
    """Days of work still to come of shifts taken on earlier days, the worker's ``commitments`` among them."""
    number: int
    """From 1."""
    sample: str
    seed: int
    people: int
    """How many have been there up to now, whoever has left included."""

    def after(self, placed: Pairs) -> Day:
        """The next morning, after these placements.

        Parameters
        ----------
        placed : iterable of (worker id, shift id)
            ``assignment.pairs``, or anybody else's placements.

        Returns
        -------
        Day
            The same for the same sample, seed and placements so far, on every machine.

        Raises
        ------
        InvalidInputError
            A pair names somebody or something that is not there, a worker twice, or more people than a shift
            has seats.
        """
        morning, promised = carry_over(self.morning, placed, self.promised)
        spec, rng = _SPECS[self.sample](), _rng(self.seed, self.number)
        employers, brokers = ([one.id for one in each] for each in (morning.employers, morning.brokers))
        stay = _staying(rng, spec, morning, promised)
        people = self.people + len(morning.workers) - len(stay)
        new = newcomers(rng, spec, self.people + 1, people, employers)
        seats = len(morning.workers) * spec.seats_per_100_workers // 100
        seats -= sum(shift.headcount for shift in morning.shifts)
        name = f"{morning.date:%m%d}-"
        fresh = fresh_shifts(rng, spec, seats, employers, brokers, morning.date, prefix=name)
        here = {"workers": (*stay, *new), "shifts": (*morning.shifts, *fresh)}
        return replace(
            self,
            morning=morning.model_copy(update=here),
            promised=promised,
            number=self.number + 1,
            people=people,
        )


def first_day(sample: str = "jingshi", seed: int = 7, *, workers: int | None = None) -> Day:
    """The first of several mornings in a row of a sample.

    Parameters
    ----------
    sample : "jingshi", "majuqiao" or "mentougou"
        Which one; the first morning is the sample's own.
    seed : int
        From 0 to 2**64 - 1.
    workers : int, optional
        How many are there each morning; as many as the sample has of its own unless given.

    Returns
    -------
    Day

    Raises
    ------
    InvalidInputError
        There is no such sample, or a number is not an integer in its range.

    Examples
    --------
    >>> import gigmatch as gm
    >>> day = gm.samples.first_day("jingshi", seed=7, workers=200)
    >>> for _ in range(3):
    ...     assignment = gm.match(day.morning)
    ...     print(day.morning.date, len(assignment.pairs), len(day.promised))
    ...     day = day.after(assignment.pairs)
    2025-09-19 115 0
    2025-09-20 72 18
    2025-09-21 88 6
    """
    if sample not in _SPECS:
        names = ", ".join(repr(name) for name in _SPECS)
        raise InvalidInputError("unknown_option", name="sample", names=names, value=sample)
    spec = _SPECS[sample]()
    count = spec.usual_workers if workers is None else workers
    morning = generate(spec, seed, count)
    return Day(morning=morning, promised=(), number=1, sample=sample, seed=seed, people=count)


def carry_over(
    morning: Morning, placed: Pairs, promised: Sequence[Promise] = ()
) -> tuple[Morning, tuple[Promise, ...]]:
    """The same people on the next morning, with what the day has changed; nobody and nothing new.

    Parameters
    ----------
    morning : Morning
        Of a sample or of one's own; `Columns` do not hold all of one.
    placed : iterable of (worker id, shift id)
        Who took which shift.
    promised : sequence of Promise
        What earlier days left, as `carry_over` returned it; their fixed ones are ``commitments`` already.

    Returns
    -------
    morning : Morning
        The next one, as the table in the module's docstring says.
    promised : tuple of Promise
        For the call after.

    Raises
    ------
    InvalidInputError
        As for `Day.after`, and what is no Morning.
    """
    if not isinstance(morning, Morning):
        raise InvalidInputError("only_a_morning", value=morning)
    shift_of = _checked(morning, placed)
    earlier: dict[str, list[Promise]] = defaultdict(list)
    for promise in promised:
        earlier[promise.worker_id].append(promise)
    date = morning.date + dt.timedelta(1)
    workers: list[Worker] = []
    left: list[Promise] = []
    for worker in morning.workers:
        shift = shift_of.get(worker.id)
        taken = [] if shift is None else _promises(worker.id, shift, morning.clock)
        promises = [promise.tomorrow() for promise in (*earlier[worker.id], *taken)]
        workers.append(_after(worker, shift, promises, date, morning.clock))
        left += [promise for promise in promises if promise.start_min >= 0]
    filled = Counter(shift.id for shift in shift_of.values())
    shifts = tuple(later for shift in morning.shifts if (later := _later(shift, filled[shift.id])))
    changed = {"date": date, "workers": tuple(workers), "shifts": shifts}
    return morning.model_copy(update=changed), tuple(left)


def _checked(morning: Morning, placed: Pairs) -> dict[str, Shift]:
    """The shift of everybody placed, in the morning's order, if such placements can be."""
    shifts, found = {shift.id: shift for shift in morning.shifts}, dict[str, Shift]()
    workers = {worker.id for worker in morning.workers}
    for worker, shift in placed:
        if worker not in workers or shift not in shifts:
            kind, name = ("worker", worker) if worker not in workers else ("shift", shift)
            raise InvalidInputError("placed_unknown", kind=Told.of(f"words.{kind}"), name=name)
        if worker in found:
            raise InvalidInputError("placed_twice", name=worker)
        found[worker] = shifts[shift]
    for name, count in Counter(shift.id for shift in found.values()).items():
        if count > shifts[name].headcount:
            raise InvalidInputError("placed_over_headcount", n=count, name=name, most=shifts[name].headcount)
    return {worker.id: found[worker.id] for worker in morning.workers if worker.id in found}


def _promises(worker: str, shift: Shift, clock: WallClock) -> list[Promise]:
    """The days of work of a shift, with their hours; those of a flexible one are spread over all alike."""
    periods = sorted(shift.periods, key=lambda period: clock.minute(period.start_min))
    start, end = (clock.minutes(getattr(p, side) for p in periods) for side in ("start_min", "end_min"))
    rest = np.array([period.break_min for period in periods], dtype=np.int64)
    work = days_of_work(np.zeros_like(start), start, end, rest, clock)
    share = 1.0 if shift.min_minutes is None else shift.min_minutes / float(work.minutes.sum())
    rows = zip(work.start.tolist(), work.end.tolist(), (work.minutes * share / 60).tolist(), strict=True)
    is_fixed = shift.attendance == "fixed"
    return [
        Promise(worker, shift.employer_id, clock.shown(begins), clock.shown(ends), hours, is_fixed)
        for begins, ends, hours in rows
    ]


def _after(
    worker: Worker, shift: Shift | None, promises: list[Promise], date: dt.date, clock: WallClock
) -> Worker:
    """A worker on the next morning; ``promises`` are all of theirs, counted from its midnight.

    The clock is that of the morning before.
    """
    waited = worker.days_since_last_placement
    changed = {
        "last_shift_end_min": _last_end(worker, promises),
        "commitments": _commitments(worker, shift),
        "days_since_last_placement": 0 if promises else 1 if waited is None else waited + 1,
        **_hours(worker, shift, promises, date, clock),
    }
    if shift is not None:
        changed["past_employers"] = _met(worker.past_employers, shift.employer_id)
    return worker.model_copy(update=changed)


def _last_end(worker: Worker, promises: list[Promise]) -> int | None:
    before = [] if worker.last_shift_end_min is None else [_tomorrow(worker.last_shift_end_min)]
    last = max(before + [promise.end_min for promise in promises if promise.start_min < 0], default=None)
    return last if last is not None and last >= _EARLIEST_MIN else None


def _commitments(worker: Worker, shift: Shift | None) -> tuple[TimeSpan, ...]:
    """Those that the worker has had and those taken today, as far as they are not over."""
    spans: list[TimeSpan] = list(worker.commitments)
    if shift is not None and shift.attendance == "fixed":
        spans += shift.periods
    return tuple(
        TimeSpan(start_min=_tomorrow(span.start_min), end_min=_tomorrow(span.end_min))
        for span in spans
        if span.end_min > DAY
    )


def _tomorrow(minute: int) -> int:
    """The same time of the clock, counted from the midnight after."""
    return type(minute)(minute - DAY)


def _hours(
    worker: Worker, shift: Shift | None, promises: list[Promise], date: dt.date, clock: WallClock
) -> dict[str, Any]:
    """The week so far with what is promised of it: a new one on Mondays, else today's shift on top."""
    if date.weekday() == 0:
        rows = [(p.employer_id, p.hours) for p in promises if 0 <= p.start_min < 7 * DAY]
        return {"hours_by_employer": _summed(rows), "hours_this_week": _total(hours for _, hours in rows)}
    if shift is None:
        return {}
    week_ends = (8 - date.weekday()) * DAY  # counted from the midnight before today
    rows = [(p.employer_id, p.hours) for p in _promises(worker.id, shift, clock) if p.start_min < week_ends]
    known = worker.hours_this_week
    return {
        "hours_by_employer": _summed([(r.employer_id, r.hours) for r in worker.hours_by_employer] + rows),
        "hours_this_week": None if known is None else _total((known, *(hours for _, hours in rows))),
    }


def _summed(rows: Iterable[tuple[str, float]]) -> tuple[EmployerHours, ...]:
    each: dict[str, list[float]] = defaultdict(list)
    for employer, hours in rows:
        each[employer].append(hours)
    return tuple(EmployerHours(employer_id=employer, hours=_total(hours)) for employer, hours in each.items())


def _total(hours: Iterable[float]) -> float:
    """The sum of some hours, the same in any order."""
    return float(hour_parts(list(hours)).sum()) / HOUR_PARTS


def _met(past: Sequence[PastEmployer], employer: str) -> tuple[PastEmployer, ...]:
    """Past employers with one shift more for one of them; praise is for them to give."""
    known = next((row for row in past if row.employer_id == employer), PastEmployer(employer_id=employer))
    once_more = known.model_copy(update={"shifts": (known.shifts or 0) + 1})
    return (*(row for row in past if row.employer_id != employer), once_more)


def _later(shift: Shift, filled: int) -> Shift | None:
    """A shift that begins tomorrow or later, with the seats it has left; else None."""
    left = shift.headcount - filled
    if not left or min(period.start_min for period in shift.periods) < DAY:
        return None
    periods = tuple(
        period.model_copy(
            update={"start_min": _tomorrow(period.start_min), "end_min": _tomorrow(period.end_min)}
        )
        for period in shift.periods
    )
    least = min(shift.minimum_headcount, left)
    return shift.model_copy(update={"periods": periods, "headcount": left, "minimum_headcount": least})


def _rng(seed: int, number: int) -> SplitMix64:
    """Random numbers of one of several days, which have nothing to do with those of another."""
    return SplitMix64(int.from_bytes(hashlib.sha256(f"{seed} day {number}".encode()).digest()[:8], "big"))


def _staying(
    rng: SplitMix64, spec: SampleSpec, morning: Morning, promised: Iterable[Promise]
) -> tuple[Worker, ...]:
    """Those who have not left for good; who walk in, at other times."""
    bound, found = {promise.worker_id for promise in promised}, []
    for worker in morning.workers:
        leaves, arrival = rng.chance(_LEAVING_PERCENT), spec.arrival(rng)
        if worker.id in bound or not leaves:
            walks_in = worker.arrived_at_min is not None and worker.arrived_at_min >= 0
            found.append(worker.model_copy(update={"arrived_at_min": arrival}) if walks_in else worker)
    return tuple(found)
