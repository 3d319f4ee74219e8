"""By day the kernels run as plain Python, as they do without numba; by night compiled."""

from __future__ import annotations

import pytest

from gigmatch.live import network, paths
from tests.conftest import is_nightly


@pytest.fixture(autouse=True)
def plain_kernels(monkeypatch):
    """No test waits ten seconds for a compiler, and what runs without one is tested."""
    if is_nightly():
        return
    for module in (paths, network):
        for name, function in vars(module).items():
            if hasattr(function, "py_func"):
                monkeypatch.setattr(module, name, function.py_func)
