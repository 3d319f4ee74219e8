"""The auction beside its peers in the same run: tables, a plot and the raw figures into ``results``.

``python benchmarks/compare.py`` takes some minutes; ``--sizes 50000`` and ``--sizes 200000`` take gigabytes,
because of OR-Tools. Everybody runs in turns, warm, in one process, and every answer is checked: an exact peer
has as many points as the auction, greedy no more. Peers with a limit first run alone, and are left out where
that takes longer than the budget.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from time import perf_counter
from typing import Any

import plots
from gigmatch.scenarios.families import EVERY
from instances import Instance, exponent, growing, measured, warm
from measure import cpu_seconds
from peers import CONTENDERS, OURS, PEERS
from report import basic_options, in_digits, memory_cell, save, save_plot, table

__all__ = ["main"]

START = ("family", "workers", "pairs")
ABOUT = (
    "auction: the solver alone, which returns prices; points: its certificate made and verified too; levels: "
    "the default objective, seats by tier, points and lottery, every certificate verified. A peer's time "
    "includes what it builds. Too large: beyond the limit in peers.py."
)
IN_CPU = "Seconds are those on a processor, all threads added up: much else ran on the machine."


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for, and write it down after every instance."""
    options = _options(arguments)
    names = [name for name in (*OURS, *options.peers) if name != "levels" or not options.no_levels]
    for name in names:
        if CONTENDERS[name].version is not None:
            warm(name)
    print(" | ".join([*START, *(CONTENDERS[name].label for name in names)]))
    measuring = Namespace(**vars(options), clock=cpu_seconds if options.cpu else perf_counter)
    instances: list[Instance] = []
    for family in options.families:
        for size in options.sizes:
            instances.append(measured(family, size, names, measuring))
            about = f"{ABOUT} {IN_CPU}" if options.cpu else ABOUT
            parts = [about, *_parts(instances, names)]
            save(options, "The auction and its peers", parts, _figures(instances, names))
            print(" | ".join([*_start(instances[-1]), *_seconds(instances[-1], names)]), flush=True)
    save_plot(options, partial(plots.comparison, instances, names))
    return 0


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = basic_options(__doc__, "auction")
    parser.add_argument("--families", nargs="+", default=["city"], choices=[*EVERY, "all"])
    parser.add_argument("--peers", nargs="*", default=list(PEERS), choices=list(PEERS))
    parser.add_argument("--budget", type=float, default=120, help="seconds for a peer with a limit")
    parser.add_argument("--no-levels", action="store_true", help="leave the default objective out")
    parser.add_argument("--cpu", action="store_true", help="seconds on a processor, all threads added up")
    options = parser.parse_args(arguments)
    if OURS["auction"].version is None:
        parser.error("the auction needs numba: pip install '.[fast]'")
    if "all" in options.families:
        options.families = list(EVERY)
    return options


def _parts(instances: Sequence[Instance], names: Sequence[str]) -> list[str]:
    """The tables, each below what it shows."""
    labels = [CONTENDERS[name].label for name in names]
    parts = {
        "Seconds": table([*START, *labels], [_start(each) + _seconds(each, names) for each in instances]),
        "Times as long as the auction": table(
            [*START, *labels[1:], "levels / points", "greedy's points"],
            [_start(each) + _ratios(each, names[1:]) for each in instances],
        ),
    }
    if any(each.memory for each in instances):
        parts["Peak memory of a process, MB / the solving's share of it, MB"] = table(
            [*START, *labels],
            [_start(each) + _memory(each, names) for each in instances],
        )
    if families := growing(instances):
        parts["Growth: seconds as a power of the pairs, by least squares"] = table(
            [*START, *labels], [_growth(same, names) for same in families.values()]
        )
    return [line for title, text in parts.items() for line in (f"## {title}", text)]


def _start(instance: Instance) -> list[str]:
    return [instance.family, f"{instance.workers:,}", f"{instance.pairs:,}"]


def _seconds(instance: Instance, names: Sequence[str]) -> list[str]:
    return [instance.left_out.get(name) or in_digits(instance.median(name)) for name in names]


def _ratios(instance: Instance, others: Sequence[str]) -> list[str]:
    points, times = instance.points, [in_digits(instance.ratio(name, "auction")) for name in others]
    share = f"{points['greedy'] / points['auction']:.1%}" if "greedy" in points else ""
    return [*times, in_digits(instance.ratio("levels", "points")), share]


def _memory(instance: Instance, names: Sequence[str]) -> list[str]:
    return [instance.left_out.get(name) or memory_cell(instance.memory.get(name)) for name in names]


def _growth(same: Sequence[Instance], names: Sequence[str]) -> list[str]:
    ends = zip(_start(same[0])[1:], _start(same[-1])[1:], strict=True)
    powers = [in_digits(exponent(same, name)) for name in names]
    return [same[0].family, *(f"{least} to {most}" for least, most in ends), *powers]


def _figures(instances: Sequence[Instance], names: Sequence[str]) -> dict[str, Any]:
    """All that was measured, and what follows from it."""
    return {
        "instances": [
            asdict(each) | {"times_the_auction": {name: each.ratio(name, "auction") for name in names}}
            for each in instances
        ],
        "growth": {
            family: {name: exponent(same, name) for name in names}
            for family, same in growing(instances).items()
        },
    }


if __name__ == "__main__":
    sys.exit(main())
