"""By day the kernels run as plain Python, as they do without numba; by night compiled."""

from __future__ import annotations

import pytest

from tests.conftest import is_nightly


@pytest.fixture(autouse=True)
def plain_by_day(request):
    """No test waits ten seconds for a compiler, and what runs without one is tested."""
    if not is_nightly():
        request.getfixturevalue("plain_live_kernels")
