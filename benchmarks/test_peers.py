"""The measuring commands at work on small problems; their figures mean nothing here."""

from __future__ import annotations

import json
import math
import os
import sys
import time
from dataclasses import replace
from functools import cache, partial

import pytest

import compare
import end_to_end
import reading
from gigmatch.problem import Problem, assignment_value, check_assignment
from gigmatch.scenarios.families import EVERY, with_levels
from measure import RunError, alone
from peers import CONTENDERS, OURS

pytest.importorskip("numba")


@cache
def problem_of(family: str) -> Problem:
    return with_levels(EVERY[family](200, 40, 1), 1)


@cache
def most_points(family: str) -> int:
    problem = problem_of(family)
    return assignment_value(problem, OURS["auction"].solve(problem))


@pytest.fixture(params=CONTENDERS)
def contender(request):
    asked = CONTENDERS[request.param]
    if asked.version is None:
        pytest.skip(f"{asked.package} is not installed")
    return asked


@pytest.mark.parametrize("family", EVERY)
def test_same_points(contender, family):
    """Every exact contender has as many points as the auction, the others no more."""
    problem = problem_of(family)
    shift = contender.solve(problem)
    check_assignment(problem, shift)
    points = assignment_value(problem, shift)
    assert points == most_points(family) if contender.exact else points <= most_points(family)


@pytest.fixture
def figures_of(tmp_path):
    """Run a command in a folder of its own, and read the raw figures it wrote."""

    def run(main, *arguments):
        assert main([*map(str, arguments), "--out", str(tmp_path), "--name", "small"]) == 0
        assert (tmp_path / "small.md").read_text().startswith("# ")
        return json.loads((tmp_path / "small.json").read_text())

    return run


def test_compare(figures_of, monkeypatch):
    """Two sizes give ratios and exponents, and a word for everybody who does not run."""
    monkeypatch.setitem(CONTENDERS, "lapx", replace(CONTENDERS["lapx"], package="no such package"))
    monkeypatch.setitem(CONTENDERS, "scipy", replace(CONTENDERS["scipy"], most=5_000))
    figures = figures_of(compare.main, "--sizes", 150, 300, "--families", "city", "--rounds", 1)
    small, large = figures["instances"]
    assert small["left_out"]["lapx"] == "not installed"
    assert "scipy" not in small["left_out"]
    assert large["left_out"]["scipy"] == "too large"
    for name in ("auction", "points", "levels", "ortools", "greedy"):
        assert min(small["times_the_auction"][name], large["times_the_auction"][name]) > 0
        assert math.isfinite(figures["growth"]["city"][name])


def test_end_to_end(figures_of):
    """Every step takes some time, both processes some memory, and the whole a ratio over OR-Tools."""
    (morning,) = figures_of(end_to_end.main, "--sizes", 300, "--rounds", 1, "--memory")["mornings"]
    assert morning["ratio"] > 0
    assert all(seconds > 0 for (seconds,) in morning["steps"].values())
    assert all(seen["peak_bytes"] >= seen["before_bytes"] > 0 for seen in morning["memory"].values())


def test_reading(figures_of):
    """Both read the same rows, and the first turn is not among the figures."""
    (folder,) = figures_of(reading.main, "--sizes", 300, "--rounds", 2)["folders"]
    assert folder["rows"] > folder["workers"] + folder["shifts"]
    assert (len(folder["gigmatch"]), len(folder["pyarrow"])) == (2, 1)
    assert folder["ratio"] > 0


def test_plot_needs_matplotlib(figures_of, tmp_path, monkeypatch, capsys):
    """Without it the tables are written all the same."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    figures_of(compare.main, "--sizes", 150, "--peers", "--rounds", 1)
    assert "needs matplotlib" in capsys.readouterr().out
    assert not (tmp_path / "small.svg").exists()


@pytest.mark.parametrize(
    ("prepare", "run", "word"),
    [(partial(int, 9), time.sleep, "> 0.1 s"), (partial(int, 9), os._exit, "failed")],
    ids=["too slow", "dead"],
)
def test_no_answer_alone(prepare, run, word):
    """A process that takes too long is ended, one that dies is noticed."""
    with pytest.raises(RunError, match=word):
        alone(prepare, run, 0.1)
