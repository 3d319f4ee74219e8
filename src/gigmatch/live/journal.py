"""A journal on disk: entries in a chain of hashes, each acknowledged once it is synchronised.

It knows nothing of what its entries mean. One SQLite file, written ahead (WAL) and fully synchronised; what
many append at once is written in one transaction. Records of people stand in a table of their own, which
entries name by salted digests alone, so that erasing one leaves the chain as it is.
"""

from __future__ import annotations

import hashlib
import os
import platform
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Condition, Lock, RLock
from typing import Any, Final, NamedTuple, Self

from gigmatch.core.files import require_file
from gigmatch.errors import CertificateError, InvalidFileError, JournalError
from gigmatch.i18n.foreign import said_by
from gigmatch.live.state import canonical

__all__ = ["FORMAT", "Draft", "Entry", "Journal", "Record"]

FORMAT: Final = 2
"""What is written; formats from 1 on are read, and gone on in this one. 1 had no offers and no clock."""
_APPLICATION: Final = 0x474D4C4A
_FIRST: Final = "0" * 64
_SNAPSHOTS: Final = 2
_SETTINGS: Final = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON")
_TABLES: Final = f"""
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {FORMAT};
CREATE TABLE entries (number INTEGER PRIMARY KEY, key TEXT UNIQUE, body TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TABLE people (person TEXT NOT NULL, digest TEXT PRIMARY KEY, salt BLOB NOT NULL, text TEXT NOT NULL);
CREATE INDEX people_by_person ON people (person);
CREATE TABLE snapshots (number INTEGER PRIMARY KEY, body TEXT NOT NULL);
"""
_ENTRIES: Final = "SELECT number, key, body, hash FROM entries"


class Record(NamedTuple):
    """What a journal holds of a person, until it is erased."""

    person: str
    """Whose it is, by id."""
    digest: str
    """What entries call it: SHA-256 of salt and text."""
    salt: bytes
    text: str

    @classmethod
    def of(cls, person: str, text: str, salt: bytes | None = None) -> Record:
        """Make one, with a salt that nobody can guess."""
        salt = secrets.token_bytes(16) if salt is None else salt
        return cls(person, hashlib.sha256(salt + text.encode()).hexdigest(), salt, text)

    @property
    def holds(self) -> bool:
        """Whether the text is that of the digest."""
        is_whole = isinstance(self.salt, bytes) and isinstance(self.text, str)
        return is_whole and Record.of(self.person, self.text, self.salt).digest == self.digest


class Entry(NamedTuple):
    """One line of a journal."""

    number: int
    """From 0, without gaps."""
    key: str | None
    """The client's, once in a journal."""
    body: str
    """JSON of one object."""
    hash: str
    """SHA-256 of all before it in this line, and of the hash of the entry before: hexadecimal."""

    @classmethod
    def after(cls, before: str, number: int, key: str | None, body: str) -> Entry:
        """Make the entry that follows one of a hash."""
        name = "-" if key is None else f"{len(key)}:{key}"
        told = f"{before} {number} {name} {body}".encode()
        return cls(number, key, body, hashlib.sha256(told).hexdigest())


class Draft:
    """An entry on its way to the disk.

    Parameters
    ----------
    entry : Entry
        What is written.
    people : iterable of Record
        Written with it.
    erased : iterable of str
        People whose records go.
    take_back : callable
        Takes back in memory what the entry did, should it not reach the disk.
    snapshot : str, optional
        JSON of the state after it, kept besides.

    Attributes
    ----------
    is_written : bool
        Whether it is on the disk.
    error : JournalError or None
        Why it is not, and never will be.
    """

    def __init__(
        self,
        entry: Entry,
        people: Iterable[Record] = (),
        erased: Iterable[str] = (),
        take_back: Callable[[], object] = lambda: None,
        snapshot: str | None = None,
    ) -> None:
        self.entry, self.people, self.erased = entry, tuple(people), tuple(erased)
        self.take_back, self.snapshot = take_back, snapshot
        self.is_written = False
        self.error: JournalError | None = None


class Journal:
    """A file of entries, and its only writer or one of its readers.

    Parameters
    ----------
    path : str or Path
        The file; `make` makes one.
    is_writer : bool
        Whether entries will be appended: by one process at a time.

    Raises
    ------
    InvalidFileError
        It is no journal, or of a later format.
    JournalError
        Somebody else writes it, or it cannot be written.
    """

    def __init__(self, path: str | Path, *, is_writer: bool = False) -> None:
        require_file(path)
        self._begin(Path(path), _held(Path(path)) if is_writer else None)

    @classmethod
    def make(
        cls, path: str | Path, body: Mapping[str, Any], people: Iterable[Record], snapshot: str | None = None
    ) -> Self:
        """Make a file with entry 0, whole or not at all, and be its writer.

        Raises
        ------
        InvalidFileError
            Something else is there.
        JournalError
            Somebody else writes it, or it cannot be written.
        """
        path, journal = Path(path), cls.__new__(cls)
        first = Draft(Entry.after(_FIRST, 0, None, canonical(body)), people, snapshot=snapshot)
        hold = _held(path)
        try:
            with _errors_of(path), closing(_connected(path, "rwc")) as file:
                if file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                    raise InvalidFileError("journal_is_there", path=path)
                _write(file, [first], _TABLES)
            journal._begin(path, hold)
        except BaseException:
            hold.close()
            raise
        return journal

    def _begin(self, path: Path, hold: sqlite3.Connection | None) -> None:
        self.path, self._hold, self._file = path, hold, None
        self.lock = RLock()
        self._turn, self._at_reading = Condition(), Lock()
        self._pending: list[Draft] = []
        self._unwritten: dict[int | str, Draft] = {}  # by number and by key
        self._new_people: dict[str, Record] = {}
        self._is_writing = False
        try:
            with _errors_of(path):
                self._reading = _connected(path, "ro")
                self._refuse_others()
                self._file = _connected(path, "rw") if hold else None
                if self._file and self._pragma("user_version") < FORMAT:
                    self._file.execute(f"PRAGMA user_version = {FORMAT}")
                self._head = self._written = self._last()
        except BaseException:
            self.close()
            raise

    def _refuse_others(self) -> None:
        if self._pragma("application_id") != _APPLICATION:
            raise InvalidFileError("journal_none", path=self.path)
        if (found := self._pragma("user_version")) > FORMAT:
            raise InvalidFileError("saved_newer", source=self.path, version=found, latest=FORMAT)

    def _pragma(self, name: str) -> int:
        return int(self._ask(f"PRAGMA {name}")[0][0])

    def close(self) -> None:
        """Let others write; what is not on the disk then is lost."""
        for each in (getattr(self, "_reading", None), self._file, self._hold):
            if each is not None:
                each.close()
        self._file = self._hold = None

    # -- what is there --------------------------------------------------------------------------------------

    @property
    def head(self) -> Entry:
        """The last entry, perhaps not on the disk yet; of a reader, the last one that is."""
        return self._head if self._file else self._last()

    @property
    def written(self) -> int:
        """The number of the last entry on the disk."""
        return self._written.number if self._file else self._last().number

    def entries(self) -> Iterator[Entry]:
        """Every entry on the disk, in order.

        Raises
        ------
        CertificateError
            Naming the first entry that is not the one written.
        """
        before = _FIRST
        with closing(_connected(self.path, "ro")) as file, _errors_of(self.path):
            for due, row in enumerate(file.execute(f"{_ENTRIES} ORDER BY number")):
                found = Entry(*row)
                if found != Entry.after(before, due, found.key, found.body):
                    raise self.tampered(due)
                before = found.hash
                yield found

    def entry(self, number: int) -> Entry:
        """One entry, on the disk or on its way there."""
        draft = self.draft(number)
        return draft.entry if draft else Entry(*self._ask(f"{_ENTRIES} WHERE number = ?", number)[0])

    def find(self, key: str) -> int | None:
        """The number of the entry that has a client's key, None if there is none."""
        if draft := self.draft(key):
            return draft.entry.number
        found = self._ask("SELECT number FROM entries WHERE key = ?", key)
        return int(found[0][0]) if found else None

    def draft(self, name: int | str) -> Draft | None:
        """The entry of a number or a key, while it is on its way to the disk."""
        with self._turn:
            return self._unwritten.get(name)

    def record(self, digest: str) -> Record | None:
        """The record that an entry names, None if it was erased; raises CertificateError if it is another."""
        with self._turn:
            if digest in self._new_people:
                return self._new_people[digest]
        found = self._ask("SELECT person, digest, salt, text FROM people WHERE digest = ?", digest)
        return self._genuine(Record(*found[0])) if found else None

    def records(self) -> Iterator[Record]:
        """Every record that is not erased; errors as of `record`."""
        with closing(_connected(self.path, "ro")) as file:
            for row in file.execute("SELECT person, digest, salt, text FROM people"):
                yield self._genuine(Record(*row))

    def snapshots(self) -> list[tuple[int, str]]:
        """Numbers of the entries after which states were kept, and their JSON, newest first."""
        return self._ask("SELECT number, body FROM snapshots ORDER BY number DESC")

    def tampered(self, number: int) -> CertificateError:
        """Return the error that names the first entry that is not as it was written."""
        return CertificateError("journal_tampered", path=self.path, number=number)

    def first_naming(self, digest: str) -> int:
        """The number of the first entry that names a record."""
        found = self._ask("SELECT min(number) FROM entries WHERE instr(body, ?)", digest)
        return int(found[0][0] or 0)

    def _genuine(self, record: Record) -> Record:
        if not record.holds:
            raise self.tampered(self.first_naming(record.digest))
        return record

    def _last(self) -> Entry:
        found = self._ask(f"{_ENTRIES} ORDER BY number DESC LIMIT 1")
        if not found:
            raise self.tampered(0)
        return Entry(*found[0])

    def _ask(self, question: str, *values: object) -> list[Any]:
        with self._at_reading:
            return self._reading.execute(question, values).fetchall()

    # -- what is written ------------------------------------------------------------------------------------

    def append(self, draft: Draft) -> None:
        """Queue an entry made after `head`; the caller holds `lock`, from reading `head` on."""
        with self._turn:
            self._pending.append(draft)
            self._head = draft.entry
            self._unwritten |= dict.fromkeys(_names(draft), draft)
            self._new_people |= {record.digest: record for record in draft.people}

    def settle(self, draft: Draft) -> None:
        """Return once an entry is on the disk; whoever comes first writes for all who wait.

        Not to be called by a thread that holds `lock`.

        Raises
        ------
        JournalError
            It could not be written, and was taken back.
        """
        while self._must_write(draft):
            self._write_all()
        if draft.error is not None:
            raise draft.error

    def keep(self, snapshot: str) -> None:
        """Keep a state after the last entry, all being written."""
        assert self._file is not None
        with _errors_of(self.path), _transaction(self._file):
            _keep(self._file, self._written.number, snapshot)

    def _must_write(self, draft: Draft) -> bool:
        """Wait for whoever writes; whether this thread is to write, as the entry is not settled then."""
        with self._turn:
            while not draft.is_written and draft.error is None:
                if not self._is_writing:
                    self._is_writing = True
                    return True
                self._turn.wait()
        return False

    def _write_all(self) -> None:
        with self._turn:
            batch, self._pending = self._pending, []
        try:
            assert self._file is not None
            _write(self._file, batch)
            self._note(batch)
        except BaseException as error:  # an interrupt may come after all is written
            if self._is_written(batch):
                self._note(batch)
            else:
                self._give_up(batch, error)
            if not isinstance(error, sqlite3.Error):
                raise
        finally:
            with self._turn:
                self._is_writing = False
                self._turn.notify_all()

    def _note(self, batch: list[Draft]) -> None:
        with self._turn:
            self._written = batch[-1].entry
            for draft in batch:
                draft.is_written = True
                for name in _names(draft):
                    del self._unwritten[name]
                for record in draft.people:
                    self._new_people.pop(record.digest, None)

    def _is_written(self, batch: list[Draft]) -> bool:
        try:
            return bool(self._last() == batch[-1].entry)
        except sqlite3.Error:
            return False

    def _give_up(self, batch: list[Draft], error: BaseException) -> None:
        """Take back what cannot be written, and what was decided after it."""
        with self.lock, self._turn:
            lost, self._pending = [*batch, *self._pending], []
            self._unwritten.clear()
            self._new_people.clear()
            self._head = self._written
            for draft in reversed(lost):
                draft.take_back()
                draft.error = JournalError("journal_not_written", path=self.path, error=said_by(error))


def _names(draft: Draft) -> list[int | str]:
    return [draft.entry.number, *([] if draft.entry.key is None else [draft.entry.key])]


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    """A connection that reads (``ro``), writes (``rw``), or may make the file (``rwc``).

    One that reads may mend what a killed writer left, where the file lets it.
    """
    is_reader = mode == "ro"
    if is_reader and os.access(path, os.W_OK):
        mode = "rw"
    address = f"{path.absolute().as_uri()}?mode={mode}"
    file = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False, timeout=60)
    for setting in ("query_only = ON",) if is_reader else _SETTINGS:
        file.execute(f"PRAGMA {setting}")
    return file


def _write(file: sqlite3.Connection, batch: list[Draft], tables: str = "") -> None:
    """Write some entries, all or none, synchronised when this returns."""
    with _transaction(file):
        for line in filter(str.strip, tables.split(";")):
            file.execute(line)
        file.executemany("INSERT INTO entries VALUES (?, ?, ?, ?)", [draft.entry for draft in batch])
        people = [record for draft in batch for record in draft.people]
        file.executemany("INSERT OR IGNORE INTO people VALUES (?, ?, ?, ?)", people)
        erased = [(person,) for draft in batch for person in draft.erased]
        file.executemany("DELETE FROM people WHERE person = ?", erased)
        for draft in batch:
            if draft.snapshot is not None:
                _keep(file, draft.entry.number, draft.snapshot)
    if erased:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _keep(file: sqlite3.Connection, number: int, snapshot: str) -> None:
    file.execute("INSERT OR REPLACE INTO snapshots VALUES (?, ?)", (number, snapshot))
    newest = f"SELECT number FROM snapshots ORDER BY number DESC LIMIT {_SNAPSHOTS}"
    file.execute(f"DELETE FROM snapshots WHERE number NOT IN ({newest})")


@contextmanager
def _transaction(file: sqlite3.Connection) -> Iterator[None]:
    file.execute("BEGIN IMMEDIATE")
    try:
        yield
        file.execute("COMMIT")
    except BaseException:
        if file.in_transaction:
            file.execute("ROLLBACK")
        raise


def _held(path: Path) -> sqlite3.Connection:
    """What keeps other writers out until it is closed or its process ends: a lock of SQLite's, beside it.

    Raises JournalError, with the name of the writer that there is.
    """
    with _errors_of(path):
        hold = sqlite3.connect(f"{path}.writer", isolation_level=None, check_same_thread=False, timeout=0)
        try:
            with _transaction(hold):
                hold.execute("CREATE TABLE IF NOT EXISTS writer (name TEXT)")
                hold.execute("DELETE FROM writer")
                hold.execute("INSERT INTO writer VALUES (?)", (f"{platform.node()}, {os.getpid()}",))
            hold.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            with closing(hold):
                if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                    raise
                raise JournalError("journal_held", path=path, name=_name_of_writer(hold)) from None
    return hold


def _name_of_writer(hold: sqlite3.Connection) -> str:
    try:
        return str(hold.execute("SELECT name FROM writer").fetchone()[0])
    except (sqlite3.Error, TypeError):  # it is about to say so
        return "?"


@contextmanager
def _errors_of(path: Path) -> Iterator[None]:
    """SQLite's errors as the library's."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise JournalError("journal_not_written", path=path, error=said_by(error)) from None
    except sqlite3.DatabaseError as error:
        raise InvalidFileError("cannot_read", path=path, error=said_by(error)) from None
