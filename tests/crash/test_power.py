"""What was answered is on the disk, whenever the power goes. `./dev soak power` cuts it 200 times."""

from functools import partial

from tests.crash.disks import Disks
from tests.crash.forked import ForkedServer
from tests.crash.power import run_power_trial


async def test_29_a_power_cut_loses_nothing_that_was_answered(disks: Disks) -> None:
    trial = await run_power_trial(disks, cuts=3, seed=2)

    assert trial.faults == []
    assert trial.repeated > 0  # else nothing was answered before a cut


async def test_29_the_trial_finds_a_bot_that_does_not_wait_for_the_disk(disks: Disks) -> None:
    trial = await run_power_trial(disks, cuts=1, seed=2, of=partial(ForkedServer, module="tests.crash.hasty_disk"))

    assert any("was answered and is lost" in fault for fault in trial.faults)
