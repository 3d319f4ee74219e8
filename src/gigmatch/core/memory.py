"""How much memory can be had.

By hand: psutil tells what the machine has, not what is left to the container.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["available_bytes"]

UNLIMITED = 1 << 62


def available_bytes() -> int:
    """Memory that can be had now, of the machine and of the container; unlimited where neither says."""
    return min(_left_on_machine(), _left_in_container(Path("/sys/fs/cgroup")))


def _left_on_machine() -> int:
    """What the kernel holds to be available, file caches included."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return UNLIMITED


def _left_in_container(group: Path) -> int:
    """What a control group (version 2) may still take."""
    try:
        return max(int((group / "memory.max").read_text()) - int((group / "memory.current").read_text()), 0)
    except (OSError, ValueError):  # no control group, or its limit is the word "max"
        return UNLIMITED
