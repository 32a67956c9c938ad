"""The databases that tests use: files of SQLite, or databases of a PostgreSQL server.

A path names a database in both. The server is the tests' own, or the one that REGATTA_TEST_POSTGRES names, where
databases may be made: postgresql://regatta@127.0.0.1:5432/postgres.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from tests.postgres import Databases
from tests.postgres import driven as with_driver

VARIABLE = "REGATTA_TEST_POSTGRES"


class Kind(StrEnum):
    """Where a database is kept."""

    SQLITE = "sqlite"
    POSTGRES = "postgresql"


_kind = Kind.SQLITE
_kept: set[Path] = set()


def server() -> str:
    """The address of the server; nothing where there is none."""
    return os.environ.get(VARIABLE, "")


def use(kind: Kind) -> None:
    """Keep the databases that are asked for from now on there."""
    globals()["_kind"] = kind


def kind() -> Kind:
    """Where they are kept now."""
    return _kind


def url_of(path: Path) -> str:
    """The address of a database; on a server an empty one is made when there is none."""
    if _kind is Kind.SQLITE:
        return f"sqlite:///{path}"
    names = _on_server().names
    if path not in names:
        names[path] = _on_server().make()
    return _on_server().address(names[path])


def exists(path: Path) -> bool:
    """Whether a database was made."""
    return path in _on_server().names if _kind is Kind.POSTGRES else path.exists()


def copy(template: Path, path: Path) -> None:
    """Make a database as another one is; nobody may be connected to that."""
    if _kind is Kind.SQLITE:
        shutil.copy(template, path)
        return
    names = _on_server().names
    if path in names:
        _on_server().give_back(names.pop(path))
    names[path] = _on_server().make(names[template])


def keep(template: Path) -> None:
    """Say that a database stays as it is, for others to be copied from it."""
    _kept.add(template)
    if _kind is Kind.POSTGRES:
        _on_server().keep(_on_server().names[template])


def forget() -> None:
    """Be done with every database of the server that does not stay."""
    if server():
        names = _on_server().names
        for path in names.keys() - _kept:
            _on_server().give_back(names.pop(path))


def driven(path: Path) -> str:
    """The address of a database with its driver, for an engine of one's own."""
    return with_driver(url_of(path))


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    """A connection to a database from outside; what is done is committed at the end."""
    engine = create_engine(driven(path), poolclass=NullPool)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def _on_server() -> Databases:
    return _databases(server())


@cache
def _databases(address: str) -> Databases:
    return Databases(address)
