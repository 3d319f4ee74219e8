"""The ledger: who was there, what they were offered, had, declined and missed, and how long they wait."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from gigmatch.assignment import Assignment
from gigmatch.core.reprs import one_line
from gigmatch.core.saved import FileFormat, Saved
from gigmatch.errors import InvalidFileError, InvalidInputError
from gigmatch.ledger.line import Line, LineDay
from gigmatch.ledger.measures import Measures, measured
from gigmatch.ledger.people import People
from gigmatch.ledger.recording import recorded
from gigmatch.ledger.rows import OUTCOMES, Held, LedgerDay, empty, some_rows, together, without_worker
from gigmatch.ledger.saving import KEYS, arrow_tables, fields_of, plain_data, read_folder, write_folder
from gigmatch.ledger.turns import Turns
from gigmatch.ledger.waiting import Totals, totals, turns_of, waited_after
from gigmatch.model import Morning

if TYPE_CHECKING:
    from gigmatch.tables import FrameKind

__all__ = ["Ledger"]

_NOBODY = Held((), (), (), empty())


@dataclass(frozen=True, eq=False, repr=False)
class Ledger(Saved):
    """Days of one market or several, with everybody who was there.

    Made by `of` from a day, by `with_day` with one more, and by `merged` from several ledgers; `carry_into`
    gives the next morning what is known. It holds ids, figures and dates, no names and no groups, and nothing
    of a worker after `without`. No rule, scorer or level reads it.

    Examples
    --------
    >>> import gigmatch as gm
    >>> day, ledger = gm.samples.first_day("jingshi", seed=7, workers=200), gm.Ledger.new()
    >>> for _ in range(3):
    ...     assignment = gm.match(day.morning)
    ...     ledger = ledger.with_day(day.morning, assignment)
    ...     day = day.after(assignment.pairs)
    >>> ledger
    Ledger(3 days, 213 workers)
    >>> measures = ledger.measures()
    >>> measures.longest.worst
    10.0
    """

    saved_as: ClassVar = FileFormat("ledger", 1, is_bare=False)
    turns: Turns
    """What counts as a turn, and which days as waiting."""
    currency: str
    """ISO 4217 code of all money; empty before the first day."""
    held: Held
    """The rows, as arrays."""

    @classmethod
    def new(cls, turns: Turns | None = None) -> Self:
        """Make one without days.

        Parameters
        ----------
        turns : Turns, optional
            What counts; ``Turns()`` unless given.
        """
        return cls(_checked_turns(turns), "", _NOBODY)

    @classmethod
    def of(
        cls,
        morning: Morning,
        assignment: Assignment,
        *,
        offered: Iterable[tuple[str, str]] = (),
        declined: Iterable[tuple[str, str]] = (),
        no_shows: Iterable[str] = (),
        excused: Iterable[str] = (),
        turns: Turns | None = None,
    ) -> Self:
        """Make one of a single day.

        Parameters
        ----------
        morning : Morning
            Of the day.
        assignment : Assignment
            Who had which shift.
        offered : iterable of (worker id, shift id)
            Offers besides those taken and declined.
        declined : iterable of (worker id, shift id)
            Offers declined; a placement among them did not come to be.
        no_shows : iterable of str
            Ids of workers who did not turn up for the shift they had, without an excuse.
        excused : iterable of str
            The same with an excuse.
        turns : Turns, optional
            What counts; ``Turns()`` unless given.

        Raises
        ------
        InvalidInputError
            The assignment was made from another morning, somebody is not in it, or did not turn up for what
            they did not have.
        """
        held = recorded(morning, assignment, offered, declined, no_shows, excused)
        return cls(_checked_turns(turns), morning.currency, held)

    def with_day(
        self,
        morning: Morning,
        assignment: Assignment,
        *,
        offered: Iterable[tuple[str, str]] = (),
        declined: Iterable[tuple[str, str]] = (),
        no_shows: Iterable[str] = (),
        excused: Iterable[str] = (),
    ) -> Self:
        """Add a day, in whatever order; arguments and errors are those of `of` and of `merged`."""
        day = self.of(
            morning,
            assignment,
            offered=offered,
            declined=declined,
            no_shows=no_shows,
            excused=excused,
            turns=self.turns,
        )
        return self.merged([self, day])

    @classmethod
    def merged(cls, ledgers: Iterable[Ledger]) -> Self:
        """Put several into one; their order does not matter.

        Parameters
        ----------
        ledgers : iterable of Ledger
            Of different days, or of different markets.

        Raises
        ------
        InvalidInputError
            A day of a market is in two of them, somebody was in two markets on one day, or they differ in
            currency or in what counts as a turn.
        """
        parts = list(ledgers)
        if not parts:
            return cls.new()
        for part in parts:
            if not isinstance(part, Ledger):
                raise InvalidInputError("wrong_type", name="ledgers", kinds="Ledger", value=part)
        currencies = sorted({part.currency for part in parts} - {""})
        if len(currencies) > 1:
            raise InvalidInputError("ledger_currencies", first=currencies[0], second=currencies[1])
        if len({part.turns for part in parts}) > 1:
            raise InvalidInputError("ledger_turns")
        _refuse_days_twice(parts)
        held = together([part.held for part in parts])
        _refuse_two_markets(held)
        return cls(parts[0].turns, "".join(currencies), held)

    def counting(self, turns: Turns) -> Self:
        """Return the same days with another setting of what counts."""
        return replace(self, turns=_checked_turns(turns))

    def __repr__(self) -> str:
        return one_line(type(self), {}, {"day": len(self.days), "worker": len(self.worker_ids)})

    @property
    def days(self) -> tuple[LedgerDay, ...]:
        """Date and market of every day, in order."""
        return self.held.day

    @property
    def worker_ids(self) -> tuple[str, ...]:
        """Everybody who was there, in order of id."""
        return self.held.worker

    @cached_property
    def totals(self) -> Totals:
        """Sums over all days, of each worker in order of id."""
        return totals(self.worker_ids, self.held.tables.presence, self.days, self.turns)

    def measures(self, *, groups: Mapping[str, str] | None = None) -> Measures:
        """Measure how waiting, hours and wages are spread.

        Parameters
        ----------
        groups : mapping of str to str, optional
            Group by worker id, for an audit: not kept, and no figure is told that is of fewer than 5 people,
            or would tell of them by subtraction.
        """
        return measured(self.totals, groups)

    def carry_into(self, morning: Morning) -> Morning:
        """Give a later morning what the ledger knows of the people in it.

        Parameters
        ----------
        morning : Morning
            As it is written, with whoever is there and whatever they say; all days of its market must be
            before it.

        Returns
        -------
        Morning
            Everybody who is in the ledger with the end of their last shift, commitments, hours of the week,
            days since the last placement and shifts with past employers; the rest as it was. If each morning
            is carried into, nothing is left out by what `gigmatch.carry_over` gives of all days in a row.

        Raises
        ------
        InvalidInputError
            The ledger has the morning's day or a later one.
        """
        if not isinstance(morning, Morning):
            raise InvalidInputError("only_a_morning", value=morning)
        if self.days and self.days[-1].date >= morning.date:
            raise InvalidInputError("ledger_not_after", date=morning.date, last=self.days[-1].date)
        people = People(self.held, self._known_waiting(), morning.date)
        workers = tuple(map(people.on, morning.workers))
        return morning.model_copy(update={"workers": workers})

    def _known_waiting(self) -> dict[str, int]:
        """Days of waiting of everybody but those of whom nothing was known and no day has counted since."""
        sums, rows = self.totals, self.held.tables.presence
        stated = np.zeros(len(self.worker_ids), dtype=bool)
        stated[rows.worker[rows.waited >= 0]] = True
        known = stated | (sums.turns > 0) | (sums.idle > 0)
        each = zip(self.worker_ids, sums.waiting.tolist(), known.tolist(), strict=True)
        return {name: days for name, days, is_known in each if is_known}

    def line(self, worker_id: str) -> Line:
        """Return what there is of one person, and of nobody else.

        Raises
        ------
        InvalidInputError
            They are not in the ledger.
        """
        at = self._row_of(worker_id)
        rows = some_rows(self.held.tables.presence, self.held.tables.presence.worker == at)
        more = turns_of(rows, self.turns), waited_after(rows, self.days, self.turns)
        columns = (column.tolist() for column in (*rows, *more))
        days = tuple(self._line_day(*row) for row in zip(*columns, strict=True))
        sums = {name: getattr(self.totals, name)[at].item() for name in Line._fields[3:]}
        return Line(worker_id, self.currency, days, **sums)

    def _line_day(
        self,
        day: int,
        worker: int,
        eligible: int,
        offered: int,
        declined: int,
        outcome: int,
        requested: bool,
        hours: float,
        wages: float,
        until: int,
        waited: int,
        is_turn: bool,
        waiting: int,
    ) -> LineDay:
        """A day of somebody's line from a row of the presence."""
        date, market = self.days[day]
        had = OUTCOMES[outcome], requested, hours, wages
        return LineDay(date, market, eligible, offered, declined, *had, is_turn, waiting)

    def without(self, worker_id: str) -> Self:
        """Erase somebody: nothing of them is left, and everybody else's figures are as they were.

        Raises
        ------
        InvalidInputError
            They are not in the ledger.
        """
        self._row_of(worker_id)
        return replace(self, held=without_worker(self.held, worker_id))

    def _row_of(self, worker_id: str) -> int:
        if worker_id not in self.worker_ids:
            raise InvalidInputError("ledger_unknown_worker", id=worker_id)
        return self.worker_ids.index(worker_id)

    def to_frames(self, kind: FrameKind = "pyarrow") -> dict[str, Any]:
        """Return everything it holds as frames, by name: ids, dates and markets in every row.

        Parameters
        ----------
        kind : {"pandas", "polars", "pyarrow"}
            What the frames are.

        Returns
        -------
        dict of str to frame
            ``days``; ``presence``, a row for each person and day; ``work``, a row for each day's work of a
            shift; what is carried: ``closings``, ``commitments``, ``week_hours``; and ``totals``.

        Raises
        ------
        InvalidInputError
            Another kind of frame.
        UnsupportedError
            The extra ``tables`` is not installed.
        """
        from gigmatch.tables.frames import need, to_kind

        pa = need("pyarrow")
        sums = self.totals._asdict()
        columns = {"worker_id": pa.array(sums.pop("worker_ids"), pa.string()), **sums}
        tables = {**arrow_tables(self.held), "totals": pa.table(columns)}
        return {name: to_kind(table, kind) for name, table in tables.items()}

    # -- saved and loaded -----------------------------------------------------------------------------------

    def to_json(self) -> bytes:
        """Return the ledger as JSON in UTF-8; the same days give the same bytes."""
        data = plain_data(self.turns, self.currency, self.held)
        fields = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return self.saved_as.enveloped(fields)

    @classmethod
    def from_json(cls, data: bytes | str, *, source: str | Path | None = None) -> Self:
        """Read a ledger that `to_json` gave.

        Raises
        ------
        InvalidFileError
            As for every saved kind, and for figures that no ledger has.
        """
        fields, place = cls._fields_in(data, source, KEYS)
        try:
            return cls(*fields_of(fields))
        except InvalidFileError as error:
            raise InvalidFileError("in_place", place=place, error=error) from None

    def save_parquet(self, folder: str | Path) -> None:
        """Write it as Parquet files, one a table, as `to_frames` has them without the totals.

        Parameters
        ----------
        folder : str or Path
            Made if it is not there.

        Raises
        ------
        UnsupportedError
            The extra ``tables`` is not installed.
        """
        head = self.saved_as.head | {"turns": self.turns.model_dump(), "currency": self.currency}
        write_folder(Path(folder), head, self.held)

    @classmethod
    def load_parquet(cls, folder: str | Path) -> Self:
        """Read what `save_parquet` wrote.

        Raises
        ------
        InvalidFileError
            A file is missing, cannot be read or is of something else, or figures are none that a ledger has.
        UnsupportedError
            The extra ``tables`` is not installed.
        """
        return cls(*read_folder(Path(folder), cls.saved_as))


def _checked_turns(turns: Turns | None) -> Turns:
    if turns is not None and not isinstance(turns, Turns):
        raise InvalidInputError("wrong_type", name="turns", kinds="Turns", value=turns)
    return turns or Turns()


def _refuse_days_twice(parts: Iterable[Ledger]) -> None:
    seen: set[LedgerDay] = set()
    for part in parts:
        if twice := sorted(seen.intersection(part.days)):
            raise InvalidInputError("ledger_day_twice", date=twice[0].date, market=twice[0].market)
        seen.update(part.days)


def _refuse_two_markets(held: Held) -> None:
    """Hours in one market do not know those in another on the same day."""
    rows = held.tables.presence
    date = np.array([day.date.toordinal() for day in held.day], np.int64)[rows.day]
    key = date * max(len(held.worker), 1) + rows.worker
    order = np.argsort(key, kind="stable")
    twice = np.flatnonzero(np.diff(key[order]) == 0)
    if len(twice):
        first, second = (int(row) for row in order[twice[0] : twice[0] + 2])
        day = held.day[rows.day[first]]
        other = held.day[rows.day[second]].market
        name = held.worker[rows.worker[first]]
        raise InvalidInputError(
            "ledger_two_markets", name=name, date=day.date, first=day.market, second=other
        )
