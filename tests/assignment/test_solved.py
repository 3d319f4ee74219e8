"""A solved morning is made once, taken as it is, and made anew and verified wherever it is not there."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest

import gigmatch as gm
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.pairing.rules import DEFAULT_RULES
from gigmatch.problem import LOTTERY, POINTS, SEATS
from tests.conftest import sample


class Early:
    """Counts seats that begin before eight."""

    name, words, largest = "early", {"en": "early seats", "zh": "早班名额"}, 1

    def of_shifts(self, columns):
        return (columns.shifts.start_min < 480).astype(np.int64)


def no_nights(columns, pairs):
    """No work after ten."""
    return columns.shifts.end_min[pairs.shift] <= 22 * 60


@pytest.fixture(scope="module")
def morning() -> gm.Morning:
    return sample("jingshi", seed=7, workers=120)


@pytest.fixture(scope="module")
def answer(morning) -> gm.Assignment:
    return gm.match(morning)


def test_a_fresh_answer_is_taken_as_it_is(morning, answer, monkeypatch):
    """Nothing is compiled, serialised or verified again to explain it."""
    for name in ("gigmatch.assignment.solved.verify", "gigmatch.assignment.solved.columns_as"):
        monkeypatch.setattr(name, None)
    monkeypatch.setattr(gm.Morning, "digest", None)
    explainer = gm.explain(morning, answer)
    assert explainer.solved is answer.solved
    assert explainer.why(answer.pairs[0][0]).kind == "placed"


def test_rules_scorers_travel_and_levels_are_not_passed_again(morning):
    """Those that it was made with are at hand in the same process; loaded, they are asked for."""
    policy = gm.DEFAULT_POLICY.with_levels(SEATS, Early(), POINTS, LOTTERY)
    options = {"rules": [*DEFAULT_RULES, no_nights], "travel": gm.StraightLine(detour=1.5)}
    answer = gm.match(morning, policy=policy, **options)
    assert [level.name for level in gm.check(morning, answer).levels if level.is_own] == ["early"]
    assert gm.check_reasons(morning, answer, gm.explain(morning, answer).everything()) > 0
    loaded = gm.Assignment.from_dict(answer.to_dict())
    with pytest.raises(gm.InvalidPolicyError, match="not built in"):
        gm.check(morning, loaded)
    gm.check(morning, loaded, rules=[no_nights], scorers=[Early()])


def test_others_than_it_was_made_with_are_refused(morning, answer):
    """Also of an answer that was just made."""
    with pytest.raises(gm.InvalidPolicyError, match="its description differs"):
        gm.explain(morning, answer, travel=gm.StraightLine(detour=9))


def test_the_morning_of_columns_may_be_given_later(morning):
    """What needs its objects has them then."""
    answer = gm.match(gm.columns_of(morning))
    assert answer.solved.objects is None
    explainer = gm.explain(morning, answer)
    assert explainer.solved.objects is morning
    assert explainer.recommend_newcomer({"id": "walk-in", "station_id": morning.market.id}).kind
    assert gm.Adviser(explainer).seat_values()


def test_what_is_replaced_is_verified(morning, answer):
    """Its solved morning is gone, and what it claims does not hold."""
    altered = replace(answer, placed_shift=answer.placed_shift[::-1])
    assert altered.solved is None
    with pytest.raises(gm.CertificateError, match="it was altered"):
        gm.explain(morning, altered)
    with pytest.raises(gm.InvalidInputError, match="does not hold its morning"):
        SolvedMorning.of(altered)


def test_copies_are_the_same(answer):
    """Nobody can change one, so there need not be two."""
    assert copy.copy(answer) is copy.deepcopy(answer) is answer


def test_pairs_that_were_not_held_are_made_when_they_are_asked_for(morning, answer):
    """Solved on some pairs, explained on all."""
    some = gm.match(morning, max_pairs=2 * len(morning.workers))
    assert not some.solved.held[0].is_whole
    assert some.solved.eligible.is_whole
    assert gm.explain(morning, some).everything() == gm.explain(morning, answer).everything()


def test_pairs_that_were_not_held_and_would_not_fit_are_refused(morning, monkeypatch):
    """Before memory runs out."""
    some = gm.match(morning, max_pairs=2 * len(morning.workers))
    monkeypatch.setattr("gigmatch.core.limits.available_bytes", lambda: 1_000)
    monkeypatch.setattr("gigmatch.pairing.candidates.UNASKED_BYTES", 0)  # else so few are not asked about
    with pytest.raises(gm.TooLargeError, match="feasible pairs would take"):
        some.solved.eligible  # noqa: B018
