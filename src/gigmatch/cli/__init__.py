"""The command line: a thin face over the library (extra ``cli``)."""

from __future__ import annotations

import sys
from importlib import import_module
from io import TextIOWrapper

__all__ = ["main"]


def main() -> None:
    """Run the command line, or say what is missing."""
    try:
        from gigmatch.cli.commands import app

        import_module("gigmatch.cli.pages")  # adds its commands
    except ModuleNotFoundError as missing:
        sys.exit(
            f"error: the command line needs {missing.name}; install it with: pip install 'gigmatch[cli]'"
        )
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what a terminal cannot show is escaped, not refused
            stream.reconfigure(errors="backslashreplace")
    app()
