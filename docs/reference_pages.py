"""The reference as plain text: under each hidden block of autodoc, what it stands for.

A page of ``docs/reference/`` has comments such as ``<!-- autodoc`` with directives of Sphinx. After each is a
list, made here, of the names with their signatures and the first paragraph of their docstrings: what people
see who read the page where it lies. Sphinx puts whole docstrings in place of both (``as_sphinx``).
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import EnumType
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import gigmatch as gm

FOLDER = Path(__file__).with_name("reference")
BLOCK = re.compile(r"<!-- autodoc\n(.*?)\n-->\n(?:.*?<!-- end -->\n)?", flags=re.S)
HIDDEN = re.compile(r"<!-- (toctree|literalinclude)( [^\n]+)?\n(.*?)-->\n", flags=re.S)
DIRECTIVE = re.compile(r"^\.\. auto(\w+):: gigmatch\.(\S+)\n((?:   :.*\n?)*)", flags=re.M)
LONGEST_DEFAULT = 30


class Entry(NamedTuple):
    """A public name, and what it is."""

    name: str
    thing: Any


def documents() -> dict[str, str]:
    """Every page of the reference by its path, the lists made anew."""
    return {
        f"reference/{path.name}": _written(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.md")
    }


def as_sphinx(page: str) -> str:
    """A page as Sphinx reads it: the directives alone, hidden ones too."""
    page = BLOCK.sub(lambda found: f"```{{eval-rst}}\n{found[1]}\n```\n", page)
    return HIDDEN.sub(lambda found: f"```{{{found[1]}}}{found[2] or ''}\n{found[3]}```\n", page)


def _written(page: str) -> str:
    seen: set[int] = set()

    def listed(found: re.Match[str]) -> str:
        lines = [line for entry in _entries(found[1]) for line in _lines(entry, seen)]
        return f"<!-- autodoc\n{found[1]}\n-->\n" + "\n".join(lines).strip("\n") + "\n\n<!-- end -->\n"

    return BLOCK.sub(listed, page)


def _entries(directives: str) -> Iterator[Entry]:
    """What some directives document, in their order."""
    for kind, path, options in DIRECTIVE.findall(directives + "\n"):
        thing = _thing(path)
        yield Entry(path, thing)
        if kind == "module" and ":no-members:" not in options:
            named, left_out = (_option(options, name) for name in ("members", "exclude-members"))
            yield from (
                Entry(name, getattr(thing, name)) for name in named or _own(thing) if name not in left_out
            )


def _option(options: str, name: str) -> list[str]:
    found = re.search(rf":{name}: (.+)", options)
    return found[1].split(", ") if found else []


def _thing(path: str) -> Any:
    """What a dotted path below the package names: a module, or something in one."""
    for cut in range(len(path.split(".")), 0, -1):
        parts = path.split(".")
        try:
            found: Any = import_module(".".join(["gigmatch", *parts[:cut]]))
        except ModuleNotFoundError:
            continue
        for name in parts[cut:]:
            found = getattr(found, name)
        return found
    return getattr(gm, path)


def _own(module: ModuleType) -> list[str]:
    """Public names of a module, as autodoc takes them."""
    documented = (name for name in module.__all__ if _about(Entry(name, getattr(module, name))))
    return list(documented)


def _lines(entry: Entry, seen: set[int]) -> Iterator[str]:
    """The lines for a name, unless the page has it already."""
    if id(entry.thing) in seen:
        return
    seen.add(id(entry.thing))
    if isinstance(entry.thing, ModuleType):
        yield from ("", _about(entry), "")
        return
    name = entry.name.rpartition(".")[2]
    yield f"- `{name}{_signature(entry.thing)}`: {_about(entry)}{_fields(entry.thing)}"
    for part, function in _members(entry.thing):
        if text := _first(function.__doc__):
            yield f"  - `{part}{_signature(function)}`: {text}"


def _members(thing: Any) -> Iterator[tuple[str, Any]]:
    """The public methods and properties of a class itself, and how it is called where that is written."""
    for name, member in vars(thing).items() if isinstance(thing, type) else ():
        is_public = not name.startswith("_") or name == "__call__"
        if is_public and (function := _function(member)) is not None:
            yield name, function


def _function(member: Any) -> Any:
    """The function behind a method of any kind; the property itself; None for other things."""
    inner = getattr(member, "__func__", member)
    return (
        inner
        if inspect.isfunction(inner) or isinstance(inner, property) or hasattr(inner, "attrname")
        else None
    )


def _about(entry: Entry) -> str:
    """The first paragraph of a docstring; that of a value stands below its assignment."""
    if isinstance(entry.thing, type | ModuleType) or inspect.isroutine(entry.thing):
        return _first(inspect.getdoc(entry.thing))
    return _first(_below_assignment(entry))


def _below_assignment(entry: Entry) -> str | None:
    name = entry.name.rpartition(".")[2]
    for module in [found for path, found in sys.modules.items() if path.startswith("gigmatch.")]:
        if vars(module).get(name) is not entry.thing:
            continue
        body = ast.parse(inspect.getsource(module)).body
        for line, after in pairwise(body):
            target = getattr(line, "target", None) or getattr(line, "targets", [None])[0]
            if getattr(target, "id", None) == name and isinstance(after, ast.Expr):
                return ast.literal_eval(after.value)
    return None


def _first(text: str | None) -> str:
    """The first paragraph in one line of Markdown."""
    paragraph = inspect.cleandoc(text or "").partition("\n\n")[0]
    return " ".join(paragraph.split()).replace("``", "`")


def _signature(thing: Any) -> str:
    """Parameters and their defaults, without types; nothing for what is made of listed fields."""
    is_no_call = thing is None or isinstance(thing, property) or not callable(thing)
    if is_no_call or _fields(thing) or getattr(thing, "_is_protocol", False):
        return ""
    try:
        parameters = inspect.signature(thing).parameters.values()
    except (TypeError, ValueError):
        return ""
    shown = [
        p.replace(annotation=p.empty, default=_short(p.default))
        for p in parameters
        if p.name not in ("self", "cls")
    ]
    return str(inspect.Signature(shown))


class _Written(str):
    """A default as it shall be read."""

    def __repr__(self) -> str:
        return str(self)


def _short(default: Any) -> Any:
    if default is inspect.Parameter.empty:
        return default
    text = repr(default)
    return _Written(text if len(text) <= LONGEST_DEFAULT and " at 0x" not in text else "...")


def _fields(thing: Any) -> str:
    """The fields of a model, a dataclass or a named tuple; the members of an enumeration."""
    names = list(getattr(thing, "model_fields", None) or getattr(thing, "_fields", ()))
    if isinstance(thing, type) and is_dataclass(thing):
        names = [field.name for field in fields(thing) if not field.name.startswith("_")]
    if isinstance(thing, EnumType):
        names = list(thing.__members__)
    return f" Fields: {', '.join(f'`{name}`' for name in names)}." if names else ""
