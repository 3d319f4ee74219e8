"""A scorer of one's own: work that ends in time for dinner at home."""

import numpy as np

import gigmatch as gm

DINNER_MIN = 18 * 60


def home_for_dinner(columns, pairs):
    """1 where the worker is home by six, falling to 0 four hours later."""
    late_min = columns.shifts.end_min[pairs.shift] + pairs.minutes - DINNER_MIN
    return np.clip(1 - late_min / 240, 0, 1)


home_for_dinner.side = "worker"


def main() -> None:
    morning = gm.samples.jingshi(seed=7)
    policy = gm.DEFAULT_POLICY.with_scorer(home_for_dinner, weight=40)
    print(policy)

    for name, assignment in (
        ("default policy", gm.match(morning)),
        ("with the scorer", gm.match(morning, policy=policy)),
    ):
        ends = {shift.id: max(period.end_min for period in shift.periods) for shift in morning.shifts}
        home = sum(ends[p.shift_id] + p.minutes <= DINNER_MIN for p in assignment.placements)
        print(f"{name}: {len(assignment.pairs)} placed, {home} home for dinner, {assignment.status}")


if __name__ == "__main__":
    main()
