"""Explanations that say something else: one field changed, or another class for the same people."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from explaining.brute import World
from gigmatch import evidence
from gigmatch.assignment.case import draw_lots
from gigmatch.evidence import Amount, Explanation, Proof

__all__ = ["altered", "other_classes"]

PROOFS = ("proof", "proof_one_more", "proof_one_less", "rest")
OTHERS = {
    "lost_by": ("points", "lot", "promise"),
    "what": ("the worker", "every seat"),
    "side": ("worker", "shift", "market"),
    "stopped": ("time limit", "cancelled"),
}


def altered(said: Explanation) -> Iterator[tuple[str, Explanation]]:
    """Where one thing is changed, and what comes of it; proofs are cut and changed elsewhere."""
    whole = said.model_dump(mode="json")
    for path in _paths(whole):
        for value in _other_values(path[-1], _at(whole, path)):
            new = copy.deepcopy(whole)
            _at(new, path[:-1])[path[-1]] = value
            try:
                yield ".".join(map(str, path)), type(said).model_validate(new, strict=False)
            except ValidationError:
                continue  # no explanation at all


def _paths(node: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    keys = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        if key not in ("audience", "kind"):
            yield (*before, key)
            if key not in PROOFS:
                yield from _paths(node[key], (*before, key))


def _at(node: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        node = node[key]
    return node


def _other_values(key: Any, value: Any) -> list[Any]:
    """Numbers up and down, other names, lists and tables with one entry less or more."""
    if key in OTHERS:
        return [other for other in OTHERS[key] if other != value]
    if key in PROOFS:
        return [None] if value and key != "rest" else []
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1, value - 1]
    if isinstance(value, str):
        others = {"id": ["w0", "w1"], "shift_id": [None], "instead": [None]}.get(key, [])
        return [value + "x", *(other for other in others if other != value)]
    if isinstance(value, list):
        less = [value[:at] + value[at + 1 :] for at in range(len(value))]
        return [*less, *([[*value, value[0]]] if value else [])]
    if isinstance(value, dict):
        less = [{k: v for k, v in value.items() if k != name} for name in value]
        return [*less, *([{**value, "9": 1}] if key in ("draws", "seats_by_tier") else [])]
    return []


def other_classes(world: World, said: Explanation) -> Iterator[Explanation]:
    """Every other class for the same worker, shift or pair, as credible as it can be made."""
    worker, shift = getattr(said, "worker_id", None), getattr(said, "shift_id", None)
    loss = getattr(said, "loss", None) or Amount(seats_by_tier={}, points=1.0)
    proof = getattr(said, "proof", None) or Proof(moves=(), price_changes={})
    seed = world.policy.seed
    ids = [move.worker_id for move in proof.moves]
    draws = dict(zip(ids, draw_lots(seed, "worker", ids).tolist(), strict=True))
    free = [w for w in world.workers if any(who == w for who, _ in world.on_offer)]
    everything = {
        "workers": free,
        "shifts": list(world.shifts),
        "n_workers": len(free),
        "n_shifts": len(world.shifts),
        "n_seats": sum(world.seats.values()),
    }
    counts = {"refused_by": {}, "refused_by_it_alone": {}, "barred": 0, "shifts": len(world.shifts)}
    removed = {"removed_alone": {}, "removed_in_order": {}, "barred": 0, "workers": len(world.workers)}
    price = {"instead": world.has.get(worker or ""), "price": None}
    seats = {"has_free_seat": shift in world.open_shifts}
    shown = {
        "loss": loss.model_dump(),
        "proof": proof.model_dump(),
        "points": world.points.get((worker, shift), 0) / 100,
        "holders": [h.model_dump() for h in world.explainer.facts.holders(world.shifts.index(shift))]
        if shift
        else [],
        "refusals": [],
        "changes": [],
        "draws": draws,
        "seed": seed,
        "points_by_scorer": {},
        "minutes": 0.0,
        "pay_total": 300.0,
        **price,
        **seats,
    }
    variants = [{"barred": True}, {"barred": False}, {"what": "the worker"}, {"what": "every seat"}]
    variants += [counts, removed] + [{**everything, "lost_by": by} for by in OTHERS["lost_by"]]
    for name in evidence.__all__:
        kind = getattr(evidence, name)
        if isinstance(kind, type) and issubclass(kind, Explanation) and "kind" in kind.model_fields:
            for variant in variants:
                told = {"worker_id": worker, "shift_id": shift, "promised": False, **shown, **variant}
                fields = {key: value for key, value in told.items() if key in kind.model_fields}
                try:
                    yield kind.model_validate(fields, strict=False)
                except ValidationError:
                    continue  # not for this variant
