"""Mechanisms beside each other, over one morning or a row of days, with the same luck for all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

import numpy as np

from gigmatch.assignment import Assignment
from gigmatch.assignment.comparison import Change, Comparison, Outcome
from gigmatch.assignment.instance import Progress, check_kinds
from gigmatch.assignment.promises import IdPairs
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.columns import Columns
from gigmatch.core.logs import log_stage
from gigmatch.core.spreads import gini, worst_decile
from gigmatch.errors import InvalidInputError
from gigmatch.ledger import Turns
from gigmatch.matching.blocking import blocking_pairs
from gigmatch.matching.diary import Diary
from gigmatch.matching.mechanisms import STANDARD, Mechanism, assigned
from gigmatch.model import Morning
from gigmatch.pairing.policy import DEFAULT_POLICY, LARGEST_SEED, POINTS_SCALE, Policy
from gigmatch.pairing.travel import StraightLine

__all__ = ["MarketDay", "Start", "compare"]

_CLASSES = (30, 14, 7, 3, 1, 0)


class MarketDay(Protocol):
    """One of several mornings in a row, such as ``gigmatch.samples.Day``."""

    @property
    def morning(self) -> Morning:
        """Everything known this morning."""
        ...

    def after(self, placed: IdPairs, /) -> Self:
        """The next morning, after these placements."""
        ...


Start = Morning | Columns | MarketDay


def compare(
    mechanisms: Mapping[str, Mechanism] | Iterable[str],
    start: Start | Callable[[int], Start],
    *,
    seeds: Sequence[int] = (0,),
    days: int = 1,
    policy: Policy = DEFAULT_POLICY,
    turns: Turns | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Hold mechanisms against each other: seats, points, wages, ways, waiting, blocking pairs, and for whom.

    Every mechanism is run once with each seed. All begin with the same people and shifts and have the same
    lots on each day; what else a day brings is the same as far as the day before has left the same behind.

    Parameters
    ----------
    mechanisms : mapping of str to Mechanism, or iterable of str
        By name, or names of ``gigmatch.mechanisms.STANDARD``; the others are held against the first.
    start : Morning, Columns or Day, or callable
        One morning, or the first of several days in a row; a function of the seed where each seed begins with
        a morning of its own, so that intervals tell of markets, and not of lots alone.
    seeds : sequence of int
        Of what is left to chance; the more, the narrower the intervals. On the first day the seed itself
        draws the lots, on day k a hash of both.
    days : int
        How many days in a row, at least 1; more than 1 need a first day.
    policy : Policy
        What gives points and says who likes whom, for all mechanisms alike, whatever they aim for.
    turns : Turns, optional
        What counts as work and as waiting, as for a ``gigmatch.Ledger``; ``Turns()`` unless given.
    progress : callable, optional
        ``progress("compare", share)``, called after every day.

    Returns
    -------
    Comparison
        Means over the seeds, with 95 % intervals by Student's t.

    Raises
    ------
    InvalidInputError
        A name is unknown, there is nothing to compare, or something is of another kind or out of its range.
    UnsupportedError, InvalidPairsError
        As the mechanisms raise them.

    Notes
    -----
    Waiting is counted as every ``gigmatch.Ledger`` counts it, and looked at in the evenings of days on which
    somebody could have worked: were there, and could take a shift or had one. Who could take none on any day
    is not counted: no mechanism can help them.

    Examples
    --------
    >>> import gigmatch as gm
    >>> morning = gm.samples.jingshi(seed=7, workers=200)
    >>> found = gm.compare(["points", "people", "raffle"], morning, seeds=[1, 2, 3])
    >>> [round(found.estimate(name, "placements").mean) for name in found.mechanisms]
    [115, 115, 107]
    """
    chosen = _chosen(mechanisms)
    turns = Turns() if turns is None else turns
    _check(seeds, days, turns)
    check_kinds(_started(start, seeds[0], days)[0], policy, StraightLine())
    tallies: dict[str, list[_Tally]] = {name: [] for name in chosen}
    done, all_days = 0, len(chosen) * len(seeds) * days
    for seed in seeds:
        for name, mechanism in chosen.items():
            tally = _Tally(seed, Diary(turns))
            for answer, morning in _answers(mechanism, start, seed, days):
                tally.add(answer, morning, policy)
                done += 1
                if progress:
                    progress("compare", done / all_days)
            tallies[name].append(tally)
            log_stage("compared", mechanism=name, seed=seed, days=days, placements=tally.placements)
    first = next(iter(tallies.values()))
    outcomes = {
        name: tuple(
            tally.outcome(None if rows is first else base) for tally, base in zip(rows, first, strict=True)
        )
        for name, rows in tallies.items()
    }
    return Comparison(outcomes, days, first[0].currency)


def _answers(
    mechanism: Mechanism, start: Any, seed: int, days: int
) -> Iterator[tuple[Assignment, Morning | Columns]]:
    """Day by day what a mechanism gives, and the morning."""
    morning, today = _started(start, seed, days)
    for number in range(days):
        answer = assigned(mechanism, morning, _seed_of(seed, number))
        yield answer, morning
        if number + 1 < days:
            today = today.after(answer.pairs)
            morning = today.morning


@dataclass
class _Tally:
    """Sums of one run."""

    seed: int
    diary: Diary
    """Who was there, worked and waited."""
    currency: str = ""
    tiers: dict[int, list[int]] = field(default_factory=dict)
    points: int = 0
    travel_min: float = 0.0
    blocking: int | None = 0

    @property
    def placements(self) -> int:
        """Seats filled."""
        return sum(filled for filled, _ in self.tiers.values())

    def add(self, answer: Assignment, morning: Morning | Columns, policy: Policy) -> None:
        """Count a day."""
        solved, self.currency = SolvedMorning.of(answer, morning=morning), answer.currency
        for tier, seats in answer.summary.seats_by_tier.items():
            self.tiers[tier] = [a + b for a, b in zip(self.tiers.get(tier, (0, 0)), seats, strict=True)]
        self.points += int(policy.points(solved.columns, solved.pairs_placed).sum())
        self.travel_min += float(answer.minutes[np.isfinite(answer.minutes)].sum())
        if self.blocking is not None and solved.has_prices:
            self.blocking += len(blocking_pairs(answer, morning=morning, preferences=policy))
        else:
            self.blocking = None
        self.diary.add(answer, solved.columns)

    def outcome(self, first: _Tally | None) -> Outcome:
        """What it comes to, held against the first mechanism."""
        longest, idle = self.diary.waits
        return Outcome(
            seed=self.seed,
            seats_by_tier={tier: (filled, seats) for tier, (filled, seats) in sorted(self.tiers.items())},
            points=self.points / POINTS_SCALE,
            wages=float(self.diary.totals.wages.sum()),
            travel_min=self.travel_min,
            people=len(longest),
            longest_wait=int(longest.max(initial=0)),
            worst_wait=worst_decile(longest),
            mean_wait=float(longest.mean()) if len(longest) else 0.0,
            gini_wait=gini(longest),
            worst_idle=worst_decile(idle),
            mean_idle=float(idle.mean()) if len(idle) else 0.0,
            gini_idle=gini(idle),
            blocking_pairs=self.blocking,
            changes=() if first is None else tuple(self._changes(first)),
        )

    def _changes(self, first: _Tally) -> Iterable[Change]:
        most, known = float("inf"), self.diary.known()
        (work_of, wages_of), (first_work, first_wages) = self.diary.worked(), first.diary.worked()
        for least in _CLASSES:
            names = [name for name, days in known.items() if least <= days < most]
            work, wages = (
                np.array([mine[name] - theirs[name] for name in names])
                for mine, theirs in ((work_of, first_work), (wages_of, first_wages))
            )
            counts = (int(part.sum()) for part in (work > 0, work < 0, wages > 0, wages < 0))
            yield Change(least, len(names), *counts)
            most = least


def _chosen(mechanisms: Mapping[str, Mechanism] | Iterable[str]) -> dict[str, Mechanism]:
    if isinstance(mechanisms, Mapping):
        found = dict(mechanisms)
    else:
        names = [mechanisms] if isinstance(mechanisms, str) else [*mechanisms]
        for name in names:
            if name not in STANDARD:
                known = ", ".join(map(repr, STANDARD))
                raise InvalidInputError("unknown_option", name="mechanisms", names=known, value=name)
        found = {name: STANDARD[name] for name in names}
    if not found:
        raise InvalidInputError("nothing_to_compare")
    for mechanism in found.values():
        if not callable(mechanism):
            raise InvalidInputError("wrong_type", name="mechanisms", kinds="Mechanism", value=mechanism)
    return found


def _check(seeds: Any, days: Any, turns: Any) -> None:
    """Raise InvalidInputError unless all can be."""
    if not isinstance(turns, Turns):
        raise InvalidInputError("wrong_type", name="turns", kinds="Turns", value=turns)
    if type(days) is not int or days < 1:
        raise InvalidInputError("days_out_of_range", value=days)
    are_seeds = isinstance(seeds, Sequence) and len(seeds) > 0 and len({*seeds}) == len(seeds)
    if not are_seeds or not all(type(seed) is int and 0 <= seed <= LARGEST_SEED for seed in seeds):
        raise InvalidInputError("seeds_out_of_range", value=seeds, most=LARGEST_SEED)


def _started(start: Any, seed: int, days: int) -> tuple[Morning | Columns, Any]:
    """The first morning, and the day that it is of."""
    found = start(seed) if callable(start) else start
    if hasattr(found, "after"):
        return found.morning, found
    if days > 1:
        raise InvalidInputError("days_without_first", n=days, value=found)
    return found, found


def _seed_of(seed: int, number: int) -> int:
    """The seed of a day, so that nobody has the same luck on all of them."""
    if not number:
        return seed
    digest = hashlib.sha256(f"{seed} lots of day {number + 1}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % LARGEST_SEED
