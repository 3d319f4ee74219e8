"""A level as text for other solvers: read back by them, it has the optimum that the library proves."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from scipy.optimize import Bounds, LinearConstraint, milp

import oracles
from gigmatch.errors import InvalidInputError
from gigmatch.problem import Problem, level_values
from gigmatch.solvers import solve
from tests.conftest import examples, matched

SMALL = Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 1])


def text_of(write, **options) -> str:
    file = io.StringIO()
    write(file, **options)
    return file.getvalue()


def mps_optimum(text: str) -> int:
    """Read section by section, and solved by scipy's HiGHS."""
    section, rows, entries, columns, rhs = "", [], [], {}, {}
    for line in text.splitlines():
        word, *rest = line.split()
        if not line.startswith(" "):
            section = word
        elif section == "ROWS":
            rows.append(rest[0])
        elif section == "COLUMNS":
            column = columns.setdefault(word, len(columns))
            entries += [(row, column, int(n)) for row, n in zip(rest[::2], rest[1::2], strict=True)]
        elif section == "RHS":
            rhs[rest[0]] = int(rest[1])
        else:
            assert (section, word) == ("OBJSENSE", "MAX")
    assert section == "ENDATA"
    if not columns:
        return 0
    table = {row: np.zeros(len(columns)) for row in rows}
    for row, column, n in entries:
        table[row][column] = n
    value = table.pop("value")
    within = LinearConstraint(np.array([*table.values()]), ub=[rhs[row] for row in table])
    found = milp(-value, constraints=within, bounds=Bounds(0, np.inf))
    assert found.success
    return round(-found.fun)


def dimacs_optimum(text: str) -> int:
    """Read line by line, and solved by OR-Tools."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    flow, size = SimpleMinCostFlow(), (0, 0)
    for line in text.splitlines():
        kind, *rest = line.split()
        if kind == "p":
            assert rest[0] == "min"
            size = (int(rest[1]), int(rest[2]))
        elif kind == "n":
            flow.set_node_supply(*map(int, rest))
        elif kind == "a":
            start, end, least, most, cost = map(int, rest)
            assert least == 0
            assert 1 <= start < end <= size[0]
            flow.add_arc_with_capacity_and_unit_cost(start, end, most, cost)
    assert flow.num_arcs() == size[1]
    assert flow.solve() == flow.OPTIMAL
    return -flow.optimal_cost()


@examples(60)
@given(oracles.problems(tiers=False))
def test_other_solvers_find_the_same_points(problem):
    """From either text, on problems with ties, empty rows, seats of 0 and weights below 0."""
    value = solve(problem).value
    assert mps_optimum(text_of(problem.to_mps)) == value
    assert dimacs_optimum(text_of(problem.to_dimacs)) == value


@examples(30)
@given(oracles.problems(tiers=True))
def test_other_solvers_find_the_same_seats(problem):
    """The level above the points, which is written alone."""
    best = level_values(problem, solve(problem).shift)[0]
    assert mps_optimum(text_of(problem.to_mps, level="seats")) == best
    assert dimacs_optimum(text_of(problem.to_dimacs, level="seats")) == best


def test_a_sample_is_solved_alike(tmp_path):
    """By OR-Tools and HiGHS, from files: the points alone, and the seats."""
    problem = matched("jingshi", seed=7, workers=100).solved.problem
    problem.to_dimacs(tmp_path / "points.min")
    problem.to_mps(str(tmp_path / "points.mps"))
    value = solve(replace(problem, tier=None, lot=None, shift_lot=None, levels=None)).value
    assert dimacs_optimum((tmp_path / "points.min").read_text("ascii")) == value
    assert mps_optimum((tmp_path / "points.mps").read_text("ascii")) == value


@pytest.mark.peers
def test_highs_reads_the_file(tmp_path):
    """With its own reader, sense and names included; a vertex is a whole assignment."""
    highspy = pytest.importorskip("highspy")
    SMALL.to_mps(tmp_path / "small.mps")
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(tmp_path / "small.mps")) == highspy.HighsStatus.kOk
    highs.run()
    assert highs.getObjectiveValue() == solve(SMALL).value == 15
    assert list(highs.getSolution().col_value) == [0, 1, 1]
    assert list(highs.getLp().col_names_) == ["x0_0", "x0_1", "x1_0"]


@pytest.mark.parametrize("write", [SMALL.to_mps, SMALL.to_dimacs])
def test_a_level_that_is_not_weighed_is_refused(write, tmp_path):
    """With those that there are; no file is left behind, and one that is open stays so."""
    with pytest.raises(InvalidInputError, match=r"level must be one that is weighed, of these: points\. Got"):
        write(tmp_path / "x", level="lottery")
    assert not (tmp_path / "x").exists()
    file = io.StringIO()
    write(file)
    assert not file.closed
