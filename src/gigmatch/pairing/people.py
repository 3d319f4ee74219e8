"""People first: ordered classes of workers, those who have waited longest first, as a level of a policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, ClassVar, Final, cast

import numpy as np

from gigmatch.columns import Columns
from gigmatch.core.arrays import Float64Array, Int64Array
from gigmatch.errors import InvalidPolicyError
from gigmatch.i18n import printable
from gigmatch.i18n.texts import Texts, every_lang
from gigmatch.model.values import is_protected, protected

__all__ = ["MOST_CLASSES", "People", "known_days"]

EVERY_DAY: Final = tuple(range(1, 31))
MOST_CLASSES: Final = 1_000
_SHOWN: Final = (1, 3, 7, 14, 30)
_LONGEST: Final = 1_000_000  # days that the model knows


@dataclass(frozen=True)
class People:
    """Of equally many seats, those for the people who have waited longest; a level of a `Policy`.

    Workers fall into classes, and as many as possible of the first class are placed, then of the next. Right
    after the seats this costs no seat of any tier: for the best seats and the best people there is one
    assignment that has both (Mendelsohn and Dulmage 1958). The people who can be placed together form a
    matroid, so that small weights, 1 for the last class and 1 more for each before it, place them class by
    class (Edmonds 1971).

    Parameters
    ----------
    at_least : int or sequence of int
        Days without work at which a class begins, 1 or more. One number makes two classes: who has waited so
        many days, and everybody else. Whoever has waited at least the greatest of them is alike. Every day
        from 1 to 30 unless given. Who has waited less than the least, or nobody knows how long, comes last.
    groups : sequence of str
        Priority groups whose members come before everybody else, those of the first group first; among alike
        members waiting decides. None unless a market opts in.

    Raises
    ------
    InvalidPolicyError
        Days are no whole numbers from 1 on, groups no different names or protected ones, such as by sex, or
        both make more than 1,000 classes.

    Examples
    --------
    >>> import gigmatch as gm
    >>> print(gm.DEFAULT_POLICY.with_people(gm.People(at_least=7)).only("pay"))
    policy: seats by tier, then longest waiting first (from 7 days), then points, then the lottery (seed 0)
       25.00  pay              worker
    >>> gm.People(at_least=(3, 7, 14)).largest, gm.People(at_least=range(1, 15)).largest
    (3, 14)
    """

    at_least: int | Sequence[int] = EVERY_DAY
    groups: Sequence[str] = ()
    name: ClassVar[str] = "people"
    version: ClassVar[int] = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "at_least", _days(self.at_least))
        object.__setattr__(self, "groups", _names(self.groups))
        if self.largest > MOST_CLASSES:
            raise InvalidPolicyError("people_too_many_classes", n=self.largest, most=MOST_CLASSES)

    @property
    def days(self) -> tuple[int, ...]:
        """Days at which a class begins, ascending."""
        return cast("tuple[int, ...]", self.at_least)

    @property
    def words(self) -> dict[str, str]:
        """What people call a step from one class to the next, by language."""
        return every_lang("levels.people_steps")

    def text(self, lang: str = "en") -> str:
        """Tell which classes come first, in a language; `str` in English.

        Examples
        --------
        >>> print(People((3, 7, 14)), People(7, ["veterans"]).text("zh"))
        longest waiting first (from 3, 7, 14 days) veterans 优先，其次等候久者（满 7 天起）
        """
        texts = Texts("levels", lang)
        names = reduce(lambda first, rest: texts("comma", first=first, rest=rest), self.groups or ("",))
        return texts("people_groups" if names else "people_from", days=self._days_told(texts), groups=names)

    def short(self, lang: str = "en") -> str:
        """Tell the days alone, as on an axis; all of it where groups come first."""
        texts = Texts("levels", lang)
        return self.text(lang) if self.groups else texts("people_days", days=self._days_told(texts))

    def __str__(self) -> str:
        return self.text()

    def _days_told(self, texts: Texts) -> str:
        first, *_, last = (*self.days, self.days[-1])
        if last - first == len(self.days) - 1 > 1:
            return texts("from_to", first=first, last=last)
        return reduce(lambda one, rest: texts("comma", first=one, rest=rest), map(str, self.days))

    @property
    def largest(self) -> int:
        """How many classes there are besides the last, which weighs 0."""
        return (len(self.groups) + 1) * (len(self.days) + 1) - 1

    @property
    def shown(self) -> tuple[int, ...]:
        """Days for which it is told how many have work, ascending: all where they are few."""
        known = tuple(day for day in _SHOWN if day in self.days)
        return self.days if len(self.days) <= len(_SHOWN) else known or (self.days[0], self.days[-1])

    def of_workers(self, columns: Columns) -> Int64Array:
        """The class of every worker, 0 for the last: int64[n_workers]."""
        waited = np.searchsorted(self.days, known_days(columns), side="right")
        return self._group(columns) * (len(self.days) + 1) + waited

    def _group(self, columns: Columns) -> Int64Array:
        """The group that each worker counts in, the number of groups for the first, 0 for none."""
        found = np.zeros(columns.n_workers, np.int64)
        for rank, name in enumerate(reversed(self.groups), 1):
            if name in columns.priority_groups:
                found[columns.workers.groups[:, columns.priority_groups.index(name)]] = rank
        return found


def known_days(columns: Columns) -> Float64Array:
    """Days without work of every worker, 0 where nobody knows: float64[n_workers]."""
    return np.nan_to_num(columns.workers.days_waiting)


def _days(given: Any) -> tuple[int, ...]:
    is_row = isinstance(given, Sequence) and not isinstance(given, str | bytes | bytearray)
    if is_row and len(given) > MOST_CLASSES:
        raise InvalidPolicyError("people_too_many_classes", n=len(given), most=MOST_CLASSES)
    days = (given,) if isinstance(given, int) else tuple(given) if is_row else ()
    if not days or any(type(day) is not int or not 1 <= day <= _LONGEST for day in days):
        raise InvalidPolicyError("people_days", value=given)
    return tuple(sorted({*days}))


def _names(given: Any) -> tuple[str, ...]:
    names = tuple(given) if isinstance(given, Sequence) and not isinstance(given, str) else (None,)
    if not all(isinstance(name, str) and printable(name) == name for name in names) or len({*names}) < len(
        names
    ):
        raise InvalidPolicyError("people_groups", value=given)
    groups = cast("tuple[str, ...]", names)
    if refused := [name for name in groups if is_protected(name)]:
        raise InvalidPolicyError("people_protected", error=protected("group", refused[0]))
    return groups
