"""Mornings, whole and spoilt; the whole ones are `gigmatch.testing`'s, of which the tests share a pool."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any, get_args

from hypothesis import strategies as st

from gigmatch.model import LimitKind, Morning
from gigmatch.testing.contract import drawn
from gigmatch.testing.strategies import LIMITS, locations, pays, shifts, workers
from gigmatch.testing.strategies import mornings as any_mornings
from tests.conftest import is_nightly

__all__ = ["locations", "mornings", "pays", "raw_mornings", "shifts", "workers"]

assert set(LIMITS) == set(get_args(LimitKind))

JUNK = (None, True, 0, -1, 7, 1.5, 10**30, "", "x", "8:5", "工", "\x00", [], {}, [[]], [None], {"id": []})
NOT_FINITE = (float("nan"), float("inf"), -float("inf"))
FAULTS = st.sampled_from(("replace", "replace", "remove", "double", "rename", "negate"))


POOL = 60


@cache
def mornings(max_workers: int = 8, max_shifts: int = 6, crews: bool = False) -> st.SearchStrategy[Morning]:
    """Any morning under the profile ``nightly``, else one of a pool: drawing costs more than matching."""
    if is_nightly():
        return any_mornings(max_workers, max_shifts, crews)
    if crews:
        return st.deferred(lambda: st.sampled_from(pool(max_workers, max_shifts, crews)))
    return st.deferred(lambda: st.sampled_from([_first(one, max_workers, max_shifts) for one in pool(12, 8)]))


@cache
def pool(max_workers: int, max_shifts: int, crews: bool = False) -> list[Morning]:
    """Mornings that the tests of this process share, the smallest first."""
    return drawn(any_mornings(max_workers, max_shifts, crews), POOL, size_of)


def _first(morning: Morning, workers: int, shifts: int) -> Morning:
    """The morning with the first of its workers and shifts only."""
    return morning.model_copy(
        update={"workers": morning.workers[:workers], "shifts": morning.shifts[:shifts]}
    )


def size_of(morning: Morning) -> int:
    """Workers and shifts, by which the smallest morning that shows a mistake is found."""
    return len(morning.workers) + len(morning.shifts)


@st.composite
def raw_mornings(draw: st.DrawFn) -> dict[str, Any]:
    """A morning as JSON would give it, spoilt in one to three places; now and then still valid."""
    data: dict[str, Any] = json.loads(draw(mornings(3, 3, crews=True)).to_json())
    del data["format"], data["version"]  # what these say is another matter, see tests/core/test_saved.py
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(_places(data)))
        _spoil(draw, holder, key)
    return data


def _places(node: Any) -> list[tuple[Any, Any]]:
    """Every (container, key or index) within a JSON value."""
    keys = list(node) if isinstance(node, dict) else list(range(len(node))) if isinstance(node, list) else []
    return [(node, key) for key in keys] + [place for key in keys for place in _places(node[key])] or [
        ({}, "")
    ]


def _spoil(draw: st.DrawFn, holder: Any, key: Any) -> None:
    """Take out, double, rename or replace one value."""
    fault = draw(FAULTS)
    value = holder.get(key) if isinstance(holder, dict) else holder[key]
    if fault == "remove":
        holder.pop(key, None) if isinstance(holder, dict) else holder.pop(key)
    elif fault == "double" and isinstance(holder, list):
        holder.append(copy.deepcopy(value))
    elif fault == "rename" and isinstance(holder, dict):
        holder[draw(st.sampled_from(("sex", "身份证", "extra", "id")))] = holder.pop(key, None)
    elif fault == "negate" and isinstance(value, int | float):
        holder[key] = -value
    else:
        holder[key] = copy.deepcopy(draw(st.sampled_from((*JUNK, *NOT_FINITE))))
