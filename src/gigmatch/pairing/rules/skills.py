"""What a worker can do and is licensed to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from gigmatch.columns import Columns
from gigmatch.core.arrays import BitWords, BoolArray, IndexArray
from gigmatch.pairing.pairs import Pairs
from gigmatch.pairing.rules.base import CatalogueSentence, Finding, Remedy, Severity

__all__ = ["CredentialState", "HasCredentials", "HasSkills", "nobody_has"]

_LOWEST = 5


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
        return self._holds(columns, pairs.worker, pairs.shift)

    def table(self, columns: Columns, workers: IndexArray, shifts: IndexArray) -> BoolArray:
        """Verdict on each of some workers with each of some shifts."""
        return self._holds(columns, workers[:, None], shifts)

    @staticmethod
    def _holds(columns: Columns, worker: IndexArray, shift: IndexArray) -> BoolArray:
        met, shifts = columns.workers.skills_met, columns.shifts
        return _has_all(met, shifts.skills_all, worker, shift) & _has_any(
            met, shifts.skills_any, worker, shift
        )

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """Each skill asked for, the level needed and the level held; whether nobody here has it.

        A skill that covers others is not named: what covers what the columns do not say.
        """
        shift, worker = int(pair.shift[0]), int(pair.worker[0])
        values: dict[str, dict[str, object]] = {}
        missing, choices = dict[str, int](), dict[str, int]()
        for bit, (code, rank) in enumerate(columns.skill_needs):
            held = int(columns.workers.skill_rank[worker, columns.skill_codes.index(code)])
            asked_all, asked_any = (
                _bit(w, shift, bit) for w in (columns.shifts.skills_all, columns.shifts.skills_any)
            )
            if asked_all or asked_any:
                values[code] = {"least_level": 6 - rank, "level": 6 - held if held else None}
                if held < rank and not _somebody_has(columns.workers.skills_met, bit):
                    values[code]["nobody_has"] = True
            if asked_all and held < rank:
                missing[code] = 6 - rank  # of one skill at two levels the better, which comes last
            if asked_any and held < rank:
                choices.setdefault(code, 6 - rank)
        one_will_do = bool(
            _has_any(columns.workers.skills_met, columns.shifts.skills_any, pair.worker, pair.shift)[0]
        )
        one_will_do |= any(missing.get(code, 6) <= level for code, level in choices.items())
        ways = [missing] if one_will_do else [{**missing, code: level} for code, level in choices.items()]
        return Finding(
            values,
            tuple(
                Remedy("worker", "skills", [{"skill": code, "level": level} for code, level in way.items()])
                for way in ways
            ),
        )


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
        met, needed = columns.workers.credentials_met, columns.shifts.credentials_all
        return _has_all(met, needed, pairs.worker, pairs.shift)

    def table(self, columns: Columns, workers: IndexArray, shifts: IndexArray) -> BoolArray:
        """Verdict on each of some workers with each of some shifts."""
        met, needed = columns.workers.credentials_met, columns.shifts.credentials_all
        return _has_all(met, needed, workers[:, None], shifts)

    def explain(self, columns: Columns, pair: Pairs) -> Finding:
        """Each credential asked for, what is held of its kind, and what that lacks."""
        worker, shift = int(pair.worker[0]), int(pair.shift[0])
        values, missing = dict[str, dict[str, object]](), dict[str, dict[str, object]]()
        for bit, (kind, rank, day) in enumerate(columns.credential_needs):
            if _bit(columns.shifts.credentials_all, shift, bit):  # of two levels the better comes last
                level, held = 6 - rank, _held(columns, worker, kind)
                best = min(held, key=lambda one: len(one.lacks(level, day)), default=None)
                lacks = ["certificate"] if best is None else best.lacks(level, day)
                values[kind] = {"least_level": level, "valid_on": day.isoformat(), "lacks": lacks}
                values[kind] |= {} if best is None else best.told()
                if lacks:
                    if not _somebody_has(columns.workers.credentials_met, bit):
                        values[kind]["nobody_has"] = True
                    missing[kind] = {
                        "kind": kind,
                        "level": level,
                        "valid_to": day.isoformat(),
                        "lacks": lacks,
                    }
        return Finding(values, (Remedy("worker", "credentials", list(missing.values())),))


def nobody_has(columns: Columns, shift: int) -> list[dict[str, object]]:
    """Skills and certificates that a shift asks for and nobody here has, as entries of a change.

    Of several of which one is enough, all or none.

    Parameters
    ----------
    columns : Columns
        Of a morning; where it has no workers nothing is listed.
    shift : int
        Row.
    """
    found = dict[tuple[str, str], dict[str, object]]()  # of one at two levels the better, which comes last
    if not columns.n_workers:
        return []
    met, shifts = columns.workers.skills_met, columns.shifts
    one_of = [bit for bit in range(len(columns.skill_needs)) if _bit(shifts.skills_any, shift, bit)]
    is_one_met = any(_somebody_has(met, bit) for bit in one_of)
    for bit, (code, rank) in enumerate(columns.skill_needs):
        is_asked = _bit(shifts.skills_all, shift, bit) or (bit in one_of and not is_one_met)
        if is_asked and not _somebody_has(met, bit):
            found["skill", code] = {"skill": code, "level": 6 - rank}
    for bit, (kind, rank, day) in enumerate(columns.credential_needs):
        held = columns.workers.credentials_met
        if _bit(shifts.credentials_all, shift, bit) and not _somebody_has(held, bit):
            found["kind", kind] = {"kind": kind, "level": 6 - rank, "valid_to": day.isoformat()}
    return list(found.values())


class CredentialState(NamedTuple):
    """What is known of one credential of a kind."""

    level: int | None
    valid_to: dt.date | None
    review_due: dt.date | None

    def lacks(self, level: int, day: dt.date) -> list[str]:
        """What keeps it from counting on a day: ``validity``, ``review``, ``level``, ``known_level``."""
        known = "level" if self.level else "known_level"
        return [
            *["validity"] * (self.valid_to is not None and self.valid_to < day),
            *["review"] * (self.review_due is not None and self.review_due < day),
            *[known] * ((self.level or _LOWEST) > level),
        ]

    def told(self) -> dict[str, object]:
        """What is known, by field."""
        days = {"valid_to": self.valid_to, "review_due": self.review_due}
        told = {name: day.isoformat() for name, day in days.items() if day is not None}
        return {"level": self.level, **told}


def _held(columns: Columns, worker: int, kind: str) -> list[CredentialState]:
    held = columns.workers.credentials
    if kind not in held.kinds:
        return []
    at = np.flatnonzero((held.row == worker) & (held.kind == held.kinds.index(kind)))
    fields = (part[at].tolist() for part in (held.level, held.valid_to, held.review_due))
    return [CredentialState(level or None, *days) for level, *days in zip(*fields, strict=True)]


def _somebody_has(met: BitWords, bit: int) -> bool:
    """Whether anybody at all meets a need."""
    return bool((met[bit // 64] >> np.uint64(bit % 64) & np.uint64(1)).any())


def _has_all(met: BitWords, needed: BitWords, worker: IndexArray, shift: IndexArray) -> BoolArray:
    """Whether everything needed is met, of rows that are broadcast."""
    ok = np.ones(np.broadcast(worker, shift).shape, dtype=bool)
    for have, need in zip(met, needed, strict=True):
        ok &= (~have[worker] & need[shift]) == 0
    return ok


def _has_any(met: BitWords, wanted: BitWords, worker: IndexArray, shift: IndexArray) -> BoolArray:
    """Whether one of the wanted is met, or none is wanted, of rows that are broadcast."""
    if not any(want.any() for want in wanted):
        return np.ones(np.broadcast(worker, shift).shape, dtype=bool)
    found = np.zeros(np.broadcast(worker, shift).shape, dtype=bool)
    nothing_wanted = np.ones(shift.shape, dtype=bool)
    for have, want in zip(met, wanted, strict=True):
        asked = want[shift]
        nothing_wanted &= asked == 0
        found |= (have[worker] & asked) != 0
    return found | nothing_wanted


def _bit(words: BitWords, row: int, bit: int) -> bool:
    return bool(int(words[bit // 64][row]) >> (bit % 64) & 1)
