"""One district's work, without a word of HTTP: take rows, match, store, explain. For threads: it blocks."""

from __future__ import annotations

import gc
import threading
from functools import cache, lru_cache
from typing import Any, NamedTuple

import gigmatch as gm
from gigmatch.tables import Table, schema
from service import answers, database, rows
from service.problems import RefusedError

__all__ = ["POLICY", "RULES", "Answer", "District", "Terms", "warm_up"]

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
        self._explained = lru_cache(_MOST_EXPLAINED)(self._explain)  # an answer never changes

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
            counts = {name: len(next(iter(table.values()))) for name, table in together.items()}
            rows.require_room(sum(counts.values()))
            gm.columns_from_frames(**together)
            database.insert(connection, new)
        return {name: count for name, count in counts.items() if count}

    def counts(self) -> dict[str, int]:
        """Rows of each table, of those that have any."""
        with self.engine.connect() as connection:
            counts = {name: database.count(connection, name, {}) for name in schema()}
        return {name: count for name, count in counts.items() if count}

    def rows(self, table: Table, where: database.Row, limit: int, offset: int) -> tuple[list[Any], int]:
        """A page of the rows that meet conditions, in order of the key, and how many there are."""
        with self.engine.connect() as connection:
            page = database.meeting(connection, table, where, limit, offset)
            return rows.listed(table, page), database.count(connection, table.name, where)

    def change(self, table: Table, where: database.Row, changes: database.Row) -> int:
        """Change columns of the rows that meet conditions; how many these are.

        Raises
        ------
        RefusedError
            There is none.
        InvalidMorningError
            The tables would not be sound. Row 0 is the first that was to be changed.
        """
        with self._loading, self.engine.begin() as connection:
            old = _some(database.meeting(connection, table, where), table)
            others = {table.name: database.select(connection, table.name, database.met(where), where)}
            new = {table.name: [{**row, **changes} for row in old]}
            gm.columns_from_frames(**rows.beside(new, database.select_all(connection) | others))
            database.update(connection, table.name, where, changes)
        return len(old)

    def delete(self, table: Table, where: database.Row) -> tuple[int, dict[str, int]]:
        """Delete the rows that meet conditions; how many these are, and what went along, by table.

        Raises
        ------
        RefusedError
            There is none.
        InvalidMorningError
            Others refer to them.
        """
        with self._loading, self.engine.begin() as connection:
            n_rows = len(_some(database.meeting(connection, table, where), table))
            going = database.going(table, where)
            left = {name: database.select(connection, name, but, where) for name, but in going.items()}
            gm.columns_from_frames(**(database.select_all(connection) | left))
            gone = database.delete(connection, going, where)
        del gone[table.name]
        return n_rows, {name: n for name, n in gone.items() if n}

    def wipe(self) -> None:
        """Empty the tables; the answers stay."""
        with self._loading, self.engine.begin() as connection:
            database.wipe(connection)

    def morning(self) -> gm.Morning:
        """What the tables hold."""
        with self.engine.connect() as connection:
            return gm.morning_from_frames(**database.select_all(connection))

    def match(self, terms: Terms, cancel: gm.CancelToken) -> Answer | None:
        """Match what the tables hold, and store the answer; None, and nothing stored, if cancelled."""
        with self.engine.connect() as connection:
            tables = database.select_all(connection)
            since = None if terms.since is None else answers.load(connection, terms.since, "body.since")
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

    def answer(self, number: int, place: str = "path.number") -> gm.Assignment:
        """A stored answer; raises RefusedError for a number that there is not, which stands in that place."""
        with self.engine.connect() as connection:
            return answers.load(connection, number, place)

    def answers(self, limit: int, offset: int) -> tuple[list[dict[str, Any]], int]:
        """A page of the answers, the newest first, and how many there are; nobody's name is in it."""
        with self.engine.connect() as connection:
            return answers.listed(connection, limit, offset)

    def delete_answer(self, number: int) -> None:
        """Delete an answer, and the rows it was made from."""
        with self.engine.begin() as connection:
            answers.delete(connection, number)
        self._explained.cache_clear()

    def explainer(self, number: int) -> gm.Explainer:
        """What explains an answer; the last few are kept."""
        with self.engine.connect() as connection:
            answers.require(connection, number)
        return self._explained(number)

    def _explain(self, number: int) -> gm.Explainer:
        with self.engine.connect() as connection:
            assignment, tables = answers.load(connection, number), answers.load_rows(connection, number)
        columns = gm.columns_from_frames(**tables)
        return gm.explain(columns, assignment, rules=RULES, scorers=[scorer for scorer, _ in POLICY.scorers])


def _some(found: list[dict[str, Any]], table: Table) -> list[dict[str, Any]]:
    if not found:
        message = "no row of {table} meets the conditions"
        raise RefusedError.of(404, "no_row", message, "query", table=table.name)
    return found


@cache
def warm_up() -> None:
    """Compile and import everything, once: both hold the interpreter lock for long.

    So does a full garbage collection, a tenth of a second and more with all these modules; what is here by
    now is here to stay, and need not be looked through again.
    """
    gm.warmup(live=True)
    columns = gm.columns_from_frames(**gm.morning_to_frames(gm.samples.jingshi(workers=50)))
    assignment = gm.match(columns)
    gm.in_words(gm.explain(columns, assignment).why(assignment.worker_ids[0]))
    gc.collect()
    gc.freeze()
