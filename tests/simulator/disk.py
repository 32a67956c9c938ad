"""The disk and the database's server: slow, full, gone in the middle of a commit, or the last thing a process saw."""

import asyncio
import sqlite3
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from random import Random  # noqa: TID251  seeded: a run can be repeated
from typing import Any

from sqlalchemy import event

from models.databases import is_postgres
from models.store import Store
from models.unit import Unit
from tests.simulator.loop import Life, SimulatedLoop


class Blow(StrEnum):
    """What becomes of one group of units of work."""

    NONE = "none"
    FULL = "full"
    AWAY = "away"
    AWAY_AFTER = "away after the commit"
    DIES = "dies in the middle"
    DIES_BEFORE = "dies before the commit"
    DIES_AFTER = "dies after the commit"
    FORGETS = "says that it committed, and did not"


BLOWS = tuple(blow for blow in Blow if blow not in (Blow.NONE, Blow.FORGETS))
"""What a machine does; to say that something was kept and not to keep it is what must be found out."""


class CrashError(BaseException):
    """Ends a process in the middle of its work."""


class _AwayError(sqlite3.OperationalError):
    """A server that left: without a state, as psycopg has it, in words by which SQLAlchemy lets the connection go."""

    sqlstate = None

    def __init__(self) -> None:
        super().__init__("Cannot operate on a closed database.")


def _full() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error


@dataclass
class Disk:
    """What the disk does; `odds` say how often out of a thousand groups, and nothing once it is `healed`."""

    chance: Random
    odds: dict[Blow, int] = field(default_factory=dict)
    healed: bool = False

    def draw(self) -> Blow:
        """What becomes of the next group."""
        at = self.chance.randrange(1000)
        for blow, odds in () if self.healed else self.odds.items():
            at -= odds
            if at < 0:
                return blow
        return Blow.NONE


class SimulatedStore(Store):
    """The store without its thread: each group is one step, which the disk may spoil.

    `committed` hears of each group that is in the database, `dies` ends the process.
    """

    def __init__(
        self,
        url: str,
        loop: SimulatedLoop,
        life: Life,
        disk: Disk,
        committed: Callable[[int, Collection[str]], None],
        dies: Callable[[], None],
    ) -> None:
        assert not is_postgres(url)
        self._loop, self._life, self._disk, self._committed, self._dies = loop, life, disk, committed, dies
        self._is_planned, self._blow, self._left, self._times, self._slept = False, Blow.NONE, 0, 0, 0.0
        super().__init__(url)
        event.listen(self.engine, "do_connect", self._connect)
        self.monotonic = lambda: loop.time() + self._slept
        self.sleep = self._sleep  # type: ignore[assignment]

    def _begin(self) -> None:
        """Begin no thread."""

    @property
    def is_open(self) -> bool:
        """Whether units of work are being committed."""
        return not self.closed

    def write(self, work: Callable[[Unit], Any], *, repeatable: bool = False) -> Any:
        """Put it to what waits; the disk says when."""
        done = super().write(work, repeatable=repeatable)
        self._plan()
        return done

    def let_go(self) -> None:
        """Close the files of a process that is no more."""
        self.engine.dispose()
        self._reader.dispose()

    def _plan(self) -> None:
        if not self._is_planned:
            self._is_planned = True
            delay = self._disk.chance.choice((0.001, 0.003, 0.01, 0.05)) + self._slept
            asyncio.get_running_loop().call_later(delay, self._turn)

    def _turn(self) -> None:
        self._is_planned, self._slept = False, 0.0
        if not self._jobs.empty():
            self._blow, self._left = self._disk.draw(), self._disk.chance.randrange(2, 40)
            self._times = self._disk.chance.choice((1, 5, 30))
            self._round()
            self._blow = Blow.NONE
        if not self._jobs.empty():
            self._plan()

    def _commit(self, group: Any) -> Any:
        outcomes = super()._commit(group)
        self._committed(self._life.number, self._topics(outcomes))
        if self._blow is Blow.DIES_AFTER:
            self._dies()
        return outcomes

    def _connect(self, _dialect: Any, _record: Any, _words: Any, options: dict[str, Any]) -> None:
        options["factory"] = partial(_Connection, self)

    def statement(self) -> None:
        """Let a statement meet what the disk has in store."""
        if self._life.is_dead:
            raise CrashError
        self._left -= 1
        if self._left == 0 and self._blow is Blow.FULL:
            raise _full()
        if self._left == 0 and self._blow is Blow.AWAY:
            self._times -= 1
            self._left, self._blow = 1, Blow.AWAY if self._times else Blow.NONE
            raise _AwayError
        if self._left == 0 and self._blow is Blow.DIES:
            self._dies()
            raise CrashError

    def end(self, commit: Callable[[], None], rollback: Callable[[], None]) -> None:
        """Let a commit meet what the disk has in store."""
        if self._life.is_dead:
            raise CrashError
        if self._blow is Blow.DIES_BEFORE:
            self._dies()
            raise CrashError
        if self._blow is Blow.FULL:
            raise _full()
        if self._blow is Blow.FORGETS:
            rollback()
            return
        commit()
        if self._blow is Blow.AWAY_AFTER:
            self._blow = Blow.NONE
            raise _AwayError

    def _sleep(self, seconds: float) -> None:
        self._slept += seconds


class _Connection(sqlite3.Connection):
    """The driver's connection of a simulated store."""

    def __init__(self, store: SimulatedStore, *words: Any, **options: Any) -> None:
        super().__init__(*words, **options)
        self.store = store

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        self.store.statement()
        return super().execute(sql, parameters)

    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(factory or _Cursor)

    def commit(self) -> None:
        self.store.end(super().commit, super().rollback)


class _Cursor(sqlite3.Cursor):
    """A cursor of it."""

    connection: _Connection

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        self.connection.store.statement()
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any, /) -> Any:
        self.connection.store.statement()
        return super().executemany(sql, parameters)
