"""Sharing out independent kernels; numba's own thread layers abort under concurrent calls or after a fork."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType

from gigmatch.solvers.base import Control

__all__ = ["WorkerPool"]


class WorkerPool:
    """The calling thread and some helpers, for the length of one run."""

    def __init__(self, threads: int, control: Control) -> None:
        self.threads, self.control = threads, control
        self._helpers = ThreadPoolExecutor(threads - 1, "gigmatch-auction") if threads > 1 else None

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._helpers is not None:
            self._helpers.shutdown()

    def each(self, tasks: Iterable[Callable[[], object]]) -> None:
        """Run tasks in any order; the run is checked between them, and nothing runs on when it stops."""
        left = deque(tasks)
        helpers = min(self.threads, len(left)) - 1
        futures = [self._helpers.submit(_drain, left) for _ in range(helpers)] if self._helpers else []
        try:
            while left:
                self.control.check()
                _step(left)
        finally:
            left.clear()
            for future in futures:
                future.result()


def _step(left: deque[Callable[[], object]]) -> None:
    try:
        task = left.popleft()
    except IndexError:  # another thread was quicker
        return
    task()


def _drain(left: deque[Callable[[], object]]) -> None:
    while left:
        _step(left)
