"""Spoilt files, hundreds of them nightly; ``python tests/fuzz_files.py`` spoils as many as one likes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import fuzz_files
import gigmatch as gm
from gigmatch.model.reading import was_read
from tests.conftest import many


@pytest.fixture(scope="module")
def bases() -> fuzz_files.Bases:
    return fuzz_files.Bases()


@pytest.mark.fuzz
def test_spoilt_files_are_refused_or_listed(bases: fuzz_files.Bases, first_number: int) -> None:
    """No error but gigmatch's own, no row that is neither used nor listed."""
    numbers = range(first_number, first_number + many(40))
    assert sum(fuzz_files.check(number, bases) for number in numbers) >= len(numbers)


@pytest.mark.fuzz
def test_a_row_that_is_dropped_is_noticed(bases: fuzz_files.Bases, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check can fail: where one worker is lost without a word, some case says so."""
    read = gm.columns_from_files

    def careless(folder: Path, **options: str) -> gm.Columns:
        columns = read(folder, **options)
        reading = replace(columns.reading, left_out=columns.reading.left_out[1:])
        return was_read(columns, reading) if options else columns

    monkeypatch.setattr(gm, "columns_from_files", careless)
    with pytest.raises((AssertionError, gm.InvalidMorningError)):
        sum(fuzz_files.check(number, bases) for number in range(200))


@pytest.mark.parametrize("load", [gm.Morning.load, gm.Assignment.load, gm.Policy.load, gm.Reasons.load])
def test_a_key_given_twice_is_refused(bases: fuzz_files.Bases, tmp_path: Path, load) -> None:
    """Whatever the first of two lists holds would be dropped without a word."""
    bases.morning.save(tmp_path / "morning.json")
    assignment = gm.match(bases.morning)
    assignment.save(tmp_path / "assignment.json")
    gm.DEFAULT_POLICY.save(tmp_path / "policy.json")
    told = gm.explain(bases.morning, assignment).everything().to_json().decode()
    (tmp_path / "reasons.json").write_text(told, encoding="utf-8")
    path = tmp_path / f"{load.__self__.__name__.lower()}.json"
    text = path.read_text(encoding="utf-8").strip()
    first = text.split('"')[1]
    value = text.split(":", 1)[1].split(",")[0].strip()
    path.write_text(f'{{"{first}": {value if value[0] not in "[{" else "[]"}, {text[1:]}', encoding="utf-8")
    with pytest.raises(gm.InvalidInputError, match=f"has '{first}' twice in one object"):
        load(path)
