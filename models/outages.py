"""Outages: the database itself takes nothing at the moment, and whoever comes again later is served."""

import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from models.store import StoreClosedError

_OF_SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)  # fmt: skip
_OF_SERVERS = frozenset({"OperationalError", "InterfaceError"})
"""What drivers raise when a server is gone, full, or gives no lock (PEP 249); for SQLite it means mistakes, too."""


def is_outage(error: BaseException) -> bool:
    """Whether the database is at fault, and nothing that was asked of it: full disk, lock, lost server."""
    if isinstance(error, StoreClosedError | PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in _OF_SQLITE
    kinds = {kind.__name__ for kind in type(error.orig).__mro__}
    return error.connection_invalidated or bool(kinds & _OF_SERVERS)


def reason_of(error: BaseException) -> str:
    """What the database said, in one line and without the statement."""
    return " ".join(str(getattr(error, "orig", error)).split())
