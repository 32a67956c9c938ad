"""Take a database with rows down to the first schema and up again, and kill that at any statement on the way."""

import multiprocessing
import os
import shutil
import signal
from importlib.resources import files
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from models.databases import writer
from models.migrate import head, migrate, revision_of
from tests.crash.invariants import broken
from tests.crash.kill import Trial

FIRST = "0001"
_ROWS = """
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :many)
INSERT INTO outbox (event_id, channel_id, unasked, body, state, created_at, attempts, next_try_at, doubtful)
SELECT 'many', (SELECT id FROM channel LIMIT 1), false, '{}', 'sent', '2026-11-25', 0, '2026-11-25', false FROM number
"""


async def run_migration_trial(
    template: Path, database: Path, rows: int, kills: int, seed: int, *, careless: bool = False
) -> Trial:
    """Kill the migration of an old database at some of its statements; after each it is old or new, and can go on.

    With rows, as many messages are added first. A careless migration commits each statement, which must be found out.
    """
    trial = Trial(rows, kills)
    old = database.with_name("old.db")
    shutil.copy(template, old)
    engine = create_engine(f"sqlite:///{old}", poolclass=NullPool)
    with engine.begin() as connection:
        if rows:
            connection.execute(text(_ROWS), {"many": rows})
    engine.dispose()
    expected = counts(old)
    downgrade(old, FIRST)
    shutil.copy(old, database)
    steps = _in_a_process(database, None, careless=careless)
    trial.faults += _wrong(database, expected, "in one go", {head()})
    if counts(database) != expected:
        trial.faults.append("in one go: rows are missing")
    for step in sorted(Random(seed).sample(range(1, steps + 1), min(kills, steps))):
        shutil.copy(old, database)
        _in_a_process(database, step, careless=careless)
        trial.answered.add(step)
        trial.faults += _wrong(database, expected, f"killed at {step}", {FIRST, head()})
        if not careless:
            upgrade(database)
            trial.faults += _wrong(database, expected, f"killed at {step} and again", {head()})
    trial.repeated = steps
    return trial


def counts(database: Path) -> dict[str, int]:
    """How many rows the tables have that were there from the first."""
    engine = create_engine(f"sqlite:///{database}", poolclass=NullPool)
    with engine.connect() as connection:
        names = set(inspect(connection).get_table_names()) - {"alembic_version"}
        return {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names}


def downgrade(database: Path, to: str) -> None:
    """Take a database to an older schema."""
    config = Config()
    config.set_main_option("script_location", str(files("models") / "migrations"))
    config.set_main_option("path_separator", "os")
    engine = create_engine(f"sqlite:///{database}", poolclass=NullPool)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, to)
    engine.dispose()


def upgrade(database: Path, kill_at: int | None = None, *, careless: bool = False) -> int:
    """Migrate as a start does, and perhaps die at a statement; returns how many there were."""
    url = f"sqlite:///{database}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT") if careless else writer(url)
    steps = _count(engine, kill_at)
    migrate(engine)
    engine.dispose()
    return len(steps)


def _count(engine: Engine, kill_at: int | None) -> list[str]:
    seen: list[str] = []

    @event.listens_for(engine, "after_cursor_execute")
    def executed(*given: object) -> None:
        seen.append(str(given[2]))
        if len(seen) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    return seen


def _in_a_process(database: Path, kill_at: int | None, *, careless: bool) -> int:
    """Migrate in a process of its own; returns how many statements there were, where it lived."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    found = context.Queue()
    process = context.Process(target=_migrate, args=(database, kill_at, careless, found))
    process.start()
    steps = 0 if kill_at else int(found.get(timeout=60))
    process.join(60)
    assert process.exitcode == (-signal.SIGKILL if kill_at else 0)
    found.close()
    return steps


def _migrate(database: Path, kill_at: int | None, careless: bool, found: "multiprocessing.Queue[int]") -> None:  # noqa: FBT001  a process takes no names
    found.put(upgrade(database, kill_at, careless=careless))


def _wrong(database: Path, expected: dict[str, int], when: str, revisions: set[str]) -> list[str]:
    engine = create_engine(f"sqlite:///{database}", poolclass=NullPool)
    with Session(engine) as session:
        connection = session.connection()
        at = revision_of(connection)
        faults = [] if at in revisions else [f"{when}: at revision {at}"]
        whole = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
        faults += [] if whole == "ok" else [f"{when}: {whole}"]
    engine.dispose()
    if at == head():
        faults += [f"{when}: {what}" for what in broken(database)]
    found = counts(database)
    kept = {name for name in expected if name in found and name not in _MAY_GO}
    return faults + [f"{when}: {name} has {found[name]} rows" for name in kept if found[name] != expected[name]]


_MAY_GO = frozenset({"timer"})
"""Tables whose rows a migration plans anew."""
