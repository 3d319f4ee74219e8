"""Errors that few meet: each raised once."""

from __future__ import annotations

import json
from typing import Any

import pytest

import gigmatch as gm
from tests.conftest import a_morning, a_shift, a_worker, sample


def test_what_tells_who_an_employer_is_belongs_to_the_employer() -> None:
    with pytest.raises(ValueError, match="field 'contact' of the shift's employer"):
        a_shift(attributes={"contact": "123"})


def test_a_live_morning_is_made_of_a_morning() -> None:
    columns = gm.columns_of(a_morning(a_worker(), a_shift()))
    with pytest.raises(gm.UnsupportedError, match="give the Morning, not its columns"):
        gm.Live(columns)


@pytest.mark.parametrize(
    ("rows", "message"),
    [([9], "placed_worker holds rows outside 0 to 0"), ([0, 0], "does not go with placed_shift")],
)
def test_rows_of_a_saved_answer_are_those_of_its_ids(rows: list[int], message: str) -> None:
    data = json.loads(gm.match(a_morning(a_worker(), a_shift())).to_json())
    with pytest.raises(gm.InvalidFileError, match=message):
        gm.Assignment.from_json(json.dumps(data | {"placed_worker": rows}))


def test_a_typed_minute_of_another_year() -> None:
    frames: dict[str, Any] = gm.morning_to_frames(a_morning(a_worker(), a_shift()))
    workers = frames["workers"].to_pylist()
    frames["workers"] = {
        **{key: [value] for key, value in workers[0].items()},
        "arrived_at_min": [10_000_000],
    }
    with pytest.raises(
        gm.InvalidMorningError, match="more than 14 days before the morning or 416 days after"
    ):
        gm.columns_from_frames(**frames)


def test_a_proof_moves_nobody_where_they_cannot_go() -> None:
    morning = sample("jingshi", 7)
    assignment = gm.match(morning)
    explainer = gm.explain(morning, assignment)
    shift = next(key for _, key in assignment.pairs)
    reasons = (explainer.why_not(worker.id, shift) for worker in morning.workers)
    told = next(
        reason for reason in reasons if reason.kind == "outbid" and reason.proof and reason.proof.moves
    )
    move = told.proof.moves[-1]
    placed = {**dict(assignment.pairs)}
    refused = next(
        key.id
        for key in morning.shifts
        if placed.get(move.worker_id) != key.id
        and explainer.why_not(move.worker_id, key.id).kind == "not_eligible"
    )
    moves = (*told.proof.moves[:-1], move.model_copy(update={"goes_to": refused}))
    forged = told.model_copy(update={"proof": told.proof.model_copy(update={"moves": moves})})
    with pytest.raises(gm.CertificateError, match="not eligible"):
        gm.check_reasons(morning, assignment, [forged])


def test_a_break_without_end_is_one_error() -> None:
    """As fuzzing found it: how long it is cannot be told."""
    frames: dict[str, Any] = gm.morning_to_frames(a_morning(a_worker(), a_shift()))
    period = frames["periods"].to_pylist()[0]
    frames["periods"] = {**{key: [value] for key, value in period.items()}, "break_min": [float("inf")]}
    with pytest.raises(gm.InvalidMorningError, match=r"break_min: is no whole number\. Got 'inf'") as caught:
        gm.columns_from_frames(**frames)
    assert len(caught.value.problems) == 1
