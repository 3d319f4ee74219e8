"""Shifts that one worker might manage both of, and that are held to exclude each other."""

from __future__ import annotations

import numpy as np

from gigmatch.columns.columns import ShiftColumns, Spans
from gigmatch.core.arrays import BoolArray, IndexArray

__all__ = ["n_interleaving"]


def n_interleaving(shifts: ShiftColumns) -> int:
    """How many pairs of shifts could be one worker's, but are held not to be, as their spans interleave.

    Spans overlap, and yet one of the two is flexible, or no period of the one overlaps one of the other.
    """
    start, end, periods = shifts.start_min, shifts.end_min, shifts.periods
    odd = np.flatnonzero(shifts.flexible | (periods.counts > 1))
    is_odd, total = np.isin(np.arange(len(start)), odd), 0
    for shift in odd.tolist():
        spans = (start < end[shift]) & (start[shift] < end)
        spans &= ~is_odd | (np.arange(len(start)) > shift)  # each two once
        others = np.flatnonzero(spans)
        clash = np.zeros(len(others), dtype=bool)
        for at in range(int(periods.indptr[shift]), int(periods.indptr[shift + 1])):
            clash |= _overlaps(periods, others, int(periods.start[at]), int(periods.end[at]))
        total += int(np.count_nonzero(~clash | shifts.flexible[others] | shifts.flexible[shift]))
    return total


def _overlaps(periods: Spans, shifts: IndexArray, start: int, end: int) -> BoolArray:
    """Whether a period of each of some shifts overlaps a stretch of time: bool[k]."""
    found = np.zeros(len(shifts), dtype=bool)
    for n in range(periods.most):
        more = np.flatnonzero(periods.counts[shifts] > n)
        begins, ends = periods.nth(shifts[more], n)
        found[more] |= (begins < end) & (start < ends)
    return found
