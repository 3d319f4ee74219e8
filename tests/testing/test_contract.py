"""The conformity checks: all that is built in passes, and every clause catches a plug-in that breaks it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracles
from gigmatch.errors import InvalidInputError
from gigmatch.model import Location, Morning
from gigmatch.pairing.compiled import forms
from gigmatch.pairing.rules import DEFAULT_RULES, Finding, Remedy, rule_name
from gigmatch.pairing.scoring import SCORERS, Nearness
from gigmatch.pairing.travel import StraightLine, ZoneMatrix
from gigmatch.solvers import Auction, Control, Greedy, MinCostFlow, PlainAnswer
from gigmatch.solvers.base import StopSolving
from gigmatch.testing import (
    best_value,
    check_rule,
    check_scorer,
    check_solver,
    check_travel,
    mornings,
    problem_of,
    problems,
)
from tests.conftest import many

FEW = many(10)  # the checks draw the same ones each time
ZONES = [Location(lat=39.9, lon=116.2, datum="WGS-84"), Location(lat=31.2, lon=121.5, datum="WGS-84")]


@pytest.fixture(autouse=True)
def steps(request: pytest.FixtureRequest) -> None:
    """All of them only where the smallest example is looked for."""
    if "smallest" not in request.node.name:
        request.getfixturevalue("few_steps")


@pytest.mark.parametrize("rule", DEFAULT_RULES, ids=rule_name)
def test_built_in_rules_pass(rule: Any) -> None:
    """All of them."""
    check_rule(rule, examples=many(10))


@pytest.mark.parametrize("name", SCORERS)
def test_built_in_scorers_pass(name: str) -> None:
    """With their own parameters."""
    check_scorer(SCORERS[name](), examples=many(10))


@pytest.mark.parametrize(
    "travel",
    [
        StraightLine(),
        StraightLine(detour=1.0, start_min=dict.fromkeys(("walk", "cycle", "transit", "drive"), 40.0)),
        ZoneMatrix(ZONES, [[5, np.inf], [700, 0]], [[100, np.inf], [10**6, 0]]),
    ],
    ids=["straight", "late", "zones"],
)
def test_built_in_travels_pass(travel: Any) -> None:
    """With a bound and without."""
    check_travel(travel, examples=FEW)


@pytest.mark.parametrize(
    "solver", [MinCostFlow(), Greedy(), Auction(2), oracles.Highs()], ids=lambda s: s.name
)
def test_built_in_solvers_pass(solver: Any) -> None:
    """Exact and not, with prices and without, with a start and without; and a rival of the tests."""
    if solver.name == "auction":
        pytest.importorskip("numba")
    check_solver(solver, examples=8 if solver.name == "highs" else FEW)


# ---------------------------------------------------------------------------------- rules that break a clause


def good(columns: Any, pairs: Any) -> Any:
    return columns.shifts.min_age_years[pairs.shift] >= 0


def breaks(clause: str, detail: str = "") -> Any:
    return pytest.raises(AssertionError, match=rf"(?s)breaks its contract: {clause}.*{detail}")


def rule(function: Any, **attributes: Any) -> Any:
    """The function as a rule with attributes."""
    for name, value in attributes.items():
        setattr(function, name, value)
    return function


class Counting:
    """Lets a pair stand every other time that it is asked."""

    name = "counting"

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, columns: Any, pairs: Any) -> Any:
        self.calls += 1
        return np.full(len(pairs), self.calls % 2 == 0)


class Memory:
    """Remembers what it has said of a row, whatever the morning."""

    name = "memory"

    def __init__(self) -> None:
        self.said: dict[int, bool] = {}

    def __call__(self, columns: Any, pairs: Any) -> Any:
        insured = columns.workers.insured.tolist()
        said = [self.said.setdefault(row, insured[row]) for row in pairs.worker.tolist()]
        return np.array(said, bool)


class Latest:
    """Lets pairs stand until a morning of many has been seen."""

    name = "latest"

    def __init__(self) -> None:
        self.tired = False

    def __call__(self, columns: Any, pairs: Any) -> Any:
        self.tired |= columns.n_workers > 7
        return np.full(len(pairs), not self.tired)


class Desk:
    """Puts its question on a desk, and answers what it finds there a little later."""

    name = "desk"

    def __call__(self, columns: Any, pairs: Any) -> Any:
        return np.full(len(pairs), self.left_lying(columns).n_workers > 2)

    def left_lying(self, columns: Any) -> Any:
        """What lies there once somebody else has come, or nobody does."""
        self.columns, until = columns, time.perf_counter() + 0.02
        alone = threading.current_thread() is threading.main_thread()
        while not alone and self.columns is columns and time.perf_counter() < until:
            time.sleep(0.0002)
        return self.columns


@dataclass(frozen=True)
class Unsavable:
    """Has a parameter that JSON does not know."""

    places: Any = frozenset({"a"})
    name = "unsavable"

    def __call__(self, columns: Any, pairs: Any) -> Any:
        return np.ones(len(pairs), bool)


def writing(columns: Any, pairs: Any) -> Any:
    columns.shifts.capacity[:] = 0
    return np.ones(len(pairs), bool)


def forcing(columns: Any, pairs: Any) -> Any:
    columns.shifts.hours.flags.writeable = True
    columns.shifts.hours[:] = 0
    return np.ones(len(pairs), bool)


def by_rank(columns: Any, pairs: Any) -> Any:
    return np.arange(len(pairs)) < 2


def best_of_block(columns: Any, pairs: Any) -> Any:
    pay = columns.shifts.pay_total[pairs.shift]
    return pay >= pay.max(initial=0)


def falls_over(columns: Any, pairs: Any) -> Any:
    return columns.workers.attributes["tools"][pairs.worker] == "own"


def of_few(columns: Any, pairs: Any) -> Any:
    return columns.workers.age_years[pairs.worker[:1]] > 0


def employers(columns: Any, pairs: Any) -> Any:
    return columns.shifts.employer[pairs.shift] == 0


def either(columns: Any, pairs: Any) -> Any:
    return columns.workers.insured[pairs.worker] | columns.shifts.insured[pairs.shift]


def anybody(columns: Any, pairs: Any) -> Any:
    return np.ones(len(pairs), bool)


@pytest.mark.parametrize(
    ("make", "clause", "detail"),
    [
        (lambda: rule(lambda c, p: good(c, p), severity="maybe"), "its declarations", "severity 'maybe'"),
        (lambda: rule(lambda c, p: good(c, p), prunes="moon"), "its declarations", "prunes='moon'"),
        (Unsavable, "its declarations", "cannot be saved"),
        (lambda: writing, "it does not write", "read-only"),
        (lambda: forcing, "it does not write", "columns are not what they were"),
        (
            lambda: rule(lambda c, p: good(c, p).astype(int)),
            "it answers",
            r"bool\[\d+\], an array; got int64",
        ),
        (lambda: of_few, "it answers", r"got bool\[1\]"),
        (lambda: falls_over, "it answers", "it raised KeyError: 'tools'"),
        (Counting, "the same question", "False at first, True when asked again"),
        (lambda: by_rank, "a pair's value does not depend on the block", "False among all pairs, True in"),
        (lambda: best_of_block, "a pair's value does not depend on the block", "in a block of 1"),
        (Memory, "it keeps no state", "when new, .* after other mornings"),
        (Latest, "it keeps no state", "True when new, False after other mornings"),
        (Desk, "it may be called from several threads", ""),
        (
            lambda: rule(lambda c, p: either(c, p), prunes="worker"),
            "what it declares with prunes='worker'",
            "",
        ),
        (lambda: rule(lambda c, p: either(c, p), prunes="shift"), "what it declares with prunes='shift'", ""),
        (
            lambda: rule(lambda c, p: employers(c, p), prunes="requirement"),
            "what it declares with prunes='requirement'",
            "",
        ),
        (
            lambda: rule(lambda c, p: anybody(c, p), prunes="reach"),
            "what it declares with prunes='reach'",
            "beyond the worker's reach, and may stand",
        ),
    ],
)
def test_rules_that_break_a_clause(make: Any, clause: str, detail: str) -> None:
    """Each is caught in its clause."""
    with breaks(clause, detail):
        check_rule(make(), examples=FEW)


class SaysOtherwise:
    """A rule whose table, or whose compiled form, says what ``said`` says."""

    name = "says_otherwise"

    def __init__(self, **said: Any) -> None:
        self.said = said

    def __call__(self, columns: Any, pairs: Any) -> Any:
        return columns.shifts.insured[pairs.shift]

    def table(self, columns: Any, workers: Any, shifts: Any) -> Any:
        return np.tile(self.said.get("table", columns.shifts.insured)[shifts], (len(workers), 1))

    def _compiled(self, columns: Any) -> Any:
        figure = self.said.get("compiled", lambda insured: insured)(columns.shifts.insured)
        return (forms.AtMost(np.ones(columns.n_workers), figure.astype(np.float64)),)


def test_a_table_that_says_otherwise() -> None:
    """What is asked once for many workers and shifts."""
    check_rule(SaysOtherwise(), examples=FEW)
    with breaks("its table and its compiled form say what it says", "but not by its table"):
        check_rule(SaysOtherwise(table=np.ones(99, bool)), examples=FEW)


def test_compiled_forms_that_say_otherwise() -> None:
    """Of a rule, a scorer, and the minutes and the reach of a travel."""
    pytest.importorskip("numba")
    with breaks("its table and its compiled form say what it says", "but not by its compiled form"):
        check_rule(SaysOtherwise(compiled=np.logical_not), examples=FEW)

    @dataclass(frozen=True)
    class Near(Nearness):
        def _compiled(self, columns: Any) -> Any:
            return forms.Falling(np.full(columns.n_workers, 61.0))

    with breaks("its compiled form gives the same points", "by its compiled form"):
        check_scorer(Near(), examples=FEW)

    @dataclass(frozen=True)
    class Late(StraightLine):
        def _compiled(self, columns: Any) -> Any:
            straight = super()._compiled(columns)
            return replace(straight, start_min=straight.start_min + 1)

    with breaks("its compiled form gives the same minutes", "by its compiled form"):
        check_travel(Late(), examples=FEW)

    class Narrow(forms.Straight):
        def reach(self, most_min: Any) -> Any:
            return super().reach(most_min) - 1

    @dataclass(frozen=True)
    class Short(StraightLine):
        def _compiled(self, columns: Any) -> Any:
            return Narrow(**vars(super()._compiled(columns)))

    with breaks("its compiled form has the same pairs within reach", "but not by its form"):
        check_travel(Short(), examples=FEW)


def test_order_of_pairs() -> None:
    """A rule that takes a block to be sorted by worker, and so is right whatever the block."""

    def sorted_only(columns: Any, pairs: Any) -> Any:
        ascending = bool((np.diff(pairs.worker) >= 0).all())
        return np.full(len(pairs), ascending)

    with breaks("a pair's value does not depend on the order", "True by worker, False backwards"):
        check_rule(sorted_only, examples=FEW)


def explaining(explain: Any) -> Any:
    """A rule against uninsured workers, with an explanation."""
    return rule(lambda columns, pairs: columns.workers.insured[pairs.worker], explain=explain, name="cover")


@pytest.mark.parametrize(
    ("explain", "clause", "detail"),
    [
        (lambda c, p: "no cover", "it explains", "must explain with a Finding"),
        (lambda c, p: Finding({"covered": np.bool_(False)}), "it explains", "no plain data"),
        (
            lambda c, p: Finding({"covered": float("nan")}),
            "it explains",
            "at first, .* when asked again|plain",
        ),
        (lambda c, p: Finding({"at": time.perf_counter()}), "it explains", "when asked again"),
        (lambda c, p: Finding({}, (Remedy("nobody", "x", 1),)), "it explains", "is no Remedy for"),
        (lambda c, p: Finding({}, ("insure",)), "it explains", "'insure' is no Remedy|has no attribute"),
        (lambda c, p: 1 / 0, "it explains", "ZeroDivisionError"),
        (
            lambda c, p: Finding({}, (Remedy("worker", "insured", False),)),
            "a pair stands",
            "refused even with",
        ),
        (
            lambda c, p: Finding({}, (Remedy("shift", "insurance", True),)),
            "a pair stands",
            "refused even with",
        ),
        (
            lambda c, p: Finding({}, (Remedy("market", "market_insurance", True),)),
            "a pair stands",
            "refused even with",
        ),
    ],
)
def test_explanations_that_break_a_clause(explain: Any, clause: str, detail: str) -> None:
    """What is no finding, no data, or no remedy."""
    with breaks(clause, detail):
        check_rule(explaining(explain), examples=FEW)


def test_a_remedy_that_helps() -> None:
    """Passes; so does one of a field that is no single value, or may not be so, which is not tried."""
    helps = (Remedy("worker", "insured", True),)
    untried = (Remedy("worker", "skills", [{"skill": "a"}]), Remedy("worker", "rating", 9.0))
    check_rule(explaining(lambda c, p: Finding({}, helps + untried)), examples=FEW)


def test_the_example_is_small() -> None:
    """Of up to eight workers and six shifts, as few are left as show it."""
    with pytest.raises(AssertionError, match="workers: 1, shifts: 2") as caught:
        check_rule(best_of_block, examples=FEW)
    shown = str(caught.value).split(":\n", 1)[1]
    assert Morning.from_json(shown)


def test_mornings_of_ones_own() -> None:
    """A rule that reads an attribute passes where the mornings have it."""

    def with_tools(morning: Morning) -> Morning:
        workers = [w.model_copy(update={"attributes": {"tools": "own"}}) for w in morning.workers]
        return morning.model_copy(update={"workers": tuple(workers)})

    some = mornings().map(with_tools).filter(lambda morning: morning.workers)
    check_rule(falls_over_if_alone, on=some, examples=FEW)


def falls_over_if_alone(columns: Any, pairs: Any) -> Any:
    if not columns.n_workers:
        return np.ones(0, bool)
    return columns.workers.attributes["tools"][pairs.worker] == "own"


# -------------------------------------------------------------------------------- scorers that break a clause


class Mood(Counting):
    """Its scores change with every call."""

    def __call__(self, columns: Any, pairs: Any) -> Any:
        return super().__call__(columns, pairs).astype(float)


class Grudge(Memory):
    """The memory as a scorer."""

    def __call__(self, columns: Any, pairs: Any) -> Any:
        return super().__call__(columns, pairs).astype(float)


class BusyDesk(Desk):
    """The desk as a scorer."""

    def __call__(self, columns: Any, pairs: Any) -> Any:
        return super().__call__(columns, pairs).astype(float)


def half(columns: Any, pairs: Any) -> Any:
    return np.full(len(pairs), 0.5)


def spread(columns: Any, pairs: Any) -> Any:
    minutes = np.minimum(pairs.minutes, 1440)
    return (minutes - minutes.min(initial=1440)) / 1440


@pytest.mark.parametrize(
    ("make", "clause", "detail"),
    [
        (lambda: rule(lambda c, p: half(c, p), side="nobody"), "its declarations", "side 'nobody'"),
        (lambda: rule(lambda c, p: half(c, p), depends_on="moon"), "its declarations", "depends_on='moon'"),
        (Unsavable, "its declarations", "cannot be saved"),
        (lambda: writing, "it does not write", "read-only"),
        (lambda: good, "it answers", "must return float64"),
        (lambda: lambda c, p: pairs_minutes(p), "it answers", "scores run from 0 to 1"),
        (lambda: lambda c, p: half(c, p) * np.nan, "it answers", "gave nan"),
        (Mood, "the same question", "when asked again"),
        (lambda: spread, "a pair's value does not depend on the block", "in a block of 1"),
        (Grudge, "it keeps no state", "when new"),
        (BusyDesk, "it may be called from several threads", ""),
        (
            lambda: rule(lambda c, p: c.workers.insured[p.worker] * 0.5, depends_on="shift"),
            "what it declares with depends_on='shift'",
            "but not for its like",
        ),
        (
            lambda: rule(lambda c, p: c.shifts.insured[p.shift] * 0.5, depends_on="worker"),
            "what it declares with depends_on='worker'",
            "but not for its like",
        ),
    ],
)
def test_scorers_that_break_a_clause(make: Any, clause: str, detail: str) -> None:
    """Each is caught in its clause."""
    with breaks(clause, detail):
        check_scorer(make(), examples=FEW)


def pairs_minutes(pairs: Any) -> Any:
    return pairs.minutes


# -------------------------------------------------------------------------------- travels that break a clause


class Way:
    """A straight line, of which something is wrong."""

    def __init__(self, **wrong: Any) -> None:
        self.right, self.wrong = StraightLine(), wrong

    def minutes(self, columns: Any, worker: Any, shift: Any) -> Any:
        return self.wrong.get("minutes", self.right.minutes)(columns, worker, shift)

    def metres(self, columns: Any, worker: Any, shift: Any) -> Any:
        return self.wrong.get("metres", self.right.metres)(columns, worker, shift)

    def radius_m(self, columns: Any, minutes: Any) -> Any:
        return self.wrong.get("radius_m", self.right.radius_m)(columns, minutes)

    def describe(self) -> Any:
        return self.wrong.get("describe", dict)()


RIGHT = StraightLine()


def moving(columns: Any, worker: Any, shift: Any) -> Any:
    return np.random.default_rng().random(len(worker))


def in_turn(columns: Any, worker: Any, shift: Any) -> Any:
    return np.arange(len(worker), dtype=float)


def into_rows(columns: Any, worker: Any, shift: Any) -> Any:
    shift[:] = 0
    return RIGHT.minutes(columns, worker, shift)


class Traffic:
    """Ways grow longer with every morning."""

    def __init__(self) -> None:
        self.days: set[str] = set()

    def __call__(self, columns: Any, worker: Any, shift: Any) -> Any:
        self.days.add(columns.digest())
        return np.full(len(worker), float(len(self.days)))


class Crossing(Desk):
    """The desk as a way."""

    def __call__(self, columns: Any, worker: Any, shift: Any) -> Any:  # type: ignore[override]
        return np.full(len(worker), float(self.left_lying(columns).n_workers))


@pytest.mark.parametrize(
    ("wrong", "clause", "detail"),
    [
        ({"minutes": into_rows}, "minutes: it does not write", "read-only"),
        ({"minutes": lambda c, w, s: w}, "minutes: it answers", "must return float64"),
        ({"minutes": lambda c, w, s: RIGHT.minutes(c, w, s) - 50}, "minutes: it answers", "at least 0"),
        ({"metres": lambda c, w, s: RIGHT.metres(c, w, s) * np.nan}, "metres: it answers", "at least 0"),
        ({"metres": moving}, "metres: the same question", "when asked again"),
        ({"minutes": in_turn}, "minutes: a pair's value does not depend on the block", ""),
        (
            {"metres": Traffic()},
            "metres: it keeps no state",
            "",
        ),
        ({"metres": Crossing()}, "metres: it may be called from several threads", ""),
        ({"radius_m": lambda c, m: m.tolist()}, "radius_m is None", "must return float64"),
        ({"radius_m": lambda c, m: RIGHT.radius_m(c, m)[:-1]}, "radius_m is None", "got float64"),
        ({"radius_m": lambda c, m: m}, "radius_m is None", "gave nan"),
        ({"radius_m": lambda c, m: np.nan_to_num(m)}, "radius_m is None", "without a limit: inf there"),
        ({"radius_m": lambda c, m: RIGHT.radius_m(c, m) / 2}, "radius_m: beyond it", "m away, beyond the"),
        ({"describe": lambda: {"zones": {1, 2}}}, "its description can be saved", "not JSON serializable"),
        ({"describe": lambda: {"at": time.perf_counter()}}, "its description can be saved", "differs"),
    ],
)
def test_travels_that_break_a_clause(wrong: Any, clause: str, detail: str) -> None:
    """Each is caught in its clause."""
    with breaks(clause, detail):
        check_travel(Way(**wrong), examples=FEW)


def test_what_is_no_travel() -> None:
    """A class, and what lacks a method."""
    for odd in (StraightLine, object()):
        with breaks("it has minutes, metres and radius_m"):
            check_travel(odd)  # type: ignore[arg-type]


# -------------------------------------------------------------------------------- solvers that break a clause


class Flow:
    """Min-cost flow, its answer changed on the way."""

    name = "flow"
    exact = True

    def __init__(self, change: Any = lambda answer, problem: answer, **attributes: Any) -> None:
        self.change = change
        for name, value in attributes.items():
            setattr(self, name, value)

    def supports(self, problem: Any) -> Any:
        return None

    def __call__(self, problem: Any, control: Control) -> Any:
        return self.change(MinCostFlow()(problem, control), problem)


class Warm(Flow):
    """Trusts its start."""

    warm_start = True

    def __call__(self, problem: Any, control: Control, start: Any = None) -> Any:
        if start is not None and (start.shift < 0).all():
            return PlainAnswer(shift=start.shift, optimal=True)
        return super().__call__(problem, control)


class SolverDesk(Flow):
    """The desk as a solver."""

    def __call__(self, problem: Any, control: Control) -> Any:
        self.problem, until = problem, time.perf_counter() + 0.02
        alone = threading.current_thread() is threading.main_thread()
        while not alone and self.problem is problem and time.perf_counter() < until:
            time.sleep(0.0002)
        return super().__call__(self.problem, control)


def nobody(answer: Any, problem: Any) -> Any:
    return replace(answer, shift=np.full_like(answer.shift, -1))


def forced(answer: Any, problem: Any) -> Any:
    problem.weight.flags.writeable = True
    problem.weight[:] = 0
    return answer


class Remembering:
    """Tires: after so many problems nobody is placed any more."""

    def __init__(self) -> None:
        self.seen: set[int] = set()

    def __call__(self, answer: Any, problem: Any) -> Any:
        self.seen.add(problem.n_pairs)
        return answer if len(self.seen) < 2 else replace(nobody(answer, problem), optimal=False)


class Alternating:
    """Every other answer is nobody's."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, answer: Any, problem: Any) -> Any:
        self.calls += 1
        return answer if self.calls % 2 else replace(nobody(answer, problem), optimal=False)


class Crashing(Flow):
    """Knows no other way to stop than to fail."""

    def __call__(self, problem: Any, control: Control) -> Any:
        if control.may_stop:
            raise InvalidInputError("no time")
        return super().__call__(problem, control)


class Impatient(Flow):
    """Stops of its own accord."""

    def __call__(self, problem: Any, control: Control) -> Any:
        raise StopSolving("heuristic")


class Small(Flow):
    """Right about small problems only."""

    def __call__(self, problem: Any, control: Control) -> Any:
        answer = super().__call__(problem, control)
        return answer if problem.n_workers < 20 else nobody(answer, problem)


class Levelled(Flow):
    """Cannot do without the answer's claim once the weights are large, as those of the lottery are."""

    def __call__(self, problem: Any, control: Control) -> Any:
        answer = super().__call__(problem, control)
        return answer if np.abs(problem.weight).max(initial=0) < 150 else replace(answer, optimal=False)


def half_priced(answer: Any, problem: Any) -> Any:
    return replace(answer, worker_price=np.zeros(problem.n_workers, np.int64), shift_price=None)


def mispriced(answer: Any, problem: Any) -> Any:
    return replace(half_priced(answer, problem), shift_price=np.zeros(problem.n_shifts, np.int64))


@pytest.mark.parametrize(
    ("make", "clause", "detail"),
    [
        (lambda: Flow(name=7), "name is a text", "7, True"),
        (lambda: Flow(exact="yes"), "name is a text", "'yes'"),
        (lambda: Flow(supports=lambda problem: True), "it says why", r"supports\(\) gave True"),
        (lambda: Flow(supports=lambda problem: "never"), "it solves some problem", "none of"),
        (lambda: Flow(forced), "it does not write", "weight is not what it was"),
        (lambda: Flow(lambda a, p: a.shift), "it answers with a PlainAnswer", "it answered with"),
        (
            lambda: Flow(lambda a, p: replace(a, shift=a.shift * 1.0)),
            "it answers with a PlainAnswer",
            "array of int",
        ),
        (
            lambda: Flow(lambda a, p: replace(a, shift=a.shift[:-1])),
            "it answers with a PlainAnswer",
            "has shape",
        ),
        (lambda: Flow(lambda a, p: replace(a, shift=a.shift * 0)), "it answers with a PlainAnswer", ""),
        (lambda: Flow(nobody), "what it claims", r"it claims 0 to be optimal; \d+ can be reached"),
        (lambda: Flow(lambda a, p: replace(a, optimal=False)), "what it claims", "does not claim its answer"),
        (lambda: Flow(nobody, exact=False), "what it claims", "can be reached"),
        (lambda: Flow(half_priced), "prices are given both", "is missing"),
        (lambda: Flow(mispriced), "prices are given both", "below the weight|sum to"),
        (lambda: Flow(Alternating(), exact=False), "the same problem", "when asked again"),
        (lambda: Flow(Remembering(), exact=False), "it keeps no state", "when new"),
        (SolverDesk, "it may be called from several threads", ""),
        (Crashing, "asked to stop", "no time"),
        (Impatient, "it answers with a PlainAnswer", "it stopped .heuristic., though nobody asked it to"),
        (lambda: Warm(), "it finds the optimum from any start", r"it claims 0 to be optimal"),
        (Levelled, "gigmatch.solve proves", "it is exact, and the answer is feasible"),
        (Small, "it solves larger problems", "it found 0, min-cost flow"),
    ],
)
def test_solvers_that_break_a_clause(make: Any, clause: str, detail: str) -> None:
    """Each is caught in its clause."""
    with breaks(clause, detail):
        check_solver(make(), examples=min(60, many(20)))


@pytest.mark.parametrize("examples", [0, -1, 2.5, True, "many"])
def test_examples_are_counted(examples: Any) -> None:
    """Some whole number of them."""
    for check, plugin in ((check_rule, anybody), (check_solver, MinCostFlow())):
        with pytest.raises(InvalidInputError, match="examples must be a whole number of at least 1; got"):
            check(plugin, examples=examples)


def test_what_is_no_solver() -> None:
    """A class, a name, a function."""
    for odd in (MinCostFlow, "mincostflow", lambda problem, control: None):
        with breaks("it has name, exact, supports and a call"):
            check_solver(odd)  # type: ignore[arg-type]


def test_the_problem_shown_is_small() -> None:
    """One worker, one shift, and text to build it from."""
    with pytest.raises(AssertionError) as caught:
        check_solver(Flow(nobody))
    shown = str(caught.value).rsplit("\n", 1)[1]
    assert shown.startswith("Problem(indptr=[0, 1], shift=[")


# ------------------------------------------------------------------------------------------ what they rest on


@given(problems(tiers=False, lots=False))
def test_the_best_value_is_the_best(problem: Any) -> None:
    """By trying all, as every assignment listed, and as scipy."""
    every = max(oracles.points(problem, assignment) for assignment in oracles.assignments(problem))
    assert best_value(problem) == every == oracles.by_expanded_seats(problem)


def test_problems_by_hand() -> None:
    """Nested lists, None for no pair, levels along."""
    problem = problem_of([[9, 7], [8, None]], [1, 1], tier=[2, 1])
    assert (problem.shift.tolist(), problem.weight.tolist()) == ([0, 1, 0], [9, 7, 8])
    assert problem.tier_weight.tolist() == [1, 2]


def test_without_hypothesis_it_says_what_to_install() -> None:
    """And gigmatch itself does without."""
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "import gigmatch as gm\n"
        "assert gm.samples.jingshi(workers=50).workers\n"
        "try:\n    import gigmatch.testing\nexcept ImportError as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == (
        "hypothesis is needed for gigmatch.testing; install it with: pip install hypothesis\n"
    )


def test_strategies_are_for_everybody() -> None:
    """Mornings are mornings, and what is drawn from is typed."""
    assert isinstance(mornings(), st.SearchStrategy)
    assert isinstance(problems(), st.SearchStrategy)
