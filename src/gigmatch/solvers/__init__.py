"""Solvers, one file each behind the ``Solver`` protocol, and ``solve``, which proves what they answer."""

from gigmatch.solvers.auction import Auction
from gigmatch.solvers.auto import find_solver
from gigmatch.solvers.base import Abilities, CancelToken, Control, PlainAnswer, Progress, Solver
from gigmatch.solvers.driver import draw, solve
from gigmatch.solvers.dual_recovery import Prices, greatest_prices, least_prices
from gigmatch.solvers.greedy import Greedy
from gigmatch.solvers.mincostflow import MinCostFlow

__all__ = [
    "Abilities",
    "Auction",
    "CancelToken",
    "Control",
    "Greedy",
    "MinCostFlow",
    "PlainAnswer",
    "Prices",
    "Progress",
    "Solver",
    "draw",
    "find_solver",
    "greatest_prices",
    "least_prices",
    "solve",
]
