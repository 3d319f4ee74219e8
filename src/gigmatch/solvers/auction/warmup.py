"""Compiling ahead, by doing everything once on a small problem."""

from __future__ import annotations

import numpy as np

from gigmatch.problem import Problem
from gigmatch.solvers.auction import augment, duals
from gigmatch.solvers.auction.engine import UNDOINGS, Engine, shifts_of
from gigmatch.solvers.auction.pool import Team
from gigmatch.solvers.base import Control

__all__ = ["practise"]


def practise() -> None:
    """Call every kernel once for 32- and once for 64-bit weights, so that all of them are compiled."""
    for heaviest in (1000, 2**40):
        indptr, shift = np.arange(65) * 40, np.tile(np.arange(40, dtype=np.int32), 64)
        weight = np.random.default_rng(0).integers(0, heaviest, len(shift))
        problem = Problem(indptr=indptr, shift=shift, weight=weight, capacity=np.ones(40, np.int64))
        with Team(1, Control()) as team:
            engine = Engine(problem, team)
            engine.run()
            engine._attract(engine._every_column(), 1)
            engine.undone = UNDOINGS
            engine._unhappy(1)
            engine._grow(engine.everybody)
            arguments = (engine.price, engine.profit, engine.seats, engine.places)
            duals.unsettle(engine.lists, *arguments, engine.everybody, engine.stack)
            augment.fill_seats(engine._list_columns(), *arguments, engine.search, 0, 1)
            engine.best_so_far()
            shifts_of(problem, np.arange(64), Control())
