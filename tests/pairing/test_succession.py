"""What one shift after another needs, and what all shifts of a worker may take together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import gigmatch as gm
from gigmatch.model import EmployerHours, Jurisdiction, LegalLimit, Location, Period, TimeSpan
from gigmatch.pairing.plans import plan_limits, ranks, warned_plans
from gigmatch.pairing.succession import (
    ReachesNext,
    RestedBetween,
    apply_succession,
    check_succession,
    joins,
    n_interleaving,
    standard_succession,
    worker_kinds,
)
from tests.conftest import DATE, HERE, a_morning, a_shift, a_worker

NORTH = Location(lat=40.0, lon=HERE.lon, datum="WGS-84")  # 11 km away


def law(severity="block", **limits):
    rows = [
        LegalLimit(kind=kind, value=value, valid_from=DATE, source="s", severity=severity)
        for kind, value in limits.items()
    ]
    return Jurisdiction(name="here", limits=rows)


def at(name, *spans, **fields):
    """A shift of some spans of minutes."""
    return a_shift(name, periods=[Period(start_min=start, end_min=end) for start, end in spans], **fields)


def follows(rule, first, second, worker=None, **fields):
    """Whether the second of two shifts may follow on the first."""
    columns = gm.columns_of(a_morning(worker or a_worker(max_shifts=2), first, second, **fields))
    rows = (np.array([columns.shift_row[shift.id]]) for shift in (first, second))
    return bool(apply_succession(rule, columns, np.array([0]), *rows)[0])


@pytest.mark.parametrize(
    ("gap", "place", "fields", "met"),
    [
        (0, HERE, {}, True),  # no way within a place
        (15, HERE, {"least_break_min": 15}, True),
        (14, HERE, {"least_break_min": 15}, False),
        (44, NORTH, {"travel_mode": "drive"}, True),  # 13 km with detours: 36 minutes by car
        (30, NORTH, {"travel_mode": "drive"}, False),
        (44, NORTH, {"travel_mode": "walk"}, False),
        (44, NORTH, {"travel_mode": "drive", "least_break_min": 15}, False),
        (90, HERE, {"commitments": [TimeSpan(start_min=600, end_min=690)]}, True),
        (
            90,
            HERE,
            {"least_break_min": 1, "commitments": [TimeSpan(start_min=600, end_min=690)]},
            False,
        ),
        (
            90,  # two commitments that overlap take their time once
            HERE,
            {
                "least_break_min": 30,
                "commitments": [TimeSpan(start_min=600, end_min=650), TimeSpan(start_min=630, end_min=660)],
            },
            True,
        ),
    ],
)
def test_the_way_between_two_shifts(gap, place, fields, met):
    """In the worker's mode, with the break, in the time that no commitment takes."""
    first, second = at("a", (480, 600)), at("b", (600 + gap, 800), location=place)
    assert follows(ReachesNext(), first, second, a_worker(max_shifts=2, **fields)) == met


@pytest.mark.parametrize(
    ("start", "rest", "met"),
    [(1080, 11, True), (1440 + 299, 11, False), (1440 + 300, 11, True), (1440 + 299, 10, True)],
)
def test_rest_between_days(start, rest, met):
    """The legal hours between work of different days, none within a day."""
    first, second = at("a", (960, 1140)), at("b", (start + 60, start + 120))
    assert follows(RestedBetween(), first, second, jurisdiction=law(min_rest_hours=rest)) == met


def test_what_the_law_only_warns_of_joins():
    """A rule whose limit warns blocks nothing; without the limit there is nothing to hold."""
    first, second = at("a", (960, 1200)), at("b", (1500, 1600))
    for jurisdiction in (law("warn", min_rest_hours=11), law()):
        columns = gm.columns_of(a_morning(a_worker(), first, second, jurisdiction=jurisdiction))
        ask = joins(standard_succession(), columns)
        assert ask(np.array([0]), np.array([0]), np.array([1])).tolist() == [True]
    columns = gm.columns_of(a_morning(a_worker(), first, second, jurisdiction=law(min_rest_hours=11)))
    assert not joins(standard_succession(), columns)(np.array([0]), np.array([0]), np.array([1]))[0]


def test_zones_know_the_way_between_shifts():
    """From the zone of the first to that of the second; within one place there is none."""
    zones = gm.ZoneMatrix([HERE, NORTH], [[5, 50], [20, 5]], [[1, 2], [2, 1]])
    north, south = at("a", (480, 600), location=NORTH), at("b", (625, 700))
    assert follows(ReachesNext(zones), north, south)
    assert not follows(ReachesNext(zones), replace_place(south, (480, 600)), replace_place(north, (625, 700)))


def replace_place(shift, span):
    return shift.model_copy(update={"periods": (Period(start_min=span[0], end_min=span[1]),)})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_travel_that_knows_no_way_between_shifts(lang):
    """It is refused by name: nobody would know whether the next shift can be reached."""

    class Teleport:
        def minutes(self, columns, worker, shift):
            return np.zeros(len(worker))

        metres = minutes

        def radius_m(self, columns, minutes):
            return None

    first, second = at("a", (480, 600)), at("b", (660, 700), location=NORTH)
    with pytest.raises(gm.UnsupportedError) as caught:
        follows(ReachesNext(Teleport()), first, second)
    assert "Teleport" in caught.value.text(lang)
    assert "minutes_between" in caught.value.text(lang)
    Teleport.minutes_between = lambda self, columns, worker, first, second: np.full(len(worker), -1.0)
    with pytest.raises(gm.PluginError, match="minutes_between"):
        follows(ReachesNext(Teleport()), first, second)


def test_a_rule_of_ones_own():
    """Any callable will do; what it returns is held to its contract."""

    def no_evenings(columns, worker, first, second):
        return columns.shifts.start_min[second] < 1080

    first, second = at("a", (480, 600)), at("b", (1080, 1200))
    assert not follows(no_evenings, first, second)
    with pytest.raises(gm.PluginError, match="bad"):
        follows(_Bad(), first, second)
    with pytest.raises(gm.InvalidPolicyError, match="no_evenings"):
        check_succession([no_evenings, no_evenings])
    columns = gm.columns_of(a_morning(a_worker(), first, second))
    assert worker_kinds([no_evenings], columns) is None


class _Bad:
    name = "bad"

    def __call__(self, *_):
        return np.zeros(3)


def test_kinds_of_workers():
    """Of one mode and break alike; whoever has commitments is like nobody else."""
    people = [
        a_worker("a", travel_mode="walk"),
        a_worker("b", travel_mode="walk"),
        a_worker("c", travel_mode="walk", least_break_min=1),
        a_worker("d", travel_mode="walk", commitments=[TimeSpan(start_min=0, end_min=1)]),
        a_worker("e", travel_mode="drive"),
    ]
    columns = gm.columns_of(a_morning(*people, a_shift()))
    kinds = worker_kinds(standard_succession(), columns).tolist()
    assert kinds[0] == kinds[1]
    assert kinds[3] == -1
    assert len({kinds[0], kinds[2], kinds[3], kinds[4]}) == 4


def test_interleaving_shifts_are_counted():
    """Monday and Wednesday with Tuesday; a flexible shift with one inside it; but nothing that clashes."""
    shifts = [
        at("a", (480, 600), (3360, 3480)),
        at("b", (1920, 2040)),
        at("c", (540, 660)),  # clashes with a
        at("d", (700, 900), attendance="flexible", min_minutes=30),
        at("e", (800, 850)),
        at("f", (5000, 5100)),
    ]
    columns = gm.columns_of(a_morning(a_worker(), *shifts))
    assert n_interleaving(columns.shifts) == 1 + 1 + 1 + 1  # a with b, d and e; d with e
    assert columns.notes == ()
    noted = gm.columns_of(a_morning(a_worker(max_shifts=2), *shifts)).notes
    assert [note[:8] for note in noted] == ["4 pairs "]


def pairs_of(columns):
    """Every pair of a morning: indptr and shifts."""
    n, m = columns.n_workers, columns.n_shifts
    return np.arange(n + 1, dtype=np.int64) * m, np.tile(np.arange(m, dtype=np.int32), n)


def limits_of(*parts, **fields):
    """Limits by worker: amount in minutes by shift, class and most in minutes."""
    columns = gm.columns_of(a_morning(*parts, **fields))
    found = plan_limits(columns, gm.DEFAULT_RULES, *pairs_of(columns))
    told = {}
    for row, worker in enumerate(columns.worker_ids):
        told[worker] = []
        for k in range(int(found.limit_indptr[row]), int(found.limit_indptr[row + 1])):
            amount = found.amount[found.limit_amount[k]]
            told[worker].append((amount.tolist(), int(found.limit_class[k]), int(found.limit_most[k])))
    return told


EARLY, LATE, NEXT = (480, 720), (780, 1080), (1920, 2400)  # 4 and 5 hours today, 8 tomorrow


def test_hours_of_a_day():
    """Each day for itself, and only who could exceed it: amounts in the largest unit that divides them."""
    people = [a_worker("a", max_shifts=2), a_worker("b"), a_worker("c", max_shifts=2, max_hours_today=6.5)]
    shifts = [at("x", EARLY), at("y", LATE), at("z", NEXT)]
    found = limits_of(*people, *shifts, jurisdiction=law(max_hours_per_day=8))
    assert found == {"a": [([4, 5, 0], -1, 8)], "b": [], "c": [([4, 5, 0], -1, 6)]}


def test_hours_of_the_week_and_by_employer():
    """Hours worked count; of an employer only what that employer's shifts take."""
    worked = [EmployerHours(employer_id="e", hours=2)]
    people = [a_worker("a", max_shifts=3, hours_this_week=30, hours_by_employer=worked)]
    shifts = [at("x", EARLY), at("y", LATE), at("z", NEXT, employer_id="f")]
    fields = {"employers": (gm.Employer(id="e"), gm.Employer(id="f"))}
    weekly = limits_of(*people, *shifts, jurisdiction=law(max_hours_per_week=44), **fields)
    assert weekly == {"a": [([4, 5, 8], -1, 14)]}
    each = limits_of(*people, *shifts, jurisdiction=law(max_hours_per_week_per_employer=10), **fields)
    assert each == {"a": [([4, 5, 8], 0, 8)]}
    assert limits_of(*people, *shifts, jurisdiction=law("warn", max_hours_per_week=44), **fields) == {"a": []}


def test_figures_that_change_from_day_to_day():
    """A day's figure is that of the shifts of that day alone; none in force is no limit."""
    limit = {"kind": "max_hours_per_day", "source": "s", "severity": "block"}
    rows = [LegalLimit(value=8, valid_from=DATE, valid_to=DATE, **limit)]
    people = [a_worker("a", max_shifts=3)]
    shifts = [at("x", EARLY), at("y", LATE), at("z", NEXT), at("u", (2460, 2600))]
    found = limits_of(*people, *shifts, jurisdiction=Jurisdiction(name="h", limits=rows))
    assert [most for *_, most in found["a"]] == [8]


def test_who_breaks_what_only_warns():
    """Rules on pairs, over all shifts of a worker, and rules of succession; nobody of one shift."""
    people = [a_worker("a", max_shifts=2), a_worker("b", max_shifts=2), a_worker("c")]
    shifts = [at("x", EARLY), at("y", LATE), at("z", (1440, 1500))]
    jurisdiction = law("warn", max_hours_per_day=8, min_rest_hours=11)
    columns = gm.columns_of(a_morning(*people, *shifts, jurisdiction=jurisdiction))
    worker, shift = np.array([1, 0, 0, 1, 2], np.int32), np.array([2, 1, 0, 1, 1], np.int32)
    found = warned_plans(columns, gm.DEFAULT_RULES, standard_succession(), worker, shift)
    assert {name: rows.tolist() for name, rows in found.items()} == {"daily_hours": [0], "rest_between": [1]}
    hard = replace(columns, limits={k: replace(v, severity="block") for k, v in columns.limits.items()})
    assert warned_plans(hard, gm.DEFAULT_RULES, standard_succession(), worker, shift) == {}


def test_shifts_stand_in_order_of_time():
    """By beginning, then end, then id."""
    shifts = [at("a", (600, 700)), at("b", (480, 700)), at("c", (480, 600)), at("d", (480, 600))]
    assert ranks(gm.columns_of(a_morning(*shifts))).tolist() == [3, 2, 0, 1]
