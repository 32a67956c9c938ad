"""What only some machines have, and CI must have: strace that may look at other processes, and disks to mount."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import SystemClock
from tests.crash.disks import Disks
from tests.workspace import seeded_database

_SCOPE = Path("/proc/sys/kernel/yama/ptrace_scope")


@pytest.fixture(scope="session")
def _seeded_now(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seeded_database(tmp_path_factory.mktemp("template") / "now.db", SystemClock().now())


@pytest.fixture
def database(_seeded_now: Path, tmp_path: Path) -> Path:
    """A file of SQLite with a demo of today, for a server with the machine's clock: seeding costs more than a start."""
    path = tmp_path / "tried.db"
    shutil.copy(_seeded_now, path)
    return path


@pytest.fixture
def strace() -> None:
    """Leave the test out where strace is not, or may not attach to a process that runs."""
    if shutil.which("strace") is None:
        _left_out("there is no strace: install the package")
    if os.getuid() != 0 and _SCOPE.exists() and _SCOPE.read_text(encoding="ascii").strip() != "0":
        _left_out("only root may let strace attach here")


@pytest.fixture
def disks(tmp_path: Path) -> Iterator[Disks]:
    """Disks in a file, one in the other."""
    if os.getuid() != 0:
        _left_out("only root mounts a disk")
    with Disks.mounted(tmp_path / "disks") as mounted:
        yield mounted


def _left_out(why: str) -> None:
    assert "CI" not in os.environ, f"in CI it must run: {why}"
    pytest.skip(why)
