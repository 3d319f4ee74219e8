"""Plots: what the axes hold, and that no name becomes boxes or a formula."""

from __future__ import annotations

import io
import re

import matplotlib
import pytest

matplotlib.use("Agg")

import matplotlib.pyplot as plt

import gigmatch as gm
from gigmatch.pages import plot
from tests.conftest import matched, sample

HOSTILE = "$\\frac{1}{<script>alert('木工')</script>"


@pytest.fixture(scope="module")
def morning() -> gm.Morning:
    return sample("jingshi", seed=7, workers=200)


@pytest.fixture(scope="module")
def answer(morning) -> gm.Assignment:
    return gm.match(morning)


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def bar_lengths(axes) -> list[float]:
    return [bar.get_width() for bar in axes.patches]


@pytest.mark.parametrize("by", ["skill", "hour", "place"])
def test_fill_shows_every_seat(answer, by):
    """Filled and open bars add up to the seats."""
    axes = plot.fill(answer, by=by)
    assert sum(bar_lengths(axes)) == answer.summary.seats
    half = len(axes.patches) // 2
    assert sum(bar_lengths(axes)[:half]) == answer.summary.placements


def test_it_draws_where_it_is_told(answer):
    """On the axes given, which come back; the same for all."""
    for draw in (plot.fill, plot.travel, plot.pay, plot.points, plot.map):
        axes = plt.figure().subplots()
        assert draw(answer, axes) is axes
        assert axes.get_title()
        axes.figure.canvas.draw()


@pytest.mark.parametrize("size", [(4, 3), (6.4, 4.8), (12, 8)])
def test_names_on_the_map_do_not_overlap(answer, size):
    """Whatever the size of the figure; smaller ones have fewer names, and the market's is among them."""
    axes = plot.map(answer, plt.figure(figsize=size).subplots())
    axes.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in axes.texts]
    assert 3 <= len(boxes) <= 10
    assert not any(one.overlaps(other) for at, one in enumerate(boxes) for other in boxes[:at])


@pytest.mark.parametrize(
    ("beyond", "told"),
    [(0, ""), (1, " (1 shift further out, at the edge)"), (2, " (2 shifts further out, at the edge)")],
)
def test_the_map_says_what_stands_at_its_edge(answer, monkeypatch, beyond, told):
    """One or many shifts, and nothing where there is none."""
    drawn = plot.sketch
    monkeypatch.setattr(plot, "sketch", lambda *parts: drawn(*parts)._replace(shifts_beyond=beyond))
    assert plot.map(answer).get_title() == f"who goes where{told}"


def test_titles_and_labels_follow_the_language(answer):
    """In a font that can write them; a language without a catalogue is refused."""
    for draw in (plot.fill, plot.travel, plot.pay, plot.points, plot.map):
        axes = draw(answer, lang="zh")
        for told in (axes.get_title(), axes.get_xlabel()):
            assert re.search("[\u4e00-\u9fff]", told)
        if draw is not plot.points:  # of which every bar has its name
            assert all(
                re.search("[\u4e00-\u9fff]", text.get_text()) for text in axes.get_legend().get_texts()
            )
        axes.figure.canvas.draw()
    assert plot.points(answer, lang="zh").get_yticklabels()[0].get_text() == "报酬"
    assert plot.points(answer).get_yticklabels()[0].get_text() == "pay"
    with pytest.raises(gm.InvalidInputError, match="lang must be one of en, zh; got 'de'"):
        plot.travel(answer, lang="de")


def test_histograms_hold_everybody(answer):
    """A person a placement, and the median in the title."""
    for draw in (plot.travel, plot.pay):
        axes = draw(answer)
        assert sum(bar.get_height() for bar in axes.patches) == answer.summary.placements
    assert f"median {answer.summary.median_travel_min:.0f}" in plot.travel(answer).get_title()


def test_points_add_up_to_the_mean(answer):
    """Mean points by scorer add up to the mean of a placement."""
    assert sum(bar_lengths(plot.points(answer))) == pytest.approx(answer.summary.mean_points)


@pytest.fixture(scope="module")
def compared(morning, answer):
    other = gm.mechanisms.Best(policy=gm.DEFAULT_POLICY.with_objective("points"))
    return gm.compare(
        {"first_come": gm.mechanisms.Hall(way="first_come"), "$1": lambda *_: answer, "mine": other}, morning
    )


def test_several_side_by_side(morning, answer, compared):
    """Six axes; each by its name, the first in a colour of its own, one's own as they are called."""
    other = gm.match(morning, policy=gm.DEFAULT_POLICY.with_objective("points"))
    axes = plot.comparison(compared)
    assert axes.shape == (6,)
    expected = [answer.baseline.placements, answer.summary.placements, other.summary.placements]
    assert bar_lengths(axes[0]) == expected
    assert bar_lengths(axes[1]) == [one.points for one in (answer.baseline, answer.summary, other.summary)]
    assert [label.get_text() for label in axes[0].get_yticklabels()] == ["first come", "$1", "mine"]
    axes[0].figure.canvas.draw()
    given = plt.figure().subplots(6)
    assert plot.comparison(compared, given, lang="zh")[5] is given[5]
    assert given[1].get_title() == "总得分"
    assert not given[1].containers[0].errorbar


def test_intervals_are_drawn(morning):
    """Half of them to each side, where there are several seeds."""
    found = gm.compare(["first_come", "raffle"], morning, seeds=[1, 2])
    bars = next(bars for bars in plot.comparison(found)[1].containers if getattr(bars, "errorbar", None))
    estimate = found.estimate("raffle", "points")
    assert bars.errorbar.lines[2][0].get_segments()[1][:, 0].tolist() == pytest.approx(
        [estimate.low, estimate.high]
    )


def shown(names: list[str]) -> tuple[list[str], str]:
    """What stands beside the axes for some names of skills, and its font. A missing glyph would warn."""
    base = sample("jingshi", seed=7, workers=60)
    named = zip(base.skills, names * len(base.skills), strict=False)
    skills = tuple(skill.model_copy(update={"name": f"{name}{skill.name}"}) for skill, name in named)
    settings = dict(matplotlib.rcParams)
    axes = plot.fill(gm.match(base.model_copy(update={"skills": skills})))
    for form in ("png", "svg", "pdf"):
        axes.figure.savefig(io.BytesIO(), format=form)
    assert dict(matplotlib.rcParams) == settings
    labels = axes.get_yticklabels()
    return [label.get_text() for label in labels], labels[0].get_fontname()


@pytest.mark.parametrize("has_chinese_fonts", [True, False])
def test_names_are_never_boxes(monkeypatch, has_chinese_fonts):
    """Chinese by a font of the machine, else by ours; a dollar is no formula, and no setting changes."""
    if not has_chinese_fonts:
        monkeypatch.setattr(plot, "FAMILIES", ())
    names, font = shown([HOSTILE])
    assert all(name.startswith(HOSTILE[:20]) for name in names)
    assert has_chinese_fonts or font == "Noto Sans SC"


def test_names_that_no_font_has_become_codes(monkeypatch):
    """Those alone: the others stay what they are."""
    monkeypatch.setattr(plot, "FAMILIES", ())
    names, _ = shown(["𠀋", ""])
    codes = {skill.code for skill in sample("jingshi", seed=7, workers=60).skills}
    assert 0 < sum(name in codes for name in names) < len(names)


def test_without_any_font_codes_are_shown(monkeypatch):
    """Spelt out where not even they can be written: ids may be Chinese as well."""
    monkeypatch.setattr(plot, "FAMILIES", ())
    monkeypatch.setattr(plot, "source_font", lambda: None)
    assert plot._readable(["木工", "mason"], ["木", "m"]) == (["\\u6728", "mason"], {})


def test_an_empty_morning_has_plots(morning):
    """Nobody there: empty axes, no error."""
    answer = gm.match(morning.model_copy(update={"workers": (), "shifts": ()}))
    for draw in (plot.fill, plot.travel, plot.pay, plot.points, plot.map):
        draw(answer).figure.canvas.draw()


def test_columns_have_plots():
    """A city that was never made of objects."""
    answer = matched("city", workers=300, shifts=60)
    for draw in (plot.fill, plot.pay, plot.map):
        draw(answer).figure.canvas.draw()


def test_mistakes_are_told(answer, compared):
    """By name, with the way out."""
    with pytest.raises(gm.InvalidInputError, match="by must be one of 'skill', 'hour', 'place'; got 'sex'"):
        plot.fill(answer, by="sex")
    with pytest.raises(gm.InvalidInputError, match="axes has 1 axes; comparison draws 6"):
        plot.comparison(compared, axes=[plt.figure().subplots()])
    with pytest.raises(gm.InvalidInputError, match="must be of type Comparison"):
        plot.comparison(answer)
    with pytest.raises(gm.InvalidInputError, match="must be of type Assignment"):
        plot.travel("x")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_days_without_work_stand_in_order(morning, answer, lang):
    """As high as the most of anybody, as wide as there are people; none where nobody is."""
    ledger = gm.Ledger.of(morning, answer)
    axes = plot.waiting(ledger, lang=lang)
    (area,) = axes.collections
    x, y = area.get_paths()[0].vertices.T
    assert (x.max(), y.max()) == (200, ledger.measures().idle.worst)
    assert axes.get_title() == {"en": "days without work", "zh": "没有活的天数"}[lang]
    assert plot.waiting(gm.Ledger.new()).get_title() == "days without work"
