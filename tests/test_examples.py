"""The examples run and print what stands beside them."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
OF_PROCESSES = ("country",)  # they begin some, which takes a while


def scripts() -> list[object]:
    """Every example, some of them tried nightly alone."""
    return [
        pytest.param(path, id=path.stem, marks=[pytest.mark.nightly] * (path.stem in OF_PROCESSES))
        for path in sorted(EXAMPLES.glob("*.py"))
    ]


@pytest.mark.usefixtures("plain_live_kernels", "samples_drawn_once")
@pytest.mark.parametrize("path", scripts())
def test_example_prints_what_it_should(path, capsys, monkeypatch, tmp_path):
    """Line by line; after a change on purpose, write the new output to examples/output/."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", [str(path)])
    runpy.run_path(str(path), run_name="__main__")
    expected = (EXAMPLES / "output" / f"{path.stem}.txt").read_text(encoding="utf-8")
    printed = capsys.readouterr().out
    assert printed == expected
    left = {made.relative_to(tmp_path).as_posix() for made in tmp_path.rglob("*.*")}
    assert {name for name in left if name not in printed} == set(), "what is left tells where"
