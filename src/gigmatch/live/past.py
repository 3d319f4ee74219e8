"""What a journal holds, gone through from entry to entry; nothing is decided anew."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from typing import Any, Final, NamedTuple

from gigmatch.live.journal import Entry, Journal
from gigmatch.live.log import changes_in
from gigmatch.live.state import State
from gigmatch.model import Morning, Request, Shift, Worker

__all__ = ["Past", "Step", "last_state", "morning_of", "steps"]

# What a text raises that is no entry: one whose hashes are right was made by hand.
_MALFORMED: Final = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


class Step(NamedTuple):
    """An entry, and what is so after it."""

    entry: Entry
    body: Mapping[str, Any]
    state: State
    """The same object from step to step."""


class Past(NamedTuple):
    """What is so after the last entry."""

    opening: Mapping[str, Any]
    state: State
    hint: Any
    """What was kept beside the snapshot; None where the policy may be another."""


def steps(journal: Journal, after: int = -1, state: State | None = None) -> Generator[Step, None, None]:
    """Go through the entries of a journal, from a state on that holds after one of them.

    Raises
    ------
    CertificateError
        Naming the first entry that was tampered with, or whose outcome does not lead to what it says.
    """
    held = State() if state is None else state
    for entry in journal.entries():
        if entry.number <= after:
            continue
        try:
            body = json.loads(entry.body)
            holds = _follows(body, held)
        except _MALFORMED:
            raise journal.tampered(entry.number) from None
        if not holds:
            raise journal.tampered(entry.number)
        yield Step(entry, body, held)


def _follows(body: Mapping[str, Any], state: State) -> bool:
    """Change the state as an entry says; whether it began from there, and comes to what it says."""
    fits = _leaves(body["outcome"], state.of("placements"))
    state.change(changes_in(body))
    return fits and state.digest == body["state"]


def _leaves(outcome: Mapping[str, Any], placements: Mapping[str, str]) -> bool:
    """Whether whoever moves, goes or comes was where the outcome says."""
    had = {each["worker_id"]: None for each in outcome.get("placed", ())}
    had |= {each["worker_id"]: each["from_shift_id"] for each in outcome.get("moved", ())}
    had |= {each["worker_id"]: each["shift_id"] for each in outcome.get("dropped", ())}
    return all(placements.get(worker) == shift for worker, shift in had.items())


def last_state(journal: Journal) -> Past:
    """Return what is so after the last entry, from the newest genuine snapshot on; errors as of `steps`."""
    number, state, hint = _newest_snapshot(journal)
    for step in steps(journal, number, state):
        if "policy" in step.body["changes"]:
            hint = None
    return Past(json.loads(journal.entry(0).body)["opening"], state, hint)


def _newest_snapshot(journal: Journal) -> tuple[int, State, Any]:
    for number, text in journal.snapshots():
        try:
            kept = json.loads(text)
            state = State(kept["tables"])
            if state.digest == json.loads(journal.entry(number).body)["state"]:
                return number, state, kept["hint"]
        except (*_MALFORMED, IndexError):
            continue  # the entries have all of it
    return -1, State(), None


def _people_of(journal: Journal, state: State) -> dict[str, Worker]:
    """Return everybody here by id; raises CertificateError naming an entry whose record is not there."""
    wanted = {digest: worker for worker, digest in state.of("workers").items()}
    found = {
        wanted[record.digest]: Worker.model_validate_json(record.text)
        for record in journal.records()
        if record.digest in wanted
    }
    for worker, digest in state.of("workers").items():
        if worker not in found:
            raise journal.tampered(journal.first_naming(digest))
    return dict(sorted(found.items()))


def morning_of(journal: Journal, past: Past) -> Morning:
    """Return the morning as it is after the last entry; errors as of `steps`, of records, too."""
    told = past.opening["morning"]
    base = Morning.model_validate({**told, "requests": ()})
    shifts = sorted(past.state.of("shifts").items())
    parts = {
        "workers": tuple(_people_of(journal, past.state).values()),
        "shifts": tuple(Shift.model_validate(fields) for _, fields in shifts),
        "requests": tuple(map(Request.model_validate, told.get("requests", ()))),
    }
    return base.model_copy(update=parts)
