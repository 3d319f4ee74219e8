"""How an answer is chosen, whichever mechanism made it: what is saved of that, and told in terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from gigmatch.errors import InvalidFileError, InvalidInputError
from gigmatch.pairing.policy import LARGEST_SEED, Policy
from gigmatch.pairing.preferences import Preferences, Stable
from gigmatch.pairing.scoring import Scorer
from gigmatch.problem.solution import Stopped

__all__ = [
    "GIVEN",
    "HALL_WAYS",
    "MECHANISMS",
    "OPTIMAL",
    "STOPPED",
    "Chosen",
    "Drawn",
    "Simply",
    "check_saved",
    "named",
    "restored",
]

HALL_WAYS: Final = ("first_come", "raffle", "longest_waiting_first", "fewest_hours_first")
"""What halls do today; everything of it follows from the morning, the policy and its seed."""


@dataclass(frozen=True)
class Simply:
    """By a mechanism that has no settings of its own.

    Parameters
    ----------
    name : str
        ``"optimal"``: the best by the levels of the policy; one of `HALL_WAYS`; or ``"given"``: by somebody
        else, nobody says how.
    """

    name: str

    def describe(self) -> dict[str, Any]:
        """Return it as plain data: what is saved."""
        return {"name": self.name}


@dataclass(frozen=True)
class Drawn:
    """Drawn from the fair lottery, with the seed of the assignment's policy.

    Parameters
    ----------
    tie_seed : int
        Decides between equal lotteries: the seed of the policy that the lottery was made with.
    """

    tie_seed: int
    name: ClassVar[str] = "lottery"

    def describe(self) -> dict[str, Any]:
        """Return it as plain data: what is saved."""
        return {"name": self.name, "tie_seed": self.tie_seed}


Chosen = Simply | Drawn | Stable
OPTIMAL: Final = Simply("optimal")
GIVEN: Final = Simply("given")
STOPPED: Final[Mapping[str, Stopped]] = {
    Drawn.name: "fair lottery",
    **dict.fromkeys(HALL_WAYS, "hall"),
    GIVEN.name: "given",
}
"""By mechanism why a solution says that it stopped, where the mechanism looks for nothing better."""
_SIMPLE: Final = {name: Simply(name) for name in (OPTIMAL.name, *HALL_WAYS, GIVEN.name)}
MECHANISMS: Final = (OPTIMAL.name, Stable.name, Drawn.name, *HALL_WAYS)
"""Names of all whose terms can be told beforehand."""


def named(name: str, policy: Policy, **of_stable: Any) -> Chosen:
    """Return how a mechanism chooses, by its name.

    Parameters
    ----------
    name : str
        One of `MECHANISMS`.
    policy : Policy
        What the morning is matched with.
    **of_stable
        ``side``, ``preferences``, ``worker_least``, ``employer_least`` as for ``gigmatch.stable``, None for
        what is not given; nothing else has them.

    Raises
    ------
    InvalidInputError
        There is no such mechanism, or it has no such setting.
    """
    if name not in MECHANISMS:
        names = ", ".join(map(repr, MECHANISMS))
        raise InvalidInputError("unknown_option", name="mechanism", names=names, value=name)
    given = {key: value for key, value in of_stable.items() if value is not None}
    if name == Stable.name:
        side, liked = given.pop("side", "worker"), given.pop("preferences", policy)
        return Stable(side, Preferences(liked, **given))
    if given:
        raise InvalidInputError("not_of_mechanism", names=", ".join(given), mechanism=name)
    return Drawn(policy.seed) if name == Drawn.name else _SIMPLE[name]


def restored(data: Mapping[str, Any], scorers: Sequence[Scorer] = ()) -> Chosen:
    """Read what ``describe`` gave.

    Parameters
    ----------
    data : mapping
        As it was saved.
    scorers : sequence of Scorer
        The user's own that likings name.

    Raises
    ------
    InvalidFileError
        It is nothing of the kind.
    InvalidPolicyError
        A scorer that it names was not given.
    """
    check_saved(data)
    if data["name"] == Stable.name:
        return Stable.restore(data, scorers)
    return Drawn(data["tie_seed"]) if data["name"] == Drawn.name else _SIMPLE[data["name"]]


def check_saved(data: Any) -> None:
    """Raise InvalidFileError unless something has the fields that ``describe`` gives."""
    name = data.get("name") if isinstance(data, Mapping) else None
    if isinstance(name, str) and name in _SIMPLE:
        is_well = data == {"name": name}
    elif name == Drawn.name:
        seed = data.get("tie_seed")
        is_well = data.keys() == {"name", "tie_seed"} and type(seed) is int and 0 <= seed <= LARGEST_SEED
    else:
        is_well = name == Stable.name and Stable.is_saved(data)
    if not is_well:
        raise InvalidFileError("saved_mechanism_malformed")
