"""Compiled: the longest path over who may follow whom, and by labels within limits; see `longest`.

Imported where it is first needed: whoever imports numba waits for it.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from gigmatch.core.kernels import Array, Number, kernel_or_plain, kernel_part
from gigmatch.problem.plans.longest import NOTHING

__all__ = ["longest", "longest_within"]

_VALUE: Final = 0  # columns of labels
_PAIR: Final = 1
_BEFORE: Final = 2
_LINK: Final = 3
_USED: Final = 4
_STEPS: Final = 6  # first looked for are plans within a 64th of what would be the best, then a 16th, a 4th


@kernel_or_plain
def _layers(
    begin: Number,
    end: Number,
    base: Number,
    by_rank: Array,
    follower_indptr: Array,
    follower: Array,
    most_shifts: Number,
    gain: Array,
    later: Array,
    here: Array,
) -> Array:
    """The most from each pair of a worker on, with 1, 2, ... shifts at most; as many rows as differ.

    The worker's pairs stand from ``begin`` to ``end`` in the problem, and ``base`` further here.
    """
    n = end - begin
    layers = np.empty((max(min(most_shifts, n), 1), n), np.int64)
    for mine in range(n):
        at = begin + base + mine
        layers[0, mine] = NOTHING if later[at] else gain[at]
    for layer in range(1, len(layers)):
        is_more = False
        for place in range(end - 1, begin - 1, -1):
            pair = by_rank[place]
            at = pair + base
            if here[at] < 0:  # nothing comes to it
                layers[layer, pair - begin] = NOTHING
                continue
            tail = NOTHING if later[at] else np.int64(0)
            for arc in range(follower_indptr[pair], follower_indptr[pair + 1]):
                reached = layers[layer - 1, follower[arc] - begin]
                if reached > tail and here[follower[arc] + base] == later[at]:
                    tail = reached
            found = tail if tail == NOTHING else tail + gain[at]
            layers[layer, pair - begin] = found
            is_more |= found > layers[layer - 1, pair - begin]
        if not is_more:
            return layers[:layer]
    return layers


@kernel_or_plain
def longest(
    first: Array,
    by_rank: Array,
    follower_indptr: Array,
    follower: Array,
    most_shifts: Array,
    start: Array,
    gain: Array,
    due: Array,
    later: Array,
    here: Array,
    value: Array,
    chosen: Array,
) -> None:
    """Best plans of as many shifts as may be, within no other limits."""
    for k in range(len(first)):
        begin, end = first[k], first[k] + start[k + 1] - start[k]
        base = start[k] - begin
        layers = _layers(
            begin, end, base, by_rank, follower_indptr, follower, most_shifts[k], gain, later, here
        )
        layer = len(layers) - 1
        top, pair = NOTHING if due[k] else np.int64(0), np.int64(-1)
        for other in range(begin, end):
            if layers[layer, other - begin] > top and here[other + base] == due[k]:
                top, pair = layers[layer, other - begin], np.int64(other)
        value[k] = top
        while pair >= 0:
            at = pair + base
            chosen[at] = True
            rest, following = layers[layer, pair - begin] - gain[at], np.int64(-1)
            layer = layer - 1
            if rest != 0 or later[at] != 0:
                for arc in range(follower_indptr[pair], follower_indptr[pair + 1]):
                    other = follower[arc]
                    if layers[layer, other - begin] == rest and here[other + base] == later[at]:
                        following = other
                        break
            pair = following


@kernel_part
def _with_room(labels: Array) -> Array:
    """The labels with as much room again."""
    size, width = labels.shape
    more = np.empty((2 * size, width), np.int64)
    for each in range(size):
        for column in range(width):
            more[each, column] = labels[each, column]
    return more


@kernel_part
def _is_kept(labels: Array, heads: Array, mine: Number, new: Number) -> bool:
    """Put a new label among those of its pair, unless one is as good; those that are no better go."""
    last, same = np.int64(-1), heads[mine]
    while same >= 0:
        is_as_good = labels[same, _VALUE] >= labels[new, _VALUE]
        is_no_better = labels[same, _VALUE] <= labels[new, _VALUE]
        for column in range(_USED, labels.shape[1]):
            is_as_good &= labels[same, column] <= labels[new, column]
            is_no_better &= labels[same, column] >= labels[new, column]
        if is_as_good:
            return False
        following = labels[same, _LINK]
        if not is_no_better:
            last = same
        elif last < 0:
            heads[mine] = following
        else:
            labels[last, _LINK] = following
        same = following
    labels[new, _LINK], heads[mine] = heads[mine], new
    return True


@kernel_or_plain
def longest_within(
    first: Array,
    by_rank: Array,
    follower_indptr: Array,
    follower: Array,
    most_shifts: Array,
    start: Array,
    gain: Array,
    due: Array,
    later: Array,
    here: Array,
    broken: Array,
    use_start: Array,
    use: Array,
    limit_start: Array,
    limits: Array,
    value: Array,
    chosen: Array,
) -> None:
    """Best plans of some within all limits; without the others they say what more there can be.

    Plans nearly as good as ``value``, which breaks a limit, are looked for first: so few labels are enough.
    """
    for number in range(len(broken)):
        k = broken[number]
        begin, end = first[k], first[k] + start[k + 1] - start[k]
        base = start[k] - begin
        layers = _layers(
            begin, end, base, by_rank, follower_indptr, follower, most_shifts[k], gain, later, here
        )
        width, heads = limit_start[number + 1] - limit_start[number], np.empty(end - begin, np.int64)
        labels, answer, step = np.zeros((64, _USED + width), np.int64), np.int64(0), _STEPS
        labels[0, _LINK] = -1  # label 0 is the empty plan, on which all pairs may follow
        while answer == 0 and step >= 0:
            least = value[k] - (value[k] >> step)
            step -= 2
            if due[k]:
                least, step = NOTHING, -1
            top, size = least, 1
            for mine in range(end - begin):
                heads[mine] = -1
            for place in range(begin - 1, end):
                label, passed, low, high = np.int64(0), due[k], begin, end
                if place >= begin:
                    pair = by_rank[place]
                    label, passed = heads[pair - begin], later[pair + base]
                    low, high = follower_indptr[pair], follower_indptr[pair + 1]
                while label >= 0:
                    so_far, left = labels[label, _VALUE], most_shifts[k] - labels[label, _USED]
                    if passed == 0 and so_far > top:
                        top, answer = so_far, label
                    layer = min(left, len(layers)) - 1
                    for arc in range(low, high if left > 0 else low):
                        other = follower[arc] if place >= begin else arc
                        at = base + other
                        mine = other - begin
                        if here[at] != passed or layers[layer, mine] == NOTHING:
                            continue
                        if so_far + layers[layer, mine] <= top:
                            continue
                        if size == len(labels):
                            labels = _with_room(labels)
                        labels[size, _VALUE], labels[size, _PAIR] = so_far + gain[at], at
                        labels[size, _BEFORE] = label
                        stays = True
                        for limit in range(width):
                            used = use[use_start[number] + mine * width + limit]
                            used += labels[label, _USED + limit]
                            labels[size, _USED + limit] = used
                            stays &= used <= limits[limit_start[number] + limit]
                        if stays and _is_kept(labels, heads, mine, size):
                            size += 1
                    label = labels[label, _LINK]
        value[k] = top
        while answer > 0:
            chosen[labels[answer, _PAIR]] = True
            answer = labels[answer, _BEFORE]
