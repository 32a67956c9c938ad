"""A socket that brings nothing any more is replaced, and nothing falls between the old and the new one."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlmodel import col, select

from bot.app import Regatta
from bot.platforms.slack import socket
from bot.platforms.slack.connection import SlackConnection
from models.accounts import Account
from models.visits import Visit
from tests.peers.slack import SlackPeer
from tests.peers.slack.api import Call
from tests.peers.slack.model import Json
from tests.peers.slack.socket_mode import SocketMode
from tests.stages.serving import served
from tests.stages.slack import SlackStage, settle_company, slack_settings
from tests.workspace import START, StandingClock


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


async def test_what_a_socket_has_brought_is_answered_before_it_is_let_go(
    slack: SlackStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "RETIRE_SECONDS", 0.05)
    before = slack.peer.socket_mode.opened
    slack.regatta.store.write(lambda _: time.sleep(1.2))

    answer = await slack.peer.slash(slack.users["mike-davis"], slack.peer.channel("us"), "/deal Acme 120k USD")

    assert slack.peer.socket_mode.opened > before
    assert answer.ok


async def test_a_socket_that_was_just_replaced_is_closed_by_a_stop(slack: SlackStage) -> None:
    connection = slack.regatta.connections["slack"]
    assert isinstance(connection, SlackConnection)
    assert connection._socket is not None
    await slack.peer.world.eventually(
        lambda: connection._socket is not None and connection._socket._current is not None
    )
    old = connection._socket._current
    assert old is not None

    await connection._socket._replace()  # nothing runs between this and the stop: the old one's task has not begun
    await connection._socket.stop()

    assert old.client.aiohttp_client_session.closed


async def test_where_slack_grants_no_new_socket_the_old_one_stays(
    slack: SlackStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "OPEN_SECONDS", 0.3)
    slack.peer.faults.limit_api("apps.connections.open", retry_after=30, times=1_000)
    await asyncio.sleep(1.5)

    (echo, *_) = await slack.say("mike-davis", "/deal Acme 120k USD", "us")

    assert echo["text"].startswith("✓ D-1346")


@pytest.fixture
def _expired(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the first address that Slack gives out have expired before it is used, and try often."""
    monkeypatch.setattr(socket, "OPEN_SECONDS", 0.3)
    monkeypatch.setattr(socket, "AGAIN_SECONDS", 0.1)
    given, real = list[str](), SocketMode.open

    async def gone_at_first(self: SocketMode, call: Call) -> Json:
        answer = await real(self, call)
        if not given:
            self._tickets.clear()
        given.append(answer["url"])
        return answer

    monkeypatch.setattr(SocketMode, "open", gone_at_first)


@pytest.mark.usefixtures("_expired")
async def test_a_first_address_that_expired_is_followed_by_a_new_one(template: Path, tmp_path: Path) -> None:
    async with SlackStage.opened(template, tmp_path / "slack.db", socket_mode=True) as stage:
        (echo, *_) = await stage.say("mike-davis", "/deal Acme 120k USD", "us")

    assert echo["text"].startswith("✓ D-1346")


def test_a_socket_that_could_not_be_opened_is_opened_within_a_minute() -> None:
    assert 2 * socket.OPEN_SECONDS + socket.AGAIN_SECONDS < 60


async def test_readiness_says_why_there_is_no_socket(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "AGAIN_SECONDS", 0.1)
    async with SlackPeer.opened() as peer:
        settle_company(template, tmp_path / "slack.db", peer)
        peer.faults.fail_api("apps.connections.open", times=1_000)
        settings = slack_settings(tmp_path / "slack.db", peer, socket_mode=True)
        async with served(Regatta(settings, StandingClock(START))) as url, httpx.AsyncClient(timeout=30) as client:

            async def told() -> str:
                return str((await client.get(f"{url}/readyz")).json()["slack"])

            await asyncio.sleep(0.5)
            before = await told()
            peer.faults.clear()
            await peer.world.eventually(lambda: peer.socket_mode.connections)
            await asyncio.sleep(0.3)
            after = await told()

    assert before == "waits: no socket was opened yet (http_500)."
    assert after == "connected"
