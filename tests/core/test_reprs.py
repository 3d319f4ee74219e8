"""One line for what is large."""

from __future__ import annotations

from gigmatch.core.reprs import count_of, one_line


def test_one_of_anything_is_no_plural():
    """None and many are."""
    shown = [count_of(n, "seat") for n in (0, 1, 2, 12_000)]
    assert shown == ["0 seats", "1 seat", "2 seats", "12,000 seats"]


def test_names_then_counts():
    """In the order given; nothing stands for nothing."""
    assert one_line(list, {"a": 1, "b": "x"}, {"shift": 1}) == "list(a=1, b=x, 1 shift)"
    assert one_line(list, {}, {}) == "list()"
