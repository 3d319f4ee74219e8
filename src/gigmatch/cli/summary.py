"""What the library writes as text, in the language spoken; in English it is ``str`` of it."""

from __future__ import annotations

from typing import Any

from rich.cells import cell_len

import gigmatch as gm
from gigmatch.cli.formats import say, some, spoken, translated

__all__ = ["statistics_of", "summary_of", "terms_of"]

_WIDTHS = (18, 14, 14)
_WIDE = 46


def summary_of(assignment: gm.Assignment) -> str:
    """Size, headline figures beside first come, first served, proof and warnings."""
    summary = assignment.summary
    size: dict[str, Any] = {
        name: some(name, getattr(summary, name)) for name in ("workers", "seats", "shifts")
    }
    columns = [_figures(each, assignment.currency) for each in (summary, assignment.baseline)]
    rows = [("", say("summary.ours"), say("summary.first_come")), *zip(_names(), *columns, strict=True)]
    lines = [say("summary.size", **size), *map(_row, rows), _proof(assignment)]
    for warning in assignment.warnings:
        rule = gm.rule_name(warning.rule, lang=spoken())
        n = f"{len(warning.pairs):,}"
        lines.append(say("summary.warning", n=n, rule=rule, sentence=warning.text(spoken())))
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
        f"{summary.wages_offered:,.0f} {_currency(currency)}",
        "-" if travel is None else _minutes(travel),
        f"{summary.open_shifts:,}",
    ]


def _currency(code: str) -> str:
    return translated("currencies", code)


def _minutes(minutes: float) -> str:
    return say("summary.under_a_minute") if 0 < minutes < 1 else say("summary.minutes", n=f"{minutes:.0f}")


def _row(cells: tuple[str, ...]) -> str:
    """The first to the left, figures to the right; a Chinese character is as wide as two others."""
    first, *rest = zip(cells, _WIDTHS, strict=True)
    figures = [" " * max(width - cell_len(cell), 1) + cell for cell, width in rest]
    return first[0] + " " * (first[1] - cell_len(first[0])) + "".join(figures)


def _proof(assignment: gm.Assignment) -> str:
    solution = assignment.solution
    took = "" if assignment.seconds is None else say("summary.took", seconds=f"{assignment.seconds:.2f}")
    if solution.status == "optimal":
        words = assignment.level_words(spoken())
        proved = dict.fromkeys(words[certificate.level] for certificate in assignment.certificates)
        told = say("summary.list").join(proved)
        return say("summary.optimal", levels=told, solver=solution.solver, took=took)
    if solution.gap == 0 and len(assignment.certificates) > 1:
        missing = say("summary.undrawn")
    else:
        written = f"{solution.gap / 100:,.2f}".removesuffix(".00")
        missing = say("summary.below", count=1 if written == "1" else 2, points=written)
    stopped = translated("stopped", str(solution.stopped).replace(" ", "_"))
    return say("summary.stopped", stopped=stopped, missing=missing, solver=solution.solver, took=took)


def statistics_of(assignment: gm.Assignment) -> str:
    """What an answer that was just made took, a line for every stage and count."""
    assert assignment.statistics is not None
    rows = assignment.statistics.rows(spoken())
    return "\n".join(name + " " * (_WIDE - cell_len(name) - cell_len(value)) + value for name, value in rows)


def terms_of(terms: gm.evidence.checking.Terms) -> str:
    """Under which terms an assignment was made."""
    told = {**terms._asdict(), "objective": translated("levels", terms.objective)}
    lines = [say("terms", **told)]
    for name in ("rules_left_out", "rules_softened", "rules_added"):
        if names := getattr(terms, name):
            rules = say("summary.list").join(gm.rule_name(rule, lang=spoken()) for rule in names)
            lines.append(say(name, rules=rules))
    if terms.levels_added:
        lines.append(say("levels_added", levels=say("summary.list").join(terms.levels_added)))
    return "\n".join(lines)
