"""Move an installation to an empty PostgreSQL database, and prove that it is the same there."""

from sqlalchemy import inspect

from bot.backups.holding import held
from bot.backups.taking import disposing, path_of
from bot.faults import FaultError
from models.copying import CopyError, Tally, copy_all
from models.databases import is_postgres, take_time, writer
from models.migrate import mark_moved, upgrade


def move(url: str, to: str) -> dict[str, Tally]:
    """Copy everything, and let no process start on the old database any more; gives the rows and digest of each table.

    Raise FaultError, with nothing changed, for a database that is in use, a target that is not empty, and a copy that
    is not equal.
    """
    if not is_postgres(to):
        raise FaultError("`regatta move` takes postgresql://…; into SQLite, `regatta backup` and `restore` go.")
    if not is_postgres(url) and not path_of(url).exists():
        raise FaultError(f"There is no database {path_of(url)} to move.")
    with held(url) as source:
        upgrade(source)
        with disposing(writer(to)) as server, server.begin() as target:
            if inspect(target).get_table_names():
                raise FaultError("The database to move to is not empty: make a new one for Regatta.")
            take_time(target)
            upgrade(target)
            try:
                found = copy_all(source, target)
            except CopyError as error:
                raise FaultError(str(error)) from error
        mark_moved(source)
    return found
