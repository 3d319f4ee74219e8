"""What the rows of tables are called in errors: as they were given, or as a spreadsheet numbers them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple, Protocol

__all__ = ["FileRows", "Joined", "Made", "Origin", "Origins", "Sheet"]


class Origin(Protocol):
    """Where the rows of a table stand in files that people open in a spreadsheet."""

    def path(self, row: int | None, column: str) -> str:
        """``workers.csv, row 3, column 评分 (rating)``, as far as known."""
        ...


Origins = Mapping[str, Origin]
"""By table; one that came from no such file has none, and its rows count from 0."""


class Sheet(NamedTuple):
    """A table, and where it comes from."""

    table: Any
    """The Arrow table."""
    origin: Origin


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

    def path(self, row: int | None, column: str) -> str:
        """File, row, column."""
        place = self.file if row is None else f"{self.file}, row {self.rows[row]}"
        header = self.headers.get(column, column)
        told = header if header == column else f"{header} ({column})"
        return f"{place}, column {told}" if column else place


class Made:
    """Rows made from rows of another table: which ones, and from which columns where the names differ."""

    def __init__(self, origin: Origin, rows: Sequence[int], columns: Mapping[str, str]) -> None:
        self.origin, self.rows, self.columns = origin, rows, columns

    def path(self, row: int | None, column: str) -> str:
        """File, row, column."""
        at = None if row is None else int(self.rows[row])
        return self.origin.path(at, self.columns.get(column, column))


class Joined:
    """Rows of some tables, one table after the other: origins and numbers of rows."""

    def __init__(self, *parts: tuple[Origin, int]) -> None:
        self.parts, self.starts = parts, [0, *accumulate(n for _, n in parts)]

    def path(self, row: int | None, column: str) -> str:
        """File, row, column."""
        if row is None:
            return self.parts[0][0].path(None, column)
        part = bisect_right(self.starts, row) - 1
        return self.parts[part][0].path(row - self.starts[part], column)
