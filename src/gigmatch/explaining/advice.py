"""What would change it: the smallest changes that fill a seat or place somebody, confirmed by a new match.

Who could fill an empty seat is known beforehand: people at home, and holders of seats to which a chain of
moves leads from home. Likewise where somebody at home would raise the number of placements: shifts from which
a chain leads to an empty seat. So only pairs that matter are looked at, the smallest change of each kind is
tried first, and the morning so changed is matched anew, from the old answer. Nothing is told that this did
not confirm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from gigmatch.assignment import Assignment
from gigmatch.columns import Spans
from gigmatch.datum import cartesian_dm
from gigmatch.errors import InvalidInputError, UnsupportedError
from gigmatch.evidence.advice import Advice, Lesson, Option, TrainingPlan
from gigmatch.evidence.facts import Facts
from gigmatch.evidence.parts import Amount, Change
from gigmatch.evidence.remedies import known_changes, with_changes
from gigmatch.explaining.explainer import Explainer
from gigmatch.matching import match
from gigmatch.model import Morning
from gigmatch.rules import Rule, rule_name

__all__ = ["Adviser"]

Int64Array = npt.NDArray[np.int64]
_TRIES = 3
_MOST_RULES = 3  # one change rarely satisfies more
Progress = Callable[[str, float], None]
# Kinds of change, by the field that changes: its name and unit.
_SHIFT_KINDS = {
    "pay_total": ("higher pay", "of the morning's currency for the shift"),
    "travel_limit_min": ("transport", "minutes of travel more"),
    "end_min": ("earlier end", "minutes"),
}
_WORKER_KINDS = {
    "pay_floor_per_hour": ("lower pay floor", "of the morning's currency an hour"),
    "pay_floor_per_day": ("lower pay floor", "of the morning's currency a day"),
    "travel_limit_min": ("wider reach", "minutes of travel more"),
    "free": ("more free time", "minutes"),
    "credentials": ("one certificate", "certificate"),
    "skills": ("one skill", "skill levels"),
    "station_id": ("another station", "metres from the present place"),
}


class _Candidate(NamedTuple):
    """One change, how large it is, and the pair that it makes feasible."""

    size: float
    kind: str
    worker: int
    shift: int
    changes: tuple[Change, ...]


class Adviser:
    """Finds what would change an assignment of a `Morning`, and confirms it.

    Parameters
    ----------
    explainer : Explainer
        Of an assignment that is proved optimal.

    Raises
    ------
    InvalidInputError
        The assignment is not proved optimal.
    UnsupportedError
        The morning came as columns: changes are made to its objects.
    """

    def __init__(self, explainer: Explainer) -> None:
        self.explainer, self.facts = explainer, explainer.facts
        if not isinstance(self.facts.morning, Morning):
            raise UnsupportedError("advice changes the morning's objects: give the Morning, not its columns")
        if explainer.assignment.status != "optimal":
            raise InvalidInputError("the assignment is not proved optimal: what would change it is not known")
        self.morning, self.old = self.facts.morning, explainer.assignment

    def fill(self, shift_id: str) -> Advice:
        """The smallest change of each kind that fills an empty seat of a shift.

        Parameters
        ----------
        shift_id : str
            A shift with an empty seat.

        Returns
        -------
        Advice
            For higher pay, transport for one worker, an earlier end: the smallest change of that kind alone
            after which one more person is placed in all. Kinds that cannot do it are left out.

        Raises
        ------
        InvalidInputError
            Every seat of the shift is taken.
        """
        shift = self.facts.shift(shift_id)
        residual = self.explainer.residual
        if residual.filled[shift] >= self.facts.problem.capacity[shift]:
            raise InvalidInputError(f"shift {shift_id!r} has no empty seat: there is nothing to fill")
        workers = self._can_be_spared()
        candidates = list(self._of_pairs(workers, np.full(len(workers), shift), _SHIFT_KINDS))
        options = self._smallest(candidates, _SHIFT_KINDS)
        return Advice(worker_id=None, shift_id=shift_id, options=tuple(options))

    def place(self, worker_id: str) -> Advice:
        """The smallest change of each kind that places a worker who has no shift.

        Parameters
        ----------
        worker_id : str
            Somebody without a shift.

        Returns
        -------
        Advice
            For a lower pay floor, a wider reach, more free time, one certificate, one skill, another station:
            the smallest change of that kind alone after which one more person is placed in all. Kinds that
            cannot do it are left out.

        Raises
        ------
        InvalidInputError
            The worker has a shift.
        """
        worker = self.facts.worker(worker_id)
        if self.old.shift[worker] >= 0:
            raise InvalidInputError(f"worker {worker_id!r} has a shift: there is nothing to change")
        shifts = self._lead_to_an_empty_seat()
        candidates = list(self._of_pairs(np.full(len(shifts), worker), shifts, _WORKER_KINDS))
        options = self._smallest([*candidates, *self._stations(worker)], _WORKER_KINDS)
        return Advice(worker_id=worker_id, shift_id=None, options=tuple(options))

    def train(self, people: int, *, progress: Progress | None = None) -> TrainingPlan:
        """Whom to train in what, so that more are placed: one skill each, chosen one after the other.

        Parameters
        ----------
        people : int
            At most so many, 1 or more.
        progress : callable, optional
            ``progress("training", share done)``.

        Returns
        -------
        TrainingPlan
            The effect of the whole batch is exact; the choice is greedy. No plan for so many people places
            more than ``bound`` in addition, since training one person places one more at most.
        """
        if isinstance(people, bool) or not isinstance(people, int) or people < 1:
            raise InvalidInputError(f"people must be a whole number of at least 1; got {people!r}")
        adviser, lessons = self, list[Lesson]()
        trained: set[str] = set()
        while len(lessons) < people:
            lesson = adviser._next_lesson(trained)
            if lesson is None:
                break
            adviser = adviser._after(lesson)
            lessons.append(lesson)
            trained.add(lesson.worker_id)
            if progress:
                progress("training", len(lessons) / people)
        before, after = self.old.summary, adviser.old.summary
        return TrainingPlan(
            people=people,
            lessons=tuple(lessons),
            more_placements=after.placements - before.placements,
            more_wages=after.wages_offered - before.wages_offered,
            bound=min(people, before.seats - before.placements),
        )

    def seat_values(self) -> dict[str, Amount]:
        """Exact gain of one more seat of every shift that is worth anything, by id of the shift."""
        residual, columns = self.explainer.residual, self.facts.columns
        rows = np.flatnonzero(residual.least_price > 0)
        return {columns.shift_ids[row]: self._gain(row) for row in rows.tolist()}

    # -- candidates -----------------------------------------------------------------------------------------

    def _gain(self, shift: int) -> Amount:
        return -self.explainer._amount(self.explainer.residual.with_seat(shift))

    def _lead_to_an_empty_seat(self) -> Int64Array:
        """Shifts that have an empty seat, or whose people could move on to one."""
        residual = self.explainer.residual
        empty = np.flatnonzero(residual.filled < self.facts.problem.capacity)
        return np.flatnonzero(residual.reach(empty, back=True)).astype(np.int64)

    def _can_be_spared(self) -> Int64Array:
        """Workers at home, and those whose seat somebody from home can take, perhaps by a chain of moves."""
        residual, problem = self.explainer.residual, self.facts.problem
        from_home = residual.from_home
        spared = (
            np.where(residual.at >= 0, from_home[residual.at], True) if problem.n_shifts else residual.at < 0
        )
        return np.flatnonzero((self.facts.case.kept < 0) & spared).astype(np.int64)

    def _of_pairs(
        self, workers: Int64Array, shifts: Int64Array, kinds: dict[str, tuple[str, str]]
    ) -> Iterator[_Candidate]:
        """Changes of one field each that might make one of some pairs feasible."""
        refused = self.facts.refused(self.facts.pairs(workers, shifts))
        count = refused.sum(axis=0)
        for at in np.flatnonzero((count > 0) & (count <= _MOST_RULES)).tolist():
            worker, shift = int(workers[at]), int(shifts[at])
            if not self.facts.is_barred(worker, shift):
                rules = [rule for rule, no in zip(self.facts.blocking, refused[:, at], strict=True) if no]
                yield from self._of_pair(worker, shift, rules, kinds)

    def _of_pair(
        self, worker: int, shift: int, rules: list[Rule], kinds: dict[str, tuple[str, str]]
    ) -> Iterator[_Candidate]:
        pair = self.facts.pairs(np.array([worker]), np.array([shift]))
        by_rule = [{c.field: c for c in known_changes(rule, self.facts.columns, pair)} for rule in rules]
        for field in kinds:
            if all(field in changes for changes in by_rule):
                sized = [(self._size(changes[field], worker, shift), changes[field]) for changes in by_rule]
                size, chosen = max(sized, key=lambda entry: entry[0])
                if min(entry[0] for entry in sized) > 0:
                    yield _Candidate(size, kinds[field][0], worker, shift, (chosen,))
        if "end_min" in kinds and [rule_name(rule) for rule in rules] == ["availability"]:
            yield from self._earlier_end(worker, shift)

    def _size(self, change: Change, worker: int, shift: int) -> float:
        """How large a change is, in the unit of its kind; 0 for more than one certificate or skill."""
        workers, shifts, needed = self.facts.columns.workers, self.facts.columns.shifts, change.needed
        if change.field == "pay_total":
            return float(needed - shifts.pay_total[shift])
        if change.field == "travel_limit_min":
            return float(needed - workers.travel_limit_min[worker])
        if change.field in ("pay_floor_per_hour", "pay_floor_per_day"):
            floor = workers.floor_per_hour if change.field == "pay_floor_per_hour" else workers.floor_per_day
            return float(floor[worker] - needed)
        if change.field == "free":
            return float(sum(end - start - self._free_within(worker, start, end) for start, end in needed))
        if len(needed) != 1:
            return 0.0
        return 1.0 if change.field == "credentials" else float(self._levels(needed[0], worker))

    def _free_within(self, worker: int, start: int, end: int) -> int:
        """Minutes of a span that the worker is free already."""
        overlaps = (
            min(until, end) - max(since, start)
            for since, until in _intervals(self.facts.columns.workers.free, worker)
        )
        return sum(max(minutes, 0) for minutes in overlaps)

    def _levels(self, lesson: dict[str, int | str], worker: int) -> int:
        """Levels between what a worker has of a skill and what is needed."""
        code = self.facts.columns.skill_codes.index(str(lesson["skill"]))
        return 6 - int(lesson["level"]) - int(self.facts.columns.workers.skill_rank[worker, code])

    def _earlier_end(self, worker: int, shift: int) -> Iterator[_Candidate]:
        """Every period shorter by the same, so that the worker is free throughout."""
        spans = _intervals(self.facts.columns.shifts.periods, shift)
        intervals = _intervals(self.facts.columns.workers.free, worker)
        fits = [[until for since, until in intervals if since <= start < until] for start, _ in spans]
        if all(fits):
            cut = max(end - ends[0] for (_, end), ends in zip(spans, fits, strict=True))
            if 0 < cut < min(end - start for start, end in spans):
                change = Change(side="shift", field="end_min", needed=-cut, rule="availability")
                yield _Candidate(float(cut), _SHIFT_KINDS["end_min"][0], worker, shift, (change,))

    def _stations(self, worker: int) -> Iterator[_Candidate]:
        """Every station and the market, as the place to set out from."""
        here = np.array([axis[worker] for axis in self.facts.columns.workers.xyz_dm], dtype=np.float64)
        for station in (self.morning.market, *self.morning.market.stations):
            change = Change(side="worker", field="station_id", needed=station.id, rule="reach")
            lat, lon = station.location.wgs84()
            there = cartesian_dm(np.array([lat]), np.array([lon]))[0]
            metres = float(np.sqrt(((here - there) ** 2).sum()) / 10)
            if metres > 0:
                yield _Candidate(metres, _WORKER_KINDS["station_id"][0], worker, 0, (change,))

    # -- trying them ----------------------------------------------------------------------------------------

    def _smallest(
        self, candidates: Iterable[_Candidate], kinds: dict[str, tuple[str, str]]
    ) -> Iterator[Option]:
        """Of each kind the smallest change that a new match confirms; of equal ones the first pair's."""
        units = dict(kinds.values())
        for kind, unit in units.items():
            of_kind = sorted(
                (c for c in candidates if c.kind == kind), key=lambda c: (c.size, c.worker, c.shift)
            )
            tries = (self._tried(candidate, unit) for candidate in islice(of_kind, _TRIES))
            found = next((option for option in tries if option is not None), None)
            if found is not None:
                yield found

    def _tried(self, candidate: _Candidate, unit: str) -> Option | None:
        """The option, if one more person is placed in all once the change is made."""
        columns = self.facts.columns
        worker_id, shift_id = columns.worker_ids[candidate.worker], columns.shift_ids[candidate.shift]
        new = self._matched(self._changed(worker_id, shift_id, candidate.changes))
        more = new.summary.placements - self.old.summary.placements
        if new.status != "optimal" or more < 1:
            return None
        return Option(
            kind=candidate.kind,
            size=candidate.size,
            unit=unit,
            changes=candidate.changes,
            worker_id=worker_id,
            more_placements=more,
            moved=len(new.diff(self.old).moved),
        )

    def _changed(self, worker_id: str, shift_id: str, changes: tuple[Change, ...]) -> Morning:
        return with_changes(self.morning, worker_id, shift_id, changes)

    def _matched(self, morning: Morning) -> Assignment:
        """A changed morning under the same rules, policy and promises, from the old answer."""
        case = self.facts.case
        return match(
            morning,
            rules=case.rules,
            policy=case.policy,
            travel=case.travel,
            keep=case.keep,
            forbid=case.forbid,
            start=self.old,
        )

    # -- training -------------------------------------------------------------------------------------------

    def _next_lesson(self, trained: set[str]) -> Lesson | None:
        """One skill for one person that leads to the best paid of the seats it can lead to."""
        columns = self.facts.columns
        workers, shifts = self._can_be_spared(), self._lead_to_an_empty_seat()
        order = np.argsort(-columns.shifts.pay_total[shifts], kind="stable")
        for shift in shifts[order].tolist():
            pairs = (workers, np.full(len(workers), shift))
            for candidate in self._of_pairs(*pairs, {"skills": _WORKER_KINDS["skills"]}):
                worker_id = columns.worker_ids[candidate.worker]
                if worker_id not in trained:
                    needed = candidate.changes[0].needed[0]
                    return Lesson(
                        worker_id=worker_id,
                        skill=needed["skill"],
                        level=needed["level"],
                        shift_id=columns.shift_ids[shift],
                    )
        return None

    def _after(self, lesson: Lesson) -> Adviser:
        """The adviser of the morning in which somebody has been trained."""
        change = Change(
            side="worker",
            field="skills",
            needed=[{"skill": lesson.skill, "level": lesson.level}],
            rule="skill",
        )
        changed = self._changed(lesson.worker_id, lesson.shift_id, (change,))
        case, new = self.facts.case, self._matched(changed)
        scorers = [scorer for scorer, _ in case.policy.scorers]
        facts = Facts.of(changed, new, rules=case.rules, scorers=scorers, travel=case.travel)
        return Adviser(Explainer(facts))


def _intervals(spans: Spans, row: int) -> list[tuple[int, int]]:
    """Start and end of every interval of a row."""
    low, high = spans.indptr[row : row + 2].tolist()
    return list(zip(spans.start[low:high].tolist(), spans.end[low:high].tolist(), strict=True))
