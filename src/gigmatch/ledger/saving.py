"""A ledger as plain data and as Arrow tables, and back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from gigmatch.core.arrays import Int64Array
from gigmatch.core.saved import FileFormat
from gigmatch.errors import InvalidFileError
from gigmatch.ledger.rows import KINDS, OUTCOMES, Held, LedgerDay, Tables, of_columns, together
from gigmatch.ledger.turns import Turns

__all__ = ["KEYS", "arrow_tables", "fields_of", "plain_data", "read_folder", "write_folder"]

KEYS: Final = frozenset({"turns", "currency", "days", "worker_ids", "employer_ids", *KINDS})
_HEAD: Final = b"gigmatch"
_OF_IDS: Final = ("worker", "employer")
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, IndexError)


def plain_data(turns: Turns, currency: str, held: Held) -> dict[str, Any]:
    """Turn a ledger into what is saved as JSON."""
    return {
        "turns": turns.model_dump(),
        "currency": currency,
        "days": [[day.date.isoformat(), day.market] for day in held.day],
        "worker_ids": list(held.worker),
        "employer_ids": list(held.employer),
        **{
            name: {column: _listed(values) for column, values in table._asdict().items()}
            for name, table in held.tables._asdict().items()
        },
    }


def fields_of(data: Mapping[str, Any]) -> tuple[Turns, str, Held]:
    """Read what `plain_data` made; raises InvalidFileError for anything else."""
    try:
        if missing := KEYS - data.keys():
            raise _spoilt(min(missing))
        tables = Tables(*(_table(kind, data[name]) for name, kind in KINDS.items()))
        held = Held(
            tuple(LedgerDay(dt.date.fromisoformat(date), str(market)) for date, market in data["days"]),
            tuple(map(str, data["worker_ids"])),
            tuple(map(str, data["employer_ids"])),
            tables,
        )
        return Turns(**data["turns"]), str(data["currency"]), _sound(held)
    except InvalidFileError:
        raise
    except _UNREADABLE as error:
        raise InvalidFileError("not_a_saved_ledger", kind=type(error).__name__, error=error) from None


def arrow_tables(held: Held) -> dict[str, Any]:
    """Every table as an Arrow table, with ids, dates and markets in the place of positions."""
    from gigmatch.tables.frames import need

    pa = need("pyarrow")
    found = {"days": pa.table(dict(zip(("date", "market"), _days(pa, held), strict=True)))}
    for name, table in held.tables._asdict().items():
        columns: dict[str, Any] = {}
        for column, values in table._asdict().items():
            columns |= _arrow_columns(pa, held, column, values)
        found[name] = pa.table(columns)
    return found


def write_folder(folder: Path, head: Mapping[str, Any], held: Held) -> None:
    """Write every table as a Parquet file, each with a head that says what it is of."""
    from gigmatch.tables.frames import need

    parquet = need("pyarrow.parquet")
    folder.mkdir(parents=True, exist_ok=True)
    metadata = {_HEAD: json.dumps(head, ensure_ascii=False, sort_keys=True).encode()}
    for name, table in arrow_tables(held).items():
        parquet.write_table(table.replace_schema_metadata(metadata), folder / f"{name}.parquet")


def read_folder(folder: Path, saved_as: FileFormat) -> tuple[Turns, str, Held]:
    """Read what `write_folder` wrote.

    Raises
    ------
    InvalidFileError
        A file is missing or cannot be read, or is of something else.
    """
    from gigmatch.tables.frames import need

    pa, parquet = need("pyarrow"), need("pyarrow.parquet")
    tables, heads = {}, set()
    for name in ("days", *KINDS):
        path = folder / f"{name}.parquet"
        try:
            tables[name] = parquet.read_table(path)
        except (OSError, pa.ArrowException) as error:
            raise InvalidFileError("cannot_read", path=path, error=error) from None
        heads.add((tables[name].schema.metadata or {}).get(_HEAD, b"{}"))
    if len(heads) > 1:
        raise InvalidFileError("ledger_folder_mixed", folder=folder)
    try:
        fields = saved_as.opened(json.loads(heads.pop()), folder, ("turns", "currency"))
        held = _held(tables)
        return Turns(**fields["turns"]), str(fields["currency"]), _sound(held)
    except InvalidFileError:
        raise
    except (*_UNREADABLE, pa.ArrowException) as error:
        raise InvalidFileError("not_a_saved_ledger", kind=type(error).__name__, error=error) from None


def _spoilt(name: str) -> InvalidFileError:
    """What is raised for a table or column that holds what it cannot."""
    return InvalidFileError("ledger_spoilt", name=name)


def _listed(values: Any) -> list[Any]:
    """The values of a column for JSON, which has no NaN."""
    return [None if value != value else value for value in values.tolist()]


def _table(kind: Any, columns: Mapping[str, list[Any]]) -> Any:
    """A table of lists, as `_listed` made them."""
    if columns.keys() != set(kind._fields) or len({len(values) for values in columns.values()}) != 1:
        raise _spoilt("columns")
    known = {name: [np.nan if each is None else each for each in values] for name, values in columns.items()}
    table = of_columns(kind, known)
    for name, column in table._asdict().items():
        if not _are_same(known[name], column):
            raise _spoilt(name)
    return table


def _are_same(given: list[Any], column: Any) -> bool:
    """Whether nothing was rounded, and nothing read from text."""
    is_truth = column.dtype == np.bool_
    if any((type(each) is bool) != is_truth or not isinstance(each, int | float) for each in given):
        return False
    return np.array_equal(np.array(given, np.float64), column.astype(np.float64), equal_nan=True)


def _sound(held: Held) -> Held:
    """The same in order, if every position is there and nothing is there twice."""
    sizes = {"day": len(held.day), "worker": len(held.worker), "employer": len(held.employer)}
    for table in held.tables:
        for name, size in sizes.items():
            rows = getattr(table, name, np.zeros(0))
            if len(rows) and not 0 <= rows.min() <= rows.max() < size:
                raise _spoilt(name)
    rows, closings = held.tables.presence, held.tables.closings
    if len(np.unique(rows.day.astype(np.int64) << 32 | rows.worker)) < len(rows.day):
        raise _spoilt("presence")
    if (rows.outcome < 0).any() or (rows.outcome >= len(OUTCOMES)).any():
        raise _spoilt("outcome")
    for name in ("hours", "wages"):
        if not np.isfinite(getattr(rows, name)).all():
            raise _spoilt(name)
    if not np.array_equal(np.sort(closings.worker), np.unique(rows.worker)):
        raise _spoilt("closings")
    for name, names in zip(Held._fields[:3], held[:3], strict=True):
        if [*names] != sorted({*names}):  # type: ignore[type-var]
            raise _spoilt(name)
    return together([held])


def _days(pa: Any, held: Held) -> tuple[Any, Any]:
    """Dates and markets of the days."""
    dates, markets = ([day[nth] for day in held.day] for nth in range(2))
    return pa.array(dates, pa.date32()), pa.array(markets, pa.string())


def _arrow_columns(pa: Any, held: Held, name: str, values: Any) -> dict[str, Any]:
    """A column with what its positions stand for."""
    if name == "day":
        dates, markets = _days(pa, held)
        return {"date": dates.take(pa.array(values)), "market": markets.take(pa.array(values))}
    if name in _OF_IDS:
        return {f"{name}_id": pa.array(getattr(held, name), pa.string()).take(pa.array(values))}
    if name == "outcome":
        return {name: pa.array(OUTCOMES).take(pa.array(values))}
    return {name: pa.array(values, from_pandas=True)}


def _held(found: Mapping[str, Any]) -> Held:
    """What `arrow_tables` made, with positions again."""
    days = found["days"].to_pydict()
    names: dict[str, Sequence[Any]] = {name: _names(f"{name}_id", found) for name in _OF_IDS}
    names |= {"market": sorted({*days["market"]}), "outcome": OUTCOMES}
    tables: Any = (_read_table(kind, found[name], found["days"], names) for name, kind in KINDS.items())
    day = tuple(LedgerDay(*row) for row in zip(days["date"], days["market"], strict=True))
    return Held(day, tuple(names["worker"]), tuple(names["employer"]), Tables(*tables))


def _names(column: str, found: Mapping[str, Any]) -> list[str]:
    """Every id in a column of whichever table, once, in order."""
    return sorted(
        {
            name
            for table in found.values()
            if column in table.column_names
            for name in table[column].unique().to_pylist()
        }
    )


def _read_table(kind: Any, table: Any, days: Any, names: Mapping[str, Sequence[Any]]) -> Any:
    columns = {}
    for name in kind._fields:
        if name == "day":
            columns[name] = np.searchsorted(_day_keys(days, names), _day_keys(table, names))
        elif name in names:
            columns[name] = _positions(table, f"{name}_id" if name in _OF_IDS else name, names[name])
        else:
            columns[name] = table[name].to_numpy()
    return of_columns(kind, columns)


def _day_keys(table: Any, names: Mapping[str, Sequence[Any]]) -> Int64Array:
    """Dates with markets as numbers, in their order."""
    dates = table["date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    keys: Int64Array = dates * len(names["market"]) + _positions(table, "market", names["market"])
    return keys


def _positions(table: Any, name: str, names: Sequence[Any]) -> Int64Array:
    """Where each text of a column stands among some names."""
    from gigmatch.tables.frames import need

    column = table[name]
    found = need("pyarrow.compute").index_in(column, value_set=need("pyarrow").array(names, column.type))
    if found.null_count:
        raise _spoilt(name)
    at: Int64Array = found.to_numpy().astype(np.int64)
    return at
