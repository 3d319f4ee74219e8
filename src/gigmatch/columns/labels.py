"""What people read beside ids: names, titles, addresses, stations, offered pay. Nothing computes with it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gigmatch.core.arrays import Float64Array, IndexArray
from gigmatch.model import Broker, Employer, Morning, Shift, Worker
from gigmatch.model.pay import PAY_UNITS

__all__ = [
    "LabelColumn",
    "Labels",
    "OfferedPay",
    "StationLabels",
    "in_order",
    "labels_of",
    "names_by",
    "names_of",
]


class LabelColumn:
    """A text for each row, empty where there is none.

    Parameters
    ----------
    values : sequence of str, or Arrow array of text
        Kept as it is, so that a million names cost no object each; nothing if no row has a text.

    Examples
    --------
    >>> names = LabelColumn(["Li", ""])
    >>> names[0], names[1], LabelColumn()[7]
    ('Li', '', '')
    """

    __slots__ = ("_values",)

    def __init__(self, values: Any = ()) -> None:
        self._values = values

    def __getitem__(self, row: int) -> str:
        if not len(self._values):
            return ""
        value = self._values[row]
        return (value.as_py() if hasattr(value, "as_py") else value) or ""


_NONE = LabelColumn()


class OfferedPay(NamedTuple):
    """The pay of every shift as its employer offers it."""

    amount: Float64Array
    """For one unit: float64[n_shifts]."""
    unit: NDArray[np.int8]
    """Position in ``PAY_UNITS``: int8[n_shifts]."""


class StationLabels(NamedTuple):
    """The market and its stations, in their order."""

    ids: tuple[str, ...]
    """The market's is the first."""
    names: tuple[str, ...]
    """Empty where there is none."""
    degrees: Float64Array
    """Latitude and longitude in WGS-84: float64[n_stations, 2]."""
    of_worker: IndexArray
    """Where each worker is registered, -1 for nowhere: intp[n_workers]."""


@dataclass(frozen=True, eq=False, repr=False)
class Labels:
    """What people read of every row; rules, scorers and travel never see it."""

    worker_name: LabelColumn = _NONE
    worker_contact: LabelColumn = _NONE
    shift_title: LabelColumn = _NONE
    shift_address: LabelColumn = _NONE
    shift_place: LabelColumn = _NONE
    """What people call the place."""
    shift_crew: LabelColumn = _NONE
    """What people call the crew, else its id; empty for a shift of none."""
    employer_name: LabelColumn = _NONE
    employer_contact: LabelColumn = _NONE
    broker_name: LabelColumn = _NONE
    broker_contact: LabelColumn = _NONE
    broker_licence: LabelColumn = _NONE
    market_name: str = ""
    market_contact: str = ""
    skill_name: Mapping[str, str] = field(default_factory=dict)
    """By code, of the skills that have a name."""
    stations: StationLabels | None = None
    """None where they are not known."""
    offered_pay: OfferedPay | None = None
    """None where only the pay in all is known."""

    @property
    def station_name(self) -> Mapping[str, str]:
        """By id, of the market and the stations that have a name."""
        return {} if self.stations is None else names_by(self.stations.ids, self.stations.names)


def names_by(keys: Iterable[str], names: Iterable[str | None]) -> dict[str, str]:
    """Name by key, of what has one."""
    return {key: name for key, name in zip(keys, names, strict=True) if name}


def in_order(
    morning: Morning,
) -> tuple[list[Worker], list[Shift], list[Employer], list[Broker]]:
    """Workers in order of arrival then id, shifts, employers and brokers in order of id: as rows are."""
    told = morning.clock.minutes(w.arrived_at_min for w in morning.workers if w.arrived_at_min is not None)
    minutes = iter(told.tolist())
    arrived = [math.inf if w.arrived_at_min is None else next(minutes) for w in morning.workers]
    by_arrival = sorted(zip(arrived, morning.workers, strict=True), key=lambda at: (at[0], at[1].id))
    return (
        [worker for _, worker in by_arrival],
        sorted(morning.shifts, key=_id),
        sorted(morning.employers, key=_id),
        sorted(morning.brokers, key=_id),
    )


_id = attrgetter("id")


def names_of(morning: Morning) -> tuple[dict[str, str], dict[str, str]]:
    """Names by code, of a morning's skills and of its market and stations, as far as they have one."""
    skills, stations = morning.skills, (morning.market, *morning.market.stations)
    return (
        names_by((skill.code for skill in skills), (skill.name for skill in skills)),
        names_by((station.id for station in stations), (station.name for station in stations)),
    )


def labels_of(morning: Morning) -> Labels:
    """What people read of a morning's rows, which are those that compiling makes."""
    workers, shifts, employers, brokers = in_order(morning)

    def texts(items: list[Any], path: str) -> LabelColumn:
        values = list(map(attrgetter(path), items))
        return LabelColumn(values if any(values) else ())

    return Labels(
        worker_name=texts(workers, "name"),
        worker_contact=texts(workers, "contact"),
        shift_title=texts(shifts, "title"),
        shift_address=texts(shifts, "address"),
        shift_place=texts(shifts, "location.label"),
        shift_crew=_crews(morning, shifts),
        employer_name=texts(employers, "name"),
        employer_contact=texts(employers, "contact"),
        broker_name=texts(brokers, "name"),
        broker_contact=texts(brokers, "contact"),
        broker_licence=texts(brokers, "licence"),
        market_name=morning.market.name,
        market_contact=morning.market.contact,
        skill_name=names_of(morning)[0],
        stations=_stations(morning, workers),
        offered_pay=OfferedPay(
            np.array([shift.pay.amount for shift in shifts], dtype=np.float64),
            np.array([PAY_UNITS.index(shift.pay.unit) for shift in shifts], dtype=np.int8),
        ),
    )


def _crews(morning: Morning, shifts: list[Shift]) -> LabelColumn:
    name = {crew.id: crew.name or crew.id for crew in morning.crews}
    return LabelColumn([name.get(shift.crew_id or "", "") for shift in shifts] if name else ())


def _stations(morning: Morning, workers: list[Worker]) -> StationLabels:
    stations = (morning.market, *morning.market.stations)
    row = {station.id: at for at, station in enumerate(stations)}
    return StationLabels(
        tuple(row),
        tuple(station.name for station in stations),
        np.array([station.location.wgs84() for station in stations], dtype=np.float64),
        np.array([row.get(worker.station_id or "", -1) for worker in workers], dtype=np.intp),
    )
