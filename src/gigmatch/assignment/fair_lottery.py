"""The fair lottery of a morning: everybody's chance of a seat, and assignments drawn with these chances."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Self

import numpy as np

from gigmatch.assignment.assignment import Assignment
from gigmatch.assignment.choosing import STOPPED, Drawn
from gigmatch.assignment.fair_lottery_words import FairLotteryWords
from gigmatch.assignment.saving import array_of, fields_of, plain_data, solution_data, solution_of
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.columns import Columns
from gigmatch.core.arrays import Int32Array
from gigmatch.core.html_tables import paragraph
from gigmatch.core.reprs import one_line
from gigmatch.core.saved import FileFormat, Saved
from gigmatch.errors import InvalidFileError, InvalidInputError
from gigmatch.model import Morning
from gigmatch.pairing.policy import POINTS_SCALE
from gigmatch.pairing.rules import Rule
from gigmatch.pairing.scoring import Scorer
from gigmatch.pairing.travel import Travel
from gigmatch.problem import Problem, Solution, assignment_value
from gigmatch.problem.fair import BlockPrices, FairBlock, FairShares, draw, verify_shares
from gigmatch.problem.integers import as_integer

if TYPE_CHECKING:
    from gigmatch.tables import FrameKind

__all__ = ["Chance", "FairLottery"]

_ARRAYS: dict[str, Any] = {
    **dict.fromkeys(("worker", "shift", "plan_worker", "plan_shift"), np.int32),
    "share": np.int64,
}


class Chance(NamedTuple):
    """Somebody's chance of a seat, and what it comes from."""

    worker_id: str
    chance: Fraction
    """Exact: seats by people, where these share too few seats."""
    fact: Literal["shared", "sure", "promised", "none"]
    """Seats that are shared; a seat in every draw; one promised beforehand; no shift with a seat to give."""
    people: int
    """How many share the seats, the worker included; 0 where none are shared."""
    seats: int
    """How many seats they share; 0 where none are shared."""


@dataclass(frozen=True, eq=False, repr=False)
class FairLottery(Saved):
    """Everybody's chance of a seat, with its proof, and assignments drawn with exactly these chances.

    Made by ``gigmatch.fair_lottery`` or ``FairLottery.load``. Over all lotteries over assignments with the
    best seats, the least chance is as great as can be, then the next, and so on: nobody's can be raised
    without lowering that of somebody who has no greater one. Of the lotteries with these chances, it has the
    most points on average; what is still equal is decided by the lots of the policy's seed.
    """

    saved_as: ClassVar = FileFormat("fair_lottery", 1, is_bare=False)
    best: Assignment
    """The best assignment of the morning, as ``gigmatch.match`` gives it: what it was made from and under
    which terms, the best seats, and the most points."""
    shares: FairShares
    """The chances in integers, with their proof."""

    @cached_property
    def chances(self) -> tuple[Chance, ...]:
        """Everybody's chance, in order of the worker's row: arrival, then id."""
        best, sure = self.best, self.shares.sure.shift >= 0
        found = [Chance(key, Fraction(0), "none", 0, 0) for key in best.worker_ids]
        for row in np.flatnonzero(sure).tolist():
            found[row] = Chance(best.worker_ids[row], Fraction(1), "sure", 0, 0)
        for block in self.shares.blocks:
            chance, sizes = block.chance, (block.people, block.seats)
            for row in block.worker.tolist():
                found[row] = Chance(best.worker_ids[row], chance, "shared", *sizes)
        promised = {worker for worker, _ in best.keep}
        return tuple(
            Chance(each.worker_id, Fraction(1), "promised", 0, 0) if each.worker_id in promised else each
            for each in found
        )

    @cached_property
    def _by_id(self) -> Mapping[str, Chance]:
        return {each.worker_id: each for each in self.chances}

    def chance_of(self, worker_id: str) -> Chance:
        """Return the chance of a worker; raises InvalidInputError for one who is not in the morning."""
        if worker_id not in self._by_id:
            raise InvalidInputError("unknown_id", kind="worker_id", id=worker_id)
        return self._by_id[worker_id]

    @property
    def expected_points(self) -> Fraction:
        """Points of a draw on average, exact; no lottery with these chances has more."""
        return (self.shares.expected_value + self._promised_points) / POINTS_SCALE

    @property
    def points_given_up(self) -> Fraction:
        """Points that the best assignment has more than a draw on average: the price of these chances."""
        return Fraction(int(self.best.points_by_scorer.sum()), POINTS_SCALE) - self.expected_points

    @property
    def _promised_points(self) -> int:
        promised = {worker for worker, _ in self.best.keep}
        rows = [self.best.worker_ids[row] in promised for row in self.best.placed_worker.tolist()]
        return int(self.best.points_by_scorer[np.array(rows, np.bool_)].sum())

    @property
    def seed(self) -> int:
        """The policy's seed, which decides between equal lotteries."""
        return int(self.best.policy["seed"])

    def draw(
        self,
        seed: int | None = None,
        *,
        morning: Morning | Columns | None = None,
        rules: Sequence[Rule] = (),
        scorers: Sequence[Scorer] = (),
        travel: Travel | None = None,
    ) -> Assignment:
        """Draw one assignment with exactly these chances.

        Parameters
        ----------
        seed : int, optional
            Published when the lists were closed, and not drawn before; 0 to 2**63 - 1. The policy's unless
            given. The assignment names it as its policy's, and the same seed draws the same again.
        morning : Morning or Columns, optional
            What it was made from; a loaded lottery needs it, and is verified against it first.
        rules, scorers, travel
            The user's own that a loaded lottery names, as for ``gigmatch.check``.

        Returns
        -------
        Assignment
            With the best seats, and the proof that they are, and a bound on the points; its ``mechanism`` is
            ``"lottery"``.

        Raises
        ------
        InvalidInputError
            There is no morning, or it is another one.
        InvalidPolicyError
            The seed is none.
        CertificateError
            The lottery was loaded, and does not prove what it claims.

        Examples
        --------
        >>> import gigmatch as gm
        >>> lottery = gm.fair_lottery(gm.samples.jingshi(seed=7))
        >>> lottery.draw(11).pairs == lottery.draw(11).pairs
        True
        """
        solved = SolvedMorning.of(self.best, morning=morning, rules=rules, scorers=scorers, travel=travel)
        if self.best.solved is None:
            verify_shares(solved.problem, self.shares, self.best.plain_solution)
        instance, eligible = solved.instance, solved.eligible
        if seed is not None:
            instance = replace(instance, policy=instance.policy.with_seed(seed))
        instance = replace(instance, chosen=Drawn(self.seed))
        problem = instance.problem(eligible)
        solution = _drawn(problem, self.best.plain_solution, draw(self.shares, instance.policy.seed))
        drawn = SolvedMorning.from_solution(instance, eligible, problem, solution)
        return drawn.assignment(self.best.morning_digest)

    # -- in words -------------------------------------------------------------------------------------------

    def text(self, lang: str = "en") -> str:
        """Tell it in a language: how many have which chance, what it costs in points; `str` in English."""
        return str(FairLotteryWords(self, lang))

    def chance_text(self, worker_id: str, *, lang: str = "en") -> str:
        """Tell somebody their own chance, and the sizes that it comes from; nobody else is named.

        Parameters
        ----------
        worker_id : str
            Whose.
        lang : str
            Such as ``"zh"``.

        Raises
        ------
        InvalidInputError
            Nobody in the morning has this id.

        Examples
        --------
        >>> import gigmatch as gm
        >>> lottery = gm.fair_lottery(gm.samples.jingshi(seed=7))
        >>> lottery.chance_text(lottery.best.worker_ids[0])
        'Your chance of a seat is 64 of 100: 764 people for 487 seats.'
        """
        return FairLotteryWords(self, lang).chance(self.chance_of(worker_id))

    def to_frame(self, kind: FrameKind = "pyarrow", *, lang: str = "en") -> Any:
        """Return the chances as a frame with a row per worker; see ``gigmatch.assignment_frame``.

        Parameters
        ----------
        kind : {"pandas", "polars", "pyarrow"}
            What the frame is.
        lang : str
            Of texts and of the columns' names.

        Returns
        -------
        frame
            ``worker_id``, ``chance`` as a number from 0 to 1, the ``people`` who share ``seats``, and the
            ``fact`` about it; in order of the worker's row.
        """
        from gigmatch.tables.answers import chance_frame

        return chance_frame(self.chances, kind, lang)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        counts = {"worker": len(self.best.worker_ids), "block": len(self.shares.blocks)}
        return one_line(type(self), {"seed": self.seed}, counts)

    def _repr_html_(self) -> str:
        return paragraph(self.text())

    # -- saved and loaded -----------------------------------------------------------------------------------

    def to_json(self) -> bytes:
        """Return the lottery as JSON in UTF-8; the same lottery gives the same bytes."""
        data = {
            "best": plain_data(self.best),
            "blocks": list(map(_block_data, self.shares.blocks)),
            "sure": solution_data(self.shares.sure),
        }
        fields = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return self.saved_as.enveloped(fields.replace(',"', ',\n"'))

    @classmethod
    def from_json(cls, data: bytes | str, *, source: str | Path | None = None) -> Self:
        """Read a lottery that `to_json` gave; ``gigmatch.check_lottery`` verifies it against its morning.

        Raises
        ------
        InvalidFileError
            As for every saved kind, and for figures that no lottery has.
        """
        fields, place = cls._fields_in(data, source, ("best", "blocks", "sure"))
        try:
            return cls(Assignment(**fields_of(fields["best"])), _shares_of(fields))
        except InvalidFileError as error:
            raise InvalidFileError("in_place", place=place, error=error) from None
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            kind = type(error).__name__
            raise InvalidFileError("not_a_saved_lottery", place=place, kind=kind, error=error) from None


def _drawn(problem: Problem, best: Solution, shift: Int32Array) -> Solution:
    """What was drawn, with the proof of its seats, and of a bound on its points."""
    return Solution(
        shift=shift,
        value=assignment_value(problem, shift),
        bound=best.value,
        certificates=best.certificates[: len(problem.weighted)],
        status="feasible",
        stopped=STOPPED[Drawn.name],
        solver="lottery",
    )


def _block_data(block: FairBlock) -> dict[str, Any]:
    return {
        **{name: getattr(block, name).tolist() for name in _ARRAYS},
        **{name: getattr(block, name) for name in ("seats", "value")},
        "rounds": [[price.tolist() for price in prices] for prices in block.rounds],
    }


def _shares_of(fields: Mapping[str, Any]) -> FairShares:
    return FairShares(
        blocks=tuple(_block_of(**block) for block in fields["blocks"]), sure=solution_of(fields["sure"])
    )


def _block_of(*, seats: int, value: int, rounds: Any, **arrays: Any) -> FairBlock:
    return FairBlock(
        **{name: array_of(name, values, _ARRAYS[name]) for name, values in arrays.items()},
        seats=as_integer("seats", seats),
        value=as_integer("value", value),
        rounds=tuple(
            BlockPrices(*(array_of("rounds", price, np.int64) for price in prices)) for prices in rounds
        ),
    )
