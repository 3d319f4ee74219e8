"""The rows of a city as tables: what was drawn as a number, by its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns import HAZARDS, MODES, SETTLEMENTS, STANDINGS, Links, Places, Rows
from gigmatch.model.datum import DATUMS
from gigmatch.model.pay import PAY_UNITS

__all__ = ["tables_of"]

Table = dict[str, Any]
_HALL = "hall"
_SOURCE = "middle of the city's day rates over nine hours"


def tables_of(rows: Rows, hall: tuple[float, float]) -> dict[str, Table]:
    """Every table that has rows, in their order; people set out from home, the hall stands at a point."""
    tables = {
        "stations": _hall(hall),
        "morning": _morning(rows),
        "limits": _limits(rows),
        "skills": {"code": rows.skill_codes, "name": rows.skill_codes},
        "reference_wages": _wages(rows),
        "employers": {
            "id": rows.employer_ids,
            "standing": _named(STANDINGS, rows.employer_standing),
            "payment_punctuality": rows.employer_punctuality,
        },
        "brokers": _brokers(rows),
        "broker_refusals": _linked(rows.refused_by_broker, rows, "broker_id", rows.broker_ids),
        "workers": _workers(rows),
        "shifts": _shifts(rows),
        **_of_workers(rows),
        **_of_shifts(rows),
    }
    return {name: table for name, table in tables.items() if len(next(iter(table.values())))}


def _named(names: Sequence[str | bool], codes: NDArray[np.integer]) -> NDArray[np.object_]:
    """The name of each code, None for -1."""
    found: NDArray[np.object_] = np.array([*names, None], dtype=object)[codes]
    return found


def _hall(at: tuple[float, float]) -> Table:
    lat, lon = at
    return {"id": [_HALL], "name": ["Market hall"], "lat": [lat], "lon": [lon], "datum": ["WGS-84"]}


def _morning(rows: Rows) -> Table:
    return {
        "date": [rows.date],
        "time_zone": ["Asia/Shanghai"],
        "currency": [rows.currency],
        "market_id": [_HALL],
        "market_insurance": [rows.market_insurance],
        "jurisdiction": ["Beijing"],
    }


def _limits(rows: Rows) -> Table:
    names = ("kind", "value", "valid_from", "valid_to", "source", "severity")
    return {name: [getattr(limit, name) for limit in rows.limits] for name in names}


def _wages(rows: Rows) -> Table:
    n = len(rows.skill_codes)
    return {
        "skill": rows.skill_codes,
        "per_hour": rows.wages,
        "as_of": [rows.date] * n,
        "source": [_SOURCE] * n,
    }


def _brokers(rows: Rows) -> Table:
    licensed = zip(rows.broker_ids, rows.broker_licensed.tolist(), strict=True)
    return {
        "id": rows.broker_ids,
        "licence": [f"licence of {name}" if known else None for name, known in licensed],
        "standing": _named(STANDINGS, rows.broker_standing),
    }


def _workers(rows: Rows) -> Table:
    workers, plain = rows.workers, rows.workers.plain
    return {
        "id": workers.ids(),
        **{f"home_{part}": values for part, values in _places(workers.places).items()},
        "age_years": workers.age_years,
        "pay_floor_per_hour": plain["floor_per_hour"],
        "pay_floor_per_day": plain["floor_per_day"],
        "wanted_settlement": _named(SETTLEMENTS, plain["settlement"]),
        "travel_limit_min": plain["travel_limit_min"],
        "travel_mode": _named(MODES, plain["mode"]),
        "insured": plain["insured"],
        "insurance_required": plain["insurance_required"],
        "last_shift_end_min": plain["last_shift_end_min"],
        "hours_this_week": workers.hours_this_week,
        "days_since_last_placement": plain["days_waiting"],
        "rating": plain["rating"],
    }


def _places(places: Places) -> Table:
    return {"lat": places.lat, "lon": places.lon, "datum": _named(DATUMS, places.datum)}


def _of_workers(rows: Rows) -> dict[str, Table]:
    workers, ids = rows.workers, rows.workers.ids()
    held, credentials, free = workers.skills, workers.credentials, workers.windows
    past = _linked(rows.past, rows, "employer_id", rows.employer_ids)
    praise = np.array([0, 1, -1])[rows.past.value.astype(np.int64)]
    return {
        "worker_skills": {
            "worker_id": _named(ids, held.row),
            "skill": _named(rows.skill_codes, held.what),
            "level": held.level,
        },
        "credentials": {
            "worker_id": _named(ids, credentials.row),
            "kind": _named(rows.kinds, credentials.what),
        },
        "windows": {"worker_id": _named(ids, free.row), "start_min": free.start, "end_min": free.end},
        "employer_hours": _linked(rows.hours, rows, "employer_id", rows.employer_ids)
        | {"hours": rows.hours.value},
        "past_employers": past | {"praise": _named((False, True), praise)},
        "worker_groups": {
            "worker_id": _named(ids, workers.group_row),
            "priority_group": _named(workers.group_names, workers.group),
        },
        "worker_refusals": _linked(rows.refused_by_worker, rows, "employer_id", rows.employer_ids),
        "worker_preferences": _linked(rows.preferred, rows, "employer_id", rows.employer_ids),
    }


def _linked(links: Links, rows: Rows, other: str, others: Sequence[str]) -> Table:
    return {"worker_id": _named(rows.workers.ids(), links.worker), other: _named(others, links.other)}


def _shifts(rows: Rows) -> Table:
    shifts, plain = rows.shifts, rows.shifts.plain
    return {
        "id": shifts.ids(),
        "employer_id": _named(rows.employer_ids, plain["employer"]),
        "broker_id": _named(rows.broker_ids, plain["broker"]),
        **_places(shifts.places),
        "headcount": plain["capacity"],
        "pay_amount": shifts.pay_amount,
        "pay_unit": _named(PAY_UNITS, shifts.pay_unit),
        "settlement": _named(SETTLEMENTS, plain["settlement"]),
        "insurance": plain["insured"],
        "outdoor": plain["outdoor"] == 1,
        "min_age_years": plain["min_age_years"],
        "max_age_years": plain["max_age_years"],
        "priority_tier": plain["tier"],
    }


def _of_shifts(rows: Rows) -> dict[str, Table]:
    shifts, ids = rows.shifts, rows.shifts.ids()
    periods, asked, credentials = shifts.periods, shifts.all_of, shifts.credentials
    return {
        "periods": {
            "shift_id": _named(ids, periods.row),
            "start_min": periods.start,
            "end_min": periods.end,
            "break_min": shifts.break_min,
        },
        "shift_skills": {
            "shift_id": _named(ids, asked.row),
            "skill": _named(rows.skill_codes, asked.what),
            "least_level": asked.level,
        },
        "shift_credentials": {
            "shift_id": _named(ids, credentials.row),
            "kind": _named(rows.kinds, credentials.what),
        },
        "shift_hazards": {
            "shift_id": _named(ids, shifts.hazard_row),
            "hazard": _named(HAZARDS, shifts.hazard),
        },
    }
