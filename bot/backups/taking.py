"""Take a backup: a copy of one moment, while the bot goes on writing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from bot.backups.file import Note, may_be_replaced, replacing, write_note
from bot.faults import FaultError
from bot.operations import audit_report
from models.copying import CopyError, copy_all
from models.databases import is_postgres, reader, take_time, writer
from models.migrate import head, revision_of, upgrade


@dataclass(frozen=True, slots=True)
class Backup:
    """What was backed up, and whether its audit chain is sound."""

    note: Note
    sound: bool
    chain: str


def back_up(url: str, file: Path, now: datetime) -> Backup:
    """Write a backup in place of an older one of the same name; raise FaultError when nothing can be backed up."""
    may_be_replaced(file)
    if not file.parent.is_dir():
        raise FaultError(f"There is no folder {file.parent}: make it first.")
    with replacing(file) as beside:
        if is_postgres(url):
            _copy_from_server(url, beside)
        else:
            _copy_file(path_of(url), beside)
        note = write_note(beside, now)
        sound, chain = chain_of(beside)
    return Backup(note, sound, chain)


def path_of(url: str) -> Path:
    """The file of an SQLite database."""
    return Path(url.removeprefix("sqlite:///"))


def chain_of(file: Path) -> tuple[bool, str]:
    """Whether the audit chain in a file is sound, and a sentence."""
    with disposing(reader(f"sqlite:///{file}")) as engine, Session(engine) as session:
        return audit_report(session)


@contextmanager
def disposing(engine: Engine) -> Iterator[Engine]:
    """An engine for a moment."""
    try:
        yield engine
    finally:
        engine.dispose()


def _copy_file(source: Path, target: Path) -> None:
    """Let SQLite write a copy without what was deleted; a reader of WAL holds up no writer."""
    if not source.exists():
        raise FaultError(f"There is no database {source} yet.")
    try:
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=10)) as raw:
            raw.execute("SELECT version_num FROM alembic_version").fetchone()
            raw.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.DatabaseError as error:
        raise FaultError(f"{source} cannot be backed up ({error}).") from error


def _copy_from_server(url: str, target: Path) -> None:
    with disposing(reader(url)) as server, server.connect() as source:
        if revision_of(source) != head():
            raise FaultError("The database is not at the schema of this version: use the version that the bot runs.")
        with disposing(writer(f"sqlite:///{target}")) as engine:
            try:
                take_time(source)
                with engine.begin() as connection:
                    upgrade(connection)
                    copy_all(source, connection)
            except CopyError as error:
                raise FaultError(str(error)) from error
    with closing(sqlite3.connect(target)) as raw:
        raw.execute("PRAGMA journal_mode=DELETE")  # one file, as every backup
