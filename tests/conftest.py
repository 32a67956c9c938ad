"""What every test may ask for: a running workspace whose clock stands still until it is moved."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from tests import databases
from tests.workspace import START, Workspace, seeded_database

hypothesis_settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis_settings.load_profile("ci")


@pytest.fixture(autouse=databases.SERVER != "")
def no_database_left() -> Iterator[None]:
    """On a server a test's databases go with it."""
    before = databases.made()
    yield
    databases.forget(databases.made() - before)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo database as it is just after the seed, made once and copied by each test."""
    return seeded_database(tmp_path_factory.mktemp("template") / "demo.db", START)


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
