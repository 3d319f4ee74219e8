"""What a shift offers, in words: where, when, what it pays; for boards, slips and lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.columns import HAZARDS, SETTLEMENTS
from gigmatch.core.arrays import BitWords
from gigmatch.model import MINUTES_PER_DAY
from gigmatch.model.clock import SecondTime
from gigmatch.model.pay import PAY_UNITS
from gigmatch.pages.figures import Places, places_of
from gigmatch.pages.words import Words

__all__ = ["Offer", "ShiftFormatter"]

_MOST_SPANS = 12
_MOST_DAYS = 5  # that are listed where they do not follow one another
_BEST_RANK = 6
_ORDINARY_TIER = 5  # of a shift that says nothing about it


@dataclass(frozen=True)
class Offer:
    """One shift, ready to be written."""

    id: str
    work: str
    """Skills asked for, with their levels."""
    title: str
    """What people call the work, else the leading skill alone; for large letters."""
    is_titled: bool
    """Whether people call it something else than by its skill."""
    level: str
    """What the title leaves out of ``work``; empty where that is nothing."""
    seats: int
    open_seats: int
    missing: str
    """How many people it lacks to take place, by itself and with its crew; empty where it does."""
    urgent: bool
    """Whether it is more urgent than an ordinary shift."""
    where: str
    address: str
    """How people find it, where that is known and says more."""
    when: tuple[str, ...]
    pay: str
    """In its own unit."""
    pay_in_all: str
    """For the whole shift, where that says more; else empty."""
    settlement: str
    credentials: tuple[str, ...]
    hazards: tuple[str, ...]
    extras: tuple[str, ...]
    """Meals, lodging and cover, as far as they are provided."""


class ShiftFormatter:
    """Says things about the shifts and workers of one morning, in one language.

    Parameters
    ----------
    solved : SolvedMorning
        An assignment with its morning.
    words : Words
        The language.
    says_today : bool
        Whether the morning's day and the next are called so, for those who read it on that day.
    """

    def __init__(self, solved: SolvedMorning, words: Words, *, says_today: bool = False) -> None:
        self.solved, self.words, self.says_today = solved, words, says_today
        self.columns, self.shifts = solved.columns, solved.columns.shifts
        self.labels = solved.labels

    @cached_property
    def places(self) -> Places:
        """Stations or areas."""
        return places_of(self.solved)

    def offer(self, row: int) -> Offer:
        """Everything about one shift."""
        words = self.words
        provided = (
            ("meals", self.shifts.meals),
            ("lodging", self.shifts.lodging),
            ("insured", self.shifts.insured),
        )
        where, address = self.where(row), self.labels.shift_address[row]
        return Offer(
            id=self.columns.shift_ids[row],
            work=self.work(row),
            title=self.title(row),
            is_titled=bool(self.labels.shift_title[row]),
            level=self._level(row),
            seats=int(self.shifts.capacity[row]),
            open_seats=int(self.solved.open[row]),
            missing=self.missing(row),
            urgent=bool(self.shifts.tier[row] < _ORDINARY_TIER),
            where=where,
            address="" if address == where else address,
            when=self.when(row),
            pay=self.pay(row)[0],
            pay_in_all=self.pay(row)[1],
            settlement=self.settlement(row),
            credentials=self.credentials(row),
            hazards=tuple(words.known(f"hazards.{name}", name) for name in self.hazards(row)),
            extras=tuple(words(name) for name, given in provided if given[row] == 1),
        )

    @property
    def market(self) -> str:
        """Name of the market."""
        stations = self.labels.stations
        unnamed = stations.ids[0] if stations else self.words("market_unnamed")
        return self.labels.market_name or unnamed

    @property
    def date(self) -> str:
        """The morning's date with its year."""
        return self.day(0, year=True)

    # -- what ------------------------------------------------------------------------------------------------

    def name(self, row: int) -> str:
        """What people call a shift: where it is, what it is and when it begins."""
        return self.words("shift_name", where=self.where(row), work=self.title(row), start=self.start(row))

    def title_and_work(self, row: int) -> str:
        """What people call the work, and the skills that it asks for."""
        title, work = self.labels.shift_title[row], self.work(row)
        return f"{title} · {work}" if title else work

    def title(self, row: int) -> str:
        """What people call the work, else its leading skill."""
        return self.labels.shift_title[row] or self.solved.skill_of(row) or self.words("no_skill")

    def work(self, row: int) -> str:
        """The skills that a shift asks for, and their least levels."""
        needs = self.columns.skill_needs
        every = [self._skill(*needs[bit]) for bit in _bits(self.shifts.skills_all, row)]
        one_of = [self._skill(*needs[bit]) for bit in _bits(self.shifts.skills_any, row)]
        if one_of:
            every.append(self.words("either").join(one_of))
        return self.words.listed(every) or self.words("no_skill")

    def _level(self, row: int) -> str:
        """The least level of a single skill; all of the skills where there are several, or a title."""
        bits = [*_bits(self.shifts.skills_all, row), *_bits(self.shifts.skills_any, row)]
        if len(bits) != 1 or self.labels.shift_title[row]:
            return self.work(row) if bits else ""
        rank = self.columns.skill_needs[bits[0]][1]
        return self.words("least_level", level=_BEST_RANK - rank) if rank > 1 else ""

    def _skill(self, code: str, rank: int) -> str:
        name = self.solved.skill_names.get(code, code)
        return name if rank <= 1 else self.words("level", skill=name, level=_BEST_RANK - rank)

    def crew(self, row: int) -> str:
        """What people call the crew that a shift belongs to; empty where it belongs to none."""
        return self.labels.shift_crew[row]

    def missing(self, row: int) -> str:
        """How many people a shift lacks to take place, and its crew; empty where it takes place."""
        words, number = self.words, int(self.shifts.crew[row])
        if number >= 0:
            people = int(self.solved.missing[self.shifts.crew == number].sum())
            told = words("crew_missing", crew=self.crew(row), people=words.some("people", people))
        else:
            people, least = int(self.solved.missing[row]), int(self.shifts.minimum_headcount[row])
            told = words(
                "people_missing", least=words.some("people", least), people=words.some("people", people)
            )
        return told if people else ""

    def credentials(self, row: int) -> tuple[str, ...]:
        """The licences and certificates that a shift asks for."""
        kinds = (self.columns.credential_needs[bit][0] for bit in _bits(self.shifts.credentials_all, row))
        return tuple(self.words.known(f"credentials.{kind}", kind) for kind in kinds)

    def hazards(self, row: int) -> tuple[str, ...]:
        """Names of a shift's hazards."""
        bits = int(self.shifts.hazards[row])
        return tuple(name for bit, name in enumerate(HAZARDS) if bits >> bit & 1)

    # -- where -----------------------------------------------------------------------------------------------

    def where(self, row: int) -> str:
        """The name of the place or its address, else how far from the nearest station, else the area."""
        if known := self.labels.shift_place[row] or self.labels.shift_address[row]:
            return known
        place = int(self.places.of_shift[row])
        name = self.place(place)
        if not self.places.are_stations:
            return name
        km = float(np.sqrt(((self.places.shifts_at[row] - self.places.at[place]) ** 2).sum()))
        return self.words("about_km_from" if km >= 0.5 else "near", place=name, km=f"{km:,.1f}")

    def place(self, place: int) -> str:
        """Name of a station or an area; the market's own where there is no other place."""
        name = self.places.names[place] or self.market
        return name if self.places.are_stations else self.words("area", name=name)

    # -- when ------------------------------------------------------------------------------------------------

    def start(self, row: int) -> str:
        """The time at which a shift begins, with its day where that is another than the morning's."""
        return self.clock(self.start_minute(row))

    def start_minute(self, row: int) -> int:
        """The same in minutes since the morning's midnight, as clocks show them."""
        return self.columns.clock.shown(int(self.shifts.start_min[row]))

    def when(self, row: int) -> tuple[str, ...]:
        """Days and times, days of equal times together; a flexible shift's minutes at the end."""
        days: dict[tuple[tuple[int, int], ...], list[int]] = {}
        spans_of_day: dict[int, list[tuple[int, int]]] = {}
        low, high = self.shifts.periods.indptr[row : row + 2].tolist()
        for at in range(low, high):
            bounds = (self.shifts.periods.start[at], self.shifts.periods.end[at])
            start, end = (self.columns.clock.shown(int(minute)) for minute in bounds)
            day = start // MINUTES_PER_DAY
            spans_of_day.setdefault(day, []).append((_on_day(start, day), _on_day(end, day)))
        for day, spans in sorted(spans_of_day.items()):
            days.setdefault(tuple(sorted(spans)), []).append(day)
        told = [
            self.words(
                "on_days", days=self._days(which), spans=self.words.listed([self._span(s) for s in spans])
            )
            for spans, which in days.items()
        ]
        if len(told) > _MOST_SPANS:
            told[_MOST_SPANS:] = [self.words("more", n=len(told) - _MOST_SPANS)]
        if self.shifts.flexible[row]:
            told.append(self.words("flexible", hours=self.words.hours(float(self.shifts.hours[row]))))
        return tuple(told)

    def _days(self, days: Sequence[int]) -> str:
        first, last = self.day(days[0]), self.day(days[-1])
        on_end = len(days) == days[-1] - days[0] + 1
        if len(days) <= 2 or (len(days) <= _MOST_DAYS and not on_end):
            return self.words.listed([self.day(day) for day in days])
        template = (
            "days_between" if on_end else "mondays_to_fridays" if self._are_weekdays(days) else "days_within"
        )
        return self.words(template, n=len(days), first=first, last=last)

    def _are_weekdays(self, days: Sequence[int]) -> bool:
        """Whether they are every Monday to Friday between the first and the last."""
        return list(days) == [day for day in range(days[0], days[-1] + 1) if self._date(day).weekday() < 5]

    def _span(self, span: tuple[int, int]) -> str:
        return self.words("span", start=self._clock(span[0]), end=self._end(span[1]))

    def _clock(self, minute: int) -> str:
        hours, minutes = divmod(minute % MINUTES_PER_DAY, 60)
        told = f"{hours:02}:{minutes:02}"
        return self.words("second_time", clock=told) if isinstance(minute, SecondTime) else told

    def _end(self, minute: int) -> str:
        days, clock = (minute - 1) // MINUTES_PER_DAY, self._clock(minute)
        if days == 0:
            return "24:00" if minute == MINUTES_PER_DAY else clock
        return (
            self.words("next_day", clock=clock)
            if days == 1
            else self.words("days_later", clock=clock, n=days)
        )

    def day(self, offset: int, *, year: bool = False) -> str:
        """A day, counted from the morning's."""
        words, date = self.words, self._date(offset)
        if offset in (0, 1) and self.says_today and not year:
            return words("tomorrow" if offset else "today")
        weekday, month = words("weekdays").split()[date.weekday()], words("months").split()[date.month - 1]
        parts = {"weekday": weekday, "d": date.day, "month": month, "m": date.month, "y": date.year}
        return words("date" if year else "day", **parts)

    def _date(self, offset: int) -> dt.date:
        return self.columns.clock.date + dt.timedelta(offset)

    def clock(self, minute: int | None) -> str:
        """A time of the morning's day, of the day before, or with its date."""
        if minute is None:
            return "–"
        day = minute // MINUTES_PER_DAY
        if day == -1:
            return self.words("yesterday", clock=self._clock(minute))
        return self._clock(minute) if day == 0 else f"{self.day(day)} {self._clock(minute)}"

    # -- what it pays ----------------------------------------------------------------------------------------

    def pay(self, row: int) -> tuple[str, str]:
        """The pay in its own unit, and in all where that says more."""
        words, currency = self.words, self.columns.currency
        total = words("pay_shift", amount=words.money(round(float(self.shifts.pay_total[row]), 2), currency))
        offered = self.labels.offered_pay
        unit = PAY_UNITS[offered.unit[row]] if offered else "shift"
        if offered is None or unit == "shift":
            return total, ""
        by_unit = words(f"pay_{unit}", amount=words.money(float(offered.amount[row]), currency))
        one_day = unit == "day" and self.shifts.days[row] == 1
        return by_unit, "" if one_day else total

    def settlement(self, row: int) -> str:
        """When it pays."""
        code = int(self.shifts.settlement[row])
        return self.words(f"settle_{SETTLEMENTS[code] if code >= 0 else 'unknown'}")

    # -- who -------------------------------------------------------------------------------------------------

    def ask(self, row: int) -> list[str]:
        """Whom to ask: the broker, the employer, the desk, with how to reach them."""
        labels, told = self.labels, []
        broker = int(self.shifts.broker[row])
        if broker >= 0:
            name = labels.broker_name[broker] or self.columns.broker_ids[broker]
            licence = labels.broker_licence[broker]
            template = "ask_broker_licence" if licence else "ask_broker"
            who = self.words(template, name=name, licence=licence)
            told.append(self.reached(labels.broker_contact[broker], who))
        employer = int(self.shifts.employer[row])
        name = labels.employer_name[employer] or self.columns.employer_ids[employer]
        told.append(self.reached(labels.employer_contact[employer], self.words("ask_employer", name=name)))
        if labels.stations is not None or labels.market_name:
            told.append(self.reached(labels.market_contact, self.words("ask_desk", name=self.market)))
        return told

    def reached(self, contact: str, who: str) -> str:
        """Somebody, and how to reach them where that is known."""
        return self.words("with_contact", who=who, contact=contact) if contact else who

    def arrival(self, worker: int) -> int | None:
        """When somebody came, in minutes since the morning's midnight, as clocks show them; None unknown."""
        minute = float(self.columns.workers.arrived_at_min[worker])
        return None if np.isnan(minute) else self.columns.clock.shown(int(minute))

    def person(self, worker: int) -> str:
        """Name and id of a worker; the id alone where no name is known."""
        name, key = self.labels.worker_name[worker], self.columns.worker_ids[worker]
        return self.words("person", name=name, id=key) if name else key


def _bits(words: BitWords, row: int) -> list[int]:
    """Positions of the bits that are set in a row."""
    in_row = (int(word[row]) for word in words)
    return [
        64 * at + bit for at, word in enumerate(in_row) for bit in range(word.bit_length()) if word >> bit & 1
    ]


def _on_day(time: int, day: int) -> int:
    """A time of the clock, counted from the midnight of a day."""
    return type(time)(time - day * MINUTES_PER_DAY)
