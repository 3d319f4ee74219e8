"""The two loops: from the grid of shifts to the pairs that may stand, and from pairs to points.

Both go through the pairs of one worker at a time, which stay in the nearest cache while every form has its
turn: what a form needs of the worker is fetched once, and what the first ones refuse the others never see.

By hand: numpy would carry every block through memory once a comparison.
"""

from __future__ import annotations

import numpy as np

from gigmatch.core.kernels import Array, Number, kernel, kernel_part
from gigmatch.pairing.compiled.forms import SPREAD

__all__ = ["points_of_rows", "rows_that_stand"]

# Numbers of the bits of a word, by what is left of them when divided by the least prime that tells all apart.
_PRIME = 67
_BIT = np.zeros(_PRIME, np.int64)
_BIT[[2**bit % _PRIME for bit in range(64)]] = np.arange(64)
_FEW = 24  # so many are sorted by putting each in its place
_FEW_LISTED = 4  # so many are looked for one after the other


@kernel
def rows_that_stand(
    worker_out: Array,
    shift_out: Array,
    runs_out: Array,
    begin: Number,
    every: Number,
    n_shifts: Number,
    workers: Array,
    requirement_met: Array,
    class_stands: Array,
    shift_at: Array,
    key: Array,
    cell: Array,
    cells_each: Number,
    n_rows: Number,
    height: Number,
    widest: Number,
    row_of: Array,
    home: Array,
    worker_figure: Array,
    shift_figure: Array,
    reach: Array,
    here: Array,
    there: Array,
    shift_class: Array,
    listed_from: Array,
    listed: Array,
    belongs_to: Array,
) -> tuple[int, int, int, int]:
    """Write the pairs of some workers that pass every form, until there is no room for another worker's.

    Of those in reach only about one in ``every`` so many is looked at, other ones for other workers.

    Returns
    -------
    position of the next worker, pairs written, runs of them, pairs looked at
    """
    at = np.empty(len(key), np.uint32)  # an index without a sign is not looked at for one
    words = np.zeros(n_shifts // 64 + 1, np.uint64)
    size, n_runs, looked = 0, 0, 0
    position = begin
    met = np.empty(requirement_met.shape[1], np.int64)
    while position < len(workers) and size + len(key) <= len(shift_out):
        worker = workers[position]
        n_met = _positions(requirement_met[position], met)
        n = _in_box(
            at, every, worker, met[:n_met], row_of, home, height, widest, cell, cells_each, n_rows, key
        )
        looked += n
        for form in range(len(worker_figure)):
            figure = worker_figure[form, worker]
            if figure == figure:
                n = _at_most(at, n, figure, shift_figure[form])
        if len(reach):
            n = _within(at, n, reach[worker], here[worker], there)
        for form in range(len(shift_class)):
            n = _in_class(at, n, class_stands[position], shift_class[form])
        for form in range(len(belongs_to)):
            first, end = listed_from[form, worker], listed_from[form, worker + 1]
            if end > first:
                n = _unlisted(at, n, listed, first, end, belongs_to[form])
        if n:
            runs_out[n_runs] = size
            n_runs += 1
            _write_ascending(at, n, shift_at, words, shift_out, size)
            worker_out[size : size + n] = worker
            size += n
        position += 1
    runs_out[n_runs] = size
    return position, size, n_runs, looked


@kernel_part
def _positions(flags: Array, out: Array) -> int:
    n = 0
    for k in range(len(flags)):
        out[n] = k
        n += flags[k]
    return n


@kernel_part
def _in_box(
    at: Array,
    every: Number,
    worker: Number,
    met: Array,
    row_of: Array,
    home: Array,
    height: Number,
    widest: Number,
    cell: Array,
    cells_each: Number,
    n_rows: Number,
    key: Array,
) -> int:
    """Places in the grid that the circle of the worker's reach may hold, of the requirements met."""
    x, y, radius = home[0, worker], home[1, worker], home[2, worker]
    first_row, last_row = row_of[0, worker], row_of[1, worker]
    n = 0
    for row in range(first_row, last_row + 1):
        near = min(max(y, row * height), (row + 1) * height)
        half = np.sqrt(max(radius * radius - (y - near) * (y - near), 0.0))
        low = np.int64(min(max(x - half, 0.0), widest))
        high = np.int64(min(max(x + half, 0.0), widest))
        for group in met:
            number = group * cells_each + (row if cells_each > 1 else 0)
            place, end = cell[number], cell[number + 1]
            if place == end:
                continue
            number = (group * n_rows + row) << 32
            highest = number | high
            place = _first_from(key, number | low, place, end)
            end = _first_from(key, highest + 1, place, end)
            if every > 1:
                place += (worker * SPREAD + place) % every
            room = at[n : n + max(end - place + every - 1, 0) // every]
            for k in range(len(room)):
                room[k] = place + k * every
            n += len(room)
    return n


@kernel_part
def _first_from(key: Array, lowest: Number, place: Number, end: Number) -> Number:
    """The first place from ``place`` on, before ``end``, whose key is at least ``lowest``."""
    while end - place > 8:
        middle = (place + end) // 2
        if key[middle] < lowest:
            place = middle + 1
        else:
            end = middle
    while place < end and key[place] < lowest:
        place += 1
    return place


@kernel_part
def _at_most(at: Array, n: Number, figure: Number, shift_figure: Array) -> int:
    left = 0
    for k in range(n):
        place = at[k]
        at[left] = place
        left += not figure > shift_figure[place]
    return left


@kernel_part
def _within(at: Array, n: Number, reach: Number, here: Array, there: Array) -> int:
    x, y, z = here[0], here[1], here[2]
    left = 0
    for k in range(n):
        place = at[k]
        at[left] = place
        left += _square(x, y, z, there, place) <= reach
    return left


@kernel_part
def _square(x: Number, y: Number, z: Number, there: Array, place: Number) -> float:
    """The square of a distance, rounded as the plain travel rounds it."""
    dx = np.float64(x - there[place, 0])
    dy = np.float64(y - there[place, 1])
    dz = np.float64(z - there[place, 2])
    return dx * dx + dy * dy + dz * dz


@kernel_part
def _in_class(at: Array, n: Number, stands: Array, shift_class: Array) -> int:
    left = 0
    for k in range(n):
        place = at[k]
        at[left] = place
        left += stands[shift_class[place]]
    return left


@kernel_part
def _unlisted(at: Array, n: Number, listed: Array, first: Number, end: Number, belongs_to: Array) -> int:
    left = 0
    for k in range(n):
        place = at[k]
        at[left] = place
        left += not _is_listed(listed, first, end, belongs_to[place])
    return left


@kernel_part
def _is_listed(listed: Array, first: Number, end: Number, other: Number) -> Number:
    """Whether something is between two places of an ascending list."""
    place = _first_from(listed, other, first, end)
    return place < end and listed[place] == other


@kernel_part
def _write_ascending(at: Array, n: Number, shift_at: Array, words: Array, out: Array, size: Number) -> None:
    """Write the shifts at some places in ascending order; ``words`` are 0 before and after."""
    if n <= _FEW:
        for k in range(n):
            shift = shift_at[at[k]]
            place = size + k
            while place > size and out[place - 1] > shift:
                out[place] = out[place - 1]
                place -= 1
            out[place] = shift
        return
    for k in range(n):
        shift = np.int64(shift_at[at[k]])
        words[shift >> 6] |= np.uint64(1) << np.uint64(shift & 63)
    place = size
    for number in range(len(words)):
        word = words[number]
        while word:
            bit = word & (~word + np.uint64(1))
            out[place] = (number << 6) + _BIT[bit % np.uint64(_PRIME)]
            place += 1
            word ^= bit
        words[number] = 0


@kernel
def points_of_rows(
    total: Array,
    worker: Array,
    shift: Array,
    runs: Array,
    of_worker: Array,
    of_shift: Array,
    minutes: Array,
    rank: Array,
    column: Array,
    above: Array,
    table: Array,
    zero_min: Array,
    falling_weight: Array,
    floor: Array,
    figure: Array,
    beside: Array,
    alone: Array,
    raised_weight: Array,
    listed_from: Array,
    listed: Array,
    extra: Array,
    belongs_to: Array,
) -> None:
    """Add up the points of pairs that come in runs of one worker, in whole numbers."""
    for run in range(len(runs) - 1):
        begin, end = runs[run], runs[run + 1]
        row = worker[begin]
        shifts, ways, points = shift[begin:end], minutes[begin:end], total[begin:end]
        _add_base(points, shifts, of_worker[row], of_shift)
        for form in range(len(column)):
            _add_looked_up(points, shifts, rank[row], column[form], above[form], table)
        for form in range(len(zero_min)):
            _add_falling(points, ways, zero_min[form, row], falling_weight[form])
        for form in range(len(floor)):
            least = floor[form, row]
            if least == least:
                _add_raised(
                    points, shifts, least, figure[form], beside[form], alone[form], raised_weight[form]
                )
            else:
                _add(points, shifts, alone[form])
        for form in range(len(belongs_to)):
            first, last = listed_from[form, row], listed_from[form, row + 1]
            if last > first:
                _add_listed(points, shifts, listed, first, last, extra, belongs_to[form])


@kernel_part
def _add_base(points: Array, shifts: Array, base: Number, of_shift: Array) -> None:
    for k in range(len(shifts)):
        points[k] = base + of_shift[np.uintp(shifts[k])]


@kernel_part
def _add(points: Array, shifts: Array, of_shift: Array) -> None:
    for k in range(len(shifts)):
        points[k] += of_shift[np.uintp(shifts[k])]


@kernel_part
def _add_looked_up(
    points: Array, shifts: Array, rank: Array, column: Array, above: Array, table: Array
) -> None:
    for k in range(len(shifts)):
        j = np.uintp(shifts[k])
        points[k] += table[np.uintp(rank[np.uintp(column[j])] + above[j])]


@kernel_part
def _add_falling(points: Array, ways: Array, zero: Number, weight: Number) -> None:
    for k in range(len(points)):
        points[k] += np.rint(max(1.0 - ways[k] / zero, 0.0) * weight)


@kernel_part
def _add_listed(
    points: Array, shifts: Array, listed: Array, first: Number, last: Number, extra: Array, belongs_to: Array
) -> None:
    if last - first <= _FEW_LISTED:
        for place in range(first, last):
            other, more = listed[place], extra[place]
            for k in range(len(shifts)):
                points[k] += more if belongs_to[np.uintp(shifts[k])] == other else 0.0
        return
    for k in range(len(shifts)):
        other = belongs_to[np.uintp(shifts[k])]
        place = _first_from(listed, other, first, last)
        if place < last and listed[place] == other:
            points[k] += extra[place]


@kernel_part
def _add_raised(
    points: Array, shifts: Array, floor: Number, figure: Array, beside: Array, alone: Array, weight: Number
) -> None:
    for k in range(len(shifts)):
        j = np.uintp(shifts[k])
        raised, other = figure[j] / floor - 1.0, beside[j]
        score = min(max(raised, 0.0), 1.0)
        score = score if other != other else (score + other) / 2
        points[k] += alone[j] if raised != raised else np.rint(score * weight)


@kernel
def minutes_of_rows(
    minutes: Array,
    worker: Array,
    shift: Array,
    runs: Array,
    here: Array,
    there: Array,
    metres_per_dm: Number,
    metres_per_min: Array,
    start_min: Array,
) -> None:
    """Minutes of the way of pairs that come in runs of one worker."""
    for run in range(len(runs) - 1):
        begin, end = runs[run], runs[run + 1]
        row = worker[begin]
        x, y, z = here[row, 0], here[row, 1], here[row, 2]
        speed, start = metres_per_min[row], start_min[row]
        shifts, ways = shift[begin:end], minutes[begin:end]
        for k in range(len(shifts)):
            ways[k] = _square(x, y, z, there, np.uintp(shifts[k]))
        for k in range(len(ways)):  # apart, so that several are done at once
            ways[k] = np.sqrt(ways[k]) * metres_per_dm / speed + start
