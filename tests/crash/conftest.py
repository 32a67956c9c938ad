"""What only some machines have, and CI must have: strace that may look at other processes, and disks to mount."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.disks import Disks

_SCOPE = Path("/proc/sys/kernel/yama/ptrace_scope")


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
