"""Data of a morning that rules look at and changes alter, and how their values are written."""

from __future__ import annotations

from typing import Literal

__all__ = ["FIELDS", "Form"]

Form = Literal[
    "money",  # to whole hundredths, down: what is paid, and a floor that must lie below it
    "needed_money",  # up: what it takes
    "minutes",  # whole, up: a way that is longer than a limit must not look as if it met it
    "hours",
    "years",
    "yes",
    "has",
    "moment",
    "spans",
    "skills",
    "credentials",
    "hazards",
    "standing",
    "station",
    "text",
]

FIELDS: dict[str, Form] = {
    "pay_per_hour": "money",
    "pay_per_day": "money",
    "pay_floor_per_hour": "money",
    "pay_floor_per_day": "money",
    "pay_total": "needed_money",
    "minimum_wage_per_hour": "needed_money",
    "minimum_wage_per_hour_part_time": "needed_money",
    "minutes": "minutes",
    "most_minutes": "minutes",
    "travel_limit_min": "minutes",
    "free_minutes": "minutes",
    "min_minutes": "minutes",
    "age_years": "years",
    "min_age_years": "years",
    "max_age_years": "years",
    "minimum_age_years": "years",
    "youth_age_years": "years",
    "over_age_years": "years",
    "arrived_at_min": "moment",
    "start_min": "moment",
    "rest_hours": "hours",
    "min_rest_hours": "hours",
    "longest_day_hours": "hours",
    "max_hours_per_day": "hours",
    "hours_today": "hours",
    "max_hours_today": "hours",
    "hours_worked": "hours",
    "shift_hours": "hours",
    "max_hours_per_week": "hours",
    "max_hours_per_week_per_employer": "hours",
    "hazards": "hazards",
    "covered": "has",
    "insurance_required": "yes",
    "market_insurance": "has",
    "shift_insurance": "has",
    "worker_insured": "has",
    "insured": "has",
    "insurance": "has",
    "employer_id": "text",
    "broker_id": "text",
    "licensed": "has",
    "standing": "standing",
    "by_worker": "yes",
    "by_employer": "yes",
    "by_broker": "yes",
    "periods": "spans",
    "free": "spans",
    "skills": "skills",
    "credentials": "credentials",
    "station_id": "station",
}
