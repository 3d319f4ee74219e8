"""match and check: the whole house, from a morning to a proof that another process can verify."""

from __future__ import annotations

import copy
import dataclasses
import logging
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import gigmatch as gm
import oracles
from gigmatch.assignment import instance as instances
from gigmatch.matching import optimal
from gigmatch.pairing import candidates
from gigmatch.pairing.rules import DEFAULT_RULES, HasSkills, Rested
from gigmatch.solvers import MinCostFlow
from strategies import mornings
from tests.conftest import examples, sample, seldom

HALL = gm.Location(lat=39.9121, lon=116.1843, datum="WGS-84")


@pytest.fixture(scope="module")
def morning() -> gm.Morning:
    return sample("jingshi", seed=7)


@pytest.fixture(scope="module")
def answer(morning) -> gm.Assignment:
    return gm.match(morning)


def tiny(**changes) -> gm.Morning:
    """Two workers, two one-seat shifts at one place; worker a may do both, b the second alone."""
    day = (gm.Period(start_min="08:00", end_min="16:00"),)
    shared = {"employer_id": "e", "location": HALL, "periods": day}
    fields = {
        "date": "2025-09-19",
        "time_zone": "Asia/Shanghai",
        "currency": "CNY",
        "market": gm.Market(id="hall", name="Hall", location=HALL),
        "skills": (gm.Skill(code="mason", name="瓦工"),),
        "employers": (gm.Employer(id="e"),),
        "workers": (
            gm.Worker(id="a", station_id="hall", skills=(gm.WorkerSkill(skill="mason"),)),
            gm.Worker(id="b", station_id="hall"),
        ),
        "shifts": (
            gm.Shift(
                id="wall",
                all_of=(gm.SkillRequirement(skill="mason"),),
                pay=gm.Pay(amount=300, unit="day"),
                **shared,
            ),
            gm.Shift(id="load", pay=gm.Pay(amount=300, unit="day"), **shared),
        ),
    }
    return gm.Morning(**fields | changes)


def shuffled(morning: gm.Morning, random) -> gm.Morning:
    lists = {}
    for name in ("workers", "shifts", "employers", "brokers", "skills"):
        items = list(getattr(morning, name))
        random.shuffle(items)
        lists[name] = tuple(items)
    return morning.model_copy(update=lists)


def test_the_main_job_is_proved_on_every_level(answer):
    """The sample morning is optimal on seats and points, and the lottery leaves one answer."""
    assert answer.status == "optimal"
    assert [c.level for c in answer.solution.certificates][:2] == ["seats", "points"]
    assert answer.solution.gap == 0
    gm.verify(answer.solved.problem, answer.solution)


def test_the_baseline_is_never_better(answer):
    """First come, first served fills no more seats, and on this morning has fewer points."""
    assert answer.baseline.placements < answer.summary.placements
    assert answer.baseline.mean_points < answer.summary.mean_points


@examples(12)
@given(mornings(max_workers=5, max_shifts=3), st.integers(0, 3), st.sampled_from(["seats", "points"]))
def test_equal_to_brute_force(morning, seed, objective):
    """Over all assignments of a small morning: best seats by tier, then points, then the lottery."""
    policy = gm.DEFAULT_POLICY.with_seed(seed).with_objective(objective)
    assignment = gm.match(morning, policy=policy)
    problem = assignment.solved.problem
    assume(problem.n_pairs <= 12)
    assert assignment.status == "optimal"
    assert oracles.drawn(problem) == [tuple(assignment.shift.tolist())]


@examples(12)
@given(mornings(), st.randoms())
def test_the_order_of_the_input_does_not_matter(morning, random):
    """Lists in another order, the same answer to the byte."""
    before, after = gm.match(morning).to_dict(), gm.match(shuffled(morning, random)).to_dict()
    assert {**after, "morning_digest": ""} == {**before, "morning_digest": ""}


def test_another_solver_gives_the_same_answer(morning, answer):
    """HiGHS leads to the same placements: what is equal is decided by lot, not by the solver."""
    small = sample("jingshi", seed=3, workers=120)
    assert gm.match(small, solver=oracles.Highs()).pairs == gm.match(small).pairs


def test_twice_the_same_bytes(morning, answer, tmp_path):
    """The same morning gives the same file."""
    for name, result in (("one", answer), ("two", gm.match(morning))):
        result.save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_another_seed_decides_what_is_equal():
    """Twins for one seat: over some seeds each of them gets it."""
    twins = tiny(workers=(gm.Worker(id="b", station_id="hall"), gm.Worker(id="c", station_id="hall")))
    winners = {gm.match(twins, policy=gm.DEFAULT_POLICY.with_seed(s)).pairs[0][0] for s in range(12)}
    assert winners == {"b", "c"}


def test_points_may_leave_a_seat_empty_that_seats_would_fill():
    """With the points objective alone, a pair of no points is not placed for the seat's sake."""

    def only_the_wall(columns, pairs):
        return (pairs.shift == columns.shift_row["wall"]).astype(float)

    policy = gm.Policy(((only_the_wall, 10),))
    crowded = tiny(workers=(tiny().workers[0],))
    assert gm.match(tiny(), policy=policy).summary.placements == 2
    assert gm.match(crowded, policy=policy.with_objective("points")).pairs == (("a", "wall"),)


def test_the_urgent_tier_comes_first():
    """One worker, two shifts: the urgent one, though the other pays more."""
    wall, load = tiny().shifts
    urgent = load.model_copy(update={"priority_tier": 1, "pay": gm.Pay(amount=100, unit="day")})
    morning = tiny(workers=(tiny().workers[0],), shifts=(wall, urgent))
    assert gm.match(morning).pairs == (("a", "load"),)
    assert gm.match(morning, policy=gm.DEFAULT_POLICY.with_objective("points")).pairs == (("a", "wall"),)


def test_kept_pairs_stand_and_the_rest_is_best_around_them(morning, answer):
    """A promise that costs points is held; another morning's diff shows it."""
    plain = gm.match(tiny())
    assert plain.pairs == (("a", "wall"), ("b", "load"))
    kept = gm.match(tiny(), keep=[("a", "load")])
    assert kept.pairs == (("a", "load"),)
    assert [p.kept for p in kept.placements] == [True]
    change = kept.diff(plain)
    assert (change.placed, change.dropped, change.moved, change.unchanged) == (
        (),
        (("b", "load"),),
        (("a", "wall", "load"),),
        0,
    )
    again = gm.match(morning, keep=answer.pairs)
    assert again.pairs == answer.pairs


def test_forbidden_pairs_are_not_made():
    """A barred pair is not chosen, and its worker goes elsewhere."""
    barred = gm.match(tiny(), forbid=[("a", "wall")])
    assert barred.pairs in ((("a", "load"),), (("b", "load"),))
    assert barred.eligible_shifts.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ({"keep": [("x", "wall")]}, r"keep\[0\] names worker 'x', not in the morning"),
        ({"forbid": [("a", "x")]}, r"forbid\[0\] names shift 'x', not in the morning"),
        ({"keep": [("a",)]}, r"keep\[0\] is \('a',\); give \(worker id, shift id\)"),
        ({"forbid": [("a", 3)]}, r"forbid\[0\] is \('a', 3\); give"),
        ({"keep": [("a", "wall"), ("a", "load")]}, r"keep\[1\].*promised pair already"),
        ({"keep": [("a", "load"), ("b", "load")]}, r"keep\[1\].*only 1 seats"),
        ({"keep": [("a", "wall")], "forbid": [("a", "wall")]}, r"keep\[0\].*forbidden too"),
        ({"keep": [("b", "wall")]}, r"keep\[0\].*refused by rule 'skill'.*mason.*Release the promise"),
    ],
)
def test_promises_that_cannot_be_held(pairs, message):
    """Each contradiction is an error that names the pair and the reason."""
    with pytest.raises(gm.InvalidPairsError, match=message):
        gm.match(tiny(), **pairs)


def test_crews_and_minimum_headcounts_are_refused_between_two_sides():
    """Between two sides there is no all or nothing: it says so."""
    wall, load = tiny().shifts
    crew = tiny(crews=(gm.Crew(id="c"),), shifts=(wall.model_copy(update={"crew_id": "c"}), load))
    with pytest.raises(gm.UnsupportedError, match="shift 'wall' belongs to a crew"):
        gm.stable(crew)
    pair = load.model_copy(update={"headcount": 3, "minimum_headcount": 2})
    with pytest.raises(gm.UnsupportedError, match="shift 'load' has minimum_headcount 2"):
        gm.stable(tiny(shifts=(wall, pair)))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_several_shifts_and_companions_are_refused_between_two_sides(lang):
    """One shift for who takes two, or one of two who go together, would be another morning's answer."""
    first, second, *_ = tiny().workers
    others = tiny().workers[1:]
    both = gm.Companions(id="c", worker_ids=(first.id, second.id))
    mornings = {
        "max_shifts": tiny(workers=(first.model_copy(update={"max_shifts": 2}), *others)),
        "companions" if lang == "zh" else "goes together": tiny(companions=(both,)),
    }
    for message, morning in mornings.items():
        with pytest.raises(gm.UnsupportedError) as caught:
            gm.stable(morning)
        assert message in caught.value.text(lang)
        assert repr(first.id) in caught.value.text(lang)


def rest_limit(severity: str) -> gm.Jurisdiction:
    limit = gm.LegalLimit(
        kind="min_rest_hours", value=8, valid_from="2020-01-01", source="test", severity=severity
    )
    return gm.Jurisdiction(name="test", limits=(limit,))


def night_worker(severity: str) -> gm.Morning:
    """The article's man: unloading until 05:20, then "two days, 420 yuan, parking locks, going?"."""
    two_days = (
        gm.Period(start_min="08:00", end_min="17:00"),
        gm.Period(start_min="32:00", end_min="41:00"),
    )
    offer = gm.Shift(
        id="parking-locks",
        employer_id="e",
        location=HALL,
        periods=two_days,
        pay=gm.Pay(amount=420, unit="shift"),
    )
    li = gm.Worker(id="li-shifu", station_id="hall", last_shift_end_min="05:20", arrived_at_min="06:00")
    return tiny(workers=(li,), shifts=(offer,), jurisdiction=rest_limit(severity))


def test_the_man_of_the_article_is_placed_and_warned_of():
    """Straight from night unloading to the two-day offer: going, with a warning about rest."""
    assignment = gm.match(night_worker("warn"))
    assert assignment.pairs == (("li-shifu", "parking-locks"),)
    assert [(w.rule, w.pairs) for w in assignment.warnings] == [("rest", assignment.pairs)]
    assert "warning: 1 placed against rest" in str(assignment)


def test_a_market_may_block_on_rest():
    """Blocked by the law's table or by the rule itself, the pair is infeasible."""
    assert gm.match(night_worker("block")).pairs == ()
    rules = [rule for rule in DEFAULT_RULES if not isinstance(rule, Rested)]
    assert gm.match(night_worker("warn"), rules=[*rules, Rested(severity="block")]).pairs == ()


def test_no_rules_at_all():
    """Without rules everybody may do everything."""
    assert len(gm.match(tiny(), rules=[]).pairs) == 2


def test_an_empty_morning():
    """Nobody and nothing: an optimal answer of no placements."""
    empty = gm.match(tiny(workers=(), shifts=()))
    assert (empty.pairs, empty.status, empty.summary.mean_points) == ((), "optimal", None)
    assert "-" in str(empty)


def test_a_time_limit_of_nothing_gives_the_baseline_honestly(morning):
    """No time to prove: feasible, stopped by the time limit, with a bound that verifies."""
    stopped = gm.match(morning, time_limit_s=0)
    assert (stopped.status, stopped.solution.stopped) == ("feasible", "time limit")
    assert stopped.solution.gap > 0
    assert "not proved optimal: stopped by time limit" in str(stopped)
    assert stopped.summary == stopped.baseline
    gm.check(morning, stopped)


def test_a_cancelled_run_gives_the_best_so_far(morning):
    """A token that is set ends the run like a time limit."""
    cancel = threading.Event()
    cancel.set()
    assert gm.match(morning, cancel=cancel).solution.stopped == "cancelled"


@pytest.mark.parametrize("reason", ["time limit", "cancelled"])
def test_pairs_are_not_made_for_long_after_a_stop(morning, monkeypatch, reason):
    """Without all pairs there is no answer: the error says how far they were, in both languages."""
    monkeypatch.setattr(optimal, "SECONDS_FOR_PAIRS", -1.0)
    monkeypatch.setattr(candidates, "SLAB_WORKERS", 50)
    monkeypatch.setattr(candidates, "PARTS_FROM_PAIRS", 0)
    cancel = threading.Event()
    cancel.set()
    stop = {"time limit": {"time_limit_s": 0}, "cancelled": {"cancel": cancel}}[reason]
    seen = []
    with pytest.raises(gm.StoppedError, match=rf"stopped \({reason}\) with \d+% of the pairs made") as caught:
        gm.match(morning, progress=lambda *step: seen.append(step), **stop)
    assert [stage for stage, _ in seen] == ["candidates"]
    assert "还没有任何结果" in caught.value.text("zh")


def test_progress_goes_through_the_stages(morning):
    """Whoever waits sees candidates and solving, each from 0 to 1."""
    seen: list[tuple[str, float]] = []
    gm.match(morning, progress=lambda stage, fraction: seen.append((stage, fraction)))
    stages = list(dict.fromkeys(stage for stage, _ in seen))
    assert stages[:2] == ["candidates", "points"]
    assert stages[-1] == "done"
    assert all(0 <= fraction <= 1 for _, fraction in seen)


def test_too_large_for_memory_is_refused_with_the_figure(morning):
    """A morning whose pairs would not fit says how much they would take."""
    with pytest.raises(gm.TooLargeError, match=r"about [\d,]+ feasible pairs would take .* GiB"):
        gm.match(morning, memory_bytes=1 << 20)


def test_equal_draws_are_told_apart(monkeypatch):
    """Should two hashes be equal, lots stay distinct and do not depend on the order."""

    class Collision:
        def __init__(self, *args, **options):
            pass

        def copy(self):
            return self

        def update(self, text):
            pass

        def digest(self):
            return bytes(8)

    monkeypatch.setattr(instances, "blake2b", Collision)
    assert instances.draw_lots(0, "worker", ["b", "a", "c"]).tolist() == [1, 0, 2]


# ------------------------------------------------------------------------------------------------- check


def test_a_saved_answer_is_verified_in_another_process(morning, answer, tmp_path):
    """Saved, loaded and checked against the morning's file alone."""
    morning.save(tmp_path / "morning.json")
    answer.save(tmp_path / "answer.json")
    loaded = gm.Assignment.load(tmp_path / "answer.json")
    gm.check(gm.Morning.load(tmp_path / "morning.json"), loaded)
    assert loaded.placements == answer.placements


@examples(12)
@given(mornings(), st.sampled_from([0, 5]))
def test_every_answer_checks(morning, seed):
    """Whatever match answers, check accepts, after a round trip too."""
    assignment = gm.match(morning, policy=gm.DEFAULT_POLICY.with_seed(seed))
    gm.check(morning, gm.Assignment.from_dict(assignment.to_dict()))


def test_another_morning_is_a_mistake_and_no_forgery(answer):
    """The input's digest ties the answer to its morning, whatever else is asked of it."""
    for ask in (
        lambda: gm.check(tiny(), answer),
        lambda: gm.check(tiny(), answer, policy=gm.DEFAULT_POLICY.with_seed(1)),
        lambda: gm.check_reasons(tiny(), answer, []),
        lambda: gm.explain(tiny(), answer),
        lambda: answer.board_text(morning=tiny()),
        lambda: gm.plan_training([(tiny(), answer)], people=1),
    ):
        with pytest.raises(gm.InvalidInputError) as raised:
            ask()
        assert (raised.value.code, isinstance(raised.value, gm.CertificateError)) == (
            "another_morning",
            False,
        )


def test_a_forged_digest_proves_nothing(morning, answer):
    """To its own morning the answer is a stranger then, and of the other one nothing follows."""
    forged = gm.Assignment.from_dict({**answer.to_dict(), "morning_digest": tiny().digest()})
    with pytest.raises(gm.InvalidInputError, match="another morning"):
        gm.check(morning, forged)
    with pytest.raises(gm.CertificateError):
        gm.check(tiny(), forged)


@pytest.mark.parametrize("swapped", [lambda m, a: (a, m), lambda m, a: ("m", a), lambda m, a: (m, {})])
def test_what_is_no_morning_or_no_assignment_is_refused(morning, answer, swapped):
    """By name, as where they are given the other way round."""
    for ask in (gm.check, gm.explain):
        with pytest.raises(gm.InvalidInputError, match=r"must be (of type Assignment|a Morning)"):
            ask(*swapped(morning, answer))


TAMPERED = {
    "currency": "EUR",
    "worker_ids": lambda ids: [*ids[:-1], "somebody else"],
    "headcount": lambda seats: [seats[0] + 1, *seats[1:]],
    "tier": lambda tiers: [1, *tiers[1:]],
    "placed_shift": lambda rows: [*rows[1:], rows[0]],
    "placed_worker": lambda rows: [*rows[:-1], rows[-2]],
    "eligible_shifts": lambda counts: [count + 1 for count in counts],
    "eligible_workers": lambda counts: [0 for _ in counts],
    "points_by_scorer": lambda rows: [[p + 1 for p in row] for row in rows],
    "minutes": lambda minutes: [0.0 for _ in minutes],
    "pay_total": lambda pay: [2 * p for p in pay],
    "warnings": lambda warnings: warnings[1:],
    "baseline": lambda baseline: {**baseline, "placements": 0},
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_figure_is_rejected(morning, answer, name):
    """Every figure that is saved is held against the one that follows."""
    data = answer.to_dict()
    change = TAMPERED[name]
    data[name] = change(data[name]) if callable(change) else change
    with pytest.raises(gm.CertificateError, match=name):
        gm.check(morning, gm.Assignment.from_dict(data))


def test_a_draw_that_is_a_float_cannot_forge_the_lottery(answer):
    """1.0 equals 1 but would hash otherwise: numbers of a proof are integers or refused."""
    data = answer.to_dict()
    data["solution"]["certificates"][-1]["draw"] = float(data["solution"]["certificates"][-1]["draw"])
    with pytest.raises(gm.InvalidFileError, match="draw must be an integer"):
        gm.Assignment.from_dict(data)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("placed_shift", lambda rows: [row + 0.0 for row in rows]),
        ("placed_worker", lambda rows: [str(row) for row in rows]),
        ("headcount", lambda seats: [seat + 0.5 for seat in seats]),
        ("minutes", lambda minutes: [str(m) for m in minutes]),
        ("solution", lambda solution: {**solution, "seconds": 1}),
        ("solution", lambda solution: {**solution, "solver": None}),
        ("solution", lambda solution: {**solution, "value": float(solution["value"])}),
        ("solution", lambda solution: {**solution, "magic": 1}),
    ],
)
def test_a_saved_number_is_read_as_it_stands(answer, name, change):
    """Nothing is rounded or parsed on the way in, and nothing unknown comes along."""
    data = answer.to_dict()
    data[name] = change(data[name])
    with pytest.raises(gm.InvalidFileError):
        gm.Assignment.from_dict(data)
    with pytest.raises(gm.InvalidFileError, match="has no 'extra'"):
        gm.Assignment.from_dict({**answer.to_dict(), "extra": 1})


def test_the_terms_are_told():
    """What was asked for: promises, bars, and rules left out, softened and added."""
    usual = gm.check(tiny(), gm.match(tiny()))
    assert str(usual) == "terms: seats first, seed 0, 0 kept, 0 barred"
    soft = [rule for rule in DEFAULT_RULES if not isinstance(rule, Rested | HasSkills)]
    answer = gm.match(
        tiny(),
        rules=[*soft, HasSkills(severity="warn"), no_night_work],
        keep=[("a", "load")],
        forbid=[("b", "wall")],
        policy=gm.DEFAULT_POLICY.with_seed(3),
    )
    terms = gm.check(tiny(), answer, rules=[no_night_work])
    assert str(terms).splitlines() == [
        "terms: seats first, seed 3, 1 kept, 1 barred",
        "seed: 3, not 0",
        "rule skill: severity is warn, not block",
        "rule rest is left out",
        "rule no_night_work is added: code of somebody's own",
        "kept: a -> load",
        "barred: b -> wall",
    ]
    with pytest.raises(gm.CertificateError, match="another policy"):
        gm.check(tiny(), answer, rules=[no_night_work], policy=gm.DEFAULT_POLICY)


def test_an_empty_policy_saves_and_loads(tmp_path):
    """No scorers at all: seats alone, and the file comes back."""
    answer = gm.match(tiny(), policy=gm.Policy(()))
    answer.save(tmp_path / "a.json")
    gm.check(tiny(), gm.Assignment.load(tmp_path / "a.json"))


def test_the_answer_is_frozen_and_travels(answer):
    """Nobody writes into an answer, and it can be copied to another process."""
    with pytest.raises(ValueError, match="read-only"):
        answer.shift[0] = 0
    copied = pickle.loads(pickle.dumps(answer))
    assert (copied.to_dict(), copied.solved) == (answer.to_dict(), None)
    assert copy.deepcopy(gm.StraightLine()) == gm.StraightLine()


def test_the_baseline_knows_no_promises(morning, answer):
    """First come, first served is the same, whatever was promised."""
    assert gm.match(morning, keep=answer.pairs[:50]).baseline == answer.baseline


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"keep": [5]}, r"keep\[0\] is \(5,\); give"),
        ({"keep": None}, "keep must be a sequence"),
        ({"forbid": {"a": "wall"}}, "forbid must be a sequence"),
        ({"policy": {}}, "policy must be of type Policy"),
        ({"start": "yesterday.json"}, "start must be of type Assignment; got 'yesterday.json'"),
        ({"start": gm.Assignment}, "start must be of type Assignment; got <class"),
        ({"max_pairs": 3}, "max_pairs must be a whole number of at least 4, 2 for each of 2 workers; got 3"),
        ({"max_pairs": 0}, "max_pairs must be a whole number from 1 to .*got 0"),
        ({"max_pairs": -1}, "max_pairs must be a whole number from 1 to .*got -1"),
        ({"max_pairs": 4.0}, "max_pairs must be a whole number from 1 to .*got 4.0"),
        ({"max_pairs": True}, "max_pairs must be a whole number from 1 to .*got True"),
        ({"max_pairs": "all"}, "max_pairs must be a whole number from 1 to .*got 'all'"),
        ({"max_pairs": 0, "memory_bytes": 1}, "max_pairs must be a whole number from 1 to .*got 0"),
        ({"travel": object()}, "travel must be of type Travel"),
        ({"cancel": object()}, r"cancel must offer is_set\(\)"),
        ({"solver": MinCostFlow}, "solver must be one of"),
        ({"solver": "best"}, "solver must be one of"),
        ({"time_limit_s": -1}, "time_limit_s must be a number of seconds from 0"),
        ({"time_limit_s": float("nan")}, "time_limit_s must be a number of seconds from 0"),
    ],
)
def test_a_wrong_argument_is_named_before_any_work(options, message):
    """Each with the argument, the value and what it should be."""
    with pytest.raises(gm.InvalidInputError, match=message):
        gm.match(tiny(), **options)


@pytest.mark.parametrize("value", ["morning.json", None, {}, gm.Morning, gm.Columns])
def test_a_morning_or_its_columns(value):
    """Anything else is refused, with what it is."""
    message = "morning must be of type Morning or Columns; got"
    with pytest.raises(gm.InvalidInputError, match=message) as error:
        gm.match(value)
    assert f"{value!r:.80}" in str(error.value)


@dataclasses.dataclass(frozen=True)
class Unsaveable:
    """A rule with a parameter that JSON cannot hold."""

    table: object = None

    def __call__(self, columns, pairs):
        return np.ones(len(pairs), dtype=bool)


def test_parameters_that_cannot_be_saved_are_refused_first():
    """Not after the solve, when somebody wants to save."""
    with pytest.raises(gm.InvalidPolicyError, match="'Unsaveable' cannot be saved"):
        gm.match(tiny(), rules=[Unsaveable(np.zeros(2))])


def test_a_run_stopped_in_the_lottery_says_so(answer):
    """Seats and points proved, the draw not finished: no vague gap of 0."""
    solution = dataclasses.replace(
        answer.solution,
        status="feasible",
        stopped="time limit",
        certificates=answer.solution.certificates[:2],
    )
    text = str(dataclasses.replace(answer, solution=solution))
    assert "seats and points are best, the lottery is not drawn to the end" in text


@pytest.mark.parametrize("change", [{"value": 1}, {"bound": 1}, {"certificates": ()}])
def test_a_tampered_proof_is_rejected(morning, answer, change):
    """Value, bound and certificates are recomputed."""
    with pytest.raises(gm.CertificateError):
        gm.check(
            morning, dataclasses.replace(answer, solution=dataclasses.replace(answer.solution, **change))
        )


def no_night_work(columns, pairs):
    """Nobody works nights."""
    return columns.shifts.end_min[pairs.shift] <= 22 * 60


def short_names(columns, pairs):
    """Short ids first, for want of something better."""
    length = np.array([len(key) for key in columns.worker_ids], dtype=float)
    return (1 / np.maximum(length, 1))[pairs.worker]


class Teleport:
    """Everywhere is here."""

    def minutes(self, columns, worker, shift):
        return np.zeros(len(worker))

    metres = minutes

    def radius_m(self, columns, minutes):
        return None


def test_ones_own_plugins_are_needed_to_check():
    """Rules, scorers and travel that are not built in must be given, and then it checks."""
    mine = {"rules": [no_night_work], "scorers": [short_names], "travel": Teleport()}
    assignment = gm.match(
        tiny(),
        rules=[*DEFAULT_RULES, no_night_work],
        policy=gm.DEFAULT_POLICY.with_scorer(short_names, 5),
        travel=Teleport(),
    )
    gm.check(tiny(), assignment)  # just made, it has them
    loaded = gm.Assignment.from_dict(assignment.to_dict())
    gm.check(tiny(), loaded, **mine)
    for missing in mine:
        with pytest.raises(gm.InvalidPolicyError):
            gm.check(tiny(), loaded, **{k: v for k, v in mine.items() if k != missing})


def test_a_rule_of_another_version_is_not_the_same_rule():
    """A rule whose meaning changed cannot vouch for an old answer."""
    newer = dataclasses.make_dataclass("Newer", [], namespace={"version": 2, "name": "no_night_work"})
    assignment = gm.match(tiny(), rules=[*DEFAULT_RULES, no_night_work])
    with pytest.raises(gm.InvalidPolicyError, match="version"):
        gm.check(tiny(), assignment, rules=[newer()])


# ----------------------------------------------------------------------------------------------- columns


@examples(12)
@given(mornings(), st.sampled_from(["seats", "points"]), st.integers(0, 3))
def test_columns_are_matched_like_the_morning_that_they_are_of(morning, objective, seed):
    """Every figure and every price, but the digest of what was matched."""
    policy = gm.DEFAULT_POLICY.with_objective(objective).with_seed(seed)
    columns = gm.columns_of(morning)
    found = gm.match(columns, policy=policy)
    expected = gm.match(morning, policy=policy)
    assert found.to_dict() == {**expected.to_dict(), "morning_digest": columns.digest()}
    assert found.morning_digest != expected.morning_digest


def test_an_answer_from_columns_is_saved_and_verified(morning, answer, tmp_path):
    """Loaded again it checks against equal columns and the morning they are of, not against others."""
    columns = gm.columns_of(morning)
    gm.match(columns).save(tmp_path / "answer.json")
    loaded = gm.Assignment.load(tmp_path / "answer.json")
    assert loaded.placements == answer.placements
    assert gm.check(gm.columns_of(sample("jingshi", seed=7)), loaded) == gm.check(morning, answer)
    assert gm.check(morning, loaded) == gm.check(morning, answer)
    others = sample("jingshi", seed=8)
    for other in (gm.columns_of(others), others):
        with pytest.raises(gm.InvalidInputError, match="another morning"):
            gm.check(other, loaded)
    with pytest.raises(gm.InvalidInputError, match="another morning"):
        gm.check(columns, answer)


@pytest.mark.parametrize("name", TAMPERED)
def test_an_answer_from_columns_cannot_be_tampered_with(name):
    """Figure by figure, as of one from a morning."""
    columns = sample("city", workers=200, shifts=60, seed=2)
    data = gm.match(columns).to_dict()
    change = TAMPERED[name]
    data[name] = change(data[name]) if callable(change) else change
    with pytest.raises(gm.CertificateError, match=name):
        gm.check(columns, gm.Assignment.from_dict(data))


# ------------------------------------------------------------------------------------------------- start


def figures(assignment):
    """Everything saved but the prices and the solver's name."""
    data = assignment.to_dict()
    return {**data, "solution": {**data["solution"], "certificates": None, "solver": None}}


@st.composite
def changed(draw, morning):
    """A morning an hour later: some are gone, some shifts too, and some have more or fewer seats."""

    def some(items):
        return draw(st.lists(st.sampled_from(items), unique_by=lambda x: x.id)) if items else []

    shifts = [s.model_copy(update={"headcount": draw(st.integers(1, 4))}) for s in some(morning.shifts)]
    return morning.model_copy(update={"workers": tuple(some(morning.workers)), "shifts": tuple(shifts)})


OPTIONS = st.fixed_dictionaries(
    {
        "rules": st.sampled_from([DEFAULT_RULES, ()]),
        "policy": st.sampled_from(
            [
                gm.DEFAULT_POLICY,
                gm.DEFAULT_POLICY.with_objective("points").with_seed(2),
                gm.DEFAULT_POLICY.only("reliability"),  # many are equal
            ]
        ),
    }
)


@examples(12)
@given(st.data(), mornings(), OPTIONS, OPTIONS)
def test_a_start_never_changes_the_answer(data, morning, before, now):
    """Of a morning with fewer or more workers, shifts and seats, under another policy and other rules."""
    pytest.importorskip("numba")
    later = data.draw(changed(morning))
    for old, new in ((morning, later), (later, morning)):
        start = gm.match(old, **before)
        found = gm.match(new, start=start, solver="auction", **now)
        assert figures(found) == figures(gm.match(new, **now))
        gm.check(new, found)


@examples(12)
@given(mornings(), mornings(), OPTIONS, st.booleans())
def test_a_start_may_be_of_any_other_morning(other, morning, options, proved):
    """Of people who happen to have the same ids, in a file, proved or not."""
    pytest.importorskip("numba")
    old = gm.match(other, rules=(), time_limit_s=None if proved else 0)
    start = gm.Assignment.from_dict(old.to_dict())
    found = gm.match(morning, start=start, solver="auction", **options)
    assert figures(found) == figures(gm.match(morning, **options))


@pytest.mark.parametrize("solver", ["auto", seldom("auction")])
@pytest.mark.parametrize("objective", ["seats", "points"])
def test_a_start_goes_with_everything_else(morning, answer, solver, objective):
    """With promises, bars and some pairs held: the answer is that of all at once."""
    pytest.importorskip("numba")
    options = {
        "policy": gm.DEFAULT_POLICY.with_objective(objective),
        "keep": answer.pairs[:9],
        "forbid": answer.pairs[9:90],
    }
    expected = figures(gm.match(morning, **options))
    limit = 2 * len(morning.workers)
    assert figures(gm.match(morning, start=answer, solver=solver, **options)) == expected
    found = gm.match(morning, start=answer, solver=solver, max_pairs=limit, **options)
    assert figures(found) == expected
    again = gm.match(morning, start=found, solver=solver)
    assert again.pairs == answer.pairs
    gm.check(morning, again)


def test_a_stopped_answer_is_a_start(morning, answer):
    """What ran out of time is taken up again."""
    pytest.importorskip("numba")
    stopped = gm.match(morning, time_limit_s=0)
    assert gm.match(morning, start=stopped, solver="auction").pairs == answer.pairs


class Noting:
    """A solver that takes starts and notes them."""

    name, exact, warm_start = "noting", True, True

    def __init__(self):
        self.starts = []

    def supports(self, problem):
        return None

    def __call__(self, problem, control, start=None):
        self.starts.append(start)
        return MinCostFlow()(problem, control)


def test_a_start_is_brought_into_the_rows_of_the_morning():
    """Whoever is still here holds the shift that is still there, and a shift keeps its price."""
    policy = gm.DEFAULT_POLICY.with_objective("points")
    before = sample("jingshi", seed=7, workers=200)
    old = gm.match(before, policy=policy)
    late = [w.model_copy(update={"arrived_at_min": 0}) for w in before.workers[:20:-3]]
    new = gm.Worker(id="walk-in", station_id="hall", arrived_at_min=1)
    now = before.model_copy(update={"workers": (*late, new), "shifts": before.shifts[1::2]})
    solver = Noting()
    found = gm.match(now, start=old, policy=policy, solver=solver)
    start, held = solver.starts[0], dict(old.pairs)
    price = dict(zip(old.shift_ids, old.solution.shift_price.tolist(), strict=True))
    ids = [*found.shift_ids, None]
    expected = [held.get(key) for key in found.worker_ids]
    assert [ids[row] for row in start.shift] == [key if key in ids else None for key in expected]
    assert start.shift_price.tolist() == [price[key] for key in found.shift_ids]
    assert len(set(start.shift.tolist())) > 9
    assert len(set(start.shift_price.tolist())) > 9
    cold = Noting()
    assert gm.match(now, policy=policy, solver=cold).pairs == found.pairs
    assert cold.starts[0] is None


@pytest.mark.parametrize("damage", ["shift", "price", "multiplier"])
def test_a_damaged_start_is_refused(answer, morning, damage):
    """A file that was altered is an error that names the argument, like any other wrong one."""
    data = answer.to_dict()
    for proof in data["solution"]["certificates"]:
        changes = {"price": {"shift_price": proof["shift_price"][:3]}}
        changes["multiplier"] = {"multipliers": {"seats": 2**70}}
        proof |= changes.get(damage, {})
    start = gm.Assignment.from_dict(data)
    if damage == "shift":
        start = dataclasses.replace(start, placed_shift=start.placed_shift + 10**6)
    with pytest.raises(gm.InvalidInputError, match="start"):
        gm.match(morning, start=start)


LISTENED = """
import logging, sys
import gigmatch as gm
morning = gm.samples.jingshi(workers=50)
gm.match(morning)
print("listening", file=sys.stderr)
logging.basicConfig(level=logging.DEBUG)
gm.match(morning)
"""


def test_every_stage_is_logged(caplog):
    """One line each, in order, counts only: no id of anybody, and no time that changes from run to run."""
    morning = sample("jingshi", seed=7, workers=100)
    stages = ["prepared", "eligible", "solved", "assigned"]
    with caplog.at_level(logging.DEBUG, "gigmatch"):
        answer = gm.match(morning)
    assert [line.partition(":")[0] for line in caplog.messages] == stages
    assert f"workers={len(morning.workers)} shifts={len(morning.shifts)}" in caplog.messages[0]
    assert f"placements={len(answer.pairs)}" in caplog.messages[-1]
    told = " ".join(caplog.messages)
    assert not any(worker.id in told for worker in morning.workers)
    first = caplog.messages
    caplog.clear()
    with caplog.at_level(logging.DEBUG, "gigmatch"):
        gm.match(morning, max_pairs=300)
    rounds = [line for line in caplog.messages if line.startswith("priced: ")]
    assert rounds[-1].endswith(" missing=0")
    assert caplog.messages[0] == first[0]


def test_a_match_prints_nothing():
    """Unless the application listens, which one line of the standard library does."""
    silent, heard = run_python(LISTENED).split("listening\n")
    assert silent == ""
    assert "DEBUG:gigmatch:prepared: workers=50 " in heard


def run_python(code: str) -> str:
    """What a fresh Python prints, errors included."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout + done.stderr


def test_a_start_without_a_certificate_is_refused(morning, answer):
    """There are no prices in it to take over."""
    bare = dataclasses.replace(answer, solution=dataclasses.replace(answer.solution, certificates=()))
    with pytest.raises(gm.InvalidInputError) as caught:
        gm.match(morning, start=bare)
    assert caught.value.code == "start_without_certificate"
