"""The report of a morning: its figures, pictures, shortages, advice, warnings and terms, in one page."""

from __future__ import annotations

from gigmatch.assignment import Assignment, FairnessCurve
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.evidence.eyes import LEAST_PEOPLE
from gigmatch.pages.html import render
from gigmatch.pages.reports.advice import advised
from gigmatch.pages.reports.days import days
from gigmatch.pages.reports.fairness import prices
from gigmatch.pages.reports.fills import fills
from gigmatch.pages.reports.headline import cells, lead, tiers
from gigmatch.pages.reports.listings import listings
from gigmatch.pages.reports.map import map_of
from gigmatch.pages.reports.plots import plots
from gigmatch.pages.reports.report import AUDIENCES, Audience, Report
from gigmatch.pages.reports.shortages import shortages
from gigmatch.pages.reports.terms import terms, warnings
from gigmatch.pages.words import Words

__all__ = ["AUDIENCES", "Audience", "report_page"]


def report_page(
    solved: SolvedMorning,
    assignment: Assignment,
    words: Words,
    audience: Audience,
    advice: int,
    fairness: FairnessCurve | None,
) -> str:
    """The whole page; see ``gigmatch.pages.report``."""
    report = Report(solved, assignment, words, audience, advice)
    return render(
        "report.html",
        words,
        "base report",
        "report",
        title=words("report"),
        market=report.formatter.market,
        date=report.formatter.date,
        proved=report.assignment.status != "feasible",
        badge=report.badge,
        shows_people=report.shows_people,
        least_people=LEAST_PEOPLE,
        audience="" if report.shows_people else words.known(f"words.{audience}", audience),
        lead=lead(report),
        cells=cells(report),
        tiers=tiers(report),
        map=map_of(report),
        fills=[*fills(report), *prices(report, fairness)],
        days=days(report),
        plots=plots(report),
        shortages=shortages(report),
        advised=advised(report),
        warnings=warnings(report),
        listings=listings(report),
        terms=terms(report),
    )
