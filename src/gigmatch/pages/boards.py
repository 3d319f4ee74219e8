"""The board: what the screen in the hall shows, in pages that turn, and as text for a terminal.

Widths of Chinese by hand: the standard library knows them, and two lines are no reason for ``wcwidth``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.core.widths import columns_of_text, fitted
from gigmatch.errors import InvalidInputError
from gigmatch.pages.html import plain, render
from gigmatch.pages.shift_formatter import Offer, ShiftFormatter
from gigmatch.pages.words import Words

__all__ = ["board_page", "board_text"]

_ON_A_PAGE = (
    4  # as many as can be read from ten metres: one line of such letters is a fifteenth of the height
)
_MOST_OFFERS = 88
_ROUND_SECONDS = 115.0  # of the whole board: nobody waits longer for a page
_LONGEST_SECONDS = 12.0
_LEAST_WIDTH = 40


def board_page(solved: SolvedMorning, words: Words, seconds: float | None, reload: bool) -> str:
    """The page; see ``gigmatch.pages.board``."""
    formatter, rows = ShiftFormatter(solved, words, says_today=True), _open_rows(solved)
    offers = [formatter.offer(row) for row in rows[:_MOST_OFFERS]]
    pages = [offers[first : first + _ON_A_PAGE] for first in range(0, len(offers), _ON_A_PAGE)]
    return render(
        "board.html",
        words,
        "base board",
        "board",
        title=words("board"),
        market=formatter.market,
        date=formatter.date,
        count=_count(solved, words, rows),
        pages=pages,
        more=_more(words, len(rows) - len(offers)),
        milliseconds=round(1000 * (seconds or min(_LONGEST_SECONDS, _ROUND_SECONDS / max(len(pages), 1)))),
        reload=reload,
    )


def board_text(solved: SolvedMorning, words: Words, width: int) -> str:
    """The same for a terminal; see ``gigmatch.pages.board_text``."""
    if isinstance(width, bool) or not isinstance(width, int) or width < _LEAST_WIDTH:
        raise InvalidInputError("integer_too_small", name="width", least=_LEAST_WIDTH, value=width)
    formatter, rows = ShiftFormatter(solved, words, says_today=True), _open_rows(solved)
    lines = [f"{words('board')}  {_count(solved, words, rows)}", "─" * width]
    if not rows:
        lines.append(words("board_empty"))
    for row in rows[:_MOST_OFFERS]:
        lines += _offer_lines(formatter.offer(row), words, width)
    if left_out := _more(words, len(rows) - _MOST_OFFERS):
        lines.append(left_out)
    return "\n".join(fitted(plain(line), width) for line in lines)


def _open_rows(solved: SolvedMorning) -> list[int]:
    """Shifts with empty seats: the most urgent first, then the first to begin, then by id."""
    rows = np.flatnonzero(solved.open > 0)
    shifts = solved.columns.shifts
    order = np.lexsort((rows, shifts.start_min[rows], shifts.tier[rows]))
    return [int(row) for row in rows[order]]


def _count(solved: SolvedMorning, words: Words, rows: Sequence[int]) -> str:
    seats = int(solved.open[list(rows)].sum()) if rows else 0
    return words("board_count", seats=words.some("seats", seats), shifts=words.some("shifts", len(rows)))


def _more(words: Words, n: int) -> str:
    return words("board_more", shifts=words.some("shifts", n)) if n > 0 else ""


def _offer_lines(offer: Offer, words: Words, width: int) -> list[str]:
    """Seats, work and pay; below them when and where, in as many lines as it takes."""
    seats = f"{offer.open_seats:>4} "
    work = f"{offer.title} · {offer.work}" if offer.is_titled else offer.work
    head = work if not offer.urgent else f"{words('urgent')} {work}"
    room = width - len(seats) - columns_of_text(offer.pay) - 2
    first = fitted(plain(head), max(room, 8))
    first += " " * max(room - columns_of_text(first), 1) + " " + offer.pay
    place = (offer.where, offer.address)
    said = [
        offer.missing,
        *offer.when,
        *place,
        offer.pay_in_all,
        offer.settlement,
        *offer.credentials,
        offer.id,
    ]
    lines = [f"{seats}{first}", ""]
    for part in filter(None, map(plain, said)):
        longer = f"{lines[-1]} · {part}" if lines[-1] else f"     {part}"
        if lines[-1] and columns_of_text(longer) > width:
            lines.append(f"     {part}")
        else:
            lines[-1] = longer
    return lines
