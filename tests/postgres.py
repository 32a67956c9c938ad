"""A PostgreSQL server of the tests' own, and databases on it.

To make a database costs half a second, so a copy of a template that was used is emptied and filled anew.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.pool import NullPool

from tests.ports import free_port

SETTINGS = (
    "fsync=off", "full_page_writes=off", "autovacuum=off", "max_connections=200",
    "shared_buffers=64MB", "max_wal_size=4GB",
)  # fmt: skip
"""What a server does without that need not survive."""
_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"


class Server:
    """A server that runs from the folder of its programs, in a temporary folder of its own.

    `url` is the address of a database from which others are made.
    """

    def __init__(self, programs: Path, *settings: str) -> None:
        self._programs, self._port = programs, free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="regatta-postgres-"))
        self._settings = settings or SETTINGS
        self.url = f"postgresql://postgres@127.0.0.1:{self._port}/postgres"
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres", "postgres")  # it does not run as root
        _run(programs / "initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8")

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def start(self) -> "Server":
        """Start it, and wait until it takes connections."""
        settings = " ".join(f"-c {one}" for one in self._settings)
        options = f"-p {self._port} -h 127.0.0.1 -k '' {settings}"
        _run(self._programs / "pg_ctl", "-D", self._data, "-l", self._folder / "log", "-w", "-o", options, "start")
        return self

    def stop(self, mode: str = "immediate") -> None:
        """Stop it: `fast` with a goodbye to those that are connected, `immediate` as a crash would."""
        _run(self._programs / "pg_ctl", "-D", self._data, "-m", mode, "stop")

    def remove(self) -> None:
        """Stop it and take its folder away."""
        try:
            self.stop()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)


@dataclass
class Databases:
    """The databases that a process of the tests has on a server; `names` are theirs, by the paths that mean them."""

    server: str
    names: dict[Path, str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=count)
    _copies: dict[str, str] = field(default_factory=dict)
    _free: dict[str, list[str]] = field(default_factory=dict)
    _refills: dict[str, str] = field(default_factory=dict)

    def address(self, name: str) -> str:
        """The address of a database."""
        return make_url(self.server).set(database=name).render_as_string(hide_password=False)

    def make(self, template: str | None = None) -> str:
        """Make an empty one, or one as another is, to which nobody may be connected."""
        if self._free.get(template or ""):
            return self._free[template or ""].pop()
        name = f"t_{os.getpid()}_{next(self._numbers)}"
        self._order(f'CREATE DATABASE "{name}" TEMPLATE "{template or "template1"}" STRATEGY FILE_COPY')
        if template is not None:
            self._copies[name] = template
        return name

    def keep(self, template: str) -> None:
        """Say that one stays as it is; its copies are used again from now on."""
        with self._opened(template) as rows:
            tables = [row[0] for row in rows.exec_driver_sql(_TABLES)]
            sequences = rows.exec_driver_sql(_SEQUENCES).all()
            rows.exec_driver_sql("CREATE SCHEMA kept")
            for table in tables:
                rows.exec_driver_sql(f'CREATE TABLE kept."{table}" AS TABLE public."{table}"')
        refill = ["SET session_replication_role = replica"]  # in which nobody looks at foreign keys
        refill += [f'DELETE FROM public."{table}"' for table in tables]
        refill += [f'INSERT INTO public."{table}" SELECT * FROM kept."{table}"' for table in tables]
        refill += [
            f"SELECT setval('public.\"{name}\"', {last or 1}, {str(last is not None).lower()})"
            for name, last in sequences
        ]
        self._refills[template] = "; ".join(refill)

    def give_back(self, name: str) -> None:
        """Be done with one, whoever is connected to it."""
        template = self._copies.get(name, "")
        if template not in self._refills:
            self._order(f'DROP DATABASE "{name}" WITH (FORCE)')
            return
        self._order(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        with self._opened(name) as rows:
            rows.exec_driver_sql(self._refills[template])
        self._free.setdefault(template, []).append(name)

    @contextmanager
    def _opened(self, name: str) -> Iterator[Connection]:
        engine = create_engine(driven(self.address(name)), poolclass=NullPool)
        with engine.begin() as connection:
            yield connection
        engine.dispose()

    def _order(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(statement)

    @cached_property
    def _engine(self) -> Engine:
        return create_engine(driven(self.server), isolation_level="AUTOCOMMIT")


def driven(address: str) -> str:
    """An address with the driver that SQLAlchemy is to use."""
    return address.replace("postgresql:", "postgresql+psycopg:", 1)


def _run(program: Path, *args: object) -> None:
    command = [str(program), *map(str, args)]
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
    done = subprocess.run(command, cwd="/", check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{program.name} failed: {done.stdout}{done.stderr}")
