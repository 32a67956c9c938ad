"""A disk with too little space for a thing holds it up and no longer: it is no fault of a line's or a slot's."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy.exc import OperationalError
from sqlmodel import select
from structlog.testing import capture_logs

from models.databases import reader
from models.outages import is_outage
from models.schedules import SlotOutcome, SlotRun
from tests.stages.slack import SlackStage
from tests.stages.telegram import TelegramStage
from tests.workspace import Workspace

TRIES = 7
"""More than a poison message gets."""


def leave(workspace: Workspace, pages: int) -> None:
    """Let the database grow by so many pages and no more; what needs none is still written."""

    def work(unit: object) -> None:
        run = unit.connection().exec_driver_sql  # type: ignore[attr-defined]
        run(f"PRAGMA max_page_count = {run('PRAGMA page_count').scalar() + pages}")

    workspace.regatta.store.write(work).result()


async def test_a_line_for_which_there_is_no_space_is_never_set_aside(workspace: Workspace) -> None:
    line = {"as": "mike-davis", "channel": "us", "text": f"/visit Globex {'word ' * 1500}", "key": "long"}
    leave(workspace, 1)
    codes = {(await workspace.client.post("/workspace/messages", json=line)).status_code for _ in range(TRIES)}
    assert codes == {httpx.codes.SERVICE_UNAVAILABLE}

    leave(workspace, 10_000)

    (answer,) = (await workspace.post("/workspace/messages", line))["replies"]
    assert "V-1" in answer["text"]


async def test_what_cannot_be_read_is_503_and_stands_in_the_log(workspace: Workspace, tmp_path: Path) -> None:
    workspace.regatta.store._reader = reader(f"sqlite:///{tmp_path / 'gone.db'}")

    with capture_logs() as logs:
        answer = await workspace.client.get("/workspace/messages", params={"as": "mike-davis", "channel": "us"})

    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert [(one["path"], one["reason"]) for one in logs] == [("/workspace/messages", "unable to open database file")]


def test_trouble_with_the_locks_of_a_file_is_no_fault_of_what_was_asked() -> None:
    said = sqlite3.OperationalError("locking protocol")
    said.sqlite_errorcode = sqlite3.SQLITE_PROTOCOL

    assert is_outage(OperationalError("SELECT 1", {}, said))


async def test_a_slot_for_which_there_is_no_space_is_done_when_there_is(workspace: Workspace, monday: datetime) -> None:
    leave(workspace, 0)
    now = monday + timedelta(hours=1)
    for _ in range(TRIES):
        await workspace.regatta.scheduler.run_due(now)
    leave(workspace, 10_000)

    await workspace.regatta.scheduler.run_due(now)

    outcomes = workspace.rows(lambda session: session.exec(select(SlotRun.outcome)).all())
    assert outcomes
    assert set(outcomes) == {SlotOutcome.RUN}


async def test_slack_is_told_to_come_again_while_somebody_else_has_the_lock(template: Path, tmp_path: Path) -> None:
    async with SlackStage.opened(template, tmp_path / "held.db") as stage:
        impatient(stage)
        mike = stage.users["mike-davis"]
        with closing(sqlite3.connect(tmp_path / "held.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await stage.peer.say(mike, stage.peer.direct(mike), "visit Globex met Jane")

        (first, *_) = [each.answer for each in stage.peer.deliveries.attempts if each.answer]
        assert first.status == httpx.codes.SERVICE_UNAVAILABLE


async def test_telegram_is_told_to_come_again_while_somebody_else_has_the_lock(template: Path, tmp_path: Path) -> None:
    async with TelegramStage.opened(template, tmp_path / "held.db") as stage:
        impatient(stage)
        mike = stage.users["mike-davis"]
        with closing(sqlite3.connect(tmp_path / "held.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await stage.peer.say(mike, stage.peer.direct(mike), "visit Globex met Jane")
            await stage.peer.world.eventually(lambda: stage.peer.deliveries.attempts)

        assert stage.peer.deliveries.attempts[0].status == httpx.codes.SERVICE_UNAVAILABLE


def impatient(stage: SlackStage | TelegramStage) -> None:
    """Let the writer wait for a lock for a moment only."""

    def work(unit: object) -> None:
        unit.connection().exec_driver_sql("PRAGMA busy_timeout = 20")  # type: ignore[attr-defined]

    stage.regatta.store.write(work).result()
