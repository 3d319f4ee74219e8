"""The distinct skills and credentials that shifts ask for, and who meets them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cached_property, partial, reduce
from itertools import pairwise
from operator import or_
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns.columns import RANKS, HeldCredentials, bit_words
from gigmatch.columns.orders import by_number
from gigmatch.columns.rows import Asked, Held, Rows, WorkerRows
from gigmatch.columns.spans import first_seen
from gigmatch.core.arrays import (
    BitWords,
    BoolArray,
    Float64Array,
    IndexArray,
    Int32Array,
    Int64Array,
    place_in_row,
    run_pointers,
)
from gigmatch.model.covering import covering

__all__ = ["CredentialNeeds", "SkillNeeds", "held_credentials", "requirements"]

_MOST_AT_ONCE = 1 << 24  # bits that are looked at side by side, a byte each


def rank_of(level: Int64Array) -> Int64Array:
    """Levels count down to the highest, ranks up: level 5 is rank 1, level 1 is rank 5."""
    return RANKS - level


class SkillNeeds:
    """Columns for the skills asked for, and a bit for each of them with a rank."""

    def __init__(self, rows: Rows) -> None:
        shifts, names = rows.shifts, rows.skill_codes
        self.n_shifts = shifts.n
        what = np.concatenate([shifts.all_of.what, shifts.any_of.what])
        asked = sorted(np.flatnonzero(np.bincount(what)).tolist(), key=names.__getitem__)
        self.codes = tuple(names[skill] for skill in asked)
        self.column = np.full(len(names) + 1, -1, dtype=np.int64)  # one more: nobody's, for skills of -1
        self.column[asked] = np.arange(len(asked))
        keys = np.concatenate([self._keys(shifts.all_of), self._keys(shifts.any_of)])
        key = np.flatnonzero(np.bincount(keys))
        self.key, self.at, self.rank = key, key // RANKS, key % RANKS
        self.needs = tuple(
            (self.codes[at], rank) for at, rank in zip(self.at.tolist(), self.rank.tolist(), strict=True)
        )
        self.all_words, self.any_words = self._words(shifts.all_of), self._words(shifts.any_of)
        self.kind, self.gives = _closure(rows.covers, self.column)
        self.first = _leading(shifts.all_of, shifts.any_of, self.n_shifts)

    def _keys(self, asked: Asked) -> Int64Array:
        return self.column[asked.what] * RANKS + rank_of(asked.level)

    def _words(self, asked: Asked) -> BitWords:
        return row_words(
            asked.row, np.searchsorted(self.key, self._keys(asked)), self.n_shifts, len(self.key)
        )

    def ranks(self, held: Held, n: int) -> NDArray[np.int8]:
        """int8[n, n_skills]: each worker's best rank in each skill asked for, covered skills included."""
        # A skill gives several columns, its own and those of what it covers. All skills held write their
        # first column, then all their second, ...: as many passes as the widest skill has columns, each over
        # plain arrays, instead of a list for every skill held.
        best, place = np.zeros(n * len(self.codes), dtype=np.int8), held.row * len(self.codes)
        rank, kind = rank_of(held.level).astype(np.int8), self.kind[held.what]
        for column in self._nth_given():
            at = column[kind]
            given = at >= 0
            at += place
            if given.all():
                np.maximum.at(best, at, rank)
            else:
                np.maximum.at(best, at[given], rank[given])
        return best.reshape(n, len(self.codes))

    def _nth_given(self) -> Iterator[Int64Array]:
        """The first column that each kind of skill gives, then the second, ...; -1 without one.

        Some kinds at a time where they give very many.
        """
        step = max(_MOST_AT_ONCE // max(len(self.codes), 1), 1)
        for first in range(0, len(self.gives), step):
            kind, column = np.nonzero(self._given(slice(first, first + step)))
            nth = place_in_row(run_pointers(kind))
            by_turn = np.argsort(nth, kind="stable")
            turns = np.searchsorted(nth[by_turn], np.arange(int(nth.max(initial=-1)) + 2))
            for at, end in pairwise(turns.tolist()):
                turn = by_turn[at:end]
                columns = np.full(len(self.gives), -1, dtype=np.int64)
                columns[kind[turn] + first] = column[turn]
                yield columns

    def _given(self, kinds: slice) -> NDArray[np.uint8]:
        """uint8[kinds, n_skills]: 1 where some kinds of skill give a column."""
        return np.unpackbits(self.gives[kinds], axis=1, count=len(self.codes), bitorder="little")

    def met(self, held: Held, n: int) -> BitWords:
        """Bit k of the words: whether the worker has what need k asks for."""
        # What a skill meets at a level is the same whoever holds it, so it is worked out once for each kind
        # of skill and level; a worker's words are those of the skills held, looked up and joined. No need is
        # held against a worker, and the last kind, nobody's, meets nothing.
        given, at = self._met, self.kind[held.what] * RANKS
        at += held.level
        met = np.zeros((len(given), n), dtype=np.uint64)
        for word, of_kind in zip(met, given, strict=True):
            np.bitwise_or.at(word, held.row, of_kind.ravel()[at])
        return tuple(met)

    @cached_property
    def _met(self) -> NDArray[np.uint64]:
        """uint64[words, kinds, RANKS]: needs that a kind of skill meets at a level; the last is nobody's."""
        step = max(_MOST_AT_ONCE // max(len(self.codes), len(self.key), 1), 1)
        blocks = [
            _words_of(self._given(slice(first, first + step))[:, self.at])
            for first in range(0, len(self.gives), step)
        ]
        enough = self.rank[None, :] <= rank_of(np.arange(RANKS))[:, None]  # levels count down
        given: NDArray[np.uint64] = np.concatenate(blocks)[:, None, :] & _words_of(enough)[None, :, :]
        return np.ascontiguousarray(given.transpose(2, 0, 1))

    def leading(self) -> tuple[Int32Array, NDArray[np.int8]]:
        """Column and rank of the first skill each shift asks for; -1 and 0 without one."""
        skill, level = self.first
        column = np.where(skill >= 0, self.column[skill], -1)
        return column.astype(np.int32), np.where(skill >= 0, rank_of(level), 0).astype(np.int8)

    def wages(self, by_skill: Float64Array) -> Float64Array:
        """Going wage of each shift's leading skill."""
        return np.append(by_skill, np.nan)[self.first[0]]


class CredentialNeeds:
    """A bit for each kind of credential with a rank and the day on which it must be valid."""

    def __init__(self, rows: Rows, last_day: Int64Array) -> None:
        asked, n = rows.shifts.credentials, rows.shifts.n
        day = last_day[asked.row]
        keys = np.stack([asked.what, rank_of(asked.level), day])
        soonest, latest = (int(day.min()), int(day.max())) if len(day) else (0, 0)
        # Kind, rank and day as the digits of one number: sorted as the three in turn, at the price of one.
        number = (keys[0] * RANKS + keys[1]) * (latest - soonest + 1) + day - soonest
        _, first, bit = np.unique(number, return_index=True, return_inverse=True)
        self.keys = keys[:, first]
        self.date = rows.date
        self.needs = tuple(
            (rows.kinds[kind], rank, rows.date + dt.timedelta(days=day))
            for kind, rank, day in self.keys.T.tolist()
        )
        self.words = row_words(asked.row, bit, n, len(self.needs))

    def met(self, held: Held, valid_until: NDArray[np.datetime64], n: int) -> BitWords:
        """Bit k of the words: whether the worker holds what need k asks for, valid on its day."""
        if not len(held.row):
            return bit_words([np.zeros(n, dtype=bool)] * len(self.needs), n)
        # By kind, so that each need looks at those who hold its kind and at nobody else.
        order = by_number(held.what + 1)  # -1: a kind that nobody asks for
        what, row, rank = held.what[order], held.row[order], rank_of(held.level)[order]
        until = np.where(np.isnat(valid_until), np.datetime64(dt.date.max), valid_until)[order]
        bits: list[BoolArray] = []
        for kind, least, day in self.keys.T.tolist():
            of_kind = slice(*np.searchsorted(what, [kind, kind + 1]).tolist())
            good = (rank[of_kind] >= least) & (until[of_kind] >= np.datetime64(self.date) + day)
            bits.append(np.zeros(n, dtype=bool))
            bits[-1][row[of_kind][good]] = True
        return bit_words(bits, n)


def held_credentials(kinds: tuple[str, ...], workers: WorkerRows) -> HeldCredentials:
    """What workers hold of some kinds, in order of every field."""
    held = workers.credentials
    days = (workers.review_due.view(np.int64), workers.valid_to.view(np.int64))
    order = np.lexsort((*days, workers.level_known, held.level, held.what, held.row))
    at = order[held.what[order] >= 0]
    return HeldCredentials(
        kinds=kinds,
        row=held.row[at].astype(np.int32),
        kind=held.what[at].astype(np.int32),
        level=np.where(workers.level_known, held.level, 0)[at].astype(np.int8),
        valid_to=workers.valid_to[at],
        review_due=workers.review_due[at],
    )


def requirements(words: Sequence[NDArray[np.uint64]], n: int) -> Int32Array:
    """Number of each shift's set of needs, in order of first appearance: int32[m]."""
    return first_seen([np.zeros(n, dtype=np.int64), *words])


def row_words(row: Int64Array, bit: IndexArray, n: int, n_bits: int) -> BitWords:
    """Set a bit of some rows: uint64[n] words."""
    words = np.zeros((-(-n_bits // 64), n), dtype=np.uint64)
    np.bitwise_or.at(words, (bit // 64, row), np.uint64(1) << (bit % 64).astype(np.uint64))
    return tuple(np.ascontiguousarray(word) for word in words)


def _words_of(bits: NDArray[Any]) -> NDArray[np.uint64]:
    """Pack rows of bits into uint64[rows, words]."""
    packed = np.packbits(bits, axis=1, bitorder="little")
    room = np.zeros((len(packed), -(-bits.shape[1] // 64) * 8), dtype=np.uint8)
    room[:, : packed.shape[1]] = packed
    return room.view("<u8").astype(np.uint64, copy=False)


def _closure(
    covers: tuple[Int64Array, Int64Array], column: Int64Array
) -> tuple[Int64Array, NDArray[np.uint8]]:
    """The kind of every skill, and the columns that each kind gives: a bit each, in bytes.

    Skills that cover each other are one kind, so that a ring of them takes no longer than a row. The last
    skill and the last kind are nobody's, which gives nothing.
    """
    columns = column[:-1].tolist()
    below: dict[int, list[int]] = {skill: [] for skill in range(len(columns))}
    for above, under in zip(*(part.tolist() for part in covers), strict=True):
        below[above].append(under)

    def own(skill: int) -> int:
        return 1 << columns[skill] if columns[skill] >= 0 else 0

    given = covering(below, own, partial(reduce, or_))
    kinds = list({id(each): each for each in given.values()}.values())
    place = {id(each): at for at, each in enumerate(kinds)}
    kind = np.array([*(place[id(given[skill])] for skill in below), len(kinds)], dtype=np.int64)
    size = max(-(-int(column.max() + 1) // 8), 1)
    raw = b"".join(each.to_bytes(size, "little") for each in [*kinds, 0])
    return kind, np.frombuffer(raw, dtype=np.uint8).reshape(len(kinds) + 1, size)


def _leading(all_of: Asked, any_of: Asked, n: int) -> tuple[Int64Array, Int64Array]:
    """Skill and level of the first need of each shift, of ``all_of`` before ``any_of``; -1 and 0 without."""
    skill, level = np.full(n, -1, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for asked in (any_of, all_of):
        row, at = np.unique(asked.row, return_index=True)  # the first of each row
        skill[row], level[row] = asked.what[at], asked.level[at]
    return skill, level
