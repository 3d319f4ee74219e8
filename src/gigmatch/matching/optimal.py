"""From a morning to its assignment: the steps, one line each."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gigmatch.assignment import Assignment
from gigmatch.assignment.instance import Instance, Progress, check_kinds
from gigmatch.assignment.promises import IdPairs
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.columns import Columns
from gigmatch.core.limits import Limits
from gigmatch.core.logs import log_stage
from gigmatch.core.statistics import Stages
from gigmatch.errors import InvalidInputError, StoppedError
from gigmatch.i18n import Told
from gigmatch.matching.all_pairs import AllPairs, Part
from gigmatch.matching.column_generation import Solvers, solve_on_some
from gigmatch.matching.memory import bytes_taken
from gigmatch.matching.run import Run
from gigmatch.matching.starts import plain_start
from gigmatch.model import Morning
from gigmatch.pairing.candidates import Candidates
from gigmatch.pairing.eligible import Eligible
from gigmatch.pairing.policy import DEFAULT_POLICY, Policy
from gigmatch.pairing.rules import DEFAULT_RULES, Rule
from gigmatch.pairing.succession import SuccessionRule
from gigmatch.pairing.travel import StraightLine, Travel
from gigmatch.problem import Problem, Solution
from gigmatch.solvers import CancelToken, Control, Solver, draw, find_solver, solve

if TYPE_CHECKING:
    from gigmatch.tables.partitioned import Partitioned

__all__ = ["match", "match_one_each"]

LEAST_PAIRS_EACH = 2
PAIRS_EACH = 15  # where all would not fit
SECONDS_FOR_PAIRS = 0.5  # after a stop


def match(
    morning: Morning | Columns | Partitioned,
    *,
    cluster: Any = None,
    rules: Sequence[Rule] = DEFAULT_RULES,
    succession: Sequence[SuccessionRule] | None = None,
    policy: Policy = DEFAULT_POLICY,
    travel: Travel | None = None,
    solver: str | Solver = "auto",
    keep: IdPairs = (),
    forbid: IdPairs = (),
    start: Assignment | None = None,
    max_pairs: int | None = None,
    threads: int | None = None,
    time_limit_s: float | None = None,
    memory_bytes: int | None = None,
    limits: Limits | None = None,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
) -> Assignment:
    """Find the best assignment of a morning, and prove it.

    Parameters
    ----------
    morning : Morning, Columns or Partitioned
        Everything known; columns where it was never made of objects; a data set in parts that need not fit
        into one process.
    cluster : distributed.Client, optional
        Of Dask: tasks on the parts of a `Partitioned` run on its workers, else one after the other in this
        process. The answer is the same.
    rules : sequence of Rule
        Rules that pairs must pass; ``[*DEFAULT_RULES, mine]`` extends.
    succession : sequence of SuccessionRule, optional
        What one shift of a worker after another needs; unless given, time for the way between them and the
        worker's least break, and the legal rest between days (`gigmatch.pairing.succession`).
    policy : Policy
        What is good, in which order, and the lottery's seed.
    travel : Travel, optional
        How long ways are; ``StraightLine()`` if not given.
    solver : str or Solver
        As for ``gigmatch.solve``. Where people have several shifts, or shifts come whole, it is one solver,
        ``"branchandprice"``, and ``"auto"`` takes it.
    keep : iterable of (worker id, shift id)
        Promised pairs: they stand, and everybody else is matched around them.
    forbid : iterable of (worker id, shift id)
        Barred pairs.
    start : Assignment, optional
        Of a similar morning: before somebody walked in, yesterday's. Ids tell what is the same. It saves time
        where it is nearly right, and never changes the answer.
    max_pairs : int, optional
        Hold at first only so many pairs, those near the best of their worker or shift, price all the others
        in blocks and bring back every one that matters. The answer is the same, proved over all eligible
        pairs; only which of several prices prove it may differ. It takes less memory; 15 a worker are mostly
        enough. Unless given, all pairs are held where they fit into memory, and 15 a worker where they do
        not.
    threads : int, optional
        At most so many; unless given, ``GIGMATCH_THREADS`` of the environment, else every CPU allowed. The
        answer does not depend on it.
    time_limit_s : float, optional
        Seconds for the whole call. The solver gets what pairs and scores leave, and the answer says whether
        it is proved.
    memory_bytes : int, optional
        Memory that pairs and solver may take; what is free, if not given.
    limits : Limits, optional
        ``max_pairs``, ``threads``, ``time_limit_s`` and ``memory_bytes`` in one object; none may be given
        twice.
    cancel : CancelToken, optional
        Anything with ``is_set()``; once set, the best answer so far is returned.
    progress : callable, optional
        ``progress(stage, fraction)``, called in this thread.

    Returns
    -------
    Assignment
        The same for the same input, byte for byte, if proved optimal: whatever is still equal after seats and
        points is decided by the lottery. Where people may have several shifts, or shifts come whole, no
        lottery is drawn: of equal answers it is the first that the search comes to, which goes by rows.

    Raises
    ------
    InvalidInputError
        An argument is of another kind or out of its range, or ``start`` is damaged.
    UnsupportedError
        The morning has crews, minimum headcounts above 1, workers of several shifts or companions, and the
        policy puts people first, the solver is another one, or ``max_pairs`` is given.
    InvalidPairsError
        ``keep`` or ``forbid`` names an unknown id, contradicts itself, overfills a shift, or keeps a pair
        that a blocking rule refuses.
    InvalidPolicyError
        Two rules have one name, or something is not a rule.
    PluginError
        A rule, scorer, travel or solver broke its contract.
    TooLargeError
        The pairs would not fit into memory.
    StoppedError
        Time is up, or ``cancel`` is set, and half a second later not all pairs are made yet.

    Notes
    -----
    What it takes is known before it is taken: for each of about `gigmatch.estimate_pairs` pairs, or of
    ``max_pairs``, `gigmatch.pairing.candidates.BYTES_PER_PAIR` bytes and ``bytes_per_pair`` of the solver
    (`gigmatch.solvers.Abilities`), 24 each for the auction; pairs brought back come on top.

    Every stage that is over is a line of the logger ``gigmatch`` at level DEBUG, with counts and nobody's id.

    Examples
    --------
    >>> import gigmatch as gm
    >>> morning = gm.samples.jingshi(seed=7)
    >>> assignment = gm.match(morning)
    >>> assignment.status
    'optimal'
    >>> gm.match(morning, start=assignment).pairs == gm.match(morning, max_pairs=9_600).pairs
    True
    """
    limits = Limits.of(
        limits, max_pairs=max_pairs, threads=threads, time_limit_s=time_limit_s, memory_bytes=memory_bytes
    )
    return _match(
        morning,
        rules=rules,
        succession=succession,
        policy=policy,
        travel=travel,
        keep=keep,
        forbid=forbid,
        solver=solver,
        start=start,
        limits=limits,
        cancel=cancel,
        progress=progress,
        plans=True,
        cluster=cluster,
    )


def match_one_each(
    morning: Morning | Columns,
    *,
    rules: Sequence[Rule],
    policy: Policy,
    travel: Travel | None,
    keep: IdPairs,
    forbid: IdPairs,
    solver: str | Solver = "auto",
    start: Assignment | None = None,
    limits: Limits | None = None,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
) -> Assignment:
    """As `match`, for what needs one shift a worker, and seats that stand for themselves.

    Raises
    ------
    UnsupportedError
        People may take several shifts or go together, or shifts come whole: before any pair is made.
    """
    return _match(
        morning,
        rules=rules,
        policy=policy,
        travel=travel,
        keep=keep,
        forbid=forbid,
        solver=solver,
        start=start,
        limits=Limits.of(limits),
        cancel=cancel,
        progress=progress,
        plans=False,
    )


def _match(
    morning: Morning | Columns | Partitioned,
    *,
    rules: Sequence[Rule],
    policy: Policy,
    travel: Travel | None,
    keep: IdPairs,
    forbid: IdPairs,
    solver: str | Solver,
    start: Assignment | None,
    limits: Limits,
    cancel: CancelToken | None,
    progress: Progress | None,
    plans: bool,
    succession: Sequence[SuccessionRule] | None = None,
    cluster: Any = None,
) -> Assignment:
    """Both of them; ``plans`` as in `Instance.prepare`."""
    stages = Stages()
    travel = StraightLine() if travel is None else travel
    in_parts = _in_parts(morning) if plans and not isinstance(morning, Morning | Columns) else None
    check_kinds(morning, policy, travel, others=() if in_parts is None else (type(in_parts),))
    if start is not None and not isinstance(start, Assignment):
        raise InvalidInputError("wrong_type", name="start", kinds="Assignment", value=start)
    # These two refuse what is no token or solver before any work.
    watch = _Watch(Control(limits.time_limit_s, cancel), progress)
    find_solver(solver, limits.threads)
    run = Run(solver, start, limits, stages, watch, cancel, progress)
    if in_parts is not None:
        from gigmatch.matching.cluster import match_partitioned, runner_on

        with runner_on(cluster, in_parts, run) as runner:
            return match_partitioned(in_parts, rules, policy, travel, keep, forbid, run, runner)
    if cluster is not None:
        raise InvalidInputError("cluster_without_parts")
    assert isinstance(morning, Morning | Columns)
    instance = Instance.prepare(
        morning,
        rules,
        policy,
        travel,
        keep,
        forbid,
        limits.threads,
        stages=stages,
        plans=plans,
        succession=succession,
    )
    columns = instance.columns
    log_stage("prepared", workers=columns.n_workers, shifts=columns.n_shifts, promised=len(instance.keep))
    how = match_plain if instance.is_plain else _plans_solver()
    solved = how(instance, run)
    solution = solved.answer
    log_stage(
        "solved", solver=solution.solver, status=solution.status, certificates=len(solution.certificates)
    )
    stages.at("answer")
    assignment = solved.assignment(stages=stages)
    log_stage("assigned", placements=len(assignment.placed_worker), seats=int(assignment.headcount.sum()))
    return assignment


def _in_parts(morning: Any) -> Partitioned | None:
    """The morning, where it is one in parts."""
    from gigmatch.tables.partitioned import Partitioned  # it brings tables

    return morning if isinstance(morning, Partitioned) else None


def _plans_solver() -> Callable[..., SolvedMorning]:
    from gigmatch.matching.plans import match_plans  # it brings what a plain morning needs not

    return match_plans


def match_plain(instance: Instance, run: Run) -> SolvedMorning:
    """Solve a morning in which everybody has one shift, and every seat stands for itself."""
    taken = bytes_taken(instance.columns, run.solver)
    at_first = _held_at_first(instance.candidates, run.limits, taken)
    if at_first is not None:
        return match_some(instance, Part(instance, run.stages, run.watch), at_first, run)
    eligible = run.every_pair(instance)
    problem = instance.problem(eligible)
    solution = _solvers(instance, run).solve(problem, _start(instance, run))
    return _solved(instance, run, eligible, problem, solution)


def match_some(instance: Instance, pairs: AllPairs, at_first: int, run: Run) -> SolvedMorning:
    """Solve such a morning from some of its pairs, wherever all of them are."""
    start, solvers = _start(instance, run), _solvers(instance, run)
    found = solve_on_some(instance, pairs, at_first, solvers, run.limits, run.stages, start, run.watch)
    return _solved(instance, run, *found)


def _solved(
    instance: Instance, run: Run, eligible: Eligible, problem: Problem, solution: Solution
) -> SolvedMorning:
    run.stages.count("pairs held", len(eligible.shift))
    return SolvedMorning.from_solution(instance, eligible, problem, solution)


def _start(instance: Instance, run: Run) -> Solution | None:
    return None if run.start is None else plain_start(instance.columns, run.start)


def _solvers(instance: Instance, run: Run) -> Solvers:
    stages = run.stages
    taken = bytes_taken(instance.columns, run.solver)

    def ended(found: Solution) -> Solution:
        stages.include(found.statistics)
        return found

    def left() -> dict[str, Any]:
        stages.at("verify")  # in which solving ends
        return run.left()

    def solved(problem: Problem, near: Solution | None) -> Solution:
        return ended(solve(problem, run.solver, start=near, **left()))

    def drawn(problem: Problem, proved: Solution) -> Solution:
        return ended(draw(problem, proved, run.solver, **left()))

    return Solvers(solved, drawn, taken)


class _Watch:
    """Passes progress on while pairs are made, and ends that if it goes on for long after a stop.

    Without all pairs there is no answer that says how good it is, so they have half a second more.
    """

    def __init__(self, control: Control, progress: Progress | None) -> None:
        self.control, self.progress = control, progress
        self.stopped_at = math.inf

    def __call__(self, stage: str, fraction: float) -> None:
        if self.progress is not None:
            self.progress(stage, fraction)
        if (reason := self.control.stop_reason()) is None or fraction == 1:
            return
        now = time.monotonic()
        self.stopped_at = min(self.stopped_at, now)
        if now > self.stopped_at + SECONDS_FOR_PAIRS:
            raise StoppedError("stopped_among_pairs", reason=Told.named("stopped", reason), share=fraction)


def _held_at_first(candidates: Candidates, limits: Limits, taken: Callable[[int], float]) -> int | None:
    """How many pairs are held at first; None for all of them, where they fit."""
    n_workers, given = candidates.columns.n_workers, limits.max_pairs
    least = LEAST_PAIRS_EACH * max(n_workers, 1)
    if given is not None and given < least:
        raise InvalidInputError(
            "max_pairs_too_small", least=least, each=LEAST_PAIRS_EACH, n=n_workers, value=given
        )
    if given is None:
        if candidates.fit(limits, taken):
            return None
        given = PAIRS_EACH * n_workers
    candidates.refuse_too_large(replace(limits, max_pairs=given), taken)
    return given
