"""What every test may ask for: a running workspace whose clock stands still until it is moved."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from hypothesis import settings as hypothesis_settings

from tests import databases, postgres
from tests.databases import Kind
from tests.workspace import START, Workspace, seeded_database

hypothesis_settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis_settings.load_profile("ci")


# A traceback in colours with every local value takes three seconds, and more than one test is about faults.
structlog.configure(
    [
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)

_server = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL for the whole run, where its programs are and no server is named."""
    programs = os.environ.get("REGATTA_POSTGRES_BIN")
    if programs and not databases.server() and not hasattr(config, "workerinput") and not config.option.collectonly:
        os.environ[databases.VARIABLE] = _started(postgres.Server(Path(programs)))


def _started(server: postgres.Server) -> str:
    _server.callback(server.remove)
    return server.start().url


def pytest_unconfigure() -> None:
    """Stop what was started."""
    _server.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked `both_databases` on each of them."""
    if metafunc.definition.get_closest_marker("both_databases"):
        on_server = pytest.param(Kind.POSTGRES, marks=pytest.mark.postgres)
        metafunc.parametrize("database_kind", [Kind.SQLITE, on_server], indirect=True)


@pytest.fixture(autouse=True)
def database_kind(request: pytest.FixtureRequest) -> Iterator[Kind]:
    """Where the databases of a test are kept; on a server they go with it."""
    on_server = request.node.get_closest_marker("postgres") is not None
    if on_server and not databases.server():
        pytest.skip("there is no PostgreSQL server")
    databases.use(Kind.POSTGRES if on_server else Kind.SQLITE)
    yield databases.kind()
    databases.forget()
    databases.use(Kind.SQLITE)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo's file of SQLite as it is just after the seed."""
    return seeded_database(tmp_path_factory.mktemp("template") / "demo.db", START)


@pytest.fixture
def template(database_kind: Kind, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo database as it is just after the seed, made once and copied by each test."""
    if database_kind is Kind.SQLITE:
        return Path(request.getfixturevalue("seeded"))
    if not _on_server:
        _on_server.append(tmp_path_factory.mktemp("template") / "server.db")
        databases.keep(seeded_database(_on_server[0], START))
    return _on_server[0]


_on_server: list[Path] = []


@pytest.fixture
async def workspace(template: Path, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Workspace]:
    """The demo workspace on Wednesday 25 November 2026, 10:30 in Shanghai; with `everywhere`, each platform in turn."""
    stage = getattr(request, "param", Workspace)
    async with stage.opened(template, tmp_path / "demo.db") as opened:
        yield opened


@pytest.fixture
def monday() -> datetime:
    """The first Monday after the start, 00:00 UTC."""
    return datetime(2026, 11, 30, tzinfo=UTC)
