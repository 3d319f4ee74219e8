"""How work, waiting, hours and wages are spread over people, in all and by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from gigmatch.core.arrays import Float64Array, freeze
from gigmatch.core.spreads import gini
from gigmatch.core.widths import to_the_left, to_the_right
from gigmatch.errors import InvalidInputError
from gigmatch.i18n.texts import Texts
from gigmatch.ledger.waiting import Totals

if TYPE_CHECKING:
    from gigmatch.tables import FrameKind

__all__ = ["LEAST_PEOPLE", "Measures", "Spread", "measured"]

LEAST_PEOPLE: Final = 5
"""No figure by group is told of fewer people."""
QUANTITIES: Final = {"idle": True, "waiting": True, "longest": True, "hours": False, "wages": False}
"""What is measured, and whether more of it is worse."""
_FIGURES: Final = ("mean", "gini", "worst_decile", "worst")


@dataclass(frozen=True)
class Spread:
    """How one quantity is spread over people."""

    values: Float64Array = field(repr=False)
    """Of everybody, from the best to the worst: least days of waiting first, most hours first: float64[n].
    Empty for a group."""
    people: int
    """How many they are."""
    mean: float
    """0 for nobody."""
    gini: float
    """Gini's coefficient: 0 if all have alike, towards 1 if one has everything."""
    worst_decile: float | None
    """Mean of the worst tenth, rounded up to whole people; None where a group's has fewer than 5."""
    worst: float | None
    """Of the one who is worst off; None for a group, and for nobody."""


@dataclass(frozen=True)
class Measures:
    """What a ledger comes to."""

    idle: Spread
    """Days without work of each person, all that count as waiting."""
    waiting: Spread
    """Days each has waited by now, since their last turn."""
    longest: Spread
    """The most days in a row that each has waited."""
    hours: Spread
    """Paid hours of each."""
    wages: Spread
    """Pay of each."""
    by_group: Mapping[str, Measures | None]
    """Of the groups that were given, in order of name; None where it is not told, since it would tell of
    fewer than 5 people."""

    @property
    def people(self) -> int:
        """How many there are."""
        return self.idle.people

    def text(self, lang: str = "en") -> str:
        """Tell them as a table in a language, then a table a group."""
        texts = Texts("measures", lang)
        parts = ["\n".join(self._lines(texts, texts.plural("people", self.people)))]
        for name, group in self.by_group.items():
            if group is None:
                parts.append(texts("not_told", group=name, n=LEAST_PEOPLE))
            else:
                head = texts("group", group=name, people=texts.plural("people", group.people))
                parts.append("\n".join(group._lines(texts, head)))
        return "\n\n".join(parts)

    def to_frame(self, kind: FrameKind = "pyarrow") -> Any:
        """Return the figures as a frame: a row a quantity, of all (group unknown) and of each group told.

        Parameters
        ----------
        kind : {"pandas", "polars", "pyarrow"}
            What the frame is.

        Raises
        ------
        InvalidInputError
            Another kind of frame.
        UnsupportedError
            The extra ``tables`` is not installed.
        """
        from gigmatch.tables.frames import need, to_kind

        pa = need("pyarrow")
        told = [(None, self), *((name, each) for name, each in self.by_group.items() if each is not None)]
        rows = [
            {"group": name, "quantity": quantity, "people": each.people}
            | {figure: getattr(getattr(each, quantity), figure) for figure in _FIGURES}
            for name, each in told
            for quantity in QUANTITIES
        ]
        kinds = [("group", pa.string()), ("quantity", pa.string()), ("people", pa.int64())]
        schema = pa.schema(kinds + [(figure, pa.float64()) for figure in _FIGURES])
        return to_kind(pa.Table.from_pylist(rows, schema), kind)

    def _lines(self, texts: Texts, head: str) -> list[str]:
        lines = [_row([head, *map(texts, _FIGURES)])]
        for quantity in QUANTITIES:
            spread = getattr(self, quantity)
            figures = (_told(getattr(spread, figure)) for figure in _FIGURES)
            lines.append(_row([texts(quantity), *figures]))
        return lines


def measured(totals: Totals, groups: Mapping[str, str] | None) -> Measures:
    """Measure everybody, and each of some groups.

    Parameters
    ----------
    totals : Totals
        Of everybody.
    groups : mapping of str to str, optional
        Group by worker id; whoever is not in it is in none.
    """
    groups = {} if groups is None else groups
    if not isinstance(groups, Mapping):
        raise InvalidInputError("wrong_type", name="groups", kinds="Mapping", value=groups)
    group_of = [groups.get(name) for name in totals.worker_ids]
    counts = Counter(group_of)
    hidden = _hidden(counts)
    by_group = {
        str(name): None
        if name in hidden
        else _measures(totals, np.array([each == name for each in group_of], dtype=bool), is_group=True)
        for name in sorted(set(groups.values()))
    }
    return _measures(totals, np.ones(len(group_of), dtype=bool), by_group)


def _hidden(counts: Counter[str | None]) -> set[str | None]:
    """Groups that are not told: small ones, and with them so many others that nothing follows by subtraction.

    Whoever is in no group counts as one that is not told anyhow.
    """
    by_size = sorted((name for name in counts if name is not None), key=lambda name: (counts[name], name))
    hidden = {name for name in by_size if counts[name] < LEAST_PEOPLE}
    untold = counts[None] + sum(counts[name] for name in hidden)
    for name in by_size:
        if 0 < untold < LEAST_PEOPLE and name not in hidden:
            hidden.add(name)
            untold += counts[name]
    return hidden | {name for name in counts if not counts[name]}


def _measures(
    totals: Totals,
    rows: NDArray[np.bool_],
    by_group: Mapping[str, Measures | None] | None = None,
    *,
    is_group: bool = False,
) -> Measures:
    spreads = {
        name: _spread(getattr(totals, name)[rows], more_is_worse, is_group=is_group)
        for name, more_is_worse in QUANTITIES.items()
    }
    return Measures(**spreads, by_group=by_group or {})


def _spread(values: NDArray[Any], more_is_worse: bool, *, is_group: bool) -> Spread:
    ordered = np.sort(values.astype(np.float64))
    ordered = ordered if more_is_worse else ordered[::-1].copy()
    n, tenth = len(ordered), -(-len(ordered) // 10)
    tells_tenth = n > 0 and (tenth >= LEAST_PEOPLE or not is_group)
    return Spread(
        values=freeze(ordered[:0] if is_group else ordered),
        people=n,
        mean=float(ordered.mean()) if n else 0.0,
        gini=gini(ordered),
        worst_decile=float(ordered[-tenth:].mean()) if tells_tenth else None,
        worst=float(ordered[-1]) if n and not is_group else None,
    )


_WIDTHS = (34, 12, 8, 16, 12)


def _row(cells: list[str]) -> str:
    first, *rest = zip(cells, _WIDTHS, strict=True)
    return to_the_left(*first) + "".join(to_the_right(*cell) for cell in rest)


def _told(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:,.2f}"
