"""Every leaf of every kind of explanation is changed: what the checker takes all the same must be true."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest
from pydantic import BaseModel, ValidationError

import gigmatch as gm
from conftest import sample
from explaining.brute import SHOWING, answers, people_world, table_world
from explaining.test_advice import covering
from explaining.test_plans import left_at_home, other_than, wall_and_dishes
from gigmatch import evidence
from gigmatch.evidence import Explanation
from gigmatch.evidence.verifier import ReasonVerifier
from gigmatch.evidence.verify_plans import PlanReasonVerifier

PAGE = Path(__file__).parents[2] / "docs" / "explanations.md"
EVIDENCE = re.compile(
    r"\.(price_changes|prices)(\..+)?$|\.(of_others|multiplier|multipliers\..+)$|\.levels\.\d+\.(splits|node|what)\."
)
"""Prices, multipliers and trees: others may prove the same."""
PREMISE = re.compile(r"^(newcomer|profile)\.")
"""Who is imagined: what is said is proved of that person."""
LEFT_OUT = re.compile(r"(^|\.)lessons\.\d+\.shift_id$|\.for_three$")
"""What may be left untold."""


class Case(NamedTuple):
    """An explanation, how it is checked, and who can be asked for others of its kind."""

    said: Explanation
    check: Callable[[Any], None]
    explainer: gm.Explainer | None = None


def paths(node: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where a value stands that holds no others."""
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    inside = [path for key, value in entries for path in paths(value, (*before, key))]
    yield from inside or [before]


def at(node: Any, path: tuple[Any, ...]) -> Any:
    """What stands there."""
    for key in path:
        node = node[key]
    return node


def others(value: Any) -> list[Any]:
    """Other values of the kind, and none."""
    if isinstance(value, bool):
        return [not value, None]
    if isinstance(value, int | float):
        return [value + 1, value - 1, -value, 6, 0, 10**30, None]
    if isinstance(value, str):
        return [f"{value}x", "w0", "w1", "s0", "s1", "jo", "t", "", None]
    return [1, "x", ["x"], {"x": 1}]


def changed(said: Explanation) -> Iterator[tuple[str, Explanation]]:
    """Where one leaf is another, and what comes of it; what is no explanation is left out."""
    whole = said.model_dump(mode="json")
    every = [(path, value) for path in paths(whole) for value in others(at(whole, path))]
    for path, value in every:
        new = copy.deepcopy(whole)
        at(new, path[:-1])[path[-1]] = value
        try:
            other = type(said).model_validate(new, strict=False)
        except ValidationError:
            continue
        if other != said:
            yield ".".join(map(str, path)), other


def two_seats() -> gm.Morning:
    """Li lacks a skill and a certificate for the one shift, jo is paid too little for the other."""
    day = covering({"all_of": [{"skill": "cook", "least_level": 4}], "credentials": [{"kind": "lift"}]})
    [li], [s] = day.workers, day.shifts
    jo = {"id": "jo", "pay_floor_per_day": 240.0, "skills": (gm.WorkerSkill(skill="mason", level=4),)}
    helper, dear = (gm.SkillRequirement(skill="helper"),), gm.Pay(amount=230.0, unit="shift")
    t = {"id": "t", "all_of": helper, "credentials": (), "pay": dear, "headcount": 2}
    shifts = s, s.model_copy(update=t)
    return day.model_copy(update={"workers": (li, li.model_copy(update=jo)), "shifts": shifts})


@cache
def gallery() -> tuple[Case, ...]:
    """Every kind, with all that it may hold: rankings and prices, a newcomer, advice, training."""
    told, kinds = list[Case](), set[str]()

    def add(explainer: gm.Explainer, *said: Explanation) -> None:
        told.extend(Case(each, ReasonVerifier(explainer.solved).check, explainer) for each in said)

    for seed in SHOWING:
        world = table_world(seed)
        for said in answers(world):
            if said.kind not in kinds:
                kinds.add(said.kind)
                add(world.explainer, said)
    waiting = people_world(3)
    add(waiting.explainer, *(said for said in answers(waiting) if said.kind == "others_first"))
    world = table_world(28)
    ask, some = world.explainer, next(iter(world.has))
    add(ask, ask.why(some, alternatives=2), ask.recommend(some, most=2))
    add(ask, ask.recommend_workers(world.has[some], most=2, stand_bys=2))
    day = two_seats()
    old = gm.match(day)
    ask = gm.explain(day, old)
    adviser = gm.Adviser(ask)
    add(ask, adviser.place("li"), adviser.fill("t"), adviser.train(1), ask.skill_values())
    add(ask, ask.recommend_newcomer({"id": "new", "station_id": "hall"}), ask.why_empty("s"))
    mason = {"id": "new", "station_id": "hall", "skills": [{"skill": "mason", "level": 4}]}
    add(ask, ask.recommend_newcomer(mason, most=1), ask.why_not("li", "s"))
    stopped = gm.explain(world.morning, gm.match(world.morning, rules=(), time_limit_s=0))
    add(stopped, stopped.why(stopped.assignment.worker_ids[0]))
    for options in ({}, {"worker_least": 30, "employer_least": 18}):
        add(*stable_reasons(**options))
    for ask, *plans in (plan_reasons(), reasons_at_home()):
        told.extend(Case(said, PlanReasonVerifier(ask.solved).check, ask) for said in plans)
    programme = gm.plan_training([(day, old)], people=2)
    told.append(Case(programme, partial(gm.check_programme, [(day, old)])))
    return tuple(told)


def plan_reasons() -> tuple[Any, ...]:
    """An explainer of whole days and crews, and a reason of each of its kinds."""
    ask = gm.explain(morning := wall_and_dishes(), gm.match(morning))
    clash = ask.why_not("li", other_than("li", ask))
    told = ask.why("li"), ask.why_not("jo", "dishes"), clash, ask.why_not("jo", "masons")
    return ask, *told, ask.why_empty("masons"), ask.why_empty("stall")


def reasons_at_home() -> tuple[Any, ...]:
    """An explainer of an answer that leaves people at home, why, and what is told without a search."""
    ask = gm.explain(morning := left_at_home(), gm.match(morning))
    hurried = gm.explain(morning, ask.assignment, limits=gm.Limits(time_limit_s=0))
    told = ask.why_unplaced("li"), ask.why_unplaced("ko"), hurried.why_unplaced("li")
    return ask, *told, hurried.why_not("li", "masons"), hurried.why_empty("masons")


def stable_reasons(**options: float) -> tuple[Any, ...]:
    """An explainer of a stable answer, and a reason of each of its kinds and decisions."""
    morning = sample("jingshi", workers=60)
    assignment = gm.stable(morning, keep=gm.stable(morning).pairs[:2], **options)
    ask = gm.explain(morning, assignment)
    rows = zip(
        *(part.tolist() for part in ask.solved.sides.keys(ask.solved.eligible.pairs).rows), strict=True
    )
    pairs = ((assignment.worker_ids[w], assignment.shift_ids[s]) for w, s in rows)
    told = [*ask.everything().reasons, *(ask.why_not(*p) for p in pairs if p not in assignment.pairs)]
    kinds = {(each.kind, getattr(each, "decided_by", None)): each for each in told}
    return ask, *kinds.values()


def takes(case: Case, other: Explanation) -> bool:
    """Whether the checker takes it; a traceback is no answer."""
    try:
        case.check(other)
    except (gm.CertificateError, gm.InvalidInputError):
        return False
    return True


def is_true(case: Case, path: str, other: Explanation) -> bool:
    """Whether it says the same, less, or what is told of another pair."""
    if EVIDENCE.search(path) or PREMISE.search(path):
        return True
    if LEFT_OUT.search(path):
        return at(other.model_dump(mode="json"), tuple(_keys(path))) is None
    if case.said.kind == "not_proved" and path in ("worker_id", "shift_id"):
        return True  # the bound is of the whole, whoever asked
    ids = path in ("worker_id", "shift_id") and isinstance(case.explainer, gm.Explainer)
    return bool(ids and other == case.explainer.why_not(other.worker_id, other.shift_id))


def _keys(path: str) -> Iterator[Any]:
    return (int(key) if key.isdigit() else key for key in path.split("."))


@pytest.mark.nightly
def test_no_leaf_can_be_changed_into_something_false():
    """Whatever is taken is evidence of the same, a premise, or true of another pair; all kinds are tried."""
    tried = set[str]()
    for case in gallery():
        tried.add(case.said.kind)
        assert takes(case, case.said)
        for path, other in changed(case.said):
            assert not takes(case, other) or is_true(case, path, other), (case.said.kind, path, other)
    assert tried == {kind.model_fields["kind"].default for kind in kinds()}


def kinds() -> list[type[Explanation]]:
    """Every class of explanations."""
    found = [getattr(evidence, name) for name in evidence.__all__]
    return [
        one
        for one in found
        if isinstance(one, type)
        and "kind" in getattr(one, "model_fields", {})
        and issubclass(one, Explanation)
    ]


def parts() -> list[type[BaseModel]]:
    """What explanations are made of, whatever the depth."""
    found, todo = list[Any](), list[Any](kinds())
    while todo:
        one = todo.pop()
        if isinstance(one, type) and issubclass(one, BaseModel):
            if one.__module__.startswith("gigmatch.evidence") and one not in found:
                found.append(one)
                todo += [field.annotation for field in one.model_fields.values()]
        else:
            todo += get_args(one)
    return found


def test_the_page_says_of_every_field_what_is_proved():
    """The table of the documentation names every field of every kind and part, once, and no other."""
    rows = re.findall(r"^\| (`[^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE.read_text(encoding="utf-8"), re.M)
    told: list[tuple[str, str]] = []
    for classes, fields, _ in rows:
        names = re.findall(r"`(\w+)`", classes)
        if all(hasattr(evidence, name) for name in names):
            told += [(name, field) for name in names for field in re.findall(r"`(\w+)`", fields)]
    there = {(one.__name__, field) for one in parts() for field in one.model_fields}
    assert sorted(told) == sorted(
        there - {(one.__name__, f) for one in kinds() for f in ("kind", "audience")}
    )
