"""The kinds of value that fields hold, and what every model has in common."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import lru_cache, partial
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)

from gigmatch.i18n import Told
from gigmatch.model.clock import SecondTime, clock_minute
from gigmatch.model.problems import broken, broken_rules

__all__ = [
    "BLANKS",
    "PROTECTED_ATTRIBUTES",
    "Count",
    "Currency",
    "Day",
    "DayHours",
    "Flag",
    "Group",
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
    "ShiftAttributes",
    "Standing",
    "Text",
    "WorkerAttributes",
    "Years",
    "field_for",
    "is_protected",
    "misplaced",
    "protected",
    "read_day",
    "tidy_id",
]

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
        *("sex", "sexes", "gender", "genders", "female", "females", "male", "males"),
        *("woman", "women", "man", "men", "girl", "girls", "boy", "boys"),
        *("ethnicity", "ethnicities", "ethnic", "ethnicgroup", "minority", "minorities"),
        *("race", "races", "racial", "nationality", "nationalities", "religion", "religions", "religious"),
        *("hukou", "idcard", "identitycard", "deposit", "deposits"),
        *("idnumber", "identitynumber", "identityno", "nationalid", "passport", "passportnumber", "ssn"),
        *("性别", "性別", "男", "女", "民族", "少数民族", "种族", "種族", "国籍", "國籍", "宗教"),
        *("户籍", "户口", "身份证", "身份证号", "证件号", "护照", "押金"),
    }
)
# Who somebody is has fields of its own, which no rule or scorer sees; attributes are seen.
_FIELDS = {
    **dict.fromkeys(("name", "fullname", "姓名", "名字"), "name"),
    **dict.fromkeys(("contact", "phone", "telephone", "mobile"), "contact"),
    **dict.fromkeys(("phonenumber", "联系方式", "联系电话", "电话", "手机", "手机号"), "contact"),
}
_PROTECTED_CHINESE = tuple(word for word in PROTECTED_ATTRIBUTES if not word.isascii())
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W\d_\u4e00-\u9fff]+")  # Chinese does not divide its words, so it is no part of one

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CURRENCY = re.compile("[A-Z]{3}")
_ID = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,200}")


def read_day(value: Any) -> dt.date:
    """A date, or its ISO text; pydantic alone would read numbers as seconds since 1970."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise broken(Told.of("errors.no_date"))
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise broken(Told.of("errors.no_day_of_calendar")) from None


def _clock_to_minutes(value: Any) -> Any:
    """Read ``"HH:MM"``, or ``"-HH:MM"``, as minutes; leave everything else to the integer check."""
    if not isinstance(value, str):
        return value
    hours, colon, minutes = value.removeprefix("-").partition(":")
    if not (colon and hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit()):
        raise broken(Told.of("errors.no_time"))
    if len(minutes) != 2 or int(minutes) > 59:
        raise broken(Told.of("errors.no_minutes_of_hour"))
    since = int(hours[:6]) * 60 + int(minutes)
    return -since if value.startswith("-") else since


def _minute(value: Any, handler: ValidatorFunctionWrapHandler) -> int:
    """Read a time of the clock; the second one of that name stays so."""
    text, again = clock_minute(value) if isinstance(value, str) else (value, isinstance(value, SecondTime))
    minute: int = handler(text)
    return SecondTime(minute) if again else minute


def _written(minute: int) -> int | str:
    return str(minute) if isinstance(minute, SecondTime) else minute


BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + (
    "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
"""What nobody sees at the end of a name: blanks of every width, and marks without any."""


def tidy_id(value: str) -> str:
    """An id without blanks around it, every letter written in one way (NFC)."""
    return unicodedata.normalize("NFC", value.strip(BLANKS))


def _check_id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise broken(Told.of("errors.no_id"))
    if (tidy := tidy_id(value)) != value:
        told = Told.of("errors.id_not_tidy", tidy=tidy) if tidy else Told.of("errors.no_id")
        raise broken(told)
    return value


def _check_text(value: str) -> str:
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise broken(Told.of("errors.half_a_character"))
    return value


def _check_currency(value: str) -> str:
    if not _CURRENCY.fullmatch(value):
        raise broken(Told.of("errors.no_currency"))
    return value


@lru_cache(4096)
def is_protected(name: str) -> bool:
    """Whether a name has a protected word in it: ``sex_code`` and ``isFemale``, but not ``manual``."""
    name = unicodedata.normalize("NFKC", name)
    if any(word in name for word in _PROTECTED_CHINESE):
        return True
    words = _WORD.findall(_CAMEL.sub(" ", name).casefold())
    # Joined as well, for what is written as one word or as two: id_card, idCard, "worker id card".
    ends = range(1, len(words) + 1)
    return any("".join(words[first:end]) in PROTECTED_ATTRIBUTES for end in ends for first in range(end))


def field_for(name: str) -> str | None:
    """The field for what an attribute of this name would tell: who somebody is; None for any other."""
    plain = unicodedata.normalize("NFKC", name).casefold().translate({ord(mark): None for mark in " _-"})
    return _FIELDS.get(plain)


def _no_protected(attributes: dict[str, Any], of: str) -> dict[str, Any]:
    rules = [(is_protected(key), partial(protected, "attribute", key)) for key in attributes]
    rules += [(field_for(key) is not None, partial(misplaced, key, of)) for key in attributes]
    broken_rules(rules)
    return attributes


def _no_protected_group(group: str) -> str:
    broken_rules([(is_protected(group), partial(protected, "group", group))])
    return group


def protected(what: str, name: str) -> Told:
    """Return what is said of a protected name."""
    return Told.of("errors.protected", what=Told.of(f"words.{what}"), name=name)


def misplaced(name: str, of: str) -> Told:
    """Return what is said of an attribute, of ``workers`` or ``shifts``, that tells who somebody is."""
    field = field_for(name)
    if of == "workers":
        return Told.of("errors.attribute_tells_who", name=name, field=field)
    if field == "name":
        return Told.of("errors.attribute_is_title", name=name)
    return Told.of("errors.attribute_is_employers", name=name, field=field)


# What pydantic cannot tell from a validator in Python, told to whoever reads the JSON schema.
_ID_SCHEMA = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[^\x00-\x1f\x7f-\x9f]+$"}
_CURRENCY_SCHEMA = {"type": "string", "pattern": "^[A-Z]{3}$"}
_MINUTE_SCHEMA = {
    "anyOf": [
        {"type": "integer", "minimum": -20_160, "maximum": 600_000},
        {"type": "string", "pattern": r"^-?\d+:[0-5]\dB?$"},
    ]
}

Id = Annotated[str, AfterValidator(_check_id), WithJsonSchema(_ID_SCHEMA)]
Text = Annotated[str, AfterValidator(_check_text)]
Currency = Annotated[str, AfterValidator(_check_currency), WithJsonSchema(_CURRENCY_SCHEMA)]
Group = Annotated[Id, AfterValidator(_no_protected_group)]
Day = Annotated[dt.date, BeforeValidator(read_day)]
Minute = Annotated[
    int,
    BeforeValidator(_clock_to_minutes),
    Field(strict=True, ge=-20_160, le=600_000),
    WrapValidator(_minute),
    PlainSerializer(_written, when_used="json"),
    WithJsonSchema(_MINUTE_SCHEMA),
]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Level = Annotated[int, Field(strict=True, ge=1, le=5)]
Years = Annotated[int, Field(strict=True, ge=0, le=130)]
Money = Annotated[float, Field(strict=True, ge=0, le=1e9)]
DayHours = Annotated[float, Field(strict=True, gt=0, le=24)]
Hours = Annotated[float, Field(strict=True, ge=0, le=24 * 366)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Flag = Annotated[bool, Field(strict=True)]
_Free = dict[Id, Text | Flag | Annotated[int, Field(strict=True)] | Annotated[float, Field(strict=True)]]
WorkerAttributes = Annotated[_Free, AfterValidator(partial(_no_protected, of="workers"))]
ShiftAttributes = Annotated[_Free, AfterValidator(partial(_no_protected, of="shifts"))]


class Model(BaseModel):
    """Frozen, closed and finite: what every part of a morning is."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        validate_default=False,
    )
