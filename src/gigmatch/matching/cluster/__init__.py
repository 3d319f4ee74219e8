"""A morning that no process holds: its pairs are made, priced and checked in blocks, by tasks on a cluster.

A *block* is the workers of a part of the data set, with the shifts that they reach. What a task does with one
is in `blocks`: each takes a block as it was and gives the block as it is now with an answer, and nothing else
is kept anywhere, so that a block that is lost is made again by the same tasks. Where they run is a `runner`:
in this process, or on Dask (`on_dask`). Answers meet in `spread`, as rows of the whole morning, for the same
column generation that solves a morning of one process.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gigmatch.assignment import Assignment
from gigmatch.assignment.promises import IdPairs
from gigmatch.matching.cluster.country import match_partitioned
from gigmatch.matching.cluster.runner import Here, Runner
from gigmatch.matching.run import Run
from gigmatch.pairing.policy import Policy
from gigmatch.pairing.rules import Rule
from gigmatch.pairing.travel import Travel
from gigmatch.tables.partitioned import Partitioned

__all__ = ["match_on", "match_partitioned"]


def match_on(
    cluster: Any,
    source: Partitioned,
    rules: Sequence[Rule],
    policy: Policy,
    travel: Travel,
    keep: IdPairs,
    forbid: IdPairs,
    run: Run,
) -> Assignment:
    """`match_partitioned` on a Dask client, or in this process where there is none.

    Raises
    ------
    InvalidInputError
        It is something else.
    UnsupportedError
        The extra ``dask`` is not installed.
    """
    names = [source.told(part) for part in source.parts]
    with _runner(cluster, names, run) as runner:
        return match_partitioned(source, rules, policy, travel, keep, forbid, run, runner)


def _runner(cluster: Any, names: Sequence[str], run: Run) -> Runner:
    if cluster is None:
        return Here(names)
    from gigmatch.matching.cluster.on_dask import OnDask

    return OnDask(cluster, names, run)
