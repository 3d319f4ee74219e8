"""Somebody who is not in the morning yet: where they could work, and what that would bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.columns import RANKS, Columns
from gigmatch.columns.added_workers import AddedWorkerColumns
from gigmatch.core.arrays import Int64Array
from gigmatch.core.files import parsed_json, read_bytes
from gigmatch.errors import InvalidInputError, UnsupportedError
from gigmatch.evidence.lessons import LOWEST
from gigmatch.i18n import Told
from gigmatch.model import Credential, Morning, Worker, WorkerSkill
from gigmatch.model.morning import morning_error
from gigmatch.pairing.levels import further_level, is_own
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules import apply_rule

__all__ = ["AddedWorker", "AddedWorkers", "read_worker", "skilled", "skills_asked_for"]


@dataclass(frozen=True, eq=False)
class AddedWorker:
    """A worker who is not in the morning, and the shifts that no rule refuses them."""

    worker: Worker
    pairs: Pairs
    """With every shift, eligible or not, in columns where this worker is alone."""
    shift: Int64Array
    """Rows of the eligible shifts, ascending."""
    weight: Int64Array
    """Points there, in units of 1/`POINTS_SCALE`."""
    levels: tuple[Int64Array, ...]
    """Weights there, level by level of the problem."""

    def weights_at(self, shift: int) -> tuple[int, ...]:
        """Weights at an eligible shift, level by level; raises InvalidInputError for any other."""
        at = self._at(shift)
        return tuple(int(weight[at]) for weight in self.levels)

    def in_one_number(self, scales: tuple[int, ...]) -> Int64Array:
        """Weights at the eligible shifts, all levels in one number: int64[n_eligible]."""
        total = np.zeros(len(self.shift), np.int64)
        for scale, weight in zip(scales, self.levels, strict=True):
            total += scale * weight
        return total

    def weight_at(self, shift: int) -> int:
        """Points at an eligible shift, in hundredths; raises InvalidInputError for any other."""
        return int(self.weight[self._at(shift)])

    def _at(self, shift: int) -> int:
        at = int(np.searchsorted(self.shift, shift))
        if at == len(self.shift) or self.shift[at] != shift:
            raise InvalidInputError("added_worker_not_eligible", worker=self.worker.id, row=shift)
        return at


class AddedWorkers:
    """Asks every rule and scorer about somebody who is not in the morning, and all its shifts.

    Parameters
    ----------
    solved : SolvedMorning
        That they would join, with its rules, policy and travel.

    Raises
    ------
    UnsupportedError
        The morning came as columns.
    """

    def __init__(self, solved: SolvedMorning) -> None:
        morning, self._instance, self._blocking = solved.morning, solved.instance, solved.blocking
        if not isinstance(morning, Morning):
            raise UnsupportedError("added_worker_needs_morning")
        self._morning = morning
        self._columns = AddedWorkerColumns(morning, solved.columns)
        self._frame = self._instance.frame(lots=False)
        self._stations = {place.id for place in (morning.market, *morning.market.stations)}

    def added(self, worker: Worker | Mapping[str, Any] | Path) -> AddedWorker:
        """Where somebody could work.

        Parameters
        ----------
        worker : Worker, mapping or Path
            Not in the morning; a mapping is read as a worker, a path as a JSON file of one.

        Raises
        ------
        InvalidInputError
            The id is taken, or the worker is none that could join the morning.
        """
        worker = read_worker(worker)
        self._refuse(worker)
        columns = self._columns.of(worker)
        shifts = np.arange(columns.n_shifts)
        pairs = Pairs(columns, self._instance.travel, np.zeros_like(shifts), shifts)
        ok = np.ones(len(pairs), dtype=bool)
        for rule in self._blocking:
            ok &= apply_rule(rule, columns, pairs)
        weight = self._instance.policy.points(columns, pairs.take(ok))
        shift = np.flatnonzero(ok).astype(np.int64)
        levels = self._weights(columns, pairs.take(ok), shift, weight)
        return AddedWorker(worker, pairs, shift, weight, levels)

    def _weights(
        self, columns: Columns, pairs: Pairs, shift: Int64Array, points: Int64Array
    ) -> tuple[Int64Array, ...]:
        """Of eligible pairs, level by level; what weighs shifts is the same for everybody."""
        own = {
            one.name: further_level(one, columns, pairs)
            for one in self._instance.policy.levels
            if is_own(one)
        }
        found = []
        for level, weights in zip(self._frame.weighted, self._frame.weights, strict=True):
            total = np.zeros(len(shift), np.int64) if weights.shift is None else weights.shift[shift]
            if level.is_bound:
                total = total + points
            if (further := own.get(level.name)) is not None:
                for part in (further.worker, further.pair):
                    total = total if part is None else total + part
            found.append(total)
        return tuple(found)

    def unassuming(self) -> Worker:
        """A worker without skills who makes no demands and meets all others, under an id of its own."""
        columns, number = self._instance.columns, 1
        while (name := f"one-more-{number}") in columns.worker_row:
            number += 1
        kinds = sorted({kind for kind, _, _ in columns.credential_needs})
        return Worker(
            id=name,
            station_id=self._morning.market.id,
            credentials=tuple(Credential(kind=kind, level=1) for kind in kinds),
            insured=True,
        )

    def _refuse(self, worker: Worker) -> None:
        """What a morning would not take."""
        if worker.id in self._instance.columns.worker_row:
            raise InvalidInputError("added_worker_in_morning", worker=worker.id)
        if worker.station_id is not None and worker.station_id not in self._stations:
            raise InvalidInputError(
                "added_worker_unknown_station",
                station=worker.station_id,
                worker=worker.id,
                names=", ".join(sorted(self._stations)),
            )
        if worker.birth_date is not None and worker.birth_date > self._morning.date:
            raise InvalidInputError(
                "added_worker_unborn", day=worker.birth_date, worker=worker.id, date=self._morning.date
            )


_NAMELESS = {"name": "", "contact": ""}


def read_worker(worker: Worker | Mapping[str, Any] | Path) -> Worker:
    """A worker, or one read from a mapping of its fields; without name and contact, which nothing asks for.

    Parameters
    ----------
    worker : Worker, mapping or Path
        As a `Morning` would take it; a path is that of a JSON file.

    Raises
    ------
    InvalidInputError
        Listing every problem with its path.
    """
    if isinstance(worker, Worker):
        return worker.model_copy(update=_NAMELESS) if worker.name or worker.contact else worker
    if isinstance(worker, Path):
        worker = parsed_json(read_bytes(worker), worker)
    if not isinstance(worker, Mapping):
        raise InvalidInputError("no_added_worker", value=worker)
    try:
        return read_worker(Worker.model_validate(dict(worker)))
    except ValidationError as error:
        raise morning_error(error, Told.of("sources.added_worker"), Worker) from None


def skills_asked_for(columns: Columns) -> list[tuple[str | None, int | None]]:
    """No skill, then every skill in order of code at every level asked for, the lowest first.

    Parameters
    ----------
    columns : Columns
        Where the shifts are.
    """
    return [(None, None), *((code, RANKS - rank) for code, rank in columns.skill_needs)]


def skilled(profile: Worker, skill: str | None, level: int | None) -> Worker:
    """A worker with one skill more, at a level or the better one that they have of it.

    Parameters
    ----------
    profile : Worker
        As they are.
    skill, level : str and int, or None for no skill more
        What is added.
    """
    if skill is None or level is None:
        return profile
    held = [own.level or LOWEST for own in profile.skills if own.skill == skill]
    others = tuple(own for own in profile.skills if own.skill != skill)
    return profile.model_copy(
        update={"skills": (*others, WorkerSkill(skill=skill, level=min([level, *held])))}
    )
