"""Cells of a column, read by what the schema says the column holds, all at once.

Databases, frames and spreadsheets write the same value in many ways: an id as text, UUID or integer, money as
a decimal, a truth as 0 or 1, a time as minutes, clock or timestamp. Every one of them is read here as what it
says, exactly or not at all. By hand, with Arrow's functions: its casts fail as a whole at the first bad cell.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from gigmatch.core.arrays import BoolArray, Float64Array, Int64Array
from gigmatch.i18n import Told
from gigmatch.model import MINUTES_PER_DAY
from gigmatch.model.aliases import listed_choices
from gigmatch.model.clock import WallClock
from gigmatch.tables.frames import NO_TEXT
from gigmatch.tables.schema import Column
from gigmatch.tables.texts import UnreadableError, choice, clock_minutes, day, number, truth

__all__ = ["NO_CLOCK", "Cells", "bytes_of", "codes_of", "mask_of", "read_cells", "unread", "whole"]

_NUMBER = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$"
_CLOCK = r"^(?P<hours>[0-9]{1,6}):(?P<minutes>[0-5][0-9])(?P<again>B?)$"
_ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_CONTROL = r"[\x00-\x1f\x7f-\x{9f}]"
_LONGEST_ID = 200
# What a spreadsheet shows instead of an id: many digits that it took for a number, or that it found nothing.
SPOILT = r"\d+([.,]\d+)?[eE]\+\d+|#(N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|#+)"

NO_CLOCK = WallClock(dt.date(2000, 1, 1), "UTC")
"""For a morning without a date or a zone, which is reported as such."""


class Cells(NamedTuple):
    """What a column holds."""

    values: Any
    """Text as an Arrow array, or as codes of one; choices and booleans int8, -1 unknown; dates; all else
    float64, NaN unknown. Not to be written to: they may be the memory of whoever gave them."""
    known: BoolArray
    """Whether there is a value at all."""
    bad: BoolArray
    """Whether there is one that cannot be read; then nothing is known either."""


def unread(column: Column, value: Any) -> Told:
    """Return what is said of a value that cannot be read."""
    if column.kind == "choice":
        return Told.of("errors.no_choice", choices=listed_choices(column.choices))
    if column.kind == "id" and re.fullmatch(SPOILT, str(value)):
        return Told.of("errors.cell_id_spoilt")
    if isinstance(value, str) and (reader := _reader_of_texts(column, None, "")):
        try:
            reader(value)
        except UnreadableError as error:
            return error.told
    return {
        "id": partial(Told.of, "errors.cell_no_id"),
        "text": partial(Told.of, "errors.cell_no_text"),
        "integer": partial(Told.of, "errors.cell_no_integer"),
        "minute": partial(Told.of, "errors.cell_no_time"),
        "number": partial(Told.of, "errors.cell_no_number"),
        "money": partial(Told.of, "errors.cell_no_number"),
        "boolean": partial(Told.of, "errors.cell_no_boolean"),
        "date": partial(Told.of, "errors.no_day_of_calendar"),
    }[column.kind]()


def _reader_of_texts(column: Column, clock: WallClock | None, currency: str) -> Callable[[str], Any] | None:
    """What reads one text of a column; None where texts are taken as they are."""
    if column.kind in ("integer", "number", "money"):
        return partial(number, name=column.name, most=column.most, currency=currency)
    readers: dict[str, Callable[[str], Any]] = {
        "minute": partial(clock_minutes, clock=clock),
        "boolean": truth,
        "date": day,
        "choice": lambda text: column.choices.index(choice(text, column.choices)),
    }
    return readers.get(column.kind)


def read_cells(column: Column, raw: Any, clock: WallClock | None, currency: str = "") -> Cells:
    """Read a column of Arrow; without a clock, timestamps cannot be read as minutes.

    ``currency`` is that of the morning, which sums of money may be written with.
    """
    if pa.types.is_null(raw.type):
        return _unknown(column, len(raw))
    array = _plain(raw)
    if pa.types.is_dictionary(array.type):
        return _coded(column, array, clock, currency)
    known = _known(array)
    readers: dict[str, Callable[[Any], tuple[Any, BoolArray]]] = {
        "id": _ids,
        "text": _any_texts,
        "choice": lambda x: _choices(x, column.choices),
        "integer": _integers,
        "minute": lambda x: _minutes(x, clock),
        "number": _numbers,
        "money": _numbers,
        "boolean": _booleans,
        "date": lambda x: _dates(x, clock),
    }
    reader = _reader_of_texts(column, clock, currency)
    if reader and pa.types.is_large_string(array.type):
        readers[column.kind] = lambda x: _from_texts(x, column, reader, clock)
    values, bad = readers[column.kind](array)
    if not isinstance(values, np.ndarray):
        known &= _known(values) | bad
    elif values.dtype == np.int8:
        known &= (values >= 0) | bad
    elif not pa.types.is_integer(array.type):
        known &= ~np.isnan(values) | bad  # NaN and NaT alike
    if bad.any():
        bad &= known
        known &= ~bad
    return Cells(values, known, bad)


def _coded(column: Column, array: Any, clock: WallClock | None, currency: str) -> Cells:
    """A column written as codes: each distinct value is read once."""
    distinct, nothing = read_cells(column, array.dictionary, clock, currency), _unknown(column, 1)
    codes = codes_of(array)

    # What is unknown has code -1, which numpy takes for the last entry: hence one more than is distinct.
    def spread(each: Any, none: Any) -> Any:
        if (each == none).all():
            return np.full(len(codes), none[0])
        return np.concatenate([each, none])[codes]

    if isinstance(distinct.values, np.ndarray):
        values = spread(distinct.values, nothing.values)
    else:
        values = pa.DictionaryArray.from_arrays(array.indices, distinct.values)
    known = _known(array) if distinct.known.all() else spread(distinct.known, nothing.known)
    return Cells(values, known, spread(distinct.bad, nothing.bad))


def _unknown(column: Column, n: int) -> Cells:
    """A column in which nothing is known; it takes no memory."""
    nothing = np.broadcast_to(np.False_, (n,))
    if column.kind in ("id", "text"):
        texts = pa.DictionaryArray.from_arrays(pa.nulls(n, pa.int8()), pa.array([], type=pa.large_string()))
        return Cells(texts, nothing, nothing)
    values: Any = np.float64(np.nan)
    if column.kind in ("choice", "boolean"):
        values = np.int8(-1)
    elif column.kind == "date":
        values = np.datetime64("NaT", "D")
    return Cells(np.broadcast_to(values, (n,)), nothing, nothing)


def _plain(raw: Any) -> Any:
    """One array of one of few types: text is large_string, floats are float64, or codes of such."""
    if pa.types.is_dictionary(raw.type):
        raw = raw.unify_dictionaries() if isinstance(raw, pa.ChunkedArray) else raw
    if pa.types.is_string(raw.type) or str(raw.type) == "string_view":
        raw = raw.cast(pa.large_string())
    if pa.types.is_floating(raw.type) and raw.type != pa.float64():
        raw = raw.cast(pa.float64())
    array = raw.combine_chunks() if isinstance(raw, pa.ChunkedArray) else raw
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    return _uuids(array) if array.type == pa.binary(16) else array


def _uuids(array: Any) -> Any:
    """Sixteen bytes each, as UUIDs are written."""
    known = array.is_valid()
    raw = b"".join(array.drop_null().to_pylist())
    digits = np.frombuffer(raw.hex().encode(), dtype=np.uint8).reshape(-1, 32)
    dash = np.full((len(digits), 1), ord("-"), dtype=np.uint8)
    parts = [digits[:, a:b] for a, b in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32))]
    text = np.hstack([parts[0], *(x for part in parts[1:] for x in (dash, part))])
    texts = pa.array(text.tobytes()[at : at + 36].decode() for at in range(0, text.size, 36))
    found = pa.nulls(len(array), pa.string())
    return pc.replace_with_mask(found, known, texts.cast(pa.string())).cast(pa.large_string())


def _known(array: Any) -> BoolArray:
    if not array.null_count:
        return np.ones(len(array), dtype=bool)
    bits = np.frombuffer(array.buffers()[0], dtype=np.uint8)
    known = np.unpackbits(bits, count=array.offset + len(array), bitorder="little")
    return known[array.offset :].view(bool)


def codes_of(array: Any) -> Int64Array:
    """Codes of a column written as such, -1 where nothing is known."""
    signed = array.indices.cast(pa.int64())  # polars counts without a sign
    codes: Int64Array = pc.fill_null(signed, -1).to_numpy(zero_copy_only=False)
    return codes


def whole(numbers: Float64Array, unknown: int = 0) -> Int64Array:
    """Whole numbers, another one where nothing is known."""
    missing = np.isnan(numbers)
    known: Float64Array = np.where(missing, unknown, numbers) if missing.any() else numbers
    return known.astype(np.int64)


def mask_of(condition: Any) -> BoolArray:
    """A condition of Arrow's; false where nothing is known."""
    mask: BoolArray = pc.fill_null(condition, False).to_numpy(zero_copy_only=False)
    return mask


def _all(array: Any) -> BoolArray:
    return np.ones(len(array), dtype=bool)


def _none(array: Any) -> BoolArray:
    return np.zeros(len(array), dtype=bool)


def _texts(array: Any) -> tuple[Any, BoolArray]:
    """Text, and what is written as such: UUIDs and whole numbers."""
    if pa.types.is_large_string(array.type):
        return array, _none(array)
    if pa.types.is_integer(array.type):
        return array.cast(pa.large_string()), _none(array)
    if pa.types.is_floating(array.type) or pa.types.is_decimal(array.type):
        values, bad = _integers(array)
        bad |= np.abs(values) >= 2**53  # from here on a float may stand for its neighbour: another's id
        whole = pa.array(np.where(bad, np.nan, values), from_pandas=True).cast(pa.int64())
        return whole.cast(pa.large_string()), bad
    return pa.nulls(len(array), pa.large_string()), _all(array)


def _any_texts(array: Any) -> tuple[Any, BoolArray]:
    """Text of any length, but for what stands for values that are none."""
    texts, bad = _texts(array)
    if (bytes_of(texts) == ord(NO_TEXT)).any():
        bad = bad | mask_of(pc.starts_with(texts, NO_TEXT))
    return texts, bad


def _ids(array: Any) -> tuple[Any, BoolArray]:
    texts, bad = _texts(array)
    size = pc.binary_length(texts)  # no less than the characters
    bounds = pc.min_max(size).as_py()
    if bounds["min"] == 0 or (bounds["max"] or 0) > _LONGEST_ID:
        length = pc.utf8_length(texts)
        bad = bad | mask_of(pc.or_(pc.less(length, 1), pc.greater(length, _LONGEST_ID)))
    raw = bytes_of(texts)
    if len(raw) and (raw.min() < 0x20 or (raw == 0x7F).any() or (raw == 0xC2).any()):
        bad |= mask_of(pc.match_substring_regex(texts, _CONTROL))
    if (raw == ord("+")).any() or (raw == ord("#")).any():
        bad |= mask_of(pc.match_substring_regex(texts, f"^({SPOILT})$"))
    return texts, bad


def bytes_of(texts: Any) -> NDArray[np.uint8]:
    """The bytes of texts, and of others that share their memory: for a glance at what is there."""
    buffer = texts.buffers()[2]
    return np.frombuffer(b"" if buffer is None else buffer, dtype=np.uint8)


def _choices(array: Any, names: tuple[str, ...]) -> tuple[NDArray[np.int8], BoolArray]:
    if not pa.types.is_large_string(array.type):
        return np.full(len(array), -1, dtype=np.int8), _all(array)
    found = pc.index_in(array, value_set=pa.array(names, type=pa.large_string()), skip_nulls=True)
    codes: NDArray[np.int8] = pc.fill_null(found, -1).to_numpy(zero_copy_only=False).astype(np.int8)
    return codes, codes < 0


def _from_texts(
    array: Any, column: Column, read: Callable[[str], Any], clock: WallClock | None
) -> tuple[Any, BoolArray]:
    """Texts read: those as programs write them all at once, each of the others by itself, once."""
    at_once: dict[str, Callable[[Any], tuple[Any, BoolArray]]] = {
        "minute": lambda x: _clocks(x, clock),
        "boolean": lambda x: _choices(x, ("false", "true")),
        "date": _iso_days,
        "choice": lambda x: _choices(x, column.choices),
    }
    values, bad = at_once[column.kind](array) if column.kind in at_once else _written(array)
    rows = np.flatnonzero(bad & _known(array))
    if len(rows):
        coded = array.take(pa.array(rows)).dictionary_encode()
        found = [_tried(read, text) for text in coded.dictionary.to_pylist()]
        codes = coded.indices.to_numpy(zero_copy_only=False)
        good = np.array([each is not None for each in found])[codes]
        plain = np.array([0 if each is None else each for each in found], values.dtype)
        values = values.copy()
        values[rows[good]] = plain[codes[good]]
        bad = np.zeros(len(array), dtype=bool)
        bad[rows[~good]] = True
    if column.kind == "integer":
        with np.errstate(invalid="ignore"):
            bad = bad | (~np.isnan(values) & (values != np.floor(values)))
    return values, bad


def _tried(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except UnreadableError:
        return None


def _numbers(array: Any) -> tuple[Float64Array, BoolArray]:
    """Finite numbers; decimals are read as they are written, rounded once."""
    if pa.types.is_decimal(array.type):
        array = array.cast(pa.large_string())
    if pa.types.is_large_string(array.type):
        return _written(array)
    if not (pa.types.is_integer(array.type) or pa.types.is_floating(array.type)):
        return np.full(len(array), np.nan), _all(array)
    values = pc.fill_null(array.cast(pa.float64(), safe=False), np.nan).to_numpy(zero_copy_only=False)
    return values, _none(array) if pa.types.is_integer(array.type) else np.isinf(values)


def _written(texts: Any) -> tuple[Float64Array, BoolArray]:
    bad = ~mask_of(pc.match_substring_regex(texts, _NUMBER))
    good = pc.if_else(pa.array(bad), pa.scalar(None, pa.large_string()), pc.utf8_trim_whitespace(texts))
    good = pc.replace_substring_regex(good, r"^\+", "")
    values: Float64Array = good.cast(pa.float64()).to_numpy(zero_copy_only=False).copy()
    values[bad] = np.nan
    return values, bad | np.isinf(values)


def _integers(array: Any) -> tuple[Float64Array, BoolArray]:
    values, bad = _numbers(array)
    if pa.types.is_integer(array.type):
        return values, bad
    with np.errstate(invalid="ignore"):
        return values, bad | (~np.isnan(values) & (values != np.floor(values)))


def _minutes(array: Any, clock: WallClock | None) -> tuple[Float64Array, BoolArray]:
    """Minutes that pass since the morning's midnight, up to times of the clock on its wall."""
    if pa.types.is_timestamp(array.type) and array.type.tz is not None:
        return _moments(array, clock)
    values, bad = _times(array, clock)
    return values if clock is None else clock.elapsed(values), bad


def _times(array: Any, clock: WallClock | None) -> tuple[Float64Array, BoolArray]:
    """Minutes of the clock on the wall."""
    if pa.types.is_time(array.type):
        return _floor_minutes(array.cast(pa.time64("us")).cast(pa.int64())), _none(array)
    if pa.types.is_duration(array.type):  # as databases write a time
        return _floor_minutes(array.cast(pa.duration("us"), safe=False).cast(pa.int64())), _none(array)
    if pa.types.is_timestamp(array.type):
        return _stamps(array, clock)
    return _integers(array)


def _clocks(array: Any, clock: WallClock | None) -> tuple[Float64Array, BoolArray]:
    """Minutes that pass up to texts as clocks show them; `SecondTime` has the second ones of their name."""
    clocks = pc.extract_regex(array, _CLOCK)
    hours, minutes = (pc.struct_field(clocks, part).cast(pa.float64()) for part in ("hours", "minutes"))
    told: Float64Array = pc.add(pc.multiply(hours, 60.0), minutes).to_numpy(zero_copy_only=False)
    again = mask_of(pc.equal(pc.struct_field(clocks, "again"), "B"))
    return told if clock is None else clock.elapsed(told, again), np.isnan(told)


def _floor_minutes(microseconds: Any) -> Float64Array:
    """Whole minutes; seconds are dropped."""
    minutes: Float64Array = np.floor(microseconds.to_numpy(zero_copy_only=False).astype(np.float64) / 60e6)
    return minutes


def _stamps(array: Any, clock: WallClock | None) -> tuple[Float64Array, BoolArray]:
    """A timestamp without a zone is read as one of the morning's."""
    if clock is None:
        return np.full(len(array), np.nan), _all(array)
    midnight = (clock.date - dt.date(1970, 1, 1)).days * MINUTES_PER_DAY
    return _floor_minutes(_microseconds(array)) - midnight, _none(array)


def _moments(array: Any, clock: WallClock | None) -> tuple[Float64Array, BoolArray]:
    """Timestamps with a zone are moments, the same in every other."""
    if clock is None:
        return np.full(len(array), np.nan), _all(array)
    at = pc.fill_null(_microseconds(array), 0).to_numpy(zero_copy_only=False)
    return np.where(_known(array), clock.since_midnight(at), np.nan), _none(array)


def _microseconds(array: Any) -> Any:
    """Microseconds since 1970, as the clock of the timestamps shows it or in UTC."""
    return array.cast(pa.timestamp("us", array.type.tz), safe=False).cast(pa.int64())


def _wall(array: Any, clock: WallClock | None) -> Any:
    """Timestamps as the clock on the wall shows them, in microseconds without a zone."""
    array = array.cast(pa.timestamp("us", array.type.tz), safe=False)
    if array.type.tz is None or clock is None:
        return array.cast(pa.timestamp("us"))
    offsets = _offsets(array, clock.zone)
    return pc.add(array.cast(pa.int64()), offsets).cast(pa.timestamp("us"))


def _offsets(array: Any, zone: str) -> Any:
    """Microseconds that the zone is ahead of UTC at each moment."""
    # Python is asked once a quarter of an hour, at whose ends clocks change: some hundred times for a city.
    quarter = 15 * 60 * 1_000_000
    at = array.cast(pa.int64()).to_numpy(zero_copy_only=False)
    at = np.where(np.isnan(at), 0, at).astype(np.int64) if at.dtype == np.float64 else at
    moments, where = np.unique(at // quarter, return_inverse=True)
    offsets = [_offset(int(moment) * quarter, zone) for moment in moments.tolist()]
    return pa.array(np.array(offsets, dtype=np.int64)[where])


def _offset(microseconds: int, zone: str) -> int:
    try:
        moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=microseconds)
        ahead = moment.astimezone(ZoneInfo(zone)).utcoffset()
    except (OverflowError, ValueError):  # a year that no calendar has; its minutes are out of range anyway
        return 0
    return round(ahead.total_seconds() * 1_000_000) if ahead else 0


def _booleans(array: Any) -> tuple[NDArray[np.int8], BoolArray]:
    if pa.types.is_boolean(array.type):
        values = pc.fill_null(array.cast(pa.int8()), -1).to_numpy(zero_copy_only=False)
        return values, _none(array)
    numbers, bad = _numbers(array)
    bad = bad | ~(np.isnan(numbers) | (numbers == 0) | (numbers == 1))
    return np.where(np.isnan(numbers) | bad, -1, numbers).astype(np.int8), bad


def _dates(array: Any, clock: WallClock | None) -> tuple[NDArray[np.datetime64], BoolArray]:
    if pa.types.is_date(array.type):
        return _in_calendar(array.cast(pa.date32()))
    if pa.types.is_timestamp(array.type):
        days = (
            _wall(array, clock).cast(pa.int64()).to_numpy(zero_copy_only=False).astype(np.float64) / 86_400e6
        )
        bad = ~np.isnan(days) & (days != np.floor(days))  # a moment of a day is no date
        whole = pa.array(np.where(bad, np.nan, days), from_pandas=True).cast(pa.int32())
        found, beyond = _in_calendar(whole.cast(pa.date32()))
        return found, bad | beyond
    return np.full(len(array), np.datetime64("NaT"), dtype="datetime64[D]"), _all(array)


def _iso_days(array: Any) -> tuple[NDArray[np.datetime64], BoolArray]:
    """Texts as ISO 8601 writes days; whatever is not one is left to be read by itself."""
    coded = array.dictionary_encode()
    days = [_iso_day(text) for text in coded.dictionary.to_pylist()]
    found = np.array([*days, None], dtype="datetime64[D]")[
        pc.fill_null(coded.indices, len(days)).to_numpy(zero_copy_only=False)
    ]
    return found, np.isnat(found)


def _iso_day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text and re.fullmatch(_ISO, text) else None
    except ValueError:
        return None


def _in_calendar(dates: Any) -> tuple[NDArray[np.datetime64], BoolArray]:
    """Days of the years 1 to 9999, which are all that a date can be."""
    found: NDArray[np.datetime64] = dates.to_numpy(zero_copy_only=False).astype("datetime64[D]")
    bad = ~np.isnat(found) & ((found < np.datetime64(dt.date.min)) | (found > np.datetime64(dt.date.max)))
    return np.where(bad, np.datetime64("NaT"), found), bad
