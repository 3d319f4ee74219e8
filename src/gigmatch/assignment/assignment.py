"""The answer: who works where, what it is worth, and the proof, in ids that mean something outside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from gigmatch.assignment.difference import Difference, difference
from gigmatch.assignment.entries import (
    OpenShift,
    Placement,
    RequestOutcome,
    SoftViolation,
    Unplaced,
    WaitingCount,
)
from gigmatch.assignment.saving import ARRAYS, KEYS, YOUNGER, fields_of, plain_data
from gigmatch.assignment.summary import Summary, summarise
from gigmatch.assignment.words import AssignmentWords
from gigmatch.columns import Columns
from gigmatch.core.arrays import BoolArray, Float64Array, Int32Array, Int64Array, read_only
from gigmatch.core.html_tables import html_table, paragraph
from gigmatch.core.saved import FileFormat, Saved
from gigmatch.core.statistics import Statistics
from gigmatch.errors import InvalidFileError, UnsupportedError
from gigmatch.i18n import Told
from gigmatch.model import Morning
from gigmatch.pairing.levels import level_words
from gigmatch.pairing.policy import POINTS_SCALE
from gigmatch.pairing.preferences import Stable
from gigmatch.problem import Certificate, Solution
from gigmatch.problem.plans import PlanCertificate, PlanSolution

if TYPE_CHECKING:
    from gigmatch.assignment.solved import SolvedMorning
    from gigmatch.tables import FrameKind

__all__ = ["Assignment"]


@dataclass(frozen=True, eq=False, repr=False)
class Assignment(Saved):
    """Who works where, with everything needed to verify it in another process.

    Made by ``match``, ``stable`` or ``Assignment.load``. Placements stand in order of the worker's row:
    arrival, then id; the shifts of a worker who has several, one after the other.
    """

    saved_as: ClassVar = FileFormat("assignment", 5, is_bare=False)
    worker_ids: tuple[str, ...]
    """Every worker of the morning, by row."""
    shift_ids: tuple[str, ...]
    """Every shift of the morning, by row."""
    headcount: Int64Array
    """Seats of each shift: int64[n_shifts]."""
    tier: Int64Array
    """Priority tier of each shift: int64[n_shifts]."""
    placed_worker: Int32Array
    """Worker row of each placement, ascending, promised pairs included: int32[n_placements]."""
    placed_shift: Int32Array
    """Shift row of each placement: int32[n_placements]."""
    eligible_shifts: Int64Array
    """Shifts that each worker could have taken: int64[n_workers]."""
    eligible_workers: Int64Array
    """Workers who could have taken each shift: int64[n_shifts]."""
    scorers: tuple[str, ...]
    """Names of the policy's scorers."""
    points_by_scorer: Int64Array
    """Of each placement, in hundredths of a point: int64[n_placements, n_scorers]."""
    minutes: Float64Array
    """Of each placement: float64[n_placements]."""
    pay_total: Float64Array
    """Of each placement: float64[n_placements]."""
    keep: tuple[tuple[str, str], ...]
    """Promised pairs."""
    forbid: tuple[tuple[str, str], ...]
    """Barred pairs."""
    warnings: tuple[SoftViolation, ...]
    """Rules that warn, and the placements that break them; only rules that are broken."""
    baseline: Summary
    """First come, first served on the same morning."""
    solution: Solution | PlanSolution
    """The solver's answer with its certificates: without the promised pairs, unless it is one of plans."""
    policy: dict[str, Any]
    """As ``Policy.describe`` gives it."""
    rules: tuple[dict[str, Any], ...]
    """Name, version, severity and parameters of every rule."""
    travel: dict[str, Any]
    """How travel was computed."""
    morning_digest: str
    """SHA-256 of the morning's JSON, or of its columns; which morning this is of, not whether it is right."""
    currency: str
    mechanism: dict[str, Any] = field(default_factory=lambda: {"name": "optimal"})
    """How it was chosen: ``name`` is ``"optimal"`` for the best by the levels of the policy, ``"stable"``,
    ``"lottery"`` for what was drawn from a fair one, a ``way`` of ``gigmatch.mechanisms.Hall``, or
    ``"given"`` for placements that somebody else made; then the settings that it has."""
    succession: tuple[dict[str, Any], ...] = ()
    """Of plans, name, version, severity and parameters of every rule of what follows on what."""
    statistics: Statistics | None = field(default=None, init=False)
    """What it took, from morning to answer: seconds by stage and counts of the work. None after loading: it
    is not saved, so that equal answers are equal files."""
    solved: SolvedMorning | None = field(default=None, init=False)
    """What it was solved from; None after loading or unpickling, and where anything was replaced."""

    def __post_init__(self) -> None:
        for name in ARRAYS:
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def __copy__(self) -> Self:
        """Return itself: nothing in it can be changed."""
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return itself: nothing in it can be changed."""
        return self

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what follows from the morning, so that a copy for another process is small."""
        return {**self.__dict__, "solved": None}

    @property
    def requests(self) -> tuple[RequestOutcome, ...]:
        """What became of everybody whom an employer asked for by name; none once loaded."""
        return self.solved.requests if self.solved else ()

    @property
    def waiting(self) -> tuple[WaitingCount, ...]:
        """How those fare who have waited longest, where people come first; none once loaded."""
        return self.solved.waiting if self.solved else ()

    @property
    def seconds(self) -> float | None:
        """Wall time from morning to answer; None after loading."""
        return None if self.statistics is None else self.statistics.total

    @property
    def status(self) -> str:
        """``"stable"`` where both sides would keep it, ``"optimal"`` if every level is proved, or
        ``"feasible"``.
        """
        return Stable.name if self.is_stable else self.solution.status

    @property
    def is_stable(self) -> bool:
        """Whether it was chosen so that no worker and no shift would rather have each other."""
        return self.mechanism.get("name") == Stable.name

    def level_words(self, lang: str = "en") -> dict[str, str]:
        """What people call the levels, by name and in order; in English or Chinese (``"zh"``)."""
        return level_words(self.policy, lang)

    @property
    def notes(self) -> tuple[Told, ...]:
        """How the morning was read, then what looks wrong in it, such as far places; none once loaded."""
        if self.solved is None:
            return ()
        columns = self.solved.columns
        return columns.reading.notes + columns.notes

    @property
    def certificates(self) -> tuple[Certificate, ...] | tuple[PlanCertificate, ...]:
        """The proof, one certificate a level and round of the lottery."""
        return self.solution.certificates

    @property
    def plain_solution(self) -> Solution:
        """The solution of a plain problem; UnsupportedError for one of plans and teams."""
        if isinstance(self.solution, PlanSolution):
            raise UnsupportedError("solution_of_plans")
        return self.solution

    @cached_property
    def placements(self) -> tuple[Placement, ...]:
        """Every placement, in order of the worker's row."""
        kept = frozenset(self.keep)
        points = (self.points_by_scorer.sum(axis=1) / POINTS_SCALE).tolist()
        rows = zip(self.pairs, points, self.minutes.tolist(), self.pay_total.tolist(), strict=True)
        return tuple(Placement(*pair, p, m, pay, pair in kept) for pair, p, m, pay in rows)

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """(worker id, shift id) of every placement, in order of the worker's row."""
        rows = zip(self.placed_worker.tolist(), self.placed_shift.tolist(), strict=True)
        return tuple((self.worker_ids[worker], self.shift_ids[shift]) for worker, shift in rows)

    @cached_property
    def shift(self) -> Int32Array:
        """Shift row of each worker, -1 for none: int32[n_workers]; UnsupportedError if one has several."""
        if not self.is_plain:
            raise UnsupportedError("several_shifts")
        shift = np.full(len(self.worker_ids), -1, np.int32)
        shift[self.placed_worker] = self.placed_shift
        return read_only(shift)

    @cached_property
    def is_plain(self) -> bool:
        """Whether nobody has more than one shift."""
        return not (np.diff(self.placed_worker) == 0).any()

    def shift_of(self, worker_id: str) -> str | None:
        """Shift of a worker, the first of several; None if they have none or are not in the morning."""
        return next(iter(self.shifts_of(worker_id)), None)

    def shifts_of(self, worker_id: str) -> tuple[str, ...]:
        """Every shift of a worker; none if they have none or are not in the morning."""
        return self._shifts_by_worker.get(worker_id, ())

    @cached_property
    def _shifts_by_worker(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for worker, shift in self.pairs:
            found[worker] = (*found.get(worker, ()), shift)
        return found

    @cached_property
    def fill(self) -> dict[str, tuple[str, ...]]:
        """Workers in each shift, every shift listed, workers in order of row."""
        found: dict[str, list[str]] = {key: [] for key in self.shift_ids}
        for worker, shift in self.pairs:
            found[shift].append(worker)
        return {key: tuple(workers) for key, workers in found.items()}

    @cached_property
    def unplaced(self) -> tuple[Unplaced, ...]:
        """Workers without a shift, in order of row, with the fact about each."""
        rows = np.flatnonzero(~self.is_placed)
        count = self.eligible_shifts[rows].tolist()
        fact = {True: "eligible, not placed", False: "no eligible shift"}
        return tuple(
            Unplaced(self.worker_ids[row], n, fact[n > 0])  # type: ignore[arg-type]
            for row, n in zip(rows, count, strict=True)
        )

    @cached_property
    def open_shifts(self) -> tuple[OpenShift, ...]:
        """Shifts with empty seats, in order of id, with the fact about each."""
        empty = self.headcount - self.filled
        rows = np.flatnonzero(empty > 0)
        fact = {True: "eligible workers, seats left open", False: "no eligible worker"}
        return tuple(
            OpenShift(self.shift_ids[row], int(empty[row]), n, fact[n > 0])  # type: ignore[arg-type]
            for row, n in zip(rows, self.eligible_workers[rows].tolist(), strict=True)
        )

    @cached_property
    def summary(self) -> Summary:
        """Headline figures."""
        return summarise(
            len(self.worker_ids),
            self.headcount,
            self.tier,
            self.placed_shift,
            self.points_by_scorer.sum(axis=1),
            self.minutes,
            self.pay_total,
        )

    def breakdown(self) -> dict[tuple[str, str], dict[str, float]]:
        """Points of every placement by scorer; they add up to the placement's points, to 1/100."""
        rows = (self.points_by_scorer / POINTS_SCALE).tolist()
        return {
            pair: dict(zip(self.scorers, row, strict=True))
            for pair, row in zip(self.pairs, rows, strict=True)
        }

    def diff(self, old: Assignment) -> Difference:
        """What changed since an older assignment, of this morning or of one before the market moved on.

        Parameters
        ----------
        old : Assignment
            Compared by ids.

        Returns
        -------
        Difference
        """
        return difference(old.pairs, self.pairs)

    def to_frames(
        self,
        kind: FrameKind = "pyarrow",
        *,
        names_from: Morning | Columns | None = None,
        lang: str = "en",
    ) -> dict[str, Any]:
        """Return the answer as frames, by name.

        Parameters
        ----------
        kind : {"pandas", "polars", "pyarrow"}
            What the frames are.
        names_from : Morning or Columns, optional
            What it was made from, for names and contacts in ``placements``; as for
            ``gigmatch.assignment_frame``.
        lang : str
            Of texts and of the columns' names; as for ``gigmatch.assignment_frame``.

        Returns
        -------
        dict of str to frame
            The tables that ``gigmatch.assignment_to_files`` writes, those without rows included:
            ``placements`` as from ``gigmatch.assignment_frame``, ``unplaced`` and ``open_shifts`` with the
            fact about each, in order of row, and ``warnings`` with the placements that break a rule that only
            warns.

        Raises
        ------
        InvalidInputError
            Another kind of frame.
        UnsupportedError
            The extra ``tables`` is not installed.

        Examples
        --------
        >>> import gigmatch as gm
        >>> frames = gm.match(gm.samples.jingshi(workers=50)).to_frames()
        >>> list(frames)
        ['placements', 'unplaced', 'open_shifts', 'warnings']
        >>> frames["placements"].num_rows + frames["unplaced"].num_rows
        50
        """
        from gigmatch.tables import assignment_frames

        return assignment_frames(self, kind, names_from=names_from, lang=lang)

    # -- doors to `gigmatch.pages`, which tells what each takes ---------------------------------------------

    def report(self, path: str | Path, **options: Any) -> None:
        """Write the report, one HTML file that loads nothing; see ``gigmatch.pages.report``."""
        from gigmatch.pages import report

        report(self, path, **options)

    def board(self, path: str | Path, **options: Any) -> None:
        """Write the board of open seats for the hall's screen; see ``gigmatch.pages.board``."""
        from gigmatch.pages import board

        board(self, path, **options)

    def board_text(self, **options: Any) -> str:
        """Return the board for a terminal; see ``gigmatch.pages.board_text``."""
        from gigmatch.pages import board_text

        return board_text(self, **options)

    def placed_shifts(self, **options: Any) -> Mapping[str, tuple[str, ...]]:
        """Return what is told of every shift that somebody has; see ``gigmatch.pages.placed_shifts``."""
        from gigmatch.pages import placed_shifts

        return placed_shifts(self, **options)

    def placements_text(self, **options: Any) -> str:
        """Return the first placements for a terminal; see ``gigmatch.pages.placements_text``."""
        from gigmatch.pages import placements_text

        return placements_text(self, **options)

    def slips(self, path: str | Path, **options: Any) -> None:
        """Write a slip to print for everybody who has work; see ``gigmatch.pages.slips``."""
        from gigmatch.pages import slips

        slips(self, path, **options)

    def call_lists(self, path: str | Path, **options: Any) -> None:
        """Write a list to print for every shift: names and stand-bys; see ``gigmatch.pages.call_lists``."""
        from gigmatch.pages import call_lists

        call_lists(self, path, **options)

    # -- saved and loaded -----------------------------------------------------------------------------------

    def to_json(self) -> bytes:
        """Return the assignment as JSON in UTF-8; the same answer gives the same bytes."""
        fields = json.dumps(plain_data(self), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return self.saved_as.enveloped(fields.replace(',"', ',\n"'))

    @classmethod
    def from_json(cls, data: bytes | str, *, source: str | Path | None = None) -> Self:
        """Read an assignment that `to_json` gave; ``gigmatch.check`` verifies it against its morning.

        Raises
        ------
        InvalidFileError
            As for every saved kind, and for figures that no assignment has.
        """
        fields, place = cls._fields_in(data, source, KEYS | YOUNGER)
        try:
            return cls(**fields_of(fields))
        except InvalidFileError as error:
            raise InvalidFileError("in_place", place=place, error=error) from None

    def to_dict(self) -> dict[str, Any]:
        """Everything that is saved, as plain data."""
        return self.saved_as.head | plain_data(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The assignment that `to_dict` gave; raises InvalidFileError for anything else."""
        return cls(**fields_of(cls.saved_as.opened(data, cls.saved_as.told, KEYS | YOUNGER)))

    @cached_property
    def is_placed(self) -> BoolArray:
        """Whether each worker has a shift: bool[n_workers]."""
        placed = np.zeros(len(self.worker_ids), np.bool_)
        placed[self.placed_worker] = True
        return placed

    @cached_property
    def filled(self) -> Int64Array:
        """Seats taken of each shift: int64[n_shifts]."""
        return np.bincount(self.placed_shift, minlength=len(self.shift_ids)).astype(np.int64)

    def text(self, lang: str = "en") -> str:
        """Summarise in a language: size, headline figures, proof, and rules that warn; `str` in English.

        Parameters
        ----------
        lang : str
            Such as ``"zh"``; a language that has no catalogue is told in English.

        Examples
        --------
        >>> import gigmatch as gm
        >>> print(gm.match(gm.samples.jingshi(workers=50)).text("zh"))  # doctest: +ELLIPSIS
        50 名零工，10 个班次共 44 个名额
                                gigmatch      先到先得
        安排人数                      34            29
        ...
        """
        return str(AssignmentWords(self, lang))

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return what a notebook shows: headline figures, the proof, and the first placements."""
        words = AssignmentWords(self, "en")
        summary = html_table(words.header(), words.figures(), words.size())
        return (
            summary + "".join(map(paragraph, words.notes())) + html_table(Placement._fields, self.placements)
        )
