"""Compiling ahead what goes through pairs, by doing it once on a small morning."""

from __future__ import annotations

import datetime as dt

import numpy as np

import gigmatch.pairing.compiled.kernels
import gigmatch.problem.loops  # noqa: F401  (what is loaded is used, however small the morning)
from gigmatch.columns import columns_of
from gigmatch.model import Employer, Location, Market, Morning, Pay, Period, Shift, Worker
from gigmatch.pairing.candidates import Candidates
from gigmatch.pairing.eligible import eligible_pairs
from gigmatch.pairing.policy import DEFAULT_POLICY
from gigmatch.pairing.rules import DEFAULT_RULES
from gigmatch.pairing.travel import StraightLine

__all__ = ["smallest_morning", "warmup"]


def smallest_morning(workers: int = 1) -> Morning:
    """Return a morning of one shift and so many workers who can take it."""
    here = Location(lat=39.9, lon=116.4, datum="WGS-84")
    shift = Shift(
        id="shift",
        employer_id="employer",
        location=here,
        periods=(Period(start_min="08:00", end_min="16:00"),),
        pay=Pay(amount=200, unit="day"),
    )
    return Morning(
        date=dt.date(2025, 1, 1),
        time_zone="Asia/Shanghai",
        currency="CNY",
        market=Market(id="market", name="market", location=here),
        employers=(Employer(id="employer"),),
        shifts=(shift,),
        workers=tuple(Worker(id=f"worker {k}", home=here) for k in range(workers)),
    )


def warmup() -> None:
    """Call every kernel once."""
    candidates = Candidates.prepare(columns_of(smallest_morning()), DEFAULT_RULES, StraightLine())
    eligible_pairs(candidates, DEFAULT_POLICY, np.empty((0, 2), np.int64))
