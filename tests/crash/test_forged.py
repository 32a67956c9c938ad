"""Nobody but the platform itself is heard."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.crash.forged import run_forged_slack, run_forged_telegram
from tests.crash.kill import Trial


@pytest.mark.parametrize("run", [run_forged_slack, run_forged_telegram])
async def test_what_the_platform_did_not_send_is_refused_and_leaves_no_trace(
    template: Path, tmp_path: Path, run: Callable[[Path, Path, int, int], Awaitable[Trial]]
) -> None:
    trial = await run(template, tmp_path / "forged.db", 300, 9)

    assert trial.faults == []
    assert len(trial.answered) == trial.commands
