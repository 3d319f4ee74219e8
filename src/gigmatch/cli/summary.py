"""The summary of an assignment in the language spoken; in English it is ``str(assignment)``."""

from __future__ import annotations

from rich.cells import cell_len

import gigmatch as gm
from gigmatch.cli.speaking import language, say, translated

__all__ = ["summary_of"]

_WIDTHS = (18, 14, 14)


def summary_of(assignment: gm.Assignment) -> str:
    """Size, headline figures beside first come, first served, proof and warnings."""
    summary = assignment.summary
    size = {name: f"{getattr(summary, name):,}" for name in ("workers", "seats", "shifts")}
    columns = [_figures(each, assignment.currency) for each in (summary, assignment.baseline)]
    rows = [("", say("summary.ours"), say("summary.first_come")), *zip(_names(), *columns, strict=True)]
    lines = [say("summary.size", **size), *map(_row, rows), _proof(assignment)]
    for warning in assignment.warnings:
        rule = gm.rule_name(warning.rule, "zh") if language() == "zh" else warning.rule
        n = f"{len(warning.pairs):,}"
        lines.append(say("summary.warning", n=n, rule=rule, sentence=warning.sentence))
    return "\n".join(lines)


def _names() -> list[str]:
    return [say(f"summary.{name}") for name in ("placements", "filled", "points", "wages", "travel", "open")]


def _figures(summary: gm.assignment.Summary, currency: str) -> list[str]:
    share = summary.placements / summary.seats if summary.seats else 0.0
    mean, travel = summary.mean_points, summary.median_travel_min
    return [
        f"{summary.placements:,}",
        f"{share:.1%}",
        "-" if mean is None else f"{mean:.2f}",
        f"{summary.wages_offered:,.0f} {currency}",
        "-" if travel is None else say("summary.minutes", n=f"{travel:.0f}"),
        f"{summary.open_shifts:,}",
    ]


def _row(cells: tuple[str, ...]) -> str:
    """The first to the left, figures to the right; a Chinese character is as wide as two others."""
    first, *rest = zip(cells, _WIDTHS, strict=True)
    figures = [" " * max(width - cell_len(cell), 1) + cell for cell, width in rest]
    return first[0] + " " * (first[1] - cell_len(first[0])) + "".join(figures)


def _proof(assignment: gm.Assignment) -> str:
    solution = assignment.solution
    took = "" if assignment.seconds is None else say("summary.took", seconds=f"{assignment.seconds:.2f}")
    if solution.status == "optimal":
        levels = dict.fromkeys(certificate.level for certificate in assignment.certificates)
        told = say("summary.list").join(translated(f"level.{level}") for level in levels)
        return say("summary.optimal", levels=told, solver=solution.solver, took=took)
    if solution.gap == 0 and len(assignment.certificates) > 1:
        missing = say("summary.undrawn")
    else:
        missing = say("summary.below", points=f"{solution.gap / 100:,.2f}")
    stopped = translated(f"stopped.{solution.stopped}")
    return say("summary.stopped", stopped=stopped, missing=missing, solver=solution.solver, took=took)
