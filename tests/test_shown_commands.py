"""Every command that is shown to people exists: its program, its files, its options, its extras.

What stands in shell blocks of the guide is run by ``test_docs.py`` besides.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

from gigmatch import i18n
from gigmatch.cli.commands import app
from gigmatch.errors import PACKAGES

ROOT = Path(__file__).parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".ci/run")),
    *(
        path
        for folder in ("docs", "examples", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*.md"))
    ),
]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
PROGRAMS = {"bash", "curl", "gigmatch", "pip", "pytest", "python", "python3", "sphinx-build", "uvicorn"}
MENTIONED = {"MissingParameter", "BadOptionUsage", "Exit"}  # a command without its arguments, and --help
MADE = {"docs/_build"}  # by the command itself
HERE_DOCUMENT = re.compile(r"<<'(\w+)'.*?^\1$", flags=re.S | re.M)


def commands_in(text: str) -> list[list[str]]:
    """Every command of a page as words: in shell blocks, and in backticks where it begins with a program."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, flags=re.S | re.M)
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M)
    lines = [line for block in blocks for line in HERE_DOCUMENT.sub("", block).splitlines()]
    spans = re.findall(r"`([^`]+)`", prose)
    parts = [part for line in [*lines, *spans] for part in re.split(r"&&|\|\|?|[()]|(?<!2)>|< ", line)]
    found = [words(part) for part in parts]
    return [command for command in found if command and command[0] in PROGRAMS]


def words(text: str) -> list[str]:
    """A command's words, its program by its name; none where it is no command."""
    try:
        first, *others = shlex.split(text, comments=True)
    except ValueError:
        return []
    return [Path(first).name, *others]


TEXTS = {path: path.read_text(encoding="utf-8") for path in PAGES}
SHOWN = sorted({(path, *command) for path, text in TEXTS.items() for command in commands_in(text)})


def of(*programs: str) -> list[tuple[str, ...]]:
    """The commands of some programs, without the page where they stand."""
    return sorted({tuple(command) for _, *command in SHOWN if command[0] in programs})


def test_commands_are_found() -> None:
    """Of every kind that people are told to use, except in scripts of Python."""
    assert {command[0] for _, *command in SHOWN} >= PROGRAMS - {"python3"}
    assert len(SHOWN) > 60


def complaint_of(arguments: list[str]) -> str:
    """What the parser of the command line says of a command, nothing of a mention without arguments."""
    group = get_command(app)
    if not arguments or arguments[0].startswith("-"):
        return ""
    command = group.commands.get(arguments[0])
    if command is None:
        return "no such command"
    try:
        command.make_context(arguments[0], arguments[1:])
    except Exception as error:
        return "" if type(error).__name__ in MENTIONED else f"{type(error).__name__}: {error}"
    return ""


def test_the_command_line_takes_what_is_shown() -> None:
    """By its own parser: commands, options, and values chosen from a list."""
    assert complaint_of(["solve", "--nowhere", "x"]).startswith("NoSuchOption")
    assert complaint_of(["nothing"])
    wrong = {command: why for command in of("gigmatch") if (why := complaint_of(list(command[1:])))}
    assert not wrong


def without_version(requirement: str) -> str:
    return re.split(r"[<>=\[]", requirement)[0]


def packages(extra: str) -> set[str]:
    """What an extra brings."""
    return set(map(without_version, EXTRAS[extra]))


def test_what_is_to_be_installed_is_there() -> None:
    """Of this clone, as nothing is published yet, with extras that it has."""
    for command in of("pip"):
        [what] = [word for word in command[2:] if not word.startswith("-")]
        named = re.fullmatch(r"\.(?:\[([\w,]+)\])?", what)
        assert named, command
        assert not named[1] or set(named[1].split(",")) <= set(EXTRAS), command


@pytest.mark.parametrize("language", ["en", "zh"])
def test_whoever_lacks_a_package_is_told_one_that_an_extra_brings(language: str) -> None:
    """All that an extra brings, by the names of the packages: true for a clone and for a wheel alike."""
    source = (Path(i18n.__file__).with_name(f"{language}.po")).read_text(encoding="utf-8")
    told = re.findall(r"pip install ([\w ]+)\"", source)
    brought = [packages(extra) for extra in EXTRAS] + [{"zhplot"}]
    assert len(told) >= 3
    assert {extra: packages(extra) for extra in PACKAGES} == {e: set(p.split()) for e, p in PACKAGES.items()}
    assert [line for line in told if set(line.split()) not in brought] == []


def test_files_and_options_are_those_of_the_repository() -> None:
    """What is run by name lies there, and a script knows its options."""
    for program, *arguments in of("bash", "pytest", "python", "python3", "sphinx-build", "uvicorn"):
        named = [word for word in arguments if re.search(r"/|\.py$", word) and not word.startswith("-")]
        script = next((ROOT / word for word in named if word.endswith(".py")), None)
        for word in set(named) - MADE:
            assert (ROOT / word).exists(), (program, word)
        if script:
            # the parser may be made in a file beside it
            source = "".join(path.read_text(encoding="utf-8") for path in script.parent.glob("*.py"))
            asked = [word for word in arguments if word.startswith("--")]
            assert [option for option in asked if f'"{option}"' not in source] == [], script


def method_of(arguments: list[str]) -> str:
    """As curl chooses it."""
    sends = any(word in ("--json", "--data", "--data-binary") for word in arguments)
    return arguments[arguments.index("-X") + 1] if "-X" in arguments else "POST" if sends else "GET"


@pytest.mark.service
def test_the_service_has_the_routes_that_are_asked_for() -> None:
    """By path, method and names of the query."""
    pytest.importorskip("fastapi", reason="the service needs fastapi")
    from service.app import create_app

    routes = create_app().openapi()["paths"]
    for _, *arguments in of("curl"):
        path, _, query = re.sub(r"^(\$S|http://[^/]+)", "", arguments[-1]).partition("?")
        path = f"/{{district}}{path}" if "$S" in arguments[-1] else path
        [route] = [route for route in routes if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", route), path)]
        taken = routes[route][method_of(arguments).lower()].get("parameters", [])
        names = {parameter["name"] for parameter in taken if parameter["in"] == "query"}
        is_table = "{table}" in route  # whose columns are asked for by name
        asked = {part.partition("=")[0] for part in filter(None, query.split("&"))}
        assert is_table or asked <= names, arguments
