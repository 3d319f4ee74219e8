"""Frames of any kind as Arrow tables, and back: the one place that knows narwhals."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Literal, NoReturn, get_args

from gigmatch.errors import InvalidInputError, UnsupportedError
from gigmatch.i18n import Told
from gigmatch.i18n.foreign import said_by

__all__ = ["FrameKind", "arrow_table", "need", "to_kind"]

FrameKind = Literal["pandas", "polars", "pyarrow"]


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
        return pa.table({key: _array(values) for key, values in columns.items()})
    nw = need("narwhals.stable.v1")
    try:
        known = nw.from_native(frame)
        known = known.collect() if isinstance(known, nw.LazyFrame) else known
        return pa.table({str(name): _series(known[name]) for name in known.columns})
    except (TypeError, ValueError) as error:  # narwhals: no frame; column names given twice
        _refuse(name, frame, Told.of("errors.frame_unreadable", error=said_by(error)))


def _refuse(name: str, frame: Any, why: Told) -> NoReturn:
    raise InvalidInputError("not_a_frame", name=name, kind=type(frame).__name__, why=why) from None


def _listed(values: Any) -> Any:
    return [values] if isinstance(values, str | bytes) or not hasattr(values, "__len__") else values


def _series(column: Any) -> Any:
    """A column as Arrow; what Arrow has no type for, such as a mix of numbers and text, as text."""
    pa, nw = need("pyarrow"), need("narwhals.stable.v1")
    if column.dtype == nw.Object and type(column.to_native()).__module__.startswith("polars"):  # as addresses
        return _array(column.to_list())
    try:
        return column.to_arrow()
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, pa.ArrowKeyError):
        return _as_text(column.to_list(), column.is_null().to_list())


def _array(values: Any) -> Any:
    pa = need("pyarrow")
    try:
        return pa.array(values, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        values = list(values)
        return _as_text(values, [value is None for value in values])


def _as_text(values: list[Any], unknown: list[bool]) -> Any:
    pa = need("pyarrow")
    texts = [None if gone else _text(value) for value, gone in zip(values, unknown, strict=True)]
    return pa.array(texts, type=pa.large_string())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


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
