"""One more worker, or one more shift, compiled against what is compiled already: a walk-in does not wait."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TypeVar

import numpy as np

from gigmatch.columns.columns import Columns, Relation, ShiftColumns, WorkerColumns, frozen
from gigmatch.columns.compile import needs_of, relation, shift_columns, worker_parts
from gigmatch.columns.law import limit_columns
from gigmatch.columns.needs import held_credentials
from gigmatch.columns.objects import Others, rows_of, with_kinds, with_shifts, with_workers
from gigmatch.columns.rows import Rows
from gigmatch.model import Morning, Request, Shift, Worker

__all__ = ["AddedShiftColumns", "AddedWorkerColumns", "alike"]

P = TypeVar("P", WorkerColumns, ShiftColumns)


class AddedWorkerColumns:
    """Compiles workers who are not in a morning, alone or some together.

    Parameters
    ----------
    morning : Morning
        Where the shifts are.
    columns : Columns
        Of that morning.
    rows : Rows, optional
        Of that morning, where they have been made.
    """

    def __init__(self, morning: Morning, columns: Columns, rows: Rows | None = None) -> None:
        self._columns = columns
        self._morning = morning.model_copy(update={"workers": ()})
        self._rows = rows_of(self._morning) if rows is None else rows
        self._needs, self._others = needs_of(self._rows), Others(morning)

    def take_requests(self, requests: tuple[Request, ...]) -> None:
        """Let these be all whom employers ask for by name."""
        self._others.take_requests(requests)

    def of(self, *workers: Worker) -> Columns:
        """The morning's columns with these workers as the only ones, in order of arrival then id.

        Priority groups and attributes are those of the morning and the workers' own. Skills, credentials and
        employers that the morning does not know make no difference there, and are left out.

        Parameters
        ----------
        *workers : Worker
            Whose home or station is known, each with an id of their own.
        """
        rows = with_workers(self._rows, self._morning, workers, self._others)
        parts = worker_parts(rows, *self._needs)
        for part in parts.values():
            if isinstance(part, WorkerColumns | Relation):
                frozen(part)
        return alike(replace(self._columns.unlabelled, **parts), self._columns)


class AddedShiftColumns:
    """Compiles shifts that are not in a morning, each alone.

    Parameters
    ----------
    morning : Morning
        Where the workers are.
    columns, rows : Columns, Rows
        Of that morning.
    """

    def __init__(self, morning: Morning, columns: Columns, rows: Rows) -> None:
        self._columns, self._morning, self._given = columns, morning, rows

    def take_requests(self, requests: tuple[Request, ...]) -> None:
        """Let these be all whom employers ask for by name."""
        self._morning = self._morning.model_copy(update={"requests": requests})

    @cached_property
    def _rows(self) -> Rows:
        return with_kinds(self._given, self._morning)

    def of(self, shift: Shift) -> Columns:
        """The morning's columns with this shift as the only one, row 0; attributes as for added workers.

        Parameters
        ----------
        shift : Shift
            Whose employer, broker and skills are known.
        """
        rows, n = with_shifts(self._rows, self._morning, (shift,)), self._columns.n_workers
        skills, credentials = needs_of(rows)
        shifts, held = shift_columns(rows, skills, credentials), rows.workers
        workers = replace(
            self._columns.workers,
            skill_rank=skills.ranks(held.skills, n),
            skills_met=skills.met(held.skills, n),
            credentials_met=credentials.met(held.credentials, np.fmin(held.valid_to, held.review_due), n),
            credentials=held_credentials(rows.kinds, held),
        )
        part = replace(
            self._columns.unlabelled,
            shift_ids=(shift.id,),
            skill_codes=skills.codes,
            skill_needs=skills.needs,
            credential_needs=credentials.needs,
            workers=workers,
            shifts=shifts,
            limits=limit_columns(rows.limits, rows.date, shifts),
            requested_shift=relation(rows.requested_shifts, 1),
            requested_employer=relation(rows.requested_employers, len(rows.employer_ids)),
        )
        return frozen(alike(part, self._columns))


def alike(part: Columns, whole: Columns) -> Columns:
    """Columns of a few rows with the priority groups and attributes of a whole morning, and their own.

    What a rule or scorer finds by name is then there, whoever has it.
    """
    names = tuple(sorted({*whole.priority_groups, *part.priority_groups}))
    groups = np.zeros((part.n_workers, len(names)), dtype=bool)
    groups[:, [names.index(name) for name in part.priority_groups]] = part.workers.groups
    return replace(
        part,
        priority_groups=names,
        workers=replace(_with_attributes(part.workers, whole.workers, part.n_workers), groups=groups),
        shifts=_with_attributes(part.shifts, whole.shifts, part.n_shifts),
    )


def _with_attributes(part: P, whole: P, n: int) -> P:
    """The same with every attribute that somebody in the whole morning has, None where nobody here does."""
    others = dict.fromkeys(whole.attributes, np.full(n, None, dtype=object))
    return replace(part, attributes={**others, **part.attributes})
