"""What skills cover, by way of others too; those that cover each other, all of it in common."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

__all__ = ["covering"]

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


def covering(
    below: Mapping[K, Iterable[K]], own: Callable[[K], T], joined: Callable[[Iterable[T]], T]
) -> dict[K, T]:
    """Return what each covers, itself included; those that cover each other share one object.

    Parameters
    ----------
    below : mapping of key to iterable of key
        What each covers directly; what is no key itself covers itself alone.
    own : callable
        What one stands for by itself.
    joined : callable
        Makes one of several of these; called once for all that cover each other, so a ring takes no longer
        than a row.

    Examples
    --------
    >>> below = {"mason": ["helper"], "cook": []}
    >>> found = covering(below, lambda code: {code}, lambda sets: set().union(*sets))
    >>> sorted(found["mason"]), sorted(found["cook"])
    (['helper', 'mason'], ['cook'])
    """
    found: dict[K, T] = {}
    for ring in _rings(below):
        inside = set(ring)
        under = {key for code in ring for key in below.get(code, ())} - inside
        whole = joined([*map(own, ring), *map(found.__getitem__, under)])
        found.update(dict.fromkeys(ring, whole))
    return found


def _rings(below: Mapping[K, Iterable[K]]) -> Iterator[list[K]]:
    """Those that reach each other, together, after all that they cover (Tarjan 1972, without recursion)."""
    number: dict[K, int] = {}
    least: dict[K, int] = {}
    open_: dict[K, None] = {}  # a stack of which can be asked who is on it
    for start in below:
        if start in number:
            continue
        path = [(start, iter(below.get(start, ())))]
        number[start] = least[start] = len(number)
        open_[start] = None
        while path:
            code, rest = path[-1]
            for under in rest:
                if under not in number:
                    number[under] = least[under] = len(number)
                    open_[under] = None
                    path.append((under, iter(below.get(under, ()))))
                    break
                if under in open_:
                    least[code] = min(least[code], number[under])
            else:
                path.pop()
                if path:
                    least[path[-1][0]] = min(least[path[-1][0]], least[code])
                if least[code] == number[code]:
                    ring = [open_.popitem()[0]]
                    while ring[-1] != code:
                        ring.append(open_.popitem()[0])
                    yield ring
