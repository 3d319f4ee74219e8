"""A week at a market under two policies: who waits, and how what is earned is spread."""

from collections import Counter

import gigmatch as gm

DAYS = 7
SHARES = (10, 25, 50, 75, 90)
POLICIES = {
    "default": gm.DEFAULT_POLICY,
    "waiting first": gm.DEFAULT_POLICY.with_weight("waiting", 100),
}


def week_under(policy):
    """What a week brings to those who are there from the first morning to the last."""
    earned, idle = Counter(), Counter()
    day = gm.samples.first_day("majuqiao", seed=7, workers=300)
    here = {worker.id for worker in day.morning.workers}
    for _ in range(DAYS):
        assignment = gm.match(day.morning, policy=policy)
        for placement in assignment.placements:
            earned[placement.worker_id] += placement.pay_total
        day = day.after(assignment.pairs)  # rest, hours, waiting, promises: all in the next morning
        idle.update(worker.id for worker in day.morning.workers if worker.days_since_last_placement)
    here &= {worker.id for worker in day.morning.workers}
    return sorted(earned[worker] for worker in here), sorted(idle[worker] for worker in here)


def figures(policy):
    """A column of the table."""
    earned, idle = week_under(policy)
    return {
        "workers all week": len(earned),
        "without any work": earned.count(0),
        "idle for five days or more": sum(days >= 5 for days in idle),
        "mean days idle": f"{sum(idle) / len(idle):.2f}",
        **{f"{share}% earned at most, CNY": f"{earned[len(earned) * share // 100]:.0f}" for share in SHARES},
        "mean earned, CNY": f"{sum(earned) / len(earned):.0f}",
    }


def main() -> None:
    columns = {name: figures(policy) for name, policy in POLICIES.items()}
    print(f"{'Majuqiao, seven days':30}" + "".join(f"{name:>15}" for name in columns))
    for row in columns["default"]:
        print(f"{row:30}" + "".join(f"{column[row]:>15}" for column in columns.values()))


if __name__ == "__main__":
    main()
