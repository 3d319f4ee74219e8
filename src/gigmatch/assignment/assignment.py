"""The answer: who works where, what it is worth, and the proof, in ids that mean something outside."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

import numpy as np

from gigmatch.columns import Columns
from gigmatch.core.arrays import Float64Array, Int32Array, Int64Array
from gigmatch.core.files import read_bytes, read_json
from gigmatch.errors import InvalidFileError
from gigmatch.model import Morning
from gigmatch.pairing.eligible import Eligible
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.policy import POINTS_SCALE
from gigmatch.problem import Certificate, Problem, Solution

__all__ = [
    "Assignment",
    "Difference",
    "OpenShift",
    "Placement",
    "Prepared",
    "RuleWarning",
    "Summary",
    "Unplaced",
]

FORMAT = "gigmatch assignment"
FORMAT_VERSION = 1


class Placement(NamedTuple):
    """One worker in one seat."""

    worker_id: str
    shift_id: str
    points: float
    """Points of the pair under the policy."""
    minutes: float
    """Minutes of the way to work."""
    pay_total: float
    """Pay offered for the whole shift, in the morning's currency."""
    kept: bool
    """Whether the pair was promised beforehand."""


class Unplaced(NamedTuple):
    """A worker without a shift, and the fact about it."""

    worker_id: str
    eligible_shifts: int
    fact: Literal["no eligible shift", "eligible, not placed"]


class OpenShift(NamedTuple):
    """A shift with empty seats, and the fact about it."""

    shift_id: str
    open_seats: int
    eligible_workers: int
    fact: Literal["no eligible worker", "eligible workers, seats left open"]


class RuleWarning(NamedTuple):
    """A rule that warns, with the placed pairs that break it."""

    rule: str
    sentence: str
    pairs: tuple[tuple[str, str], ...]
    """(worker id, shift id), in order of the worker's row."""


@dataclass(frozen=True)
class Summary:
    """Headline figures of an assignment."""

    workers: int
    placements: int
    shifts: int
    seats: int
    open_shifts: int
    """Shifts with at least one empty seat."""
    seats_by_tier: dict[int, tuple[int, int]]
    """Seats filled and seats offered by priority tier."""
    mean_points: float | None
    """Mean points of a placement; None without one."""
    wages_offered: float
    """Sum of the pay offered to everybody placed; wages offered are not wages paid."""
    median_travel_min: float | None
    """Median minutes of the way to work; None without a placement."""


@dataclass(frozen=True)
class Difference:
    """What changed from one assignment to another, by ids in alphabetical order."""

    placed: tuple[tuple[str, str], ...]
    """(worker, shift) of workers who had no shift, or were not there."""
    dropped: tuple[tuple[str, str], ...]
    """(worker, shift they had) of workers who have none now, or are gone."""
    moved: tuple[tuple[str, str, str], ...]
    """(worker, shift they had, shift they have)."""
    unchanged: int
    """Placements that are as they were."""

    def __str__(self) -> str:
        lines = [
            f"{len(self.placed)} placed, {len(self.dropped)} dropped, {len(self.moved)} moved, "
            f"{self.unchanged} unchanged"
        ]
        lines += [f"  + {worker} -> {shift}" for worker, shift in self.placed]
        lines += [f"  - {worker} (was {shift})" for worker, shift in self.dropped]
        lines += [f"  ~ {worker}: {old} -> {new}" for worker, old, new in self.moved]
        return "\n".join(lines)


class Prepared(NamedTuple):
    """What the assignment was solved from; not saved, since it follows from the morning."""

    columns: Columns
    eligible: Eligible
    """The pairs held while solving, with their points."""
    problem: Problem
    morning: Morning | Columns
    """The morning as it came."""

    @property
    def pairs(self) -> Pairs:
        """Those pairs, for rules and scorers."""
        return self.eligible.pairs


@dataclass(frozen=True, eq=False, repr=False)
class Assignment:
    """Who works where, with everything needed to verify it in another process.

    Made by ``match`` or `Assignment.load`. Placements stand in order of the worker's row: arrival, then id.
    """

    worker_ids: tuple[str, ...]
    """Every worker of the morning, by row."""
    shift_ids: tuple[str, ...]
    """Every shift of the morning, by row."""
    headcount: Int64Array
    """Seats of each shift: int64[n_shifts]."""
    tier: Int64Array
    """Priority tier of each shift: int64[n_shifts]."""
    shift: Int32Array
    """Shift row of each worker, -1 for none, promised pairs included: int32[n_workers]."""
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
    warnings: tuple[RuleWarning, ...]
    """Rules that warn, and the placements that break them; only rules that are broken."""
    baseline: Summary
    """First come, first served on the same morning."""
    solution: Solution
    """The solver's answer without the promised pairs, with its certificates."""
    policy: dict[str, Any]
    """As ``Policy.describe`` gives it."""
    rules: tuple[dict[str, Any], ...]
    """Name, version, severity and parameters of every rule."""
    travel: dict[str, Any]
    """How travel was computed."""
    morning_digest: str
    """SHA-256 of the morning's JSON."""
    currency: str
    seconds: float | None = None
    """Wall time from morning to answer; not saved, so that equal answers are equal files."""
    prepared: Prepared | None = field(default=None, compare=False)
    """Columns, pairs and problem; None after loading."""

    def __post_init__(self) -> None:
        for name in _ARRAYS:
            array = getattr(self, name).view()
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @property
    def status(self) -> str:
        """``"optimal"`` if every level is proved, else ``"feasible"``."""
        return self.solution.status

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """The proof, one certificate a level and round of the lottery."""
        return self.solution.certificates

    @cached_property
    def placements(self) -> tuple[Placement, ...]:
        """Every placement, in order of the worker's row."""
        kept = dict(self.keep)
        points = (self.points_by_scorer.sum(axis=1) / POINTS_SCALE).tolist()
        rows = zip(self.pairs, points, self.minutes.tolist(), self.pay_total.tolist(), strict=True)
        return tuple(Placement(*pair, p, m, pay, kept.get(pair[0]) == pair[1]) for pair, p, m, pay in rows)

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """(worker id, shift id) of every placement, in order of the worker's row."""
        placed = np.flatnonzero(self.shift >= 0)
        return tuple((self.worker_ids[i], self.shift_ids[self.shift[i]]) for i in placed)

    def shift_of(self, worker_id: str) -> str | None:
        """Shift of a worker, None if they have none or are not in the morning."""
        return dict(self.pairs).get(worker_id)

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
        rows = np.flatnonzero(self.shift < 0)
        count = self.eligible_shifts[rows].tolist()
        fact = {True: "eligible, not placed", False: "no eligible shift"}
        return tuple(
            Unplaced(self.worker_ids[row], n, fact[n > 0])  # type: ignore[arg-type]
            for row, n in zip(rows, count, strict=True)
        )

    @cached_property
    def open_shifts(self) -> tuple[OpenShift, ...]:
        """Shifts with empty seats, in order of id, with the fact about each."""
        empty = self.headcount - self._filled
        rows = np.flatnonzero(empty > 0)
        fact = {True: "eligible workers, seats left open", False: "no eligible worker"}
        return tuple(
            OpenShift(self.shift_ids[row], int(empty[row]), n, fact[n > 0])  # type: ignore[arg-type]
            for row, n in zip(rows, self.eligible_workers[rows].tolist(), strict=True)
        )

    @cached_property
    def summary(self) -> Summary:
        """Headline figures."""
        points = self.points_by_scorer.sum(axis=1)
        return summarise(self.shift, self.headcount, self.tier, points, self.minutes, self.pay_total)

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
        before, now = dict(old.pairs), dict(self.pairs)
        both = sorted(before.keys() & now.keys())
        return Difference(
            placed=tuple(sorted((w, s) for w, s in now.items() if w not in before)),
            dropped=tuple(sorted((w, s) for w, s in before.items() if w not in now)),
            moved=tuple((w, before[w], now[w]) for w in both if before[w] != now[w]),
            unchanged=sum(before[w] == now[w] for w in both),
        )

    def report(self, path: str | Path, morning: Morning | Columns | None = None, **options: Any) -> None:
        """Write the report, one HTML file that loads nothing; see ``gigmatch.pages.report``.

        Parameters
        ----------
        path : str or Path
            Written anew.
        morning : Morning or Columns, optional
            What a loaded assignment was made from.
        **options
            ``lang``, ``audience``, ``advice``, ``rules``, ``scorers``, ``travel``.
        """
        from gigmatch.pages import report

        report(self, path, morning, **options)

    def board(self, path: str | Path, morning: Morning | Columns | None = None, **options: Any) -> None:
        """Write the board of open seats for the hall's screen; see ``gigmatch.pages.board``.

        Parameters
        ----------
        path : str or Path
            Written anew.
        morning : Morning or Columns, optional
            What a loaded assignment was made from.
        **options
            ``lang``, ``seconds``, ``reload``.
        """
        from gigmatch.pages import board

        board(self, path, morning, **options)

    def board_text(self, morning: Morning | Columns | None = None, **options: Any) -> str:
        """The board for a terminal; see ``gigmatch.pages.board_text``.

        Parameters
        ----------
        morning : Morning or Columns, optional
            What a loaded assignment was made from.
        **options
            ``lang``, ``columns``.
        """
        from gigmatch.pages import board_text

        return board_text(self, morning, **options)

    def slips(self, path: str | Path, morning: Morning | Columns | None = None, **options: Any) -> None:
        """Write a slip to print for everybody who has work; see ``gigmatch.pages.slips``.

        Parameters
        ----------
        path : str or Path
            Written anew.
        morning : Morning or Columns, optional
            What a loaded assignment was made from.
        **options
            ``lang``, ``paper``.
        """
        from gigmatch.pages import slips

        slips(self, path, morning, **options)

    def call_lists(self, path: str | Path, morning: Morning | Columns | None = None, **options: Any) -> None:
        """Write a list to print for every shift: names and stand-bys; see ``gigmatch.pages.call_lists``.

        Parameters
        ----------
        path : str or Path
            Written anew.
        morning : Morning or Columns, optional
            What a loaded assignment was made from.
        **options
            ``lang``, ``paper``, ``rules``, ``scorers``, ``travel``.
        """
        from gigmatch.pages import call_lists

        call_lists(self, path, morning, **options)

    def save(self, path: str | Path) -> None:
        """Write the assignment to a JSON file in UTF-8; the same answer gives the same bytes.

        Parameters
        ----------
        path : str or Path
            Written anew.
        """
        text = json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        Path(path).write_text(text.replace(',"', ',\n"') + "\n", encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read an assignment that `save` wrote.

        Parameters
        ----------
        path : str or Path
            The file.

        Returns
        -------
        Assignment
            As it was saved; ``gigmatch.check`` verifies it against its morning.

        Raises
        ------
        InvalidFileError
            The file cannot be read, or does not hold an assignment.
        """
        data = read_bytes(path)
        try:
            return cls.from_dict(read_json(data))
        except (ValueError, RecursionError) as error:
            raise InvalidFileError(f"{path}: {error}") from None

    def to_dict(self) -> dict[str, Any]:
        """Everything that is saved, as plain data."""
        return {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "morning_digest": self.morning_digest,
            "currency": self.currency,
            "policy": self.policy,
            "rules": list(self.rules),
            "travel": self.travel,
            "keep": [list(pair) for pair in self.keep],
            "forbid": [list(pair) for pair in self.forbid],
            "scorers": list(self.scorers),
            **{name: list(getattr(self, name)) for name in ("worker_ids", "shift_ids")},
            **{name: getattr(self, name).tolist() for name in _ARRAYS},
            "warnings": [[w.rule, w.sentence, [list(pair) for pair in w.pairs]] for w in self.warnings],
            "baseline": _summary_dict(self.baseline),
            "solution": _solution_dict(self.solution),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The assignment that `to_dict` gave; raises InvalidFileError for anything else."""
        try:
            return cls._restored(data)
        except InvalidFileError:
            raise
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            raise InvalidFileError(f"not a saved assignment ({type(error).__name__}: {error})") from None

    @classmethod
    def _restored(cls, data: Mapping[str, Any]) -> Self:
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise InvalidFileError(f"not a saved assignment: its 'format' is not {FORMAT!r}")
        if data["format_version"] != FORMAT_VERSION:
            raise InvalidFileError(
                f"format_version is {data['format_version']!r}; this gigmatch reads {FORMAT_VERSION}"
            )
        if unknown := set(data) ^ _KEYS:
            raise InvalidFileError(f"not a saved assignment: {sorted(unknown)} missing or unknown")
        arrays: dict[str, Any] = {name: _array(name, data[name], dtype) for name, dtype in _ARRAYS.items()}
        n_placed = int((arrays["shift"] >= 0).sum())
        arrays["points_by_scorer"] = arrays["points_by_scorer"].reshape(n_placed, len(data["scorers"]))
        ids: dict[str, Any] = {k: tuple(map(str, data[k])) for k in ("worker_ids", "shift_ids", "scorers")}
        return cls(
            **arrays,
            **ids,
            keep=_saved_pairs(data["keep"]),
            forbid=_saved_pairs(data["forbid"]),
            warnings=tuple(
                RuleWarning(rule, text, _saved_pairs(pairs)) for rule, text, pairs in data["warnings"]
            ),
            baseline=_summary_from(data["baseline"]),
            solution=_solution_from(data["solution"]),
            policy=dict(data["policy"]),
            rules=tuple(dict(rule) for rule in data["rules"]),
            travel=dict(data["travel"]),
            morning_digest=str(data["morning_digest"]),
            currency=str(data["currency"]),
        )

    @property
    def _filled(self) -> Int64Array:
        return np.bincount(self.shift[self.shift >= 0], minlength=len(self.shift_ids)).astype(np.int64)

    def __str__(self) -> str:
        ours, first_come = (_figures(summary, self.currency) for summary in (self.summary, self.baseline))
        summary = self.summary
        size = {name: _some(getattr(summary, f"{name}s"), name) for name in ("worker", "seat", "shift")}
        lines = ["{worker}, {seat} in {shift}".format(**size)]
        lines.append(f"{'':18}{'gigmatch':>14}{'first come':>14}")
        lines += [f"{name:18} {value:>13} {first_come[name]:>13}" for name, value in ours.items()]
        lines.append(self._proof())
        for warning in self.warnings:
            lines.append(f"warning: {len(warning.pairs):,} placed against {warning.rule}: {warning.sentence}")
        return "\n".join(lines)

    __repr__ = __str__

    def _proof(self) -> str:
        solution = self.solution
        levels = ", ".join(dict.fromkeys(certificate.level for certificate in self.certificates))
        took = "" if self.seconds is None else f" in {self.seconds:.2f} s"
        if solution.status == "optimal":
            return f"proved optimal ({levels}; {solution.solver}){took}"
        if solution.gap == 0 and len(self.certificates) > 1:
            best = " and ".join(certificate.level for certificate in self.certificates)
            missing = f"{best} are best, the lottery is not drawn to the end"
        else:
            points = f"{solution.gap / POINTS_SCALE:,.2f}".removesuffix(".00")
            missing = f"at most {points} point{'' if points == '1' else 's'} below the best"
        return f"not proved optimal: stopped by {solution.stopped}, {missing} ({solution.solver}){took}"


_ARRAYS: dict[str, Any] = {
    "headcount": np.int64,
    "tier": np.int64,
    "shift": np.int32,
    "eligible_shifts": np.int64,
    "eligible_workers": np.int64,
    "points_by_scorer": np.int64,
    "minutes": np.float64,
    "pay_total": np.float64,
}


_KEYS = frozenset(
    {
        *("format", "format_version", "morning_digest", "currency", "policy", "rules", "travel"),
        *("keep", "forbid", "scorers", "worker_ids", "shift_ids", "warnings", "baseline", "solution"),
        *_ARRAYS,
    }
)


def _array(name: str, values: Any, dtype: type[np.generic]) -> Any:
    """The saved list as an array, if it holds such numbers: nothing is rounded, nothing read from text."""
    array = np.asarray(values)
    kinds = "iu" if np.issubdtype(dtype, np.integer) else "iuf"
    if array.size and array.dtype.kind not in kinds:
        raise InvalidFileError(f"not a saved assignment: {name} holds other than {np.dtype(dtype)}")
    return array.astype(dtype)


def summarise(
    shift: Int32Array,
    headcount: Int64Array,
    tier: Int64Array,
    points: Int64Array,
    minutes: Float64Array,
    pay_total: Float64Array,
) -> Summary:
    """Headline figures of the placements of ``shift``; the last three arrays have a row per placement."""
    filled = np.bincount(shift[shift >= 0], minlength=len(headcount))
    placements = len(points)
    return Summary(
        workers=len(shift),
        placements=placements,
        shifts=len(headcount),
        seats=int(headcount.sum()),
        open_shifts=int((filled < headcount).sum()),
        seats_by_tier={
            int(t): (int(filled[tier == t].sum()), int(headcount[tier == t].sum())) for t in np.unique(tier)
        },
        mean_points=int(points.sum()) / POINTS_SCALE / placements if placements else None,
        wages_offered=float(pay_total.sum()),
        median_travel_min=float(np.median(minutes)) if placements else None,
    )


def _figures(summary: Summary, currency: str) -> dict[str, str]:
    share = summary.placements / summary.seats if summary.seats else 0.0
    mean, travel = summary.mean_points, summary.median_travel_min
    return {
        "placements": f"{summary.placements:,}",
        "seats filled": f"{share:.1%}",
        "mean points": "-" if mean is None else f"{mean:.2f}",
        "wages offered": f"{summary.wages_offered:,.0f} {currency}",
        "median travel": "-" if travel is None else _minutes(travel),
        "open shifts": f"{summary.open_shifts:,}",
    }


def _some(n: int, name: str) -> str:
    return f"{n:,} {name}{'' if n == 1 else 's'}"


def _minutes(minutes: float) -> str:
    return "under 1 min" if 0 < minutes < 1 else f"{minutes:.0f} min"


def _saved_pairs(pairs: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(worker), str(shift)) for worker, shift in pairs)


def _summary_dict(summary: Summary) -> dict[str, Any]:
    return asdict(summary) | {"seats_by_tier": [[t, *seats] for t, seats in summary.seats_by_tier.items()]}


def _summary_from(data: Mapping[str, Any]) -> Summary:
    return Summary(
        **{**data, "seats_by_tier": {t: (filled, seats) for t, filled, seats in data["seats_by_tier"]}}
    )


def _solution_dict(solution: Solution) -> dict[str, Any]:
    return {
        **{name: getattr(solution, name) for name in ("value", "bound", "status", "stopped", "solver")},
        "shift": solution.shift.tolist(),
        "certificates": [
            {
                **{name: getattr(certificate, name) for name in ("level", "multiplier", "draw")},
                "multipliers": dict(certificate.multipliers),
                "worker_price": certificate.worker_price.tolist(),
                "shift_price": certificate.shift_price.tolist(),
            }
            for certificate in solution.certificates
        ],
    }


def _solution_from(data: Mapping[str, Any]) -> Solution:
    if "seconds" in data or not isinstance(data["solver"], str):
        raise InvalidFileError("not a saved assignment: a solution has a solver's name, and no seconds")
    certificates = tuple(Certificate(**certificate) for certificate in data["certificates"])
    return Solution(**{**data, "certificates": certificates})
