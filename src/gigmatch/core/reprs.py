"""What large things look like in a terminal: one line with counts, never with what is in them."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["count_of", "one_line"]


def count_of(n: int, name: str) -> str:
    """Return a count with its noun, as in English.

    Examples
    --------
    >>> count_of(1, "worker"), count_of(1_200, "shift")
    ('1 worker', '1,200 shifts')
    """
    return f"{n:,} {name}{'' if n == 1 else 's'}"


def one_line(kind: type, named: Mapping[str, object], counts: Mapping[str, int]) -> str:
    """Return a class with some named values and some counts, in one line.

    Parameters
    ----------
    kind : type
        The class, told by its name.
    named : mapping of str to object
        Told as ``name=value``, as they stand.
    counts : mapping of str to int
        By the noun in the singular.

    Examples
    --------
    >>> one_line(dict, {"date": "2025-07-19"}, {"worker": 2})
    'dict(date=2025-07-19, 2 workers)'
    """
    parts = [f"{name}={value}" for name, value in named.items()]
    return f"{kind.__name__}({', '.join([*parts, *(count_of(n, name) for name, n in counts.items())])})"
