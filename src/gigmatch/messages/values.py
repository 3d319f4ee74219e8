"""Values of a morning's fields as people read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gigmatch import i18n
from gigmatch.evidence.eyes import MEASURES
from gigmatch.i18n.texts import Texts
from gigmatch.messages.fields import FIELDS
from gigmatch.messages.formats import clock, counted, money, number, whole
from gigmatch.messages.names import Names
from gigmatch.model import MINUTES_PER_DAY
from gigmatch.model.clock import SecondTime

__all__ = ["Values"]

_REMEDIES = {
    "validity": "get_renewed",
    "review": "get_reviewed",
    "level": "get_raised",
    "known_level": "get_level_entered",
}
"""What helps, by what a certificate that is held lacks."""
_LACKS = {
    "certificate": "credential_none",
    "validity": "credential_lapsed",
    "review": "credential_overdue",
    "level": "credential_low",
    "known_level": "credential_unknown",
}
_MOST_LISTED = 5
_LOWEST = 5
_TOO_MUCH = 1e15  # to be rounded, and to be true


class Values:
    """Writes values in one language, by the names that a morning has.

    Parameters
    ----------
    texts : Texts
        Of explanations, in the language.
    names : Names
        Of skills and stations.
    """

    def __init__(self, texts: Texts, names: Names) -> None:
        self.texts, self.names = texts, names

    def label(self, field: str) -> str:
        """What a field is called; an unknown one by its own name."""
        if field not in FIELDS:
            return i18n.text("fields.of_own", self.texts.lang, field=field)
        return i18n.text(f"fields.{field}", self.texts.lang)

    def all_of(self, values: Mapping[str, Any]) -> list[str]:
        """Name and value of each; a bound that is not there is left out."""
        return [
            self.texts("colon", name=self._name(name, value), value=self.told(name, value))
            for name, value in values.items()
            if value is not None or name not in FIELDS or name == "minutes"
        ]

    def told(self, field: str, value: Any) -> str:
        """The value of a field, in its unit and rounded; as it is where it is none of a field's values."""
        form = FIELDS.get(field, "")
        if field == "minutes" and value is None:
            return self.texts("not_known")
        if form in ("has", "yes") and isinstance(value, bool):
            return self.texts("yes" if value else "no") if form == "yes" else self._has(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            write = self._numbers.get(form) if abs(value) < _TOO_MUCH else None
            return self._plain(value) if write is None else write(value)
        if isinstance(value, list | tuple):
            return self._several(form, list(value))
        if isinstance(value, dict):
            return self._needed(value)
        if isinstance(value, str):
            return self._text(form, value)
        return self._plain(value)

    def size(self, kind: str, size: float) -> str:
        """How large a change is, rounded up."""
        counted: dict[str | None, Callable[[float], str]] = {
            "money": lambda value: self._money(value, up=True),
            "minutes": self.minutes,
            "levels": lambda value: self.texts.plural("n_levels", int(value)),
            "metres": self._distance,
        }
        return counted.get(MEASURES.get(kind), number)(size)

    def wages(self, amount: float) -> str:
        """Money to the nearest hundredth, in the currency where it is known."""
        return self._in_currency(number(amount))

    def minutes(self, minutes: float) -> str:
        """Whole minutes, up."""
        if 0 < minutes < 1:
            return self.texts("under_a_minute")
        return self.texts.plural("minutes", whole(minutes))

    def skill(self, code: str) -> str:
        """The name of a skill, or its code."""
        return self.names.skills.get(code, code)

    # -- forms ----------------------------------------------------------------------------------------------

    @property
    def _numbers(self) -> dict[str, Callable[[float], str]]:
        return {
            "money": self._money,
            "needed_money": lambda value: self._money(value, up=True),
            "minutes": lambda value: self.texts.plural("minutes", whole(value)),
            "hours": self._hours,
            "years": lambda value: self.texts("years", n=number(value)),
            "moment": lambda value: self._moment(int(value)),
        }

    def _has(self, value: bool) -> str:
        return self.texts("has" if value else "has_not")

    def _money(self, value: float, *, up: bool = False) -> str:
        return self._in_currency(money(value, up=up))

    def _in_currency(self, written: str) -> str:
        code = self.names.currency
        if not code:
            return self.texts("of_no_currency", n=written)
        return self.texts("of_currency", n=written, currency=self.texts.known(f"currencies.{code}", code))

    def _hours(self, value: float) -> str:
        """Whole and half hours as such, others with their minutes."""
        hours, minutes = divmod(round(value * 60), 60)
        if minutes in (0, 30):
            written = f"{hours:,}.5" if minutes else f"{hours:,}"
            return self.texts.plural("hours", counted(written), n=written)
        return self.texts("hours_minutes", hours=f"{hours:,}", minutes=minutes)

    def _distance(self, metres: float) -> str:
        if metres < 1000:
            return self.texts("metres", n=whole(metres))
        return self.texts("km", n=f"{metres / 1000:,.1f}")

    def _several(self, form: str, values: list[Any]) -> str:
        if form == "spans" and all(map(_is_span, values)):
            return self._listed([self._span(*span) for span in values])
        if form == "hazards":
            return self._listed([self._text(form, str(name)) for name in values])
        if form in ("skills", "credentials"):
            return self._listed([self._needed(one) for one in values])
        return self._listed([self._inside(one) for one in values])

    def _text(self, form: str, value: str) -> str:
        if form == "station":
            return self.names.stations.get(value, value)
        kind = {"hazards": "hazards", "standing": "standings"}.get(form)
        return self.texts.known(f"{kind}.{value}", value) if kind else value

    def _span(self, start: int | None, end: int | None) -> str:
        """A span of the morning's day, or of a later one; None for no bound."""
        if start is None or end is None:
            told = "always" if start is None and end is None else "until" if start is None else "from"
            return self.texts(told, start=self._moment(start), end=self._moment(end))
        since, till = self._shown(start), self._shown(end)
        day, last = since // MINUTES_PER_DAY, (till - 1) // MINUTES_PER_DAY
        until = self._clock(till, day) if last == day else self._moment(end)
        return self._on_day(day, self.texts("span", start=self._clock(since, day), end=until))

    def _moment(self, minute: int | None) -> str:
        if minute is None:
            return ""
        time = self._shown(minute)
        day = time // MINUTES_PER_DAY
        return self._on_day(day, self._clock(time, day))

    def _shown(self, minute: int) -> int:
        """What the clock on the wall shows, where it is known."""
        return self.names.clock.shown(minute) if self.names.clock else minute

    def _clock(self, time: int, day: int) -> str:
        """A time of the clock, counted from the midnight of a day."""
        told = clock(time - day * MINUTES_PER_DAY)
        return self.texts("second_time", clock=told) if isinstance(time, SecondTime) else told

    def _on_day(self, day: int, told: str) -> str:
        """With the number of the day, but for the morning's."""
        return self.texts("day", n=day + 1, told=told) if day else told

    def _name(self, name: str, value: Any) -> str:
        """What a value is of: a field, else a skill or a certificate that was asked for."""
        if name in FIELDS:
            return self.label(name)
        if isinstance(value, dict) and "lacks" in value:
            return self._credential(name)
        return self.skill(name) if isinstance(value, dict) else name

    def _credential(self, kind: str) -> str:
        return self.texts.known(f"credentials.{kind}", kind)

    def _needed(self, value: Any) -> str:
        """A skill or a certificate that is asked for, or that it would take; anything else part by part."""
        keys = set(value) if isinstance(value, dict) else set()
        if keys - {"nobody_has"} == {"least_level", "level"}:
            level = "any_" if value["least_level"] == _LOWEST else ""
            told = f"skill_{level}{'not_held' if value['level'] is None else 'held'}"
            return self._asked(value, self.texts(told, least=value["least_level"], level=value["level"]))
        if {"least_level", "valid_on", "lacks"} <= keys and _are_texts(value["lacks"]):
            return self._credential_state(value)
        if keys == {"skill", "level"}:
            return self.texts("skill_at", skill=self.skill(value["skill"]), level=value["level"])
        if keys - {"lacks"} == {"kind", "level", "valid_to"} and _are_texts(value.get("lacks", ())):
            return self._credential_needed(value)
        return self._plain(value)

    def _asked(self, value: Mapping[str, Any], told: str) -> str:
        """What is asked and held, and whether nobody at all has it."""
        if not value.get("nobody_has"):
            return told
        return self.texts("with_more", told=told, more=self.texts("nobody_has_it"))

    def _credential_state(self, value: Mapping[str, Any]) -> str:
        """What is asked of a certificate, and what the one that is held lacks."""
        asked = "credential_asked" if value["least_level"] == _LOWEST else "credential_asked_level"
        found = [
            self.texts(
                _LACKS.get(what, "credential_lacks"),
                level=value.get("level"),
                until=value.get("valid_to"),
                due=value.get("review_due"),
                what=what,
            )
            for what in value["lacks"]
        ] or [self.texts("credential_held")]
        told = self.texts(asked, least=value["least_level"], day=value["valid_on"])
        return self._asked(value, self.texts("with_more", told=told, more=self.texts("list").join(found)))

    def _credential_needed(self, value: Mapping[str, Any]) -> str:
        """What would make good what is lacking; a certificate where there is none."""
        lacks = [what for what in value.get("lacks", ()) if what in _REMEDIES]
        new = "get_certificate_any" if value["level"] == _LOWEST else "get_certificate"
        told = [_REMEDIES[what] for what in lacks] or [new]
        kind = self._credential(value["kind"])
        return self.texts("and").join(
            self.texts(each, kind=kind, level=value["level"], day=value["valid_to"]) for each in told
        )

    # -- anything else --------------------------------------------------------------------------------------

    def _plain(self, value: Any) -> str:
        """A value of somebody's own rule, nested ones in brackets."""
        if value is None or isinstance(value, bool):
            return self.texts("unknown" if value is None else "yes" if value else "no")
        if isinstance(value, float):
            return number(value)
        if isinstance(value, dict):
            parts = [f"{name} {self._inside(part)}" for name, part in value.items()]
            return self.texts("list").join(parts)
        if isinstance(value, list | tuple):
            return self._listed([self._inside(one) for one in value])
        return str(value)

    def _inside(self, value: Any) -> str:
        return f"[{self._plain(value)}]" if isinstance(value, dict | list | tuple) else self._plain(value)

    def _listed(self, parts: list[str]) -> str:
        shown = parts[:_MOST_LISTED]
        if len(parts) > _MOST_LISTED:
            shown.append(self.texts("more", n=f"{len(parts) - _MOST_LISTED:,}"))
        return self.texts("list").join(shown) or self.texts("unknown")


def _are_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)


def _is_span(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and all(end is None or type(end) is int for end in value)
    )
