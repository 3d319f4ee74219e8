"""Levels of a policy: what a market wants first, as whole weights of workers, shifts or pairs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeGuard, cast, runtime_checkable

import numpy as np

from gigmatch.columns import Columns
from gigmatch.core.arrays import Int64Array
from gigmatch.core.plugins import check_own_text, checked_array, not_built_in, parameters_of
from gigmatch.errors import InvalidPolicyError, PluginError
from gigmatch.i18n import Told
from gigmatch.i18n.texts import by_language, own_text
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.people import People
from gigmatch.problem import LOTTERY, POINTS, SEATS, Further, Level
from gigmatch.problem.levels import STANDARD

__all__ = [
    "OBJECTIVES",
    "PolicyLevel",
    "check_levels",
    "describe_level",
    "further_level",
    "is_own",
    "level_words",
    "pair_weights",
    "problem_level",
    "restore_levels",
    "weighs_pairs",
]

OBJECTIVES: Final[Mapping[str, tuple[Level, ...]]] = {
    SEATS.name: (SEATS, POINTS, LOTTERY),
    POINTS.name: (POINTS, LOTTERY),
}
"""The levels that an objective stands for."""
_SIDES: Final = ("of_workers", "of_shifts", "of_pairs")
_LARGEST: Final = 1_000


@runtime_checkable
class PolicyLevel(Protocol):
    """A level of a market's own: a small object with a name, words, and one or more of three methods.

    - ``of_workers(columns) -> int64[n_workers]``: what it counts to place each worker;
    - ``of_shifts(columns) -> int64[n_shifts]``: what a filled seat of each shift counts;
    - ``of_pairs(columns, pairs) -> int64[n_pairs]``: what each pair counts.

    They add up to the weights that are maximised. A weight depends on its own row alone, since workers who
    are not in the morning are asked about too.
    """

    @property
    def name(self) -> str:
        """Names it; unlike that of every other level and scorer."""
        ...

    @property
    def words(self) -> str | Mapping[str, str]:
        """What people call one unit or more of it: text, or text by language, ``"en"`` among them."""
        ...

    @property
    def largest(self) -> int:
        """No sum of its weights for one pair is above it, and none below 0; at most 1,000."""
        ...


def is_own(level: Level | PolicyLevel) -> TypeGuard[PolicyLevel]:
    """Whether a level turns columns into weights; the others take what the problem has."""
    return any(callable(getattr(level, side, None)) for side in _SIDES)


def weighs_pairs(level: Level | PolicyLevel) -> TypeGuard[PolicyLevel]:
    """Whether a level of a market's own has to be asked about every pair."""
    return callable(getattr(level, "of_pairs", None))


def check_levels(levels: Any) -> tuple[Level | PolicyLevel, ...]:
    """The levels of a policy, if they make sense together.

    Raises
    ------
    InvalidPolicyError
        Something is no level, two have one name, or their order decides nothing.
    PluginError
        The words of one are neither text nor text by language, English included.
    """
    if not isinstance(levels, tuple | list):
        raise InvalidPolicyError("levels_no_list", value=levels)
    for at, level in enumerate(levels):
        if isinstance(level, type) or not isinstance(getattr(level, "name", None), str):
            raise InvalidPolicyError("no_level", at=at, value=level)
        if is_own(level):
            _check_own(level)
        elif level not in STANDARD.values():
            raise InvalidPolicyError("level_without_weights", at=at, name=level.name, names=", ".join(_SIDES))
    names = [level.name for level in levels]
    if twice := [name for at, name in enumerate(names) if name in names[:at]]:
        raise InvalidPolicyError("levels_same_name", name=twice[0])
    if POINTS not in levels or levels[-1] != LOTTERY or SEATS in levels[1:]:
        raise InvalidPolicyError("levels_out_of_order", names=", ".join(names) or Told.of("words.none"))
    return tuple(levels)


def _check_own(level: PolicyLevel) -> None:
    largest = getattr(level, "largest", None)
    if type(largest) is not int or not 0 <= largest <= _LARGEST:
        raise InvalidPolicyError("level_largest", name=level.name, value=largest, most=_LARGEST)
    check_own_text("words", Told.of("errors.the_level", name=level.name), getattr(level, "words", None))


def further_level(level: PolicyLevel, columns: Columns, pairs: Pairs | None) -> Further:
    """The level of a problem, in whole weights; without pairs none of those.

    Raises
    ------
    PluginError
        It returned something other than int64 arrays of the right lengths with weights in range.
    """
    weights = {
        "worker": _part(level, "of_workers", columns.n_workers, columns),
        "shift": _part(level, "of_shifts", columns.n_shifts, columns),
        "pair": None if pairs is None else _part(level, "of_pairs", len(pairs), columns, pairs),
    }
    most = sum(int(part.max(initial=0)) for part in weights.values() if part is not None)
    if most > level.largest:
        raise PluginError("level_above_its_largest", name=level.name, most=most, largest=level.largest)
    return Further(level.name, **weights, words=by_language(level.words))


def problem_level(level: Level | PolicyLevel, columns: Columns, pairs: Pairs | None) -> Level:
    """A level as a problem has it: one of a market's own in whole weights, any other as it is."""
    return further_level(level, columns, pairs) if is_own(level) else cast(Level, level)


def pair_weights(
    level: Level | PolicyLevel, columns: Columns
) -> Callable[[Pairs, Int64Array], Int64Array] | None:
    """What weighs any pairs, of which the points are known; None for a level that weighs rows alone."""
    if not is_own(level):
        return (lambda pairs, points: points) if level == POINTS else None
    if not weighs_pairs(level):
        return None

    def weigh(pairs: Pairs, points: Int64Array) -> Int64Array:
        found = _part(level, "of_pairs", len(pairs), columns, pairs)
        assert found is not None
        return found

    return weigh


def _part(level: PolicyLevel, side: str, length: int, *given: Any) -> Int64Array | None:
    ask = getattr(level, side, None)
    if not callable(ask):
        return None
    weights: Int64Array = checked_array(
        Told.of("errors.of_level", side=side, name=level.name), ask(*given), np.int64, length
    )
    if len(weights) and (weights.min() < 0 or weights.max() > level.largest):
        raise PluginError(
            "level_weights_out_of_range",
            side=side,
            name=level.name,
            largest=level.largest,
            least=weights.min(),
            most=weights.max(),
        )
    return weights


def describe_level(level: Level | PolicyLevel) -> dict[str, Any]:
    """What is saved of a level."""
    if not is_own(level):
        return {"name": level.name}
    told = {
        "name": level.name,
        "version": getattr(level, "version", 1),
        "parameters": parameters_of(level),
    }
    return told if isinstance(level, People) else told | {"words": by_language(level.words)}


def restore_levels(entries: Sequence[Mapping[str, Any]], own: Mapping[str, Any]) -> tuple[Any, ...]:
    """The levels that `describe_level` told of; those of a market's own are given, by name.

    Raises
    ------
    InvalidPolicyError
        One is not given, or is of another version or other parameters.
    """
    found = []
    for entry in entries:
        name = entry["name"]
        level = own[name] if name in own and is_own(own[name]) else _built_in(entry)
        if level is None:
            raise not_built_in(Told.of("errors.the_level", name=name), "scorers=[...]")
        found_entry, said = _written(describe_level(level)), _written(entry)
        if found_entry != said:
            raise InvalidPolicyError("level_differs", name=name, said=said, found=found_entry)
        found.append(level)
    return tuple(found)


def _written(entry: Mapping[str, Any]) -> str:
    """As it is saved, where True is not 1."""
    return json.dumps(entry, ensure_ascii=False, sort_keys=True)


def _built_in(entry: Mapping[str, Any]) -> Level | PolicyLevel | None:
    """A level of the library, as it was saved."""
    return People(**entry["parameters"]) if _is_people(entry) else STANDARD.get(entry["name"])


def _is_people(entry: Mapping[str, Any]) -> bool:
    return entry["name"] == People.name and "words" not in entry


def level_words(policy: Mapping[str, Any], lang: str) -> dict[str, str]:
    """What people call the levels of a policy, as ``Policy.describe`` gives it, by name and in order."""
    entries = policy.get("levels") or [{"name": level.name} for level in OBJECTIVES[policy["objective"]]]
    return {entry["name"]: _called(entry, lang) for entry in entries}


def _called(entry: Mapping[str, Any], lang: str) -> str:
    if _is_people(entry):
        return People(**entry["parameters"]).text(lang)
    return own_text(entry.get("words") or STANDARD[entry["name"]].words, lang)
