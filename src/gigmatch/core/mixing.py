"""Many numbers scattered at once, the same on every machine."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["mixed"]


def mixed(number: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scatter some numbers, no two to the same: every bit of the input changes every bit of the output.

    Parameters
    ----------
    number : uint64[n]
        Any.

    Returns
    -------
    uint64[n]
        By the finaliser of splitmix64 (Steele, Lea and Flood 2014).
    """
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))
