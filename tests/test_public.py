"""The public face: sorted, complete, documented, with examples that run; silent and quick to import."""

from __future__ import annotations

import ast
import doctest
import inspect
import subprocess
import sys
from importlib import import_module
from itertools import groupby
from pathlib import Path
from pkgutil import walk_packages
from statistics import median

import pytest

import gigmatch
from tests.conftest import for_each

NAMES = sorted(
    module.name
    for module in walk_packages(gigmatch.__path__, "gigmatch.")
    if not module.name.endswith("__main__")  # would run
)
ROOMS = {
    room or "all": list(names)
    for room, names in groupby(sorted(["gigmatch", *NAMES]), key=lambda name: ".".join(name.split(".")[1:2]))
}


def typed_imports() -> dict[str, str]:
    """Name to its place, of the imports that type checkers see."""
    tree = ast.parse(Path(gigmatch.__file__).read_text(encoding="utf-8"))
    block = next(n for n in tree.body if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING")
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in block.body
        for alias in node.names
    }


def rank(name: str) -> tuple[bool, bool, str]:
    """The order of ``__all__``, which ruff keeps too."""
    return not name.isupper(), not name[0].isupper(), name


def run(code: str) -> str:
    """What a fresh Python prints, errors included."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout + done.stderr


def test_all_is_sorted_and_there():
    """Constants, classes, then the rest; every name can be had, once, and dir() shows it."""
    assert gigmatch.__all__ == sorted(set(gigmatch.__all__), key=rank)
    assert all(getattr(gigmatch, name) is not None for name in gigmatch.__all__)
    assert set(gigmatch.__all__) <= set(dir(gigmatch))


def test_only_the_public_is_listed():
    """By what completes names."""
    assert dir(gigmatch) == sorted(gigmatch.__all__)


def test_type_checkers_see_the_same_names():
    """The imports for type checkers, the lazy table and ``__all__`` are one list."""
    typed = typed_imports()
    assert sorted(typed, key=rank) == gigmatch.__all__
    lazy = {name: f"gigmatch.{module}.{name}" for name, module in gigmatch._HOME.items()}
    modules = {name: f"gigmatch.{module}" for name, module in gigmatch._MODULES.items()}
    assert typed == lazy | modules
    assert all(inspect.ismodule(getattr(gigmatch, name)) for name in modules)


def test_unknown_names_are_attribute_errors():
    """As of any module."""
    with pytest.raises(AttributeError, match="module 'gigmatch' has no attribute 'luck'"):
        gigmatch.luck  # noqa: B018


@for_each(NAMES)
def test_modules_offer_what_they_say(name):
    """Every name of a module's ``__all__`` exists."""
    module = import_module(name)
    for public in getattr(module, "__all__", []):
        assert hasattr(module, public), public


@for_each([name for name in NAMES if not name.startswith("gigmatch.scenarios.")])
def test_the_public_is_documented(name):
    """Modules and what they offer have docstrings, members too; the samples' workshop aside."""
    module = import_module(name)
    assert module.__doc__
    for public in getattr(module, "__all__", []):
        thing = getattr(module, public)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert inspect.getdoc(thing), public
        if inspect.isclass(thing) and thing.__module__ == name:
            for member, value in vars(thing).items():
                if not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
                    assert inspect.getdoc(value), f"{public}.{member}"


@pytest.mark.usefixtures("plain_live_kernels", "samples_drawn_once", "few_steps")
@pytest.mark.parametrize("room", ROOMS)
def test_examples_run(room):
    """The examples in the docstrings print what they say; by rooms, which processes share out."""
    failed = {name: doctest.testmod(import_module(name)).failed for name in ROOMS[room]}
    assert {name for name in failed if failed[name]} == set()


def test_examples_are_found():
    """Doctest sees those of functions, of classes and of modules."""
    found = {
        test.name
        for name in ("gigmatch", *NAMES)
        for test in doctest.DocTestFinder().find(import_module(name))
        if test.examples
    }
    assert {"gigmatch", "gigmatch.columns.columns_of", "gigmatch.pairing.policy.Policy"} <= found


def test_importing_is_silent_and_light():
    """Nothing printed, no log handler, no thread, nothing heavy loaded."""
    code = (
        "import sys, threading, logging, gigmatch\n"
        "heavy = {'scipy', 'ortools', 'pandas', 'typer', 'rich', 'matplotlib', 'pyarrow', 'narwhals'}\n"
        "heavy |= {'highspy', 'hypothesis', 'jinja2'}\n"
        "heavy &= set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "assert not logging.root.handlers and threading.active_count() == 1"
    )
    assert run(code) == ""


def test_preparing_needs_no_solver():
    """Models, columns, pairs and points load neither scipy nor OR-Tools."""
    code = (
        "import sys, gigmatch as gm\n"
        "columns = gm.columns_of(gm.samples.jingshi(workers=50))\n"
        "pairs = gm.feasible_pairs(columns, gm.DEFAULT_RULES, gm.StraightLine())\n"
        "assert gm.DEFAULT_POLICY.points(columns, pairs).any()\n"
        "assert not {'scipy', 'ortools'} & set(sys.modules)"
    )
    assert run(code) == ""


@pytest.mark.timing
def test_importing_is_quick():
    """At most twice what numpy and pydantic take, which it is built on."""
    timed = "import time; began = time.perf_counter(); {}; print(time.perf_counter() - began)"
    ours, theirs = [], []
    for _ in range(5):
        ours.append(float(run(timed.format("import gigmatch"))))
        theirs.append(float(run(timed.format("import numpy; from pydantic import BaseModel"))))
    assert median(ours) <= 2 * median(theirs)
