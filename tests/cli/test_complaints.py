"""The shell's errors in Chinese: every message has its sentence, and loses nothing of what it says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticKnownError
from typer.testing import CliRunner

import fuzz_files
import gigmatch as gm
from gigmatch.cli import complaints
from gigmatch.cli.complaints import CATALOGUE, in_chinese, place, reason
from gigmatch.cli.complaints.skeletons import QUOTED, Skeleton
from tests.conftest import examples, for_each, many

HAN = re.compile("[\u4e00-\u9fff]")
SOURCE = Path(gm.__file__).parent
# Where texts that are no error's own argument end up in one: problems, reasons, fragments.
OF_MESSAGES = (
    *("model/", "assignment/instance.py", "assignment/promises.py"),
    *("core/files.py", "core/plugins.py", "core/threads.py", "matching/optimal.py", "pairing/pairs.py"),
    *("pairing/scoring.py", "pairing/travel.py", "pairing/rules/base.py", "problem/integers.py"),
    *("problem/problem.py", "problem/verify.py", "evidence/added_workers.py", "evidence/assertions.py"),
    *("evidence/duality.py", "evidence/verif"),
    *("tables/answers.py", "tables/bulk.py", "tables/cells.py", "tables/checked.py", "tables/checking.py"),
    *("tables/frames.py", "tables/model_rules.py", "tables/reading.py", "tables/spreadsheets.py"),
    "solvers/mincostflow.py",
)
NOT_SAID = {
    "{}: {}",  # a place and another message
    *("keep[{}] {}", "{} {}", "shape {}", "{} and {}", "{}[{}] = {}", "{}, row {}", "{}, column {}"),
    *("{} or {}", "{} ({})", "worker {}, shift {}", "dtype {}{}", "row {}"),  # lists, places and arrays
    *(" Got {}.", ". Got {}."),  # told with whatever comes before
    *("greater than or equal to", "less than or equal to", "greater than"),  # begun elsewhere
    *("time limit", "cancelled"),  # caught within
    "the worker has a promised pair already; keep one",  # told with the pair
    "the pair is forbidden too; drop it from keep or from forbid",
    "the shift has only {} seats",
    '{}{\n "schema_version": {},{}\n',
}


def said(error: str) -> str:
    return in_chinese(gm.GigmatchError(error))


def _skeleton(node: ast.AST) -> list[str] | None:
    """The text of a message between its holes; those of a text for ``format`` are holes too."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.split(r"\{[^{}]*\}", node.value)
    if isinstance(node, ast.JoinedStr):
        parts = [""]
        for value in node.values:
            if isinstance(value, ast.Constant):
                parts[-1] += str(value.value)
            else:
                parts.append("")
        return parts
    return None


def _texts(node: ast.AST, skipped: set[int]) -> Iterator[tuple[int, list[str]]]:
    """Every text below a node, those in the holes of others too, but no docstring."""
    if id(node) in skipped:
        return
    if (parts := _skeleton(node)) is not None:
        yield node.lineno, parts  # type: ignore[attr-defined]
        below = [
            value.value for value in getattr(node, "values", ()) if isinstance(value, ast.FormattedValue)
        ]
    else:
        below = list(ast.iter_child_nodes(node))
    for child in below:
        yield from _texts(child, skipped)


def _messages() -> dict[str, list[str]]:
    """Every text of the library that may be told to somebody as an error, by where it stands."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if name.startswith(("testing/", "cli/")) or name == "__init__.py":  # tests of plug-ins; the shell
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        raised = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc]
        for node in [tree] if name.startswith(OF_MESSAGES) else raised:
            for line, parts in _texts(node, docs):
                text = "{}".join(parts)
                if re.search(r"[a-z}] [a-z{]", text) and text not in NOT_SAID:
                    found[f"{name}:{line} {text[:40]}"] = parts
    return found


MESSAGES = _messages()


def test_there_are_messages() -> None:
    """From every kind of place."""
    assert len(MESSAGES) > 300
    for text in ("periods overlap", "is no whole number", "belongs to a crew", "is already"):
        assert any(text in "".join(parts) for parts in MESSAGES.values()), text


@for_each(MESSAGES)
def test_every_message_has_its_sentence(where: str) -> None:
    """A new message of the library needs an entry in the catalogue; what is none, one in ``NOT_SAID``."""
    parts = MESSAGES[where]
    text = parts[0] + "".join(f"v{at}v{part}" for at, part in enumerate(parts[1:]))
    told = complaints._told(text)
    assert HAN.search(told.text), text
    assert told.known >= 0.75 * sum(map(len, parts)), (text, told)  # names of fields may be in a hole
    twice = "ask why(" in text or "ask recommend(" in text  # the same id, as Python is asked
    assert all(f"v{at}v" in told.text for at in range(len(parts) - 1 - twice)), told


# Whatever names and files may hold, but no words, which could be those of another message.
HOSTILE = st.text("'\"\\{}%\n\t:;.,[]0<&>$\u202e工", min_size=1, max_size=6)


WITH_HOLES = [text for text in CATALOGUE if Skeleton.of(text).names]


@examples(200)
@given(st.sampled_from(WITH_HOLES), st.data())
def test_whatever_stands_in_a_hole_is_kept(english: str, data: Any) -> None:
    skeleton = Skeleton.of(english)
    values = [data.draw(HOSTILE) for _ in skeleton.names]
    if any(value.startswith((":", ".")) or value.endswith((":", ".")) for value in values):
        return  # these touch the marks between two messages
    text = skeleton.literals[0]
    for value, literal in zip(values, skeleton.literals[1:], strict=True):
        text += value + literal
    told = said(text)
    assert HAN.search(told.replace("工", "")) or not HAN.search(CATALOGUE[english])
    assert all(value in told for name, value in zip(skeleton.names, values, strict=True) if name in told)


WITH_QUOTES = [text for text in WITH_HOLES if set(Skeleton.of(text).kinds) == {QUOTED}]
PIECES = sorted({literal for text in CATALOGUE for literal in Skeleton.of(text).literals if literal})


@examples(200)
@given(st.sampled_from(WITH_QUOTES), st.data())
def test_what_is_quoted_may_even_be_another_message(english: str, data: Any) -> None:
    """Ids and names reach as far as their quotes do, whatever is within them."""
    skeleton = Skeleton.of(english)
    hostile = st.lists(st.sampled_from(PIECES) | HOSTILE, max_size=4).map("".join)
    values = {name: repr(data.draw(hostile)) for name in dict.fromkeys(skeleton.names)}
    text = "".join(
        literal + (values[name] if name else "")
        for literal, name in zip(skeleton.literals, [*skeleton.names, ""], strict=True)
    )
    assert skeleton.values(text) == values
    assert said(text) == CATALOGUE[english].format(**values)


def test_what_stands_outside_quotes_is_surer_than_more_within() -> None:
    value = "' is no table of the schema is no table of the schema'"
    assert value in said(f"not a saved assignment: its 'format' is not {value}")


@for_each(CATALOGUE)
def test_a_sentence_has_only_holes_that_the_message_has(english: str) -> None:
    asked = set(Skeleton.of(CATALOGUE[english]).names)
    assert asked <= set(Skeleton.of(english).names)
    assert CATALOGUE[english].format(**dict.fromkeys(asked, "x"))


@pytest.mark.fuzz
def test_spoilt_files_are_answered_in_chinese(monkeypatch: pytest.MonkeyPatch, first_number: int) -> None:
    """Every problem of every file, and every row that is left out; the values stay as they are."""
    errors: list[gm.GigmatchError] = []
    rows: set[gm.tables.LeftOut] = set()

    def listening(read: Any) -> Any:
        def reading(*args: Any, **options: Any) -> Any:
            try:
                found = read(*args, **options)
            except gm.GigmatchError as error:
                errors.append(error)
                raise
            rows.update(getattr(found, "left_out", ()))
            return found

        return reading

    bases = fuzz_files.Bases()
    monkeypatch.setattr(gm, "columns_from_files", listening(gm.columns_from_files))
    for kind in (gm.Morning, gm.Assignment, gm.Policy, gm.Reasons):
        monkeypatch.setattr(kind, "load", staticmethod(listening(kind.load)))
    for number in range(first_number + 1000, first_number + 1000 + many(30)):
        fuzz_files.check(number, bases)
    assert len(errors) > many(20)
    assert len(rows) > many(2)
    for error in errors:
        problems = error.problems if isinstance(error, gm.InvalidMorningError) else [("", str(error))]
        told = in_chinese(error)
        for path, message in problems[:100]:
            assert HAN.search(said(message)), message
            got = re.search(r"Got ('[^']*')\.$", message)
            assert got is None or got[1] in told
            assert place(path) in told
    for row in rows:
        assert HAN.search(reason(row.why)), row.why


@for_each(
    product(["x: ", "a; b: ", "a: b; c. d, ", "f.csv: cannot be read (", "is not JSON ("], [10, 20, 21, 3000])
)
def test_however_long_and_hostile_it_takes_few_looks(part: str, n: int) -> None:
    """Text that looks like message within message is not taken apart in every way that there is."""
    complaints._told.cache_clear()
    said("f: names a column twice, or by two of its names: " + part * n)
    assert complaints._told.cache_info().misses < 2000


def test_a_message_without_an_entry_is_told_as_it_is() -> None:
    assert said("the moon is made of cheese: {x}") == "the moon is made of cheese: {x}"


@for_each(
    [
        ("Field required.", "缺少这一项；请补上。"),
        (
            "a.json: is not JSON (expected value at line 1 column 2)",
            "a.json：不是 JSON（第 1 行第 2 个字符处：应有一个值）；请改正文件，或重新导出",
        ),
        (
            "'worker' is no table of the schema; did you mean 'workers'? Its tables are a, b.",
            "'worker' 不是规定的表名；是不是 'workers'？规定的表有：a, b。",
        ),
    ],
)
def test_sentences(english: str, chinese: str) -> None:
    assert said(english) == chinese


def test_places() -> None:
    assert place("零工.csv, row 3, column 评分 (rating)") == "零工.csv，第 3 行，列 评分 (rating)"
    assert place("workers.csv, row 3, column rating") == "workers.csv，第 3 行，列 rating（评分）"
    assert place("workers[3].rating") == "workers[3].rating（评分）"
    assert place("no place; at all") == "no place; at all"


def test_the_shell_answers_in_the_language_asked_for(tmp_path: Path) -> None:
    from gigmatch.cli.commands import app

    (tmp_path / "workers.csv").write_text("id,lat\nli,39\nli,39\n", encoding="utf-8")
    run = CliRunner().invoke
    english = run(app, ["solve", str(tmp_path)])
    chinese = run(app, ["solve", str(tmp_path), "--lang", "zh"])
    assert english.exit_code == chinese.exit_code == 2
    assert not HAN.search(english.output)
    assert all(HAN.search(line) for line in chinese.output.strip().splitlines())
    assert "workers.csv，第 3 行" in chinese.output
    assert "'li'" in chinese.output


def test_a_folder_with_a_spreadsheet_is_told_the_way_out(tmp_path: Path) -> None:
    """What a clerk has who never heard of CSV."""
    (tmp_path / "零工.xlsx").write_bytes(b"PK")
    with pytest.raises(gm.InvalidFileError) as caught:
        gm.columns_from_files(tmp_path)
    assert in_chinese(caught.value).endswith("；请把 零工.xlsx 的每个工作表另存为 CSV")


def test_every_column_that_must_be_filled_is_described() -> None:
    """In the words that stand in the error."""
    required = {c.description for table in gm.tables.schema().values() for c in table.columns if c.required}
    assert {text.rstrip(".") for text in required} <= CATALOGUE.keys()


# What the kinds of value that models have may make pydantic say, by the names of its errors.
KINDS = {
    "str": ("string_type", "string_unicode"),
    "int": ("int_type", "int_from_float", "int_parsing", "int_parsing_size"),
    "float": ("float_type", "float_parsing", "finite_number"),
    "bool": ("bool_type", "bool_parsing"),
    "date": ("date_type",),
    "literal": ("literal_error",),
    "dict": ("dict_type", "invalid_key"),
    "tuple": ("tuple_type", "too_short"),
    "model": ("model_type",),
    "model-fields": ("missing", "extra_forbidden", "model_attributes_type"),
    "tagged-union": ("union_tag_invalid", "union_tag_not_found"),
    "function-before": ("value_error",),
    "json": ("json_invalid",),
}
BOUNDS = ("greater_than", "greater_than_equal", "less_than", "less_than_equal", "string_pattern_mismatch")
# These hold others, or what is of no kind.
NO_KINDS = {
    *("any", "default", "definition-ref", "definitions", "function-after", "function-wrap", "model-field"),
    *("no-info", "nullable", "union"),
}


def _kinds(schema: Any) -> set[str]:
    """Types of a core schema, whatever is within included."""
    inside = (
        schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list | tuple) else ()
    )
    kind = schema.get("type") if isinstance(schema, dict) else None
    return set().union(*map(_kinds, inside), {kind} if isinstance(kind, str) else ())


def test_every_kind_of_value_is_known() -> None:
    """A model with a new kind needs a line above, and the sentences for what pydantic says of it."""
    models = (gm.Morning, gm.Worker, gm.Reasons)
    kinds = set().union(*(_kinds(model.__pydantic_core_schema__) for model in models))
    assert kinds <= KINDS.keys() | NO_KINDS


@for_each([*(name for names in KINDS.values() for name in names), *BOUNDS])
def test_what_pydantic_says_has_its_sentence(name: str) -> None:
    """Its own templates, filled in."""
    holes = {
        **dict.fromkeys(("gt", "ge", "lt", "le", "min_length"), 3),
        "actual_length": 2,
        "field_type": "Tuple",
        "class_name": "Worker",
        "pattern": "^[A-Z]{3}$",
        "expected": "'day' or 'hour'",
        "error": "expected value at line 1 column 2",
        "discriminator": "'kind'",
        "tag": "x",
        "expected_tags": "'a', 'b'",
    }
    message = PydanticKnownError(name, holes).message()  # type: ignore[arg-type]
    told = complaints._told(message)
    assert HAN.search(told.text), message
    assert not re.search(r"[A-Za-z]{3,} [a-z]{3,}", told.text), told.text


@for_each(
    ["x: ", "a; b: ", "is no text. ", "not a saved policy: ", "m has 1 problem:\n  ", '"\\', "' \\", "'\"; "],
)
def test_a_long_message_takes_no_time(text: str) -> None:
    """Files may hold the marks between messages by the thousand: told, whole, and at once."""
    long = text * 5000
    for told in (said(long), reason(long), said(f"f: {long}. Got 'x'.")):
        assert len(told) >= len(long) / 4
