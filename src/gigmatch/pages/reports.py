"""The report of a morning: its figures, pictures, shortages, advice, warnings and terms, in one page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import takewhile
from typing import Any, Literal, NamedTuple

import numpy as np

from gigmatch.assignment import OpenShift, RuleWarning, Summary
from gigmatch.core.arrays import BoolArray, IndexArray
from gigmatch.evidence import Advice, NoEligibleWorker
from gigmatch.explaining import Adviser, Explainer
from gigmatch.messages import in_words
from gigmatch.pages.figures import (
    Bins,
    Tally,
    View,
    bins,
    fill_by_hour,
    fill_by_place,
    fill_by_skill,
    labels,
    pay_per_day,
    sketch,
)
from gigmatch.pages.html import render
from gigmatch.pages.offers import Teller
from gigmatch.pages.plot import pay as plot_pay
from gigmatch.pages.plot import travel as plot_travel
from gigmatch.pages.shortages import Shortage, Shortages
from gigmatch.pages.svg import scale_bar, svg_of
from gigmatch.pages.words import Words
from gigmatch.pairing.levels import level_words
from gigmatch.pairing.policy import POINTS_SCALE

__all__ = ["AUDIENCES", "Audience", "report_page"]

Audience = Literal["worker", "employer", "manager", "auditor"]
AUDIENCES = ("worker", "employer", "manager", "auditor")

_LEAST_PEOPLE = 5  # of a way on the map, for eyes that must not tell anybody
_MOST_SETS = 6
_MOST_OPEN = 24
_MOST_REASONS = 6
_MOST_PAIRS = 6
_MOST_ROWS = 40
_LARGEST_ADVISED = 5_000
_LONGEST_TRANSPORT_MIN = 60
_TRIES = 3  # shifts asked about for each that is told of


class Cell(NamedTuple):
    """One headline figure, and the same of first come, first served."""

    name: str
    value: str
    baseline: str


class Row(NamedTuple):
    """A row of a table with a bar."""

    name: str
    figures: tuple[str, ...]
    share: float
    """0 to 1."""
    written: str


class ShortSet(NamedTuple):
    """A set of shifts, or of people, that proves a shortage by being counted."""

    title: str
    text: str
    skills: str


def report_page(view: View, explainer: Explainer, words: Words, audience: Audience, advice: int) -> str:
    """The whole page; see ``gigmatch.pages.report``."""
    return _Report(view, explainer, words, audience, advice).page()


class _Report:
    def __init__(
        self, view: View, explainer: Explainer, words: Words, audience: Audience, advice: int
    ) -> None:
        self.view, self.explainer, self.words = view, explainer, words
        self.audience, self.advice = audience, advice
        self.assignment, self.columns = view.assignment, view.columns
        self.teller = Teller(view, words)
        self.shows_people = audience in ("manager", "auditor")

    def page(self) -> str:
        title = self.words("report")
        return render(
            "report.html",
            self.words,
            "base report",
            title=title,
            market=self._market(),
            date=self.teller.day(0, year=True) if self.view.morning else "",
            proved=self.assignment.status == "optimal",
            audience="" if self.shows_people else self.words(f"audience_{self.audience}"),
            lead=self._lead(),
            cells=self._cells(),
            tiers=self._tiers(),
            map=self._map(),
            fills=self._fills(),
            plots=self._plots(),
            shortages=self._shortages(),
            advised=self._advised(),
            warnings=self._warnings(),
            terms=self._terms(),
        )

    # -- head and figures ------------------------------------------------------------------------------------

    def _market(self) -> str:
        morning = self.view.morning
        return (morning.market.name or morning.market.id) if morning else self.words("market_unnamed")

    def _lead(self) -> str:
        summary, n = self.assignment.summary, self.words.count
        return self.words.one_or_more("lead", summary.placements).format(
            placements=n(summary.placements),
            people=self.words.some("people", summary.workers),
            filled=n(summary.placements),
            seats=self.words.some("seats", summary.seats),
            shifts=self.words.some("shifts", summary.shifts),
            baseline=n(self.assignment.baseline.placements),
        )

    def _cells(self) -> list[Cell]:
        written: dict[str, Callable[[Summary], str]] = {
            "placements": lambda s: self.words.count(s.placements),
            "seats_filled": lambda s: self.words.share(s.placements, s.seats),
            "mean_points": lambda s: "–" if s.mean_points is None else f"{s.mean_points:.1f}",
            "wages": lambda s: self.words.money(round(s.wages_offered), self.columns.currency),
            "travel": lambda s: self.words.minutes(s.median_travel_min),
            "open_shifts": lambda s: self.words.count(s.open_shifts),
        }
        ours, greedy = self.assignment.summary, self.assignment.baseline
        return [Cell(self.words(key), write(ours), write(greedy)) for key, write in written.items()]

    def _tiers(self) -> list[Row]:
        return [
            self._row(self.words("tier_1") if tier == 1 else str(tier), filled, seats)
            for tier, (filled, seats) in self.assignment.summary.seats_by_tier.items()
        ]

    def _row(self, name: str, filled: int, seats: int, *more: int) -> Row:
        figures = (seats, filled, seats - filled, *more)
        share = filled / seats if seats else 0.0
        return Row(name, tuple(map(self.words.count, figures)), share, self.words.share(filled, seats))

    # -- map -------------------------------------------------------------------------------------------------

    def _map(self) -> dict[str, Any] | None:
        places, words = self.teller.places, self.words
        if not places.names:
            return None
        drawn = sketch(self.view, places, least_people=1 if self.shows_people else _LEAST_PEOPLE)
        names = _without_ending(places.names)
        km, length = scale_bar(drawn)
        placements = words.some("placements", len(self.view.placed))
        notes = [words("map_people", shown=words.count(drawn.people), placements=placements)]
        if not self.shows_people:
            notes.append(words("map_few", n=_LEAST_PEOPLE))
        if drawn.shifts_outside:
            notes.append(words("map_outside", shifts=words.some("shifts", drawn.shifts_outside)))
        return {
            "drawn": drawn,
            "broadest": max((flow.people for flow in drawn.flows), default=1),
            "most_seats": max((dot.seats for dot in drawn.dots), default=1),
            "wide": labels(drawn, names, 15),
            "narrow": labels(drawn, names, 30),
            "are_stations": places.are_stations,
            "km": words("km", n=f"{km:g}"),
            "length": length,
            "label": words(
                "map_label",
                places=words.some("places", len(places.names)),
                shifts=words.some("shifts", self.columns.n_shifts),
                people=words.some("people", drawn.people),
            ),
            "notes": words("sentence_gap").join(notes),
        }

    # -- fill ------------------------------------------------------------------------------------------------

    def _fills(self) -> list[dict[str, Any]]:
        words, places = self.words, self.teller.places
        seats_head = tuple(words(key) for key in ("seats", "filled", "open"))
        by_skill = self._tally_rows(fill_by_skill(self.view))
        by_hour = self._tally_rows(fill_by_hour(self.view))
        kind = "place" if places.are_stations else "area"
        return [
            self._table("by_skill", "skill", seats_head, "share", by_skill),
            self._table("by_hour", "hour", seats_head, "share", by_hour),
            self._table(
                f"by_{kind}",
                "place" if places.are_stations else "area_head",
                tuple(words(key) for key in ("people", "placed", "seats_near", "open_near")),
                "share_placed",
                list(self._place_rows()),
            ),
        ]

    def _table(
        self, title: str, first: str, heads: Sequence[str], share: str, rows: list[Row]
    ) -> dict[str, Any]:
        cut = len(rows) - _MOST_ROWS
        return {
            "title": self.words(title),
            "first": self.words(first),
            "heads": heads,
            "share": self.words(share),
            "rows": rows[:_MOST_ROWS],
            "more": self._more(cut),
        }

    def _more(self, n: int) -> str:
        """How many rows a table leaves out; empty where it has all."""
        return self.words.one_or_more("more_rows", n).format(n=self.words.count(n)) if n > 0 else ""

    def _tally_rows(self, tallies: Iterable[Tally]) -> list[Row]:
        return [
            self._row(tally.name or self.words("no_skill"), tally.filled, tally.seats) for tally in tallies
        ]

    def _place_rows(self) -> Iterator[Row]:
        rows = list(enumerate(fill_by_place(self.view, self.teller.places)))
        for place, row in sorted(rows, key=lambda entry: -entry[1].workers):
            few = not self.shows_people and 0 < row.workers < _LEAST_PEOPLE
            hidden = self.words.share(0, 0)
            people = (
                (hidden, hidden) if few else (self.words.count(row.workers), self.words.count(row.placed))
            )
            seats = (self.words.count(row.seats), self.words.count(row.seats - row.filled))
            share = row.placed / row.workers if row.workers and not few else 0.0
            written = hidden if few else self.words.share(row.placed, row.workers)
            yield Row(self.teller.place(place), (*people, *seats), share, written)

    # -- distributions ---------------------------------------------------------------------------------------

    def _plots(self) -> list[dict[str, str]]:
        words, currency = self.words, self.columns.currency

        def pay(axes: Any) -> None:
            plot_pay(self.assignment, axes, morning=self.view.source)

        def travel(axes: Any) -> None:
            plot_travel(self.assignment, axes)

        def money(amount: float) -> str:
            return words.money(round(amount), currency)

        pay_axis = words("pay_axis", currency=words.currency(currency))
        return [
            self._plot("pay_title", pay_axis, pay, bins(pay_per_day(self.view)), money),
            self._plot(
                "travel_title", words("travel_axis"), travel, bins(self.assignment.minutes), words.minutes
            ),
        ]

    def _plot(
        self, key: str, axis: str, draw: Callable[[Any], None], found: Bins, write: Callable[[float], str]
    ) -> dict[str, str]:
        words = self.words
        label, axes = self._histogram_label(words(key), found, write), (axis, words("people_axis"))
        notes = [] if found.median is None else [words("median", value=write(found.median))]
        if found.beyond:
            notes.append(words("no_way_known", n=words.count(found.beyond)))
        return {
            "title": words(key),
            "svg": svg_of(key, draw, label, axes),
            "note": words("sentence_gap").join(notes),
        }

    def _histogram_label(self, title: str, found: Bins, write: Callable[[float], str]) -> str:
        if found.median is None:
            return self.words("histogram_empty", title=title)
        top = int(found.counts.argmax())
        low, high = found.edges[top : top + 2].tolist()
        return self.words(
            "histogram_label",
            title=title,
            people=self.words.some("people", int(found.counts.sum())),
            median=write(found.median),
            most=self.words.count(int(found.counts[top])),
            low=write(low),
            high=write(high),
        )

    # -- shortages -------------------------------------------------------------------------------------------

    @cached_property
    def _open(self) -> list[OpenShift]:
        """Shifts with empty seats, the most first, then by id."""
        return sorted(self.assignment.open_shifts, key=lambda shift: (-shift.open_seats, shift.shift_id))

    def _shortages(self) -> dict[str, Any]:
        words = self.words
        seats = sum(shift.open_seats for shift in self._open)
        people = len(self.assignment.shift) - len(self.view.placed)
        proved = self.assignment.status == "optimal"
        lead = words(
            "shortages_lead" if proved else "shortages_unproved",
            seats=words.some("seats", seats),
            shifts=words.some("shifts", len(self._open)),
            people=words.some("people", people),
        )
        return {
            "lead": lead if seats or people else words("no_shortage"),
            "sets": [*self._short_of_workers(), *self._nobody(), *self._short_of_seats(), *self._unfit()],
            "others": self._others,
            "open": [self._open_row(shift) for shift in self._open[:_MOST_OPEN]],
            "more": self._more(len(self._open) - _MOST_OPEN),
        }

    def _open_row(self, shift: OpenShift) -> tuple[str, ...]:
        row = self.columns.shift_row[shift.shift_id]
        seats = (shift.open_seats, shift.eligible_workers)
        figures = (self.words.count(figure) for figure in seats)
        return (shift.shift_id, self.teller.work(row), self.teller.where(row), *figures)

    @cached_property
    def _others(self) -> list[str]:
        """Reasons in words that are no set to be counted; filled while the sets are looked for."""
        return []

    def _say(self, reason: Any) -> None:
        said = self._told(reason.seen_by(self.audience))
        if said not in self._others and len(self._others) < _MOST_REASONS:
            self._others.append(said)

    def _told(self, reason: Any) -> str:
        """In words, skills and stations by their names."""
        return in_words(reason, self.words.language, self.view.source)

    @cached_property
    def _counts(self) -> Shortages:
        return Shortages(self.explainer.facts.problem, self.assignment.solution.shift)

    def _short_of_workers(self) -> Iterator[ShortSet]:
        """Sets of seats with too few people, until every open shift that some may take is in one."""
        covered = np.zeros(self.columns.n_shifts, dtype=bool)
        asked = 0
        for shift in self._open:
            row = self.columns.shift_row[shift.shift_id]
            if not shift.eligible_workers or covered[row] or asked == _MOST_SETS:
                continue
            asked += 1
            found = self._counts.of_workers(row)
            if found is None:
                self._say(self.explainer.why_empty(shift.shift_id))
            else:
                covered |= found.shifts
                text = self._counted("too_few_workers_text", found, "seats", found.seats - found.people)
                yield self._set("too_few_workers", text, found.shifts)

    def _nobody(self) -> Iterator[ShortSet]:
        nobody = [shift for shift in self._open if not shift.eligible_workers]
        if not nobody:
            return
        seats = sum(shift.open_seats for shift in nobody)
        figures = {"seats": self.words.some("seats", seats), "shifts": self.words.some("shifts", len(nobody))}
        skills = self._skills(np.array([self.columns.shift_row[shift.shift_id] for shift in nobody]))
        yield ShortSet(self.words("nobody_eligible"), self.words("nobody_eligible_text", **figures), skills)
        for shift in nobody[: _MOST_REASONS // 2]:
            reason = self.explainer.why_empty(shift.shift_id)
            if isinstance(reason, NoEligibleWorker):
                self._say(reason)

    def _short_of_seats(self) -> Iterator[ShortSet]:
        """Sets of people with too few seats, of those who could work somewhere."""
        covered = np.zeros(self.columns.n_workers, dtype=bool)
        asked = 0
        for worker in self.assignment.unplaced:
            row = self.columns.worker_row[worker.worker_id]
            if not worker.eligible_shifts or covered[row] or asked == _MOST_SETS:
                continue
            asked += 1
            found = self._counts.of_seats(row)
            if found is not None:
                covered |= found.workers
                text = self._counted("too_few_seats_text", found, "people", found.people - found.seats)
                yield self._set("too_few_seats", text, found.shifts)
            elif self.shows_people:
                self._say(self.explainer.why_unplaced(worker.worker_id))

    def _set(self, title: str, text: str, shifts: BoolArray) -> ShortSet:
        return ShortSet(self.words(title), text, self._skills(np.flatnonzero(shifts)))

    def _unfit(self) -> Iterator[ShortSet]:
        people = sum(not worker.eligible_shifts for worker in self.assignment.unplaced)
        if people:
            text = self.words("no_shift_eligible_text", people=self.words.some("people", people))
            yield ShortSet(self.words("no_shift_eligible"), text, "")

    def _counted(self, key: str, found: Shortage, what: str, gap: int) -> str:
        return self.words(
            key,
            people=self.words.some("people", found.people),
            seats=self.words.some("seats", found.seats),
            shifts=self.words.some("shifts", int(found.shifts.sum())),
            gap=self.words.some(what, gap),
        )

    def _skills(self, rows: IndexArray) -> str:
        """The skills that most of some shifts' seats ask for."""
        codes = self.columns.shifts.leading_skill[rows]
        seats = np.bincount(codes[codes >= 0], self.columns.shifts.capacity[rows[codes >= 0]])
        order = [k for k in np.argsort(-seats, kind="stable").tolist() if seats[k]]
        if not order:
            return ""
        names = [
            self.words(
                "in_brackets",
                name=self.view.skill_names[self.columns.skill_codes[k]],
                value=self.words.count(seats[k]),
            )
            for k in order
        ]
        return self.words("skills_concerned", skills=self.words.listed(names, 4))

    # -- advice ----------------------------------------------------------------------------------------------

    def _advised(self) -> dict[str, Any] | None:
        """What would help; None for eyes that may not see whom it names."""
        if not self.shows_people:
            return None
        why_not = self._no_advice()
        if why_not:
            return {"none": why_not, "fill": [], "training": ""}
        adviser = Adviser(self.explainer)
        advice = [_sensible(adviser.fill(s.shift_id)) for s in self._open[: _TRIES * self.advice]]
        best = sorted((one for one in advice if one.options), key=_effort)[: self.advice]
        fill = [self._told(one) for one in best]
        plan = adviser.train(self.advice)
        training = self._told(plan) if plan.lessons else ""
        none = "" if fill or training else self.words("advice_none")
        return {"none": none, "fill": fill, "training": training}

    def _no_advice(self) -> str:
        """Why there is no advice; empty where there is."""
        if not self.advice:
            return self.words("advice_off")
        if self.view.morning is None:
            return self.words("advice_columns")
        if self.assignment.status != "optimal":
            return self.words("advice_unproved")
        if self.columns.n_workers > _LARGEST_ADVISED:
            return self.words("advice_large", n=self.words.count(self.columns.n_workers))
        return ""

    # -- warnings and terms ----------------------------------------------------------------------------------

    def _warnings(self) -> list[dict[str, Any]]:
        def whom(pairs: Sequence[tuple[str, str]]) -> list[str]:
            if not self.shows_people:
                return []
            told = [self.words("pair", worker=worker, shift=shift) for worker, shift in pairs]
            more = [self.words("more", n=len(told) - _MOST_PAIRS)] if len(told) > _MOST_PAIRS else []
            return [*told[:_MOST_PAIRS], *more]

        return [
            {
                "rule": self._broken(warning),
                "count": self.words.count(len(warning.pairs)),
                "whom": whom(warning.pairs),
            }
            for warning in self.assignment.warnings
        ]

    def _broken(self, warning: RuleWarning) -> str:
        """What it means that a rule is broken."""
        said = self.words.known("rule", warning.rule)
        return self.words("rule_own", sentence=warning.sentence) if said == warning.rule else said

    def _terms(self) -> dict[str, Any]:
        assignment, words = self.assignment, self.words
        parts = assignment.points_by_scorer
        means = parts.mean(axis=0) / POINTS_SCALE if len(parts) else np.zeros(len(assignment.scorers))
        scorers = [
            (words.known("scorer", entry["name"]), f"{entry['weight']:g}", f"{mean:.1f}")
            for entry, mean in zip(assignment.policy["scorers"], means.tolist(), strict=True)
        ]
        stopped = words.known("stopped", assignment.solution.stopped)
        gap = words.points(assignment.solution.gap / POINTS_SCALE)
        proved = assignment.status == "optimal"
        promises = {
            "kept": words.some("pairs", len(assignment.keep)),
            "barred": words.count(len(assignment.forbid)),
        }
        return {
            "aims": self._aims(),
            "scorers": scorers,
            "seed": words("seed", seed=assignment.policy["seed"]),
            "promises": words("promises", **promises) if assignment.keep or assignment.forbid else "",
            "certificate": words("certificate_lead")
            if proved
            else words("certificate_open", gap=gap, stopped=stopped),
            "proofs": self._proofs(),
            "solver": words("solver_told", solver=assignment.solution.solver),
            "digest": assignment.morning_digest,
        }

    def _aims(self) -> str:
        """What was wanted, in order."""
        policy = self.assignment.policy
        if "levels" not in policy:
            return self.words(f"policy_{policy['objective']}")
        *levels, _ = level_words(policy, self.words.language).values()
        return self.words("policy_own", levels=self.words("then").join(levels))

    def _proved(self, level: str) -> str:
        """What the certificate of a level proves."""
        said = self.words.known("proof", level)
        own = level_words(self.assignment.policy, self.words.language)
        return self.words("proof_own", level=own[level]) if said == level else said

    def _proofs(self) -> list[tuple[str, str, str]]:
        """What each level proves, the sum of its prices in its last round, and its rounds."""
        problem, found = self.explainer.facts.problem, dict[str, tuple[int, int]]()
        for proof in self.assignment.certificates:
            found[proof.level] = proof.bound(problem), found.get(proof.level, (0, 0))[1] + 1
        return [
            (
                self._proved(level),
                self.words.count(total) if total < 1e15 else str(total),
                str(rounds),
            )
            for level, (total, rounds) in found.items()
        ]


def _sensible(found: Advice) -> Advice:
    """Without transport so far that nobody would take it for a day's work."""
    options = [o for o in found.options if o.kind != "transport" or o.size <= _LONGEST_TRANSPORT_MIN]
    return found.model_copy(update={"options": tuple(options)})


def _effort(found: Advice) -> tuple[bool, float]:
    """Pay first, then by the smallest change."""
    return "higher pay" not in {o.kind for o in found.options}, min(o.size for o in found.options)


def _without_ending(names: Sequence[str]) -> list[str]:
    """Names of stations without the words that all of them end in, so that the map has room; the market's as
    it is. In Chinese a word is two characters at least.
    """
    market, stations = names[:1], names[1:]
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*map(reversed, stations), strict=False))
    ending = "".join(letters[0] for letters in alike)[::-1] if len(stations) > 1 else ""
    if ending < "\u2e80":
        ending = ending[ending.find(" ") :] if " " in ending else ""
    if len(ending) < 2 or ending in stations:
        return list(names)
    return [*market, *(name.removesuffix(ending) for name in stations)]
