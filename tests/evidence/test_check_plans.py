"""Answers of plans and teams: saved, read back, and checked from the morning alone; tampered ones refused."""

from __future__ import annotations

import json
from random import Random

import pytest

import gigmatch as gm
from gigmatch.assignment.instance import Instance
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.model import Companions, Crew, Period
from gigmatch.pairing.succession import ReachesNext, RestedBetween
from gigmatch.problem.plans import PlanSolution
from gigmatch.solvers.plans import solve_plans
from tests.conftest import a_morning, a_shift, a_worker, for_each, many


class Lunch:
    """At noon there is half an hour between two shifts: a rule of one's own."""

    name = "lunch"
    sentence = "half an hour for lunch"
    severity = "block"

    def __call__(self, columns, worker, first, second):
        gap = columns.shifts.start_min[second] - columns.shifts.end_min[first]
        return (columns.shifts.end_min[first] > 720) | (gap >= 30)


def at(name, start, end, **fields):
    return a_shift(name, periods=[Period(start_min=start, end_min=end)], **fields)


@pytest.fixture(scope="module")
def morning() -> gm.Morning:
    """Whole days, a crew, two companions, and a shift that needs two."""
    several = [a_worker(name, max_shifts=2) for name in "abc"]
    people = [*several, a_worker("d"), a_worker("e"), a_worker("f")]
    shifts = [at("am", 480, 690), at("noon", 700, 780), at("pm", 800, 960, headcount=2, minimum_headcount=2)]
    wall = [at("m", 480, 960, crew_id="wall"), at("n", 480, 960, crew_id="wall")]
    both = Companions(id="x", worker_ids=("d", "e"), together="crew")
    return a_morning(*people, *shifts, *wall, crews=[Crew(id="wall")], companions=[both])


@pytest.fixture(scope="module", autouse=True)
def _plain():
    """Small problems wait for no compiler."""
    with pytest.MonkeyPatch.context() as patch:
        from gigmatch.problem.plans import paths
        from gigmatch.solvers.plans import dispensable, teams
        from tests.conftest import as_plain_python

        as_plain_python(patch, paths, dispensable, teams)
        yield


def solved(morning, succession=None) -> gm.Assignment:
    """Its answer."""
    options = {"plans": True, "succession": succession}
    travel = gm.StraightLine()
    instance = Instance.prepare(
        morning, gm.DEFAULT_RULES, gm.DEFAULT_POLICY, travel, [("a", "am")], (), **options
    )
    eligible = instance.eligible()
    problem = instance.plan_problem(eligible)
    return SolvedMorning.from_plans(instance, eligible, problem, solve_plans(problem)).assignment()


@pytest.fixture(scope="module")
def answer(morning) -> gm.Assignment:
    return solved(morning)


def test_an_answer_of_whole_days_is_saved_and_checked(morning, answer, tmp_path):
    """The same after loading; promised pairs are in it, and everything follows from the morning."""
    path = tmp_path / "answer.json"
    answer.save(path)
    loaded = gm.Assignment.load(path)
    assert isinstance(loaded.solution, PlanSolution)
    assert loaded.to_dict() == answer.to_dict()
    assert not loaded.is_plain
    assert ("a", "am") in loaded.pairs
    assert "proved optimal" in str(loaded)
    for each in (answer, loaded):
        terms = gm.check(morning, each)
        assert terms.status == "optimal"
        assert [rule.name for rule in terms.succession] == ["way_between", "rest_between"]
    assert gm.check(morning, loaded, terms=terms) == terms


def test_terms_name_what_may_follow_on_what(morning, answer):
    """A rule of one's own, or one that only warns, is told; published terms are held against it."""
    asked = [ReachesNext(severity="warn"), RestedBetween(), Lunch()]
    own = solved(morning, asked)
    loaded = gm.Assignment.from_dict(json.loads(json.dumps(own.to_dict())))
    with pytest.raises(gm.InvalidPolicyError, match="rule 'lunch' is not built in"):
        gm.check(morning, loaded)
    terms = gm.check(morning, loaded, rules=[Lunch()])
    paths = [each.path for each in terms.departures if each.path[0] == "succession"]
    assert paths == [("succession", "way_between", "severity"), ("succession", "lunch")]
    assert "rule of succession lunch is added: code of somebody's own" in str(terms)
    with pytest.raises(gm.CertificateError, match="rule of succession"):
        gm.check(morning, loaded, rules=[Lunch()], terms=gm.check(morning, answer))
    assert gm.Terms.of(morning, keep=[("a", "am")], succession=asked) == terms


def test_every_succession_rule_is_held_against_published_terms(morning, answer):
    """Published before anybody is matched; a rule that is missing or otherwise is a difference."""
    due = gm.Terms.of(morning, keep=[("a", "am")])
    assert gm.check(morning, answer, terms=due) == due
    assert gm.Terms.from_json(due.to_json()) == due
    first, second = due.succession
    for changed in ({"severity": "warn"}, {"version": 2}, {"parameters": {"x": 1}}, {"is_own": True}):
        other = due.model_copy(update={"succession": (first.model_copy(update=changed), second)})
        [found] = due.differences(other)
        assert found.path[:2] == ("succession", "way_between")
    for left in ((), (first,), (second,)):
        other = due.model_copy(update={"succession": left})
        assert len(due.differences(other)) == len(other.differences(due)) == 2 - len(left)


TAMPERED = [
    (("solution", "claims", 0, 2), 1, "seats 1"),
    (("solution", "claims", -1, 1), 1, r"not closed: \['points'\]"),
    (("solution", "status"), "feasible", "does not go with"),
    (("solution", "status"), "sure", "status must be one of"),
    (("solution", "certificates", -1, "splits", 0, "scale"), 0, "points: "),
    (("solution", "certificates", 0, "tree", "kind", 0), 3, "seats 1: node 0"),
    (("solution", "shift", 0), 4, "shift 4 has"),
    (("placed_shift", 0), 1, "placed_shift does not follow"),
    (("minutes", 0), 500.0, "minutes does not follow"),
]


def altered(data, path, value):
    """The same with one value changed."""
    data = json.loads(json.dumps(data))
    part = data
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return data


@for_each(TAMPERED)
def test_tampered_files_are_refused(path, value, message, *, morning, answer):
    """With what is wrong."""
    loaded = gm.Assignment.from_dict(altered(answer.to_dict(), path, value))
    with pytest.raises(gm.CertificateError, match=message):
        gm.check(morning, loaded)


MALFORMED = [
    (("solution", "claims", 0), ["seats 1", 1], "not a saved assignment"),
    (("solution", "claims", 0, 0), 1, "solution"),
    (("solution", "certificates", 0, "level"), None, "solution"),
    (("solution", "certificates", 0, "splits", 0, "pair"), [0.5], "pair"),
    (("solution", "certificates", 0, "splits", 0, "scale"), True, "scale"),
    (("solution", "certificates", 0, "splits", 0, "multipliers"), 1, "multipliers"),
    (("solution", "certificates", 0, "tree"), {"kind": [0]}, "what"),
    (("solution", "solver"), 1, "solution"),
    (("solution", "statistics"), {}, "solution"),
    (("succession", 0), "way_between", "not a saved assignment"),
]


@for_each(MALFORMED)
def test_files_of_another_form_are_refused(path, value, message, *, answer):
    """Before anything is computed."""
    with pytest.raises(gm.InvalidFileError, match=message):
        gm.Assignment.from_dict(altered(answer.to_dict(), path, value))


def leaves_of(data, before=()):
    """Every number in the proof, by its path."""
    keys = data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    for key in keys:
        yield from leaves_of(data[key], (*before, key))
    if type(data) is int:
        yield before


def test_what_passes_says_the_same(morning, answer):
    """Any number of the solution changed: refused, or the same placements with the same values."""
    data, random = answer.to_dict(), Random(3)
    paths = [("solution", *path) for path in leaves_of(data["solution"])]
    refused = 0
    for path in random.sample(paths, min(many(25), len(paths))):
        value = data
        for key in path:
            value = value[key]
        try:
            found = gm.Assignment.from_dict(altered(data, path, value + random.choice([-7, -1, 1, 9])))
            gm.check(morning, found)
        except (gm.CertificateError, gm.InvalidFileError):
            refused += 1
        else:
            assert found.solution.claims == answer.solution.claims
            assert found.pairs == answer.pairs
    assert refused


def test_what_is_made_for_plain_mornings_is_refused(morning, answer):
    """A plain solution, and reasons by its prices, are asked for in vain."""
    loaded = gm.Assignment.from_dict(answer.to_dict())
    for ask in (lambda: loaded.plain_solution, lambda: SolvedMorning.of(loaded, morning=morning).problem):
        with pytest.raises(gm.UnsupportedError, match="shifts take place whole"):
            ask()
    plain = gm.match(gm.samples.jingshi(workers=50))
    with pytest.raises(gm.UnsupportedError, match="a plain problem, and none of plans"):
        _ = plain.solved.plan_problem
    assert SolvedMorning.of(loaded, morning=morning).verified().plan_problem.n_crews == 1
