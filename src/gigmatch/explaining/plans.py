"""Reasons of plans and teams: another answer is looked for, in which what was asked for is so."""

from __future__ import annotations

from dataclasses import replace

from gigmatch.core.limits import Limits
from gigmatch.errors import UnsupportedError
from gigmatch.evidence import data
from gigmatch.evidence.plan_parts import HeldShift
from gigmatch.evidence.plans import OtherPlans
from gigmatch.problem.plans import PlanProblem, PlanSolution
from gigmatch.solvers.plans import solve_plans

__all__ = ["PlanReasons"]


class PlanReasons:
    """Gives the reasons of an answer of plans and teams.

    Parameters
    ----------
    others : OtherPlans
        What other answers are asked for.
    limits : Limits
        Of each search.
    """

    def __init__(self, others: OtherPlans, limits: Limits) -> None:
        self.others, self.limits = others, limits
        self.solved = others.solved

    def why_not(self, worker: int, shift: int) -> data.PlanOutbid | data.PlanImpossible:
        """Why an eligible pair is none of the answer."""
        found = self._best(self.others.with_pair(worker, shift))
        if found is None:
            return self._impossible(worker, shift)
        columns = self.solved.columns
        loss = self.others.loss(found)
        return data.PlanOutbid(
            worker_id=columns.worker_ids[worker],
            shift_id=columns.shift_ids[shift],
            points=self.solved.points(worker, shift),
            verdict=loss.verdict,
            loss=loss,
            instead=self.others.day_ids(worker),
            clashes=self.others.clashes(worker, shift),
            proof=self.others.proof(found),
        )

    def why(self, worker: int) -> data.PlanHeld:
        """Why somebody has their day: each shift, and what the whole would lose if they did without it."""
        return data.PlanHeld(
            worker_id=self.solved.columns.worker_ids[worker],
            shifts=tuple(self._with_loss(worker, one) for one in self.others.held(worker)),
            words=self.solved.instance.policy.words,
        )

    def _with_loss(self, worker: int, one: HeldShift) -> HeldShift:
        if one.promised:
            return one
        found = self._best(self.others.without_pair(worker, self.solved.shift_row(one.shift_id)))
        if found is None:  # what was promised to others needs them there
            return one
        told = {"without": self.others.loss(found), "proof": self.others.proof(found)}
        return one.model_copy(update=told)

    def why_empty(self, shift: int) -> data.TeamOutbid | data.TeamShort:
        """Why nobody more comes to a shift."""
        found = self._best(self.others.with_one_more(shift))
        if found is None:
            return self._short(shift)
        loss = self.others.loss(found)
        return data.TeamOutbid(
            **self.others.about_team(shift),
            verdict=loss.verdict,
            loss=loss,
            coming=self.others.coming(shift, found),
            proof=self.others.proof(found),
        )

    def _short(self, shift: int) -> data.TeamShort:
        asked = self.others.with_added(shift)
        proof = self.others.proof(self._counted(asked))
        found = self.others.solution(asked, proof)
        return data.TeamShort(
            **self.others.about_team(shift),
            n_missing=-found.value,
            missing=self.others.missing(shift, found),
            proof=proof,
        )

    def _impossible(self, worker: int, shift: int) -> data.PlanImpossible:
        columns = self.solved.columns
        found = self._counted(self.others.counting(worker, shift))
        return data.PlanImpossible(
            worker_id=columns.worker_ids[worker],
            shift_id=columns.shift_ids[shift],
            points=self.solved.points(worker, shift),
            proof=self.others.proof(found),
        )

    def _best(self, asked: PlanProblem) -> PlanSolution | None:
        """The best answer, from the one that is explained; None if it is proved that there is none."""
        try:
            return solve_plans(asked, start=self.others.answer, limits=self.limits)
        except UnsupportedError as error:
            if error.code != "promises_not_feasible":
                raise
            return None

    def _counted(self, asked: PlanProblem) -> PlanSolution:
        """The best answer to a problem in which something else counts, proved however long it takes."""
        return solve_plans(asked, limits=replace(self.limits, time_limit_s=None))
