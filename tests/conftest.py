"""What the tests share: how much is drawn, kernels compiled beforehand, small mornings, samples kept."""

from __future__ import annotations

import datetime as dt
import inspect
import os
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache, wraps
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

import gigmatch as gm
from gigmatch.columns import columns_of
from gigmatch.core import kernels
from gigmatch.model import Employer, Location, Market, Morning, Pay, Period, Shift, Skill, Worker
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.travel import StraightLine

pytest_plugins = ["raised"]

COMMIT, NIGHTLY = 25, 500  # examples of a property that does not say how many
ONE_THREAD = dict.fromkeys(("GIGMATCH_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")

COMPILED = pytest.StashKey[Path]()

SHARED = settings(deadline=None, suppress_health_check=list(HealthCheck))
settings.register_profile("commit", SHARED, derandomize=True, max_examples=COMMIT)
settings.register_profile("nightly", SHARED, print_blob=True, max_examples=NIGHTLY)

HERE = Location(lat=39.9, lon=116.2, datum="WGS-84")
DATE = dt.date(2025, 7, 19)  # a Saturday
DAY = Period(start_min="08:00", end_min="18:00", break_min=60)


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--slice 8`` runs an eighth of the tests, another one for each ``--hypothesis-seed``."""
    parser.addoption("--slice", type=int, default=1, metavar="N", help="one test in N, chosen by the seed")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose the profile, draw one seed for all workers, and begin to compile the kernels.

    Not where this module is read: tests that import from it read it once more.
    """
    settings.load_profile(config.option.hypothesis_profile or "commit")
    if hasattr(config, "workerinput"):
        _wait_for_kernels(Path(config.workerinput["compiled"]))
        return
    if config.option.hypothesis_profile == "nightly" and config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = str(secrets.randbelow(2**32))
    if getattr(config.option, "numprocesses", None):
        os.environ.update(ONE_THREAD)
        config.stash[COMPILED] = Path(tempfile.mkdtemp()) / "compiled"
        threading.Thread(target=_compile, args=(config.stash[COMPILED],), daemon=True).start()


def _compile(compiled: Path) -> None:
    """Compile all kernels; there is a file then, come what may."""
    try:
        with suppress(gm.UnsupportedError):  # without numba
            gm.warmup()
    finally:
        compiled.touch()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell every worker which file there is once the kernels are compiled."""
    node.workerinput["compiled"] = str(node.config.stash[COMPILED])


def _wait_for_kernels(compiled: Path) -> None:
    """Have the first kernel that a test calls wait until all are compiled, once for all workers."""
    if not kernels.is_available():
        return
    from numba.core.dispatcher import Dispatcher

    compile_one = Dispatcher.compile

    def compile_later(dispatcher: Any, signature: Any) -> Any:
        while not compiled.exists():
            time.sleep(0.05)
        return compile_one(dispatcher, signature)

    Dispatcher.compile = compile_later


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove that file."""
    if compiled := config.stash.get(COMPILED, None):
        shutil.rmtree(compiled.parent, ignore_errors=True)


def pytest_report_header(config: pytest.Config) -> list[str]:
    """How to run the same examples again."""
    seed = config.option.hypothesis_seed
    if seed is None:
        return []
    profile, parts = config.option.hypothesis_profile or "commit", config.option.slice
    return [f"to run it again: --hypothesis-profile={profile} --hypothesis-seed={seed} --slice={parts}"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the slice leaves out, and what is for the profile ``nightly`` under any other."""
    seed, parts = config.option.hypothesis_seed, config.option.slice
    kept, left_out = [], []
    for item in items:
        meant = is_nightly() or not item.get_closest_marker("nightly")
        inside = crc32(f"{seed} {item.nodeid}".encode()) % parts == 0
        (kept if meant and inside else left_out).append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept


def is_nightly() -> bool:
    """Whether more is tried than before a commit."""
    return settings().max_examples > COMMIT


def many(n: int) -> int:
    """So many under the profile ``commit``, ten times as many under ``nightly``."""
    return 10 * n if is_nightly() else n


def seldom(*values: Any) -> Any:
    """A case like another one that every run goes through: for the night."""
    return pytest.param(*values, marks=pytest.mark.nightly)


def examples(n: int) -> settings:
    """Half as many examples of a property before a commit, ten times as many under ``nightly``."""
    return settings(max_examples=many(n) if is_nightly() else (n + 1) // 2)


@pytest.fixture(scope="session")
def first_number(pytestconfig: pytest.Config) -> int:
    """From where to count what is made from a number: 0, or what the seed says."""
    return int(pytestconfig.option.hypothesis_seed or 0)


@pytest.fixture
def plain_live_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a live morning run as plain Python: no test waits ten seconds for a compiler."""
    from gigmatch.live import network, paths

    as_plain_python(monkeypatch, paths, network)
    wrapping = np.errstate(over="ignore")  # which plain kernels are called with
    monkeypatch.setattr(paths, "_drawn", wrapping(paths._drawn))


@pytest.fixture
def plain_plan_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of plans run as plain Python."""
    from gigmatch.problem.plans import paths
    from gigmatch.solvers.plans import dispensable, teams

    as_plain_python(monkeypatch, paths, dispensable, teams)


def as_plain_python(monkeypatch: pytest.MonkeyPatch, *modules: Any) -> None:
    """Have the kernels of some modules run as plain Python."""
    for module in modules:
        for name, function in vars(module).items():
            if hasattr(function, "py_func"):
                monkeypatch.setattr(module, name, function.py_func)


@pytest.fixture
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Examples that break a contract are made a little smaller: which clause is broken is known without."""
    from gigmatch.testing import contract

    monkeypatch.setattr(contract, "_STEPS", many(5))


def for_each(cases: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make one test of a check: over all cases, listing those that fail; a tuple is several arguments."""
    arguments = [case if isinstance(case, tuple) else (case,) for case in cases]

    def as_test(check: Callable[..., None]) -> Callable[..., None]:
        @wraps(check)
        def test(**fixtures: Any) -> None:
            found = [(case, _complaint(check, *case, **fixtures)) for case in arguments]
            wrong = [f"{case}: {complaint}" for case, complaint in found if complaint]
            if wrong:
                pytest.fail("\n".join([f"{len(wrong)} of {len(arguments)} fail", *wrong]), pytrace=False)

        signature = inspect.signature(check)
        fixtures = list(signature.parameters.values())[len(arguments[0]) :]
        by_name = [fixture.replace(kind=inspect.Parameter.KEYWORD_ONLY) for fixture in fixtures]
        test.__signature__ = signature.replace(parameters=by_name)  # type: ignore[attr-defined]
        return test

    return as_test


def _complaint(check: Callable[..., None], *arguments: Any, **fixtures: Any) -> str:
    """What a check finds wrong, nothing if nothing."""
    try:
        check(*arguments, **fixtures)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


@cache
def _drawing(name: str) -> Callable[..., Any]:
    """What draws a sample, each once."""
    return cache(getattr(gm.samples, name))


def sample(name: str, *arguments: Any, **options: Any) -> Any:
    """A sample morning, or a city's columns, drawn once."""
    return _drawing(name)(*arguments, **options)


@pytest.fixture
def samples_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts draw the same few samples over and over; nothing can write into one."""
    for name in ("jingshi", "majuqiao", "mentougou"):
        monkeypatch.setattr(gm.samples, name, _drawing(name))


@cache
def matched(name: str, *arguments: Any, **options: Any) -> gm.Assignment:
    """The assignment of a sample, made once."""
    return gm.match(sample(name, *arguments, **options))


def a_worker(name: str = "w", **fields: Any) -> Worker:
    return Worker(**{"id": name, "home": HERE, **fields})


def a_shift(name: str = "s", **fields: Any) -> Shift:
    pay = Pay(amount=200, unit="day")
    return Shift(
        **{"id": name, "employer_id": "e", "location": HERE, "periods": (DAY,), "pay": pay, **fields}
    )


def a_morning(*parts: Worker | Shift, skills: str | list[Skill] = "", **fields: Any) -> Morning:
    """A morning of these workers and shifts; skills may be named by letters, and employer ``e`` is there."""
    defaults = {
        "date": DATE,
        "time_zone": "Asia/Shanghai",
        "currency": "CNY",
        "market": Market(id="hall", name="Hall", location=HERE),
        "employers": (Employer(id="e"),),
        "skills": [Skill(code=s, name=s) if isinstance(s, str) else s for s in skills],
        "workers": [part for part in parts if isinstance(part, Worker)],
        "shifts": [part for part in parts if isinstance(part, Shift)],
    }
    return Morning(**(defaults | fields))


def all_pairs(morning: Morning, travel: Any = None) -> Pairs:
    """The full cross product, rows by worker."""
    columns = columns_of(morning)
    worker, shift = np.indices((columns.n_workers, columns.n_shifts), dtype=np.int32).reshape(2, -1)
    return Pairs(columns, travel or StraightLine(), worker, shift)


def models(morning: Morning, pairs: Pairs) -> list[tuple[Worker, Shift]]:
    """The worker and the shift of each pair."""
    workers = {worker.id: worker for worker in morning.workers}
    shifts = {shift.id: shift for shift in morning.shifts}
    rows = zip(pairs.worker, pairs.shift, strict=True)
    return [(workers[pairs.columns.worker_ids[i]], shifts[pairs.columns.shift_ids[j]]) for i, j in rows]


def changed(model: Any, **fields: Any) -> Any:
    """A model with other fields, validated."""
    return type(model)(**(dict(model) | fields))
