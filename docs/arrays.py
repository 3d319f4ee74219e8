"""Every array that a rule or scorer may read, as a page.

What an array holds is its docstring. Its type, its shape and what stands in it where the morning says nothing
are looked up in the columns of a small morning, where some workers and shifts have only what they must have.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

import gigmatch as gm
from gigmatch.columns.columns import (
    HAZARDS,
    MODES,
    SETTLEMENTS,
    STANDINGS,
    Columns,
    HeldCredentials,
    Relation,
    ShiftColumns,
    Spans,
    WorkerColumns,
)
from gigmatch.pairing.pairs import Pairs

UNITS = {
    r"xyz_dm": "decimetres",
    r"(travel_limit|^min|break)_min(utes)?": "minutes",
    r"(periods|free|_min)$": "minutes since midnight",
    r"_years$": "years",
    r"_per_hour$": "currency an hour",
    r"_per_day$": "currency a day",
    r"pay_total": "currency",
    r"hours": "hours",
    r"^days": "days",
    r"capacity|headcount": "seats",
    r"rating": "0 to 5",
    r"punctuality|praise": "0 to 1",
    r"^minutes$": "minutes",
    r"^metres$": "metres",
}
NUMBERS = ("requirement", "first_day", "last_day")
"""Never missing, though two that ask for nothing have the same."""


class Line(NamedTuple):
    """One array."""

    name: str
    kind: str
    unit: str
    missing: str
    about: str


def documents() -> dict[str, str]:
    """The page by its file name."""
    parts = [
        INTRODUCTION.format(
            modes=_listed(MODES),
            settlements=_listed(SETTLEMENTS),
            hazards=_listed(HAZARDS),
            standings=_listed(STANDINGS),
        )
    ]
    for title, about, lines in sections():
        parts += [f"## {title}\n", f"{about}\n", *_table(lines), ""]
    return {"arrays.md": "\n".join(parts)}


def sections() -> list[tuple[str, str, list[Line]]]:
    """Title, introduction and arrays of each section."""
    columns = gm.columns_of(small_morning())
    workers, shifts = _fields("columns.workers.", columns.workers), _fields("columns.shifts.", columns.shifts)
    rest = [
        line
        for line in _fields("columns.", columns)
        if line.name not in ("columns.workers", "columns.shifts")
    ]
    return [
        ("columns.workers", "A row per worker: `columns.workers.rating[pairs.worker]`.", list(workers)),
        ("columns.shifts", "A row per shift: `columns.shifts.pay_total[pairs.shift]`.", list(shifts)),
        (
            "columns",
            "Who and what the rows are, and what is known of employers, brokers and of pairs with them.",
            rest,
        ),
        ("pairs", "A row per pair. A rule or scorer returns as many values.", list(_of_pairs(columns))),
    ]


def small_morning() -> gm.Morning:
    """No two axes have the same length; workers 0 and 1 and shifts 0 and 1 have only what they must."""
    places = [{"lat": 39.9 + at / 100, "lon": 116.2, "datum": "WGS-84"} for at in range(3)]
    pay = [{"amount": 100 + at, "unit": "hour"} for at in range(3)]
    times = [[("08:00", "12:00")], [("09:00", "18:00"), ("33:00", "40:00")], [("08:00", "17:00")]]
    bare = [
        {
            "id": f"shift-{at}",
            "employer_id": f"employer-{at}",
            "location": places[at],
            "pay": pay[at],
            "periods": [{"start_min": start, "end_min": end} for start, end in times[at]],
        }
        for at in range(3)
    ]
    asked = {
        "all_of": [{"skill": f"skill-{at}"} for at in range(4)],
        "broker_id": "broker-6",
        "credentials": [{"kind": "licence"}],
        "attributes": {"floor": 3},
    }
    workers: list[dict[str, Any]] = [{"id": f"worker-{at}", "home": places[at % 3]} for at in range(20)]
    workers[6] |= {"priority_groups": ["first", "second"], "attributes": {"height": 180}}
    companions = [
        {
            "id": f"both-{at}",
            "worker_ids": [f"worker-{2 * at}", f"worker-{2 * at + 1}"],
            "together": ("shift", "crew")[at % 2],
        }
        for at in range(1, 10)
    ]
    return gm.Morning.model_validate(
        {
            "date": "2025-07-19",
            "time_zone": "Asia/Shanghai",
            "currency": "CNY",
            "market": {"id": "hall", "name": "Hall", "location": places[0]},
            "skills": [{"code": f"skill-{at}", "name": "Skill"} for at in range(4)],
            "employers": [{"id": f"employer-{at}"} for at in range(5)],
            "brokers": [{"id": f"broker-{at}"} for at in range(8)],
            "workers": workers,
            "companions": companions,
            "shifts": [*bare[:2], bare[2] | asked],
        }
    )


AXES = {20: "n_workers", 3: "n_shifts", 5: "n_employers", 8: "n_brokers", 4: "n_skills", 2: "n_groups"}
AXES |= {9: "n_companions"}


def _fields(prefix: str, part: Columns | WorkerColumns | ShiftColumns) -> Iterator[Line]:
    for name, about in documented(type(part)).items():
        value = getattr(part, name)
        yield Line(prefix + name, kind_of(value), unit_of(name), missing_in(name, value), about)


def documented(cls: type) -> dict[str, str]:
    """Every field of a class with its docstring, in order."""
    [found] = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    assert isinstance(found, ast.ClassDef)
    after = [*found.body[1:], None]
    return {
        field.target.id: " ".join(text.value.value.split())  # type: ignore[union-attr]
        for field, text in zip(found.body, after, strict=True)
        if isinstance(field, ast.AnnAssign)
    }


def kind_of(value: Any) -> str:
    """Type and shape."""
    match value:
        case np.ndarray():
            shape = ", ".join(AXES[length] for length in value.shape)
            return f"{value.dtype}[{shape}]"
        case Spans():
            return f"spans, {AXES[len(value.counts)]} rows"
        case HeldCredentials():
            return "rows, one a credential"
        case Relation():
            return f"relation, (worker, {AXES[value.n_others].removeprefix('n_').removesuffix('s')})"
        case (np.ndarray(), *_):
            return f"{len(value)} x {kind_of(value[0])}" if len(value) == 3 else f"words, {kind_of(value[0])}"
        case Mapping() if any(isinstance(array, np.ndarray) for array in value.values()):
            return f"by name, {kind_of(next(iter(value.values())))}"
        case tuple() | Mapping():
            return f"{'tuple' if isinstance(value, tuple) else 'mapping'}"
    return type(value).__name__


def unit_of(name: str) -> str:
    """What is counted; nothing for names, flags and codes."""
    return next((unit for pattern, unit in UNITS.items() if re.search(pattern, name)), "")


def missing_in(name: str, value: Any) -> str:
    """What rows 0 and 1 both have, of which nothing is said; nothing where every row has a value."""
    match value:
        case np.ndarray():
            same = name not in NUMBERS and np.array_equal(
                value[0], value[1], equal_nan=value.dtype.kind == "f"
            )
            return _shown(value[0]) if same else ""
        case Spans() if not value.counts[:2].any():
            return "no entry"
        case Spans():
            first, second = (value.nth(np.array([row]), 0) for row in (0, 1))
            return "one from `-FOREVER_MIN` to `FOREVER_MIN`" if first == second else ""
        case Relation() | HeldCredentials():
            return "no entry"
        case (np.ndarray(), *_) if not np.array_equal(value[0][0], value[0][1]):
            return ""
        case (np.ndarray(), *_):
            return _shown(value[0][0])
        case Mapping() if any(isinstance(array, np.ndarray) for array in value.values()):
            return missing_in(name, next(iter(value.values())))
    return ""


def _shown(value: Any) -> str:
    if np.ndim(value):
        [same] = set(np.asarray(value).tolist())
        return _shown(np.asarray(same))
    text = str(value)
    return {"nan": "NaN"}.get(text, text)


def _of_pairs(columns: Columns) -> Iterator[Line]:
    worker, shift = np.indices((columns.n_workers, columns.n_shifts)).reshape(2, -1)
    pairs = Pairs(columns, gm.StraightLine(), worker[:-2], shift[:-2])  # 58, a length of its own
    axes = {58: "n_pairs", 21: "n_workers + 1", 20: "n_runs"}
    rows = {"worker": "Row in `columns.workers`, ascending.", "shift": "Row in `columns.shifts`."}
    properties = {
        name: " ".join(inspect.getdoc(found).partition(": ")[0].split()) + "."  # type: ignore[union-attr]
        for name, found in vars(Pairs).items()
        if not name.startswith("_") and (isinstance(found, property) or hasattr(found, "attrname"))
    }
    for name, about in (rows | properties).items():
        array = getattr(pairs, name)
        axis = axes[len(array)] if name != "runs" else "n_runs + 1"
        yield Line(f"pairs.{name}", f"{array.dtype}[{axis}]", unit_of(name), "", about)


def _table(lines: list[Line]) -> list[str]:
    rows = [(f"`{line.name}`", line.kind, line.unit, line.missing, _plain(line.about)) for line in lines]
    head = [("", "type", "unit", "says nothing", "holds"), ("---",) * 5]
    return [f"| {' | '.join(row)} |" for row in [*head, *rows]]


def _plain(about: str) -> str:
    """As Markdown, without the shape, which has a column of its own."""
    text = re.sub(r"^\w+\[.*?\]: ", "", about).replace("``", "`")
    return text[0].upper() + text[1:]


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"{at} `{name}`" for at, name in enumerate(names))


INTRODUCTION = """# Arrays that rules and scorers read

Generated by `docs/arrays.py`. A rule or scorer is called with `columns`, the whole morning, and `pairs`, some
pairs of it; [how to write one](your-own.md). Every array is read-only. *Says nothing* is what stands where
the morning says nothing; where that column is empty, every row has a value.

- **spans** are intervals laid end to end: row i has `start[indptr[i]:indptr[i + 1]]`, int32, and `end`
  likewise; `counts` says how many each row has, `nth(rows, n)` gives interval n of some rows.
- A **relation** holds a value for a few pairs: `get(pairs.worker, other, default)` is float64, `default`
  where there is no entry, and `has(pairs.worker, other)` says where there is one; `other` is a row, such as
  `columns.shifts.employer[pairs.shift]`.
- **words** are a tuple of arrays with 64 bits to a row each: `(need & ~have) == 0` in every one of them says
  whether everything needed is there.
- **Codes**: `mode` is {modes};
  `settlement` {settlements};
  `employer_standing` and `broker_standing` {standings}.
  Bits of `hazards`: {hazards}.
- Skills have a *rank*: 0 without the skill, 1 for level 5 to 5 for level 1, the highest.
"""
