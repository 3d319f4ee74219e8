"""Building sites that hire whole crews: the hall and the places of day labour, with more craftsmen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gigmatch.core.splitmix import SplitMix64
from gigmatch.model import Companions, Crew, Morning, Pay, Shift, SkillRequirement, Worker
from gigmatch.scenarios.day_labour import day_labour
from gigmatch.scenarios.generate import generate
from gigmatch.scenarios.places import at, near
from gigmatch.scenarios.sample_spec import SampleSpec
from gigmatch.scenarios.shifts import periods
from gigmatch.scenarios.trades import like, trades_of

__all__ = ["building_site"]

_TRADES = trades_of(mason=150, carpenter=110, electrician=70, helper=450, loading=190, sorting=30)
_CRAFTS = ("mason", "carpenter", "electrician")


class _Kind(NamedTuple):
    """A kind of crew."""

    name: str
    share: int
    people: tuple[tuple[str, int], ...]
    """Trades, and how many of each."""


_KINDS = (
    _Kind("wall", 40, (("mason", 2), ("helper", 3))),
    _Kind("formwork", 25, (("carpenter", 2), ("helper", 2))),
    _Kind("roof", 20, (("carpenter", 2), ("mason", 1), ("helper", 2))),
    _Kind("wiring", 15, (("electrician", 1), ("helper", 1))),
)
_PAY = {"mason": (320, 420), "carpenter": (320, 480), "electrician": (320, 480), "helper": (200, 280)}


def building_site(seed: int, count: int) -> Morning:
    """A morning of crews; arguments are checked as for other samples."""
    spec = day_labour()._replace(
        trades=_TRADES,
        works=(like("unloading", 50), like("concrete", 50)),
        seats_per_100_workers=30,
        known=(),
        offered=(),
    )
    morning, rng = generate(spec, seed, count), SplitMix64(seed ^ 0xC4E55)
    crews = tuple(_crews(rng, count // 4))
    shifts = tuple(shift for crew, kind in crews for shift in _shifts(rng, spec, crew, kind, morning))
    parts = {
        "shifts": (*map(_with_fewest, morning.shifts), *shifts),
        "crews": tuple(crew for crew, _ in crews),
        "companions": tuple(_companions(rng, morning.workers)),
    }
    return Morning(**{**dict(morning), **parts})


def _crews(rng: SplitMix64, count: int) -> Iterator[tuple[Crew, _Kind]]:
    for number in range(1, count + 1):
        kind = rng.weighted([(kind, kind.share) for kind in _KINDS])
        yield Crew(id=f"c-{number:04d}-{kind.name}", name=f"样例班组{number:04d}"), kind


def _shifts(rng: SplitMix64, spec: SampleSpec, crew: Crew, kind: _Kind, morning: Morning) -> Iterator[Shift]:
    """A shift for each trade, all of them at one place and time, of one employer."""
    place = at(near(rng, rng.choice(rng.weighted(spec.places)), 6_000))
    employer = rng.choice([each.id for each in morning.employers])
    start = rng.choice((6 * 60 + 30, 7 * 60, 7 * 60 + 30))
    for trade, people in kind.people:
        yield Shift(
            id=f"{crew.id}-{trade}",
            employer_id=employer,
            location=place,
            periods=periods(start, 600, 60, (0,)),
            headcount=people,
            all_of=(SkillRequirement(skill=trade),),
            pay=Pay(amount=rng.between(*_PAY[trade], 10), unit="day"),
            settlement="same_day",
            insurance=True,
            outdoor=True,
            crew_id=crew.id,
        )


def _with_fewest(shift: Shift) -> Shift:
    """The shift, which takes place with half of its people, too."""
    return shift.model_copy(update={"minimum_headcount": (shift.headcount + 1) // 2})


def _companions(rng: SplitMix64, workers: tuple[Worker, ...]) -> Iterator[Companions]:
    """One craftsman in four with a helper; of the helpers who are left one in ten with another."""
    helpers = [worker.id for worker in workers if worker.skills[0].skill == "helper"]
    for worker in workers:
        if worker.skills[0].skill in _CRAFTS and helpers and rng.chance(25):
            yield Companions(id=f"with-{worker.id}", worker_ids=(worker.id, helpers.pop(0)), together="crew")
    for first, second in zip(helpers[::2], helpers[1::2], strict=False):
        if rng.chance(10):
            yield Companions(id=f"both-{first}", worker_ids=(first, second))
