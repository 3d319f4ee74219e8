"""The fair lottery of a morning: chances, draws, words, and what it is not defined for."""

from __future__ import annotations

import threading
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

import gigmatch as gm
from tests.conftest import a_morning, a_shift, a_worker, many, sample


@pytest.fixture(scope="module")
def morning():
    """Three times as many people as seats."""
    whole = sample("jingshi", seed=7, workers=90)
    return whole.model_copy(update={"shifts": whole.shifts[:12]})


@pytest.fixture(scope="module")
def lottery(morning):
    return gm.fair_lottery(morning)


def test_everybody_has_a_chance_and_they_add_up_to_the_seats(morning, lottery):
    """Chances come to the placements of every draw, exactly; each row has a fact."""
    assert [each.worker_id for each in lottery.chances] == list(lottery.best.worker_ids)
    assert sum(each.chance for each in lottery.chances) == lottery.best.summary.placements
    for each in lottery.chances:
        due = {"shared": Fraction(each.seats, max(each.people, 1)), "sure": 1, "promised": 1, "none": 0}
        assert each.chance == due[each.fact]
        assert lottery.chance_of(each.worker_id) is each
    assert {each.fact for each in lottery.chances} >= {"shared", "none"}


def test_a_draw_is_an_assignment_with_the_best_seats(morning, lottery):
    """The same bytes for the same seed, verified and replayed; its points are below the bound."""
    drawn = lottery.draw(11)
    assert drawn.to_json() == lottery.draw(11).to_json() == gm.fair_lottery(morning).draw(11).to_json()
    assert drawn.summary.seats_by_tier == lottery.best.summary.seats_by_tier
    assert (drawn.status, drawn.solution.stopped, drawn.policy["seed"]) == ("feasible", "fair lottery", 11)
    assert drawn.solution.bound == lottery.best.solution.value >= drawn.solution.value
    assert lottery.draw().policy["seed"] == lottery.seed == 0
    assert len({lottery.draw(seed).pairs for seed in range(5)}) == 5
    gm.check_lottery(morning, lottery, drawn, seed=11)
    with pytest.raises(gm.InvalidPolicyError, match="seed"):
        lottery.draw(-1)


def test_draws_come_as_often_as_the_chances_say(lottery):
    """Four standard deviations; the points of many draws are near those expected."""
    n = many(60)
    draws = [lottery.draw(seed) for seed in range(n)]
    counts = Counter(worker for drawn in draws for worker, _ in drawn.pairs)
    for each in lottery.chances:
        chance = float(each.chance)
        assert abs(counts[each.worker_id] - n * chance) <= 4.5 * (n * chance * (1 - chance)) ** 0.5 + 1e-9
    points = np.array([drawn.summary.points for drawn in draws])
    assert abs(points.mean() - float(lottery.expected_points)) <= 4.5 * points.std() / n**0.5 + 1e-9


def test_points_on_average_are_less_than_the_best(lottery):
    """By what is given up."""
    assert lottery.expected_points + lottery.points_given_up == pytest.approx(lottery.best.summary.points)
    assert lottery.points_given_up >= 0


def test_promised_and_barred_pairs(morning, lottery):
    """A promise is a seat in every draw, and its seat is nobody else's; a barred pair is never drawn."""
    (worker, shift), (other, elsewhere) = lottery.best.pairs[:2]
    kept = gm.fair_lottery(morning, keep=[(worker, shift)], forbid=[(other, elsewhere)])
    assert kept.chance_of(worker) == gm.Chance(worker, Fraction(1), "promised", 0, 0)
    for seed in range(10):
        drawn = kept.draw(seed)
        assert drawn.shift_of(worker) == shift
        assert (other, elsewhere) not in drawn.pairs
    gm.check_lottery(morning, kept, kept.draw(3))
    assert kept.expected_points + kept.points_given_up == pytest.approx(kept.best.summary.points)


def test_where_there_are_seats_for_all_nothing_is_drawn():
    """Everybody is sure of a seat, and every draw is the best assignment."""
    morning = a_morning(a_worker("a"), a_worker("b"), a_shift("s", headcount=2))
    lottery = gm.fair_lottery(morning)
    assert {each.fact for each in lottery.chances} == {"sure"}
    assert lottery.draw(5).pairs == lottery.best.pairs
    assert lottery.points_given_up == 0
    nobody = gm.fair_lottery(a_morning())
    assert (nobody.chances, nobody.draw(1).pairs) == ((), ())


def test_nobody_alike_is_told_apart():
    """Eight seats for thirteen alike: the chance and its sizes, in words of both languages."""
    people = [a_worker(f"w{row:02}") for row in range(13)]
    lottery = gm.fair_lottery(a_morning(*people, a_shift("s", headcount=8)))
    assert {each.chance for each in lottery.chances} == {Fraction(8, 13)}
    assert lottery.chance_text("w00") == "Your chance of a seat is 62 of 100: 13 people for 8 seats."
    assert lottery.chance_text("w00", lang="zh") == "您抽到名额的机会：100 次中约 62 次（13 人分 8 个名额）。"
    assert "62 of 100: 13 people for 8 seats" in str(lottery)
    assert "100 次中约 62 次：13 人分 8 个名额" in lottery.text("zh")
    assert "w0" not in lottery.text() + lottery.chance_text("w03")
    assert "fair lottery" in str(lottery.draw(1))
    assert repr(lottery) == "FairLottery(seed=0, 13 workers, 1 block)"
    assert "13 people" in lottery._repr_html_()
    with pytest.raises(gm.InvalidInputError, match="nobody"):
        lottery.chance_of("nobody")


@pytest.mark.parametrize(("n", "seats", "said"), [(201, 1, "less than 1"), (201, 200, "more than 99")])
def test_what_is_neither_sure_nor_hopeless_is_not_rounded_to_it(n, seats, said):
    """A chance of 1 in 201, and of 200."""
    people = [a_worker(f"w{row:03}") for row in range(n)]
    lottery = gm.fair_lottery(a_morning(*people, a_shift("s", headcount=seats)))
    assert f"{said} of 100" in lottery.chance_text("w000")


def test_chances_as_a_frame(lottery):
    """A row per worker, in both languages."""
    frame = lottery.to_frame()
    assert frame.column_names == ["worker_id", "chance", "people", "seats", "fact"]
    assert frame["worker_id"].to_pylist() == list(lottery.best.worker_ids)
    assert frame["chance"].to_pylist() == [float(each.chance) for each in lottery.chances]
    assert lottery.to_frame(lang="zh").column_names == ["零工编号", "机会", "人数", "名额", "情况"]


def test_a_saved_lottery_is_loaded_and_draws_the_same(morning, lottery, tmp_path):
    """With its morning, and verified first; without it there is nothing to draw from."""
    lottery.save(tmp_path / "lottery.json")
    loaded = gm.FairLottery.load(tmp_path / "lottery.json")
    assert loaded.to_json() == lottery.to_json()
    assert loaded.chances == lottery.chances
    assert loaded.draw(3, morning=morning).to_json() == lottery.draw(3).to_json()
    with pytest.raises(gm.InvalidInputError, match="morning"):
        loaded.draw(3)


def test_other_levels_and_solvers_that_prove_nothing_are_refused(morning):
    """By name: with other levels, other people can be placed together."""

    class Elders:
        name, words, largest = "elders", "elders", 1

        def of_workers(self, columns):
            return np.ones(columns.n_workers, np.int64)

    levels = (gm.SEATS, Elders(), gm.POINTS, gm.LOTTERY)
    others = {
        "seats, elders, points, lottery": gm.Policy(levels=levels),
        "seats, people, points, lottery": gm.DEFAULT_POLICY.with_people(),
        "points, lottery": gm.Policy(objective="points"),
    }
    for names, policy in others.items():
        with pytest.raises(gm.UnsupportedError, match=f"this policy has {names}, which"):
            gm.fair_lottery(morning, policy=policy)
    with pytest.raises(gm.UnsupportedError, match="greedy did not prove them"):
        gm.fair_lottery(morning, solver="greedy")


def test_what_is_stopped_has_no_lottery(morning, lottery):
    """By time or by somebody, before the best is proved or among the blocks; else all is as ever."""
    said: list[tuple[str, float]] = []
    cancel = threading.Event()

    def stop_in(stage: str, share: float) -> None:
        said.append((stage, share))
        if stage == "chances":
            cancel.set()

    for options in ({"time_limit_s": 0}, {"limits": gm.Limits(time_limit_s=0)}):
        with pytest.raises(gm.StoppedError, match=r"\(time limit\) before everybody's chance was known"):
            gm.fair_lottery(morning, **options)
    with pytest.raises(gm.StoppedError, match="cancelled"):
        gm.fair_lottery(morning, cancel=cancel, progress=stop_in)
    assert said[-1][0] == "chances"
    said.clear()
    limits = gm.Limits(time_limit_s=600, threads=1, max_pairs=180)
    found = gm.fair_lottery(morning, limits=limits, progress=lambda *each: said.append(each))
    assert (found.chances, found.draw(3).pairs) == (lottery.chances, lottery.draw(3).pairs)
    assert said[-1] == ("chances", 1.0)
    with pytest.raises(gm.InvalidInputError, match="twice"):
        gm.fair_lottery(morning, limits=limits, time_limit_s=1)


def test_columns_have_the_same_lottery(morning, lottery):
    """As the objects that they are made from."""
    columns = gm.fair_lottery(gm.columns_of(morning))
    assert columns.chances == lottery.chances
    assert columns.draw(2).pairs == lottery.draw(2).pairs


def test_the_order_of_the_lists_does_not_matter(morning, lottery):
    """Nor does the solver."""
    turned = morning.model_copy(update={"workers": morning.workers[::-1], "shifts": morning.shifts[::-1]})
    other = gm.fair_lottery(turned, solver="mincostflow")
    assert set(other.chances) == set(lottery.chances)
    assert other.draw(4).pairs == lottery.draw(4).pairs


def test_a_draw_can_be_told_and_shown(morning, lottery):
    """Reasons say that it was drawn, in both languages, and are verified like all others."""
    drawn = lottery.draw(11)
    reasons = gm.explain(morning, drawn).everything()
    assert gm.check_reasons(morning, drawn, reasons) == len(reasons.reasons)
    of_draw = next(reason for reason in reasons.reasons if reason.kind == "not_proved")
    assert "drawn by a fair lottery" in gm.in_words(of_draw)
    assert "由公平抽签抽出" in gm.in_words(of_draw, lang="zh")
