"""The examples run and print what stands beside them."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_example_prints_what_it_should(path, capsys):
    """Line by line; after a change on purpose, write the new output to examples/output/."""
    runpy.run_path(str(path), run_name="__main__")
    expected = (EXAMPLES / "output" / f"{path.stem}.txt").read_text(encoding="utf-8")
    assert capsys.readouterr().out == expected
