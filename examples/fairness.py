"""Thirty days at a market under several ways of giving out work: who waits, and what it costs.

``python examples/fairness.py`` takes a small market and a few days, so that it is quick. The whole market of
Majuqiao, thirty days, takes some twenty minutes:
``python examples/fairness.py --workers 3000 --days 30 --seeds 2``
"""

from argparse import ArgumentParser
from functools import partial

import gigmatch as gm

MECHANISMS = ("points", "people", "stable", "first_come", "raffle", "longest_waiting_first")


def compared(workers, days, seeds):
    """The same days, as far as they can be, under every mechanism; each seed is another market."""
    start = partial(gm.samples.first_day, "majuqiao", workers=workers)
    return gm.compare(MECHANISMS, start, seeds=range(1, seeds + 1), days=days)


def price(found):
    """What it costs to put those first who have waited longest, and what it brings."""
    waits = [found.estimate(name, "worst_wait").mean for name in ("points", "people")]
    points = found.estimate("points", "points").mean
    lost = found.estimate("people", "points", against="points")
    yield f"The tenth who wait longest wait {waits[0]:.1f} days in a row for the most points,"
    yield f"and {waits[1]:.1f} days with people first: {1 - waits[1] / waits[0]:.0%} less."
    yield f"Its price: {-lost.mean / points:.1%} of the points ({-lost.mean:,.0f} ± {lost.half:,.0f})."


def main() -> None:
    options = ArgumentParser(description=__doc__)
    options.add_argument("--workers", type=int, default=100)
    options.add_argument("--days", type=int, default=4)
    options.add_argument("--seeds", type=int, default=2)
    options.add_argument("--out", help="file to save the comparison to, as JSON")
    given = options.parse_args()
    found = compared(given.workers, given.days, given.seeds)
    print(found)
    print()
    print("\n".join(price(found)))
    if given.out:
        found.save(given.out)


if __name__ == "__main__":
    main()
