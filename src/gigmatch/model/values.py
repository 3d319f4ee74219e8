"""The kinds of value that fields hold, and what every model has in common."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

__all__ = [
    "MINUTES_PER_DAY",
    "PROTECTED_ATTRIBUTES",
    "Attributes",
    "Count",
    "Flag",
    "Hazard",
    "Hours",
    "Id",
    "Level",
    "LimitKind",
    "Minute",
    "Mode",
    "Model",
    "Money",
    "PayUnit",
    "Settlement",
    "Share",
    "Standing",
    "Years",
]

MINUTES_PER_DAY = 1440

Mode = Literal["walk", "cycle", "transit", "drive"]
Settlement = Literal["same_day", "weekly", "monthly", "on_completion"]
Standing = Literal["ok", "arrears", "suspended"]
PayUnit = Literal["hour", "day", "shift", "piece", "month"]
Hazard = Literal[
    "heavy", "height", "heat", "cold", "electrical", "chemical", "confined", "machinery", "night"
]
LimitKind = Literal[
    "minimum_wage_per_hour",
    "minimum_wage_per_hour_part_time",
    "minimum_age_years",
    "youth_age_years",
    "over_age_years",
    "max_hours_per_day",
    "min_rest_hours",
    "max_hours_per_week",
    "max_hours_per_week_per_employer",
    "paid_days_per_month",
]

# Never modelled: nothing in gigmatch may score or filter on these, so they may not come in by a side door.
PROTECTED_ATTRIBUTES = frozenset(
    {
        *("sex", "gender", "ethnicity", "ethnic", "ethnicgroup", "race", "nationality", "religion"),
        *(
            "idcard",
            "identitycard",
            "deposit",
            "性别",
            "民族",
            "种族",
            "国籍",
            "宗教",
            "身份证",
            "身份证号",
            "押金",
        ),
    }
)


def _clock_to_minutes(value: Any) -> Any:
    """Read ``"HH:MM"`` as minutes; leave everything else to the integer check."""
    if not isinstance(value, str):
        return value
    hours, colon, minutes = value.partition(":")
    if not (colon and hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()):
        raise PydanticCustomError("clock", 'a time is whole minutes or "HH:MM", as in "08:30"')
    if len(minutes) != 2 or int(minutes) > 59:
        raise PydanticCustomError("clock", 'the minutes of "HH:MM" run from 00 to 59')
    return int(hours[:6]) * 60 + int(minutes)


def _no_protected(attributes: dict[str, Any]) -> dict[str, Any]:
    for key in attributes:
        if "".join(ch for ch in key.casefold() if ch.isalnum()) in PROTECTED_ATTRIBUTES:
            message = (
                "attribute '{key}' is protected: gigmatch neither scores nor filters on it, leave it out"
            )
            raise PydanticCustomError("protected", message, {"key": key})
    return attributes


Id = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Minute = Annotated[int, BeforeValidator(_clock_to_minutes), Field(strict=True, ge=-20_160, le=600_000)]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Level = Annotated[int, Field(strict=True, ge=1, le=5)]
Years = Annotated[int, Field(strict=True, ge=0, le=130)]
Money = Annotated[float, Field(strict=True, ge=0, le=1e9)]
Hours = Annotated[float, Field(strict=True, ge=0, le=24 * 366)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Flag = Annotated[bool, Field(strict=True)]
Attributes = Annotated[
    dict[Id, str | Flag | Annotated[int, Field(strict=True)] | Annotated[float, Field(strict=True)]],
    AfterValidator(_no_protected),
]


class Model(BaseModel):
    """Frozen, closed and finite: what every part of a morning is."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        validate_default=False,
    )
