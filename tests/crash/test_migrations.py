"""A migration is done whole or not at all, wherever it is killed, and what is there stays there."""

from pathlib import Path

from tests.crash.migrations import run_migration_trial


async def test_37_down_to_the_first_schema_and_up_again_killed_on_the_way(template: Path, tmp_path: Path) -> None:
    trial = await run_migration_trial(template, tmp_path / "migrated.db", rows=200, kills=4, seed=3)

    assert trial.faults == []
    assert trial.repeated > 50  # statements
    assert len(trial.answered) == trial.kills


async def test_37_the_trial_finds_out_a_migration_that_is_done_in_parts(template: Path, tmp_path: Path) -> None:
    trial = await run_migration_trial(template, tmp_path / "migrated.db", rows=0, kills=2, seed=3, careless=True)

    assert any("at revision" in fault for fault in trial.faults)
