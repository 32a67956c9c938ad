"""What may have arrived is sent again and says so; a stop cuts off nothing that is under way."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot import delivery
from models.context import Context
from models.message import says
from models.outbox import OutboxState
from models.text import Text
from models.unit import Unit
from tests.stages.slack import SlackStage

MARK = "This may be a repeat"


@pytest.fixture
async def slack(template: Path, tmp_path: Path) -> AsyncIterator[SlackStage]:
    """The company in Slack, over HTTP."""
    async with SlackStage.opened(template, tmp_path / "slack.db") as stage:
        yield stage


async def tell(slack: SlackStage, channel: str, words: str, *, wait: bool = True) -> None:
    """Let the bot say something in a channel."""

    def write(unit: Unit) -> None:
        context = Context(unit, slack.clock.now(), "said", lambda: "id")
        context.post(channel, says(Text("{words}", words=words)))

    slack.regatta.store.write(write).result()
    slack.regatta.delivery.wake()
    if wait:
        await slack.settled(backing_off=True)


def seen(slack: SlackStage, person: str, channel: str) -> list[str]:
    return [one.text for one in slack.peer.seen_by(slack.users[person], channel)]


@pytest.mark.parametrize("fault", ["cut_answer", "halve_answer"])
async def test_a_message_whose_answer_was_lost_is_sent_again_with_a_mark(slack: SlackStage, fault: str) -> None:
    getattr(slack.peer.faults, fault)("chat.postMessage")

    await tell(slack, "us", "Hello")

    first, second = seen(slack, "mike-davis", "us")
    assert first == "Hello"
    assert MARK in second
    assert "Hello" in second


async def test_the_mark_is_in_the_language_of_the_reader(slack: SlackStage) -> None:
    slack.peer.faults.cut_answer("chat.postMessage")

    await tell(slack, "cn-east", "你好")

    assert "可能是重复消息" in seen(slack, "lin-xiao", "cn-east")[1]


async def test_a_message_that_failed_inside_slack_may_be_a_repeat(slack: SlackStage) -> None:
    slack.peer.faults.fail_api("chat.postMessage", status=503)

    await tell(slack, "us", "Hello")

    (only,) = seen(slack, "mike-davis", "us")
    assert MARK in only


@pytest.mark.parametrize("fault", ["limited", "upload"])
async def test_what_certainly_did_not_arrive_is_not_marked(slack: SlackStage, fault: str) -> None:
    if fault == "limited":
        slack.peer.faults.limit_api("chat.postMessage", times=2)
        await slack.peer.slash(slack.users["mike-davis"], slack.peer.channel("us"), "/deal Acme 120k")
    else:
        slack.peer.faults.cut_answer("upload")
        await slack.peer.slash(slack.users["mike-davis"], slack.peer.channel("us"), "/board")
    await slack.settled(backing_off=True)

    assert seen(slack, "mike-davis", "us")
    assert not any(MARK in text for text in seen(slack, "mike-davis", "us"))


async def test_a_redrawn_message_is_not_marked_any_more(slack: SlackStage) -> None:
    slack.peer.faults.cut_answer("chat.postMessage")
    mike = slack.users["mike-davis"]
    await slack.peer.slash(mike, slack.peer.channel("us"), "/deal Acme 120k")
    await slack.settled(backing_off=True)
    repeated = next(one for one in slack.peer.seen_by(mike, "us") if MARK in one.text)

    await slack.peer.press(mike, repeated, "Undo")
    await slack.settled()

    assert MARK not in slack.peer.now(repeated).text
    assert "Taken back" in slack.peer.now(repeated).text


def row(path: Path) -> tuple[str, int]:
    """The state of the newest message, and whether it is in doubt."""
    with closing(sqlite3.connect(path)) as raw:
        state, doubtful = raw.execute("SELECT state, doubtful FROM outbox ORDER BY id DESC LIMIT 1").fetchone()
        return state, doubtful


async def test_a_stop_lets_the_message_under_way_end_and_begins_no_other(template: Path, tmp_path: Path) -> None:
    async with SlackStage.opened(template, tmp_path / "slack.db") as slack:
        slack.peer.faults.slow_api(0.5, "chat.postMessage")
        await tell(slack, "us", "one", wait=False)
        await slack.peer.world.eventually(lambda: slack.peer.seen_by(slack.users["mike-davis"], "us"))
        await tell(slack, "us", "two", wait=False)

    with closing(sqlite3.connect(tmp_path / "slack.db")) as raw:
        states = raw.execute("SELECT state, doubtful FROM outbox ORDER BY id").fetchall()
    assert [state for state, _ in states] == [OutboxState.SENT, OutboxState.WAITING]
    assert states[1] == (OutboxState.WAITING, 0)
    assert [call for call, _ in slack.peer.api.calls].count("chat.postMessage") == 1


async def test_a_message_that_does_not_end_before_the_stop_may_be_a_repeat(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "STOP_SECONDS", 0.1)
    async with SlackStage.opened(template, tmp_path / "slack.db") as slack:
        slack.peer.faults.slow_api(3, "chat.postMessage")
        await tell(slack, "us", "one", wait=False)
        await slack.peer.world.eventually(lambda: slack.peer.seen_by(slack.users["mike-davis"], "us"))
        await asyncio.sleep(0)

    assert row(tmp_path / "slack.db") == (OutboxState.WAITING, 1)
