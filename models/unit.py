"""The unit of work: a session that neither commits nor rolls back by itself, and a quick way to insert a row."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import NoReturn, TypeVar

from sqlalchemy import Connection, Insert, Table, event
from sqlmodel import Session, SQLModel

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
        connection.exec_driver_sql("SAVEPOINT attempt")
        try:
            yield
            self.flush()
        except BaseException:
            self.expunge_all()
            del self.written[before:]
            if is_open(connection):  # else what ended the transaction is what must be heard
                connection.exec_driver_sql("ROLLBACK TO attempt")
            raise
        finally:
            if is_open(connection):
                connection.exec_driver_sql("RELEASE attempt")

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
def _insert(kind: type[SQLModel]) -> Insert:
    table: Table = kind.__table__  # type: ignore[attr-defined]
    return table.insert()


def put(session: Session, row: R) -> R:
    """Insert a row of a hot table at once, at a fifth of what a flush costs; the session does not track it.

    A number that the database gives out is set on the row.
    """
    table: Table = row.__table__  # type: ignore[attr-defined]
    values = {column.key: getattr(row, column.key) for column in table.columns}
    (key, *others) = table.primary_key.columns
    if values[key.key] is None and not others:
        del values[key.key]
        given = session.connection().execute(_insert(type(row)), values).inserted_primary_key
        setattr(row, key.key, given[0] if given else None)
    else:
        session.connection().execute(_insert(type(row)), values)
    return row


@event.listens_for(Unit, "after_flush")
def _note(unit: Unit, _context: object) -> None:
    unit.written.extend(unit.new)
    unit.written.extend(unit.dirty)
    unit.written.extend(unit.deleted)


def is_open(connection: Connection) -> bool:
    """Whether the transaction goes on, as far as SQLAlchemy and SQLite know."""
    raw = connection.connection.dbapi_connection if connection.in_transaction() else None
    return raw is not None and (not isinstance(raw, sqlite3.Connection) or raw.in_transaction)
