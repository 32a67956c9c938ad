"""When the token ends, or a channel is gone: few calls, nothing lost, and whoever can help is told."""

import traceback
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from sqlmodel import select
from structlog.testing import capture_logs

from bot.app import Regatta
from bot.operations import dead_lines, retry
from models.context import Context
from models.message import says
from models.outbox import OutboxState, Post
from models.text import Text
from models.unit import Unit
from tests.peers.slack import ALL_SCOPES, SlackPeer
from tests.stages.serving import served
from tests.stages.slack import SlackStage, settle_company, slack_settings
from tests.workspace import START, StandingClock

REGIONS = ("us", "de", "cn-east", "cn-south", "br", "hq")


@pytest.fixture
async def slack(template: Path, tmp_path: Path) -> AsyncIterator[SlackStage]:
    """The company in Slack, over HTTP."""
    async with SlackStage.opened(template, tmp_path / "slack.db") as stage:
        yield stage


def say(regatta: Regatta, *channels: str) -> None:
    """Let the bot say something in channels."""

    def write(unit: Unit) -> None:
        context = Context(unit, regatta.clock.now(), "said", lambda: "id")
        for channel in channels:
            context.post(channel, says(Text("Hello")))

    regatta.store.write(write).result()
    regatta.delivery.wake()


def posts(peer: SlackPeer) -> int:
    return [name for name, _ in peer.api.calls].count("chat.postMessage")


def states(regatta: Regatta) -> set[OutboxState]:
    return {post.state for post in regatta.store.read(lambda session: session.exec(select(Post)).all())}


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_when_the_token_ends_messages_wait_for_the_next_start_and_it_is_said_why(
    template: Path, tmp_path: Path, error: str
) -> None:
    async with SlackPeer.opened() as peer:
        users = settle_company(template, tmp_path / "slack.db", peer)
        settings = slack_settings(tmp_path / "slack.db", peer)
        regatta = Regatta(settings, StandingClock(START))
        channels = [channel.id for channel in regatta.directory.now().channels.values() if channel.region_id]
        peer.world.app.token_error = error
        with capture_logs() as logs:
            async with served(regatta) as url, httpx.AsyncClient() as client:
                say(regatta, *channels, *channels)
                await peer.world.eventually(lambda: regatta.delivery.shut_out)
                say(regatta, *channels)
                await regatta.delivery.settle(channels)
                ready = await client.get(f"{url}/readyz")
                (line, *_) = regatta.store.read(lambda session: list(dead_lines(session)))
                waiting = states(regatta)
                numbers = regatta.metrics.text().decode()
        tried = posts(peer)

        peer.world.app.token_error = None
        again = Regatta(settings, StandingClock(START))
        async with served(again):
            await peer.world.eventually(lambda: states(again) == {OutboxState.SENT}, 20)
            assert 'regatta_platform_up{platform="slack"} 1.0' in again.metrics.text().decode()
        assert 'regatta_platform_up{platform="slack"} 0.0' in numbers

    assert 1 <= tried <= 3
    assert waiting == {OutboxState.WAITING}
    assert ready.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert ready.json()["slack"].startswith(error)
    assert "start the bot again" in ready.json()["slack"]
    assert f"waits: {error}" in line
    assert [entry["platform"] for entry in logs if entry["event"] == "shut out"] == ["slack"]
    assert len(peer.seen_by(users["mike-davis"], "us")) == 3


async def test_each_call_after_the_end_of_a_token_fails_by_itself(slack: SlackStage) -> None:
    client, depths = slack.regatta.delivery._platforms["slack"].client, list[int]()  # type: ignore[attr-defined]
    slack.peer.world.app.token_error = "token_revoked"

    for _ in range(4):
        with pytest.raises(SlackApiError, match="token_revoked") as caught:
            await client.chat_postMessage(channel="C1", text="Hello")
        depths.append(len(traceback.extract_tb(caught.value.__traceback__)))

    assert depths[1:] == [depths[1]] * 3
    assert posts(slack.peer) == 1


async def test_an_app_that_may_not_write_says_which_scope_it_lacks(slack: SlackStage) -> None:
    slack.peer.world.app.scopes.discard("chat:write")

    say(slack.regatta, "us")
    await slack.peer.world.eventually(lambda: slack.regatta.delivery.shut_out)

    assert "chat:write" in slack.regatta.delivery.shut_out["slack"]


async def test_a_board_goes_without_its_picture_where_no_file_may_be_written(template: Path, tmp_path: Path) -> None:
    scopes = ALL_SCOPES - {"files:write"}
    async with SlackStage.opened(template, tmp_path / "slack.db", scopes=scopes) as slack:
        (board,) = await slack.say("mike-davis", "/board", "us")

    assert board["image"] is None
    assert board["table"] is not None


async def test_when_a_channel_is_archived_what_waits_is_set_aside_and_the_administrators_are_told_once(
    slack: SlackStage,
) -> None:
    await slack.peer.archive("us")

    say(slack.regatta, "us", "us", "us", "de")
    await slack.settled()
    first = posts(slack.peer)
    say(slack.regatta, "us")
    await slack.settled()

    told = [record["text"] for record in await slack.read("ines-keller")]
    assert len(told) == 1
    assert "I cannot write in United States any more: it was archived." in told[0]
    assert "3 messages were set aside" in told[0]
    assert first == 3  # one in each of the two channels, and the administrator's
    lines = slack.rows(lambda session: list(dead_lines(session)))
    assert len(lines) == 4
    assert all("is_archived" in line for line in lines)


async def test_where_the_bot_was_removed_it_writes_again_once_it_is_invited(slack: SlackStage) -> None:
    bot = slack.peer.world.users[slack.peer.world.app.user_id]
    await slack.peer.leave(bot, "us")
    say(slack.regatta, "us")
    await slack.settled()
    (line,) = slack.rows(lambda session: list(dead_lines(session)))

    await slack.peer.join(bot, "us")
    retry(slack.regatta.store, line.split()[0])
    slack.regatta.delivery.wake()
    await slack.settled()

    assert "not_in_channel" in line
    assert [one.text for one in slack.peer.seen_by(slack.users["mike-davis"], "us")] == ["Hello"]


async def test_a_direct_chat_that_ended_troubles_no_administrator(slack: SlackStage) -> None:
    slack.peer.faults.api.clear()
    (direct,) = [
        channel for channel in slack.regatta.directory.now().channels.values() if channel.person_id == "mike-davis"
    ]

    def move(unit: Unit) -> None:
        row = unit.get_one(type(direct), direct.id)
        row.external_id = "U0GONE"

    slack.regatta.store.write(move).result()
    before = posts(slack.peer)
    say(slack.regatta, *[direct.id] * 6)
    await slack.settled()

    assert await slack.read("ines-keller") == []
    lines = slack.rows(lambda session: list(dead_lines(session)))
    assert len(lines) == 6
    assert all("channel_not_found" in line for line in lines)
    assert posts(slack.peer) - before <= 3
