"""Work in threads whose result does not depend on how many there are.

numpy lets other threads run while it computes, so blocks of pairs are worked on side by side. Blocks are cut
and put together in one order whatever the number of threads, and no block sees another.

By hand: before Python 3.14 (``buffersize``), ``Executor.map`` takes all items at once.
"""

from __future__ import annotations

import ctypes
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sized
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from numbers import Integral
from threading import current_thread
from typing import TypeVar

import numpy as np

from gigmatch.errors import InvalidInputError

__all__ = ["THREADS_VARIABLE", "Progress", "in_order", "keep_freed_memory", "thread_count"]

THREADS_VARIABLE = "GIGMATCH_THREADS"
MOST_THREADS = 1024
_NAME = "gigmatch-order"
LARGEST_KEPT = (1 << 25) - (1 << 13)  # just below the most that glibc raises its threshold to
_THRESHOLDS = {-3: LARGEST_KEPT, -1: 2 * LARGEST_KEPT}  # of mapping and of trimming, as glibc sets them

Progress = Callable[[str, float], object]
"""Told the stage of a run and the share of it that is done, in the thread that asked for it."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def thread_count(threads: int | None = None) -> int:
    """Threads to use: the argument, else ``GIGMATCH_THREADS``, else as many as the process may run on.

    Parameters
    ----------
    threads : int, optional
        1 to 1,024.

    Raises
    ------
    InvalidInputError
        The argument or the environment's variable is not a whole number from 1 to 1,024.
    """
    if threads is not None:
        if not isinstance(threads, Integral) or isinstance(threads, bool) or not 1 <= threads <= MOST_THREADS:
            raise _out_of_range("threads", threads)
        return int(threads)
    text = os.environ.get(THREADS_VARIABLE)
    if text is None:
        return _processors()
    if not re.fullmatch("[0-9]{1,9}", text) or not 1 <= int(text) <= MOST_THREADS:
        raise _out_of_range(THREADS_VARIABLE, text)
    return int(text)


def _out_of_range(name: str, value: object) -> InvalidInputError:
    return InvalidInputError("integer_out_of_range", name=name, least=1, most=MOST_THREADS, value=value)


def in_order(
    function: Callable[[Item], Result], items: Iterable[Item], threads: int | None = None
) -> Iterator[Result]:
    """``function(item)`` of every item, in the order of the items, a few at a time in threads.

    Parameters
    ----------
    function : callable
        Called in several threads at once; an exception is raised here, in the item's turn.
    items : iterable
        Taken a few ahead only, so results that are not asked for do not pile up.
    threads : int, optional
        As for `thread_count`. Within such a thread there are no more: as many are at work already.

    Yields
    ------
    result

    Examples
    --------
    >>> list(in_order(abs, [-1, 2, -3]))
    [1, 2, 3]
    """
    threads = 1 if current_thread().name.startswith(_NAME) else thread_count(threads)
    if threads == 1 or (isinstance(items, Sized) and len(items) < 2):
        yield from map(function, items)
        return
    ahead: deque[Future[Result]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix=_NAME)
    try:
        for item in items:
            ahead.append(pool.submit(function, item))
            if len(ahead) > threads:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


@cache
def keep_freed_memory() -> None:
    """Have the C library keep what blocks of pairs free, where it would give it back and fetch it anew.

    Done once a process: the threshold below is the process's, never falls again, and a fork inherits it with
    the note that it is raised. Threads that come first together raise it twice, to the same. Where somebody
    has fixed the thresholds, as Dask does for its workers, glibc raises nothing by itself and is told to.

    glibc takes every array above a threshold from the system, page by page, and gives it back when it is
    freed; it raises the threshold to the size of the largest array that it saw freed, up to 32 MiB. Blocks of
    pairs are worked on half as fast again below it. The array that raises it is never written to, so that it
    takes no memory. Elsewhere this does nothing.
    """
    np.empty(LARGEST_KEPT, np.uint8)
    if any(name.startswith("MALLOC_") and name.endswith("_THRESHOLD_") for name in os.environ):
        for option, most in _THRESHOLDS.items():
            with suppress(AttributeError, OSError):  # elsewhere than in glibc there is none
                ctypes.CDLL(None).mallopt(option, most)


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not every system tells which processors are allowed
        return os.cpu_count() or 1
