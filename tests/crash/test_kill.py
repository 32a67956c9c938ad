"""An answered command is there, once, whatever happened to the process."""

from pathlib import Path

import pytest

from tests.crash.kill import run_trial
from tests.crash.slack import run_slack_trial
from tests.crash.webhook import run_webhook_trial


async def test_no_answered_command_is_lost_or_doubled_by_kill_9(tmp_path: Path) -> None:
    trial = await run_trial(tmp_path / "killed.db", commands=80, kills=4, seed=20)

    assert trial.faults == []
    assert len(trial.answered) == trial.commands
    assert set(trial.found) == set(range(trial.commands))


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


async def test_no_event_is_lost_by_kill_9_between_the_commit_and_the_sending(tmp_path: Path) -> None:
    trial = await run_webhook_trial(tmp_path / "told.db", commands=12, kills=3, seed=5)

    assert trial.faults == []
    assert len(trial.answered) == trial.commands
    assert set(trial.found) == set(range(trial.commands))
    assert trial.repeated > 0  # else no kill met a sending
