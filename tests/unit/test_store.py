"""The store: one writer, groups in one commit, nobody's failure is another's."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlmodel import select

from models.accounts import Account
from models.store import Store, StoreClosedError
from models.unit import Unit
from tests.databases import url_of

pytestmark = pytest.mark.both_databases


def add(name: str) -> Callable[[Unit], str]:
    """Work that adds an account."""

    def work(unit: Unit) -> str:
        unit.add(Account(id=name, name=name, key=name))
        return name

    return work


def names(store: Store) -> list[str]:
    return store.read(lambda session: sorted(session.exec(select(Account.name))))


def together(store: Store, *works: Callable[[Unit], Any]) -> "list[Future[Any]]":
    """Let work wait until all of it is there, so that it is one group."""
    gate = Event()
    store.write(lambda _unit: gate.wait(5))
    futures = [store.write(work) for work in works]
    gate.set()
    return futures


def test_one_that_raises_hurts_no_other_of_its_group(store: Store) -> None:
    def raising(unit: Unit) -> None:
        unit.add(Account(id="x", name="x", key="x"))
        unit.flush()
        raise RuntimeError("no")

    first, second, third = together(store, add("a"), raising, add("b"))

    assert first.result(5) == "a"
    assert third.result(5) == "b"
    with pytest.raises(RuntimeError, match="no"):
        second.result(5)
    assert names(store) == ["a", "b"]


def test_a_violated_constraint_ends_its_own_unit_only(store: Store) -> None:
    first, second, third = together(store, add("a"), add("a"), add("b"))

    assert first.result(5) == "a"
    assert third.result(5) == "b"
    with pytest.raises(Exception, match=r"(?i)unique"):
        second.result(5)
    assert names(store) == ["a", "b"]


def test_an_asker_who_gave_up_is_left_out_and_the_writer_goes_on(store: Store) -> None:
    gate = Event()
    store.write(lambda _unit: gate.wait(5))
    gone = store.write(add("gone"))
    assert gone.cancel()
    gate.set()

    assert store.write(add("later")).result(5) == "later"
    assert store.is_open
    assert names(store) == ["later"]


def test_an_asker_who_gives_up_while_the_work_runs_does_not_stop_it(store: Store) -> None:
    begun, gate = Event(), Event()

    def slow(unit: Unit) -> None:
        unit.add(Account(id="slow", name="slow", key="slow"))
        begun.set()
        gate.wait(5)

    running = store.write(slow)
    begun.wait(5)
    assert not running.cancel()
    gate.set()

    running.result(5)
    assert names(store) == ["slow"]


def undone(unit: Unit) -> None:
    """Write something inside an attempt that fails."""
    with unit.attempt():
        unit.add(Account(id="b", name="b", key="b"))
        unit.flush()
        raise ValueError("back")


def test_what_is_inside_an_attempt_is_undone_and_what_was_before_stays(store: Store) -> None:
    def work(unit: Unit) -> None:
        unit.add(Account(id="a", name="a", key="a"))
        with pytest.raises(ValueError, match="back"):
            undone(unit)
        unit.add(Account(id="c", name="c", key="c"))

    store.write(work).result(5)

    assert names(store) == ["a", "c"]


def test_watchers_hear_what_was_committed_and_nothing_else(store: Store) -> None:
    heard: list[str] = []
    store.watchers.append(lambda rows: heard.extend(row.name for row in rows if isinstance(row, Account)))

    def raising(unit: Unit) -> None:
        unit.add(Account(id="x", name="x", key="x"))
        unit.flush()
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        store.write(raising).result(5)
    store.write(add("a")).result(5)

    assert heard == ["a"]


def test_a_watcher_that_fails_is_named_and_keeps_no_answer(store: Store) -> None:
    def broken(_rows: Iterable[object]) -> None:
        raise ZeroDivisionError

    store.watchers.append(broken)

    assert store.write(add("a")).result(5) == "a"
    assert not store.is_open


def test_work_cannot_commit_or_roll_back_by_itself(store: Store) -> None:
    with pytest.raises(RuntimeError, match="commits when its work returns"):
        store.write(lambda unit: unit.commit()).result(5)
    with pytest.raises(RuntimeError, match="commits when its work returns"):
        store.write(lambda unit: unit.rollback()).result(5)


def test_a_read_cannot_write(store: Store) -> None:
    def write(session: object) -> None:
        session.add(Account(id="a", name="a", key="a"))  # type: ignore[attr-defined]
        session.flush()  # type: ignore[attr-defined]

    with pytest.raises(Exception, match=r"(?i)read-?only"):
        store.read(write)


def test_work_after_the_close_is_refused(tmp_path: Path) -> None:
    closed = Store(url_of(tmp_path / "closed.db"))
    closed.close()

    with pytest.raises(StoreClosedError):
        closed.write(lambda _unit: None).result(5)


def test_a_close_waits_for_work_that_never_ends_no_longer_than_it_may(tmp_path: Path) -> None:
    store, gate = Store(url_of(tmp_path / "stuck.db")), Event()
    stuck = store.write(lambda _unit: gate.wait(30))

    store.close(0.05)

    assert not stuck.done()
    gate.set()
    assert stuck.result(30)
    store.engine.dispose()
    store._reader.dispose()
