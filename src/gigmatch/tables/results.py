"""What reading tables gives besides columns: the rows that were left out."""

from __future__ import annotations

from typing import NamedTuple

from gigmatch.columns import Columns
from gigmatch.i18n import Told
from gigmatch.model import Morning

__all__ = ["LeftOut", "Loaded", "LoadedMorning"]


class LeftOut(NamedTuple):
    """A row that was left out, and why."""

    table: str
    row: int
    """From 0, in the table as given."""
    why: Told
    """What is wrong with it, or what it was left out with."""
    place: Told
    """What it is called: ``workers[3]``, or ``workers.csv, row 5`` as a spreadsheet numbers it."""


class Loaded(NamedTuple):
    """Columns of the rows that are sound, and the others."""

    columns: Columns
    left_out: tuple[LeftOut, ...]
    """Every row that was left out, in order of table and row."""


class LoadedMorning(NamedTuple):
    """A morning of the rows that are sound, and the others."""

    morning: Morning
    left_out: tuple[LeftOut, ...]
    """Every row that was left out, in order of table and row."""
