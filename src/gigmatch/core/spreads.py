"""How unevenly something is spread over people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["gini", "worst_decile"]


def gini(values: NDArray[np.number]) -> float:
    """Return Gini's coefficient of some values, none below 0: half the mean difference of two over the mean.

    0 where there are none or all are 0.

    Examples
    --------
    >>> gini(np.array([1, 1, 1])), gini(np.array([0, 0, 0, 8]))
    (0.0, 0.75)
    """
    ordered = np.sort(values.astype(np.float64))
    n, whole = len(ordered), float(ordered.sum())
    if not whole:
        return 0.0
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * whole))


def worst_decile(values: NDArray[np.number]) -> float:
    """Return the mean of the greatest tenth of some values, rounded up to whole people; 0 for nobody.

    Examples
    --------
    >>> worst_decile(np.array([3, 0, 9])), worst_decile(np.arange(20))
    (9.0, 18.5)
    """
    ordered = np.sort(values.astype(np.float64))
    tenth = -(-len(ordered) // 10)
    return float(ordered[-tenth:].mean()) if tenth else 0.0
