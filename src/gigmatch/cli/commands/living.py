"""The commands of a morning that moves: events in and outcomes out, and what a journal tells afterwards."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Annotated, Any, NamedTuple

import typer

import gigmatch as gm
from gigmatch import i18n
from gigmatch.cli.app import AsJson, EncodingOption, ExtraOption, Lang, OnErrorOption, command
from gigmatch.cli.formats import complaint, echo, meaning, say, spoken
from gigmatch.cli.help import refuse_folder
from gigmatch.cli.sources import Extra, OnError, Reading
from gigmatch.cli.working import working

__all__ = ["live", "replay"]

_MOST_TOGETHER = 1_000
_BAD_LINE = "bad_line"
_BESIDES = {"event", "key", "actor", "time"}
_ASKED: dict[str, tuple[set[str], Callable[..., Any]]] = {
    "placements": (set(), lambda hall: dict(hall.pairs)),
    "offers": ({"minute"}, lambda hall, **given: hall.offers(**given)),
    "open_offers": (set(), lambda hall: hall.open_offers),
    "outbox": (set(), lambda hall: hall.outbox()),
    "stand_bys": ({"shift_id", "most"}, lambda hall, **given: hall.stand_bys(**given)),
    "preview": ({"event"}, lambda hall, **given: hall.preview(**given)),
}
"""What a line may ask: what may stand beside it, and who answers."""
_NEEDED = {"stand_bys": "shift_id", "preview": "event"}


class _Line(NamedTuple):
    """A line of standard input, numbered from 1, and what became of it."""

    number: int
    given: dict[str, Any] | None = None
    """What `gm.Live.apply` is given, or stands beside what is asked."""
    key: Any = None
    ask: str | None = None
    """What is asked, if nothing happens."""
    answer: Any = None
    outcome: gm.live.Outcome | None = None
    error: gm.GigmatchError | None = None


@command("live")
def live(
    morning: Annotated[Path, typer.Argument(help="arg.live_morning")],
    journal: Annotated[Path, typer.Option("--journal", help="live.journal", callback=refuse_folder)],
    policy: Annotated[Path | None, typer.Option(help="opt.policy")] = None,
    on_error: OnErrorOption = OnError.raising,
    extra: ExtraOption = Extra.ignore,
    encoding: EncodingOption = None,
    lang: Lang = None,
) -> None:
    """Let events of standard input happen, and print what each changed, once it is on the disk."""
    if journal.exists():
        hall = gm.Live.open(journal, clock=_now)
        echo(say("live_goes_on", number=hall.number), err=True)
    else:
        aims = gm.Policy.load(policy) if policy else gm.DEFAULT_POLICY
        with working(Reading(on_error, extra, encoding)) as work:
            begun = work.whole(morning)
            work.at("matching")
            hall = gm.Live(begun, policy=aims, journal=journal, clock=_now)
    with hall:
        number = 0
        for group in _groups(sys.stdin.buffer):
            lines = [_read(number + at, text) for at, text in enumerate(group, 1) if text.strip()]
            number += len(group)
            hall.expect([line.given["event"] for line in lines if line.given and line.ask is None])
            _answer(hall, lines)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _groups(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Lines as they come, those together that are there already."""
    there: SimpleQueue[bytes | None] = SimpleQueue()

    def read() -> None:
        for line in lines:
            there.put(line)
        there.put(None)

    Thread(target=read, daemon=True).start()
    line = there.get()
    while line is not None:
        group = [line]
        while len(group) < _MOST_TOGETHER:
            try:
                line = there.get_nowait()
            except Empty:
                break
            if line is None:
                break
            group.append(line)
        yield group
        if line is not None:
            line = there.get()


def _read(number: int, text: bytes) -> _Line:
    """What a line gives; what is wrong with it is kept."""
    try:
        given = _parsed(text)
        key, ask = given.get("key"), given.pop("ask", None)
        if ask is not None:
            given.pop("key", None)
        return _Line(number, given, key, ask)
    except gm.GigmatchError as error:
        return _Line(number, error=error)


def _answer(hall: gm.Live, lines: Iterable[_Line]) -> None:
    """Let lines happen, and print what each changed; should one fail, that of those before it."""
    happened: list[_Line] = []
    try:
        for line in lines:
            happened.append(_happened(hall, line))
    finally:
        for line in _settled(hall, happened):
            echo(json.dumps(_as_data(line)))
        sys.stdout.flush()


def _happened(hall: gm.Live, line: _Line) -> _Line:
    """Let a line happen; what is wrong with it is kept."""
    if line.given is None:
        return line
    try:
        if line.ask is not None:
            return line._replace(answer=_plain(_ASKED[line.ask][1](hall, **line.given)))
        return line._replace(outcome=hall.apply(wait=False, **line.given))
    except gm.GigmatchError as error:
        return line._replace(error=error)
    except RecursionError as error:
        return line._replace(error=gm.InvalidInputError(say("live_no_json", why=meaning(error))))


def _plain(value: Any) -> Any:
    """An answer as JSON has it."""
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value if isinstance(value, str) else value.model_dump(mode="json")


def _refused(name: str) -> None:
    raise ValueError(name)


def _parsed(text: bytes) -> dict[str, Any]:
    """An event alone, several in a list, or ``event`` beside key, actor and time."""
    try:
        found = json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise gm.InvalidInputError(say("live_no_json", why=meaning(error))) from None
    if not isinstance(found, dict | list):
        raise gm.InvalidInputError(say("live_no_event", value=found))
    if isinstance(found, dict) and "ask" in found:
        return _question(found)
    if isinstance(found, list) or not isinstance(found.get("event"), dict | list):
        return {"event": found}
    for name in found:
        if name not in _BESIDES:
            raise gm.InvalidInputError(say("live_unknown_name", name=name))
    return found


def _question(found: dict[str, Any]) -> dict[str, Any]:
    """``ask`` beside what belongs to it."""
    ask, names = found["ask"], ", ".join(_ASKED)
    if not isinstance(ask, str) or ask not in _ASKED:
        raise gm.InvalidInputError(say("live_no_question", value=ask, names=names))
    for name in found.keys() - {"ask", "key"} - _ASKED[ask][0]:
        raise gm.InvalidInputError(say("live_not_asked_with", name=name, ask=ask))
    if (missing := _NEEDED.get(ask)) and missing not in found:
        raise gm.InvalidInputError(say("live_asked_without", name=missing, ask=ask))
    return found


def _settled(hall: gm.Live, lines: list[_Line]) -> list[_Line]:
    """The lines, all that they changed on the disk; those that could not be written with the error."""
    try:
        hall.flush()
    except gm.JournalError as error:
        return [
            line._replace(outcome=None, answer=None, error=error)
            if line.ask is not None or (line.outcome is not None and line.outcome.number > hall.number)
            else line
            for line in lines
        ]
    return lines


def _as_data(line: _Line) -> dict[str, Any]:
    told: dict[str, Any] = {"line": line.number}
    if line.key is not None:
        told["key"] = line.key
    if line.ask is not None:
        told["ask"] = line.ask
    if line.error is None and line.ask is not None:
        return told | {"answer": line.answer}
    if line.error is None:
        assert line.outcome is not None
        chains = [
            {"links": [link._asdict() for link in chain.links], "seats": chain.seats, "points": chain.points}
            for chain in line.outcome.chains
        ]
        return told | {"outcome": line.outcome.model_dump(mode="json"), "chains": chains}
    code = line.error.code if i18n.has(f"errors.{line.error.code}") else _BAD_LINE
    error: dict[str, Any] = {"code": code, "message": complaint(line.error)}
    if isinstance(line.error, gm.InvalidMorningError):
        places = [(problem.path, problem) for problem in line.error.problems]
        error["problems"] = [{"path": path, "message": problem.text(spoken())} for path, problem in places]
    return told | {"error": error}


@command("replay")
def replay(
    journal: Annotated[Path, typer.Argument(help="arg.journal", callback=refuse_folder)],
    at: Annotated[str | None, typer.Option("--at", help="replay.at")] = None,
    worker: Annotated[str | None, typer.Option("--worker", help="replay.worker")] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Go through a journal, verify every outcome, and tell what happened, or somebody's story."""
    if at is not None and worker is not None:
        raise gm.InvalidInputError(say("replay_one_question"))
    with gm.live.History(journal) as history:
        if as_json:
            echo(json.dumps(_told(history, at, worker), ensure_ascii=False, indent=1, default=str))
        elif worker is not None:
            echo(history.story(worker, lang=spoken()))
        elif at is not None:
            echo(history.at(at).text(spoken()))
        else:
            echo(history.text(spoken()))


def _told(history: gm.live.History, at: str | None, worker: str | None) -> dict[str, Any]:
    """The same as data."""
    if worker is not None:
        story = [each._asdict() for each in history.of(worker)]
        return {"events": [each | {"outcome": each["outcome"].model_dump(mode="json")} for each in story]}
    state = history.at(at)._asdict()
    return state if at is not None else {"head": history.head, **state}
