"""Paper: a slip for everybody who has work, and a list for everybody who calls names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.columns import Columns
from gigmatch.core.arrays import Float64Array, per_entry, row_owners
from gigmatch.errors import InvalidInputError
from gigmatch.evidence.eyes import people_told
from gigmatch.i18n import Told
from gigmatch.pages.figures import Day, days_of
from gigmatch.pages.html import render
from gigmatch.pages.shift_formatter import Offer, ShiftFormatter
from gigmatch.pages.words import Words

__all__ = ["PAPERS", "Paper", "calls_page", "slips_page"]

Paper = Literal["a4", "80mm"]
PAPERS = ("a4", "80mm")
_SHEETS: Mapping[Paper, str] = {"a4": "paper_a4", "80mm": "paper_80mm"}
_SCRIPTS: Mapping[Paper, str] = {"80mm": "roll"}

_MOST_SLIPS = 5_000
_MOST_LISTS = 2_000
_MOST_STAND_BYS = 5


@dataclass(frozen=True)
class Stop:
    """A shift of a day, as a slip tells it."""

    offer: Offer
    way: str
    """To it: from where they set out, or from the shift before and with the time until it begins."""
    bring: tuple[str, ...]
    insurance: str
    ask: tuple[str, ...]


@dataclass(frozen=True)
class Slip:
    """What one worker takes along."""

    worker_id: str
    name: str
    """Empty where none is known."""
    stops: tuple[Stop, ...]
    """Their shifts, in order of time."""
    in_all: str
    """How many shifts, and what they pay together; empty for one."""


@dataclass(frozen=True)
class Call:
    """Who is called for one shift: (who, arrival), in order of arrival."""

    offer: Offer
    filled: str
    names: tuple[tuple[str, str], ...]
    stand_bys: tuple[str, ...]
    told: str
    """Of stand-bys who are not listed."""


def slips_page(solved: SolvedMorning, minutes: Float64Array, words: Words, paper: Paper) -> str:
    """A slip for everybody placed; see ``gigmatch.pages.slips``."""
    formatter, days = _SlipFormatter(solved, words), days_of(solved)
    n, most = len(days), min(len(days), _MOST_SLIPS)
    return render(
        "slips.html",
        words,
        f"base slips {_SHEETS[paper]}",
        _SCRIPTS.get(paper),
        title=words("slips"),
        market=formatter.market,
        date=formatter.date,
        slips=[formatter.slip(day, float(minutes[day.places[0]])) for day in days[:most]],
        count=words("slips_count", slips=words.some("slips", most)) if most else words("no_slips"),
        cut=words("slips_cut", n=words.count(most), all=words.count(n)) if most < n else "",
    )


def calls_page(solved: SolvedMorning, words: Words, paper: Paper, employer: str | None) -> str:
    """A list per shift, of all or of one employer's; see ``gigmatch.pages.call_lists``."""
    formatter = _SlipFormatter(solved, words)
    order = _shifts_of(solved.columns, employer)
    stand_bys = _StandBys(solved)
    calls = [formatter.call(row, stand_bys, for_desk=employer is None) for row in order[:_MOST_LISTS]]
    most = len(calls)
    return render(
        "calls.html",
        words,
        f"base slips {_SHEETS[paper]}",
        _SCRIPTS.get(paper),
        title=words("calls"),
        market=formatter.market,
        date=formatter.date,
        calls=calls,
        count=words("calls_count", shifts=words.some("shifts", most)) if calls else words("no_calls"),
        cut=words("calls_cut", n=words.count(most), all=words.count(len(order))) if most < len(order) else "",
    )


def _shifts_of(columns: Columns, employer: str | None) -> list[int]:
    """Rows of all shifts, or of one employer's, in order of their start."""
    rows = np.argsort(columns.shifts.start_min, kind="stable")
    if employer is not None:
        if employer not in columns.employer_ids:
            raise InvalidInputError("unknown_id", kind=Told.of("words.employer"), id=employer)
        rows = rows[columns.shifts.employer[rows] == columns.employer_ids.index(employer)]
    return [*rows.tolist()]


class _SlipFormatter(ShiftFormatter):
    """Says what a worker or a caller needs."""

    def __init__(self, solved: SolvedMorning, words: Words) -> None:
        super().__init__(solved, words)
        self._offers: dict[int, Offer] = {}

    def offer(self, row: int) -> Offer:
        """As of every formatter, made once a shift."""
        if row not in self._offers:
            self._offers[row] = super().offer(row)
        return self._offers[row]

    def slip(self, day: Day, minutes: float) -> Slip:
        """The slip of one worker, who sets out so many minutes from the first shift."""
        ways = [self._way(minutes), *map(self._way_on, day.ways, day.free)]
        return Slip(
            worker_id=self.columns.worker_ids[day.worker],
            name=self.labels.worker_name[day.worker],
            stops=tuple(self._stop(day.worker, *at) for at in zip(day.shifts, ways, strict=True)),
            in_all=self._in_all(day),
        )

    def _stop(self, worker: int, shift: int, way: str) -> Stop:
        return Stop(
            offer=self.offer(shift),
            way=way,
            bring=tuple(self._bring(shift)),
            insurance=self._insurance(worker, shift),
            ask=tuple(self.ask(shift)),
        )

    def _in_all(self, day: Day) -> str:
        """How many shifts somebody has, and their pay; empty for one."""
        if len(day.shifts) == 1:
            return ""
        pay = round(float(self.shifts.pay_total[list(day.shifts)].sum()), 2)
        return self.words(
            "slip_in_all",
            shifts=self.words.some("shifts", len(day.shifts)),
            amount=self.words.money(pay, self.columns.currency),
        )

    def _way_on(self, minutes: float, free: int) -> str:
        """The way from one shift to the next, and the time until that begins."""
        until = self.words("slip_until", hours=self.words.hours(free / 60))
        if not np.isfinite(minutes):
            return until
        key = "slip_next_near" if minutes < 1 else "slip_next_way"
        return self.words.sentences([self.words(key, minutes=self.words.minutes(minutes)), until])

    def _way(self, minutes: float) -> str:
        """How long it takes to get there; empty where no way is known."""
        if not np.isfinite(minutes):
            return ""
        return (
            self.words("slip_near")
            if minutes < 1
            else self.words("slip_way", minutes=self.words.minutes(minutes))
        )

    def _bring(self, shift: int) -> list[str]:
        """Licences, then what meals, place and hazards ask for."""
        words, hazards = self.words, set(self.hazards(shift))
        told = [words("bring_credential", credential=name) for name in self.credentials(shift)]
        told.append(words("bring_water" if self.shifts.meals[shift] == 1 else "bring_food"))
        if self.shifts.outdoor[shift] == 1:
            told.append(words("bring_weather"))
        if hazards & {"heavy", "machinery", "height", "confined"}:
            told.append(words("bring_shoes"))
        if self.shifts.lodging[shift] == 1:
            told.append(words("bring_overnight"))
        return told

    def _insurance(self, worker: int, shift: int) -> str:
        """Whose cover counts, the first of market, employer and worker."""
        covers = {
            "market": self.columns.market_insurance,
            "employer": bool(self.shifts.insured[shift]),
            "own": bool(self.columns.workers.insured[worker]),
        }
        return self.words(f"insurance_{next((who for who, given in covers.items() if given), 'none')}")

    def call(self, shift: int, stand_bys: _StandBys, for_desk: bool) -> Call:
        """The list of one shift; an employer learns who stands by only once they come."""
        placed = self.solved.worker[self.solved.shift == shift].tolist()
        arrived = map(self.arrival, placed)
        return Call(
            offer=self.offer(shift),
            filled=self.words(
                "calls_seats",
                filled=self.words.count(int(self.solved.filled[shift])),
                seats=self.words.some("seats", int(self.shifts.capacity[shift])),
            ),
            names=tuple(
                (self._reachable(row) if for_desk else self.person(row), self.clock(minute))
                for row, minute in zip(placed, arrived, strict=True)
            ),
            stand_bys=tuple(map(self._reachable, stand_bys.of(shift))) if for_desk else (),
            told=self.words("calls_no_stand_bys")
            if for_desk
            else self._some_stand_by(stand_bys.count(shift)),
        )

    def _some_stand_by(self, people: int) -> str:
        """How many there are, as an employer may know."""
        told = people_told(people)
        return self.words("calls_ask_desk" if told is None else "calls_some_stand_by", n=told)

    def _reachable(self, worker: int) -> str:
        """Who it is, and how to reach them."""
        return self.reached(self.labels.worker_contact[worker], self.person(worker))


class _StandBys:
    """Workers without a shift who are eligible for one, alone: of most points first, then by arrival."""

    def __init__(self, solved: SolvedMorning) -> None:
        eligible, columns = solved.eligible, solved.columns
        alone = solved.is_waiting & (columns.workers.companions < 0)  # nobody comes without their companions
        free = per_entry(alone, eligible.indptr)
        worker = row_owners(eligible.indptr)[free]
        shift, points = eligible.shift[free], eligible.points[free]
        order = np.lexsort((worker, -points, shift))
        self._worker = worker[order]
        self._start = np.searchsorted(shift[order], np.arange(columns.n_shifts + 1))

    def of(self, shift: int) -> list[int]:
        """Rows of a few."""
        low, high = self._start[shift : shift + 2].tolist()
        rows: list[int] = self._worker[low : min(high, low + _MOST_STAND_BYS)].tolist()
        return rows

    def count(self, shift: int) -> int:
        """How many there are."""
        return int(self._start[shift + 1] - self._start[shift])
