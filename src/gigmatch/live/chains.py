"""Who made room for whom: what changed, as chains of people from seat to seat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

__all__ = ["Chain", "Link", "chains_of"]


class Link(NamedTuple):
    """Somebody goes from one shift to another; None is without a shift."""

    worker_id: str
    from_shift_id: str | None
    to_shift_id: str | None


class Chain(NamedTuple):
    """People in turn, each into the shift that the next one leaves."""

    links: tuple[Link, ...]
    points: float
    """How many points more they have together."""

    @property
    def seats(self) -> int:
        """How many seats more they fill: 1, 0 or -1."""
        return (self.links[-1].to_shift_id is not None) - (self.links[0].from_shift_id is not None)


def chains_of(links: Iterable[Link], gains: Mapping[str, float]) -> tuple[Chain, ...]:
    """Return what changed as chains; everybody is in one of them, once.

    A chain begins with whoever had no shift, or leaves one that more people leave than enter, and ends where
    nobody has to make room. What is left are rings.

    Parameters
    ----------
    links : iterable of Link
        Everybody whose shift is another one.
    gains : mapping
        Points more by worker; 0 where there is none.

    Examples
    --------
    >>> links = [Link("v", "a", "b"), Link("w", "b", None), Link("x", None, "a"), Link("y", "c", "d")]
    >>> for chain in chains_of(links, {"x": 5.0, "w": -3.0}):
    ...     print([link.worker_id for link in chain.links], chain.seats, chain.points)
    ['x', 'v', 'w'] 0 2.0
    ['y'] 0 0.0
    """
    leaving: dict[str | None, list[Link]] = defaultdict(list)
    surplus: dict[str, int] = defaultdict(int)
    for link in sorted(links, reverse=True, key=lambda link: link.worker_id):
        leaving[link.from_shift_id].append(link)
        for shift, sign in ((link.from_shift_id, 1), (link.to_shift_id, -1)):
            if shift is not None:
                surplus[shift] += sign
    heads = [None] * len(leaving[None]) + [shift for shift in sorted(surplus) for _ in range(surplus[shift])]
    found = [_walk(leaving, head) for head in heads]
    found += [_walk(leaving, shift) for shift in sorted(surplus) for _ in range(len(leaving[shift]))]
    return tuple(
        Chain(chain, round(sum(gains.get(link.worker_id, 0.0) for link in chain), 2))
        for chain in found
        if chain
    )


def _walk(leaving: Mapping[str | None, list[Link]], head: str | None) -> tuple[Link, ...]:
    """Take links out, each from where the one before goes to, until nobody leaves there."""
    chain: list[Link] = []
    while leaving[head]:
        chain.append(leaving[head].pop())
        head = chain[-1].to_shift_id
        if head is None:
            break
    return tuple(chain)
