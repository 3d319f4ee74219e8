"""What a market wants: scorers weighed into points, the order of aims, and the lottery's seed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from pathlib import Path
from typing import Any, ClassVar, Literal, Self, cast

import numpy as np

from gigmatch import i18n
from gigmatch.columns import Columns
from gigmatch.core.arrays import Float64Array, Int64Array
from gigmatch.core.files import read_bytes
from gigmatch.core.plugins import is_of_version, not_built_in, parameters_of, plugin_name
from gigmatch.core.saved import FileFormat, Saved, unknown_key
from gigmatch.core.threads import Progress, in_order
from gigmatch.core.widths import to_the_left
from gigmatch.errors import InvalidPolicyError
from gigmatch.i18n import Told
from gigmatch.i18n.foreign import shown
from gigmatch.i18n.texts import Texts, called, own_text
from gigmatch.pairing.compiled.forms import is_worth_it
from gigmatch.pairing.compiled.scores import PointsLoop
from gigmatch.pairing.levels import (
    OBJECTIVES,
    PolicyLevel,
    check_levels,
    describe_level,
    is_own,
    level_words,
    problem_level,
    restore_levels,
)
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.people import People
from gigmatch.pairing.scoring import (
    DEFAULT_SCORERS,
    SCORERS,
    Scorer,
    apply_scorer,
    describe_scorer,
    scorer_depends_on,
    scorer_name,
    scorer_side,
    scorer_words,
)
from gigmatch.pairing.travel import Travel
from gigmatch.problem import POINTS, SEATS, Level

__all__ = ["DEFAULT_POLICY", "POINTS_SCALE", "Policy"]

POINTS_SCALE = 100
"""Weights are integers in units of 1/POINTS_SCALE point."""

PEOPLE = People()

BLOCK_PAIRS = 1 << 16
LARGEST_WEIGHT = 1e6
LARGEST_SEED = 2**63 - 1


_KEYS = ("objective", "seed", "scorers", "levels")
_ENTRY_KEYS = ("name", "version", "parameters", "words", "weight")


@dataclass(frozen=True)
class Policy(Saved):
    """Scorers with their weights, the objective and the seed.

    Parameters
    ----------
    scorers : sequence of (Scorer, float), optional
        Each with the points it gives to a pair it scores 1: whole hundredths, 0 to 1,000,000. Names differ.
        `DEFAULT_SCORERS` if not given.
    objective : {"seats", "points"}
        ``"seats"``: as many seats as possible, most urgent tier first, and among those assignments the most
        points. ``"points"``: the most points, wherever they come from. With ``levels`` the name of the first.
    seed : int
        Seed of the lottery that decides what is still equal, 0 to 2**63 - 1. Publish it beforehand.
    levels : sequence of Level or PolicyLevel, optional
        What counts in which order, for example ``(SEATS, mine, POINTS, LOTTERY)``; those of the objective
        unless given.
    requests : {"points", "promise"}
        What it means that an employer asked for somebody by name: what the scorer ``Requested`` weighs,
        nothing without it; or a promise wherever the pair may stand and a seat is left.

    Raises
    ------
    InvalidPolicyError
        Naming the scorer or field that makes no sense.

    Examples
    --------
    >>> print(DEFAULT_POLICY.with_weight("waiting", 30).only("pay", "waiting"))
    policy: seats by tier, then points, then the lottery (seed 0)
       25.00  pay              worker
       30.00  waiting          market
    """

    saved_as: ClassVar = FileFormat("policy", 2)
    scorers: tuple[tuple[Scorer, float], ...] = field(default_factory=lambda: DEFAULT_SCORERS)
    objective: Literal["seats", "points"] = cast(Any, None)  # that of the levels, else "seats"
    seed: int = 0
    levels: tuple[Level | PolicyLevel, ...] = ()
    requests: Literal["points", "promise"] = "points"

    def __post_init__(self) -> None:
        if not isinstance(self.scorers, tuple | list):
            raise InvalidPolicyError("scorers_no_list", value=self.scorers)
        object.__setattr__(self, "scorers", tuple(_entry(at, entry) for at, entry in enumerate(self.scorers)))
        twice = [name for at, name in enumerate(self.names) if name in self.names[:at]]
        if twice:
            raise InvalidPolicyError("scorers_same_name", name=twice[0])
        object.__setattr__(self, "levels", check_levels(self._levels_in_order()))
        object.__setattr__(self, "objective", self.levels[0].name)
        if both := [level.name for level in self.levels if is_own(level) and level.name in self.names]:
            raise InvalidPolicyError("level_and_scorer_same_name", name=both[0])
        if self.requests not in ("points", "promise"):
            raise InvalidPolicyError("unknown_requests", value=self.requests)
        if type(self.seed) is not int or not 0 <= self.seed <= LARGEST_SEED:
            raise InvalidPolicyError("seed_out_of_range", value=self.seed, most=LARGEST_SEED)
        if self.levels[0] == POINTS and not any(weight for _, weight in self.scorers):
            raise InvalidPolicyError("all_weights_zero")

    def _levels_in_order(self) -> Any:
        """Those given, or those of the objective; levels that another objective stood for give way to it."""
        objective, levels = self.objective, self.levels
        if objective is None:
            return levels or OBJECTIVES[SEATS.name]
        if isinstance(levels, tuple) and (not levels or levels in OBJECTIVES.values()):
            if objective not in tuple(OBJECTIVES):
                raise InvalidPolicyError("unknown_objective", value=objective)
            return OBJECTIVES[objective]
        if objective != check_levels(levels)[0].name:
            raise InvalidPolicyError("objective_and_levels", value=objective)
        return levels

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scorers, in order."""
        return tuple(scorer_name(scorer) for scorer, _ in self.scorers)

    @property
    def words(self) -> dict[str, dict[str, str]]:
        """What people call those scorers that bring words of their own, by name and language."""
        told = {scorer_name(scorer): scorer_words(scorer) for scorer, _ in self.scorers}
        return {name: words for name, words in told.items() if words}

    @property
    def plugins(self) -> tuple[Any, ...]:
        """Its scorers and the levels of the market's own: what a saved answer needs to be read again."""
        return (*(scorer for scorer, _ in self.scorers), *filter(is_own, self.levels))

    def with_scorer(self, scorer: Scorer, weight: float) -> Self:
        """The policy with a scorer added, or put in the place of the one of its name.

        Parameters
        ----------
        scorer : Scorer
            A callable ``(columns, pairs) -> float64[n_pairs]`` in [0, 1].
        weight : float
            Points for a pair that it scores 1, in whole hundredths.

        Examples
        --------
        >>> def early(columns, pairs):
        ...     return (columns.shifts.start_min[pairs.shift] < 480).astype(float)
        >>> DEFAULT_POLICY.with_scorer(early, weight=20).names[-1]
        'early'
        """
        name = scorer_name(scorer)
        if name not in self.names:
            return replace(self, scorers=(*self.scorers, (scorer, weight)))
        return replace(self, scorers=tuple((scorer, weight) if n == name else e for n, e in self._by_name()))

    def with_weight(self, name: str, weight: float) -> Self:
        """The policy with another weight for one scorer."""
        self._known(name)
        return replace(self, scorers=tuple((s, weight if n == name else w) for n, (s, w) in self._by_name()))

    def only(self, *names: str) -> Self:
        """The policy with these scorers alone."""
        for name in names:
            self._known(name)
        return replace(self, scorers=tuple(entry for name, entry in self._by_name() if name in names))

    def with_objective(self, objective: Literal["seats", "points"]) -> Self:
        """The policy with another objective, and its levels alone."""
        return replace(self, objective=objective, levels=())

    def with_levels(self, *levels: Level | PolicyLevel) -> Self:
        """The policy with other levels, in order."""
        return replace(self, objective=cast(Any, None), levels=levels)

    def with_people(self, people: People | None = PEOPLE) -> Self:
        """The policy with people first: right after the seats, or at the top where no level is about seats.

        Parameters
        ----------
        people : People, optional
            Which of them; the longest waiting first, day by day, unless given. It takes the place of such a
            level that is there already; None takes that away.
        """
        others = [level for level in self.levels if not isinstance(level, People)]
        at = next((at for at, level in enumerate(self.levels) if isinstance(level, People)), SEATS in others)
        return self.with_levels(*others[:at], *([] if people is None else [people]), *others[at:])

    @property
    def people(self) -> People | None:
        """Its level of people, if it has one."""
        return next((level for level in self.levels if isinstance(level, People)), None)

    def with_requests(self, requests: Literal["points", "promise"]) -> Self:
        """The policy with another meaning of requests by name."""
        return replace(self, requests=requests)

    def with_seed(self, seed: int) -> Self:
        """The policy with another seed of the lottery."""
        return replace(self, seed=seed)

    def points(self, columns: Columns, pairs: Pairs, progress: Progress | None = None) -> Int64Array:
        """Points of every pair, in units of 1/`POINTS_SCALE`: int64[n_pairs].

        The sum over the scorers of ``round(score * weight * POINTS_SCALE)``, halves to even.

        Parameters
        ----------
        columns : Columns
            The morning.
        pairs : Pairs
            Any pairs of it.
        progress : callable, optional
            Called with ``("scoring", share done)``.

        Raises
        ------
        PluginError
            A scorer returned something other than float64[n_pairs] in [0, 1].
        """
        many = len(pairs) > columns.n_workers + columns.n_shifts
        points_of = self.scorecard(columns, pairs.travel) if many else partial(_points, self.scorers, columns)
        total = np.zeros(len(pairs), dtype=np.int64)

        def score(first: int) -> int:
            at = slice(first, first + BLOCK_PAIRS)
            total[at] = points_of(pairs.take(at))
            return min(first + BLOCK_PAIRS, len(pairs))

        for done in in_order(score, range(0, len(pairs), BLOCK_PAIRS)):
            if progress:
                progress("scoring", done / len(pairs))
        return total

    def scorecard(
        self, columns: Columns, travel: Travel, *, compiled: bool | None = None
    ) -> Callable[[Pairs], Int64Array]:
        """What gives the `points` of many pairs, block after block.

        Scorers that depend on one side alone are asked here, once a row.

        Parameters
        ----------
        columns : Columns
            The morning.
        travel : Travel
            What the pairs will be made with.
        compiled : bool, optional
            Whether scorers are asked by their compiled forms; unless given, where that saves time.

        Returns
        -------
        callable
            ``(pairs) -> int64[n_pairs]``; may be called in several threads.
        """
        if not columns.n_workers or not columns.n_shifts:
            return partial(_points, self.scorers, columns)
        by: dict[str | None, list[tuple[Scorer, float]]] = {"worker": [], "shift": [], None: []}
        for scorer, weight in self.scorers:
            by[scorer_depends_on(scorer)].append((scorer, weight))
        workers, shifts = np.arange(columns.n_workers), np.arange(columns.n_shifts)
        of_worker = _points(by["worker"], columns, Pairs(columns, travel, workers, np.zeros_like(workers)))
        of_shift = _points(by["shift"], columns, Pairs(columns, travel, np.zeros_like(shifts), shifts))

        if is_worth_it(columns) if compiled is None else compiled:
            return self._compiled_scorecard(columns, travel, by[None], of_worker, of_shift)

        def points_of(pairs: Pairs) -> Int64Array:
            total = _points(by[None], columns, pairs)
            total += of_worker.take(pairs.worker)
            total += of_shift.take(pairs.shift)
            return total

        return points_of

    @staticmethod
    def _compiled_scorecard(
        columns: Columns,
        travel: Travel,
        scorers: Sequence[tuple[Scorer, float]],
        of_worker: Int64Array,
        of_shift: Int64Array,
    ) -> Callable[[Pairs], Int64Array]:
        """`scorecard`, with the scorers that have a compiled form in one loop."""
        in_units = [(scorer, _units(weight)) for scorer, weight in scorers if weight]
        loop = PointsLoop(columns, travel, in_units, of_worker, of_shift)

        def points_of(pairs: Pairs) -> Int64Array:
            total = loop(pairs)
            for scorer, units in loop.rest:
                total += _quantised(scorer, units, columns, pairs)
            return total.astype(np.int64)

        return points_of

    def problem_levels(
        self, columns: Columns, pairs: Pairs | None, *, lots: bool = True
    ) -> tuple[Level, ...]:
        """The levels of a problem, those of the market's own in whole weights.

        Parameters
        ----------
        columns : Columns
            The morning.
        pairs : Pairs, optional
            Of the problem, in order; without, no pair has a weight.
        lots : bool
            Whether a level that is drawn is among them.
        """
        levels = (problem_level(level, columns, pairs) for level in self.levels)
        return tuple(level for level in levels if lots or not level.is_drawn)

    @property
    def most(self) -> dict[str, int]:
        """The greatest weight of any pair, in the morning or not, by level that is not about seats alone."""
        points = sum(round(weight * POINTS_SCALE) for _, weight in self.scorers)
        return {POINTS.name: points} | {one.name: one.largest for one in self.levels if is_own(one)}

    def breakdown(self, columns: Columns, pairs: Pairs) -> Int64Array:
        """Points of every pair by scorer, in units of 1/`POINTS_SCALE`: int64[n_pairs, n_scorers].

        Rows add up to `points`.

        Parameters
        ----------
        columns, pairs
            As for `points`.
        """
        parts = [_quantised(scorer, _units(weight), columns, pairs) for scorer, weight in self.scorers]
        return (
            np.stack(parts, axis=1).astype(np.int64) if parts else np.zeros((len(pairs), 0), dtype=np.int64)
        )

    def describe(self) -> dict[str, Any]:
        """The policy as plain data: what is saved."""
        entries = [{**describe_scorer(scorer), "weight": weight} for scorer, weight in self.scorers]
        told: dict[str, Any] = {"objective": self.objective, "seed": self.seed, "scorers": entries}
        if self.requests != "points":
            told["requests"] = self.requests
        if self.levels == OBJECTIVES.get(self.objective):
            return told
        return told | {"levels": [describe_level(level) for level in self.levels]}

    @classmethod
    def restore(cls, data: Mapping[str, Any], scorers: Sequence[Scorer | PolicyLevel] = ()) -> Self:
        """The policy that `describe` gave.

        Parameters
        ----------
        data : mapping
            What `describe` gave.
        scorers : sequence of Scorer or PolicyLevel
            The user's own scorers and levels that the policy names; scorers win over built-in ones of the
            same name.

        Raises
        ------
        InvalidPolicyError
            A scorer or level is not known, or is of another version.
        """
        own: dict[str, Any] = {plugin_name(plugin): plugin for plugin in scorers}
        try:
            entries = tuple((_restored(entry, own), entry["weight"]) for entry in data["scorers"])
            levels = restore_levels(data["levels"], own) if "levels" in data else ()
            return cls(entries, data["objective"], data["seed"], levels, data.get("requests", "points"))
        except (KeyError, TypeError, AttributeError) as error:
            raise InvalidPolicyError("not_a_saved_policy", error=shown(error)) from None

    def to_json(self) -> bytes:
        """Return the policy as JSON in UTF-8, scorers and levels of one's own by name."""
        return self.saved_as.enveloped(json.dumps(self.describe(), ensure_ascii=False, indent=1))

    @classmethod
    def from_json(
        cls,
        data: bytes | str,
        scorers: Sequence[Scorer | PolicyLevel] = (),
        *,
        source: str | Path | None = None,
    ) -> Self:
        """Read a policy that `to_json` gave; ``scorers`` as for `restore`.

        Raises
        ------
        InvalidFileError
            As for every saved kind.
        InvalidPolicyError
            As for `restore`.
        """
        fields, place = cls._fields_in(data, source, _KEYS)
        try:
            return cls.restore(fields, scorers)
        except InvalidPolicyError as error:
            raise InvalidPolicyError("in_place", place=place, error=error) from None

    @classmethod
    def load(cls, path: str | Path, scorers: Sequence[Scorer | PolicyLevel] = ()) -> Self:
        """Read a policy from a file that `save` wrote; ``scorers`` and what is raised as for `from_json`."""
        return cls.from_json(read_bytes(path), scorers, source=path)

    def text(self, lang: str = "en") -> str:
        """Tell it in a language: its levels and seed, then a line for each scorer; `str` in English.

        Parameters
        ----------
        lang : str
            Such as ``"zh"``; a language that has no catalogue is told in English.

        Examples
        --------
        >>> print(Policy(seed=7).text("zh"))  # doctest: +ELLIPSIS
        策略：名额（按优先级），其次得分，最后抽签（种子 7）
           25.00  报酬             零工
        ...
        """
        texts = Texts("policy", lang)
        words = level_words(self.describe(), lang)
        words[SEATS.name] = texts("by_tier", level=words.get(SEATS.name, ""))
        *aims, lottery = (words[level.name] for level in self.levels)
        told = reduce(lambda first, rest: texts("then", first=first, rest=rest), aims)
        lines = [texts("head", levels=told, lottery=lottery, seed=self.seed)]
        if self.requests == "promise":
            lines.append(texts("requests_promised"))
        for scorer, weight in self.scorers:
            name, side = _called(scorer, lang), i18n.text(f"words.{scorer_side(scorer)}", lang)
            lines.append(f"{weight:8.2f}  {to_the_left(name, 16)} {side}")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()

    def _by_name(self) -> list[tuple[str, tuple[Scorer, float]]]:
        return list(zip(self.names, self.scorers, strict=True))

    def _known(self, name: str) -> None:
        if name not in self.names:
            raise InvalidPolicyError(
                "unknown_scorer", name=name, names=", ".join(self.names) or Told.of("words.none")
            )


def _called(scorer: Scorer, lang: str) -> str:
    """What people call a scorer; in English its name, by which it is weighed."""
    own = {} if i18n.known(lang) == "en" else scorer_words(scorer)
    return own_text(own, lang) if own else called("scorers.{}", scorer_name(scorer), lang)


def _entry(at: int, entry: Any) -> tuple[Scorer, float]:
    if not (isinstance(entry, tuple | list) and len(entry) == 2):
        raise InvalidPolicyError("no_scorer_and_weight", at=at, value=entry)
    scorer, weight = entry
    if not callable(scorer) or isinstance(scorer, type):
        raise InvalidPolicyError("no_scorer", at=at, value=scorer)
    scorer_side(scorer)
    scorer_depends_on(scorer)
    name = scorer_name(scorer)
    if isinstance(weight, bool) or not isinstance(weight, int | float):
        raise InvalidPolicyError("weight_no_number", name=name, value=weight)
    if not 0 <= weight <= LARGEST_WEIGHT:
        raise InvalidPolicyError("weight_out_of_range", name=name, value=weight, most=LARGEST_WEIGHT)
    if abs(weight * POINTS_SCALE - round(weight * POINTS_SCALE)) > 1e-6:
        raise InvalidPolicyError("weight_too_fine", name=name, value=weight)
    return scorer, float(weight)


def _points(scorers: Sequence[tuple[Scorer, float]], columns: Columns, pairs: Pairs) -> Int64Array:
    total = np.zeros(len(pairs))  # whole numbers far below 2**53: their sum is exact
    for scorer, weight in scorers:
        if weight:
            total += _quantised(scorer, _units(weight), columns, pairs)
    return total.astype(np.int64)


def _quantised(scorer: Scorer, units: int, columns: Columns, pairs: Pairs) -> Float64Array:
    """Points in whole units, so many for a score of 1: float64[n_pairs]."""
    exact = apply_scorer(scorer, columns, pairs) * units
    return np.rint(exact, out=exact)


def _units(weight: float) -> int:
    return round(weight * POINTS_SCALE)


def _restored(entry: Mapping[str, Any], own: Mapping[str, Scorer]) -> Scorer:
    name, version = entry["name"], entry["version"]
    for key in entry:
        if key not in _ENTRY_KEYS:
            raise InvalidPolicyError(
                "scorer_unknown_key", name=name, key=key, error=unknown_key(key, _ENTRY_KEYS)
            )
    if name in own:
        scorer = own[name]
    elif name in SCORERS:
        parameters = {k: tuple(v) if isinstance(v, list) else v for k, v in entry["parameters"].items()}
        scorer = SCORERS[name](**parameters)
    else:
        raise not_built_in(Told.of("errors.of_scorer", name=name), "scorers=[...]")
    if not is_of_version(scorer, version):
        found = getattr(scorer, "version", 1)
        raise InvalidPolicyError("scorer_other_version", name=name, version=version, found=found)
    if parameters_of(scorer) != entry["parameters"]:
        raise InvalidPolicyError(
            "scorer_other_parameters", name=name, said=entry["parameters"], found=parameters_of(scorer)
        )
    return scorer


DEFAULT_POLICY = Policy()
"""Seats, then points by the scorers that every market has, then the lottery with seed 0."""
