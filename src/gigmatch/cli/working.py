"""A command at work: a bar where somebody is looking, and what was left out of the tables it read."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

import gigmatch as gm
from gigmatch.cli import sources
from gigmatch.cli.formats import echo, listed, place_and_reason, say, spoken, translated
from gigmatch.cli.sources import PLAIN, Reading
from gigmatch.i18n import Told

__all__ = ["MOST_LISTED", "Tell", "Work", "working"]

MOST_LISTED = 20
PATIENCE_S = 1.0
"""Seconds that nobody needs a bar for."""

Tell = Callable[[str, float], None]


class Work:
    """What a command reads, and how far it is.

    Attributes
    ----------
    progress : callable or None
        ``progress(stage, share done)``; None where nobody is looking.
    counts : Counter
        How many rows were left out, by table.
    left_out : list of LeftOut
        Rows of all tables read so far that are not in what they gave.
    notes : list of str
        What was not taken as it was written in them.
    """

    def __init__(self, progress: Tell | None, reading: Reading) -> None:
        self.progress, self.reading = progress, reading
        self.left_out: list[gm.tables.LeftOut] = []
        self.counts: Counter[str] = Counter()
        self.notes: list[str] = []

    def at(self, stage: str) -> None:
        """Say what is being done where nothing says how far it is."""
        if self.progress is not None:
            self.progress(stage, 0.0)

    def read(self, path: Path) -> sources.Source:
        """A morning, or its columns where it is a folder of tables."""
        self.at("reading")
        return self._noted(sources.read_source(path, self.reading))

    def whole(self, path: Path) -> gm.Morning:
        """A morning as objects, which can be written in any form and asked about everything."""
        self.at("reading")
        morning = self._noted(sources.read_whole(path, self.reading)).morning
        assert isinstance(morning, gm.Morning)
        return morning

    def made_from(self, path: Path, assignment: gm.Assignment) -> gm.Morning | gm.Columns:
        """What an assignment was made from: columns where it names them, and where they are quicker."""
        of_columns = assignment.morning_digest.startswith("columns ")
        return self.read(path).morning if of_columns else self.whole(path)

    def loaded(
        self, morning: Path, assignment: Path, *, whole: bool
    ) -> tuple[gm.Morning | gm.Columns, gm.Assignment]:
        """A morning, and the assignment made from it, from its file or the folder it was written to."""
        self.at("reading")
        answer = sources.load_answer(assignment)
        return self.whole(morning) if whole else self.made_from(morning, answer), answer

    def note(self, notes: Iterable[Told]) -> None:
        """Keep for the report what was noted, each once."""
        self.notes += [told for note in notes if (told := note.text(spoken())) not in self.notes]

    def _noted(self, source: sources.Source) -> sources.Source:
        told = source.morning.reading
        self.left_out += told.left_out
        self.counts.update(told.counts)
        self.note(told.notes)
        return source


@contextmanager
def working(reading: Reading = PLAIN) -> Iterator[Work]:
    """Work with a bar, and a report at its end, however it ends, of what was noted and left out."""
    work = Work(None, reading)
    try:
        with _progress() as work.progress:
            yield work
    finally:
        _note(work.notes)
        if work.left_out:
            _report(work.left_out, work.counts)


@contextmanager
def _progress() -> Iterator[Tell | None]:
    """A bar on standard error where somebody has been looking for a second; none in a pipe or a log."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description:12}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None)

    def tell(stage: str, fraction: float) -> None:
        """Move the bar; while nobody knows how far it is, it only shows that something happens."""
        total = 1.0 if fraction else None
        bar.update(task, description=translated("cli.stage", stage), completed=fraction, total=total)

    timer = Timer(PATIENCE_S, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield tell
    finally:
        timer.cancel()
        timer.join()
        if bar.live.is_started:
            bar.stop()


def _note(notes: list[str]) -> None:
    """List on standard error what was not taken as it was written."""
    for note in notes[:MOST_LISTED]:
        echo(say("note", note=note), err=True)
    if len(notes) > MOST_LISTED:
        echo(say("more_notes", count=len(notes) - MOST_LISTED), err=True)


def _report(left_out: list[gm.tables.LeftOut], counts: Counter[str]) -> None:
    """Count and list on standard error what was left out of the tables."""
    told = listed(f"{table} {n:,}" for table, n in counts.items())
    echo(say("left_out", count=counts.total(), tables=told), err=True)
    for row in left_out[:MOST_LISTED]:
        echo(say("left_out_row", **place_and_reason(row)), err=True)
    if (more := counts.total() - MOST_LISTED) > 0:
        echo(say("left_out_more", n=f"{more:,}"), err=True)
