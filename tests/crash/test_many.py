"""Several processes on one PostgreSQL: any of them may die, and what it began is done by the others."""

from functools import partial
from pathlib import Path

import pytest

from tests.crash.fleet import Fleet
from tests.crash.many import run_many_trial, run_restarts_trial
from tests.crash.slack import run_slack_trial
from tests.crash.telegram import run_telegram_trial

pytestmark = pytest.mark.postgres


async def test_12_what_comes_up_to_four_times_to_any_process_counts_once_though_one_dies(tmp_path: Path) -> None:
    trial = await run_many_trial(tmp_path / "many.db", commands=60, kills=2, seed=3, processes=3)

    assert trial.faults == []
    assert trial.answered == set(trial.found) == set(range(trial.commands))


async def test_each_line_in_slack_is_answered_once_and_in_order_by_whichever_process_is_left(
    template: Path, tmp_path: Path
) -> None:
    fleet = partial(Fleet, seed=2, processes=2)
    trial = await run_slack_trial(template, tmp_path / "slack.db", commands=24, kills=2, seed=5, of=fleet)

    assert trial.faults == []
    assert trial.answered == set(trial.found) == set(range(trial.commands))


async def test_one_process_at_a_time_asks_telegram_and_another_one_goes_on_when_it_dies(
    template: Path, tmp_path: Path
) -> None:
    fleet = partial(Fleet, seed=2, processes=2)
    trial = await run_telegram_trial(
        template, tmp_path / "telegram.db", commands=24, kills=2, seed=5, polling=True, of=fleet
    )

    assert trial.faults == []
    assert trial.answered == set(trial.found) == set(range(trial.commands))


async def test_32_a_server_that_ends_and_comes_back_loses_and_doubles_nothing(tmp_path: Path) -> None:
    trial = await run_restarts_trial(tmp_path / "many.db", commands=40, kills=2, seed=3, processes=2, pauses=(1.0, 3.0))

    assert trial.faults == []
    assert trial.answered == set(trial.found) == set(range(trial.commands))
    assert trial.kills == 2
