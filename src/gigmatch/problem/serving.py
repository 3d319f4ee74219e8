"""First come, first served as one loop, worker after worker."""

from __future__ import annotations

from gigmatch.core.kernels import Array, kernel

__all__ = ["serve"]


@kernel
def serve(left: Array, taken: Array, workers: Array, indptr: Array, shift: Array, weight: Array) -> None:
    """Give each worker the best shift that has a seat left, the first of equal ones; none below 0."""
    for row in range(len(workers)):
        best, wanted = -1, -1
        for k in range(indptr[row], indptr[row + 1]):
            if weight[k] > best and left[shift[k]] > 0:
                best, wanted = weight[k], shift[k]
        if wanted >= 0:
            left[wanted] -= 1
            taken[workers[row]] = wanted
