"""What a journal tells: what happened, what was so at any minute, and one person's story."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, Self

from gigmatch.errors import InvalidInputError
from gigmatch.i18n import Told, has
from gigmatch.i18n.texts import Texts
from gigmatch.live.chains import Link
from gigmatch.live.events import Event, EventsTogether, Outcome
from gigmatch.live.journal import Journal
from gigmatch.live.log import outcome_in
from gigmatch.live.moments import Moment, clock_at, datetime_of, moment_of
from gigmatch.live.past import Step, steps
from gigmatch.model import WallClock
from gigmatch.model.clock import clock_text
from gigmatch.model.values import read_day

__all__ = ["Happening", "History", "Instant"]


class Happening(NamedTuple):
    """An event of a journal, and what it changed."""

    outcome: Outcome
    time: dt.datetime | None
    """When, if that was said."""
    actor: str | None
    """Who let it happen, if that was said."""
    key: str | None
    """The client's."""
    shown: str
    """What the clock showed."""


class Instant(NamedTuple):
    """What was so after an event; everything by id."""

    number: int
    """Of the event, 0 at the opening."""
    time: dt.datetime | None
    """When it happened, if that was said."""
    workers: tuple[str, ...]
    """Who was there."""
    headcounts: dict[str, int]
    """Seats of the shifts that there were."""
    placements: dict[str, str]
    """Shift of everybody who had one."""
    promised: dict[str, str]
    """Whose shift was certain."""
    told: dict[str, str]
    """Shift that each worker was told last."""
    offers: dict[str, str]
    """Shift of everybody who was asked and had not answered."""
    at_work: dict[str, str]
    """Where everybody was who had checked in."""
    shown: str
    """What the clock showed."""

    def text(self, lang: str = "en") -> str:
        """Tell it in a language: figures, then everybody's shift."""
        texts, n = Texts("history", lang), len(self.placements)
        seats = sum(self.headcounts.values())
        figures = {"workers": len(self.workers), "placed": n, "shifts": len(self.headcounts), "seats": seats}
        head = texts("after", time=self.shown, number=self.number, **figures)
        return "\n".join([head, *(texts("has", worker=w, shift=s) for w, s in self.placements.items())])


class History:
    """A journal, read from its first entry to the last written; every outcome is applied and verified.

    Any number of these may be read while somebody writes.

    Parameters
    ----------
    path : str or Path
        What ``gm.Live(..., journal=path)`` made.

    Raises
    ------
    InvalidFileError
        It is no journal, or of a later format.
    CertificateError
        From any of its methods: it was tampered with; the first such entry is named.
    """

    def __init__(self, path: str | Path) -> None:
        self._journal = Journal(path)
        opening = json.loads(self._journal.entry(0).body)["opening"]["morning"]
        self._market = str(opening["market"].get("name") or opening["market"]["id"])
        self._clock = WallClock(read_day(opening["date"]), opening["time_zone"])

    def close(self) -> None:
        """Let go of the file."""
        self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def head(self) -> str:
        """Hash of the last entry: whoever keeps it sees whether any entry is another one later."""
        return self._journal.head.hash

    def happenings(self) -> Iterator[Happening]:
        """Every event in order."""
        for step in steps(self._journal):
            if step.entry.number:
                yield self._happening(step)

    def at(self, moment: Moment | None = None) -> Instant:
        """What was so at a moment: after the last event until then, the last of all if there is none.

        Parameters
        ----------
        moment : datetime, int or str, optional
            As for ``time=`` of `Live.apply`.

        Raises
        ------
        InvalidInputError
            It is no moment, or lies before the opening.
        """
        number = self._last_until(moment)
        with closing(steps(self._journal)) as every:
            step = next(step for step in every if step.entry.number == number)
            return self._instant(step)

    def of(self, worker_id: str) -> tuple[Happening, ...]:
        """One worker's story: every event that was about them or changed what they had.

        Raises
        ------
        InvalidInputError
            The journal does not know them.
        """
        is_known, found = False, []
        for step in steps(self._journal):
            is_known = is_known or worker_id in step.state.of("workers")
            if step.entry.number:
                happening = self._happening(step)
                if _change_of(happening.outcome, worker_id) or _is_about(happening.outcome.event, worker_id):
                    found.append(happening)
        if not is_known:
            raise InvalidInputError("unknown_id", kind="worker_id", id=worker_id)
        return tuple(found)

    def text(self, lang: str = "en") -> str:
        """Tell in a language how much happened, and what is so now."""
        texts, kinds, changes = Texts("history", lang), Counter[str](), Counter[str]()
        times: list[str] = []
        for step in steps(self._journal):
            outcome = step.body["outcome"]
            times.append(clock_at(step.body["time"], self._clock))
            if step.entry.number:
                kinds[step.body["event"]["event"]] += 1
                changes.update({name: len(outcome.get(name, ())) for name in ("placed", "moved", "dropped")})
        now = self.at()
        span = {"first": times[0], "last": times[-1]}
        date = self._clock.date.isoformat()
        head = texts.plural("head", kinds.total(), date=date, market=self._market, **span)
        figures = now.text(lang).partition("\n")[0]
        told = texts("changes", **{name: changes[name] for name in ("placed", "moved", "dropped")})
        counts = [texts("count", n=n, kind=_kind(texts, kind)) for kind, n in kinds.most_common()]
        return "\n".join([head, figures, told, *counts, texts("hash", hash=self.head)])

    def story(self, worker_id: str, *, lang: str = "en") -> str:
        """Tell one worker's story in a language: what happened, what it changed for them, and what else."""
        texts = Texts("history", lang)
        happenings, begins = self.of(worker_id), self._first().placements.get(worker_id)
        first = texts("began_with", shift=begins) if begins else texts("began_without")
        lines = [_line(texts, happening, worker_id) for happening in happenings]
        return "\n".join([texts("story", worker=worker_id), first, *lines])

    # -- parts ----------------------------------------------------------------------------------------------

    def _first(self) -> Instant:
        with closing(steps(self._journal)) as every:
            return self._instant(next(every))

    def _last_until(self, moment: Moment | None) -> int:
        if moment is None:
            return self._journal.written
        until, found, time = moment_of(moment, self._clock), None, None
        for entry in self._journal.entries():
            given = json.loads(entry.body)["time"]
            time = time if given is None else given
            if time is None or time <= until:
                found = entry.number
        if found is None:
            raise InvalidInputError("live_before_opening", value=moment)
        return found

    def _happening(self, step: Step) -> Happening:
        outcome = outcome_in(step.entry, self._journal)
        time = step.body["time"]
        shown = clock_at(time, self._clock)
        return Happening(outcome, datetime_of(time), step.body["actor"], step.entry.key, shown)

    def _instant(self, step: Step) -> Instant:
        state = {table: dict(sorted(step.state.of(table).items())) for table in step.state.tables}
        shifts: Mapping[str, Any] = state.get("shifts", {})
        return Instant(
            number=step.entry.number,
            time=datetime_of(step.body["time"]),
            workers=tuple(state.get("workers", {})),
            headcounts={key: int(fields.get("headcount", 1)) for key, fields in shifts.items()},
            placements=state.get("placements", {}),
            promised=state.get("promised", {}),
            told=state.get("told", {}),
            offers={worker: offer["shift"] for worker, offer in state.get("offers", {}).items()},
            at_work=state.get("at_work", {}),
            shown=clock_at(step.body["time"], self._clock),
        )


def _line(texts: Texts, happening: Happening, worker_id: str) -> str:
    """What happened, what it changed for somebody, and what else."""
    outcome = happening.outcome
    change, chain = _change_of(outcome, worker_id), _chain_of(outcome, worker_id)
    others = len(outcome.placed) + len(outcome.moved) + len(outcome.dropped) - bool(change)
    told = texts(
        "line",
        time=happening.shown,
        number=outcome.number,
        what=_told(texts, outcome.event),
        change=change.text(texts.lang) if change else texts("unchanged"),
        others=texts.plural("others", others),
        seats=sum(outcome.seats_by_tier.values()),
        points=outcome.points,
    )
    if len(chain) < 2:
        return told
    return texts("in_turn", line=told, links=_linked(texts, *chain))


def _chain_of(outcome: Outcome, worker_id: str) -> tuple[Link, ...]:
    """Who made room for whom, where somebody is among them."""
    for chain in outcome.chains:
        if any(link.worker_id == worker_id for link in chain.links):
            return chain.links
    return ()


def _linked(texts: Texts, link: Link, *others: Link) -> str:
    kind = "link_left" if link.to_shift_id is None else "link_came" if link.from_shift_id is None else "link"
    told = texts(kind, worker=link.worker_id, shift=link.from_shift_id, other=link.to_shift_id)
    return texts("links", told=told, more=_linked(texts, *others)) if others else told


def _change_of(outcome: Outcome, worker_id: str) -> Told | None:
    """What an event changed for somebody."""
    for placed in outcome.placed:
        if placed.worker_id == worker_id:
            return Told.of("history.placed", shift=placed.shift_id)
    for moved in outcome.moved:
        if moved.worker_id == worker_id:
            return Told.of("history.moved", shift=moved.from_shift_id, other=moved.to_shift_id)
    for dropped in outcome.dropped:
        if dropped.worker_id == worker_id:
            return Told.of("history.dropped", shift=dropped.shift_id)
    return None


def _is_about(event: Event, worker_id: str) -> bool:
    if isinstance(event, EventsTogether):
        return any(_is_about(each, worker_id) for each in event.events)
    return bool(_names(event)["worker"] == worker_id)


def _told(texts: Texts, event: Event) -> str:
    """An event in words; one of a kind without any by its name."""
    names = _names(event)
    key = f"happened_{event.event}"
    told = texts(key, **names) if has(f"history.{key}") else _kind(texts, event.event)
    return texts("because", what=told, reason=names["reason"]) if names["reason"] else told


def _names(event: Event) -> dict[str, Any]:
    """Whom and what an event is about."""
    worker, shift = getattr(event, "worker", None), getattr(event, "shift", None)
    of = getattr(event, "request", None) or getattr(event, "message", None) or event
    minute = getattr(event, "minute", None)
    return {
        "worker": getattr(of, "worker_id", None) or getattr(worker, "id", None),
        "shift": getattr(of, "shift_id", None) or getattr(shift, "id", None),
        "number": getattr(event, "number", None),
        "n": len(getattr(event, "events", ())) or getattr(event, "seats", 0),
        "minute": None if minute is None else clock_text(minute),
        "reason": getattr(event, "reason", ""),
    }


def _kind(texts: Texts, kind: str) -> str:
    return texts.known(f"history.kind_{kind}", kind)
