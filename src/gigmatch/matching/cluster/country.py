"""From a data set in parts to the assignment of the whole morning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gigmatch.assignment import Assignment
from gigmatch.assignment.entries import SoftViolation
from gigmatch.assignment.instance import Instance
from gigmatch.assignment.promises import IdPairs, id_pairs, kept_rows, pair_rows
from gigmatch.assignment.reduced_costs import prices_of
from gigmatch.assignment.solved import SolvedMorning
from gigmatch.assignment.summary import summarise
from gigmatch.columns import Columns
from gigmatch.columns.parts import digest_of_parts
from gigmatch.core.arrays import Int64Array
from gigmatch.core.logs import log_stage
from gigmatch.core.plugins import parameters_of
from gigmatch.errors import CertificateError, InvalidFileError, UnsupportedError
from gigmatch.matching.cluster import blocks
from gigmatch.matching.cluster.runner import Runner
from gigmatch.matching.cluster.spread import Spread
from gigmatch.matching.optimal import PAIRS_EACH, match_some
from gigmatch.matching.run import Run
from gigmatch.pairing.candidates import Candidates
from gigmatch.pairing.levels import is_own, weighs_pairs
from gigmatch.pairing.policy import Policy
from gigmatch.pairing.rules import Rule, check_rules, describe_rule, rule_name, told_by
from gigmatch.pairing.travel import Travel, describe_travel
from gigmatch.tables.partitioned import Partitioned, clear_placements, ids_digest, outline_of

__all__ = ["match_partitioned"]


def match_partitioned(
    source: Partitioned,
    rules: Sequence[Rule],
    policy: Policy,
    travel: Travel,
    keep: IdPairs,
    forbid: IdPairs,
    run: Run,
    runner: Runner,
) -> Assignment:
    """Find the best assignment of a morning that lies in parts, and prove it.

    Parameters
    ----------
    source : Partitioned
        Where it lies.
    rules, policy, travel, keep, forbid
        As for ``gigmatch.match``.
    run : Run
        How it is to go.
    runner : Runner
        Where tasks on the parts run, one block for each.

    Returns
    -------
    Assignment
        That of the whole morning, byte for byte, but for which of several prices prove it; without `solved`.

    Raises
    ------
    GigmatchError
        As for ``gigmatch.match``; what a task raised names its part.
    """
    wanted = blocks.Wanted(
        source,
        check_rules(rules),
        policy,
        travel,
        id_pairs(keep, "keep"),
        id_pairs(forbid, "forbid"),
        threads=run.limits.threads or 1,
    )
    _refuse_what_needs_all(wanted)
    stages = run.stages
    stages.at("compile")
    country = _opened(wanted, runner, run)
    instance = country.instance
    log_stage(
        "prepared",
        workers=instance.columns.n_workers,
        shifts=instance.columns.n_shifts,
        promised=len(wanted.keep),
    )
    at_first = run.limits.max_pairs or PAIRS_EACH * max(instance.columns.n_workers, 1)
    pairs = country.pairs
    solved = match_some(instance, pairs, at_first, run)
    stages.at("verify")
    if solved.is_optimal:
        stages.count("pairs verified", pairs.verify(prices_of(instance, solved.solution)))
    stages.at("answer")
    if source.into is not None:
        clear_placements(source.into)
    return country.assignment(solved, run)


def _refuse_what_needs_all(wanted: blocks.Wanted) -> None:
    """Raise GigmatchError for what cannot be saved, or needs all workers in one place."""
    policy = wanted.policy
    for rule in wanted.rules:
        parameters_of(rule)
    policy.describe()
    describe_travel(wanted.travel)
    if policy.requests == "promise":
        raise UnsupportedError("promised_requests_in_parts")
    for level in policy.levels:
        if weighs_pairs(level):
            raise UnsupportedError("level_of_pairs_in_parts", name=level.name)


def _opened(wanted: blocks.Wanted, runner: Runner, run: Run) -> _Country:
    """Have every part read, and put together what the centre knows of them."""
    source = wanted.source
    answers = runner.run("compile", blocks.opened, [(wanted, part) for part in source.parts])
    columns, workers = outline_of(source)  # read while the parts are
    columns.refuse_doubles()
    known: dict[int, blocks.Facts] = dict(answers)
    facts = [known[at] for at in range(len(source.parts))]
    for part, rows, fact in zip(source.parts, workers, facts, strict=True):
        if ids_digest([columns.worker_ids[row] for row in rows.tolist()]) != fact.workers:
            raise InvalidFileError("part_changed", path=source.folder, part=part)
    run.stages.at("prepare")
    groups = tuple(sorted({name for fact in facts for name in fact.groups}))
    attributes = tuple(sorted({name for fact in facts for name in fact.attributes}))
    estimates = dict(runner.run("prepare", blocks.settled, [(groups, attributes)] * len(facts)))
    shifts = [fact.shifts.astype(np.int64) for fact in facts]
    instance = _outlined(wanted, columns, workers, facts)
    pairs = Spread(instance, runner, workers, shifts, sum(estimates.values()), run.stages, run.watch)
    return _Country(wanted, runner, instance, pairs, groups)


@dataclass(frozen=True)
class _Told:
    """A level of a market's own, of which blocks told what it weighs of their workers."""

    level: Any
    worker: Int64Array

    @property
    def name(self) -> str:
        return str(self.level.name)

    @property
    def words(self) -> str | Mapping[str, str]:
        found: str | Mapping[str, str] = self.level.words
        return found

    @property
    def largest(self) -> int:
        return int(self.level.largest)

    def of_workers(self, _: Columns) -> Int64Array:
        return self.worker

    def of_shifts(self, columns: Columns) -> Int64Array:
        ask = getattr(self.level, "of_shifts", None)
        found: Int64Array = ask(columns) if callable(ask) else np.zeros(columns.n_shifts, np.int64)
        return found


def _outlined(
    wanted: blocks.Wanted, columns: Columns, workers: Sequence[Int64Array], facts: Sequence[blocks.Facts]
) -> Instance:
    """The morning without what is known of its workers, and without pairs."""
    levels: list[Any] = []
    for level in wanted.policy.levels:
        if is_own(level) and level.name in facts[0].weights:
            weight = np.zeros(columns.n_workers, np.int64)
            for rows, fact in zip(workers, facts, strict=True):
                weight[rows] = fact.weights[level.name]
            level = _Told(level, weight)
        levels.append(level)
    policy, keep, forbid = wanted.policy, wanted.keep, wanted.forbid
    return Instance(
        morning=columns,
        columns=columns,
        rules=wanted.rules,
        policy=policy.with_levels(*levels) if any(isinstance(each, _Told) for each in levels) else policy,
        travel=wanted.travel,
        candidates=Candidates.prepare(columns, (), wanted.travel),
        keep=keep,
        forbid=forbid,
        kept=kept_rows(columns, keep, forbid, (), wanted.travel),  # blocks ask the rules
        barred=pair_rows(columns, forbid, "forbid"),
    )


@dataclass(frozen=True)
class _Country:
    """What the centre has of a morning in parts."""

    wanted: blocks.Wanted
    runner: Runner
    instance: Instance
    pairs: Spread
    groups: tuple[str, ...]

    def assignment(self, solved: SolvedMorning, run: Run) -> Assignment:
        """Tell the answer in ids, with what blocks say of their placements."""
        instance, wanted, held = self.instance, self.wanted, self.pairs.held
        columns, shifts = instance.columns, instance.columns.shifts
        at = instance.with_promises(solved.solution.shift)
        answers = self.pairs.answers(at, held.first_come)
        placed = self._together(at, [each.placed for each in answers])
        self._refuse_other_points(solved, placed)
        served = self._together(held.first_come, [each.first_come for each in answers])
        row = held.first_come[held.first_come >= 0]
        answer = Assignment(
            worker_ids=columns.worker_ids,
            shift_ids=columns.shift_ids,
            headcount=shifts.capacity,
            tier=shifts.tier,
            placed_worker=solved.worker,
            placed_shift=solved.shift,
            eligible_shifts=held.shifts_of,
            eligible_workers=held.workers_of,
            scorers=wanted.policy.names,
            points_by_scorer=placed.points,
            minutes=placed.minutes,
            pay_total=placed.pay_total,
            keep=instance.keep,
            forbid=instance.forbid,
            warnings=tuple(self._warnings(solved, at, answers)),
            baseline=summarise(
                columns.n_workers,
                shifts.capacity,
                shifts.tier,
                row,
                served.points[:, 0],
                served.minutes,
                served.pay_total,
            ),
            solution=solved.answer,
            policy=wanted.policy.describe(),
            rules=tuple(describe_rule(rule, columns) for rule in wanted.rules),
            travel=describe_travel(wanted.travel),
            morning_digest=self._digest(),
            currency=columns.currency,
        )
        object.__setattr__(answer, "statistics", run.stages.statistics())
        return answer

    def _together(self, at: Any, parts: Sequence[blocks.Placed]) -> blocks.Placed:
        """What blocks tell of placements, in order of the workers' rows."""
        place = np.cumsum(at >= 0) - 1
        found: Any = blocks.Placed(*(np.concatenate(each) for each in zip(*parts, strict=True)))
        rows = np.concatenate([place[rows[at[rows] >= 0]] for rows in self.pairs.workers])
        order = np.argsort(rows)
        return blocks.Placed(found.points[order], found.minutes[order], found.pay_total[order])

    def _refuse_other_points(self, solved: SolvedMorning, placed: blocks.Placed) -> None:
        """Blocks give placements the points that the problem had."""
        assert solved.held is not None
        problem = solved.held[0]
        keys = solved.worker.astype(np.int64) * max(self.instance.columns.n_shifts, 1) + solved.shift
        where = np.searchsorted(problem.key, keys)
        is_free = self.instance.kept[solved.worker] < 0
        told = placed.points.sum(axis=1)[is_free]
        if not np.array_equal(problem.points[where[is_free]], told):
            raise CertificateError("block_other_points")

    def _warnings(
        self, solved: SolvedMorning, at: Any, answers: Sequence[blocks.Answered]
    ) -> Iterator[SoftViolation]:
        columns = self.instance.columns
        for rule in self.wanted.rules:
            name = rule_name(rule)
            rows = [
                rows[at[rows] >= 0][each.broken[name]]
                for rows, each in zip(self.pairs.workers, answers, strict=True)
                if name in each.broken
            ]
            if rows:
                workers = np.sort(np.concatenate(rows))
                ids = [(columns.worker_ids[row], columns.shift_ids[at[row]]) for row in workers.tolist()]
                yield SoftViolation(name, told_by(rule), tuple(ids))

    def _digest(self) -> str:
        def ask(names: Sequence[str]) -> list[list[Any]]:
            found = dict(self.runner.run("answer", blocks.columns_of, [(names,)] * len(self.pairs.workers)))
            return [found[at] for at in range(len(found))]

        return digest_of_parts(self.instance.columns, self.groups, self.pairs.workers, self.pairs.shifts, ask)
