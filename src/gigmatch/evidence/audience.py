"""What all explanations have in common: whose eyes they are for."""

from __future__ import annotations

from typing import ClassVar, Literal, Self, get_args

from gigmatch.core.html_tables import html_table
from gigmatch.errors import InvalidInputError
from gigmatch.evidence.eyes import Audience
from gigmatch.evidence.parts import Record

__all__ = ["Audience", "Explanation", "Question", "known_audience"]

Question = Literal["why there", "why unplaced", "why open"]


class Explanation(Record):
    """What all explanations have in common."""

    audience: Audience = "manager"
    needs_proof: ClassVar[bool] = True
    """Whether only an assignment that is proved optimal has such a reason."""
    answers: ClassVar[Question | None] = None
    """What it is a reason for, of those that everybody must have."""

    def _repr_html_(self) -> str:
        """Return what a notebook shows: a row for every field that holds something."""
        rows = [(name, value) for name, value in self if value not in (None, (), {})]
        return html_table(("", type(self).__name__), rows)

    def seen_by(self, audience: Audience) -> Self:
        """The same for other eyes, by what is declared beside each field (``eyes``; all of it in the docs).

        Parameters
        ----------
        audience : "worker", "employer", "manager" or "auditor"
            The last two see everything. A worker is the one whom it is about; of what is about a shift alone,
            workers see what an employer does.

        Raises
        ------
        InvalidInputError
            For anybody else's eyes.
        """
        is_own = getattr(self, "worker_id", None) is not None
        seen = self.shown_to("employer" if known_audience(audience) == "worker" and not is_own else audience)
        return seen.model_copy(update={"audience": audience})


def known_audience(audience: Audience) -> Audience:
    """Return whose eyes something is for; InvalidInputError for anybody else's."""
    if audience not in get_args(Audience):
        known = ", ".join(get_args(Audience))
        raise InvalidInputError("unknown_option", name="audience", names=known, value=audience)
    return audience
