"""Answers to a ``PlanProblem`` with one thing changed, and whether what they say is true all the same."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import plan_oracles as plain
from gigmatch.problem.plans import LevelClaim, PlanProblem, PlanSolution


def _number(random: Random) -> int:
    return random.choice([-50, -9, -2, -1, 1, 2, 3, 50])


def _moved(random: Random, numbers: Any) -> list[int]:
    """One number other than it was, or one more or fewer."""
    found = [int(number) for number in numbers]
    what = random.choice(["change", "change", "drop", "double"])
    if found:
        at = random.randrange(len(found))
        if what == "change":
            found[at] += _number(random)
        elif what == "drop":
            del found[at]
        else:
            found.insert(at, found[at])
    return found


def tampered(random: Random, solution: PlanSolution) -> PlanSolution:
    """The same with one thing changed, any leaf of it."""
    kind = random.choice(["placements", "claim", "proofs", "proof", "tree", "split", "split", "status"])
    if kind == "placements":
        name = random.choice(["worker", "shift"])
        return replace(solution, **{name: _moved(random, getattr(solution, name))})
    if kind == "status":
        other = random.choice(["feasible", "optimal", "sure"]), random.choice(["proved", "time limit", "so"])
        return replace(solution, status=other[0], stopped=other[1])
    claims, proofs = list(solution.claims), list(solution.certificates)
    at = random.randrange(len(proofs))
    if kind == "claim":
        change = random.choice([{"value": 0}, {"bound": 0}, {"value": 0, "bound": 0}, {"level": "waits"}])
        by = _number(random)
        told = {name: getattr(claims[at], name) + by for name in change if name != "level"}
        claims[at] = replace(claims[at], **change | told)
        return replace(solution, claims=tuple(claims))
    if kind == "proofs":
        other = [proofs[1:], [*proofs, proofs[-1]], proofs[::-1]]
        return replace(solution, certificates=tuple(random.choice(other)))
    proof = proofs[at]
    if kind == "proof":
        change = [{"splits": ()}, {"splits": proof.splits * 2}, {"level": "seats 9"}]
        proofs[at] = replace(proof, **random.choice(change))
    elif kind == "tree":
        name = random.choice(["kind", "what"])
        changed = {name: _moved(random, getattr(proof.branching, name))}
        proofs[at] = replace(proof, branching=replace(proof.branching, **changed))
    else:
        which = random.randrange(len(proof.splits))
        split = proof.splits[which]
        name = random.choice(["scale", "multipliers", "shift_price", "pair", "pair_price"])
        old = getattr(split, name)
        new = old + _number(random) if name == "scale" else _moved(random, old)
        if name == "pair":
            new = random.choice([new, [0], [-1], [0, 0]])
        changed = (replace(split, **{name: new}),)
        proofs[at] = replace(proof, splits=proof.splits[:which] + changed + proof.splits[which + 1 :])
    return replace(solution, certificates=tuple(proofs))


def is_true(problem: PlanProblem, solution: PlanSolution) -> bool:
    """Whether it is an answer, worth what it says, and nothing is worth more than it says."""
    pairs = tuple(sorted(problem.pairs.find(solution.worker, solution.shift).tolist()))
    everything = {each: plain.values(problem, each) for each in plain.answers(problem)}
    claimed = tuple(claim.value for claim in solution.claims)
    if pairs not in everything or claimed != everything[pairs]:
        return False
    is_best = solution.status != "optimal" or claimed == max(everything.values())
    return is_best and all(_is_below(solution.claims, values) for values in everything.values())


def _is_below(claims: tuple[LevelClaim, ...], values: tuple[int, ...]) -> bool:
    """Whether no value is above its bound, down to where it is less than that of a level that is closed."""
    is_closed = True
    for claim, value in zip(claims, values, strict=True):
        if value > claim.bound:
            return False
        is_closed &= claim.is_closed
        if is_closed and value < claim.value:
            break
    return True
