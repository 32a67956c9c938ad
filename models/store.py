"""The store: one writer that commits waiting units of work together, and a read-only side.

SQLite runs with WAL, synchronous=FULL and BEGIN IMMEDIATE: a measured power cut lost nothing so. Each unit runs in its
own savepoint of a shared transaction, with one fsync for the group, and is answered only after the commit.
"""

import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, NoReturn, TypeVar

from sqlalchemy import Connection, Insert, Table, event
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel

from models.databases import reader, writer

T = TypeVar("T")
R = TypeVar("R", bound=SQLModel)

GROUP_LIMIT = 64


class StoreClosedError(RuntimeError):
    """Raised for work that arrives after the store was closed."""


class Unit(Session):
    """A session inside one unit of work: returning from it commits, raising rolls back, nothing else does.

    `written` are the rows that it added, changed or removed.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, join_transaction_mode="rollback_only", expire_on_commit=False)
        self.written: list[object] = []

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
            if _is_open(connection):  # else what ended the transaction is what must be heard
                connection.exec_driver_sql("ROLLBACK TO attempt")
            raise
        finally:
            if _is_open(connection):
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


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Unit], Any]
    done: "Future[Any]"
    since: float


class _Outcome(NamedTuple):
    value: Any
    failure: BaseException | None
    written: list[object]


class Store:
    """A database with one writer thread; `write` never blocks, `read` runs in the caller's thread.

    `watchers` hear, in the writer's thread, which rows a unit added, changed or removed once they are committed, and
    `observers` how many seconds each of a group waited for its turn and how many the group took.
    """

    def __init__(self, url: str) -> None:
        self.watchers: list[Callable[[Iterable[object]], None]] = []
        self.observers: list[Callable[[Iterable[float], float], None]] = []
        self.fault: Exception | None = None
        self.engine = writer(url)
        self._reader = reader(url)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self.closed = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    @property
    def is_open(self) -> bool:
        """Whether units of work are being committed."""
        return not self.closed and self._thread.is_alive() and self.fault is None

    def write(self, work: Callable[[Unit], T]) -> "Future[T]":
        """Run `work` in a unit of work; the future is done after the commit, or holds what `work` raised."""
        done: Future[T] = Future()
        if self.closed:
            done.set_exception(StoreClosedError("the store is closed"))
        else:
            self._jobs.put(_Job(work, done, time.perf_counter()))
        return done

    def read(self, work: Callable[[Session], T]) -> T:
        """Run `work` against what is committed; a write in it fails."""
        with Session(self._reader) as session:
            return work(session)

    def close(self) -> None:
        """Finish the work that is waiting, then stop."""
        if not self.closed:
            self.closed = True
            self._jobs.put(None)
            self._thread.join()
            self._reader.dispose()
            self.engine.dispose()  # last: only a connection that may write folds the WAL back into the file

    def _run(self) -> None:
        open_for_work = True
        while open_for_work:
            group: list[_Job] = []
            job = self._jobs.get()
            while job is not None:
                # From here on nobody can cancel it: whoever gave up earlier is left out.
                if job.done.set_running_or_notify_cancel():
                    group.append(job)
                if len(group) == GROUP_LIMIT or self._jobs.empty():
                    break
                job = self._jobs.get()
            open_for_work = job is not None
            if group:
                self._settle(group)

    def _settle(self, group: list[_Job]) -> None:
        begun = time.perf_counter()
        try:
            outcomes = self._commit(group)
        except Exception as error:  # noqa: BLE001  the whole group failed: each asker hears it or is tried alone
            if len(group) == 1:
                group[0].done.set_exception(error)
                return
            for job in group:
                self._settle([job])
            return
        for observer in self.observers:
            observer([begun - job.since for job in group], time.perf_counter() - begun)
        self._tell([row for outcome in outcomes for row in outcome.written])
        for job, (value, failure, _) in zip(group, outcomes, strict=True):
            if failure is None:
                job.done.set_result(value)
            else:
                job.done.set_exception(failure)

    def _tell(self, written: list[object]) -> None:
        """Tell the watchers; one that fails must not keep the others' answers, and is named by `fault`."""
        for watcher in self.watchers:
            try:
                watcher(written)
            except Exception as error:  # noqa: BLE001  the rows are committed whatever a watcher does
                self.fault = error

    def _commit(self, group: list[_Job]) -> list[_Outcome]:
        with self.engine.begin() as connection:
            return [_in_savepoint(connection, job.work) for job in group]


def _in_savepoint(connection: Connection, work: Callable[[Unit], Any]) -> _Outcome:
    connection.exec_driver_sql("SAVEPOINT unit")
    unit = Unit(connection)
    failure: BaseException | None = None
    value = None
    try:
        value = work(unit)
        unit.flush()
    except Exception as error:  # noqa: BLE001  handed to whoever waits for this unit
        failure = error
    unit.expunge_all()
    if failure is not None:
        _still_open(connection, failure)
        connection.exec_driver_sql("ROLLBACK TO unit")
        unit.written.clear()
    connection.exec_driver_sql("RELEASE unit")
    return _Outcome(value, failure, unit.written)


def _still_open(connection: Connection, failure: BaseException) -> None:
    """Let the whole group fail when the database ended its transaction (full disk, I/O error)."""
    if not _is_open(connection):
        raise failure
    if isinstance(failure, DBAPIError) and failure.connection_invalidated:
        raise failure


def _is_open(connection: Connection) -> bool:
    """Whether the transaction goes on, as far as SQLAlchemy and SQLite know."""
    raw = connection.connection.dbapi_connection if connection.in_transaction() else None
    return raw is not None and (not isinstance(raw, sqlite3.Connection) or raw.in_transaction)
