"""How long the way from a worker to a shift is, in bulk."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from gigmatch.columns import MODES, Columns, Xyz
from gigmatch.core.arrays import Float64Array, IndexArray, freeze
from gigmatch.core.plugins import checked_array, not_built_in, parameters_of, plain_parameters
from gigmatch.errors import InvalidInputError, InvalidPolicyError, PluginError, UnsupportedError
from gigmatch.i18n import Told
from gigmatch.model import Location
from gigmatch.model.datum import cartesian_dm
from gigmatch.pairing.compiled.forms import Straight

__all__ = ["StraightLine", "Travel", "ZoneMatrix", "describe_travel", "minutes_between", "restore_travel"]


@runtime_checkable
class Travel(Protocol):
    """What anything that knows the way must offer; called on blocks, from several threads at once."""

    def minutes(self, columns: Columns, worker: IndexArray, shift: IndexArray) -> Float64Array:
        """Minutes of each pair's way, at least 0, ``inf`` where there is none: float64[k]."""
        ...

    def metres(self, columns: Columns, worker: IndexArray, shift: IndexArray) -> Float64Array:
        """Length of each pair's way in metres, at least 0: float64[k]."""
        ...

    def radius_m(self, columns: Columns, minutes: Float64Array) -> Float64Array | None:
        """A bound an index may prune with: beyond it, as the crow flies, ``minutes`` do not suffice.

        ``minutes[i]`` is worker row i's limit, NaN for none; the answer is in metres, ``inf`` where there is
        no bound: float64[n_workers]. None says that there is no bound for anybody, so nothing is pruned.
        """
        ...


@dataclass(frozen=True)
class StraightLine:
    """Straight line times a detour factor, at a speed per mode, after a fixed time to get going.

    Parameters
    ----------
    detour : float
        Way over straight line, at least 1. Street networks have about 1.3.
    speed_kmh : mapping of mode to float
        Door-to-door speed; above 0.
    start_min : mapping of mode to float
        Minutes before one moves: waiting, unlocking, parking.

    Examples
    --------
    >>> StraightLine(detour=1.2).speed_kmh["walk"]
    4.8
    """

    detour: float = 1.3
    speed_kmh: Mapping[str, float] = field(
        default_factory=lambda: {"walk": 4.8, "cycle": 14.0, "transit": 20.0, "drive": 28.0}
    )
    start_min: Mapping[str, float] = field(
        default_factory=lambda: {"walk": 0.0, "cycle": 2.0, "transit": 10.0, "drive": 5.0}
    )

    def __post_init__(self) -> None:
        _require("detour", self.detour, at_least=1.0)
        for name, least in (("speed_kmh", 0.1), ("start_min", 0.0)):
            table = getattr(self, name)
            if set(table) != set(MODES):
                raise InvalidInputError(
                    "travel_modes_missing", name=name, names=", ".join(MODES), found=sorted(table)
                )
            for mode, value in table.items():
                _require(f"{name}[{mode!r}]", value, at_least=least)

    def minutes(self, columns: Columns, worker: IndexArray, shift: IndexArray) -> Float64Array:
        """Minutes of each pair's way: float64[k]."""
        return self._in_mode(columns, worker, self.metres(columns, worker, shift))

    def _in_mode(self, columns: Columns, worker: IndexArray, metres: Float64Array) -> Float64Array:
        """Minutes that ways of some length take each worker; the array is made use of."""
        mode = columns.workers.mode.take(worker).astype(np.intp)
        metres /= self._metres_per_min.take(mode)
        metres += self._start.take(mode)
        return metres

    def metres(self, columns: Columns, worker: IndexArray, shift: IndexArray) -> Float64Array:
        """Length of each pair's way in metres: float64[k]."""
        return self._metres(columns.workers.xyz_dm, worker, columns.shifts.xyz_dm, shift)

    def minutes_between(
        self, columns: Columns, worker: IndexArray, first: IndexArray, second: IndexArray
    ) -> Float64Array:
        """Minutes of the way from one shift to another, in each worker's mode: float64[k]."""
        places = columns.shifts.xyz_dm
        return self._in_mode(columns, worker, self._metres(places, first, places, second))

    def _metres(self, here: Xyz, start: IndexArray, there: Xyz, end: IndexArray) -> Float64Array:
        square = np.zeros(len(start))
        for axis in range(3):
            step = (here[axis].take(start) - there[axis].take(end)).astype(np.float64)
            step *= step
            square += step
        np.sqrt(square, out=square)
        square *= self.detour / 10
        return square

    def radius_m(self, columns: Columns, minutes: Float64Array) -> Float64Array:
        """Metres as the crow flies that the minutes suffice for: float64[n_workers]."""
        mode = columns.workers.mode
        moving = np.maximum(minutes - self._start[mode], 0)
        radius = moving * self._metres_per_min[mode] / self.detour
        return np.where(np.isnan(minutes), np.inf, radius)

    def _compiled(self, columns: Columns) -> Straight:
        """Say it in arrays."""
        mode = columns.workers.mode
        return Straight(
            here=columns.workers.xyz_dm,
            there=columns.shifts.xyz_dm,
            metres_per_dm=self.detour / 10,
            metres_per_min=self._metres_per_min.take(mode),
            start_min=self._start.take(mode),
        )

    def describe(self) -> dict[str, Any]:
        """What to save so that the same travel can be made again."""
        return {
            "kind": "straight_line",
            "detour": self.detour,
            "speed_kmh": dict(self.speed_kmh),
            "start_min": dict(self.start_min),
        }

    @property
    def _start(self) -> Float64Array:
        return np.array([self.start_min[mode] for mode in MODES])

    @property
    def _metres_per_min(self) -> Float64Array:
        return np.array([self.speed_kmh[mode] * 1000 / 60 for mode in MODES])


class ZoneMatrix:
    """Minutes (and metres) from zone to zone; everybody and everything belongs to the nearest zone.

    Parameters
    ----------
    zones : sequence of Location
        Centre of each zone; at least one.
    minutes : array_like, shape (n_zones, n_zones)
        From zone (row) to zone (column), within a zone on the diagonal; ``inf`` where there is no way.
    metres : array_like, shape (n_zones, n_zones)
        Length of those ways.

    Notes
    -----
    Modes make no difference here. Of equally near zones the first is taken. There is no lower bound by
    distance, so no index prunes with it.
    """

    def __init__(self, zones: Sequence[Location], minutes: ArrayLike, metres: ArrayLike) -> None:
        if not len(zones):
            raise InvalidInputError("zones_empty")
        self._minutes = _square("minutes", minutes, len(zones))
        self._metres = _square("metres", metres, len(zones))
        degrees = np.array([zone.wgs84() for zone in zones])
        self._centres = cartesian_dm(degrees[:, 0], degrees[:, 1]).astype(np.float64)

    def minutes(self, columns: Columns, worker: IndexArray, shift: IndexArray) -> Float64Array:
        """Minutes of each pair's way: float64[k]."""
        return self._minutes[self._of_workers(columns, worker), self._of_shifts(columns, shift)]

    def metres(self, columns: Columns, worker: IndexArray, shift: IndexArray) -> Float64Array:
        """Length of each pair's way in metres: float64[k]."""
        return self._metres[self._of_workers(columns, worker), self._of_shifts(columns, shift)]

    def minutes_between(
        self, columns: Columns, worker: IndexArray, first: IndexArray, second: IndexArray
    ) -> Float64Array:
        """Minutes of the way from one shift to another: float64[k]."""
        return self._minutes[self._of_shifts(columns, first), self._of_shifts(columns, second)]

    def radius_m(self, columns: Columns, minutes: Float64Array) -> None:
        """None: a matrix gives no bound by distance."""
        return

    def describe(self) -> dict[str, Any]:
        """What to save: the digest by which the same matrix is known again."""
        digest = hashlib.sha256()
        for array in (self._centres, self._minutes, self._metres):
            digest.update(array.astype("<f8").tobytes())
        return {"kind": "zone_matrix", "sha256": digest.hexdigest()}

    def _of_workers(self, columns: Columns, rows: IndexArray) -> IndexArray:
        return self._nearest(columns.workers.xyz_dm, rows)

    def _of_shifts(self, columns: Columns, rows: IndexArray) -> IndexArray:
        return self._nearest(columns.shifts.xyz_dm, rows)

    def _nearest(self, xyz_dm: Xyz, rows: IndexArray) -> IndexArray:
        """Nearest zone of each row; every distinct row of the block is looked up once."""
        distinct, back = np.unique(rows, return_inverse=True)
        square = np.zeros((len(distinct), len(self._centres)))
        for axis in range(3):
            square += (xyz_dm[axis][distinct][:, None] - self._centres[:, axis][None, :]) ** 2
        nearest: IndexArray = np.argmin(square, axis=1)[back]
        return nearest


def minutes_between(
    travel: Travel, columns: Columns, worker: IndexArray, first: IndexArray, second: IndexArray
) -> Float64Array:
    """Minutes of the way from one shift to another, 0 within one place: float64[k].

    Raises
    ------
    UnsupportedError
        The travel has no method ``minutes_between``: it knows the ways to shifts alone.
    PluginError
        It returned something other than float64[k], at least 0.
    """
    what, ask = f"{type(travel).__name__}.minutes_between", getattr(travel, "minutes_between", None)
    if ask is None:
        raise UnsupportedError("travel_between", travel=type(travel).__name__)
    away, places = np.zeros(len(worker), dtype=bool), columns.shifts.xyz_dm
    for axis in places:
        away |= axis.take(first) != axis.take(second)
    at, minutes = np.flatnonzero(away), np.zeros(len(worker))
    found = checked_array(what, ask(columns, worker[at], first[at], second[at]), np.float64, len(at))
    if len(at) and not found.min() >= 0:
        raise PluginError("travel_below_zero", what=what, value=found.min())
    minutes[at] = found
    return minutes


def describe_travel(travel: Travel) -> dict[str, Any]:
    """What a saved answer holds of a travel: enough to make a straight line again, or to know one again.

    Of one's own it is what ``describe()`` gives, where there is one; else the name of the class, the
    ``version``, unless it is 1, and the parameters of a dataclass that has any.

    Raises
    ------
    InvalidPolicyError
        It is nothing that can be saved.
    """
    describe = getattr(travel, "describe", None)
    if describe:
        return plain_parameters(type(travel).__name__, dict(describe()))
    told: dict[str, Any] = {"kind": type(travel).__name__}
    if (version := getattr(travel, "version", 1)) != 1:
        told["version"] = version
    if parameters := parameters_of(travel):
        told["parameters"] = parameters
    return told


def restore_travel(data: Mapping[str, Any], own: Travel | None) -> Travel:
    """The travel that `describe_travel` described.

    Raises
    ------
    InvalidPolicyError
        It is not a straight line and was not given, or is not the one described.
    """
    kind = data.get("kind") if isinstance(data, Mapping) else None
    if own is None and kind == "straight_line":
        try:
            return StraightLine(**{k: v for k, v in data.items() if k != "kind"})
        except (TypeError, AttributeError, InvalidInputError) as error:
            raise InvalidPolicyError("not_a_saved_travel", error=error) from None
    if own is None:
        raise not_built_in(Told.of("errors.of_travel", kind=kind), "travel=")
    if describe_travel(own) != data:
        raise InvalidPolicyError("travel_differs")
    return own


def _require(name: str, value: float, at_least: float) -> None:
    if not (isinstance(value, int | float) and at_least <= value < float("inf")):
        raise InvalidInputError("number_too_small", name=name, least=at_least, value=value)


def _square(name: str, values: ArrayLike, n_zones: int) -> Float64Array:
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInputError("no_table_of_numbers", name=name, error=error) from None
    if array.shape != (n_zones, n_zones):
        raise InvalidInputError("wrong_zone_table", name=name, n=n_zones, found=array.shape)
    if np.isnan(array).any() or (array < 0).any():
        at = tuple(int(k) for k in np.argwhere(np.isnan(array) | (array < 0))[0])
        raise InvalidInputError("entry_below_zero", name=name, at=list(at), value=array[at])
    return freeze(array)
