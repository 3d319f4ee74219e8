"""What the measuring commands have in common: their options, tables, raw figures and files."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from measure import Alone
from peers import CONTENDERS, version_of

__all__ = ["basic_options", "conditions", "in_digits", "memory_cell", "save", "save_plot", "table"]

RESULTS = Path(__file__).parent / "results"


def basic_options(description: str | None, name: str) -> argparse.ArgumentParser:
    """Sizes, rounds, seed, memory and where the results go."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000], help="workers")
    parser.add_argument("--rounds", type=int, default=3, help="runs of ours; the median counts")
    parser.add_argument("--peer-rounds", type=int, default=1, help="runs of a peer, in turns with ours")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--memory", action="store_true", help="peak memory too, each in its own process")
    parser.add_argument("--name", default=name, help="of the files written")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder they are written to")
    return parser


def conditions(options: argparse.Namespace) -> dict[str, Any]:
    """What a figure depends on and the problem does not say."""
    packages = sorted({"gigmatch", "numpy", *(contender.package for contender in CONTENDERS.values())})
    return {
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "packages": {package: version_of(package) for package in packages},
        "options": {name: value for name, value in vars(options).items() if name != "out"},
    }


def in_digits(number: float | None) -> str:
    """Three digits, or all before the point; empty for None."""
    if number is None:
        return ""
    return f"{number:.3g}" if abs(number) < 100 else f"{number:,.0f}"


def memory_cell(memory: Alone | None) -> str:
    """Peak and the run's own share of it, MB."""
    return "" if memory is None else f"{memory.peak_bytes / 1e6:,.0f} / {memory.own_bytes / 1e6:,.0f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """In Markdown, the first column to the left."""
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def save(options: argparse.Namespace, title: str, parts: Iterable[str], figures: dict[str, Any]) -> None:
    """Write the text, with the conditions below its title, and the raw figures."""
    known = conditions(options)
    packages = ", ".join(f"{name} {number}" for name, number in known["packages"].items() if number)
    about = (
        f"Medians of {options.rounds} runs of ours and {options.peer_rounds} of a peer, in turns; "
        f"seed {options.seed}. {known['machine']}, {known['cores']} cores, Python {known['python']}, "
        f"{packages}."
    )
    options.out.mkdir(parents=True, exist_ok=True)
    text = "\n\n".join([f"# {title}", about, *parts]) + "\n"
    options.out.joinpath(f"{options.name}.md").write_text(text, encoding="utf-8")
    raw = json.dumps(known | figures, indent=1) + "\n"
    options.out.joinpath(f"{options.name}.json").write_text(raw, encoding="utf-8")


def save_plot(options: argparse.Namespace, draw: Callable[[], Any]) -> None:
    """Write the figure, the same bytes for the same figures; says so where matplotlib is missing."""
    try:
        from matplotlib import rc_context
    except ImportError:
        print("no plot: it needs matplotlib (pip install matplotlib)")
        return
    settings = {"svg.hashsalt": options.name, "font.size": 9, "axes.spines.top": False}
    with rc_context(settings | {"axes.spines.right": False}):
        draw().savefig(options.out / f"{options.name}.svg", metadata={"Date": None})
