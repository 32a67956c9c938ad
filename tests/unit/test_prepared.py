"""Prepared statements do what a session does: on both databases, in its transaction, and with its errors."""

import sqlite3
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, PendingRollbackError
from sqlmodel import select

from models.accounts import Account
from models.inbox import Delivery, Outcome, find_delivery
from models.numbers import next_number
from models.outages import is_outage
from models.prepared import Prepared, numbered, room_for, whole
from models.store import Store
from models.unit import Unit, keep, put, put_once

pytestmark = pytest.mark.both_databases

NAMED = Prepared(lambda _: whole(Account).where(Account.name == bindparam("name")))


def delivery(key: str) -> Delivery:
    at = datetime(2026, 11, 25, 9, 30, 0, 123_456, UTC)
    return Delivery(
        event_id=f"e-{key}", platform="slack", workspace="T1", key=key, body_hash="h", received_at=at,
        outcome=Outcome.DONE,
    )  # fmt: skip


def test_a_row_comes_back_as_it_was_written(store: Store) -> None:
    store.write(lambda unit: put(unit, delivery("k"))).result(5)

    found = store.read(lambda session: find_delivery(session, "slack", "T1", "k"))

    assert found is not None
    assert found.model_dump() == delivery("k").model_dump()


def test_what_the_session_holds_is_seen(store: Store) -> None:
    def work(unit: Unit) -> int:
        unit.add(Account(id="a", name="Globex", key="globex"))
        return len(NAMED.rows(unit, name="Globex"))

    assert store.write(work).result(5) == 1


def test_a_row_that_was_loaded_is_the_session_s_own(store: Store) -> None:
    store.write(lambda unit: put(unit, delivery("k"))).result(5)

    def work(unit: Unit) -> bool:
        row = find_delivery(unit, "slack", "T1", "k")
        assert row is not None
        row.outcome = Outcome.FAILED
        return row is unit.get(Delivery, "e-k") is find_delivery(unit, "slack", "T1", "k")

    assert store.write(work).result(5)
    assert store.read(lambda session: session.get_one(Delivery, "e-k").outcome) is Outcome.FAILED


def test_a_row_that_is_kept_is_followed(store: Store) -> None:
    def work(unit: Unit) -> None:
        row = keep(unit, delivery("k"))
        row.tries = 7

    store.write(work).result(5)

    assert store.read(lambda session: session.get_one(Delivery, "e-k").tries) == 7


def test_a_row_is_put_once(store: Store) -> None:
    def work(unit: Unit) -> tuple[bool, bool]:
        return put_once(unit, delivery("k")), put_once(unit, delivery("k"))

    assert store.write(work).result(5) == (True, False)


def test_a_violated_constraint_fails_as_in_a_session_and_ends_its_unit_only(store: Store) -> None:
    def work(unit: Unit) -> None:
        put(unit, delivery("k"))
        put(unit, delivery("k"))

    with pytest.raises(IntegrityError) as raised:
        store.write(work).result(5)

    assert "slack" not in str(raised.value).partition("[SQL")[0]
    assert store.write(lambda unit: put_once(unit, delivery("k"))).result(5)


def test_a_write_through_the_reading_side_fails(store: Store) -> None:
    with pytest.raises(DBAPIError):
        store.read(lambda session: put(session, delivery("k")))


def test_what_is_undone_takes_prepared_statements_along(store: Store) -> None:
    def work(unit: Unit) -> str:
        with unit.rehearsal():
            next_number(unit, "D")
            next_number(unit, "D")
        return next_number(unit, "D")

    assert store.write(work).result(5) == "D-1001"


def test_a_list_is_given_in_a_few_lengths() -> None:
    assert [room_for(many) for many in (1, 2, 3, 5, 8, 9)] == [1, 2, 4, 8, 8, 16]
    assert numbered("id", ["a", "b", "c"]) == {"id0": "a", "id1": "b", "id2": "c", "id3": "c"}


def test_a_statement_of_constants_keeps_them(store: Store) -> None:
    first = Prepared(lambda _: select(Account.name).where(Account.key != "x").order_by(Account.name).limit(1))

    def work(unit: Unit) -> tuple[str, ...] | None:
        for name in ("b", "a", "x"):
            unit.add(Account(id=name, name=name, key=name))
        return first.first(unit)

    assert store.write(work).result(5) == ("a",)


class FailingRows:
    """A driver's cursor whose second row cannot be read."""

    def fetchall(self) -> None:
        raise sqlite3.OperationalError("disk I/O error")


def test_a_row_that_cannot_be_read_is_told_as_a_statement_that_fails(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(unit: Unit) -> None:
        name = unit.connection().dialect.loaded_dbapi.OperationalError
        monkeypatch.setattr(FailingRows, "fetchall", lambda _: (_ for _ in ()).throw(name("disk I/O error")))
        monkeypatch.setattr("models.prepared.drive", lambda *_: FailingRows())
        NAMED.rows(unit, name="x")

    with pytest.raises(OperationalError):
        store.write(work).result(5)


def test_nothing_is_written_after_an_error_that_ended_the_transaction(store: Store) -> None:
    def work(unit: Unit) -> None:
        unit.add_all([Account(id="a", name="a", key="same"), Account(id="b", name="b", key="same")])
        with suppress(IntegrityError):
            unit.flush()
        next_number(unit, "V")

    with pytest.raises(PendingRollbackError):
        store.write(work).result(5)

    assert store.write(lambda unit: next_number(unit, "V")).result(5) == "V-1"


def test_a_connection_that_was_lost_is_heard_as_an_outage(store: Store) -> None:
    def work(unit: Unit) -> None:
        lost = unit.connection().dialect.loaded_dbapi.OperationalError("lost")
        unit.connection().invalidate(lost)
        raise DBAPIError.instance("", None, lost, Exception, connection_invalidated=True)

    store.monotonic = iter(range(0, 1000, 100)).__next__
    with pytest.raises(DBAPIError) as raised:
        store.write(work).result(5)

    assert "lost" in str(raised.value)
    assert is_outage(raised.value) == (store.engine.dialect.name == "postgresql")  # SQLite has no server to lose
