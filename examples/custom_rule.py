"""A rule of one's own: no outdoor work for people over 50 while a heat warning is on."""

from dataclasses import dataclass

import gigmatch as gm


def no_outdoor_work(columns, pairs):
    """Nobody works outdoors today."""
    return columns.shifts.outdoor[pairs.shift] != 1


@dataclass(frozen=True)
class SpareTheOlder:
    """The same for the older alone, with a parameter, values and remedies for explanations."""

    age_years: int = 50
    severity: str = "block"
    name = "heat_warning"
    sentence = "Older workers do not work outdoors while a heat warning is on."

    def __call__(self, columns, pairs):
        older = columns.workers.age_years[pairs.worker] >= self.age_years
        return ~(older & (columns.shifts.outdoor[pairs.shift] == 1))

    def explain(self, columns, pair):
        age = columns.workers.age_years[pair.worker[0]]
        return gm.rules.Finding({"age_years": float(age)}, (gm.rules.Remedy("shift", "outdoor", False),))


def main() -> None:
    morning = gm.samples.jingshi(seed=7)
    outdoor = {shift.id for shift in morning.shifts if shift.outdoor}
    default = gm.match(morning)
    print(f"default rules: {sum(shift in outdoor for _, shift in default.pairs)} outdoors")
    for name, extra in (
        ("nobody outdoors", [no_outdoor_work]),
        ("nobody over 50 outdoors", [SpareTheOlder()]),
        ("the same as a warning", [SpareTheOlder(severity="warn")]),
    ):
        assignment = gm.match(morning, rules=[*gm.DEFAULT_RULES, *extra])
        sent_out = sum(shift in outdoor for _, shift in assignment.pairs)
        warned = sum(len(w.pairs) for w in assignment.warnings if w.rule == "heat_warning")
        change = assignment.diff(default)
        changed = len(change.placed) + len(change.dropped) + len(change.moved)
        print(f"{name}: {sent_out} outdoors, {changed} placed differently, {warned} warned of")


if __name__ == "__main__":
    main()
