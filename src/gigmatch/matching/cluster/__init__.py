"""A morning that no process holds: its pairs are made, priced and checked in blocks, by tasks on a cluster.

A *block* is the workers of a part of the data set, with the shifts that they reach. What a task does with one
is in `blocks`: each takes a block as it was and gives the block as it is now with an answer, and nothing else
is kept anywhere, so that a block that is lost is made again by the same tasks. Where they run is a `runner`:
in this process, or on Dask (`on_dask`). Answers meet in `spread`, as rows of the whole morning, for the same
column generation that solves a morning of one process.
"""

from __future__ import annotations

from typing import Any

from gigmatch.matching.cluster.country import match_partitioned
from gigmatch.matching.cluster.runner import Here, Runner
from gigmatch.matching.run import Run
from gigmatch.tables.partitioned import Partitioned

__all__ = ["match_partitioned", "runner_on"]


def runner_on(cluster: Any, source: Partitioned, run: Run) -> Runner:
    """What runs tasks on the parts of a morning: a Dask client, or this process where there is none.

    Raises
    ------
    InvalidInputError
        It is something else.
    UnsupportedError
        The extra ``dask`` is not installed.
    """
    names = [source.told(part) for part in source.parts]
    if cluster is None:
        return Here(names)
    from gigmatch.matching.cluster.on_dask import OnDask

    return OnDask(cluster, names, run)
