"""Promises are held or refused, in one block, as if each had been looked at alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from gigmatch.assignment.promises import kept_rows
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules import DEFAULT_RULES, apply_rule, rule_name, rule_severity
from strategies import mornings
from tests.conftest import a_morning, a_shift, a_worker, examples

TRAVEL = gm.StraightLine()


def faults(columns, keep, forbid):
    """What is wrong with the first promise that cannot be held, each looked at alone; None if all can."""
    workers, left = set(), dict(zip(columns.shift_ids, columns.shifts.capacity.tolist(), strict=True))
    for at, (worker, shift) in enumerate(keep):
        left[shift] -= 1
        pair = Pairs(
            columns, TRAVEL, np.array([columns.worker_row[worker]]), np.array([columns.shift_row[shift]])
        )
        checks = [
            (worker in workers, "the worker has a promised pair already"),
            ((worker, shift) in forbid, "the pair is forbidden too"),
            (left[shift] < 0, "the shift has only"),
            *(
                (not apply_rule(rule, columns, pair)[0], f"refused by rule {rule_name(rule)!r}")
                for rule in DEFAULT_RULES
                if rule_severity(rule, columns) == "block"
            ),
        ]
        for fault, text in checks:
            if fault:
                return f"keep[{at}] {(worker, shift)!r}: {text}"
        workers.add(worker)
    return None


@examples(100)
@given(mornings(max_workers=8, max_shifts=5), st.data())
def test_as_one_promise_after_the_other(morning, data):
    """Whatever is promised and barred: the rows, or the refusal of the first that cannot be held."""
    columns = gm.columns_of(morning)
    possible = gm.feasible_pairs(columns, DEFAULT_RULES, TRAVEL)
    ids = [
        (columns.worker_ids[worker], columns.shift_ids[shift])
        for worker, shift in zip(possible.worker.tolist(), possible.shift.tolist(), strict=True)
    ]
    every = [(worker, shift) for worker in columns.worker_ids for shift in columns.shift_ids]
    some = [st.lists(st.sampled_from(pairs), max_size=6) for pairs in (ids, every) if pairs]
    keep = data.draw(st.one_of(some) if some else st.just([]))
    forbid = data.draw(st.lists(st.sampled_from(every), max_size=3) if every else st.just([]))
    expected = faults(columns, keep, forbid)
    if expected is None:
        kept = kept_rows(columns, keep, forbid, DEFAULT_RULES, TRAVEL)
        held = {columns.worker_ids[i]: columns.shift_ids[kept[i]] for i in np.flatnonzero(kept >= 0)}
        assert held == dict(keep)
    else:
        with pytest.raises(gm.InvalidPairsError) as refused:
            kept_rows(columns, keep, forbid, DEFAULT_RULES, TRAVEL)
        assert str(refused.value).startswith(expected)


def crowd(n):
    """``n`` workers and a shift for all of them."""
    return gm.columns_of(a_morning(*(a_worker(f"w{k:03}") for k in range(n)), a_shift("x", headcount=n)))


def test_a_rule_is_called_once_for_all_promises():
    """Two hundred promises, in any order: one block, by worker."""
    columns, blocks = crowd(200), []

    def watching(columns, pairs):
        blocks.append(pairs.worker.tolist())
        return np.ones(len(pairs), dtype=bool)

    keep = [(worker, "x") for worker in reversed(columns.worker_ids)]
    assert kept_rows(columns, keep, [], [watching], TRAVEL).tolist() == [0] * 200
    assert blocks == [list(range(200))]
    kept_rows(columns, [], [], [watching], TRAVEL)
    assert len(blocks) == 1  # nothing promised, nothing asked


def test_the_first_broken_promise_and_the_first_rule_that_breaks_it():
    """In the order in which promises and rules were given, whatever the order of the rows."""
    columns = crowd(4)

    def early(columns, pairs):
        """Not the first worker."""
        return pairs.worker != 0

    def late(columns, pairs):
        """Only the second worker."""
        return pairs.worker == 1

    keep = [(columns.worker_ids[row], "x") for row in (1, 3, 0, 1)]
    for rules, first in (([early, late], "late"), ([late, early], "late"), ([early], "early")):
        at = {"late": 1, "early": 2}[first]
        with pytest.raises(gm.InvalidPairsError, match=rf"keep\[{at}\] .*: refused by rule '{first}'"):
            kept_rows(columns, keep, [], rules, TRAVEL)
    with pytest.raises(gm.InvalidPairsError, match=r"keep\[0\] .*: refused by rule 'early': Not the first"):
        kept_rows(columns, keep[2:], [], [early, late], TRAVEL)
    with pytest.raises(gm.InvalidPairsError, match=r"keep\[3\] .*: the worker has a promised pair already"):
        kept_rows(columns, keep, [], [], TRAVEL)
