"""The checker of fair lotteries: no leaf of a file can be altered, and every draw is replayed."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from tests.conftest import examples, sample


@pytest.fixture(scope="module")
def morning():
    whole = sample("jingshi", seed=7, workers=50)
    return whole.model_copy(update={"shifts": whole.shifts[:6]})


@pytest.fixture(scope="module")
def lottery(morning):
    return gm.fair_lottery(morning)


def leaves(node, path=()):
    """Paths of every number and text in the proof of the chances."""
    if isinstance(node, dict | list):
        for key in node if isinstance(node, dict) else range(len(node)):
            yield from leaves(node[key], (*path, key))
    elif path[-1] != "solver":  # proves nothing
        yield path


@given(st.data())
@examples(30)
def test_no_leaf_of_a_file_can_be_altered(morning, lottery, data):
    """Of the blocks, and of the assignment of those who are sure of a seat."""
    said = json.loads(lottery.to_json())
    paths = [*leaves(said["blocks"], ("blocks",)), *leaves(said["sure"], ("sure",))]
    *path, last = data.draw(st.sampled_from(paths))
    place = said = copy.deepcopy(said)
    for key in path:
        place = place[key]
    value = place[last]
    place[last] = value + data.draw(st.sampled_from([-1, 1, 7])) if isinstance(value, int) else f"{value}x"
    with pytest.raises((gm.CertificateError, gm.InvalidFileError, gm.InvalidInputError)):
        gm.check_lottery(morning, gm.FairLottery.from_json(json.dumps(said)))


def test_what_is_no_lottery_is_refused(morning, lottery):
    """Another kind of object, keys that are not known, lists that hold something else."""
    with pytest.raises(gm.InvalidInputError, match="FairLottery"):
        gm.check_lottery(morning, lottery.best)
    for change in ({"colour": 1}, {"worker": "all"}, {"seats": 1.5}, {"rounds": [[]]}):
        said = json.loads(lottery.to_json())
        said["blocks"][0] |= change
        with pytest.raises(gm.InvalidFileError, match="a fair lottery: not a saved"):
            gm.FairLottery.from_json(json.dumps(said))


def test_the_best_assignment_must_be_proved(morning, lottery):
    """And the policy must be the one published."""
    stopped = gm.match(morning, time_limit_s=0)
    with pytest.raises(gm.CertificateError, match="not proved"):
        gm.check_lottery(morning, gm.FairLottery(stopped, lottery.shares))
    with pytest.raises(gm.CertificateError, match="another policy"):
        gm.check_lottery(morning, lottery, policy=gm.DEFAULT_POLICY.with_seed(5))


def test_what_was_drawn_is_drawn_again(morning, lottery):
    """Another assignment, another seed and other terms are rejected."""
    drawn = lottery.draw(11)
    assert gm.check_lottery(morning, lottery, gm.Assignment.from_json(drawn.to_json()), seed=11).seed == 11
    other = lottery.draw(12)
    assert other.pairs != drawn.pairs
    with pytest.raises(gm.CertificateError, match="not with the published 11"):
        gm.check_lottery(morning, lottery, other, seed=11)
    forged = replace(other, policy=drawn.policy)
    with pytest.raises(gm.CertificateError, match="another shift than the seed draws"):
        gm.check_lottery(morning, lottery, forged)
    elsewhere = gm.fair_lottery(morning, forbid=[drawn.pairs[0]]).draw(11)
    with pytest.raises(gm.CertificateError, match="its forbid differs"):
        gm.check_lottery(morning, lottery, elsewhere)
    with pytest.raises(gm.CertificateError, match="its mechanism differs"):
        gm.check_lottery(morning, lottery, replace(drawn, mechanism=drawn.mechanism | {"tie_seed": 1}))


def test_the_terms_of_a_lottery_are_published_beforehand(morning, lottery):
    """With the seed of the draw, or with that left open; what decides between equal ones is among them."""
    due = gm.Terms.of(morning, mechanism="lottery")
    assert gm.check_lottery(morning, lottery, terms=due) == due
    assert gm.check_lottery(morning, lottery, lottery.draw(0), terms=due) == due
    with pytest.raises(gm.CertificateError, match="seed: 11, not 0"):
        gm.check_lottery(morning, lottery, lottery.draw(11), terms=due)
    drawn, later = gm.Assignment.from_json(lottery.draw(11).to_json()), due.with_open("seed")
    assert gm.check_lottery(morning, lottery, drawn, seed=11, terms=later).seed == 11
    assert gm.check(morning, drawn, terms=later).mechanism == due.mechanism
    assert str(later).startswith("terms: fair lottery, seed any, 0 kept")
    other = gm.Terms.of(morning, policy=gm.DEFAULT_POLICY.with_seed(5), mechanism="lottery").with_open("seed")
    told = "the seed that decides between equal lotteries is 0, not 5"
    with pytest.raises(gm.CertificateError, match=told):
        gm.check_lottery(morning, lottery, drawn, terms=other)
    with pytest.raises(gm.CertificateError, match="fair lottery, not the best by its levels"):
        gm.check_lottery(morning, lottery, drawn, terms=gm.Terms.of(morning))
