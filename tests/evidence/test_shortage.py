"""Shortages that many reasons share: told once, verified once, and rejected where one thing is changed."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given

import gigmatch as gm
from explaining.brute import World, table_of, tables
from gigmatch.evidence import HallSet, Reasons
from gigmatch.evidence.shortage import Shortages
from gigmatch.evidence.verifier import ReasonVerifier
from tests.conftest import examples, sample


def takes(world: World, told: Reasons) -> bool:
    """Whether the checker takes them all; anything but a clear rejection is an error."""
    checker = ReasonVerifier(world.explainer.solved, told.greatest, told.sets)
    try:
        for reason in told.reasons:
            checker.check(reason)
    except (gm.CertificateError, gm.InvalidInputError):
        return False
    return True


def with_set(told: Reasons, number: int, **lists: tuple[str, ...]) -> Reasons:
    """The same with one set altered."""
    other = told.sets[number].model_copy(update=lists)
    return told.model_copy(update={"sets": (*told.sets[:number], other, *told.sets[number + 1 :])})


def with_reason(told: Reasons, at: int, **fields: object) -> Reasons:
    """The same with one reason altered."""
    other = told.reasons[at].model_copy(update=fields)
    return told.model_copy(update={"reasons": (*told.reasons[:at], other, *told.reasons[at + 1 :])})


def referring(told: Reasons) -> list[int]:
    """Places of the reasons that refer to a shared set."""
    return [at for at, r in enumerate(told.reasons) if getattr(r, "shared_set", None) is not None]


@examples(12)
@given(tables())
def test_every_set_is_told_once_and_referred_to(world):
    """No ids beside a reference, no set without one, and no set twice."""
    told = world.explainer.everything()
    at = referring(told)
    assert {told.reasons[k].shared_set for k in at} == set(range(len(told.sets)))
    assert not any(told.reasons[k].workers or told.reasons[k].shifts for k in at)
    assert len(at) == sum(r.kind in ("short_of_seats", "short_of_workers") for r in told.reasons)
    for number, each in enumerate(told.sets):
        assert {told.reasons[k].kind for k in at if told.reasons[k].shared_set == number} <= {
            "short_of_seats" if len(each.workers) > world_seats(world, each) else "short_of_workers"
        }


def world_seats(world: World, each: HallSet) -> int:
    return sum(world.seats[shift] for shift in each.shifts)


@examples(12)
@given(tables())
def test_a_shared_set_with_one_thing_changed_is_rejected(world):
    """An id less, one more, one twice, one exchanged, one unknown; the sets exchanged, or none at all."""
    told = world.explainer.everything()
    everybody = {"workers": world.workers, "shifts": world.shifts}
    for number, each in enumerate(told.sets):
        for side, every in everybody.items():
            ids = getattr(each, side)
            others = [key for key in every if key not in ids]
            changed = [ids[:k] + ids[k + 1 :] for k in range(len(ids))]
            changed += [(*ids, key) for key in (*others, "nobody", *ids[:1])]
            changed += [(*ids[:k], key, *ids[k + 1 :]) for k in range(len(ids)) for key in others]
            for lists in changed:
                assert not takes(world, with_set(told, number, **{side: lists})), (side, lists)
    if told.sets:
        assert not takes(world, told.model_copy(update={"sets": ()}))
    if len(told.sets) > 1:
        assert not takes(world, told.model_copy(update={"sets": told.sets[::-1]}))


@examples(12)
@given(tables())
def test_a_reference_with_one_thing_changed_is_rejected(world):
    """To a set that is not there, to another set, or to a set that is told again beside it."""
    told = world.explainer.everything()
    for at in referring(told):
        said = told.reasons[at]
        for number in {-1, len(told.sets), 10**30, *range(len(told.sets)), None} - {said.shared_set}:
            assert not takes(world, with_reason(told, at, shared_set=number)), number
        own = told.sets[said.shared_set]
        assert not takes(world, with_reason(told, at, workers=own.workers, shifts=own.shifts))
        alone = {"shared_set": None, "workers": own.workers, "shifts": own.shifts}
        assert takes(world, with_reason(told, at, **alone))


def two_shortages() -> World:
    """w0 to w2 are short of s0, w3 to w5 of s1, and there is nobody for both."""
    rows = [[4, None]] * 3 + [[None, 4]] * 3
    return table_of(rows, [1, 1], seed=0)


def test_a_set_must_hold_the_one_who_is_told_of_it():
    """Somebody else's shortage, in itself right, is no reason."""
    world = two_shortages()
    told = world.explainer.everything()
    halves = (
        HallSet(workers=("w0", "w1", "w2"), shifts=("s0",)),
        HallSet(workers=("w3", "w4", "w5"), shifts=("s1",)),
    )
    figures = {"n_workers": 3, "n_shifts": 1, "n_seats": 1}
    split = told.model_copy(update={"sets": halves})
    for at in referring(told):
        own = 0 if told.reasons[at].worker_id in halves[0].workers else 1
        split = with_reason(split, at, **figures, shared_set=own)
    assert takes(world, split)
    for at in referring(split):
        said = split.reasons[at]
        wrong = with_reason(split, at, shared_set=1 - said.shared_set)
        with pytest.raises(gm.CertificateError, match=f"worker '{said.worker_id}' is none of the set"):
            world.check(wrong)


def test_a_reason_out_of_its_context_says_what_is_missing():
    """One that refers to a set proves nothing without it."""
    world = two_shortages()
    told = world.explainer.everything()
    said = told.reasons[referring(told)[0]]
    with pytest.raises(gm.CertificateError, match="there is no shared set 0: the sets are 0"):
        world.check(said)
    assert told.about(said.worker_id).reasons == (said,)
    assert world.check(told.about(said.worker_id)) == 1
    about = told.about("s0", "nobody").reasons
    assert about == tuple(r for r in told.reasons if getattr(r, "shift_id", None) == "s0")
    assert {"placed", "short_of_seats"} == {r.kind for r in about}


def test_a_set_of_the_other_kind_is_no_shortage():
    """Workers short of seats are not seats short of workers."""
    world = table_of([[4, None], [2, None], [None, 4]], [1, 2], seed=0)
    told = world.explainer.everything()
    at = {told.reasons[k].kind: k for k in referring(told)}
    assert at.keys() == {"short_of_seats", "short_of_workers"}
    short, empty = (told.reasons[at[kind]] for kind in sorted(at))
    for said, other, place in ((short, empty, at["short_of_seats"]), (empty, short, at["short_of_workers"])):
        figures = {name: getattr(other, name) for name in ("n_workers", "n_shifts", "n_seats", "shared_set")}
        assert said.shared_set != other.shared_set
        assert not takes(world, with_reason(told, place, **figures))


def test_size_and_work_grow_with_the_morning(monkeypatch):
    """Some 400 bytes a reason, however many are short of seats; every set is gone through once."""
    counted = Counter[int]()
    verify = Shortages._counted
    monkeypatch.setattr(
        Shortages, "_counted", lambda self, named: counted.update([id(named)]) or verify(self, named)
    )
    for workers in (150, 600):
        morning = sample("jingshi", seed=7, workers=workers)
        assignment = gm.match(morning)
        told = gm.explain(morning, assignment).everything()
        assert len(told.model_dump_json()) < 500 * len(told.reasons)
        counted.clear()
        assert gm.check_reasons(morning, assignment, told) == len(told.reasons)
        assert sorted(counted) == sorted(id(each) for each in told.sets)
        assert set(counted.values()) == {1}
