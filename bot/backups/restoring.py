"""Restore a backup, into SQLite or PostgreSQL: nothing that waited in it is sent or done by itself."""

import os
import shutil
import tempfile
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from sqlalchemy import Connection, MetaData, inspect
from sqlalchemy.exc import DatabaseError
from sqlmodel import SQLModel

from bot.backups.file import Note, drop_note, reach_disk, read_note, replacing
from bot.backups.holding import held
from bot.backups.taking import back_up, chain_of, disposing, path_of
from bot.clock import Clock, new_id
from bot.faults import FaultError
from bot.operations import clock_of
from models.copying import CopyError, copy_all
from models.databases import is_postgres, reader
from models.migrate import migrate, revisions, upgrade
from models.restoring import Settled, settle
from models.store import Store

_TELL = "`--replace` puts the backup in its place, and keeps what is there as a file"


class _Found(Enum):
    """What a database holds."""

    NOTHING = auto()
    DEMO = auto()
    ORGANISATION = auto()
    OTHERS = auto()


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, what of it was set aside, and where the former database is kept."""

    note: Note
    settled: Settled
    chain: str
    kept: Path | None


@dataclass(frozen=True, slots=True)
class _Settling:
    """By which clock and with which quiet jobs a copy is settled."""

    base: Clock
    quiet: Collection[str]


def restore(url: str, file: Path, base: Clock, *, replace: bool, quiet: Collection[str]) -> Restored:
    """Put a backup in place of a database that nobody uses; `quiet` jobs are done although they may have been.

    Raise FaultError for a file that is no sound backup of this version or an older one, for a database that is in use,
    and, unless it may be replaced, for one that holds an organisation.
    """
    note = read_note(file)
    if note.revision not in revisions():
        raise FaultError(f"{file} was made by a newer version of Regatta: restore it with that version.")
    into = _into_server if is_postgres(url) else _into_file
    return into(url, file, note, _Settling(base, quiet), replace=replace)


def _into_file(url: str, file: Path, note: Note, how: _Settling, *, replace: bool) -> Restored:
    target, kept = path_of(url), None
    target.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        if target.exists():
            _hold(stack, url, replace=replace)
        with replacing(target) as beside:
            settled, chain = _prepare(file, beside, note, how)
            if target.exists():
                kept = _keep(target, _stamp(how.base))
    return Restored(note, settled, chain, kept)


def _hold(stack: ExitStack, url: str, *, replace: bool) -> None:
    """Hold a file that may be replaced; one that is no whole database only where it was told so."""
    try:
        connection = stack.enter_context(held(url))
        _refuse_organisation(_found_in(connection), replace=replace)
    except DatabaseError as error:
        if not replace:
            raise FaultError(f"The database there cannot be read ({error.orig}): {_TELL}.") from error


def _keep(target: Path, stamp: str) -> Path:
    """Give the database that is replaced a second name; the folder is never without one of the first."""
    kept = target.with_name(f"{target.name}.{stamp}")
    try:
        os.link(target, kept)
    except OSError:  # a file system without links
        shutil.copy2(target, kept)
        reach_disk(kept)
    wal = target.with_name(f"{target.name}-wal")
    if wal.exists():  # that of a damaged file, which must not meet the new one
        wal.rename(kept.with_name(f"{kept.name}-wal"))
    target.with_name(f"{target.name}-shm").unlink(missing_ok=True)
    return kept


def _into_server(url: str, file: Path, note: Note, how: _Settling, *, replace: bool) -> Restored:
    kept = None
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "restored.db"
        settled, chain = _prepare(file, ready, note, how)
        with held(url) as target:
            found = _found_in(target)
            _refuse_organisation(found, replace=replace)
            if found in (_Found.DEMO, _Found.ORGANISATION):
                kept = file.with_name(f"{file.name}.{_stamp(how.base)}")
                back_up(url, kept, how.base.now())
            there = MetaData()
            there.reflect(target)
            there.drop_all(target)
            upgrade(target)
            with disposing(reader(f"sqlite:///{ready}")) as engine, engine.connect() as source:
                try:
                    copy_all(source, target)
                except CopyError as error:
                    raise FaultError(str(error)) from error
    return Restored(note, settled, chain, kept)


def _prepare(file: Path, copy: Path, note: Note, how: _Settling) -> tuple[Settled, str]:
    """Make a copy that can be started on: at this code's schema, with what waited set aside."""
    shutil.copyfile(file, copy)
    drop_note(copy)
    store = Store(f"sqlite:///{copy}")
    try:
        migrate(store.engine)
        now = store.read(lambda session: clock_of(session, how.base)).now()
        settled = store.write(lambda unit: settle(unit, note.made_at, now, new_id(), how.quiet)).result()
    finally:
        store.close()
    return settled, chain_of(copy)[1]


def _found_in(connection: Connection) -> _Found:
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return _Found.NOTHING
    if tables - {"alembic_version"} - set(SQLModel.metadata.tables):
        return _Found.OTHERS
    company = connection.exec_driver_sql("SELECT is_demo, name FROM organisation").first()
    if company is not None and company[0]:
        return _Found.DEMO
    person = connection.exec_driver_sql("SELECT id FROM person LIMIT 1").first()
    is_claimed = company is not None and (company[1] or person is not None)
    return _Found.ORGANISATION if is_claimed else _Found.NOTHING


def _refuse_organisation(found: _Found, *, replace: bool) -> None:
    if found is _Found.OTHERS:
        raise FaultError("There are other tables in that database: name one of its own with REGATTA_DATABASE_URL.")
    if found is _Found.ORGANISATION and not replace:
        raise FaultError(f"There is an organisation in that database: {_TELL}.")


def _stamp(base: Clock) -> str:
    return f"replaced-{base.now():%Y%m%dT%H%M%SZ}"
