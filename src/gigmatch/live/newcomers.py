"""Pairs of a worker or a shift that comes: from the rules, scorers and travel that all others came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from gigmatch.assignment.instance import refuse_unsolved
from gigmatch.columns import Columns, Rows, columns_and_rows
from gigmatch.columns.added_workers import AddedShiftColumns, AddedWorkerColumns, alike
from gigmatch.core.arrays import IndexArray
from gigmatch.errors import InvalidMorningError
from gigmatch.model import Jurisdiction, Morning, Request, Shift, Worker
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.policy import Policy
from gigmatch.pairing.rules import Rule, apply_rule, rule_severity
from gigmatch.pairing.travel import Travel

__all__ = ["Newcomers"]

_MOST_PAIRS = 1 << 21
_FEW = 64
"""So many are compiled again sooner than asked apart from others."""
_MOST_MERGED = 1 << 12
"""So many are compiled at once at most: a few tenths of a second."""

R = TypeVar("R", bound=Worker | Shift)
A = TypeVar("A")


class Expected(NamedTuple):
    """Somebody who is about to come."""

    given: Worker
    valid: Worker
    """The same, as the morning could have had them."""
    points: dict[str, int]
    """At every shift that no rule refuses them, by id."""


class _Layer(Generic[R, A]):
    """Some who were compiled together, by id; those who left are taken out."""

    def __init__(self, rows: dict[str, R], compiled: A | None = None) -> None:
        self.rows, self.compiled = rows, compiled
        self.n = len(rows)
        """Of all that were ever in it."""


class _Layers(Generic[R, A]):
    """Everybody of one side, against whom the other side is asked about: in layers, the newest last.

    Who comes is compiled when somebody asks, together with others who came lately, and again with the layer
    before where that is not much larger: each a few times in all, and nobody waits for everybody.

    Parameters
    ----------
    rows : iterable of Worker or Shift
        Who was there at first.
    compiled : AddedWorkerColumns or AddedShiftColumns
        Of them.
    compile_them : callable
        Makes the same of others.
    """

    def __init__(self, rows: Iterable[R], compiled: A, compile_them: Callable[[tuple[R, ...]], A]) -> None:
        self._layers: list[_Layer[R, A]] = [_Layer({row.id: row for row in rows}, compiled)]
        self._compile = compile_them
        self._where: dict[str, _Layer[R, A]] = dict.fromkeys(self._layers[0].rows, self._layers[0])

    def __len__(self) -> int:
        return len(self._where)

    def __contains__(self, key: str) -> bool:
        return key in self._where

    @property
    def compiled(self) -> list[A]:
        """What asks about rows of the other side, so far."""
        return [layer.compiled for layer in self._layers if layer.compiled is not None]

    def add(self, row: R) -> None:
        """Somebody came, or is otherwise than before."""
        self.drop(row.id)
        if self._layers[-1].compiled is not None:
            self._layers.append(_Layer({}))
        newest = self._layers[-1]
        newest.rows[row.id] = row
        newest.n += 1
        self._where[row.id] = newest

    def drop(self, key: str) -> None:
        """Somebody left, if they were there."""
        layer = self._where.pop(key, None)
        if layer is not None:
            del layer.rows[key]

    def each(self) -> Iterator[tuple[A, dict[str, R]]]:
        """What asks about a row of the other side, and who of those whom it asks are here."""
        if self._layers[-1].compiled is None:
            self._merge()
        for layer in self._layers:
            if layer.compiled is None:
                layer.compiled = self._compile(tuple(layer.rows.values()))
            yield layer.compiled, layer.rows

    def _merge(self) -> None:
        """Join the newest layers, so that few are small, and each is twice as large as the next or full."""
        first, *late = self._layers
        newest = late.pop()
        while late and late[-1].n <= max(2 * newest.n, _FEW) and late[-1].n + newest.n <= _MOST_MERGED:
            newest = _Layer(late.pop().rows | newest.rows)
            self._where |= dict.fromkeys(newest.rows, newest)
        self._layers = [first, *late, *([newest] if newest.rows else [])]


class Newcomers:
    """Asks about whoever comes, against those of a morning and those who came since.

    Parameters
    ----------
    morning : Morning
        Everybody here.
    columns, rows : Columns, Rows
        Of that morning.
    rules, policy, travel
        As for ``gigmatch.match``.
    """

    def __init__(
        self,
        morning: Morning,
        columns: Columns,
        rows: Rows,
        rules: Sequence[Rule],
        policy: Policy,
        travel: Travel,
    ) -> None:
        self._morning, self._columns = morning, columns
        self._rules, self._policy, self._travel = rules, policy, travel
        self._shifts: _Layers[Shift, AddedWorkerColumns] = _Layers(
            morning.shifts,
            AddedWorkerColumns(morning, columns, rows),
            lambda shifts: AddedWorkerColumns(*self._compiled(shifts=shifts)),
        )
        self._workers: _Layers[Worker, AddedShiftColumns] = _Layers(
            morning.workers,
            AddedShiftColumns(morning, columns, rows),
            lambda workers: AddedShiftColumns(*self._compiled(workers=workers)),
        )
        self._expected: dict[str, Expected] = {}
        """Who is about to come, by id."""
        bare = [skill.model_copy(update={"covers": ()}) for skill in morning.skills]
        self._skills = {skill.code: skill for skill in bare}
        law = Jurisdiction(name=morning.jurisdiction.name)
        parts = {"skills": (), "employers": (), "brokers": (), "crews": (), "requests": ()}
        self._alone = self._part(**parts, reference_wages=(), jurisdiction=law)

    # -- who is asked about ---------------------------------------------------------------------------------

    def valid_worker(self, worker: Worker) -> Worker:
        """The worker, if the morning could have had them; raises InvalidMorningError otherwise."""
        known = self._expected.get(worker.id)
        if known is not None and known.given == worker:
            return known.valid
        return self._alone_with(worker.skills).with_workers(worker).workers[0]

    def valid_shift(self, shift: Shift) -> Shift:
        """The shift, if the morning could have had it; raises InvalidMorningError otherwise."""
        employers = tuple(each for each in self._morning.employers if each.id == shift.employer_id)
        brokers = tuple(each for each in self._morning.brokers if each.id == shift.broker_id)
        parts = {"employers": employers, "brokers": brokers, "crews": self._morning.crews}
        return self._alone_with((*shift.all_of, *shift.any_of), **parts).with_shifts(shift).shifts[0]

    def _alone_with(self, named: Iterable[Any], **parts: Any) -> Morning:
        """The morning without anybody, and with no more of what can be named than somebody names."""
        skills = {each.skill: self._skills[each.skill] for each in named if each.skill in self._skills}
        return self._alone.model_copy(update={"skills": tuple(skills.values()), **parts})

    def add_worker(self, worker: Worker) -> None:
        """Ask about this worker from now on, whoever had their id."""
        self._expected.pop(worker.id, None)
        self._workers.add(worker)

    def drop_worker(self, worker_id: str) -> None:
        """Do not ask about a worker any more."""
        self._workers.drop(worker_id)

    def add_shift(self, shift: Shift) -> None:
        """Ask about this shift from now on, whichever had its id."""
        self._expected.clear()
        self._shifts.add(shift)

    def drop_shift(self, shift_id: str) -> None:
        """Do not ask about a shift any more."""
        self._shifts.drop(shift_id)

    def take_requests(self, requests: tuple[Request, ...]) -> None:
        """Let these be all whom employers ask for by name."""
        self._morning = self._morning.model_copy(update={"requests": requests})
        for of_shifts in self._shifts.compiled:
            of_shifts.take_requests(requests)
        for of_workers in self._workers.compiled:
            of_workers.take_requests(requests)
        self._expected.clear()

    # -- what is asked --------------------------------------------------------------------------------------

    def of_worker(self, worker: Worker) -> dict[str, int]:
        """Points of a worker, in hundredths, at every shift that no rule refuses them, by id."""
        known = self._expected.get(worker.id)
        if known is None or known.valid != worker:
            return self._of_workers(worker)[worker.id]
        return {shift: value for shift, value in known.points.items() if shift in self._shifts}

    def expect(self, workers: Iterable[Worker]) -> None:
        """Ask about several who are about to come, together; whoever could not come is left out."""
        valid: dict[str, tuple[Worker, Worker]] = {}
        for worker in workers:
            with suppress(InvalidMorningError):
                valid[worker.id] = worker, self.valid_worker(worker)
        asked, many = list(valid.values()), max(_MOST_PAIRS // max(len(self._shifts), 1), 1)
        for at in range(0, len(asked), many):
            some = asked[at : at + many]
            points = self._of_workers(*(each for _, each in some))
            self._expected |= {each.id: Expected(given, each, points[each.id]) for given, each in some}

    def _of_workers(self, *workers: Worker) -> dict[str, dict[str, int]]:
        """Points of some workers at every shift, by their ids."""
        points: dict[str, dict[str, int]] = {worker.id: {} for worker in workers}
        for compiled, here in self._shifts.each():
            columns = compiled.of(*workers)
            of = [points[key] for key in columns.worker_ids]
            for row, shift, value in self._points(columns):
                if shift in here:
                    of[row][shift] = value
        return points

    def of_shift(self, shift: Shift) -> dict[str, int]:
        """Points of every worker, in hundredths, whom no rule refuses a shift, by id.

        Raises UnsupportedError for a shift of a kind that is not solved.
        """
        points: dict[str, int] = {}
        for compiled, here in self._workers.each():
            columns = compiled.of(shift)
            refuse_unsolved(columns)
            workers = columns.worker_ids
            for row, _, value in self._points(columns):
                if workers[row] in here:
                    points[workers[row]] = value
        return points

    def _part(self, **parts: Any) -> Morning:
        """The morning with these people or shifts alone; requests stay, as of anybody who is not there."""
        return self._morning.model_copy(update={"workers": (), "companions": (), "shifts": (), **parts})

    def _compiled(self, **parts: Any) -> tuple[Morning, Columns, Rows]:
        """A part of the morning, its columns with the groups and attributes of all, and its rows."""
        part = self._part(**parts)
        asked = tuple(each for each in part.requests if each.shift_id is None)
        columns, rows = columns_and_rows(part.model_copy(update={"requests": asked}))
        return part, alike(columns.unlabelled, self._columns), rows

    def _points(self, columns: Columns) -> Iterator[tuple[int, str, int]]:
        """Row of the worker, id of the shift and points of every pair that no rule refuses."""
        pairs = Pairs(columns, self._travel, *_all_pairs(columns))
        for rule in self._rules:
            if rule_severity(rule, columns) == "block" and len(pairs):
                pairs = pairs.take(apply_rule(rule, columns, pairs))
        points = self._policy.points(columns, pairs).tolist()
        shifts = map(columns.shift_ids.__getitem__, pairs.shift.tolist())
        return zip(pairs.worker.tolist(), shifts, points, strict=True)


def _all_pairs(columns: Columns) -> tuple[IndexArray, IndexArray]:
    worker = np.repeat(np.arange(columns.n_workers), columns.n_shifts)
    return worker, np.tile(np.arange(columns.n_shifts), columns.n_workers)
