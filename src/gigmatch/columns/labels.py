"""What people read beside ids: names, contacts, titles and addresses. Nothing computes with it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from gigmatch.model import Broker, Employer, Morning, Shift, Worker

__all__ = ["Labels", "Texts", "in_order", "labels_of"]


class Texts:
    """A text for each row, empty where there is none.

    Parameters
    ----------
    values : sequence of str, or Arrow array of text
        Kept as it is, so that a million names cost no object each; nothing if no row has a text.

    Examples
    --------
    >>> names = Texts(["Li", ""])
    >>> names[0], names[1], Texts()[7]
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


_NONE = Texts()


@dataclass(frozen=True, eq=False, repr=False)
class Labels:
    """What people read of every row; rules, scorers and travel never see it."""

    worker_name: Texts = _NONE
    worker_contact: Texts = _NONE
    shift_title: Texts = _NONE
    shift_address: Texts = _NONE
    shift_place: Texts = _NONE
    """What people call the place."""
    employer_name: Texts = _NONE
    employer_contact: Texts = _NONE
    broker_name: Texts = _NONE
    broker_contact: Texts = _NONE
    broker_licence: Texts = _NONE
    market_name: str = ""
    market_contact: str = ""


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


def labels_of(morning: Morning) -> Labels:
    """What people read of a morning's rows, which are those that compiling makes."""
    workers, shifts, employers, brokers = in_order(morning)

    def texts(items: list[Any], path: str) -> Texts:
        values = list(map(attrgetter(path), items))
        return Texts(values if any(values) else ())

    return Labels(
        worker_name=texts(workers, "name"),
        worker_contact=texts(workers, "contact"),
        shift_title=texts(shifts, "title"),
        shift_address=texts(shifts, "address"),
        shift_place=texts(shifts, "location.label"),
        employer_name=texts(employers, "name"),
        employer_contact=texts(employers, "contact"),
        broker_name=texts(brokers, "name"),
        broker_contact=texts(brokers, "contact"),
        broker_licence=texts(brokers, "licence"),
        market_name=morning.market.name,
        market_contact=morning.market.contact,
    )
