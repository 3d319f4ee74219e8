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
        sys.exit(_without(str(missing.name)))
    except KeyboardInterrupt:  # as early as that
        sys.stderr.write("interrupted\n")
        sys.exit(130)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what a terminal cannot show is escaped, not refused
            stream.reconfigure(errors="backslashreplace")
    if hasattr(signal, "SIGPIPE"):  # whoever reads may stop, as in ``gigmatch schema | head``
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    app(prog_name="gigmatch")


def _without(module: str) -> str:
    """Say that a module is missing, in the language of the environment."""
    import gigmatch as gm
    from gigmatch.cli.formats import complaint, say, set_lang

    set_lang(None)
    return say("error", error=complaint(gm.UnsupportedError.without("cli", module, "command_line")))
