"""Pages for people: report, board, slips and call lists, each one file that loads nothing.

`Assignment.report`, `Assignment.board`, `Assignment.slips` and `Assignment.call_lists` lead here, and so do
`Assignment.placements_text` and `Assignment.placed_shifts`, which tell who goes where. Every text
that comes from the morning is escaped; texts come from the one catalogue. Needs
the extra ``report``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gigmatch.assignment import Assignment, Comparison, FairnessCurve
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.columns import Columns
from gigmatch.errors import InvalidInputError
from gigmatch.model import Morning
from gigmatch.pages.boards import board_page
from gigmatch.pages.boards import board_text as text_of_board
from gigmatch.pages.html import render, write
from gigmatch.pages.paper import PAPERS, Paper, calls_page, slips_page
from gigmatch.pages.placements import PlacedShift
from gigmatch.pages.placements import placed_shifts as told_of_shifts
from gigmatch.pages.placements import placements_text as text_of_placements
from gigmatch.pages.reports import AUDIENCES, Audience, report_page
from gigmatch.pages.words import Words
from gigmatch.pairing.rules import Rule
from gigmatch.pairing.scoring import Scorer
from gigmatch.pairing.travel import Travel

__all__ = [
    "Audience",
    "Paper",
    "PlacedShift",
    "board",
    "board_text",
    "call_lists",
    "comparison",
    "placed_shifts",
    "placements_text",
    "report",
    "slips",
]

_LEAST_SECONDS, _MOST_SECONDS = 1.0, 3600.0


def report(
    assignment: Assignment,
    path: str | Path,
    *,
    morning: Morning | Columns | None = None,
    lang: str = "en",
    audience: Audience = "manager",
    advice: int = 3,
    fairness: FairnessCurve | None = None,
    rules: Sequence[Rule] = (),
    scorers: Sequence[Scorer] = (),
    travel: Travel | None = None,
) -> None:
    """Write the report of an assignment: one HTML file that loads nothing from elsewhere.

    Parameters
    ----------
    assignment : Assignment
        Just made, or loaded from a file.
    path : str or Path
        Written anew, all at once.
    morning : Morning or Columns, optional
        What a loaded assignment was made from.
    lang : str
        ``"en"``, ``"zh"``, or another that there is a catalogue of.
    audience : "worker", "employer", "manager" or "auditor"
        Whose eyes it is for: the first two see no worker's id, no advice, which names people, and no figure
        that fewer than three people stand behind; others by steps.
    advice : int
        At most so many shifts to fill and people to train; each costs some matches. 0 for none, and none is
        given for columns, or beyond 5,000 workers.
    fairness : FairnessCurve, optional
        What it costs to put those first who have waited longest, of the same morning: a table for managers
        and auditors. Not made here, since ``gigmatch.fairness_curve`` matches the morning several times.
    rules, scorers, travel
        The user's own that the assignment names, as for ``gigmatch.check``.

    Raises
    ------
    InvalidInputError
        An argument is of another kind, the morning is missing or not the one that the assignment was made
        from, or the file cannot be written.
    CertificateError
        Its certificates do not prove what it claims.
    UnsupportedError
        The extra ``report`` is not installed.
    """
    words, solved = (
        Words(lang),
        SolvedMorning.of(assignment, morning=morning, rules=rules, scorers=scorers, travel=travel),
    )
    _one_of("audience", audience, AUDIENCES)
    if isinstance(advice, bool) or not isinstance(advice, int) or advice < 0:
        raise InvalidInputError("integer_too_small", name="advice", least=0, value=advice)
    if fairness is not None:
        _same_morning(fairness, assignment)
    _verified(solved)
    write(path, report_page(solved, assignment, words, audience, advice, fairness))


def board(
    assignment: Assignment,
    path: str | Path,
    *,
    morning: Morning | Columns | None = None,
    lang: str = "en",
    seconds: float | None = None,
    reload: bool = False,
) -> None:
    """Write the board: the seats that are open now, in pages that turn by themselves.

    Parameters
    ----------
    assignment : Assignment
        Just made, or loaded from a file.
    path : str or Path
        Written anew, all at once, so that a screen may show it meanwhile.
    morning : Morning or Columns, optional
        What a loaded assignment was made from.
    lang : str
        ``"en"``, ``"zh"``, or another that there is a catalogue of.
    seconds : float, optional
        How long a page stands, 1 to 3,600; 5 to 12 if not given, so that a round takes less than two minutes.
        Arrow keys turn pages, blank pauses; where the machine asks for less motion, pages wait to be turned.
    reload : bool
        Whether the screen reads the file again after the last page.

    Raises
    ------
    InvalidInputError, CertificateError, UnsupportedError
        As for `report`.

    Notes
    -----
    Shifts are told by place, work and hours; those more urgent than ordinary come first, at most 88 in all.
    """
    words, solved = Words(lang), SolvedMorning.of(assignment, morning=morning)
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if seconds is not None and not (is_number and _LEAST_SECONDS <= seconds <= _MOST_SECONDS):
        raise InvalidInputError("seconds_out_of_range", value=seconds)
    write(path, board_page(solved, words, seconds, bool(reload)))


def board_text(
    assignment: Assignment,
    *,
    morning: Morning | Columns | None = None,
    lang: str = "en",
    width: int = 80,
) -> str:
    """The board for a terminal: a line a shift with seats, work and pay, and below it when and where.

    Parameters
    ----------
    assignment : Assignment
        Just made, or loaded from a file.
    morning : Morning or Columns, optional
        What a loaded assignment was made from.
    lang : str
        ``"en"``, ``"zh"``, or another that there is a catalogue of.
    width : int
        Of the terminal, 40 or more; Chinese characters take two. Longer names are cut with an ellipsis.

    Returns
    -------
    str
        Without control characters, whatever names hold.

    Examples
    --------
    >>> import gigmatch as gm
    >>> assignment = gm.match(gm.samples.jingshi(seed=7, workers=100))
    >>> print(board_text(assignment, width=60).splitlines()[0])
    Open seats now  17 seats, 9 shifts
    """
    return text_of_board(SolvedMorning.of(assignment, morning=morning), Words(lang), width)


def comparison(found: Comparison, path: str | Path, *, lang: str = "en") -> None:
    """Write a comparison of mechanisms: its tables, in one HTML file that loads nothing from elsewhere.

    Parameters
    ----------
    found : Comparison
        As ``gigmatch.compare`` gives it; it holds nothing of any person.
    path : str or Path
        Written anew, all at once.
    lang : str
        ``"en"``, ``"zh"``, or another that there is a catalogue of.

    Raises
    ------
    InvalidInputError
        It is something else, or the file cannot be written.
    UnsupportedError
        The extra ``report`` is not installed.
    """
    if not isinstance(found, Comparison):
        raise InvalidInputError("wrong_type", name="found", kinds="Comparison", value=found)
    words = Words(lang)
    page = render(
        "comparison.html", words, "base comparison", title=words("compared"), tables=found.tables(lang)
    )
    write(path, page)


def placed_shifts(
    assignment: Assignment, *, morning: Morning | Columns | None = None, lang: str = "en"
) -> dict[str, PlacedShift]:
    """What people are told of every shift that somebody has: work, skills, place and time, by id.

    Parameters
    ----------
    assignment : Assignment
        Just made, or loaded from a file.
    morning : Morning or Columns, optional
        What a loaded assignment was made from.
    lang : str
        ``"en"``, ``"zh"``, or another that there is a catalogue of.

    Returns
    -------
    dict of str to PlacedShift
        In order of id; nobody's name is in it.

    Raises
    ------
    InvalidInputError
        There is no such language, or the morning is missing or another one.

    Examples
    --------
    >>> import gigmatch as gm
    >>> assignment = gm.match(gm.samples.jingshi(seed=7, workers=100))
    >>> placed_shifts(assignment, lang="zh")[assignment.pairs[1][1]]
    PlacedShift(title='小工', skill='小工（4 级及以上）', place='八宝山', time='9月19日（周五） 08:30–17:30')
    """
    return told_of_shifts(SolvedMorning.of(assignment, morning=morning), Words(lang))


def placements_text(
    assignment: Assignment,
    *,
    morning: Morning | Columns | None = None,
    lang: str = "en",
    most: int = 10,
) -> str:
    """The first placements for a terminal: worker, shift, when it is and what it pays in all.

    Parameters
    ----------
    assignment : Assignment
        Just made, or loaded from a file.
    morning : Morning or Columns, optional
        What a loaded assignment was made from.
    lang : str
        ``"en"``, ``"zh"``, or another that there is a catalogue of.
    most : int
        At most so many rows, 1 or more; how many more there are stands below.

    Returns
    -------
    str
        In order of the worker's row: arrival, then id. A worker is called by name, else by id; a shift by
        where it is, what it is and when it begins. What is too long is cut with an ellipsis. Empty where
        nobody has a shift.

    Raises
    ------
    InvalidInputError
        There is no such language, the morning is missing or another one, or ``most`` is less than 1.

    Examples
    --------
    >>> import gigmatch as gm
    >>> print(placements_text(gm.match(gm.samples.jingshi(seed=7, workers=100)), most=2))
    Worker    Shift                              Time                                     Pay
    w-000034  京石零工市场旁停车场 · 小工 08:00  Fri 19 Sep, Sat 20 Sep, 08:00–17:00  420 CNY
    w-000047  八宝山 · 小工 08:30                Fri 19 Sep, 08:30–17:30              250 CNY
    ... and 68 more
    """
    return text_of_placements(SolvedMorning.of(assignment, morning=morning), Words(lang), most)


def slips(
    assignment: Assignment,
    path: str | Path,
    *,
    morning: Morning | Columns | None = None,
    lang: str = "en",
    paper: Paper = "a4",
    rules: Sequence[Rule] = (),
    scorers: Sequence[Scorer] = (),
    travel: Travel | None = None,
) -> None:
    """Write a slip for everybody who has work: where, when, what to bring, pay, cover, whom to ask.

    Whoever has several shifts has them on one slip, in order, with the way from each to the next and the
    time between.

    Parameters
    ----------
    assignment : Assignment
        Just made, or loaded from a file.
    path : str or Path
        Written anew; print it from a browser.
    morning : Morning or Columns, optional
        What a loaded assignment was made from.
    lang : str
        ``"en"``, ``"zh"``, or another that there is a catalogue of.
    paper : "a4" or "80mm"
        Two columns of slips on A4, or a roll of 80 mm, where each slip is a page that ends with its text.
    rules, scorers, travel
        The user's own that the assignment names, as for ``gigmatch.check``; asked for where somebody has
        several shifts.

    Raises
    ------
    InvalidInputError, CertificateError, UnsupportedError
        As for `report`.
    """
    words, solved = (
        Words(lang),
        SolvedMorning.of(assignment, morning=morning, rules=rules, scorers=scorers, travel=travel),
    )
    _one_of("paper", paper, PAPERS)
    write(path, slips_page(solved, assignment.minutes, words, paper))


def call_lists(
    assignment: Assignment,
    path: str | Path,
    *,
    morning: Morning | Columns | None = None,
    lang: str = "en",
    paper: Paper = "a4",
    employer: str | None = None,
    rules: Sequence[Rule] = (),
    scorers: Sequence[Scorer] = (),
    travel: Travel | None = None,
) -> None:
    """Write a list for every shift, or for one employer's: people in order of arrival, and who stands by.

    Parameters
    ----------
    assignment : Assignment
        Just made, or loaded from a file.
    path : str or Path
        Written anew; print it from a browser.
    morning : Morning or Columns, optional
        What a loaded assignment was made from.
    lang : str
        ``"en"``, ``"zh"``, or another that there is a catalogue of.
    paper : "a4" or "80mm"
        As for `slips`.
    employer : str, optional
        Id of the one whom it is for: only their own shifts, with the names of those placed, and how many
        stand by, in threes. Without, it is for the market's own desk: every shift, with everybody's name and
        contact.
    rules, scorers, travel
        The user's own that the assignment names, as for ``gigmatch.check``.

    Raises
    ------
    InvalidInputError, CertificateError, UnsupportedError
        As for `report`; there is no such employer.

    Notes
    -----
    Stand-bys of a shift are the eligible workers without a shift, of most points first, then by arrival, at
    most five: calling one empties no other seat. The same person may stand by for several shifts.
    """
    words, solved = (
        Words(lang),
        SolvedMorning.of(assignment, morning=morning, rules=rules, scorers=scorers, travel=travel),
    )
    _one_of("paper", paper, PAPERS)
    _verified(solved)
    write(path, calls_page(solved, words, paper, employer))


def _verified(solved: SolvedMorning) -> None:
    """Raise CertificateError unless it is; a second shift that was not solved as a plan has no proof."""
    if solved.has_plans or solved.is_plain or solved.is_optimal:
        solved.verified()


def _same_morning(curve: FairnessCurve, assignment: Assignment) -> None:
    if not isinstance(curve, FairnessCurve):
        raise InvalidInputError("wrong_type", name="fairness", kinds="FairnessCurve", value=curve)
    if curve.morning_digest != assignment.morning_digest:
        raise InvalidInputError("curve_of_another_morning")


def _one_of(name: str, value: Any, known: Sequence[str]) -> None:
    if value not in known:
        raise InvalidInputError("unknown_option", name=name, names=", ".join(known), value=value)
