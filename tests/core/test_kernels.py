"""The cache of compiled kernels: what an earlier version left there is not read."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("numba")

SOURCE = """
from typing import NamedTuple
class {name}(NamedTuple):
    size: int
"""
KERNELS = """
from gigmatch.core import kernels
@kernels.kernel
def twice(part):
    return 2 * part.size
"""
CALL = """
import kernels_here, types_here
from gigmatch.core.kernels import is_cached
ready = is_cached()
print(ready, kernels_here.twice(types_here.{name}(21)), is_cached())
"""


@pytest.mark.nightly
def test_a_file_that_names_a_type_of_an_earlier_version_is_removed(tmp_path: Path):
    """A type is renamed in another module: the kernel is compiled again, and then found ready."""
    (tmp_path / "kernels_here.py").write_text(KERNELS)
    now = time.time()
    for name, age, ready in [
        ("Old", 200, False),
        ("Old", 200, True),
        ("New", 100, False),
        ("New", 100, True),
    ]:
        (tmp_path / "types_here.py").write_text(SOURCE.format(name=name))
        _date(tmp_path / "kernels_here.py", now - 200)
        _date(tmp_path / "types_here.py", now - age)
        assert _told(tmp_path, name) == [str(ready), "42", "True"]
        for path in (tmp_path / "cache").rglob("*.nb?"):  # between the two versions, or after the second
            _date(path, now - age + 50)


def _date(path: Path, when: float) -> None:
    os.utime(path, (when, when))


def _told(folder: Path, name: str) -> list[str]:
    """What another process prints."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", CALL.format(name=name)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        cwd=folder,
        env={**os.environ, "NUMBA_CACHE_DIR": str(folder / "cache")},
    )
    return done.stdout.split()
