"""A part of a morning: some of its workers, with the shifts that they may reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns.columns import (
    Columns,
    LimitColumn,
    Relation,
    ShiftColumns,
    Spans,
    WorkerColumns,
    digest_of,
    frozen,
    leaves_in,
)
from gigmatch.core.arrays import BoolArray, IndexArray, Int64Array, consecutive, row_entries, row_pointers

__all__ = ["digest_of_parts", "of_workers", "with_names", "with_shifts"]

_AT_ONCE = 8
_WORKERS = "workers."


def with_shifts(columns: Columns, kept: BoolArray) -> Columns:
    """The same morning with some of its shifts alone, and everything else as it is.

    Parameters
    ----------
    columns : Columns
        A morning without labels.
    kept : bool[n_shifts]
        Which.

    Returns
    -------
    Columns
        Shifts in the same order; needs, employers and limits are still those of all shifts.
    """
    rows = np.flatnonzero(kept)
    shifts = _rows_of(columns.shifts, rows)
    numbers: dict[str, Any] = {
        name: np.unique(getattr(shifts, name), return_inverse=True)[1].astype(np.int32)
        for name in ("schedule", "requirement")  # numbered from 0 without a gap
    }
    limits = {kind: LimitColumn(limit.value[rows], limit.severity) for kind, limit in columns.limits.items()}
    return frozen(
        replace(
            columns,
            shift_ids=tuple(columns.shift_ids[row] for row in rows.tolist()),
            shifts=replace(shifts, **numbers),
            requested_shift=_others_kept(columns.requested_shift, kept),
            limits=limits,
        )
    )


def with_names(columns: Columns, groups: Sequence[str], attributes: Sequence[str]) -> Columns:
    """The same with groups and free attributes of workers that nobody in this part has.

    Parameters
    ----------
    columns : Columns
        Some workers of a morning.
    groups, attributes : sequence of str
        Those of the whole morning, sorted.
    """
    n, workers = columns.n_workers, columns.workers
    member = np.zeros((n, len(groups)), dtype=bool)
    for at, name in enumerate(groups):
        if name in columns.priority_groups:
            member[:, at] = workers.groups[:, columns.priority_groups.index(name)]
    nobody = np.full(n, None, dtype=object)
    has = {name: workers.attributes.get(name, nobody) for name in attributes}
    known = replace(columns, workers=replace(workers, groups=member, attributes=has))
    return frozen(replace(known, priority_groups=tuple(groups)))


def _rows_of(part: ShiftColumns, rows: IndexArray) -> ShiftColumns:
    return replace(part, **{field.name: _taken(getattr(part, field.name), rows) for field in fields(part)})


def _taken(value: Any, rows: IndexArray) -> Any:
    """Some rows of whatever columns of shifts hold."""
    if isinstance(value, Spans):
        at, count = row_entries(value.indptr, rows)
        return Spans(row_pointers(count), value.start[at], value.end[at])
    if isinstance(value, tuple):
        return tuple(_taken(each, rows) for each in value)
    if isinstance(value, Mapping):
        return {name: _taken(each, rows) for name, each in value.items()}
    return cast(NDArray[Any], value)[rows]


def _others_kept(relation: Relation, kept: BoolArray) -> Relation:
    """The pairs whose other is kept, with its new row."""
    worker, other = np.divmod(relation.key, max(relation.n_others, 1))
    some, n = kept[other], int(np.count_nonzero(kept))
    place = np.cumsum(kept) - 1
    return Relation(worker[some] * n + place[other[some]], relation.value[some], n)


def of_workers(columns: Columns, names: Sequence[str]) -> list[Any]:
    """What some columns say of the workers, by the names that `digest_of_parts` asks for."""
    return [
        getattr(columns.workers, name.removeprefix(_WORKERS))
        if name.startswith(_WORKERS)
        else getattr(columns, name)
        for name in names
    ]


def digest_of_parts(
    outline: Columns,
    groups: tuple[str, ...],
    workers: Sequence[Int64Array],
    shifts: Sequence[Int64Array],
    ask: Callable[[Sequence[str]], Sequence[Sequence[Any]]],
) -> str:
    """Digest of a plain morning that lies in parts: what `Columns.digest` gives for the whole.

    Columns come a few at a time, so that the whole is never in one place.

    Parameters
    ----------
    outline : Columns
        The whole without what is known of its workers.
    groups : tuple of str
        Priority groups of the whole.
    workers, shifts : sequence of int64 arrays
        Rows of each part's workers and shifts in the whole, ascending.
    ask : callable
        ``(names) -> [[value, ...], ...]``: of each part what `of_workers` gives.
    """
    names = [f"{_WORKERS}{each.name}" for each in fields(WorkerColumns)]
    names += [each.name for each in fields(Columns) if isinstance(getattr(outline, each.name), Relation)]
    named = iter(_merged(outline, names, workers, shifts, ask))

    def each() -> Iterator[tuple[str, Any]]:
        known = replace(outline, priority_groups=groups)
        for field in fields(Columns):
            value = getattr(known, field.name)
            if isinstance(value, WorkerColumns):
                for part in fields(WorkerColumns):
                    yield from leaves_in(f".workers.{part.name}", next(named))
            elif field.name not in ("labels", "notes"):
                value = next(named) if isinstance(value, Relation) else value
                yield from leaves_in(f".{field.name}", value)

    return digest_of(each(), of_plans=False)


def _merged(
    outline: Columns,
    names: Sequence[str],
    workers: Sequence[Int64Array],
    shifts: Sequence[Int64Array],
    ask: Callable[[Sequence[str]], Sequence[Sequence[Any]]],
) -> Iterator[Any]:
    """What is known of all workers, column after column in the order of the whole."""
    for first in range(0, len(names), _AT_ONCE):
        some = names[first : first + _AT_ONCE]
        for name, *parts in zip(some, *ask(some), strict=True):
            whole = getattr(outline, name, None)
            if isinstance(whole, Relation):
                yield _joined_relation(whole.n_others, name, parts, workers, shifts)
            else:
                yield _joined(parts, workers, outline.n_workers)


def _joined(parts: Sequence[Any], rows: Sequence[Int64Array], n: int) -> Any:
    first = parts[0]
    if isinstance(first, Spans):
        counts = _joined([part.counts for part in parts], rows, n)
        indptr = row_pointers(counts)
        found = Spans(indptr, *(np.empty(indptr[-1], np.int32) for _ in range(2)))
        for part, of in zip(parts, rows, strict=True):
            at = consecutive(indptr[of], part.counts)
            found.start[at], found.end[at] = part.start, part.end
        return found
    if isinstance(first, tuple):
        return tuple(_joined(each, rows, n) for each in zip(*parts, strict=True))
    if isinstance(first, Mapping):
        return {name: _joined([part[name] for part in parts], rows, n) for name in first}
    if not isinstance(first, np.ndarray):
        return first  # of what is no part of a digest
    whole = np.empty((n, *first.shape[1:]), first.dtype)
    for part, of in zip(parts, rows, strict=True):
        whole[of] = part
    return whole


def _joined_relation(
    n_others: int,
    name: str,
    parts: Sequence[Relation],
    workers: Sequence[Int64Array],
    shifts: Sequence[Int64Array],
) -> Relation:
    keys, values = [], []
    for part, rows, columns in zip(parts, workers, shifts, strict=True):
        worker, other = np.divmod(part.key, max(part.n_others, 1))
        other = columns[other] if name == "requested_shift" else other
        keys.append(rows[worker] * n_others + other)
        values.append(part.value)
    key = np.concatenate(keys)
    order = np.argsort(key)
    return Relation(key[order], np.concatenate(values)[order], n_others)
