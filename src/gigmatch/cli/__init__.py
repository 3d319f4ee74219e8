"""The command line: a thin face over the library (extra ``cli``)."""

from __future__ import annotations

import signal
import sys
from io import TextIOWrapper

__all__ = ["main"]


def main() -> None:
    """Run the command line, or say what is missing."""
    try:
        from gigmatch.cli.commands import app
    except ModuleNotFoundError as missing:
        sys.exit(f"error: the command line needs {missing.name}; install it with: pip install rich typer")
    except KeyboardInterrupt:  # as early as that
        sys.stderr.write("interrupted\n")
        sys.exit(130)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what a terminal cannot show is escaped, not refused
            stream.reconfigure(errors="backslashreplace")
    if hasattr(signal, "SIGPIPE"):  # whoever reads may stop, as in ``gigmatch schema | head``
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    app(prog_name="gigmatch")
