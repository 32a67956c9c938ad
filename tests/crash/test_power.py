"""What was answered is on the disk, whenever the power goes. `./dev soak power` cuts it 200 times."""

import shutil
import subprocess
from functools import partial
from pathlib import Path

from tests.crash.disks import Disks
from tests.crash.forked import ForkedServer
from tests.crash.power import FIRST, run_power_trial


async def test_29_a_power_cut_loses_nothing_that_was_answered(disks: Disks, database: Path) -> None:
    put(database, disks)

    trial = await run_power_trial(disks, cuts=3, seed=2)

    assert trial.faults == []
    assert trial.repeated > 0  # else nothing was answered before a cut


async def test_29_the_trial_finds_a_bot_that_does_not_wait_for_the_disk(disks: Disks, database: Path) -> None:
    put(database, disks)

    trial = await run_power_trial(disks, cuts=3, seed=2, of=partial(ForkedServer, module="tests.crash.hasty_disk"))

    assert any("was answered and is lost" in fault for fault in trial.faults)


def put(database: Path, disks: Disks) -> None:
    """Put a database on the disk, to its ground."""
    shutil.copy(database, disks.disk / FIRST)
    subprocess.run(["sync", "--file-system", disks.disk], check=True)
