"""How a contract is held: clause by clause, over examples small before large, the failing one made smaller.

A *clause* is a sentence and a function that says what breaks it in an example, or None. Hypothesis draws the
examples; they are made smaller here, since a plug-in that is not deterministic must not upset the search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, NoReturn, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gigmatch.errors import InvalidInputError

__all__ = ["Clause", "drawn", "hold", "refuse"]

E = TypeVar("E")
_STEPS = 200  # smaller examples that are tried at most


class Clause(NamedTuple):
    """One thing that a plug-in promises."""

    sentence: str
    """What must hold."""
    broken_by: Callable[[Any], str | None]
    """What breaks it in an example, None if it holds."""


def drawn(strategy: st.SearchStrategy[E], examples: int, size: Callable[[E], Any]) -> list[E]:
    """Examples, the smallest first; the same ones each time."""
    if isinstance(examples, bool) or not isinstance(examples, int) or examples < 1:
        raise InvalidInputError("integer_too_small", name="examples", least=1, value=examples)
    found: list[E] = []

    @settings(
        max_examples=examples,
        phases=(Phase.generate,),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example: E) -> None:
        found.append(example)

    collect()
    return sorted(found, key=size)


def hold(
    what: str,
    clauses: Iterable[Clause],
    examples: Sequence[E],
    smaller: Callable[[E], Iterable[E]],
    shown: Callable[[E], str],
) -> None:
    """Raise AssertionError for the first clause that some example breaks."""
    for clause in clauses:
        for example in examples:
            if reason := _reason(clause, example):
                example, reason = _smallest(clause, example, reason, smaller)
                refuse(what, clause.sentence, f"{reason}\n{shown(example)}")


def refuse(what: str, sentence: str, detail: str) -> NoReturn:
    """Say which clause is broken, and how."""
    raise AssertionError(f"{what} breaks its contract: {sentence}.\n{detail}")


def _reason(clause: Clause, example: E) -> str | None:
    """What breaks the clause; an exception of the plug-in does."""
    try:
        return clause.broken_by(example)
    except Exception as error:
        return f"it raised {type(error).__name__}: {error}"


def _smallest(clause: Clause, example: E, reason: str, smaller: Callable[[E], Iterable[E]]) -> tuple[E, str]:
    """An example none of whose parts can be left out, or what some steps lead to."""
    steps = 0
    candidates = iter(smaller(example))
    while steps < _STEPS and (candidate := next(candidates, None)) is not None:
        steps += 1
        if found := _reason(clause, candidate):
            example, reason = candidate, found
            candidates = iter(smaller(example))
    return example, reason
