"""The terms under which an assignment is proved, all of them: as data, as a file, and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, starmap
from typing import Annotated, Any, ClassVar, Final, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from gigmatch import i18n
from gigmatch.assignment.choosing import OPTIMAL, Chosen, Drawn, named
from gigmatch.assignment.instance import Instance, check_kinds
from gigmatch.assignment.promises import IdPairs
from gigmatch.columns import Columns, LimitColumn
from gigmatch.core.saved import FileFormat
from gigmatch.errors import CertificateError, InvalidInputError
from gigmatch.evidence.eyes import MARKET, PUBLIC
from gigmatch.evidence.parts import Record, SavedRecord
from gigmatch.evidence.terms_differences import (
    Facts,
    TermsDifference,
    differences_between,
    told_lines,
    told_settings,
)
from gigmatch.i18n import Told, joined
from gigmatch.i18n.texts import Texts
from gigmatch.model import LimitKind, Morning
from gigmatch.model.problems import broken
from gigmatch.pairing.levels import PolicyLevel, describe_level, is_own
from gigmatch.pairing.people import People
from gigmatch.pairing.policy import DEFAULT_POLICY, POINTS_SCALE, Policy
from gigmatch.pairing.preferences import ProposingSide, Stable
from gigmatch.pairing.rules import DEFAULT_RULES, Rule, is_library_rule, rule_name
from gigmatch.pairing.rules.base import rule_parameters, severity_under
from gigmatch.pairing.scoring import SCORERS, Scorer, describe_scorer
from gigmatch.pairing.succession import SuccessionRule, is_library_succession, standard_succession
from gigmatch.pairing.travel import StraightLine, Travel, ZoneMatrix, describe_travel
from gigmatch.problem import Level, Solution
from gigmatch.problem.plans import PlanSolution

__all__ = [
    "LimitTerms",
    "PartTerms",
    "RuleTerms",
    "ScorerTerms",
    "Terms",
    "refuse_other_terms",
    "terms_of",
    "terms_of_lottery",
]

_PARTS: Final = ("mechanism", "levels", "scorers", "rules", "succession", "travel", "limits")
_OPEN: Final = ("seed", "kept", "requested", "barred", "status")
_MOST_TOLD: Final = 20
_MOST_IN_ERROR: Final = 100

IdPair = tuple[str, str]


class PartTerms(Record):
    """What can be told of a level, of the travel, and of every rule and scorer besides."""

    name: Annotated[str, PUBLIC]
    """As it is called in code."""
    version: Annotated[Any, PUBLIC] = 1
    """Raised where its meaning changes."""
    parameters: Annotated[dict[str, Any], PUBLIC] = Field(default_factory=dict)
    """What it was made with."""
    is_own: Annotated[bool, PUBLIC] = False
    """Whether it is code of somebody's own, taken on trust, whatever its name; else it is the library's."""


class RuleTerms(PartTerms):
    """A rule that was applied."""

    severity: Annotated[Literal["block", "warn"], PUBLIC]
    """Its own, or that of the legal limit it stands for."""


class ScorerTerms(PartTerms):
    """A scorer that was weighed."""

    weight: Annotated[float, PUBLIC]
    """Points for a pair that it scores 1."""


class LimitTerms(Record):
    """A legal limit of the morning."""

    name: Annotated[LimitKind, PUBLIC]
    """What is limited."""
    figures: Annotated[tuple[float, ...], PUBLIC]
    """The figures that bind some shift, ascending; more than one where days differ."""
    severity: Annotated[Literal["block", "warn"], PUBLIC]
    """What rules that stand for it do."""


class Terms(SavedRecord):
    """What an assignment was asked for: whatever decides the answer besides who and what is in the morning.

    `check` returns those of an answer; `of` makes those that a market publishes beforehand, to be saved and
    held against every answer by ``check(..., terms=published)``. What is None is left open.
    """

    saved_as: ClassVar = FileFormat("terms", 2, is_bare=False)
    mechanism: Annotated[PartTerms, PUBLIC] = PartTerms(name="optimal")
    """How the answer is chosen, as ``Assignment.mechanism`` names it: the best by the levels, ``stable`` with
    side, thresholds and likings, drawn from a fair ``lottery``, or in a way of halls."""
    levels: Annotated[tuple[PartTerms, ...], Field(min_length=1), PUBLIC]
    """What counts, in order."""
    seed: Annotated[int | None, PUBLIC]
    """Of whatever is left to chance: the lottery that decides between equal ones, lots, draws."""
    requests: Annotated[Literal["points", "promise"], PUBLIC]
    """What it means that an employer asked for somebody by name."""
    scorers: Annotated[tuple[ScorerTerms, ...], PUBLIC]
    """What points are made of."""
    rules: Annotated[tuple[RuleTerms, ...], PUBLIC]
    """Which pairs may stand; their order decides nothing."""
    succession: Annotated[tuple[RuleTerms, ...], PUBLIC] = ()
    """Where somebody takes several shifts, or shifts come whole: which shift may follow on which."""
    travel: Annotated[PartTerms, PUBLIC]
    """How long ways are."""
    limits: Annotated[tuple[LimitTerms, ...], PUBLIC]
    """The law, as the morning has it."""
    arrivals_bind: Annotated[bool, PUBLIC]
    """Whether the morning says that nobody is placed in work that begins before they arrived."""
    market_insurance: Annotated[bool, PUBLIC]
    """Whether the morning says that the market covers everybody."""
    kept: Annotated[tuple[IdPair, ...] | None, MARKET]
    """(worker id, shift id) of pairs that the market promised, sorted: they follow from nothing else."""
    requested: Annotated[tuple[IdPair, ...] | None, MARKET]
    """Pairs promised because employers asked for them by name and ``requests`` says so, sorted: they follow
    from the morning and ``kept``."""
    barred: Annotated[tuple[IdPair, ...] | None, MARKET]
    """Pairs that the market forbade, sorted."""
    status: Annotated[Literal["optimal", "feasible"] | None, PUBLIC]
    """Whether every level is proved; where it is left open, so is the gap. None for all mechanisms but the
    best by the levels: they do not look for that."""
    gap_points: Annotated[float | None, MARKET]
    """Points that another assignment may have more, at most."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for part in (self.rules, self.succession, self.scorers, self.levels, self.limits):
            names = sorted(each.name for each in part)
            for name, other in pairwise(names):
                if name == other:
                    raise broken(Told.of("errors.terms_twice", name=name))
        return self

    @classmethod
    def of(
        cls,
        morning: Morning | Columns,
        *,
        rules: Sequence[Rule] = DEFAULT_RULES,
        policy: Policy = DEFAULT_POLICY,
        travel: Travel | None = None,
        keep: IdPairs = (),
        forbid: IdPairs = (),
        succession: Sequence[SuccessionRule] | None = None,
        mechanism: str = OPTIMAL.name,
        side: ProposingSide | None = None,
        preferences: Policy | None = None,
        worker_least: float | None = None,
        employer_least: float | None = None,
    ) -> Terms:
        """Tell the terms of a morning that has not been matched yet: what a market publishes.

        Parameters
        ----------
        morning : Morning or Columns
            It says the law, arrivals, insurance, and whom employers asked for.
        rules, policy, travel, keep, forbid, succession
            As for ``gigmatch.match``.
        mechanism : str
            How the answer will be chosen: ``"optimal"`` by ``match``, ``"stable"``, ``"lottery"`` to be drawn
            from ``fair_lottery``, or a ``way`` of ``gigmatch.mechanisms.Hall``.
        side, preferences, worker_least, employer_least
            As for ``gigmatch.stable``; of a stable answer alone.

        Returns
        -------
        Terms
            With the status of an answer that is proved. Where the seed of a draw is published only after the
            lists are closed, ``with_open("seed")`` leaves it open until then.

        Raises
        ------
        InvalidInputError
            There is no such mechanism, or it has no such setting.
        GigmatchError
            As ``gigmatch.match`` does before it begins.

        Examples
        --------
        >>> import gigmatch as gm
        >>> morning = gm.samples.jingshi(workers=50)
        >>> policy = gm.DEFAULT_POLICY.with_seed(7)
        >>> published = Terms.of(morning, policy=policy)
        >>> gm.check(morning, gm.match(morning, policy=policy), terms=published) == published
        True
        >>> print(Terms.of(morning, mechanism="stable", side="employer", worker_least=20))
        terms: stable, best for employers, seed 0, 0 kept, 0 barred
        how it is chosen: stable, not the best by its levels
        workers would rather have nobody below a score of 20
        the market says that it covers everybody
        """
        travel = StraightLine() if travel is None else travel
        check_kinds(morning, policy, travel, preferences=preferences)
        chosen = named(
            mechanism,
            policy,
            side=side,
            preferences=preferences,
            worker_least=worker_least,
            employer_least=employer_least,
        )
        options: dict[str, Any] = {"chosen": chosen, "plans": True, "succession": succession}
        return terms_of(Instance.prepare(morning, rules, policy, travel, keep, forbid, **options))

    @property
    def objective(self) -> str:
        """Name of the first level."""
        return self.levels[0].name

    def with_open(self, *names: str) -> Self:
        """Return them with some left open: any answer is under them, whatever it says of these.

        Parameters
        ----------
        *names : {"seed", "kept", "requested", "barred", "status"}
            The gap is open where the status is. Leave the seed open only where it is drawn after the lists
            are closed, by a source that nobody chooses: who may choose it can try seeds.

        Raises
        ------
        InvalidInputError
            Something else.

        Examples
        --------
        >>> import gigmatch as gm
        >>> Terms.of(gm.samples.jingshi(workers=50)).with_open("kept").kept is None
        True
        """
        if unknown := [name for name in names if name not in _OPEN]:
            raise InvalidInputError("terms_not_open", value=unknown[0], names=", ".join(_OPEN))
        gap = ("gap_points",) if "status" in names else ()
        return self.model_copy(update=dict.fromkeys((*names, *gap)))

    def differences(self, due: Terms) -> tuple[TermsDifference, ...]:
        """List where they are others than those that were due; what either leaves open is not compared."""
        return tuple(differences_between(self._facts(), due._facts()))

    @property
    def departures(self) -> tuple[TermsDifference, ...]:
        """Whatever differs from the defaults, under the law of the morning."""
        return self.differences(self._usual())

    def text(self, lang: str = "en") -> str:
        """Tell them in a language, what differs from the default in a line each; `str` in English.

        Parameters
        ----------
        lang : str
            Such as ``"zh"``; a language that has no catalogue is told in English.

        Examples
        --------
        >>> import gigmatch as gm
        >>> print(Terms.of(gm.samples.jingshi(workers=50), travel=gm.StraightLine(detour=6)).text("zh"))
        条件：名额优先，种子 0，约定 0 对，禁止 0 对
        路程算法“直线距离”，detour：6（而不是：1.3）
        市场声明为所有人统一投保
        """
        lang = i18n.known(lang) or "en"  # in which parts are told by their names
        texts = Texts("terms", lang)
        values = {
            "aim": self._aim(),
            "seed": Told.of("terms.any") if self.seed is None else self.seed,
            "kept": _count(self.kept, self.requested),
            "barred": _count(self.barred),
        }
        how, rest = _apart(self.departures)
        settings = told_settings(self.mechanism.parameters, _likings(self.scorers))
        lines = [*told_lines(how, 1), *settings, *told_lines(rest, _MOST_TOLD)]
        told = [texts("head", **values), *(line.text(lang) for line in lines)]
        told += [texts("not_drawn")] if self.succession else []
        return "\n".join(told + [texts("who_first", people=each.text(lang)) for each in self._people()])

    def _people(self) -> Iterator[People]:
        """Who comes first, where a level says so and decides something."""
        for level in self.levels if self.mechanism.name == OPTIMAL.name else ():
            if level.name == People.name and not level.is_own:
                yield People(**level.parameters)

    def _aim(self) -> Told:
        """What decides, in a word or two."""
        name, asked = self.mechanism.name, self.mechanism.parameters
        if name == OPTIMAL.name:
            return Told.of("terms.aim_levels", level=Told(self.objective, f"levels.{self.objective}"))
        if name == Stable.name:
            return Told.of("terms.aim_stable", side=Told.of(f"terms.value_{asked['side']}"))
        return Told.of(f"mechanisms.{name}")

    def __str__(self) -> str:
        return self.text()

    def _usual(self) -> Terms:
        """The defaults, under the same law."""
        law = {limit.name: limit for limit in self.limits}
        usual = standard_succession() if self.succession else ()
        return Terms(
            **_of_policy(DEFAULT_POLICY),
            rules=tuple(_of_rule(rule, law) for rule in DEFAULT_RULES),
            succession=tuple(_of_succession(rule, law) for rule in usual),
            travel=_of_travel(StraightLine()),
            limits=self.limits,
            arrivals_bind=True,
            market_insurance=False,
            kept=(),
            requested=(),
            barred=(),
            status="optimal",
            gap_points=0.0,
        )

    def _facts(self) -> Facts:
        """Everything by its path, one value each, as it is compared."""
        facts: dict[tuple[str, ...], Any] = {}
        for room, value in self:
            if room == "levels":
                facts[room,] = tuple(level.name for level in value)
            if room == "mechanism":
                facts[room,] = value.name
            if room in _PARTS:
                for part in value if isinstance(value, tuple) else (value,):
                    facts.update(_facts_of(part, (room, part.name)))
            elif value is not None:
                facts[room,] = value
        return facts


def terms_of(instance: Instance, solution: Solution | PlanSolution | None = None) -> Terms:
    """Tell the terms of an instance, with how far a solution is proved; without one, wholly."""
    columns, policy = instance.columns, instance.policy
    kept, requested = instance.kept_and_requested()
    succession = () if instance.is_plain else instance.succession
    return Terms(
        mechanism=_of_mechanism(instance.chosen),
        **_of_policy(policy),
        rules=tuple(_of_rule(rule, columns.limits) for rule in instance.rules),
        succession=tuple(_of_succession(rule, columns.limits) for rule in succession),
        travel=_of_travel(instance.travel),
        limits=tuple(starmap(_of_limit, sorted(columns.limits.items()))),
        arrivals_bind=columns.arrivals_bind,
        market_insurance=columns.market_insurance,
        kept=kept,
        requested=requested,
        barred=tuple(sorted({*instance.forbid})),
        **_proved(instance.chosen, solution),
    )


def refuse_other_terms(found: Terms, due: Terms) -> None:
    """Refuse terms that are others than those that were published.

    Raises
    ------
    CertificateError
        ``other_terms``: with the path of every difference, and all of them in words, 100 at most.
    """
    if differences := found.differences(due):
        lines = told_lines(differences, _MOST_IN_ERROR)
        told = joined("errors.lines", [Told.of("errors.made_under"), *lines])
        paths = [".".join(each.path) for each in differences]
        raise CertificateError("other_terms", differences=told, paths=paths)


def terms_of_lottery(best: Terms) -> Terms:
    """Tell the terms of a fair lottery, from those of its best assignment."""
    assert best.seed is not None
    return best.model_copy(
        update={"mechanism": _of_mechanism(Drawn(best.seed)), "status": None, "gap_points": None}
    )


def _proved(chosen: Chosen, solution: Solution | PlanSolution | None) -> dict[str, Any]:
    """How far an answer is the best by the levels, where it is chosen by them."""
    if chosen != OPTIMAL:
        return {"status": None, "gap_points": None}
    if solution is None:
        return {"status": "optimal", "gap_points": 0.0}
    return {"status": solution.status, "gap_points": solution.gap / POINTS_SCALE}


def _of_mechanism(chosen: Chosen) -> PartTerms:
    """How the answer is chosen; of likings the scorers, as `_of_scorer` tells them."""
    asked = chosen.describe()
    name = asked.pop("name")
    if isinstance(chosen, Stable):
        asked["preferences"] = _likings(starmap(_of_scorer, chosen.preferences.policy.scorers))
    return PartTerms(name=name, parameters=asked)


def _likings(scorers: Iterable[ScorerTerms]) -> dict[str, Any]:
    """What is said of each scorer, by name."""
    return {told.name: told.model_dump(exclude={"name"}) for told in scorers}


def _of_policy(policy: Policy) -> dict[str, Any]:
    """What a policy says: levels, seed, requests and scorers."""
    return {
        "levels": tuple(_of_level(level) for level in policy.levels),
        "seed": policy.seed,
        "requests": policy.requests,
        "scorers": tuple(_of_scorer(*entry) for entry in policy.scorers),
    }


def _of_level(level: Level | PolicyLevel) -> PartTerms:
    told = describe_level(level)
    told.pop("words", None)
    return PartTerms(**told, is_own=is_own(level) and type(level) is not People)


def _of_scorer(scorer: Scorer, weight: float) -> ScorerTerms:
    told = describe_scorer(scorer)
    told.pop("words", None)
    return ScorerTerms(**told, weight=weight, is_own=type(scorer) is not SCORERS.get(told["name"]))


def _of_rule(rule: Rule, law: Mapping[Any, Any]) -> RuleTerms:
    """A rule, its severity from the law where it has none."""
    return _told_rule(rule, law, is_own=not is_library_rule(rule))


def _of_succession(rule: SuccessionRule, law: Mapping[Any, Any]) -> RuleTerms:
    return _told_rule(rule, law, is_own=not is_library_succession(rule))


def _told_rule(rule: Any, law: Mapping[Any, Any], *, is_own: bool) -> RuleTerms:
    return RuleTerms(
        name=rule_name(rule),
        version=getattr(rule, "version", 1),
        parameters=rule_parameters(rule),
        severity=severity_under(rule, law),
        is_own=is_own,
    )


def _of_travel(travel: Travel) -> PartTerms:
    """What a saved answer holds of a travel, in parts."""
    told = describe_travel(travel)
    name, version = told.pop("kind", type(travel).__name__), told.pop("version", 1)
    if told.keys() == {"parameters"} and isinstance(told["parameters"], dict):
        told = told["parameters"]
    is_own = type(travel) not in (StraightLine, ZoneMatrix)
    return PartTerms(name=str(name), version=version, parameters=told, is_own=is_own)


def _of_limit(name: LimitKind, limit: LimitColumn) -> LimitTerms:
    figures = np.unique(limit.value[~np.isnan(limit.value)])
    return LimitTerms(name=name, figures=tuple(figures.tolist()), severity=limit.severity)


def _apart(
    differences: Sequence[TermsDifference],
) -> tuple[list[TermsDifference], list[TermsDifference]]:
    """How the answer is chosen, where that is no default; and all others."""
    how = [each for each in differences if each.path == ("mechanism",)]
    return how, [each for each in differences if each not in how]


def _count(*pairs: tuple[IdPair, ...] | None) -> Any:
    """How many pairs there are, where none of them is left open."""
    known = [each for each in pairs if each is not None]
    return sum(map(len, known)) if len(known) == len(pairs) else Told.of("terms.any")


def _facts_of(part: PartTerms | LimitTerms, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Everything that is said of a part, by its path."""
    said = part.model_dump(exclude={"name"})
    yield path, "own" if said.pop("is_own", False) else "library"
    yield from _flat(path, said)


def _flat(path: tuple[str, ...], said: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """What is nested, by paths; a parameter that is an empty mapping is a value."""
    for name, value in said.items():
        if isinstance(value, dict) and (value or len(path) == 2):
            yield from _flat((*path, name), value)
        else:
            yield (*path, name), value
