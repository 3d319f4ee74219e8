"""The answer in ids: what it says of workers, shifts and totals, and how it is kept."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from gigmatch.assignment import Difference
from gigmatch.assignment.summary import summarise
from strategies import mornings
from tests.conftest import examples, matched, sample


@pytest.fixture(scope="module")
def answer() -> gm.Assignment:
    return matched("jingshi", seed=7)


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow"])
def test_frames_are_the_files(answer, kind, tmp_path):
    """A frame for every table that is written as a file, with the same columns and rows."""
    pytest.importorskip(kind)
    parquet = pytest.importorskip("pyarrow.parquet")
    frames = answer.to_frames(kind)
    gm.assignment_to_files(answer, tmp_path, "parquet")
    assert [*frames] == ["placements", "unplaced", "open_shifts", "warnings"]
    for name, frame in frames.items():
        written = parquet.read_table(tmp_path / f"{name}.parquet")
        assert list(frame.columns if kind != "pyarrow" else frame.column_names) == written.column_names
        assert len(frame) == written.num_rows
    ids = frames["unplaced"]["worker_id"]
    assert (ids.to_pylist() if kind == "pyarrow" else list(ids)) == [w.worker_id for w in answer.unplaced]


def test_frames_of_another_kind_are_refused(answer):
    """With the kinds there are."""
    with pytest.raises(gm.InvalidInputError, match="kind must be one of pandas, polars, pyarrow"):
        answer.to_frames("excel")


@examples(12)
@given(mornings())
def test_the_parts_agree_with_each_other(morning):
    """Pairs, placements, fill, unplaced, open shifts and summary tell one story."""
    answer = gm.match(morning)
    headcount = {shift.id: shift.headcount for shift in morning.shifts}
    placed = dict(answer.pairs)
    assert sorted([*placed, *(w.worker_id for w in answer.unplaced)]) == sorted(w.id for w in morning.workers)
    assert sum(map(len, answer.fill.values())) == len(answer.pairs) == answer.summary.placements
    assert all(len(workers) <= headcount[shift] for shift, workers in answer.fill.items())
    empty = {o.shift_id: o.open_seats for o in answer.open_shifts}
    assert empty == {s: n for s in headcount if (n := headcount[s] - len(answer.fill[s]))}
    assert answer.summary.open_shifts == len(empty)
    assert sum(filled for filled, _ in answer.summary.seats_by_tier.values()) == len(answer.pairs)
    assert sum(seats for _, seats in answer.summary.seats_by_tier.values()) == answer.summary.seats
    assert all(answer.shift_of(w.id) == placed.get(w.id) for w in morning.workers)


@examples(12)
@given(mornings())
def test_facts_are_facts(morning):
    """Eligible counts are counts of feasible pairs, and the wording follows from them."""
    answer = gm.match(morning)
    pairs = answer.solved.held[0].pairs
    assert answer.eligible_shifts.sum() == answer.eligible_workers.sum() == len(pairs)
    for worker in answer.unplaced:
        assert (worker.fact == "no eligible shift") == (worker.eligible_shifts == 0)
    for shift in answer.open_shifts:
        assert (shift.fact == "no eligible worker") == (shift.eligible_workers == 0)


def test_the_breakdown_adds_up_to_the_quantum(answer):
    """Points by scorer sum to the points of the pair, and the pairs to the proved value."""
    for placement in answer.placements:
        parts = answer.breakdown()[placement.worker_id, placement.shift_id]
        assert round(100 * sum(parts.values())) == round(100 * placement.points)
    assert int(answer.points_by_scorer.sum()) == answer.solution.value


def test_it_prints_itself(answer):
    """The summary stands beside the baseline, with the proof below."""
    text = str(answer)
    assert repr(answer) == text
    for word in (
        "placements",
        "seats filled",
        "points in all",
        "wages offered",
        "median travel",
        "open shifts",
    ):
        assert word in text
    assert "gigmatch    first come" in text
    assert "proved optimal (seats, points" in text


def test_one_is_no_plural():
    """Of workers, seats, shifts and the points that are missing; a short way is told as such."""
    morning = sample("jingshi", seed=7, workers=60)
    shift = next(s for s in morning.shifts if s.id == "parking-locks").model_copy(update={"headcount": 1})
    worker = next(w for w in morning.workers if w.id == "li-shifu")
    one = gm.match(morning.model_copy(update={"workers": (worker,), "shifts": (shift,)}))
    assert str(one).splitlines()[0] == "1 worker, 1 seat in 1 shift"
    stopped = replace(one.solution, status="feasible", value=one.solution.bound - 100, stopped="time limit")
    assert "at most 1 point below the best" in str(replace(one, solution=stopped))
    near = replace(one, minutes=np.array([0.3]))
    assert "under 1 min" in str(near)


def test_summary_figures():
    """Two of three seats filled: figures by hand."""
    summary = summarise(
        3,
        np.array([1, 2]),
        np.array([1, 5]),
        np.array([1, 0], np.int32),
        np.array([1000, 2050]),
        np.array([10.0, 20.0]),
        np.array([200.0, 300.0]),
    )
    assert (summary.placements, summary.seats, summary.open_shifts) == (2, 3, 1)
    assert summary.seats_by_tier == {1: (1, 1), 5: (1, 2)}
    assert (summary.points, summary.mean_points) == (30.5, 15.25)
    assert (summary.wages_offered, summary.median_travel_min) == (500.0, 15.0)


def test_a_shift_is_looked_up_without_going_through_all(answer):
    """Who works where is put into a dictionary once, not with every question."""
    assert answer._shifts_by_worker is answer._shifts_by_worker
    assert {key: answer.shift_of(key) for key, _ in answer.pairs} == dict(answer.pairs)
    assert answer.shift_of("nobody") is None


def test_a_difference_prints_itself():
    """Placed, dropped and moved, one line each."""
    text = str(Difference((("a", "s"),), (("b", "s"),), (("c", "s", "t"),), 4))
    assert text.splitlines() == [
        "1 placed, 1 dropped, 1 moved, 4 unchanged",
        "  + a -> s",
        "  - b (was s)",
        "  ~ c: s -> t",
    ]


def test_no_difference_to_itself(answer):
    """The same answer twice: everything unchanged."""
    change = answer.diff(answer)
    assert (change.placed, change.dropped, change.moved) == ((), (), ())
    assert change.unchanged == len(answer.pairs)


def test_saving_loses_nothing(answer, tmp_path):
    """All that is saved comes back, the seconds and the working data aside."""
    answer.save(tmp_path / "a.json")
    loaded = gm.Assignment.load(tmp_path / "a.json")
    assert loaded.to_dict() == answer.to_dict()
    assert (loaded.seconds, loaded.solved) == (None, None)
    assert loaded.summary == answer.summary
    assert loaded.breakdown() == answer.breakdown()
    assert " s" not in str(loaded).split("proved optimal")[1].splitlines()[0]


BAD_FILES = {
    "not JSON": "{",
    "not an object": "[]",
    "something else": '{"format": "letter"}',
    "another version": '{"format": "gigmatch assignment", "format_version": 1}',
    "parts missing": '{"format": "gigmatch assignment", "format_version": 2}',
    "too deep": "[" * 100_000,
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_assignment(tmp_path, name):
    """One kind of error, with the file's name, whatever is wrong."""
    (tmp_path / "a.json").write_text(BAD_FILES[name])
    with pytest.raises(gm.InvalidFileError, match=r"a\.json"):
        gm.Assignment.load(tmp_path / "a.json")


def test_a_missing_file(tmp_path):
    """A path that leads nowhere is the same kind of error."""
    with pytest.raises(gm.InvalidFileError, match="cannot be read"):
        gm.Assignment.load(tmp_path / "nothing.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@examples(60)
@given(st.data())
def test_a_spoilt_file_is_refused_or_rejected(data):
    """Any value in any place: the load refuses it, or the check rejects it, or nothing has changed."""
    morning = sample("jingshi", seed=1, workers=50)
    good = GOOD.setdefault(0, gm.match(morning)).to_dict()
    spoilt = json.loads(json.dumps(good))
    name = data.draw(st.sampled_from(sorted(spoilt)))
    holder, key = spoilt, name
    inside = spoilt[name]
    if isinstance(inside, dict) and data.draw(st.booleans()):
        holder, key = inside, data.draw(st.sampled_from(sorted(inside)))
    holder[key] = data.draw(JSON)
    try:
        loaded = gm.Assignment.from_dict(spoilt)
        gm.check(morning, loaded)
    except gm.GigmatchError:
        return
    found = loaded.to_dict()
    found["solution"]["solver"] = good["solution"]["solver"]  # a name proves nothing, and is not checked
    assert found == good


GOOD: dict[int, gm.Assignment] = {}


def test_a_notebook_shows_figures_and_the_first_placements(answer):
    """The lines of the text, escaped, then twenty placements and how many more there are."""
    shown = answer._repr_html_()
    assert shown.startswith(f"<table><caption>{str(answer).splitlines()[0]}</caption>")
    assert f"<td>placements</td><td>{len(answer.pairs):,}</td>" in shown
    assert "<p>proved optimal (" in shown
    worker, shift = answer.pairs[0]
    assert f"<tr><td>{worker}</td><td>{shift}</td>" in shown
    assert shown.count(f"<td>{False}</td>") == 20
    assert shown.endswith(f"<p>... and {len(answer.pairs) - 20:,} more</p>")


def test_a_notebook_shows_what_changed():
    """A row for everybody, and no id becomes a tag."""
    shown = Difference((("<b>", "s1"),), (("li", "s2"),), (("wu", "s3", "s4"),), 7)._repr_html_()
    assert "<caption>1 placed, 1 dropped, 1 moved, 7 unchanged</caption>" in shown
    assert "<tr><td>placed</td><td>&lt;b&gt;</td><td></td><td>s1</td></tr>" in shown
    assert "<tr><td>dropped</td><td>li</td><td>s2</td><td></td></tr>" in shown
    assert "<tr><td>moved</td><td>wu</td><td>s3</td><td>s4</td></tr>" in shown
