"""One face: the same order and the same words in Python and on the shell, and every type by a public name."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest
import typer

import gigmatch as gm
from gigmatch import testing
from gigmatch.cli.commands import app
from tests.conftest import for_each

ONE_WORD = {
    "language": "lang",
    "locale": "lang",
    "file": "path",
    "filename": "path",
    "directory": "folder",
    "output": "out",
    "n_threads": "threads",
    "timeout": "time_limit_s",
    "rng": "seed",
    "random_state": "seed",
}
"""What has another word here: an argument of the one is called by the other."""
OF_OTHERS = {"Axes", "ForwardRef", "hypothesis", "np", "st"}
"""Names in annotations that other libraries bring: matplotlib, typing by way of hypothesis, numpy."""
ANYTHING = {
    "gm.assignment_frame",
    "gm.tables.assignment_frame",
    "gm.FairLottery.to_frame",
    "gm.Measures.to_frame",
}
"""What returns a frame of whatever library was asked for."""
WORKSHOP = {"gm.Assignment.solved", "gm.Explainer.residual", "gm.Ledger.held"}
"""What the library's own rooms go through and nobody else is promised: ``docs/promises.md``."""


def modules() -> dict[str, ModuleType]:
    """The library and the modules that it offers, by name, ``testing`` with them, which needs its extra."""
    offered = {f"gm.{name}": getattr(gm, name) for name in gm.__all__}
    return {"gm": gm, "gigmatch.testing": testing} | {
        name: thing for name, thing in offered.items() if inspect.ismodule(thing)
    }


PUBLIC = {
    f"{name}.{each}": getattr(module, each) for name, module in modules().items() for each in module.__all__
}
REACHABLE = {id(thing) for thing in PUBLIC.values()}


def called(thing: Any) -> Callable[..., Any] | None:
    """The function behind a function, a method or a property; None for anything else."""
    if isinstance(thing, staticmethod | classmethod):
        thing = thing.__func__
    elif isinstance(thing, property):
        thing = thing.fget
    elif isinstance(thing, cached_property):
        thing = thing.func
    return thing if inspect.isfunction(thing) else None


def callables() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function, and every method and property that a public class defines."""
    for name, thing in PUBLIC.items():
        members = {
            f"{name}.{each}": member
            for each, member in (vars(thing) if inspect.isclass(thing) else {}).items()
            if not each.startswith("_") or each == "__init__"
        }
        for place, member in ({name: thing} | members).items():
            if (function := called(member)) and function.__module__.startswith("gigmatch"):
                yield place, function


CALLABLES = dict(callables())


def misplaced(function: Callable[..., Any]) -> list[str]:
    """What breaks the order of arguments, and what has another word."""
    parameters = inspect.signature(function).parameters.values()
    by_place = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    found = [f"{p.name} is called {ONE_WORD[p.name]}" for p in parameters if p.name in ONE_WORD]
    if "lang" in by_place and [name for name in by_place if name != "self"] != ["lang"]:
        found.append("lang is given by name where there is anything else")
    return found + out_of_order(by_place)


def out_of_order(names: list[str]) -> list[str]:
    """Whether an assignment comes before the morning that it was made from."""
    at = {name: place for place, name in enumerate(names)}
    late = "assignment" in at and at["assignment"] < at.get("morning", -1)
    return ["the morning comes before its assignment"] if late else []


@for_each(CALLABLES.items())
def test_one_order_and_one_word_in_python(name, function):
    """A morning before its assignment, ``lang`` by name, and no second word for one thing."""
    assert misplaced(function) == []


def commands() -> dict[str, Any]:
    """Every command of the shell."""
    return dict(typer.main.get_command(app).commands)


@for_each(commands().items())
def test_one_order_and_one_word_on_the_shell(name, command):
    """The same on the shell, where every command speaks as it is asked to by ``--lang``."""
    options = [word.lstrip("-").replace("-", "_") for param in command.params for word in param.opts]
    assert "lang" in options
    assert set(options) & ONE_WORD.keys() == set()
    assert out_of_order([p.name for p in command.params if p.param_type_name == "argument"]) == []


def test_one_order_wherever_a_command_is_shown():
    """On pages, in help and in the documentation: the morning's file first."""
    library, repository = Path(gm.__file__).parent, Path(__file__).parents[1]
    shown = [path for kind in ("html", "py", "po") for path in library.rglob(f"*.{kind}")]
    shown += [repository / "README.md", *(repository / "docs").glob("*.md")]
    swapped = re.compile(r"gigmatch (check|explain|advise|report|board|slips) \S*assignment\.json")
    assert [path.name for path in shown if swapped.search(path.read_text(encoding="utf-8"))] == []
    assert swapped.search("gigmatch check answer/assignment.json tables")


def test_a_wrong_order_or_word_is_found():
    """So that the walks above cannot pass over one."""

    def wrong(assignment: Any, morning: Any, language: str = "en") -> None: ...

    def loose(rule: Any, lang: str = "en") -> None: ...

    assert misplaced(wrong) == ["language is called lang", "the morning comes before its assignment"]
    assert misplaced(loose) == ["lang is given by name where there is anything else"]
    assert {"gm.check", "gm.Assignment.report", "gm.pages.board", "gm.plot.fill"} <= CALLABLES.keys()
    assert {"check", "explain", "advise", "report", "board", "slips"} <= commands().keys()


# -- types that can be had -----------------------------------------------------------------------------------


def unnamed(annotation: str, scope: dict[str, Any]) -> list[str]:
    """Classes in an annotation that have no public name, and what says nothing at all."""
    tree = ast.parse(annotation, mode="eval").body
    if isinstance(tree, ast.Name) and tree.id in {"Any", "object", "tuple", "list", "dict"}:
        return [tree.id]
    known = {name.rpartition(".")[2] for name in PUBLIC} | OF_OTHERS
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name | ast.Attribute):
            continue
        name = ast.unparse(node)
        try:
            thing = eval(name, scope)
        except NameError:
            found += [] if name.partition(".")[0] in known else [name]
        else:
            found += [each.__name__ for each in classes_in(thing) if not is_reachable(each)]
    return found


def classes_in(thing: Any) -> list[type]:
    """The classes that a type is made of."""
    return (
        [thing] if inspect.isclass(thing) else [each for arg in get_args(thing) for each in classes_in(arg)]
    )


def is_reachable(each: type) -> bool:
    return not each.__module__.startswith("gigmatch") or id(each) in REACHABLE


def scope_of(function: Callable[..., Any]) -> dict[str, Any]:
    return vars(sys.modules[function.__module__])


@for_each(
    [
        (name, function)
        for name, function in CALLABLES.items()
        if name not in ANYTHING | WORKSHOP and function.__name__ != "__init__"
    ]
)
def test_what_is_returned_has_a_public_name(name, function):
    """Every class that is returned can be imported, and the annotation says something."""
    annotation = function.__annotations__.get("return")
    assert annotation is not None
    assert unnamed(annotation if isinstance(annotation, str) else repr(annotation), scope_of(function)) == []


@for_each([(name, thing) for name, thing in PUBLIC.items() if inspect.isclass(thing)])
def test_what_is_held_has_a_public_name(name, thing):
    """So does every class of what the fields of a public class hold."""
    own = inspect.get_annotations(thing)
    told = [
        each
        for field, annotation in own.items()
        if f"{name}.{field}" not in WORKSHOP and not field.startswith("_") and isinstance(annotation, str)
        for each in unnamed(annotation, scope_of(thing))
        if each not in {"Any"}
    ]
    assert told == []


def test_every_kind_of_reason_can_be_imported():
    """With its parts, from the library alone."""
    kinds = get_args(gm.evidence.Reason)
    assert len(kinds) == 27
    assert {kind.__name__ for kind in kinds} <= set(gm.evidence.__all__)


def test_a_private_class_is_found():
    """So that the walks above cannot pass over one."""
    from gigmatch.assignment.instance import Instance

    scope = {"Instance": Instance, "gm": gm, "Any": Any}
    assert unnamed("dict[str, Instance] | None", scope) == ["Instance"]
    assert unnamed("Any", scope) == ["Any"]
    assert unnamed("tuple", scope) == ["tuple"]
    assert unnamed("tuple[gm.Assignment, ...]", scope) == []
    with pytest.raises(SyntaxError):
        unnamed("not an annotation", scope)


# -- what is promised ----------------------------------------------------------------------------------------


def test_the_changelog_is_written_as_promised():
    """Versions, and under each nothing but the four sections that the page on promises names."""
    lines = (Path(__file__).parents[1] / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    sections = [line.removeprefix("### ") for line in lines if line.startswith("### ")]
    assert sections
    assert set(sections) <= {"Added", "Changed", "Removed", "Fixed"}
    kept = [line[:4] for line in lines if line.startswith(("- ", "### "))]
    assert kept[0] == "### "
