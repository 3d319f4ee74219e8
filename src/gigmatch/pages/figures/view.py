"""An assignment together with the morning it was made from: ids, arrays and names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gigmatch.assignment import Assignment
from gigmatch.columns import Columns, columns_of
from gigmatch.core.arrays import IndexArray, Int32Array, Int64Array
from gigmatch.errors import CertificateError, InvalidInputError
from gigmatch.model import Morning, Shift, Worker

__all__ = ["View"]


@dataclass(frozen=True, eq=False)
class View:
    """An assignment to look at; made by `View.of`."""

    assignment: Assignment
    columns: Columns
    morning: Morning | None
    """None where the morning came as columns: then there are ids, but no names and no date."""

    @classmethod
    def of(cls, assignment: Assignment, morning: Morning | Columns | None = None) -> View:
        """The assignment with its morning.

        Parameters
        ----------
        assignment : Assignment
            Just made, or loaded from a file.
        morning : Morning or Columns, optional
            What it was made from; a loaded assignment needs it.

        Raises
        ------
        InvalidInputError
            There is no morning, or something is of another kind.
        CertificateError
            The assignment was made from another morning.
        """
        if not isinstance(assignment, Assignment):
            raise InvalidInputError(f"assignment must be an Assignment; got {assignment!r:.80}")
        if morning is not None and not isinstance(morning, Morning | Columns):
            raise InvalidInputError(f"morning must be a Morning or Columns; got {morning!r:.80}")
        held = assignment.prepared
        if held is None and morning is None:
            raise InvalidInputError("a loaded assignment does not hold its morning: pass it in morning=")
        if morning is not None and not _is_of(assignment, morning):
            raise CertificateError("the assignment was made from another morning: the digests differ")
        source = morning if morning is not None else held.morning if held else None
        if held is not None:
            columns = held.columns
        else:
            columns = source if isinstance(source, Columns) else columns_of(source)  # type: ignore[arg-type]
        return cls(assignment, columns, source if isinstance(source, Morning) else None)

    @property
    def source(self) -> Morning | Columns:
        """The morning as it came."""
        return self.morning if self.morning is not None else self.columns

    @cached_property
    def placed(self) -> IndexArray:
        """Rows of the workers who have a shift, ascending: intp[n_placements]."""
        return np.flatnonzero(self.assignment.shift >= 0)

    @cached_property
    def shift(self) -> Int32Array:
        """Their shifts' rows: int32[n_placements]."""
        return self.assignment.shift[self.placed]

    @cached_property
    def filled(self) -> Int64Array:
        """Seats taken of each shift: int64[n_shifts]."""
        return np.bincount(self.shift, minlength=self.columns.n_shifts).astype(np.int64)

    @cached_property
    def open(self) -> Int64Array:
        """Empty seats of each shift: int64[n_shifts]."""
        return self.columns.shifts.capacity - self.filled

    @cached_property
    def skill_names(self) -> Mapping[str, str]:
        """Name of every skill by code; codes that have none name themselves."""
        names = {code: code for code in self.columns.skill_codes}
        if self.morning is not None:
            names |= {skill.code: skill.name or skill.code for skill in self.morning.skills}
        return names

    @cached_property
    def shifts_by_id(self) -> Mapping[str, Shift]:
        """Every shift of a `Morning`; empty for columns."""
        return {shift.id: shift for shift in self.morning.shifts} if self.morning else {}

    @cached_property
    def workers_by_id(self) -> Mapping[str, Worker]:
        """Every worker of a `Morning`; empty for columns."""
        return {worker.id: worker for worker in self.morning.workers} if self.morning else {}

    def skill_of(self, shift: int) -> str | None:
        """Name of the leading skill of a shift; None where it asks for none."""
        code = int(self.columns.shifts.leading_skill[shift])
        return None if code < 0 else self.skill_names[self.columns.skill_codes[code]]


def _is_of(assignment: Assignment, morning: Morning | Columns) -> bool:
    """Whether it was made from this morning, or from its columns."""
    if isinstance(morning, Morning) and assignment.morning_digest.startswith("columns "):
        return columns_of(morning).digest() == assignment.morning_digest
    return morning.digest() == assignment.morning_digest
