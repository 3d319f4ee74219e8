"""What a worker can do and is licensed to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gigmatch.columns import Columns
from gigmatch.core.arrays import BitWords, BoolArray
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules.base import CatalogueSentence, Finding, Remedy, Severity

__all__ = ["HasCredentials", "HasSkills"]


@dataclass(frozen=True)
class HasSkills:
    """The worker has every skill of ``all_of`` and one of ``any_of``, each at the least level or above.

    A skill held without a level counts as level 5. Covered skills count at the level of the covering one.
    """

    severity: Severity = "block"
    name: ClassVar[str] = "skill"
    version: ClassVar[int] = 1
    sentence = CatalogueSentence()
    prunes: ClassVar[str] = "requirement"

    def __call__(self, columns: Columns, pairs: Pairs) -> BoolArray:
        met, shifts = columns.workers.skills_met, columns.shifts
        return _has_all(met, shifts.skills_all, pairs) & _has_any(met, shifts.skills_any, pairs)

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """Each skill asked for, the level needed and the level held."""
        shift, worker = int(pair.shift[0]), int(pair.worker[0])
        missing_all, values = [], {}
        missing_any = []
        for bit, (code, rank) in enumerate(columns.skill_needs):
            held = int(columns.workers.skill_rank[worker, columns.skill_codes.index(code)])
            asked_all, asked_any = (
                _bit(w, shift, bit) for w in (columns.shifts.skills_all, columns.shifts.skills_any)
            )
            if asked_all or asked_any:
                values[code] = {"least_level": 6 - rank, "level": 6 - held if held else None}
            if asked_all and held < rank:
                missing_all.append({"skill": code, "level": 6 - rank})
            if asked_any and held < rank:
                missing_any.append({"skill": code, "level": 6 - rank})
        one_will_do = bool(_has_any(columns.workers.skills_met, columns.shifts.skills_any, pair)[0])
        choices: list[list[dict[str, object]]] = [[]] if one_will_do else [[one] for one in missing_any]
        return Finding(values, tuple(Remedy("worker", "skills", missing_all + choice) for choice in choices))


@dataclass(frozen=True)
class HasCredentials:
    """The worker holds every credential asked for, at the level, valid and reviewed on the shift's last day.

    An expiry or a review that is not known does not count against the worker; a level not known counts as 5.
    """

    severity: Severity = "block"
    name: ClassVar[str] = "credential"
    version: ClassVar[int] = 1
    sentence = CatalogueSentence()
    prunes: ClassVar[str] = "requirement"

    def __call__(self, columns: Columns, pairs: Pairs) -> BoolArray:
        return _has_all(columns.workers.credentials_met, columns.shifts.credentials_all, pairs)

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """Each credential asked for and whether a valid one is held."""
        worker, shift = int(pair.worker[0]), int(pair.shift[0])
        values, missing = {}, []
        for bit, (kind, rank, day) in enumerate(columns.credential_needs):
            if _bit(columns.shifts.credentials_all, shift, bit):
                held = _bit(columns.workers.credentials_met, worker, bit)
                values[kind] = {"least_level": 6 - rank, "valid_on": day.isoformat(), "held": held}
                if not held:
                    missing.append({"kind": kind, "level": 6 - rank, "valid_to": day.isoformat()})
        return Finding(values, (Remedy("worker", "credentials", missing),))


def _has_all(met: BitWords, needed: BitWords, pairs: Pairs) -> BoolArray:
    ok = np.ones(len(pairs), dtype=bool)
    for have, need in zip(met, needed, strict=True):
        ok &= (~have[pairs.worker] & need[pairs.shift]) == 0
    return ok


def _has_any(met: BitWords, wanted: BitWords, pairs: Pairs) -> BoolArray:
    """Whether one of the wanted is met, or none is wanted."""
    if not any(want.any() for want in wanted):
        return np.ones(len(pairs), dtype=bool)
    found = np.zeros(len(pairs), dtype=bool)
    nothing_wanted = np.ones(len(pairs), dtype=bool)
    for have, want in zip(met, wanted, strict=True):
        asked = want[pairs.shift]
        nothing_wanted &= asked == 0
        found |= (have[pairs.worker] & asked) != 0
    return found | nothing_wanted


def _bit(words: BitWords, row: int, bit: int) -> bool:
    return bool(int(words[bit // 64][row]) >> (bit % 64) & 1)
