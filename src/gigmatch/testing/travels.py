"""Whether a travel keeps its contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

import numpy as np
from hypothesis import strategies as st

from gigmatch.columns import Columns
from gigmatch.core import kernels
from gigmatch.core.arrays import Float64Array, IndexArray
from gigmatch.core.plugins import checked_array
from gigmatch.errors import GigmatchError, PluginError
from gigmatch.model import Morning
from gigmatch.pairing.compiled.forms import Straight, form_of
from gigmatch.pairing.compiled.scores import WaysLoop
from gigmatch.pairing.travel import Travel, describe_travel, restore_travel
from gigmatch.testing.bulk import Bulk, Example, Values, bulk_clauses, examples_of, pairs_of, shown, smaller
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
    4. the bound is true: beyond it, as the crow flies, the minutes do not suffice;
    5. its compiled form, if it has one, gives the same minutes, and the same pairs within reach.

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
        Clause("its compiled form gives the same minutes", partial(_gone_otherwise, travel)),
        Clause("its compiled form has the same pairs within reach", partial(_reached_otherwise, travel)),
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
    minutes, straight = _way(travel, "minutes", columns, worker, shift), np.sqrt(_square_dm(example)) / 10
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


def _gone_otherwise(travel: Travel, example: Example) -> str | None:
    loop = WaysLoop.of(travel, example.columns) if kernels.is_available() else None
    if loop is None:
        return None
    plain = _way(travel, "minutes", example.columns, *example.rows)
    compiled = loop(pairs_of(example.columns, *example.rows))
    at = np.flatnonzero(plain != compiled)
    if not len(at):
        return None
    return f"{example.named(int(at[0]))}: {plain[at[0]]} minutes, but {compiled[at[0]]} by its compiled form"


def _reached_otherwise(travel: Travel, example: Example) -> str | None:
    """A pair on another side of a limit that is just what some way takes, or just below."""
    straight: Straight | None = form_of(travel, example.columns)
    if straight is None:
        return None
    worker, shift = example.rows
    minutes, square = _way(travel, "minutes", example.columns, worker, shift), _square_dm(example)
    for ways in example.table(minutes).T:
        for limits in (ways, np.nextafter(ways, -np.inf)):
            at = np.flatnonzero((minutes <= limits[worker]) != (square <= straight.reach(limits)[worker]))
            if len(at):
                k = int(at[0])
                return f"{example.named(k)}: {minutes[k]} minutes of {limits[worker[k]]}, but not by its form"
    return None


def _square_dm(example: Example) -> Float64Array:
    """The squares of distances as a travel rounds them."""
    here, there = example.columns.workers.xyz_dm, example.columns.shifts.xyz_dm
    square = np.zeros(len(example.rows[0]))
    for from_axis, to_axis in zip(here, there, strict=True):
        square += (from_axis[example.rows[0]].astype(np.float64) - to_axis[example.rows[1]]) ** 2
    return square
