"""Reasons of stable answers: complete, true by the definition, checked, for every pair of eyes."""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
import pytest

import gigmatch as gm
from conftest import for_each, matched, sample
from evidence.tampering import altered
from gigmatch.evidence import Explanation, Outranked, StablyPlaced
from gigmatch.evidence.verifier import ReasonVerifier

LEAST = {"worker_least": 30.0, "employer_least": 18.0}


@cache
def explained(**least: float) -> gm.Explainer:
    """A stable answer to a small hall, with a promise; loaded, so that all is made anew."""
    morning = sample("jingshi", workers=60)
    found = gm.stable(morning, keep=gm.stable(morning).pairs[:2], **least)
    return gm.explain(morning, gm.Assignment.from_json(found.to_json()))


@cache
def rankings(**least: float) -> tuple[dict, dict]:
    """How each side likes the pairs, by ids."""
    keys = explained(**least).stable._keys
    ids = explained(**least).assignment
    pairs = [(ids.worker_ids[w], ids.shift_ids[s]) for w, s in zip(*keys.rows, strict=True)]
    return dict(zip(pairs, keys.worker, strict=True)), dict(zip(pairs, keys.employer, strict=True))


@for_each([{}, LEAST])
def test_everybody_and_every_empty_seat_has_a_reason_that_is_checked(least):
    """None is missing, and the checker takes all of them, loaded or not."""
    explainer = explained(**least)
    morning, assignment = sample("jingshi", workers=60), explainer.assignment
    reasons = gm.Reasons.from_json(explainer.everything().to_json())
    assert not reasons.missing(assignment)
    assert gm.check_reasons(morning, assignment, reasons, complete=True) == len(reasons.reasons)


@for_each([{}, LEAST])
def test_whoever_is_said_to_rank_ranks(least):
    """Every pair of an eligible worker and shift, straight from the likings of the two."""
    explainer, (own, theirs) = explained(**least), rankings(**least)
    assignment, kept = explainer.assignment, {w for w, _ in explainer.assignment.keep}
    said = {}
    for worker, shift in own:
        has = assignment.shift_of(worker)
        if has == shift or worker in kept:
            continue
        told = explainer.why_not(worker, shift)
        if told.kind == "promised":
            continue
        said[told.decided_by] = said.get(told.decided_by, 0) + 1
        wants = own[worker, shift] > (own[worker, has] if has else -1)
        others = [w for w in assignment.fill[shift] if w not in kept]
        if told.decided_by == "worker":
            assert not wants
            assert told.instead == has
        elif told.decided_by == "employer":
            assert wants
            assert told.holders == tuple(others)
            assert all(theirs[w, shift] > theirs[worker, shift] >= 0 for w in others)
            assert len(assignment.fill[shift]) == told.n_holders + told.n_promised
        else:
            assert (own if told.decided_by == "worker_least" else theirs)[worker, shift] == -1
    assert {*said} == ({"worker", "employer"} if not least else {"worker", "employer", *LEAST})


@for_each([{}, LEAST])
def test_counts_are_those_of_the_rows(least):
    """Of people placed, people without a shift, and empty seats."""
    explainer, (own, theirs) = explained(**least), rankings(**least)
    kept = {w for w, _ in explainer.assignment.keep}
    for told in explainer.everything().reasons:
        if told.kind == "stably_placed" and not told.promised:
            mine = (key for (w, _), key in own.items() if w == told.worker_id)
            liked = sorted((key for key in mine if key >= 0), reverse=True)
            assert liked[told.place - 1] == own[told.worker_id, told.shift_id]
            assert told.n_shifts == len(liked)
        elif told.kind == "outranked_everywhere":
            mine = {s: key for (w, s), key in own.items() if w == told.worker_id}
            assert told.n_shifts == len(mine) == told.n_full + told.n_refused + told.n_unwanted
            assert told.n_unwanted == sum(key < 0 for key in mine.values())
            assert told.n_by_lot <= told.n_full
        elif told.kind == "seat_unwanted":
            there = [w for w, s in theirs if s == told.shift_id]
            counts = told.n_here, told.n_elsewhere, told.n_promised, told.n_refused, told.n_unwanted
            assert told.n_workers == len(there) == sum(counts)
            assert told.n_promised == len({*there} & kept)


@cache
def gallery(**least: float) -> tuple[Explanation, ...]:
    """A reason of each kind, and of each who may decide."""
    explainer = explained(**least)
    has = explainer.assignment.shift_of
    why_not = (explainer.why_not(w, s) for w, s in rankings(**least)[0] if has(w) != s)
    told = [*explainer.everything().reasons, *why_not]
    every = {(each.kind, getattr(each, "decided_by", None)): each for each in told}
    return tuple(each for each in every.values() if "eligible" not in each.kind)


@for_each([{}, LEAST])
def test_reasons_with_one_thing_changed_are_rejected(least):
    """Every field of a reason of every kind."""
    check = ReasonVerifier(explained(**least).solved).check

    def takes(other: Explanation) -> bool:
        try:
            check(other)
        except (gm.CertificateError, gm.InvalidInputError):
            return False
        return True

    assert len(gallery(**least)) >= 4
    for said in gallery(**least):
        check(said)
        for path, other in altered(said):
            assert not takes(other), (said.kind, path)


def test_what_a_promise_decides_is_no_ranking():
    """The worker was promised elsewhere: nobody ranked anything."""
    explainer = explained()
    worker, _ = explainer.assignment.keep[0]
    shift = next(s for w, s in rankings()[0] if w == worker and explainer.assignment.shift_of(w) != s)
    assert explainer.why_not(worker, shift).kind == "promised"
    said = next(each for each in gallery() if isinstance(each, Outranked))
    with pytest.raises(gm.CertificateError, match="promise decides"):
        ReasonVerifier(explainer.solved).check(
            said.model_copy(update={"worker_id": worker, "shift_id": shift})
        )


def test_an_optimal_answer_has_no_such_reasons():
    """It was chosen by the points of all."""
    worker, shift = matched("jingshi", workers=60).pairs[0]
    said = StablyPlaced(worker_id=worker, shift_id=shift, promised=False, place=1, n_shifts=1)
    with pytest.raises(gm.CertificateError, match="not chosen by what both sides like"):
        ReasonVerifier(matched("jingshi", workers=60).solved).check(said)


def test_other_eyes_see_nobody_else():
    """A worker sees no names of others, an employer nothing of what a worker would rather have."""
    everybody = {*explained(**LEAST).assignment.worker_ids}
    for each in gallery(**LEAST):
        own = getattr(each, "worker_id", None)
        for audience, lang in product(("worker", "employer"), ("en", "zh")):
            seen = each.seen_by(audience)
            shown = seen.model_dump_json() + gm.in_words(seen, lang=lang)
            assert not {name for name in everybody - {own} if name in shown}
        if isinstance(each, Outranked):
            assert each.seen_by("employer").instead is None
            assert each.seen_by("employer").decided_by != "worker_least"
    with pytest.raises(gm.CertificateError):
        ReasonVerifier(explained(**LEAST).solved).check(gallery(**LEAST)[0].seen_by("worker"))


def test_effects_on_the_whole_are_of_optimal_answers_alone():
    """What is asked for in points is told as not proved, with the bound, and checked."""
    explainer = explained()
    worker = explainer.assignment.unplaced[0].worker_id
    told = explainer.recommend(worker)
    assert told.kind == "not_proved"
    gm.check_reasons(sample("jingshi", workers=60), explainer.assignment, [told])
    with pytest.raises(gm.InvalidInputError):
        explainer.seat_price(explainer.assignment.shift_ids[0])
    assert np.isfinite(told.gap_points)
