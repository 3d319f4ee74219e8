"""The core in three tiers of benchmarks, and whether it got worse since an earlier run.

``python benchmarks/tiers.py --tier commit --out results.json --against benchmarks/baseline.json`` is what
CI runs. Compared are ratios, ours to a peer's in the same run, and counts of work: neither
depends on how fast the machine is, and counts do not depend on the machine at all. Seconds and memory are
recorded. Everybody has one thread, seconds are those on a processor, so that a busy machine matters little,
and a ratio is that of the shortest runs. What comes out worse is measured again before it counts.

Exit codes: 0 as good as before, 1 something got worse, 2 there is nothing to compare with.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import end_to_end
import plots
from gigmatch.problem import Problem
from gigmatch.solvers import Auction, Control
from instances import EVERY, Instance, measured, warm, with_levels
from measure import cpu_seconds
from peers import CONTENDERS, OURS, PEERS
from report import conditions, in_digits, save_plot, table

__all__ = ["TIERS", "Case", "Verdict", "compared", "main"]

FORMAT = "gigmatch benchmark 1"
SMALL = 1000
"""Counts below this are no work worth speaking of."""
REFERENCE = "ortools"
"""The peer whose ratios decide: the quickest, and the steadiest. Those to others are recorded and noted."""
BRIEF = 0.02
"""Seconds of the reference, below which ratios are noted only: with the same code they swing twofold from
process to process. Counts decide all the same."""
RETRIES = 2


@dataclass(frozen=True)
class Case:
    """What is measured: a family in a size by the solvers, or the whole of ``match``."""

    family: str
    workers: int
    rounds: int = 5
    peer_rounds: int = 3
    peers: tuple[str, ...] = ("ortools", "greedy")
    memory: bool = False

    @property
    def name(self) -> str:
        """By which it is compared."""
        return f"{self.family} {self.workers:,}"


MATCH = "match"
_ALL = tuple(PEERS)
_FAMILIES = tuple(EVERY)
_BASIC = ("uniform", "scarce", "tied", "additive")
TIERS: dict[str, tuple[Case, ...]] = {
    "commit": (
        Case("city", 5_000, rounds=9, peer_rounds=5, peers=_ALL, memory=True),
        *(Case(family, 3_000, rounds=9, peer_rounds=5) for family in _BASIC),
        *(Case(family, 2_000) for family in _FAMILIES if family not in ("city", *_BASIC)),
        Case(MATCH, 5_000, rounds=5, memory=True),
    ),
    "nightly": (
        *(Case(family, 20_000, peers=("ortools", "highs", "greedy"), memory=True) for family in _FAMILIES),
        Case("city", 10_000, peers=_ALL, memory=True),
        Case("city", 50_000, rounds=3, peer_rounds=1, memory=True),
        Case(MATCH, 20_000, memory=True),
    ),
    "full": (
        *(Case(family, 20_000, peers=_ALL, memory=True) for family in _FAMILIES),
        *(Case("city", size, rounds=3, peer_rounds=1, memory=True) for size in (10_000, 50_000, 200_000)),
        *(Case(MATCH, size, rounds=3, peer_rounds=1, memory=True) for size in (10_000, 50_000)),
    ),
}


class Verdict(NamedTuple):
    """What came of a comparison, in lines to print."""

    worse: tuple[str, ...]
    better: tuple[str, ...]
    notes: tuple[str, ...]
    """What could not be compared, and what is new."""


# -- measuring -----------------------------------------------------------------------------------------------


def run_case(case: Case, seed: int) -> dict[str, Any]:
    """Everything that is recorded of a case; every answer is checked, every exact one of the same points."""
    rounds = {"rounds": case.rounds, "peer_rounds": case.peer_rounds}
    options = Namespace(seed=seed, memory=case.memory, budget=120.0, clock=cpu_seconds, **rounds)
    if case.family == MATCH:
        return _of_match(case, options)
    names = ["auction", "levels", *case.peers]
    return _of_solvers(measured(case.family, case.workers, names, options), names) | {
        "counts": _counts(case, seed)
    }


def _of_solvers(instance: Instance, names: Sequence[str]) -> dict[str, Any]:
    shortest = {name: min(seconds) for name, seconds in instance.seconds.items()}
    ratios = {
        f"{ours}/{peer}": shortest[ours] / shortest[peer]
        for ours in ("auction", "levels")
        for peer in names
        if ours in shortest and peer in shortest and peer in PEERS and CONTENDERS[peer].exact
    }
    return {
        "pairs": instance.pairs,
        "ratios": ratios,
        "seconds": shortest,
        "points": instance.points,
        "memory": {name: [seen.peak_bytes, seen.own_bytes] for name, seen in instance.memory.items()},
        "left_out": {CONTENDERS[name].label: why for name, why in instance.left_out.items()},
    }


def _counts(case: Case, seed: int) -> dict[str, int]:
    """The auction's work on the points, the same in every run."""
    problem: Problem = with_levels(EVERY[case.family](case.workers, case.workers // 5, seed), seed)
    control = Control()
    Auction(threads=1)(problem.plain(problem.weight), control)
    return dict(sorted(control.counts.items()))


def _of_match(case: Case, options: Namespace) -> dict[str, Any]:
    morning = end_to_end.measured(case.workers, options)
    shortest = {"match": min(morning.match), "ortools": min(morning.ortools)}
    return {
        "pairs": morning.pairs,
        "ratios": {"match/ortools": shortest["match"] / shortest["ortools"]},
        "seconds": shortest,
        "points": {},
        "memory": {name: [seen.peak_bytes, seen.own_bytes] for name, seen in morning.memory.items()},
        "left_out": {},
        "counts": {"pairs": morning.pairs},
    }


# -- comparing -----------------------------------------------------------------------------------------------


def compared(now: dict[str, Any], before: dict[str, Any], factor: float) -> Verdict:
    """Cases of one run beside those of an earlier one; worse is what grew by more than the factor.

    A case that is gone is worse: nobody would notice. A ratio that is gone, since the peer is missing, is
    noted, and so is what is new, and a ratio of a case too brief to be measured well.
    """
    worse, better, notes = [], [], []
    for name, old in before["cases"].items():
        if name not in now["cases"]:
            worse.append(f"{name}: is measured no more")
            continue
        new = now["cases"][name]
        for kind, least in (("ratios", 0), ("counts", SMALL)):
            for key, was in old[kind].items():
                if key not in new[kind]:
                    peer = key.partition("/")[2]
                    why = _why_left_out(new, peer) if peer else "is counted no more"
                    (notes if peer else worse).append(f"{name}, {key}: {why}; it was {in_digits(was)}")
                    continue
                told = f"{name}, {key}: {in_digits(new[kind][key])}, it was {in_digits(was)}"
                if new[kind][key] > factor * max(was, least):
                    is_brief = old.get("seconds", {}).get(REFERENCE, BRIEF) < BRIEF
                    decides = kind == "counts" or (key.endswith(f"/{REFERENCE}") and not is_brief)
                    times = f"({new[kind][key] / max(was, least):.2f} times)"
                    (worse if decides else notes).append(f"{told} {times}")
                elif max(new[kind][key], least) * factor < was:
                    better.append(told)
            notes += [f"{name}, {key}: is new" for key in new[kind] if key not in old[kind]]
    notes += [f"{name}: is new" for name in now["cases"] if name not in before["cases"]]
    return Verdict(tuple(worse), tuple(better), tuple(notes))


def _why_left_out(case: dict[str, Any], peer: str) -> str:
    return str(case["left_out"].get(CONTENDERS[peer].label if peer in CONTENDERS else peer, "not measured"))


def _again(now: dict[str, Any], before: dict[str, Any], options: Namespace) -> None:
    """Measure once more what came out worse by its ratios, and keep the smallest of each."""
    cases = {case.name: case for case in TIERS[options.tier]}
    for _ in range(RETRIES):
        worse = compared(now, before, options.fail_over).worse
        names = [name for name in now["cases"] if any(line.startswith(f"{name}, ") for line in worse)]
        if not names:
            return
        for name in names:
            print(f"{name}: worse, measured again", flush=True)
            again, first = run_case(cases[name], options.seed), now["cases"][name]
            for key, ratio in again["ratios"].items():
                first["ratios"][key] = min(ratio, first["ratios"].get(key, ratio))


# -- the command ---------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure a tier, write it down and compare it; returns the exit code."""
    options = _options(arguments)
    try:
        before = _read(options.against, options.tier) if options.against else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"error: {options.against}: is no result of the tier {options.tier} ({error})", file=sys.stderr)
        return 2
    os.environ["GIGMATCH_THREADS"] = "1"
    now = {"format": FORMAT, "tier": options.tier, **_conditions(options), "cases": {}}
    print(_missing(), end="", flush=True)
    for name in (*OURS, *PEERS):
        if CONTENDERS[name].version is not None:
            warm(name)
    end_to_end._warm()
    for case in TIERS[options.tier]:
        now["cases"][case.name] = record = run_case(case, options.seed)
        told = ", ".join(f"{key} {in_digits(ratio)}" for key, ratio in record["ratios"].items())
        print(f"{case.name} ({record['pairs']:,} pairs): {told}", flush=True)
    if before is not None:
        _again(now, before, options)
    if options.out:
        _save(now, before, options)
    return 0 if before is None else _judge(compared(now, before, options.fail_over), options)


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tier", choices=list(TIERS), default="commit")
    parser.add_argument("--out", type=Path, help="JSON file; a table and a plot are written beside it")
    parser.add_argument("--against", type=Path, help="results of an earlier run of the same tier")
    parser.add_argument("--fail-over", type=float, default=1.15, help="worse by more than this factor fails")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    if not options.fail_over >= 1:
        parser.error("--fail-over must be 1 or more")
    if OURS["auction"].version is None:
        parser.error("the auction needs numba: pip install '.[fast]'")
    return options


def _conditions(options: Namespace) -> dict[str, Any]:
    given = Namespace(seed=options.seed, tier=options.tier)
    return conditions(given)


def _read(path: Path, tier: str) -> dict[str, Any]:
    found = json.loads(path.read_bytes())
    if found["format"] != FORMAT or found["tier"] != tier:
        raise ValueError(f"it says {found['format']!r}, tier {found['tier']!r}")
    for case in found["cases"].values():
        for kind in ("ratios", "counts"):
            if not all(isinstance(value, int | float) for value in case[kind].values()):
                raise ValueError(f"{kind} are numbers")
    return dict(found)


def _missing() -> str:
    """A line for every peer that is not here."""
    lines = [
        f"{contender.label}: not installed, not compared (pip install '.[bench]')\n"
        for contender in PEERS.values()
        if contender.version is None
    ]
    return "".join(lines)


def _judge(verdict: Verdict, options: Namespace) -> int:
    for word, lines in zip(("worse", "better", "note"), verdict, strict=True):
        for line in lines:
            print(f"{word}: {line}")
    if verdict.worse:
        print(f"{len(verdict.worse)} got worse by more than {options.fail_over:g} times")
        return 1
    print(f"nothing got worse by more than {options.fail_over:g} times")
    return 0


def _save(now: dict[str, Any], before: dict[str, Any] | None, options: Namespace) -> None:
    """Raw figures, table and plot."""
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
    options.out.with_suffix(".md").write_text(written(now, before), encoding="utf-8")
    where = Namespace(name=options.out.stem, out=options.out.parent)
    save_plot(where, partial(plots.tier, now, before))


def written(now: dict[str, Any], before: dict[str, Any] | None) -> str:
    """The results as tables in Markdown."""
    cases = now["cases"]
    ratios = list(dict.fromkeys(key for case in cases.values() for key in case["ratios"]))
    counts = list(dict.fromkeys(key for case in cases.values() for key in case["counts"]))
    people = list(dict.fromkeys(key for case in cases.values() for key in case["memory"]))
    versions = ", ".join(f"{name} {number or 'missing'}" for name, number in now["packages"].items())
    about = (
        f"{now['machine']}, {now['cores']} cores, Python {now['python']}; {versions}. Times as long as a "
        "peer in the same run, by the shortest runs on a processor, one thread each; in brackets what it was."
    )
    parts = [
        f"# The tier {now['tier']}",
        about,
        "## Times as long as a peer",
        table(
            ["case", "pairs", *ratios],
            [
                [name, f"{c['pairs']:,}", *(_cell(name, key, now, before) for key in ratios)]
                for name, c in cases.items()
            ],
        ),
        "## Work",
        table(
            ["case", *counts],
            [[name, *(f"{c['counts'].get(k, 0):,}" for k in counts)] for name, c in cases.items()],
        ),
        "## Peak memory of a process, MB / the solving's share of it, MB",
        table(
            ["case", *people],
            [
                [name, *(_memory(c["memory"].get(k)) for k in people)]
                for name, c in cases.items()
                if c["memory"]
            ],
        ),
    ]
    left = [f"- {name}: {who} {why}" for name, c in cases.items() for who, why in c["left_out"].items()]
    return "\n\n".join([*parts, *(["## Left out", "\n".join(left)] if left else [])]) + "\n"


def _cell(name: str, key: str, now: dict[str, Any], before: dict[str, Any] | None) -> str:
    ratio = now["cases"][name]["ratios"].get(key)
    was = (before or {"cases": {}})["cases"].get(name, {"ratios": {}})["ratios"].get(key)
    return in_digits(ratio) + (f" ({in_digits(was)})" if was is not None else "")


def _memory(seen: list[int] | None) -> str:
    return "" if seen is None else f"{seen[0] / 1e6:,.0f} / {seen[1] / 1e6:,.0f}"


if __name__ == "__main__":
    sys.exit(main())
