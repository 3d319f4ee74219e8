"""The flows themselves; also a script that answers one problem over its pipes.

Imports numpy and OR-Tools only, and those late, so that the script starts quickly: it runs with the parent's
``sys.path``, which arrives first. Both directions carry one line of JSON and then raw arrays.
"""

from __future__ import annotations

import json
import sys
from typing import Any, BinaryIO

ARRAYS = ("indptr", "shift", "weight", "capacity")


def solve_flow(indptr: Any, shift: Any, weight: Any, capacity: Any) -> Any:
    """Assignment with the greatest sum of weights: shift row per worker, int32, -1 for nobody's.

    Every worker supplies one unit, which goes to the sink through a shift or around all of them; a shift's
    capacity sits on its arc to the sink, so seats are never expanded.

    Raises
    ------
    RuntimeError
        If OR-Tools does not answer "optimal".
    """
    import numpy as np
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    n_workers, n_shifts = len(indptr) - 1, len(capacity)
    answer = np.full(n_workers, -1, np.int32)
    useful = np.flatnonzero(weight >= 0)
    if not useful.size:
        return answer
    workers, sink = np.arange(n_workers, dtype=np.int64), n_workers + n_shifts
    start = np.repeat(workers, np.diff(indptr))[useful]
    flow = SimpleMinCostFlow()
    add = flow.add_arcs_with_capacity_and_unit_cost
    arcs = add(start, n_workers + shift[useful], np.ones(len(start), np.int64), -weight[useful])
    add(workers, np.full(n_workers, sink), np.ones(n_workers, np.int64), np.zeros(n_workers, np.int64))
    seats = np.minimum(capacity, n_workers)
    add(
        n_workers + np.arange(n_shifts, dtype=np.int64),
        np.full(n_shifts, sink),
        seats,
        np.zeros(n_shifts, np.int64),
    )
    flow.set_nodes_supplies(workers, np.ones(n_workers, np.int64))
    flow.set_node_supply(sink, -n_workers)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(status)
    chosen = np.flatnonzero(flow.flows(arcs))
    answer[start[chosen]] = shift[useful[chosen]]
    return answer


def solve_transport(indptr: Any, shift: Any, weight: Any, supply: Any, demand: Any) -> Any:
    """Amount sent along every pair, int64: all that workers supply and shifts demand, for the most weight.

    Raises
    ------
    RuntimeError
        If OR-Tools does not answer "optimal", as where no such amounts exist.
    """
    import numpy as np
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    n_workers, n_shifts = len(supply), len(demand)
    workers, flow = np.arange(n_workers, dtype=np.int64), SimpleMinCostFlow()
    start, most = np.repeat(workers, np.diff(indptr)), np.repeat(supply, np.diff(indptr))
    arcs = flow.add_arcs_with_capacity_and_unit_cost(start, n_workers + shift, most, -weight)
    flow.set_nodes_supplies(workers, supply)
    flow.set_nodes_supplies(n_workers + np.arange(n_shifts, dtype=np.int64), -demand)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(status)
    return np.asarray(flow.flows(arcs), np.int64)


def solve_cut(indptr: Any, shift: Any, supply: Any, demand: Any) -> Any:
    """Workers, bool, who supply more than the shifts that they reach demand; the least such set, or nobody.

    It is the side of the source in the least cut that is nearest to it.

    Raises
    ------
    RuntimeError
        If OR-Tools does not answer "optimal".
    """
    import numpy as np
    from ortools.graph.python.max_flow import SimpleMaxFlow

    n_workers, n_shifts = len(supply), len(demand)
    workers, flow = np.arange(n_workers, dtype=np.int64), SimpleMaxFlow()
    shifts, source, sink = n_workers + np.arange(n_shifts), n_workers + n_shifts, n_workers + n_shifts + 1
    start, most = np.repeat(workers, np.diff(indptr)), np.repeat(supply, np.diff(indptr))
    flow.add_arcs_with_capacity(start, n_workers + shift, most)
    flow.add_arcs_with_capacity(np.full(n_workers, source), workers, supply)
    flow.add_arcs_with_capacity(shifts, np.full(n_shifts, sink), demand)
    status = flow.solve(source, sink)
    if status != flow.OPTIMAL:
        raise RuntimeError(status)
    side = np.asarray(flow.get_source_side_min_cut(), np.int64)
    found = np.zeros(n_workers, np.bool_)
    found[side[side < n_workers]] = True
    return found


TASKS: dict[str, Any] = {"assignment": solve_flow, "transport": solve_transport, "cut": solve_cut}
"""What can be asked for, by name."""


def die_with_parent() -> None:
    """On Linux, have this process killed when its parent goes, however it goes: nobody waits for it."""
    if sys.platform == "linux":
        import ctypes
        import signal

        set_parent_death_signal = 1  # PR_SET_PDEATHSIG of prctl(2)
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def serve(stdin: BinaryIO, stdout: BinaryIO) -> None:
    """Read one problem, write its answer."""
    header = json.loads(stdin.readline())
    sys.path[:] = header["path"]
    import numpy as np

    arrays = []
    for dtype, length in header["arrays"]:
        arrays.append(np.frombuffer(stdin.read(length * np.dtype(dtype).itemsize), dtype))
    answer = TASKS[header["task"]](*arrays)
    stdout.write(answer.tobytes())
    stdout.flush()


if __name__ == "__main__":  # pragma: no cover - runs in the child process
    die_with_parent()
    serve(sys.stdin.buffer, sys.stdout.buffer)
