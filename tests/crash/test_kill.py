"""An answered command is there, once, whatever happened to the process."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from tests.crash.broadcast import run_slack_broadcast_trial, run_telegram_broadcast_trial
from tests.crash.forked import ForkedServer
from tests.crash.kill import Trial, run_trial
from tests.crash.slack import run_slack_trial
from tests.crash.webhook import run_webhook_trial


async def test_28_no_answered_command_is_lost_or_doubled_by_kill_9_under_load(database: Path) -> None:
    trial = await run_trial(database, commands=0, kills=3, seed=20)

    assert trial.faults == []
    assert trial.repeated >= trial.kills  # each met somebody's command
    assert trial.answered == set(trial.found) == set(range(trial.commands))


async def test_28_the_trial_finds_a_bot_that_takes_the_key_before_it_does_the_work(database: Path) -> None:
    careless = partial(ForkedServer, module="tests.crash.forgetful")

    trial = await run_trial(database, commands=0, kills=1, seed=20, of=careless)

    assert any("was answered and is lost" in fault for fault in trial.faults)


@pytest.mark.parametrize("socket_mode", [False, True], ids=["requests", "socket"])
async def test_no_line_that_slack_delivered_is_lost_or_doubled_by_kill_9(
    template: Path, tmp_path: Path, *, socket_mode: bool
) -> None:
    database = tmp_path / "slack.db"
    trial = await run_slack_trial(template, database, commands=60, kills=3, seed=7, socket_mode=socket_mode)

    assert trial.faults == []
    assert len(trial.answered) == trial.commands
    assert set(trial.found) == set(range(trial.commands))
    assert trial.repeated > 0  # else no kill met a delivery


async def test_no_event_is_lost_by_kill_9_between_the_commit_and_the_sending(database: Path) -> None:
    trial = await run_webhook_trial(database, commands=12, kills=3, seed=5)

    assert trial.faults == []
    assert len(trial.answered) == trial.commands
    assert set(trial.found) == set(range(trial.commands))
    assert trial.repeated > 0  # else no kill met a sending


@pytest.mark.parametrize(
    "trial_of", [run_slack_broadcast_trial, run_telegram_broadcast_trial], ids=["slack", "telegram"]
)
async def test_43_a_broadcast_that_was_killed_reaches_every_channel_once_or_with_a_mark(
    tmp_path: Path, trial_of: Callable[[Path, int, int, int], Awaitable[Trial]]
) -> None:
    trial = await trial_of(tmp_path / "broadcast.db", 40, 1, 3)

    assert trial.faults == []
    assert set(trial.found.values()) == {1}
