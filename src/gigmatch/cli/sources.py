"""Mornings in and answers out, in whichever form they come: JSON, folders of CSV or Parquet, samples."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import gigmatch as gm
from gigmatch.cli.speaking import sample_names, say
from gigmatch.cli.words import SAMPLES

__all__ = [
    "Form",
    "OnError",
    "Source",
    "form_of_answer",
    "form_of_morning",
    "morning_of",
    "read_source",
    "refuse_target",
    "sample_named",
    "whole_morning",
    "write_answer",
    "write_morning",
]

LeftOut = Sequence[gm.tables.LeftOut]


class Form(StrEnum):
    """What is written."""

    json = "json"
    csv = "csv"
    parquet = "parquet"


class OnError(StrEnum):
    """What is done about bad rows."""

    raising = "raise"
    collect = "collect"


class Source(NamedTuple):
    """A morning that was read."""

    morning: gm.Morning | gm.Columns
    form: Form
    left_out: LeftOut = ()


def read_source(path: Path, on_error: OnError = OnError.raising) -> Source:
    """A morning from a JSON file, or its columns from a folder of tables."""
    form = _form_of(path)
    if form is Form.json:
        if on_error is OnError.collect:
            raise gm.InvalidInputError(say("only_tables"))
        return Source(gm.Morning.load(path), form)
    if on_error is OnError.raising:
        return Source(gm.columns_from_files(path), form)
    loaded = gm.columns_from_files(path, on_error="collect")
    return Source(loaded.columns, form, loaded.left_out)


def _form_of(path: Path) -> Form:
    if path.is_dir():
        return Form.csv if any(path.glob("*.csv")) else Form.parquet
    if not path.exists():
        raise gm.InvalidFileError(say("no_such_source", source=path))
    if path.suffix.lower() in (".csv", ".parquet"):
        raise gm.InvalidFileError(say("one_table", source=path))
    return Form.json


def whole_morning(path: Path) -> gm.Morning:
    """Everything that is known, as objects, which can be written in any form."""
    return gm.Morning.load(path) if _form_of(path) is Form.json else gm.morning_from_files(path)


def morning_of(assignment: gm.Assignment, path: Path, on_error: OnError) -> gm.Morning | gm.Columns:
    """What an assignment was made from: objects or columns, whichever it names."""
    if assignment.morning_digest.startswith("columns ") or on_error is OnError.collect:
        return read_source(path, on_error).morning
    return whole_morning(path)


def form_of_answer(out: Path, source: Form, to: Form | None) -> Form:
    """In the form of the input, unless the name or ``--to`` says otherwise."""
    if to is not None:
        return to
    return Form.json if out.suffix.lower() == ".json" else source


def form_of_morning(source: Path, out: Path, to: Form | None) -> Form:
    """JSON where the name says so, else tables: CSV, or Parquet of what is CSV."""
    if to is not None:
        return to
    if out.suffix.lower() == ".json":
        return Form.json
    return Form.parquet if _form_of(source) is Form.csv else Form.csv


def refuse_target(out: Path, form: Form, source: Path | None = None) -> None:
    """Say before any work that the answer could not be written there."""
    if form is Form.json and out.is_dir():
        raise gm.InvalidInputError(say("not_a_file", out=out))
    if form is not Form.json and out.exists() and not out.is_dir():
        raise gm.InvalidInputError(say("not_a_folder", out=out))
    if form is Form.json and not out.absolute().parent.is_dir():
        raise gm.InvalidInputError(say("no_folder", out=out, folder=out.absolute().parent))
    if source is not None and source.resolve() == out.resolve():
        raise gm.InvalidInputError(say("same_folder", out=out))


def write_answer(assignment: gm.Assignment, out: Path, form: Form, left_out: LeftOut) -> None:
    """The answer as a JSON file, or as a folder of tables; what was left out of the input beside it."""
    if form is not Form.json:
        gm.assignment_to_files(assignment, out, "csv" if form is Form.csv else "parquet", left_out)
        return
    assignment.save(out)
    if left_out:
        text = json.dumps([row._asdict() for row in left_out], ensure_ascii=False, indent=1)
        out.with_suffix(".left_out.json").write_text(text + "\n", encoding="utf-8")


def write_morning(morning: gm.Morning, out: Path, form: Form) -> None:
    """A morning as a JSON file, or as a folder of tables."""
    if form is Form.json:
        morning.save(out)
    elif form is Form.csv:
        gm.write_csv(morning, out)
    else:
        gm.write_parquet(morning, out)


def sample_named(name: str, seed: int, size: int | None) -> gm.Morning | gm.Columns:
    """A sample morning, in its own size unless another is given."""
    if name not in SAMPLES or not hasattr(gm.samples, name):
        raise gm.InvalidInputError(say("unknown_sample", name=name, samples=sample_names()))
    if name == "city":
        workers = 50_000 if size is None else size
        return gm.samples.city(workers=workers, shifts=max(workers // 5, 1), seed=seed)
    make = getattr(gm.samples, name)
    morning: gm.Morning = make(seed=seed) if size is None else make(seed=seed, workers=size)
    return morning
