"""What would help, for a report: a few changes, each confirmed by matching anew."""

from __future__ import annotations

from typing import Any

from gigmatch.evidence import Advice
from gigmatch.explaining import Adviser
from gigmatch.pages.reports.report import Report

__all__ = ["advised", "effort", "sensible"]

_LARGEST_ADVISED = 5_000
_LONGEST_TRANSPORT_MIN = 60
_TRIES = 3  # shifts asked about for each that is told of


def advised(report: Report) -> dict[str, Any] | None:
    """What would help; None for eyes that may not see whom it names."""
    if not report.shows_people:
        return None
    why_not = _no_advice(report)
    if why_not:
        return {"none": why_not, "fill": [], "training": ""}
    adviser = Adviser(report.explainer)
    advice = [sensible(adviser.fill(s.shift_id)) for s in report.open_shifts[: _TRIES * report.advice]]
    best = sorted((one for one in advice if one.options), key=effort)[: report.advice]
    fill = [report.told(one) for one in best]
    plan = adviser.train(report.advice)
    training = report.told(plan) if plan.lessons else ""
    none = "" if fill or training else report.words("advice_none")
    return {"none": none, "fill": fill, "training": training}


def _no_advice(report: Report) -> str:
    """Why there is no advice; empty where there is."""
    if not report.advice:
        return report.words("advice_off")
    if report.solved.has_plans:
        return report.words("advice_plans")
    if report.solved.objects is None:
        return report.words("advice_columns")
    if not report.is_proved:
        return report.words("advice_unproved")
    if report.columns.n_workers > _LARGEST_ADVISED:
        return report.words("advice_large", n=report.words.count(report.columns.n_workers))
    return ""


def sensible(found: Advice) -> Advice:
    """Without transport so far that nobody would take it for a day's work."""
    options = [o for o in found.options if o.kind != "transport" or (o.size or 0.0) <= _LONGEST_TRANSPORT_MIN]
    return found.model_copy(update={"options": tuple(options)})


def effort(found: Advice) -> tuple[bool, float]:
    """Pay first, then by the smallest change."""
    return "higher pay" not in {o.kind for o in found.options}, min(o.size or 0.0 for o in found.options)
