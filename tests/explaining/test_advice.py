"""What would change it: every option works, and nothing smaller does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from gigmatch.evidence import Change, Lesson
from gigmatch.evidence.outcomes import outcome_of
from gigmatch.evidence.recourse import with_changes
from gigmatch.explaining.advice import plan_of
from tests.conftest import examples, sample

HALL = {"lat": 39.9, "lon": 116.2, "datum": "WGS-84"}
FAR = {"lat": 39.99, "lon": 116.2, "datum": "WGS-84"}
DAY = [{"start_min": "08:00", "end_min": "17:00"}]


def morning(workers, shifts, **more):
    market = {"id": "hall", "name": "Hall", "location": HALL, **more.pop("market", {})}
    return gm.Morning(
        date="2025-07-19",
        time_zone="Asia/Shanghai",
        currency="CNY",
        market=market,
        skills=more.pop("skills", [{"code": code, "name": code} for code in ("mason", "cook")]),
        employers=more.pop("employers", [{"id": "e"}]),
        workers=workers,
        shifts=[
            {
                "employer_id": "e",
                "location": HALL,
                "periods": DAY,
                "pay": {"amount": 200, "unit": "shift"},
                **shift,
            }
            for shift in shifts
        ],
        **more,
    )


def adviser_of(morning, **options):
    return gm.Adviser(gm.explain(morning, gm.match(morning, **options)))


def options_of(advice):
    return {option.kind: option for option in advice.options}


def placements(morning):
    return gm.match(morning).summary.placements


def test_the_pay_that_fills_a_seat_is_the_floor_of_whoever_asks_least():
    """Two ask for more than it pays; a cent below the lesser floor nobody comes."""
    asking = [{"id": f"w{floor}", "station_id": "hall", "pay_floor_per_day": floor} for floor in (260, 240)]
    market = morning(asking, [{"id": "s"}])
    option = options_of(adviser_of(market).fill("s"))["higher pay"]
    assert (option.size, option.worker_id, option.more_placements) == (40.0, "w240", 1)
    for total, placed in ((240.0, 1), (239.99, 0)):
        change = Change(side="shift", field="pay_total", needed=total, rule="pay_floor")
        assert placements(with_changes(market, "w240", "s", [change])) == placed


def test_a_worker_is_placed_by_the_smallest_change_of_each_kind():
    """Lower floor, wider reach, more free time, a certificate, a skill, a station: each alone."""
    shifts = [
        {"id": "near", "pay": {"amount": 200, "unit": "shift"}},
        {"id": "far", "location": FAR, "pay": {"amount": 400, "unit": "shift"}},
        {
            "id": "early",
            "periods": [{"start_min": "07:30", "end_min": "12:00"}],
            "pay": {"amount": 400, "unit": "shift"},
        },
        {
            "id": "cook",
            "all_of": [{"skill": "cook", "least_level": 4}],
            "pay": {"amount": 400, "unit": "shift"},
        },
        {"id": "papers", "credentials": [{"kind": "health"}], "pay": {"amount": 400, "unit": "shift"}},
    ]
    worker = {
        "id": "w",
        "station_id": "hall",
        "pay_floor_per_day": 230,
        "travel_limit_min": 20,
        "windows": [{"start_min": "08:00", "end_min": "18:00"}],
    }
    stations = {"stations": [{"id": "st", "name": "Station", "location": FAR}]}
    market = morning([worker], shifts, market=stations)
    advice = adviser_of(market).place("w")
    options = options_of(advice)
    assert list(options) == [
        "lower pay floor",
        "wider reach",
        "more free time",
        "one certificate",
        "one skill",
        "another station",
    ]
    assert options["lower pay floor"].size == 30
    assert options["more free time"].size == 30
    assert options["one skill"].size == 2
    assert all(option.more_placements == 1 for option in advice.options)
    for option in advice.options:
        shift = "near" if option.kind == "another station" else "far"
        wanted = {
            "lower pay floor": "near",
            "more free time": "early",
            "one skill": "cook",
            "one certificate": "papers",
        }
        changed = with_changes(market, "w", wanted.get(option.kind, shift), option.changes)
        assert placements(changed) == 1
    reach = options["wider reach"]
    less = reach.changes[0].model_copy(update={"needed": reach.changes[0].needed - 0.01})
    assert placements(with_changes(market, "w", "far", [less])) == 0


def test_an_earlier_end_is_the_latest_that_the_free_time_allows():
    """The worker leaves at four: the shift ends an hour earlier, and a minute later will not do."""
    worker = {"id": "w", "station_id": "hall", "windows": [{"start_min": "07:00", "end_min": "16:00"}]}
    market = morning([worker], [{"id": "s"}])
    option = options_of(adviser_of(market).fill("s"))["earlier end"]
    assert (option.size, option.unit) == (60.0, "minutes")
    assert placements(with_changes(market, "w", "s", option.changes)) == 1
    longer = option.changes[0].model_copy(update={"needed": -59})
    assert placements(with_changes(market, "w", "s", [longer])) == 0


def test_a_seat_filled_by_emptying_another_is_no_remedy():
    """The only one who could come for more pay has a seat, and nobody could take it over."""
    worker = {"id": "w", "station_id": "hall", "pay_floor_per_day": 200, "skills": [{"skill": "mason"}]}
    shifts = [
        {"id": "low", "pay": {"amount": 150, "unit": "shift"}},
        {"id": "mason", "all_of": [{"skill": "mason"}]},
    ]
    market = morning([worker], shifts)
    assert adviser_of(market).fill("low").options == ()


def test_a_chain_of_moves_counts_and_is_reported():
    """The mason comes for more pay, and somebody at home takes the mason's seat."""
    workers = [
        {"id": "a", "station_id": "hall", "pay_floor_per_day": 200, "skills": [{"skill": "mason"}]},
        {"id": "b", "station_id": "hall", "pay_floor_per_day": 160},
    ]
    shifts = [
        {"id": "low", "pay": {"amount": 150, "unit": "shift"}, "all_of": [{"skill": "mason"}]},
        {"id": "open"},
    ]
    market = morning(workers, shifts)
    old = gm.match(market)
    option = options_of(gm.Adviser(gm.explain(market, old)).fill("low"))["higher pay"]
    moved = 0 if old.shift_of("b") else 1
    assert (option.size, option.more_placements, option.moved) == (50.0, 1, moved)


def test_a_training_plan_is_exact_and_never_beyond_its_bound():
    """Two seats want cooks, three people are at home: two lessons, two placements, the pay of both."""
    workers = [{"id": f"w{k}", "station_id": "hall"} for k in range(3)]
    seats = [
        {"id": f"c{k}", "all_of": [{"skill": "cook"}], "pay": {"amount": 200 + k, "unit": "shift"}}
        for k in range(2)
    ]
    market = morning(workers, seats)
    seen = []
    plan = adviser_of(market).train(5, progress=lambda stage, share: seen.append((stage, share)))
    assert [(lesson.skill, lesson.level) for lesson in plan.lessons] == [("cook", 5), ("cook", 5)]
    assert plan.lessons[0].shift_id == "c1"
    assert (plan.more_placements, plan.more_wages, plan.bound) == (2, 401.0, 2)
    assert seen == [("training", 0.2), ("training", 0.4)]
    changed = market
    for lesson in plan.lessons:
        needed = [{"skill": lesson.skill, "level": lesson.level}]
        change = Change(side="worker", field="skills", needed=needed, rule="skill")
        changed = with_changes(changed, lesson.worker_id, lesson.shift_id, [change])
    assert placements(changed) - placements(market) == plan.more_placements


def test_the_sample_morning_keeps_every_promise_of_its_advice():
    """Each option for some open shifts and some people, matched again from scratch."""
    market = sample("jingshi", seed=3, workers=200)
    old = gm.match(market)
    adviser = gm.Adviser(gm.explain(market, old))
    found = [adviser.fill(shift.shift_id) for shift in old.open_shifts[:8]]
    found += [adviser.place(worker.worker_id) for worker in old.unplaced[:8]]
    options = [(advice, option) for advice in found for option in advice.options]
    assert options
    for advice, option in options:
        shift = advice.shift_id or old.shift_ids[0]
        changed = with_changes(market, option.worker_id, shift, option.changes)
        assert placements(changed) - old.summary.placements == option.more_placements >= 1


def test_one_more_seat_is_worth_what_a_new_match_says():
    """The value of a seat, by adding one."""
    market = sample("jingshi", seed=3, workers=120)
    old = gm.match(market)
    values = gm.Adviser(gm.explain(market, old)).seat_values()
    assert values
    for key, value in list(values.items())[:5]:
        more = [s.model_copy(update={"headcount": s.headcount + (s.id == key)}) for s in market.shifts]
        new = gm.match(market.model_copy(update={"shifts": tuple(more)}))
        assert new.summary.placements - old.summary.placements == value.seats
        assert (new.solution.value - old.solution.value) / 100 == pytest.approx(value.points)


def test_advice_is_told_in_both_languages():
    """Options, none, a plan and none."""
    worker = {"id": "w", "station_id": "hall", "pay_floor_per_day": 230}
    adviser = adviser_of(
        morning(
            [worker], [{"id": "s", "all_of": [{"skill": "cook"}], "pay": {"amount": 300, "unit": "shift"}}]
        )
    )
    nothing = adviser_of(morning([worker], [{"id": "s", "max_age_years": 20}]))
    for lang in ("en", "zh"):
        words = [
            gm.in_words(adviser.place("w"), lang=lang),
            gm.in_words(nothing.fill("s"), lang=lang),
            gm.in_words(adviser.train(1), lang=lang),
            gm.in_words(nothing.train(1), lang=lang),
        ]
        assert len(set(words)) == 4
        assert "cook" in words[0]


def test_what_cannot_be_advised_on_is_refused():
    """Placed workers, full shifts, unproved answers, columns, numbers that are none."""
    market = morning([{"id": "w", "station_id": "hall"}], [{"id": "s"}])
    adviser = adviser_of(market)
    with pytest.raises(gm.InvalidInputError, match="'w' has a shift"):
        adviser.place("w")
    with pytest.raises(gm.InvalidInputError, match="'s' has no empty seat"):
        adviser.fill("s")
    with pytest.raises(gm.InvalidInputError, match="at least 1; got 0"):
        adviser.train(0)
    with pytest.raises(gm.InvalidInputError, match="not proved optimal"):
        adviser_of(sample("jingshi", seed=7), time_limit_s=0)
    columns = gm.columns_of(market)
    with pytest.raises(gm.UnsupportedError, match="give the Morning"):
        gm.Adviser(gm.explain(columns, gm.match(columns)))


def _tampered(said, **changed):
    """The same with some fields altered, as from a file."""
    return type(said).model_validate({**said.model_dump(), **changed}, strict=False)


def _with_option(advice, **changed):
    first, *others = advice.options
    return _tampered(advice, options=[{**first.model_dump(), **changed}, *(o.model_dump() for o in others)])


def test_advice_is_verified_and_survives_json():
    """All advice of a sample morning, from its JSON alone."""
    market = sample("jingshi", seed=3, workers=150)
    old = gm.match(market)
    adviser = gm.Adviser(gm.explain(market, old))
    found = [adviser.fill(shift.shift_id) for shift in old.open_shifts[:6]]
    found += [adviser.place(worker.worker_id) for worker in old.unplaced[:6]]
    found.append(adviser.train(3))
    assert sum(len(advice.options) for advice in found[:-1]) > 10
    reasons = gm.Reasons.from_json(gm.Reasons.of(found).to_json())
    assert gm.check_reasons(market, old, reasons) == len(found)


def test_an_altered_option_is_rejected():
    """Its size, effect, person, kind, moves and prices; an option too many, and one too few."""
    asking = [{"id": f"w{floor}", "station_id": "hall", "pay_floor_per_day": floor} for floor in (260, 240)]
    market = morning(asking, [{"id": "s"}, {"id": "t", "pay": {"amount": 100, "unit": "shift"}}])
    old = gm.match(market)
    advice = gm.Adviser(gm.explain(market, old)).fill("s")
    outcome = advice.options[0].outcome.model_dump()
    dearer = advice.options[0].changes[0].model_copy(update={"needed": 260.0}).model_dump()
    wrong = {
        "no rule names this change": [
            {"size": 39.0},
            {"worker_id": "w260"},
            {"changes": [dearer]},
            {"kind": "transport", "unit": "minutes of travel more"},
        ],
        "said 2 placed": [{"more_placements": 2}],
        "said 1 placed and 1 moved": [{"moved": 1}],
        "moves twice": [{"outcome": {**outcome, "moves": outcome["moves"] * 2}}],
        "for elsewhere": [
            {"outcome": {**outcome, "moves": [{"worker_id": "w240", "leaves": "t", "goes_to": "s"}]}}
        ],
        "not eligible": [
            {"outcome": {**outcome, "moves": [{"worker_id": "w260", "leaves": None, "goes_to": "s"}]}}
        ],
        "the prices": [
            {"outcome": {**outcome, "moves": []}},
            {"outcome": _with_proof(outcome, 1, prices={"t": 5})},
            {"outcome": _with_proof(outcome, 0, prices={"s": 2})},
        ],
        "has price -1": [{"outcome": _with_proof(outcome, 1, prices={"s": -1})}],
        "multiplier": [{"outcome": _with_proof(outcome, 1, multipliers={"seats": 2**70})}],
        "no level above": [{"outcome": _with_proof(outcome, 0, multipliers={"points": 1})}],
        "not those of the levels": [{"outcome": {**outcome, "proofs": outcome["proofs"][1:]}}],
        "proof of what it brings is missing": [{"outcome": None}],
    }
    for words, cases in wrong.items():
        for changed in cases:
            with pytest.raises(gm.CertificateError, match=words):
                gm.check_reasons(market, old, [_with_option(advice, **changed)])
    with pytest.raises(gm.CertificateError, match="a smaller change would do: higher pay, 40"):
        gm.check_reasons(market, old, [_tampered(advice, options=[])])
    with pytest.raises(gm.CertificateError, match="one of each kind"):
        gm.check_reasons(market, old, [_tampered(advice, options=[advice.options[0].model_dump()] * 2)])
    with pytest.raises(gm.CertificateError, match="smallest is proved"):
        gm.check_reasons(market, old, [_tampered(advice, is_smallest=False)])
    with pytest.raises(gm.CertificateError, match="one worker or one shift"):
        gm.check_reasons(market, old, [_tampered(advice, worker_id="w240")])


def test_a_larger_change_than_needed_is_rejected():
    """The option of the dearer worker works as well, but is not the smallest."""
    asking = [{"id": f"w{floor}", "station_id": "hall", "pay_floor_per_day": floor} for floor in (260, 240)]
    market = morning(asking, [{"id": "s", "headcount": 2}])
    alone = morning(asking[:1], [{"id": "s", "headcount": 2}])
    old, dear = gm.match(market), gm.Adviser(gm.explain(alone, gm.match(alone))).fill("s").options[0]
    advice = gm.Adviser(gm.explain(market, old)).fill("s")
    change = Change(side="shift", field="pay_total", needed=260.0, rule="pay_floor")
    new = gm.match(with_changes(market, "w260", "s", [change]))
    outcome = outcome_of(old.solved.problem, old, new)
    larger = dear.model_copy(update={"outcome": outcome, "more_placements": 2, "moved": 0})
    with pytest.raises(gm.CertificateError, match="a smaller change would do: higher pay, 40"):
        gm.check_reasons(market, old, [advice.model_copy(update={"options": (larger,)})])


def test_an_altered_plan_is_rejected():
    """Its effect, bound, people, lessons and proof."""
    workers = [{"id": f"w{k}", "station_id": "hall"} for k in range(3)]
    seats = [{"id": f"c{k}", "all_of": [{"skill": "cook"}]} for k in range(2)]
    market = morning(workers, seats)
    old = gm.match(market)
    plan = gm.Adviser(gm.explain(market, old)).train(2)
    assert gm.check_reasons(market, old, [plan]) == 1
    lessons = plan.model_dump()["lessons"]
    for words, changed in {
        "said 3 placements": {"more_placements": 3},
        "401.0 more, found 2 and 400.0": {"more_wages": 401.0},
        "bound does not hold: said 3, found 2": {"bound": 3},
        "trained twice": {"lessons": [lessons[0]] * 2},
        "not eligible": {"lessons": lessons[:1]},
        "proof of what it brings": {"outcome": None},
    }.items():
        with pytest.raises(gm.CertificateError, match=words):
            gm.check_reasons(market, old, [_tampered(plan, **changed)])


def test_advice_shows_nobody_to_those_whom_it_does_not_concern():
    """An employer sees what to offer, not to whom; a worker what to change, not who would move."""
    floors = {"li": 240, "wang": 236.5, "zhao": 231}
    workers = [
        {"id": name, "station_id": "hall", "pay_floor_per_day": floor} for name, floor in floors.items()
    ]
    cook = {"id": "c", "all_of": [{"skill": "cook"}], "pay": {"amount": 300, "unit": "shift"}}
    market = morning(workers, [{"id": "s"}, cook])
    adviser = adviser_of(market)
    fill, place, plan = adviser.fill("s"), adviser.place("li"), adviser.train(1)
    for audience in ("worker", "employer"):
        seen = fill.seen_by(audience)
        assert not [name for name in floors if name in seen.model_dump_json()]
        assert (seen.options[0].size, seen.options[0].for_three, seen.options[0].changes) == (None, 40.0, ())
        assert "about 40 CNY" in gm.in_words(seen, market)
        assert "at least 3 people" in gm.in_words(seen)
        assert "li" not in plan.seen_by(audience).model_dump_json()
        assert gm.in_words(plan.seen_by(audience), lang="zh") != gm.in_words(plan, lang="zh")
        with pytest.raises(gm.CertificateError, match=f"for the {audience} carries no evidence"):
            gm.check_reasons(market, gm.match(market), [seen])
    assert place.seen_by("worker").options[0].outcome is None
    assert place.seen_by("employer").options == ()
    assert "own matter" in gm.in_words(place.seen_by("employer"))


def test_where_points_alone_count_nothing_is_called_smallest():
    """The option holds all the same, and says so."""
    market = morning([{"id": "w", "station_id": "hall", "pay_floor_per_day": 240}], [{"id": "s"}])
    policy = gm.DEFAULT_POLICY.with_objective("points")
    old = gm.match(market, policy=policy)
    advice = gm.Adviser(gm.explain(market, old)).fill("s")
    assert [option.size for option in advice.options] == [40.0]
    assert not advice.is_smallest
    assert "smaller ones are not ruled out" in gm.in_words(advice)
    assert gm.check_reasons(market, old, [advice]) == 1


def _random_morning(random):
    workers = [
        {
            "id": f"w{k}",
            "station_id": "hall",
            "pay_floor_per_day": random.choice([120, 180, 210, 260]),
            "skills": [{"skill": "cook", "level": random.choice([3, 5])}] if random.random() < 0.4 else [],
        }
        for k in range(5)
    ]
    shifts = [
        {
            "id": f"s{k}",
            "headcount": random.choice([1, 1, 2]),
            "pay": {"amount": random.choice([100, 150, 200, 250]), "unit": "shift"},
            "priority_tier": random.choice([1, 5]),
            "all_of": [{"skill": "cook", "least_level": random.choice([2, 4])}]
            if random.random() < 0.5
            else [],
        }
        for k in range(4)
    ]
    return morning(workers, shifts)


@examples(5)
@given(st.randoms(use_true_random=False))
def test_nothing_smaller_does_whatever_the_morning(random):
    """Higher pay for a shift and a lower floor for a worker, by trying every amount there is."""
    market = _random_morning(random)
    old = gm.match(market)
    adviser = gm.Adviser(gm.explain(market, old))
    said = []
    for offer in [shift for shift in market.shifts if shift.id in {o.shift_id for o in old.open_shifts}]:
        advice = adviser.fill(offer.id)
        said.append(advice)
        amounts = sorted(a for a in {120.0, 180.0, 210.0, 260.0} if a > offer.pay.amount)
        changes = [Change(side="shift", field="pay_total", needed=a, rule="pay_floor") for a in amounts]
        changed = (with_changes(market, "w0", offer.id, [change]) for change in changes)
        enough = [a for a, m in zip(amounts, changed, strict=True) if placements(m) > old.summary.placements]
        option = options_of(advice).get("higher pay")
        assert (option and option.size) == (enough[0] - offer.pay.amount if enough else None)
    for person in [worker for worker in market.workers if worker.id in {u.worker_id for u in old.unplaced}]:
        advice = adviser.place(person.id)
        said.append(advice)
        floors = sorted(
            (f for f in (100.0, 150.0, 200.0, 250.0) if f < person.pay_floor_per_day), reverse=True
        )
        changes = [
            Change(side="worker", field="pay_floor_per_day", needed=f, rule="pay_floor") for f in floors
        ]
        changed = (with_changes(market, person.id, None, [change]) for change in changes)
        enough = [f for f, m in zip(floors, changed, strict=True) if placements(m) > old.summary.placements]
        option = options_of(advice).get("lower pay floor")
        assert (option and option.size) == (person.pay_floor_per_day - enough[0] if enough else None)
    assert gm.check_reasons(market, old, said) == len(said)


NEEDS = {
    "covered": {"all_of": [{"skill": "mason"}, {"skill": "helper"}]},
    "covered, one of": {"all_of": [{"skill": "helper"}], "any_of": [{"skill": "mason"}, {"skill": "cook"}]},
    "two levels": {"all_of": [{"skill": "mason"}, {"skill": "mason", "least_level": 3}]},
    "two levels, all and any": {
        "all_of": [{"skill": "mason", "least_level": 4}],
        "any_of": [{"skill": "mason", "least_level": 2}],
    },
    "any at several levels": {"any_of": [{"skill": "mason", "least_level": 2}, {"skill": "cook"}]},
    "two certificates of a kind": {"credentials": [{"kind": "lift"}, {"kind": "lift", "least_level": 3}]},
}
LEARNED = {
    "covered": [{"skill": "mason", "level": 5}],
    "covered, one of": [{"skill": "mason", "level": 5}],
    "two levels": [{"skill": "mason", "level": 3}],
    "two levels, all and any": [{"skill": "mason", "level": 2}],
    "any at several levels": [{"skill": "cook", "level": 5}],
}


def covering(needs, **worker):
    """Li at home, and a shift that asks for this; a mason can do what a helper can."""
    skills = [
        {"code": "mason", "name": "mason", "covers": ["helper"]},
        *({"code": code, "name": code} for code in ("helper", "cook")),
    ]
    return morning([{"id": "li", "station_id": "hall", **worker}], [{"id": "s", **needs}], skills=skills)


@pytest.mark.parametrize("needs", NEEDS)
def test_one_change_is_found_where_several_things_are_asked_for(needs):
    """What is covered, asked for twice, or one of several: one skill or certificate; training brings it."""
    market = covering(NEEDS[needs])
    old = gm.match(market)
    adviser = gm.Adviser(gm.explain(market, old))
    advice, plan, said = adviser.place("li"), adviser.train(1), adviser.explainer.why_not("li", "s")
    [option] = advice.options
    assert (option.more_placements, said.changes) == (1, option.changes)
    if needs in LEARNED:
        assert option.changes[0].needed == LEARNED[needs]
        assert [lesson.change for lesson in plan.lessons] == list(option.changes)
        programme = gm.plan_training([(market, old)], people=1)
        assert [lesson.change for lesson in programme.lessons] == list(option.changes)
        silent = _tampered(plan, lessons=[], more_placements=0, more_wages=0.0, outcome=_unmoved(adviser))
        with pytest.raises(gm.CertificateError, match="a single skill would bring one more into work"):
            gm.check_reasons(market, old, [silent])
    assert gm.check_reasons(market, old, [advice, plan, said]) == 3
    with pytest.raises(gm.CertificateError, match="a smaller change would do"):
        gm.check_reasons(market, old, [_tampered(advice, options=[])])


def _unmoved(adviser):
    """The proof of the assignment as it is."""
    return outcome_of(adviser.solved.problem, adviser.old, adviser.old)


@pytest.mark.parametrize(
    "kind", ["skills", "credentials", "pay_floor_per_day", "travel_limit_min", "pay_total"]
)
def test_the_checker_finds_what_an_explainer_leaves_out(kind, monkeypatch):
    """Whatever no rule would name: the checker makes all changes itself."""
    needs = {
        "skills": {"all_of": [{"skill": "cook"}]},
        "credentials": {"credentials": [{"kind": "lift"}]},
        "travel_limit_min": {"location": FAR},
    }
    market = covering(
        needs.get(kind, {}), pay_floor_per_day=210 if "pay" in kind else 100, travel_limit_min=20
    )
    old = gm.match(market)
    assert not old.pairs
    monkeypatch.setattr("gigmatch.evidence.counterfactuals.known_changes", lambda *_: [])
    adviser = gm.Adviser(gm.explain(market, old))
    advice = adviser.fill("s") if kind == "pay_total" else adviser.place("li")
    assert not advice.options
    with pytest.raises(gm.CertificateError, match="a smaller change would do, or one where none is told"):
        gm.check_reasons(market, old, [advice])


def test_nothing_is_credited_to_a_lesson_that_a_tie_would_bring():
    """Two seats are as good and pay otherwise: the lottery's answer is the only one, lesson or no lesson."""
    pays = [{"id": key, "pay": {"amount": pay, "unit": "shift"}} for key, pay in (("s", 100), ("t", 9100))]
    market = morning([{"id": "li", "station_id": "hall"}], pays)
    old = gm.match(market, policy=gm.Policy(()))
    adviser = gm.Adviser(gm.explain(market, old))
    lesson = Lesson(worker_id="li", skill="cook", level=5, shift_id=None)
    plan = plan_of(1, adviser, adviser.after(lesson), [lesson])
    assert (plan.more_placements, plan.more_wages) == (0, 0)
    assert gm.check_reasons(market, old, [plan]) == 1
    here = old.shift_of("li")
    there = "t" if here == "s" else "s"
    move = {"worker_id": "li", "leaves": here, "goes_to": there}
    forged = {"outcome": {**plan.outcome.model_dump(), "moves": [move]}}
    weighted = [proof for proof in plan.outcome.model_dump()["proofs"] if proof["level"] != "lottery"]
    for outcome in (forged, {"outcome": {"moves": [move], "proofs": weighted}}):
        for wages in (9000.0, -9000.0):
            with pytest.raises(gm.CertificateError):
                gm.check_reasons(market, old, [_tampered(plan, more_wages=wages, **outcome)])
    for people, words in ((0, "greater than or equal to 1"), (-1, "greater than or equal to 1")):
        with pytest.raises(ValueError, match=words):
            _tampered(plan, people=people, lessons=[], more_placements=-1)
    for wrong in (
        {"shift_id": there},
        {"shift_id": "nowhere"},
        {"skill": "unknown"},
        {"worker_id": "nobody"},
    ):
        with pytest.raises(gm.CertificateError):
            gm.check_reasons(market, old, [_tampered(plan, lessons=[{**lesson.model_dump(), **wrong}])])
    with pytest.raises(ValueError, match="less than or equal to 5"):
        _tampered(plan, lessons=[{**lesson.model_dump(), "level": 6}])


def _with_proof(outcome, at, **changes):
    """An outcome as data, one of its proofs changed."""
    proofs = [proof | changes if k == at else proof for k, proof in enumerate(outcome["proofs"])]
    return {**outcome, "proofs": proofs}
