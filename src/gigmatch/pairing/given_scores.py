"""Scores that are looked up: lists that people have written, as a scorer."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gigmatch.columns import Columns
from gigmatch.core.arrays import Float64Array
from gigmatch.errors import InvalidInputError
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.scoring import Side

__all__ = ["GivenScores"]


class GivenScores:
    """A scorer that looks scores up, for lists that people have written.

    Parameters
    ----------
    name : str
        What it is called in a policy.
    pairs : Pairs
        What is scored, as from ``gigmatch.feasible_pairs``: by worker, then shift, each once.
    scores : float64[n_pairs]
        In [0, 1], 1 the best; of a list of n, for example, ``1 - place / n``.
    side : {"worker", "employer", "market"}
        Whose view it is.

    Notes
    -----
    Pairs that are not among them score 0. Its version is a digest of pairs and scores: an answer is checked
    with these alone.

    Raises
    ------
    InvalidInputError
        Pairs and scores are not of one length, or the pairs are out of order.
    """

    def __init__(self, name: str, pairs: Pairs, scores: NDArray[Any], *, side: Side) -> None:
        self.name, self.side = name, side
        self._key = pairs.worker << 32 | pairs.shift
        self._scores: Float64Array = np.array(scores, np.float64)
        if self._scores.shape != self._key.shape or (np.diff(self._key) <= 0).any():
            raise InvalidInputError("given_scores_of_other_pairs", name=name)
        self.version = sha256(self._key.tobytes() + self._scores.tobytes()).hexdigest()[:16]

    def __call__(self, columns: Columns, pairs: Pairs) -> Float64Array:
        """Score of each pair."""
        if not len(self._key):
            return np.zeros(len(pairs))
        key = pairs.worker << 32 | pairs.shift
        at = np.minimum(np.searchsorted(self._key, key), len(self._key) - 1)
        return np.where(self._key[at] == key, self._scores[at], 0.0)
