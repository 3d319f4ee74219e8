"""Reasons by definition: small mornings, every assignment there is, and what follows from counting them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from hypothesis import strategies as st

import gigmatch as gm
from gigmatch.evidence import Amount
from gigmatch.pairing.rules import DEFAULT_RULES, HasSkills, MeetsPayFloor
from strategies import mornings

__all__ = [
    "World",
    "answers",
    "every_kind",
    "people_world",
    "plain_morning",
    "rankings",
    "table_of",
    "table_world",
    "tables",
    "worlds",
]

RULES = (DEFAULT_RULES, DEFAULT_RULES, (HasSkills(), MeetsPayFloor()), ())
Choice = Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """Quarters of the points by worker and shift row, so that much is equal."""

    quarters: tuple[tuple[int, ...], ...]

    def __call__(self, columns, pairs):
        return np.array([self.quarters[i][j] for i, j in zip(pairs.worker, pairs.shift, strict=True)]) / 4


class World:
    """A morning, an assignment of it, and every assignment there is."""

    def __init__(
        self, morning: gm.Morning, assignment: gm.Assignment, rules: tuple[Any, ...], policy: gm.Policy
    ) -> None:
        self.morning, self.assignment, self.rules, self.policy = morning, assignment, rules, policy

    def __repr__(self) -> str:
        told = (self.policy.objective, self.seats, self.points, self.promised, self.has)
        return "World({}, seats {}, points {}, promised {}: {})".format(*told)

    @cached_property
    def scorers(self) -> list[Any]:
        return [scorer for scorer, _ in self.policy.scorers]

    @cached_property
    def explainer(self) -> gm.Explainer:
        return gm.explain(self.morning, self.assignment, rules=self.rules, scorers=self.scorers)

    def check(self, *reasons: Any) -> int:
        """What the checker says of some reasons, or of `Reasons` as they come."""
        told = reasons[0] if reasons and isinstance(reasons[0], gm.Reasons) else reasons
        named = {"rules": self.rules, "scorers": self.scorers}
        return gm.check_reasons(self.morning, self.assignment, told, **named)

    @cached_property
    def columns(self) -> gm.Columns:
        return gm.columns_of(self.morning)

    @cached_property
    def workers(self) -> tuple[str, ...]:
        return self.columns.worker_ids

    @cached_property
    def shifts(self) -> tuple[str, ...]:
        return self.columns.shift_ids

    @cached_property
    def headcount(self) -> dict[str, int]:
        return {s.id: s.headcount for s in self.morning.shifts}

    @cached_property
    def open_shifts(self) -> list[str]:
        taken = list(self.has.values())
        return [s for s in self.shifts if taken.count(s) < self.headcount[s]]

    @cached_property
    def has(self) -> dict[str, str]:
        """Who has which shift."""
        return dict(self.assignment.pairs)

    @cached_property
    def refusing(self) -> dict[tuple[str, str], list[str]]:
        """Names of the blocking rules that refuse each pair."""
        i, j = np.indices((len(self.workers), len(self.shifts))).reshape(2, -1)
        pairs = gm.Pairs(self.columns, gm.StraightLine(), i, j)
        found = {(w, s): list[str]() for w in self.workers for s in self.shifts}
        for rule in self.rules:
            if gm.rules.rule_severity(rule, self.columns) == "block":
                for pair, ok in zip(found, rule(self.columns, pairs), strict=True):
                    found[pair] += [] if ok else [rule.name]
        return found

    @cached_property
    def eligible(self) -> frozenset[tuple[str, str]]:
        """Every pair that no rule refuses and nobody barred."""
        return frozenset(pair for pair, names in self.refusing.items() if not names) - set(
            self.assignment.forbid
        )

    @cached_property
    def promised(self) -> dict[str, str]:
        return dict(self.assignment.keep)

    @cached_property
    def on_offer(self) -> frozenset[tuple[str, str]]:
        """Eligible pairs of people who were promised nothing."""
        return frozenset((w, s) for w, s in self.eligible if w not in self.promised)

    @cached_property
    def seats(self) -> dict[str, int]:
        """Seats that are not promised."""
        kept = list(self.promised.values())
        return {s: n - kept.count(s) for s, n in self.headcount.items()}

    @cached_property
    def points(self) -> dict[tuple[str, str], int]:
        """Hundredths of a point of every eligible pair."""
        pairs = sorted(self.eligible)
        rows = [(self.workers.index(w), self.shifts.index(s)) for w, s in pairs]
        i, j = np.array(rows, np.int64).reshape(-1, 2).T
        found = self.policy.points(self.columns, gm.Pairs(self.columns, gm.StraightLine(), i, j))
        return dict(zip(pairs, found.tolist(), strict=True))

    def value(self, choice: Choice) -> tuple[int, ...]:
        """Seats of tiers 1 to 9, nothing where points alone count, then hundredths of points."""
        tier = {s.id: s.priority_tier for s in self.morning.shifts}
        filled = [tier[s] for s in choice.values()]
        counted = range(1, 10) if self.policy.objective == "seats" else ()
        return (*(filled.count(t) for t in counted), sum(self.points[pair] for pair in choice.items()))

    def all_choices(self, shift: str = "", more: int = 0) -> list[Choice]:
        """Every assignment around the promises, with so many seats more at a shift."""
        seats = {s: n + more * (s == shift) for s, n in self.seats.items()}
        found: list[Choice] = [{}]
        for worker in self.workers:
            offers = [s for s in self.shifts if (worker, s) in self.on_offer]
            found += [
                {**choice, worker: s}
                for choice in found
                for s in offers
                if list(choice.values()).count(s) < seats[s]
            ]
        return found

    @cached_property
    def every(self) -> list[tuple[tuple[int, ...], Choice]]:
        return [(self.value(choice), choice) for choice in self.all_choices()]

    @cached_property
    def today(self) -> tuple[int, ...]:
        """What the assignment is worth, promises apart."""
        return self.value({w: s for w, s in self.has.items() if w not in self.promised})

    def loss(self, allowed: Callable[[Choice], bool]) -> Amount | None:
        """Today's less the best of the assignments that are allowed; None if there is none."""
        best = max((value for value, choice in self.every if allowed(choice)), default=None)
        return None if best is None else difference(self.today, best)

    def loss_with(self, shift: str, more: int) -> Amount:
        """Today's less the best there is with so many seats more at a shift."""
        return difference(self.today, max(map(self.value, self.all_choices(shift, more))))


def answers(world: World) -> list[Any]:
    """Every answer to every question about a morning, rankings apart."""
    ask = world.explainer
    pairs = [(w, s) for w in world.workers for s in world.shifts if world.has.get(w) != s]
    told = [*(ask.why(w) for w in world.workers), *(ask.why_not(*pair) for pair in pairs)]
    return [*told, *(ask.why_empty(s) for s in world.open_shifts)]


def rankings(world: World, most: int) -> list[Any]:
    """Every ranking of a morning, cut short."""
    ask = world.explainer
    told = [*(ask.recommend(w, most=most) for w in world.workers)]
    told += [ask.recommend_workers(s, most=most) for s in world.shifts]
    return [*told, *(ask.why(w, alternatives=most) for w in world.has)]


SHOWING = (0, 5, 10, 25, 28, 163)  # seeds of worlds that show every kind of answer between them


@cache
def every_kind() -> tuple[tuple[Any, tuple[str, ...]], ...]:
    """One explanation of each kind, and the ids of all workers of its morning."""
    found: dict[str, Any] = {}
    for seed in SHOWING:
        world = table_world(seed)
        for said in [*answers(world), *rankings(world, 1)]:
            found.setdefault(said.kind, (said, world.workers))
    waiting = people_world(3)
    said = next(said for said in answers(waiting) if said.kind == "others_first")
    found[said.kind] = said, waiting.workers
    stopped = gm.match(world.morning, rules=(), time_limit_s=0)
    found["not_proved"] = (gm.explain(world.morning, stopped).why(stopped.pairs[0][0]), world.workers)
    assert len(found) == 16
    return tuple(found.values())


def difference(before: tuple[int, ...], after: tuple[int, ...]) -> Amount:
    *seats, points = (a - b for a, b in zip(before, after, strict=True))
    return Amount(seats_by_tier={t: n for t, n in enumerate(seats, 1) if n}, points=points / 100)


def world(morning: gm.Morning, rules: tuple[Any, ...], policy: gm.Policy, fates: Any) -> World:
    """Solved with the pairs of fate x barred, one of them twice, and those of fate o promised if possible."""
    columns = gm.columns_of(morning)
    found = gm.feasible_pairs(columns, rules, gm.StraightLine())
    keep: dict[str, str] = {}
    forbid: list[tuple[str, str]] = []
    left = {s.id: s.headcount for s in morning.shifts}
    for i, j in zip(found.worker.tolist(), found.shift.tolist(), strict=True):
        worker, shift = columns.worker_ids[i], columns.shift_ids[j]
        if fates[i, j] == "o" and worker not in keep and left[shift]:
            keep[worker] = shift
            left[shift] -= 1
        elif fates[i, j] == "x":
            forbid.append((worker, shift))
    assignment = gm.match(
        morning, rules=rules, policy=policy, keep=keep.items(), forbid=[*forbid, *forbid[:1]]
    )
    return World(morning, assignment, rules, policy)


@st.composite
def worlds(draw, max_workers: int = 4, max_shifts: int = 3) -> World:
    """Small mornings that look at every field, under all rules, few or none."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    morning = draw(mornings(max_workers, max_shifts))
    fates = rng.choice(list("........ox"), (len(morning.workers), len(morning.shifts)))
    return world(morning, draw(st.sampled_from(RULES)), _any_policy(gm.DEFAULT_POLICY, rng), fates)


def table_world(seed: int, workers: int = 5, shifts: int = 3) -> World:
    """Everybody may do everything but for bars, and points are heavily tied, so that every class comes up."""
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, workers + 1)), int(rng.integers(1, shifts + 1))
    quarters = rng.choice([0, 1, 2, 4], (n, m))
    fates = rng.choice(list(str(rng.choice(["..xx", "....xxxo", "....ox"]))), (n, m))
    seats = rng.choice([1, 1, 2, 3], m)
    if rng.random() < 0.5 and n > 2 and m > 1:  # who could move on, one after the other, but at a cost
        fates, seats = np.full((n, m), "x"), np.ones(m, np.int64)
        for j in range(min(m, n) - 1):
            fates[j, [j, j + 1]], quarters[j, j] = ".", 4
        fates[-1, 0] = fates[-2, rng.integers(m)] = "."
    policy = gm.Policy(((Table(tuple(map(tuple, quarters.tolist()))), 10),))
    morning = plain_morning(n, seats.tolist(), rng.choice([1, 5], m).tolist())
    return world(morning, (), _any_policy(policy, rng), fates)


def people_world(seed: int, workers: int = 5, shifts: int = 3) -> World:
    """A `table_world` in which those come first who have waited longest, by classes of all sorts."""
    plain, rng = table_world(seed, workers, shifts), np.random.default_rng([seed, 1])
    days = rng.choice([0, 1, 2, 5, 9, -1], len(plain.workers)).tolist()
    known = {w: None if n < 0 else n for w, n in zip(plain.workers, days, strict=True)}
    people = (w.model_copy(update={"days_since_last_placement": known[w.id]}) for w in plain.morning.workers)
    morning = plain.morning.model_copy(update={"workers": tuple(people)})
    at_least = ((2,), (1, 5), (2, 5, 9), tuple(range(1, 31)))[rng.integers(4)]
    policy = plain.policy.with_people(gm.People(at_least))
    old = plain.assignment
    answer = gm.match(morning, rules=plain.rules, policy=policy, keep=old.keep, forbid=old.forbid)
    return World(morning, answer, plain.rules, policy)


def _any_policy(policy: gm.Policy, rng: np.random.Generator) -> gm.Policy:
    return policy.with_objective(str(rng.choice(["seats", "points"]))).with_seed(int(rng.integers(3)))


def table_of(rows: list[list[int | None]], seats: list[int], seed: int, objective: str = "points") -> World:
    """Quarters of the points as written, None for a barred pair."""
    quarters = tuple(tuple(number or 0 for number in row) for row in rows)
    forbid = [
        (f"w{i}", f"s{j}") for i, row in enumerate(rows) for j, number in enumerate(row) if number is None
    ]
    policy = gm.Policy(((Table(quarters), 10),), objective=objective, seed=seed)
    morning = plain_morning(len(rows), seats, [5] * len(seats))
    return World(morning, gm.match(morning, rules=(), policy=policy, forbid=forbid), (), policy)


def plain_morning(workers: int, seats: list[int], tiers: list[int]) -> gm.Morning:
    """Workers w0, w1, ... and shifts s0, s1, ... at one place and time."""
    hall = gm.Location(lat=39.9121, lon=116.1843, datum="WGS-84")
    shift = gm.Shift(
        id="s",
        employer_id="e",
        location=hall,
        periods=(gm.Period(start_min="08:00", end_min="16:00"),),
        pay=gm.Pay(amount=300, unit="day"),
    )
    needs = [
        {"id": f"s{j}", "headcount": k, "priority_tier": t}
        for j, (k, t) in enumerate(zip(seats, tiers, strict=True))
    ]
    return gm.Morning(
        date="2025-09-19",
        time_zone="Asia/Shanghai",
        currency="CNY",
        market=gm.Market(id="hall", name="Hall", location=hall),
        employers=(gm.Employer(id="e"),),
        workers=tuple(gm.Worker(id=f"w{i}", station_id="hall") for i in range(workers)),
        shifts=tuple(shift.model_copy(update=need) for need in needs),
    )


def tables(workers: int = 5, shifts: int = 3) -> st.SearchStrategy[World]:
    """A `table_world` of any seed."""
    return st.integers(0, 2**32).map(lambda seed: table_world(seed, workers, shifts))
