"""Every exception gigmatch raises.

::

    GigmatchError
    ├── InvalidInputError (ValueError)   what the caller passed is wrong
    │   ├── InvalidMorningError          a morning: every problem, each with its path
    │   ├── InvalidProblemError          the arrays of a Problem
    │   ├── InvalidPolicyError           a policy, a rule list or their saved form
    │   ├── InvalidPairsError            keep= or forbid= names pairs that cannot be
    │   └── InvalidFileError             a file that cannot be read as what it should be
    ├── UnsupportedError                 understood, but not solved by this version
    ├── PluginError                      a rule, scorer, travel or solver broke its contract
    ├── TooLargeError                    would not fit into memory; says the figure
    ├── WeightOverflowError              integers too large for exact 64-bit arithmetic
    ├── SolverError                      a solver failed; no answer was produced
    └── CertificateError                 an answer does not hold what it claims

    KeyboardInterrupt
    └── SolveInterrupted                 Ctrl-C while solving; carries the best solution so far

Building a model directly (``Worker(...)``) raises pydantic's own ``ValidationError``, which is a
``ValueError`` too and lists every problem with its path.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gigmatch import i18n

__all__ = [
    "CertificateError",
    "GigmatchError",
    "InvalidFileError",
    "InvalidInputError",
    "InvalidMorningError",
    "InvalidPairsError",
    "InvalidPolicyError",
    "InvalidProblemError",
    "PluginError",
    "SolveInterrupted",
    "SolverError",
    "TooLargeError",
    "UnsupportedError",
    "WeightOverflowError",
]


class GigmatchError(Exception):
    """Base of every exception that gigmatch raises on purpose: a code, and what fills its text.

    Parameters
    ----------
    code : str
        Such as ``"unknown_worker"``; its text stands in the catalogue as ``errors.unknown_worker``. A code
        that the catalogue does not have is a text of its own.
    **parameters
        What the text is about; a `Message` among them is told in the same language.
    """

    def __init__(self, code: str, /, **parameters: Any) -> None:
        super().__init__(code)
        self.code, self.parameters = code, parameters

    def text(self, language: str = "en") -> str:
        """Say what is wrong in a language, in English where it has no text."""
        key = f"errors.{self.code}"
        told = i18n.text(key, language, **self.parameters)
        return self.code if told == key else told

    def __str__(self) -> str:
        return self.text()


class InvalidInputError(GigmatchError, ValueError):
    """What the caller passed is wrong; the message names the field, the value, the rule and the way out."""


_MOST_IN_TEXT = 100


class InvalidMorningError(InvalidInputError):
    """A morning that cannot be solved as written.

    Attributes
    ----------
    problems : tuple of (str, str)
        Path and message of every problem, in the order of the input. The error's text has the first 100.
    source : str
        What has them: the morning, or the file or folder it was read from.
    """

    def __init__(self, problems: Sequence[tuple[str, str]], source: str = "the morning") -> None:
        self.problems, self.source = tuple(problems), source
        lines = [f"  {path}: {message}" for path, message in self.problems[:_MOST_IN_TEXT]]
        if (more := len(self.problems) - len(lines)) > 0:
            lines.append(f"  and {more:,} more: all are listed in the error's problems")
        count = f"{len(self.problems)} problem{'s' if len(self.problems) != 1 else ''}"
        super().__init__("\n".join([f"{source} has {count}:", *lines]))


class InvalidProblemError(InvalidInputError):
    """The arrays of a ``Problem`` break one of its rules."""


class InvalidPolicyError(InvalidInputError):
    """A policy, or a list of rules, that makes no sense or cannot be restored."""


class InvalidPairsError(InvalidInputError):
    """``keep`` or ``forbid`` names pairs that are unknown, contradictory or refused by a rule."""


class InvalidFileError(InvalidInputError):
    """A file that cannot be read as the thing it should be."""


class UnsupportedError(GigmatchError):
    """Valid input that this version does not solve; refused rather than solved wrongly."""


class PluginError(GigmatchError):
    """A rule, scorer, travel model or solver returned something that breaks its contract."""


class TooLargeError(GigmatchError):
    """The work would not fit into the memory allowed; the message says how much it would take."""


class WeightOverflowError(GigmatchError, ArithmeticError):
    """Weights so large that 64-bit integer arithmetic would not be exact; found before solving."""


class SolverError(GigmatchError):
    """A solver failed and no answer was produced."""


class CertificateError(GigmatchError):
    """An answer that does not hold what it claims; the message names the first thing that breaks."""


class SolveInterrupted(KeyboardInterrupt):
    """Ctrl-C while solving. Ends a program as ``KeyboardInterrupt`` does, unless it is caught.

    Attributes
    ----------
    solution : Solution
        The best feasible solution so far, verified, with a bound that holds.
    """

    def __init__(self, solution: Any) -> None:
        self.solution = solution
        super().__init__(
            f"interrupted with a solution of value {solution.value}, at most {solution.gap} short"
        )
