"""The checker of reasons as a whole: what it knows, what it is told, and what it answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import gigmatch as gm
from explaining.brute import tables, worlds
from gigmatch.evidence import Reasons
from tests.conftest import examples, sample

WALLED_OFF = ("gigmatch.solvers", "gigmatch.explaining", "gigmatch.matching", "ortools", "numba")


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    """A morning, its assignment and everybody's reasons, as files."""
    folder = tmp_path_factory.mktemp("files")
    morning = sample("jingshi", seed=7, workers=100)
    assignment = gm.match(morning)
    morning.save(folder / "morning.json")
    assignment.save(folder / "assignment.json")
    told = gm.explain(morning, assignment).everything()
    told.save(folder / "reasons.json")
    return folder


def loaded_after(code: str, folder: Path = Path()) -> set[str]:
    """Modules that a fresh Python has loaded after some code."""
    told = f"import sys\n{code}\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", told], stdout=subprocess.PIPE, text=True, check=True, timeout=60, cwd=folder
    )
    return set(done.stdout.split())


def walled_off(modules: set[str]) -> set[str]:
    return {name for name in modules if name.startswith(WALLED_OFF)}


def test_the_checker_loads_no_solver_and_nothing_that_explains():
    """Importing it loads neither, nor what makes assignments."""
    assert walled_off(loaded_after("import gigmatch.evidence.checking")) == set()
    names = "gm.check; gm.check_reasons; gm.check_lottery; gm.Reasons"
    assert walled_off(loaded_after(f"import gigmatch as gm; {names}")) == set()
    assert walled_off(loaded_after("import gigmatch.explaining")) != set()


def test_checking_files_loads_neither(files):
    """Nor does verifying an assignment and its reasons from files, of any size, late imports included."""
    code = """
import gigmatch as gm
from gigmatch.core import kernels
kernels.FROM_PAIRS = 0  # from how many on matching would compile
morning, assignment = gm.Morning.load("morning.json"), gm.Assignment.load("assignment.json")
gm.check(morning, assignment)
assert gm.check_reasons(morning, assignment, gm.Reasons.load("reasons.json")) > 100
"""
    assert walled_off(loaded_after(code, files)) == set()


def test_the_first_that_does_not_hold_is_named(files):
    """With its place, its kind, and what was found instead."""
    morning = gm.Morning.load(files / "morning.json")
    assignment = gm.Assignment.load(files / "assignment.json")
    told = Reasons.load(files / "reasons.json")
    at = next(k for k, reason in enumerate(told.reasons) if reason.kind == "placed")
    wrong = told.reasons[at].model_copy(update={"pay_total": 1.0})
    reasons = (*told.reasons[:at], wrong, *told.reasons[at + 1 :])
    with pytest.raises(
        gm.CertificateError, match=rf"reasons\[{at}\] \(placed\): pay_total does not hold: said 1.0"
    ):
        gm.check_reasons(morning, assignment, told.model_copy(update={"reasons": reasons}))
    nobody = told.reasons[at].model_copy(update={"worker_id": "nobody"})
    with pytest.raises(gm.CertificateError, match="worker_id 'nobody' is not in the morning"):
        gm.check_reasons(morning, assignment, [nobody])


@examples(10)
@given(st.one_of(worlds(), tables()), st.randoms())
def test_everything_leaves_out_nobody_and_may_not(world, dice):
    """One reason left out of the whole is missed, under either objective, unless only part was claimed."""
    told = world.explainer.everything()
    assert told.whole
    assert not told.missing(world.assignment)
    assert world.check(told) == len(told.reasons) == len(world.workers) + len(world.open_shifts)
    assume(told.reasons)
    at = dice.randrange(len(told.reasons))
    left_out = told.reasons[at]
    fewer = told.model_copy(update={"reasons": (*told.reasons[:at], *told.reasons[at + 1 :])})
    missing = fewer.missing(world.assignment)
    key = left_out.shift_id if at >= len(world.workers) else left_out.worker_id
    name = "placed" if key in world.has else "unplaced" if key in world.workers else "open_shifts"
    assert missing._asdict() == {"unplaced": (), "placed": (), "open_shifts": (), name: (key,)}
    with pytest.raises(gm.CertificateError, match=f"not everybody has a reason; without one: 1 .*{key}"):
        world.check(fewer)
    assert world.check(fewer.model_copy(update={"whole": False})) == len(fewer.reasons)


def test_a_reason_for_something_else_counts_for_nobody(files):
    """Not a ranking, not another pair's, not another kind: only what was asked."""
    morning = gm.Morning.load(files / "morning.json")
    assignment = gm.Assignment.load(files / "assignment.json")
    explainer = gm.explain(morning, assignment)
    out = next(worker.worker_id for worker in assignment.unplaced if worker.eligible_shifts)
    worker = assignment.pairs[0][0]
    empty = assignment.open_shifts[0].shift_id
    ranked = explainer.recommend(out)
    aside = [ranked, explainer.recommend_workers(empty), explainer.why_not(out, ranked.choices[-1].id)]
    everybody = Reasons(reasons=()).missing(assignment)
    assert [said.kind for said in aside] == ["ranked_shifts", "ranked_workers", "outbid"]
    assert Reasons.of(aside).missing(assignment) == everybody
    assert [len(ids) for ids in everybody] == [
        len(part) for part in (assignment.unplaced, assignment.pairs, assignment.open_shifts)
    ]
    told = [explainer.why(worker), explainer.why(out), explainer.why_empty(empty)]
    some = Reasons.of(told).missing(assignment)
    assert everybody.placed == (worker, *some.placed)
    assert set(everybody.unplaced) - set(some.unplaced) == {out}
    assert everybody.open_shifts == (empty, *some.open_shifts)
    assert gm.check_reasons(morning, assignment, told) == 3
    with pytest.raises(gm.CertificateError, match="not everybody has a reason; without one: "):
        gm.check_reasons(morning, assignment, told, complete=True)


def test_where_nothing_is_proved_a_bound_counts(files):
    """Reasons of a stopped run are whole, too."""
    morning = gm.Morning.load(files / "morning.json")
    stopped = gm.match(morning, time_limit_s=0)
    told = gm.explain(morning, stopped).everything()
    assert gm.check_reasons(morning, stopped, told, complete=True) == len(told.reasons)


def test_nothing_to_check_is_right(files):
    """No reasons at all, from a list or a generator."""
    morning = gm.Morning.load(files / "morning.json")
    assignment = gm.Assignment.load(files / "assignment.json")
    assert gm.check_reasons(morning, assignment, []) == 0
    assert gm.check_reasons(morning, assignment, (reason for reason in ())) == 0


def test_reasons_of_another_morning_or_an_altered_assignment_are_refused(files):
    """Before any of them is looked at."""
    morning = gm.Morning.load(files / "morning.json")
    assignment = gm.Assignment.load(files / "assignment.json")
    told = Reasons.load(files / "reasons.json")
    with pytest.raises(gm.InvalidInputError, match="another morning"):
        gm.check_reasons(sample("jingshi", seed=8, workers=100), assignment, told)
    data = assignment.to_dict()
    data["solution"]["bound"] += 1
    with pytest.raises(gm.CertificateError, match="the bound is"):
        gm.check_reasons(morning, gm.Assignment.from_dict(data), told)


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["jingshi", "majuqiao", "mentougou"])
def test_every_reason_of_a_fresh_sample_holds(name, first_number):
    """Of a seed that nobody has looked at: matched, checked, explained whole, and checked again."""
    morning = sample(name, seed=first_number, workers=500)
    assignment = gm.match(morning)
    gm.check(morning, assignment)
    told = gm.explain(morning, assignment).everything()
    assert gm.check_reasons(morning, assignment, told, complete=True) == len(told.reasons) > 500
