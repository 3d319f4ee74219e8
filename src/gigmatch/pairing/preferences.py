"""What each side of the market likes: points of the worker's scorers, and points of all the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self, get_args

from gigmatch.columns import Columns
from gigmatch.core.arrays import Int64Array
from gigmatch.errors import InvalidInputError, InvalidPolicyError
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.policy import LARGEST_WEIGHT, POINTS_SCALE, Policy
from gigmatch.pairing.scoring import scorer_side
from gigmatch.pairing.travel import Travel

__all__ = ["NOBODY", "Preferences", "ProposingSide", "Stable"]

NOBODY = -1
"""Points of a pair that a side would rather do without."""
ProposingSide = Literal["worker", "employer"]
_SIDES = get_args(ProposingSide)


@dataclass(frozen=True)
class Preferences:
    """Both sides' points: a worker's scorers say what workers like, all others what employers like.

    Parameters
    ----------
    policy : Policy
        Whose scorers are asked, each for the ``side`` it declares: ``"worker"``, or any other.
    worker_least, employer_least : float, optional
        Points of its own scorers below which a side would rather have nobody. What a side must not have at
        all is a matter of rules.

    Raises
    ------
    InvalidInputError
        A threshold is no number of points.
    """

    policy: Policy
    worker_least: float | None = None
    employer_least: float | None = None

    def __post_init__(self) -> None:
        for name in ("worker_least", "employer_least"):
            value = getattr(self, name)
            if value is not None and not _is_points(value):
                raise InvalidInputError("threshold_out_of_range", name=name, value=value, most=LARGEST_WEIGHT)

    def of_side(self, side: ProposingSide) -> Policy:
        """The policy with the scorers of one side alone."""
        entries = self.policy.scorers
        return Policy(tuple(e for e in entries if (scorer_side(e[0]) == "worker") == (side == "worker")))

    def scorecard(
        self, columns: Columns, travel: Travel, *, compiled: bool | None = None
    ) -> Callable[[Pairs], tuple[Int64Array, Int64Array]]:
        """What gives the points of many pairs on either side, block after block, as `Policy.scorecard`.

        Returns
        -------
        callable
            ``(pairs) -> (int64[n_pairs], int64[n_pairs])``, of the worker and of the employer, in hundredths;
            `NOBODY` below the threshold. May be called in several threads.
        """
        cards = [self.of_side(side).scorecard(columns, travel, compiled=compiled) for side in _SIDES]
        least = [_hundredths(points) for points in (self.worker_least, self.employer_least)]

        def points_of(pairs: Pairs) -> tuple[Int64Array, Int64Array]:
            worker, employer = (_above(card(pairs), low) for card, low in zip(cards, least, strict=True))
            return worker, employer

        return points_of


@dataclass(frozen=True)
class Stable:
    """What makes an answer a stable one: whose preferences count, and which side it is best for.

    Parameters
    ----------
    side : {"worker", "employer"}
        Of all stable answers the one that is best for everybody on this side.
    preferences : Preferences
        What each side likes.
    """

    side: ProposingSide
    preferences: Preferences
    name: ClassVar[str] = "stable"

    def __post_init__(self) -> None:
        if self.side not in _SIDES:
            names = ", ".join(map(repr, _SIDES))
            raise InvalidInputError("unknown_option", name="side", names=names, value=self.side)

    @classmethod
    def is_saved(cls, data: Mapping[str, Any]) -> bool:
        """Whether something has the fields that `describe` gives, whatever they hold but the side."""
        fields = {"name", "side", "worker_least", "employer_least", "preferences"}
        return data.keys() == fields and data["name"] == cls.name and data["side"] in _SIDES

    def describe(self) -> dict[str, Any]:
        """Return it as plain data: what is saved."""
        likes = self.preferences
        return {
            "name": self.name,
            "side": self.side,
            "worker_least": likes.worker_least,
            "employer_least": likes.employer_least,
            "preferences": likes.policy.describe(),
        }

    @classmethod
    def restore(cls, data: Mapping[str, Any], scorers: Sequence[Any] = ()) -> Self:
        """Read what `describe` gave.

        Raises
        ------
        InvalidPolicyError
            It is nothing of the kind, or a scorer that it names was not given.
        """
        try:
            policy, least = data["preferences"], (data["worker_least"], data["employer_least"])
            return cls(data["side"], Preferences(Policy.restore(policy, scorers), *least))
        except (KeyError, TypeError, AttributeError) as error:
            raise InvalidPolicyError("not_a_saved_policy", error=repr(error)) from None


def _is_points(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 <= value <= LARGEST_WEIGHT


def _hundredths(points: float | None) -> int:
    return 0 if points is None else round(points * POINTS_SCALE)


def _above(points: Int64Array, least: int) -> Int64Array:
    """In place: `NOBODY` for what is below the least."""
    if least:
        points[points < least] = NOBODY
    return points
