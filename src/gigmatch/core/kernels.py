"""The one place that touches numba: how a kernel is compiled, cached, and known to be ready."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeVar

__all__ = ["Array", "Number", "is_available", "is_cached", "kernel"]

# Kernels are typed by numba from what they are called with; to a type checker their arguments are opaque.
Array = Any
Number = Any
_F = TypeVar("_F", bound=Callable[..., Any])
_KERNELS: Final[list[Any]] = []
_seen = False


def is_available() -> bool:
    """Whether numba can be imported, without importing it."""
    return find_spec("numba") is not None


def kernel(function: _F) -> _F:
    """Compile on first use, without the interpreter lock; kept on disk where any place can be written."""
    from numba import njit

    compiled: Any
    try:
        compiled = njit(nogil=True, cache=True)(function)
    except RuntimeError:  # no directory to write to, as in a read-only container without a home
        compiled = njit(nogil=True)(function)
    _KERNELS.append(compiled)
    return compiled  # type: ignore[no-any-return]


def is_cached() -> bool:
    """Whether every kernel has an up-to-date file in the cache, so that no long wait is due."""
    global _seen
    _seen = _seen or all(_is_ready(compiled) for compiled in _KERNELS)
    return _seen


def _is_ready(compiled: Any) -> bool:
    if getattr(compiled, "signatures", True):  # compiled in this process, or plain Python
        return True
    folder = compiled.stats.cache_path
    source = Path(compiled.py_func.__code__.co_filename)
    pattern = f"{source.stem}.{compiled.py_func.__name__}-*.nbi"
    return folder is not None and any(
        index.stat().st_mtime >= source.stat().st_mtime for index in Path(folder).glob(pattern)
    )
