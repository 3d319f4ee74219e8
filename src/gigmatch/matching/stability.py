"""Stable matching between two sides: an answer that no worker and no shift would leave for each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from gigmatch.assignment import Assignment
from gigmatch.assignment.instance import Instance, Progress, check_kinds
from gigmatch.assignment.promises import IdPairs
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.assignment.two_sided import Keys, TwoSided, verify_stable
from gigmatch.columns import Columns
from gigmatch.core.arrays import Int32Array, Int64Array
from gigmatch.core.limits import Limits
from gigmatch.core.logs import log_stage
from gigmatch.core.statistics import Stages
from gigmatch.core.threads import in_order
from gigmatch.errors import StoppedError
from gigmatch.i18n import Told
from gigmatch.matching.deferred_acceptance import Lists, deferred_acceptance
from gigmatch.matching.heuristic import unproved
from gigmatch.matching.memory import bytes_taken
from gigmatch.model import Morning
from gigmatch.pairing.eligible import Eligible
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.policy import DEFAULT_POLICY, Policy
from gigmatch.pairing.preferences import Preferences, ProposingSide, Stable
from gigmatch.pairing.rules import DEFAULT_RULES, Rule
from gigmatch.pairing.travel import StraightLine, Travel
from gigmatch.solvers import CancelToken, Control

__all__ = ["stable"]

_PAIRS_AT_ONCE = 1 << 16
T = TypeVar("T")


def stable(
    morning: Morning | Columns,
    *,
    side: ProposingSide = "worker",
    rules: Sequence[Rule] = DEFAULT_RULES,
    policy: Policy = DEFAULT_POLICY,
    preferences: Policy | None = None,
    worker_least: float | None = None,
    employer_least: float | None = None,
    travel: Travel | None = None,
    keep: IdPairs = (),
    forbid: IdPairs = (),
    threads: int | None = None,
    time_limit_s: float | None = None,
    memory_bytes: int | None = None,
    limits: Limits | None = None,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
) -> Assignment:
    """Find the assignment that both sides would keep, of several the best for one side, and prove it.

    Deferred acceptance with several seats a shift (Gale and Shapley 1962; Roth 1984). Workers rank shifts by
    the points of the scorers whose side is ``"worker"``, shifts rank workers by those of all others; what is
    equal is ranked by the lots of the policy's seed, one for each worker and one for each shift. No pair that
    may stand is then left whose worker would rather have the shift, and whose shift would rather have the
    worker, than what they were given.

    Parameters
    ----------
    morning, rules, travel, keep, forbid
        As for ``gigmatch.match``. Promised workers and seats are no part of the market.
    side : {"worker", "employer"}
        Everybody on this side has the best that any stable answer gives them; on the other side the least.
    policy : Policy
        What is reported as points, and the lots' seed; its levels play no part.
    preferences : Policy, optional
        Whose scorers say what either side likes, each by its ``side``; those of ``policy`` unless given. Its
        seed and levels play no part.
    worker_least, employer_least : float, optional
        Points of its own scorers below which a side would rather have nobody. Pairs that must not be at all
        are a matter of rules.
    threads, time_limit_s, memory_bytes, limits, cancel, progress
        As for ``gigmatch.match``, but what is stopped has no answer: there is no stable one before the end.

    Returns
    -------
    Assignment
        Its status is ``"stable"``. The proof needs nothing but the morning: ``gigmatch.check`` looks for a
        pair that blocks, and for a circle along which the side could gain, in one pass over the pairs.

    Raises
    ------
    InvalidInputError, UnsupportedError, InvalidPairsError, InvalidPolicyError, PluginError, TooLargeError
        As for ``gigmatch.match``.
    StoppedError
        Time is up, or ``cancel`` is set, before the answer is proved.

    Notes
    -----
    Nobody gains by a false list on the workers' side if it proposes. An employer with several seats can, even
    then (Roth 1985). For strict lists, as they are after the lots, all stable answers place the same workers
    and fill the same number of seats of every shift.

    Examples
    --------
    >>> import gigmatch as gm
    >>> morning = gm.samples.jingshi(seed=7)
    >>> assignment = gm.stable(morning)
    >>> assignment.status, len(gm.blocking_pairs(assignment))
    ('stable', 0)
    """
    stages = Stages()
    travel = StraightLine() if travel is None else travel
    liked = policy if preferences is None else preferences
    check_kinds(morning, policy, travel, preferences=liked)
    asked = Stable(side, Preferences(liked, worker_least, employer_least))
    limits = Limits.of(limits, threads=threads, time_limit_s=time_limit_s, memory_bytes=memory_bytes)
    watch = _Watch(Control(limits.time_limit_s, cancel, progress))
    instance = Instance.prepare(
        morning, rules, policy, travel, keep, forbid, limits.threads, stages=stages, chosen=asked
    )
    instance.candidates.refuse_too_large(limits, bytes_taken(instance.columns))
    stages.at("candidates")
    eligible = instance.eligible(None, watch, stages)
    stages.at("ranking")
    ranked = _Ranked.of(TwoSided(instance, asked.preferences), eligible, limits.threads, watch)
    stages.at("proposals")
    watch.look()
    shift, made = ranked.accepted(side)
    stages.count("proposals", made)
    stages.at("verify")
    verify_stable(instance, shift, ranked.each)
    problem = instance.problem(eligible)
    solution = unproved(problem, shift, "deferred_acceptance")
    stages.at("answer")
    assignment = SolvedMorning.from_solution(instance, eligible, problem, solution).assignment(stages=stages)
    log_stage("assigned", placements=len(assignment.placed_worker), seats=int(assignment.headcount.sum()))
    return assignment


@dataclass(frozen=True)
class _Watch:
    """Passes progress on, and stops where there is no answer yet."""

    control: Control

    def __call__(self, stage: str, fraction: float) -> None:
        self.control.report(stage, fraction)
        self.look()

    def look(self) -> None:
        """Raise StoppedError once time is up or somebody has cancelled."""
        if reason := self.control.stop_reason():
            raise StoppedError("stopped_before_stable", reason=Told.named("stopped", reason))


@dataclass(frozen=True)
class _Ranked:
    """All eligible pairs with what either side thinks of the other."""

    sides: TwoSided
    eligible: Eligible
    worker: Int64Array
    employer: Int64Array
    threads: int | None
    watch: _Watch

    @classmethod
    def of(cls, sides: TwoSided, eligible: Eligible, threads: int | None, watch: _Watch) -> _Ranked:
        """Ask both sides, block by block."""
        worker, employer = np.empty((2, len(eligible.shift)), np.int64)

        def ask(part: slice) -> None:
            keys = sides.keys(eligible.pairs.take(part))
            worker[part], employer[part] = keys.worker, keys.employer

        sides.prepare()
        _ = eligible.pairs  # made here, once, and not in every thread
        for _ in in_order(ask, _parts(len(worker)), threads):
            watch.look()
        return cls(sides, eligible, worker, employer, threads, watch)

    def each(self, function: Callable[[Keys], T]) -> Iterable[T]:
        """``function`` of all pairs, in blocks."""
        pairs: Pairs = self.eligible.pairs

        def call(part: slice) -> T:
            self.watch.look()
            return function(
                Keys((pairs.worker[part], pairs.shift[part]), self.worker[part], self.employer[part])
            )

        return in_order(call, _parts(len(self.worker)), self.threads)

    def accepted(self, side: ProposingSide) -> tuple[Int32Array, int]:
        """Shift row of each worker, -1 for none and for promised ones; and how many proposals were kept."""
        instance, eligible = self.sides.instance, self.eligible
        lists = Lists(eligible.indptr, eligible.shift, instance.columns.n_shifts, self.worker, self.employer)
        wanted, seats = (instance.kept < 0).astype(np.int64), instance.seats
        at = np.full(len(wanted), -1, np.int32)
        if side == "worker":
            worker, shift, made = deferred_acceptance(lists, wanted, seats)
        else:
            shift, worker, made = deferred_acceptance(lists.turned(), seats, wanted)
        at[worker] = shift
        return at, made


def _parts(n: int) -> Iterator[slice]:
    return (slice(first, first + _PAIRS_AT_ONCE) for first in range(0, n, _PAIRS_AT_ONCE))
