"""Branch and bound on one level: column generation at every node, and a certificate of what was looked at."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from gigmatch.core.arrays import Float64Array, IndexArray, Int64Array
from gigmatch.problem.integers import exact_sum
from gigmatch.problem.plans import LEAF, PAIR, TEAM, Branching, Decision, PlanCertificate, Split
from gigmatch.solvers.base import Control
from gigmatch.solvers.plans.bounds import Bounds, Proved
from gigmatch.solvers.plans.decisions import Decisions
from gigmatch.solvers.plans.master import Master, MasterAnswer
from gigmatch.solvers.plans.parts import in_parts
from gigmatch.solvers.plans.whole import among, by_diving, undecided

__all__ = ["Node", "Tree"]

_WHOLE: Final = 1e-6
_SMOOTH: Final = 0.5
_FEW: Final = 0.01  # plans a unit
_USED: Final = 1e-3
_MANY: Final = 0.1  # units in the middle between plans
_PLANS: Final = 2000
_EVERY: Final = 200_000  # plans
_FAR: Final = 0.01  # of the bound
_NODES: Final = 5000
_ROWS: Final = 50_000  # HiGHS looks at no clock for minutes in larger integer programs of many columns
_FIRST_TRY: Final = 1e-3  # of the value


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices as floats, in units of a point."""

    shift: Float64Array
    """float64[n_shifts]."""
    pair: Float64Array
    """What comes on top, of every pair with a row of its own."""
    multipliers: Float64Array
    """Of the levels above."""

    @classmethod
    def of(cls, answer: MasterAnswer) -> Prices:
        """The prices of a linear program."""
        return cls(answer.shift_price, answer.pair_price, answer.multipliers)

    def towards(self, centre: Prices, share: float) -> Prices:
        """Prices on the way to others, which may lack the latest rows."""
        pair = (1 - share) * self.pair
        pair[: len(centre.pair)] += share * centre.pair
        return Prices(
            (1 - share) * self.shift + share * centre.shift,
            pair,
            (1 - share) * self.multipliers + share * centre.multipliers,
        )


@dataclass(eq=False)
class Node:
    """A node: what was decided before it, and the best that is proved there."""

    path: tuple[Decision, ...]
    split: Split
    bound: int | None
    """None where nothing is feasible."""
    children: list[Node] = field(default_factory=list)
    """Where the decision holds, and where it does not."""


class Tree:
    """The search on one level.

    Parameters
    ----------
    master : Master
        Aimed at the level, with rows for those above.
    bounds : Bounds
        Of the level.
    control : Control
        When to stop.
    split : Split
        One to begin with.
    scale : int
        Of the splits.
    accept : callable
        Told the pairs of every answer that is found; returns those of the best answer that has the values of
        the levels above, None where there is none.
    """

    def __init__(
        self,
        master: Master,
        bounds: Bounds,
        control: Control,
        split: Split,
        scale: int,
        accept: Callable[[Int64Array | None], Int64Array | None],
    ) -> None:
        self.master, self.bounds, self.control = master, bounds, control
        self.problem, self.units, self.teams = bounds.problem, bounds.units, bounds.teams
        self.scale, self._accept = scale, accept
        self._take(None)
        self.centre: Prices | None = None
        self._try_at = _FIRST_TRY
        self.root = Node((), split, None)
        self.root.bound = bounds.of(split, self._decisions(self.root)).bound
        weights = [weight for weight, _ in bounds.above]
        reach = sum(int(np.abs(weight).max(initial=0)) for weight in weights)
        self._tolerance = (2 + reach) * (self.units.width + 2)

    @property
    def bound(self) -> int:
        """What nothing exceeds, as far as it is proved."""
        bounds = [leaf.bound for leaf in self._leaves() if leaf.bound is not None]
        return max(bounds, default=-(1 << 62))

    def run(self) -> None:
        """Go on until the level is closed; what stops it leaves what is proved so far."""
        waiting = [(0, 0, self.root)]
        made = 1
        while waiting:
            _, _, node = heapq.heappop(waiting)
            if self._is_closed(node):
                continue
            self.control.count("nodes")
            answer = self._solve(node)
            if answer is None:
                continue
            if node is self.root:
                self._try_whole(node, answer)
                if self._is_closed(node):
                    return
            decision = self._branch(node, answer)
            children = [self._child(node, Decision(*decision, holds)) for holds in (True, False)]
            node.children = children  # at once: what is stopped claims what its leaves prove
            for child in children:
                heapq.heappush(waiting, (-(child.bound or 0), made, child))
                made += 1

    def _child(self, node: Node, decision: Decision) -> Node:
        """A node after one more decision, which proves what the split before it does."""
        child = Node((*node.path, decision), node.split, node.bound)
        child.bound = _least(child.bound, self.bounds.of(child.split, self._decisions(child)).bound)
        return child

    def certificate(self, level: str) -> PlanCertificate:
        """The proof of the bound."""
        kind, what, splits, seen = [], [], list[Split](), dict[int, int]()
        stack = [self.root]
        while stack:
            node = stack.pop()
            if node.children:
                of, at, _ = node.children[0].path[-1]
                kind.append(of)
                what.append(at)
                stack += reversed(node.children)
                continue
            if id(node.split) not in seen:
                seen[id(node.split)] = len(splits)
                splits.append(node.split)
            kind.append(LEAF)
            what.append(seen[id(node.split)])
        branching = Branching(kind=np.array(kind, np.int64), what=np.array(what, np.int64))
        return PlanCertificate(level=level, branching=branching, splits=tuple(splits))

    def _leaves(self) -> list[Node]:
        found, stack = [], [self.root]
        while stack:
            node = stack.pop()
            stack += node.children
            if not node.children:
                found.append(node)
        return found

    def _decisions(self, node: Node) -> Decisions:
        return Decisions.of(self.problem, self.units, self.teams, node.path)

    def _is_closed(self, node: Node) -> bool:
        return node.bound is None or (self.value is not None and node.bound <= self.value)

    def _solve(self, node: Node) -> MasterAnswer | None:
        """The linear program of a node; None once it is closed."""
        decisions = self._decisions(node)
        self.master.decide(decisions)
        answer = self._generate(node, decisions, self.scale)
        if answer is not None and answer.slack > _WHOLE:
            self.master.only_feasible(True)
            try:
                answer = self._generate(node, decisions, 0)
            finally:
                self.master.only_feasible(False)
        if answer is None:
            return None
        if _is_whole(answer):
            self._take(np.flatnonzero(answer.taken > 0.5))
        return None if self._is_closed(node) else answer

    def _generate(self, node: Node, decisions: Decisions, scale: int) -> MasterAnswer | None:
        """Solve and add plans and rows until nothing is left to add; None once the node is closed.

        Plans are first looked for under prices half way to the best ones known, then under the program's own.
        """
        while True:
            answer = self.master.solve(corner=node is not self.root)
            own = Prices.of(answer)
            smooth = [] if self.centre is None or not scale else [own.towards(self.centre, _SMOOTH)]
            due = np.rint(answer.unit_price * self.scale).astype(np.int64) + self._tolerance
            added = 0
            for prices in (*smooth, own):
                best = self._prove(node, decisions, prices, scale).best
                if self._is_closed(node):
                    return None
                worth = best.value
                if prices is not own:
                    worth = self.bounds.worth_of(self._split(own, scale), best.plan)
                better = np.flatnonzero(worth > due)
                added += self.master.add_plans(better, best.plan[better])
                if added > _FEW * self.units.n_units:
                    break
            rows = self._missing_rows(answer)
            self.master.add_pair_rows(rows)
            if node is self.root and scale:
                self._try_some(node, decisions, answer)
                if self._is_closed(node):
                    return None
            is_least = scale and answer.slack < _WHOLE and (node.bound or 0) <= answer.objective + _WHOLE
            if is_least or not (added or len(rows)):
                return self.master.solve()

    def _prove(self, node: Node, decisions: Decisions, prices: Prices, scale: int) -> Proved:
        """The bound of some prices, kept if it is the best of the node."""
        self.control.count("rounds")
        split = self._split(prices, scale)
        proved = self.bounds.of(split, decisions)
        if proved.bound is None or node.bound is None or proved.bound < node.bound:
            node.split, node.bound = split, proved.bound
            if scale:
                self.centre = prices
        return proved

    def _split(self, prices: Prices, scale: int) -> Split:
        """Prices as whole numbers; ``scale`` 0 weighs nothing."""
        by = self.scale

        def whole(prices: Float64Array) -> Int64Array:
            return np.rint(prices * by).astype(np.int64)

        shift_price = whole(prices.shift)
        shift_price[self.teams.plain] = np.maximum(shift_price[self.teams.plain], 0)
        more = whole(prices.pair)
        some = np.flatnonzero(more)
        pair = self.master.row_pair[some]
        price = shift_price[self.problem.pairs.shift[pair]] + more[some]
        order = np.argsort(pair)
        return Split(
            scale=scale,
            multipliers=tuple(whole(prices.multipliers).tolist()),
            shift_price=shift_price,
            pair=pair[order],
            pair_price=price[order],
        )

    def _missing_rows(self, answer: MasterAnswer) -> Int64Array:
        """Pairs of teams that are taken more than their team comes, and have no row."""
        entry = self.teams.entry
        comes = answer.comes[self.teams.of_shift[self.problem.pairs.shift[entry]]]
        missing = entry[answer.taken[entry] > comes + _WHOLE]
        return np.setdiff1d(missing, self.master.row_pair)

    def _try_some(self, node: Node, decisions: Decisions, answer: MasterAnswer) -> None:
        """Look for a good answer among the plans in use, each time that the gap of the root is a tenth."""
        gap = ((node.bound or 0) - answer.objective) / max(abs(answer.objective), 1.0)
        if gap <= self._try_at and answer.slack < _WHOLE:
            self._try_at = gap / 10
            self._try_used(decisions, answer)

    def _try_used(self, decisions: Decisions, answer: MasterAnswer) -> None:
        if undecided(self.master, answer) > _MANY:
            self._take(by_diving(self.master, answer, decisions))
            return
        usable = np.zeros(len(self.master.unit), bool)
        usable[: len(answer.used)] = answer.used > _USED
        self._take_plans(among(self.master, usable))

    def _try_whole(self, node: Node, answer: MasterAnswer) -> None:
        """Look for a good answer among the plans in use, then among all that can be in a better one.

        Far from the bound none of these is missed, where all plans there are fit into the pool. Otherwise the
        second search is left out where it could not be stopped in time; the third looks at a part at a time.
        """
        decisions = self._decisions(node)
        self._try_used(decisions, answer)
        if self._is_closed(node) or self.value is None:
            return
        is_far = (node.bound or 0) - self.value > _FAR * abs(node.bound or 0)
        every = self.units.every(_EVERY) if is_far else None
        if every is not None:
            self.master.add_plans(*every)
            self._take_plans(among(self.master, self._losses(node, decisions)[0] >= 0, nodes=_NODES))
            return
        usable = self._losses(node, decisions)[0] >= 0
        is_small = undecided(self.master, answer) <= _MANY or usable.sum() < _PLANS
        if is_small and self.master.highs.getNumRow() <= _ROWS:
            self._take_plans(among(self.master, usable))
        if not self._is_closed(node):
            self._improve(node, decisions)

    def _improve(self, node: Node, decisions: Decisions) -> None:
        """Make the best answer better part by part."""
        assert self.best is not None
        self.master.plans_of(self.best)
        for better in in_parts(self.master, self.best, *self._losses(node, decisions)):
            self._take(better)
            if self._is_closed(node):
                return

    def _losses(self, node: Node, decisions: Decisions) -> tuple[Int64Array, Int64Array, Int64Array]:
        """What plans, and units without any, lose against prices, and these, of every pair.

        A plan that no better answer has loses -1.
        """
        best = self.bounds.of(node.split, decisions).best
        price, _ = self.bounds.sides(node.split)
        lost = best.value[self.master.unit] - self.bounds.worth_of(node.split, self.master.pool)
        room = self.scale * ((node.bound or 0) - (self.value or 0))
        return np.where(lost <= room, np.maximum(lost, 0), -1), best.value, price

    def _take_plans(self, plans: IndexArray | None) -> None:
        if plans is not None:
            self._take(self.master.pairs_of(plans))

    def _take(self, pairs: Int64Array | None) -> None:
        self.best = self._accept(pairs)
        self.value = None if self.best is None else exact_sum(self.bounds.weight[self.best])

    def _branch(self, node: Node, answer: MasterAnswer) -> tuple[int, int]:
        """What to decide next: the team, else the pair, that is nearest to a half; the first of several."""
        team = np.abs(answer.comes - 0.5)
        if len(team) and team.min() < 0.5 - _WHOLE:
            return TEAM, int(self.teams.shift[self.teams.first[team.argmin()]])
        pair = np.abs(answer.taken - 0.5)
        if len(pair) and pair.min() < 0.5 - _WHOLE:
            return PAIR, int(pair.argmin())
        decided = {what for kind, what, _ in node.path if kind == PAIR} | {*self.problem.kept.tolist()}
        return PAIR, next(pair for pair in range(len(answer.taken)) if pair not in decided)


def _is_whole(answer: MasterAnswer) -> bool:
    if answer.slack > _WHOLE:
        return False
    return all((np.abs(part - np.rint(part)) < _WHOLE).all() for part in (answer.taken, answer.comes))


def _least(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else min(one, other)
