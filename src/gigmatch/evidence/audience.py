"""What all explanations have in common: whose eyes they are for, and what other eyes do not see."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self, get_args

from gigmatch.core.html_tables import html_table
from gigmatch.errors import InvalidInputError
from gigmatch.evidence.parts import Record

__all__ = ["Audience", "Explanation", "Hidden", "Question"]

Hidden = dict[str, Any]
Audience = Literal["worker", "employer", "manager", "auditor"]
Question = Literal["why there", "why unplaced", "why open"]


class Explanation(Record):
    """What all explanations have in common."""

    audience: Audience = "manager"
    needs_proof: ClassVar[bool] = True
    """Whether only an assignment that is proved optimal has such a reason."""
    answers: ClassVar[Question | None] = None
    """What it is a reason for, of those that everybody must have."""
    private: ClassVar[Hidden] = {}
    """Fields that show other people or give them away, and what stands in their place."""
    of_the_worker: ClassVar[Hidden] = {}
    """Fields that are the worker's own business, and what an employer sees in their place."""

    def _repr_html_(self) -> str:
        """Return what a notebook shows: a row for every field that holds something."""
        rows = [(name, value) for name, value in self if value not in (None, (), {})]
        return html_table(("", type(self).__name__), rows)

    def seen_by(self, audience: Audience) -> Self:
        """The same for other eyes: a worker or an employer sees nobody else, and no price that tells on one.

        Parameters
        ----------
        audience : "worker", "employer", "manager" or "auditor"
            The last two see everything.

        Raises
        ------
        InvalidInputError
            For anybody else's eyes.
        """
        if audience not in get_args(Audience):
            known = ", ".join(get_args(Audience))
            raise InvalidInputError("unknown_option", name="audience", names=known, value=audience)
        hidden = {} if audience in ("manager", "auditor") else self.private
        if audience == "employer":
            hidden = {**hidden, **self.of_the_worker}
        return self.model_copy(update={"audience": audience, **hidden})
