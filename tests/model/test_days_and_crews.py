"""Several shifts a worker, least headcounts and companions: what the model takes and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

import gigmatch as gm
from tests.conftest import a_morning, a_shift, a_worker

BOTH = gm.Companions(id="both", worker_ids=("a", "b"))


def test_a_day_of_several_shifts_is_written_and_read() -> None:
    """Every new field survives saving; what is a default is not written."""
    worker = a_worker("c", max_shifts=3, max_hours_today=9.5, least_break_min=30)
    morning = a_morning(a_worker("a"), a_worker("b"), worker, a_shift(), companions=(BOTH,))
    assert gm.Morning.from_json(morning.to_json()) == morning
    assert morning.to_json().count(b"max_shifts") == 1
    assert b"minimum_headcount" not in morning.to_json()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("max_shifts", 0),
        ("max_shifts", 21),
        ("max_hours_today", 0),
        ("max_hours_today", 24.5),
        ("least_break_min", -1),
    ],
)
def test_what_no_day_can_be(field: str, value: float) -> None:
    """A day has at least a shift, hours above 0 and at most 24, and no break below 0."""
    with pytest.raises(ValidationError, match=field):
        a_worker(**{field: value})


@pytest.mark.parametrize(
    ("companions", "at", "message"),
    [
        ([{"id": "x", "worker_ids": ["a"]}], "companions.0.worker_ids", "at least 2 items"),
        (
            [{"id": "x", "worker_ids": ["a", "ghost"]}],
            "companions.0.worker_ids.1",
            "names nothing in workers",
        ),
        ([{"id": "x", "worker_ids": ["a", "a"]}], "companions.0.worker_ids.1", "'a' is already among"),
        ([{"id": "x", "worker_ids": ["a", "c"]}], "companions.0.worker_ids.1", "'c' has max_shifts 2"),
        (
            [{"id": "x", "worker_ids": ["a", "b"]}, {"id": "y", "worker_ids": ["d", "b"]}],
            "companions.1.worker_ids.1",
            r"'b' is already among companions\[0\]",
        ),
        ([{"id": "x", "worker_ids": ["a", "b"]}] * 2, "companions.1.id", "must be given once"),
    ],
)
def test_who_cannot_go_together(companions: list[dict[str, object]], at: str, message: str) -> None:
    """Two people at least, all of them here, nobody twice, everybody for one shift."""
    people = [a_worker("a"), a_worker("b"), a_worker("c", max_shifts=2), a_worker("d")]
    with pytest.raises(ValidationError, match=rf"(?s){at}\n.*{message}"):
        a_morning(*people, a_shift(), companions=companions)


def test_without_one_of_them_the_others_go_alone() -> None:
    """Leaving out a worker dissolves their group and no other."""
    people = [a_worker(name) for name in "abcd"]
    other = gm.Companions(id="other", worker_ids=("c", "d"), together="crew")
    morning = a_morning(*people, a_shift(), companions=(BOTH, other))
    assert morning.without_workers("b").companions == (other,)
    frames = gm.tables.without_rows(gm.morning_to_frames(morning), workers=["b"])
    assert gm.morning_from_frames(**frames) == morning.without_workers("b")


def test_columns_of_companions() -> None:
    """Groups are numbered in order of id; -1 is nobody's."""
    people = [a_worker(name) for name in "abcde"]
    first = gm.Companions(id="a-first", worker_ids=("d", "c"), together="crew")
    columns = gm.columns_of(a_morning(*people, a_shift(), companions=(BOTH, first)))
    assert columns.workers.companions.tolist() == [1, 1, 0, 0, -1]
    assert columns.companions_in_crew.tolist() == [True, False]


def test_a_least_headcount_that_is_not_stated() -> None:
    """Unset it is 1, and in a crew all the seats; a 1 that is stated is a 1."""
    parts = (
        a_shift("alone", headcount=4),
        a_shift("crew", crew_id="k", headcount=4),
        a_shift("some", crew_id="k", headcount=4, minimum_headcount=1),
    )
    shifts = gm.columns_of(a_morning(*parts, crews=(gm.Crew(id="k"),))).shifts
    assert shifts.minimum_headcount.tolist() == [1, 4, 1]


def test_hours_of_the_first_and_the_last_day() -> None:
    """Breaks taken off; a flexible shift's are spread evenly over its days."""
    days = (
        gm.Period(start_min="08:00", end_min="12:00", break_min=30),
        gm.Period(start_min="33:00", end_min="40:00"),
    )
    flexible = {"attendance": "flexible", "min_minutes": 120}
    shifts = gm.columns_of(
        a_morning(a_shift("a", periods=days), a_shift("b", periods=days, **flexible))
    ).shifts
    np.testing.assert_array_equal(shifts.first_day_hours, [3.5, 1.0])
    np.testing.assert_array_equal(shifts.last_day_hours, [7.0, 1.0])
