"""Small tables of HTML for notebooks: escaped, without style or script, and never long.

By hand: frames have such tables, but nobody needs one to use the library.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from gigmatch import i18n

__all__ = ["MOST_ROWS", "html_table", "paragraph"]

MOST_ROWS: Final = 20
_MOST_CHARACTERS: Final = 120


def html_table(header: Sequence[str], rows: Sequence[Sequence[object]], caption: str = "") -> str:
    """Return a table as HTML, every text in it escaped.

    Parameters
    ----------
    header : sequence of str
        Names of the columns.
    rows : sequence of sequences
        In order; the first `MOST_ROWS` are shown, and it is said how many more there are. Numbers have two
        digits at most, None is an empty cell, and long texts are cut.
    caption : str
        What stands above it.

    Examples
    --------
    >>> html_table(["id", "points"], [("<a>", 9.5)])
    '<table><tr><th>id</th><th>points</th></tr><tr><td>&lt;a&gt;</td><td>9.50</td></tr></table>'
    """
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    lines = [_line("th", header), *(_line("td", row) for row in rows[:MOST_ROWS])]
    table = f"<table>{title}{''.join(lines)}</table>"
    more = len(rows) - MOST_ROWS
    return table + paragraph(i18n.text("shared.more_rows", n=f"{more:,}")) if more > 0 else table


def paragraph(text: str) -> str:
    """Return a paragraph as HTML, its text escaped.

    Examples
    --------
    >>> paragraph("5 < 6")
    '<p>5 &lt; 6</p>'
    """
    return f"<p>{escape(text)}</p>"


def _line(tag: str, cells: Sequence[object]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(_cell(cell))}</{tag}>' for cell in cells)}</tr>"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.2f}".removesuffix(".00")
    told = str(value)
    return told if len(told) <= _MOST_CHARACTERS else f"{told[: _MOST_CHARACTERS - 1]}…"
