"""Why, why not, and who else: every answer an explanation with its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from gigmatch.assignment import Assignment
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.columns import Columns
from gigmatch.core.arrays import BoolArray, Int64Array
from gigmatch.core.limits import Limits
from gigmatch.errors import InvalidInputError, UnsupportedError
from gigmatch.evidence import Reasons, data, refusals
from gigmatch.evidence.added_workers import AddedWorkers
from gigmatch.evidence.parts import Alternative, Ranked, SeatPrice
from gigmatch.evidence.plans import OtherPlans
from gigmatch.explaining.added_workers import AddedWorkerEffects
from gigmatch.explaining.builder import ExplanationBuilder
from gigmatch.explaining.bulk import Bulk
from gigmatch.explaining.plans import PlanReasons
from gigmatch.explaining.residual import IMPOSSIBLE, Change
from gigmatch.model import Morning, Worker
from gigmatch.pairing.rules import Rule
from gigmatch.pairing.scoring import Scorer
from gigmatch.pairing.travel import Travel

__all__ = ["Explainer", "explain"]

_SEARCH_S: Final = 10.0


def at_least(least: int, **named: int) -> int:
    """A whole number that is not too small."""
    [(name, value)] = named.items()
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InvalidInputError("integer_too_small", name=name, least=least, value=value)
    return value


def explain(
    morning: Morning | Columns,
    assignment: Assignment,
    *,
    rules: Sequence[Rule] = (),
    scorers: Sequence[Scorer] = (),
    travel: Travel | None = None,
    limits: Limits | None = None,
) -> Explainer:
    """Prepare to explain an assignment.

    Parameters
    ----------
    morning : Morning or Columns
        What it was made from.
    assignment : Assignment
        Just made, or loaded from a file.
    rules, scorers, travel
        The user's own that it names, as for ``gigmatch.check``.
    limits : Limits, optional
        Of each search for another answer of plans and teams: 10 seconds unless given. What is not proved by
        then is told between bounds; once it is proved that there is none, what is missing is counted, however
        long it takes.

    Returns
    -------
    Explainer

    Raises
    ------
    InvalidInputError
        The assignment was made from another morning, or something is of another kind.
    CertificateError
        Its certificates do not prove what it claims.
    InvalidPolicyError
        A rule, scorer or travel that it names was not given, or is of another version.

    Examples
    --------
    >>> import gigmatch as gm
    >>> morning = gm.samples.jingshi(seed=7)
    >>> explainer = gm.explain(morning, gm.match(morning))
    >>> left_over = explainer.assignment.unplaced[0].worker_id
    >>> explainer.why_unplaced(left_over).kind
    'short_of_seats'
    """
    solved = SolvedMorning.of(assignment, morning=morning, rules=rules, scorers=scorers, travel=travel)
    return Explainer(solved.verified(), assignment, limits)


class Explainer(ExplanationBuilder):
    """Explains one assignment; made by `explain`.

    A stable one by who ranks whom above whom; what is said of effects on the whole is of optimal ones alone.
    One of plans and teams by another answer, in which what was asked for is so; what is not told of such ones
    is refused by name.

    Every method takes ids, raises InvalidInputError for one not in the morning, and answers a manager;
    ``explanation.seen_by(audience)`` is the same for other eyes. Where the assignment is not proved optimal,
    what rules refuse is still told; everything else is a `NotProved` with the bound.
    """

    def __init__(self, solved: SolvedMorning, assignment: Assignment, limits: Limits | None = None) -> None:
        super().__init__(solved, assignment)
        self.limits = Limits(time_limit_s=_SEARCH_S) if limits is None else Limits.of(limits)

    @cached_property
    def _plans(self) -> PlanReasons:
        """What gives the reasons of an answer of plans and teams."""
        return PlanReasons(OtherPlans(self.solved), self.limits)

    def why(self, worker_id: str, *, alternatives: int = 5) -> data.Reason:
        """Why a worker has its shift; `why_unplaced` for one without.

        Among plans and teams: each shift of the day, and what the whole would lose without the worker there.

        Parameters
        ----------
        worker_id : str
            Anybody in the morning.
        alternatives : int
            At most so many other shifts, those that would lose least.
        """
        worker = self.solved.worker_row(worker_id)
        at_least(0, alternatives=alternatives)
        if self.solved.is_waiting[worker]:
            return self.why_unplaced(worker_id)
        if self.solved.has_plans:
            return self._plans.why(worker)
        shift = int(self.solved.at[worker])
        if self.stable is not None:
            return self.stable.placed(worker)
        if not self.solved.is_optimal:
            return self._not_proved(worker=worker, shift=shift)
        promised = self.solved.is_promised(worker)
        others, cut = ([], False) if promised else self._shifts_of(worker, alternatives)
        minutes, pay_total = self._way_and_pay(worker)
        return data.Placed(
            worker_id=worker_id,
            shift_id=self._shift_id(shift),
            points=self.solved.points(worker, shift),
            points_by_scorer=self.solved.points_by_scorer(worker, shift),
            words=self.solved.instance.policy.words,
            minutes=minutes,
            pay_total=pay_total,
            promised=promised,
            price=None if promised else self.seat_price(self._shift_id(shift)),
            alternatives=tuple(self._alternative(worker, other) for other in others),
            rest=self._rest(self.residual.prices_without_worker(worker)) if cut and others else None,
        )

    def why_not(self, worker_id: str, shift_id: str) -> data.Reason:
        """Why a worker does not have a shift: exactly one of not eligible, promised, outbid and tied.

        Among plans and teams: not eligible, what the whole would lose, or that no answer has the pair.

        Parameters
        ----------
        worker_id, shift_id : str
            Anybody, and any shift that is not theirs.

        Raises
        ------
        InvalidInputError
            The worker has that shift: ask ``why``.
        """
        worker, shift = self.solved.worker_row(worker_id), self.solved.shift_row(shift_id)
        if ((self.solved.worker == worker) & (self.solved.shift == shift)).any():
            raise InvalidInputError("ask_why_placed_there", worker=worker_id, shift=shift_id)
        if (not_eligible := refusals.not_eligible(self.solved, worker, shift)) is not None:
            return not_eligible
        if self.solved.has_plans:
            return self._plans.why_not(worker, shift)
        if (promised := refusals.promised(self.solved, worker, shift)) is not None:
            return promised
        if self.stable is not None:
            return self.stable.outranked(worker, shift)
        if not self.solved.is_optimal:
            return self._not_proved(worker=worker, shift=shift)
        change = self.residual.forced(worker, shift, self.solved.position(worker, shift))
        return self._outbid(worker, shift, change) if change.loss else self._tied(worker, change)

    def why_unplaced(self, worker_id: str) -> data.Reason:
        """Why a worker has no shift: no eligible one, short of seats, left out for points, or tied.

        The last two only where points alone count; a tie names the shift that the worker could as well have.

        Parameters
        ----------
        worker_id : str
            Somebody without a shift.

        Raises
        ------
        InvalidInputError
            The worker has a shift: ask ``why``.
        """
        worker = self.solved.worker_row(worker_id)
        if not self.solved.is_waiting[worker]:
            raise InvalidInputError("ask_why_placed", worker=worker_id)
        if self.solved.has_plans:
            return self._plans.why_unplaced(worker)
        if not self.solved.eligible.shifts_of[worker]:
            return refusals.no_eligible_shift(self.solved, worker)
        if self.stable is not None:
            return self.stable.outranked_everywhere(worker)
        if not self.solved.is_optimal:
            return self._not_proved(worker=worker)
        reach = self.residual.reach(self._row_of(worker))
        if not self._has_seats(worker):
            return self._short_of_seats(worker, self._crowded_in(reach), None)
        change = self.residual.placed(worker)
        if not (self.residual.filled < self.solved.problem.capacity)[reach].any():
            return self._others_first_or_short(worker, self._crowded_in(reach), change)
        return self._left_out(worker, change) if change.loss else self._tied(worker, change)

    def why_empty(self, shift_id: str) -> data.Reason:
        """Why a shift has an empty seat: no eligible worker, short of workers, left for points, or tied.

        The last two only where points alone count. Among plans and teams: no eligible worker, or that one
        more there, with all who have to come with them, cannot be had, or what the whole would lose by it.

        Parameters
        ----------
        shift_id : str
            A shift with an empty seat.

        Raises
        ------
        InvalidInputError
            Every seat of the shift is taken.
        """
        shift = self.solved.shift_row(shift_id)
        taken = int(self.solved.filled[shift])
        if not self.solved.open[shift]:
            raise InvalidInputError("all_seats_taken", shift=shift_id, n=taken)
        if self.solved.has_plans:
            return self._plans.why_empty(shift)
        if not self.solved.eligible.workers_of[shift]:
            return refusals.no_eligible_worker(self.solved, shift)
        if self.stable is not None:
            return self.stable.seat_unwanted(shift)
        if not self.solved.is_optimal:
            return self._not_proved(shift=shift)
        lonely = self._lonely_in(self.residual.reach(np.array([shift]), back=True))
        if (self.residual.at[lonely.workers] < 0).any():
            return self._seat_left(shift)
        return self._short_of_workers(shift, lonely)

    def seat_price(self, shift_id: str) -> SeatPrice:
        """What one seat of a shift is worth, as a range, each end with its proof.

        Parameters
        ----------
        shift_id : str
            Any shift.

        Raises
        ------
        InvalidInputError
            The assignment is not proved optimal: there is no price.
        """
        self._need_prices()
        if not self.solved.is_optimal:
            raise InvalidInputError("no_exact_price")
        shift = self.solved.shift_row(shift_id)
        more = self.residual.with_seat(shift)
        less = self.residual.without_seat(shift) if self.solved.problem.capacity[shift] else None
        return SeatPrice(
            one_more=-self.amount_of(more),
            one_less=None if less is None else self.amount_of(less),
            proof_one_more=self._proof(more),
            proof_one_less=None if less is None else self._proof(less),
        )

    def recommend(self, worker_id: str, *, most: int = 10) -> data.Reason:
        """The shifts of a worker ranked by their exact effect on the total.

        Parameters
        ----------
        worker_id : str
            Anybody in the morning.
        most : int
            At most so many.
        """
        worker = self.solved.worker_row(worker_id)
        self._need_prices()
        if not self.solved.is_optimal:
            return self._not_proved(worker=worker)
        shifts, cut = self._shifts_of(worker, at_least(1, most=most))
        return data.RankedShifts(
            worker_id=worker_id,
            choices=tuple(self._ranked(worker, shift, self._shift_id(shift)) for shift in shifts),
            rest=self._rest(self.residual.prices_without_worker(worker)) if cut else None,
        )

    def recommend_newcomer(self, worker: Worker | Mapping[str, Any] | Path, *, most: int = 10) -> data.Reason:
        """The shifts of somebody who is not in the morning, ranked by their exact effect on the total.

        The effect is that of adding the worker at that shift and matching anew, held against leaving the
        worker out, which changes nothing. Rules and scorers are asked about columns in which the newcomer is
        the only worker, row 0; figures are exact unless one of the market's own looks at other workers. For
        somebody whom rules refuse everywhere it is told which.

        Parameters
        ----------
        worker : Worker, mapping or Path
            Anybody who is not in the morning; a mapping is read as a worker, a path as a JSON file of
            one. Skills, certificates and employers that the morning does not know make no difference to it.
        most : int
            At most so many.

        Raises
        ------
        InvalidInputError
            The id is in the morning already, or the worker could not join it.
        UnsupportedError
            The morning came as columns.

        Examples
        --------
        >>> import gigmatch as gm
        >>> morning = gm.samples.jingshi(seed=7)
        >>> explainer = gm.explain(morning, gm.match(morning))
        >>> mason = {"id": "walk-in", "station_id": morning.market.id, "skills": [{"skill": "mason"}]}
        >>> told = explainer.recommend_newcomer(mason, most=3)
        >>> len(told.choices)
        3
        """
        at_least(1, most=most)
        self._need_prices()
        added = self._added_workers.added(worker)
        if not len(added.shift):
            return refusals.no_shift_for_added_worker(self.solved, added)
        if not self.solved.is_optimal:
            return self._not_proved()
        return self._added_effects.ranked(added, most)

    def skill_values(self, profile: Worker | Mapping[str, Any] | None = None) -> data.Reason:
        """What one more worker would bring, by the skill that the worker has, each exact.

        The worker is one profile throughout: with no skill more, then with every skill, at every level, that
        shifts ask for, one at a time. The gain is that of adding this worker and matching anew: seats and
        points, nothing where the worker is better left out. The profile that is not given makes no demands
        and meets every other one: at the market, free at any time, for any pay, any way, insured, with every
        certificate; so its values say what the skill alone can be worth. Marginal values do not add up: of
        two workers more, the second brings no more than the first.

        Parameters
        ----------
        profile : Worker or mapping, optional
            Somebody who is not in the morning, such as a typical worker of the market; own skills stay.

        Raises
        ------
        InvalidInputError
            The profile's id is in the morning already, or it could not join it.
        UnsupportedError
            The morning came as columns.

        Examples
        --------
        >>> import gigmatch as gm
        >>> morning = gm.samples.jingshi(seed=7)
        >>> values = gm.explain(morning, gm.match(morning)).skill_values().values
        >>> max(values, key=lambda value: value.gain.key).gain.seats
        1
        """
        self._need_prices()
        if not self.solved.is_optimal:
            return self._not_proved()
        return self._added_effects.skill_values(profile)

    def recommend_workers(self, shift_id: str, *, most: int = 10, stand_bys: int = 10) -> data.Reason:
        """The workers of a shift who are not there, ranked by their exact effect on the total.

        Stand-bys are those of them without a shift: calling one empties no other seat. They are ranked in
        their own right, however far down they come among all. Equal effects come in order of row, in both.

        Parameters
        ----------
        shift_id : str
            Any shift.
        most : int
            At most so many.
        stand_bys : int
            At most so many without a shift.
        """
        shift = self.solved.shift_row(shift_id)
        self._need_prices()
        if not self.solved.is_optimal:
            return self._not_proved(shift=shift)
        workers, losses = self.residual.losses_at_shift(shift)
        at = self.residual.at[workers]
        best, cut = self._best(losses, at != shift, at_least(1, most=most))
        waiting, cut_too = self._best(losses, at < 0, at_least(1, stand_bys=stand_bys))
        ids = self.solved.columns.worker_ids
        rows = workers[sorted({*best, *waiting})].tolist()
        ranked = {row: self._ranked(row, shift, ids[row]) for row in rows}
        return data.RankedWorkers(
            shift_id=shift_id,
            choices=tuple(ranked[row] for row in workers[best].tolist()),
            stand_bys=tuple(ranked[row] for row in workers[waiting].tolist()),
            n_stand_bys=int(((at < 0) & (losses < IMPOSSIBLE)).sum()),
            rest=self._rest(self.residual.prices_without_seat(shift)) if cut or cut_too else None,
        )

    def everything(self) -> Reasons:
        """The reason for everybody and every open shift: workers in order of row, then shifts of id.

        Made together, at a small part of the cost of asking one by one: placements come without alternatives
        and prices; all who are short of seats share one set, all whose seats are promised another, all shifts
        short of workers a third; and the losses of all who have no shift share one vector of prices. What is
        shared stands once, in ``sets`` and ``greatest``, and the reasons refer to it.
        """
        if self.solved.has_plans:
            return Reasons(whole=True, reasons=self._plans.everything())
        return Bulk(self).everything()

    # -- single answers -------------------------------------------------------------------------------------

    def _need_prices(self) -> None:
        """Refuse what one price of a seat would have to tell, where there is none."""
        if self.solved.has_plans:
            raise UnsupportedError("effects_of_plans")

    @cached_property
    def _added_workers(self) -> AddedWorkers:
        return AddedWorkers(self.solved)

    @cached_property
    def _added_effects(self) -> AddedWorkerEffects:
        return AddedWorkerEffects(self.solved, self.residual, self._added_workers)

    def _shifts_of(self, worker: int, most: int) -> tuple[list[int], bool]:
        """At most so many other shifts of a worker, the least loss first, and whether there are more."""
        shifts, losses = self._row_of(worker), self.residual.losses_of_worker(worker)
        best, cut = self._best(losses, shifts != self.residual.at[worker], most)
        return shifts[best].tolist(), cut

    def _alternative(self, worker: int, other: int) -> Alternative:
        change = self.residual.forced(worker, other, self.solved.position(worker, other))
        return Alternative(
            shift_id=self._shift_id(other),
            points=self.solved.points(worker, other),
            loss=self.amount_of(change),
            proof=self._proof(change),
        )

    def _outbid(self, worker: int, shift: int, change: Change) -> data.Outbid:
        return data.Outbid(
            worker_id=self.solved.columns.worker_ids[worker],
            shift_id=self._shift_id(shift),
            points=self.solved.points(worker, shift),
            loss=self.amount_of(change),
            instead=self._maybe(int(self.solved.at[worker])),
            has_free_seat=bool(self.residual.filled[shift] < self.solved.problem.capacity[shift]),
            price=self.seat_price(self._shift_id(shift)),
            holders=refusals.holders(self.solved, shift),
            proof=self._proof(change),
        )

    def _seat_left(self, shift: int) -> data.SeatLeftForPoints | data.SeatTied:
        change = self.residual.filled_more(shift)
        coming = self.solved.columns.worker_ids[next(move[0] for move in change.moves if move[2] == shift)]
        if not change.loss:
            return data.SeatTied(
                shift_id=self._shift_id(shift),
                worker_id=coming,
                seed=self.solved.instance.policy.seed,
                proof=self._proof(change),
            )
        return data.SeatLeftForPoints(
            shift_id=self._shift_id(shift),
            worker_id=coming,
            loss=self.amount_of(change),
            proof=self._proof(change),
        )

    def _ranked(self, worker: int, shift: int, name: str) -> Ranked:
        change = self.residual.forced(worker, shift, self.solved.position(worker, shift))
        return Ranked(
            id=name,
            points=self.solved.points(worker, shift),
            effect=-self.amount_of(change),
            proof=self._proof(change),
        )

    def _best(self, losses: Int64Array, wanted: BoolArray, most: int) -> tuple[list[int], bool]:
        """Positions of the least losses that are possible, ties in order, and whether there are more."""
        wanted = wanted & (losses < IMPOSSIBLE)
        order = np.argsort(losses, kind="stable")
        best: list[int] = order[wanted[order]].tolist()
        return best[:most], len(best) > most
