"""Small tables of HTML: escaped, cut, and short."""

from __future__ import annotations

import pytest

from gigmatch.core.html_tables import MOST_ROWS, html_table


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (9.5, "9.50"),
        (1200.0, "1,200"),
        (7, "7"),
        (True, "True"),
        ("<script>", "&lt;script&gt;"),
        ("\"'&", "&quot;&#x27;&amp;"),
        ("x" * 120, "x" * 120),
        ("x" * 121, "x" * 119 + "…"),
    ],
)
def test_cells(value, cell):
    """Numbers of two digits, nothing for None, every text escaped, long ones cut."""
    assert html_table(["a"], [[value]]) == f"<table><tr><th>a</th></tr><tr><td>{cell}</td></tr></table>"


@pytest.mark.parametrize("n", [0, MOST_ROWS, MOST_ROWS + 1, 5_000])
def test_a_table_is_never_long(n):
    """Twenty rows at most, and how many more there are."""
    shown = html_table(["<id>"], [[k] for k in range(n)], "a < b")
    assert shown.startswith("<table><caption>a &lt; b</caption><tr><th>&lt;id&gt;</th></tr>")
    assert shown.count("<td>") == min(n, MOST_ROWS)
    assert shown.endswith("</table>" if n <= MOST_ROWS else f"<p>... and {n - MOST_ROWS:,} more</p>")
