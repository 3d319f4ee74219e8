"""Commands about gigmatch itself: the schema of a morning, compiling ahead, benchmarks."""

from __future__ import annotations

import json
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import gigmatch as gm
from gigmatch.cli.app import Lang, command
from gigmatch.cli.formats import say

__all__ = ["bench", "schema", "warmup"]


class Tier(StrEnum):
    """How much is measured."""

    commit = "commit"
    nightly = "nightly"
    full = "full"


@command("schema")
def schema(lang: Lang = None) -> None:
    """Print the JSON schema of a morning, every field documented."""
    typer.echo(json.dumps(gm.Morning.model_json_schema(), ensure_ascii=False, indent=1))


@command("warmup")
def warmup(lang: Lang = None) -> None:
    """Compile ahead what is compiled at its first use."""
    gm.warmup()
    typer.echo(say("compiled"))


@command("bench")
def bench(
    tier: Annotated[Tier, typer.Option(help="bench.tier")] = Tier.commit,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="bench.out", dir_okay=False)] = None,
    against: Annotated[Path | None, typer.Option(help="bench.against")] = None,
    fail_over: Annotated[float, typer.Option(min=1, help="bench.fail_over")] = 1.15,
    folder: Annotated[Path | None, typer.Option(help="bench.folder")] = None,
    lang: Lang = None,
) -> None:
    """Measure the solver's core beside its peers, and compare with an earlier run."""
    script = _benchmarks(folder) / "tiers.py"
    words = [sys.executable, str(script), "--tier", tier.value, "--fail-over", str(fail_over)]
    for name, path in (("--out", out), ("--against", against)):
        words += [name, str(path)] if path else []
    raise typer.Exit(subprocess.run(words, check=False).returncode)


def _benchmarks(folder: Path | None) -> Path:
    """The folder of the benchmarks, which are no part of what is installed."""
    here = Path.cwd()
    places = [folder] if folder else [above / "benchmarks" for above in (here, *here.parents)]
    for place in places:
        if (place / "tiers.py").is_file():
            return place
    raise gm.InvalidInputError(say("no_benchmarks"))
