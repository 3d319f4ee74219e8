"""What changed from one assignment to another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from gigmatch.core.html_tables import html_table
from gigmatch.i18n.texts import Texts

__all__ = ["Difference", "difference"]

IdPair = tuple[str, str]


@dataclass(frozen=True)
class Difference:
    """What changed from one assignment to another, by ids in alphabetical order."""

    placed: tuple[tuple[str, str], ...]
    """(worker, shift) of workers who had no shift, or were not there."""
    dropped: tuple[tuple[str, str], ...]
    """(worker, shift they had) of workers who have none now, or are gone."""
    moved: tuple[tuple[str, str, str], ...]
    """(worker, shift they had, shift they have)."""
    unchanged: int
    """Placements that are as they were."""

    def text(self, lang: str = "en") -> str:
        """Tell it in a language: how many, then a line for everybody placed, dropped or moved.

        Parameters
        ----------
        lang : str
            Such as ``"zh"``; a language that has no catalogue is told in English.

        Examples
        --------
        >>> print(difference([("li", "wall")], [("wu", "wall")]).text("zh"))
        新安排 1 人，不再安排 1 人，换班次 0 人，不变 0 人
          + wu -> wall
          - li（原为 wall）
        """
        texts = Texts("difference", lang)
        lines = [texts("placed", worker=worker, shift=shift) for worker, shift in self.placed]
        lines += [texts("dropped", worker=worker, shift=shift) for worker, shift in self.dropped]
        lines += [texts("moved", worker=worker, old=old, new=new) for worker, old, new in self.moved]
        return "\n".join([self._counts(texts), *lines])

    def _counts(self, texts: Texts) -> str:
        counts = {name: len(getattr(self, name)) for name in ("placed", "dropped", "moved")}
        return texts("counts", **counts, unchanged=self.unchanged)

    def _repr_html_(self) -> str:
        """Return what a notebook shows: a row for everybody placed, dropped or moved, in this order."""
        rows: list[tuple[str | None, ...]] = [("placed", worker, None, new) for worker, new in self.placed]
        rows += [("dropped", worker, old, None) for worker, old in self.dropped]
        rows += [("moved", *moved) for moved in self.moved]
        header = ("change", "worker_id", "old_shift_id", "new_shift_id")
        return html_table(header, rows, self._counts(Texts("difference", "en")))

    def __str__(self) -> str:
        return self.text()


def difference(old: Iterable[IdPair], new: Iterable[IdPair]) -> Difference:
    """Compare placements by ids: whoever has other shifts than before has moved as far as both last.

    Parameters
    ----------
    old, new : iterable of (worker id, shift id)
        Placements; somebody with several shifts has several.
    """
    before, now = _by_worker(old), _by_worker(new)
    placed, dropped, moved, unchanged = list[IdPair](), list[IdPair](), list[tuple[str, str, str]](), 0
    for worker in sorted(before.keys() | now.keys()):
        lost = sorted(before[worker] - now[worker])
        gained = sorted(now[worker] - before[worker])
        both = min(len(lost), len(gained))
        moved += [(worker, *shifts) for shifts in zip(lost, gained, strict=False)]
        dropped += [(worker, shift) for shift in lost[both:]]
        placed += [(worker, shift) for shift in gained[both:]]
        unchanged += len(before[worker] & now[worker])
    return Difference(tuple(placed), tuple(dropped), tuple(moved), unchanged)


def _by_worker(pairs: Iterable[IdPair]) -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for worker, shift in pairs:
        found[worker].add(shift)
    return found
