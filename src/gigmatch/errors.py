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
    ├── StoppedError                     stopped before there was any answer
    ├── JournalError                     what happened could not be written down, or another writes it
    └── CertificateError                 an answer does not hold what it claims

    KeyboardInterrupt
    └── SolveInterrupted                 Ctrl-C while solving; carries the best solution so far

Building a model directly (``Worker(...)``) raises pydantic's own ``ValidationError``, which is a
``ValueError`` too and lists every problem with its path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Integral, Number
from types import NoneType
from typing import Any, NamedTuple, Self

from gigmatch import i18n
from gigmatch.i18n import Told, joined
from gigmatch.i18n.foreign import said_by

__all__ = [
    "CertificateError",
    "GigmatchError",
    "InvalidFileError",
    "InvalidInputError",
    "InvalidMorningError",
    "InvalidPairsError",
    "InvalidPolicyError",
    "InvalidProblemError",
    "JournalError",
    "MorningProblem",
    "PluginError",
    "SolveInterrupted",
    "SolverError",
    "StoppedError",
    "TooLargeError",
    "UnsupportedError",
    "WeightOverflowError",
]


PACKAGES = {
    "cli": "rich typer",
    "dask": "dask distributed narwhals openpyxl pyarrow",
    "fast": "numba",
    "report": "fonttools jinja2 matplotlib zhplot",
    "tables": "narwhals openpyxl pyarrow",
    "testing": "hypothesis",
}
"""What an extra brings, to be installed by name: true for a clone and for a wheel alike."""


class GigmatchError(Exception):
    """Base of every exception that gigmatch raises on purpose: a code, and what fills its text.

    Parameters
    ----------
    code : str
        Such as ``"unknown_worker"``; its text stands in the catalogue as ``errors.unknown_worker``. A code
        that the catalogue does not have is a text of its own.
    **parameters
        What the text is about. An exception among them is kept as the text of what it says, which is told in
        the same language.

    Attributes
    ----------
    code : str
        What is wrong; programs can act on it.
    parameters : dict of str to Any
        What fills the text.
    """

    def __init__(self, code: str, /, **parameters: Any) -> None:
        super().__init__(code)
        self.code, self.parameters = code, {name: _kept(value) for name, value in parameters.items()}

    def text(self, lang: str = "en") -> str:
        """Say what is wrong in a language, in English where it has no text."""
        key = f"errors.{self.code}"
        told = i18n.text(key, lang, **self.parameters)
        return self.code if told == key else told

    def told(self) -> Told:
        """Return its text, to be told in whatever language within another."""
        return Told(str(self), f"errors.{self.code}", self.parameters)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class InvalidInputError(GigmatchError, ValueError):
    """What the caller passed is wrong; the message names the field, the value, the rule and the way out."""


_MOST_IN_TEXT = 100  # problems
_MOST_SHOWN = 200  # characters of an object
_MOST_BITS = 256  # of an integer that is written out; about as many as a larger one has are told


class MorningProblem(NamedTuple):
    """One thing that is wrong with a morning."""

    path: str
    """Where: ``workers[3].rating``, or ``workers.csv, row 3, column rating``."""
    message: str
    """What is wrong, with the value and the way out; in English, as `text` in any language."""

    @property
    def code(self) -> str:
        """What is wrong, for programs; pydantic's own findings are ``pydantic.`` and its type of error."""
        rule = _rule(self.message)
        return rule.key.removeprefix("errors.") if isinstance(rule, Told) else str(rule)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What fills the text of the code."""
        rule = _rule(self.message)
        return rule.values if isinstance(rule, Told) else {}

    def told(self) -> Told:
        """Say where and what, to be told in whatever language."""
        return Told.of("errors.in_place", place=self.path, error=self.message)

    def text(self, lang: str = "en") -> str:
        """Say where and what, in a language."""
        return self.told().text(lang)


def _rule(message: str) -> str:
    """The rule in a message, without the value and the full stop."""
    while isinstance(message, Told) and message.key in ("errors.got", "errors.sentence"):
        message = message.values["message"]
    return message


class InvalidMorningError(InvalidInputError):
    """A morning that cannot be solved as written.

    Attributes
    ----------
    problems : tuple of MorningProblem
        Path and message of every problem, with its code and parameters, in the order of the input; of each
        table the first 1,000. The error's text has the first 100.
    more : int
        Problems of tables that are only counted.
    counts : mapping of str to int
        Where there are such, how many problems there are in all, by column.
    source : str
        What has them: the morning, or the file or folder it was read from.
    """

    def __init__(
        self,
        problems: Sequence[tuple[str, str]],
        source: str | None = None,
        more: int = 0,
        counts: Mapping[str, int] | None = None,
    ) -> None:
        self.problems = tuple(MorningProblem(*problem) for problem in problems)
        self.source = Told.of("sources.morning") if source is None else source
        self.more, self.counts = more, counts or {}
        super().__init__("has_problems", source=self.source, n=len(self.problems) + more)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems, self.source, self.more, self.counts)

    def text(self, lang: str = "en") -> str:
        """Say what is wrong in a language, in English where it has no text: a line for each problem."""
        return self.told().text(lang)

    def told(self) -> Told:
        """Return its text, to be told in whatever language within another."""
        listed = len(self.problems)
        n, lines = listed + self.more, [problem.told() for problem in self.problems[:_MOST_IN_TEXT]]
        more = n - len(lines)
        if self.more:
            counts = [Told.of("errors.in_place", place=at, error=f"{k:,}") for at, k in self.counts.items()]
            in_all = joined("errors.comma", counts)
            lines.append(Told.of("errors.more_problems_counted", n=more, listed=listed, counts=in_all))
        elif more > 0:
            lines.append(Told.of("errors.more_problems", n=more))
        head = i18n.plural("errors.has_problems", n, source=self.source, n=n)
        return joined("errors.lines", [Told(head, "errors.has_problems", self.parameters), *lines])


class InvalidProblemError(InvalidInputError):
    """The arrays of a ``Problem`` break one of its rules."""


class InvalidPolicyError(InvalidInputError):
    """A policy, or a list of rules, that makes no sense or cannot be restored."""


class InvalidPairsError(InvalidInputError):
    """``keep`` or ``forbid`` names pairs that are unknown, contradictory or refused by a rule."""


class InvalidFileError(InvalidInputError):
    """A file that cannot be read as the thing it should be."""


class UnsupportedError(GigmatchError):
    """Valid input that this version, or what is installed, does not do; refused rather than done wrongly."""

    @classmethod
    def without(cls, extra: str, name: str, use: str) -> Self:
        """Say that a package is missing, what for (``words.<use>``), and all that its extra would bring."""
        what = Told.of(f"words.{use}")
        return cls("extra_missing", name=name, what=what, packages=PACKAGES[extra])


class PluginError(GigmatchError):
    """A rule, scorer, travel model or solver returned something that breaks its contract."""


class TooLargeError(GigmatchError):
    """The work would not fit into the memory allowed; the message says how much it would take."""


class WeightOverflowError(GigmatchError, ArithmeticError):
    """Weights so large that 64-bit integer arithmetic would not be exact; found before solving."""


class SolverError(GigmatchError):
    """A solver failed and no answer was produced."""


class StoppedError(GigmatchError):
    """A time limit or a cancel token ended a match while its pairs were made: there is no answer yet."""


class JournalError(GigmatchError):
    """A journal is written by somebody else, or could not be written; what it was about did not happen."""


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
        super().__init__("interrupted")
        self.solution, self.code = solution, "interrupted"
        self.parameters = {"value": solution.value, "gap": solution.gap}

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.solution,)

    def text(self, lang: str = "en") -> str:
        """Say what there is so far, in a language."""
        return i18n.text("errors.interrupted", lang, **self.parameters)

    def __str__(self) -> str:
        return self.text()


class _Shown(str):
    """How an object is shown, instead of the object: it can be sent anywhere, and holds nobody's data."""

    shown: str

    def __new__(cls, told: str, shown: str) -> Self:
        self = super().__new__(cls, told)
        self.shown = shown
        return self

    def __repr__(self) -> str:
        return self.shown

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str.__str__(self), self.shown


def _kept(value: Any) -> Any:
    """A parameter as plain data; of an exception what it says, of any other object how it is shown."""
    if isinstance(value, GigmatchError):
        return value.told()
    if isinstance(value, BaseException):
        return said_by(value)
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        shown = f"{'-' if value < 0 else ''}2**{value.bit_length() - 1}"  # Python does not write it out
        return _Shown(shown, shown)
    if isinstance(value, str | int | float | NoneType):
        return value
    if isinstance(value, Number):  # numpy's, too
        return int(value) if isinstance(value, Integral) else value
    if type(value) in (list, tuple):
        return type(value)(map(_kept, value))
    if type(value) is dict:
        return {name: _kept(each) for name, each in value.items()}
    return _Shown(str(value)[:_MOST_SHOWN], repr(value)[:_MOST_SHOWN])
