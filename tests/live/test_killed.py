"""Real processes, killed at hundreds of points: no acknowledged event is lost, and none is invented."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("killed.py")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked and killed")


@pytest.mark.parametrize(
    ("mode", "points"),
    [
        ("write", 3),
        *(pytest.param(mode, 250, marks=pytest.mark.nightly) for mode in ("write", "time", "full")),
    ],
)
def test_what_was_acknowledged_is_there(tmp_path, mode, points):
    """After the n-th write, so also between writing and synchronising; at any time; on a full disk."""
    done = subprocess.run(
        [sys.executable, SCRIPT, mode, str(points), tmp_path],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},  # there is next to nothing to match
    )
    assert done.returncode == 0, done.stderr
    killed, different, *_ = map(int, done.stdout.split())
    assert killed == points
    assert different > min(points // 50, 2) - 1
