"""Bring a database to the schema of this code, or refuse in one sentence."""

import sqlite3
from functools import cache
from importlib.resources import files

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, SQLModel

import models.tables  # noqa: F401  every table must be known before they are compared
from models.databases import columns_of, take_time


class SchemaError(Exception):
    """Raised with one sentence that says why the database cannot be used and what to do."""


_MIGRATIONS = files("models") / "migrations"
_ABOUT_SERVER = "SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding')"
OLDEST_SERVER = 14
"""The oldest PostgreSQL whose settings are all there (client_connection_check_interval)."""
MOVED = "moved"
"""What stands in place of the revision once an installation was moved to another database."""


def migrate(engine: Engine) -> None:
    """Run the missing migrations in one transaction; raise SchemaError for one that is newer, torn or damaged."""
    try:
        with engine.begin() as connection:
            _CHECKS[engine.dialect.name](connection)
            upgrade(connection)
    except (DatabaseError, sqlite3.Error) as error:
        why = " ".join(str(getattr(error, "orig", error)).split())
        if engine.dialect.name == "postgresql":
            raise SchemaError(
                f"The database cannot be used ({why}): check REGATTA_DATABASE_URL and the server."
            ) from error
        what = "its folder's permissions and the free space"
        raise SchemaError(f"The database cannot be used ({why}): check {what}, or restore a backup.") from error


def upgrade(connection: Connection) -> None:
    """Run the missing migrations in the transaction of a connection; raise SchemaError for what is newer or torn."""
    current = revision_of(connection)
    if current == MOVED:
        msg = "This installation was moved to another database: let REGATTA_DATABASE_URL name that one."
        raise SchemaError(msg)
    if current is not None and current not in revisions():
        msg = "The database was written by a newer version of Regatta: start that version, or restore a backup."
        raise SchemaError(msg)
    if current is None:
        _check_empty(connection)
    if current != head():
        take_time(connection)
        _run_what_is_missing(connection)
    _check_shape(connection)


def _run_what_is_missing(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  a start at the head needs nothing of it
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def mark_moved(connection: Connection) -> None:
    """Let no process start on a database any more, since its installation goes on in another one."""
    connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{MOVED}'")  # noqa: S608  a constant


@cache
def revisions() -> tuple[str, ...]:
    """Every revision that this code knows, in their order: the numbers that their files begin with."""
    names = (file.name for file in (_MIGRATIONS / "versions").iterdir())
    return tuple(sorted(name[:4] for name in names if name[:4].isdigit()))


def head() -> str:
    """The revision that this code expects."""
    return revisions()[-1]


def revision(session: Session) -> str | None:
    """The revision that the database is at."""
    return revision_of(session.connection())


def revision_of(connection: Connection) -> str | None:
    """The revision that the database of a connection is at; none without one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def _check_server(connection: Connection) -> None:
    """Raise SchemaError for a server that is too old, and for a database that cannot hold every name."""
    version, encoding = connection.exec_driver_sql(_ABOUT_SERVER).one()
    if version < OLDEST_SERVER:
        msg = f"PostgreSQL {version} is too old: REGATTA_DATABASE_URL needs {OLDEST_SERVER} or newer."
        raise SchemaError(msg)
    if encoding != "UTF8":
        make = "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        msg = f"The database keeps its text as {encoding}, in which names cannot stand: make one with {make}."
        raise SchemaError(msg)


def _check_file(connection: Connection) -> None:
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found != "ok":
        msg = f"The database file is damaged ({' '.join(str(found).split())}): restore a backup."
        raise SchemaError(msg)


_CHECKS = {"sqlite": _check_file, "postgresql": _check_server}


def _check_empty(connection: Connection) -> None:
    """Raise SchemaError for a database of another program, and for one of ours that lost its revision."""
    found = set(inspect(connection).get_table_names()) - {"alembic_version"}
    others = sorted(found - set(SQLModel.metadata.tables))
    if others:
        msg = f"The database holds other tables ({others[0]}): let REGATTA_DATABASE_URL name one of its own."
        raise SchemaError(msg)
    if found:
        msg = "The database is half migrated (alembic_version is missing): restore a backup from before the update."
        raise SchemaError(msg)


def _check_shape(connection: Connection) -> None:
    found = columns_of(connection)
    for table in SQLModel.metadata.sorted_tables:
        missing = [table.name]
        if table.name in found:
            missing = [
                f"{table.name}.{column.name}" for column in table.columns if column.name not in found[table.name]
            ]
        if missing:
            msg = f"The database is half migrated ({missing[0]} is missing): restore a backup from before the update."
            raise SchemaError(msg)
