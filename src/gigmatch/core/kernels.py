"""The one place that touches numba: how a kernel is compiled, cached, and known to be ready."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

__all__ = [
    "Array",
    "Number",
    "are_worth_it",
    "is_available",
    "is_cached",
    "is_loaded",
    "kernel",
    "kernel_or_plain",
    "kernel_part",
    "plainly",
]

# Kernels are typed by numba from what they are called with; to a type checker their arguments are opaque.
Array = Any
Number = Any
FROM_PAIRS: Final = 1 << 22
_F = TypeVar("_F", bound=Callable[..., Any])
_KERNELS: Final[list[Any]] = []
_plain: ContextVar[bool] = ContextVar("plain", default=False)
_seen = False


def is_available() -> bool:
    """Whether numba can be imported, without importing it."""
    return find_spec("numba") is not None


def are_worth_it(module: str, pairs: int) -> bool:
    """Whether the kernels of a module are to be used: numba is installed, and there is much to do.

    Or they are loaded already; for less work, loading them takes longer than they save. What they compute,
    plain code computes as well.

    Parameters
    ----------
    module : str
        Where they stand, by its full name.
    pairs : int
        Pairs of a worker and a shift to go through, impossible ones included.
    """
    return is_available() and not _plain.get() and (pairs >= FROM_PAIRS or module in sys.modules)


@contextmanager
def plainly() -> Iterator[None]:
    """Have plain code compute what kernels could, however much it is: a proof is verified without them."""
    token = _plain.set(True)
    try:
        yield
    finally:
        _plain.reset(token)


def kernel(function: _F) -> _F:
    """Compile on first use, without the interpreter lock; kept on disk where any place can be written."""
    compiled = _compiled(function)
    _KERNELS.append(compiled)
    return compiled


def kernel_or_plain(function: _F) -> _F:
    """Compile as `kernel` does where numba is installed; else the function as it is, slow and right.

    Numbers wrap without a word either way. It is none of those that `is_cached` looks at: nobody who solves
    once needs it.
    """
    return _compiled(function) if is_available() else np.errstate(over="ignore")(function)


def kernel_part(function: _F) -> _F:
    """Compile what kernels alone call, into them: without the way in from Python, which takes as long again.

    Python must not call it. Where numba is missing it stays as it is.
    """
    return _njit(function, no_cpython_wrapper=True) if is_available() else function


def _compiled(function: _F) -> _F:
    try:
        return _njit(function, cache=True)
    except RuntimeError:  # no directory to write to, as in a read-only container without a home
        return _njit(function)


def _njit(function: _F, **options: bool) -> _F:
    from numba import njit

    decorate: Any = njit  # whose types do not name all options
    always: dict[str, Any] = {
        "nogil": True,
        "no_cfunc_wrapper": True,  # nobody calls it from C
        "error_model": "numpy",  # divides by 0 as numpy does, unasked
    }
    compiled: _F = decorate(**always, **options)(function)
    return compiled


def is_cached() -> bool:
    """Whether every kernel has an up-to-date file in the cache, so that no long wait is due.

    What an earlier version left there is removed: numba itself looks at the kernel's own source alone, and
    fails on a file that names a type which another module had then.
    """
    global _seen
    if not _seen:
        ready = [_is_ready(compiled) for compiled in _KERNELS]  # every one is looked at
        _seen = all(ready)
    return _seen


def is_loaded(compiled: Any) -> bool:
    """Whether a kernel has been called in this process, or is plain Python: nothing is due any more."""
    return bool(getattr(compiled, "signatures", True))


def _is_ready(compiled: Any) -> bool:
    if is_loaded(compiled):
        return True
    folder = compiled.stats.cache_path
    source = Path(compiled.py_func.__code__.co_filename)
    pattern = f"{source.stem}.{compiled.py_func.__name__}-*.nbi"
    found = [] if folder is None else list(Path(folder).glob(pattern))
    fresh = [index for index in found if index.stat().st_mtime >= _newest_source(source.parent)]
    for index in found:
        if index not in fresh:
            with suppress(OSError):  # in a folder that cannot be written to
                index.unlink()
    return bool(fresh)


@cache
def _newest_source(folder: Path) -> float:
    """When the last of the modules was written that kernels of a folder are made from."""
    return max(path.stat().st_mtime for path in folder.glob("*.py"))
