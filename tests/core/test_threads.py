"""Work in threads: in order, bounded, and the same whatever their number."""

from __future__ import annotations

import platform
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest

import gigmatch as gm
from gigmatch.core import threads
from tests.conftest import sample


@pytest.mark.parametrize("count", ["1", "2", "5"])
def test_results_come_in_order(monkeypatch, count):
    """The first item is the slowest, and still comes first."""
    monkeypatch.setenv(threads.THREADS_VARIABLE, count)

    def work(item):
        time.sleep(0.02 if item == 0 else 0)
        return item * item

    assert list(threads.in_order(work, range(20))) == [item * item for item in range(20)]


def test_items_are_taken_a_few_ahead_only(monkeypatch):
    """Whoever stops asking leaves the rest untouched, and no thread behind."""
    monkeypatch.setenv(threads.THREADS_VARIABLE, "2")
    taken = []
    results = threads.in_order(lambda item: item, (taken.append(i) or i for i in range(100)))
    assert next(results) == 0
    results.close()
    assert len(taken) <= 4
    assert not [t for t in threading.enumerate() if t.name.startswith("gigmatch")]


@pytest.mark.parametrize("count", ["1", "2"])
def test_an_exception_arrives_in_its_turn(monkeypatch, count):
    """What goes wrong in a thread is raised to the caller."""
    monkeypatch.setenv(threads.THREADS_VARIABLE, count)
    results = threads.in_order(lambda item: 1 // item, [1, 0, 1])
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)


@pytest.mark.parametrize("text", ["0", "two", "-1", "", "1.5"])
def test_a_bad_number_of_threads(monkeypatch, text):
    """The error names the variable and the value."""
    monkeypatch.setenv(threads.THREADS_VARIABLE, text)
    with pytest.raises(gm.InvalidInputError, match="GIGMATCH_THREADS must be a whole number"):
        threads.thread_count()


def test_as_many_as_are_allowed(monkeypatch):
    """Without the variable: the allowed processors, or all where the system does not tell."""
    monkeypatch.delenv(threads.THREADS_VARIABLE, raising=False)
    assert threads.thread_count() >= 1
    monkeypatch.delattr("os.sched_getaffinity", raising=False)
    assert threads.thread_count() >= 1


def test_the_same_pairs_and_points_with_any_number(monkeypatch):
    """Candidates and points of a sample, byte for byte."""
    columns = gm.columns_of(sample("jingshi", seed=3, workers=3000))
    found = []
    for count in ("1", "2", "3"):
        monkeypatch.setenv(threads.THREADS_VARIABLE, count)
        pairs = gm.feasible_pairs(columns, gm.DEFAULT_RULES, gm.StraightLine())
        found.append((pairs.worker, pairs.shift, pairs.minutes, gm.DEFAULT_POLICY.points(columns, pairs)))
    for other in found[1:]:
        assert all(np.array_equal(a, b) for a, b in zip(found[0], other, strict=True))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's allocator alone is asked")
def test_freed_memory_is_kept():
    """From the first call on, an array of 8 MiB comes without new pages; the call touches none of its own."""
    script = """
        from resource import RUSAGE_SELF, getrusage
        import numpy as np
        from gigmatch.core.threads import keep_freed_memory

        def new_pages(function):
            before = getrusage(RUSAGE_SELF).ru_minflt
            function()
            return getrusage(RUSAGE_SELF).ru_minflt - before

        print(new_pages(keep_freed_memory))
        fill = lambda: np.ones(8 << 20, np.int8)
        fill()
        print(max(new_pages(fill) for _ in range(5)))
    """
    run = [sys.executable, "-c", textwrap.dedent(script)]
    called, filled = map(int, subprocess.run(run, capture_output=True, text=True, check=True).stdout.split())
    assert called < 256  # 32 MiB, which the call names, are 8,192 pages
    assert filled < 256  # of 2,048


def test_the_allocator_is_asked_once(monkeypatch):
    """However often candidates are gone through."""
    asked = []
    monkeypatch.setattr(threads.np, "empty", lambda *size: asked.append(size))
    threads.keep_freed_memory.cache_clear()
    for _ in range(3):
        threads.keep_freed_memory()
    assert len(asked) == 1
