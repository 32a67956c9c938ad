"""The engines of the two databases: one that writes, one unit of work at a time, and one that only reads.

SQLite runs with WAL, synchronous=FULL and BEGIN IMMEDIATE: a measured power cut lost nothing so. On PostgreSQL a lock
that the transaction holds lets one process write at a time, so that a unit of work sees what SQLite's would: nobody
else between its reading and its writing. A process that dies or hangs loses it.
"""

import sqlite3
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool, StaticPool
from sqlmodel import Session, SQLModel

WRITERS_LOCK = 7_216_001
"""The number of the lock under which one process writes."""
HANGS_SECONDS = 15
"""After so long without a statement PostgreSQL ends a transaction, so that no process that hangs stops the others."""
WAITS_SECONDS = 30
"""How long a unit of work waits for somebody else's lock on an SQLite file, like that of a backup tool."""
LOCK_SECONDS = 20
"""How long a unit of work waits until another process has written: longer than one that hangs."""
GONE_SECONDS = 5
"""So often PostgreSQL looks whether who asked is still there, and ends what a process that went away was doing."""
SILENT_SECONDS = 30
"""So long a process that serves waits for a word of a server: longer than for another process's lock."""
READERS = 8
NOTICES = "regatta"
"""Where processes say on PostgreSQL what they changed: the number of one, and topics."""
APPLICATION = "regatta"
"""By what name the server knows whose connections are ours."""


def is_postgres(url: str) -> bool:
    """Whether a database is PostgreSQL."""
    return url.startswith(("postgresql:", "postgresql+psycopg:", "postgres:"))


def server_address(url: str) -> str:
    """The address of a PostgreSQL database as its own library reads it."""
    return f"postgresql:{url.partition(':')[2]}"


def announce(connection: Connection, process: int | None, topics: Collection[str]) -> None:
    """Say to the other processes what the transaction changed, once it is committed; on SQLite there are none."""
    if connection.dialect.name == "postgresql":
        said = f"{process or 0} {' '.join(sorted(topics))}"
        connection.exec_driver_sql("SELECT pg_notify(%s, %s)", (NOTICES, said))


def take_time(connection: Connection) -> None:
    """Let a transaction take as long as it does: its statements, and the pauses between them."""
    if connection.dialect.name == "postgresql":
        raw: Any = connection.connection.dbapi_connection
        raw.silence = None
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


def is_away(error: BaseException) -> bool:
    """Whether the database's server could not be reached, or left in the middle."""
    return isinstance(error, DBAPIError) and (error.connection_invalidated or _is_unreachable(error))


LOCKED = "55P03"
"""PostgreSQL's state of a lock that was not given in time."""


def is_silent(error: DBAPIError) -> bool:
    """Whether a server took a question and answered nothing."""
    return type(error.orig).__name__ == "SilentError"


def _is_unreachable(error: DBAPIError) -> bool:
    """Psycopg tells a server that is down or starting by the state 57P0x, or by none where it met no server."""
    state = getattr(error.orig, "sqlstate", "")
    is_away = state is None or state == LOCKED or state.startswith(("57P0", "08"))
    return isinstance(error, OperationalError) and is_away


def writer(url: str, silence: float | None = None) -> Engine:
    """The engine with which the one writer thread of this process writes.

    After so many seconds without a word from a server its connection is given up; none: it is waited for.
    """
    return _postgres(url, silence, size=1, writes=True) if is_postgres(url) else _sqlite_writer(url)


def reader(url: str, silence: float | None = None) -> Engine:
    """The engine for everything that only reads; each transaction sees one moment. `silence` as for the writer."""
    return _postgres(url, silence, size=READERS, writes=False) if is_postgres(url) else _sqlite_reader(url)


def insert_of(session: Session, kind: Any) -> Any:
    """An INSERT that can be told what to do on a conflict, which is the databases' own and not SQL's."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(kind)


def insert_once(session: Session, kind: type[SQLModel], facts: Mapping[str, object]) -> bool:
    """Insert a row unless one with its unique keys is there; whether it was inserted."""
    statement = insert_of(session, kind.__table__).values(facts).on_conflict_do_nothing()  # type: ignore[attr-defined]
    return session.connection().execute(statement.execution_options(preserve_rowcount=True)).rowcount == 1


def columns_of(connection: Connection) -> dict[str, set[str]]:
    """The columns of every table that there is: a hundredth of what it costs to look at each with its types."""
    found: dict[str, set[str]] = {}
    for table, column in connection.exec_driver_sql(_COLUMNS[connection.dialect.name]):
        found.setdefault(table, set()).add(column)
    return found


_COLUMNS = {
    "sqlite": "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table'",
    "postgresql": "SELECT table_name, column_name FROM information_schema.columns "
    "WHERE table_schema = current_schema()",
}


def _postgres(url: str, silence: float | None, *, size: int, writes: bool) -> Engine:
    from models.silence import Attentive  # noqa: PLC0415  psycopg is there where it is needed

    url = server_address(url).replace("postgresql:", "postgresql+psycopg:", 1)
    settings = (
        f"-c idle_in_transaction_session_timeout={HANGS_SECONDS}s -c timezone=UTC -c lock_timeout={LOCK_SECONDS}s"
    )
    if not writes:
        settings += " -c default_transaction_read_only=on"
    engine = create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        isolation_level="READ COMMITTED" if writes else "REPEATABLE READ",
        connect_args={
            "options": settings, "client_encoding": "utf8", "application_name": APPLICATION, "connect_timeout": 10,
            "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 10_000,
        },
        hide_parameters=True,  # what people typed must not reach a log through an error
    )  # fmt: skip

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, words: list[Any], given: dict[str, Any]) -> Attentive:
        raw = Attentive.connect(*words, **given)
        raw.silence = silence
        raw.be_looked_for(GONE_SECONDS)
        return raw

    if writes:

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            raw: Any = connection.connection.dbapi_connection
            raw.silence = silence  # which the transaction before may have lifted
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})")

    return engine


def _sqlite_writer(url: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "timeout": WAITS_SECONDS},
        hide_parameters=True,  # what people typed must not reach a log through an error
    )

    @event.listens_for(engine, "connect")
    def configure(raw: sqlite3.Connection, _record: object) -> None:
        raw.isolation_level = None
        # What a savepoint needs to be undone is kept in memory (temp_store): a crash undoes all of it anyway.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _sqlite_reader(url: str) -> Engine:
    path = Path(url.removeprefix("sqlite:///")).resolve()

    def connect() -> sqlite3.Connection:
        raw = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False, timeout=WAITS_SECONDS)
        raw.isolation_level = None
        return raw

    engine = create_engine(url, creator=connect, poolclass=QueuePool, pool_size=4, max_overflow=4, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine
