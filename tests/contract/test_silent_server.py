"""A server that ends its connections, and one that takes what is asked and answers nothing."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url
from sqlmodel import Session

from models import silence
from models.accounts import names_since
from models.regions import Region
from models.store import Store
from models.unit import Unit
from tests.databases import copy, url_of
from tests.postgres import driven

pytestmark = pytest.mark.postgres
PATIENCE = 1.0


class Relay:
    """Stands between a store and its server; what was connected before it `hushes` hears nothing any more."""

    def __init__(self, host: str, port: int) -> None:
        self._server = host, port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._open: list[tuple[socket.socket, socket.socket]] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._hushed: set[socket.socket] = set()
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
                if connection not in self._hushed:
                    target.sendall(piece)
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
    """A store that reaches the server through the relay, and waits for a second instead of half a minute."""
    monkeypatch.setattr(silence.Attentive, "silence", PATIENCE)
    monkeypatch.setattr(silence, "WRITES_SECONDS", PATIENCE)
    opened = Store(make_url(server).set(host="127.0.0.1", port=relay.port).render_as_string(hide_password=False))
    yield opened
    opened.close(seconds=5)


def _customers(session: Session) -> list[tuple[str, str]]:
    return names_since(session, "")


def _rename(unit: Unit) -> None:
    unit.get_one(Region, "us").name += "!"


def test_a_read_leaves_a_connection_on_which_nothing_is_answered_and_is_done_on_another(
    store: Store, relay: Relay
) -> None:
    before = store.read(_customers)

    assert relay.hush() == 1

    assert store.read(_customers) == before
    assert store.read(_customers) == before


def test_a_write_on_which_nothing_is_answered_is_done_once_on_another_connection(store: Store, relay: Relay) -> None:
    store.write(lambda unit: unit.get_one(Region, "us")).result()
    relay.hush()

    store.write(_rename, repeatable=True).result(timeout=20)

    assert store.read(lambda session: session.get_one(Region, "us").name) == "United States!"


def test_a_read_is_done_although_the_server_ended_every_connection_meanwhile(store: Store, server: str) -> None:
    before = store.read(lambda session: (_customers(session), store.read(_customers))[0])  # two connections are open
    engine = create_engine(driven(server))
    with engine.connect() as other:
        other.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid != pg_backend_pid()"
        )
    engine.dispose()

    assert store.read(_customers) == before
    assert store.read(lambda session: (_customers(session), store.read(_customers))[0]) == before
