"""The commands; each says in its help what it reads, writes and returns."""

from __future__ import annotations

from importlib import import_module

from gigmatch.cli.app import app

__all__ = ["app"]

for _name in (  # in the order of the help
    "mornings",
    "lotteries",
    "answers",
    "ledgers",
    "living",
    "comparing",
    "tools",
    "pages",
):
    import_module(f"gigmatch.cli.commands.{_name}")
