"""An assignment in which somebody has two shifts goes everywhere that a plain one goes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import gigmatch as gm
from page_reader import read_page
from tests.conftest import sample, seldom


def two_shifts(answer: gm.Assignment) -> tuple[gm.Assignment, str, tuple[str, str]]:
    """The answer with one worker placed in an open shift as well; who, and the shifts in order."""
    shift = answer.shift_ids.index(answer.open_shifts[0].shift_id)
    at = len(answer.placed_worker) // 2

    def doubled(array):
        return np.insert(array, at + 1, array[at], axis=0)

    found = replace(
        answer,
        placed_worker=doubled(answer.placed_worker),
        placed_shift=np.insert(answer.placed_shift, at + 1, shift),
        points_by_scorer=doubled(answer.points_by_scorer),
        minutes=doubled(answer.minutes),
        pay_total=doubled(answer.pay_total),
        solution=replace(answer.solution, status="feasible", stopped="heuristic"),
    )
    worker, first = answer.pairs[at]
    return found, worker, (first, answer.shift_ids[shift])


@pytest.fixture(scope="module")
def morning() -> gm.Morning:
    return sample("jingshi", seed=7, workers=120)


@pytest.fixture(scope="module")
def plain(morning) -> gm.Assignment:
    return gm.match(morning)


def test_it_says_who_works_where(plain):
    """Pairs, placements, fill, the shifts of one worker, and what is left over."""
    both, worker, shifts = two_shifts(plain)
    assert both.shifts_of(worker) == shifts
    assert both.shift_of(worker) == shifts[0]
    assert len(both.pairs) == len(both.placements) == len(plain.pairs) + 1
    assert all(worker in both.fill[shift] for shift in shifts)
    assert [one.worker_id for one in both.unplaced] == [one.worker_id for one in plain.unplaced]
    seats = {one.shift_id: one.open_seats for one in plain.open_shifts}
    assert {one.shift_id: one.open_seats for one in both.open_shifts}.get(shifts[1], 0) == seats[
        shifts[1]
    ] - 1


def test_one_row_a_worker_is_refused_by_name(plain):
    """What only a plain morning has says so."""
    both, _, _ = two_shifts(plain)
    assert plain.is_plain
    assert not both.is_plain
    with pytest.raises(gm.UnsupportedError, match="several shifts"):
        both.shift  # noqa: B018


def test_summary_and_difference(plain):
    """One placement more, and it is the difference, both ways."""
    both, worker, shifts = two_shifts(plain)
    assert both.summary.placements == plain.summary.placements + 1
    assert both.summary.workers == plain.summary.workers
    assert both.summary.wages_offered > plain.summary.wages_offered
    more, less = both.diff(plain), plain.diff(both)
    assert (more.placed, more.dropped, more.moved) == (((worker, shifts[1]),), (), ())
    assert (less.placed, less.dropped, less.moved) == ((), ((worker, shifts[1]),), ())
    assert more.unchanged == less.unchanged == len(plain.pairs)


def test_it_is_saved_and_loaded(plain, tmp_path):
    """Byte for byte what it was."""
    both, worker, shifts = two_shifts(plain)
    both.save(tmp_path / "both.json")
    loaded = gm.Assignment.load(tmp_path / "both.json")
    assert loaded.to_dict() == both.to_dict()
    assert loaded.shifts_of(worker) == shifts


def test_it_becomes_frames_and_files(plain, tmp_path):
    """A row a placement."""
    pytest.importorskip("pyarrow")
    both, worker, shifts = two_shifts(plain)
    frame = gm.assignment_frame(both, "pyarrow")
    rows = [row["shift_id"] for row in frame.to_pylist() if row["worker_id"] == worker]
    assert rows == list(shifts)
    gm.assignment_to_files(both, tmp_path)
    assert (tmp_path / "placements.csv").read_text(encoding="utf-8").count(worker) == 2


@pytest.mark.parametrize("lang", [seldom("en"), "zh"])
def test_pages_show_it(morning, plain, tmp_path, lang):
    """One slip for both shifts, the worker in both call lists, and a report that says what it leaves out."""
    pytest.importorskip("jinja2")
    both, worker, _ = two_shifts(plain)
    for page in ("report", "slips", "call_lists", "board"):
        getattr(both, page)(tmp_path / f"{page}.html", morning=morning, lang=lang)
    slips = read_page((tmp_path / "slips.html").read_text(encoding="utf-8")).text
    assert slips.count(worker) == 2  # one slip, and its title
    calls = read_page((tmp_path / "call_lists.html").read_text(encoding="utf-8")).text
    assert calls.count(worker) >= 2
    told = {"en": "reasons are given where everybody has one", "zh": "目前只对每人一个班次"}
    assert told[lang] in read_page((tmp_path / "report.html").read_text(encoding="utf-8")).text


def test_reasons_are_refused_by_name(morning, plain):
    """They rest on a proof that knows one shift a worker."""
    both, _, _ = two_shifts(plain)
    with pytest.raises((gm.CertificateError, gm.UnsupportedError)):
        gm.explain(morning, both)


@pytest.mark.parametrize("page", ["report", "call_lists"])
def test_a_second_shift_does_not_get_round_the_proof(morning, plain, tmp_path, page):
    """A file that claims an optimum is verified, whatever it holds."""
    pytest.importorskip("jinja2")
    both, _, _ = two_shifts(plain)
    data = replace(both, solution=plain.solution).to_dict()
    with pytest.raises(gm.CertificateError, match="it was altered"):
        getattr(gm.Assignment.from_dict(data), page)(tmp_path / "page.html", morning=morning)


def test_it_is_no_start(morning, plain):
    """One shift a worker is what a start tells."""
    both, _, _ = two_shifts(plain)
    with pytest.raises(gm.InvalidInputError, match="nobody may have several shifts"):
        gm.match(morning, start=both)
