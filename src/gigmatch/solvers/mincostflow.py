"""Min-cost flow with OR-Tools, in a child process where it would block this one."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from gigmatch.errors import SolverError
from gigmatch.i18n import Told
from gigmatch.problem import Problem
from gigmatch.solvers import flow
from gigmatch.solvers.base import Control, PlainAnswer

__all__ = [
    "SHORT_CUT",
    "SHORT_WORK",
    "MinCostFlow",
    "flow_work",
    "most_flow_work",
    "most_pairs_of_work",
    "run_flow",
]

SHORT_WORK: Final = 45_000_000
"""Work that OR-Tools ends in about half a second, whatever the pairs are (1.1e-8 s each at the worst)."""
SHORT_CUT: Final = 2_000_000_000
"""Work of a least cut, counted alike, that ends as soon: nothing is priced (3e-10 s each at the worst)."""
_PER_WORKER: Final = 20
_POLL_S: Final = 0.01


def most_flow_work(problem: Problem) -> int:
    """The most work that a flow can be: all pairs and workers once for every step of the longest path.

    A path passes no worker and no shift twice; a worker weighs as much as 20 pairs. Most problems need a
    hundredth of it. All of it is done on a street of shifts, where workers reach their neighbours only, and
    in a band around the diagonal; one wide shift hides such a street from whoever looks at pairs, degrees or
    distances alone.

    Examples
    --------
    >>> most_flow_work(Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 1]))
    86
    """
    return flow_work(problem.n_pairs, problem.n_workers, problem.n_shifts)


def flow_work(n_pairs: int, n_workers: int, n_shifts: int) -> int:
    """`most_flow_work` of so many pairs, workers and shifts."""
    return (n_pairs + _PER_WORKER * n_workers) * min(n_workers, n_shifts)


def most_pairs_of_work(work: int, n_workers: int, n_shifts: int) -> int:
    """The most pairs whose `flow_work` is not above some; none below 0."""
    return max(work // max(min(n_workers, n_shifts), 1) - _PER_WORKER * n_workers, 0)


@dataclass(frozen=True)
class MinCostFlow:
    """Exact: cost-scaling push-relabel (Goldberg 1997) as implemented by OR-Tools ``SimpleMinCostFlow``.

    OR-Tools holds the interpreter lock for its whole run and cannot be interrupted. Where that could last
    longer than half a second (`most_flow_work`), it runs in a child process, which is killed when the run is
    to stop; the child costs about 0.25 s. Without a Python executable (an embedded or frozen interpreter) it
    runs in this process all the same.

    Parameters
    ----------
    most_work : int
        Up to so much work it runs in this process.

    Examples
    --------
    >>> problem = Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 1])
    >>> MinCostFlow()(problem, Control()).shift.tolist()
    [1, 0]
    """

    most_work: int = SHORT_WORK
    name: str = "mincostflow"
    exact: bool = True
    bytes_per_pair: float = 116.0  # 106 of the flow, wherever it runs, and weights of levels above

    def supports(self, problem: Problem) -> str | None:
        """Support everything that a ``Problem`` accepts: its limit on weights is OR-Tools' own."""
        return None

    def __call__(self, problem: Problem, control: Control) -> PlainAnswer:
        """Solve the plain problem exactly."""
        is_long = most_flow_work(problem) > self.most_work
        arrays = [getattr(problem, name) for name in flow.ARRAYS]
        found = run_flow("assignment", arrays, np.int32, problem.n_workers, control, is_long=is_long)
        return PlainAnswer(shift=found, optimal=True)


def run_flow(
    task: str, arrays: list[Any], dtype: Any, size: int, control: Control, *, is_long: bool
) -> NDArray[Any]:
    """Ask for one of the flows in ``flow.TASKS``; one that is long runs in a child process where it can.

    Parameters
    ----------
    task : str
        Its name.
    arrays : list of array
        What it is asked with.
    dtype, size
        Of the array that it answers.
    control : Control
        Ends the child when the run is to stop.
    is_long : bool
        Whether it would block this process for too long.

    Raises
    ------
    SolverError
        OR-Tools did not find an optimum, or the child failed.
    """
    if is_long and _can_start_child():
        return _solve_in_child(task, arrays, np.dtype(dtype), size, control)
    try:
        return np.asarray(flow.TASKS[task](*arrays), dtype)
    except RuntimeError as error:
        raise SolverError("flow_stopped", error=error) from error


def _can_start_child() -> bool:
    """A frozen application's executable is the application, not Python."""
    return bool(sys.executable) and not getattr(sys, "frozen", False) and Path(flow.__file__).is_file()


def _solve_in_child(
    task: str, arrays: list[Any], dtype: np.dtype[Any], size: int, control: Control
) -> NDArray[Any]:
    """Run the script beside this module; nothing is left of it, whatever ends the run."""
    # -P keeps the script's own directory, with its module names, off the path.
    command = [sys.executable, "-P", flow.__file__]
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
        )
        with child:
            talk = _Conversation(child, task, arrays)
            talk.start()
            try:
                while talk.is_alive():
                    control.check()
                    talk.join(_POLL_S)
                child.wait()
            finally:
                child.kill()
                talk.join()
        if child.returncode == 0 and len(talk.reply) == size * dtype.itemsize:
            return np.frombuffer(talk.reply, dtype)
        raise _failure(child.returncode, talk.reply, errors)


class _Conversation(threading.Thread):
    """Writes the problem and reads the reply, so that the calling thread stays free to watch the clock."""

    def __init__(self, child: subprocess.Popen[bytes], task: str, arrays: list[Any]) -> None:
        super().__init__(name="gigmatch-mincostflow", daemon=True)
        self.child, self.task, self.arrays, self.reply = child, task, arrays, b""

    def run(self) -> None:
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        # A pipe that breaks means that the child is gone; its return code and stderr say why.
        with suppress(OSError):
            self._send(self.child.stdin)
        with suppress(OSError):
            self.child.stdin.close()
        self.reply = self.child.stdout.read()

    def _send(self, pipe: IO[bytes]) -> None:
        arrays = [[str(array.dtype), len(array)] for array in self.arrays]
        header = {"task": self.task, "path": sys.path, "arrays": arrays}
        pipe.write(json.dumps(header).encode() + b"\n")
        for array in self.arrays:
            pipe.write(np.ascontiguousarray(array).data)


def _failure(code: int, reply: bytes, errors: IO[bytes]) -> SolverError:
    errors.seek(0)
    text = errors.read().decode(errors="replace").strip() or Told.of("errors.no_message")
    return SolverError("flow_process_ended", code=code, n=len(reply), rest=text)
