"""Many mornings side by side: each as `match` gives it, in its place, whatever becomes of the others."""

from __future__ import annotations

import os
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

import pytest

import gigmatch as gm
from gigmatch.errors import InvalidMorningError, SolverError, StoppedError
from gigmatch.matching import many
from tests.conftest import sample


class EndsProcess:
    """A rule that no process survives."""

    name, version, severity = "ends", 1, "block"

    def __call__(self, columns, pairs):
        """Do not come back."""
        os._exit(1)


@pytest.fixture(scope="module")
def mornings() -> list[gm.Morning]:
    return [sample("jingshi", workers=50, seed=seed) for seed in range(5)]


def unreadable(morning: gm.Morning) -> gm.Morning:
    """The morning with a request for a shift that is not there: it stops as soon as it is compiled."""
    return morning.model_copy(update={"workers": (*morning.workers, morning.workers[0])})


@pytest.mark.parametrize("kind", [None, ThreadPoolExecutor])
def test_each_is_as_alone(mornings, kind, monkeypatch):
    """The same answers in the same order, of objects and of columns, few or many in a task."""
    monkeypatch.setattr(many, "WORKERS_AT_ONCE", 90)
    monkeypatch.setattr(many, "TASKS_AHEAD", 1)
    given = [*mornings[:3], *map(gm.columns_of, mornings[3:])]
    executor = kind and kind(2)
    found = list(gm.match_many(iter(given), executor=executor))
    if executor:
        executor.shutdown()
    assert [each.pairs for each in found] == [gm.match(morning).pairs for morning in mornings]
    assert {each.status for each in found} == {"optimal"}


def test_one_that_fails_is_an_error_in_its_place(mornings):
    """Whatever is wrong with it, the others have their answers."""
    broken = unreadable(mornings[1])
    found = list(gm.match_many([mornings[0], broken, "no morning", mornings[2]]))
    assert isinstance(found[1], InvalidMorningError)
    assert isinstance(found[2], gm.InvalidInputError)
    assert [found[0].status, found[3].status] == ["optimal", "optimal"]


def test_what_is_no_error_of_gigmatch_is_told_as_one(mornings, monkeypatch):
    """It names what broke."""
    monkeypatch.setattr(many, "match", lambda *_, **__: {}["nothing"])
    (found,) = gm.match_many(mornings[:1])
    assert isinstance(found, SolverError)
    assert "KeyError" in str(found)
    assert "nothing" in str(found)


def test_limits_are_those_of_each(mornings):
    """Without time there is an answer for nobody, and every morning says so."""
    found = list(gm.match_many(mornings, limits=gm.Limits(time_limit_s=0)))
    assert len(found) == len(mornings)
    assert all(isinstance(each, StoppedError) or each.status == "feasible" for each in found)


class Losing(Executor):
    """An executor that loses its process at the second task, and takes none after it."""

    tasks = 0

    def submit(self, function, /, *arguments, **named):
        """Do the first task, and break at the second."""
        self.tasks += 1
        if self.tasks > 2:
            raise BrokenProcessPool("no process is left")
        task: Future = Future()
        if self.tasks == 1:
            task.set_result(function(*arguments, **named))
        else:
            task.set_exception(BrokenProcessPool("a process is gone"))
        return task


def test_a_lost_process_costs_what_was_not_done_by_then(mornings, monkeypatch):
    """What it had done stands; every other morning has an error that says what happened."""
    monkeypatch.setattr(many, "WORKERS_AT_ONCE", 90)
    found = list(gm.match_many(mornings, executor=Losing()))
    assert [type(each) for each in found] == [gm.Assignment] * 2 + [SolverError] * 3
    assert "a process is gone" in str(found[2])
    assert "no process is left" in str(found[4])


@pytest.mark.parametrize(
    ("given", "name"), [({"mornings": 3}, "mornings"), ({"executor": 2}, "executor"), ({}, "mornings")]
)
def test_what_is_none_is_refused_at_once(mornings, given, name):
    """Before any work; one morning is no row of them."""
    with pytest.raises(gm.InvalidInputError, match=name):
        gm.match_many(**({"mornings": mornings[0]} | ({"mornings": mornings} if given else {}) | given))


def test_mornings_are_taken_as_they_are_needed(mornings, monkeypatch):
    """An endless row of them is no trouble."""
    monkeypatch.setattr(many, "WORKERS_AT_ONCE", 1)
    monkeypatch.setattr(many, "TASKS_AHEAD", 2)
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield mornings[0]

    with ThreadPoolExecutor(1) as pool:
        found = gm.match_many(endless(), executor=pool)
        assert next(found).status == "optimal"
        assert len(taken) == 3
        found.close()


@pytest.mark.nightly
def test_processes(mornings):
    """Real ones: the same answers as here, and a process that ends takes nobody's answer with it."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        found = list(gm.match_many(mornings, executor=pool))
        assert [each.pairs for each in found] == [gm.match(morning).pairs for morning in mornings]
        lost = list(gm.match_many(mornings, executor=pool, rules=[EndsProcess()]))
        assert [type(each) for each in lost] == [SolverError] * len(mornings)
