"""What the rows of tables are called in errors: as they were given, or as a spreadsheet numbers them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple, Protocol

from gigmatch.i18n import Told
from gigmatch.model.aliases import named

__all__ = ["ConcatenatedRows", "DerivedRows", "FileRows", "Provenance", "ProvenanceByTable", "Sheet"]


class Provenance(Protocol):
    """Where the rows of a table stand in files that people open in a spreadsheet."""

    def path(self, row: int | None, column: str) -> Told:
        """``workers.csv, row 3, column 评分 (rating)``, as far as known."""
        ...


ProvenanceByTable = Mapping[str, Provenance]
"""By table; one that came from no such file has none, and its rows count from 0."""


class Sheet(NamedTuple):
    """A table, and where it comes from."""

    table: Any
    """The Arrow table."""
    provenance: Provenance
    notes: tuple[Told, ...] = ()
    """What was noticed in the file."""


class FileRows:
    """Rows of one file.

    Parameters
    ----------
    file : str
        Its name.
    headers : mapping of str to str
        The file's own header of each column.
    numbered : callable
        Gives the row of the spreadsheet of each row of the table, the header being row 1; called once, and
        only for an error.
    """

    def __init__(self, file: str, headers: Mapping[str, str], numbered: Callable[[], Sequence[int]]) -> None:
        self.file, self.headers, self._numbered = file, headers, numbered

    @cached_property
    def rows(self) -> Sequence[int]:
        """Row of the spreadsheet of each row of the table."""
        return self._numbered()

    def path(self, row: int | None, column: str) -> Told:
        """File, row, column."""
        place = Told(self.file, "")
        if row is not None:
            place = Told.of("places.row", file=self.file, row=self.rows[row])
        if not column:
            return place
        header = self.headers.get(column, column)
        told = named(column) if header == column else f"{header} ({column})"
        return Told.of("places.column", place=place, column=told)


class DerivedRows:
    """Rows made from rows of another table: which ones, and from which columns where the names differ."""

    def __init__(self, provenance: Provenance, rows: Sequence[int], columns: Mapping[str, str]) -> None:
        self.provenance, self.rows, self.columns = provenance, rows, columns

    def path(self, row: int | None, column: str) -> Told:
        """File, row, column."""
        at = None if row is None else int(self.rows[row])
        return self.provenance.path(at, self.columns.get(column, column))


class ConcatenatedRows:
    """Rows of some tables, one table after the other: provenance and numbers of rows."""

    def __init__(self, *parts: tuple[Provenance, int]) -> None:
        self.parts, self.starts = parts, [0, *accumulate(n for _, n in parts)]

    def path(self, row: int | None, column: str) -> Told:
        """File, row, column."""
        if row is None:
            return self.parts[0][0].path(None, column)
        part = bisect_right(self.starts, row) - 1
        return self.parts[part][0].path(row - self.starts[part], column)
