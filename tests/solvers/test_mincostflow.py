"""Min-cost flow in a child process: same answers, never in the way, nothing left behind."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import oracles
from gigmatch.errors import SolverError
from gigmatch.scenarios import families
from gigmatch.solvers import Control, MinCostFlow, flow, mincostflow, solve

IN_CHILD = MinCostFlow(most_work=-1)


@pytest.fixture(scope="module")
def large():
    """Above the threshold; OR-Tools needs about a second."""
    return oracles.random_problem(10_000, 2_000, 120, seed=1, seats=10)


@pytest.fixture
def children(monkeypatch):
    """Every process started during a test, with the last one's end checked afterwards."""
    started = []

    class Watched(subprocess.Popen):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            started.append(self)

    monkeypatch.setattr(mincostflow.subprocess, "Popen", Watched)
    yield started
    assert all(child.poll() is not None for child in started), "a child was left running"
    assert not [t for t in threading.enumerate() if t.name == "gigmatch-mincostflow"], "a thread was left"


@pytest.mark.parametrize("size", [(0, 0), (3, 0), (0, 3), (40, 15), (300, 90)])
def test_a_child_answers_the_same(size, children):
    """Through the pipes and back, empty problems included."""
    problem = oracles.random_problem(*size, 10, seed=2)
    assert IN_CHILD(problem, Control()).shift.tolist() == MinCostFlow()(problem, Control()).shift.tolist()
    assert len(children) == 1


def test_small_problems_start_no_child(children):
    """What is short for certain runs here, with a time limit, too."""
    problem = oracles.random_problem(30, 10, 5, seed=3)
    assert solve(problem, "mincostflow", time_limit_s=60).status == "optimal"
    assert not children
    assert solve(problem, MinCostFlow(most_work=0)).status == "optimal"
    assert len(children) == 1


@pytest.mark.timing
def test_a_street_never_blocks_this_process(children):
    """Few pairs that take OR-Tools minutes: the limit is kept, and other threads go on."""
    problem = families.street(24_000, 0, 1)
    began = time.monotonic()
    solution = solve(problem, "mincostflow", time_limit_s=0.3)
    assert time.monotonic() - began < 1.5
    assert solution.stopped == "time limit"
    assert len(children) == 1


def test_what_runs_here_is_short(children):
    """The longest street that stays in this process, of the kind that takes longest: about half a second."""
    problem = families.street(1_400, 0, 1)
    assert mincostflow.most_flow_work(problem) <= mincostflow.SHORT_WORK
    assert mincostflow.most_flow_work(families.street(1_450, 0, 1)) > mincostflow.SHORT_WORK
    assert MinCostFlow()(problem, Control()).shift.tolist() == list(range(1_400))
    assert not children


@pytest.mark.parametrize(("attribute", "value"), [("executable", ""), ("frozen", True)])
def test_without_an_interpreter_it_runs_here(monkeypatch, children, attribute, value):
    """Embedded and frozen Pythons have no executable that runs a script."""
    monkeypatch.setattr(sys, attribute, value, raising=False)
    assert IN_CHILD(oracles.make([[3]], [1]), Control()).shift.tolist() == [0]
    assert not children


def test_the_script_serves_one_problem():
    """One line of JSON, the arrays, and back comes int32 per worker."""
    problem = oracles.make([[9, 7], [8, None]], [1, 1])
    arrays = [getattr(problem, name) for name in flow.ARRAYS]
    told = [[str(array.dtype), len(array)] for array in arrays]
    header = json.dumps({"task": "assignment", "path": sys.path, "arrays": told}).encode()
    reply = io.BytesIO()
    flow.serve(io.BytesIO(header + b"\n" + b"".join(array.tobytes() for array in arrays)), reply)
    assert np.frombuffer(reply.getvalue(), np.int32).tolist() == [1, 0]


@pytest.mark.timing
def test_other_threads_go_on_meanwhile(large, children):
    """A heartbeat thread ticks all through a solve that would block the interpreter for a second."""
    beats, done = [], threading.Event()

    def beat():
        while not done.is_set():
            beats.append(time.monotonic())
            time.sleep(0.005)

    heart = threading.Thread(target=beat)
    heart.start()
    answer = MinCostFlow()(large, Control())
    done.set()
    heart.join()
    assert len(children) == 1
    assert answer.optimal
    assert max(np.diff(beats)) < 0.3


@pytest.mark.timing
def test_a_time_limit_is_kept(large, children):
    """The child is killed, and the hall's own answer comes back with a bound."""
    began = time.monotonic()
    solution = solve(large, "mincostflow", time_limit_s=0.05)
    assert time.monotonic() - began < 1.0
    assert (solution.status, solution.stopped) == ("feasible", "time limit")
    assert 0 < solution.value <= solution.bound
    assert len(children) == 1


@pytest.mark.timing
def test_cancelling_ends_it_at_once(large, children):
    """From another thread, in the middle of the flow."""
    cancel = threading.Event()
    timer = threading.Timer(0.05, cancel.set)
    timer.start()
    began = time.monotonic()
    assert solve(large, "mincostflow", cancel=cancel).stopped == "cancelled"
    assert time.monotonic() - began < 1.0
    timer.join()


def test_keyboard_interrupt_passes_and_kills(large, children, monkeypatch):
    """Ctrl-C during the flow reaches the caller; the child is in another session and is killed."""

    def interrupted(self):
        if children:
            raise KeyboardInterrupt

    monkeypatch.setattr(Control, "check", interrupted)
    with pytest.raises(KeyboardInterrupt):
        solve(large, "mincostflow")
    assert len(children) == 1


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("raise SystemExit('no licence')", "ended with code 1 and 0 bytes: no licence"),
        ("import os; os._exit(7)", "ended with code 7 and 0 bytes: no message"),
        ("import sys; sys.stdin.buffer.read(); print('hm')", r"ended with code 0 and \d bytes: no message"),
    ],
)
def test_a_child_that_fails_says_why(tmp_path, monkeypatch, script, message):
    """Its code, what came back and its stderr are in the error."""
    path = tmp_path / "script.py"
    path.write_text(script)
    monkeypatch.setattr(flow, "__file__", str(path))
    problem = oracles.random_problem(3000, 500, 100, seed=4)
    with pytest.raises(SolverError, match=message):
        IN_CHILD(problem, Control())


def test_a_flow_that_fails_says_why(monkeypatch):
    """OR-Tools' own refusal becomes a SolverError; a Problem never lets such weights through."""
    with pytest.raises(RuntimeError, match="BAD_COST_RANGE"):
        flow.solve_flow(np.array([0, 1]), np.array([0]), np.array([2**62]), np.array([1]))

    def refuse(*arrays):
        raise RuntimeError("BAD_RESULT")

    monkeypatch.setitem(flow.TASKS, "assignment", refuse)
    with pytest.raises(SolverError, match="stopped with BAD_RESULT"):
        solve(oracles.make([[1]], [1]))


PARENT = """
import numpy as np
from gigmatch.problem import Problem
from gigmatch.solvers import solve
rng = np.random.default_rng(0)
n, m, degree = 6000, 1500, 150
shift = np.concatenate([np.sort(rng.choice(m, degree, replace=False)) for _ in range(n)])
weight = rng.integers(1, 10**6, n * degree)
capacity = np.full(m, 4)
problem = Problem(indptr=np.arange(n + 1) * degree, shift=shift, weight=weight, capacity=capacity)
solve(problem, "mincostflow")
"""


def _flow_children(parent):
    """Process ids of the flows that a process started."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes().split(b"\0")
            status = (path / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if any(word.endswith(b"solvers/flow.py") for word in words) and (
            parent is None or int(status[1]) == parent
        ):
            found.append(int(path.name))
    return found


def _until(condition, seconds=30.0):
    deadline = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="a parent's death is told to its child on Linux only")
def test_a_killed_service_leaves_no_solver_behind():
    """SIGKILL of the parent, which can clean up nothing, ends the flow too."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT])
    (child,) = _until(lambda: _flow_children(parent.pid))
    time.sleep(0.05)  # past the child's first lines
    parent.kill()
    parent.wait()
    assert _until(lambda: child not in _flow_children(None), seconds=5.0)
