"""What a run took: seconds by stage, and counts of the work done."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from gigmatch.core.html_tables import html_table
from gigmatch.core.reprs import one_line
from gigmatch.core.widths import to_the_left, to_the_right
from gigmatch.i18n.texts import Texts

__all__ = ["Stages", "Statistics"]

_WIDTHS = 30, 14


@dataclass(frozen=True, eq=False, repr=False)
class Statistics:
    """What a run took: where the time went, and how much work there was.

    The stages follow one another and add up to the whole. Seconds differ from run to run; counts are the same
    on every machine and in any threads.
    """

    seconds: Mapping[str, float] = field(default_factory=dict)
    """Seconds of wall time by stage: ``compile`` (columns from objects), ``prepare``, ``candidates``,
    ``rules`` and ``scoring`` (each has its share of the time that threads spent side by side), ``baseline``
    (first come, first served), ``problem``, of every level ``solve points`` and ``prove points``,
    ``verify``, ``sampling`` and ``pricing`` (where not all pairs are held), ``answer``; of a stable answer
    ``ranking`` (what either side likes) and ``proposals``. What did not occur is not there."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many, by kind of work: ``pairs looked at``, ``pairs feasible`` (no rule refuses them), ``pairs
    held``; where not all are held ``pairs in samples`` and ``pairs looked at again`` in ``rounds`` of
    pricing; ``proposals`` kept at first, and what the solver counts, such as
    ``augmentations``."""

    @property
    def total(self) -> float:
        """Seconds of all stages."""
        return sum(self.seconds.values())

    def rows(self, lang: str = "en") -> list[tuple[str, str]]:
        """Return stages with their seconds, then all of them, then counts: as a table to read.

        Parameters
        ----------
        lang : str
            Such as ``"zh"``; a language that has no catalogue is told in English.
        """
        texts = Texts("statistics", lang)
        stages = [(_stage(stage, texts), _seconds(n, texts)) for stage, n in self.seconds.items()]
        counts = [(_known("counts", name, texts), f"{n:,}") for name, n in self.counts.items()]
        return [*stages, (texts("total"), _seconds(self.total, texts)), *counts]

    def text(self, lang: str = "en") -> str:
        """Tell them in a language, a line for every stage and count; `str` in English.

        Parameters
        ----------
        lang : str
            Such as ``"zh"``; a language that has no catalogue is told in English.

        Examples
        --------
        >>> print(Statistics({"compile": 0.5, "verify": 0.25}, {"bids": 1200}).text("zh"))
        编译数据                            0.500 秒
        验证                                0.250 秒
        合计                                0.750 秒
        出价                                   1,200
        """
        return "\n".join(map(_row, self.rows(lang)))

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return one_line(type(self), {"seconds": f"{self.total:.3f}"}, {"stage": len(self.seconds)})

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the same as in a terminal."""
        return html_table(("", ""), self.rows(), repr(self))


def _seconds(n: float, texts: Texts) -> str:
    return texts("seconds", n=f"{n:.3f}")


def _stage(stage: str, texts: Texts) -> str:
    """Stages of a level are told with what people call it."""
    verb, _, level = stage.partition(" ")
    if level and verb in ("solve", "prove"):
        return texts(f"stages.{verb}", level=texts.known(f"levels.{level}", level))
    return _known("stages", stage, texts)


def _known(kind: str, name: str, texts: Texts) -> str:
    return texts.known(f"statistics.{kind}.{name.replace(' ', '_')}", name)


def _row(cells: tuple[str, str]) -> str:
    """The first to the left, the figure to the right."""
    name, figure = zip(cells, _WIDTHS, strict=True)
    return to_the_left(*name) + to_the_right(*figure)


class Stages:
    """A clock that is always in some stage, and counts what is done.

    Examples
    --------
    >>> stages = Stages()
    >>> stages.at("compile")
    >>> stages.at("solve points")
    >>> stages.count("rounds")
    >>> found = stages.statistics()
    >>> list(found.seconds), found.counts
    (['compile', 'solve points'], {'rounds': 1})
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.counts: dict[str, int] = {}
        self._stage: str | None = None
        self._began = self._since = time.perf_counter()
        self._shares: dict[str, float] = {}

    def at(self, stage: str) -> None:
        """Begin a stage, which ends the one before; what was before the first belongs to the first."""
        if self._stage is not None:
            self._end()
        self._stage = stage

    def share(self, part: Statistics) -> None:
        """Take in what a thread did: the present stage's time is shared out as all threads spent theirs."""
        for stage, seconds in part.seconds.items():
            self._shares[stage] = self._shares.get(stage, 0.0) + seconds
        self._take_counts(part)

    def count(self, work: str, n: int = 1) -> None:
        """Add to the work of a kind."""
        self.counts[work] = self.counts.get(work, 0) + int(n)

    def include(self, inner: Statistics) -> None:
        """Take in what a run within the present stage took; only the rest of the time stays the stage's."""
        for stage, seconds in inner.seconds.items():
            self._add(stage, seconds)
        self._take_counts(inner)
        self._since += inner.total

    @property
    def so_far(self) -> float:
        """Seconds since it was made."""
        return time.perf_counter() - self._began

    def statistics(self) -> Statistics:
        """End the present stage, and return all there were."""
        if self._stage is not None:
            self._end()
        return Statistics(dict(self.seconds), dict(self.counts))

    def _take_counts(self, part: Statistics) -> None:
        for work, n in part.counts.items():
            self.count(work, n)

    def _end(self) -> None:
        now = time.perf_counter()
        shares = self._shares or {str(self._stage): 1.0}
        whole = sum(shares.values()) or 1.0
        for stage, share in shares.items():
            self._add(stage, (now - self._since) * share / whole)
        self._since, self._shares = now, {}

    def _add(self, stage: str, seconds: float) -> None:
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds
