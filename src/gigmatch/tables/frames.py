"""Frames of any kind as Arrow tables, and back: the one place that knows narwhals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from importlib import import_module
from numbers import Integral
from typing import Any, Literal, NoReturn, get_args
from uuid import UUID

from gigmatch.errors import InvalidInputError, UnsupportedError
from gigmatch.i18n import Told
from gigmatch.i18n.foreign import said_by
from gigmatch.model.clock import clock_text
from gigmatch.tables.schema import schema

__all__ = ["NO_TEXT", "FrameKind", "arrow_table", "need", "to_kind"]

FrameKind = Literal["pandas", "polars", "pyarrow"]

Writer = Callable[[Any], str]
"""Writes a value as text."""

NO_TEXT = "\x1a"
"""Stands before what Python shows of a value that no text can stand for: ASCII's sign for a substitute."""

_EXACT = 2**53  # from here on a float may stand for its neighbour: another's id


def need(name: str) -> Any:
    """A module of the extra, or an error that says how to install it."""
    try:
        return import_module(name)
    except ImportError:
        raise UnsupportedError.without("tables", name, "tables") from None


def arrow_table(name: str, frame: Any) -> Any:
    """A frame as a ``pyarrow.Table``: from pandas, polars, pyarrow, whatever narwhals reads, or a mapping.

    A mapping has a list, an array or one scalar per column.
    """
    pa = need("pyarrow")
    if isinstance(frame, pa.Table):
        if len(set(frame.column_names)) < frame.num_columns:
            _refuse(name, frame, Told.of("errors.frame_column_twice"))
        return frame
    if isinstance(frame, Mapping):
        columns = {str(key): _listed(value) for key, value in frame.items()}
        if len({len(values) for values in columns.values()}) > 1:
            _refuse(name, frame, Told.of("errors.frame_ragged"))
        try:
            arrays = {key: _array(values, _writer(name, key)) for key, values in columns.items()}
        except UnicodeEncodeError:
            _refuse(name, frame, Told.of("errors.half_a_character"))
        return _table(name, frame, arrays)
    nw = need("narwhals.stable.v1")
    try:
        known = nw.from_native(frame)
        known = known.collect() if isinstance(known, nw.LazyFrame) else known
        columns = {str(key): _series(known[key], _writer(name, str(key))) for key in known.columns}
    except (TypeError, ValueError) as error:  # narwhals: no frame; column names given twice
        _refuse(name, frame, Told.of("errors.frame_unreadable", error=said_by(error)))
    return _table(name, frame, columns)


def _table(name: str, frame: Any, columns: Mapping[str, Any]) -> Any:
    try:
        return need("pyarrow").table(columns)
    except UnicodeEncodeError as error:  # in the name of a column
        _refuse(name, frame, Told.of("errors.frame_unreadable", error=said_by(error)))


def _writer(table: str, column: str) -> Writer:
    """How values of several kinds in a column become texts, in a table of the schema or in an answer."""
    if table not in schema():
        return _id if column.endswith("_id") else _text
    kinds = (each.kind for each in schema()[table].columns if each.name == column)
    return {"id": _id, "minute": _minute}.get(next(kinds, ""), _text)


def _refuse(name: str, frame: Any, why: Told) -> NoReturn:
    raise InvalidInputError("not_a_frame", name=name, kind=type(frame).__name__, why=why) from None


def _listed(values: Any) -> Any:
    return [values] if isinstance(values, str | bytes) or not hasattr(values, "__len__") else values


def _series(column: Any, text: Writer) -> Any:
    """A column as Arrow; what Arrow has no type for, such as a mix of numbers and text, as text."""
    nw = need("narwhals.stable.v1")
    if column.dtype == nw.Object and type(column.to_native()).__module__.startswith("polars"):  # as addresses
        return _array(column.to_list(), text)
    try:
        array = column.to_arrow()
    except _unfit():
        array = None
    if array is None or _has_text_as_bytes(array, column):
        return _as_text(column.to_list(), column.is_null().to_list(), text)
    return array


def _unfit() -> tuple[type[Exception], ...]:
    """What Arrow raises of values that do not go into one column."""
    return need("pyarrow").ArrowException, UnicodeEncodeError, OverflowError


def _array(values: Any, text: Writer) -> Any:
    try:
        array = need("pyarrow").array(values, from_pandas=True)
    except _unfit():
        array = None
    if array is None or _has_text_as_bytes(array, values):
        values = list(values)
        return _as_text(values, [value is None for value in values], text)
    return array


def _has_text_as_bytes(array: Any, values: Any) -> bool:
    """Whether Arrow has made bytes of texts, for the sake of others that are bytes."""
    return need("pyarrow").types.is_binary(array.type) and any(isinstance(value, str) for value in values)


def _as_text(values: list[Any], unknown: list[bool], text: Writer) -> Any:
    """Values of several kinds as text; those that no text stands for marked as such."""
    texts = [
        None if gone or value != value else text(value) for value, gone in zip(values, unknown, strict=True)
    ]
    return need("pyarrow").array(texts, type=need("pyarrow").large_string())


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    return text if _can_be_written(text) else NO_TEXT + ascii(text)


def _can_be_written(text: str) -> bool:
    """Whether a text has no half of a character, which none can be written with."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def _is_exact(number: float) -> bool:
    return abs(number) < _EXACT and number == int(number)


def _id(value: Any) -> str:
    """An id as text: text, UUIDs and whole numbers are; a truth, a list or half a character is not."""
    if isinstance(value, str | UUID):
        return _text(value)
    if isinstance(value, Integral) and not isinstance(value, bool) and -(2**63) <= int(value) < 2**64:
        return str(int(value))
    if isinstance(value, float | Decimal) and _is_exact(float(value)):
        return str(int(value))
    return NO_TEXT + _text(value).removeprefix(NO_TEXT)


def _minute(value: Any) -> str:
    """Whole numbers as the minutes that they are in any frame; other times as clocks show them."""
    if isinstance(value, float) and _is_exact(value):
        value = int(value)
    if isinstance(value, Integral) and not isinstance(value, bool):
        return clock_text(int(value))
    return _text(value)


def to_kind(table: Any, kind: FrameKind) -> Any:
    """An Arrow table as a frame of the kind asked for."""
    if kind == "pyarrow":
        return table
    if kind == "pandas":
        need("pandas")
        return table.to_pandas(types_mapper=_nullable)
    if kind == "polars":
        return need("polars").from_arrow(table)
    raise InvalidInputError("unknown_option", name="kind", names=", ".join(get_args(FrameKind)), value=kind)


def _nullable(kind: Any) -> Any:
    """The type of pandas that has a place for unknown values and keeps whole numbers whole."""
    pa, pd = need("pyarrow"), need("pandas")
    types = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype(), pa.float64(): pd.Float64Dtype()}
    return types.get(kind)
