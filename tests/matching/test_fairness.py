"""The price of fairness: exact differences of proved answers, rule by rule."""

from __future__ import annotations

import json

import pytest

import gigmatch as gm
from tests.conftest import sample

STEPS = (None, gm.People(7), gm.People((3, 7)), gm.People())


@pytest.fixture(scope="module")
def morning() -> gm.Morning:
    return sample("jingshi", seed=7, workers=200)


@pytest.fixture(scope="module")
def curve(morning) -> gm.FairnessCurve:
    return gm.fairness_curve(morning, steps=STEPS)


def test_every_point_is_an_answer_of_its_own(morning, curve):
    """Matched anew from nothing: the same figures; the cost is what it has less than the first."""
    first = gm.match(morning).summary
    days = {w.id: w.days_since_last_placement or 0 for w in morning.workers}
    for step, point in zip(STEPS, curve.points, strict=True):
        answer = gm.match(morning, policy=gm.DEFAULT_POLICY.with_people(step))
        assert (point.people, point.is_proved, point.summary) == (step, True, answer.summary)
        assert point.cost == round(first.points - answer.summary.points, 2)
        assert point.summary.seats_by_tier == first.seats_by_tier
        left = [days[each.worker_id] for each in answer.unplaced if each.eligible_shifts]
        assert point.longest_wait == max(left)
        week = next(each for each in point.waiting if each.at_least == 7)
        assert week.placed == sum(days[worker] >= 7 for worker, _ in answer.pairs)
        assert point.share_placed(7) == week.placed / week.people
        assert point.mean_travel_min == pytest.approx(answer.minutes.mean())


def test_stricter_rules_cost_no_less(curve):
    """Where each rule tells apart whom the one before does: costs never fall, nor the first classes."""
    costs = [point.cost for point in curve.points]
    assert costs == sorted(costs)
    assert costs[0] == 0 < costs[-1]
    weeks = [point.share_placed(7) for point in curve.points[1:]]
    assert weeks[0] == weeks[1] == weeks[2] >= curve.points[0].share_placed(7)


def test_it_is_told_saved_and_laid_out_flat(morning, curve):
    """As text in both languages, as a file, as rows for frames."""
    assert gm.FairnessCurve.from_json(curve.to_json()) == curve
    lines = str(curve).splitlines()
    assert len(lines) == len(STEPS) + 1 == len(curve) + 1
    assert "longest waiting first (from 3, 7 days)" in lines[3]
    assert "不分先后" in curve.text("zh")
    rows = curve.records()
    assert [row["classes"] for row in rows] == [0, 1, 2, 30]
    assert all(len(row) == len(rows[0]) for row in rows)
    assert "<table>" in curve._repr_html_()
    assert curve.morning_digest == morning.digest()


def test_damaged_files_are_refused(curve):
    """With what is wrong."""
    data = json.loads(curve.to_json())
    del data["points"][0]["cost"]
    with pytest.raises(gm.InvalidFileError, match="no saved fairness curve"):
        gm.FairnessCurve.from_json(json.dumps(data))
    with pytest.raises(gm.InvalidFileError, match="did you mean 'points'"):
        gm.FairnessCurve.from_json(json.dumps({**json.loads(curve.to_json()), "point": 1}))


def test_what_is_not_proved_has_no_price(morning):
    """A heuristic answer is told as such."""
    curve = gm.fairness_curve(morning, steps=(None, gm.People()), solver="greedy")
    assert [(point.is_proved, point.cost) for point in curve.points] == [(False, None)] * 2


@pytest.mark.parametrize("steps", [(), (7,), ["people"]])
def test_steps_that_are_none(morning, steps):
    """Are refused before any work."""
    with pytest.raises(gm.InvalidInputError, match="steps is"):
        gm.fairness_curve(morning, steps=steps)


def test_promises_and_policy_hold_at_every_step(morning):
    """Promised pairs stand, whoever comes first; another policy's points are its own."""
    pair = gm.match(morning).pairs[0]
    told: list[float] = []
    curve = gm.fairness_curve(
        morning,
        steps=(None, gm.People(1)),
        policy=gm.DEFAULT_POLICY.only("pay"),
        keep=iter([pair]),
        progress=lambda stage, share: told.append(share),
    )
    assert told == [0.5, 1.0]
    due = gm.match(morning, policy=gm.DEFAULT_POLICY.only("pay"), keep=[pair]).summary
    assert curve.points[0].summary == due


def test_it_is_drawn(curve):
    """A line each of what is told, in both languages; nothing else is taken for a curve."""
    axes = gm.plot.fairness(curve)
    assert len(axes.lines) == 5
    assert [each.get_text() for each in axes.get_yticklabels()][:2] == ["nobody first", "from 7 days"]
    assert "代价" in gm.plot.fairness(curve, lang="zh").get_title()
    with pytest.raises(gm.InvalidInputError, match="FairnessCurve"):
        gm.plot.fairness(curve.records())


def test_it_is_in_the_managers_report(morning, curve, tmp_path):
    """Where it is given, for the market's own people alone, and of this morning."""
    answer = gm.match(morning, policy=gm.DEFAULT_POLICY.with_people())
    pages = {}
    for audience in ("manager", "worker"):
        answer.report(tmp_path / "report.html", audience=audience, advice=0, fairness=curve)
        pages[audience] = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "What it costs that waiting counts" in pages["manager"]
    assert f"{curve.points[-1].cost:,.2f}" in pages["manager"]
    assert "What it costs that waiting counts" not in pages["worker"]
    assert ["People by days without work" in page for page in pages.values()] == [True, False]
    other = gm.match(sample("jingshi", seed=8, workers=50))
    with pytest.raises(gm.InvalidInputError, match="of another morning"):
        other.report(tmp_path / "report.html", fairness=curve)
    with pytest.raises(gm.InvalidInputError, match="FairnessCurve"):
        answer.report(tmp_path / "report.html", fairness=curve.records())
