"""Tasks on a Dask cluster: the one door to Dask.

A block stays on the worker that made it, as the result of a task; the next task on it gets it there, or
wherever Dask has moved it. Its answer is a task of its own, so that a block never comes here. Tasks depend on
nothing but what they are given: where a worker is lost, Dask runs again what had made its blocks, task by
task, and the answer is the same.

The cluster is trusted: Dask sends functions and results from process to process pickled. No file is.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from logging import CRITICAL
from multiprocessing import current_process
from typing import Any, Self
from uuid import uuid4

from gigmatch.core.limits import LARGEST, check_whole
from gigmatch.core.threads import MOST_THREADS
from gigmatch.errors import GigmatchError, InvalidInputError, SolverError, UnsupportedError
from gigmatch.i18n import Told
from gigmatch.i18n.foreign import said_by
from gigmatch.matching.cluster.runner import Task, done
from gigmatch.matching.run import Run

__all__ = ["OnDask", "dask_client"]

LOOK_S = 0.5
"""Between looks at whether a run is stopped, or the scheduler lost."""
STOPPED = ("compile", "prepare", "candidates", "baseline", "pricing")
"""Stages that a stop ends; what comes after them is short, and without it there is no answer."""
ANSWER_S = 10
"""A scheduler that does not answer for so long at first is not there."""
LOST_S = 30
"""A scheduler that has not answered for so long is lost."""
LEAST_BYTES = 1 << 28
"""Of a process: it takes 170 MB before any work, and with less Dask ends it again and again."""


@contextmanager
def dask_client(
    address: str | None = None, *, local: int | None = None, memory_bytes: int | None = None
) -> Iterator[Any]:
    """Give a client of a Dask cluster for as long as a block of code lasts.

    Parameters
    ----------
    address : str, optional
        Of the scheduler of a cluster that is there, such as ``"tcp://10.0.0.5:8786"``.
    local : int, optional
        How many processes of one thread each to begin on this machine instead. Each reads the script anew, so
        what it does stands under ``if __name__ == "__main__":``.
    memory_bytes : int, optional
        What each of these may take, 268,435,456 or more; an even part of the machine's unless given.

    Yields
    ------
    distributed.Client
        Its ``dashboard_link`` shows the work in a browser. It is closed afterwards, and so is a cluster that
        was begun here.

    Raises
    ------
    InvalidInputError
        Neither or both are given, the address is no text, or a number is no whole number within its bounds.
    SolverError
        Nobody answers at the address; or no processes can be begun.
    UnsupportedError
        The extra ``dask`` is not installed.

    Examples
    --------
    >>> import gigmatch as gm
    >>> def main():
    ...     with gm.dask_client(local=2) as client:
    ...         return gm.match(gm.Partitioned("country"), cluster=client)
    >>> if __name__ == "__main__":  # doctest: +SKIP
    ...     assignment = main()
    """
    if (address is None) == (local is None):
        raise InvalidInputError("one_cluster")
    if address is not None and not isinstance(address, str):
        raise InvalidInputError("wrong_type", name="address", kinds="str", value=address)
    if local is not None:
        check_whole("local", local, 1, MOST_THREADS)
    if memory_bytes is not None:
        check_whole("memory_bytes", memory_bytes, LEAST_BYTES, LARGEST)
    with _begun(local, memory_bytes) if address is None else _found(address) as client:
        yield client


def _found(address: str) -> Any:
    """A client of the cluster that is there."""
    try:
        return _distributed().Client(address, timeout=ANSWER_S)
    except (OSError, ValueError) as error:
        raise SolverError("scheduler_lost", address=address, error=said_by(error)) from None


@contextmanager
def _begun(local: int | None, memory_bytes: int | None) -> Iterator[Any]:
    """A client of a cluster on this machine, whose processes keep what befalls them for us to tell."""
    if getattr(current_process(), "_inheriting", False):  # as multiprocessing itself asks
        raise SolverError("begun_while_imported")
    dask = _distributed()
    try:
        cluster = dask.LocalCluster(
            n_workers=local,
            threads_per_worker=1,
            memory_limit="auto" if memory_bytes is None else memory_bytes,
            dashboard_address=":0",
            silence_logs=CRITICAL,
        )
    except (OSError, RuntimeError) as error:
        raise SolverError("cluster_not_begun", error=said_by(error)) from None
    with cluster, dask.Client(cluster) as client:
        yield client


class OnDask:
    """Runs every task on the workers of a cluster.

    Parameters
    ----------
    client : distributed.Client
        Of the cluster; it is not closed.
    names : sequence of str
        What the blocks are called.
    run : Run
        Asked now and then whether it is stopped.

    Raises
    ------
    InvalidInputError
        It is no such client.
    UnsupportedError
        The extra ``dask`` is not installed.
    """

    def __init__(self, client: Any, names: Sequence[str], run: Run) -> None:
        self.dask = _distributed()
        if not isinstance(client, self.dask.Client) or client.asynchronous:
            raise InvalidInputError("wrong_type", name="cluster", kinds="distributed.Client", value=client)
        self.client, self.names, self.heed = client, names, run.watch
        self.id, self.tasks = uuid4().hex[:8], 0
        self.blocks: list[Any] = [None] * len(names)
        self.waiting: set[Any] = set()
        self.homes = [""] * len(names)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of all blocks, and end tasks that are not done."""
        left = [future for future in (*self.waiting, *self.blocks) if future is not None]
        self.waiting, self.blocks = set(), [None] * len(self.names)
        if self.client.status == "running":
            self.client.cancel([future for future in left if not future.done()])

    def run(
        self, stage: str, task: Task, arguments: Sequence[tuple[Any, ...] | None]
    ) -> Iterator[tuple[int, Any]]:
        """Number and answer of every block, as they come; all tasks are sent off at once."""
        answers = {}
        closed: tuple[type[BaseException], ...] = (RuntimeError, *self._lost())
        if self.client.status in ("closing", "closed"):
            raise self._scheduler_lost(Told.of("errors.client_closed"))
        try:
            homes = self._homes()
            for at, given in enumerate(arguments):
                if given is None:
                    continue
                self.tasks += 1
                key = f"{stage}-{task.__name__}-{self.id}-{at}-{self.tasks}"
                here = (
                    {"workers": homes[at], "allow_other_workers": True, "pure": False}
                    if homes
                    else {"pure": False}
                )
                block = self.client.submit(
                    _next, self.names[at], task, self.blocks[at], *given, key=key, **here
                )
                answers[self.client.submit(_answer, block, key=f"answer-{key}", **here)] = at
                self.blocks[at] = block
        except closed as error:
            raise self._scheduler_lost(said_by(error)) from None
        return self._as_they_come(stage, answers)

    def _homes(self) -> list[str]:
        """The worker that each block is at home on: dealt out to as many threads as each has, and kept.

        Dask would move blocks to whoever has nothing to do, which takes longer than most tasks. Where a
        worker is lost its blocks are dealt out anew; nothing keeps Dask from running them elsewhere.
        """
        threads = self.client.nthreads()
        slots = [
            address for _, address in sorted((n, at) for at, many in threads.items() for n in range(many))
        ]
        for at, home in enumerate(self.homes):
            if slots and home not in threads:
                self.homes[at] = slots[at % len(slots)]
        return self.homes if slots else []

    def _as_they_come(self, stage: str, answers: dict[Any, int]) -> Iterator[tuple[int, Any]]:
        self.waiting, n = set(answers), len(answers)
        heard = time.monotonic()
        while self.waiting:
            ended = {future for future in self.waiting if future.done()}
            self.waiting -= ended
            for future in sorted(ended, key=answers.__getitem__):
                yield answers[future], self._result(answers[future], future)
            if ended or self._has_home():
                heard = time.monotonic()
            elif time.monotonic() - heard > LOST_S:
                raise self._nobody_there(answers)
            if stage in STOPPED:
                self.heed(stage, (n - len(self.waiting)) / (n + 1))
            if not ended:
                self._wait()

    def _wait(self) -> None:
        """Until something has ended, or it is time for another look."""
        try:
            self.dask.wait(self.waiting, timeout=LOOK_S, return_when="FIRST_COMPLETED")
        except TimeoutError:
            pass
        except self._lost() as error:
            raise self._scheduler_lost(said_by(error)) from None

    def _has_home(self) -> bool:
        """Whether any of the workers that blocks are at home on is there.

        Where none is, Dask keeps their tasks for ever: those that come in their stead have other addresses.
        """
        if self.client.status != "running":
            return False
        try:
            return not self.client.nthreads().keys().isdisjoint(self.homes)
        except self._lost():
            return False

    def _nobody_there(self, answers: dict[Any, int]) -> SolverError:
        said = Told.of("errors.no_answer_for", n=LOST_S)
        if self.client.status != "running":
            return self._scheduler_lost(said)
        block = self.names[min(answers[future] for future in self.waiting)]
        return SolverError("block_kills_workers", block=block, error=said)

    def _result(self, at: int, future: Any) -> Any:
        try:
            return future.result()
        except GigmatchError:
            raise
        except self.dask.scheduler.KilledWorker as error:
            raise SolverError("block_kills_workers", block=self.names[at], error=said_by(error)) from None
        except self._lost() as error:
            raise self._scheduler_lost(said_by(error)) from None
        except Exception as error:  # of Dask itself, such as what a machine without gigmatch cannot read
            name = self.names[at]
            raise SolverError("cluster_failed", block=name, error=said_by(error)) from error

    def _lost(self) -> tuple[type[BaseException], ...]:
        cancelled = import_module("concurrent.futures").CancelledError
        return self.dask.comm.CommClosedError, self.dask.client.CancelledError, cancelled, OSError

    def _scheduler_lost(self, error: str) -> SolverError:
        address = getattr(self.client.scheduler, "address", None) or str(self.client)
        return SolverError("scheduler_lost", address=address, error=error)


def _next(name: str, task: Task, before: tuple[Any, Any] | None, *arguments: Any) -> tuple[Any, Any]:
    """A block as a task leaves it, and its answer."""
    return done(name, task, None if before is None else before[0], *arguments)


def _answer(ended: tuple[Any, Any]) -> Any:
    return ended[1]


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ImportError:
        raise UnsupportedError.without("dask", "distributed", "dask") from None
