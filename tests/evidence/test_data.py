"""Explanations as data: whose eyes see what, and what JSON gives back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from explaining.brute import answers, every_kind, rankings, table_world, worlds
from gigmatch.evidence import Amount, Promised, SeatPrice, Tied
from tests.conftest import examples, sample

SECRET = ("loss", "effect", "price", "proof", "rest", "holders", "alternatives", "stand_bys")


def nodes(node: Any) -> Iterator[tuple[str, Any]]:
    """Every key of a JSON value with what it holds."""
    parts = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, part in parts:
        yield str(key), part
        yield from nodes(part)


@pytest.mark.parametrize("audience", ["worker", "employer"])
def test_no_eyes_but_the_markets_see_others(audience):
    """Of every kind: nobody else's id, no loss, price or proof, in the JSON and in both languages."""
    for said, workers in every_kind():
        seen = said.seen_by(audience)
        text = seen.model_dump_json()
        asked = said.kind not in ("seat_left_for_points", "seat_tied")
        others = set(workers) - ({getattr(said, "worker_id", None)} if asked else set())
        for told in (text, gm.in_words(seen), gm.in_words(seen, lang="zh")):
            assert not others & set(re.findall(r"\w+", told)), told
        assert all(not value for key, value in nodes(json.loads(text)) if key in SECRET)


def test_the_manager_and_the_auditor_see_everything():
    """Nothing is left out, whoever of the two asks; what was hidden does not come back."""
    for said, _ in every_kind():
        for audience in ("manager", "auditor"):
            assert said.seen_by(audience) == said.model_copy(update={"audience": audience})
            hidden = said.seen_by("worker")
            assert hidden.seen_by(audience) == hidden.model_copy(update={"audience": audience})
            assert hidden.seen_by("worker") == hidden


@examples(12)
@given(worlds())
def test_an_employer_does_not_see_what_is_the_workers_own(world):
    """No pay floor, age, way, skill or points by scorer; and a worker sees all of its own."""
    own = ("pay_floor_per", "age_years", "travel_limit", "minutes", "points_by_scorer", "level", "held")
    for said in [*answers(world), *rankings(world, 2)]:
        if not hasattr(said, "worker_id"):
            continue
        seen = said.seen_by("employer")
        shown = [key for key, value in nodes(json.loads(seen.model_dump_json())) if value]
        assert not [key for key in shown if key.startswith(own)], seen
        if said.kind == "not_eligible":
            assert (seen.refusals, seen.changes) == ((), None)
            assert (said.seen_by("worker").refusals, said.seen_by("worker").changes) == (
                said.refusals,
                said.changes,
            )
        if said.kind == "no_eligible_shift":
            assert (seen.refused_by, seen.refused_by_it_alone) == ({}, {})
        if said.kind == "ranked_shifts":
            assert seen.choices == ()
            assert [c.id for c in said.seen_by("worker").choices] == [c.id for c in said.choices]


def test_nobody_elses_eyes():
    """Whoever is not known sees nothing, but an error."""
    for said, _ in every_kind():
        with pytest.raises(gm.InvalidInputError, match="audience must be one of worker, employer, manager, "):
            said.seen_by("press")


def test_ones_own_draw_is_always_shown():
    """Of a tie, the seed and one's own draw; the others' to the market."""
    tied = Tied(worker_id="li", shift_id="wall", seed=3, draws={"li": 5, "wang": 7}, proof=None)
    assert tied.seen_by("worker").draws == tied.seen_by("employer").draws == {"li": 5}
    assert tied.seen_by("auditor").draws == {"li": 5, "wang": 7}


def test_prices_and_sets_that_reasons_share_are_hidden_too():
    """All reasons of a morning together show no more than each alone."""
    morning = sample("jingshi", seed=7, workers=100)
    told = gm.explain(morning, gm.match(morning)).everything()
    assert told.greatest
    assert any(each.workers for each in told.sets)
    assert (told.seen_by("auditor").greatest, told.seen_by("manager").sets) == (told.greatest, told.sets)
    [some] = told.about(told.reasons[-1].shift_id).reasons
    for audience in ("worker", "employer"):
        seen = told.about(some.shift_id).seen_by(audience)
        assert (seen.greatest, seen.sets) == ({}, ())
        assert list(seen.reasons) == [some.seen_by(audience)]
        with pytest.raises(gm.InvalidInputError, match="about one with about"):
            told.seen_by(audience)
    with pytest.raises(gm.InvalidInputError, match="about one with about"):
        told.about(*told.sets[0].workers).seen_by("worker")


@given(st.dictionaries(st.integers(1, 9), st.integers(-3, 3).filter(bool)), st.integers(-500, 500))
def test_amounts_are_ordered_tier_by_tier(seats, hundredths):
    """The most urgent tier decides, then the next, then points; the negative is below or above nothing."""
    amount = Amount(seats_by_tier=seats, points=hundredths / 100)
    nothing = Amount(seats_by_tier={}, points=0.0)
    first = [*(seats[tier] for tier in sorted(seats)), hundredths]
    sign = next((number for number in first if number), 0)
    assert (amount.key > nothing.key) == (sign > 0)
    assert ((-amount).key < nothing.key) == (sign > 0)
    assert amount.is_nothing == (sign == 0)
    assert (-amount).__neg__() == amount
    assert amount.seats == sum(seats.values())


def test_reasons_are_read_as_they_were_written(tmp_path):
    """From JSON, from a file, and nothing else."""
    world = table_world(28)
    told = gm.Reasons.of(answers(world))
    told.save(tmp_path / "reasons.json")
    assert gm.Reasons.load(tmp_path / "reasons.json") == told
    with pytest.raises(gm.InvalidFileError, match="cannot be read"):
        gm.Reasons.load(tmp_path / "nowhere.json")
    for text, why in {
        "": "is not JSON",
        "[]": "reasons is an object in JSON; this is list",
        "{": "is not JSON",
        '{"reasons": 5}': "not reasons: reasons: Input should be a valid tuple",
        '{"reasons": [{"kind": "because"}]}': "not reasons: reasons.0: Input tag 'because'",
        '{"reasons": [], "more": 1}': "reasons of version 2 has no 'more': unknown key",
    }.items():
        with pytest.raises(gm.InvalidFileError, match=why):
            gm.Reasons.from_json(text)
    nothing = Amount(seats_by_tier={}, points=0.0)
    for other in ("because", SeatPrice(one_more=nothing, one_less=nothing), None):
        with pytest.raises(gm.InvalidInputError, match="these are no explanations"):
            gm.Reasons.of([other])


def test_reasons_are_shown_in_one_line():
    """How many there are of every kind, and nobody's id, however many they are."""
    promised = Promised(worker_id="li", shift_id="wall", what="every seat")
    tied = Tied(worker_id="wang", shift_id="wall", seed=7, draws={}, proof=None)
    reasons = gm.Reasons.of([tied, promised, promised])
    assert repr(reasons) == str(reasons) == "Reasons(3 reasons, whole=False, Promised=2, Tied=1)"
    assert repr(gm.Reasons.of([])) == "Reasons(0 reasons, whole=False)"


def test_a_notebook_shows_reasons_as_tables():
    """Kind, worker and shift of each; of one, every field that holds something; nothing becomes a tag."""
    promised = Promised(worker_id="<li>", shift_id="wall", what="every seat")
    assert "<td>promised</td><td>&lt;li&gt;</td><td>wall</td>" in gm.Reasons.of([promised])._repr_html_()
    shown = promised._repr_html_()
    assert "<th>Promised</th>" in shown
    assert "<tr><td>what</td><td>every seat</td></tr>" in shown
    assert "<li>" not in shown
    many = gm.Reasons.of([promised] * 1_021)._repr_html_()
    assert many.endswith("<p>... and 1,001 more</p>")


def test_a_notebook_shows_every_kind_of_reason():
    """Each is a table, however much it holds."""
    for reason, _ in every_kind():
        shown = reason._repr_html_()
        assert shown.startswith("<table>")
        assert len(shown) < 5_000
