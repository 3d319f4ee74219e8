"""Some workers with some shifts: every rule and scorer says of their pairs what it says in the whole."""

from __future__ import annotations

import numpy as np

import gigmatch as gm
from gigmatch.columns.parts import with_names, with_shifts
from gigmatch.pairing.candidates import shifts_in_reach
from gigmatch.pairing.pairs import Pairs
from tests.conftest import sample


def test_fewer_shifts_change_no_pair():
    """Nor what was asked for by name; rows are those of the shifts kept, in order."""
    whole = gm.columns_of(sample("jingshi", workers=50, seed=5)).unlabelled
    kept = np.arange(whole.n_shifts) % 3 > 0
    part, rows = with_shifts(whole, kept), np.flatnonzero(kept)
    assert part.shift_ids == tuple(whole.shift_ids[row] for row in rows)
    workers = np.repeat(np.arange(whole.n_workers), len(rows))
    shifts = np.tile(np.arange(len(rows)), whole.n_workers)
    few = Pairs(part, gm.StraightLine(), workers, shifts)
    same = Pairs(whole, gm.StraightLine(), workers, rows[shifts])
    assert all(np.array_equal(rule(part, few), rule(whole, same)) for rule in gm.DEFAULT_RULES)
    assert np.array_equal(gm.DEFAULT_POLICY.points(part, few), gm.DEFAULT_POLICY.points(whole, same))


def test_names_of_others_are_there():
    """A group or an attribute that nobody in a part has is nobody's, and no KeyError."""
    whole = gm.columns_of(sample("jingshi", workers=50, seed=5)).unlabelled
    part = with_names(whole, (*whole.priority_groups, "zzz"), ("licence",))
    assert part.workers.groups.shape == (whole.n_workers, len(whole.priority_groups) + 1)
    assert not part.workers.groups[:, -1].any()
    assert set(part.workers.attributes["licence"]) == {None}


def test_shifts_out_of_reach_are_left_out():
    """Only where a rule bounds the way, and the travel has a bound."""
    columns = sample("city", workers=60, shifts=15, seed=2)
    rules = (gm.rules.WithinReach(),)
    reached = shifts_in_reach(columns, rules, gm.StraightLine(detour=400.0))
    assert 0 <= reached.sum() < 15
    assert shifts_in_reach(columns, (), gm.StraightLine(detour=400.0)).all()
