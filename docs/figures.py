"""The figures of the gallery: python docs/figures.py FOLDER draws them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import gigmatch as gm

INK, PALE = "#2a6f97", "#c9d6df"


def seats_by_tier(axes: Any, assignment: gm.Assignment) -> None:
    """Seats filled by tier, the most urgent first, beside first come, first served."""
    ours, theirs = assignment.summary.seats_by_tier, assignment.baseline.seats_by_tier
    at = np.arange(len(ours))
    for offset, tiers, label, colour in ((-0.2, ours, "gigmatch", INK), (0.2, theirs, "first come", PALE)):
        share = [100 * filled / seats for filled, seats in tiers.values()]
        axes.bar(at + offset, share, 0.4, label=label, color=colour)
    axes.set_xticks(at, [f"tier {tier}\n{seats} seats" for tier, (_, seats) in ours.items()])
    axes.set(ylabel="seats filled, %", ylim=(0, 100))
    axes.legend(frameon=False)


def points_by_scorer(axes: Any, assignment: gm.Assignment) -> None:
    """What the points of a placement consist of, on average, and the most there is of each."""
    weights = {
        gm.scoring.scorer_name(scorer): weight for scorer, weight in gm.DEFAULT_POLICY.scorers if weight
    }
    mean = dict(zip(assignment.scorers, assignment.points_by_scorer.mean(axis=0) / 100, strict=True))
    names = list(reversed(weights))
    axes.barh(names, [weights[name] for name in names], color=PALE, label="the most there is")
    axes.barh(names, [mean[name] for name in names], color=INK, label="mean of the placements")
    axes.set(xlabel="points")
    axes.legend(frameon=False)


def ways_to_work(axes: Any, assignment: gm.Assignment) -> None:
    """How long the ways to work are."""
    axes.hist(assignment.minutes, bins=np.arange(0, 95, 5), color=INK, edgecolor="white")
    axes.set(xlabel="minutes to work", ylabel="placements")


FIGURES: tuple[Callable[[Any, gm.Assignment], None], ...] = (seats_by_tier, points_by_scorer, ways_to_work)


def draw(folder: Path) -> None:
    """Every figure as SVG, under the name of its function."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "gigmatch"  # the same bytes for the same figure
    from matplotlib import pyplot

    folder.mkdir(parents=True, exist_ok=True)
    assignment = gm.match(gm.samples.jingshi(seed=7))
    for figure in FIGURES:
        drawing, axes = pyplot.subplots(figsize=(6.4, 3.2), layout="constrained")
        axes.spines[["top", "right"]].set_visible(False)
        figure(axes, assignment)
        drawing.savefig(folder / f"{figure.__name__}.svg", metadata={"Date": None})
        pyplot.close(drawing)


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
