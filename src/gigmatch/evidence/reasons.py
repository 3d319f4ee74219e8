"""The reasons of a whole morning, or some of them, with what they share; to and from JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, ValidationError

from gigmatch.assignment import Assignment
from gigmatch.core.html_tables import html_table
from gigmatch.core.reprs import count_of
from gigmatch.core.saved import FileFormat
from gigmatch.errors import InvalidInputError
from gigmatch.evidence.advice import Advice, TrainingPlan
from gigmatch.evidence.audience import Audience, Explanation, known_audience
from gigmatch.evidence.data import Reason
from gigmatch.evidence.eyes import MARKET, PUBLIC, sees_everything
from gigmatch.evidence.missing import Missing
from gigmatch.evidence.parts import HallSet, SavedRecord
from gigmatch.model.problems import said_by_pydantic

__all__ = ["Reasons"]

_Any = Annotated[Reason | Advice | TrainingPlan, Field(discriminator="kind")]


class Reasons(SavedRecord):
    """The reasons of a whole morning, or some of them, with what they share told once."""

    saved_as: ClassVar = FileFormat("reasons", 2)
    greatest: Annotated[dict[str, int], MARKET] = Field(default_factory=dict)
    """By shift: what to add to the seat prices of the certificates to have the greatest ones."""
    sets: Annotated[tuple[HallSet, ...], MARKET] = ()
    """Workers and shifts that many reasons name, each set once."""
    whole: Annotated[bool, PUBLIC] = False
    """Whether they are said to be those of the whole morning, as `Explainer.everything` makes them: the
    checker then lets nobody be missing."""
    reasons: Annotated[tuple[_Any, ...], PUBLIC]

    def __repr_args__(self) -> list[tuple[str, Any]]:
        """Return how many there are of every kind, in alphabetical order: what `repr` shows."""
        kinds = Counter(type(reason).__name__ for reason in self.reasons)
        return [("whole", self.whole), *sorted(kinds.items())]

    def __repr__(self) -> str:
        kinds = ", ".join(f"{name}={n}" for name, n in self.__repr_args__())
        return f"{type(self).__name__}({count_of(len(self.reasons), 'reason')}, {kinds})"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the kind of each, and whom or what it is about."""
        about = ("kind", "worker_id", "shift_id")
        rows = [[getattr(reason, name, None) for name in about] for reason in self.reasons]
        return html_table(about, rows, repr(self))

    @classmethod
    def of(cls, reasons: Iterable[Explanation]) -> Self:
        """Some explanations together.

        Parameters
        ----------
        reasons : iterable of Explanation
            None of which shares anything; some of `Reasons` that do are had by ``about``.

        Raises
        ------
        InvalidInputError
            Something else is among them.
        """
        listed: Any = tuple(reasons)
        try:
            return cls(reasons=listed)
        except ValidationError as error:
            raise InvalidInputError("no_explanations", error=said_by_pydantic(error, cls)) from None

    def about(self, *ids: str) -> Self:
        """Those that name a worker or a shift, with what they share: part of the whole, in the same order.

        Parameters
        ----------
        *ids : str
            Of workers and shifts.
        """
        named = ("worker_id", "shift_id")
        some = (reason for reason in self.reasons if {*ids} & {getattr(reason, key, None) for key in named})
        return self.model_copy(update={"reasons": tuple(some), "whole": False})

    def missing(self, assignment: Assignment) -> Missing:
        """Who has no reason among them; they are not checked for that.

        Parameters
        ----------
        assignment : Assignment
            What they explain.

        Returns
        -------
        Missing
            Workers and shifts by id; false if everybody, placed or not, and every shift with an empty seat
            has a reason.

        Examples
        --------
        >>> import gigmatch as gm
        >>> morning = gm.samples.jingshi(seed=7, workers=100)
        >>> assignment = gm.match(morning)
        >>> explainer = gm.explain(morning, assignment)
        >>> bool(explainer.everything().missing(assignment))
        False
        >>> one = Reasons.of([explainer.why(assignment.unplaced[0].worker_id)])
        >>> len(assignment.unplaced) - len(one.missing(assignment).unplaced)
        1
        """
        return Missing.of(assignment, self.reasons)

    def seen_by(self, audience: Audience) -> Self:
        """All of them for other eyes, what they share too.

        Parameters
        ----------
        audience : "worker", "employer", "manager" or "auditor"
            The last two see everything.

        Raises
        ------
        InvalidInputError
            For a worker or an employer, those of the whole morning, and for a worker those of several:
            `about` picks.
        """
        if not sees_everything(known_audience(audience)):
            named = {getattr(reason, "worker_id", None) for reason in self.reasons} - {None}
            if self.whole or (audience == "worker" and len(named) > 1):
                raise InvalidInputError("reasons_of_several")
        reasons = tuple(reason.seen_by(audience) for reason in self.reasons)
        shared = self.model_copy(update={"reasons": ()}).shown_to(audience)
        return shared.model_copy(update={"reasons": reasons})
