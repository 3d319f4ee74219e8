"""Scorers: how good a feasible pair is, from one point of view.

A scorer is a plain callable ``(columns, pairs) -> float64[n_pairs]`` in [0, 1], 1 the best; what is not known
scores `NEUTRAL`. Optional attributes: ``name`` (else ``__name__``), ``side`` (whose view it takes:
``"worker"``, ``"employer"`` or ``"market"``; else ``"market"``), ``version`` (else 1) and ``depends_on``:
``"worker"`` or ``"shift"`` where the score depends on that side of the pair alone, so that it is asked once a
row; else it is asked for every pair. ``words`` is what people call it, text or ``{"en": ..., "zh": ...}``;
else it is told by its name. It is called on blocks of pairs and may be called from several threads,
so it keeps no state.

Scores use only ``+ - * /``, minimum and maximum, which every machine rounds alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol, cast, get_args, runtime_checkable

import numpy as np

from gigmatch.columns import RANKS, SETTLEMENTS, STANDINGS, Columns, Relation
from gigmatch.core.arrays import Float64Array
from gigmatch.core.plugins import asked, check_own_text, checked_array, parameters_of, plugin_name
from gigmatch.errors import InvalidPolicyError, PluginError
from gigmatch.i18n import Told, printable
from gigmatch.i18n.texts import by_language
from gigmatch.pairing.compiled.forms import Falling, Listed, LookedUp, Raised
from gigmatch.pairing.pairs import Pairs

__all__ = [
    "DEFAULT_SCORERS",
    "NEUTRAL",
    "SCORERS",
    "EmployerTrust",
    "GoodPay",
    "InPriorityGroup",
    "Nearness",
    "Reliability",
    "RepeatEmployer",
    "Requested",
    "Scorer",
    "SkillFit",
    "WaitingLonger",
    "WantedSettlement",
    "apply_scorer",
    "describe_scorer",
    "scorer_depends_on",
    "scorer_name",
    "scorer_side",
    "scorer_words",
]

NEUTRAL = 0.5
"""What a scorer says where nothing is known."""
Side = Literal["worker", "employer", "market"]


@runtime_checkable
class Scorer(Protocol):
    """Says how good each pair is."""

    def __call__(self, columns: Columns, pairs: Pairs, /) -> Float64Array:
        """Score of each pair, 0 to 1: float64[n_pairs]."""
        ...


def scorer_name(scorer: Scorer) -> str:
    """The scorer's name."""
    return plugin_name(scorer)


def scorer_side(scorer: Scorer) -> Side:
    """Whose view the scorer takes."""
    side = getattr(scorer, "side", "market")
    if side not in get_args(Side):
        raise InvalidPolicyError("scorer_unknown_side", name=scorer_name(scorer), value=side)
    return cast(Side, side)


def scorer_depends_on(scorer: Scorer) -> Literal["worker", "shift"] | None:
    """The side of the pair that the score depends on alone, None if on both.

    Raises
    ------
    InvalidPolicyError
        It declares something else.
    """
    side = getattr(scorer, "depends_on", None)
    if side not in ("worker", "shift", None):
        raise InvalidPolicyError("scorer_unknown_depends_on", name=scorer_name(scorer), value=side)
    return cast(Literal["worker", "shift"] | None, side)


def scorer_words(scorer: Scorer) -> dict[str, str]:
    """What people call the scorer, by language; nothing where it does not bring ``words``, or as a parameter.

    Raises
    ------
    PluginError
        Its ``words`` are something else.
    """
    words = getattr(scorer, "words", None)
    if words is None or "words" in parameters_of(scorer):
        return {}
    check_own_text("words", Told.of("errors.of_scorer", name=scorer_name(scorer)), words)
    return by_language(words)


def describe_scorer(scorer: Scorer) -> dict[str, Any]:
    """Name, version, parameters and, if it brings any, words: what a saved policy holds of a scorer."""
    told = {
        "name": scorer_name(scorer),
        "version": getattr(scorer, "version", 1),
        "parameters": parameters_of(scorer),
    }
    words = scorer_words(scorer)
    return told | {"words": words} if words else told


def apply_scorer(scorer: Scorer, columns: Columns, pairs: Pairs) -> Float64Array:
    """Call a scorer and hold it to its contract.

    Raises
    ------
    PluginError
        It returned something other than float64[n_pairs], or a value outside [0, 1].
    """
    name = scorer_name(scorer)
    what = Told.of("errors.of_scorer", name=name)
    score: Float64Array = checked_array(
        what, asked(what, scorer, columns.unlabelled, pairs), np.float64, len(pairs)
    )
    if len(score) and not (score.min() >= 0 and score.max() <= 1):
        at = int(np.flatnonzero(~((score >= 0) & (score <= 1)))[0])
        ids = columns.worker_ids[pairs.worker[at]], columns.shift_ids[pairs.shift[at]]
        pair = Told.of("errors.of_pair", worker=ids[0], shift=ids[1])
        raise PluginError("score_out_of_range", name=name, score=score[at], pair=pair, neutral=NEUTRAL)
    return score


def _require(scorer: Any, field: str, good: Callable[[float], bool], wanted: str) -> None:
    value = getattr(scorer, field)
    if isinstance(value, bool) or not isinstance(value, int | float) or not good(value):
        raise InvalidPolicyError(
            "scorer_parameter", name=scorer.name, field=field, value=value, what=Told.of(wanted)
        )


def _neutral_where_unknown(score: Float64Array) -> Float64Array:
    """Clip to [0, 1], NaN to `NEUTRAL`; in place."""
    np.clip(score, 0.0, 1.0, out=score)
    score[np.isnan(score)] = NEUTRAL
    return score


@dataclass(frozen=True)
class SkillFit:
    """1 where the level is the one asked for in the shift's leading skill, less ``per_level`` a level above.

    Masters are kept for work that needs them. Neutral where the shift asks for no skill, or the worker has
    another skill of ``any_of``.
    """

    per_level: float = 0.15
    name: ClassVar[str] = "skill_fit"
    version: ClassVar[int] = 1
    side: ClassVar[Side] = "employer"

    def __post_init__(self) -> None:
        _require(self, "per_level", lambda value: 0 <= value <= 1, "numbers.fraction")

    def __call__(self, columns: Columns, pairs: Pairs) -> Float64Array:
        if not columns.skill_codes:
            return np.full(len(pairs), NEUTRAL)
        leading = columns.shifts.leading_skill[pairs.shift]
        above = columns.workers.skill_rank[pairs.worker, leading] - columns.shifts.leading_rank[pairs.shift]
        above[leading < 0] = -1
        score = np.full(2 * RANKS, NEUTRAL)  # by levels above, from none up, then from -RANKS up
        score[:RANKS] = self._by_level()
        return score.take(above, mode="wrap")

    def _compiled(self, columns: Columns) -> LookedUp:
        """Say it in arrays."""
        asks = (columns.shifts.leading_skill >= 0) & bool(columns.skill_codes)
        rank = (
            columns.workers.skill_rank if columns.skill_codes else np.zeros((columns.n_workers, 1), np.int8)
        )
        above = np.where(asks, RANKS - columns.shifts.leading_rank, 2 * RANKS).astype(np.int32)
        neutral = np.full(RANKS, NEUTRAL)
        score = np.concatenate([neutral, self._by_level(), neutral])
        return LookedUp(rank, np.where(asks, columns.shifts.leading_skill, 0), above, score)

    def _by_level(self) -> Float64Array:
        """Score by levels above the one asked for."""
        return np.clip(1.0 - self.per_level * np.arange(RANKS), 0.0, 1.0)


@dataclass(frozen=True)
class Nearness:
    """1 at no travel, 0 at the worker's limit; at ``usual_limit_min`` where the limit is not known."""

    usual_limit_min: float = 60.0
    name: ClassVar[str] = "nearness"
    version: ClassVar[int] = 1
    side: ClassVar[Side] = "worker"

    def __post_init__(self) -> None:
        _require(self, "usual_limit_min", lambda value: 1 <= value <= 1440, "numbers.minutes")

    def __call__(self, columns: Columns, pairs: Pairs) -> Float64Array:
        limit = columns.workers.travel_limit_min[pairs.worker]
        limit[np.isnan(limit)] = self.usual_limit_min
        return np.maximum(1.0 - pairs.minutes / limit, 0.0)

    def _compiled(self, columns: Columns) -> Falling:
        """Say it in arrays."""
        limit = columns.workers.travel_limit_min
        return Falling(np.where(np.isnan(limit), self.usual_limit_min, limit))


@dataclass(frozen=True)
class GoodPay:
    """Pay per hour, held against the worker's floor and the going wage; the mean of what is known of the two.

    Floor: 0 at the floor, 1 at twice the floor. Going wage: 0 at half, 1 at one and a half times.
    The going wage is frozen in the morning, so no shift's pay changes another's score.
    """

    name: ClassVar[str] = "pay"
    version: ClassVar[int] = 1
    side: ClassVar[Side] = "worker"

    def __call__(self, columns: Columns, pairs: Pairs) -> Float64Array:
        pay = columns.shifts.pay_per_hour[pairs.shift]
        floor = columns.workers.floor_per_hour[pairs.worker]
        floor[floor <= 0] = np.nan  # a floor of nothing tells nothing about good pay
        with np.errstate(over="ignore"):  # next to no floor: any pay is infinitely above it
            against_floor = np.clip(pay / floor - 1.0, 0.0, 1.0)
        against_wage = self._against_wage(pay, columns.shifts.reference_per_hour[pairs.shift])
        no_floor, no_wage = np.isnan(against_floor), np.isnan(against_wage)
        np.copyto(against_floor, against_wage, where=no_floor)
        np.copyto(against_wage, against_floor, where=no_wage)
        return _neutral_where_unknown((against_floor + against_wage) / 2)

    def _compiled(self, columns: Columns) -> Raised:
        """Say it in arrays."""
        floor, shifts = columns.workers.floor_per_hour, columns.shifts
        return Raised(
            worker=np.where(floor > 0, floor, np.nan),
            shift=shifts.pay_per_hour,
            beside=self._against_wage(shifts.pay_per_hour, shifts.reference_per_hour),
            neutral=NEUTRAL,
        )

    @staticmethod
    def _against_wage(pay: Float64Array, wage: Float64Array) -> Float64Array:
        return np.clip(pay / wage - 0.5, 0.0, 1.0)


@dataclass(frozen=True)
class WantedSettlement:
    """1 where the shift settles as the worker wants, or the same day; else 0. Neutral where unknown."""

    name: ClassVar[str] = "settlement"
    version: ClassVar[int] = 1
    side: ClassVar[Side] = "worker"

    def __call__(self, columns: Columns, pairs: Pairs) -> Float64Array:
        wanted = columns.workers.settlement[pairs.worker]
        offered = columns.shifts.settlement[pairs.shift]
        as_wanted = (wanted == offered) | (offered == SETTLEMENTS.index("same_day"))
        score: Float64Array = as_wanted.astype(np.float64)
        score[(wanted < 0) | (offered < 0)] = NEUTRAL
        return score

    def _compiled(self, columns: Columns) -> LookedUp:
        """Say it in arrays."""
        n = len(SETTLEMENTS)
        score = np.full((n + 1, n + 1), NEUTRAL)  # by what is wanted and what is offered, unknown first
        score[1:, 1:] = np.eye(n)
        score[1:, 1 + SETTLEMENTS.index("same_day")] = 1.0
        rank = (columns.workers.settlement[:, None] + np.int8(1)) * np.int8(n + 1)
        above = columns.shifts.settlement.astype(np.int32) + 1
        return LookedUp(rank, np.zeros_like(above), above, score.ravel())


@dataclass(frozen=True)
class Reliability:
    """The worker's rating, 0 to 5 mapped to 0 to 1."""

    name: ClassVar[str] = "reliability"
    version: ClassVar[int] = 1
    side: ClassVar[Side] = "employer"
    depends_on: ClassVar[str] = "worker"

    def __call__(self, columns: Columns, pairs: Pairs) -> Float64Array:
        return _neutral_where_unknown(columns.workers.rating[pairs.worker] / 5)


@dataclass(frozen=True)
class RepeatEmployer:
    """1 where the employer praised the worker, 0 where they complained, 0.75 where they only met before.

    An employer the worker prefers counts as one who praised, unless they complained. Strangers are neutral.
    """

    name: ClassVar[str] = "repeat_employer"
    version: ClassVar[int] = 1
    side: ClassVar[Side] = "employer"

    def __call__(self, columns: Columns, pairs: Pairs) -> Float64Array:
        employer = columns.shifts.employer[pairs.shift]
        score = np.full(len(pairs), NEUTRAL)
        met, praise = columns.praise.hits(pairs.worker, employer)
        score[met] = np.where(praise == 0.5, 0.75, praise)
        preferred = columns.preferred.hits(pairs.worker, employer)[0]
        score[preferred[score[preferred] > 0]] = 1.0  # a complaint counts for more
        return score

    def _compiled(self, columns: Columns) -> Listed:
        """Say it in arrays."""
        praise, preferred = columns.praise, columns.preferred
        key = np.union1d(praise.key, preferred.key)
        value = np.ones(len(key))  # of those who are preferred alone
        met = np.searchsorted(key, praise.key)
        value[met] = np.where(praise.value == 0.5, 0.75, praise.value)
        both = np.isin(key, preferred.key) & (value > 0)
        value[both] = 1.0
        return Listed(Relation(key, value, praise.n_others), columns.shifts.employer, NEUTRAL)


@dataclass(frozen=True)
class WaitingLonger:
    """Days since the last placement, up to ``full_days`` for 1."""

    full_days: float = 14.0
    name: ClassVar[str] = "waiting"
    version: ClassVar[int] = 1
    side: ClassVar[Side] = "market"
    depends_on: ClassVar[str] = "worker"

    def __post_init__(self) -> None:
        _require(self, "full_days", lambda value: 1 <= value <= 10_000, "numbers.days")

    def __call__(self, columns: Columns, pairs: Pairs) -> Float64Array:
        return _neutral_where_unknown(columns.workers.days_waiting[pairs.worker] / self.full_days)


@dataclass(frozen=True)
class EmployerTrust:
    """Share of wages that the employer paid on time; 0 unless in good standing."""

    name: ClassVar[str] = "employer_trust"
    version: ClassVar[int] = 1
    side: ClassVar[Side] = "worker"
    depends_on: ClassVar[str] = "shift"

    def __call__(self, columns: Columns, pairs: Pairs) -> Float64Array:
        employer = columns.shifts.employer[pairs.shift]
        score = _neutral_where_unknown(columns.employer_punctuality[employer])
        score[columns.employer_standing[employer] != STANDINGS.index("ok")] = 0.0
        return score


@dataclass(frozen=True)
class InPriorityGroup:
    """1 for workers in one of ``groups``, in any group if none is named; weighs 0 unless a market opts in."""

    groups: tuple[str, ...] = ()
    name: ClassVar[str] = "priority_group"
    version: ClassVar[int] = 1
    side: ClassVar[Side] = "market"
    depends_on: ClassVar[str] = "worker"

    def __post_init__(self) -> None:
        if not isinstance(self.groups, tuple) or not all(
            isinstance(name, str) and printable(name) == name for name in self.groups
        ):
            raise InvalidPolicyError("scorer_groups", value=self.groups)

    def __call__(self, columns: Columns, pairs: Pairs) -> Float64Array:
        counts = [not self.groups or name in self.groups for name in columns.priority_groups]
        member: Float64Array = np.any(columns.workers.groups[:, counts], axis=1).astype(np.float64)
        return member[pairs.worker]


@dataclass(frozen=True)
class Requested:
    """1 where the employer asked for the worker by name, for the shift or for any of theirs; else 0.

    No default scorer: a market that wants requests to count adds it, with its weight.
    """

    name: ClassVar[str] = "requested"
    version: ClassVar[int] = 1
    side: ClassVar[Side] = "employer"

    def __call__(self, columns: Columns, pairs: Pairs) -> Float64Array:
        asked = columns.requested_shift.has(pairs.worker, pairs.shift.astype(np.int32))
        asked |= columns.requested_employer.has(pairs.worker, columns.shifts.employer[pairs.shift])
        score: Float64Array = asked.astype(np.float64)
        return score


DEFAULT_SCORERS: tuple[tuple[Scorer, float], ...] = (
    (GoodPay(), 25),
    (Nearness(), 25),
    (SkillFit(), 15),
    (WantedSettlement(), 10),
    (WaitingLonger(), 10),
    (Reliability(), 5),
    (RepeatEmployer(), 5),
    (EmployerTrust(), 5),
    (InPriorityGroup(), 0),
)
"""Every market's, until it has its own; priority groups weigh 0 unless a market opts in."""

SCORERS: dict[str, type[Any]] = {
    **{scorer_name(scorer): type(scorer) for scorer, _ in DEFAULT_SCORERS},
    Requested.name: Requested,
}
"""Every built-in scorer by name."""
