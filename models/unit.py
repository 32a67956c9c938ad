"""The unit of work: a session that neither commits nor rolls back by itself, and a quick way to insert a row."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NoReturn, TypeVar

from sqlalchemy import Connection, Table, bindparam, event
from sqlalchemy.orm import make_transient_to_detached
from sqlmodel import Session, SQLModel

from models.prepared import Prepared, drive

R = TypeVar("R", bound=SQLModel)


class Unit(Session):
    """A session inside one unit of work: returning from it commits, raising rolls back, nothing else does.

    `written` are the rows that it added, changed or removed, `process` the number of the one that it runs in (none for
    a command that ends), `topics` what other processes hear of once it is committed.
    """

    def __init__(self, connection: Connection, process: int | None = None) -> None:
        super().__init__(connection, join_transaction_mode="rollback_only", expire_on_commit=False)
        self.written: list[object] = []
        self.topics: set[str] = set()
        self.process = process
        self._connection = connection

    def connection(self, *_: Any, **__: Any) -> Connection:
        """The one connection, in the transaction that the store began."""
        return self._connection

    def commit(self) -> NoReturn:
        msg = "a unit of work commits when its work returns"
        raise RuntimeError(msg)

    rollback = commit

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Undo only what happens inside when it raises; what the unit wrote before stays.

        A constraint that a flush violates ends the whole unit, since the session cannot go on after it: where two may
        race, insert with ON CONFLICT DO NOTHING and look at the count.
        """
        self.flush()
        connection, before = self.connection(), len(self.written)
        drive(connection, "SAVEPOINT attempt")
        try:
            yield
            self.flush()
        except BaseException:
            self.expunge_all()
            del self.written[before:]
            if is_open(connection):  # else what ended the transaction is what must be heard
                drive(connection, "ROLLBACK TO attempt")
            raise
        finally:
            if is_open(connection):
                drive(connection, "RELEASE attempt")

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Do what happens inside, look at it, and undo it."""
        try:
            with self.attempt():
                yield
                raise _OverError  # noqa: TRY301  the attempt must see it
        except _OverError:
            pass


class _OverError(Exception):
    """Raised at the end of a rehearsal."""


@cache
def _insert(kind: type[SQLModel], given: str | None) -> Prepared:
    """An INSERT of a whole row, or of one whose number the database gives out."""
    table: Table = kind.__table__  # type: ignore[attr-defined]
    names = [column.key for column in table.columns if column.key != given]
    statement = table.insert().values({name: bindparam(name) for name in names})
    return Prepared(lambda _: statement if given is None else statement.returning(table.c[given]))


def put(session: Session, row: R) -> R:
    """Insert a row of a hot table at once, at a tenth of what a flush costs; the session does not track it.

    A number that the database gives out is set on the row.
    """
    kind = type(row)
    key = _numbered(kind)
    if key is None or getattr(row, key) is not None:
        _insert(kind, None).run(session, **vars(row))
    else:
        found = _insert(kind, key).first(session, **vars(row))
        setattr(row, key, found[0] if found else None)
    return row


def put_once(session: Session, row: SQLModel) -> bool:
    """Insert a row as `put` does, unless one with its unique keys is there; whether it was inserted."""
    return _insert_once(type(row)).run(session, **vars(row)) == 1


@cache
def _insert_once(kind: type[SQLModel]) -> Prepared:
    table: Table = kind.__table__  # type: ignore[attr-defined]
    given: dict[str, Any] = {column.key: bindparam(column.key) for column in table.columns}
    return Prepared(lambda insert: insert(table).values(given).on_conflict_do_nothing())


def keep(session: Session, row: R) -> R:
    """Insert a row as `put` does, and let the session follow what becomes of it."""
    put(session, row)
    make_transient_to_detached(row)
    session.add(row)
    return row


@cache
def _numbered(kind: type[SQLModel]) -> str | None:
    """The column of a table whose numbers the database gives out, where there is one."""
    table: Table = kind.__table__  # type: ignore[attr-defined]
    key = table.autoincrement_column
    return None if key is None else str(key.key)


@event.listens_for(Unit, "after_flush")
def _note(unit: Unit, _context: object) -> None:
    unit.written.extend(unit.new)
    unit.written.extend(unit.dirty)
    unit.written.extend(unit.deleted)


def is_open(connection: Connection) -> bool:
    """Whether the transaction goes on, as far as SQLAlchemy and SQLite know."""
    if connection.invalidated or not connection.in_transaction():
        return False
    raw = connection.connection.dbapi_connection
    return raw is not None and (not isinstance(raw, sqlite3.Connection) or raw.in_transaction)
