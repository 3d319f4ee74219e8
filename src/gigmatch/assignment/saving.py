"""An assignment as plain data, and back: what a saved file holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from gigmatch.assignment.choosing import check_saved
from gigmatch.assignment.entries import SoftViolation
from gigmatch.assignment.saving_plans import plan_solution_data, plan_solution_of
from gigmatch.assignment.summary import Summary
from gigmatch.errors import InvalidFileError
from gigmatch.problem import Certificate, Solution
from gigmatch.problem.plans import PlanSolution

if TYPE_CHECKING:
    from gigmatch.assignment.assignment import Assignment

__all__ = [
    "ARRAYS",
    "KEYS",
    "YOUNGER",
    "array_of",
    "fields_of",
    "plain_data",
    "solution_data",
    "solution_of",
    "summary_dict",
    "summary_from",
]

ARRAYS: dict[str, Any] = {
    "headcount": np.int64,
    "tier": np.int64,
    "placed_worker": np.int32,
    "placed_shift": np.int32,
    "eligible_shifts": np.int64,
    "eligible_workers": np.int64,
    "points_by_scorer": np.int64,
    "minutes": np.float64,
    "pay_total": np.float64,
}
KEYS = frozenset(
    {
        *("morning_digest", "currency", "policy", "rules", "travel"),
        *("keep", "forbid", "scorers", "worker_ids", "shift_ids", "warnings", "baseline", "solution"),
        *ARRAYS,
    }
)
YOUNGER: frozenset[str] = frozenset({"mechanism", "succession"})
"""What files of earlier versions do not say."""


def plain_data(assignment: Assignment) -> dict[str, Any]:
    """Turn an assignment into what is saved."""
    return {
        "morning_digest": assignment.morning_digest,
        "currency": assignment.currency,
        "policy": assignment.policy,
        "rules": list(assignment.rules),
        "travel": assignment.travel,
        "mechanism": assignment.mechanism,
        "succession": list(assignment.succession),
        "keep": [list(pair) for pair in assignment.keep],
        "forbid": [list(pair) for pair in assignment.forbid],
        "scorers": list(assignment.scorers),
        **{name: list(getattr(assignment, name)) for name in ("worker_ids", "shift_ids")},
        **{name: getattr(assignment, name).tolist() for name in ARRAYS},
        "warnings": [
            [each.rule, None if each.is_built_in else each.sentence, list(map(list, each.pairs))]
            for each in assignment.warnings
        ],
        "baseline": summary_dict(assignment.baseline),
        "solution": _solution_data(assignment.solution),
    }


def fields_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Read back the fields of an assignment; raises InvalidFileError for what `plain_data` did not make."""
    try:
        return _fields(data)
    except InvalidFileError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise InvalidFileError("not_a_saved_assignment", kind=type(error).__name__, error=error) from None


def _fields(data: Mapping[str, Any]) -> dict[str, Any]:
    if missing := KEYS - data.keys():
        raise InvalidFileError("saved_keys_missing", names=sorted(missing))
    arrays: dict[str, Any] = {name: array_of(name, data[name], dtype) for name, dtype in ARRAYS.items()}
    n_placed = len(arrays["placed_shift"])
    arrays["points_by_scorer"] = arrays["points_by_scorer"].reshape(n_placed, len(data["scorers"]))
    ids: dict[str, Any] = {k: tuple(map(str, data[k])) for k in ("worker_ids", "shift_ids", "scorers")}
    _check_placements(arrays, len(ids["worker_ids"]), len(ids["shift_ids"]))
    return {
        **arrays,
        **ids,
        "keep": _id_pairs(data["keep"]),
        "forbid": _id_pairs(data["forbid"]),
        "warnings": tuple(
            SoftViolation.loaded(rule, text, _id_pairs(pairs)) for rule, text, pairs in data["warnings"]
        ),
        "baseline": summary_from(data["baseline"]),
        "solution": _solution_of(data["solution"]),
        "policy": dict(data["policy"]),
        "rules": tuple(dict(rule) for rule in data["rules"]),
        "travel": dict(data["travel"]),
        "morning_digest": str(data["morning_digest"]),
        "currency": str(data["currency"]),
        **({"mechanism": _mechanism(data["mechanism"])} if "mechanism" in data else {}),
        "succession": tuple(dict(rule) for rule in data.get("succession", ())),
    }


def _check_placements(arrays: Mapping[str, Any], n_workers: int, n_shifts: int) -> None:
    """Rows of workers and shifts that are there, workers ascending, and as many of one as of the other."""
    worker, shift = arrays["placed_worker"], arrays["placed_shift"]
    for name, rows, n in (("placed_worker", worker, n_workers), ("placed_shift", shift, n_shifts)):
        if len(rows) and not 0 <= rows.min() <= rows.max() < n:
            raise InvalidFileError("saved_rows_out_of_range", name=name, n=n - 1)
    if len(worker) != len(shift) or (np.diff(worker) < 0).any():
        raise InvalidFileError("saved_placements_differ")


def array_of(name: str, values: Any, dtype: type[np.generic]) -> Any:
    """The saved list as an array, if it holds such numbers: nothing is rounded, cut or read from text."""
    array = np.asarray(values)
    kinds = {int} if np.issubdtype(dtype, np.integer) else {int, float}
    numbers = chain.from_iterable(values) if array.ndim > 1 else values
    is_read_whole = array.dtype.kind in "iuf" and _fits(array, dtype)
    if array.size and not (is_read_whole and set(map(type, numbers)) <= kinds):
        raise InvalidFileError("saved_array_of_other_type", name=name, kind=np.dtype(dtype))
    return array.astype(dtype)


def _fits(array: Any, dtype: Any) -> bool:
    """Whether integers are no larger than the type holds, which numpy would cut off in silence."""
    if not np.issubdtype(dtype, np.integer):
        return True
    limits = np.iinfo(dtype)
    return not array.size or bool(limits.min <= array.min() and array.max() <= limits.max)


def _id_pairs(pairs: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(worker), str(shift)) for worker, shift in pairs)


def _mechanism(data: Any) -> dict[str, Any]:
    check_saved(data)
    return dict(data)


def summary_dict(summary: Summary) -> dict[str, Any]:
    """Turn headline figures into what is saved."""
    return asdict(summary) | {"seats_by_tier": [[t, *seats] for t, seats in summary.seats_by_tier.items()]}


_COUNTS = ("workers", "placements", "shifts", "seats", "open_shifts")


def summary_from(data: Mapping[str, Any]) -> Summary:
    """Read figures of which every count is a whole number, not True or 1.0, and no tier stands twice."""
    tiers = data["seats_by_tier"]
    summary = Summary(**{**data, "seats_by_tier": {t: (filled, seats) for t, filled, seats in tiers}})
    counts = [*(data[name] for name in _COUNTS), *chain.from_iterable(tiers)]
    if {int} != set(map(type, counts)) or len(summary.seats_by_tier) < len(tiers):
        raise InvalidFileError("saved_array_of_other_type", name="baseline", kind="int64")
    return summary


def _solution_data(solution: Solution | PlanSolution) -> dict[str, Any]:
    if isinstance(solution, PlanSolution):
        return plan_solution_data(solution)
    return solution_data(solution)


def _solution_of(data: Mapping[str, Any]) -> Solution | PlanSolution:
    return plan_solution_of(data) if "claims" in data else solution_of(data)


def solution_data(solution: Solution) -> dict[str, Any]:
    """Turn a solution into what is saved."""
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


def solution_of(data: Mapping[str, Any]) -> Solution:
    """Read back a solution; raises an error of Python's own for what `solution_data` did not make."""
    if "statistics" in data or not isinstance(data["solver"], str):
        raise InvalidFileError("saved_solution_malformed")
    certificates = tuple(Certificate(**certificate) for certificate in data["certificates"])
    return Solution(**{**data, "certificates": certificates})
