"""A smallest set of changes that makes a pair feasible, tried on the morning with all rules run again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import chain, product
from math import ceil, isfinite
from typing import Any

import numpy as np

from gigmatch.assignment.instance import Instance
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.columns import Columns, columns_of
from gigmatch.core.arrays import BoolArray
from gigmatch.evidence.lessons import LOWEST, Learned, fewest_lessons, single_lessons
from gigmatch.evidence.parts import Change
from gigmatch.model import Credential, Morning, Pay, Shift, TimeSpan, WallClock, Worker, WorkerSkill
from gigmatch.model.morning import of_those_here
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules import (
    DEFAULT_RULES,
    HasSkills,
    IsFree,
    Rule,
    apply_rule,
    explain_rule,
    rule_name,
    rule_severity,
)
from gigmatch.pairing.rules.skills import CredentialState
from gigmatch.pairing.travel import Travel

__all__ = [
    "eligible_after",
    "is_built_in",
    "known_changes",
    "made_to_worker",
    "passing",
    "plain",
    "smallest_changes",
    "with_changes",
]

_MOST_TRIES = 64
_BUILT_IN = {type(rule) for rule in DEFAULT_RULES}


def smallest_changes(instance: Instance, worker: int, shift: int) -> tuple[Change, ...] | None:
    """Changes, none of which can be left out, after which no rule refuses the pair; bars apart.

    Every refusing rule names changes that would satisfy it, and the fewest skills to learn are counted; one
    way each is chosen, tried on the morning itself with all rules run again, and what proves needless is
    dropped, single certificates and spans too.

    Parameters
    ----------
    instance : Instance
        Changes are tried on its morning's objects; columns alone do not hold them.
    worker, shift : int
        Rows.

    Returns
    -------
    tuple of Change, or None
        Of least number among those tried, in order of the rules; None where no change is known that a person
        could make, or the morning came as columns.
    """
    if isinstance(instance.morning, Columns):
        return None
    columns = instance.columns
    trial = _Trial(instance, instance.morning, columns.worker_ids[worker], columns.shift_ids[shift])
    pair = Pairs(columns, instance.travel, np.array([worker]), np.array([shift]))
    choices = [trial.ways(rule, columns, pair) for rule in trial.refusing(columns, pair)]
    best: tuple[Change, ...] | None = None
    for number, ways in enumerate(product(*choices)):
        if number == _MOST_TRIES:
            break
        chosen = tuple(chain.from_iterable(ways))
        if best is not None and len({(change.side, change.field) for change in chosen}) >= len(best):
            continue  # as many fields to change at least, unless one of them satisfies what does not name it
        if trial.suffices(chosen):
            needed = trial.without_needless(chosen)
            best = needed if best is None or len(needed) < len(best) else best
    return best


def with_changes(
    morning: Morning, worker_id: str, shift_id: str | None, changes: Sequence[Change]
) -> Morning:
    """A morning in which some changes to a worker and a shift have been made.

    Parameters
    ----------
    morning : Morning
        As it is.
    worker_id, shift_id : str
        Whose data change; None for a shift where only the worker's do.
    changes : sequence of Change
        What changes.
    """
    worker = next(worker for worker in morning.workers if worker.id == worker_id)
    shift = next(shift for shift in morning.shifts if shift_id in (shift.id, None))
    new_worker, new_shift = _made(worker, shift, changes, morning.clock)
    parts = {
        "workers": tuple(new_worker if worker.id == worker_id else worker for worker in morning.workers),
        "shifts": tuple(new_shift if shift.id == shift_id else shift for shift in morning.shifts),
    }
    return morning.model_copy(update=parts)


def eligible_after(
    instance: Instance, worker_id: str, shift_ids: Collection[str], changes: Sequence[Change]
) -> tuple[str, ...]:
    """Of some shifts those that no rule refuses a worker once changes have been made, all rules run again.

    Parameters
    ----------
    instance : Instance
        Of a `Morning`.
    worker_id : str
        Whose data change.
    shift_ids : collection of str
        Whose data change, and who may be among the answers.
    changes : sequence of Change
        What changes; where the model does not accept them nothing is eligible.

    Returns
    -------
    tuple of str
        In the order of the morning; bars and promises apart.
    """
    morning = instance.morning
    assert isinstance(morning, Morning)
    worker = next(worker for worker in morning.workers if worker.id == worker_id)
    try:
        made = [
            _made(worker, shift, changes, morning.clock) for shift in morning.shifts if shift.id in shift_ids
        ]
    except ValueError:
        return ()
    shifts = tuple(shift for _, shift in made)
    passes = passing(instance, (made[0][0],), shifts)[0] if made else ()
    return tuple(shift.id for shift, good in zip(shifts, passes, strict=True) if good)


def known_changes(solved: SolvedMorning, rule: Rule, worker: int, shift: int) -> list[Change]:
    """Changes that would each satisfy a rule for one pair, and that can be made to a morning.

    Parameters
    ----------
    solved : SolvedMorning
        Of a `Morning`.
    rule : Rule
        One that refuses the pair.
    worker, shift : int
        Rows.
    """
    columns, morning = solved.columns, solved.morning
    assert isinstance(morning, Morning)
    if isinstance(rule, HasSkills):
        ids = columns.worker_ids[worker], columns.shift_ids[shift]
        lessons = single_lessons(morning, solved.workers_by_id[ids[0]], solved.shifts_by_id[ids[1]])
        return [_taught(rule, (lesson,)) for lesson in lessons]
    pair = solved.pairs(np.array([worker]), np.array([shift]))
    return [way[0] for way in _ways(rule, columns, pair) if len(way) == 1]


def _taught(rule: Rule, lessons: Sequence[Learned]) -> Change:
    needed = [lesson.needed for lesson in lessons]
    return Change(side="worker", field="skills", needed=needed, rule=rule_name(rule))


def _ways(rule: Rule, columns: Columns, pair: Pairs) -> list[tuple[Change, ...]]:
    """The ways that a rule names itself."""
    ways = []
    for remedy in explain_rule(rule, columns, pair).remedies:
        fields = remedy.field.split(", ")
        together = isinstance(remedy.needed, dict) and set(remedy.needed) == set(fields)
        needed = remedy.needed if together else {remedy.field: remedy.needed}
        if needed.keys() <= _APPLY.keys():
            changes = [
                Change(side=remedy.side, field=field, needed=_payable(field, value), rule=rule_name(rule))
                for field, value in needed.items()
            ]
            ways.append(tuple(changes))
    return ways


def _payable(field: str, needed: Any) -> Any:
    """Pay in whole hundredths, rounded up; anything else as it is."""
    return ceil(Fraction(str(needed)) * 100) / 100 if field == "pay_total" else plain(needed)


def passing(instance: Instance, workers: Sequence[Worker], shifts: Sequence[Shift]) -> BoolArray:
    """Which shifts no rule refuses some workers, by all that is else in the morning.

    Parameters
    ----------
    instance : Instance
        Of a `Morning`.
    workers, shifts : sequence of Worker and Shift
        As they would be, each once.

    Returns
    -------
    bool[n_workers, n_shifts]
        In the order given.
    """
    morning = instance.morning
    assert isinstance(morning, Morning)
    part = morning.model_copy(update={"workers": tuple(workers), "shifts": tuple(shifts)})
    columns = columns_of(of_those_here(part))
    rules = [rule for rule in instance.rules if rule_severity(rule, columns) == "block"]
    good = _passing([rule for rule in rules if is_built_in(rule)], columns, instance.travel, workers, shifts)
    own = [rule for rule in rules if not is_built_in(rule)]
    if own and good.any():
        good &= _passing(
            own, columns_of(_replaced(morning, workers, shifts)), instance.travel, workers, shifts
        )
    return good


def is_built_in(rule: Rule) -> bool:
    """Whether a rule is the library's, so that it looks at nobody but the pair."""
    return type(rule) in _BUILT_IN


def _passing(
    rules: Sequence[Rule],
    columns: Columns,
    travel: Travel,
    workers: Sequence[Worker],
    shifts: Sequence[Shift],
) -> BoolArray:
    """Which of some shifts some rules refuse none of some workers: bool[n_workers, n_shifts]."""
    rows = np.array([columns.worker_row[worker.id] for worker in workers], dtype=np.intp)
    at = np.array([columns.shift_row[shift.id] for shift in shifts], dtype=np.intp)
    pairs = Pairs(columns, travel, np.repeat(np.sort(rows), len(at)), np.tile(np.sort(at), len(rows)))
    good = np.ones(len(pairs), dtype=bool)
    for rule in rules:
        good &= apply_rule(rule, columns, pairs)
    by_row = good.reshape(len(rows), len(at))
    return by_row[np.argsort(np.argsort(rows))][:, np.argsort(np.argsort(at))]


def _replaced(morning: Morning, workers: Sequence[Worker], shifts: Sequence[Shift]) -> Morning:
    """The whole morning with some workers and shifts as they would be: others' rules may look at anybody."""
    new_workers, new_shifts = ({one.id: one for one in some} for some in (workers, shifts))
    parts = {
        "workers": tuple(new_workers.get(worker.id, worker) for worker in morning.workers),
        "shifts": tuple(new_shifts.get(shift.id, shift) for shift in morning.shifts),
    }
    return morning.model_copy(update=parts)


def made_to_worker(morning: Morning, worker: Worker, field: str, needed: Any) -> Worker:
    """A worker to whom a change of one field has been made.

    Parameters
    ----------
    morning : Morning
        Whose times they are.
    worker : Worker
        As they are.
    field, needed
        As in a `Change` on the worker's side.
    """
    return _APPLY[field](worker, None, needed, morning.clock)[0]


def _made(worker: Worker, shift: Shift, changes: Sequence[Change], clock: WallClock) -> _Parts:
    for change in changes:
        worker, shift = _APPLY[change.field](worker, shift, change.needed, clock)
    return worker, shift


class _Trial:
    """The morning with two people's data at hand to be changed."""

    def __init__(self, instance: Instance, morning: Morning, worker_id: str, shift_id: str) -> None:
        self.instance, self.morning = instance, morning
        self.worker = next(worker for worker in morning.workers if worker.id == worker_id)
        self.shift = next(shift for shift in morning.shifts if shift.id == shift_id)

    def refusing(self, columns: Columns, pair: Pairs) -> Iterator[Rule]:
        for rule in self.instance.rules:
            if rule_severity(rule, columns) == "block" and not apply_rule(rule, columns, pair)[0]:
                yield rule

    def ways(self, rule: Rule, columns: Columns, pair: Pairs) -> list[tuple[Change, ...]]:
        """Ways to satisfy a rule, each of one change or of several together."""
        if not isinstance(rule, HasSkills):
            return _ways(rule, columns, pair)
        sets = fewest_lessons(self.morning, self.worker, self.shift)
        return [(_taught(rule, lessons),) for lessons in sets]

    def suffices(self, changes: Sequence[Change]) -> bool:
        """Whether no rule refuses the pair once the changes are made."""
        try:
            worker, shift = _made(self.worker, self.shift, changes, self.morning.clock)
        except ValueError:  # the model does not accept such a worker or shift
            return False
        return bool(passing(self.instance, (worker,), (shift,))[0, 0])

    def without_needless(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        kept = list(changes)
        for change in changes:
            others = [other for other in kept if other is not change]
            if self.suffices(others):
                kept = others
        for at, change in enumerate(kept):
            if change.rule == IsFree.name:
                continue  # each span is of a period that lies in no free time: none can be left out
            for place in reversed(range(len(change.needed) if isinstance(change.needed, list) else 0)):
                less = [entry for k, entry in enumerate(kept[at].needed) if k != place]
                fewer = [*kept[:at], change.model_copy(update={"needed": less}), *kept[at + 1 :]]
                if less and self.suffices(fewer):
                    kept = fewer
        return tuple(kept)


def plain(value: Any) -> Any:
    """A value as JSON gives it back; None for a number that is none, text for what JSON does not know."""
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value if value is None or isinstance(value, str | int) else str(value)


_Parts = tuple[Worker, Any]
_Apply = Callable[[Worker, Any, Any, WallClock], _Parts]


def _with(part: Any, **fields: Any) -> Any:
    """A changed copy, validated as if somebody had written it."""
    return type(part).model_validate(
        {**{name: getattr(part, name) for name in type(part).model_fields}, **fields}
    )


def _worker_field(name: str) -> _Apply:
    return lambda worker, shift, value, _: (_with(worker, **{name: value}), shift)


def _shift_field(name: str) -> _Apply:
    return lambda worker, shift, value, _: (worker, _with(shift, **{name: value}))


def _paid(worker: Worker, shift: Shift, total: float, _: WallClock) -> _Parts:
    return worker, _with(shift, pay=Pay(amount=total, unit="shift"))


def _trained(worker: Worker, shift: Shift, needed: Any, _: WallClock) -> _Parts:
    """Every skill at the level needed, or the better one that is held: nobody unlearns anything."""
    new: dict[str, int] = {}
    own = [(skill.skill, skill.level or LOWEST) for skill in worker.skills]
    wanted = [(entry["skill"], entry["level"]) for entry in needed]
    for skill, level in (*wanted, *(one for one in own if one[0] in dict(wanted))):
        new[skill] = min(level, new.get(skill, level))
    held = tuple(skill for skill in worker.skills if skill.skill not in new)
    return (
        _with(worker, skills=(*held, *(WorkerSkill(skill=k, level=v) for k, v in new.items()))),
        shift,
    )


def _licensed(worker: Worker, shift: Shift, needed: Any, _: WallClock) -> _Parts:
    """What is held of each kind and lacks least is made good; where nothing is, it is new."""
    credentials = list(worker.credentials)
    for entry in needed:
        level, day = entry["level"], date.fromisoformat(entry["valid_to"])
        lacks = {
            k: CredentialState(one.level, one.valid_to, one.review_due).lacks(level, day)
            for k, one in enumerate(credentials)
            if one.kind == entry["kind"]
        }
        if not lacks:
            credentials.append(Credential(kind=entry["kind"], level=level, valid_to=day))
            continue
        best = min(lacks, key=lambda k: (lacks[k] != entry.get("lacks"), len(lacks[k])))
        good: dict[str, Any] = {"validity": {"valid_to": day}, "review": {"review_due": day}}
        good |= {what: {"level": level} for what in ("level", "known_level")}
        for what in lacks[best]:
            credentials[best] = _with(credentials[best], **good[what])
    return _with(worker, credentials=tuple(credentials)), shift


def _freed(worker: Worker, shift: Shift, spans: Any, clock: WallClock) -> _Parts:
    shown = [[clock.shown(minute) for minute in span] for span in spans]
    more = tuple(TimeSpan(start_min=start, end_min=end) for start, end in shown)
    return _with(worker, windows=(*worker.windows, *more)), shift


def _ending(worker: Worker, shift: Shift, minutes: int, clock: WallClock) -> _Parts:
    """Every period so many minutes longer; shorter below 0."""
    ends = [clock.shown(clock.minute(period.end_min) + minutes) for period in shift.periods]
    periods = tuple(_with(period, end_min=end) for period, end in zip(shift.periods, ends, strict=True))
    return worker, _with(shift, periods=periods)


def _setting_out(worker: Worker, shift: Shift, station_id: str, _: WallClock) -> _Parts:
    return _with(worker, home=None, station_id=station_id), shift


_APPLY: dict[str, _Apply] = {
    "travel_limit_min": _worker_field("travel_limit_min"),
    "pay_floor_per_hour": _worker_field("pay_floor_per_hour"),
    "pay_floor_per_day": _worker_field("pay_floor_per_day"),
    "skills": _trained,
    "credentials": _licensed,
    "free": _freed,
    "end_min": _ending,
    "station_id": _setting_out,
    "pay_total": _paid,
    "min_minutes": _shift_field("min_minutes"),
    "min_age_years": _shift_field("min_age_years"),
    "max_age_years": _shift_field("max_age_years"),
    "hazards": _shift_field("hazards"),
    "insured": _worker_field("insured"),
    "insurance": _shift_field("insurance"),
}
