"""Training for many mornings: exact in each of them, never beyond the bound, and chosen as it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from explaining.brute import plain_morning
from explaining.test_advice import morning
from gigmatch.evidence import Lesson
from gigmatch.evidence.added_workers import skilled
from strategies import mornings
from tests.conftest import examples, sample

COOK, MASON = [{"skill": "cook"}], [{"skill": "mason"}]


def matched(*days: gm.Morning, **options) -> list[tuple[gm.Morning, gm.Assignment]]:
    return [(day, gm.match(day, **options)) for day in days]


def people(*ids: str, **fields) -> list[dict]:
    return [{"id": name, "station_id": "hall", **fields} for name in ids]


def taught(day: gm.Morning, lessons) -> gm.Morning:
    """The morning with everybody taught who is there; nobody unlearns anything."""
    known = {skill.code for skill in day.skills}
    learned = {lesson.worker_id: lesson for lesson in lessons if lesson.skill in known}
    workers = [
        skilled(w, learned[w.id].skill, learned[w.id].level) if w.id in learned else w for w in day.workers
    ]
    return day.model_copy(update={"workers": tuple(workers)})


def gained(days, lessons, **options) -> list[tuple[int, float]]:
    """Placements and wages more in each morning, matched from scratch."""
    found = []
    for day, old in days:
        new = gm.match(taught(day, lessons), **options).summary
        wages = new.wages_offered - old.summary.wages_offered
        found.append((new.placements - old.summary.placements, wages))
    return found


def parts(programme) -> list[tuple[int, float]]:
    return [(plan.more_placements, plan.more_wages) for plan in programme.mornings]


def test_a_lesson_counts_wherever_the_person_is():
    """Cooks are wanted twice, masons once and for more money: one lesson, and it is in cooking."""
    monday = morning(people("a", "b"), [{"id": "c", "all_of": COOK}])
    tuesday = morning(
        people("b", "z"),
        [
            {"id": "c", "all_of": COOK},
            {"id": "m", "all_of": MASON, "pay": {"amount": 900, "unit": "shift"}},
        ],
    )
    days = matched(monday, tuesday)
    programme = gm.plan_training(days, people=1)
    [lesson] = programme.lessons
    assert (lesson.worker_id, lesson.skill, lesson.level, lesson.shift_id) == ("b", "cook", 5, None)
    assert [[each.shift_id for each in plan.lessons] for plan in programme.mornings] == [["c"], ["c"]]
    assert (programme.more_placements, programme.more_wages, programme.bound) == (2, 400.0, 2)
    seen = []
    more = gm.plan_training(days, people=4, progress=lambda stage, share: seen.append((stage, share)))
    assert [(each.worker_id, each.skill) for each in more.lessons] == [("b", "cook"), ("z", "mason")]
    assert (more.more_placements, more.more_wages, more.bound) == (3, 1300.0, 3)
    assert parts(more) == gained(days, more.lessons)
    assert seen == [("training", 0.25), ("training", 0.5)]
    gm.check_programme(days, more)
    with pytest.raises(gm.CertificateError, match=r"mornings\[0\]: the lessons are not those of everybody"):
        gm.check_programme(days[::-1], more)
    with pytest.raises(gm.InvalidInputError, match=r"mornings\[0\]: .* another morning"):
        gm.check_programme([(days[1][0], days[0][1]), days[1]], more)


def test_people_keep_the_better_level_that_they_have_elsewhere():
    """On Tuesday the same person is registered at level 2, and the skill is not known on Wednesday."""
    asked = [{"skill": "cook", "least_level": 4}]
    monday = morning(people("a"), [{"id": "c", "all_of": asked}])
    tuesday = morning(people("a", skills=[{"skill": "cook", "level": 2}]), [{"id": "c", "all_of": asked}])
    wednesday = monday.model_copy(update={"skills": (), "shifts": ()})
    programme = gm.plan_training(matched(monday, tuesday, wednesday), people=1)
    assert [(lesson.skill, lesson.level) for lesson in programme.lessons] == [("cook", 4)]
    assert [len(plan.lessons) for plan in programme.mornings] == [1, 0, 0]
    assert [plan.more_placements for plan in programme.mornings] == [1, 0, 0]


def test_a_level_that_serves_two_mornings_is_chosen():
    """Level 5 is enough on Monday, level 3 is asked for on Tuesday: level 3 serves both."""
    monday = morning(people("a"), [{"id": "c", "all_of": COOK}])
    tuesday = morning(people("a"), [{"id": "c", "any_of": [{"skill": "cook", "least_level": 3}, *MASON]}])
    programme = gm.plan_training(matched(monday, tuesday), people=1)
    assert [(lesson.skill, lesson.level) for lesson in programme.lessons] == [("cook", 3)]
    assert programme.more_placements == 2


def pair_of_days(draw, simple: bool) -> list[gm.Morning]:
    """Two small mornings with some of the people in common, paid in one currency."""
    days = [draw(mornings(4, 3)) for _ in range(2)]
    if simple:
        days = [_simple(day) for day in days]
    return [day.model_copy(update={"currency": "CNY"}) for day in days]


def _simple(day: gm.Morning) -> gm.Morning:
    """At most one skill a shift, and none that covers another."""
    skills = tuple(skill.model_copy(update={"covers": ()}) for skill in day.skills)
    shifts = [s.model_copy(update={"all_of": s.all_of[:1], "any_of": ()}) for s in day.shifts]
    return day.model_copy(update={"skills": skills, "shifts": tuple(shifts)})


def single_lessons(days: list[gm.Morning]) -> list[Lesson]:
    """Everything that one person could be taught."""
    workers = sorted({worker.id for day in days for worker in day.workers})
    skills = sorted({skill.code for day in days for skill in day.skills})
    return [
        Lesson(worker_id=worker, skill=skill, level=level, shift_id=None)
        for worker in workers
        for skill in skills
        for level in range(1, 6)
    ]


@examples(6)
@given(st.data())
def test_one_lesson_is_the_best_there_is_where_shifts_ask_for_one_skill(data):
    """Against every lesson for everybody, matched from scratch; in general it is within its bound."""
    simple = data.draw(st.booleans())
    days = matched(*pair_of_days(data.draw, simple))
    programme = gm.plan_training(days, people=1)
    totals = [sum(more for more, _ in gained(days, [x])) for x in single_lessons([d for d, _ in days])]
    best = max([0, *totals])
    assert programme.more_placements <= best <= programme.bound
    assert programme.more_placements == best or not simple


@examples(4)
@given(st.data(), st.integers(1, 4), st.sampled_from(["seats", "points"]))
def test_effects_are_exact_in_every_morning(data, most, objective):
    """Placements and wages of a new match, under either objective; the checker agrees, and no more."""
    policy = gm.DEFAULT_POLICY.with_objective(objective)
    days = matched(*pair_of_days(data.draw, simple=False), policy=policy)
    programme = gm.plan_training(days, people=most)
    assert len(programme.lessons) <= most
    assert len({lesson.worker_id for lesson in programme.lessons}) == len(programme.lessons)
    assert parts(programme) == gained(days, programme.lessons, policy=policy)
    assert programme.more_placements <= programme.bound
    assert programme.more_placements >= len(programme.lessons)  # each was worth it
    gm.check_programme(days, programme)
    for other in altered(programme):
        with pytest.raises(gm.CertificateError):
            gm.check_programme(days, other)


def altered(programme: gm.TrainingProgramme):
    """Another bound, fewer people, a lesson less or twice or for somebody else, other figures of a day."""
    changes = [{"bound": programme.bound + 1}, {"people": programme.people + 1}]
    changes += [{"mornings": programme.mornings[1:]}]
    if programme.lessons:
        first, *others = programme.lessons
        changes += [{"lessons": lessons} for lessons in ((first, first, *others), tuple(others))]
        changes += [{"lessons": (first.model_copy(update={"level": first.level + 1}), *others)}]
    for at, plan in enumerate(programme.mornings):
        for change in (
            {"more_placements": plan.more_placements + 1},
            {"more_wages": plan.more_wages - 1},
            {"bound": plan.bound + 1},
            *([{"lessons": plan.lessons[1:]}] if plan.lessons else []),
        ):
            days = list(programme.mornings)
            days[at] = plan.model_copy(update=change)
            changes.append({"mornings": tuple(days)})
    return [programme.model_copy(update=change) for change in changes]


def test_two_days_of_the_sample_market():
    """The same people with other work: exact in both, and together no worse than the plan of the first."""
    monday, other = (sample("jingshi", seed=seed, workers=150) for seed in (7, 8))
    days = matched(monday, other.model_copy(update={"workers": monday.workers}))
    programme = gm.plan_training(days, people=3)
    assert [(p, pytest.approx(w)) for p, w in gained(days, programme.lessons)] == parts(programme)
    alone = gm.Adviser(gm.explain(*days[0])).train(3)
    assert sum(more for more, _ in gained(days, alone.lessons)) <= programme.more_placements
    assert 3 < programme.more_placements <= programme.bound == 6
    assert gm.TrainingProgramme.from_json(programme.to_json()) == programme


def test_a_lesson_in_vain_is_not_given():
    """Where points alone count: the only one who could learn it is of more use elsewhere."""
    policy = gm.Policy(((_AtHome(), 10),), objective="points")
    day = morning(people("a", "b"), [{"id": "c", "all_of": COOK}, {"id": "x"}])
    assignment = gm.match(day, policy=policy, forbid=[("b", "c")])
    assert assignment.pairs == (("a", "x"),)
    programme = gm.plan_training([(day, assignment)], 2, scorers=[_AtHome()])
    assert (programme.lessons, programme.more_placements, programme.bound) == ((), 0, 1)
    assert gm.in_words(programme) == "No single skill would bring anybody more into work."


class _AtHome:
    """Only the first worker at the last shift is worth anything."""

    name = "at_home"

    def __call__(self, columns, pairs):
        return ((pairs.worker == 0) & (pairs.shift == columns.n_shifts - 1)).astype(float)


def test_words_and_whose_eyes():
    """By skill, with people and mornings counted; nobody is named to workers and employers."""
    shifts = [{"id": f"c{k}", "all_of": COOK} for k in range(6)]
    days = matched(*[morning(people(*(f"w{k}" for k in range(7))), shifts) for _ in range(2)])
    programme = gm.plan_training(days, people=7)
    assert gm.in_words(programme) == (
        "Training 6 people brings, in 2 mornings together, 12 placements more and 2,400 of wages: cook to "
        "level 5 for 6 (w0, w1, w2, w3, w4, 1 more). The effect is exact in every morning; the choice is "
        "made one by one, and no choice of 7 people brings more than 12 placements."
    )
    assert "6 人学“cook”到 5 级（w0、w1" in gm.in_words(programme, lang="zh")
    for audience in ("worker", "employer"):
        seen = programme.seen_by(audience)
        assert "w0" not in seen.model_dump_json()
        assert (seen.more_placements, seen.lessons) == (12, ())
        assert "12 placements more" in gm.in_words(seen)
        assert "12 人次" in gm.in_words(seen, lang="zh")


@pytest.mark.parametrize(
    ("days", "message"),
    [
        (lambda day: [], "mornings is empty: give at least one"),
        (lambda day: [day], r"mornings\[0\] must be \(morning, assignment\); got Morning"),
        (lambda day: [*matched(day), *matched(day.model_copy(update={"currency": "USD"}))], "CNY, USD"),
        (lambda day: [*matched(day), *matched(day, time_limit_s=0)], r"mornings\[1\] is not proved optimal"),
    ],
)
def test_what_cannot_be_planned_is_refused(days, message):
    """Which morning, and why."""
    day = sample("jingshi", seed=7, workers=120)
    with pytest.raises(gm.InvalidInputError, match=message):
        gm.plan_training(days(day), people=1)


def test_plans_need_people_and_objects():
    """Numbers that are none, and mornings that came as columns."""
    day = plain_morning(1, [1], [5])
    with pytest.raises(gm.InvalidInputError, match="people must be a whole number of at least 1; got 0"):
        gm.plan_training(matched(day), people=0)
    columns = gm.columns_of(day)
    with pytest.raises(gm.UnsupportedError, match="give the Morning"):
        gm.plan_training([(columns, gm.match(columns))], people=1)
