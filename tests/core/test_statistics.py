"""Statistics: stages that add up to the whole, counts that are the same everywhere."""

from __future__ import annotations

import pickle
import time

import pytest

import gigmatch as gm
from gigmatch.core.kernels import is_available
from gigmatch.core.statistics import Stages, Statistics
from tests.conftest import sample

MORNING = {"seed": 7, "workers": 300}


@pytest.fixture(scope="module")
def timed():
    """An answer, and the wall time that its making took as seen from outside, the least disturbed of some."""
    runs = []
    for _ in range(4):
        began = time.perf_counter()
        answer = gm.match(sample("jingshi", **MORNING))
        runs.append((answer, time.perf_counter() - began))
    return min(runs, key=lambda run: run[1] - run[0].statistics.total)


def test_stages_add_up_to_the_whole(timed):
    """Nearly all of the wall time belongs to a stage, and no moment to two."""
    answer, wall = timed
    statistics = answer.statistics
    assert statistics.total == pytest.approx(sum(statistics.seconds.values()))
    assert 0.95 * wall < statistics.total <= wall
    assert answer.seconds == statistics.total
    assert answer.solution.seconds == answer.solution.statistics.total < statistics.total
    assert all(seconds >= 0 for seconds in statistics.seconds.values())


def test_every_stage_is_there(timed):
    """From the morning to the answer, every level solved and proved."""
    before = ["compile", "prepare", "candidates", "rules", "scoring", "baseline", "problem"]
    levels = [f"{verb} {level}" for level in ("points", "lottery") for verb in ("solve", "prove")]
    found = timed[0].statistics.seconds
    assert set(found) == {*before, *levels, "prove seats", "verify", "answer"}
    assert list(found)[: len(before)] == before


def test_work_is_counted(timed):
    """Pairs looked at, feasible and held, as they are counted elsewhere."""
    answer, _ = timed
    counts = answer.statistics.counts
    feasible = gm.feasible_pairs(answer.solved.columns, gm.DEFAULT_RULES, gm.StraightLine())
    assert counts["pairs feasible"] == counts["pairs held"] == len(feasible)
    assert counts["pairs looked at"] >= counts["pairs feasible"]


@pytest.mark.parametrize("solver", ["mincostflow", *(["auction"] if is_available() else [])])
def test_counts_are_the_same_in_any_threads(solver):
    """And whenever it is asked again; seconds are another matter."""
    morning = sample("jingshi", **MORNING)
    runs = [gm.match(morning, solver=solver, threads=n, max_pairs=1_200).statistics for n in (1, 2)]
    assert runs[0].counts == runs[1].counts
    assert runs[0].counts["rounds"] > 0
    assert "pricing" in runs[0].seconds
    assert ("bids" in runs[0].counts) == (solver == "auction")


def test_they_are_no_part_of_what_is_saved_or_checked(timed):
    """Equal answers are equal files; what is loaded has none, and a copy for another process has them."""
    answer, _ = timed
    again = gm.match(sample("jingshi", **MORNING))
    assert again.to_json() == answer.to_json()
    assert b"statistics" not in answer.to_json()
    loaded = gm.Assignment.from_json(answer.to_json())
    assert (loaded.statistics, loaded.seconds, loaded.solution.seconds) == (None, None, 0)
    assert pickle.loads(pickle.dumps(answer)).statistics.counts == answer.statistics.counts
    data = answer.to_dict()
    data["solution"] |= {"statistics": {}}
    with pytest.raises(gm.InvalidFileError, match="no statistics"):
        gm.Assignment.from_dict(data)


def test_a_stopped_run_has_them():
    """What was begun and broken off is where the time went."""
    stopped = gm.match(sample("jingshi", **MORNING), time_limit_s=0)
    assert {"solve points", "verify"} <= set(stopped.statistics.seconds)
    assert not any(stage.startswith("prove") for stage in stopped.statistics.seconds)
    assert "solve points" in gm.match(sample("jingshi", **MORNING), solver="greedy").statistics.seconds


def test_how_they_are_shown(timed):
    """One line, a table, and a table for notebooks, in both languages."""
    found = Statistics({"compile": 0.5, "solve points": 1.25, "my stage": 0.25}, {"bids": 12_000, "sips": 3})
    assert repr(found) == "Statistics(seconds=2.000, 3 stages)"
    assert str(found).splitlines() == [
        f"{name:30}{value:>14}"
        for name, value in (
            ("compile", "0.500 s"),
            ("solve points", "1.250 s"),
            ("my stage", "0.250 s"),
            ("in all", "2.000 s"),
            ("bids", "12,000"),
            ("sips", "3"),
        )
    ]
    assert found.rows("zh")[:2] == [("编译数据", "0.500 秒"), ("求解得分", "1.250 秒")]
    assert found._repr_html_().startswith("<table><caption>Statistics(seconds=2.000, 3 stages)</caption>")
    assert not any(name.isascii() for name, _ in timed[0].statistics.rows("zh"))


def test_a_stage_ends_where_the_next_begins():
    """Time before the first is the first's, what runs within one is taken out, shares are shared out."""
    stages = Stages()
    time.sleep(0.02)
    stages.at("a")
    stages.at("b")
    time.sleep(0.04)
    stages.include(Statistics({"inner": 0.03}, {"bids": 2}))
    stages.at("c")
    time.sleep(0.02)
    for spent in ({"x": 3.0}, {"y": 1.0}):
        stages.share(Statistics(spent, {"bids": 1}))
    stages.at("d")
    found = stages.statistics()
    assert list(found.seconds) == ["a", "inner", "b", "x", "y", "d"]
    assert found.seconds["a"] >= 0.02
    assert found.seconds["x"] == pytest.approx(3 * found.seconds["y"])
    assert found.counts == {"bids": 4}
    assert found.total == pytest.approx(stages.so_far, abs=0.01)
