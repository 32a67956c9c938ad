"""What unit tests of the database share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.migrate import migrate
from models.store import Store
from tests.databases import url_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(url_of(tmp_path / "store.db"))
    migrate(opened.engine)
    yield opened
    opened.close()
