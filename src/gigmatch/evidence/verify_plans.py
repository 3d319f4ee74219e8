"""The checker of explanations of plans and teams: another answer, and how far nothing is better."""

from __future__ import annotations

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.errors import CertificateError
from gigmatch.evidence import data
from gigmatch.evidence.assertions import same
from gigmatch.evidence.plan_causes import cause_of
from gigmatch.evidence.plan_floors import Floor
from gigmatch.evidence.plan_parts import PlanLoss, PlanProof, TriedShift
from gigmatch.evidence.plans import OtherPlans
from gigmatch.evidence.verify_refusals import RefusalVerifier
from gigmatch.i18n import Told
from gigmatch.problem.plans import PlanSolution

__all__ = ["PlanReasonVerifier"]


class PlanReasonVerifier(RefusalVerifier):
    """Verifies explanations of an answer of plans and teams that has been checked itself.

    Parameters
    ----------
    solved : SolvedMorning
        The morning, its eligible pairs and the answer.
    """

    def __init__(self, solved: SolvedMorning) -> None:
        self.solved, self.others = solved, OtherPlans(solved)

    # -- one method a kind, of its name ---------------------------------------------------------------------

    def _plan_outbid(self, said: data.PlanOutbid) -> None:
        worker, shift = self._not_there(said)
        if said.proof is None:
            self._loses_at_least(said, self.others.pair_floor(worker, shift))
        else:
            found = self.others.solution(self.others.with_pair(worker, shift), said.proof)
            self._is_lost(said, self.others.loss(found, self.others.pair_floor(worker, shift)))
        same("instead", said.instead, self.others.day_ids(worker))
        same("clashes", said.clashes, self.others.clashes(worker, shift))

    def _plan_impossible(self, said: data.PlanImpossible) -> None:
        worker, shift = self._not_there(said)
        if said.proof is not None or self.others.pair_floor(worker, shift) is not None:
            self._nowhere(worker, shift, said.proof)
        if said.cause is not None:
            same("cause", said.cause, cause_of(self.solved, worker, shift))

    def _plan_left_out(self, said: data.PlanLeftOut) -> None:
        worker = self.solved.worker_row(said.worker_id)
        if self.others.day(worker):
            raise CertificateError("worker_has_shift", worker=said.worker_id)
        same("companions", said.companions, self.others.companions(worker))
        tried = {self.solved.shift_row(one.shift_id): self._tried(worker, one) for one in said.tried}
        same("tried", len(said.tried), len(tried))
        for name, value in self.others.left_out(worker, tried).items():
            same(name, getattr(said, name), value)

    def _tried(self, worker: int, one: TriedShift) -> PlanSolution | None:
        """The best answer in which somebody has a shift, None where it is proved that there is none."""
        shift = self.solved.shift_row(one.shift_id)
        if one.is_possible:
            return self.others.solution(self.others.with_pair(worker, shift), one.proof)
        self._nowhere(worker, shift, one.proof)
        return None

    def _nowhere(self, worker: int, shift: int, proof: PlanProof | None) -> None:
        """No answer has the pair."""
        found = self.others.solution(self.others.counting(worker, shift), proof)
        same(Told.of("claims.answers_with_pair"), 0, found.bound)

    def _plan_held(self, said: data.PlanHeld) -> None:
        worker = self.solved.worker_row(said.worker_id)
        if not said.shifts:
            raise CertificateError("worker_without_shift", worker=said.worker_id)
        same("words", said.words, self.solved.instance.policy.words)
        bare = tuple(one.model_copy(update={"without": None, "proof": None}) for one in said.shifts)
        same("shifts", bare, self.others.held(worker))
        for one in said.shifts:
            if one.without is not None:
                asked = self.others.without_pair(worker, self.solved.shift_row(one.shift_id))
                same("without", one.without, self.others.loss(self.others.solution(asked, one.proof), None))
            elif one.proof is not None:
                raise CertificateError("figure_missing")

    def _team_outbid(self, said: data.TeamOutbid) -> None:
        shift = self._team(said)
        if said.proof is None:
            self._loses_at_least(said, self.others.team_floor(shift))
            same("coming", said.coming, ())
            return
        found = self.others.solution(self.others.with_one_more(shift), said.proof)
        self._is_lost(said, self.others.loss(found, self.others.team_floor(shift)))
        same("coming", said.coming, self.others.coming(shift, found))

    def _team_short(self, said: data.TeamShort) -> None:
        shift = self._team(said)
        if said.proof is None:
            if self.others.team_floor(shift) is not None:
                raise CertificateError("figure_missing")
            same("n_missing", said.n_missing, None)
            same("missing", said.missing, {})
            return
        found = self.others.solution(self.others.with_added(shift), said.proof)
        if not found.bound:
            raise CertificateError("nobody_missing")
        same("n_missing", said.n_missing, self.others.n_missing(found))
        same("missing", said.missing, self.others.missing(shift, found))

    # -- what they share ------------------------------------------------------------------------------------

    def _team(self, said: data.TeamOutbid | data.TeamShort) -> int:
        """A shift with an empty seat, of which the right things are told."""
        shift = self.solved.shift_row(said.shift_id)
        if not self.solved.open[shift]:
            raise CertificateError("no_empty_seat", shift=said.shift_id)
        for name, value in self.others.about_team(shift).items():
            same(name, getattr(said, name), value)
        return shift

    def _loses_at_least(self, said: data.PlanOutbid | data.TeamOutbid, floor: Floor | None) -> None:
        """By the answer's own proof, whether there is such an answer or not."""
        if floor is None:
            raise CertificateError("figure_missing")
        self._is_lost(said, self.others.floor_loss(floor))

    def _is_lost(self, said: data.PlanOutbid | data.TeamOutbid, loss: PlanLoss) -> None:
        same("loss", said.loss, loss)
        same("verdict", said.verdict, loss.verdict)

    def _not_there(self, said: data.PlanOutbid | data.PlanImpossible) -> tuple[int, int]:
        """An eligible pair that is none of the answer."""
        worker, shift = self._pair(said)
        if shift in self.others.day(worker):
            raise CertificateError("worker_has_that_shift", worker=said.worker_id, shift=said.shift_id)
        same("points", said.points, self.solved.points(worker, shift))
        return worker, shift
