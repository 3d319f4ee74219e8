"""A week at a market under two policies: who waits, and how what is earned is spread."""

import gigmatch as gm

DAYS = 7
SHARES = (10, 25, 50, 75, 90)
POLICIES = {
    "default": gm.DEFAULT_POLICY,
    "waiting first": gm.DEFAULT_POLICY.with_weight("waiting", 100),
}


def week_under(policy):
    """The ledger of a week, without those who were not there from the first morning to the last."""
    day, ledger = gm.samples.first_day("majuqiao", seed=7, workers=300), gm.Ledger.new()
    for _ in range(DAYS):
        assignment = gm.match(day.morning, policy=policy)
        ledger = ledger.with_day(day.morning, assignment)
        day = day.after(assignment.pairs)  # rest, hours, waiting, promises: all in the next morning
    for worker, days in zip(ledger.worker_ids, ledger.totals.days, strict=True):
        if days < DAYS:
            ledger = ledger.without(worker)
    return ledger.measures()


def figures(policy):
    """A column of the table."""
    week = week_under(policy)
    earned = week.wages.values[::-1]
    return {
        "workers all week": week.people,
        "without any work": sum(earned == 0),
        "idle for five days or more": sum(week.idle.values >= 5),
        "mean days idle": f"{week.idle.mean:.2f}",
        "longest wait of the worst tenth": f"{week.longest.worst_decile:.1f}",
        **{f"{share}% earned at most, CNY": f"{earned[len(earned) * share // 100]:.0f}" for share in SHARES},
        "mean earned, CNY": f"{week.wages.mean:.0f}",
        "Gini of what is earned": f"{week.wages.gini:.2f}",
    }


def main() -> None:
    columns = {name: figures(policy) for name, policy in POLICIES.items()}
    print(f"{'Majuqiao, seven days':32}" + "".join(f"{name:>15}" for name in columns))
    for row in columns["default"]:
        print(f"{row:32}" + "".join(f"{column[row]:>15}" for column in columns.values()))


if __name__ == "__main__":
    main()
