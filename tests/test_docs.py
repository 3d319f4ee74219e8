"""The documentation says what the code does: its blocks run and print what stands under them.

After a change on purpose, ``python tests/test_docs.py`` writes anew what they print.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import re
import runpy
import shlex
import subprocess
import sys
import tempfile
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from typer.testing import CliRunner

import gigmatch as gm
from gigmatch.cli.commands import app
from gigmatch.columns.columns import Columns, ShiftColumns, WorkerColumns
from gigmatch.pairing.pairs import Pairs

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
REFERENCE = sorted((DOCS / "reference").glob("*.md"))
PAGES = [*sorted(DOCS.glob("*.md")), *REFERENCE]


class Block(NamedTuple):
    language: str
    text: str


GIGMATCH = re.compile(r"gigmatch ([^|>]*)(.*)")
FENCED = re.compile(r"^```(\S*).*\n((?s:.*?))^```$", flags=re.M)


def blocks_of(page: Path) -> list[Block]:
    """Every fenced block of a page, in order."""
    return [Block(*found) for found in FENCED.findall(page.read_text(encoding="utf-8"))]


def without_seconds(text: str) -> str:
    return re.sub(r" in [\d.]+ s$", "", text.strip(), flags=re.M)


class Page:
    """What runs the blocks of one page, one after the other: the same names, the same folder.

    The folder is like a clone's: what the repository has in ``docs`` and ``examples`` lies there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.names = folder, {"__name__": "page"}
        for name in ("docs", "examples"):
            (folder / name).symlink_to(ROOT / name)

    def run(self, block: Block) -> str:
        """What the block prints."""
        return self.python(block.text) if block.language == "python" else self.shell(block.text)

    def python(self, text: str) -> str:
        printed = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(printed):
            exec(compile(text, "block", "exec"), self.names)  # our own text, not input
        return printed.getvalue()

    def shell(self, text: str) -> str:
        """Line by line; ``gigmatch`` within this process, what it prints goes to the rest of its line."""
        return "".join(self._line(line) for line in text.splitlines())

    def _line(self, line: str) -> str:
        if not (found := GIGMATCH.fullmatch(line)):
            return self._bash(line)
        command, _, name = found[1].partition(" < ")
        given = (self.folder / name.strip()).read_bytes() if name else None
        with contextlib.chdir(self.folder):
            runner = CliRunner(env={"COLUMNS": "110"})
            done = runner.invoke(app, shlex.split(command), input=given, prog_name="gigmatch")
        assert isinstance(done.exception, SystemExit | None), done.exception
        return self._bash(f"(cat; exit {done.exit_code}){found[2]}", done.stdout, done.stderr)

    def _bash(self, line: str, given: str = "", complaint: str = "") -> str:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line],
            cwd=self.folder,
            input=given,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )
        assert done.returncode == 0, complaint + done.stderr
        return done.stdout


@pytest.mark.usefixtures("plain_live_kernels", "samples_drawn_once", "few_steps")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_blocks_print_what_stands_under_them(page: Path, tmp_path: Path) -> None:
    """Python and shell blocks run; a text block is the output of the one before it, but for seconds."""
    runner = Page(tmp_path)
    for block, after in pairwise([*blocks_of(page), Block("", "")]):
        if block.language in ("python", "sh"):
            printed = without_seconds(runner.run(block))
            expected = without_seconds(after.text) if after.language == "text" else ""
            assert printed == expected


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_block_is_left_unchecked(page: Path) -> None:
    """Only languages that run, and outputs right after them; what the builder alone can read is hidden."""
    for before, block in pairwise([Block("", ""), *blocks_of(page)]):
        assert block.language in ("python", "sh", "text"), block
        assert block.language != "text" or before.language in ("python", "sh"), block


def test_every_page_is_checked() -> None:
    """The pages are found, and most have something to run."""
    ran = [page for page in PAGES if any(block.language in ("python", "sh") for block in blocks_of(page))]
    assert len(ran) >= 8


def test_the_reference_has_every_public_name() -> None:
    """Once each. Add a new one to a page in docs/reference/, where it belongs."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in REFERENCE)
    places = {place: name for name, place in gm._MODULES.items()}
    kinds = "function|class|data|exception|module"
    paths = re.findall(rf"^\.\. auto(?:{kinds}):: gigmatch\.([\w.]+)$", text, flags=re.M)
    shown = [places.get(path, path) for path in paths if path in places or "." not in path]
    assert sorted(shown) == sorted({*shown}), "a name is shown twice"
    assert set(gm.__all__) - set(shown) == set()


def test_the_reference_can_be_read_where_it_lies() -> None:
    """No name of it is without a text."""
    lines = [line for page in REFERENCE for line in page.read_text(encoding="utf-8").splitlines()]
    named = [line for line in lines if re.match(r" *- `", line)]
    assert len(named) > 400
    assert [line for line in named if not re.match(r" *- `[^`]+`: \S", line)] == []


@pytest.mark.parametrize("folder", [DOCS, DOCS / "reference", DOCS / "decisions"], ids=lambda path: path.name)
def test_an_index_links_all_its_pages(folder: Path) -> None:
    """As a list that can be followed where it lies; the builder's own trees are hidden."""
    linked = re.findall(r"\]\((\w[\w./-]*\.md)\)", (folder / "index.md").read_text(encoding="utf-8"))
    pages = {path.name for path in folder.glob("*.md")} - {"index.md"}
    assert {name for name in linked if "/" not in name} == pages


def test_what_is_generated_is_what_the_code_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a change on purpose, ``python docs/generate.py`` writes it anew."""
    pytest.importorskip("sqlalchemy", reason="the scripts for databases are made with SQLAlchemy")
    monkeypatch.syspath_prepend(str(DOCS))
    made = runpy.run_path(str(DOCS / "generate.py"))["documents"]()
    stale = [name for name, text in made.items() if (DOCS / name).read_text(encoding="utf-8") != text]
    assert not stale
    assert len(made) >= 3


ARRAY = re.compile(r"^\| `((?:columns|pairs)\.\S+)` \| (.*?) \| (.*?) \| (.*?) \| (.+) \|$", flags=re.M)


def arrays_shown() -> list[tuple[str, ...]]:
    return ARRAY.findall((DOCS / "arrays.md").read_text(encoding="utf-8"))


def test_the_page_of_arrays_has_every_one() -> None:
    """Of columns and pairs, once each."""
    parts = {"columns.workers.": WorkerColumns, "columns.shifts.": ShiftColumns, "columns.": Columns}
    fields = {prefix + field.name for prefix, part in parts.items() for field in dataclasses.fields(part)}
    found = {name for name, kind in vars(Pairs).items() if isinstance(kind, property | cached_property)}
    of_pairs = {f"pairs.{name}" for name in found | {"worker", "shift"}}
    shown = [name for name, *_ in arrays_shown()]
    assert sorted(shown) == sorted((fields | of_pairs) - {"columns.workers", "columns.shifts"})


def test_what_the_page_of_arrays_says_is_so() -> None:
    """On a sample: types and lengths; NaN and -1 stand only where it says so; what is measured has a unit."""
    columns = gm.columns_of(gm.samples.jingshi(seed=7))
    sizes = {"n_workers": columns.n_workers, "n_shifts": columns.n_shifts}
    sizes |= {"n_employers": len(columns.employer_ids), "n_brokers": len(columns.broker_ids)}
    sizes |= {"n_skills": len(columns.skill_codes), "n_groups": len(columns.priority_groups)}
    sizes["n_companions"] = len(columns.companions_in_crew)
    checked = 0
    for name, kind, unit, missing, _ in arrays_shown():
        array = attrgetter(name.partition(".")[2])(columns) if name.startswith("columns.") else None
        if isinstance(array, np.ndarray):
            shape = ", ".join(map(str, array.shape))
            said = re.sub(r"n_\w+", lambda axis: str(sizes[axis[0]]), kind)
            assert said == f"{array.dtype}[{shape}]", name
            assert missing == "NaN" or not np.isnan(array).any(), name
            assert missing == "-1" or unit == "minutes since midnight" or not (array < 0).any(), name
            assert unit or array.dtype != np.float64, name
            checked += 1
    assert checked > 40


def test_the_gallery_shows_every_example() -> None:
    """The script and what it prints, which the tests of the examples compare."""
    text = (DOCS / "gallery.md").read_text(encoding="utf-8")
    for path in (DOCS.parent / "examples").glob("*.py"):
        assert f"../examples/{path.name}" in text, path
        assert f"../examples/output/{path.stem}.txt" in text, path


def test_figures_are_those_that_are_drawn(tmp_path: Path) -> None:
    """All of them are shown, and alike to the byte where the plotting library is of the same version."""
    pytest.importorskip("matplotlib", reason="figures need matplotlib")
    done = subprocess.run(
        [sys.executable, DOCS / "figures.py", tmp_path], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    drawn = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    kept = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "figures").iterdir()}
    gallery = (DOCS / "gallery.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(figures/(\w+\.svg)\)", gallery)) == set(drawn) == set(kept)
    by = [set(re.findall(r"Matplotlib v[\d.]+", "".join(some.values()))) for some in (drawn, kept)]
    assert all(len(text) > 1000 for text in drawn.values())
    assert drawn == kept or by[0] != by[1]


def write_anew(page: Path, folder: Path) -> None:
    """Put what the blocks of a page print under them."""
    runner, printed = Page(folder), ""

    def shown(found: re.Match[str]) -> str:
        nonlocal printed
        block = Block(*found.groups())
        if block.language in ("python", "sh"):
            printed = runner.run(block)
        same = block.language != "text" or without_seconds(block.text) == without_seconds(printed)
        return found.group() if same else f"```text\n{printed.strip()}\n```"

    page.write_text(FENCED.sub(shown, page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    for each in PAGES:
        with tempfile.TemporaryDirectory() as scratch:
            write_anew(each, Path(scratch))
