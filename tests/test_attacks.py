"""Attacks that held, repeated at night: forged proofs and files, injections, signals, environments."""

from __future__ import annotations

import hashlib
import json
import os
import random
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

import gigmatch as gm
import oracles
from gigmatch.problem import Problem, Solution, verify
from gigmatch.solvers import solve
from gigmatch.testing import problem_of
from tests.conftest import is_nightly, matched, sample

ROOT = Path(__file__).parents[1]
FORGERIES = 348  # of each problem
PROBLEMS = 1_250 if is_nightly() else 1


def test_what_is_tried_nightly_is_tried() -> None:
    """Tests read their conftest once more: that does not choose the profile of before a commit again."""
    before = settings.get_current_profile_name()
    try:
        settings.load_profile("nightly")
        runpy.run_path(str(ROOT / "tests/conftest.py"))
        assert is_nightly()
    finally:
        settings.load_profile(before)


# -- forged solutions ----------------------------------------------------------------------------------------


def drawn_problem(dice: random.Random) -> Problem:
    """A small problem, most of its weights tied; with and without tiers and lots."""
    n, m = dice.randint(1, 4), dice.randint(1, 3)
    weights = dice.choice([[4], [0, 1], [-2, 0, 3], range(100)])
    table = [[dice.choice([None, *weights]) for _ in range(m)] for _ in range(n)]
    levels: dict[str, Any] = {}
    if dice.random() < 0.5:
        levels["tier"] = np.array([dice.randint(1, 2) for _ in range(m)])
    if dice.random() < 0.5:
        levels["lot"] = np.array(dice.sample(range(1000), n))
    return problem_of(table, [dice.randint(0, 2) for _ in range(m)], **levels)


def forged(dice: random.Random, problem: Problem, honest: Solution, other: Solution) -> Solution:
    """A solution with one to three things in it that are not as they were found."""
    said = honest
    for _ in range(dice.choice([1, 1, 2, 3])):
        said = dice.choice(_FORGERS)(dice, problem, said, other)
    return said


def _other_shift(dice: random.Random, problem: Problem, said: Solution, _: Solution) -> Solution:
    shift = said.shift.copy()
    shift[dice.randrange(len(shift))] = dice.randint(-1, problem.n_shifts - 1)
    worth = sum(
        int(problem.weight[problem.find(i, j)])
        for i, j in enumerate(shift.tolist())
        if _is_pair(problem, i, j)
    )
    return replace(said, shift=shift, value=dice.choice([worth, said.value]))


def _is_pair(problem: Problem, worker: int, shift: int) -> bool:
    return shift >= 0 and shift in problem.shift[problem.indptr[worker] : problem.indptr[worker + 1]]


def _other_figure(dice: random.Random, _: Problem, said: Solution, __: Solution) -> Solution:
    name = dice.choice(["value", "bound"])
    return replace(said, **{name: getattr(said, name) + dice.choice([-2, -1, 1, 2])})


def _as_value(_: random.Random, __: Problem, said: Solution, ___: Solution) -> Solution:
    return replace(said, bound=said.value)


def _other_claim(dice: random.Random, _: Problem, said: Solution, __: Solution) -> Solution:
    status, stopped = dice.choice(
        [("optimal", "proved"), ("feasible", "heuristic"), ("feasible", "time limit")]
    )
    return replace(said, status=status, stopped=stopped)


def _other_price(dice: random.Random, _: Problem, said: Solution, __: Solution) -> Solution:
    if not said.certificates:
        return said
    at = dice.randrange(len(said.certificates))
    proof = said.certificates[at]
    name = dice.choice(["worker_price", "shift_price"])
    price = getattr(proof, name).copy()
    if len(price):
        price[dice.randrange(len(price))] += dice.choice([-1, 1])
    changes = {name: price}
    if dice.random() < 0.3:
        changes = {"multiplier": proof.multiplier + dice.choice([-1, 1])}
    if dice.random() < 0.2:
        changes = {"multipliers": dict.fromkeys(proof.multipliers, dice.randint(0, 9))}
    if dice.random() < 0.2:
        changes = {"draw": proof.draw + 1}
    proofs = (*said.certificates[:at], replace(proof, **changes), *said.certificates[at + 1 :])
    return replace(said, certificates=proofs)


def _other_proofs(dice: random.Random, _: Problem, said: Solution, other: Solution) -> Solution:
    proofs = [*said.certificates]
    if proofs and dice.random() < 0.5:
        proofs.pop(dice.randrange(len(proofs)))
    elif dice.random() < 0.5:
        proofs = [*proofs, *other.certificates[:1]]
    dice.shuffle(proofs)
    return replace(said, certificates=tuple(proofs))


_FORGERS: list[Callable[..., Solution]] = [
    *(_other_shift, _other_shift, _other_figure, _as_value, _other_claim, _other_price, _other_price),
    _other_proofs,
]


def is_true(problem: Problem, said: Solution, best: list[tuple[int, ...]]) -> bool:
    """Whether what a solution claims is so, by looking at every assignment."""
    answer = tuple(said.shift.tolist())
    worth = answer in oracles.assignments(problem) and oracles.points(problem, answer) == said.value
    if said.status == "feasible":
        return worth and said.bound >= max(said.value, oracles.points(problem, best[0]))
    drawn = problem.drawn is None or [answer] == oracles.drawn(problem)
    return worth and said.bound == said.value and answer in best and drawn


def test_no_forged_solution_is_verified(first_number: int) -> None:
    """Of hundreds of thousands, on tied problems, too: what is taken is true by looking at everything."""
    dice, taken = random.Random(first_number), 0
    before = solve(drawn_problem(dice))
    for _ in range(PROBLEMS):
        problem = drawn_problem(dice)
        honest, best = solve(problem), oracles.best(problem)
        for _ in range(FORGERIES):
            try:
                said = forged(dice, problem, honest, before)
                verify(problem, said)
            except (gm.CertificateError, gm.InvalidInputError):
                continue
            taken += 1
            assert is_true(problem, said, best), (problem, said)
        before = honest
    assert taken > 0  # the same said otherwise, or less


# -- forged files --------------------------------------------------------------------------------------------


def forgeries(saved: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Saved answers in which one thing is not so, by what it is."""

    def other(name: str, change: Callable[[dict[str, Any]], Any]) -> tuple[str, dict[str, Any]]:
        copy = json.loads(json.dumps(saved))
        change(copy)
        return name, copy

    def swap(values: list[Any]) -> None:
        at = next(at for at in range(1, len(values)) if values[at] != values[0])
        values[0], values[at] = values[at], values[0]

    def add(values: list[Any], more: Any) -> None:
        values[0] += more

    lists = (
        "placed_shift",
        "headcount",
        "tier",
        "eligible_shifts",
        "eligible_workers",
        "minutes",
        "pay_total",
    )
    for name in ("worker_ids", "shift_ids", *lists):
        yield other(f"{name} swapped", lambda data, name=name: swap(data[name]))
        yield other(f"{name} cut", lambda data, name=name: data[name].pop())
    for name in lists:
        yield other(f"{name} raised", lambda data, name=name: add(data[name], 1))
    yield other("points", lambda data: add(data["points_by_scorer"][0], 1))
    for name in saved["baseline"]:
        if isinstance(saved["baseline"][name], int | float):
            yield other(f"baseline {name}", lambda data, name=name: data["baseline"].update({name: 1}))
    for name, more in product(("value", "bound"), (-1, 1)):
        figure = saved["solution"][name] + more
        change = {name: figure}
        yield other(f"{name} {figure}", lambda data, change=change: data["solution"].update(change))
    yield other("shift swapped", lambda data: swap(data["solution"]["shift"]))
    yield other("shift emptied", lambda data: data["solution"].update(shift=[-1] * len(saved["worker_ids"])))
    for at, proof in enumerate(saved["solution"]["certificates"]):
        if any(proof["shift_price"]):
            yield other(
                f"prices of {at}",
                lambda data, at=at: data["solution"]["certificates"][at].update(
                    shift_price=[0] * len(saved["shift_ids"])
                ),
            )
        yield other(f"without {at}", lambda data, at=at: data["solution"]["certificates"].pop(at))
    yield other("digest", lambda data: data.update(morning_digest="0" * 64))
    yield other("no warnings", lambda data: data.update(warnings=[]))
    yield other("a rule less", lambda data: data["rules"].pop(0))
    yield other("currency", lambda data: data.update(currency="USD"))


def test_no_forged_file_is_checked() -> None:
    """38 ways of changing a saved answer, of which `check` takes none."""
    morning, saved = sample("jingshi", workers=50), matched("jingshi", workers=50).to_dict()
    cases = list(forgeries(saved)) if is_nightly() else list(forgeries(saved))[::12]
    taken = []
    for name, data in cases:
        try:
            gm.check(morning, gm.Assignment.from_dict(data))
        except gm.GigmatchError:
            continue
        taken.append(name)
    assert taken == []
    assert len(cases) >= (38 if is_nightly() else 3)


# -- injections ----------------------------------------------------------------------------------------------

INJECTIONS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "</style><svg/onload=alert(1)>",
    "</script><script>alert(1)</script>",
    "javascript:alert(1)",
    "<!--",
    "]]>",
    "{{7*7}}",
    "{%for%}",
    "&lt;script&gt;",
    "Robert'); DROP TABLE workers;--",
)


class _Tags(HTMLParser):
    """What a page has of tags and of attributes that run something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, ...]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        runs = [name for name, value in attrs if name.startswith("on") or "javascript:" in (value or "")]
        self.found.append((tag, *sorted(name for name, _ in attrs), *runs))


def tags_of(page: str) -> list[tuple[str, ...]]:
    reader = _Tags()
    reader.feed(page)
    return reader.found


def renamed(morning: gm.Morning, text: Callable[[str], str]) -> gm.Morning:
    """A morning in which whatever people read is another text."""

    def walk(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: walk(each, name) for name, each in value.items()}
        if isinstance(value, list):
            return [walk(each, key) for each in value]
        is_read = key in ("name", "title", "label", "address", "contact") and isinstance(value, str)
        return text(value) if is_read else value

    return gm.Morning.from_json(json.dumps(walk(json.loads(morning.to_json()))))


@pytest.mark.nightly
def test_names_are_never_markup(tmp_path: Path) -> None:
    """Every page has the tags and attributes that it has where the names are harmless."""
    pytest.importorskip("jinja2")
    page, text = tmp_path / "page.html", " ".join(INJECTIONS)

    def pages(said: str) -> list[list[tuple[str, ...]]]:
        answer = gm.match(renamed(sample("jingshi", workers=50), lambda value: f"{said}{value[:1]}"))
        found = []
        for write in (answer.report, answer.board, answer.slips, answer.call_lists):
            write(page)
            found.append(tags_of(page.read_text("utf-8")))
        return found

    assert pages(text) == pages("x" * len(text))


# -- environments --------------------------------------------------------------------------------------------

ENVIRONMENTS: dict[str, dict[str, str]] = {
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0"},
    "Turkish": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "Chinese": {"LC_ALL": "zh_CN.GB18030", "GIGMATCH_LANG": "zh"},
    "the first to see the day": {"TZ": "Pacific/Kiritimati"},
    "the last": {"TZ": "Pacific/Pago_Pago"},
    "one thread": {"GIGMATCH_THREADS": "1", "OMP_NUM_THREADS": "1"},
    "many threads": {"GIGMATCH_THREADS": "7"},
    "hashes of 1": {"PYTHONHASHSEED": "1"},
    "without assertions": {"PYTHONOPTIMIZE": "2", "PYTHONHASHSEED": "2"},
    "without numba": {"NO_NUMBA": "1"},
}
SCRIPT = """
import os, sys
if os.environ.get("NO_NUMBA"): sys.modules["numba"] = None
import gigmatch as gm
morning = gm.samples.jingshi(seed=7, workers=300)
assignment = gm.match(morning)
told = gm.explain(morning, assignment).everything()
words = "".join(gm.in_words(each, morning, lang=lang) for lang in ("en", "zh") for each in told.reasons)
sys.stdout.buffer.write(b"|".join([morning.to_json(), assignment.to_json(), told.to_json(), words.encode()]))
"""


def bytes_in(environment: dict[str, str]) -> str:
    """Digest of everything that is made of a morning in an environment."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "GIGMATCH_"))}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=plain | environment, capture_output=True, check=True, timeout=600
    )
    return hashlib.sha256(done.stdout).hexdigest()


@pytest.mark.nightly
def test_every_environment_makes_the_same_bytes() -> None:
    """Locale, time zone, threads, hashes, optimised code, no numba: morning, answer, reasons and words."""
    expected = bytes_in({"PYTHONHASHSEED": "0"})
    assert {name for name, values in ENVIRONMENTS.items() if bytes_in(values) != expected} == set()


# -- signals -------------------------------------------------------------------------------------------------


@pytest.mark.nightly
@pytest.mark.skipif(os.name == "nt", reason="has no such signals")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_signal_ends_a_large_match_in_any_phase(sent: signal.Signals, tmp_path: Path) -> None:
    """It ends soon, says so without a traceback, and leaves no half of a file."""
    city, out = tmp_path / "city", tmp_path / "answer.json"
    shell = [sys.executable, "-m", "gigmatch.cli"]
    subprocess.run([*shell, "sample", "--name", "city", "--size", "20000", "--out", city], check=True)
    begun = time.monotonic()
    subprocess.run([*shell, "solve", city, "--out", out], check=True, capture_output=True)
    whole, tries = time.monotonic() - begun, 12
    for at in range(1, tries):
        out.unlink(missing_ok=True)
        with subprocess.Popen(
            [*shell, "solve", city, "--out", out], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as run:
            time.sleep(whole * at / tries)
            run.send_signal(sent)
            begun = time.monotonic()
            _, errors = run.communicate(timeout=60)
        assert time.monotonic() - begun < 10
        assert run.returncode in (0, 130, -sent)
        assert b"Traceback" not in errors, errors
        if out.exists():
            gm.Assignment.load(out)
