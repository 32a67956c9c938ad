"""The storage goes away and comes back: nothing is acknowledged that is not there, and nobody has to repair it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.storage import TRIES, run_full_trial, run_lock_trial


async def test_34_on_a_full_disk_commands_are_503_and_reading_works_and_then_it_goes_on(database: Path) -> None:
    trial = await run_full_trial(database, commands=4, rounds=2)

    assert trial.faults == []
    assert trial.repeated == 2 * TRIES
    assert set(trial.found) == set(range(trial.commands))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)], check=False)
    if made.returncode != 0:
        assert "CI" not in os.environ, "a disk can be mounted in CI"
        pytest.skip("only root mounts a small disk")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


async def test_34_a_disk_that_is_full_to_its_last_byte(small_disk: Path, database: Path) -> None:
    shutil.copy(database, small_disk / "full.db")

    trial = await run_full_trial(small_disk / "full.db", commands=2, rounds=1, on_disk=True)

    assert trial.faults == []
    assert trial.repeated == TRIES
    assert set(trial.found) == set(range(trial.commands))


async def test_35_a_lock_that_somebody_else_holds_is_waited_for_and_nobody_sees_it(database: Path) -> None:
    trial = await run_lock_trial(database, commands=5, seconds=1.0)

    assert trial.faults == []
    assert trial.repeated == trial.commands  # else the lock held up nobody
    assert set(trial.found) == set(range(trial.commands))
