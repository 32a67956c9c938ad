"""Bring a database to the schema of this code, or refuse in one sentence."""

import sqlite3
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, SQLModel

import models.tables  # noqa: F401  every table must be known before they are compared


class SchemaError(Exception):
    """Raised with one sentence that says why the database cannot be used and what to do."""


def migrate(engine: Engine) -> None:
    """Run the missing migrations in one transaction; raise SchemaError for one that is newer, torn or damaged."""
    config = Config()
    config.set_main_option("script_location", str(files("models") / "migrations"))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    try:
        with engine.begin() as connection:
            _check_integrity(connection)
            current = MigrationContext.configure(connection).get_current_revision()
            known = {revision.revision for revision in script.walk_revisions()}
            if current is not None and current not in known:
                msg = "The database was written by a newer version of Regatta: start that version, or restore a backup."
                raise SchemaError(msg)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            _check_shape(connection)
    except (DatabaseError, sqlite3.Error) as error:
        why = getattr(error, "orig", error)
        msg = f"The database cannot be used ({why}): check its folder's permissions, or restore a backup."
        raise SchemaError(msg) from error


def head() -> str:
    """The revision that this code expects."""
    config = Config()
    config.set_main_option("script_location", str(files("models") / "migrations"))
    return str(ScriptDirectory.from_config(config).get_current_head())


def revision(session: Session) -> str | None:
    """The revision that the database is at."""
    return MigrationContext.configure(session.connection()).get_current_revision()


def _check_integrity(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return  # a server looks after its own files
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found != "ok":
        msg = f"The database file is damaged ({found}): restore a backup."
        raise SchemaError(msg)


def _check_shape(connection: Connection) -> None:
    found = inspect(connection)
    tables = set(found.get_table_names())
    for table in SQLModel.metadata.sorted_tables:
        missing = [table.name]
        if table.name in tables:
            columns = {column["name"] for column in found.get_columns(table.name)}
            missing = [f"{table.name}.{column.name}" for column in table.columns if column.name not in columns]
        if missing:
            msg = f"The database is half migrated ({missing[0]} is missing): restore a backup from before the update."
            raise SchemaError(msg)
