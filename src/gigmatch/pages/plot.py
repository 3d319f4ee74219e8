"""Plots for researchers, on axes of matplotlib: fill, way, pay, points, map, what waiting costs, who waits.

Every function takes an assignment (`waiting` a ledger) and, if wanted, the ``ax`` to draw on, and returns
the axes. An assignment that was loaded from a file does not hold its morning; pass it in ``morning=``.
Chinese names are written in a font of the machine, or else in the one that the extra brings; a name that it
cannot write is replaced by its code. Needs the extra ``report``.

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

from gigmatch.assignment import Assignment, Comparison, FairnessCurve
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.columns import Columns
from gigmatch.core.arrays import Float64Array
from gigmatch.errors import InvalidInputError, UnsupportedError
from gigmatch.i18n.texts import Texts
from gigmatch.ledger import Ledger
from gigmatch.model import Morning
from gigmatch.pages.figures import (
    Dot,
    Mark,
    Tally,
    bins,
    days_of,
    fill_by_hour,
    fill_by_place,
    fill_by_skill,
    fullest_first,
    hours_between,
    labels,
    pay_per_day,
    places_of,
    sketch,
    stints_of,
)
from gigmatch.pages.fonts import FAMILIES, covered, installed, source_font
from gigmatch.pages.shift_formatter import ShiftFormatter
from gigmatch.pages.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["comparison", "fairness", "fill", "map", "pay", "points", "timeline", "travel", "waiting"]

FILLED, OPEN, INK, EMPTY = "#0f6b6b", "#d3dcdb", "#44514f", "#b4480f"
"""Colours of what is filled, of what is open, of lines and marks, and of shifts with open seats on a map."""
_MOST_BARS = 24
_MARKERS = "sovD^"
_COMPARED = ("placements", "points", "wages", "mean_travel_min", "worst_wait", "blocking_pairs")
_LETTERS = 8
_SIDES = {"start": "left", "middle": "center", "end": "right"}


def fill(
    assignment: Assignment,
    ax: Axes | None = None,
    *,
    by: Literal["skill", "hour", "place"] = "skill",
    morning: Morning | Columns | None = None,
    lang: str = "en",
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
    lang : str
        Of titles and labels: ``"en"``, ``"zh"``, or another that there is a catalogue of.

    Returns
    -------
    matplotlib.axes.Axes
        With at most 24 bars, those of most seats, from above in the order of ``gigmatch.pages.figures``; the
        title says how many are not shown.

    Raises
    ------
    InvalidInputError
        ``by`` is none of the three, or the morning is missing or not the one that the assignment was made
        from.
    UnsupportedError
        The extra ``report`` is not installed.
    """
    words, solved = Words(lang, "plots"), SolvedMorning.of(assignment, morning=morning)
    tallies = _tallies(solved, by)
    axes = _axes(ax)
    shown = sorted(sorted(tallies, key=lambda tally: -tally.seats)[:_MOST_BARS], key=tallies.index)
    at = np.arange(len(shown))
    filled, seats = (np.array([getattr(t, name) for t in shown], float) for name in ("filled", "seats"))
    axes.barh(at, filled, color=FILLED, label=words("filled"))
    axes.barh(at, seats - filled, left=filled, color=OPEN, label=words("open"))
    none = words("no_skill")
    _name_ticks(axes, at, [t.name or none for t in shown], [t.code or none for t in shown])
    axes.invert_yaxis()
    title, more = words(f"by_{by}"), len(tallies) - len(shown)
    _label(axes, words("cut", title=title, n=f"{more:,}") if more else title, x=words("seats"))
    if shown:
        _explain(axes)
    return _tidy(axes)


def travel(assignment: Assignment, ax: Axes | None = None, *, lang: str = "en") -> Axes:
    """Minutes of the way to work, as a histogram with its median.

    Parameters
    ----------
    assignment : Assignment
        Any.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new ones if not given.
    lang : str
        Of titles and labels: ``"en"``, ``"zh"``, or another that there is a catalogue of.
    """
    return _histogram(_known(assignment).minutes, ax, Words(lang, "plots"), "way")


def pay(
    assignment: Assignment,
    ax: Axes | None = None,
    *,
    morning: Morning | Columns | None = None,
    lang: str = "en",
) -> Axes:
    """Pay per day of everybody placed, as a histogram with its median.

    Parameters
    ----------
    assignment : Assignment
        Any.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new ones if not given.
    morning : Morning or Columns, optional
        What a loaded assignment was made from.
    lang : str
        Of titles and labels: ``"en"``, ``"zh"``, or another that there is a catalogue of.
    """
    values = pay_per_day(SolvedMorning.of(assignment, morning=morning))
    return _histogram(values, ax, Words(lang, "plots"), "pay", assignment.currency)


def waiting(ledger: Ledger, ax: Axes | None = None, *, lang: str = "en") -> Axes:
    """Days without work of everybody in a ledger, from the least to the most.

    Parameters
    ----------
    ledger : Ledger
        Any.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new ones if not given.
    lang : str
        Of titles and labels: ``"en"``, ``"zh"``, or another that there is a catalogue of.
    """
    words, axes = Words(lang, "plots"), _axes(ax)
    days = ledger.measures().idle.values
    axes.fill_between(
        np.arange(len(days) + 1), np.append(days, days[-1:] if len(days) else 0), step="post", color=FILLED
    )
    title = words("days_without_work")
    _label(axes, title, x=words("people_by_days"), y=title)
    return _tidy(axes)


def points(assignment: Assignment, ax: Axes | None = None, *, lang: str = "en") -> Axes:
    """Mean points of a placement, a bar a scorer.

    Parameters
    ----------
    assignment : Assignment
        Any.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new ones if not given.
    lang : str
        Of titles and labels: ``"en"``, ``"zh"``, or another that there is a catalogue of.
    """
    parts = _known(assignment).points_by_scorer
    mean = parts.mean(axis=0) / 100 if len(parts) else np.zeros(len(assignment.scorers))
    words, axes = Words(lang, "plots"), _axes(ax)
    at = np.arange(len(mean))
    axes.barh(at, mean, color=FILLED)
    own = assignment.scorers
    _name_ticks(axes, at, [*own] if lang == "en" else [words.known(f"scorers.{name}", name) for name in own])
    axes.invert_yaxis()
    _label(axes, words("points"), x=words("points_axis"))
    return _tidy(axes)


def map(  # the field's word, and nobody imports it bare
    assignment: Assignment,
    ax: Axes | None = None,
    *,
    morning: Morning | Columns | None = None,
    lang: str = "en",
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
    lang : str
        Of titles and labels: ``"en"``, ``"zh"``, or another that there is a catalogue of.

    Returns
    -------
    matplotlib.axes.Axes
        Circles are shifts, of another colour where seats are open; squares are stations, named as far as
        there is room, those where most people are first. Broader lines are more people.
        Shifts far out are drawn at the edge; the title counts them.
    """
    words, solved = Words(lang, "plots"), SolvedMorning.of(assignment, morning=morning)
    places = places_of(solved)
    drawn = sketch(solved, places)
    axes, km, north = _axes(ax), drawn.km / drawn.width, drawn.height
    for flow in drawn.flows:
        ends = np.array([[flow.x1, flow.x2], [north - flow.y1, north - flow.y2]]) * km
        axes.plot(*ends, color=FILLED, alpha=0.35, linewidth=0.5 + 0.6 * np.sqrt(flow.people), zorder=1)
    if drawn.flows:
        axes.lines[-1].set_label(words("going"))

    def scatter(marks: Sequence[Dot] | Sequence[Mark], sizes: Any, label: str, **look: Any) -> None:
        if marks:
            at = np.array([(mark.x * km, (north - mark.y) * km) for mark in marks])
            axes.scatter(at[:, 0], at[:, 1], sizes, label=words(label), **look)

    for label, colour, is_open in (("full", FILLED, False), ("with_open_seats", EMPTY, True)):
        dots = [dot for dot in drawn.dots if (dot.open_seats > 0) == is_open]
        sizes = [6 + 4 * dot.seats for dot in dots]
        scatter(dots, sizes, label, color=colour, edgecolors="white", linewidths=0.4, zorder=2 + is_open)
    scatter(drawn.marks, 28, "station" if places.are_stations else "area", color=INK, marker="s", zorder=4)
    names, font = _readable([mark.name for mark in drawn.marks], [mark.code for mark in drawn.marks])
    axes.set_aspect("equal")
    axes.set_xlim(0, drawn.km)
    axes.set_ylim(0, north * km)
    axes.apply_aspect()
    look = {"fontsize": _LETTERS, "parse_math": False, "path_effects": [_halo()], **font}
    points = axes.bbox.width * 72 / axes.figure.dpi
    for name in labels(drawn, names, _LETTERS * drawn.width / points):
        axes.text(name.x * km, (north - name.y) * km, name.text, ha=_SIDES[name.anchor], **look)
    title, beyond = words("map"), drawn.shifts_beyond
    _label(axes, words.plural("beyond", beyond, title=title) if beyond else title, x=words("km"))
    _explain(axes, fontsize=_LETTERS, loc=9, bbox_to_anchor=(0.5, -0.15), ncols=2)
    return _tidy(axes)


def timeline(
    assignment: Assignment,
    ax: Axes | None = None,
    *,
    morning: Morning | Columns | None = None,
    lang: str = "en",
    most: int = 40,
) -> Axes:
    """Who works when, a line a worker and a bar a period of work.

    Parameters
    ----------
    assignment : Assignment
        Any.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new ones if not given.
    morning : Morning or Columns, optional
        What a loaded assignment was made from.
    lang : str
        Of titles and labels: ``"en"``, ``"zh"``, or another that there is a catalogue of.
    most : int
        At most so many workers, 1 or more: those of most shifts first, then those who begin first.

    Returns
    -------
    matplotlib.axes.Axes
        The title says how many workers are not shown. Shifts of crews are of another colour.

    Raises
    ------
    InvalidInputError
        ``most`` is less than 1, or the morning is missing or not the one that the assignment was made from.
    UnsupportedError
        The extra ``report`` is not installed.

    Examples
    --------
    >>> import gigmatch as gm
    >>> axes = gm.plot.timeline(gm.match(gm.samples.jingshi(seed=7, workers=100)), most=5)
    >>> axes.get_title()
    'who works when (65 more not shown)'
    """
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        raise InvalidInputError("integer_too_small", name="most", least=1, value=most)
    words, solved = Words(lang, "plots"), SolvedMorning.of(assignment, morning=morning)
    every = fullest_first(solved, days_of(solved))
    shown, axes = every[:most], _axes(ax)
    stints = [(at, stint) for at, day in enumerate(shown) for stint in stints_of(solved, day)]
    for label, colour, in_crew in (("at_work", FILLED, False), ("in_crew", INK, True)):
        bars = [(at, each.start_min, each.end_min) for at, each in stints if each.in_crew == in_crew]
        if bars:
            at, start, end = np.array(bars).T
            axes.barh(at, end - start, left=start, color=colour, label=words(label))
    ids, names = solved.columns.worker_ids, solved.labels.worker_name
    codes = [ids[day.worker] for day in shown]
    called = [names[day.worker] or code for day, code in zip(shown, codes, strict=True)]
    _name_ticks(axes, np.arange(len(shown)), called, codes)
    marks, told = hours_between([stint for _, stint in stints]), ShiftFormatter(solved, Words(lang))
    hours = [told.clock(solved.columns.clock.shown(mark)) for mark in marks]
    axes.set_xticks(marks, hours, parse_math=False, **_font("".join(hours)))
    axes.invert_yaxis()
    title, more = words("timeline"), len(every) - len(shown)
    _label(axes, words("cut", title=title, n=f"{more:,}") if more else title)
    if any(stint.in_crew for _, stint in stints):
        _explain(axes)
    return _tidy(axes)


def _halo() -> Any:
    """White around letters, which lie over lines."""
    from matplotlib.patheffects import withStroke

    return withStroke(linewidth=2, foreground="white")


def comparison(found: Comparison, axes: Any = None, *, lang: str = "en") -> NDArray[np.object_]:
    """Mechanisms side by side, a bar each, with 95 % intervals where there are several seeds.

    Parameters
    ----------
    found : Comparison
        As ``gigmatch.compare`` gives it.
    axes : sequence of matplotlib.axes.Axes, optional
        Six of them; new ones if not given.
    lang : str
        Of titles and labels: ``"en"``, ``"zh"``, or another that there is a catalogue of.

    Returns
    -------
    array of matplotlib.axes.Axes
        Seats filled, points, wages, the mean way, the worst tenth's waiting, blocking pairs: object[6]. Sums
        where there are any: who places more people may have the lower mean.

    Raises
    ------
    InvalidInputError
        It is something else, or there are not six axes.
    UnsupportedError
        The extra ``report`` is not installed.

    Examples
    --------
    >>> import gigmatch as gm
    >>> morning = gm.samples.jingshi(seed=7, workers=100)
    >>> axes = gm.plot.comparison(gm.compare(["points", "raffle"], morning, seeds=[1, 2]))
    >>> [axis.get_title() for axis in axes[:2]]
    ['seats filled', 'points']
    """
    if not isinstance(found, Comparison):
        raise InvalidInputError("wrong_type", name="found", kinds="Comparison", value=found)
    drawn = _six_axes() if axes is None else np.array(axes, dtype=object).ravel()
    if len(drawn) != len(_COMPARED):
        raise InvalidInputError("wrong_number_of_axes", n=len(drawn), m=len(_COMPARED))
    texts, names = Texts("comparison", lang), found.mechanisms
    for axis, measure in zip(drawn, _COMPARED, strict=True):
        if measure in found.measures:
            at = [found.estimate(name, measure) for name in names]
            _bars(axis, [each.mean for each in at], [each.half or 0.0 for each in at])
        _name_ticks(axis, np.arange(len(names)), [found.called(name, lang=lang) for name in names], names)
        axis.invert_yaxis()
        _label(axis, found.told(measure, texts))
        _tidy(axis)
    return drawn


def fairness(curve: FairnessCurve, ax: Axes | None = None, *, lang: str = "en") -> Axes:
    """What it costs to put those first who have waited longest: seats, points, wages and ways, rule by rule.

    Parameters
    ----------
    curve : FairnessCurve
        As ``gigmatch.fairness_curve`` gives it.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new ones if not given.
    lang : str
        Of titles and labels: ``"en"``, ``"zh"``, or another that there is a catalogue of.

    Returns
    -------
    matplotlib.axes.Axes
        A line each, in hundredths of what it is at the first rule; and the share placed of those who could
        take a shift and have waited a week or more.

    Raises
    ------
    InvalidInputError
        It is something else.
    UnsupportedError
        The extra ``report`` is not installed.

    Examples
    --------
    >>> import gigmatch as gm
    >>> curve = gm.fairness_curve(gm.samples.jingshi(seed=7, workers=100), steps=(None, gm.People()))
    >>> len(gm.plot.fairness(curve).lines)
    5
    """
    if not isinstance(curve, FairnessCurve):
        raise InvalidInputError("wrong_type", name="curve", kinds="FairnessCurve", value=curve)
    words, axes = Words(lang, "plots"), _axes(ax)
    lines: dict[str, list[float]] = {
        "placements": [point.summary.placements for point in curve.points],
        "points_in_all": [point.summary.points for point in curve.points],
        "wages_alone": [point.summary.wages_offered for point in curve.points],
        "mean_way": [point.mean_travel_min or 0.0 for point in curve.points],
    }
    relative = {
        key: [100 * value / values[0] if values[0] else 0.0 for value in values]
        for key, values in lines.items()
    }
    relative["waited_a_week"] = [100 * (point.share_placed() or 0.0) for point in curve.points]
    at = np.arange(len(curve.points))
    for key, marker in zip(relative, _MARKERS, strict=True):
        axes.plot(relative[key], at, marker=marker, label=words(key))
    names, codes = ([point.short(code) for point in curve.points] for code in (lang, "en"))
    _name_ticks(axes, at, names, codes)
    axes.invert_yaxis()
    _label(axes, words("fairness"), x=words("fairness_axis"))
    _explain(axes)
    return _tidy(axes)


# -- parts -----------------------------------------------------------------------------------------------


def _tallies(solved: SolvedMorning, by: str) -> list[Tally]:
    if by == "place":
        rows = fill_by_place(solved, places_of(solved))
        return [Tally(row.name, row.filled, row.seats, row.code) for row in rows if row.seats]
    if by == "skill":
        return fill_by_skill(solved)
    if by == "hour":
        return fill_by_hour(solved)
    raise InvalidInputError("unknown_option", name="by", names="'skill', 'hour', 'place'", value=by)


def _known(assignment: Assignment) -> Assignment:
    if not isinstance(assignment, Assignment):
        raise InvalidInputError("wrong_type", name="assignment", kinds="Assignment", value=assignment)
    return assignment


def _histogram(values: Float64Array, ax: Axes | None, words: Words, what: str, currency: str = "") -> Axes:
    axes, found, title = _axes(ax), bins(values), words(what)
    axes.bar(
        found.edges[:-1],
        found.counts,
        width=np.diff(found.edges) * 0.92,
        align="edge",
        color=FILLED,
    )
    if found.median is not None:
        look: dict[str, Any] = {"color": "black", "linewidth": 1.2, "linestyle": (0, (4, 3))}
        axes.axvline(found.median, label=words("median"), zorder=3, **look)
        _explain(axes)
        title = words("with_median", title=title, n=f"{found.median:,.0f}")
    axes.locator_params(axis="y", integer=True)  # of people
    told = words.currency(currency)
    _label(axes, title, x=words(f"{what}_axis", currency=told), y=words("people"))
    return _tidy(axes)


def _bars(axis: Axes, values: Sequence[float], halves: Sequence[float]) -> None:
    """A bar each with its figure, the first in another colour; an interval where there is one."""
    colours = [OPEN] + [FILLED] * (len(values) - 1)
    spread: dict[str, Any] = {"xerr": halves, "error_kw": {"ecolor": INK}} if any(halves) else {}
    bars = axis.barh(np.arange(len(values)), values, color=colours, **spread)
    written = [f"{value:,.4g}" if value < 1000 else f"{value:,.0f}" for value in values]
    axis.bar_label(bars, written, padding=3)
    axis.margins(x=0.25)
    axis.set_xticks([])
    axis.spines["bottom"].set_visible(False)


def _pyplot() -> Any:
    try:
        import matplotlib.pyplot as plt
    except ModuleNotFoundError as missing:
        raise UnsupportedError.without("report", str(missing.name), "plots") from None
    return plt


def _axes(ax: Axes | None) -> Axes:
    """The axes given, or new ones."""
    if ax is not None:
        return ax
    axes: Axes = _pyplot().subplots(layout="constrained")[1]
    return axes


def _six_axes() -> NDArray[np.object_]:
    drawn: NDArray[np.object_] = _pyplot().subplots(2, 3, figsize=(11, 5), layout="constrained")[1]
    return drawn.ravel()


def _tidy(axes: Axes) -> Axes:
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def _label(axes: Axes, title: str, *, x: str = "", y: str = "") -> None:
    """Title and names of the axes, in a font that can write them."""
    axes.set_title(title, **_font(title))
    if x:
        axes.set_xlabel(x, **_font(x))
    if y:
        axes.set_ylabel(y, **_font(y))


def _explain(axes: Axes, **look: Any) -> None:
    """Say what is drawn how, in a font that can write it."""
    marks, labels = axes.get_legend_handles_labels()
    if not labels:
        return
    size = {"size": look.pop("fontsize")} if "fontsize" in look else {}
    axes.legend(marks, labels, prop={**_font("".join(labels)), **size}, frameon=False, **look)


def _font(text: str) -> dict[str, Any]:
    """The font for a text, none where the default can write it."""
    family, _ = _most_readable([text])
    return {} if family is None else {"family": family}


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
