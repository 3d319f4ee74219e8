"""Names to rows: against a dictionary, whatever the names look like."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gigmatch.tables import lookup
from gigmatch.tables.lookup import Lookup

# Few letters and lengths around 8 and 16, where fingerprints begin and end to say it all.
NAMES = st.one_of(
    st.none(),
    st.text("ab", max_size=3),
    st.builds("{}{}{}".format, st.just("x" * 8), st.text("ab", max_size=3), st.just("y" * 8)),
    st.text(max_size=20),
)


def texts(names: list[str | None]) -> pa.LargeStringArray:
    return pa.array(names, type=pa.large_string())


@pytest.fixture(params=[0, 1 << 12], ids=["fingerprints", "few"], autouse=True)
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "_FEW", request.param)
    monkeypatch.setattr(lookup, "_BLOCK", 4)


@given(st.lists(NAMES, max_size=40), st.lists(NAMES, max_size=40), st.integers(0, 3))
@settings(deadline=None)
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


def test_names_that_share_their_fingerprint_are_told_apart() -> None:
    keys = [f"{'x' * 8}{n:04}{'y' * 8}" for n in range(100)]
    found = Lookup(texts(keys))
    assert found.rows(texts([*keys, f"{'x' * 8}0100{'y' * 8}"])).tolist() == [*range(100), -1]
