"""Copy every row of one database into another, SQLite or PostgreSQL, and prove that the copy is equal."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

import models.tables  # noqa: F401  every table is copied

BATCH = 1000
_DIGITS = 2**256


class CopyError(Exception):
    """Raised with one sentence that says which table could not be copied and why."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows a table has, and a digest of what they say, in whatever order they stand."""

    rows: int
    digest: str


class _Counting:
    """Counts rows as they pass."""

    def __init__(self) -> None:
        self._rows, self._sum = 0, 0

    def add(self, row: Sequence[Any]) -> None:
        said = repr([_plain(value) for value in row]).encode()
        self._rows += 1
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(said).digest())) % _DIGITS

    def tally(self) -> Tally:
        return Tally(self._rows, f"{self._sum:064x}")


def copy_all(source: Connection, target: Connection) -> dict[str, Tally]:
    """Copy all rows into empty tables; both databases are at this code's revision. Raise CopyError unless equal."""
    return {table.name: _copy(source, target, table) for table in SQLModel.metadata.sorted_tables}


def _copy(source: Connection, target: Connection, table: Table) -> Tally:
    read, written = _Counting(), _Counting()
    try:
        for batch in _batches(source, table):
            for row in batch:
                read.add(row)
            target.execute(table.insert(), [dict(row._mapping) for row in batch])  # noqa: SLF001  SQLAlchemy's name
        for batch in _batches(target, table):
            for row in batch:
                written.add(row)
        _number_on(target, table)
    except DBAPIError as error:
        why = str(error.orig).partition("\n")[0]
        raise CopyError(f"The rows of {table.name} cannot be copied ({why}); nothing was changed.") from error
    if read.tally() != written.tally():
        rows = f"{written.tally().rows} rows of {read.tally().rows}"
        raise CopyError(f"The copy of {table.name} is not equal ({rows}); nothing was changed.")
    return read.tally()


def _batches(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    query = select(table).execution_options(yield_per=BATCH)
    yield from connection.execute(query).partitions()


def _number_on(target: Connection, table: Table) -> None:
    """Let PostgreSQL give out the numbers after those that were copied."""
    key = table.autoincrement_column
    if key is None or target.dialect.name != "postgresql":
        return
    last = target.execute(select(func.max(key))).scalar()
    sequence = func.pg_get_serial_sequence(f'"{table.name}"', key.name)
    target.execute(select(func.setval(sequence, last or 1, last is not None)))


def _plain(value: Any) -> Any:
    """A value as both databases say it."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case dict() | list():
            return json.dumps(value, sort_keys=True)
        case str():
            return str(value)
    return value
