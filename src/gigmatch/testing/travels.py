"""Whether a travel keeps its contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

import numpy as np
from hypothesis import strategies as st

from gigmatch.columns import Columns
from gigmatch.core.arrays import Float64Array, IndexArray
from gigmatch.core.plugins import checked_array
from gigmatch.errors import GigmatchError, PluginError
from gigmatch.model import Morning
from gigmatch.pairing.travel import Travel, describe_travel, restore_travel
from gigmatch.testing.bulk import Bulk, Example, Values, bulk_clauses, examples_of, shown, smaller
from gigmatch.testing.contract import Clause, hold, refuse

__all__ = ["check_travel"]

_SLACK_M = 1.0
"""What an index allows for rounding."""


def check_travel(travel: Travel, *, on: st.SearchStrategy[Morning] | None = None, examples: int = 60) -> None:
    """Hold a travel of one's own to its contract, on random small mornings.

    Some of their places are around a corner, some on the other side of the Earth. The clauses, in this order:

    1. it has ``minutes``, ``metres`` and ``radius_m``, and its description can be saved;
    2. minutes, and likewise metres, are float64[k], at least 0 and never NaN, deterministic, alike in any
       block and order and from several threads, without state, and without writing into columns or rows;
    3. ``radius_m`` gives None, or float64[n_workers] of at least 0, ``inf`` for workers without a limit;
    4. the bound is true: beyond it, as the crow flies, the minutes do not suffice.

    Parameters
    ----------
    travel : Travel
        Anything that meets the protocol.
    on : strategy of Morning, optional
        Where mornings come from, ``mornings()`` unless given.
    examples : int
        How many mornings.

    Raises
    ------
    AssertionError
        With the first clause that is broken, how, and the smallest morning found that shows it.

    Examples
    --------
    >>> from gigmatch import StraightLine
    >>> check_travel(StraightLine(detour=1.2))
    """
    what = f"travel {type(travel).__name__!r}"
    _check_offers(what, travel)
    clauses = [
        Clause(f"{name}: {clause.sentence}", clause.broken_by)
        for name in ("minutes", "metres")
        for clause in bulk_clauses(travel, partial(_asking, name))
    ]
    clauses += [
        Clause("radius_m is None, or at least 0 for each worker", partial(_no_radius, travel)),
        Clause("radius_m: beyond it the minutes do not suffice", partial(_not_beyond, travel)),
    ]
    hold(what, clauses, examples_of(on, examples), smaller, shown)


def _check_offers(what: str, travel: Travel) -> None:
    if isinstance(travel, type) or not isinstance(travel, Travel):
        refuse(what, "it has minutes, metres and radius_m", f"{travel!r} is no Travel")
    try:
        restore_travel(json.loads(json.dumps(describe_travel(travel), allow_nan=False)), travel)
    except (GigmatchError, TypeError, ValueError) as error:
        refuse(what, "its description can be saved and compared", str(error))


def _asking(name: str, travel: Travel) -> Bulk:
    return partial(_way, travel, name)


def _way(travel: Travel, name: str, columns: Columns, worker: IndexArray, shift: IndexArray) -> Values:
    """Asked directly, not through `Pairs`, whose cached properties let in one thread at a time up to 3.11."""
    values: Values = getattr(travel, name)(columns, worker, shift)
    checked_array(name, values, np.float64, len(worker))
    if len(values) and not values.min() >= 0:
        raise PluginError("travel_below_zero", what=name, value=values.min())
    return values


def _limits(columns: Columns) -> Iterator[Float64Array]:
    """The workers' own limits, none, and some alike for all."""
    yield columns.workers.travel_limit_min
    for minutes in (np.nan, 0.0, 7.5, 45.0, 1440.0):
        yield np.full(columns.n_workers, minutes)


def _radius(travel: Travel, columns: Columns, limits: Float64Array) -> Float64Array | None:
    bound = travel.radius_m(columns, limits)
    if bound is None:
        return None
    radius: Float64Array = checked_array("radius_m", bound, np.float64, columns.n_workers)
    if not (radius >= 0).all():
        raise PluginError("radius_below_zero", what="radius_m", value=radius.min())
    return radius


def _no_radius(travel: Travel, example: Example) -> str | None:
    for limits in _limits(example.columns):
        try:
            radius = _radius(travel, example.columns, limits)
        except PluginError as error:
            return str(error)
        if radius is not None and np.isfinite(radius[np.isnan(limits)]).any():
            return "radius_m gave a bound for a worker without a limit: inf there"
    return None


def _not_beyond(travel: Travel, example: Example) -> str | None:
    """A pair that an index would leave out though its minutes suffice."""
    columns, (worker, shift) = example.columns, example.rows
    minutes, straight = _way(travel, "minutes", columns, worker, shift), _straight_m(columns, worker, shift)
    for limits in _limits(columns):
        radius = _radius(travel, columns, limits)
        if radius is None:
            continue
        at = np.flatnonzero((straight > radius[worker] + _SLACK_M) & ~(minutes > limits[worker]))
        if len(at):
            k = int(at[0])
            return (
                f"{example.named(k)}: {straight[k]:.0f} m away, beyond the {radius[worker[k]]:.0f} m of "
                f"{limits[worker[k]]:g} minutes, but on the way for {minutes[k]:g} only"
            )
    return None


def _straight_m(columns: Columns, worker: IndexArray, shift: IndexArray) -> Float64Array:
    here, there = columns.workers.xyz_dm, columns.shifts.xyz_dm
    steps = [(here[k][worker].astype(np.float64) - there[k][shift]) for k in range(3)]
    straight: Float64Array = np.sqrt(sum(step * step for step in steps)) / 10
    return straight
