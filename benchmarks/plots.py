"""The plots of the measuring commands; they need matplotlib, which is imported where it is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from statistics import median
from typing import TYPE_CHECKING, Any

from instances import Instance, exponent, growing
from peers import CONTENDERS
from report import in_digits

if TYPE_CHECKING:
    from end_to_end import Morning
    from growth import Grown

__all__ = ["comparison", "growth", "profiles", "tier"]

# Colours that the colour-blind tell apart (Okabe and Ito 2008).
COLOURS = {
    "auction": "#0072B2",
    "levels": "#56B4E9",
    "ortools": "#D55E00",
    "highs": "#009E73",
    "scipy": "#CC79A7",
    "lapx": "#E69F00",
    "greedy": "#999999",
}
"""The contenders drawn; the auction with its certificate would lie on top of the auction."""
SHADES = ("#332288", "#88CCEE", "#44AA99", "#117733", "#DDCC77", "#CC6677", "#AA4499")  # Tol's muted ones
MARKERS = dict(zip(COLOURS, "oDsv^PX", strict=True))
ACROSS = 3


def comparison(instances: Sequence[Instance], names: Sequence[str]) -> Any:
    """Seconds over pairs of every family with several sizes, above all instances as ratios over OR-Tools."""
    from matplotlib.figure import Figure

    drawn, families = [name for name in COLOURS if name in names], growing(instances)
    rows = ceil(len(families) / ACROSS)
    heights = [0.5 + 2.5 * rows, 1 + 0.3 * len(instances)][not rows :]
    figure = Figure(figsize=(9, 0.4 + sum(heights)), layout="constrained")
    *above, below = figure.subfigures(len(heights), height_ratios=heights, squeeze=False).flat
    for part in above:
        _growth(part, families, drawn)
    _over_ortools(below.subplots(), instances, drawn)
    figure.legend(handles=_key(drawn), loc="outside upper center", ncols=len(drawn), frameon=False)
    return figure


def _key(names: Sequence[str]) -> list[Any]:
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], color=COLOURS[name], marker=MARKERS[name], label=CONTENDERS[name].label)
        for name in names
    ]


def _growth(part: Any, families: Mapping[str, Sequence[Instance]], names: Sequence[str]) -> None:
    """A panel a family, all on the same scales."""
    rows, across = ceil(len(families) / ACROSS), min(len(families), ACROSS)
    axes = part.subplots(rows, across, squeeze=False, sharex=True, sharey=True).flatten()
    for axis, (family, instances) in zip(axes, families.items(), strict=False):
        _seconds_over_pairs(axis, instances, names)
        axis.set_title(family, loc="left", fontweight="bold")
    low, high = axes[0].get_ylim()
    axes[0].set_ylim(bottom=low * (low / high) ** 0.2)  # room for the exponents
    for axis in axes[: len(families)][-across:]:
        axis.tick_params(labelbottom=True)
    for axis in axes[len(families) :]:
        axis.set_visible(False)
    part.supxlabel("pairs", fontsize="medium")
    part.supylabel("seconds, median", fontsize="medium")


def _seconds_over_pairs(axis: Any, instances: Sequence[Instance], names: Sequence[str]) -> None:
    for name in names:
        line = [(each.pairs, seconds) for each in instances if (seconds := each.median(name)) is not None]
        if line:
            axis.plot(*zip(*line, strict=True), color=COLOURS[name], marker=MARKERS[name])
    _logarithmic(axis.set_xscale, axis.xaxis)
    _logarithmic(axis.set_yscale, axis.yaxis)
    axis.grid(color="#e5e5e5")
    for place, name in enumerate(("ortools", "auction")):
        if (slope := exponent(instances, name)) is not None:
            told, where = f"{CONTENDERS[name].label}: pairs$^{{{slope:.2f}}}$", (0.98, 0.03 + 0.1 * place)
            axis.text(*where, told, color=COLOURS[name], ha="right", transform=axis.transAxes)


def _over_ortools(axis: Any, instances: Sequence[Instance], names: Sequence[str]) -> None:
    """A bar for the auction, marks for the other exact ones; twice and half as fast are equally long."""
    rows = {f"{each.family}, {each.workers:,}": each for each in reversed(instances)}
    for name in names:
        times = {row: ratio for row, each in rows.items() if (ratio := each.ratio("ortools", name))}
        if name == "auction":
            widths = [ratio - 1 for ratio in times.values()]
            bars = axis.barh(list(times), widths, left=1, color=COLOURS[name])
            axis.bar_label(bars, [in_digits(ratio) for ratio in times.values()], padding=3)
        elif CONTENDERS[name].exact or name == "levels":
            axis.plot(list(times.values()), list(times), MARKERS[name], color=COLOURS[name])
    axis.axvline(1, color=COLOURS["ortools"])
    _logarithmic(axis.set_xscale, axis.xaxis)
    axis.set(xlabel="times as fast as OR-Tools; the bars are the auction", ylabel="family, workers")
    axis.grid(axis="x", color="#e5e5e5")
    axis.set_axisbelow(True)
    axis.margins(x=0.07, y=0.02)


def _logarithmic(set_scale: Any, axis: Any) -> None:
    """Ticks that read 0.1, 1, 10 and so on up to 100M."""
    from matplotlib.ticker import EngFormatter, FuncFormatter, NullFormatter

    def label(x: float, at: int) -> str:
        return large(x, at) if x >= 1000 else f"{x:.9f}".rstrip("0").rstrip(".")

    large = EngFormatter(sep="")
    set_scale("log")
    axis.set_major_formatter(FuncFormatter(label))
    axis.set_minor_formatter(NullFormatter())


def profiles(mornings: Sequence[Morning], steps: Mapping[str, str]) -> Any:
    """The steps of ``match`` in a row above OR-Tools, for every size; per pair, so that sizes compare."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 1.4 + 0.8 * len(mornings)), layout="constrained")
    axis = figure.subplots()
    for row, morning in enumerate(mornings):
        left, millions = 0.0, morning.pairs / 1e6
        for (step, label), shade in zip(steps.items(), SHADES, strict=True):
            width = morning.profile[step] / millions
            bars = axis.barh(3 * row, width, left=left, color=shade, label=label if not row else None)
            left += width
        axis.bar_label(bars, [f"{in_digits(median(morning.match))} s"], padding=3)
        peer = axis.barh(3 * row + 0.9, median(morning.ortools) / millions, color=COLOURS["ortools"])
        axis.bar_label(peer, [f"{in_digits(median(morning.ortools))} s"], padding=3)
    ticks = {3 * row + at: label for row, morning in enumerate(mornings) for at, label in _rows(morning)}
    axis.set_yticks(list(ticks), list(ticks.values()))
    axis.invert_yaxis()
    axis.set_xlabel("seconds per million pairs; the whole beside the bar")
    axis.margins(x=0.08)
    figure.legend(loc="outside upper center", ncols=4, frameon=False)
    return figure


def growth(grown: Sequence[Grown], stages: Sequence[str]) -> Any:
    """Seconds on a processor over workers, in all and by stage, a panel a way; peak memory beside them."""
    from matplotlib.figure import Figure

    ways = list(dict.fromkeys(one.way for one in grown))
    figure = Figure(figsize=(9, 4), layout="constrained")
    *seconds, memory = figure.subplots(1, len(ways) + 1, sharex=True)
    for way, axis in zip(ways, seconds, strict=True):
        some = [one for one in grown if one.way == way]
        workers = [one.workers for one in some]
        axis.plot(workers, [one.cpu_seconds for one in some], "o-", color="black", label="in all")
        for stage, shade in zip(stages, SHADES, strict=False):
            parts = [one.profile[stage] or float("nan") for one in some]
            axis.plot(workers, parts, "-", color=shade, label=stage)
        axis.set_title(f"{way} pairs held: seconds", loc="left")
        axis.set_ylim(0.01, 2 * max(one.cpu_seconds for one in grown))
        gigabytes = [one.peak_bytes / 1e9 for one in some]
        memory.plot(workers, gigabytes, MARKERS["auction"] + ("-" if way == "some" else "--"), label=way)
    memory.set_title("peak memory: GB", loc="left")
    memory.legend(frameon=False)
    for axis in (*seconds, memory):
        _logarithmic(axis.set_xscale, axis.xaxis)
        _logarithmic(axis.set_yscale, axis.yaxis)
        axis.grid(color="#e5e5e5")
    figure.supxlabel("workers; seconds on a processor", fontsize="medium")
    figure.legend(*seconds[0].get_legend_handles_labels(), loc="outside upper center", ncols=7, frameon=False)
    return figure


def tier(now: Mapping[str, Any], before: Mapping[str, Any] | None) -> Any:
    """Times as long as OR-Tools of every case of a tier, with a ring where it was before."""
    from matplotlib.figure import Figure

    bars = {
        f"{name}: {key.partition('/')[0]}": (ratio, _ratio_of(before, name, key))
        for name, case in reversed(now["cases"].items())
        for key, ratio in case["ratios"].items()
        if key.endswith("/ortools")
    }
    figure = Figure(figsize=(9, 1 + 0.22 * len(bars)), layout="constrained")
    axis = figure.subplots()
    colours = [COLOURS.get(label.rpartition(" ")[2], COLOURS["auction"]) for label in bars]
    drawn = axis.barh(list(bars), [ratio - 1 for ratio, _ in bars.values()], left=1, color=colours)
    axis.bar_label(drawn, [in_digits(ratio) for ratio, _ in bars.values()], padding=3)
    known = {label: was for label, (_, was) in bars.items() if was is not None}
    axis.plot(list(known.values()), list(known), "o", color="black", fillstyle="none", label="before")
    axis.axvline(1, color=COLOURS["ortools"])
    _logarithmic(axis.set_xscale, axis.xaxis)
    axis.set_xlabel("times as long as OR-Tools")
    axis.margins(x=0.1, y=0.01)
    return figure


def _ratio_of(results: Mapping[str, Any] | None, name: str, key: str) -> float | None:
    case = (results or {"cases": {}})["cases"].get(name, {"ratios": {}})
    ratio: float | None = case["ratios"].get(key)
    return ratio


def _rows(morning: Morning) -> list[tuple[float, str]]:
    return [(0, f"match, {morning.workers:,} workers"), (0.9, "OR-Tools, points alone")]
