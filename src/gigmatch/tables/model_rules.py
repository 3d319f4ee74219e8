"""The rules of `gigmatch.model`, within a part and between parts, held against whole tables at once.

Where a rule concerns a handful of rows, the model itself is asked.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow.compute as pc
from pydantic import ValidationError

from gigmatch.columns.orders import by_row
from gigmatch.core.arrays import BoolArray, Float64Array
from gigmatch.i18n import Told
from gigmatch.model import LegalLimit, Morning
from gigmatch.model.cross_rules import (
    AGES,
    ALONE,
    ASKED_FOR,
    BREAK,
    COMPANIONS,
    FLEXIBLE,
    HEADCOUNT,
    NOWHERE,
    OVERLAP,
    PIECES,
    SPAN,
    TOO_LONG,
    TWO_AGES,
    UNBORN,
    already_there,
    ends_too_soon,
    goes_already,
)
from gigmatch.model.crosscheck import cross_problems
from gigmatch.model.problems import said_by_pydantic, said_of
from gigmatch.model.values import field_for, is_protected, misplaced, protected
from gigmatch.tables.cells import mask_of
from gigmatch.tables.checked import Checked, Problem, attribute_values, plain_rows
from gigmatch.tables.schema import schema

__all__ = ["check_model"]

_OF = {"worker_attributes": "workers", "shift_attributes": "shifts"}


def check_model(found: Checked) -> None:
    """Report every row that breaks a rule of the model; names have been looked up already."""
    _check_morning(found)
    _check_limits(found)
    _check_workers(found)
    _check_shifts(found)
    for name in ("windows", "commitments", "periods"):
        _check_spans(found, name, "start_min", "end_min")
    _check_spans(found, "stations", "opening_start_min", "opening_end_min")
    _check_requests(found)
    _check_companions(found)
    _check_protected(found)
    _check_attributes(found)


def _check_morning(found: Checked) -> None:
    """One row; what the model says of its date, currency and zone."""
    n = found.rows["morning"]
    if n != 1:
        code = "not_one_morning_or_hall" if "morning" in found.provenance else "not_one_morning"
        message = Told.of("errors.sentence", message=Told.of(f"errors.{code}", n=n))
        found.problems.append(Problem("morning", None, "", message))
        return
    told = {name: _first(found, name) for name in ("date", "time_zone", "currency")}
    market = {"id": "market", "name": "", "location": {"lat": 0.0, "lon": 0.0, "datum": "WGS-84"}}
    try:
        Morning.model_validate({**{k: v for k, v in told.items() if v is not None}, "market": market})
    except ValidationError as error:
        for line in error.errors():
            column = str(line["loc"][0])
            if line["type"] != "missing":
                found.add("morning", 0, column, said_of(line))


def _first(found: Checked, column: str) -> Any:
    value = found.values("morning", column)[0]
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else value.astype(dt.date)
    return value.as_py()


def _check_limits(found: Checked) -> None:
    """Legal limits are few: the model itself reads them."""
    if any(problem.table == "limits" for problem in found.problems):
        return
    rows = list(plain_rows(found, "limits"))
    for at, row in enumerate(rows):
        try:
            LegalLimit.model_validate(row)
        except ValidationError as error:
            found.add("limits", at, "", said_by_pydantic(error))
    for line in cross_problems({"jurisdiction": {"limits": rows}}):
        kind: Any = line["type"]
        found.add("limits", int(line["loc"][2]), "valid_from", kind.context["message"])


def _check_spans(found: Checked, table: str, begin: str, end: str) -> None:
    starts, ends = found.values(table, begin), found.values(table, end)

    def backwards(row: int) -> Told:
        since, until = (found.clock.shown(int(bounds[row])) for bounds in (starts, ends))
        return ends_too_soon(since, until, end)

    found.add(table, SPAN.broken(ends, starts), "", backwards)
    if table == "stations":
        together = found.known(table, begin) != found.known(table, end)
        bad = found.cells[table][begin].bad | found.cells[table][end].bad
        found.add(table, together & ~bad, "", Told.of("errors.both_or_neither", begin=begin, end=end))
    if table == "periods":
        length, rest = ends - starts, found.values(table, "break_min")

        def breaks(row: int) -> Told:
            return BREAK.said(rest=int(rest[row]), length=int(length[row]))

        is_told = (length > 0) & np.isfinite(rest)  # of a number that is none something else is said
        found.add(table, BREAK.broken(rest, length) & is_told, "", breaks)


def _check_workers(found: Checked) -> None:
    def known(column: str) -> BoolArray:
        return found.known("workers", column) | found.cells["workers"][column].bad

    lat, lon, datum, label = (known(f"home_{part}") for part in ("lat", "lon", "datum", "label"))
    parted = (lat != lon) | (lat != datum) | (label & ~lat)
    found.add("workers", parted, "", Told.of("errors.home_in_part"))
    nowhere = NOWHERE.broken(~lat, ~known("station_id"))
    found.add("workers", nowhere & ~parted, "", NOWHERE.said())
    two_ages = TWO_AGES.broken(known("birth_date"), known("age_years"))
    found.add("workers", two_ages, "", TWO_AGES.said())
    dates = found.values("morning", "date")
    if len(dates):
        unborn = UNBORN.broken(found.values("workers", "birth_date"), dates[0])
        found.add("workers", unborn, "birth_date", UNBORN.said())


def _check_requests(found: Checked) -> None:
    given = [
        found.known("requests", column) | found.cells["requests"][column].bad
        for column in ("shift_id", "employer_id")
    ]
    found.add("requests", ASKED_FOR.broken(*given), "", ASKED_FOR.said())


def _check_companions(found: Checked) -> None:
    """Two or more, nobody in two groups or twice in one, and everybody for one shift."""
    n, owner = found.rows["companions"], found.owners["companion_members"]
    members = np.bincount(owner[owner >= 0], minlength=n)
    few = COMPANIONS.broken(members) & found.known("companions", "id")
    found.add("companions", few, "", lambda row: COMPANIONS.said(n=int(members[row])))
    worker = found.targets["companion_members", "worker_id"]
    here = np.flatnonzero(worker >= 0)
    row, back = np.unique(worker[here], return_index=True)
    first = np.full(found.rows["workers"] + 1, -1, np.int64)
    first[row] = here[back]
    again = (worker >= 0) & (first[worker] != np.arange(len(worker)))
    names, most = found.values("companion_members", "worker_id"), found.values("workers", "max_shifts")

    def earlier(row: int) -> Told:
        place = found.path("companion_members", int(first[worker[row]]))
        return goes_already(names[row].as_py(), place)

    found.add("companion_members", again, "worker_id", earlier)
    several = ALONE.broken(np.append(most, np.nan)[worker]) & ~again

    def alone(row: int) -> Told:
        return ALONE.said(worker=names[row].as_py(), n=int(most[worker[row]]))

    found.add("companion_members", several, "worker_id", alone)


def _check_shifts(found: Checked) -> None:
    def number(column: str) -> Float64Array:
        values: Float64Array = found.values("shifts", column)
        return values

    fields = found.cells["shifts"]
    flexible = found.values("shifts", "attendance") == 1
    timed = fields["min_minutes"].known | fields["min_minutes"].bad
    piece = schema()["shifts"].column("pay_unit").choices.index("piece")
    counted = fields["pay_expected_pieces"].known | fields["pay_expected_pieces"].bad
    paid = fields["pay_unit"].known
    pieces = PIECES.said(pieces="pay_expected_pieces", unit="pay_unit")
    rules = [
        (HEADCOUNT.broken(number("minimum_headcount"), number("headcount")), HEADCOUNT.said()),
        (AGES.broken(number("min_age_years"), number("max_age_years")), AGES.said()),
        (FLEXIBLE.broken(flexible, timed) & ~fields["attendance"].bad, FLEXIBLE.said()),
        (PIECES.broken(fields["pay_unit"].values == piece, counted) & paid, pieces),
    ]
    for broken, message in rules:
        found.add("shifts", broken, "", message)
    _check_periods(found, flexible)


def _check_periods(found: Checked, flexible: BoolArray) -> None:
    """What a shift's periods say together; of shifts whose periods can all be read."""
    n, owner = found.rows["shifts"], found.owners["periods"]
    starts, ends = found.values("periods", "start_min"), found.values("periods", "end_min")
    work = ends - starts - found.values("periods", "break_min")
    mine = owner >= 0
    counts = np.bincount(owner[mine], minlength=n)
    message = Told.of("errors.no_periods_or_hours" if "shifts" in found.provenance else "errors.no_periods")
    found.add("shifts", (counts == 0) & found.known("shifts", "id"), "", message)
    length = np.bincount(owner[mine], weights=work[mine], minlength=n).astype(np.float64)  # NaN if any is
    least = found.values("shifts", "min_minutes")
    too_long = flexible & TOO_LONG.broken(least, length) & (counts > 0)
    found.add("shifts", too_long, "", TOO_LONG.said())
    order = by_row(owner + 1, starts, ends)
    row, start, end = owner[order], starts[order], ends[order]
    clash = (row[1:] == row[:-1]) & OVERLAP.broken(end[:-1], start[1:]) & (row[1:] >= 0)
    overlapping = np.zeros(n, dtype=bool)
    overlapping[row[1:][clash]] = True
    found.add("shifts", overlapping & ~np.isnan(length), "", OVERLAP.said())


def _check_protected(found: Checked) -> None:
    """Nobody's sex or origin may come in by a side door."""
    for table, column, what in (
        ("worker_groups", "priority_group", "group"),
        ("worker_attributes", "name", "attribute"),
        ("shift_attributes", "name", "attribute"),
    ):
        names = found.values(table, column)
        for name in pc.unique(names).to_pylist():
            if name is not None and is_protected(name):
                found.add(table, mask_of(pc.equal(names, name)), column, protected(what, name))
            elif name is not None and what == "attribute" and field_for(name):
                found.add(table, mask_of(pc.equal(names, name)), column, misplaced(name, _OF[table]))


def _check_attributes(found: Checked) -> None:
    """Values that can be read as their type, each name once for each worker or shift."""
    for table, owner in (("worker_attributes", "worker_id"), ("shift_attributes", "shift_id")):
        first: dict[tuple[Any, Any], int] = {}
        owners, names = found.values(table, owner).to_pylist(), found.values(table, "name").to_pylist()
        for row, key in enumerate(zip(owners, names, strict=True)):
            if None not in key and first.setdefault(key, row) != row:
                found.add(table, row, "name", already_there(found.path(table, first[key], "name"), "name"))
        values = attribute_values(found, table)
        broken = np.array([isinstance(value, ValueError) for value in values], dtype=bool)
        found.add(table, broken, "value", lambda row, values=values: values[row].args[0])  # type: ignore[misc]
