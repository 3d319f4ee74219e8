"""Does my rule, scorer, level, travel or solver keep its contract? Checks for plug-ins, and strategies.

Needs hypothesis: the extra ``testing``. In a test of one's own:

>>> from gigmatch.testing import check_rule
>>> def no_nights(columns, pairs):
...     return columns.shifts.end_min[pairs.shift] <= 1320
>>> check_rule(no_nights)

A check asks the plug-in about random small mornings or problems, the same ones each time, and raises an
AssertionError that names the first clause of the contract that is broken, says how, and shows the smallest
example found. `mornings` and `problems`, from which they are drawn, serve tests of one's own as well.
"""

from __future__ import annotations

from gigmatch.errors import UnsupportedError

try:
    import hypothesis as _hypothesis  # noqa: F401
except ImportError:
    raise ImportError(UnsupportedError.without("testing", "hypothesis", "testing").told()) from None

from gigmatch.testing.levels import check_level
from gigmatch.testing.problems import best_value, problem_of, problems
from gigmatch.testing.rules import check_rule
from gigmatch.testing.scorers import check_scorer
from gigmatch.testing.solvers import check_solver
from gigmatch.testing.strategies import locations, mornings, pays, periods, shifts, spans, workers
from gigmatch.testing.travels import check_travel

__all__ = [
    "best_value",
    "check_level",
    "check_rule",
    "check_scorer",
    "check_solver",
    "check_travel",
    "locations",
    "mornings",
    "pays",
    "periods",
    "problem_of",
    "problems",
    "shifts",
    "spans",
    "workers",
]
