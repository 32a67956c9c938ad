"""A socket that brings nothing any more is replaced, and nothing falls between the old and the new one."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.platforms.slack import socket
from models.accounts import Account
from models.visits import Visit
from tests.stages.slack import SlackStage


@pytest.fixture
async def slack(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SlackStage]:
    """The company in Slack, over Socket Mode, with a bot that waits for half a second of silence."""
    monkeypatch.setattr(socket, "SILENT_SECONDS", 0.5)
    monkeypatch.setattr(socket, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(socket, "RETIRE_SECONDS", 0.2)
    async with SlackStage.opened(template, tmp_path / "slack.db", socket_mode=True) as stage:
        stage.peer.api.limits.on = False
        yield stage


def test_a_deaf_socket_is_replaced_within_a_minute() -> None:
    assert socket.SILENT_SECONDS + socket.LOOK_SECONDS < 60


async def test_a_socket_that_went_deaf_is_replaced_and_the_next_line_is_heard(slack: SlackStage) -> None:
    before = slack.peer.socket_mode.opened
    slack.peer.socket_mode.deafen()

    await slack.peer.world.eventually(lambda: slack.peer.socket_mode.opened > before)
    await slack.peer.world.eventually(lambda: not any(each.deaf for each in slack.peer.socket_mode.connections))
    (echo, *_) = await slack.say("mike-davis", "/deal Acme 120k USD", "us")

    assert echo["text"].startswith("✓ D-1346")


async def test_while_sockets_are_replaced_every_command_is_answered_once(slack: SlackStage) -> None:
    before, mike, us = slack.peer.socket_mode.opened, slack.users["mike-davis"], slack.peer.channel("us")
    answers = []
    for number in range(24):
        answers.append(await slack.peer.slash(mike, us, f'/visit account:"Quiet {number:02d}" met Jane'))
        if number % 2:
            await asyncio.sleep(0.55)  # long enough to be silent

    assert slack.peer.socket_mode.opened > before + 2
    assert all(answer.ok for answer in answers)
    query = select(Account.name).join(Visit, col(Visit.account_id) == Account.id)
    names = slack.rows(lambda session: session.exec(query.where(col(Account.name).like("Quiet %"))).all())
    assert sorted(names) == [f"Quiet {number:02d}" for number in range(24)]


async def test_where_slack_grants_no_new_socket_the_old_one_stays(
    slack: SlackStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "OPEN_SECONDS", 0.3)
    slack.peer.faults.limit_api("apps.connections.open", retry_after=30, times=1_000)
    await asyncio.sleep(1.5)

    (echo, *_) = await slack.say("mike-davis", "/deal Acme 120k USD", "us")

    assert echo["text"].startswith("✓ D-1346")
