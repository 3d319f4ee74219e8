"""Solve a morning and look at the answer from several sides."""

from collections import Counter

import gigmatch as gm


def main() -> None:
    morning = gm.samples.jingshi(seed=7)
    assignment = gm.match(morning)

    summary, first_come = assignment.summary, assignment.baseline
    print(f"status: {assignment.status}")
    print(f"placed: {summary.placements} of {summary.workers} workers, {summary.seats} seats")
    print(f"first come, first served: {first_come.placements} placed")
    print(f"points: {summary.points:,.2f} against {first_come.points:,.2f}")

    print("\nseats by tier, most urgent first")
    for tier, (filled, seats) in summary.seats_by_tier.items():
        print(f"  tier {tier}: {filled} of {seats}")

    print("\nwhere Li shifu goes, and why the pair is good")
    shift = assignment.shift_of("li-shifu")
    print(f"  {shift}")
    for scorer, points in assignment.breakdown()["li-shifu", shift].items():
        print(f"  {points:6.2f}  {scorer}")

    print("\nworkers without a shift")
    for fact, count in sorted(Counter(worker.fact for worker in assignment.unplaced).items()):
        print(f"  {count:4}  {fact}")

    print("\nempty seats")
    for fact, count in sorted(Counter(shift.fact for shift in assignment.open_shifts).items()):
        print(f"  {count:4} shifts  {fact}")

    print("\nthe market moves on: Li shifu's promise is kept, the first pair is barred")
    again = gm.match(morning, keep=[("li-shifu", shift)], forbid=[assignment.pairs[0]])
    change = again.diff(assignment)
    print(f"  {change.unchanged} unchanged, {len(change.moved)} moved, {len(change.placed)} placed")


if __name__ == "__main__":
    main()
