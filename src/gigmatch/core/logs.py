"""The library's logger: silent unless the application that uses the library listens."""

from __future__ import annotations

import logging
from functools import cache

__all__ = ["log_stage", "logger"]


@cache
def logger() -> logging.Logger:
    """Return the logger ``gigmatch``, made on first use with a handler that drops everything.

    Examples
    --------
    >>> logger().name
    'gigmatch'
    """
    found = logging.getLogger("gigmatch")
    found.addHandler(logging.NullHandler())
    return found


def log_stage(stage: str, **figures: object) -> None:
    """Log a stage that is over in one line at level DEBUG, such as ``eligible: pairs=9600``.

    Parameters
    ----------
    stage : str
        What was done.
    **figures
        Counts and names of the library's own; never who or what a person is.

    Examples
    --------
    >>> log_stage("eligible", pairs=9_600)
    """
    if logger().isEnabledFor(logging.DEBUG):
        told = " ".join(f"{name}={value}" for name, value in figures.items())
        logger().debug("%s: %s", stage, told)
