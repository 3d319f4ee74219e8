"""Where and when: intervals, locations, the market and its stations."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from gigmatch.model.clock import MOST_TURNED_BACK, SecondTime
from gigmatch.model.cross_rules import BREAK, SPAN, ends_too_soon
from gigmatch.model.datum import Datum, to_wgs84
from gigmatch.model.problems import broken
from gigmatch.model.values import Count, Id, Minute, Model, Text

__all__ = ["Location", "Market", "Period", "Station", "TimeSpan"]


class TimeSpan(Model):
    """A half-open interval of time."""

    start_min: Minute
    """First minute of the clock on the wall, since the morning's midnight."""
    end_min: Minute
    """Minute after the last, likewise; after ``start_min``."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.is_plain and SPAN.broken(self.end_min, self.start_min):
            raise broken(ends_too_soon(self.start_min, self.end_min, "end_min"))
        return self

    @property
    def minutes(self) -> int:
        """Length in minutes of the clock on the wall; what passes on a night of changed clocks differs."""
        return self.end_min - self.start_min

    @property
    def is_plain(self) -> bool:
        """Whether no bound is a second time of the clock: only the morning knows when those are."""
        return not isinstance(self.end_min, SecondTime) and not isinstance(self.start_min, SecondTime)


class Period(TimeSpan):
    """One stretch of a shift, with the unpaid break inside it."""

    break_min: Count = 0
    """Unpaid break within the period, in minutes."""

    @model_validator(mode="after")
    def _works(self) -> Self:
        if self.is_plain and BREAK.broken(self.break_min, self.minutes + MOST_TURNED_BACK):
            raise broken(BREAK.said(rest=self.break_min, length=self.minutes))
        return self


class Location(Model):
    """A point on the map, with the datum its coordinates are in."""

    lat: Annotated[float, Field(strict=True, ge=-90, le=90)]
    """Latitude in degrees."""
    lon: Annotated[float, Field(strict=True, ge=-180, le=180)]
    """Longitude in degrees."""
    datum: Datum
    """What the degrees are in, no default: GPS gives WGS-84, Amap and Tencent GCJ-02, Baidu BD-09."""
    label: Text | None = None
    """A name people know the place by."""

    def wgs84(self) -> tuple[float, float]:
        """Latitude and longitude in WGS-84, in degrees."""
        return to_wgs84(self.lat, self.lon, self.datum)


class Station(Model):
    """A street station that registers workers and posts the same pool of vacancies."""

    id: Id
    """Identifier, unique among stations."""
    name: Text
    """Name people know it by."""
    contact: Text = ""
    """How to reach its desk, such as a telephone number."""
    location: Location
    """Where it is."""
    opening: TimeSpan | None = None
    """Opening hours; unknown if missing."""


class Market(Station):
    """The market hall, with the stations linked to it."""

    stations: tuple[Station, ...] = ()
    """Street stations linked with the market."""
