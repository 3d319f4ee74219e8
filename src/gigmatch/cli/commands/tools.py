"""Commands about gigmatch itself: the schema of a morning, compiling ahead."""

from __future__ import annotations

import json

import gigmatch as gm
from gigmatch.cli.app import Lang, command
from gigmatch.cli.formats import echo, say

__all__ = ["schema", "warmup"]


@command("schema")
def schema(lang: Lang = None) -> None:
    """Print the JSON schema of a morning, every field documented."""
    echo(json.dumps(gm.Morning.model_json_schema(), ensure_ascii=False, indent=1))


@command("warmup")
def warmup(lang: Lang = None) -> None:
    """Compile ahead what is compiled at its first use."""
    gm.warmup()
    echo(say("compiled"))
