"""An answer as a frame and as files: placements, who and what is left over, and rows that were left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite
from pathlib import Path
from typing import Any, get_args

from gigmatch.columns import Columns, Labels, labels_of
from gigmatch.errors import InvalidInputError
from gigmatch.i18n import Told, known, tell, text
from gigmatch.i18n.texts import called
from gigmatch.model import Morning
from gigmatch.model.aliases import CHINESE, CHINESE_TABLES
from gigmatch.model.reading import LeftOut
from gigmatch.tables.frames import FrameKind, need, to_kind
from gigmatch.tables.writing import FileKind, write_table

__all__ = ["assignment_frame", "assignment_frames", "assignment_to_files", "chance_frame"]

# Columns of each table with their types of Arrow.
_COLUMNS: dict[str, dict[str, str]] = {
    "placements": {
        "worker_id": "string",
        "worker_name": "string",
        "worker_contact": "string",
        "shift_id": "string",
        "shift_title": "string",
        "skill": "string",
        "shift_place": "string",
        "time": "string",
        "shift_address": "string",
        "pay_total": "float64",
        "minutes": "int64",
        "points": "float64",
        "kept": "bool_",
    },
    "unplaced": {"worker_id": "string", "eligible_shifts": "int64", "fact": "string"},
    "open_shifts": {
        "shift_id": "string",
        "open_seats": "int64",
        "eligible_workers": "int64",
        "fact": "string",
    },
    "warnings": {"rule": "string", "sentence": "string", "worker_id": "string", "shift_id": "string"},
    "chances": {
        "worker_id": "string",
        "chance": "float64",
        "people": "int64",
        "seats": "int64",
        "fact": "string",
    },
    "left_out": {"table": "string", "row": "int64", "why": "string", "place": "string"},
}
_IF_ASKED_FOR = ("worker_name", "worker_contact", "shift_address")
_UNTOLD = ("",) * 4  # of a shift, where the morning is not there
# What the schema has another name for: its Chinese header is the same.
_AS_IN_SCHEMA = {
    "shift_title": "title",
    "shift_place": "label",
    "shift_address": "address",
    "worker_contact": "contact",
}


def assignment_frame(
    assignment: Any,
    kind: FrameKind = "pyarrow",
    *,
    names_from: Morning | Columns | None = None,
    lang: str = "en",
) -> Any:
    """Who works where, as a frame with a row per placement.

    Parameters
    ----------
    assignment : Assignment
        From ``match`` or ``Assignment.load``.
    kind : {"pandas", "polars", "pyarrow"}
        What the frame is.
    names_from : Morning or Columns, optional
        What it was made from, for ``worker_name``, ``worker_contact`` and ``shift_address`` beside the ids,
        which are left out unless asked for. Without it, what is told of the shifts of a loaded assignment is
        empty.
    lang : str
        Of texts, and of the columns' names: in English those below, in Chinese (``"zh"``) as headers of a
        morning's files. A language that has no catalogue is told in English.

    Returns
    -------
    frame
        ``worker_id``, ``shift_id``, ``shift_title`` (what people call the work, else its leading skill),
        ``skill``, ``shift_place`` and ``time`` (days and hours on the wall clock) as pages tell them,
        ``pay_total`` in the morning's currency and ``points`` to 1/100, ``minutes`` of the way in whole
        minutes, none where no way is known, and ``kept``; in order of the worker's row: arrival, then id.
        ``assignment.placements`` has what is not rounded.

    Raises
    ------
    InvalidInputError
        The names are those of another morning.

    Examples
    --------
    >>> import gigmatch as gm
    >>> assignment = gm.match(gm.samples.jingshi(workers=50))
    >>> frame = gm.assignment_frame(assignment)
    >>> frame.column_names[:6]
    ['worker_id', 'shift_id', 'shift_title', 'skill', 'shift_place', 'time']
    >>> gm.assignment_frame(assignment, lang="zh").column_names[:6]
    ['零工编号', '班次编号', '工作名称', '工种', '地点', '时间']
    >>> frame.num_rows == assignment.summary.placements
    True
    """
    return to_kind(_placements(assignment, names_from, _spoken(lang)), kind)


def assignment_frames(
    assignment: Any,
    kind: FrameKind = "pyarrow",
    *,
    names_from: Morning | Columns | None = None,
    lang: str = "en",
) -> dict[str, Any]:
    """Return every table of an answer as a frame, by name; see ``Assignment.to_frames``."""
    tables = _tables(assignment, names_from, _spoken(lang))
    return {name: to_kind(table, kind) for name, table in tables.items()}


def assignment_to_files(
    assignment: Any,
    folder: str | Path,
    kind: FileKind = "csv",
    left_out: Sequence[LeftOut] = (),
    *,
    names_from: Morning | Columns | None = None,
    lang: str = "en",
) -> None:
    """Write an answer as files, one a table, and the assignment with its proof beside them.

    ``placements`` as from `assignment_frame`; ``unplaced`` and ``open_shifts`` with the fact about each;
    ``warnings`` with the placements that break a rule that only warns; ``left_out`` with the rows of the
    input that are not in it; ``assignment.json`` for ``Assignment.load`` and whoever checks it.

    Parameters
    ----------
    assignment : Assignment
        From ``match`` or ``Assignment.load``.
    folder : str or Path
        Made if it is not there; files of the same names are written anew. For a workbook its own name, which
        ends in ``.xlsx``; the assignment is written beside it as ``.json``.
    kind : {"csv", "parquet", "xlsx"}
        CSV is written as `write_csv` does.
    left_out : sequence of LeftOut
        ``reading.left_out`` of what the answer was made from.
    names_from : Morning or Columns, optional
        As for `assignment_frame`: names and contacts in ``placements``; never in ``assignment.json``.
    lang : str
        As for `assignment_frame`, in every table; files are called the same in every language, and
        ``assignment.json`` is the same.

    Raises
    ------
    InvalidInputError
        Another kind of file.
    UnsupportedError
        The extra ``tables`` is not installed.

    Examples
    --------
    >>> import gigmatch as gm
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> assignment = gm.match(gm.samples.jingshi(workers=50))
    >>> with TemporaryDirectory() as folder:
    ...     gm.assignment_to_files(assignment, folder)
    ...     print(*sorted(path.name for path in Path(folder).iterdir()))
    assignment.json left_out.csv open_shifts.csv placements.csv unplaced.csv warnings.csv
    """
    need("pyarrow")
    if kind not in get_args(FileKind):
        raise InvalidInputError(
            "unknown_option", name="kind", names=", ".join(get_args(FileKind)), value=kind
        )
    lang = _spoken(lang)
    tables = _tables(assignment, names_from, lang) | {"left_out": _left_out(left_out, lang)}
    if kind == "xlsx":
        need("openpyxl")
        from gigmatch.tables.workbooks import write_workbook

        write_workbook(tables, Path(folder))
        assignment.save(Path(folder).with_suffix(".json"))
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write_table(table, Path(folder, f"{name}.{kind}"))
    assignment.save(Path(folder, "assignment.json"))


def chance_frame(chances: Iterable[Any], kind: FrameKind, lang: str) -> Any:
    """Return the chances of a fair lottery as a frame; see ``FairLottery.to_frame``."""
    rows = [
        (each.worker_id, float(each.chance), each.people, each.seats, Told.named("chances", each.fact))
        for each in chances
    ]
    return to_kind(_table("chances", rows, _spoken(lang)), kind)


def _spoken(lang: str) -> str:
    """The language that is told, of those that there is a catalogue of."""
    return known(lang) or "en"


def _tables(assignment: Any, names_from: Morning | Columns | None, lang: str) -> dict[str, Any]:
    """Every table of an answer."""
    broken = [
        (called("rules.{}.name", w.rule, lang), w.text(lang), *pair)
        for w in assignment.warnings
        for pair in w.pairs
    ]
    rows = {"unplaced": assignment.unplaced, "open_shifts": assignment.open_shifts}
    stated = {
        name: [(*row[:-1], Told.named("answers", row.fact)) for row in each] for name, each in rows.items()
    }
    tables = {name: _table(name, each, lang) for name, each in (stated | {"warnings": broken}).items()}
    return {"placements": _placements(assignment, names_from, lang), **tables}


def _left_out(left_out: Sequence[LeftOut], lang: str) -> Any:
    """Rows of the input that are not in it; tables by the names that their files have in the language."""
    names = CHINESE_TABLES if lang == "zh" else {}
    return _table("left_out", [row._replace(table=names.get(row.table, row.table)) for row in left_out], lang)


def _placements(assignment: Any, names_from: Morning | Columns | None, lang: str) -> Any:
    """Every placement with what people are told of its shift, and with names where these are asked for."""
    is_untold = assignment.solved is None and names_from is None
    told = {} if is_untold else assignment.placed_shifts(morning=names_from, lang=lang)
    labels = Labels() if names_from is None else labels_of(names_from)
    at = zip(assignment.placed_worker.tolist(), assignment.placed_shift.tolist(), strict=True)
    rows = [
        (
            placed.worker_id,
            labels.worker_name[worker],
            labels.worker_contact[worker],
            placed.shift_id,
            *told.get(placed.shift_id, _UNTOLD),
            labels.shift_address[shift],
            round(placed.pay_total, 2),
            round(placed.minutes) if isfinite(placed.minutes) else None,
            placed.points,
            placed.kept,
        )
        for placed, (worker, shift) in zip(assignment.placements, at, strict=True)
    ]
    table = _table("placements", rows, lang)
    return (
        table
        if names_from is not None
        else table.drop_columns([_header(name, lang) for name in _IF_ASKED_FOR])
    )


def _table(name: str, rows: Iterable[tuple[Any, ...]], lang: str) -> Any:
    """Rows as an Arrow table in a language, in their order."""
    pa, columns = need("pyarrow"), _COLUMNS[name]
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = [
        pa.array(_told(each, _type(kind, lang), lang), getattr(pa, _type(kind, lang))())
        for each, kind in zip(values, columns.values(), strict=True)
    ]
    return pa.table(arrays, names=[_header(column, lang) for column in columns])


def _type(kind: str, lang: str) -> str:
    """Whether something is so is a word in other languages than that of programs."""
    return "string" if kind == "bool_" and lang != "en" else kind


def _told(values: Sequence[Any], kind: str, lang: str) -> Sequence[Any]:
    """The values of a column in a language; figures are the same in every one."""
    if kind != "string":
        return values
    return [value if type(value) is str else _as_text(value, lang) for value in values]


def _as_text(value: Any, lang: str) -> Any:
    if isinstance(value, bool):
        return text("answers.yes" if value else "answers.no", lang)
    return tell(value, lang)


def _header(column: str, lang: str) -> str:
    """What a column is called: as in code in English, as in files of mornings in Chinese."""
    in_schema = CHINESE.get(_AS_IN_SCHEMA.get(column, column)) if lang == "zh" else None
    return in_schema or called("answers.{}", column, lang)
