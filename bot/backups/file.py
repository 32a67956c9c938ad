"""A backup's file: an SQLite database of the whole installation, with a note of when it was made and what it holds.

The note has a digest of every table, so that a file that was damaged later is known from what was backed up.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import quoted_name, select, text
from sqlalchemy import table as named

from bot.faults import FaultError

NOTE = "regatta_backup"
_MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Note:
    """When a backup was made, at which revision, and of each table the rows and a digest of them."""

    made_at: datetime
    revision: str
    tables: dict[str, tuple[int, str]]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(rows for rows, _ in self.tables.values())


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """A new private file beside another, which takes its place once it was written and reached the disk."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield beside
        reach_disk(beside)
        beside.replace(file)
        reach_disk(file.parent)
    finally:
        for left in ("", "-journal", "-wal", "-shm"):
            beside.with_name(beside.name + left).unlink(missing_ok=True)


def reach_disk(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def may_be_replaced(file: Path) -> None:
    """Raise FaultError for a file that is there and is no backup."""
    if not file.exists() or (file.is_file() and file.stat().st_size == 0):
        return
    try:
        with _opened(file) as raw:
            _note_of(raw, file)
    except FaultError:
        raise FaultError(f"{file} is there and is no backup: name a new file.") from None


def write_note(file: Path, made_at: datetime) -> Note:
    """Check a copy and put the note into it; raise FaultError for one that is damaged."""
    with closing(sqlite3.connect(file)) as raw:
        _check(raw, file)
        note = Note(made_at, _revision(raw), _digests(raw))
        with raw:
            raw.execute(f"CREATE TABLE {NOTE} (made_at TEXT, revision TEXT, tables TEXT)")
            values = (made_at.isoformat(), note.revision, json.dumps(note.tables))
            raw.execute(f"INSERT INTO {NOTE} VALUES (?, ?, ?)", values)  # noqa: S608  a constant
    return note


def read_note(file: Path) -> Note:
    """Check a backup and give its note; raise FaultError in one sentence for what is none or is damaged."""
    with _opened(file) as raw:
        note = _note_of(raw, file)
        try:
            _check(raw, file)
            found = _digests(raw)
        except sqlite3.DatabaseError as error:
            raise FaultError(f"{file} is damaged ({error}): take another backup.") from error
    wrong = next((name for name in note.tables if found.get(name) != note.tables[name]), None)
    if wrong is not None:
        raise FaultError(f"{file} is damaged ({wrong} is not what was backed up): take another backup.")
    return note


def drop_note(file: Path) -> None:
    """Make a backup an ordinary database."""
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute(f"DROP TABLE {NOTE}")


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a file to read; raise FaultError where there is none or it is no database."""
    if not file.is_file():
        raise FaultError(f"There is no file {file}.")
    with file.open("rb") as start:
        if start.read(len(_MAGIC)) != _MAGIC:
            raise FaultError(f"{file} is no backup: `regatta backup FILE` makes one.")
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as raw:
        yield raw


def _note_of(raw: sqlite3.Connection, file: Path) -> Note:
    try:
        made_at, revision, tables = raw.execute(f"SELECT * FROM {NOTE}").fetchone()  # noqa: S608  a constant
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise FaultError(f"{file} cannot be read ({error}).") from error
        raise FaultError(
            f"{file} is a database and no backup; a copied file may lack what was written last: make one with "
            f"`REGATTA_DATABASE_URL=sqlite:///{file} regatta backup FILE`, and restore that."
        ) from error
    except (sqlite3.DatabaseError, TypeError, ValueError) as error:
        raise FaultError(f"{file} is damaged ({error}): take another backup.") from error
    named = {name: (rows, digest) for name, (rows, digest) in json.loads(tables).items()}
    return Note(datetime.fromisoformat(made_at), revision, named)


def _check(raw: sqlite3.Connection, file: Path) -> None:
    found = raw.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise FaultError(f"{file} is damaged ({' '.join(str(found).split())}).")


def _revision(raw: sqlite3.Connection) -> str:
    return str(raw.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def _digests(raw: sqlite3.Connection) -> dict[str, tuple[int, str]]:
    names = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
    return {name: _digest(raw, name) for (name,) in sorted(names) if name != NOTE}


def _digest(raw: sqlite3.Connection, table: str) -> tuple[int, str]:
    said, rows = hashlib.sha256(), 0
    every = select(text("*")).select_from(named(quoted_name(table, quote=True))).order_by(text("rowid"))
    for row in raw.execute(str(every)):
        said.update(repr(row).encode("utf-8", "surrogatepass"))
        rows += 1
    return rows, said.hexdigest()
