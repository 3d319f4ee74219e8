"""Samples of several shifts a worker and of crews: as promised, alike for one seed."""

from __future__ import annotations

from collections import Counter

from gigmatch.scenarios import majuqiao, site


def test_evenings_bring_small_jobs_and_people_who_take_several_shifts() -> None:
    """Nearly half of them, free until late; the plain sample has none of it."""
    morning = majuqiao(7, workers=300, evenings=True)
    assert morning == majuqiao(7, workers=300, evenings=True)
    several = [worker for worker in morning.workers if worker.max_shifts > 1]
    assert 0.35 < len(several) / len(morning.workers) < 0.55
    assert {worker.max_shifts for worker in several} == {2, 3}
    assert {worker.max_hours_today for worker in several} == {None, 10, 12}
    assert any(shift.id.endswith(("dishwashing", "evening-sorting")) for shift in morning.shifts)
    assert all(worker.max_shifts == 1 for worker in majuqiao(7, workers=300).workers)


def test_a_building_site_hires_whole_crews() -> None:
    """Of each crew all shifts are at one place and time; craftsmen are short; companions are as promised."""
    morning = site(7)
    assert morning == site(7)
    of_crew: dict[str, list] = {}
    for shift in morning.shifts:
        if shift.crew_id:
            of_crew.setdefault(shift.crew_id, []).append(shift)
    assert set(of_crew) == {crew.id for crew in morning.crews}
    for shifts in of_crew.values():
        assert len(shifts) > 1
        assert len({(s.location, s.periods, s.employer_id) for s in shifts}) == 1
        assert all(s.minimum_headcount is None for s in shifts)
    wanted = Counter()
    for shift in morning.shifts:
        wanted[shift.all_of[0].skill] += shift.headcount
    there = Counter(worker.skills[0].skill for worker in morning.workers)
    assert all(wanted[trade] > there[trade] for trade in ("mason", "carpenter"))
    alone = [shift for shift in morning.shifts if not shift.crew_id]
    assert all(2 * shift.minimum_headcount >= shift.headcount for shift in alone)
    assert Counter(each.together for each in morning.companions).keys() == {"crew", "shift"}
