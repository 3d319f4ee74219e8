"""Names to rows: against a dictionary, whatever the names look like."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gigmatch.tables import lookup
from gigmatch.tables.lookup import Lookup

ROOT = Path(__file__).parents[2]

# Few letters, and lengths around 8 and 16, where words are full.
NAMES = st.one_of(
    st.none(),
    st.text("ab", max_size=3),
    st.builds("{}{}{}".format, st.just("x" * 8), st.text("ab", max_size=3), st.just("y" * 8)),
    st.text(max_size=20),
)


def texts(names: list[str | None]) -> pa.LargeStringArray:
    return pa.array(names, type=pa.large_string())


@pytest.fixture(params=[0, 1 << 62], ids=["compiled", "Arrow"], autouse=True)
def many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "_MANY", request.param)


@given(st.lists(NAMES, max_size=40), st.lists(NAMES, max_size=40), st.integers(0, 3))
def test_rows_are_those_of_a_dictionary(
    keys: list[str | None], others: list[str | None], skipped: int
) -> None:
    first: dict[str, int] = {}
    again: dict[int, int] = {}
    for row, key in enumerate(keys[skipped:]):
        if key is not None and (before := first.setdefault(key, row)) != row:
            again[row] = before
    found = Lookup(texts(keys)[skipped:])
    names = [*others, *keys]
    assert found.rows(texts(names)[skipped:]).tolist() == [first.get(n, -1) for n in names[skipped:]]
    rows, earlier = found.again()
    assert dict(zip(rows.tolist(), earlier.tolist(), strict=True)) == again


@pytest.mark.parametrize("step", [1, 3, 50, 80, 1999])
def test_names_in_any_order_and_at_any_distance(step: int) -> None:
    """In the order of the keys, with gaps, or all over the place."""
    n = 3000
    keys = texts([f"w-{number:07}" for number in range(n)])
    rows = np.arange(0, n * 3, step) % n
    assert Lookup(keys).rows(keys.take(pa.array(rows))).tolist() == rows.tolist()


@pytest.mark.parametrize("size", [0, 1, 5])
def test_a_name_may_be_empty(size: int) -> None:
    keys = ["x" * n for n in range(size)]
    assert Lookup(texts(keys)).rows(texts(["", "xxxx", None])).tolist() == [
        0 if size else -1,
        4 if size == 5 else -1,
        -1,
    ]


@pytest.mark.nightly
@pytest.mark.parametrize("many", [0], indirect=True, ids=["once"])
@pytest.mark.skipif(bool(os.environ.get("NUMBA_DISABLE_JIT")), reason="is that already")
def test_kernels_are_right_as_plain_python() -> None:
    """Uncompiled, with Python's own bounds checks: no index out of range, the same answers."""
    tests = Path(__file__)
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-cov", str(tests)]
    command += ["-W", "ignore:overflow encountered", "-k", "compiled"]  # wrapping around is meant
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, cwd=ROOT)
    assert done.returncode == 0, done.stdout
