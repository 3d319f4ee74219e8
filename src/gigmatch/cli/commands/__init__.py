"""The commands; each says in its help what it reads, writes and returns."""

from __future__ import annotations

from importlib import import_module

from gigmatch.cli.app import app

__all__ = ["app"]

for _name in ("mornings", "answers", "ledgers", "comparing", "tools", "pages"):  # in the order of the help
    import_module(f"gigmatch.cli.commands.{_name}")
