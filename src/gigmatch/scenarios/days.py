"""Several mornings in a row: what a day leaves behind for the next, and who and what is new in it.

*What is carried* is told by the module of `gigmatch.carry_over`.

*What is new* in a `Day` of a sample: one worker in twenty, if without promises, has left for good and
somebody new has come; those who walk in arrive at other times; and shifts are drawn anew until there are as
many seats as on the first day. What each worker does, who comes and which shifts are drawn have numbers of
their own each day, so that two mechanisms have the same days as far as they leave the same behind.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from gigmatch.assignment.promises import IdPairs
from gigmatch.core.splitmix import SplitMix64
from gigmatch.errors import InvalidInputError
from gigmatch.ledger import Promise, carry_over
from gigmatch.model import Morning, Worker
from gigmatch.scenarios.day_labour import day_labour
from gigmatch.scenarios.fair import fair
from gigmatch.scenarios.generate import generate
from gigmatch.scenarios.people import newcomers
from gigmatch.scenarios.renovation import renovation
from gigmatch.scenarios.sample_spec import SampleSpec
from gigmatch.scenarios.shifts import fresh_shifts

__all__ = ["Day", "first_day", "spec_of"]

_SPECS = {"jingshi": renovation, "majuqiao": day_labour, "mentougou": fair}
_LEAVING_PERCENT = 5


@dataclass(frozen=True)
class Day:
    """One of several mornings in a row; made by `first_day`, and by `after` from the one before."""

    morning: Morning
    """Everything known this morning."""
    promised: tuple[Promise, ...]
    """Days of work still to come of shifts taken on earlier days, the worker's ``commitments`` among them."""
    number: int
    """From 1."""
    sample: str
    seed: int
    people: int
    """How many have been there up to now, whoever has left included."""

    def after(self, placed: IdPairs) -> Day:
        """The next morning, after these placements.

        Parameters
        ----------
        placed : iterable of (worker id, shift id)
            ``assignment.pairs``, or anybody else's placements.

        Returns
        -------
        Day
            The same for the same sample, seed and placements so far, on every machine.

        Raises
        ------
        InvalidInputError
            A pair names somebody or something that is not there, a worker twice, or more people than a shift
            has seats.
        """
        morning, promised = carry_over(self.morning, placed, self.promised)
        spec = spec_of(self.sample)
        employers, brokers = ([one.id for one in each] for each in (morning.employers, morning.brokers))
        stay = self._staying(spec, morning, promised)
        people = self.people + len(morning.workers) - len(stay)
        new = newcomers(self._rng("people"), spec, self.people + 1, people, employers)
        seats = len(morning.workers) * spec.seats_per_100_workers // 100
        seats -= sum(shift.headcount for shift in morning.shifts)
        name = f"{morning.date:%m%d}-"
        fresh = fresh_shifts(self._rng("shifts"), spec, seats, employers, brokers, morning.date, prefix=name)
        here = {"workers": (*stay, *new), "shifts": (*morning.shifts, *fresh)}
        return replace(
            self,
            morning=morning.model_copy(update=here),
            promised=promised,
            number=self.number + 1,
            people=people,
        )

    def _staying(self, spec: SampleSpec, morning: Morning, promised: Iterable[Promise]) -> tuple[Worker, ...]:
        """Those who have not left for good; who walk in, at other times."""
        bound, found = {promise.worker_id for promise in promised}, []
        for worker in morning.workers:
            rng = self._rng(f"worker {worker.id}")
            leaves, arrival = rng.chance(_LEAVING_PERCENT), spec.arrival(rng)
            if worker.id in bound or not leaves:
                walks_in = worker.arrived_at_min is not None and worker.arrived_at_min >= 0
                found.append(worker.model_copy(update={"arrived_at_min": arrival}) if walks_in else worker)
        return tuple(found)

    def _rng(self, of: str) -> SplitMix64:
        """Random numbers of one thing on one day, which have nothing to do with any others."""
        digest = hashlib.sha256(f"{self.seed} day {self.number} {of}".encode()).digest()
        return SplitMix64(int.from_bytes(digest[:8], "big"))


def spec_of(sample: str) -> SampleSpec:
    """Return what a sample is drawn from; raises InvalidInputError if there is none of that name."""
    if sample not in _SPECS:
        names = ", ".join(repr(name) for name in _SPECS)
        raise InvalidInputError("unknown_option", name="sample", names=names, value=sample)
    return _SPECS[sample]()


def first_day(sample: str = "jingshi", seed: int = 7, *, workers: int | None = None) -> Day:
    """The first of several mornings in a row of a sample.

    Parameters
    ----------
    sample : "jingshi", "majuqiao" or "mentougou"
        Which one; the first morning is the sample's own.
    seed : int
        From 0 to 2**64 - 1.
    workers : int, optional
        How many are there each morning; as many as the sample has of its own unless given.

    Returns
    -------
    Day

    Raises
    ------
    InvalidInputError
        There is no such sample, or a number is not an integer in its range.

    Examples
    --------
    >>> import gigmatch as gm
    >>> day = gm.samples.first_day("jingshi", seed=7, workers=200)
    >>> for _ in range(3):
    ...     assignment = gm.match(day.morning)
    ...     print(day.morning.date, len(assignment.pairs), len(day.promised))
    ...     day = day.after(assignment.pairs)
    2025-09-19 115 0
    2025-09-20 89 18
    2025-09-21 89 87
    """
    spec = spec_of(sample)
    count = spec.usual_workers if workers is None else workers
    morning = generate(spec, seed, count)
    return Day(morning=morning, promised=(), number=1, sample=sample, seed=seed, people=count)
