"""An answered command is there, once, whatever happened to the process."""

from pathlib import Path

from tests.crash.kill import run_trial


async def test_no_answered_command_is_lost_or_doubled_by_kill_9(tmp_path: Path) -> None:
    trial = await run_trial(tmp_path / "killed.db", commands=80, kills=4, seed=20)

    assert trial.faults == []
    assert len(trial.answered) == trial.commands
    assert set(trial.found) == set(range(trial.commands))
