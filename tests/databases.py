"""The databases that tests use: files of SQLite, or with REGATTA_TEST_POSTGRES databases of that server.

A path names a database in both: on a server its name is made of the path. `REGATTA_TEST_POSTGRES` is the address of a
server where databases may be made, like postgresql://regatta@127.0.0.1:5432/postgres.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

SERVER = os.environ.get("REGATTA_TEST_POSTGRES", "")
_made: set[str] = set()


def url_of(path: Path) -> str:
    """The address of a database; on a server an empty one is made when there is none."""
    if not SERVER:
        return f"sqlite:///{path}"
    name = _name(path)
    if name not in _made:
        _make(name, "template1")
    return str(make_url(SERVER).set(database=name).render_as_string(hide_password=False))


def exists(path: Path) -> bool:
    """Whether a database was made."""
    return _name(path) in _made if SERVER else path.exists()


def copy(template: Path, path: Path) -> None:
    """Make a database as another one is; nobody may be connected to that."""
    if SERVER:
        drop(path)
        _make(_name(path), _name(template))
    else:
        shutil.copy(template, path)


def drop(path: Path) -> None:
    """Remove a database of the server, whoever is connected to it."""
    name = _name(path)
    if name in _made:
        _order(f'DROP DATABASE "{name}" WITH (FORCE)')
        _made.remove(name)


def made() -> frozenset[str]:
    """The names of the server's databases that tests made and that are there."""
    return frozenset(_made)


def forget(names: frozenset[str]) -> None:
    """Remove databases of the server by their names."""
    for name in names & _made:
        _order(f'DROP DATABASE "{name}" WITH (FORCE)')
        _made.remove(name)


def driven(path: Path) -> str:
    """The address of a database with its driver, for an engine of one's own."""
    return _with_driver(url_of(path))


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    """A connection to a database from outside; what is done is committed at the end."""
    engine = create_engine(_with_driver(url_of(path)), poolclass=NullPool)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def _make(name: str, template: str) -> None:
    _order(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    _made.add(name)


def _order(statement: str) -> None:
    with _server().connect() as connection:
        connection.execute(text(statement))


@cache
def _server() -> Engine:
    return create_engine(_with_driver(SERVER), isolation_level="AUTOCOMMIT")


def _with_driver(url: str) -> str:
    return url.replace("postgresql:", "postgresql+psycopg:", 1)


def _name(path: Path) -> str:
    return f"t_{hashlib.sha256(str(path).encode()).hexdigest()[:20]}"
