"""One district's work, without a word of HTTP: take rows, match, store, explain. For threads: it blocks."""

from __future__ import annotations

import gc
import threading
from functools import lru_cache
from typing import NamedTuple

import gigmatch as gm
from service import answers, database, rows

__all__ = ["Answer", "District", "Terms", "warm_up"]

RULES = gm.DEFAULT_RULES
POLICY = gm.DEFAULT_POLICY
"""What the market has decided on. Its own rules and scorers are added here; explanations know them too."""
_MOST_EXPLAINED = 8


class Terms(NamedTuple):
    """What a match is asked to hold to."""

    keep: list[tuple[str, str]]
    """Promised (worker, shift)."""
    forbid: list[tuple[str, str]]
    since: int | None
    """Number of the older answer to begin with, and to compare with."""
    time_limit_s: float


class Answer(NamedTuple):
    """A match that was made and stored."""

    number: int
    assignment: gm.Assignment
    since: gm.Assignment | None


class District:
    """The tables of a district, and the answers made from them."""

    def __init__(self, name: str, url: str) -> None:
        self.name, self.engine = name, database.connect(url, name)
        self._loading = threading.Lock()
        with self.engine.begin() as connection:
            answers.create(connection)
        self.explainer = lru_cache(_MOST_EXPLAINED)(self._explainer)  # an answer never changes

    def load(self, new: database.Rows, *, replace: bool) -> dict[str, int]:
        """Take rows, in place of all others or beside them: every one or, if one is unsound, none.

        Returns
        -------
        dict of str to int
            Rows of each table now, of those that have any.

        Raises
        ------
        InvalidMorningError
            Listing every problem with table, row as in ``new``, and column.
        """
        with self._loading, self.engine.begin() as connection:
            if replace:
                database.wipe(connection)
            together = rows.beside(new, database.select_all(connection))
            gm.columns_from_frames(**together)
            database.insert(connection, new)
        counts = {name: len(next(iter(table.values()))) for name, table in together.items()}
        return {name: count for name, count in counts.items() if count}

    def match(self, terms: Terms, cancel: gm.CancelToken) -> Answer | None:
        """Match what the tables hold, and store the answer; None, and nothing stored, if cancelled."""
        with self.engine.connect() as connection:
            tables = database.select_all(connection)
            since = None if terms.since is None else answers.load(connection, terms.since)
        assignment = gm.match(
            gm.columns_from_frames(**tables),
            rules=RULES,
            policy=POLICY,
            keep=terms.keep,
            forbid=terms.forbid,
            start=since,
            time_limit_s=terms.time_limit_s,
            cancel=cancel,
        )
        if cancel.is_set():
            return None
        with self.engine.begin() as connection:
            return Answer(answers.store(connection, assignment, tables), assignment, since)

    def answer(self, number: int) -> gm.Assignment:
        """A stored answer; raises LookupError for a number that there is not."""
        with self.engine.connect() as connection:
            return answers.load(connection, number)

    def _explainer(self, number: int) -> gm.Explainer:
        with self.engine.connect() as connection:
            assignment, tables = answers.load(connection, number), answers.load_rows(connection, number)
        columns = gm.columns_from_frames(**tables)
        return gm.explain(columns, assignment, rules=RULES, scorers=[scorer for scorer, _ in POLICY.scorers])


def warm_up() -> None:
    """Compile and import everything before the first request: both hold the interpreter lock for long.

    So does a full garbage collection, a tenth of a second and more with all these modules; what is here by
    now is here to stay, and need not be looked through again.
    """
    gm.warmup()
    columns = gm.columns_from_frames(**gm.morning_to_frames(gm.samples.jingshi(workers=50)))
    assignment = gm.match(columns)
    gm.in_words(gm.explain(columns, assignment).why(assignment.worker_ids[0]))
    gc.collect()
    gc.freeze()
