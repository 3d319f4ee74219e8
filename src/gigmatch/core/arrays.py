"""Arrays: what their types are called, read-only ones, and rows of different lengths laid end to end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["BitWords", "BoolArray", "Float64Array", "IndexArray", "Int32Array", "Int64Array"]

BoolArray = NDArray[np.bool_]
Int32Array = NDArray[np.int32]
Int64Array = NDArray[np.int64]
Float64Array = NDArray[np.float64]
IndexArray = NDArray[np.intp]
"""Rows of something else."""
BitWords = tuple[NDArray[np.uint64], ...]
"""Sets of up to 64 members a word, a word a row."""
