"""How people are asked, and what is said to whom: plain records."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gigmatch.model.values import Id, Minute, Model

__all__ = ["Asking", "Message"]


class Asking(Model):
    """How a market asks people, and what it costs to move whoever was told.

    Examples
    --------
    >>> Asking(move_price=5, answer_min=10).move_price
    5.0
    """

    move_price: Annotated[float, Field(ge=0, le=1_000_000)] | None = 0.0
    """Points that it has to be worth to move somebody who was told a shift, to the hundredth; 0: whenever
    it is better for all. Where the policy puts seats first, they come before points, and a seat more is worth
    any price. None: never, as long as there is a way; the fewest changes come before seats then."""
    answer_min: Annotated[int, Field(strict=True, ge=1, le=10_080)] = 15
    """Minutes that somebody has to answer an offer."""
    closing_min: Annotated[int, Field(strict=True, ge=0, le=10_080)] = 0
    """Minutes before a shift begins by which every offer of it is answered."""


class Message(Model):
    """What has to be said to somebody."""

    to: Literal["worker", "employer"]
    """To the worker, or to the employer of the shift."""
    says: Literal["offer", "promised", "withdrawn", "expected", "not_expected"]
    """``offer``: would you take this shift? ``promised``: it is yours for certain. ``withdrawn``: it is yours
    no more. ``expected``, ``not_expected``: this worker comes, or does not after all."""
    worker_id: Id
    shift_id: Id
    until: Minute | None = None
    """Of an offer: when the answer is due."""
    instead_of: Id | None = None
    """The shift that this worker has heard of before, which counts no more."""
