"""Whether less would do: every change of a kind below a size is made, whatever rules say of it.

An explainer goes by the changes that refusing rules name. Here none is asked: the largest change below the
size that was told, or the largest there is where none was told, is made for everybody at once, and all rules
are run again. The library's rules refuse nobody who has more skill, a better certificate, a lower floor, a
wider reach or higher pay, so what the largest change does not open, no smaller one does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np

from gigmatch.assignment.instance import Instance
from gigmatch.columns import RANKS
from gigmatch.core.arrays import BoolArray, Int64Array
from gigmatch.evidence.counterfactuals import SHIFT_KINDS, WORKER_KINDS, Kind
from gigmatch.evidence.lessons import Held, given_bits
from gigmatch.evidence.recourse import is_built_in, made_to_worker, passing
from gigmatch.model import Morning, Pay, Shift, Worker
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules import apply_rule, rule_severity

__all__ = ["LessWouldDo"]

_MOST_MINUTES, _MOST_MONEY, _CENT = 1440.0, 1e9, 0.01
_HAIR = 1e-12
_EVER = "9999-12-31"

_Made = tuple[list[Worker], list[Shift]]


class LessWouldDo:
    """Tries changes of a morning.

    Parameters
    ----------
    instance : Instance
        Of a `Morning`.
    workers, shifts : int64[k]
        Rows of those who could be spared, and of the shifts where one more is wanted.
    """

    def __init__(self, instance: Instance, workers: Int64Array, shifts: Int64Array) -> None:
        assert isinstance(instance.morning, Morning)
        self.instance, self.morning, columns = instance, instance.morning, instance.columns
        by_id = {worker.id: worker for worker in self.morning.workers}
        self.worker_rows, self.workers = workers, [by_id[columns.worker_ids[row]] for row in workers.tolist()]
        shifts_by_id = {shift.id: shift for shift in self.morning.shifts}
        self.shift_rows, self.shifts = (
            shifts,
            [shifts_by_id[columns.shift_ids[row]] for row in shifts.tolist()],
        )

    def than(self, kind: Kind, size: float | None) -> bool:
        """Whether a change of a kind smaller than this, or any at all, opens one of the pairs.

        Parameters
        ----------
        kind : Kind
            Free time, another station and an earlier end are not tried: False.
        size : float, optional
            Of the change that was told; None where none was.
        """
        by_name: dict[Kind, Callable[[float | None], Iterator[_Made]]] = {
            SHIFT_KINDS["pay_total"]: self._paid,
            SHIFT_KINDS["travel_limit_min"]: self._carried,
            WORKER_KINDS["travel_limit_min"]: self._carried,
            WORKER_KINDS["pay_floor_per_hour"]: lambda most: self._for_less("pay_floor_per_hour", most),
            WORKER_KINDS["pay_floor_per_day"]: lambda most: self._for_less("pay_floor_per_day", most),
            WORKER_KINDS["credentials"]: self._licensed,
            WORKER_KINDS["skills"]: self._taught,
        }
        trials = by_name[kind](size) if kind in by_name else iter(())
        return any(self._opens(workers, shifts) for workers, shifts in trials)

    # -- trials ---------------------------------------------------------------------------------------------

    def _paid(self, size: float | None) -> Iterator[_Made]:
        totals = self.instance.columns.shifts.pay_total[self.shift_rows].tolist()
        paid = []
        for shift, total in zip(self.shifts, totals, strict=True):
            offer = _MOST_MONEY if size is None else round(total + size - _CENT, 2)
            if offer > total:
                shift = shift.model_copy(update={"pay": Pay(amount=offer, unit="shift")})
            paid.append(shift)
        yield self.workers, paid

    def _carried(self, size: float | None) -> Iterator[_Made]:
        def further(limit: float) -> float:
            most = _MOST_MINUTES if size is None else (limit + size) * (1 - _HAIR)
            return max(limit, min(most, _MOST_MINUTES))

        yield self._with("travel_limit_min", further), self.shifts

    def _for_less(self, field: str, size: float | None) -> Iterator[_Made]:
        def lower(floor: float) -> float:
            return 0.0 if size is None else min(floor, max((floor - size) * (1 + _HAIR), _HAIR))

        yield self._with(field, lower), self.shifts

    def _licensed(self, size: float | None) -> Iterator[_Made]:
        kinds = sorted({need.kind for shift in self.shifts for need in shift.credentials})
        for kind in kinds if size is None else ():  # one is the least there is
            needed = [{"kind": kind, "level": 1, "valid_to": _EVER}]
            made = [made_to_worker(self.morning, worker, "credentials", needed) for worker in self.workers]
            yield made, self.shifts

    def _taught(self, size: float | None) -> Iterator[_Made]:
        wanted = {need.skill: 1 for shift in self.shifts for need in (*shift.all_of, *shift.any_of)}
        given, held = given_bits(self.morning.skills, wanted), Held.of(self.morning.skills, self.workers)
        most = RANKS - 1 if size is None else int(size) - 1
        for skill in (code for code, is_wanted in given.items() if most > 0 and is_wanted):
            to = [max(held.level(worker, skill) - most, 1) for worker in self.workers]
            made = [
                made_to_worker(self.morning, worker, "skills", [{"skill": skill, "level": level}])
                for worker, level in zip(self.workers, to, strict=True)
            ]
            yield made, self.shifts

    def _with(self, field: str, change: Callable[[float], float]) -> list[Worker]:
        found = []
        for worker in self.workers:
            now = getattr(worker, field)
            found.append(worker if now is None else worker.model_copy(update={field: change(now)}))
        return found

    # -- what comes of them ---------------------------------------------------------------------------------

    def _opens(self, workers: Sequence[Worker], shifts: Sequence[Shift]) -> bool:
        if not workers or not shifts:
            return False
        return bool((passing(self.instance, workers, shifts) & self._may_open).any())

    @cached_property
    def _may_open(self) -> BoolArray:
        """Pairs that are not barred, and that no rule of the market's own refuses: bool[workers, shifts].

        What such a rule asks for is for the rule to say.
        """
        columns = self.instance.columns
        at = np.indices((len(self.worker_rows), len(self.shift_rows))).reshape(2, -1)
        rows = self.worker_rows[at[0]], self.shift_rows[at[1]]
        barred = {(worker, shift) for worker, shift in self.instance.barred.tolist()}
        good = np.array([pair not in barred for pair in zip(*map(np.ndarray.tolist, rows), strict=True)])
        pairs = Pairs(columns, self.instance.travel, *rows)
        for rule in self.instance.rules:
            if not is_built_in(rule) and rule_severity(rule, columns) == "block":
                good &= apply_rule(rule, columns, pairs)
        return good.reshape(len(self.worker_rows), len(self.shift_rows))
