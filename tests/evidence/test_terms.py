"""Terms: whatever decides an answer is told, published, and held against it; the ways round it are tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import gigmatch as gm
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.evidence.terms import refuse_other_terms
from strategies import mornings
from tests.conftest import a_morning, a_shift, a_worker, examples, for_each

LAW = gm.Jurisdiction(
    name="Here",
    limits=[
        gm.LegalLimit(kind=kind, value=figure, valid_from="2020-01-01", source="law", severity=severity)
        for kind, figure, severity in (("max_hours_per_day", 11, "block"), ("min_rest_hours", 8, "warn"))
    ],
)


def law(**changes: Any) -> gm.Jurisdiction:
    """The law with another limit of the day."""
    first, second = LAW.limits
    return LAW.model_copy(update={"limits": (first.model_copy(update=changes), second)})


WANTED = [gm.Request(worker_id="d", employer_id="e"), gm.Request(worker_id="c", shift_id="y")]
MORNING = a_morning(
    *map(a_worker, "abcd"),
    a_shift("x", headcount=2),
    a_shift("y", headcount=2, priority_tier=2),
    requests=WANTED,
    jurisdiction=LAW,
)
POLICY = gm.DEFAULT_POLICY
PROMISE = POLICY.with_requests("promise")


class Own:
    """What code of one's own can call itself."""

    def __init__(self, name: str) -> None:
        self.name, self.words, self.largest = name, name, 1

    def of_workers(self, columns):
        """Nobody before the others."""
        return np.zeros(columns.n_workers, np.int64)


class OwnRule(Own):
    """Everything goes."""

    severity = "warn"

    def __call__(self, columns, pairs):
        return np.ones(len(pairs), bool)


class OwnScorer(Own):
    """Everything is as good."""

    def __call__(self, columns, pairs):
        return np.ones(len(pairs))


class Faster(gm.StraightLine):
    """Nobody needs any time, as a straight line says of itself."""

    def minutes(self, columns, worker, shift):
        """None."""
        return np.zeros(len(worker))


@dataclass(frozen=True)
class Pace:
    """A travel with a parameter, which says nothing of itself."""

    metres_a_minute: float = 250.0
    version = 3

    def metres(self, columns, worker, shift):
        """Everybody is here."""
        return np.zeros(len(worker))

    minutes = metres

    def radius_m(self, columns, minutes):
        """No bound."""
        return


def rules(**changed: Any) -> list[Any]:
    """The default rules, some of them otherwise."""
    return [changed.get(rule.name, rule) for rule in gm.DEFAULT_RULES]


def hardened() -> list[Any]:
    """Every rule that warns blocks."""
    return [
        rule if gm.rules.rule_severity(rule, COLUMNS) == "block" else replace(rule, severity="block")
        for rule in gm.DEFAULT_RULES
    ]


COLUMNS = gm.columns_of(MORNING)
WARNS = [r.name for r in gm.DEFAULT_RULES if gm.rules.rule_severity(r, COLUMNS) == "warn"]
OTHER_SPEED = gm.StraightLine(speed_kmh=dict.fromkeys(("walk", "cycle", "transit", "drive"), 500.0))
SPEEDS = [f"travel.straight_line.parameters.speed_kmh.{mode}" for mode in OTHER_SPEED.speed_kmh]

ATTACKS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a long way round": (
        {"travel": gm.StraightLine(detour=6)},
        ["travel.straight_line.parameters.detour"],
    ),
    "500 km/h": ({"travel": OTHER_SPEED}, SPEEDS),
    "every rule that warns blocks": ({"rules": hardened()}, [f"rules.{name}.severity" for name in WARNS]),
    "a rule that blocks warns": (
        {"rules": rules(skill=gm.rules.HasSkills(severity="warn"))},
        ["rules.skill.severity"],
    ),
    "a limit that blocks warns": (
        {"rules": rules(daily_hours=gm.rules.DailyHours(severity="warn"))},
        ["rules.daily_hours.severity"],
    ),
    "another parameter of a rule": (
        {"rules": rules(long_way=gm.rules.LongWay(most_min=1.0))},
        ["rules.long_way.parameters.most_min"],
    ),
    "a rule left out": ({"rules": gm.DEFAULT_RULES[1:]}, ["rules.skill"]),
    "another seed": ({"policy": POLICY.with_seed(9)}, ["seed"]),
    "another weight": ({"policy": POLICY.with_weight("pay", 26)}, ["scorers.pay.weight"]),
    "another parameter of a scorer": (
        {"policy": POLICY.with_scorer(gm.scoring.WaitingLonger(full_days=3.0), 10)},
        ["scorers.waiting.parameters.full_days"],
    ),
    "scorers left out": ({"policy": POLICY.only(*POLICY.names[1:])}, ["scorers.pay"]),
    "points before seats": ({"policy": POLICY.with_objective("points")}, ["levels"]),
    "a level besides": (
        {"policy": POLICY.with_levels(gm.SEATS, gm.POINTS, Own("odd"), gm.LOTTERY)},
        ["levels"],
    ),
    "requests are promises": (
        {"policy": PROMISE},
        ["requests", "requested", "requested"],
    ),
    "somebody is promised": ({"keep": [("a", "x")]}, ["kept"]),
    "somebody is barred": ({"forbid": [("a", "x")]}, ["barred"]),
    "not proved": ({"time_limit_s": 0}, ["status"]),
    "a rule of one's own by a name that is known": ({"rules": rules(rest=OwnRule("rest"))}, ["rules.rest"]),
    "a rule of one's own": ({"rules": [*gm.DEFAULT_RULES, OwnRule("mine")]}, ["rules.mine"]),
    "a scorer of one's own by a name that is known": (
        {"policy": POLICY.with_scorer(OwnScorer("pay"), 25)},
        ["scorers.pay"],
    ),
    "a level of one's own by a name that is known": (
        {"policy": POLICY.with_levels(Own("seats"), gm.POINTS, gm.LOTTERY)},
        ["levels.seats"],
    ),
    "a travel of one's own that says to be a straight line": ({"travel": Faster()}, ["travel.straight_line"]),
    "another travel": ({"travel": Pace()}, ["travel.straight_line", "travel.Pace"]),
}


def paths(error: gm.CertificateError) -> list[str]:
    assert error.code == "other_terms"
    return error.parameters["paths"]


SETTINGS_OF_STABLE: dict[str, Any] = {
    "side": "employer",
    "worker_least": 1.0,
    "preferences": POLICY.only("pay", "reliability"),
}
BY_MECHANISM: dict[str, Callable[[], gm.Assignment]] = {
    "optimal": lambda: gm.match(MORNING),
    "stable": lambda: gm.stable(MORNING, **SETTINGS_OF_STABLE),
    "lottery": lambda: gm.fair_lottery(MORNING).draw(),
    **{
        way: partial(hall, MORNING, 0)
        for way, hall in gm.mechanisms.STANDARD.items()
        if isinstance(hall, gm.mechanisms.Hall)
    },
}


@for_each(BY_MECHANISM)
def test_every_mechanism_has_terms_beforehand(name):
    """An answer is under its own, loaded or not; under those of any other it is refused in one line."""
    answer = gm.Assignment.from_dict(BY_MECHANISM[name]().to_dict())
    due = {
        other: gm.Terms.of(MORNING, mechanism=other, **(SETTINGS_OF_STABLE if other == "stable" else {}))
        for other in BY_MECHANISM
    }
    assert gm.check(MORNING, answer, terms=due[name]) == due[name]
    assert gm.Terms.from_json(due[name].to_json()) == due[name]
    for other in BY_MECHANISM.keys() - {name}:
        with pytest.raises(gm.CertificateError) as caught:
            gm.check(MORNING, answer, terms=due[other])
        assert paths(caught.value) == ["mechanism"]
        called = (gm.i18n.text(f"mechanisms.{each}") for each in (name, other))
        assert str(caught.value).splitlines()[1:] == ["  how it is chosen: {}, not {}".format(*called)]


def test_who_comes_first_is_told_with_its_classes():
    """Days by from and to; of what people do not decide they are not told."""
    daily, week = (POLICY.with_people(people) for people in (gm.People(), gm.People(7)))
    due, other = (gm.Terms.of(MORNING, policy=policy) for policy in (daily, week))
    assert str(due).splitlines()[-1] == "who comes first: longest waiting first (from 1–30 days)"
    assert other.text("zh").splitlines()[-1] == "谁优先：等候久者优先（满 7 天起）"
    [found] = other.differences(due)
    assert str(found) == "level people: days of waiting at which a class begins is 7, not 1–30"
    assert "who comes first" not in str(gm.Terms.of(MORNING, policy=daily, mechanism="raffle"))


def test_settings_of_a_stable_answer_are_compared_one_by_one():
    """Side, thresholds and whose likings count, by what people call them; nothing else has any."""
    due = gm.Terms.of(MORNING, mechanism="stable")
    other = gm.Terms.of(MORNING, mechanism="stable", **SETTINGS_OF_STABLE)
    told = [each.text() for each in other.differences(due)]
    assert told[:2] == [
        "mechanism stable: the side it is best for is employers, not workers",
        "mechanism stable: points below which workers would rather have nobody is 1, not none",
    ]
    assert all(each.startswith("mechanism stable: preferences.") for each in told[2:])
    assert "who likes whom is said by pay (25), reliability (5)" in str(other).splitlines()
    assert "双方的偏好由以下评分决定：" in other.text("zh")
    for wrong in ({"mechanism": "raffle", "side": "worker"}, {"employer_least": 3.0}, {"mechanism": "given"}):
        with pytest.raises(gm.InvalidInputError, match="mechanism"):
            gm.Terms.of(MORNING, **wrong)


@pytest.fixture(scope="module")
def published() -> gm.Terms:
    """The defaults, published for the morning."""
    return gm.Terms.of(COLUMNS)


@for_each(ATTACKS)
def test_another_way_of_deciding_is_told_and_refused(name, published):
    """Whatever an answer was made with is listed as it differs from the defaults, and from what was due."""
    options, expected = ATTACKS[name]
    answer = gm.match(COLUMNS, **options)
    terms = gm.check(COLUMNS, answer)
    assert [".".join(each.path) for each in terms.departures] == expected
    assert len(str(terms).splitlines()) == 1 + len(expected)
    with pytest.raises(gm.CertificateError, match="other terms than the ones published:\n  ") as caught:
        gm.check(COLUMNS, answer, terms=published)
    assert paths(caught.value) == expected
    assert {len(caught.value.text(lang).splitlines()) for lang in ("en", "zh")} == {1 + len(expected)}


SETTINGS = {
    "arrivals do not bind": ({"arrivals_bind": False}, ["arrivals_bind"]),
    "the market covers everybody": ({"market_insurance": True}, ["market_insurance"]),
    "another figure": ({"jurisdiction": law(value=16.0)}, ["limits.max_hours_per_day.figures"]),
    "a softer law": (
        {"jurisdiction": law(severity="warn")},
        ["rules.daily_hours.severity", "limits.max_hours_per_day.severity"],
    ),
    "no law": (
        {"jurisdiction": gm.Jurisdiction(name="none")},
        ["rules.daily_hours.severity", "limits.max_hours_per_day", "limits.min_rest_hours"],
    ),
}


@for_each(SETTINGS)
def test_another_law_of_the_morning_is_refused(name, published):
    """What a morning says of its market decides, too, and comes from whoever made the answer."""
    changes, expected = SETTINGS[name]
    morning = gm.Morning.model_validate(MORNING.model_copy(update=changes).model_dump())
    answer = gm.match(morning)
    with pytest.raises(gm.CertificateError) as caught:
        gm.check(morning, answer, terms=published)
    assert paths(caught.value) == expected
    told = [".".join(each.path) for each in gm.check(morning, answer).departures]
    assert told == [path for path in expected if path in ("arrivals_bind", "market_insurance")]


def test_a_barred_pair_is_not_exchanged_for_another():
    """Nor a promised one: there are as many as before, and they are told."""
    due = gm.Terms.of(MORNING, keep=[("b", "y")], forbid=[("a", "x")])
    answer = gm.match(MORNING, keep=[("a", "y")], forbid=[("b", "x")])
    with pytest.raises(gm.CertificateError) as caught:
        gm.check(MORNING, answer, terms=due)
    assert str(caught.value).splitlines()[1:] == [
        "  kept: a -> y",
        "  not kept: b -> y",
        "  barred: b -> x",
        "  not barred: a -> x",
    ]
    assert gm.check(MORNING, answer, terms=due.with_open("kept", "barred")).barred == (("b", "x"),)
    assert str(due.with_open("kept", "barred")) == "terms: seats first, seed 0, any kept, any barred"


def test_what_follows_from_requests_is_told_apart_from_what_was_promised():
    """The morning and the policy make them follow: in another way they are somebody's choice."""
    due = gm.Terms.of(MORNING, policy=PROMISE)
    assert (due.kept, due.requested) == ((), (("c", "y"), ("d", "y")))
    assert gm.check(MORNING, gm.match(MORNING, policy=PROMISE), terms=due) == due
    again = gm.match(MORNING, policy=PROMISE, keep=[("d", "y"), ("c", "y")])
    assert gm.check(MORNING, again, terms=due) == due  # promised again, as they are
    other = gm.match(MORNING, policy=PROMISE, keep=[("d", "x")])
    with pytest.raises(gm.CertificateError, match="not kept, though asked for by name: d -> y") as caught:
        gm.check(MORNING, other, terms=due)
    assert paths(caught.value)[0] == "kept"
    both = gm.check(MORNING, gm.match(MORNING, policy=PROMISE, keep=[("a", "x")]))
    assert (both.kept, both.requested) == ((("a", "x"),), (("c", "y"), ("d", "y")))
    assert "kept because asked for by name: d -> y" in str(both)


def test_nobody_placed_is_no_proved_answer(published):
    """It holds what it claims, which is nothing: the terms say so, and published ones refuse it."""
    stopped = gm.match(MORNING, time_limit_s=0)
    solved = stopped.solved
    nobody = replace(stopped.solution, shift=np.full(4, -1, np.int32), value=0)
    answer = SolvedMorning.from_solution(
        solved.instance, solved.eligible, solved.problem, nobody
    ).assignment()
    terms = gm.check(MORNING, gm.Assignment.from_dict(answer.to_dict()))
    assert (answer.pairs, terms.status, terms.gap_points) == ((), "feasible", nobody.bound / 100)
    assert "status: feasible, not proved optimal" in str(terms)
    with pytest.raises(gm.CertificateError):
        gm.check(MORNING, answer, terms=published)


def test_parameters_of_a_travel_of_ones_own_are_saved():
    """One that says nothing of itself is known by class, version and, of a dataclass, parameters."""
    answer = gm.Assignment.from_dict(gm.match(MORNING, travel=Pace()).to_dict())
    assert answer.travel == {"kind": "Pace", "version": 3, "parameters": {"metres_a_minute": 250.0}}
    gm.check(MORNING, answer, travel=Pace())
    with pytest.raises(gm.InvalidPolicyError, match="its description differs"):
        gm.check(MORNING, answer, travel=Pace(100.0))
    with pytest.raises(gm.InvalidPolicyError, match="parameters of 'Pace' cannot be saved"):
        gm.match(MORNING, travel=Pace({1, 2}))  # type: ignore[arg-type]


@examples(4)
@given(mornings(max_workers=6, max_shifts=4))
def test_an_honest_answer_is_under_the_terms_published_before(morning):
    """Whatever the morning says, and whomever employers ask for."""
    published = gm.Terms.of(morning, policy=PROMISE)
    answer = gm.match(morning, policy=PROMISE)
    assert gm.check(morning, gm.Assignment.from_dict(answer.to_dict()), terms=published) == published


class Described(Pace):
    """A travel that tells of itself what it likes."""

    def __init__(self, **said: Any) -> None:
        object.__setattr__(self, "said", said)

    def describe(self) -> dict[str, Any]:
        """Anything."""
        return self.said  # type: ignore[attr-defined,no-any-return]


def test_whatever_a_travel_of_ones_own_tells_of_itself_is_compared():
    """Lists, nothing, and mappings within mappings, none of them lost."""
    told = [
        {"kind": "own", "parameters": [1, 2], "zones": {}},
        {"kind": "own", "parameters": {"pace": 1}, "zones": {}},
        {"kind": "own", "parameters": {"pace": 1}, "zones": {"a": {"b": None}}},
        {"kind": "own", "version": 2},
        {},
    ]
    every = [gm.Terms.of(COLUMNS, travel=Described(**said)) for said in told]
    assert [terms.travel.name for terms in every] == [*["own"] * 4, "Described"]
    for at, terms in enumerate(every):
        assert [other for other, due in enumerate(every) if not terms.differences(due)] == [at]
        assert gm.Terms.from_json(terms.to_json()) == terms


# ------------------------------------------------------------------------------------------------- mutation


@pytest.fixture(scope="module")
def rich() -> tuple[gm.Terms, gm.Assignment]:
    """Terms with something in every field, and the honest answer under them."""
    policy = PROMISE.with_levels(gm.SEATS, Own("odd"), gm.POINTS, gm.LOTTERY).with_scorer(
        OwnScorer("mine"), 5
    )
    options: dict[str, Any] = {
        "policy": policy,
        "rules": [*gm.DEFAULT_RULES, OwnRule("goes")],
        "travel": gm.StraightLine(detour=2),
        "keep": [("a", "x")],
        "forbid": [("b", "x")],
    }
    return gm.Terms.of(MORNING, **options), gm.match(MORNING, **options)


OTHERS = {"block": "warn", "warn": "block", "promise": "points", "optimal": "feasible", "feasible": "optimal"}
KINDS = {"max_hours_per_day": "max_hours_per_week", "min_rest_hours": "youth_age_years"}


def other(value: Any) -> Any:
    """Another value of its kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return OTHERS.get(value) or KINDS.get(value) or f"{value}-"


def mutated(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """The data with one leaf otherwise or one entry of a list missing, for every one, with its path."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from ((at, {**data, key: changed}) for at, changed in mutated(value, (*path, key)))
    elif isinstance(data, list):
        for at, value in enumerate(data):
            yield (*path, at), [*data[:at], *data[at + 1 :]]
            yield from (
                (where, [*data[:at], changed, *data[at + 1 :]])
                for where, changed in mutated(value, (*path, at))
            )
    else:
        yield path, other(data)


def test_every_field_is_held_against_the_answer(rich):
    """Whatever is published otherwise, a leaf or an entry, is refused; the honest answer is not."""
    due, answer = rich
    terms = gm.check(MORNING, answer, terms=due)
    assert terms == due
    data = due.model_dump(mode="json")
    changes = list(mutated(data))
    assert {path[0] for path, _ in changes} == set(gm.Terms.model_fields) - {"succession"}
    assert len(changes) > 200
    for path, changed in changes:
        if path[0] in ("kept", "requested", "barred") and any(len(pair) < 2 for pair in changed[path[0]]):
            continue  # no pair
        refused = gm.Terms.model_validate(changed, strict=False)
        with pytest.raises(gm.CertificateError) as caught:
            refuse_other_terms(terms, refused)
        assert all(said.split(".")[0] == path[0] for said in paths(caught.value)), path
        with pytest.raises(gm.CertificateError):
            refuse_other_terms(refused, terms)


def test_what_is_new_is_held_against_the_answer(rich):
    """An entry more in any list, and true in the place of one, too."""
    due, _ = rich
    for field in ("rules", "scorers", "levels"):
        entry = getattr(due, field)[0].model_copy(update={"name": "new"})
        more = due.model_copy(update={field: (*getattr(due, field), entry)})
        assert {each.path[0] for each in (*due.differences(more), *more.differences(due))} == {field}
    rule = due.rules[0].model_copy(update={"version": True})
    [found] = due.differences(due.model_copy(update={"rules": (rule, *due.rules[1:])}))
    assert found.path == ("rules", "skill", "version")


def test_the_order_of_rules_and_scorers_decides_nothing(rich):
    """Nor that of pairs; that of levels does."""
    due, _ = rich
    update = {name: getattr(due, name)[::-1] for name in ("rules", "scorers", "limits", "requested")}
    assert due.differences(due.model_copy(update=update)) == ()
    [found] = due.differences(due.model_copy(update={"levels": due.levels[::-1]}))
    first, _, other = str(found).partition(", not ")
    assert first == "what counts, in order: seats, then odd, then points, then lottery"
    assert other == "lottery, then points, then odd, then seats"


# ------------------------------------------------------------------------------------------------ files


def test_terms_are_saved_and_loaded(rich, tmp_path):
    """As a file that a third party can hold; another kind, a later version and unknown keys are refused."""
    due, answer = rich
    for each in (due, due.with_open("kept", "requested", "barred", "status")):
        each.save(tmp_path / "terms.json")
        assert gm.Terms.load(tmp_path / "terms.json") == each
        gm.check(MORNING, answer, terms=gm.Terms.load(tmp_path / "terms.json"))
    refused = {
        '{"format": "gigmatch.terms", "version": 9}': "saved_newer",
        '{"format": "gigmatch.policy", "version": 1}': "saved_other_kind",
        "{}": "saved_unknown_kind",
        due.to_json().decode().replace('"seed"', '"sed"'): "saved_unknown_key",
        due.to_json().decode().replace('"severity":"block"', '"severity":"maybe"'): "saved_field",
        due.to_json().decode().replace('"goes"', '"skill"'): "saved_field",
        due.model_copy(update={"levels": ()}).to_json().decode(): "saved_field",
    }
    for text, code in refused.items():
        with pytest.raises(gm.InvalidFileError) as caught:
            gm.Terms.from_json(text)
        assert caught.value.code == code
    with pytest.raises(gm.InvalidInputError, match="'rules' cannot be left open"):
        due.with_open("rules")
    with pytest.raises(gm.InvalidInputError, match="terms must be of type Terms"):
        gm.check(MORNING, answer, terms=POLICY)  # type: ignore[arg-type]
    with pytest.raises(gm.InvalidInputError, match="policy must be of type Policy"):
        gm.Terms.of(MORNING, policy=due)  # type: ignore[arg-type]


def test_many_differences_are_counted():
    """The text shows the first ones, and how many more there are; departures list all."""
    people = [f"w{n:02}" for n in range(30)]
    morning = a_morning(*map(a_worker, people), a_shift("x", headcount=2))
    terms = gm.Terms.of(morning, forbid=[(worker, "x") for worker in people])
    assert (len(terms.departures), len(str(terms).splitlines())) == (30, 22)
    assert str(terms).splitlines()[-1] == "and 10 more differences"
    assert terms.text("zh").splitlines()[-1] == "另有 10 处不同"
