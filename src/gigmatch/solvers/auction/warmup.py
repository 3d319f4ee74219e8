"""Compiling the auction ahead, by doing everything once on a small problem."""

from __future__ import annotations

import numpy as np

from gigmatch.problem import Face, Problem
from gigmatch.solvers.auction.engine import Engine
from gigmatch.solvers.auction.pairs import shifts_of
from gigmatch.solvers.auction.pool import WorkerPool
from gigmatch.solvers.auction.ranks import place_by_rank
from gigmatch.solvers.base import Control

__all__ = ["warmup"]


def warmup() -> None:
    """Call every kernel once for 32- and once for 64-bit weights, so that all of them are compiled."""
    for heaviest in (1000, 2**40):
        indptr, shift = np.arange(65) * 40, np.tile(np.arange(40, dtype=np.int32), 64)
        weight = np.random.default_rng(0).integers(0, heaviest, len(shift))
        problem = Problem(indptr=indptr, shift=shift, weight=weight, capacity=np.ones(40, np.int64))
        with WorkerPool(1, Control()) as pool:
            Engine(problem, pool).warmup()
        shifts_of(problem, np.arange(64), Control())
    nobody = np.full(problem.n_workers, -1, np.int32)
    place_by_rank(problem, Face.whole(problem), 0, nobody, Control())
