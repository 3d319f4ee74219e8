"""Slow, independent answers to a ``PlanProblem``: by definition; and small problems to try them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import numpy as np
from hypothesis import strategies as st

import oracles
from gigmatch.problem.plans import (
    LEAF,
    PAIR,
    Branching,
    Decision,
    LevelClaim,
    PlanCertificate,
    PlanProblem,
    PlanSolution,
    Split,
    SplitBound,
)

Pairs = tuple[int, ...]
MIXES = ("chains", "limits", "minimums", "crews", "groups", "kept", "tiers", "negative")


# -- by definition ------------------------------------------------------------------------------------------


def plans(problem: PlanProblem, worker: int) -> Iterator[Pairs]:
    """Every plan of a worker, the empty one too."""
    begin, end = problem.pairs.indptr[worker : worker + 2].tolist()

    def extend(plan: Pairs) -> Iterator[Pairs]:
        if not keeps_limits(problem, worker, plan):
            return
        yield plan
        if len(plan) < problem.most_shifts[worker]:
            low, high = problem.follower_indptr[plan[-1] : plan[-1] + 2].tolist() if plan else (begin, end)
            for at in range(low, high):
                yield from extend((*plan, int(problem.follower[at]) if plan else at))

    return extend(())


def keeps_limits(problem: PlanProblem, worker: int, plan: Pairs) -> bool:
    """Whether a plan takes no more of anything than the worker may."""
    for limit in range(*problem.limit_indptr[worker : worker + 2].tolist()):
        row, asked = problem.limit_amount[limit], problem.limit_class[limit]
        shifts = [int(problem.pairs.shift[pair]) for pair in plan]
        used = [problem.amount[row, j] for j in shifts if asked in (-1, problem.amount_class[row, j])]
        if sum(map(int, used)) > problem.limit_most[limit]:
            return False
    return True


def unit_plans(problem: PlanProblem) -> list[list[Pairs]]:
    """What each worker by themselves, and each group, may take."""
    alone = [list(plans(problem, i)) for i in np.flatnonzero(problem.group < 0).tolist()]
    return alone + [group_plans(problem, number) for number in range(problem.n_groups)]


def group_plans(problem: PlanProblem, number: int) -> list[Pairs]:
    """Nothing, or a pair for each member, all of one shift, or all of shifts of one crew."""
    members = np.flatnonzero(problem.group == number).tolist()
    single = [[plan[0] for plan in plans(problem, member) if plan] for member in members]
    goal = problem.crew if problem.group_in_crew[number] else np.arange(problem.pairs.n_shifts)
    found: list[Pairs] = [()]
    for pairs in itertools.product(*single):
        goals = {int(goal[problem.pairs.shift[pair]]) for pair in pairs}
        if members and len(goals) == 1 and -1 not in goals:
            found.append(pairs)
    return found


def is_team_whole(problem: PlanProblem, unit: int, pairs: Sequence[int]) -> bool:
    """Whether these pairs of the shifts of a unit are nobody, or enough and not too many everywhere."""
    shifts = np.flatnonzero(problem.unit == unit).tolist()
    fill = [[problem.pairs.shift[pair] for pair in pairs].count(shift) for shift in shifts]
    least, most = problem.minimum[shifts].tolist(), problem.pairs.capacity[shifts].tolist()
    return not any(fill) or all(a <= k <= b for a, k, b in zip(least, fill, most, strict=True))


def answers(problem: PlanProblem) -> Iterator[Pairs]:
    """Every answer: one plan a unit, all teams whole, promises kept, all that is due there."""
    shift, capacity = problem.pairs.shift.tolist(), problem.pairs.capacity.tolist()
    units, teams = unit_plans(problem), range(problem.n_units)

    def extend(at: int, taken: Pairs, fill: list[int]) -> Iterator[Pairs]:
        if at == len(units):
            of_unit: list[list[int]] = [[] for _ in teams]
            for pair in taken:
                of_unit[problem.unit[shift[pair]]].append(pair)
            if (
                set(problem.kept.tolist()) <= set(taken)
                and all(is_team_whole(problem, unit, of_unit[unit]) for unit in teams)
                and set(problem.due.tolist()) <= {shift[pair] for pair in taken}
            ):
                yield tuple(sorted(taken))
            return
        for plan in units[at]:
            after = list(fill)
            for pair in plan:
                after[shift[pair]] += 1
            if all(k <= most for k, most in zip(after, capacity, strict=True)):
                yield from extend(at + 1, taken + plan, after)

    return extend(0, (), [0] * len(capacity))


def values(problem: PlanProblem, pairs: Pairs) -> tuple[int, ...]:
    """What an answer is worth, level by level, from tiers and weights."""
    base = problem.pairs
    found = []
    for level in problem.levels:
        if level.name.startswith("seats "):
            tier = sorted(set(base.tier.tolist()))[int(level.name.removeprefix("seats ")) - 1]
            found.append(sum(base.tier[base.shift[pair]] == tier for pair in pairs))
        else:
            assert level.name == "points"
            found.append(sum(int(base.weight[pair]) for pair in pairs))
    return tuple(map(int, found))


def best(problem: PlanProblem) -> tuple[tuple[int, ...], Pairs] | None:
    """The best values, level by level, and one answer that has them; None if there is no answer."""
    found = [(values(problem, pairs), pairs) for pairs in answers(problem)]
    return max(found, default=None)


def split_total(
    problem: PlanProblem, weight: Any, price: Any, decisions: Sequence[Decision] = ()
) -> int | None:
    """Best plans under ``weight - price`` and best teams under ``price`` of all units, by trying all."""
    decisions = [*decisions, *(Decision(PAIR, int(pair), True) for pair in problem.kept)]
    taken = {d.what for d in decisions if d.kind == PAIR and d.holds}
    gone = {d.what for d in decisions if d.kind == PAIR and not d.holds}
    on = {int(problem.unit[d.what]) for d in decisions if d.kind != PAIR and d.holds}
    off = {int(problem.unit[d.what]) for d in decisions if d.kind != PAIR and not d.holds}
    unit_of = problem.unit[problem.pairs.shift].tolist()
    gone |= {pair for pair, unit in enumerate(unit_of) if unit in off}
    workers = problem.pairs.worker.tolist()
    total = 0
    members = [[i] for i in np.flatnonzero(problem.group < 0).tolist()]
    members += [np.flatnonzero(problem.group == g).tolist() for g in range(problem.n_groups)]
    for own, found in zip(members, unit_plans(problem), strict=True):
        due = {pair for pair in taken if workers[pair] in own}
        fitting = [plan for plan in found if due <= set(plan) and not gone & set(plan)]
        if not fitting:
            return None
        total += max(sum(int(weight[p]) - int(price[p]) for p in plan) for plan in fitting)
    for unit in range(problem.n_units):
        own = [pair for pair, at in enumerate(unit_of) if at == unit]
        due = taken & set(own)
        worth = [
            sum(int(price[p]) for p in team)
            for size in range(len(own) + 1)
            for team in itertools.combinations(own, size)
            if due <= set(team) and not gone & set(team) and is_team_whole(problem, unit, team)
            if team or unit not in on
        ]
        if not worth:
            return None
        total += max(worth)
    return total


def listed(problem: PlanProblem, pairs: Pairs) -> tuple[Any, Any]:
    """Worker and shift of pairs, by worker, then by rank, as a solution has them."""
    base = problem.pairs
    order = sorted(pairs, key=lambda pair: (base.worker[pair], problem.rank[base.shift[pair]]))
    return base.worker[order], base.shift[order]


# -- a proof without a solver -------------------------------------------------------------------------------


def proved(problem: PlanProblem) -> PlanSolution | None:
    """The best answer, each level proved by a tree over pairs with prices of 0; None if there is none."""
    if (found := best(problem)) is None:
        return None
    due, pairs = found
    worker, shift = listed(problem, pairs)
    proofs = [proof_by_tree(problem, place, due) for place in range(len(due))]
    return PlanSolution(
        worker=worker,
        shift=shift,
        claims=tuple(
            LevelClaim(level.name, value, value) for level, value in zip(problem.levels, due, strict=True)
        ),
        certificates=tuple(proofs),
        status="optimal",
        stopped="proved",
    )


def proof_by_tree(problem: PlanProblem, place: int, due: Sequence[int]) -> PlanCertificate:
    """Decide pair after pair until no leaf is above the value."""
    multipliers, reach = [], 0
    for level in problem.levels[place::-1]:
        multipliers.insert(0, 1 + reach)
        reach += multipliers[0] * problem.pairs.n_pairs * 2 * level.largest
    split = Split(
        scale=1,
        multipliers=multipliers[:place],
        shift_price=np.zeros(problem.pairs.n_shifts, np.int64),
        pair=[],
        pair_price=[],
    )
    bound, nodes = SplitBound(problem, place, split), []

    def grow(decisions: list[Decision]) -> None:
        found = bound.bound(decisions, due)
        if found is None or found <= due[place]:
            nodes.append((LEAF, 0))
            return
        pair = len(decisions)
        nodes.append((PAIR, pair))
        for holds in (True, False):
            grow([*decisions, Decision(PAIR, pair, holds)])

    grow([])
    kind, what = zip(*nodes, strict=True)
    level = problem.levels[place].name
    return PlanCertificate(level=level, branching=Branching(kind=kind, what=what), splits=(split,))


# -- small problems -----------------------------------------------------------------------------------------


def small(random: Random, mix: Sequence[str] | None = None, most_pairs: int = 12) -> PlanProblem:
    """A small problem of any mix, or of the features that are named."""
    chosen = set(mix if mix is not None else (name for name in MIXES if random.random() < 0.5))
    n, m = random.randint(1, 4), random.randint(1, 5)
    weight = random.choice([(0, 9), (0, 1), (40, 99)])
    weights = range(-5, 6) if "negative" in chosen else range(weight[0], weight[1] + 1)
    table: list[list[int | None]] = [[None] * m for _ in range(n)]
    cells = random.sample([(i, j) for i in range(n) for j in range(m)], min(n * m, most_pairs))
    for i, j in cells:
        if random.random() < 0.8:
            table[i][j] = random.choice(weights)
    capacity = [random.randint(1, 3) for _ in range(m)]
    tiers = {"tier": [random.randint(1, 3) for _ in range(m)]} if "tiers" in chosen else {}
    base = oracles.make(table, capacity, **tiers)
    arrays: dict[str, Any] = {"rank": [random.randint(0, m) for _ in range(m)]}
    if "groups" in chosen:
        arrays |= _groups(random, n)
    if "crews" in chosen:
        arrays["crew"] = [min(random.choice([-1, 0, 0, 1, 1]), m - 1) for _ in range(m)]
    if "minimums" in chosen:
        arrays["minimum"] = [random.randint(1, seats) for seats in capacity]
    if "chains" in chosen:
        group = arrays.get("group", [-1] * n)
        arrays["most_shifts"] = [1 if group[i] >= 0 else random.randint(1, 3) for i in range(n)]
        arrays |= _followers(random, base, arrays["rank"])
    if "limits" in chosen:
        arrays |= _limits(random, n, m)
    if "kept" in chosen and base.n_pairs:
        arrays["kept"] = sorted(random.sample(range(base.n_pairs), random.randint(0, min(2, base.n_pairs))))
    return PlanProblem.of(base, **arrays)


def _groups(random: Random, n: int) -> dict[str, Any]:
    return {
        "group": [random.choice([-1, 0, 0, 1]) for _ in range(n)],
        "group_in_crew": [random.random() < 0.5 for _ in range(2)],
    }


def _followers(random: Random, base: Any, rank: Sequence[int]) -> dict[str, Any]:
    share = random.choice([0.5, 0.9, 1])
    rows = [
        [
            q
            for q in range(base.n_pairs)
            if base.worker[q] == base.worker[p] and rank[base.shift[q]] > rank[base.shift[p]]
            if random.random() < share
        ]
        for p in range(base.n_pairs)
    ]
    return {
        "follower_indptr": list(itertools.accumulate(map(len, rows), initial=0)),
        "follower": [q for row in rows for q in row],
    }


def _limits(random: Random, n: int, m: int) -> dict[str, Any]:
    counts = [random.randint(0, 2) for _ in range(n)]
    total = sum(counts)
    return {
        "amount": [[random.randint(0, 4) for _ in range(m)] for _ in range(2)],
        "amount_class": [[random.randint(0, 1) for _ in range(m)] for _ in range(2)],
        "limit_indptr": list(itertools.accumulate(counts, initial=0)),
        "limit_amount": [random.randint(0, 1) for _ in range(total)],
        "limit_class": [random.randint(-1, 1) for _ in range(total)],
        "limit_most": [random.randint(2, 9) for _ in range(total)],
    }


def plan_problems(mix: Sequence[str] | None = None, most_pairs: int = 12) -> st.SearchStrategy[PlanProblem]:
    """Small problems of any mix."""
    return st.integers(0, 2**32).map(lambda seed: small(Random(seed), mix, most_pairs))
