"""What a disk did not take is not acknowledged, and goes through when it is asked for again.

`./dev soak errors` lets each write of a deed fail, `./dev soak starts` writes of a start.
"""

from functools import partial
from pathlib import Path

import pytest

from tests.crash.deeds import APPROVAL, DEAL
from tests.crash.errors import run_errors_trial, run_start
from tests.crash.forked import ForkedServer
from tests.crash.kill import Trial
from tests.crash.strace import Call

pytestmark = pytest.mark.usefixtures("strace")

FLUSH = Call("writer", "fdatasync", 1)


async def test_30_what_fails_with_an_error_of_the_disk_is_not_acknowledged_and_done_once_later(database: Path) -> None:
    cases = [
        (DEAL, FLUSH, "EIO", False),
        (DEAL, Call("writer", "pwrite64", 40), "ENOSPC", True),
        (APPROVAL, Call("writer", "pwrite64", 30), "EIO", False),
        (APPROVAL, FLUSH, "ENOSPC", True),
    ]

    trial = await run_errors_trial(database, 0, 0, 0, cases)

    assert trial.faults == []
    assert trial.repeated == len(cases)  # each was refused first
    assert len(trial.answered) == len(cases)


async def test_30_the_trial_finds_a_bot_that_does_not_hear_of_the_error(database: Path) -> None:
    deaf = partial(ForkedServer, module="tests.crash.deaf_disk")

    trial = await run_errors_trial(database, 0, 0, 0, [(APPROVAL, FLUSH, "EIO", False)], of=deaf)

    assert any("acknowledged" in fault for fault in trial.faults)


async def test_30_a_start_that_meets_an_error_says_so_in_a_sentence_and_the_next_one_serves(tmp_path: Path) -> None:
    trial = Trial(1, 1)

    assert await run_start(tmp_path / "new.db", ("pwrite64", 100, "ENOSPC"), trial) == []
    assert trial.repeated == 1  # it did not serve


async def test_30_a_start_that_meets_an_error_late_says_so_in_a_sentence_too(database: Path) -> None:
    trial = Trial(1, 1)

    assert await run_start(database, ("fdatasync", 1, "EIO"), trial) == []
    assert trial.repeated == 1  # what is planned at a start could not be written
