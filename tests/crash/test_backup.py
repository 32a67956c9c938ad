"""A backup that is taken while the bot writes holds everything that was answered before it began."""

from pathlib import Path

from tests.crash.backup import copied, run_backup_trial


async def test_81_a_backup_during_writes_lacks_nothing_that_was_answered_before(database: Path) -> None:
    trial = await run_backup_trial(database, commands=90, backups=3, seed=4)

    assert trial.faults == []
    assert trial.repeated > 0  # else nothing was answered before a backup
    assert len(trial.answered) == trial.commands


async def test_81_the_trial_finds_out_a_copy_of_the_file_alone(database: Path) -> None:
    trial = await run_backup_trial(database, commands=90, backups=3, seed=4, make_copy=copied)

    assert trial.faults
