"""The store: one writer that commits waiting units of work together, and a read-only side.

Each unit of work runs in its own savepoint of a shared transaction, with one fsync for the group, and is answered only
after the commit.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from models.databases import announce, is_away, is_silent, reader, writer
from models.prepared import drive
from models.unit import Unit, is_open

T = TypeVar("T")

GROUP_LIMIT = 64
AWAY_SECONDS = 2.0
"""So long a unit of work waits for a server that went away: Slack's three seconds are not over then."""
PATIENT_SECONDS = 60.0
PAUSE_SECONDS = 0.1


class StoreClosedError(RuntimeError):
    """Raised for work that arrives after the store was closed."""


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Unit], Any]
    done: "Future[Any]"
    since: float
    repeatable: bool


class _Outcome(NamedTuple):
    value: Any
    failure: BaseException | None
    written: list[object]
    topics: set[str]


class _AwayError(Exception):
    """The server went away; `ends`: while the group was being committed, so that nobody knows what became of it."""

    def __init__(self, why: Exception, *, ends: bool) -> None:
        super().__init__(str(why))
        self.why, self.ends = why, ends


class Store:
    """A database with one writer thread; `write` never blocks, `read` runs in the caller's thread.

    `watchers` hear, in the writer's thread, which rows a unit added, changed or removed once they are committed; other
    processes hear of the tables that are `announced`. `observers` hear how many seconds each of a group waited for its
    turn and how many the group took. What either raises goes to `on_fault`. `process` is the number of this one. A
    server that says nothing for `silence` seconds is given up; none: it is waited for.
    """

    monotonic = staticmethod(time.perf_counter)
    sleep = staticmethod(time.sleep)

    def __init__(self, url: str, silence: float | None = None) -> None:
        self.watchers: list[Callable[[Iterable[object]], None]] = []
        self.announced: frozenset[str] = frozenset()
        self.process: int | None = None
        self.observers: list[Callable[[Iterable[float], float], None]] = []
        self.fault: Exception | None = None
        self.on_fault: Callable[[Exception], None] = lambda _: None
        self.engine = writer(url, silence)
        self._reader = reader(url, silence)
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self.closed = False
        self._thread: threading.Thread | None = None
        self._begin()

    def _begin(self) -> None:
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    @property
    def is_open(self) -> bool:
        """Whether units of work are being committed."""
        return not self.closed and self._thread is not None and self._thread.is_alive() and self.fault is None

    def write(self, work: Callable[[Unit], T], *, repeatable: bool = False) -> "Future[T]":
        """Run `work` in a unit of work; the future is done after the commit, or holds what `work` raised.

        A server that is away is waited for a moment. What is `repeatable` may be done twice: it waits for long, and is
        done again when nobody knows whether it was committed.
        """
        done: Future[T] = Future()
        if self.closed:
            done.set_exception(StoreClosedError("the store is closed"))
        else:
            self._jobs.put(_Job(work, done, self.monotonic(), repeatable))
        return done

    def read(self, work: Callable[[Session], T]) -> T:
        """Run `work` against what is committed; a write in it fails.

        It is run once more where the connection turns out to be gone: the server was started anew meanwhile.
        """
        try:
            return self._read(work)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            self._reader.dispose()  # the others are as old
            if is_silent(error):
                raise  # who asks has waited long enough
        return self._read(work)

    def _read(self, work: Callable[[Session], T]) -> T:
        with Session(self._reader) as session:
            return work(session)

    def close(self, seconds: float | None = None) -> None:
        """Finish the work that is waiting, then stop; within so many seconds, or the work is left to its fate."""
        if not self.closed:
            self.closed = True
            self._jobs.put(None)
            if self._thread is not None:
                self._thread.join(seconds)
                if self._thread.is_alive():
                    return  # its connections are its own until the process ends
            self._reader.dispose()
            self.engine.dispose()  # last: only a connection that may write folds the WAL back into the file

    def _run(self) -> None:
        while self._round():
            pass

    def _round(self) -> bool:
        """Wait for work, and commit what waits together; false once the store was closed."""
        group: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            # From here on nobody can cancel it: whoever gave up earlier is left out.
            if job.done.set_running_or_notify_cancel():
                group.append(job)
            if len(group) == GROUP_LIMIT or self._jobs.empty():
                break
            job = self._jobs.get()
        if group:
            self._settle(group)
        return job is not None

    def _settle(self, group: list[_Job]) -> None:
        begun = self.monotonic()
        outcomes: list[_Outcome] | None = None
        while outcomes is None:
            try:
                outcomes = self._commit(group)
            except _AwayError as away:
                group = self._staying(group, away)
                if not group:
                    return
                self.sleep(PAUSE_SECONDS)
            except BaseException as error:  # noqa: BLE001  the group failed: each asker hears it or is tried alone
                if len(group) == 1:
                    group[0].done.set_exception(error)
                    return
                for job in group:
                    self._settle([job])
                return
        self._observe([begun - job.since for job in group], self.monotonic() - begun)
        self._tell([row for outcome in outcomes for row in outcome.written])
        for job, outcome in zip(group, outcomes, strict=True):
            if outcome.failure is None:
                job.done.set_result(outcome.value)
            else:
                job.done.set_exception(outcome.failure)

    def _staying(self, group: list[_Job], away: _AwayError) -> list[_Job]:
        """Those that wait for the server to come back; the others hear that it went away."""
        now, staying = self.monotonic(), []
        for job in group:
            is_over = now - job.since >= (PATIENT_SECONDS if job.repeatable else AWAY_SECONDS)
            if self.closed or is_over or (away.ends and not job.repeatable):
                job.done.set_exception(away.why)
            else:
                staying.append(job)
        return staying

    def _observe(self, waited: list[float], took: float) -> None:
        for observer in self.observers:
            try:
                observer(waited, took)
            except Exception as error:  # noqa: BLE001  the rows are committed whatever an observer does
                self._fail(error)

    def _tell(self, written: list[object]) -> None:
        """Tell the watchers; one that fails must not keep the others' answers, and is named by `fault`."""
        for watcher in self.watchers:
            try:
                watcher(written)
            except Exception as error:  # noqa: BLE001  the rows are committed whatever a watcher does
                self._fail(error)

    def _fail(self, error: Exception) -> None:
        """What this process knows may be wrong from now on, so it is not ready any more until it is started anew."""
        self.fault = error
        self.on_fault(error)

    def _commit(self, group: list[_Job]) -> list[_Outcome]:
        ends, connection = False, None
        try:
            with self.engine.begin() as connection:
                outcomes = [_in_savepoint(connection, job.work, self.process) for job in group]
                self._announce(connection, outcomes)
                ends = True
        except Exception as error:
            if is_away(error) or (connection is not None and connection.invalidated):
                raise _AwayError(error, ends=ends) from error
            raise
        return outcomes

    def _announce(self, connection: Connection, outcomes: list[_Outcome]) -> None:
        if topics := self._topics(outcomes):
            announce(connection, self.process, topics)

    def _topics(self, outcomes: list[_Outcome]) -> set[str]:
        topics = {topic for outcome in outcomes for topic in outcome.topics}
        return topics | (self.announced & {_table_of(row) for outcome in outcomes for row in outcome.written})


def _table_of(row: object) -> str:
    return str(getattr(row, "__tablename__", ""))


def _in_savepoint(connection: Connection, work: Callable[[Unit], Any], process: int | None) -> _Outcome:
    drive(connection, "SAVEPOINT unit")
    unit = Unit(connection, process)
    failure: BaseException | None = None
    value = None
    try:
        value = work(unit)
        unit.flush()
    except BaseException as error:  # noqa: BLE001  handed to whoever waits for this unit
        failure = error
    unit.expunge_all()
    if failure is not None:
        _still_open(connection, failure)
        drive(connection, "ROLLBACK TO unit")
        unit.written.clear()
        unit.topics.clear()
    drive(connection, "RELEASE unit")
    return _Outcome(value, failure, unit.written, unit.topics)


def _still_open(connection: Connection, failure: BaseException) -> None:
    """Let the whole group fail when the database ended its transaction (full disk, I/O error)."""
    if not is_open(connection):
        raise failure
    if isinstance(failure, DBAPIError) and failure.connection_invalidated:
        raise failure
