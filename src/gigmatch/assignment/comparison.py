"""What mechanisms come to beside each other, over one morning or a row of days: figures with intervals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Final, NamedTuple, Self

import numpy as np
from pydantic import TypeAdapter, ValidationError

from gigmatch.core.arrays import Float64Array
from gigmatch.core.html_tables import html_table
from gigmatch.core.saved import FileFormat, Saved
from gigmatch.core.widths import columns_of_text, to_the_left, to_the_right
from gigmatch.errors import InvalidFileError, InvalidInputError
from gigmatch.i18n.texts import Texts

__all__ = ["Change", "Comparison", "Estimate", "Outcome"]

CONFIDENCE: Final = 0.95
TOTALS: Final = ("placements", "points", "wages", "travel_min")
"""Figures that are sums over all days."""
_WHOLE: Final = 100.0
"""From here on figures are told without decimals."""


class Change(NamedTuple):
    """For how many it is better or worse than under the first mechanism, of those who had waited alike.

    Counted are the people of the first morning, who are the same under all mechanisms.
    """

    at_least: int
    """Days they had waited on the first morning, up to those of the class before."""
    people: int
    more_work: int
    """Have more placements than under the first mechanism; so the others."""
    less_work: int
    more_wages: int
    less_wages: int


@dataclass(frozen=True)
class Outcome:
    """What a mechanism came to with one seed, over all days."""

    seed: int
    seats_by_tier: dict[int, tuple[int, int]]
    """Seats filled and offered by priority tier; a seat that is offered again counts again."""
    points: float
    """Of all placements, exact to 1/100."""
    wages: float
    """Offered to everybody placed."""
    travel_min: float
    """Minutes of all ways to work that are known."""
    people: int
    """Who was there on any day, and could have taken a shift or had one."""
    longest_wait: int
    """Most days in a row that anybody waited, those before the first morning included."""
    worst_wait: float
    """Mean over the tenth who waited longest, each with their longest row of days."""
    mean_wait: float
    gini_wait: float
    """Gini's coefficient of these: 0 if all waited alike, towards 1 if one bears all of it."""
    worst_idle: float
    """Days without work in all, whether in a row or not: mean over the tenth who had most."""
    mean_idle: float
    gini_idle: float
    blocking_pairs: int | None
    """Pairs that would rather have each other, of all days; None where they were not looked for."""
    changes: tuple[Change, ...]
    """Against the first mechanism, who has waited longest first; none of the first itself."""

    @property
    def placements(self) -> int:
        """Seats filled."""
        return sum(filled for filled, _ in self.seats_by_tier.values())

    @property
    def figures(self) -> dict[str, float | None]:
        """Every figure by name: sums, means of a placement, seats by tier, waiting, blocking pairs."""
        n = self.placements
        return {
            "placements": n,
            **{f"tier_{tier}": filled for tier, (filled, _) in sorted(self.seats_by_tier.items())},
            **{name: getattr(self, name) for name in TOTALS[1:]},
            "mean_points": self.points / n if n else None,
            "mean_wages": self.wages / n if n else None,
            "mean_travel_min": self.travel_min / n if n else None,
            **{name: getattr(self, name) for name in _WAITING},
            "blocking_pairs": self.blocking_pairs,
        }


_WAITING = tuple(each.name for each in fields(Outcome) if each.name.endswith(("_wait", "_idle")))


class Estimate(NamedTuple):
    """A mean over seeds, and between what it lies."""

    mean: float
    half: float | None
    """Half of the interval that Student's t gives at 95 %; None for one seed."""

    @property
    def low(self) -> float | None:
        """Lower end of the interval; None for one seed."""
        return None if self.half is None else self.mean - self.half

    @property
    def high(self) -> float | None:
        """Upper end of the interval; None for one seed."""
        return None if self.half is None else self.mean + self.half

    @classmethod
    def of(cls, values: Float64Array) -> Self:
        """Estimate the mean of what some seeds came to, as if they were drawn from a normal distribution.

        Examples
        --------
        >>> Estimate.of(np.array([1.0, 2.0, 3.0])).half.__round__(3), Estimate.of(np.array([4.0]))
        (2.484, Estimate(mean=4.0, half=None))
        """
        from scipy.special import stdtrit  # only where it is asked for: it is slow to load

        n = len(values)
        if n < 2:
            return cls(float(values.mean()), None)
        spread = float(values.std(ddof=1)) / n**0.5
        return cls(float(values.mean()), float(stdtrit(n - 1, (1 + CONFIDENCE) / 2)) * spread)


@dataclass(frozen=True)
class Comparison(Saved):
    """Mechanisms beside each other, each with the same seeds; see ``gigmatch.compare``."""

    saved_as: ClassVar = FileFormat("comparison", 1, is_bare=False)
    outcomes: Mapping[str, tuple[Outcome, ...]]
    """By mechanism, seed by seed; the others are held against the first."""
    days: int
    currency: str

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """Names of the mechanisms, in order."""
        return tuple(self.outcomes)

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds, the same for every mechanism."""
        return tuple(outcome.seed for outcome in self.outcomes[self.mechanisms[0]])

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the figures that are known of all mechanisms."""
        every = [outcome.figures for rows in self.outcomes.values() for outcome in rows]
        names = dict.fromkeys(name for figures in every for name in figures)
        return tuple(name for name in names if all(figures.get(name) is not None for figures in every))

    def estimate(self, mechanism: str, measure: str, *, against: str | None = None) -> Estimate:
        """Estimate a figure of a mechanism, or by how much it is more than that of another.

        Parameters
        ----------
        mechanism : str
            Its name here.
        measure : str
            One of ``measures``.
        against : str, optional
            Another mechanism: the differences are taken seed by seed, so that what both have in common does
            not blur them.

        Raises
        ------
        InvalidInputError
            A name is not known.
        """
        values = self._values(mechanism, measure)
        return Estimate.of(values if against is None else values - self._values(against, measure))

    def records(self, lang: str = "en") -> list[dict[str, Any]]:
        """Return a flat row for every mechanism and figure, as ``pandas.DataFrame`` and others take it.

        Parameters
        ----------
        lang : str
            In which ``mechanism`` and ``figure`` are told; ``measure`` is the figure's name in code.

        Returns
        -------
        list of dict
            ``mechanism``, ``measure``, ``figure``, ``mean``, ``low``, ``high`` and, against the first
            mechanism, ``difference``, ``difference_low`` and ``difference_high``; the ends are those of 95 %
            intervals over the seeds, None for one seed.
        """
        texts = Texts("comparison", lang)
        return [
            {
                "mechanism": self.called(name, lang=lang),
                "measure": measure,
                "figure": self.told(measure, texts),
                **_ends("", self.estimate(name, measure)),
                **_ends("difference", self.estimate(name, measure, against=self.mechanisms[0])),
            }
            for name in self.mechanisms
            for measure in self.measures
        ]

    def changes(self, lang: str = "en") -> list[dict[str, Any]]:
        """Return what differs for whom: a flat row for every mechanism but the first and class of waiting.

        Parameters
        ----------
        lang : str
            In which ``mechanism`` is told.

        Returns
        -------
        list of dict
            ``mechanism``, and means over the seeds of what `Change` has.
        """
        return [
            {"mechanism": self.called(name, lang=lang)}
            | dict(zip(Change._fields, np.mean(rows, axis=0).tolist(), strict=True))
            for name in self.mechanisms[1:]
            for rows in zip(*(outcome.changes for outcome in self.outcomes[name]), strict=True)
        ]

    def called(self, mechanism: str, *, lang: str = "en") -> str:
        """Tell what people call a mechanism; one's own has its name."""
        return Texts("mechanisms", lang).known(f"mechanisms.{mechanism}", mechanism)

    def told(self, measure: str, texts: Texts) -> str:
        """Tell what a figure is, with texts of the room ``comparison``."""
        if measure.startswith("tier_"):
            return texts("tier", n=measure.removeprefix("tier_"))
        return texts(measure, currency=texts.known(f"currencies.{self.currency}", self.currency))

    def text(self, lang: str = "en") -> str:
        """Tell it in a language: figures, what is more or less than under the first, and for whom.

        Parameters
        ----------
        lang : str
            Such as ``"zh"``; a language that has no catalogue is told in English.
        """
        return "\n\n".join(part for title, rows in self.tables(lang) for part in (title, _table(rows)))

    def tables(self, lang: str = "en") -> list[tuple[str, list[list[str]]]]:
        """Return what `text` tells as tables: a title, and rows of cells, names of the columns first."""
        texts = Texts("comparison", lang)
        n, first = len(self.seeds), self.called(self.mechanisms[0], lang=lang)
        title = texts("head", days=texts.plural("n_days", self.days), seeds=texts.plural("seeds", n))
        found = [(title, self._figures(texts))]
        if self.mechanisms[1:]:
            found.append((texts("against", first=first), self._figures(texts, self.mechanisms[0])))
            found.append((texts("for_whom", first=first), _changes(texts, self.changes(lang))))
        return found

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        head, *rows = self._figures(Texts("comparison", "en"))
        return html_table(head, rows)

    def to_json(self) -> bytes:
        """Return the comparison as JSON in UTF-8."""
        plain = {name: [_plain(outcome) for outcome in rows] for name, rows in self.outcomes.items()}
        data = {"days": self.days, "currency": self.currency, "outcomes": plain}
        return self.saved_as.enveloped(json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1))

    @classmethod
    def from_json(cls, data: bytes | str, *, source: str | Path | None = None) -> Self:
        """Read a comparison that `to_json` gave; raises InvalidFileError as for every saved kind."""
        found, place = cls._fields_in(data, source, ("days", "currency", "outcomes"))
        try:
            outcomes = _OUTCOMES.validate_python(found["outcomes"])
            days, currency = _DAYS.validate_python(found["days"]), _TEXT.validate_python(found["currency"])
        except (KeyError, ValidationError) as error:
            raise InvalidFileError("not_a_saved_comparison", source=place, error=repr(error)) from None
        if not outcomes or len({tuple(outcome.seed for outcome in rows) for rows in outcomes.values()}) != 1:
            raise InvalidFileError("not_a_saved_comparison", source=place, error="seeds")
        return cls(outcomes, days, currency)

    def _values(self, mechanism: str, measure: str) -> Float64Array:
        for kind, name, known in (
            ("mechanism", mechanism, self.mechanisms),
            ("measure", measure, self.measures),
        ):
            if name not in known:
                names = ", ".join(map(repr, known))
                raise InvalidInputError("unknown_option", name=kind, names=names, value=name)
        return np.array([outcome.figures[measure] for outcome in self.outcomes[mechanism]], np.float64)

    def _figures(self, texts: Texts, against: str | None = None) -> list[list[str]]:
        """The rows of a table: figures of all mechanisms, or how far they are from those of one of them."""
        names, sign = [name for name in self.mechanisms if name != against], "+" if against else ""
        rows = [["", *(self.called(name, lang=texts.lang) for name in names)]]
        for measure in self.measures:
            found = [self.estimate(name, measure, against=against) for name in names]
            if not against or any(mean or half for mean, half in found):
                rows.append([self.told(measure, texts), *(_shown(each, sign) for each in found)])
        return rows


_OUTCOMES: Final = TypeAdapter(dict[str, tuple[Outcome, ...]])
_DAYS: Final = TypeAdapter(int)
_TEXT: Final = TypeAdapter(str)


def _plain(outcome: Outcome) -> dict[str, Any]:
    tiers = {str(tier): list(seats) for tier, seats in outcome.seats_by_tier.items()}
    changes = [list(change) for change in outcome.changes]
    return {**asdict(outcome), "seats_by_tier": tiers, "changes": changes}


def _ends(name: str, estimate: Estimate) -> dict[str, float | None]:
    before = f"{name}_" if name else ""
    return {name or "mean": estimate.mean, f"{before}low": estimate.low, f"{before}high": estimate.high}


def _shown(estimate: Estimate, sign: str = "") -> str:
    """A figure with half its interval."""
    mean, half = estimate
    digits = 0 if abs(mean) >= _WHOLE or (half is None and mean == int(mean)) else 2
    told = f"{mean:{sign},.{digits}f}"
    return told if half is None else f"{told} ± {half:,.{digits}f}"


def _changes(texts: Texts, rows: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """The rows of a table: classes of waiting in which there is anybody."""
    counts = Change._fields[1:]
    told = [["", texts("had_waited"), *map(texts, counts)]]
    below = None
    for row in rows:
        least = int(row["at_least"])
        waited = _days(texts, least, below if below is not None and below > least else None)
        if round(row["people"]):
            told.append([row["mechanism"], waited, *(f"{row[name]:,.0f}" for name in counts)])
        below = least
    return told


def _days(texts: Texts, least: int, below: int | None) -> str:
    """So many days or more, or from so many to so many."""
    if below is None:
        return texts.plural("days_or_more", least)
    if below == least + 1:
        return texts.plural("n_days", least)
    return texts("days_from_to", first=least, last=below - 1)


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as lines, the first column to the left, the others to the right, each as wide as it has to be."""
    first, *others = (max(map(columns_of_text, column)) for column in zip(*rows, strict=True))
    lines = (
        to_the_left(name, first)
        + "".join(to_the_right(cell, n + 2) for cell, n in zip(cells, others, strict=True))
        for name, *cells in rows
    )
    return "\n".join(map(str.rstrip, lines))
