"""Everything that is computed, held to stored digests: moving code about must not change a single number.

Texts, the file format and the choice of ``auto`` may change; so every solver is named and prose is left out.
A digest is taken of each part of each case, so that a difference names what has changed. The accessors below
are the only place that knows where the library keeps something; when that moves, they follow, the digests do
not. ``python tests/test_digests.py --write`` stores the digests anew.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gigmatch as gm
from gigmatch.core.kernels import is_available
from gigmatch.pairing.rules import apply_rule, rule_name
from gigmatch.pairing.scoring import GoodPay, apply_scorer, scorer_name
from gigmatch.scenarios.families import EVERY

STORED = Path(__file__).with_name("digests.json")
DATA = Path(__file__).parents[1] / ".." / "shared" / "data"
PROSE = frozenset({"sentence", "unit"})
"""Keys of reasons that hold text for people."""
YOUNGER = frozenset({"for_three", "max_shifts", "max_hours_today", "least_break_min", "hours_today"})
"""Keys and rules that were not there when digests were stored."""
RENAMED: dict[str, str] = {}
"""New name of a key, kind, level or status -> the name under which its digest was stored."""
EXACT = ("mincostflow", "auction") if is_available() else ("mincostflow",)

Parts = Iterator[tuple[str, Any]]


# -- how to read what was computed --------------------------------------------------------------------------


def problem_of(assignment: gm.Assignment) -> gm.Problem:
    """The problem without the promised pairs, of the pairs held while solving."""
    return assignment.solved.held[1]


def columns_of(assignment: gm.Assignment) -> gm.Columns:
    """The morning as arrays."""
    return assignment.solved.columns


def held_pairs(assignment: gm.Assignment) -> dict[str, Any]:
    """The eligible pairs held while solving, in rows by worker, with their points in hundredths."""
    held = assignment.solved.held[0]
    worker = np.repeat(np.arange(len(held.indptr) - 1), np.diff(held.indptr))
    return {"worker": worker, "shift": held.shift, "points": held.points}


def first_come_of(assignment: gm.Assignment) -> Any:
    """Shift row of every worker, first come, first served."""
    return assignment.solved.held[0].first_come


def certificates_of(solution: gm.Solution) -> list[dict[str, Any]]:
    """Every certificate, in order of the levels."""
    return [
        {
            "level": old(proof.level),
            "draw": proof.draw,
            "multiplier": proof.multiplier or sum(proof.multipliers.values()),
            "worker_price": proof.worker_price,
            "shift_price": proof.shift_price,
        }
        for proof in solution.certificates
    ]


def claim_of(solution: gm.Solution) -> dict[str, Any]:
    """What a solution says of itself."""
    figures = {"value": solution.value, "bound": solution.bound, "gap": solution.gap}
    return figures | {"status": old(solution.status), "stopped": old(solution.stopped)}


def shift_rows(solution: gm.Solution) -> Any:
    """Shift row of every worker of the problem, -1 for none."""
    return solution.shift


def problem_arrays(problem: gm.Problem) -> dict[str, Any]:
    """Everything that a problem is made of."""
    names = ("indptr", "shift", "weight", "capacity", "tier", "lot", "shift_lot")
    return {name: getattr(problem, name) for name in names}


def shifts_of(assignment: gm.Assignment) -> dict[str, Any]:
    """Ids, seats and tiers of the shifts, and how many could take them."""
    return {
        "ids": assignment.shift_ids,
        "headcount": assignment.headcount,
        "tier": assignment.tier,
        "eligible": assignment.eligible_workers,
    }


def workers_of(assignment: gm.Assignment) -> dict[str, Any]:
    """Ids of the workers by row, and how many shifts each could take."""
    return {"ids": assignment.worker_ids, "eligible": assignment.eligible_shifts}


def points_by_scorer(assignment: gm.Assignment) -> dict[str, Any]:
    """Points of every placement by scorer, in hundredths."""
    return dict(zip(assignment.scorers, np.asarray(assignment.points_by_scorer).T, strict=True))


def placements_of(assignment: gm.Assignment) -> dict[str, Any]:
    """Who is placed where, with points, minutes, pay, and whether it was promised."""
    rows = assignment.placements
    return {
        "pairs": [(row.worker_id, row.shift_id) for row in rows],
        "points": [row.points for row in rows],
        "minutes": [row.minutes for row in rows],
        "pay": [row.pay_total for row in rows],
        "promised": [row.kept for row in rows],
    }


def left_over(assignment: gm.Assignment) -> dict[str, Any]:
    """Workers without a shift and shifts with open seats, and how many pairs each could have been in."""
    return {
        "workers": [(row.worker_id, row.eligible_shifts) for row in assignment.unplaced],
        "shifts": [(row.shift_id, row.open_seats, row.eligible_workers) for row in assignment.open_shifts],
    }


def headline(summary: Any) -> dict[str, Any]:
    """Headline figures."""
    return {
        "workers": summary.workers,
        "placements": summary.placements,
        "shifts": summary.shifts,
        "seats": summary.seats,
        "open_shifts": summary.open_shifts,
        "seats_by_tier": summary.seats_by_tier,
        "mean_points": summary.mean_points,
        "wages_offered": summary.wages_offered,
        "median_travel_min": summary.median_travel_min,
    }


def warned(assignment: gm.Assignment) -> dict[str, Any]:
    """Placed pairs against each rule that warns."""
    return {warning.rule: warning.pairs for warning in assignment.warnings}


def difference(new: gm.Assignment, before: gm.Assignment) -> dict[str, Any]:
    """What changed between two assignments."""
    found = new.diff(before)
    names = ("placed", "dropped", "moved", "unchanged")
    return {name: getattr(found, name) for name in names}


def explained(morning: Any, assignment: gm.Assignment, options: Mapping[str, Any]) -> gm.Explainer:
    """What explains an assignment, given the plug-ins of the market's own that it was made with."""
    own = {name: options[name] for name in ("rules", "travel") if name in options}
    scorers = [scorer for scorer, _ in options.get("policy", gm.DEFAULT_POLICY).scorers]
    return gm.explain(morning, assignment, scorers=scorers, **own)


def said(record: Any) -> Any:
    """A reason, advice, plan or part of one as data; what is prose is dropped when it is hashed."""
    return _as_stored(record.model_dump(mode="json"))


def _as_stored(value: Any) -> Any:
    """Proofs of an outcome under the names of its two levels."""
    if isinstance(value, list):
        return [_as_stored(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"moves", "proofs"}:
        *above, points = value["proofs"]
        return {
            "moves": value["moves"],
            "bonus": points["multipliers"].get("seats", 0),
            "seat_prices": above[0]["prices"] if above else {},
            "prices": points["prices"],
        }
    return {name: _as_stored(entry) for name, entry in value.items()}


# -- digests ------------------------------------------------------------------------------------------------


def old(name: str) -> str:
    """The name under which something was stored."""
    return RENAMED.get(name, name)


def digest(value: Any) -> str:
    """Of plain data and arrays, whatever their dtype; floats count to the last bit."""
    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def plain(value: Any) -> Any:
    """Data for JSON: arrays by their bytes, old names, no prose."""
    if isinstance(value, Mapping):
        told = {old(str(key)): entry for key, entry in value.items()}
        if isinstance(told.get("kind"), str):
            told["kind"] = old(told["kind"])
        return {key: plain(entry) for key, entry in told.items() if key not in PROSE | YOUNGER}
    if isinstance(value, np.ndarray):
        return [list(value.shape), hashlib.sha256(canonical(value)).hexdigest()]
    if isinstance(value, np.generic):
        return value.item()
    return [plain(entry) for entry in value] if isinstance(value, list | tuple) else value


def canonical(array: np.ndarray) -> bytes:
    """Bytes of the numbers, the same for every dtype that holds them, every NaN and both zeros."""
    if array.dtype.kind != "f":
        return array.astype("<i8").tobytes()
    return np.where(np.isnan(array), np.nan, array + 0.0).astype("<f8").tobytes()


# -- mornings -----------------------------------------------------------------------------------------------


def evens(columns: gm.Columns, pairs: gm.Pairs) -> Any:
    """A scorer of a market's own: shifts of even rows."""
    return (pairs.shift % 2 == 0).astype(np.float64)


def not_every_pair(columns: gm.Columns, pairs: gm.Pairs) -> Any:
    """Nobody goes where the rows add up to a multiple of five."""
    return (pairs.worker.astype(np.int64) + pairs.shift) % 5 != 0


def zones() -> gm.ZoneMatrix:
    """Four zones around the market, five to fifty minutes apart."""
    centres = [(39.90, 116.10), (39.95, 116.20), (39.90, 116.30), (39.85, 116.20)]
    places = [gm.Location(lat=lat, lon=lon, datum="WGS-84") for lat, lon in centres]
    minutes = 5.0 + 15.0 * np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
    return gm.ZoneMatrix(places, minutes, minutes * 400)


def day(sample: str, number: int, workers: int) -> gm.samples.Day:
    """The day of this number, every day before it matched."""
    if number == 1:
        return gm.samples.first_day(sample, seed=7, workers=workers)
    before = day(sample, number - 1, workers)
    return before.after(gm.match(before.morning, solver="mincostflow").pairs)


def own_policy() -> gm.Policy:
    policy = gm.DEFAULT_POLICY.with_weight("waiting", 40).with_weight("pay", 0.25).with_seed(11)
    return policy.with_scorer(evens, 7.5)


def promises(morning: gm.Morning) -> dict[str, Any]:
    """Some pairs of another assignment of the morning promised, some of them barred."""
    other = gm.match(morning, solver="mincostflow", policy=gm.DEFAULT_POLICY.only("pay")).pairs
    return {"keep": other[::6], "forbid": other[1::6]}


POINTS = {"policy": gm.DEFAULT_POLICY.with_objective("points")}
DRAWN: dict[str, tuple[Callable[[], Any], Any]] = {
    "jingshi 7": (lambda: gm.samples.jingshi(7, workers=300), {}),
    "jingshi 8": (lambda: gm.samples.jingshi(8, workers=120), {}),
    "jingshi large": (lambda: gm.samples.jingshi(7, workers=500), {}),
    "majuqiao 7": (lambda: gm.samples.majuqiao(7, workers=500), {}),
    "majuqiao 3": (lambda: gm.samples.majuqiao(3, workers=150), {}),
    "mentougou 7": (lambda: gm.samples.mentougou(7, workers=100), {}),
    "mentougou 5": (lambda: gm.samples.mentougou(5, workers=60), {}),
    "city": (lambda: gm.samples.city(400, 80, seed=2), {}),
    "city short of people": (lambda: gm.samples.city(150, 120, seed=3), {}),
    "jingshi, day 2": (lambda: day("jingshi", 2, 250).morning, {}),
    "jingshi, day 4": (lambda: day("jingshi", 4, 250).morning, {}),
    "majuqiao, day 3": (lambda: day("majuqiao", 3, 250).morning, {}),
    "mentougou, day 2": (lambda: day("mentougou", 2, 80).morning, {}),
    "promises": (lambda: gm.samples.jingshi(9, workers=300), promises),
    "promises, points": (
        lambda: gm.samples.mentougou(9, workers=80),
        lambda morning: promises(morning) | POINTS,
    ),
    "points": (lambda: gm.samples.jingshi(10, workers=250), POINTS),
    "points, fair": (lambda: gm.samples.mentougou(6, workers=80), POINTS),
    "own weights": (lambda: gm.samples.jingshi(11, workers=250), {"policy": own_policy()}),
    "few scorers": (
        lambda: gm.samples.majuqiao(12, workers=250),
        {"policy": gm.Policy(((GoodPay(), 10),), seed=5)},
    ),
    "own rule": (
        lambda: gm.samples.jingshi(13, workers=250),
        {"rules": (*gm.DEFAULT_RULES, not_every_pair)},
    ),
    "own speed": (
        lambda: gm.samples.jingshi(14, workers=150),
        {"travel": gm.StraightLine(detour=1.5)},
    ),
    "zones": (lambda: gm.samples.jingshi(15, workers=150), {"travel": zones()}),
    "nobody": (lambda: gm.samples.jingshi(7, workers=50).model_copy(update={"workers": ()}), {}),
}


@cache
def drawn(name: str) -> tuple[Any, dict[str, Any]]:
    """A morning and what it is matched with."""
    draw, options = DRAWN[name]
    morning = draw()
    return morning, options(morning) if callable(options) else options


@cache
def matched(name: str, solver: str) -> gm.Assignment:
    morning, options = drawn(name)
    return gm.match(morning, solver=solver, **options)


# -- cases --------------------------------------------------------------------------------------------------


def of_solution(solution: gm.Solution) -> Parts:
    """What a solver answers and proves."""
    yield "claim", claim_of(solution)
    yield "rows", shift_rows(solution)
    proofs = certificates_of(solution)
    for field in ("level", "draw", "multiplier", "worker_price", "shift_price"):
        yield f"{field} of every certificate", [proof[field] for proof in proofs]


def of_assignment(assignment: gm.Assignment) -> Parts:
    """The answer in ids, and the proof."""
    yield from placements_of(assignment).items()
    yield "points by scorer", points_by_scorer(assignment)
    yield "left over", left_over(assignment)
    yield "warnings", warned(assignment)
    yield "summary", headline(assignment.summary)
    yield "seats by tier", headline(assignment.summary)["seats_by_tier"]
    yield from of_solution(assignment.solution)


def of_another_way(assignment: gm.Assignment) -> Parts:
    """The answer and the proof of a run that leads to an answer told in full elsewhere."""
    yield "placements", placements_of(assignment)
    yield from of_solution(assignment.solution)


def of_input(assignment: gm.Assignment) -> Parts:
    """What was there to be matched."""
    yield "workers", workers_of(assignment)
    yield "shifts", shifts_of(assignment)
    for name, value in held_pairs(assignment).items():
        yield f"eligible pairs, {name}", value
    yield "problem", problem_arrays(problem_of(assignment))
    yield "first come, first served", first_come_of(assignment)
    yield "baseline", headline(assignment.baseline)


def of_plugins(morning: Any, assignment: gm.Assignment, options: Mapping[str, Any]) -> Parts:
    """Feasible pairs, the verdict of every rule on a spread of pairs, and the score of every scorer."""
    columns, rules = columns_of(assignment), options.get("rules", gm.DEFAULT_RULES)
    travel = options.get("travel", gm.StraightLine())
    feasible = gm.feasible_pairs(columns, rules, travel)
    yield "feasible pairs", [np.asarray(feasible.worker), np.asarray(feasible.shift)]
    yield "feasible pairs, minutes", np.asarray(feasible.minutes)
    yield "estimated pairs", gm.estimate_pairs(columns, rules, travel)
    policy = options.get("policy", gm.DEFAULT_POLICY)
    yield "policy's points", policy.points(columns, feasible)
    yield "policy's breakdown", policy.breakdown(columns, feasible)
    for scorer, _ in policy.scorers:
        yield f"score of {scorer_name(scorer)}", apply_scorer(scorer, columns, feasible)
    cells = np.arange(0, columns.n_workers * columns.n_shifts, 7)
    worker, shift = np.divmod(cells, max(columns.n_shifts, 1))
    some = gm.Pairs(columns, travel, worker.astype(np.int32), shift.astype(np.int32))
    for rule in (each for each in rules if rule_name(each) not in YOUNGER):
        yield f"verdict of {rule_name(rule)}", apply_rule(rule, columns, some)


def under(prefix: str, parts: Parts) -> Parts:
    return ((f"{prefix}: {name}", value) for name, value in parts)


def match_case(name: str) -> Parts:
    """Matched in every way that the library knows, each solver by name."""
    morning, options = drawn(name)
    exact = matched(name, "mincostflow")
    yield from of_input(exact)
    yield from of_plugins(morning, exact, options)
    for solver in EXACT:
        yield from under(solver, of_assignment(matched(name, solver)))
        yield from under(f"{solver}, problem alone", of_solution(gm.solve(problem_of(exact), solver)))
    few = max(problem_of(exact).n_pairs // 3, 2 * len(exact.worker_ids), 2)
    for solver in EXACT:
        some = gm.match(morning, solver=solver, max_pairs=few, **options)
        yield from under(f"{solver}, some pairs", of_another_way(some))
        yield f"{solver}, some pairs: held", held_pairs(some)
    greedy = matched(name, "greedy")
    yield from under("greedy", of_assignment(greedy))
    yield from under("greedy", difference(exact, greedy).items())
    stopped = gm.match(morning, solver="mincostflow", time_limit_s=0, **options)
    yield from under("stopped", of_another_way(stopped))
    if "auction" in EXACT:
        started = gm.match(morning, solver="auction", start=greedy, **options)
        yield from under("auction, started", of_another_way(started))


def newcomers(morning: gm.Morning) -> Iterator[dict[str, Any]]:
    """Somebody without a skill, and somebody with each of a few."""
    at = {"station_id": morning.workers[0].station_id} if morning.workers else {}
    yield {"id": "walk-in", **at}
    for skill in morning.skills[:6]:
        yield {"id": f"walk-in {skill.code}", **at, "skills": [{"skill": skill.code, "level": 3}]}


def spread(items: Any, count: int) -> list[Any]:
    """At most so many, evenly."""
    items = list(items)
    return items[:: max(len(items) // count, 1)][:count]


def questions(explainer: gm.Explainer) -> Parts:
    """Every question that takes ids, asked of people and shifts spread over the morning."""
    assignment = explainer.assignment
    placed, waiting = dict(assignment.pairs), [row.worker_id for row in assignment.unplaced]
    some, shifts = spread(assignment.worker_ids, 12), spread(assignment.shift_ids, 8)
    yield "why", [said(explainer.why(worker)) for worker in spread(placed, 12)]
    yield "why, one alternative", [said(explainer.why(w, alternatives=1)) for w in spread(placed, 4)]
    held = held_pairs(assignment)
    eligible = zip(spread(held["worker"].tolist(), 30), spread(held["shift"].tolist(), 30), strict=True)
    ids = [(assignment.worker_ids[i], assignment.shift_ids[j]) for i, j in eligible]
    asked = [pair for pair in ids if placed.get(pair[0]) != pair[1]]
    yield "why not, eligible", [said(explainer.why_not(*pair)) for pair in asked]
    yield "why unplaced", [said(explainer.why_unplaced(worker)) for worker in spread(waiting, 20)]
    empty = [row.shift_id for row in assignment.open_shifts]
    yield "why empty", [said(explainer.why_empty(shift)) for shift in spread(empty, 12)]
    yield "recommend", [said(explainer.recommend(worker, most=4)) for worker in some]
    yield "recommend workers", [said(explainer.recommend_workers(s, most=5, stand_bys=3)) for s in shifts]
    if assignment.status == "optimal":
        yield "seat price", [said(explainer.seat_price(shift)) for shift in shifts]


def refusals(explainer: gm.Explainer) -> Parts:
    """Why not, of pairs most of which rules refuse, with the smallest change that would do."""
    assignment = explainer.assignment
    placed, workers = dict(assignment.pairs), spread(assignment.worker_ids, 14)
    pairs = zip(workers, reversed(spread(assignment.shift_ids, len(workers))), strict=False)
    asked = [pair for pair in pairs if placed.get(pair[0]) != pair[1]]
    yield "why not", [said(explainer.why_not(*pair)) for pair in asked]


def of_newcomers(explainer: gm.Explainer, morning: gm.Morning) -> Parts:
    """Who is not there yet, and what skills are worth."""
    people = list(newcomers(morning))
    yield "newcomer", [said(explainer.recommend_newcomer(person, most=3)) for person in people]
    yield "skill values", said(explainer.skill_values())
    yield "skill values, profile", said(explainer.skill_values(people[0]))


def advised(explainer: gm.Explainer, people: int) -> Parts:
    """What would change it."""
    adviser, assignment = gm.Adviser(explainer), explainer.assignment
    empty = spread([row.shift_id for row in assignment.open_shifts], 2)
    waiting = spread([row.worker_id for row in assignment.unplaced], 2)
    yield "fill", [said(adviser.fill(shift)) for shift in empty]
    yield "place", [said(adviser.place(worker)) for worker in waiting]
    yield "train", said(adviser.train(people))
    yield "seat values", {shift: said(gain) for shift, gain in adviser.seat_values().items()}


def reasons_case(name: str) -> Parts:
    """The evidence of every reason."""
    morning, options = drawn(name)
    explainer = explained(morning, matched(name, "mincostflow"), options)
    everything = explainer.everything()
    yield "everything", said(everything)
    for audience in ("worker", "employer"):
        yield f"everything for a {audience}", [said(one.seen_by(audience)) for one in everything.reasons]
    yield from questions(explainer)
    yield from refusals(explainer)
    if isinstance(morning, gm.Morning):
        yield from of_newcomers(explainer, morning)
        yield from advised(explainer, 2 if name in QUICK else 1)
    if "auction" in EXACT and name in QUICK:
        other = explained(morning, matched(name, "auction"), options)
        yield "auction: everything", said(other.everything())
        yield from under("auction", questions(other))


def not_proved_case() -> Parts:
    """What is still told of an assignment that is not proved optimal."""
    for name in ("jingshi 8", "points, fair"):
        morning, options = drawn(name)
        explainer = explained(morning, matched(name, "greedy"), options)
        yield f"{name}: everything", said(explainer.everything())
        yield from under(name, questions(explainer))


def training_case() -> Parts:
    """A programme for some mornings together."""
    for names in (("jingshi 8", "jingshi, day 2", "jingshi, day 4"), ("mentougou 5", "points, fair")):
        days = [(drawn(name)[0], matched(name, "mincostflow")) for name in names]
        programme = gm.plan_training(days, people=3)
        gained = {"placements": programme.more_placements, "wages": programme.more_wages}
        yield f"{names[0]}: programme", said(programme)
        yield f"{names[0]}: gained", gained


def of_problem(problem: gm.Problem, solvers: tuple[str, ...] = EXACT) -> Parts:
    """A problem without a morning, solved by each solver, with the extremes of its prices."""
    yield "problem", problem_arrays(problem)
    for solver in solvers:
        yield from under(solver, of_solution(gm.solve(problem, solver)))
    if problem.tier is None:
        rows = shift_rows(gm.solve(problem, "mincostflow"))
        yield "least prices", list(gm.least_prices(problem, rows))
        yield "greatest prices", list(gm.greatest_prices(problem, rows))


def family_case(family: str) -> Parts:
    """Two seeds, with levels and without."""
    for seed, workers in ((1, 120), (2, 60)):
        for levels in (False, True):
            problem = gm.samples.problem(family, workers=workers, seed=seed, levels=levels)
            title = f"{workers} workers{', levels' if levels else ''}"
            yield from under(title, of_problem(problem, (*EXACT, "greedy")))
            stopped = gm.solve(problem, "mincostflow", time_limit_s=0)
            yield from under(f"{title}, stopped", of_solution(stopped))


# -- instances found beside the project ---------------------------------------------------------------------


def published(name: str) -> str:
    """The text of an instance; FileNotFoundError where the project stands alone."""
    path = DATA / name
    return gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()


def dearest(table: list[list[int | None]], seats: list[int] | None = None) -> gm.Problem:
    """A problem of costs: as many as possible placed, then as cheaply as possible; None is no pair."""
    rows = [[j for j, cost in enumerate(row) if cost is not None] for row in table]
    weights = [-row[j] for row, cells in zip(table, rows, strict=True) for j in cells]
    seats = [1] * len(table[0]) if seats is None else seats
    return gm.Problem(
        indptr=np.cumsum([0, *map(len, rows)]),
        shift=np.array([j for cells in rows for j in cells], np.int32),
        weight=np.array(weights, np.int64),
        capacity=seats,
        tier=np.ones(len(seats), np.int64),
    )


def dense_case(name: str) -> Parts:
    """OR-Library, dense."""
    n, *costs = map(int, published(name).split())
    yield from of_problem(dearest(np.reshape(costs, (n, n)).tolist()))


def sparse_case(name: str) -> Parts:
    """OR-Library, sparse."""
    n, *numbers = map(int, published(name).split())
    worker, shift, costs = np.reshape(numbers, (-1, 3)).T - [[1], [1], [0]]
    order = np.lexsort((shift, worker))
    problem = gm.Problem(
        indptr=np.concatenate([[0], np.cumsum(np.bincount(worker, minlength=n))]),
        shift=shift[order].astype(np.int32),
        weight=-costs[order],
        capacity=np.ones(n, np.int64),
        tier=np.zeros(n, np.int64),
    )
    yield from of_problem(problem)


def lap_cases() -> Parts:
    """Ties, forbidden pairs, and full assignments that cannot be."""
    for at, case in enumerate(json.loads(published("lap-edge/small_cases.json"))):
        table = [[cost if isinstance(cost, int) else None for cost in row] for row in case["cost"]]
        yield f"{at}", dict(of_problem(dearest(table), ("mincostflow",)))


def lap_floats() -> Parts:
    """Costs that are all but equal."""
    table = np.loadtxt(published("lap-edge/cost_eps.csv.gz").splitlines(), delimiter=",")
    yield from of_problem(dearest(np.rint(table * 1e9).astype(np.int64).tolist()))


def transport_case(name: str) -> Parts:
    """A worker per unit of supply, a seat per unit of demand."""
    lines = [line.split() for line in published(name).splitlines()]
    supply = {int(line[1]): int(line[2]) for line in lines if line[:1] == ["n"]}
    arcs = {(int(line[1]), int(line[2])): int(line[5]) for line in lines if line[:1] == ["a"]}
    sinks = [node for node in supply if supply[node] < 0]
    units = [node for node, units in supply.items() for _ in range(max(units, 0))]
    table = [[arcs.get((source, sink)) for sink in sinks] for source in units]
    yield from of_problem(dearest(table, [-supply[sink] for sink in sinks]))


SHARED: dict[str, Callable[[], Parts]] = {
    **{name: partial(dense_case, f"orlib-assign/{name}.txt") for name in ("assign100", "assign200")},
    "assignp800": partial(sparse_case, "orlib-assign/assignp800.txt.gz"),
    "lap, small cases": lap_cases,
    "lap, floats": lap_floats,
    **{
        name: partial(transport_case, f"transport/{name}.min")
        for name in ("transport_2x3", "transport_40x30")
    },
}
WITH_REASONS = [name for name in DRAWN if name not in ("jingshi large", "nobody", "own speed", "majuqiao 3")]
QUICK = ("jingshi 7", "jingshi 8", "majuqiao 7", "city", "majuqiao, day 3", "promises", "points")
CASES: dict[str, Callable[[], Parts]] = {
    **{f"match {name}": partial(match_case, name) for name in DRAWN},
    **{f"reasons {name}": partial(reasons_case, name) for name in WITH_REASONS},
    "reasons of what is not proved": not_proved_case,
    "training": training_case,
    **{f"family {name}": partial(family_case, name) for name in EVERY},
    **{f"shared {name}": case for name, case in SHARED.items()},
}


def digests(case: str) -> dict[str, str]:
    """Digest of every part of a case."""
    return {part: digest(value) for part, value in CASES[case]()}


@pytest.fixture(scope="module")
def stored() -> dict[str, dict[str, str]]:
    return json.loads(STORED.read_text())


def test_every_case_is_stored(stored: dict[str, dict[str, str]]) -> None:
    """No digest is left of a case that is gone, and none is missing."""
    assert sorted(stored) == sorted(CASES)


SELDOM = (
    {f"reasons {name}" for name in WITH_REASONS} - {f"reasons {name}" for name in QUICK[1:5]}
    | {f"match {name}" for name in DRAWN if ", day" in name and name not in QUICK}
    | {f"family {name}" for name in [*EVERY][::2]}
)
"""Cases of the same code as those that every run goes through: they are for the night."""


@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=[pytest.mark.nightly] * (case in SELDOM)) for case in CASES]
)
def test_nothing_that_is_computed_has_changed(case: str, stored: dict[str, dict[str, str]]) -> None:
    """Every part of every case has the digest it had; the parts of the auction where it can run."""
    try:
        found = digests(case)
    except FileNotFoundError as error:
        pytest.skip(f"no published instance beside the project: {error.filename}")
    expected = stored[case]
    if "auction" not in EXACT:
        expected = {part: value for part, value in expected.items() if "auction" not in part}
    changed = [part for part in expected.keys() | found.keys() if expected.get(part) != found.get(part)]
    assert not changed, f"{case}: {len(changed)} parts of {len(expected)} changed: {sorted(changed)}"


def write() -> None:
    """Store the digests anew; those of instances that are not here stay as they are."""
    before = json.loads(STORED.read_text()) if STORED.exists() else {}
    found = {}
    for case in CASES:
        try:
            found[case] = digests(case)
        except FileNotFoundError:
            found[case] = before[case]
    STORED.write_text(json.dumps(found, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("usage: python tests/test_digests.py --write")
    write()
