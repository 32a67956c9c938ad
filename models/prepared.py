"""Prepared statements: built once, compiled once for each database, and run on the driver's own connection.

They are for the few statements that every command needs: one costs a tenth of what a session takes for it. They flush
what the session holds, as a query of its own would, and fail as SQLAlchemy does.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Executable, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.util import identity_key
from sqlmodel import SQLModel

R = TypeVar("R", bound=SQLModel)

Insert = Callable[..., Any]
"""An INSERT that can be told what to do on a conflict, which is the databases' own and not SQL's."""
Build = Callable[[Insert], Executable]


class _Compiled:
    """A statement as one kind of database reads it."""

    def __init__(self, build: Build, dialect: Dialect) -> None:
        kind = postgresql if dialect.name == "postgresql" else sqlite
        statement: Any = build(kind.insert)
        compiled: Any = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self.names = compiled.positiontup if compiled.positional else None
        self.fixed = {name: value for name, value in compiled.params.items() if value is not None}
        types = {name: bind.type.dialect_impl(dialect) for bind, name in compiled.bind_names.items()}
        self.binds = [(name, types[name].bind_processor(dialect)) for name in self.names or types]
        kinds = [column.type.dialect_impl(dialect) for column in statement.exported_columns]
        self.columns = [type_.result_processor(dialect, None) for type_ in kinds]
        self.is_plain = not any(self.columns)

    def bound(self, given: Mapping[str, object]) -> Any:
        """The parameters as the driver takes them."""
        values = {**self.fixed, **given} if self.fixed else given
        if self.names is None:
            return {name: values[name] if process is None else process(values[name]) for name, process in self.binds}
        return [values[name] if process is None else process(values[name]) for name, process in self.binds]

    def row(self, found: Sequence[Any]) -> tuple[Any, ...]:
        """The values of a row as the columns' types have them."""
        if self.is_plain:
            return tuple(found)
        pairs = zip(self.columns, found, strict=True)
        return tuple(value if process is None else process(value) for process, value in pairs)


class Prepared:
    """A statement over `bindparam`s, as a function that builds it: it is handed the database's own INSERT."""

    def __init__(self, build: Build) -> None:
        self._build = build
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, session: Session, **given: object) -> list[tuple[Any, ...]]:
        """Every row that it finds."""
        how, cursor = self._run(session, given)
        return [how.row(each) for each in _fetched(session.connection(), how.sql, cursor.fetchall)]

    def first(self, session: Session, **given: object) -> tuple[Any, ...] | None:
        """The first row that it finds."""
        how, cursor = self._run(session, given)
        found = _fetched(session.connection(), how.sql, cursor.fetchone)
        cursor.close()
        return None if found is None else how.row(found)

    def run(self, session: Session, **given: object) -> int:
        """Write; how many rows it wrote."""
        return int(self._run(session, given)[1].rowcount)

    def _run(self, session: Session, given: Mapping[str, object]) -> tuple[_Compiled, Any]:
        session.flush()
        connection = session.connection()
        how = self._compiled.get(connection.dialect.name)
        if how is None:
            how = self._compiled[connection.dialect.name] = _Compiled(self._build, connection.dialect)
        return how, drive(connection, how.sql, how.bound(given))


def drive(connection: Connection, sql: str, bound: Any = ()) -> Any:
    """Run SQL on the driver's connection and give its cursor; raise what SQLAlchemy would.

    Nothing is run once the transaction is over, since the driver would commit it by itself.
    """
    if not connection.in_transaction():
        raise PendingRollbackError("the transaction was ended by an error before")
    raw: Any = connection.connection.dbapi_connection
    try:
        return raw.execute(sql, bound)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _told(connection, sql, error) from error


def _fetched(connection: Connection, sql: str, fetch: Callable[[], Any]) -> Any:
    """Rows of a cursor: the later ones are looked for only now, and that may fail, too."""
    try:
        return fetch()
    except connection.dialect.loaded_dbapi.Error as error:
        raise _told(connection, sql, error) from error


def _told(connection: Connection, sql: str, error: Exception) -> Any:
    """A driver's error as SQLAlchemy has it; a connection that is gone is let go."""
    gone = connection.dialect.is_disconnect(error, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]
    if gone:
        connection.invalidate(error)
    kind: Any = connection.dialect.loaded_dbapi.Error
    return DBAPIError.instance(
        sql, None, error, kind, hide_parameters=True, connection_invalidated=gone, dialect=connection.dialect
    )


def any_of(column: Any, name: str, many: int) -> Any:
    """Whether a column is one of so many values, which `numbered` names."""
    return column.in_([bindparam(f"{name}{number}") for number in range(many)])


def numbered(name: str, values: Collection[object]) -> dict[str, object]:
    """The values of an `any_of`, the last one several times, so that there are few lengths."""
    every = [*values]
    every += every[-1:] * (room_for(len(every)) - len(every))
    return {f"{name}{number}": value for number, value in enumerate(every)}


def room_for(many: int) -> int:
    """The length of the list that so many values are given in: a power of two."""
    return 1 << max(many - 1, 0).bit_length()


def whole(kind: type[SQLModel]) -> Any:
    """A SELECT of all of a table's columns, for `loaded`."""
    table: Table = kind.__table__  # type: ignore[attr-defined]
    return table.select()


def loaded(session: Session, kind: type[R], row: Sequence[Any]) -> R:
    """Make the session's own object of a row of all of a table's columns; one that it has already stays as it is."""
    table: Table = kind.__table__  # type: ignore[attr-defined]
    values = dict(zip(table.c.keys(), row, strict=True))
    key = tuple(values[column.key] for column in table.primary_key)
    known: R | None = session.identity_map.get(identity_key(kind, key))
    if known is not None:
        return known
    fresh: R = kind.__mapper__.class_manager.new_instance()  # type: ignore[attr-defined]
    fresh.__dict__.update(values)
    make_transient_to_detached(fresh)
    session.add(fresh)
    return fresh
