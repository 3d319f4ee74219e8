"""What every change of an optimal assignment costs: shortest paths in its residual network.

Whoever is made to move sets others moving, and the cheapest chain that brings everything into order again is
a shortest path (Ahuja, Magnanti and Orlin 1993, chapter 9). The nodes are the shifts and one node for
everything outside: people at home and seats that stay empty. A unit at a shift means that somebody there has
to leave; an edge says who goes where. Lengths are reduced costs at the prices of the certificates, so none is
below 0, and all levels are in one number, in which nothing on the levels below outweighs one above.

The same paths give the proof. With ``d`` the distances, none counted beyond the length of the path, and ``o``
that of the outside, the prices ``p[k] + o - d[k]`` are dual prices of the changed problem whose value equals
that of the changed assignment: nothing better exists, and anybody can check that without a path.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from gigmatch.core.arrays import (
    BoolArray,
    Int32Array,
    Int64Array,
    per_entry,
    row_owners,
    row_pointers,
    run_pointers,
)
from gigmatch.errors import SolverError
from gigmatch.evidence.prices import combined_prices
from gigmatch.problem import Problem, Solution
from gigmatch.problem.reach import Moves

__all__ = ["IMPOSSIBLE", "NOBODY", "Change", "Residual"]

NOBODY = -1
IMPOSSIBLE = 2**61
"""No loss that is possible is as great."""
_NEVER = 2**62
_KEPT = 64
_EXACT = 2.0**53  # sums of integers below it are exact in floating point


class Change(NamedTuple):
    """The best assignment under a change, and what proves that it is the best."""

    loss: int
    """How much worse it is than today's, all levels in one number; below 0 for a gain."""
    moves: tuple[tuple[int, int, int], ...]
    """Worker row, shift row it leaves, shift row it goes to; -1 for home. In order of the chain."""
    price_changes: dict[int, int] | None
    """By shift row: what to add to the prices of the certificates. None stands for the greatest prices."""
    others: int = 0
    """What to add to the prices of the shifts not named, as far as they do not fall below 0."""


@dataclass(frozen=True, eq=False)
class _Edges:
    """Edges by tail, then head: the cheapest of each pair of nodes, and who goes along it."""

    start: Int64Array
    head: Int64Array
    cost: Int64Array
    worker: Int64Array

    def place(self, tail: int, head: int) -> int | None:
        """Where an edge stands, None if there is none."""
        low, high = self.start[tail : tail + 2].tolist()
        at = low + int(np.searchsorted(self.head[low:high], head))
        return at if at < high and self.head[at] == head else None

    def graph(self) -> Any:
        """As a sparse matrix; an entry of 0 is an edge of length 0."""
        from scipy.sparse import csr_array

        cost = np.where(self.cost >= _NEVER, np.inf, self.cost.astype(np.float64))
        index = (self.head.astype(np.int32), self.start.astype(np.int32))
        return csr_array((cost, *index), shape=(len(self.start) - 1,) * 2)


class Residual:
    """The residual network of an assignment that is proved optimal.

    Parameters
    ----------
    problem : Problem
        Every eligible pair.
    solution : Solution
        Proved optimal.
    least : mapping of str to int, optional
        As for `combined_prices`.
    """

    def __init__(self, problem: Problem, solution: Solution, least: Mapping[str, int] | None = None) -> None:
        self.problem, self.at = problem, solution.shift.astype(np.int64)
        self.outside = problem.n_shifts
        self.scales, self.worker_price, self.shift_price = combined = combined_prices(
            problem, solution, least
        )
        self.home = np.where(self.at >= 0, self.at, self.outside)
        self.filled = np.bincount(self.at[self.at >= 0], minlength=problem.n_shifts)
        self.weight = combined.of_pairs(problem)
        self.reduced = self.shift_price.take(problem.shift) - self.weight
        self.reduced += per_entry(self.worker_price, problem.indptr)
        self.edges = self._cheapest()
        self._known: dict[int, tuple[Int64Array, Int32Array]] = {}
        self._last_from: tuple[int, tuple[Int64Array, Int32Array] | None] = (NOBODY, None)

    # -- what is asked --------------------------------------------------------------------------------------

    def losses_of_worker(self, worker: int) -> Int64Array:
        """Exact loss of placing a worker at each shift of its row, not where it is now: int64[degree].

        0 at its own shift; above 2**61 where every seat is promised.
        """
        row = slice(*self.problem.indptr[worker : worker + 2])
        shift, target = self.problem.shift[row], int(self.home[worker])
        loss: Int64Array = self.reduced[row] + self._ways_to(target)[0].take(shift)
        loss[shift == target] = 0
        return np.where(self.problem.capacity.take(shift) > 0, loss, _NEVER)

    def losses_at_shift(self, shift: int) -> tuple[Int64Array, Int64Array]:
        """Every eligible worker of a shift, rows ascending, and the exact loss of placing each there."""
        pairs = self.pairs_of(shift)
        workers = self.problem.workers_of(pairs).astype(np.int64)
        home = self.home.take(workers)
        loss = self.reduced.take(pairs) + self._ways_from(shift)[0].take(home)
        loss[home == shift] = 0
        return workers, loss

    def forced(self, worker: int, shift: int, pair: int) -> Change:
        """The best assignment that has a worker at a shift; ``pair`` is the pair's position."""
        target = int(self.home[worker])
        known = self._last_from[1] if self._last_from[0] == shift else None
        distance, before = known or self._distances(shift, most=self._ways_to(target)[0][shift])
        length = int(distance[target])
        moves = ((worker, int(self.at[worker]), shift), *self._moves(before, shift, target))
        return Change(int(self.reduced[pair]) + length, moves, *self._changes(distance, length))

    def placed(self, worker: int) -> Change:
        """The best assignment that has a worker who is not placed somewhere; its row must not be empty."""
        edges, source = self.edges, self.outside + 1
        row = slice(*self.problem.indptr[worker : worker + 2])
        heads, costs = self.problem.shift[row], self.reduced[row]
        more = _Edges(
            np.append(edges.start, len(edges.head) + len(heads)),
            np.concatenate([edges.head, heads]),
            np.concatenate([edges.cost, costs]),
            edges.worker,
        )
        distance, before = _distances(more.graph(), source)
        length, first = int(distance[self.outside]), self.outside
        while before[first] != source:
            first = int(before[first])
        moves = ((worker, NOBODY, first), *self._moves(before, first, self.outside))
        return Change(length, moves, *self._changes(distance[:-1], length))

    def placed_at_most(self, worker: int) -> Change:
        """The same as `placed`, proved by the greatest prices: they prove it for all who are not placed."""
        row = slice(*self.problem.indptr[worker : worker + 2])
        shifts = self.problem.shift[row]
        losses = self.reduced[row] + self.to_outside.take(shifts)
        first = int(shifts[losses.argmin()])
        moves = (
            (worker, NOBODY, first),
            *self._moves_back(self._ways_to(self.outside)[1], first, self.outside),
        )
        return Change(int(losses.min()), moves, None)

    def filled_more(self, shift: int) -> Change:
        """The best assignment that fills an empty seat of a shift; the loss is above 2**61 if nobody can."""
        edges = self._entering(shift)
        distance, after = _distances(edges.graph().T.tocsr(), shift)
        length = int(distance[self.outside])
        moves = tuple(self._moves_back(after, self.outside, shift, edges)) if length < _NEVER else ()
        changes = self._changes(distance, length, sign=-1, must_fill=shift)
        return Change(length - int(self.shift_price[shift]), moves, *changes)

    def without_seat(self, shift: int) -> Change:
        """The best assignment with one seat less at a shift."""
        distance, before = self._distances(shift, most=self.to_outside[shift])
        length = int(distance[self.outside])
        moves = tuple(self._moves(before, shift, self.outside))
        return Change(int(self.shift_price[shift]) + length, moves, *self._changes(distance, length))

    def with_seat(self, shift: int) -> Change:
        """The best assignment with one seat more at a shift."""
        distance, after = self._distances(shift, back=True)
        price = int(self.shift_price[shift])
        length = min(int(distance[self.outside]), price)  # the seat may stay empty
        moves = tuple(self._moves_back(after, self.outside, shift)) if length < price else ()
        return Change(length - price, moves, *self._changes(distance, length, sign=-1))

    def prices_without_worker(self, worker: int) -> tuple[dict[int, int], int]:
        """Changes to the greatest prices of the others: they prove every loss of the worker at once."""
        return self._extreme(self._ways_to(int(self.home[worker]))[0], sign=-1)

    def prices_without_seat(self, shift: int) -> tuple[dict[int, int], int]:
        """Changes to the least prices with a seat less: they prove all workers' losses there at once."""
        return self._extreme(self._ways_from(shift)[0])

    def _extreme(self, distance: Int64Array, sign: int = 1) -> tuple[dict[int, int], int]:
        return self._changes(distance, int(distance[distance < _NEVER].max()), sign=sign)

    @cached_property
    def to_outside(self) -> Int64Array:
        """Distance from every shift to the outside."""
        return self._ways_to(self.outside)[0]

    @cached_property
    def greatest_price(self) -> Int64Array:
        """Exact loss of one seat less at every shift, 0 where one is empty: int64[n_shifts].

        Above 2**61 where there is no seat to lose.
        """
        price: Int64Array = np.minimum(self.shift_price + self.to_outside[:-1], _NEVER)
        return price

    @cached_property
    def least_price(self) -> Int64Array:
        """Exact gain of one seat more at every shift: int64[n_shifts]."""
        price: Int64Array = np.maximum(self.shift_price - self._distances(self.outside)[0][:-1], 0)
        return price

    def moves_after_loss(self, shift: int) -> tuple[tuple[int, int, int], ...]:
        """The moves after which one seat less of a shift is taken, at the loss of `greatest_price`."""
        return tuple(self._moves_back(self._ways_to(self.outside)[1], shift, self.outside))

    def pairs_of(self, shift: int) -> Int64Array:
        """Positions of all pairs of a shift, ascending."""
        start, order = self._columns
        return order[start[shift] : start[shift + 1]]

    def reach(self, shifts: Int64Array, *, back: bool = False) -> BoolArray:
        """Shifts to which people of some shifts could move on, directly or by others moving: bool[n_shifts].

        ``back``: from which people could move there.
        """
        return self._inside.reach(shifts, back=back)

    @cached_property
    def from_home(self) -> BoolArray:
        """Shifts that somebody at home could come to, directly or by others moving on: bool[n_shifts]."""
        waiting = (self.at < 0)[self.problem.worker]
        return self.reach(np.unique(self.problem.shift[waiting]).astype(np.int64))

    # -- the network ----------------------------------------------------------------------------------------

    def _cheapest(self) -> _Edges:
        """Of all moves between two nodes the cheapest one, the lowest row among equals."""
        problem, outside = self.problem, self.outside
        tail = per_entry(self.home, problem.indptr)
        moving = np.flatnonzero(tail != problem.shift)
        holders, shifts = np.flatnonzero(self.at >= 0), np.arange(outside)
        free, held = shifts[self.filled < problem.capacity], shifts[self.filled > 0]
        tails = (tail[moving], self.at[holders], free, np.full(len(held), outside))
        heads = (problem.shift[moving], np.full(len(holders) + len(free), outside), held)
        costs = (
            self.reduced[moving],
            self.worker_price[holders],
            np.zeros(len(free), np.int64),
            self.shift_price[held],
        )
        workers = (problem.workers_of(moving), holders, np.full(len(free) + len(held), NOBODY))
        tail, head, cost, worker = (np.concatenate(part) for part in (tails, heads, costs, workers))
        return _least_of_each(tail, head, cost, worker, outside + 1)

    def _entering(self, shift: int) -> _Edges:
        """The network in which nothing but a person comes to a shift: its seats must not just stay empty."""
        edge = self.edges.place(self.outside, shift)
        if edge is None:
            return self.edges
        cost, worker = self.edges.cost.copy(), self.edges.worker.copy()
        pairs = self.pairs_of(shift)
        pairs = pairs[self.at[self.problem.workers_of(pairs)] < 0]
        cost[edge] = _NEVER
        if len(pairs):
            least = pairs[self.reduced[pairs].argmin()]
            cost[edge], worker[edge] = self.reduced[least], self.problem.workers_of(least)
        return replace(self.edges, cost=cost, worker=worker)

    @cached_property
    def _graphs(self) -> tuple[Any, Any]:
        """The network forward and backward."""
        graph = self.edges.graph()
        return graph, graph.T.tocsr()

    @cached_property
    def _inside(self) -> Moves:
        """Who could move where, the outside left out."""
        edges = self.edges
        tail = row_owners(edges.start)
        some = (tail != self.outside) & (edges.head != self.outside)
        return Moves(tail[some], edges.head[some], self.outside)

    @cached_property
    def _columns(self) -> tuple[Int64Array, Int64Array]:
        order = np.argsort(self.problem.shift, kind="stable")
        count = np.bincount(self.problem.shift, minlength=self.outside)
        return row_pointers(count), order

    def _distances(
        self, node: int, *, back: bool = False, most: float = np.inf
    ) -> tuple[Int64Array, Int32Array]:
        """Distances from a node, or to it, as far as ``most``, and the neighbour on the way."""
        return _distances(self._graphs[1 if back else 0], node, most)

    def _ways_to(self, node: int) -> tuple[Int64Array, Int32Array]:
        """Distances to a node, kept for the next question."""
        if node not in self._known:
            if len(self._known) > _KEPT:
                self._known.clear()
            self._known[node] = self._distances(node, back=True)
        return self._known[node]

    def _ways_from(self, node: int) -> tuple[Int64Array, Int32Array]:
        """Distances from a node, kept for questions about the same one."""
        last, known = self._last_from
        if known is None or last != node:
            known = self._distances(node)
            self._last_from = (node, known)
        return known

    def _moves(self, before: Int32Array, start: int, end: int) -> list[tuple[int, int, int]]:
        """The moves along the path from ``start`` to ``end``, given everybody's predecessor."""
        path = [end]
        while path[-1] != start:
            path.append(int(before[path[-1]]))
        return self._along(path[::-1], self.edges)

    def _moves_back(
        self, after: Int32Array, start: int, end: int, edges: _Edges | None = None
    ) -> list[tuple[int, int, int]]:
        """The moves along the path from ``start`` to ``end``, given everybody's successor."""
        path = [start]
        while path[-1] != end:
            path.append(int(after[path[-1]]))
        return self._along(path, edges or self.edges)

    def _along(self, path: list[int], edges: _Edges) -> list[tuple[int, int, int]]:
        workers = [int(edges.worker[edges.place(*step)]) for step in pairwise(path)]
        ends = [(self._shift(tail), self._shift(head)) for tail, head in pairwise(path)]
        return [(worker, *end) for worker, end in zip(workers, ends, strict=True) if worker != NOBODY]

    def _shift(self, node: int) -> int:
        return NOBODY if node == self.outside else node

    def _changes(
        self, distance: Int64Array, length: int, sign: int = 1, must_fill: int | None = None
    ) -> tuple[dict[int, int], int]:
        """Price changes that go with a shortest path: by shift, and of all the others.

        Distances beyond the end of the path count as its length, and the outside is where prices are 0. No
        price falls below 0, but for that of a shift where a seat must be filled.
        """
        near = np.minimum(distance, length)
        change = sign * (near[self.outside] - near[:-1])
        free = change[must_fill] if must_fill is not None else 0
        np.maximum(change, -self.shift_price, out=change)
        if must_fill is not None:
            change[must_fill] = free
        others = sign * (int(near[self.outside]) - length)
        named = np.flatnonzero(change != others)
        return dict(zip(named.tolist(), change[named].tolist(), strict=True)), others


def _distances(graph: Any, node: int, most: float = np.inf) -> tuple[Int64Array, Int32Array]:
    """Distances from a node, `_NEVER` where there is no way so short, and the neighbour before on the way."""
    from scipy.sparse.csgraph import dijkstra

    distance, neighbour = dijkstra(graph, indices=node, return_predecessors=True, limit=most)
    far = ~np.isfinite(distance)
    distance[far] = 0
    if distance.max(initial=0) >= _EXACT:
        raise SolverError("distances_too_large")
    exact = distance.astype(np.int64)
    exact[far] = _NEVER
    return exact, neighbour


def _least_of_each(
    tail: Int64Array, head: Int64Array, cost: Int64Array, worker: Int64Array, size: int
) -> _Edges:
    """Per tail and head the entry of least cost; of equal ones the first."""
    key = tail * size + head
    order = np.argsort(key, kind="stable")
    key, cost, worker = key[order], cost[order], worker[order]
    runs = run_pointers(key)
    first = runs[:-1]
    least = np.minimum.reduceat(cost, first)
    hits = np.flatnonzero(cost == per_entry(least, runs))
    chosen = hits[np.searchsorted(hits, first)]
    tails, heads = np.divmod(key[first], size)
    start = np.searchsorted(tails, np.arange(size + 1))
    return _Edges(start, heads, least, worker[chosen])
