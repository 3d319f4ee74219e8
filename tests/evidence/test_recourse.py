"""What would make a pair eligible: made by hand, it does; with anything left out, it does not."""

from __future__ import annotations

import datetime as dt
import sys
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from gigmatch.evidence.lessons import fewest_lessons, given_bits
from gigmatch.evidence.recourse import with_changes
from pairing.rules.oracle import made_good
from strategies import mornings
from tests.conftest import a_morning, a_shift, a_worker, examples


def with_change(worker: gm.Worker, shift: gm.Shift, field: str, needed: Any) -> tuple[gm.Worker, gm.Shift]:
    """One change, written by hand."""
    if field == "skills":
        best = {one["skill"]: min(o["level"] for o in needed if o["skill"] == one["skill"]) for one in needed}
        new = [gm.WorkerSkill(skill=skill, level=level) for skill, level in best.items()]
        rest = [held for held in worker.skills if held.skill not in {one.skill for one in new}]
        return worker.model_copy(update={"skills": (*rest, *new)}), shift
    if field == "credentials":
        for one in needed:
            worker = worker.model_copy(update={"credentials": made_good(worker.credentials, one)})
        return worker, shift
    if field == "free":
        spans = [gm.TimeSpan(start_min=start, end_min=end) for start, end in needed]
        return worker.model_copy(update={"windows": (*worker.windows, *spans)}), shift
    if field == "pay_total":
        return worker, shift.model_copy(update={"pay": gm.Pay(amount=needed, unit="shift")})
    if field in gm.Worker.model_fields:
        return worker.model_copy(update={field: needed}), shift
    value = tuple(needed) if isinstance(needed, list) else needed
    return worker, shift.model_copy(update={field: value})


def is_eligible(morning: gm.Morning, worker_id: str, shift_id: str, changes: list[Any]) -> bool:
    """Whether a match of the changed morning could make the pair."""
    worker = next(w for w in morning.workers if w.id == worker_id)
    shift = next(s for s in morning.shifts if s.id == shift_id)
    for change in changes:
        worker, shift = with_change(worker, shift, change.field, change.needed)
    parts = {"workers": (worker,), "shifts": (shift,)}
    changed = gm.Morning.model_validate({**dict(morning), **parts})
    return gm.match(changed).pairs == ((worker_id, shift_id),)


def less(changes: tuple[Any, ...]):
    """Without one change, or one entry of one."""
    for at, change in enumerate(changes):
        yield [*changes[:at], *changes[at + 1 :]]
        if isinstance(change.needed, list):
            for entry in range(len(change.needed)):
                needed = change.needed[:entry] + change.needed[entry + 1 :]
                yield [*changes[:at], change.model_copy(update={"needed": needed}), *changes[at + 1 :]]


@examples(30)
@given(mornings(4, 3))
def test_the_changes_suffice_and_none_is_needless(morning):
    """Made by hand and matched again; and again without each of them."""
    explainer = gm.explain(morning, gm.match(morning))
    for worker in morning.workers:
        for shift in morning.shifts:
            if explainer.assignment.shift_of(worker.id) == shift.id:
                continue
            said = explainer.why_not(worker.id, shift.id)
            if said.kind == "not_eligible" and said.changes is not None:
                assert is_eligible(morning, worker.id, shift.id, list(said.changes))
                for fewer in less(said.changes):
                    assert not is_eligible(morning, worker.id, shift.id, fewer)
                assert {change.rule for change in said.changes} <= {r.rule for r in said.refusals}


def changes(morning: gm.Morning, **options: Any) -> list[tuple[str, Any]] | None:
    """Fields and values that the pair of a morning of two needs; None where nothing is known."""
    said = gm.explain(morning, gm.match(morning, **options)).why_not("w", "s")
    assert said.kind == "not_eligible"
    return None if said.changes is None else [(change.field, change.needed) for change in said.changes]


def test_a_skill_that_covers_another_is_enough():
    """Both are missing, one is needed."""
    skills = [gm.Skill(code="mason", name="瓦工", covers=("helper",)), gm.Skill(code="helper", name="小工")]
    both = tuple(gm.SkillRequirement(skill=code) for code in ("helper", "mason"))
    morning = a_morning(a_worker(), a_shift(all_of=both), skills=skills)
    assert changes(morning) == [("skills", [{"skill": "mason", "level": 5}])]


@examples(30)
@given(dice=st.randoms(use_true_random=False))
def test_no_fewer_lessons_do(dice):
    """The sets are all of the fewest skills that do, by trying every set at the level that is asked for."""
    codes = "abcde"
    covers = {code: tuple(under for under in codes if under > code and dice.random() < 0.3) for code in codes}
    skills = [gm.Skill(code=code, name=code, covers=covers[code]) for code in codes]
    asked = tuple(gm.SkillRequirement(skill=code) for code in dice.sample(codes, dice.randint(1, 4)))
    held = tuple(gm.WorkerSkill(skill=code, level=5) for code in dice.sample(codes, dice.randint(0, 1)))
    morning = a_morning(a_worker(skills=held), a_shift(all_of=asked), skills=skills)

    def under(code: str) -> set[str]:
        return {code}.union(*map(under, covers[code]))

    has = {code for own in held for code in under(own.skill)}
    lacking = {need.skill for need in asked} - has

    def do(some: tuple[str, ...]) -> bool:
        return lacking <= {code for one in some for code in under(one)}

    least = next(n for n in range(6) if any(map(do, combinations(codes, n))))
    found = fewest_lessons(morning, morning.workers[0], morning.shifts[0])
    assert bool(found) == bool(lacking)
    assert all(len(lessons) == least and do(tuple(one.skill for one in lessons)) for lessons in found)

    def meets(some: tuple[str, ...]) -> set[frozenset[str]]:
        return {frozenset(under(code) & lacking) for code in some}

    kinds = {frozenset(meets(some)) for some in combinations(codes, least) if do(some)}
    assert len(found) == len({kind for kind in kinds if len(kind) == least}) or not lacking


def test_many_skills_and_long_rows_of_them_take_no_longer():
    """Thirty that are missing are not tried in all sets; of 3,000 each covers the next in a bit a pair."""
    codes = [f"s{k:04}" for k in range(3_000)]
    some = tuple(gm.SkillRequirement(skill=code) for code in codes[:30])
    skills = [gm.Skill(code=code, name=code) for code in codes[:30]]
    morning = a_morning(a_worker(), a_shift(all_of=some), skills=skills)
    [lessons] = fewest_lessons(morning, morning.workers[0], morning.shifts[0])
    assert [one.skill for one in lessons] == codes[:30]
    pairs = [
        gm.Skill(code=f"{a}-{b}", name="", covers=(a, b)) for a, b in combinations(codes[:30], 2)
    ]  # 30!! ways, none of which is known to be the first
    many = a_morning(a_worker(), a_shift(all_of=some), skills=[*skills, *pairs])
    assert fewest_lessons(many, many.workers[0], many.shifts[0]) == []
    assert changes(many) is None
    row = [gm.Skill(code=code, name="", covers=codes[at + 1 : at + 2]) for at, code in enumerate(codes)]
    given_by = given_bits(row, {code: 1 << at for at, code in enumerate(codes)})
    assert given_by[codes[0]].bit_count() == 3_000
    assert given_by[codes[-1]] == 1 << 2_999
    assert sum(map(sys.getsizeof, given_by.values())) < 3_000**2 / 7


def test_a_skill_asked_for_twice_takes_the_better_level():
    """Of all and of any: level 3 serves both."""
    ask = {level: (gm.SkillRequirement(skill="a", least_level=level),) for level in (3, 5)}
    for twice in ({"all_of": ask[3], "any_of": ask[5]}, {"all_of": ask[5], "any_of": ask[3]}):
        morning = a_morning(a_worker(), a_shift(**twice), skills="a")
        assert changes(morning) == [("skills", [{"skill": "a", "level": 3}])]


def test_pay_is_raised_in_whole_hundredths():
    """A third of an hour more than a whole amount is rounded up, not down."""
    day = (gm.Period(start_min="08:00", end_min="15:40"),)
    morning = a_morning(a_worker(pay_floor_per_hour=31.1, pay_floor_per_day=230), a_shift(periods=day))
    assert changes(morning) == [("pay_total", 238.44)]  # 7 h 40 min at 31.1 are 238.4333...


def law(kind: str, value: float) -> gm.Jurisdiction:
    limit = gm.LegalLimit(kind=kind, value=value, valid_from="2020-01-01", source="test", severity="block")
    return gm.Jurisdiction(name="test", limits=(limit,))


def test_what_one_rule_asks_of_several_fields_is_made_together():
    """An over-age worker at hazardous work without cover: two changes, each needed."""
    old, day = a_worker(age_years=66), (gm.Period(start_min="08:00", end_min="16:00"),)
    for fields, needed in (
        ({"hazards": ("height",)}, [("hazards", []), ("insurance", True)]),
        ({"hazards": ("height",), "insurance": True}, [("hazards", [])]),
        ({}, [("insurance", True)]),
    ):
        morning = a_morning(old, a_shift(periods=day, **fields), jurisdiction=law("over_age_years", 60))
        assert changes(morning) == needed


def test_what_nobody_can_change_is_not_offered():
    """An age, a standing, free time that commitments take: no change is known."""
    young = a_morning(a_worker(age_years=15), a_shift(), jurisdiction=law("minimum_age_years", 16))
    assert changes(young) is None
    owing = a_morning(a_worker(), a_shift(), employers=(gm.Employer(id="e", standing="arrears"),))
    assert changes(owing) is None
    busy = a_worker(commitments=(gm.TimeSpan(start_min="09:00", end_min="10:00"),))
    assert changes(a_morning(busy, a_shift())) is None


def test_what_others_have_to_do_with_each_other_is_no_matter():
    """Whoever is looked at alone has neither companions nor a crew, and others are asked for by name."""
    both = gm.Companions(id="two", worker_ids=("v", "w"))
    others = {"crews": (gm.Crew(id="wall"),), "companions": (both,)}
    asked = gm.Request(worker_id="v", shift_id="other")
    morning = a_morning(
        a_worker(pay_floor_per_day=300),
        a_worker("v"),
        a_shift(crew_id="wall"),
        a_shift("other"),
        requests=(asked,),
        **others,
    )
    assert changes(morning) == [("pay_total", 300.0)]


def test_a_bar_is_another_matter():
    """What the rules ask is told, and that the pair is barred besides."""
    morning = a_morning(a_worker(pay_floor_per_day=300), a_shift())
    said = gm.explain(morning, gm.match(morning, forbid=[("w", "s")])).why_not("w", "s")
    assert (said.barred, [c.field for c in said.changes]) == (True, ["pay_total"])
    assert "barred" in gm.in_words(said)
    assert "the bar apart" in gm.in_words(said)
    only = a_morning(a_worker(), a_shift())
    said = gm.explain(only, gm.match(only, forbid=[("w", "s")])).why_not("w", "s")
    assert (said.refusals, said.barred, said.changes) == ((), True, ())
    assert gm.in_words(said) == "w cannot take s. The market barred w from s."


DUE = dt.date(2025, 7, 19)  # of the shift
STATES = {
    "none": (None, ["certificate"], "none held", "lift, valid to 2025-07-19 at least"),
    "lapsed": (
        {"valid_to": "2025-07-01"},
        ["validity"],
        "valid to 2025-07-01 only",
        "lift renewed, valid to 2025-07-19 at least",
    ),
    "overdue": (
        {"valid_to": "2030-01-01", "review_due": "2025-07-01"},
        ["review"],
        "the review of the one held is due by 2025-07-01",
        "lift reviewed, the next review due on 2025-07-19 or later",
    ),
    "too low": ({"level": 4}, ["level"], "level 4 held", "lift raised to level 3 or better"),
    "unknown": (
        {},
        ["known_level"],
        "of a level not known",
        "the level of lift entered, if it is 3 or better",
    ),
}


@pytest.mark.parametrize("state", STATES)
def test_a_certificate_that_does_not_count_has_a_remedy_of_its_own(state):
    """Five faults, five sentences, five remedies: followed to the letter, the pair is eligible."""
    held, lacks, told, remedy = STATES[state]
    asked = gm.CredentialRequirement(kind="lift", least_level=3 if lacks[0].endswith("level") else 5)
    own = () if held is None else (gm.Credential.model_validate({"kind": "lift", **held}),)
    morning = a_morning(a_worker(credentials=own), a_shift(credentials=(asked,)))
    said = gm.explain(morning, gm.match(morning)).why_not("w", "s")
    [change] = said.changes
    assert change.needed[0]["lacks"] == lacks
    words = gm.in_words(said)
    assert told in words
    assert f"the worker's certificates: {remedy}" in words
    assert is_eligible(morning, "w", "s", [change])
    [now] = with_changes(morning, "w", "s", [change]).workers[0].credentials
    fields = {"validity": "valid_to", "review": "review_due", "level": "level", "known_level": "level"}
    untouched = {"valid_to", "review_due", "level"} - {fields.get(what) for what in lacks}
    assert held is None or all(getattr(now, field) == getattr(own[0], field) for field in untouched)


@examples(30)
@given(st.data())
def test_the_remedy_of_any_certificate_suffices(data):
    """Several of a kind, with whatever faults, for shifts that ask for some of them at some level."""
    days = st.sampled_from([None, DUE - dt.timedelta(1), DUE, DUE + dt.timedelta(1)])
    kinds, levels = st.sampled_from("ab"), st.sampled_from([None, 2, 3, 5])
    held = st.builds(gm.Credential, kind=kinds, level=levels, valid_to=days, review_due=days)
    asked = st.builds(gm.CredentialRequirement, kind=kinds, least_level=st.sampled_from([2, 3, 5]))
    worker = a_worker(credentials=tuple(data.draw(st.lists(held, max_size=4))))
    shift = a_shift(credentials=tuple(data.draw(st.lists(asked, max_size=3, unique_by=repr))))
    morning = a_morning(worker, shift)
    assignment = gm.match(morning)
    if not assignment.pairs:
        said = gm.explain(morning, assignment).why_not("w", "s")
        assert is_eligible(morning, "w", "s", list(said.changes))
        assert gm.match(with_changes(morning, "w", "s", said.changes)).pairs == (("w", "s"),)
        for fewer in less(said.changes):
            assert not is_eligible(morning, "w", "s", fewer)


class Odd:
    """A rule whose findings hold what JSON does not."""

    name = "odd"
    sentence = "Nothing is odd."

    def __call__(self, columns, pairs):
        return np.zeros(len(pairs), dtype=bool)

    def explain(self, columns, pair):
        odd = {"set": {"b", "a"}, "pair": (1, 2.5), "day": dt.date(2025, 9, 19), "far": float("inf")}
        return gm.rules.Finding({**odd, "number": np.float64(2), "row": np.array([1, 2]), 3: None})


def test_findings_of_any_kind_come_back_from_json():
    """Sets, tuples, dates, numpy and numbers that are none: told so that JSON gives them back."""
    morning = a_morning(a_worker(), a_shift())
    assignment = gm.match(morning, rules=[Odd()])
    said = gm.explain(morning, assignment, rules=[Odd()]).why_not("w", "s")
    told = gm.Reasons.of([said])
    assert gm.Reasons.from_json(told.to_json()) == told
    assert gm.check_reasons(morning, assignment, told, rules=[Odd()]) == 1
    assert said.refusals[0].values == {
        "set": ["a", "b"],
        "pair": [1, 2.5],
        "day": "2025-09-19",
        "far": None,
        "number": 2.0,
        "row": [1, 2],
        "3": None,
    }
    assert gm.in_words(said).startswith(
        "w cannot take s, since this does not hold: Nothing is odd (set: a, b; pair: 1, 2.50;"
    )
