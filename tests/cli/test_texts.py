"""The shell's texts: all of them in the catalogue, in every language, and none that nothing says."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from contextvars import copy_context
from pathlib import Path

import pytest
import typer
from rich.cells import cell_len
from typer.testing import CliRunner

from catalogues import TEXTS, gaps
from gigmatch import cli
from gigmatch.cli import commands
from gigmatch.cli.examples import EXAMPLES

SOURCES = Path(cli.__file__).parent
# Keys that are put together from parts, as they begin, with what they may go on with.
MADE = (
    "cli.claim.",  # how an answer was chosen
    "cli.errors.",  # an error of the library
    "cli.help.",  # a command
    "cli.stage.",  # a stage of a run
    "cli.usage.missing_",  # argument or option
    "cli.usage.value.",  # kinds of pydantic's errors
)


def entries(lang: str) -> dict[str, tuple[str, ...]]:
    """The shell's texts in a language, each with its forms."""
    return {key: forms for key, forms in TEXTS[lang].items() if key.startswith("cli.")}


def asked() -> set[str]:
    """Every key that the shell's code writes out."""
    keys = set()
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            keys |= _asked_in(node)
    return keys


def _asked_in(node: ast.AST) -> set[str]:
    """Keys of a call: what ``say``, ``some`` and the like are given, and the help of options."""
    if not isinstance(node, ast.Call):
        return set()
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    before = {"say": "cli.", "_section": "cli.", "_help": "cli.help."}.get(name)
    found = set()
    if before is not None:
        found |= {before + text for text in _texts(node.args[0])}
    if name in ("Option", "Argument"):
        helps = [keyword.value for keyword in node.keywords if keyword.arg == "help"]
        found |= {f"cli.help.{text}" for each in helps for text in _texts(each)}
    return found


def _texts(node: ast.AST) -> set[str]:
    """Texts that an expression is, or chooses between."""
    if isinstance(node, ast.IfExp):
        return _texts(node.body) | _texts(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def written_out() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))


def run(*words: object, **environment: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    result = CliRunner().invoke(commands.app, [str(word) for word in words], env=environment)
    return result.exit_code, result.stdout, result.stderr


def test_every_text_has_its_chinese() -> None:
    """The same keys in both, none empty, and no gap that the English has not."""
    english, chinese = entries("en"), entries("zh")
    assert english.keys() == chinese.keys()
    for key, forms in english.items():
        assert all(text.strip() for text in (*forms, *chinese[key])), key
        assert (len(forms), len(chinese[key])) in ((1, 1), (2, 1)), key
        assert gaps(*chinese[key]) == gaps(*forms), key


def test_every_key_is_in_the_catalogue() -> None:
    """Whatever the code asks for by name; that includes the help of every option."""
    keys = asked()
    assert len(keys) > 90
    assert keys - entries("en").keys() == set()


def test_every_text_is_used() -> None:
    """No entry that nothing says: it is written out, or made of parts that are."""
    keys, code = asked(), written_out()
    for key in entries("en").keys() - keys:
        assert key.startswith(MADE) or f'"{key.removeprefix("cli.")}"' in code, key
    for key in entries("en").keys() - keys:
        if key.startswith("cli.errors."):
            assert key.removeprefix("cli.") in TEXTS["en"], key
        if key.startswith("cli.help."):
            assert key.removeprefix("cli.help.") in EXAMPLES, key


def test_every_command_has_help_and_examples() -> None:
    """Each under its name, and nothing else has examples."""
    app = typer.main.get_command(commands.app)
    assert EXAMPLES.keys() == {"app", *app.commands}
    for name in EXAMPLES:
        assert f"cli.help.{name}" in entries("en"), name
        assert all(line.startswith("gigmatch ") for line in EXAMPLES[name])


@pytest.mark.parametrize("command", sorted(EXAMPLES))
def test_help_is_in_one_language(command: str) -> None:
    """In Chinese, headings, marks and descriptions are; lines fit the terminal and columns begin together."""
    words = [] if command == "app" else [command]
    text = run(*words, "--help", "--lang", "zh", COLUMNS="72")[1]
    assert not re.search(r"Usage|Options|Arguments|Commands|OPTIONS|default|required|help text", text)
    assert {"用法：", "选项：", "示例："} <= set(re.findall(r"^\w+：", text, flags=re.M))
    assert max(map(cell_len, text.splitlines())) <= 72
    english = run(*words, "--help", COLUMNS="72")[1]
    assert not re.search(r"[\u3000-\u9fff]", english)
    assert max(map(len, english.splitlines())) <= 72


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (["check", "a.json"], "Missing argument 'assignment'.", "缺少参数 'assignment'。"),
        (["solve", "--seed", "x"], "Invalid value for '--seed': Input should be a valid", "应为整数"),
        (["solve", "--seed", -1], "'--seed': Input should be greater than or equal to 0", "不能小于 0"),
        (["solve", "--time-limit", "x"], "Input should be a valid number", "应为数字"),
        (["board", "a", "b", "--seconds", 9e9], "less than or equal to 3600", "不能大于 3600"),
        (["solve", "--seed"], "Option '--seed' requires an argument.", "选项 '--seed' 须给出值。"),
        (["solve", "--json=1"], "Option '--json' does not take a value.", "选项 '--json' 不带值。"),
        (
            ["solve", "--to", "pdf"],
            "'pdf' is not one of 'json', 'csv', 'parquet', 'xlsx'.",
            "不在可选的值之中",
        ),
        (["solve", "--nope"], "No such option: --nope", "没有选项 --nope"),
        (["solve", "--sampl", "x"], "(Possible options: --sample", "相近的有：--sample"),
        (["solve", "a", "b", "c"], "Got unexpected extra arguments (b c)", "多出了参数（b c）"),
        (["sample", "a", "b"], "Got unexpected extra argument (b)", "多出了参数（b）"),
        (["xyz"], "No such command 'xyz'.", "没有命令 'xyz'。"),
        (["solv"], "No such command 'solv'. Did you mean 'solve'?", "您是否要用 'solve'"),
        (["report", "a", "b", "--out", "."], "'--out' / '-o': file '.' is a directory.", "'.' 是文件夹"),
        (["schema", "--lang", "fr"], "'fr' is not one of 'en', 'zh'.", "不在可选的值之中"),
    ],
)
def test_a_mistake_in_asking_is_told_in_the_language(words: list, english: str, chinese: str) -> None:
    """Code 2; usage, where help is and what is wrong, on standard error alone."""
    code, text, error = run(*words)
    assert (code, text, error.startswith("Usage: ")) == (2, "", True)
    assert "--help' for help.\n\nError: " in error
    assert english in error
    code, text, error = run(*words, GIGMATCH_LANG="zh")
    assert (code, text, error.startswith("用法：")) == (2, "", True)
    assert "--help' 查看帮助。\n\n错误：" in error
    assert chinese in error
    assert not re.search(r"Invalid|Missing|Error|Usage|Input", error)


@pytest.mark.parametrize(
    ("lang", "told"),
    [("en", "error: x is needed for the command line; install it"), ("zh", "错误：命令行需要 x；请安装：")],
)
def test_what_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch, lang: str, told: str) -> None:
    """In the language of the environment, since no option has been read."""
    monkeypatch.setenv("GIGMATCH_LANG", lang)
    assert copy_context().run(cli._without, "x").startswith(told)


def test_a_third_language_is_spoken(tmp_path: Path) -> None:
    """From a catalogue dropped in, by option and by environment; what it lacks is told in English."""
    (tmp_path / "es.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "cli.compiled"\nmsgstr "compilado"\n\nmsgid "cli.usage.options"\nmsgstr "Opciones:"\n',
        encoding="utf-8",
    )
    environment = {**os.environ, "GIGMATCH_LOCALES": str(tmp_path), "GIGMATCH_LANG": "es_MX.UTF-8"}

    def told(*words: str) -> str:
        command = [sys.executable, "-m", "gigmatch.cli", *words]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=True).stdout

    assert told("warmup", "--help").count("Opciones:") == 1
    assert "--lang en|es|zh" in told("warmup", "--help")
    assert "Compile the auction" in told("warmup", "--help", "--lang", "es")
    assert "选项：" in told("warmup", "--help", "--lang", "zh")


@pytest.mark.parametrize(
    ("asked_for", "spoken"),
    [("zh", "zh"), ("zh_CN.UTF-8", "zh"), ("ZH-Hans", "zh"), ("en_GB", "en"), ("de", "en"), ("", "en")],
)
def test_the_environment_names_a_locale(asked_for: str, spoken: str) -> None:
    """The language of it, English where there is no catalogue."""
    assert (run("--help", GIGMATCH_LANG=asked_for)[1][0] == "用") == (spoken == "zh")
