"""The checker of what follows from the morning and its rules alone, whatever was solved."""

from __future__ import annotations

from typing import Any

from gigmatch.assignment.solved import SolvedMorning
from gigmatch.errors import CertificateError
from gigmatch.evidence import data, refusals
from gigmatch.evidence.added_workers import AddedWorkers
from gigmatch.evidence.advice import Advice, TrainingPlan
from gigmatch.evidence.assertions import same
from gigmatch.i18n import Told

__all__ = ["RefusalVerifier"]


class RefusalVerifier:
    """Verifies what rules refuse; whoever knows more kinds of reasons builds on it."""

    solved: SolvedMorning

    def check(self, explanation: data.Reason | Advice | TrainingPlan) -> None:
        """Raise CertificateError, naming the first thing that does not hold.

        Parameters
        ----------
        explanation : Explanation
            Made for a manager or an auditor: for other eyes the evidence is left out.
        """
        self._shown(explanation)
        verify = getattr(self, f"_{explanation.kind}", None)
        if verify is None:
            raise CertificateError("reason_of_another_kind_of_answer")
        verify(explanation)

    def _shown(self, explanation: data.Explanation) -> None:
        if explanation.audience not in ("manager", "auditor"):
            raise CertificateError("no_evidence", audience=explanation.audience)
        if explanation.needs_proof and not self.solved.is_optimal:
            raise CertificateError("reason_without_proof")

    def _not_eligible(self, said: data.NotEligible) -> None:
        same("not_eligible", said, self._as(said, refusals.not_eligible(self.solved, *self._pair(said))))

    def _no_eligible_shift(self, said: data.NoEligibleShift) -> None:
        if said.newcomer is not None:
            added = AddedWorkers(self.solved).added(said.newcomer)
            same(Told.of("claims.eligible_shifts"), 0, len(added.shift))
            found = refusals.no_shift_for_added_worker(self.solved, added)
            same("no_eligible_shift", said, self._as(said, found))
            return
        worker = self.solved.worker_row(said.worker_id)
        same(Told.of("claims.eligible_shifts"), 0, int(self.solved.eligible.shifts_of[worker]))
        same("no_eligible_shift", said, self._as(said, refusals.no_eligible_shift(self.solved, worker)))

    def _no_eligible_worker(self, said: data.NoEligibleWorker) -> None:
        shift = self.solved.shift_row(said.shift_id)
        same(Told.of("claims.eligible_workers"), 0, int(self.solved.eligible.workers_of[shift]))
        found = refusals.no_eligible_worker(self.solved, shift)
        if not said.nobody_has:  # may be left out, as files of before do
            found = found.model_copy(update={"nobody_has": ()})
        same("no_eligible_worker", said, self._as(said, found))

    # -- what they share ------------------------------------------------------------------------------------

    def _pair(self, said: Any) -> tuple[int, int]:
        return self.solved.worker_row(said.worker_id), self.solved.shift_row(said.shift_id)

    def _as(self, said: data.Explanation, found: data.Explanation | None) -> data.Explanation | None:
        return None if found is None else found.seen_by(said.audience)
