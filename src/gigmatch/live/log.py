"""What happened so far: in memory, or in a journal that survives."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, Self

from gigmatch.errors import InvalidInputError, JournalError
from gigmatch.i18n.foreign import said_by
from gigmatch.live.events import PERSONAL, AnyEvent, Event, Outcome, as_event
from gigmatch.live.journal import Draft, Entry, Journal, Record
from gigmatch.live.state import Changes, State, canonical
from gigmatch.model import Worker
from gigmatch.model.values import Model

__all__ = ["Happened", "JournalLog", "Log", "MemoryLog", "changes_in", "event_in", "outcome_in"]

_LEAST_BETWEEN: Final = 1_000
_ROWS_PER_ENTRY: Final = 8
_NOWHERE: Final = "erased"


@dataclass(frozen=True)
class Happened:
    """An event that was applied, what it changed, and what takes it back."""

    outcome: Outcome
    inverse: Event
    key: str | None = None
    """The client's."""
    actor: str | None = None
    """Who let it happen."""
    time: int | None = None
    """Microseconds since 1970 in UTC."""
    changes: Changes | None = None
    """By table and key what is otherwise, besides the placements."""
    erased: tuple[str, ...] = ()
    """People of whom nothing is kept."""


class Log(Protocol):
    """All events so far, by number from 1."""

    @property
    def can_erase(self) -> bool:
        """Whether what it holds of somebody can be erased."""

    def __len__(self) -> int:
        """Return how many there were."""

    def outcomes(self) -> Iterator[Outcome]:
        """Return what each changed."""

    def outcome(self, number: int) -> Outcome:
        """Return what one changed."""

    def inverse(self, number: int) -> Event:
        """Return what takes one back."""

    def find(self, key: str) -> int | None:
        """Return the number of the event that has a client's key."""

    def append(self, happened: Happened, take_back: Callable[[], object]) -> None:
        """Note the next one; should it be lost, it is taken back."""

    def unsettled(self, number: int) -> Draft | None:
        """Return what `settle` waits for."""

    def settle(self, draft: Draft) -> None:
        """Return once an event is kept for certain."""

    def close(self) -> None:
        """Keep what is left, and let others write."""


class MemoryLog:
    """A log that ends with its process."""

    can_erase: Final = False

    def __init__(self) -> None:
        self._all: list[Happened] = []
        self._by_key: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._all)

    def outcomes(self) -> Iterator[Outcome]:
        """Return what each changed."""
        return (each.outcome for each in self._all)

    def outcome(self, number: int) -> Outcome:
        """Return what one changed."""
        return self._all[number - 1].outcome

    def inverse(self, number: int) -> Event:
        """Return what takes one back."""
        return self._all[number - 1].inverse

    def find(self, key: str) -> int | None:
        """Return the number of the event that has a client's key."""
        return self._by_key.get(key)

    def append(self, happened: Happened, take_back: Callable[[], object]) -> None:
        """Note the next one."""
        self._all.append(happened)
        if happened.key is not None:
            self._by_key[happened.key] = len(self._all)

    def unsettled(self, number: int) -> Draft | None:
        """Nothing is waited for."""
        return None

    def settle(self, draft: Draft) -> None:
        """Nothing is waited for."""

    def close(self) -> None:
        """Nothing is left."""


class JournalLog:
    """A log on disk.

    Parameters
    ----------
    journal : Journal
        Where it stands; this process writes it.
    state : State
        What is so after its last entry.
    hint : callable
        Gives plain data by which it is quicker to go on from the state; kept beside it.
    """

    can_erase: Final = True

    def __init__(self, journal: Journal, state: State, hint: Callable[[], Any]) -> None:
        self.journal, self.state, self._hint = journal, state, hint
        self._kept_at = max((number for number, _ in journal.snapshots()), default=0)

    @classmethod
    def make(
        cls,
        path: str | Path,
        opening: Mapping[str, Any],
        tables: Changes,
        pairs: Iterable[tuple[str, str]],
        hint: Callable[[], Any],
        time: int | None,
    ) -> Self:
        """Begin a journal with what is so; errors as of `Journal.make`."""
        people = [Record.of(worker.id, _text(worker)) for worker in tables["workers"].values()]
        digests = {record.person: record.digest for record in people}
        rows = {name: {key: _plain(value) for key, value in rows.items()} for name, rows in tables.items()}
        placed = [{"worker_id": worker, "shift_id": shift} for worker, shift in sorted(pairs)]
        body = {
            "time": time,
            "opening": opening,
            "outcome": {"placed": placed},
            "changes": rows | {"workers": digests},
        }
        state = State(changes_in(body))
        first = body | {"state": state.digest}
        return cls(Journal.make(path, first, people, _kept(state, hint)), state, hint)

    def __len__(self) -> int:
        return self.journal.head.number

    def outcomes(self) -> Iterator[Outcome]:
        """Return what each changed; of who was erased, the id is left."""
        written, last = self.journal.written, len(self)
        for entry in self.journal.entries():
            if 0 < entry.number <= written:
                yield outcome_in(entry, self.journal)
        yield from map(self.outcome, range(written + 1, last + 1))

    def outcome(self, number: int) -> Outcome:
        """Return what one changed."""
        return outcome_in(self.journal.entry(number), self.journal)

    def inverse(self, number: int) -> Event:
        """Return what takes one back; raises InvalidInputError where that was erased."""
        body = json.loads(self.journal.entry(number).body)
        return event_in(body["undo"], self.journal, are_all_there=True)

    def find(self, key: str) -> int | None:
        """Return the number of the event that has a client's key."""
        return self.journal.find(key)

    def append(self, happened: Happened, take_back: Callable[[], object]) -> None:
        """Note the next one, to be written; should that fail, it is taken back."""
        hiding = _Hiding(self.journal, self.state.of("workers"))
        body = {
            "time": happened.time,
            "actor": happened.actor,
            "event": hiding.plain(happened.outcome.event),
            "outcome": happened.outcome.model_dump(
                mode="json", exclude={"number", "event"}, exclude_defaults=True
            ),
            "undo": hiding.plain(happened.inverse),
            "changes": hiding.rows(happened.changes or {}),
        }
        back = self.state.change(changes_in(body))
        before = self.journal.head
        try:
            text = canonical(body | {"state": self.state.digest})
            entry = Entry.after(before.hash, before.number + 1, happened.key, text)
        except (ValueError, TypeError, RecursionError) as error:
            self.state.change(back)
            raise InvalidInputError("live_not_plain", error=said_by(error)) from None

        def undo() -> None:
            self.state.change(back)
            take_back()

        self.journal.append(Draft(entry, hiding.records, happened.erased, undo, self._snapshot(entry.number)))

    def unsettled(self, number: int) -> Draft | None:
        """Return what `settle` waits for."""
        return self.journal.draft(number)

    def settle(self, draft: Draft) -> None:
        """Return once an event is on the disk."""
        self.journal.settle(draft)

    def close(self) -> None:
        """Keep the state after the last entry, and let others write."""
        try:
            if len(self) > self._kept_at:
                self.journal.keep(_kept(self.state, self._hint))
        except JournalError:
            pass  # it would be opened more quickly, no more
        finally:
            self.journal.close()

    def _snapshot(self, number: int) -> str | None:
        """Now and then, more seldom where it is large."""
        rows = sum(map(len, self.state.tables.values()))
        if number - self._kept_at < max(_LEAST_BETWEEN, rows // _ROWS_PER_ENTRY):
            return None
        self._kept_at = number
        return _kept(self.state, self._hint)


def _kept(state: State, hint: Callable[[], Any]) -> str:
    """What a snapshot holds."""
    return canonical({"tables": state.tables, "hint": hint()})


class _Hiding:
    """Turns events and rows into plain data in which people are named by records alone."""

    def __init__(self, journal: Journal, digests: Mapping[str, str]) -> None:
        self._journal, self._digests = journal, digests
        self._made: dict[tuple[str, str], Record] = {}

    @property
    def records(self) -> Iterable[Record]:
        """Those that are new."""
        return self._made.values()

    def plain(self, value: Any) -> Any:
        """An event as plain data."""
        if isinstance(value, Worker):
            return {"worker": value.id, "record": self._digest(value.id, _text(value))}
        if isinstance(value, AnyEvent):
            return {name: self._field(value, name) for name in _told(value)}
        if isinstance(value, tuple):
            return [self.plain(each) for each in value]
        return _plain(value)

    def _field(self, event: AnyEvent, name: str) -> Any:
        value = getattr(event, name)
        if PERSONAL not in type(event).model_fields[name].metadata:
            return self.plain(value)
        person = event.worker_id  # type: ignore[attr-defined]
        return {"text_of": person, "record": self._digest(person, value)}

    def rows(self, changes: Changes) -> dict[str, dict[str, Any]]:
        """Rows of tables, of people the digests of their records."""
        return {
            table: {key: self._row(value) for key, value in rows.items()}
            for table, rows in changes.items()
            if rows
        }

    def _row(self, value: Any) -> Any:
        return self.plain(value)["record"] if isinstance(value, Worker) else self.plain(value)

    def _digest(self, person: str, text: str) -> str:
        if (person, text) in self._made:
            return self._made[person, text].digest
        known = self._journal.record(self._digests.get(person, ""))
        if known is not None and known.text == text:
            return known.digest
        self._made[person, text] = made = Record.of(person, text)
        return made.digest


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json", exclude_defaults=True) if isinstance(value, Model) else value


def _text(worker: Worker) -> str:
    return worker.model_dump_json(exclude_defaults=True)


def _told(event: AnyEvent) -> list[str]:
    """Fields that say something, in order."""
    fields = type(event).model_fields
    return [name for name in fields if name == "event" or getattr(event, name) != fields[name].default]


def event_in(data: Any, journal: Journal, *, are_all_there: bool = False) -> Event:
    """Return the event that plain data was made of.

    Parameters
    ----------
    data : object
        As it stands in an entry.
    journal : Journal
        Has the records.
    are_all_there : bool
        Whether to raise InvalidInputError where one was erased; else no more than the id is left of it.
    """
    event: Event = as_event(_shown(data, journal, are_all_there))
    return event


def _shown(data: Any, journal: Journal, are_all_there: bool) -> Any:
    if isinstance(data, list):
        return [_shown(each, journal, are_all_there) for each in data]
    if not isinstance(data, dict):
        return data
    if data.keys() not in ({"worker", "record"}, {"text_of", "record"}):
        return {name: _shown(each, journal, are_all_there) for name, each in data.items()}
    record = journal.record(data["record"])
    if record is None and are_all_there:
        raise InvalidInputError("journal_erased", worker=data.get("worker", data.get("text_of")))
    if "text_of" in data:
        return record.text if record else ""
    worker = data["worker"]
    return Worker.model_validate_json(record.text) if record else Worker(id=worker, station_id=_NOWHERE)


def outcome_in(entry: Entry, journal: Journal) -> Outcome:
    """Return what an entry says that its event changed."""
    body = json.loads(entry.body)
    return Outcome(number=entry.number, event=event_in(body["event"], journal), **body["outcome"])


def changes_in(body: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return all that an entry says is otherwise, placements included, by table and key."""
    outcome = body["outcome"]
    rows: dict[str, Any] = {each["worker_id"]: None for each in outcome.get("dropped", ())}
    rows |= {each["worker_id"]: each["to_shift_id"] for each in outcome.get("moved", ())}
    rows |= {each["worker_id"]: each["shift_id"] for each in outcome.get("placed", ())}
    return {**body["changes"], **({"placements": rows} if rows else {})}
