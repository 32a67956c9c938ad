"""Whoever loses the right to decide is named no more, and what nobody is left for goes to headquarters."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.configuration.command import undo
from bot.import_command import import_file
from models.approvals import ApprovalRequest
from models.configuring import ConfigChange
from tests.workspace import Workspace

pytestmark = pytest.mark.both_databases

ADMIN, MIKE = "ines-keller", "mike-davis"


def deciders(workspace: Workspace) -> list[str]:
    """Who is to decide the request that waits, a step after the other."""

    def look(session: Session) -> list[str]:
        (request,) = session.exec(select(ApprovalRequest)).all()
        return [step.decider.value for step in request.chain]

    return list(workspace.rows(look))


async def duty_ends(workspace: Workspace, _folder: Path) -> None:
    await workspace.say(ADMIN, "setup no duty Emily Chen finance")


async def step_is_taken_back(workspace: Workspace, _folder: Path) -> None:
    await workspace.say(ADMIN, "setup undo")


async def operator_takes_it_back(workspace: Workspace, _folder: Path) -> None:
    newest = select(ConfigChange.event_id).order_by(col(ConfigChange.id).desc())
    event = workspace.rows(lambda session: session.exec(newest).first())
    undo(workspace.regatta.store, event, workspace.regatta.clock.now(), lambda: "an event of its own")


async def list_is_imported(workspace: Workspace, folder: Path) -> None:
    table = folder / "people.csv"
    table.write_text("name,rank,region\nSarah Johnson,rep,United States\n", encoding="utf-8")
    now = workspace.regatta.clock.now()
    list(import_file(workspace.regatta.store, "people", table, now, lambda: "an import", dry_run=False))


@pytest.mark.parametrize(
    ("ends", "then"),
    [
        (duty_ends, ["manager", "hq"]),
        (step_is_taken_back, ["manager", "hq"]),
        (operator_takes_it_back, ["manager", "hq"]),
        (list_is_imported, ["hq", "finance"]),
    ],
)
async def test_however_a_right_ends_what_nobody_is_left_for_goes_to_headquarters(
    workspace: Workspace,
    tmp_path: Path,
    ends: Callable[[Workspace, Path], Awaitable[None]],
    then: list[str],
) -> None:
    await workspace.say(ADMIN, "setup no duty 陈思远 Chen Siyuan finance")
    await workspace.say(ADMIN, "setup duty Emily Chen finance")
    await workspace.say(MIKE, "/deal Initrode 140k", "us")
    await workspace.say(MIKE, "request D-1346", "us")
    before = deciders(workspace)

    await ends(workspace, tmp_path)

    assert before == ["manager", "finance"]
    assert deciders(workspace) == then


async def test_whoever_may_decide_no_more_is_named_no_more(workspace: Workspace) -> None:
    await workspace.say(ADMIN, "setup person Emily Chen manager United States")
    await workspace.say(MIKE, "/deal Initrode 40k", "us")
    (card, *_) = await workspace.say(MIKE, "request D-1346", "us")

    async def named() -> str:
        return next(str(one["text"]) for one in await workspace.read(MIKE, "us") if one["id"] == card["id"])

    both = await named()
    await workspace.say(ADMIN, "setup person Emily Chen rep United States")

    assert "Emily Chen" in both
    assert "Emily Chen" not in await named()
    assert "Sarah Johnson" in await named()
