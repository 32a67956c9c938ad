"""Whatever system call a kill -9 comes before, a deal and an approval count once and are answered once.

`./dev soak syscalls` goes through all calls.
"""

from functools import partial
from pathlib import Path

import pytest

from tests.crash.deeds import APPROVAL, DEAL
from tests.crash.forked import ForkedServer
from tests.crash.strace import Call
from tests.crash.syscalls import Case, run_syscalls_trial

pytestmark = pytest.mark.usefixtures("strace")


@pytest.mark.parametrize(
    "cases",
    [
        [(DEAL, Call("writer", "pwrite64", 40)), (DEAL, Call("loop", "sendto", 1))],
        [(APPROVAL, Call("writer", "fdatasync", 1)), (APPROVAL, Call("loop", "pread64", 3))],
    ],
    ids=[DEAL, APPROVAL],
)
async def test_27_a_kill_before_any_system_call_loses_and_doubles_nothing(database: Path, cases: list[Case]) -> None:
    trial = await run_syscalls_trial(database, 0, 0, 0, cases)

    assert trial.faults == []
    assert trial.kills == len(cases)  # else it was not met
    assert len(trial.answered) == len(cases)


async def test_27_the_trial_finds_a_bot_that_takes_the_key_before_it_does_the_work(database: Path) -> None:
    careless = partial(ForkedServer, module="tests.crash.forgetful")
    cases = [(DEAL, Call("writer", "pwrite64", 40))]

    trial = await run_syscalls_trial(database, 0, 0, 0, cases, of=careless)

    assert any("it has 0 effects" in fault for fault in trial.faults)
