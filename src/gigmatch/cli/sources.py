"""Mornings in and answers out, in whichever form they come: JSON, folders of CSV or Parquet, samples."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import gigmatch as gm
from gigmatch.cli.formats import SAMPLES, sample_names, say, spoken

__all__ = [
    "PLAIN",
    "Extra",
    "Form",
    "OnError",
    "Reading",
    "Source",
    "as_objects",
    "form_of_answer",
    "form_of_morning",
    "load_answer",
    "pairs_of",
    "read_source",
    "read_whole",
    "refuse_target",
    "require",
    "sample_named",
    "sample_to_write",
    "write_answer",
    "write_morning",
]

LeftOut = Sequence[gm.tables.LeftOut]
Tables = Mapping[str, Any]


class Form(StrEnum):
    """What is written."""

    json = "json"
    csv = "csv"
    parquet = "parquet"
    xlsx = "xlsx"


class OnError(StrEnum):
    """What is done about bad rows."""

    raising = "raise"
    collect = "collect"


class Extra(StrEnum):
    """What becomes of columns that the schema does not have."""

    ignore = "ignore"
    keep = "keep"
    refuse = "refuse"


class Reading(NamedTuple):
    """How tables are read."""

    on_error: OnError = OnError.raising
    extra: Extra = Extra.ignore
    encoding: str | None = None

    def options(self) -> dict[str, Any]:
        """What the library is called with."""
        return {"on_error": self.on_error.value, "extra": self.extra.value, "encoding": self.encoding}


PLAIN = Reading()
"""As it is where nothing is asked for."""


class Source(NamedTuple):
    """A morning that was read."""

    morning: gm.Morning | gm.Columns
    form: Form


def read_source(path: Path, reading: Reading = PLAIN) -> Source:
    """A morning from a JSON file, or its columns from a folder of tables."""
    form = _form_of(path)
    if form is Form.json:
        if reading != PLAIN:
            raise gm.InvalidInputError(say("only_tables"))
        return Source(gm.Morning.load(path), form)
    return Source(gm.columns_from_files(path, **reading.options()), form)


def _form_of(path: Path) -> Form:
    if path.is_dir():
        there = {each.suffix.lower().removeprefix(".") for each in path.iterdir()}
        return next((form for form in (Form.csv, Form.parquet, Form.xlsx) if form in there), Form.csv)
    require(path)
    if path.suffix.lower() in (".csv", ".parquet"):
        raise gm.InvalidFileError(say("one_table", source=path))
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return Form.xlsx
    if path.suffix.lower() in (".xls", ".ods", ".xlsb"):
        raise gm.InvalidFileError(say("a_workbook", source=path))
    return Form.json


def require(path: Path) -> None:
    """Say that there is nothing to read."""
    if not path.exists():
        raise gm.InvalidFileError(say("no_such_source", source=path))


def read_whole(path: Path, reading: Reading = PLAIN) -> Source:
    """Everything that is known, as objects."""
    form = _form_of(path)
    if form is Form.json:
        return read_source(path, reading)
    return Source(gm.morning_from_files(path, **reading.options()), form)


def load_answer(path: Path) -> gm.Assignment:
    """A saved assignment, from its file or from the folder that ``solve --out`` wrote it to."""
    inside = path / "assignment.json"
    if path.is_dir() and not inside.is_file():
        raise gm.InvalidFileError(say("no_answer", folder=path))
    return gm.Assignment.load(inside if path.is_dir() else path)


def form_of_answer(out: Path, source: Form, to: Form | None) -> Form:
    """As the name says; else tables as in the input, or CSV, unless ``--to`` says otherwise."""
    named = to or _named(out)
    return named or (Form.csv if source in (Form.json, Form.xlsx) else source)


def _named(out: Path) -> Form | None:
    """What the name of one file says that it is."""
    return {".json": Form.json, ".xlsx": Form.xlsx}.get(out.suffix.lower())


def form_of_morning(source: Path, out: Path, to: Form | None) -> Form:
    """As the name says, else tables: CSV, or Parquet of what is CSV."""
    return to or _named(out) or (Form.parquet if _form_of(source) is Form.csv else Form.csv)


def refuse_target(out: Path, form: Form, source: Path | None = None) -> None:
    """Say before any work that the answer could not be written there."""
    is_file = form in (Form.json, Form.xlsx)
    if form is Form.xlsx and out.suffix.lower() != ".xlsx":
        raise gm.InvalidInputError(say("not_a_workbook", out=out))
    if is_file and out.is_dir():
        raise gm.InvalidInputError(say("not_a_file", out=out))
    if not is_file and out.exists() and not out.is_dir():
        raise gm.InvalidInputError(say("not_a_folder", out=out))
    if is_file and not out.absolute().parent.is_dir():
        raise gm.InvalidInputError(say("no_folder", out=out, folder=out.absolute().parent))
    if source is not None and source.resolve() == out.resolve():
        raise gm.InvalidInputError(say("same_folder", out=out))


def write_answer(
    assignment: gm.Assignment,
    out: Path,
    form: Form,
    left_out: LeftOut,
    names_from: gm.Morning | gm.Columns | None,
) -> None:
    """The answer as a JSON file, or as a folder of tables; what was left out of the input beside it."""
    if form is not Form.json:
        kind: Any = form.value
        gm.assignment_to_files(assignment, out, kind, left_out, names_from=names_from, lang=spoken())
        return
    assignment.save(out)
    if left_out:
        text = json.dumps([row._asdict() for row in left_out], ensure_ascii=False, indent=1)
        out.with_suffix(".left_out.json").write_text(text + "\n", encoding="utf-8")


def write_morning(morning: gm.Morning | Tables, out: Path, form: Form) -> None:
    """A morning, or its tables, as a JSON file or as a folder of tables."""
    if form is Form.json:
        as_objects(morning).save(out)
    elif form is Form.csv:
        gm.write_csv(morning, out)
    elif form is Form.xlsx:
        gm.write_xlsx(morning, out)
    else:
        gm.write_parquet(morning, out)


def as_objects(morning: gm.Morning | Tables) -> gm.Morning:
    """A morning whose tables may be all that there is."""
    return morning if isinstance(morning, gm.Morning) else gm.morning_from_frames(**morning)


def sample_named(name: str, seed: int, size: int | None) -> gm.Morning | gm.Columns:
    """A sample morning, in its own size unless another is given."""
    return gm.samples.city(**_city(seed, size)) if _known(name) == "city" else _drawn(name, seed, size)


def sample_to_write(name: str, seed: int, size: int | None) -> gm.Morning | Tables:
    """A sample morning, or its tables where no object is made for anybody in it."""
    return gm.samples.city_tables(**_city(seed, size)) if _known(name) == "city" else _drawn(name, seed, size)


def _known(name: str) -> str:
    if name not in SAMPLES or not hasattr(gm.samples, name):
        raise gm.InvalidInputError(say("unknown_sample", name=name, samples=sample_names()))
    return name


def _city(seed: int, size: int | None) -> dict[str, int]:
    workers = 50_000 if size is None else size
    return {"workers": workers, "shifts": max(workers // 5, 1), "seed": seed}


def _drawn(name: str, seed: int, size: int | None) -> gm.Morning:
    make = getattr(gm.samples, name)
    morning: gm.Morning = make(seed=seed) if size is None else make(seed=seed, workers=size)
    return morning


def pairs_of(paths: Sequence[Path]) -> list[tuple[Path, Path]]:
    """Files of mornings, each with that of its assignment."""
    if len(paths) % 2:
        raise gm.InvalidInputError(say("others_in_pairs", last=paths[-1]))
    return list(zip(paths[::2], paths[1::2], strict=True))
