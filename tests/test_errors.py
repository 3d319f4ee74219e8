"""The exception tree stands as its module's docstring draws it."""

from __future__ import annotations

import re

from gigmatch import errors


def test_the_tree_is_drawn_as_it_is():
    """Every exception is in the drawing, below its parent."""
    known = {name: getattr(errors, name) for name in errors.__all__ if name != "MorningProblem"} | {
        "KeyboardInterrupt": KeyboardInterrupt
    }
    drawn: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        if (found := re.match(r"([ │├└─]+)(\w+)\b", line)) and found[2] in known:
            drawn.append((len(found[1]), found[2]))
    assert sorted(name for _, name in drawn) == sorted(known)
    parents: list[tuple[int, str]] = []
    for depth, name in drawn:
        parents = [entry for entry in parents if entry[0] < depth]
        if parents:
            assert issubclass(known[name], known[parents[-1][1]])
        parents.append((depth, name))


def test_a_broken_morning_names_every_problem():
    """Count, source, paths and messages, in order."""
    error = errors.InvalidMorningError([("date", "is missing"), ("market", "is missing")], "m.json")
    assert str(error) == "m.json has 2 problems:\n  date: is missing\n  market: is missing"
    assert error.problems == (("date", "is missing"), ("market", "is missing"))


def test_a_thousand_problems_are_counted_and_a_hundred_told():
    error = errors.InvalidMorningError([(f"workers[{k}].id", "is missing") for k in range(1000)])
    assert len(error.problems) == 1000
    assert len(str(error).splitlines()) == 102
    assert str(error).startswith("the morning has 1000 problems:")
    assert str(error).endswith("and 900 more: all are listed in the error's problems")
