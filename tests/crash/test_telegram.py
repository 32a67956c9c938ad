"""What Telegram let go is there, once, whatever happened to the process."""

from functools import partial
from pathlib import Path

import pytest

from tests.crash.forked import ForkedServer
from tests.crash.telegram import run_telegram_trial

WAYS = pytest.mark.parametrize("way", ["polling", "webhook"])


@WAYS
async def test_no_line_that_telegram_let_go_is_lost_or_doubled_by_kill_9(
    template: Path, tmp_path: Path, way: str
) -> None:
    database = tmp_path / "telegram.db"
    trial = await run_telegram_trial(template, database, commands=60, kills=3, seed=7, polling=way == "polling")

    assert trial.faults == []
    assert trial.answered == set(trial.found) == set(range(trial.commands))
    assert trial.repeated > 0  # else no kill met a delivery


@WAYS
async def test_the_trial_finds_a_bot_that_answers_before_its_commit(template: Path, tmp_path: Path, way: str) -> None:
    trial = await run_telegram_trial(
        template, tmp_path / "telegram.db", commands=60, kills=3, seed=7, polling=way == "polling",
        of=partial(ForkedServer, module="tests.crash.faithless"),
    )  # fmt: skip

    assert any("is lost" in fault for fault in trial.faults)
