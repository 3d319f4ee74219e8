"""Who sees what: the table holds for every answer, and what is hidden makes no other difference."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, get_args

import pytest

import gigmatch as gm
from explaining.test_advice import FAR, HALL
from explaining.test_advice import morning as market_of
from gigmatch import evidence
from gigmatch.evidence import Explanation
from gigmatch.evidence.eyes import LEAST_PEOPLE, MEASURES, PUBLIC, STEPS, gathered, people_told, rounded
from gigmatch.evidence.parts import Record
from tests.conftest import for_each

OTHERS = ("worker", "employer")
RECORDS = [
    one
    for one in map(evidence.__dict__.get, evidence.__all__)
    if isinstance(one, type) and issubclass(one, Record) and one.eyes
]
CHANGES: dict[str, dict[str, Any]] = {
    "travel limit": {"travel_limit_min": 21.0},
    "pay floor": {"pay_floor_per_day": 1.21},
    "home": {"home": {**HALL, "lat": 39.9007}, "station_id": None},
    "rating": {"rating": 1.1},
    "preference": {"preferred_employer_ids": ("e",)},
    "refusal": {"refused_employer_ids": ("f",)},
}
"""Of w3, who has the same shift before and after, or none; the floor is so much higher."""
FATES = dict.fromkeys(CHANGES, ("placed",)) | {
    "pay floor": ("unplaced",),
    "travel limit": ("placed", "unplaced"),
}
"""Where the change is seen by somebody, be it the market alone."""
FLOORS = {"placed": 190.0, "unplaced": 240.0}


def market(fate: str = "unplaced", **victim: Any) -> gm.Morning:
    """Nine people for six shifts: some far away, dear, or for masons; w3 is the one who is changed."""
    person = {"station_id": "hall", "travel_limit_min": 20.0, "pay_floor_per_day": 240.0, "rating": 4.2}
    people = [{"id": f"w{k}", **person} for k in range(9)]
    people[0] |= {"pay_floor_per_day": 150.0}
    people[1] |= {"pay_floor_per_day": 160.0, "travel_limit_min": 90.0}
    people[2] |= {"skills": [{"skill": "mason", "level": 3}]}
    people[3] |= {"rating": 1.0, **victim}
    people[3]["pay_floor_per_day"] = FLOORS[fate] + victim.get("pay_floor_per_day", 0.0)
    people[4] |= {"age_years": 17}
    free = {"windows": ({"start_min": "12:00", "end_min": "18:00"},)}
    people[5] |= free
    people[6] |= {"pay_floor_per_day": 155.0}
    shifts = [
        {"id": "near"},
        {"id": "dear", "headcount": 4},
        {"id": "rich", "pay": {"amount": 300, "unit": "shift"}},
        {"id": "far", "location": FAR, "headcount": 2, "pay": {"amount": 300, "unit": "shift"}},
        {"id": "wall", "all_of": [{"skill": "mason"}], "employer_id": "f"},
        {"id": "chimney", "all_of": [{"skill": "cook"}], "headcount": 2, "employer_id": "f"},
    ]
    return market_of(people, shifts, employers=[{"id": "e"}, {"id": "f"}])


class Asked:
    """A morning, and every answer about it."""

    def __init__(self, morning: gm.Morning) -> None:
        self.morning, self.answer = morning, gm.match(morning)
        self.explainer = gm.explain(morning, self.answer)
        self.adviser = gm.Adviser(self.explainer)

    def answers(self) -> Iterator[tuple[str, Explanation]]:
        """Whom or what each is about, and what is said to the market."""
        ask, adviser, has = self.explainer, self.adviser, dict(self.answer.pairs)
        workers, shifts = self.answer.worker_ids, self.answer.shift_ids
        open_shifts = [shift.shift_id for shift in self.answer.open_shifts]
        for worker in workers:
            yield f"why {worker}", ask.why(worker)
        for worker in ("w0", "w2", "w3", "w6"):
            yield f"recommend {worker}", ask.recommend(worker)
            yield from (
                (f"why {worker} not {shift}", ask.why_not(worker, shift))
                for shift in shifts
                if has.get(worker) != shift
            )
            if worker not in has:
                yield f"place {worker}", adviser.place(worker)
        yield from ((f"who for {shift}", ask.recommend_workers(shift)) for shift in shifts)
        yield from ((f"why open {shift}", ask.why_empty(shift)) for shift in open_shifts)
        yield from ((f"fill {shift}", adviser.fill(shift)) for shift in open_shifts)
        yield "train", adviser.train(3)
        yield "skills", ask.skill_values()
        yield "programme", gm.plan_training([(self.morning, self.answer)], people=3)


def masked(said: Record, column: str) -> dict[str, Any]:
    """What the table does not permit to vary, inside as well."""

    def inside(value: Any) -> Any:
        if isinstance(value, Record):
            return masked(value, column)
        return [inside(one) for one in value] if isinstance(value, tuple) else value

    eyes = {name: one.of(column) for name, one in said.eyes.items()}
    return {name: "*" if eye.varies else inside(getattr(said, name)) for name, eye in eyes.items()}


def column_of(said: Explanation, audience: str) -> str:
    """How the table is read: a worker who asks about a shift sees what an employer does."""
    return audience if getattr(said, "worker_id", None) else "employer"


@cache
def told(fate: str = "unplaced") -> tuple[Asked, tuple[tuple[str, Explanation], ...]]:
    """A morning and all that is said of it."""
    asked = Asked(market(fate))
    return asked, tuple(asked.answers())


def no_other_difference(fate: str, change: dict[str, Any]) -> None:
    """All answers to others are the same, but for what the table lets follow from everybody's data."""
    (before, said), after = told(fate), Asked(market(fate, **change))
    assert after.answer.pairs == before.answer.pairs
    assert ("w3" in dict(before.answer.pairs)) == (fate == "placed")
    alike, changed = 0, 0
    for (asked, old), (again, new) in zip(said, after.answers(), strict=True):
        assert asked == again
        changed += old != new
        for audience in OTHERS:
            is_own = audience == "worker" and getattr(old, "worker_id", None) == "w3"
            if not is_own and old.kind == new.kind:
                alike += 1
                seen = [masked(one.seen_by(audience), column_of(one, audience)) for one in (old, new)]
                assert seen[0] == seen[1], (asked, audience)
    assert changed, "a change that nobody sees shows nothing"
    assert alike > 1.7 * len(said)


@for_each(FLOORS)
def test_what_is_hidden_makes_no_other_difference(fate):
    """Limit, floor, home, rating, preference and refusal of somebody together, placed or not."""
    every = {name: value for change in CHANGES.values() for name, value in change.items()}
    no_other_difference(fate, every)


@pytest.mark.nightly
@pytest.mark.parametrize("name", CHANGES)
def test_nothing_that_is_hidden_makes_another_difference(name):
    """Each of them alone."""
    for fate in FATES[name]:
        no_other_difference(fate, CHANGES[name])


def figures(said: Record, column: str) -> Iterator[tuple[Any, Any]]:
    """Every figure that varies, with its eye, inside as well."""
    for name, eyes in said.eyes.items():
        value, eye = getattr(said, name), eyes.of(column)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Record):
                yield from figures(one, column)
        if eye.measure and isinstance(value, int | float | dict):
            numbers = value.values() if isinstance(value, dict) else (value,)
            yield from ((eye.measure, number, said) for number in numbers)


def test_what_is_shown_goes_by_steps():
    """People in threes besides oneself, never fewer; sizes and money by the steps of the table."""
    seen_steps = set[str]()
    asked, every = told()
    for _, said in every:
        for audience in OTHERS:
            seen = said.seen_by(audience)
            assert seen.seen_by(audience) == seen
            for measure, number, of in figures(seen, column_of(said, audience)):
                step = MEASURES[of.kind] if measure == "size" else measure
                others = number - of.oneself if step == "people" else number
                assert others % STEPS[step] == 0
                assert step != "people" or others >= LEAST_PEOPLE
                seen_steps.add(step)
            for lang in ("en", "zh"):
                assert "None" not in gm.in_words(seen, asked.morning, lang=lang)
    assert {"people", "money"} <= seen_steps
    assert any(said.seen_by("employer").n_seats for _, said in every if said.kind == "short_of_workers")
    assert any(said.seen_by("worker").n_seats for _, said in every if said.kind == "short_of_seats")


def seen_by_employer(morning: gm.Morning) -> list[str]:
    """What the employer of every open shift reads and is given, whatever it asks of the adviser."""
    asked = Asked(morning)
    told = []
    for shift in asked.answer.open_shifts:
        seen = asked.adviser.fill(shift.shift_id).seen_by("employer")
        told += [seen.model_dump_json(), gm.in_words(seen, morning), gm.in_words(seen, morning, lang="zh")]
        told.append(asked.explainer.why_empty(shift.shift_id).seen_by("employer").model_dump_json())
    return told


def ring(**victim: Any) -> gm.Morning:
    """Three shifts around a home, out of reach; four people, one of whom employers are curious about."""
    person = {"station_id": "hall", "travel_limit_min": 5.0, "pay_floor_per_day": 150.0}
    people = [{"id": f"w{k}", **person} for k in range(3)] + [{"id": "victim", **person, **victim}]
    places = [(39.99, 116.2), (39.9, 116.32), (39.83, 116.14)]
    shifts = [
        {"id": f"s{k}", "location": {**HALL, "lat": lat, "lon": lon}} for k, (lat, lon) in enumerate(places)
    ]
    return market_of(people, shifts)


def test_three_shifts_do_not_give_a_home_away():
    """The way from three shifts: wherever the home lies within a kilometre, three employers read the same."""
    told = {}
    for north in range(5):
        home = {**HALL, "lat": 39.9 + north * 0.002, "lon": 116.2 + north * 0.0013}
        told[tuple(seen_by_employer(ring(home=home, station_id=None)))] = home
    assert len(told) == 1
    [read] = told
    assert '"for_three":' in " ".join(read)


def test_a_travel_limit_does_not_come_out_below_a_step():
    """Whatever the limit within a step, three shifts together say the same; nothing of one person alone."""
    told = {tuple(seen_by_employer(ring(travel_limit_min=limit))) for limit in (5.0, 5.000001, 5.5, 6.0)}
    assert len(told) == 1
    v, s = {"id": "v", "station_id": "hall", "travel_limit_min": 5.0}, {"id": "s", "location": FAR}
    alone = market_of([v], [s])
    [advice, *_] = seen_by_employer(alone)
    assert '"options":[]' in advice
    assert gm.Adviser(gm.explain(alone, gm.match(alone))).fill("s").options


def test_a_pay_floor_does_not_come_out_below_a_step():
    """The least pay that would do is told by tens, where three would come for it, and else not at all."""

    def read(*floors: float) -> str:
        people = [{"id": f"w{k}", "station_id": "hall", "pay_floor_per_day": f} for k, f in enumerate(floors)]
        return seen_by_employer(market_of(people, [{"id": "s"}]))[0]

    assert read(221.01, 229.5, 229.9) == read(226.66, 226.67, 229.99) == read(230.0, 230.0, 230.0)
    assert '"for_three":30.0' in read(221.01, 229.5, 229.9)
    assert read(221.01, 229.5, 253.7) == read(206.66, 240.0, 260.0)
    assert read(221.01, 229.5) == read(300.0)
    assert '"options":[]' in read(300.0)


def test_a_shortage_names_no_other_shift_and_counts_nobody_alone():
    """Neither to an employer nor to a worker: no ids, no count below three, none of what rests on them."""
    asked, _ = told()
    kinds = set()
    for shift in asked.answer.open_shifts:
        said = asked.explainer.why_empty(shift.shift_id)
        kinds.add(said.kind)
        others = set(asked.answer.shift_ids) - {shift.shift_id}
        for audience in OTHERS:
            seen = said.seen_by(audience).model_dump_json()
            assert not [other for other in others if f'"{other}"' in seen]
        counts = getattr(said.seen_by("employer"), "removed_alone", {})
        assert all(n >= LEAST_PEOPLE for n in counts.values())
    assert kinds == {"no_eligible_worker", "short_of_workers"}


def test_a_field_that_nobody_declared_cannot_be_there():
    """A class is not made; and what is hidden is nothing, not a figure that looks like one."""
    with pytest.raises(TypeError, match="secret"):
        type("Told", (Explanation,), {"__annotations__": {"secret": int, "known": Annotated[int, PUBLIC]}})
    for one in RECORDS:
        eyes = [(name, both) for name, both in one.eyes.items() if not both.employer.is_shown]
        if len(eyes) < len(one.eyes):
            for name, _ in eyes:
                annotation = one.model_fields[name].annotation
                empty = getattr(annotation, "__origin__", annotation)
                assert type(None) in get_args(annotation) or empty in (tuple, dict), (one, name)


def test_rounding_says_what_still_suffices():
    """Up for sizes, down for people; of a column with a known sum, two are hidden or none."""
    assert [rounded(x, "minutes") for x in (0.0, 0.01, 15.0, 15.01)] == [0.0, 15.0, 15.0, 30.0]
    assert [people_told(n) for n in (0, 2, 3, 5, 6)] == [None, None, 3, 3, 6]
    for counts in ([9, 1], [9, 4, 1], [1, 2, 9], [0, 9], [4, 5, 6], [1], []):
        hidden = gathered(counts).count(None)
        assert hidden != 1 or len(counts) == 1


def test_one_constant_says_how_many_people_stand_behind():
    """The step of people is the least number of them."""
    assert STEPS["people"] == LEAST_PEOPLE == 3
