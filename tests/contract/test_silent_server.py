"""A server that ends its connections, and one that takes what is asked and answers nothing."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

import models.store
from bot import membership
from bot.membership import Membership
from models.accounts import names_since
from models.databases import GONE_SECONDS, SILENT_SECONDS
from models.outages import is_outage
from models.regions import Region
from models.silence import Attentive
from models.store import PATIENT_SECONDS, Store
from models.unit import Unit
from tests.databases import copy, url_of
from tests.postgres import driven

pytestmark = pytest.mark.postgres
SILENCE = 2.0


class Relay:
    """Stands between a store and its server; what was connected before a `hush` hears nothing any more.

    Nor does the first connection that says what it `hushes_at`.
    """

    def __init__(self, host: str, port: int) -> None:
        self._server = host, port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._open: list[tuple[socket.socket, socket.socket]] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._hushed: set[socket.socket] = set()
        self.hushes_at = b""
        self._threads[0].start()

    def hush(self) -> int:
        """Let nothing through any more on the connections that there are; how many these are."""
        self._hushed.update(asking for asking, _ in self._open)
        return len(self._hushed)

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        for each in (one for pair in self._open for one in pair):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for each in (self._listening, *(one for pair in self._open for one in pair)):
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                asking, _ = self._listening.accept()
                answering = socket.create_connection(self._server)
                self._open.append((asking, answering))
                for way in ((asking, answering), (answering, asking)):
                    self._threads.append(threading.Thread(target=self._pass_on, args=(*way, asking), daemon=True))
                    self._threads[-1].start()

    def _pass_on(self, source: socket.socket, target: socket.socket, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                if self.hushes_at and self.hushes_at in piece:
                    self.hushes_at = b""
                    self._hushed.add(connection)
                if connection not in self._hushed:
                    target.sendall(piece)
            if connection not in self._hushed:
                target.shutdown(socket.SHUT_WR)


@pytest.fixture
def server(template: Path, tmp_path: Path) -> str:
    """The address of a demo's database."""
    copy(template, tmp_path / "demo.db")
    return url_of(tmp_path / "demo.db")


@pytest.fixture
def relay(server: str) -> Iterator[Relay]:
    address = make_url(server)
    between = Relay(address.host or "", address.port or 0)
    yield between
    between.close()


@pytest.fixture
def store(server: str, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store that reaches the server through the relay, and waits for a second where it else waits for thirty."""
    monkeypatch.setattr(models.store, "PATIENT_SECONDS", PATIENT_SECONDS / SILENT_SECONDS * SILENCE)
    opened = Store(through(relay, server), SILENCE)
    yield opened
    opened.close(seconds=5)


def through(relay: Relay, server: str) -> str:
    return make_url(server).set(host="127.0.0.1", port=relay.port).render_as_string(hide_password=False)


def _customers(session: Session) -> list[tuple[str, str]]:
    return names_since(session, "")


def _rename(unit: Unit) -> None:
    unit.get_one(Region, "us").name += "!"


def test_a_read_gives_a_silent_server_up_and_the_next_one_is_done_on_another_connection(
    store: Store, relay: Relay
) -> None:
    before = store.read(_customers)
    relay.hush()

    begun = time.monotonic()
    with pytest.raises(DBAPIError) as given_up:
        store.read(_customers)

    assert SILENCE < time.monotonic() - begun < 3 * SILENCE
    assert is_outage(given_up.value)
    assert store.read(_customers) == before


def test_a_write_on_which_nothing_is_answered_is_done_once_on_another_connection(store: Store, relay: Relay) -> None:
    store.write(lambda unit: unit.get_one(Region, "us")).result()
    relay.hush()

    store.write(_rename, repeatable=True).result(timeout=20)

    assert store.read(lambda session: session.get_one(Region, "us").name) == "United States!"


def test_what_a_store_gave_up_waiting_for_the_server_ends_soon_and_others_write(server: str) -> None:
    def takes_long(unit: Unit) -> None:
        unit.connection().exec_driver_sql("SELECT pg_sleep(60)")

    with contextlib.closing(Store(server, SILENCE)) as impatient, contextlib.closing(Store(server)) as other:
        with pytest.raises(DBAPIError):
            impatient.write(takes_long).result(timeout=20)

        other.write(_rename).result(timeout=2 * GONE_SECONDS)


def test_a_server_that_cannot_look_whether_somebody_is_gone_is_used_all_the_same(server: str) -> None:
    with Attentive.connect(server.replace("+psycopg", "")) as connection:
        connection.be_looked_for(-1)  # refused as a server on Windows refuses any

        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_read_is_done_although_the_server_ended_every_connection_meanwhile(server: str) -> None:
    with contextlib.closing(Store(server)) as store:
        before = store.read(
            lambda session: (_customers(session), store.read(_customers))[0]
        )  # two connections are open
        engine = create_engine(driven(server))
        with engine.connect() as other:
            other.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid != pg_backend_pid()"
            )
        engine.dispose()

        assert store.read(_customers) == before
        assert store.read(lambda session: (_customers(session), store.read(_customers))[0]) == before


async def test_a_process_that_meets_a_silent_server_is_among_the_others_later(
    server: str, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(membership, "HANGS_SECONDS", 1.0)
    monkeypatch.setattr(membership, "MEET_SECONDS", 15)
    relay.hushes_at = b"LISTEN"
    member = Membership(through(relay, server).replace("+psycopg", ""))

    await member.start()

    assert member.is_connected
    await member.stop()
