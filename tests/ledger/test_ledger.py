"""The ledger: against people counted one by one, merged in any order, carried, told, saved and erased."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import defaultdict
from functools import cache
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gigmatch as gm
from gigmatch.core.spreads import gini
from gigmatch.model import Morning, Period, Request
from tests.conftest import DATE, a_morning, a_shift, a_worker, changed, examples, for_each, matched, sample
from tests.strategies import mornings

NAMES = tuple(f"w{letter}" for letter in "abcdefgh")
SPANS = (
    (Period(start_min="08:00", end_min="18:00", break_min=60),),
    (Period(start_min="08:00", end_min="10:00"),),
    (Period(start_min="08:00", end_min="18:00"), Period(start_min="56:00", end_min="60:00")),
    (Period(start_min="32:00", end_min="42:00"),),
)
SETTINGS = st.builds(
    gm.Turns,
    least_hours=st.sampled_from((0.0, 2.5)),
    **{name: st.booleans() for name in gm.Turns.model_fields if name != "least_hours"},
)


class Event(NamedTuple):
    """A day as it came, and what happened on it."""

    morning: Morning
    assignment: gm.Assignment
    happened: dict[str, Any]


@cache
def days(seed: int, market: str = "hall") -> tuple[Event, ...]:
    """Seven days of a small market that is closed now and then, each carried into from those before."""
    rng, ledger, found = random.Random(seed), gm.Ledger.new(), []
    people = [
        a_worker(
            name, days_since_last_placement=rng.choice((None, 0, 3)), hours_this_week=rng.choice((None, 9))
        )
        for name in NAMES
    ]
    date = DATE
    for number in range(7):
        date += dt.timedelta(rng.choice((1, 1, 1, 2, 4)))
        here = [worker for worker in people if rng.random() < 0.7] or people
        shifts = [a_shift(f"s{number}{k}", periods=rng.choice(SPANS)) for k in range(4)]
        requests = [Request(worker_id=here[0].id, shift_id=shifts[0].id)]
        written = a_morning(*here, *shifts, date=date, requests=requests)
        written = changed(written, market=changed(written.market, id=market))
        morning = ledger.carry_into(written)
        assignment = gm.match(morning)
        event = Event(morning, assignment, happens(rng, morning, assignment))
        ledger = ledger.with_day(morning, assignment, **event.happened)
        found.append(event)
    return tuple(found)


def happens(rng: random.Random, morning: Morning, assignment: gm.Assignment) -> dict[str, Any]:
    """Some decline, some do not turn up, some are offered more."""
    pairs = list(assignment.pairs)
    declined = [pair for pair in pairs if rng.random() < 0.15]
    stood = [worker for worker, _ in pairs if worker not in {worker for worker, _ in declined}]
    absent = [worker for worker in stood if rng.random() < 0.25]
    offered = [(worker.id, morning.shifts[0].id) for worker in morning.workers if rng.random() < 0.2]
    excused = absent[::2]
    no_shows = absent[1::2]
    return {"declined": declined, "no_shows": no_shows, "excused": excused, "offered": offered}


def ledger_of(events: Any, turns: gm.Turns | None = None) -> gm.Ledger:
    """One ledger a day, together."""
    each = [gm.Ledger.of(event.morning, event.assignment, **event.happened, turns=turns) for event in events]
    return gm.Ledger.merged(each)


def counted(events: Any, name: str, turns: gm.Turns) -> dict[str, float]:
    """What somebody's days come to, day by day."""
    sums: dict[str, float] = defaultdict(float)
    waiting, bound, was_there = 0, dt.date.min, False
    for morning, assignment, happened in events:
        worker = next((one for one in morning.workers if one.id == name), None)
        if worker is None:
            if was_there and turns.not_there and morning.date > bound:
                waiting, sums["idle"] = waiting + 1, sums["idle"] + 1
                sums["longest"] = max(sums["longest"], waiting)
            continue
        if not was_there:
            waiting, was_there = worker.days_since_last_placement or 0, True
            sums["longest"] = waiting
        pairs = {*assignment.pairs} - {*happened["declined"]}
        pay = {each.worker_id: each.pay_total for each in assignment.placements}
        shift = next((s for s in morning.shifts if (name, s.id) in pairs), None)
        hours = 0.0 if shift is None else sum((p.minutes - p.break_min) / 60 for p in shift.periods)
        declined = sum(pair[0] == name for pair in happened["declined"])
        missed, excused = name in happened["no_shows"], name in happened["excused"]
        asked = any(r.worker_id == name and shift and r.shift_id == shift.id for r in morning.requests)
        works = shift is not None and not missed and not excused
        counts = works or (missed and turns.no_show) or (excused and turns.excused)
        by_work = counts and hours >= turns.least_hours and (turns.requested or not asked)
        is_turn = by_work or (turns.declined and declined > 0)
        eligible = assignment.eligible_shifts[assignment.worker_ids.index(name)]
        if is_turn or morning.date <= bound:
            waiting = 0
        elif eligible or turns.nothing_eligible:
            waiting, sums["idle"] = waiting + 1, sums["idle"] + 1
        if by_work and works and shift:
            last = max(period.start_min for period in shift.periods) // 1440
            bound = max(bound, morning.date + dt.timedelta(last))
        sums["longest"] = max(sums["longest"], waiting)
        offers = pairs | {*happened["declined"]} | {*happened["offered"]}
        for figure, value in {
            "days": 1,
            "turns": is_turn,
            "placed": shift is not None,
            "offered": sum(pair[0] == name for pair in offers),
            "declined": declined,
            "no_shows": missed,
            "excused": excused,
            "hours": hours * works,
            "wages": pay.get(name, 0) * works,
        }.items():
            sums[figure] += value
    return {**sums, "waiting": waiting}


@given(seed=st.integers(0, 3), turns=SETTINGS)
@examples(20)
def test_everybody_is_counted_as_one_by_one(seed: int, turns: gm.Turns) -> None:
    """Days, turns, offers, waits, hours and wages under any setting."""
    totals = ledger_of(days(seed)).counting(turns).totals
    for at, name in enumerate(totals.worker_ids):
        due = counted(days(seed), name, turns)
        found = {figure: getattr(totals, figure)[at] for figure in totals._fields[1:]}
        assert found == pytest.approx({figure: due.get(figure, 0) for figure in found}), name


def test_the_days_have_everything_in_them() -> None:
    """So that counting one by one tries what it says."""
    totals = [ledger_of(days(seed)).totals for seed in range(4)]
    for figure in totals[0]._fields[1:]:
        assert any(getattr(each, figure).any() for each in totals), figure
    rows = [ledger_of(days(seed)).held.tables.presence for seed in range(4)]
    assert any((each.requested & (each.outcome == 1)).any() for each in rows)
    assert any((each.until > 1).any() for each in rows)


@given(seed=st.integers(0, 3), data=st.data())
@examples(15)
def test_merging_in_any_order_and_in_any_parts_is_the_same(seed: int, data: Any) -> None:
    """As adding day after day."""
    due = gm.Ledger.new()
    for event in days(seed):
        due = due.with_day(event.morning, event.assignment, **event.happened)
    mixed = data.draw(st.permutations(days(seed)))
    cut = data.draw(st.integers(0, len(mixed)))
    parts = [ledger_of(mixed[:cut]), ledger_of(mixed[cut:])]
    assert gm.Ledger.merged(parts).to_json() == due.to_json()


# ---------------------------------------------------------------------------------------------------- carried


def tomorrow(morning: Morning) -> Morning:
    return changed(morning, date=morning.date + dt.timedelta(1))


@given(morning=mornings())
@examples(30)
def test_a_day_is_carried_exactly_as_carry_over_does(morning: Morning) -> None:
    """Everybody of the next morning is equal, in any kind of morning."""
    try:
        assignment = gm.match(morning)
    except gm.UnsupportedError:
        return
    ledger = gm.Ledger.of(morning, assignment)
    carried = gm.Ledger.from_json(ledger.to_json()).carry_into(tomorrow(morning))
    assert carried.workers == gm.carry_over(morning, assignment.pairs)[0].workers


@pytest.mark.parametrize("name", ["jingshi", "majuqiao", "mentougou"])
def test_days_in_a_row_are_carried_exactly_as_carry_over_does(name: str) -> None:
    """Over a Monday and shifts of several days, from what each morning says and from what the first did."""
    day, ledger = gm.samples.first_day(name, seed=3, workers=50), gm.Ledger.new()
    first = {worker.id: worker for worker in day.morning.workers}
    for _ in range(5):
        assignment = gm.match(day.morning)
        ledger = ledger.with_day(day.morning, assignment)
        due = gm.carry_over(day.morning, assignment.pairs, day.promised)[0]
        assert ledger.carry_into(tomorrow(day.morning)).workers == due.workers
        same = [worker for worker in due.workers if worker.id in first and worker.arrived_at_min is None]
        fresh = ledger.carry_into(changed(due, workers=tuple(first[worker.id] for worker in same)))
        assert fresh.workers == tuple(same)
        day = day.after(assignment.pairs)
    assert ledger.carry_into(gm.Ledger.from_json(ledger.to_json()).carry_into(due)) == ledger.carry_into(due)


def test_a_day_of_several_shifts_is_carried_exactly_as_carry_over_does() -> None:
    """One placed worker with the hours and the pay of both, and each employer met once or twice."""
    spans = {"early": (360, 540), "noon": (600, 780), "late": (1080, 1320)}
    shifts = [
        a_shift(name, periods=(gm.Period(start_min=start, end_min=end),), employer_id=employer)
        for (name, (start, end)), employer in zip(spans.items(), "eef", strict=True)
    ]
    li = a_worker("li", max_shifts=3, hours_this_week=5.0)
    employers = tuple(gm.Employer(id=name) for name in "ef")
    morning = a_morning(li, a_worker("wu"), *shifts, employers=employers)
    answer = gm.match(morning, forbid=[("wu", name) for name in spans])
    assert answer.shifts_of("li") == tuple(spans)
    ledger = gm.Ledger.of(morning, answer)
    after, promised = gm.carry_over(morning, answer.pairs)
    assert not promised
    [worker] = [each for each in after.workers if each.id == "li"]
    assert worker.hours_this_week == 5 + 3 + 3 + 4
    assert {each.employer_id: each.shifts for each in worker.past_employers} == {"e": 2, "f": 1}
    tomorrow = morning.model_copy(update={"date": after.date})
    [carried] = [each for each in ledger.carry_into(tomorrow).workers if each.id == "li"]
    assert carried == worker
    row = ledger.totals.worker_ids.index("li")
    assert (ledger.totals.placed[row], ledger.totals.hours[row], ledger.totals.wages[row]) == (1, 10, 600)


def test_what_is_not_in_the_ledger_stays_as_it_is_written() -> None:
    """Newcomers, praise that has come since, and days of waiting that nobody knows."""
    before = a_morning(a_worker("a"), a_worker("b"), a_shift())
    turns = gm.Turns(nothing_eligible=False)
    nothing = changed(before, shifts=())
    ledger = gm.Ledger.of(nothing, gm.match(nothing), turns=turns)
    praised = a_worker("a", past_employers=[{"employer_id": "e", "shifts": 2, "praise": True}])
    later = tomorrow(changed(before, workers=(praised, a_worker("c", days_since_last_placement=9))))
    assert ledger.carry_into(later).workers == later.workers
    worked = gm.Ledger.of(before, gm.match(before, keep=[("a", "s")]))
    assert worked.carry_into(later).workers[0].past_employers[0].praise is True
    assert worked.carry_into(later).workers[1] == later.workers[1]


def test_whoever_did_not_turn_up_has_not_worked() -> None:
    """No hours, no employer met; whether it was a turn is for the setting to say."""
    morning = a_morning(
        a_worker(hours_this_week=4, days_since_last_placement=2), a_shift(), date="2025-07-16"
    )
    for turns, waiting in ((gm.Turns(), 0), (gm.Turns(no_show=False), 3)):
        ledger = gm.Ledger.of(morning, gm.match(morning), no_shows=["w"], turns=turns)
        (worker,) = ledger.carry_into(tomorrow(morning)).workers
        assert (worker.hours_this_week, worker.past_employers) == (4, ())
        assert worker.days_since_last_placement == waiting


# ---------------------------------------------------------------------------------------------------- refused


def one_day(date: Any = DATE, market: str = "hall", **happened: Any) -> gm.Ledger:
    """Two people, of whom one has the shift."""
    morning = a_morning(a_worker("a"), a_worker("b"), a_shift("s"), date=date)
    morning = changed(morning, market=changed(morning.market, id=market))
    return gm.Ledger.of(morning, gm.match(morning, keep=[("a", "s")]), **happened)


@for_each(
    [
        ("ledger_day_twice", lambda: gm.Ledger.merged([one_day(), one_day()])),
        ("ledger_two_markets", lambda: gm.Ledger.merged([one_day(), one_day(market="fair")])),
        (
            "ledger_turns",
            lambda: gm.Ledger.merged([one_day(), one_day("2025-07-20", turns=gm.Turns(no_show=False))]),
        ),
        ("wrong_type", lambda: gm.Ledger.merged([one_day(), "ledger"])),
        ("wrong_type", lambda: gm.Ledger.new("no turns")),
        ("wrong_type", lambda: one_day(no_shows="a")),
        ("wrong_type", lambda: one_day().measures(groups=["a"])),
        ("only_a_morning", lambda: one_day().carry_into(None)),
        ("only_a_morning", lambda: gm.Ledger.of(None, None)),
        ("ledger_not_placed", lambda: one_day(no_shows=["b"])),
        ("ledger_not_placed", lambda: one_day(no_shows=["a"], excused=["a"])),
        ("ledger_not_placed", lambda: one_day(declined=[("a", "s")], excused=["a"])),
        ("placed_unknown", lambda: one_day(declined=[("z", "s")])),
        ("placed_unknown", lambda: one_day(offered=[("a", "z")])),
        ("ledger_unknown_worker", lambda: one_day().line("z")),
        ("ledger_unknown_worker", lambda: one_day().without("z")),
        ("ledger_not_after", lambda: one_day().carry_into(a_morning(a_worker()))),
    ]
)
def test_what_cannot_be_is_refused_by_name(code: str, act: Any) -> None:
    """Each with its code, in both languages."""
    with pytest.raises(gm.InvalidInputError) as caught:
        act()
    assert caught.value.code == code
    assert caught.value.text("zh") != caught.value.text("en")


def test_the_assignment_is_of_the_morning_and_the_money_alike() -> None:
    """Another morning's is refused, and so are euros among yuan."""
    morning = a_morning(a_worker(), a_shift())
    with pytest.raises(gm.InvalidInputError) as caught:
        gm.Ledger.of(a_morning(a_worker("v"), a_shift()), gm.match(morning))
    assert caught.value.code == "another_morning"
    euros = changed(tomorrow(morning), currency="EUR")
    with pytest.raises(gm.InvalidInputError) as caught:
        gm.Ledger.of(morning, gm.match(morning)).with_day(euros, gm.match(euros))
    assert caught.value.code == "ledger_currencies"


# --------------------------------------------------------------------------------------------------- measured


@given(st.lists(st.integers(0, 40), max_size=12))
def test_gini_is_the_mean_difference_of_two(values: list[int]) -> None:
    """Over twice the mean, by all pairs."""
    due = 0.0
    if any(values):
        due = sum(abs(a - b) for a, b in product(values, values)) / (2 * len(values) * sum(values))
    assert gini(np.array(values)) == pytest.approx(due)


def test_measures_are_those_of_the_totals() -> None:
    """Sorted from the best to the worst; the worst tenth is whole people."""
    ledger = ledger_of(days(1))
    measures, totals = ledger.measures(), ledger.totals
    for name, is_worse in (
        ("idle", True),
        ("waiting", True),
        ("longest", True),
        ("hours", False),
        ("wages", False),
    ):
        spread, values = getattr(measures, name), sorted(getattr(totals, name), reverse=not is_worse)
        assert spread.values.tolist() == values
        assert (spread.people, spread.worst, spread.worst_decile) == (len(values), values[-1], values[-1])
        assert spread.mean == pytest.approx(sum(values) / len(values))
    nobody = gm.Ledger.new().measures()
    assert (nobody.people, nobody.hours.mean, nobody.hours.gini, nobody.hours.worst) == (0, 0, 0, None)


def crowd(sizes: dict[str, int]) -> tuple[gm.Ledger, dict[str, str]]:
    """A day with a group of each size; those of no name are in no group."""
    named = [(f"{name or 'none'}{k:03}", name) for name, n in sizes.items() for k in range(n)]
    morning = a_morning(*(a_worker(worker) for worker, _ in named), a_shift(headcount=20))
    groups = {worker: name for worker, name in named if name}
    return gm.Ledger.of(morning, gm.match(morning)), groups


@for_each(
    [
        ({"x": 5, "y": 9}, {"x": 5, "y": 9}),
        ({"x": 4, "y": 9, "z": 7}, {"x": None, "y": 9, "z": None}),  # else x follows by subtraction
        ({"x": 4, "y": 3, "z": 7}, {"x": None, "y": None, "z": 7}),
        ({"x": 6, "y": 9, "": 2}, {"x": None, "y": 9}),  # those in no group follow likewise
        ({"x": 4, "": 9}, {"x": None}),
        ({"x": 45}, {"x": 45}),
    ]
)
def test_small_groups_are_not_told(sizes: dict[str, int], told: dict[str, int | None]) -> None:
    """Nor what would give them away; and of those told no single person's figure."""
    ledger, groups = crowd(sizes)
    measures = ledger.measures(groups=groups)
    assert {name: each and each.people for name, each in measures.by_group.items()} == told
    assert list(measures.by_group) == sorted(told)
    for group in filter(None, measures.by_group.values()):
        for spread in (group.idle, group.wages):
            assert (spread.values.tolist(), spread.worst) == ([], None)
            assert (spread.worst_decile is None) == (spread.people <= 40)
    for lang in ("en", "zh"):
        assert all(name in measures.text(lang) for name in told)


def test_groups_are_not_kept() -> None:
    """Nothing of them is in the ledger or in what is saved of it."""
    ledger, groups = crowd({"secret-one": 6, "secret-two": 6})
    before = ledger.to_json()
    renamed = {worker: f"GROUP-{name}" for worker, name in groups.items()}
    ledger.measures(groups=renamed)
    assert ledger.to_json() == before
    assert b"GROUP" not in before


def test_measures_as_a_frame() -> None:
    """A row a quantity of all and of each group told."""
    ledger, groups = crowd({"x": 6, "y": 3, "z": 8})
    frame = ledger.measures(groups=groups).to_frame("pandas")
    assert frame["group"].fillna("").tolist() == [""] * 5 + ["z"] * 5  # y is small, and x would tell of it
    assert frame["people"].tolist() == [17] * 5 + [8] * 5
    assert frame["worst"].isna().tolist() == [False] * 5 + [True] * 5


# ---------------------------------------------------------------------------------------- read, erased, saved


def test_a_line_has_everything_of_one_and_nothing_of_others() -> None:
    """Its days add up to its sums, in words of both languages, with nobody else's id."""
    ledger = ledger_of(days(2))
    for at, name in enumerate(ledger.worker_ids):
        line = ledger.line(name)
        assert len(line.days) == ledger.totals.days[at]
        assert sum(day.hours for day in line.days if day.outcome == "worked") == pytest.approx(line.hours)
        assert line.days[-1].waiting == line.waiting == ledger.totals.waiting[at]
        assert sum(day.is_turn for day in line.days) == ledger.totals.turns[at]
        for lang in ("en", "zh"):
            told = line.text(lang)
            assert len(told.splitlines()) == 3 + len(line.days)
            assert "line." not in told
    long_names = crowd({"left": 3, "right": 3})[0]
    told = long_names.line("left001").text()
    assert [name for name in long_names.worker_ids if name in told] == ["left001"]


@given(seed=st.integers(0, 3), name=st.sampled_from(NAMES))
@examples(12)
def test_whoever_is_erased_leaves_nothing(seed: int, name: str) -> None:
    """The ledger is the one of the same days without them; everybody else's sums are as they were."""
    ledger = ledger_of(days(seed))
    if name not in ledger.worker_ids:
        return
    less = ledger.without(name)
    assert f'"{name}"'.encode() not in less.to_json()
    assert less.days == ledger.days
    keep = [at for at, each in enumerate(ledger.worker_ids) if each != name]
    for figure, values in ledger.totals._asdict().items():
        assert np.array_equal(np.array(values)[keep], getattr(less.totals, figure)), figure
    assert less.held.tables.closings.worker.tolist() == list(range(len(keep)))


def test_an_employer_known_only_through_the_erased_goes_with_them() -> None:
    """Nobody can tell from what is left where they worked."""
    hours = [{"employer_id": "only-theirs", "hours": 3}]
    morning = a_morning(a_worker("a", hours_by_employer=hours), a_worker("b"), a_shift(), date="2025-07-16")
    ledger = gm.Ledger.of(morning, gm.match(morning))
    assert b"only-theirs" in ledger.to_json()
    assert b"only-theirs" not in ledger.without("a").to_json()


def test_saved_and_loaded_both_ways(tmp_path: Any) -> None:
    """JSON and Parquet hold the same, whatever the setting."""
    turns = gm.Turns(least_hours=2.5, not_there=True)
    for ledger in (ledger_of(days(0), turns), gm.Ledger.new(turns)):
        ledger.save(tmp_path / "ledger.json")
        ledger.save_parquet(tmp_path / "tables")
        for found in (gm.Ledger.load(tmp_path / "ledger.json"), gm.Ledger.load_parquet(tmp_path / "tables")):
            assert found.to_json() == ledger.to_json()
            assert found.turns == turns
            assert repr(found) == repr(ledger)


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow"])
def test_frames_have_ids_and_dates(kind: Any) -> None:
    """Of any kind; presence has a row for everybody on every day."""
    ledger = ledger_of(days(0))
    frames = ledger.to_frames(kind)
    presence, totals = frames["presence"], frames["totals"]
    assert len(presence) == ledger.totals.days.sum()
    assert {str(each) for each in list(presence["worker_id"])} >= {"wa", "wb"}
    assert len(totals) == len(ledger.worker_ids)


def spoilt(change: Any) -> bytes:
    data = json.loads(ledger_of(days(0)).to_json())
    change(data)
    return json.dumps(data).encode()


@for_each(
    [
        lambda data: data["presence"]["worker"].__setitem__(0, 99),
        lambda data: data["presence"]["worker"].__setitem__(0, -1),
        lambda data: data["presence"]["worker"].__setitem__(1, data["presence"]["worker"][0]),
        lambda data: data["presence"]["eligible"].__setitem__(0, 1.5),
        lambda data: data["presence"]["eligible"].__setitem__(0, "1"),
        lambda data: data["presence"]["requested"].__setitem__(0, 1),
        lambda data: data["presence"]["outcome"].__setitem__(0, 7),
        lambda data: data["presence"]["hours"].__setitem__(0, None),
        lambda data: data["presence"]["wages"].pop(),
        lambda data: data["presence"].pop("wages"),
        lambda data: data.pop("work"),
        lambda data: data["closings"]["worker"].__setitem__(0, 1),
        lambda data: data["days"].reverse(),
        lambda data: data["days"].__setitem__(0, ["someday", "hall"]),
        lambda data: data["turns"].update(least_hours=-1),
    ]
)
def test_what_no_ledger_has_is_refused(change: Any) -> None:
    """Positions of nobody, somebody twice, other numbers than there can be, columns of other lengths."""
    with pytest.raises(gm.InvalidFileError) as caught:
        gm.Ledger.from_json(spoilt(change))
    assert caught.value.parameters["error"].key in {"errors.not_a_saved_ledger", "errors.ledger_spoilt"}


def test_a_folder_of_two_ledgers_is_refused(tmp_path: Any) -> None:
    """And one with a file missing."""
    ledger_of(days(0)).save_parquet(tmp_path / "one")
    gm.Ledger.new(gm.Turns(no_show=False)).save_parquet(tmp_path / "two")
    (tmp_path / "two" / "work.parquet").replace(tmp_path / "one" / "work.parquet")
    for folder, code in (("one", "ledger_folder_mixed"), ("two", "cannot_read")):
        with pytest.raises(gm.InvalidFileError) as caught:
            gm.Ledger.load_parquet(tmp_path / folder)
        assert caught.value.code == code


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_setting_is_told(lang: str) -> None:
    """Five sentences, and no two settings alike."""
    names = [name for name in gm.Turns.model_fields if name != "least_hours"]
    told = {
        gm.Turns(least_hours=hours, **dict(zip(names, each, strict=True))).text(lang)
        for hours in (0, 2.5)
        for each in product((True, False), repeat=len(names))
    }
    assert len(told) == 2 ** (1 + len(names))
    assert all(len(text.splitlines()) == 5 and "turns." not in text for text in told)


def test_many_days_are_counted_at_once() -> None:
    """One day of a sample on thirty dates: each of the days counts once."""
    assignment = matched("jingshi", seed=7, workers=100)
    day = gm.Ledger.of(sample("jingshi", seed=7, workers=100), assignment)
    dates = [DATE + dt.timedelta(n) for n in range(30)]
    held = [day.held._replace(day=(gm.LedgerDay(date, "hall"),)) for date in dates]
    many = gm.Ledger.merged(gm.Ledger(day.turns, day.currency, each) for each in held)
    assert many.totals.days.tolist() == [30] * 100
    placed = np.isin(many.worker_ids, [worker for worker, _ in assignment.pairs])
    assert (many.totals.idle == np.where(placed, 0, 30)).all()
