"""Many mornings side by side: every market of a country on as many processes as there are."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from functools import partial

from gigmatch.assignment import Assignment
from gigmatch.columns import Columns
from gigmatch.core.limits import Limits
from gigmatch.errors import GigmatchError, InvalidInputError, SolverError
from gigmatch.matching.optimal import match
from gigmatch.model import Morning
from gigmatch.pairing.policy import DEFAULT_POLICY, Policy
from gigmatch.pairing.rules import DEFAULT_RULES, Rule
from gigmatch.pairing.travel import Travel
from gigmatch.solvers import Solver

__all__ = ["match_many"]

WORKERS_AT_ONCE = 1_000  # in one task: a few dozen milliseconds of work for each of its passage
TASKS_AHEAD = 64  # that are sent off and not yet taken: what is held does not grow with the mornings
Outcome = Assignment | GigmatchError


def match_many(
    mornings: Iterable[Morning | Columns],
    *,
    executor: Executor | None = None,
    rules: Sequence[Rule] = DEFAULT_RULES,
    policy: Policy = DEFAULT_POLICY,
    travel: Travel | None = None,
    solver: str | Solver = "auto",
    limits: Limits | None = None,
) -> Iterator[Assignment | GigmatchError]:
    """Give the best assignment of each of many mornings, in their order, each proved.

    A morning that fails is an error in its place and not the end of the others. Mornings are taken as they
    are needed, so that an endless row of them takes no more memory than a short one.

    Parameters
    ----------
    mornings : iterable of Morning or Columns
        As for ``match``; each by itself.
    executor : concurrent.futures.Executor, optional
        Where the work is done, such as a ``ProcessPoolExecutor``, or ``get_executor()`` of a Dask client;
        one after the other in this process unless given. It is not shut down. Rules, scorers and travel
        travel along, so that they must be known by name where it works.
    rules, policy, travel, solver
        As for ``match``, the same for all.
    limits : Limits, optional
        Of each morning. In an executor each has one thread unless told otherwise.

    Yields
    ------
    Assignment or GigmatchError
        What ``match`` returns or raises; a ``SolverError`` where the executor lost the process, or something
        broke that is no error of gigmatch's. An assignment that was made elsewhere has no ``solved``: what
        explains it is given its morning.

    Raises
    ------
    InvalidInputError
        What is given as mornings, executor or limits is none; raised at once.

    Examples
    --------
    >>> import gigmatch as gm
    >>> mornings = [gm.samples.jingshi(workers=50, seed=seed) for seed in range(3)]
    >>> [found.status for found in gm.match_many(mornings)]
    ['optimal', 'optimal', 'optimal']

    On two processes:

    >>> from concurrent.futures import ProcessPoolExecutor
    >>> with ProcessPoolExecutor(2) as two:  # doctest: +SKIP
    ...     found = list(gm.match_many(mornings, executor=two))
    """
    if isinstance(mornings, Morning | Columns) or not isinstance(mornings, Iterable):
        raise InvalidInputError("wrong_type", name="mornings", kinds="Iterable", value=mornings)
    if executor is not None and not isinstance(executor, Executor):
        raise InvalidInputError("wrong_type", name="executor", kinds="Executor", value=executor)
    threads = None if executor is None or (limits is not None and limits.threads) else 1
    limits = Limits.of(limits, threads=threads)
    one = partial(
        _outcome,
        partial(match, rules=rules, policy=policy, travel=travel, solver=solver, limits=limits),
    )
    return map(one, mornings) if executor is None else _side_by_side(one, mornings, executor)


def _outcome(one: Callable[[Morning | Columns], Assignment], morning: Morning | Columns) -> Outcome:
    try:
        return one(morning)
    except GigmatchError as error:
        return error
    except Exception as error:  # of a rule or a solver of one's own, or of memory: it costs one morning only
        return SolverError("morning_failed", error=repr(error))


def _outcomes(
    one: Callable[[Morning | Columns], Outcome], mornings: Sequence[Morning | Columns]
) -> list[Outcome]:
    return [one(morning) for morning in mornings]


def _side_by_side(
    one: Callable[[Morning | Columns], Outcome], mornings: Iterable[Morning | Columns], executor: Executor
) -> Iterator[Outcome]:
    """Keep some tasks ahead, and give out their outcomes in order."""
    tasks: deque[tuple[int, Future[list[Outcome]]]] = deque()
    try:
        for batch in _batches(mornings):
            tasks.append((len(batch), _sent(executor, partial(_outcomes, one), batch)))
            if len(tasks) > TASKS_AHEAD:
                yield from _taken(*tasks.popleft())
        while tasks:
            yield from _taken(*tasks.popleft())
    finally:
        for _, task in tasks:
            task.cancel()


def _batches(mornings: Iterable[Morning | Columns]) -> Iterator[list[Morning | Columns]]:
    """Mornings in their order, a few small ones at a time."""
    batch: list[Morning | Columns] = []
    workers = 0
    for morning in mornings:
        batch.append(morning)
        workers += _size(morning)
        if workers >= WORKERS_AT_ONCE:
            yield batch
            batch, workers = [], 0
    if batch:
        yield batch


def _size(morning: Morning | Columns) -> int:
    if isinstance(morning, Columns):
        return morning.n_workers
    return len(morning.workers) if isinstance(morning, Morning) else 1  # what is none is refused by `match`


def _sent(
    executor: Executor,
    work: Callable[[Sequence[Morning | Columns]], list[Outcome]],
    batch: Sequence[Morning | Columns],
) -> Future[list[Outcome]]:
    """Submit a batch; where the executor takes no more, a future that says why."""
    try:
        return executor.submit(work, batch)
    except RuntimeError as error:  # it is shut down, or has lost a process
        refused: Future[list[Outcome]] = Future()
        refused.set_exception(error)
        return refused


def _taken(n: int, task: Future[list[Outcome]]) -> list[Outcome]:
    try:
        return task.result()
    except Exception as error:  # whatever an executor raises where a process of its own is lost
        return [SolverError("executor_failed", error=repr(error)) for _ in range(n)]
