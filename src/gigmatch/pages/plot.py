"""Plots for researchers, on axes of matplotlib: fill, ways, pay, points, the map, several side by side.

Every function takes an assignment and, if wanted, the ``ax`` to draw on, and returns the axes. An assignment
that was loaded from a file does not hold its morning; pass it in ``morning=``. Chinese names are written in a
font of the machine, or else in the one that the extra brings; a name that it cannot write is replaced by its
code. Needs ``pip install 'gigmatch[report]'``.

>>> import gigmatch as gm
>>> assignment = gm.match(gm.samples.jingshi(seed=7, workers=100))
>>> axes = gm.plot.travel(assignment)
>>> axes.get_xlabel()
'minutes to work'
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from gigmatch.assignment import Assignment, Summary
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.columns import Columns
from gigmatch.core.arrays import Float64Array
from gigmatch.errors import InvalidInputError, UnsupportedError
from gigmatch.model import Morning
from gigmatch.pages.figures import (
    Tally,
    bins,
    fill_by_hour,
    fill_by_place,
    fill_by_skill,
    labels,
    pay_per_day,
    places_of,
    sketch,
)
from gigmatch.pages.fonts import FAMILIES, covered, installed, source_font

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["compare", "fill", "map", "pay", "points", "travel"]

FILLED, OPEN, INK = "#0f6b6b", "#d3dcdb", "#44514f"
"""Colours of what is filled, of what is open, and of lines and marks."""
_MOST_BARS = 24
_LETTERS = 8
_SIDES = {"start": "left", "middle": "center", "end": "right"}


def fill(
    assignment: Assignment,
    ax: Axes | None = None,
    *,
    by: Literal["skill", "hour", "place"] = "skill",
    morning: Morning | Columns | None = None,
) -> Axes:
    """Seats filled and seats left open, a bar a kind.

    Parameters
    ----------
    assignment : Assignment
        Any.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new ones if not given.
    by : {"skill", "hour", "place"}
        The leading skill of the shift, the hour at which it begins, or the nearest station or area.
    morning : Morning or Columns, optional
        What a loaded assignment was made from.

    Returns
    -------
    matplotlib.axes.Axes
        With at most 24 bars, those of most seats, from above in the order of ``gigmatch.pages.figures``; the
        title says how many are not shown.

    Raises
    ------
    InvalidInputError
        ``by`` is none of the three, or the morning is missing.
    CertificateError
        The assignment was made from another morning.
    UnsupportedError
        The extra ``report`` is not installed.
    """
    solved = SolvedMorning.of(assignment, morning)
    tallies = _tallies(solved, by)
    axes = _axes(ax)
    shown = sorted(sorted(tallies, key=lambda tally: -tally.seats)[:_MOST_BARS], key=tallies.index)
    at = np.arange(len(shown))
    filled, seats = (np.array([getattr(t, name) for t in shown], float) for name in ("filled", "seats"))
    axes.barh(at, filled, color=FILLED, label="filled")
    axes.barh(at, seats - filled, left=filled, color=OPEN, label="open")
    _name_ticks(axes, at, [t.name or "no skill" for t in shown], [t.code or "no skill" for t in shown])
    axes.invert_yaxis()
    axes.set_xlabel("seats")
    axes.set_title(_cut(f"seats by {by}", len(tallies) - len(shown)))
    if shown:
        axes.legend(frameon=False)
    return _tidy(axes)


def travel(assignment: Assignment, ax: Axes | None = None) -> Axes:
    """Minutes of the way to work, as a histogram with its median.

    Parameters
    ----------
    assignment : Assignment
        Any.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new ones if not given.
    """
    return _histogram(_known(assignment).minutes, ax, "minutes to work", "way to work")


def pay(assignment: Assignment, ax: Axes | None = None, *, morning: Morning | Columns | None = None) -> Axes:
    """Pay per day of everybody placed, as a histogram with its median.

    Parameters
    ----------
    assignment : Assignment
        Any.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new ones if not given.
    morning : Morning or Columns, optional
        What a loaded assignment was made from.
    """
    values = pay_per_day(SolvedMorning.of(assignment, morning))
    return _histogram(values, ax, f"pay per day ({assignment.currency})", "pay")


def points(assignment: Assignment, ax: Axes | None = None) -> Axes:
    """Mean points of a placement, a bar a scorer.

    Parameters
    ----------
    assignment : Assignment
        Any.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new ones if not given.
    """
    parts = _known(assignment).points_by_scorer
    mean = parts.mean(axis=0) / 100 if len(parts) else np.zeros(len(assignment.scorers))
    axes = _axes(ax)
    at = np.arange(len(mean))
    axes.barh(at, mean, color=FILLED)
    _name_ticks(axes, at, list(assignment.scorers))
    axes.invert_yaxis()
    axes.set_xlabel("points of a placement, on average")
    axes.set_title("points by scorer")
    return _tidy(axes)


def map(  # the field's word, and nobody imports it bare
    assignment: Assignment, ax: Axes | None = None, *, morning: Morning | Columns | None = None
) -> Axes:
    """Stations or areas, shifts, and where people go, in kilometres; no tiles.

    Parameters
    ----------
    assignment : Assignment
        Any.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new ones if not given.
    morning : Morning or Columns, optional
        What a loaded assignment was made from.

    Returns
    -------
    matplotlib.axes.Axes
        Circles are shifts, hollow where seats are open; squares are stations, named as far as there is room,
        those where most people are first. Broader lines are more people.
        Shifts far out are not drawn; the title counts them.
    """
    solved = SolvedMorning.of(assignment, morning)
    drawn = sketch(solved, places_of(solved))
    axes, km, north = _axes(ax), drawn.km / drawn.width, drawn.height
    for flow in drawn.flows:
        ends = np.array([[flow.x1, flow.x2], [north - flow.y1, north - flow.y2]]) * km
        axes.plot(*ends, color=FILLED, alpha=0.35, linewidth=0.5 + 0.6 * np.sqrt(flow.people), zorder=1)
    dots = np.array([(d.x * km, (north - d.y) * km) for d in drawn.dots]).reshape(-1, 2)
    sizes = [6 + 4 * dot.seats for dot in drawn.dots]
    inside = ["white" if dot.open_seats else FILLED for dot in drawn.dots]
    axes.scatter(dots[:, 0], dots[:, 1], sizes, inside, edgecolors=FILLED, linewidths=0.7, zorder=2)
    marks = np.array([(mark.x * km, (north - mark.y) * km) for mark in drawn.marks]).reshape(-1, 2)
    axes.scatter(marks[:, 0], marks[:, 1], 28, INK, marker="s", zorder=3)
    names, font = _readable([mark.name for mark in drawn.marks], [mark.code for mark in drawn.marks])
    axes.set_aspect("equal")
    axes.set_xlim(0, drawn.km)
    axes.set_ylim(0, north * km)
    axes.apply_aspect()
    look = {"fontsize": _LETTERS, "parse_math": False, "path_effects": [_halo()], **font}
    points = axes.bbox.width * 72 / axes.figure.dpi
    for name in labels(drawn, names, _LETTERS * drawn.width / points):
        axes.text(name.x * km, (north - name.y) * km, name.text, ha=_SIDES[name.anchor], **look)
    axes.set_xlabel("km")
    axes.set_title(
        _cut(
            "who goes where", drawn.shifts_outside, f"shift{'' if drawn.shifts_outside == 1 else 's'} outside"
        )
    )
    return _tidy(axes)


def _halo() -> Any:
    """White around letters, which lie over lines."""
    from matplotlib.patheffects import withStroke

    return withStroke(linewidth=2, foreground="white")


def compare(
    *assignments: Assignment, names: Sequence[str] | None = None, axes: Any = None
) -> NDArray[np.object_]:
    """Headline figures of several assignments side by side, and of first come, first served.

    Parameters
    ----------
    *assignments : Assignment
        One or more, such as of one morning under several policies.
    names : sequence of str, optional
        A name each; numbers from 1 if not given.
    axes : sequence of matplotlib.axes.Axes, optional
        Six of them; new ones if not given.

    Returns
    -------
    array of matplotlib.axes.Axes
        Placements, share of seats filled, mean points, wages offered, median way and open shifts: object[6].

    Raises
    ------
    InvalidInputError
        No assignment, or not as many names or axes as are needed.
    """
    if not assignments:
        raise InvalidInputError("nothing_to_compare")
    labels = [str(at) for at in range(1, len(assignments) + 1)] if names is None else list(names)
    if len(labels) != len(assignments):
        raise InvalidInputError("wrong_number_of_names", n=len(labels), m=len(assignments))
    summaries = [assignments[0].baseline, *(_known(one).summary for one in assignments)]
    panels = _panels(summaries, assignments[0].currency)
    drawn = _six_axes(len(panels)) if axes is None else np.array(axes, dtype=object).ravel()
    if len(drawn) != len(panels):
        raise InvalidInputError("wrong_number_of_axes", n=len(drawn), m=len(panels))
    for axis, (title, values) in zip(drawn, panels.items(), strict=True):
        at = np.arange(len(summaries))
        bars = axis.barh(at, values, color=[OPEN] + [FILLED] * len(assignments))
        written = [f"{value:,.4g}" if value < 1000 else f"{value:,.0f}" for value in values]
        axis.bar_label(bars, written, padding=3)
        axis.margins(x=0.25)
        axis.set_xticks([])
        axis.spines["bottom"].set_visible(False)
        _name_ticks(axis, at, ["first come", *labels])
        axis.invert_yaxis()
        axis.set_title(title)
        _tidy(axis)
    return drawn


# -- parts -----------------------------------------------------------------------------------------------


def _tallies(solved: SolvedMorning, by: str) -> list[Tally]:
    if by == "place":
        rows = fill_by_place(solved, places_of(solved))
        return [Tally(row.name, row.filled, row.seats, row.code) for row in rows if row.seats]
    if by == "skill":
        return fill_by_skill(solved)
    if by == "hour":
        return fill_by_hour(solved)
    raise InvalidInputError("unknown_by", value=by)


def _known(assignment: Assignment) -> Assignment:
    if not isinstance(assignment, Assignment):
        raise InvalidInputError("no_assignment", value=assignment)
    return assignment


def _histogram(values: Float64Array, ax: Axes | None, label: str, title: str) -> Axes:
    axes, found = _axes(ax), bins(values)
    axes.bar(
        found.edges[:-1],
        found.counts,
        width=np.diff(found.edges) * 0.92,
        align="edge",
        color=FILLED,
    )
    if found.median is not None:
        axes.axvline(found.median, color="black", linewidth=1.2, linestyle=(0, (4, 3)), zorder=3)
        title = f"{title}, median {found.median:,.0f}"
    axes.set_xlabel(label)
    axes.set_ylabel("people")
    axes.set_title(title)
    return _tidy(axes)


def _panels(summaries: Sequence[Summary], currency: str) -> dict[str, list[float]]:
    return {
        "placements": [s.placements for s in summaries],
        "seats filled (%)": [100 * s.placements / s.seats if s.seats else 0.0 for s in summaries],
        "mean points": [s.mean_points or 0.0 for s in summaries],
        f"wages offered ({currency})": [s.wages_offered for s in summaries],
        "median way (min)": [s.median_travel_min or 0.0 for s in summaries],
        "open shifts": [s.open_shifts for s in summaries],
    }


def _pyplot() -> Any:
    try:
        import matplotlib.pyplot as plt
    except ModuleNotFoundError as missing:
        raise UnsupportedError("plots_need", name=missing.name) from None
    return plt


def _axes(ax: Axes | None) -> Axes:
    """The axes given, or new ones."""
    if ax is not None:
        return ax
    axes: Axes = _pyplot().subplots(layout="constrained")[1]
    return axes


def _six_axes(n: int) -> NDArray[np.object_]:
    drawn: NDArray[np.object_] = _pyplot().subplots(2, n // 2, figsize=(11, 5), layout="constrained")[1]
    return drawn.ravel()


def _tidy(axes: Axes) -> Axes:
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def _cut(title: str, left_out: int, what: str = "more not shown") -> str:
    return f"{title} ({left_out:,} {what})" if left_out else title


def _name_ticks(
    axes: Axes, at: NDArray[np.signedinteger], names: list[str], codes: Sequence[str] = ()
) -> None:
    written, font = _readable(names, codes or names)
    axes.set_yticks(at, written, parse_math=False, **font)


def _readable(names: Sequence[str], codes: Sequence[str]) -> tuple[list[str], dict[str, Any]]:
    """The names, each or else its code as a font here can write it, and the font: never boxes."""
    short = [[text if len(text) <= 32 else f"{text[:31]}…" for text in texts] for texts in (names, codes)]
    family, known = _most_readable(short[0])
    written = []
    for texts in zip(*short, strict=True):
        spelt_out = texts[1].encode("ascii", "backslashreplace").decode()[:64]
        written.append(next((text for text in texts if _can_write(known, text)), spelt_out))
    return written, {} if family is None else {"fontfamily": family}


def _most_readable(names: Sequence[str]) -> tuple[str | None, frozenset[int]]:
    """The first font that can write all of some names, else the first of those that can write the most."""
    found: list[tuple[int, tuple[str | None, frozenset[int]]]] = []
    for family, known in _fonts():
        n = sum(_can_write(known, name) for name in names)
        found.append((n, (family, known)))
        if n == len(names):
            break
    return max(found, key=lambda one: one[0])[1]


def _fonts() -> Iterator[tuple[str | None, frozenset[int]]]:
    """Fonts that may be there, each with its code points: the default, those for Chinese, ours."""
    for family in (None, *FAMILIES):
        if source := installed(family):
            yield family, covered(source)
    if source := source_font():
        yield _made_known(source.path), covered(source)


@cache
def _made_known(path: str) -> str:
    """The family of a font in a file, which matplotlib finds from now on; no setting changes."""
    from matplotlib.font_manager import FontProperties, fontManager

    fontManager.addfont(path)
    return FontProperties(fname=path).get_name()


def _can_write(known: frozenset[int], text: str) -> bool:
    return all(ord(character) in known for character in text)
