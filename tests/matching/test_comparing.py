"""Mechanisms beside each other: figures worked out anew, luck that is the same for all, intervals."""

from __future__ import annotations

import json
from functools import partial

import numpy as np
import pytest
from scipy import stats

import gigmatch as gm
from gigmatch.core.spreads import gini, worst_decile
from tests.conftest import sample

NAMES = ("points", "people", "raffle")
DAYS, SEEDS = 3, (1, 2)


def first_day(seed: int) -> gm.samples.Day:
    return gm.samples.first_day("jingshi", seed=seed, workers=60)


@pytest.fixture(scope="module")
def found() -> gm.Comparison:
    return gm.compare(NAMES, first_day, seeds=SEEDS, days=DAYS)


@pytest.fixture(scope="module")
def morning() -> gm.Morning:
    return sample("jingshi", seed=7, workers=200)


def gone_through(name: str, seed: int) -> dict[str, float]:
    """The figures of a run, day by day and person by person."""
    day, idle, longest = first_day(seed), dict[str, int](), dict[str, int]()
    ledger = gm.Ledger.new()
    sums = dict.fromkeys(("placements", "points", "wages", "blocking_pairs"), 0.0)
    for number in range(DAYS):
        lots = seed if not number else gm.matching.comparing._seed_of(seed, number)
        answer = gm.mechanisms.STANDARD[name](day.morning, lots)
        sums["placements"] += len(answer.pairs)
        sums["points"] += sum(placement.points for placement in answer.placements)
        sums["wages"] += sum(placement.pay_total for placement in answer.placements)
        sums["blocking_pairs"] += len(gm.blocking_pairs(answer))
        able = {each.worker_id for each in answer.unplaced if each.eligible_shifts}
        bound = {promise.worker_id for promise in day.promised}
        for worker in day.morning.workers:
            works = worker.id in bound or answer.shift_of(worker.id) is not None
            if works or worker.id in able:
                idle[worker.id] = idle.get(worker.id, 0) + (not works)
                waited = 0 if works else (worker.days_since_last_placement or 0) + 1
                longest[worker.id] = max(longest.get(worker.id, 0), waited)
        ledger = ledger.with_day(day.morning, answer)
        day = day.after(answer.pairs)
    known = dict(zip(ledger.totals.worker_ids, ledger.totals.waiting.tolist(), strict=True))
    left = {w.id: w.days_since_last_placement for w in day.morning.workers if w.id in known}
    assert left == {name: known[name] for name in left}  # a ledger counts no other way
    waits, days = (np.array([*each.values()]) for each in (longest, idle))
    return sums | {
        "longest_wait": waits.max(),
        "worst_wait": worst_decile(waits),
        "gini_wait": gini(waits),
        "mean_idle": days.mean(),
        "worst_idle": worst_decile(days),
    }


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_those_of_the_days(found, name):
    """Worked out from the assignments, seed by seed."""
    for seed, outcome in zip(SEEDS, found.outcomes[name], strict=True):
        due = gone_through(name, seed)
        assert {key: outcome.figures[key] for key in due} == pytest.approx(due)
        assert outcome.figures["mean_points"] == pytest.approx(due["points"] / due["placements"])
        assert sum(filled for filled, _ in outcome.seats_by_tier.values()) == due["placements"]


def test_intervals_are_those_of_student(found):
    """Over the seeds; differences seed by seed, as scipy has them; none of a single seed."""
    points = {name: [outcome.points for outcome in found.outcomes[name]] for name in NAMES}
    due = stats.ttest_1samp(points["raffle"], 0).confidence_interval(0.95)
    estimate = found.estimate("raffle", "points")
    assert estimate.mean == np.mean(points["raffle"])
    assert (estimate.low, estimate.high) == pytest.approx(tuple(due))
    less = found.estimate("raffle", "points", against="points")
    due = stats.ttest_rel(points["raffle"], points["points"]).confidence_interval(0.95)
    assert (less.low, less.high) == pytest.approx(tuple(due))


def test_who_gains_and_who_loses(morning):
    """By days waited on the first morning, against the first mechanism; all people are in one class."""
    found = gm.compare(["points", "people"], morning)
    old, new = (gm.mechanisms.STANDARD[name](morning, 0) for name in found.mechanisms)
    pay = [{p.worker_id: p.pay_total for p in answer.placements} for answer in (old, new)]
    classes = [(30, 10**6), (14, 30), (7, 14), (3, 7), (1, 3), (0, 1)]
    assert found.outcomes["points"][0].changes == ()
    for (least, below), change in zip(classes, found.outcomes["people"][0].changes, strict=True):
        here = [w.id for w in morning.workers if least <= (w.days_since_last_placement or 0) < below]
        gained = [pay[1].get(name, 0) - pay[0].get(name, 0) for name in here]
        assert (change.at_least, change.people) == (least, len(here))
        assert change.more_work == sum(name in pay[1] and name not in pay[0] for name in here)
        assert change.less_work == sum(name in pay[0] and name not in pay[1] for name in here)
        assert change.more_wages == sum(each > 0 for each in gained)
        assert change.less_wages == sum(each < 0 for each in gained)


def test_everybody_has_the_same_days(found):
    """What a mechanism does is all that differs: two of the same name have the same figures."""
    best = gm.mechanisms.Best()
    twins = gm.compare({"a": best, "b": best}, first_day, seeds=SEEDS, days=DAYS)
    for one, other in zip(*twins.outcomes.values(), strict=True):
        assert one.figures == other.figures
        assert not any(sum(change[2:]) for change in other.changes)
    assert twins.estimate("a", "points") == found.estimate("points", "points")


def test_what_counts_as_work_is_a_setting(morning):
    """Of a ledger: where nothing is a turn, everybody waits one day more than they had."""
    never = gm.compare(["points"], morning, turns=gm.Turns(least_hours=99)).outcomes["points"][0]
    could = {each.worker_id for each in gm.match(morning).unplaced if not each.eligible_shifts}
    due = [(w.days_since_last_placement or 0) + 1 for w in morning.workers if w.id not in could]
    assert (never.people, never.longest_wait, never.mean_idle) == (len(due), max(due), 1.0)


def test_luck_changes_from_day_to_day():
    """Nobody has the best lot on all of them."""
    seeds = [gm.matching.comparing._seed_of(7, number) for number in range(30)]
    assert seeds[0] == 7
    assert len({*seeds}) == 30


def test_it_is_told_saved_and_laid_out_flat(found, tmp_path):
    """As text in both languages, as a file, as rows for frames, as a page."""
    found.save(tmp_path / "found.json")
    assert gm.Comparison.load(tmp_path / "found.json") == found
    assert "3 days, 2 seeds" in str(found)
    assert "people first" in str(found)
    assert "等候优先" in found.text("zh")
    rows = found.records("zh")
    assert len(rows) == len(NAMES) * len(found.measures)
    assert rows[0]["figure"] == "填满名额"
    assert all(row["difference"] == 0 for row in rows[: len(found.measures)])
    assert len(found.changes()) == 2 * 6
    assert "<table>" in found._repr_html_()
    gm.pages.comparison(found, tmp_path / "found.html", lang="zh")
    assert "等候优先" in (tmp_path / "found.html").read_text(encoding="utf-8")
    with pytest.raises(gm.InvalidInputError, match="Comparison"):
        gm.pages.comparison(rows, tmp_path / "found.html")


def test_one_seed_has_no_interval(morning):
    """And columns are a morning as well; progress is told after each."""
    told: list[float] = []
    found = gm.compare(
        {"mine": lambda morning, seed: ()},
        gm.columns_of(morning),
        progress=lambda _, share: told.append(share),
    )
    assert found.estimate("mine", "placements") == gm.Estimate(0.0, None)
    assert found.estimate("mine", "placements").low is None
    assert "mean_points" not in found.measures  # nobody is placed
    assert "±" not in str(found)
    assert told == [1.0]


def test_damaged_files_are_refused(found):
    """With what is wrong."""
    data = json.loads(found.to_json())
    for change in ({"days": "x"}, {"outcomes": {}}, {"outcomes": data["outcomes"] | {"people": []}}):
        with pytest.raises(gm.InvalidFileError, match="no saved comparison"):
            gm.Comparison.from_json(json.dumps(data | change))
    del data["days"]
    with pytest.raises(gm.InvalidFileError, match="no saved comparison"):
        gm.Comparison.from_json(json.dumps(data))


def test_what_cannot_be_compared_is_refused(morning, found):
    """By name, before any work."""
    for options, told in (
        ({"mechanisms": ["optimal"]}, "mechanisms must be one of 'first_come'"),
        ({"mechanisms": {}}, "at least one"),
        ({"mechanisms": {"a": 7}}, "Mechanism"),
        ({"days": 0}, "days is 0"),
        ({"days": 2}, "2 days in a row begin with a first day"),
        ({"seeds": ()}, "seeds is"),
        ({"seeds": (1, 1)}, "seeds is"),
        ({"turns": "work"}, "turns must be of type Turns"),
        ({"start": 7}, "morning must be"),
    ):
        given = {"mechanisms": ["points"], "start": morning} | options
        with pytest.raises(gm.InvalidInputError, match=told):
            gm.compare(given.pop("mechanisms"), given.pop("start"), **given)
    for wrong in (partial(found.estimate, "x", "points"), partial(found.estimate, "points", "x")):
        with pytest.raises(gm.InvalidInputError, match="must be one of"):
            wrong()
