"""Limits: what is none is refused before any work, and one object is the same as keywords."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import gigmatch as gm
from gigmatch.core.threads import in_order
from tests.conftest import for_each, sample

PROBLEM = gm.Problem(indptr=[0, 2, 3], shift=[0, 1, 0], weight=[9, 7, 8], capacity=[1, 1])
TAKING: dict[str, Callable[..., Any]] = {
    "match": lambda **given: gm.match(sample("jingshi", seed=7, workers=50), **given),
    "solve": lambda **given: gm.solve(PROBLEM, **given),
    "feasible_pairs": lambda **given: gm.feasible_pairs(
        gm.columns_of(sample("jingshi", seed=7, workers=50)), gm.DEFAULT_RULES, gm.StraightLine(), **given
    ),
}
NONE = {
    "time_limit_s": (
        -1,
        -0.1,
        10**400,
        10**5000,
        math.inf,
        math.nan,
        "5",
        True,
        None,
        np.float64("nan"),
        [5],
    ),
    "threads": (0, -1, 1025, 10**30, 1.0, "2", True, None, np.int64(0)),
    "memory_bytes": (0, -1, 10**30, math.nan, math.inf, "x", 1e9, False, None),
    "max_pairs": (0, -1, 10**30, 2.5, math.nan, "all", True, None),
}


@for_each([(name, value) for name, values in NONE.items() for value in values if value is not None])
def test_what_is_no_limit_is_refused(name, value):
    """The error names the limit and the value in both languages, in the object and as a keyword alike."""
    with pytest.raises(gm.InvalidInputError, match=rf"^{name} must be a") as caught:
        gm.Limits(**{name: value})
    assert "现在是" in caught.value.text("zh")
    assert len(str(caught.value)) < 200
    with pytest.raises(gm.InvalidInputError, match=rf"^{name} must be a"):
        TAKING["match"](**{name: value})


@for_each(
    [
        ("match", "time_limit_s", 60),
        ("match", "threads", 2),
        ("match", "memory_bytes", 1 << 40),
        ("match", "max_pairs", 200),
        ("solve", "time_limit_s", 60),
        ("solve", "threads", 2),
        ("feasible_pairs", "memory_bytes", 1 << 40),
    ]
)
def test_a_limit_is_given_once(call, name, value):
    """In the object or as a keyword, never in both; others may come in the other way."""
    with pytest.raises(gm.InvalidInputError, match=f"{name} is given twice") as caught:
        TAKING[call](**{name: value, "limits": gm.Limits(**{name: value})})
    assert caught.value.code == "limit_twice"
    with pytest.raises(gm.InvalidInputError, match="limits must be of type Limits"):
        TAKING[call](limits={name: value})
    other = "threads" if name != "threads" else "max_pairs"
    TAKING[call](**{name: value, "limits": gm.Limits(**{other: 200})})


def test_an_object_does_what_keywords_do():
    """Stopped by time, too large for memory, some pairs held at first."""
    assert TAKING["match"](limits=gm.Limits(time_limit_s=0)).solution.stopped == "time limit"
    assert gm.solve(PROBLEM, limits=gm.Limits(time_limit_s=0)).stopped == "time limit"
    for call in ("match", "feasible_pairs"):
        with pytest.raises(gm.TooLargeError):
            TAKING[call](limits=gm.Limits(memory_bytes=1))
    some = TAKING["match"](limits=gm.Limits(max_pairs=100))
    assert some.pairs == TAKING["match"](max_pairs=100).pairs == TAKING["match"]().pairs
    assert len(some.solved.held[0].shift) < len(TAKING["match"]().solved.held[0].shift)


def test_numbers_of_every_kind_are_numbers():
    """Numpy's and fractions, too."""
    assert gm.Limits(threads=np.int64(2), time_limit_s=Fraction(1, 2)).after(0.25).time_limit_s == 0.25
    assert list(in_order(abs, [-1, -2], np.int32(2))) == [1, 2]
    assert gm.solve(PROBLEM, time_limit_s=np.float32(60)).status == "optimal"


def test_what_is_left_of_the_time():
    """Never below nothing, and nothing where there is no limit."""
    limits = gm.Limits(time_limit_s=2, threads=1)
    assert limits.after(0.5) == gm.Limits(time_limit_s=1.5, threads=1)
    assert limits.after(3).time_limit_s == 0
    assert gm.Limits().after(3) == gm.Limits()
    assert repr(limits.after(0.5)) == "Limits(time_limit_s=1.5, threads=1)"
    with pytest.raises(AttributeError):
        limits.threads = 2
