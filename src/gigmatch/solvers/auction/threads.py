"""Sharing out independent kernels; numba's own thread layers abort under concurrent calls or after a fork."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType

from gigmatch.errors import InvalidInputError
from gigmatch.solvers.base import Control
from gigmatch.threads import thread_count

__all__ = ["Team", "allowed_threads"]


def allowed_threads(threads: int | None = None) -> int:
    """How many threads to use: the argument, else what `gigmatch.threads` allows."""
    if threads is None:
        return thread_count()
    if threads < 1:
        raise InvalidInputError(f"threads must be 1 or more, or None for every CPU; got {threads!r}")
    return threads


class Team:
    """The calling thread and some helpers, for the length of one run."""

    def __init__(self, threads: int, control: Control) -> None:
        self.threads, self.control = threads, control
        self._helpers = ThreadPoolExecutor(threads - 1, "gigmatch-auction") if threads > 1 else None

    def __enter__(self) -> Team:
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
