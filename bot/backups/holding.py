"""Hold a database that no other process has open, so that it can be replaced or moved."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from bot.backups.taking import disposing, path_of
from bot.faults import FaultError
from models.databases import APPLICATION, is_postgres, take_time, writer

IN_USE = "Something has the database open (a bot that runs?): stop it first."
_WAITS_SECONDS = 1.0
_OTHERS = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = %s AND pid != pg_backend_pid()"""


@contextmanager
def held(url: str) -> Iterator[Connection]:
    """A transaction on a database that no other process of ours has open; raise FaultError when one has."""
    with disposing(writer(url) if is_postgres(url) else _sqlite(path_of(url))) as engine:
        if is_postgres(url):
            _refuse_others(engine)
        with engine.begin() as connection:
            take_time(connection)
            yield connection


def _refuse_others(server: Engine) -> None:
    """A server knows by their name which connections are ours."""
    with server.connect() as connection:
        if connection.exec_driver_sql(_OTHERS, (APPLICATION,)).scalar():
            raise FaultError(IN_USE)


def _sqlite(path: Path) -> Engine:
    """An engine whose one connection holds a file: SQLite lets WAL be left by the only process that has it open."""

    def connect() -> sqlite3.Connection:
        raw = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=_WAITS_SECONDS)
        raw.isolation_level = None
        try:
            raw.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            raw.close()
            if "locked" in str(error):
                raise FaultError(IN_USE) from error
            raise
        return raw

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN EXCLUSIVE")

    return engine
