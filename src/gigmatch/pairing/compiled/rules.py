"""The loop over the grid of shifts: which forms it asks, and blocks of the pairs that pass them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns import Columns, Relation
from gigmatch.core.arrays import BoolArray, Float64Array, IndexArray, Int32Array, Int64Array, read_only
from gigmatch.core.kernels import is_cached, is_loaded
from gigmatch.core.threads import Progress
from gigmatch.pairing.compiled.forms import (
    AtMost,
    ByClass,
    RuleForm,
    Straight,
    Unlisted,
    WithinMinutes,
    form_of,
)

__all__ = ["GridArrays", "RuleLoop", "fixed", "laid_end_to_end", "rows_of"]

BLOCK_PAIRS = 1 << 17  # few enough for the caches, so many that Python is not in the way
MOST_CLASSES = 256  # of a rule; one with more is asked pair by pair

AskEach = Callable[[Any, IndexArray, IndexArray], BoolArray]
"""``(rule, workers, shifts) -> verdict on each worker with each shift``: bool[n_workers, n_shifts]."""


class GridArrays(NamedTuple):
    """What the loop reads of a grid, in its order; `gigmatch.pairing.candidates` says what it is."""

    shift: Int32Array
    key: Int64Array
    cell: Int64Array
    """Where cells begin in ``key``, and where the last one ends."""
    cells_each: int
    """Cells of each requirement: one for each row, or one for all of them."""
    n_rows: int
    height_dm: float
    widest: float
    row_of: Int64Array
    home: Float64Array


class _FormArrays(NamedTuple):
    """What the loop reads of forms, in its order; figures of shifts in the order of the grid."""

    worker_figure: Float64Array
    shift_figure: Float64Array
    reach: Float64Array
    """The greatest square of a distance, by worker; empty where no way is asked for."""
    here: Int32Array
    there: Int32Array
    shift_class: Int32Array
    listed_from: Int64Array
    listed: Int64Array
    belongs_to: Int32Array


class _Classes(NamedTuple):
    """Rules that are asked by class, and a shift of each class."""

    rules: tuple[Any, ...]
    examples: IndexArray


@dataclass(frozen=True, eq=False)
class RuleLoop:
    """The rules that have a form, over the grid."""

    rest: tuple[Any, ...]
    """Rules without one: they are asked about what the loop leaves."""
    _n_shifts: int
    _grid: GridArrays
    _forms: _FormArrays
    _classes: tuple[_Classes, ...]

    @classmethod
    def over(cls, columns: Columns, travel: Any, rules: Sequence[Any], grid: GridArrays) -> RuleLoop:
        """Sort the rules by their forms, and lay what these compare beside the places of the grid."""
        straight = form_of(travel, columns)
        forms: list[tuple[Any, tuple[RuleForm, ...]]] = []
        rest = []
        for rule in rules:
            found = form_of(rule, columns)
            if found is not None and all(_is_known(form, straight) for form in found):
                forms.append((rule, found))
            else:
                rest.append(rule)
        classes, shift_class = _by_class(forms, grid.shift)
        every = [form for _, found in forms for form in found]
        return cls(
            tuple(rest), columns.n_shifts, grid, _arrays(columns, straight, every, grid, shift_class), classes
        )

    def load(self, progress: Progress | None) -> None:
        """Load the loop before threads do, each for itself, and say so if it must be compiled first."""
        from gigmatch.pairing.compiled.kernels import rows_that_stand

        if is_loaded(rows_that_stand):
            return
        if progress is not None and not is_cached():
            progress("compiling", 0.0)
        nobody = np.empty((0, 0), dtype=bool)
        self._run(0, 1, fixed(np.empty(0), np.intp), fixed(nobody, np.bool_), fixed(nobody, np.bool_))

    def blocks(
        self, workers: IndexArray, requirement_met: BoolArray, ask_each: AskEach, every: int = 1
    ) -> Iterator[tuple[IndexArray, IndexArray, IndexArray, int]]:
        """Workers, shifts, where each run of a worker begins and the last ends, and how many were looked at.

        Parameters
        ----------
        workers : intp[n]
            Rows, ascending.
        requirement_met : bool[n, n_requirements]
            Of each of them, in the order of the grid's requirements.
        ask_each : callable
            Asks the rules that are asked by class.
        every : int
            Of the pairs in reach of each worker only about one of so many is looked at.

        Yields
        ------
        intp[n_pairs], intp[n_pairs], intp[n_runs + 1], int
        """
        given = fixed(workers, np.intp), fixed(requirement_met, np.bool_), self._stands(workers, ask_each)
        begin = 0
        while begin < len(workers):
            begin, worker, shift, runs, looked_at = self._run(begin, every, *given)
            yield worker, shift, runs, looked_at

    def _run(
        self,
        begin: int,
        every: int,
        workers: IndexArray,
        requirement_met: NDArray[Any],
        stands: NDArray[Any],
    ) -> tuple[int, IndexArray, IndexArray, IndexArray, int]:
        """Where the next block begins among the workers, and this one, as `blocks` yields it."""
        from gigmatch.pairing.compiled.kernels import rows_that_stand

        room = max(BLOCK_PAIRS, self._n_shifts) + len(self._grid.key)
        worker, shift = np.empty((2, room), np.intp)
        runs = np.empty(len(workers) - begin + 1, np.intp)
        following, size, n_runs, looked_at = rows_that_stand(
            worker,
            shift,
            runs,
            begin,
            every,
            self._n_shifts,
            workers,
            requirement_met,
            stands,
            *self._grid,
            *self._forms,
        )
        return following, worker[:size], shift[:size], runs[: n_runs + 1], looked_at

    def _stands(self, workers: IndexArray, ask_each: AskEach) -> NDArray[np.bool_]:
        """Whether each of some workers may have each class, of all partitions side by side."""
        stands = [np.ones((len(workers), 0), dtype=bool)]
        for rules, examples in self._classes:
            stands.append(np.logical_and.reduce([ask_each(rule, workers, examples) for rule in rules]))
        return fixed(np.concatenate(stands, axis=1), np.bool_)


def fixed(values: Any, kind: Any) -> NDArray[Any]:
    """Return an array as the loops want it: of one type, in one piece and read-only, for one code."""
    return read_only(np.ascontiguousarray(values, kind))


def rows_of(values: Sequence[NDArray[Any]], kind: Any, length: int) -> NDArray[Any]:
    """Some arrays of a length as the rows of one."""
    return fixed(np.stack(values) if values else np.empty((0, length)), kind)


def laid_end_to_end(
    listed: Sequence[Relation], n_workers: int
) -> tuple[Int64Array, Int64Array, Float64Array]:
    """Where each worker's entries begin in each list, the others of all lists, and their values.

    Returns
    -------
    int64[n_lists, n_workers + 1], int64[n_entries], float64[n_entries]
    """
    starts, others, values, first = [], [np.empty(0, np.int64)], [np.empty(0)], 0
    for relation in listed:
        starts.append(first + np.searchsorted(relation.key, np.arange(n_workers + 1) * relation.n_others))
        others.append(relation.key % max(relation.n_others, 1))
        values.append(relation.value)
        first += len(relation.key)
    return (
        rows_of(starts, np.int64, n_workers + 1),
        fixed(np.concatenate(others), np.int64),
        fixed(np.concatenate(values), np.float64),
    )


def _is_known(form: RuleForm, straight: Straight | None) -> bool:
    """Whether the loop can ask a form: a way must be straight, and classes few."""
    if isinstance(form, ByClass):
        return int(form.of.max(initial=0)) < MOST_CLASSES
    return straight is not None or not isinstance(form, WithinMinutes)


def _by_class(
    forms: Sequence[tuple[Any, tuple[RuleForm, ...]]], of_grid: Int32Array
) -> tuple[tuple[_Classes, ...], list[Int64Array]]:
    """Rules by the partition of shifts that they are asked by, and the class of each place in the grid."""
    found = dict[int, tuple[Int32Array, list[Any]]]()
    for rule, several in forms:
        for form in several:
            if isinstance(form, ByClass):
                found.setdefault(id(form.of), (form.of, []))[1].append(rule)
    classes, numbers, first = [], list[Int64Array](), 0
    for of, rules in found.values():
        _, example, number = np.unique(of[of_grid], return_index=True, return_inverse=True)
        classes.append(_Classes(tuple(rules), of_grid[example].astype(np.intp)))
        numbers.append(number + first)
        first += len(example)
    return tuple(classes), numbers


def _arrays(
    columns: Columns,
    straight: Straight | None,
    forms: Sequence[RuleForm],
    grid: GridArrays,
    shift_class: Sequence[Int64Array],
) -> _FormArrays:
    n_workers, n_places = columns.n_workers, len(grid.shift)
    figures = _merged([form for form in forms if isinstance(form, AtMost)])
    unlisted = [form for form in forms if isinstance(form, Unlisted)]
    listed_from, listed, _ = laid_end_to_end([form.listed for form in unlisted], n_workers)
    return _FormArrays(
        worker_figure=rows_of([worker for worker, _ in figures], np.float64, n_workers),
        shift_figure=rows_of([shift[grid.shift] for _, shift in figures], np.float64, n_places),
        reach=_reach(straight, [form.most for form in forms if isinstance(form, WithinMinutes)]),
        here=fixed(np.stack(columns.workers.xyz_dm, axis=1), np.int32),
        there=fixed(np.stack(columns.shifts.xyz_dm, axis=1)[grid.shift], np.int32),
        shift_class=rows_of(shift_class, np.int32, n_places),
        listed_from=listed_from,
        listed=listed,
        belongs_to=rows_of([form.of[grid.shift] for form in unlisted], np.int32, n_places),
    )


def _merged(forms: Sequence[AtMost]) -> list[tuple[Float64Array, Float64Array]]:
    """Figures to compare: those of one worker's figure in one, and none that can refuse nothing."""
    found = dict[bytes, tuple[Float64Array, Float64Array]]()
    for form in forms:
        key = form.worker.tobytes()
        least = found[key][1] if key in found else form.shift
        found[key] = form.worker, np.fmin(least, form.shift)
    return [(worker, shift) for worker, shift in found.values() if _greatest(worker) > -_greatest(-shift)]


def _greatest(values: Float64Array) -> float:
    """The greatest that is a number, minus infinity without one."""
    return float(np.fmax.reduce(values, initial=-np.inf))


def _reach(straight: Straight | None, limits: Sequence[Float64Array]) -> Float64Array:
    asked = straight is not None and limits
    return fixed(straight.reach(np.minimum.reduce(limits)) if straight and asked else np.empty(0), np.float64)
