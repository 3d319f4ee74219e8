"""Ways of giving out a morning's seats behind one protocol: the best, the stable, a fair lottery, and halls.

A *mechanism* is called with a morning and a seed, and returns the assignment, or its placements, or
something to draw one from. The same seed gives the same answer; of what is equal it decides by lot: for every
mechanism here by ``gigmatch.assignment.instance.draw_lots``.

What halls do today leaves the choice to whoever has the turn: they take the shift of most points that rules
allow and that has a seat left, of equal ones the one whose id comes first. Nobody declines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np

from gigmatch.assignment import Assignment, FairLottery
from gigmatch.assignment.choosing import GIVEN, STOPPED, Chosen, named
from gigmatch.assignment.halls import HALLS
from gigmatch.assignment.instance import Instance, check_kinds
from gigmatch.assignment.promises import id_pairs, kept_rows
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.columns import Columns
from gigmatch.core.arrays import Int32Array
from gigmatch.errors import InvalidInputError
from gigmatch.matching.heuristic import unproved
from gigmatch.matching.lottery import fair_lottery
from gigmatch.matching.optimal import match
from gigmatch.matching.stability import stable
from gigmatch.model import Morning
from gigmatch.pairing.eligible import Eligible
from gigmatch.pairing.people import People
from gigmatch.pairing.policy import DEFAULT_POLICY, Policy
from gigmatch.pairing.preferences import ProposingSide
from gigmatch.pairing.rules import DEFAULT_RULES, Rule
from gigmatch.pairing.travel import StraightLine, Travel

__all__ = [
    "STANDARD",
    "Best",
    "Hall",
    "Lottery",
    "Mechanism",
    "Stable",
    "assigned",
]


class Mechanism(Protocol):
    """What gives out a morning's seats."""

    def __call__(self, morning: Any, seed: int, /) -> Any:
        """Give out the seats of a morning.

        Parameters
        ----------
        morning : Morning or Columns
            Everything known.
        seed : int
            Decides whatever is left to chance.

        Returns
        -------
        Assignment, or iterable of (worker id, shift id), or an object with ``draw(seed)``
            The answer, or placements of pairs that rules allow, or what draws an answer.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class _UnderTerms:
    """What all of them are made with.

    Parameters
    ----------
    policy : Policy
        What gives points; its seed is the one that the mechanism is called with.
    rules : sequence of Rule
        Rules that pairs must pass.
    travel : Travel, optional
        How long ways are; ``StraightLine()`` if not given.
    """

    policy: Policy = DEFAULT_POLICY
    rules: Sequence[Rule] = DEFAULT_RULES
    travel: Travel | None = None

    def _terms(self, seed: int) -> dict[str, Any]:
        return {"policy": self.policy.with_seed(seed), "rules": self.rules, "travel": self.travel}


@dataclass(frozen=True, kw_only=True)
class Best(_UnderTerms):
    """The best assignment by the levels of a policy, proved; see ``gigmatch.match``."""

    def __call__(self, morning: Morning | Columns, seed: int, /) -> Assignment:
        """Match the morning."""
        return match(morning, **self._terms(seed))


@dataclass(frozen=True, kw_only=True)
class Stable(_UnderTerms):
    """The assignment that both sides would keep; see ``gigmatch.stable``.

    Parameters
    ----------
    side : {"worker", "employer"}
        For whom it is the best one.
    preferences, worker_least, employer_least
        As for ``gigmatch.stable``.
    """

    side: ProposingSide = "worker"
    preferences: Policy | None = None
    worker_least: float | None = None
    employer_least: float | None = None

    def __call__(self, morning: Morning | Columns, seed: int, /) -> Assignment:
        """Match the morning."""
        return stable(
            morning,
            side=self.side,
            preferences=self.preferences,
            worker_least=self.worker_least,
            employer_least=self.employer_least,
            **self._terms(seed),
        )


@dataclass(frozen=True, kw_only=True)
class Lottery(_UnderTerms):
    """The fairest chances that the best seats allow; see ``gigmatch.fair_lottery``.

    The seed that it is called with decides between equal lotteries, and `assigned` draws with it.
    """

    def __call__(self, morning: Morning | Columns, seed: int, /) -> FairLottery:
        """Make the lottery, to be drawn from."""
        return fair_lottery(morning, **self._terms(seed))


@dataclass(frozen=True, kw_only=True)
class Hall(_UnderTerms):
    """What halls do today; the answer says so, and ``gigmatch.check`` does it once more.

    Parameters
    ----------
    way : {"first_come", "raffle", "longest_waiting_first", "fewest_hours_first"}
        In order of arrival; seat by seat by cards from a bucket, shifts in order of start; from a list, most
        days without work or fewest hours of the week first, of equal ones by lot.
    """

    way: str

    def __post_init__(self) -> None:
        if self.way not in HALLS:
            names = ", ".join(map(repr, HALLS))
            raise InvalidInputError("unknown_option", name="way", names=names, value=self.way)

    def __call__(self, morning: Morning | Columns, seed: int, /) -> Assignment:
        """Give out the seats in turn."""
        terms = self._terms(seed)
        instance = _prepared(morning, **terms, chosen=named(self.way, terms["policy"]))
        eligible = instance.eligible()
        return _told(instance, eligible, HALLS[self.way](instance, eligible, seed))


STANDARD: Final[Mapping[str, Mechanism]] = {
    **{way: Hall(way=way) for way in HALLS},
    "points": Best(),
    "people": Best(policy=DEFAULT_POLICY.with_people(People())),
    "stable": Stable(),
    "lottery": Lottery(),
}
"""Mechanisms by name: what halls do today, then what is proved."""


def assigned(mechanism: Mechanism, morning: Morning | Columns, seed: int) -> Assignment:
    """Return the answer of a mechanism as an assignment.

    Parameters
    ----------
    mechanism : Mechanism
        Any.
    morning : Morning or Columns
        Everything known.
    seed : int
        As for `Mechanism`.

    Raises
    ------
    InvalidInputError
        It is no mechanism, or gives back something else, or places more people than there are seats.
    InvalidPairsError
        It places somebody twice, or where a blocking rule refuses.

    Examples
    --------
    >>> import gigmatch as gm
    >>> morning = gm.samples.jingshi(seed=7, workers=100)
    >>> [assigned(STANDARD[name], morning, 1).summary.placements for name in ("raffle", "points")]
    [57, 70]
    """
    if not callable(mechanism):
        raise InvalidInputError("wrong_type", name="mechanism", kinds="Mechanism", value=mechanism)
    found = mechanism(morning, seed)
    if hasattr(found, "draw"):
        found = found.draw(seed)
    if isinstance(found, Assignment):
        return found
    pairs = id_pairs(found, "placements")
    instance = _prepared(morning, DEFAULT_POLICY.with_seed(seed), DEFAULT_RULES, None, GIVEN)
    shift = kept_rows(instance.columns, pairs, (), instance.rules, instance.travel)
    return _told(instance, instance.eligible(), shift)


def _prepared(
    morning: Morning | Columns,
    policy: Policy,
    rules: Sequence[Rule],
    travel: Travel | None,
    chosen: Chosen,
) -> Instance:
    travel = StraightLine() if travel is None else travel
    check_kinds(morning, policy, travel)
    return Instance.prepare(morning, rules, policy, travel, (), (), chosen=chosen)


def _told(instance: Instance, eligible: Eligible, shift: Int32Array) -> Assignment:
    """An answer to an instance, found by hand."""
    problem, name = instance.problem(eligible), instance.chosen.name
    free = np.where(instance.kept < 0, shift, -1).astype(np.int32)
    solution = unproved(problem, free, name, STOPPED[name])
    return SolvedMorning.from_solution(instance, eligible, problem, solution).assignment()
