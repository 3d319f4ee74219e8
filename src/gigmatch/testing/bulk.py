"""What rules, scorers and travels have in common: a value for each of many pairs, asked for in blocks."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any, TypeVar

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydantic import ValidationError

from gigmatch.columns import Columns, columns_of, frozen
from gigmatch.core.arrays import IndexArray, freeze
from gigmatch.errors import PluginError
from gigmatch.model import Jurisdiction, Morning, Shift, Worker
from gigmatch.model.morning import of_those_here
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.travel import StraightLine
from gigmatch.testing.contract import Clause, drawn
from gigmatch.testing.strategies import mornings

__all__ = [
    "Bulk",
    "Example",
    "Values",
    "bulk_clauses",
    "examples_of",
    "pairs_of",
    "shown",
    "side_by_side",
    "smaller",
    "untouched",
]

P = TypeVar("P")
Values = NDArray[Any]
Bulk = Callable[[Columns, IndexArray, IndexArray], Values]
"""``(columns, worker rows, shift rows) -> value of each pair``, held to its shape and range."""

_THREADS = 4
_ROUNDS = 3


@dataclass(frozen=True, eq=False)
class Example:
    """A morning and all its pairs; and another morning that a plug-in must not mix it up with."""

    morning: Morning
    other: Morning

    @cached_property
    def columns(self) -> Columns:
        """Of the morning."""
        return columns_of(self.morning)

    @cached_property
    def rows(self) -> tuple[IndexArray, IndexArray]:
        """Worker and shift of every pair, by worker."""
        return _all_rows(self.columns)

    @cached_property
    def other_columns(self) -> Columns:
        """Of the other one."""
        return columns_of(self.other)

    def named(self, at: int) -> str:
        """A pair in words."""
        worker, shift = (int(rows[at]) for rows in self.rows)
        return f"worker {self.columns.worker_ids[worker]!r}, shift {self.columns.shift_ids[shift]!r}"

    def table(self, values: Values) -> Values:
        """Values of all pairs with a row per worker."""
        return values.reshape(self.columns.n_workers, self.columns.n_shifts)


def examples_of(strategy: st.SearchStrategy[Morning] | None, count: int) -> list[Example]:
    """So many mornings, the smallest first, each with the largest for another."""
    return _usual(count) if strategy is None else _examples(strategy, count)


@lru_cache(4)
def _usual(count: int) -> list[Example]:
    return _examples(mornings(), count)


def _examples(strategy: st.SearchStrategy[Morning], count: int) -> list[Example]:
    found = drawn(strategy, count, lambda morning: len(morning.workers) * len(morning.shifts))
    return [Example(morning, found[-1]) for morning in found]


def smaller(example: Example) -> Iterator[Example]:
    """The same morning without one of its workers or shifts, without wages and limits, or with less known."""
    morning = example.morning
    without = {"reference_wages": (), "jurisdiction": Jurisdiction(name="none"), "market_insurance": False}
    changes: list[dict[str, Any]] = [{k: v} for k, v in without.items() if getattr(morning, k) != v]
    for name in ("workers", "shifts"):
        listed = getattr(morning, name)
        for at, one in enumerate(listed):
            before, after = listed[:at], listed[at + 1 :]
            changes.append({name: (*before, *after)})
            changes += [{name: (*before, less, *after)} for less in _less(one)]
    changes.sort(key=lambda change: sum(len(x) for x in change.values() if isinstance(x, tuple)))
    for change in changes:
        yield Example(of_those_here(morning.model_copy(update=change)), example.other)


def _less(one: Worker | Shift) -> Iterator[Worker | Shift]:
    """The same worker or shift with one thing less known."""
    given = {name: getattr(one, name) for name in one.model_fields_set}
    for name in sorted(given):
        with suppress(ValidationError):
            yield type(one)(**{k: v for k, v in given.items() if k != name})


def shown(example: Example) -> str:
    """The morning, to be saved and loaded again."""
    morning = example.morning
    size = f"workers: {len(morning.workers)}, shifts: {len(morning.shifts)}"
    return f"The smallest morning found that shows it ({size}):\n{morning.to_json().decode()}"


def pairs_of(columns: Columns, worker: IndexArray, shift: IndexArray) -> Pairs:
    """These pairs, travelling as the crow flies."""
    return Pairs(columns, StraightLine(), worker, shift)


def bulk_clauses(plugin: P, asking: Callable[[P], Bulk]) -> list[Clause]:
    """What must hold of every value of pairs; ``asking`` makes a question of a plug-in."""
    ask, new = asking(plugin), untouched(plugin)
    return [
        Clause("it does not write into what it is given", partial(_written, ask)),
        Clause("it answers any morning with an array of its kind", partial(_unfit, ask)),
        Clause("the same question has the same answer", partial(_changed, ask)),
        Clause("a pair's value does not depend on the block that it comes in", partial(_cut, ask)),
        Clause("a pair's value does not depend on the order of the pairs", partial(_ordered, ask)),
        Clause(
            "it keeps no state from one morning to another",
            partial(_stateful, ask, lambda: asking(untouched(new))),
        ),
        Clause("it may be called from several threads at once", partial(_raced, ask)),
    ]


def _written(ask: Bulk, example: Example) -> str | None:
    """Arrays are read-only; whoever makes them writeable is found by their digest."""
    columns = frozen(deepcopy(example.columns))
    worker, shift = _all_rows(columns)
    before, rows = columns.digest(), (worker.copy(), shift.copy())
    try:
        ask(columns, worker, shift)
    except ValueError as error:
        return f"it raised {error!r}" if "read-only" in str(error) else None
    except Exception:
        return None  # another clause's matter
    if columns.digest() != before:
        return "the columns are not what they were"
    same = np.array_equal(worker, rows[0]) and np.array_equal(shift, rows[1])
    return None if same else "the rows of the pairs are not what they were"


def _unfit(ask: Bulk, example: Example) -> str | None:
    nothing = np.empty(0, np.intp)
    try:
        ask(example.columns, *example.rows)
        ask(example.columns, nothing, nothing)
    except PluginError as error:
        return str(error)
    return None


def _changed(ask: Bulk, example: Example) -> str | None:
    once, again = (ask(example.columns, *example.rows) for _ in range(2))
    return _difference(example, once, again, "at first", "when asked again")


def _cut(ask: Bulk, example: Example) -> str | None:
    """In blocks of one pair, of three, and of one worker."""
    whole, (worker, shift) = ask(example.columns, *example.rows), example.rows
    for size in (1, 3, max(example.columns.n_shifts, 1)):
        blocks = [slice(at, at + size) for at in range(0, len(worker), size)]
        parts = [ask(example.columns, worker[block], shift[block]) for block in blocks]
        joined = np.concatenate([whole[:0], *parts])
        if reason := _difference(example, whole, joined, "among all pairs", f"in a block of {size}"):
            return reason
    return None


def _ordered(ask: Bulk, example: Example) -> str | None:
    """Backwards, and by shift."""
    whole, (worker, shift) = ask(example.columns, *example.rows), example.rows
    backwards = np.arange(len(worker))[::-1]
    for name, order in (("backwards", backwards), ("by shift", np.lexsort((worker, shift)))):
        back = np.empty_like(whole)
        back[order] = ask(example.columns, worker[order], shift[order])
        if reason := _difference(example, whole, back, "by worker", name):
            return reason
    return None


def _stateful(ask: Bulk, another: Callable[[], Bulk], example: Example) -> str | None:
    """A plug-in that has seen other mornings against itself before, and against one that has seen none."""
    before = ask(example.columns, *example.rows)
    ask(example.other_columns, *_all_rows(example.other_columns))
    after = ask(example.columns, *example.rows)
    alone = another()(example.columns, *example.rows)
    return _difference(example, before, after, "before another morning", "after it") or _difference(
        example, alone, after, "when new", "after other mornings"
    )


def _raced(ask: Bulk, example: Example) -> str | None:
    """Several threads, every other one with another morning, all let go at once."""
    alone = ask(example.columns, *example.rows)
    ready = threading.Barrier(_THREADS)

    def run(number: int) -> Iterable[Values]:
        columns = example.other_columns if number % 2 else example.columns
        rows = _all_rows(columns)
        ready.wait()
        return [ask(columns, *rows) for _ in range(_ROUNDS)]

    answers = side_by_side(run, _THREADS)[::2]
    reasons = (
        _difference(example, alone, answer, "alone", "beside other threads")
        for several in answers
        for answer in several
    )
    return next(filter(None, reasons), None)


def untouched(plugin: P) -> P:
    """A copy that has seen nothing yet, where a plug-in can be copied."""
    try:
        return deepcopy(plugin)
    except Exception:
        return plugin


def side_by_side(run: Callable[[int], Any], count: int) -> list[Any]:
    """``run(0)``, ``run(1)``, ... in threads that are changed as often as can be."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(run, range(count)))
    finally:
        sys.setswitchinterval(interval)


def _difference(example: Example, once: Values, again: Values, first: str, second: str) -> str | None:
    """The first pair whose value is another, if there is one."""
    if len(once) != len(again):
        return f"{len(once)} values {first}, {len(again)} {second}"
    at = np.flatnonzero(~((once == again) | ((once != once) & (again != again))))
    if not len(at):
        return None
    k = int(at[0])
    return f"{example.named(k)}: {once[k]} {first}, {again[k]} {second}"


def _all_rows(columns: Columns) -> tuple[IndexArray, IndexArray]:
    """Every pair by worker, read-only as those of `Pairs` are."""
    worker, shift = freeze(np.indices((columns.n_workers, columns.n_shifts), dtype=np.intp).reshape(2, -1))
    return worker, shift
