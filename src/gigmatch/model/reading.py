"""What reading a morning from tables left out, and what whoever wrote them should know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from gigmatch.i18n import Told

__all__ = ["LeftOut", "Reading", "reading_of", "was_read"]

Read = TypeVar("Read")


class LeftOut(NamedTuple):
    """A row that was left out, and why."""

    table: str
    row: int
    """From 0, in the table as given."""
    why: Told
    """What is wrong with it, or what it was left out with."""
    place: Told
    """What it is called: ``workers[3]``, or ``workers.csv, row 5`` as a spreadsheet numbers it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a morning was read: nothing to tell of one that was not read from tables.

    It is known to the very object that was read alone: no part of equality, of JSON or of a digest.
    """

    left_out: tuple[LeftOut, ...] = ()
    """The rows that were left out, in order of table and row: of each table the first 1,000."""
    notes: tuple[Told, ...] = ()
    """What was not taken as it was written, counted; each can be told in every language."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many rows were left out in all, by table; tables without any are not there."""


def was_read(read: Read, reading: Reading) -> Read:
    """Return what was read, a `Morning` or `Columns`, with how as its ``reading``."""
    vars(read)["_reading"] = reading  # no field, nothing that `dict` lists, and what is frozen stays frozen
    return read


def reading_of(read: object) -> Reading:
    """Return how a `Morning` or `Columns` was read."""
    reading: Reading = vars(read).get("_reading", Reading())
    return reading
