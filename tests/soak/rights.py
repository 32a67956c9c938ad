"""Rights that nobody gets, tried many times on the workspace: one's own requests, and buttons that were never made."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from tests.access.trials import try_forged_buttons, try_self_approvals
from tests.crash.kill import Trial
from tests.workspace import START, Workspace, seeded_database


async def _run(
    attempt: Callable[[Workspace, int, int], Awaitable[Trial]], database: Path, number: int, _kills: int, seed: int
) -> Trial:
    template = seeded_database(database.with_name("template.db"), START)
    async with Workspace.opened(template, database) as workspace:
        return await attempt(workspace, number, seed)


run_self_approvals = partial(_run, try_self_approvals)
run_forged_buttons = partial(_run, try_forged_buttons)
