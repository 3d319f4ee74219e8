"""Errors are codes and parameters, and their texts stand in one catalogue, in English and in Chinese."""

from __future__ import annotations

import ast
import copy
import datetime as dt
import json
import pickle
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from pydantic_core import PydanticKnownError

import fuzz_files
import gigmatch as gm
from catalogues import TEXTS, gaps
from gigmatch import errors, i18n
from gigmatch.i18n import Told, joined
from tests.conftest import for_each, many

SOURCE = Path(gm.__file__).parent
HAN = re.compile("[\u4e00-\u9fff]")
RAISED = {name for name in errors.__all__ if name.endswith("Error")} - {"InvalidMorningError"}
KEYS = ("errors.", "claims.", "sources.", "places.", "words.", "numbers.")
SAME = {"errors.lines", "errors.comma", "errors.or", "errors.then", "errors.two_files"}
SAME |= {"errors.error_in_reason", "errors.error_in_morning"}


ENGLISH, CHINESE = ({key: forms[-1] for key, forms in TEXTS[lang].items()} for lang in ("en", "zh"))


@pytest.fixture(scope="module")
def codes() -> dict[str, set[str]]:
    """Every code that the library uses, by the parameters it is used with, empty where they are not seen."""
    found: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and str(node.value).startswith(KEYS):
                found.setdefault(node.value, set())
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name, code = getattr(node.func, "id", ""), str(node.args[0].value)
            if name in RAISED | {"CrossRule"} and path.parent.name != "cli":
                found.setdefault(f"errors.{code}", set()).update(word.arg or "" for word in node.keywords)
    return found


# Made from parts: of words the kinds, of errors those that a variable chooses.
CHOSEN = {
    *("errors.no_integers", "errors.floats_not_integers", "errors.not_one_morning"),
    *("errors.not_one_morning_or_hall", "errors.extra_missing"),
}


def test_there_are_codes(codes: dict[str, set[str]]) -> None:
    assert len(codes) > 250


def test_every_code_has_its_texts(codes: dict[str, set[str]]) -> None:
    """In both languages, with the same gaps, filled by what it is raised with."""
    whole = {code for code in codes if not code.endswith(".")}  # not "words.", whose rest comes from a value
    assert whole - ENGLISH.keys() == set()
    assert whole - CHINESE.keys() == set()
    assert [code for code in whole if not gaps(CHINESE[code]) <= gaps(ENGLISH[code]) | {"word"}] == []
    assert [code for code in whole if codes[code] and not gaps(ENGLISH[code]) <= codes[code]] == []


class Anything(str):
    """Fills any gap, whatever its format."""

    def __format__(self, spec: str) -> str:
        return "anything"

    def __repr__(self) -> str:
        return "'anything'"


@for_each(sorted(key for key in ENGLISH if key.startswith("errors.")))
def test_every_error_is_told_in_both_languages(key: str) -> None:
    """Raised with whatever its text asks for."""
    code = key.removeprefix("errors.")
    parameters = dict.fromkeys(gaps(ENGLISH[key]) | gaps(CHINESE[key]), Anything())
    with pytest.raises(gm.GigmatchError) as caught:
        raise gm.GigmatchError(code, **parameters)
    error = caught.value
    assert (error.code, error.parameters) == (code, parameters)
    for text, template in ((str(error), ENGLISH[key]), (error.text("zh"), CHINESE[key])):
        assert text.count("anything") == len(re.findall(r"(?<!\{)\{\w", template))
        assert text != code


def test_every_text_of_an_error_is_used(codes: dict[str, set[str]]) -> None:
    unused = {key for key in ENGLISH if key.startswith(("errors.", "claims."))} - codes.keys() - CHOSEN
    assert not unused


def test_every_english_text_of_an_error_has_its_chinese() -> None:
    """None is missing, and none was left in English."""
    for key, english in ENGLISH.items():
        if key.startswith(KEYS):
            assert key in CHINESE, f"{key} has no Chinese"
            plain = re.sub(r"\{[^{}]*\}", "", english)
            has_words = bool(re.search("[a-z]{2}", plain))
            assert bool(HAN.search(CHINESE[key])) or not has_words or key in SAME, key


def test_a_text_without_its_chinese_is_told_in_english() -> None:
    assert i18n.text("errors.no_such_code", "zh") == "errors.no_such_code"
    assert gm.GigmatchError("the moon is {made} of cheese").text("zh") == "the moon is {made} of cheese"
    assert str(gm.GigmatchError("the moon is {made} of cheese")) == "the moon is {made} of cheese"
    assert Told("only in English", "").text("zh") == "only in English"
    assert Told("only in English", "errors.no_such_code").text("zh") == "only in English"


def test_plural_forms() -> None:
    one = gm.InvalidMorningError([("date", "is missing")])
    two = gm.InvalidMorningError([("date", "is missing")] * 2)
    assert str(one).startswith("the morning has 1 problem:\n")
    assert str(two).startswith("the morning has 2 problems:\n")
    assert one.text("zh").startswith("早市 有 1 个问题：\n")


SPANISH = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Language: es\n"

msgid "errors.unknown_id"
msgstr "{kind} {id!r} no está en la mañana"

msgid "errors.in_place"
msgstr "{place} : {error}"

msgid "errors.mornings_empty"
msgstr "no hay mañanas"
"""

ASK = """
import gigmatch as gm
from gigmatch import i18n
print(i18n.languages())
print(gm.InvalidInputError("unknown_id", kind="worker", id="li").text("es"))
print(gm.InvalidInputError("mornings_empty").text("es"))
print(gm.InvalidInputError("zones_empty").text("es"))
"""


def test_a_third_language_is_a_file_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three texts in Spanish, the rest in English, without a line of code."""
    (tmp_path / "es.po").write_text(SPANISH, encoding="utf-8")
    monkeypatch.setenv("GIGMATCH_LOCALES", str(tmp_path))
    run = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == [
        "('en', 'es', 'zh')",
        "worker 'li' no está en la mañana",
        "no hay mañanas",
        "zones is empty: give the centre of at least one zone",
    ]


def test_texts_within_texts() -> None:
    """They are told in the language of the whole, and survive being sent to another process."""
    inner = gm.CertificateError("worker_has_shift", worker="li")
    outer = gm.CertificateError("error_in_morning", at=3, error=inner)
    assert str(outer) == "mornings[3]: worker 'li' has a shift"
    assert outer.text("zh") == "mornings[3]：零工 'li' 已有班次"
    again = pickle.loads(pickle.dumps(outer))
    assert (again.code, again.text("zh")) == ("error_in_morning", outer.text("zh"))
    both = joined("errors.and", [Told.of("errors.counted_twice"), Told.of("errors.moved_twice")])
    assert both == "somebody or some shift is counted twice; somebody moves twice"
    assert both.text("zh") == "有人或有班次被计算两次；有人被调整两次"


def _rule(columns: Any, pairs: Any) -> Any:
    return np.ones(len(pairs), dtype=np.int8)


def _raise_interrupt() -> None:
    raise gm.SolveInterrupted(type("S", (), {"value": 7, "gap": 2}))


class Choosy:
    name = "choosy"
    exact = True

    def supports(self, problem: gm.Problem) -> str | None:
        return "it is too small"

    def __call__(self, problem: gm.Problem, control: Any) -> Any:
        raise AssertionError


class Broken(Choosy):
    """Fails with words of its own."""

    def supports(self, problem: gm.Problem) -> str | None:
        return None

    def __call__(self, problem: gm.Problem, control: Any) -> Any:
        raise gm.SolverError("the licence has run out")


PROBLEM = gm.Problem(indptr=[0, 1], shift=[0], weight=[1], capacity=[1])
MORNING = gm.samples.jingshi(workers=50)
CASES: dict[str, tuple[Any, type[BaseException], str, dict[str, Any], str, str]] = {
    "unknown id": (
        lambda: gm.match(MORNING, keep=[("x", "y")]),
        gm.InvalidPairsError,
        "pair_not_in_morning",
        {"name": "keep", "at": 0, "kind": "worker", "id": "x"},
        "keep[0] names worker 'x', not in the morning",
        "keep[0] 中的零工 'x' 不在早市中；请改正编号",
    ),
    "input": (
        lambda: gm.match(MORNING, threads=0),
        gm.InvalidInputError,
        "integer_out_of_range",
        {"name": "threads", "least": 1, "most": 1024, "value": 0},
        "threads must be a whole number from 1 to 1,024; got 0",
        "threads 应为 1 到 1,024 的整数；现在是 0",
    ),
    "policy": (
        lambda: gm.Policy(seed=-1),
        gm.InvalidPolicyError,
        "seed_out_of_range",
        {"value": -1, "most": 2**63 - 1},
        f"seed is -1; use a whole number from 0 to {2**63 - 1}",
        f"seed（抽签种子）为 -1；请改成 0 到 {2**63 - 1} 的整数",
    ),
    "file": (
        lambda: gm.Assignment.load("/no/such/file"),
        gm.InvalidFileError,
        "cannot_read",
        {"path": "/no/such/file", "error": "No such file or directory"},
        "/no/such/file: cannot be read (No such file or directory)",
        "/no/such/file：不能读取（没有这个文件或文件夹）",
    ),
    "problem": (
        lambda: gm.Problem(indptr=[0, 1], shift=[0], weight=[1.5], capacity=[1]),
        gm.InvalidProblemError,
        "floats_not_integers",
        {"name": "weight", "dtype": np.dtype(float)},
        "weight must hold 64-bit integers, got dtype float64; round first, for example "
        "np.rint(100 * points).astype(np.int64)",
        "weight 应为 64 位整数，现在的 dtype 是 float64；请先取整，例如 ",
    ),
    "overflow": (
        lambda: gm.Problem(indptr=[0, 1], shift=[0], weight=[2**62], capacity=[1]),
        gm.WeightOverflowError,
        "weight_too_large",
        {"worst": 2**62, "n": 1, "m": 1},
        "a weight of",
        "权重 4611686018427387904 超过",
    ),
    "plug-in": (
        lambda: gm.match(MORNING, rules=[_rule]),
        gm.PluginError,
        "wrong_array",
        {"what": "rule '_rule'"},
        "rule '_rule' must return bool",
        "规则 '_rule' 应返回数组 bool",
    ),
    "too large": (
        lambda: gm.match(MORNING, memory_bytes=1),
        gm.TooLargeError,
        "too_many_pairs",
        {},
        "about ",
        "约有 ",
    ),
    "another morning": (
        lambda: gm.check(gm.samples.jingshi(workers=50, seed=2), gm.match(MORNING)),
        gm.InvalidInputError,
        "another_morning",
        {},
        "the assignment was made from another morning (the digests differ): give that one",
        "这份安排是根据另一个早市做出的（摘要不同）；请给出当时的早市文件",
    ),
    "unsupported": (
        lambda: gm.solve(PROBLEM, solver=Choosy()),
        gm.UnsupportedError,
        "solver_cannot_solve",
        {"name": "choosy", "why": "it is too small"},
        "solver 'choosy' cannot solve this problem: it is too small",
        "求解器 'choosy' 不能求解这个问题：it is too small",
    ),
    "solver": (
        lambda: gm.solve(PROBLEM, solver=Broken()),
        gm.SolverError,
        "the licence has run out",
        {},
        "the licence has run out",
        "the licence has run out",
    ),
    "interrupted": (
        _raise_interrupt,
        gm.SolveInterrupted,
        "interrupted",
        {"value": 7, "gap": 2},
        "interrupted with a solution of value 7, at most 2 short",
        "已中断；现有结果的总值为 7，最多差 2",
    ),
}


@for_each(CASES)
def test_errors_say_what_they_are(case: str) -> None:
    """By class: code and parameters for programs, a text for people in either language."""
    act, kind, code, parameters, english, chinese = CASES[case]
    with pytest.raises(kind) as caught:
        act()
    error: Any = caught.value
    assert error.code == code
    assert parameters.items() <= error.parameters.items()
    assert str(error).startswith(english)
    assert error.text() == str(error)
    assert error.text("zh").startswith(chinese)
    assert error.text("xx") == str(error)


def test_problems_of_a_morning_have_codes() -> None:
    """Our own rules and pydantic's, in files and in fields."""
    row = {"id": ["li", "li"], "home_lat": ["x", None], "station_id": ["hall", "hall"]}
    with pytest.raises(gm.InvalidMorningError) as caught:
        gm.columns_from_frames(workers=row)
    found = {(p.path, p.code): p for p in caught.value.problems}
    twice = found["workers[1].id", "already_there"]
    assert twice.parameters == {"earlier": "workers[0].id", "key": "id"}
    assert twice.message == "is already workers[0].id: every id must be given once. Got 'li'."
    assert twice.text("zh").startswith("workers[1].id（编号）：与 workers[0].id（编号） 重复")
    assert ("workers[0].home_lat", "cell_no_number") in found


def test_problems_of_fields_have_codes(tmp_path: Path) -> None:
    text = MORNING.to_json().decode().replace('"headcount": ', '"headcount": -', 1)
    (tmp_path / "m.json").write_text(text.replace('"CNY"', '"yuan"'), encoding="utf-8")
    with pytest.raises(gm.InvalidMorningError) as caught:
        gm.Morning.load(tmp_path / "m.json")
    error = caught.value
    assert (error.code, error.parameters["n"]) == ("has_problems", len(error.problems))
    assert {p.code for p in error.problems} == {
        "no_currency",
        "pydantic.greater_than_equal",
    }
    assert all(HAN.search(line) for line in error.text("zh").splitlines())
    (path, message), *_ = error.problems
    assert path == "currency"
    assert message == "a currency is three capital letters, as in CNY. Got 'yuan'."
    assert dict(error.problems)["currency"] == message


def test_what_our_validators_say_is_pydantics_type_and_context() -> None:
    """For those who build models themselves."""
    with pytest.raises(ValidationError) as caught:
        gm.Period(start_min=600, end_min=500)
    (line,) = caught.value.errors()
    assert line["type"] == "span_reversed"
    assert line["ctx"]["end"] == "8:20"
    assert line["msg"] == (
        "ends at 8:20, no later than it starts, at 10:00; "
        "if it ends the next day, write 32:20 (1940 minutes) in end_min"
    )


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
BOUNDS = ("greater_than", "greater_than_equal", "less_than", "less_than_equal")
# These hold others, or what is of no kind.
NO_KINDS = {
    *("any", "default", "definition-ref", "definitions", "function-after", "function-plain"),
    *("function-wrap", "model-field"),
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
    """With the gaps that pydantic fills."""
    holes = {
        **dict.fromkeys(("gt", "ge", "lt", "le", "min_length"), 3),
        "actual_length": 2,
        "field_type": "Tuple",
        "class_name": "Worker",
        "expected": "'day' or 'hour'",
        "error": "expected value at line 1 column 2",
        "discriminator": "'kind'",
        "tag": "x",
        "expected_tags": "'a', 'b'",
    }
    known: Any = PydanticKnownError(name, holes)  # type: ignore[arg-type]
    said = Told(known.message(), f"pydantic.{name}", known.context)
    assert HAN.search(said.text("zh"))


def test_every_column_that_must_be_filled_is_described_in_chinese() -> None:
    """The English stands in the schema."""
    for table in gm.tables.schema().values():
        for column in table.columns:
            assert not column.required or f"fields.{table.name}.{column.name}" in CHINESE, column


def test_what_files_and_the_system_say(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{x", encoding="utf-8")
    with pytest.raises(gm.InvalidFileError) as caught:
        gm.Morning.load(tmp_path / "a.json")
    assert caught.value.code == "not_json"
    assert "第 1 行第 2 个字符处：应有写在双引号中的名称" in caught.value.text("zh")
    (tmp_path / "Book.xls").write_bytes(b"PK")
    with pytest.raises(gm.InvalidFileError) as caught:
        gm.columns_from_files(tmp_path)
    assert caught.value.text("zh").endswith("；请把 Book.xls 的每个工作表另存为 CSV")


def test_places_in_files(tmp_path: Path) -> None:
    (tmp_path / "workers.csv").write_text("id,评分\nli,3\nli,x\n", encoding="utf-8")
    with pytest.raises(gm.InvalidMorningError) as caught:
        gm.columns_from_files(tmp_path)
    told = caught.value.text("zh")
    assert "workers.csv，第 3 行，列 id（编号）：与 workers.csv，第 2 行，列 id（编号） 重复" in told
    assert "workers.csv，第 3 行，列 评分 (rating)：不是数字；请改成数字。现在是 'x'。" in told
    assert all(HAN.search(line) for line in told.splitlines())


@pytest.mark.fuzz
def test_spoilt_files_are_answered_in_chinese(monkeypatch: pytest.MonkeyPatch, first_number: int) -> None:
    """Every problem of every file, and every row that is left out; the values stay as they are."""
    found: list[Any] = []

    def listening(read: Any) -> Any:
        def reading(*args: Any, **options: Any) -> Any:
            try:
                tables = read(*args, **options)
            except gm.GigmatchError as error:
                found.extend(getattr(error, "problems", [error]))
                raise
            found.extend(row.why for row in getattr(tables, "reading", gm.tables.Reading()).left_out)
            return tables

        return reading

    bases = fuzz_files.Bases()
    monkeypatch.setattr(gm, "columns_from_files", listening(gm.columns_from_files))
    for kind in (gm.Morning, gm.Assignment, gm.Policy, gm.Reasons):
        monkeypatch.setattr(kind, "load", staticmethod(listening(kind.load)))
    for number in range(first_number + 1000, first_number + 1000 + many(30)):
        fuzz_files.check(number, bases)
    assert len(found) > many(20)
    for said in found:
        assert HAN.search(said.text("zh")), said


@pytest.mark.parametrize(
    "value",
    [lambda: 1, threading.Lock(), np.dtype("int8"), dt.date(2025, 7, 19), [1, Path("x")]],
)
def test_parameters_are_plain(value: Any) -> None:
    """Whatever was passed, an error can be sent to another process and says the same as before."""
    error = gm.InvalidInputError("wrong_type", name="cancel", kinds="Event", value=value)
    assert f"got {value!r:.80}" in str(error)
    for same in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert (str(same), same.text("zh"), same.parameters) == (
            str(error),
            error.text("zh"),
            error.parameters,
        )
    json.dumps(error.parameters)


def test_an_error_is_shown_by_what_it_says() -> None:
    """Logs that show it hold the value, too; it holds nobody's data."""
    error = gm.InvalidInputError("wrong_type", name="start", kinds="Assignment", value=[1])
    assert repr(error) == f"InvalidInputError({str(error)!r})"
    held = [1, 2]
    kept = gm.InvalidInputError("wrong_type", name="x", kinds="y", value=held)
    held.append(3)
    assert "[1, 2]" in str(kept)


def test_many_texts_in_one() -> None:
    """As many as there are, at the depth of one."""
    many_parts = [Told.of("errors.no_added_worker", value=at) for at in range(3000)]
    told = joined("errors.and", many_parts)
    assert pickle.loads(pickle.dumps(told)).text("zh").count("；") >= 2999


def test_every_broken_rule_has_its_code(tmp_path: Path) -> None:
    """Several of one object are several problems."""
    raw = json.loads(gm.samples.jingshi(workers=50).to_json())
    raw["workers"][0]["attributes"] = {"sex": "f", "ethnicity": "han"}
    path = tmp_path / "morning.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(gm.InvalidMorningError) as caught:
        gm.Morning.load(path)
    assert [problem.code for problem in caught.value.problems] == ["protected"] * 2
    assert [problem.parameters["name"] for problem in caught.value.problems] == ["sex", "ethnicity"]
