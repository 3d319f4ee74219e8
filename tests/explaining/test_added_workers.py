"""People who are not in the morning yet: every figure is that of adding them and matching anew."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from statistics import median
from time import perf_counter
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from evidence.tampering import altered
from explaining.brute import RULES, World, difference, plain_morning, world
from gigmatch.evidence import Amount
from gigmatch.evidence.added_workers import skilled
from gigmatch.evidence.verifier import ReasonVerifier
from strategies import mornings
from tests.conftest import examples, sample

NOTHING = Amount(seats_by_tier={}, points=0.0)


@dataclass(frozen=True)
class ByIds:
    """Quarters of the points by the ids of worker and shift, whoever else is there."""

    salt: int

    def __call__(self, columns, pairs):
        ids = zip(pairs.worker, pairs.shift, strict=True)
        names = [f"{self.salt} {columns.worker_ids[i]} {columns.shift_ids[j]}" for i, j in ids]
        return np.array([crc32(name.encode()) % 5 for name in names], dtype=np.float64) / 4


class Arrival:
    """A morning, somebody who comes later, and the morning with both, every assignment of it counted."""

    def __init__(self, old: World, newcomer: gm.Worker, skills: tuple[gm.Skill, ...] = ()) -> None:
        self.old, self.newcomer = old, newcomer
        everybody = (*old.morning.workers, newcomer)
        named = (*old.morning.skills, *skills)
        self.morning = old.morning.model_copy(update={"workers": everybody, "skills": named})
        self.new = World(self.morning, self.matched(), old.rules, old.policy)

    def __repr__(self) -> str:
        return f"Arrival({self.newcomer.id}, {self.old!r})"

    def matched(self, **more) -> gm.Assignment:
        """Everybody matched, with the promises and bars of before, and the newcomer's."""
        old = self.old.assignment
        keep = [*old.keep, *more.get("keep", ())]
        return gm.match(
            self.morning, rules=self.old.rules, policy=self.old.policy, keep=keep, forbid=old.forbid
        )

    @property
    def effects(self) -> dict[str, Amount]:
        """By shift: the best there is with the newcomer there, less what there was without."""
        found = {}
        for shift in self.new.shifts:
            values = [value for value, choice in self.new.every if choice.get(self.newcomer.id) == shift]
            if values:
                found[shift] = difference(max(values), self.old.today)
        return found


@st.composite
def arrivals(draw) -> Arrival:
    """Small mornings under all rules, few or none, of which one worker comes too late."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    whole = draw(mornings(5, 3).filter(lambda morning: morning.workers))
    late = whole.workers[int(rng.integers(len(whole.workers)))]
    others = tuple(worker for worker in whole.workers if worker is not late)
    policy = gm.DEFAULT_POLICY
    if draw(st.booleans()):
        policy = gm.Policy(((ByIds(int(rng.integers(9))), int(rng.choice([10, 1000]))),))
    policy = policy.with_objective(str(rng.choice(["seats", "points"]))).with_seed(int(rng.integers(3)))
    fates = rng.choice(list("........ox"), (len(others), len(whole.shifts)))
    morning = whole.model_copy(update={"workers": others})
    return Arrival(world(morning, draw(st.sampled_from(RULES)), policy, fates), late)


def walk_ins(seed: int) -> Arrival:
    """Everybody may do everything but for bars, and much is equal."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(0, 5)), int(rng.integers(1, 4))
    policy = gm.Policy(((ByIds(seed), int(rng.choice([1, 10]))),))
    policy = policy.with_objective(str(rng.choice(["seats", "points"])))
    morning = plain_morning(n, rng.choice([1, 1, 2], m).tolist(), rng.choice([1, 3, 5], m).tolist())
    fates = rng.choice(list("....xxo"), (n, m))
    late = plain_morning(1, [1], [1]).workers[0].model_copy(update={"id": "late"})
    return Arrival(world(morning, (), policy, fates), late)


BOTH = st.one_of(arrivals(), st.integers(0, 2**32).map(walk_ins))


@examples(16)
@given(BOTH)
def test_effects_are_those_of_adding_the_newcomer(arrival):
    """Every shift by brute force, in order; leaving the newcomer out changes nothing; the checker agrees."""
    explainer, found = arrival.old.explainer, arrival.effects
    said = explainer.recommend_newcomer(arrival.newcomer)
    assert (said.worker_id, said.newcomer) == (arrival.newcomer.id, arrival.newcomer)
    if not any(worker == arrival.newcomer.id for worker, _ in arrival.new.eligible):
        refused_everywhere(arrival, said)
        return
    order = sorted(found, key=lambda s: ((-found[s]).key, s))
    assert [(choice.id, choice.effect) for choice in said.choices] == [(s, found[s]) for s in order]
    for choice in said.choices:
        assert round(choice.points * 100) == arrival.new.points[arrival.newcomer.id, choice.id]
    best = max([NOTHING, *found.values()], key=lambda effect: effect.key)
    assert difference(arrival.new.today, arrival.old.today) == best
    cut = explainer.recommend_newcomer(arrival.newcomer, most=1)
    assert cut.choices == said.choices[:1]
    assert arrival.old.check(said, cut) == 2
    reasons = gm.Reasons.of([said, cut])
    assert arrival.old.check(gm.Reasons.from_json(reasons.to_json())) == 2


def refused_everywhere(arrival: Arrival, said) -> None:
    """Every rule that refuses, in all and alone."""
    names = [found for (w, _), found in arrival.new.refusing.items() if w == arrival.newcomer.id]
    assert (said.kind, said.shifts, said.barred) == ("no_eligible_shift", len(names), 0)
    assert said.refused_by == Counter(name for found in names for name in found)
    assert said.refused_by_it_alone == Counter(found[0] for found in names if len(found) == 1)
    assert arrival.old.check(gm.Reasons.from_json(gm.Reasons.of([said]).to_json())) == 1


@examples(4)
@given(BOTH)
def test_a_new_match_with_the_pair_kept_confirms_the_effect(arrival):
    """Not by counting, but as a market would do it."""
    for shift, effect in arrival.effects.items():
        kept = arrival.matched(keep=[(arrival.newcomer.id, shift)])
        promised = arrival.old.promised
        value = arrival.new.value({w: s for w, s in kept.pairs if w not in promised})
        assert difference(value, arrival.old.today) == effect


@examples(8)
@given(BOTH)
def test_what_was_changed_about_a_newcomer_is_rejected(arrival):
    """Figures, shifts, moves and their order; what is said of somebody else must be true of them."""
    said = arrival.old.explainer.recommend_newcomer(arrival.newcomer)
    for path, other in altered(said):
        if path.startswith("newcomer"):
            continue
        if said.kind == "no_eligible_shift":
            assert not takes(arrival.old, other), path
            continue
        left = said.model_copy(update={"choices": other.choices}) == other
        first = left and other.choices == said.choices[: len(other.choices)] and other.choices
        assert takes(arrival.old, other) == bool(first or other == said), (path, other)
    others = arrival.newcomer.model_copy(update={"id": "another"})
    assert not takes(arrival.old, said.model_copy(update={"newcomer": others}))
    assert not takes(arrival.old, said.model_copy(update={"newcomer": None}))
    if getattr(said, "choices", ()):
        assert not takes(arrival.old, said.model_copy(update={"rest": None}))
        dearer = {key: by + 1 for key, by in said.rest.price_changes.items()}
        dearer |= {choice.id: dearer.get(choice.id, 1) for choice in said.choices}
        prices = said.rest.model_copy(update={"price_changes": dearer})
        assert not takes(arrival.old, said.model_copy(update={"rest": prices}))


def takes(old: World, said) -> bool:
    try:
        ReasonVerifier(old.explainer.solved).check(said)
    except (gm.CertificateError, gm.InvalidInputError):
        return False
    return True


def test_points_beyond_the_morning_s_own_do_not_outweigh_a_seat():
    """Nobody else brings a point, the newcomer does; the urgent seat still comes first."""
    policy = gm.Policy(((_Mine("late", "s1"), 10),))
    old = world(plain_morning(0, [1, 1], [1, 5]), (), policy, np.full((0, 2), "."))
    late = plain_morning(1, [1], [1]).workers[0].model_copy(update={"id": "late"})
    said = old.explainer.recommend_newcomer(late)
    assert [(c.id, c.effect) for c in said.choices] == [
        ("s0", Amount(seats_by_tier={1: 1}, points=0.0)),
        ("s1", Amount(seats_by_tier={5: 1}, points=10.0)),
    ]
    assert old.check(said) == 1


@dataclass(frozen=True)
class _Mine:
    worker: str
    shift: str

    def __call__(self, columns, pairs):
        ids = zip(pairs.worker, pairs.shift, strict=True)
        wanted = (self.worker, self.shift)
        return np.array([(columns.worker_ids[i], columns.shift_ids[j]) == wanted for i, j in ids], float)


# ------------------------------------------------------------------------------------------- a real market


@pytest.fixture(scope="module")
def market():
    morning = sample("jingshi", seed=7, workers=300)
    assignment = gm.match(morning)
    return morning, assignment, gm.explain(morning, assignment)


def gained(new: gm.Assignment, old: gm.Assignment) -> Amount:
    """Seats by tier and points that the one has more."""
    tiers = range(1, 10)
    filled = [[a.summary.seats_by_tier.get(t, (0, 0))[0] for t in tiers] for a in (new, old)]
    seats = {t: a - b for t, a, b in zip(tiers, *filled, strict=True) if a != b}
    points = int(new.points_by_scorer.sum()) - int(old.points_by_scorer.sum())
    return Amount(seats_by_tier=seats, points=points / 100)


def test_the_sample_market_matched_again_confirms_newcomers(market):
    """The best choice and the last one told of some twins of people who are here."""
    morning, assignment, explainer = market
    tried = 0
    for worker in morning.workers[::40]:
        late = worker.model_copy(update={"id": f"late-{worker.id}"})
        said = explainer.recommend_newcomer(late)
        more = morning.model_copy(update={"workers": (*morning.workers, late)})
        for choice in [*said.choices[:1], *said.choices[-1:]]:
            new = gm.match(more, keep=[(late.id, choice.id)])
            assert gained(new, assignment) == choice.effect
            tried += 1
    assert tried > 8


def test_skill_values_are_those_of_one_more_worker(market):
    """Every skill and level asked for, some of them matched anew with the profile added."""
    morning, assignment, explainer = market
    typical = morning.workers[3].model_copy(update={"id": "typical"})
    for profile in (None, typical):
        said = explainer.skill_values(profile)
        needs = explainer.solved.columns.skill_needs
        assert [(v.skill, v.level) for v in said.values[1:]] == [(code, 6 - rank) for code, rank in needs]
        assert gm.check_reasons(morning, assignment, gm.Reasons.of([said])) == 1
        for value in said.values[:: len(said.values) // 6]:
            worker = skilled(said.profile, value.skill, value.level)
            new = gm.match(morning.model_copy(update={"workers": (*morning.workers, worker)}))
            assert gained(new, assignment) == value.gain
    assert said.profile == typical


@examples(4)
@given(arrivals())
def test_skill_values_are_exact_on_small_mornings(arrival):
    """By brute force, with the latecomer as the profile; nothing that was changed is taken."""
    said = arrival.old.explainer.skill_values(arrival.newcomer)
    assert arrival.old.check(said) == 1
    assert gm.Reasons.from_json(gm.Reasons.of([said]).to_json()).reasons == (said,)
    for value in said.values:
        each = Arrival(arrival.old, skilled(arrival.newcomer, value.skill, value.level))
        assert value.gain == max([NOTHING, *each.effects.values()], key=lambda effect: effect.key)
        assert value.shift_id is None or each.effects[value.shift_id] == value.gain
    for path, other in islice(altered(said), 0, None, 9):
        if not path.startswith(("profile", "prices")):  # of others, and other prices, the same may be true
            assert not takes(arrival.old, other), path
    assert not takes(arrival.old, said.model_copy(update={"prices": None}))


def test_a_profile_that_is_not_given_makes_no_demands(market):
    """At the market, with every certificate, insured, under an id that is free."""
    morning, _, explainer = market
    profile = explainer.skill_values().profile
    asked = {need.kind for shift in morning.shifts for need in shift.credentials}
    assert {credential.kind for credential in profile.credentials} == asked
    assert (profile.id, profile.station_id, profile.insured) == ("one-more-1", morning.market.id, True)
    taken = morning.workers[0].model_copy(update={"id": "one-more-1"})
    more = morning.model_copy(update={"workers": (*morning.workers, taken)})
    assert gm.explain(more, gm.match(more)).skill_values().profile.id == "one-more-2"


def test_a_better_level_is_not_lost():
    """A skill more at a lower level than held changes nothing."""
    worker = gm.Worker(id="w", station_id="hall", skills=[{"skill": "a", "level": 2}, {"skill": "b"}])
    assert {(s.skill, s.level) for s in skilled(worker, "a", 4).skills} == {("a", 2), ("b", None)}
    assert {(s.skill, s.level) for s in skilled(worker, "b", 4).skills} == {("a", 2), ("b", 4)}
    assert skilled(worker, None, None) == worker


@pytest.mark.timing
def test_a_walk_in_does_not_wait(market):
    """In milliseconds, also on a busy machine."""
    morning, _, explainer = market
    late = [worker.model_copy(update={"id": f"x{worker.id}"}) for worker in morning.workers[:40]]
    took = []
    for worker in late:
        began = perf_counter()
        explainer.recommend_newcomer(worker)
        took.append(perf_counter() - began)
    assert median(took) < 0.05


# ------------------------------------------------------------------------------------------- whoever comes


def test_what_the_morning_does_not_know_makes_no_difference():
    """Skills, certificates, employers, groups and attributes of the newcomer's own."""
    arrival = walk_ins(3)
    strange = arrival.newcomer.model_copy(
        update={
            "skills": (gm.WorkerSkill(skill="juggling", level=1),),
            "credentials": (gm.Credential(kind="circus"),),
            "past_employers": (gm.PastEmployer(employer_id="barnum", praise=True),),
            "hours_by_employer": (gm.EmployerHours(employer_id="barnum", hours=8),),
            "refused_employer_ids": ("barnum",),
            "priority_groups": ("clowns",),
            "attributes": {"nose": "red"},
        }
    )
    other = Arrival(arrival.old, strange, skills=(gm.Skill(code="juggling", name="juggling"),))
    said = arrival.old.explainer.recommend_newcomer(strange)
    assert {choice.id: choice.effect for choice in said.choices} == other.effects
    assert other.effects == arrival.effects
    assert arrival.old.check(said) == 1


def test_refusals_by_the_morning_s_employers_hold_for_newcomers():
    """The employer named the worker before the worker came."""
    morning = plain_morning(1, [1, 1], [5, 5])
    refusing = (gm.Employer(id="e", refused_worker_ids=("late",)),)
    morning = morning.model_copy(update={"employers": refusing})
    explainer = gm.explain(morning, gm.match(morning))
    late = {"id": "late", "station_id": "hall"}
    said = explainer.recommend_newcomer(late)
    assert (said.kind, said.refused_by) == ("no_eligible_shift", {"refused": 2})
    assert "Shifts refused: refused (2)." in gm.in_words(said)
    assert len(explainer.recommend_newcomer({**late, "id": "welcome"}).choices) == 2
    assert gm.check_reasons(morning, explainer.assignment, [said]) == 1


def test_groups_and_attributes_of_the_morning_are_there():
    """A market's own rules and scorers find every name that anybody in the morning has."""
    people = plain_morning(2, [1], [5])
    first = people.workers[0].model_copy(
        update={"priority_groups": ("youth", "zero_employment_household"), "attributes": {"team": "a"}}
    )
    morning = people.model_copy(update={"workers": (first, people.workers[1])})

    def same_team(columns, pairs):
        return (columns.workers.attributes["team"][pairs.worker] == "a").astype(float)

    seen = []

    def in_group(columns, pairs):
        seen.append(columns.priority_groups)
        return columns.workers.groups[pairs.worker, columns.priority_groups.index("youth")].astype(float)

    scorers = (same_team, in_group)
    policy = gm.Policy(tuple((scorer, 10) for scorer in scorers))
    explainer = gm.explain(morning, gm.match(morning, policy=policy), scorers=scorers)
    late = {"id": "late", "station_id": "hall", "priority_groups": ["youth", "a_first"]}
    [choice] = explainer.recommend_newcomer(late).choices
    assert choice.points == 10
    assert seen[-1] == ("a_first", "youth", "zero_employment_household")
    team = {**late, "attributes": {"team": "a"}}
    assert explainer.recommend_newcomer(team).choices[0].points == 20


@pytest.mark.parametrize(
    ("worker", "message"),
    [
        ({"id": "w0", "station_id": "hall"}, r"'w0' is in the morning already: ask recommend\('w0'\), or"),
        ({"id": "x", "station_id": "nowhere"}, "station_id 'nowhere' of newcomer 'x' is no station of the"),
        ({"id": "x", "station_id": "hall", "birth_date": "2100-01-01"}, "is after the morning's date, 2025"),
        ({"id": "x"}, "the newcomer has 1 problem:\n  morning: needs a home or a station_id"),
        ({"id": "x", "station_id": "hall", "travel_limit_min": -1}, "  travel_limit_min: Input should be"),
        ("w1", "a newcomer is a Worker, or a mapping of its fields; got 'w1'"),
    ],
)
def test_who_cannot_come_is_told_why(worker, message):
    """The field, the value, and the way out."""
    morning = plain_morning(2, [1], [5])
    explainer = gm.explain(morning, gm.match(morning))
    with pytest.raises(gm.InvalidInputError, match=message):
        explainer.recommend_newcomer(worker)


def test_columns_know_no_newcomers():
    """They do not hold what skills cover, nor whom employers refuse."""
    columns = gm.columns_of(plain_morning(1, [1], [5]))
    explainer = gm.explain(columns, gm.match(columns))
    for ask in (explainer.skill_values, lambda: explainer.recommend_newcomer({"id": "x"})):
        with pytest.raises(gm.UnsupportedError, match="give the Morning, not its columns"):
            ask()


def test_without_a_proof_there_is_only_a_bound():
    """No figure is shown that is not exact."""
    morning = sample("jingshi", seed=7, workers=120)
    explainer = gm.explain(morning, gm.match(morning, time_limit_s=0))
    late = morning.workers[0].model_copy(update={"id": "late"})
    for said in (explainer.recommend_newcomer(late), explainer.skill_values()):
        assert said.kind == "not_proved"
        assert gm.check_reasons(morning, explainer.assignment, [said]) == 1


# ------------------------------------------------------------------------------------------- for whose eyes


@examples(4)
@given(BOTH)
def test_newcomers_and_employers_see_nobody_else(arrival):
    """A worker sees the order of the shifts, an employer nothing of the worker; neither sees a price."""
    explainer = arrival.old.explainer
    said, values = explainer.recommend_newcomer(arrival.newcomer), explainer.skill_values(arrival.newcomer)
    own, boss = said.seen_by("worker"), said.seen_by("employer")
    assert (own.newcomer, boss.newcomer) == (arrival.newcomer, None)
    if said.kind == "ranked_shifts":
        assert [choice.id for choice in own.choices] == [choice.id for choice in said.choices]
        assert all(choice.effect is None and choice.proof is None for choice in own.choices)
        assert (own.rest, boss.choices, boss.rest) == (None, (), None)
    for audience in ("worker", "employer"):
        seen = values.seen_by(audience)
        assert (seen.profile, seen.values, seen.prices) == (None, (), None)
        with pytest.raises(gm.CertificateError, match="carries no evidence"):
            arrival.old.check(seen)
    for audience, lang in (("manager", "en"), ("worker", "zh"), ("employer", "en"), ("auditor", "zh")):
        for each in (said, values):
            told = gm.in_words(each.seen_by(audience), lang=lang)
            assert told.endswith("。" if lang == "zh" else ".")
            assert "None" not in told


def test_gains_and_losses_of_a_newcomer_are_told_apart():
    """Would bring, would cost, or is best left out."""
    morning = plain_morning(1, [1, 1], [1, 5])
    explainer = gm.explain(morning, gm.match(morning, rules=()))
    late = plain_morning(1, [1], [1]).workers[0].model_copy(update={"id": "late"})
    told = gm.in_words(explainer.recommend_newcomer(late))
    assert told.startswith("Shifts for late, by what they would do to the whole: ")
    assert "would bring 1 seat of tier 5" in told
    full = plain_morning(2, [1], [5])
    explainer = gm.explain(full, gm.match(full, rules=()))
    said = explainer.recommend_newcomer(late)
    assert gm.in_words(said).endswith("would cost nothing). All in all it is best to leave late out.")
    assert gm.in_words(said, lang="zh").endswith("总体上，不安排 late 最好。")
    nobody = said.model_copy(update={"choices": ()})
    assert gm.in_words(nobody) == "late cannot be placed at any shift."
    values = gm.in_words(explainer.skill_values(late))
    assert values == "One more worker such as late would bring, by skill: no skill more: nothing."
    hidden = explainer.skill_values(late).seen_by("worker")
    assert gm.in_words(hidden) == "What one more worker would bring is shown to the market alone."
