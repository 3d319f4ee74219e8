"""Who goes where, in words: what people call each shift, where and when it is, what it pays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.core.widths import columns_of_text, fitted, to_the_left, to_the_right
from gigmatch.errors import InvalidInputError
from gigmatch.pages.html import plain
from gigmatch.pages.shift_formatter import ShiftFormatter
from gigmatch.pages.words import Words

__all__ = ["PlacedShift", "placed_shifts", "placements_text"]

_WIDEST = (16, 36, 36, 16)  # worker, shift, time, pay; what is longer is cut


class PlacedShift(NamedTuple):
    """What people are told of a shift that somebody has, without control characters."""

    title: str
    """What people call the work, else its leading skill."""
    skill: str
    """Skills asked for, with their levels."""
    place: str
    """The name of the place, else how to find it."""
    time: str
    """Days and times on the wall clock."""


def placed_shifts(solved: SolvedMorning, words: Words) -> dict[str, PlacedShift]:
    """What is told of every shift that somebody has, by id; see ``gigmatch.pages.placed_shifts``."""
    told, ids = ShiftFormatter(solved, words), solved.columns.shift_ids
    return {
        ids[row]: PlacedShift(
            *map(plain, (told.title(row), told.work(row), told.where(row), _time(told, row)))
        )
        for row in np.unique(solved.shift).tolist()
    }


def placements_text(solved: SolvedMorning, words: Words, most: int) -> str:
    """The first placements for a terminal; see ``gigmatch.pages.placements_text``."""
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        raise InvalidInputError("integer_too_small", name="most", least=1, value=most)
    told = ShiftFormatter(solved, words)
    placed = zip(solved.worker[:most].tolist(), solved.shift[:most].tolist(), strict=True)
    rows = [_row(told, worker, shift) for worker, shift in placed]
    if not rows:
        return ""
    lines = _aligned([tuple(map(words, ("worker", "shift", "time", "pay"))), *rows])
    left = len(solved.worker) - len(rows)
    return "\n".join([*lines, *([words.plural("placements_more", left)] if left else [])])


def _row(told: ShiftFormatter, worker: int, shift: int) -> tuple[str, ...]:
    name = told.labels.worker_name[worker] or told.columns.worker_ids[worker]
    amount = round(float(told.shifts.pay_total[shift]), 2)
    pay = told.words.money(amount, told.columns.currency)
    cells = (name, told.name(shift), _time(told, shift), pay)
    return tuple(fitted(plain(cell), most) for cell, most in zip(cells, _WIDEST, strict=True))


def _time(told: ShiftFormatter, row: int) -> str:
    return told.words.listed(list(told.when(row)))


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows whose columns stand below one another, the last to the right."""
    *widths, last = (max(map(columns_of_text, column)) for column in zip(*rows, strict=True))
    return ["  ".join(map(to_the_left, row, widths)) + " " + to_the_right(row[-1], last + 1) for row in rows]
