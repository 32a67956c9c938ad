"""What may have arrived is sent again and says so; what a token or a group that is gone means for what waits."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlmodel import Session, select
from structlog.testing import capture_logs

from bot.app import Regatta
from bot.operations import dead_lines, retry
from models.channels import Channel
from models.context import Context
from models.message import says
from models.outbox import OutboxState, Post
from models.text import Text
from models.unit import Unit
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram.model import GENERAL, Topic
from tests.stages.serving import served
from tests.stages.telegram import TelegramStage, pace_by, settings_of, settle
from tests.workspace import START, StandingClock

MARK = "This may be a repeat"
MIKE = "mike-davis"


@pytest.fixture
async def stage(template: Path, tmp_path: Path) -> AsyncIterator[TelegramStage]:
    """The company in Telegram, behind a webhook."""
    async with TelegramStage.opened(template, tmp_path / "telegram.db") as opened:
        yield opened


def tell(regatta: Regatta, *channels: str, words: str = "Hello", only: str | None = None) -> None:
    """Let the bot say something in channels."""

    def write(unit: Unit) -> None:
        context = Context(unit, regatta.clock.now(), "said", lambda: "id")
        for channel in channels:
            context.post(channel, says(Text("{words}", words=words)), visible_to=only)

    regatta.store.write(write).result()
    regatta.delivery.wake()


def seen(stage: TelegramStage, person: str, channel: str | None) -> list[str]:
    return [one.text for one in stage.peer.seen_by(stage.users[person], stage.place(person, channel))]


def posts(peer: TelegramPeer) -> int:
    return [name for name, _ in peer.api.calls].count("sendMessage")


def states(regatta: Regatta) -> set[OutboxState]:
    return {post.state for post in regatta.store.read(lambda session: session.exec(select(Post)).all())}


def direct(stage: TelegramStage, person: str) -> str:
    """A person's own channel."""
    channels = stage.regatta.directory.now().channels.values()
    return next(channel.id for channel in channels if channel.person_id == person and channel.region_id is None)


@pytest.mark.parametrize("fault", ["cut_answer", "halve_answer"])
async def test_a_message_whose_answer_was_lost_is_sent_again_with_a_mark(stage: TelegramStage, fault: str) -> None:
    getattr(stage.peer.faults, fault)("sendMessage")

    tell(stage.regatta, "us")
    await stage.settled()

    first, second = seen(stage, MIKE, "us")
    assert first == "Hello"
    assert second.startswith(MARK)
    assert second.endswith("\nHello")


async def test_the_mark_is_in_the_language_of_the_reader(stage: TelegramStage) -> None:
    stage.peer.faults.cut_answer("sendMessage")

    tell(stage.regatta, "cn-east", words="你好")
    await stage.settled()

    assert "可能是重复消息" in seen(stage, "lin-xiao", "cn-east")[1]


async def test_a_message_that_failed_inside_telegram_may_be_a_repeat(stage: TelegramStage) -> None:
    stage.peer.faults.fail_api("sendMessage", status=502)

    tell(stage.regatta, "us")
    await stage.settled()

    (only,) = seen(stage, MIKE, "us")
    assert MARK in only


async def test_what_certainly_did_not_arrive_is_not_marked(stage: TelegramStage) -> None:
    stage.peer.faults.limit_api("sendMessage", times=2)

    tell(stage.regatta, "us")
    await stage.settled()

    assert seen(stage, MIKE, "us") == ["Hello"]


async def test_what_could_not_even_be_sent_is_not_marked(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "telegram.db"
    async with TelegramPeer.opened() as peer:
        settle(template, path, peer)
        nowhere = settings_of(path, peer, telegram_api_url="http://127.0.0.1:9")
        regatta = Regatta(nowhere, StandingClock(START))
        async with served(regatta):
            tell(regatta, "us")
            await peer.world.eventually(lambda: regatta.store.read(_newest).attempts)

            post = regatta.store.read(_newest)

    assert (post.state, post.doubtful) == (OutboxState.WAITING, False)


def _newest(session: Session) -> Post:
    post = session.exec(select(Post)).one()
    session.expunge(post)
    return post


async def test_a_redrawn_message_is_not_marked_any_more(stage: TelegramStage) -> None:
    stage.peer.faults.cut_answer("sendMessage")
    mike, group = stage.users[MIKE], stage.place(MIKE, "us")
    await stage.peer.say(mike, group, "/deal@regatta_bot Globex 80k next Tuesday")
    await stage.settled()
    repeated = next(one for one in stage.peer.seen_by(mike, group) if MARK in one.text)

    await stage.peer.press(mike, repeated, "Undo")
    await stage.settled()

    assert MARK not in stage.peer.now(repeated).text
    assert "Taken back" in stage.peer.now(repeated).text


async def test_when_the_token_ends_messages_wait_for_the_next_start_and_it_is_said_why(
    template: Path, tmp_path: Path
) -> None:
    path = tmp_path / "telegram.db"
    async with TelegramPeer.opened() as peer:
        users = settle(template, path, peer)
        regatta = Regatta(settings_of(path, peer), StandingClock(START))
        pace_by(regatta, peer)
        channels = [channel.id for channel in regatta.directory.now().channels.values() if channel.region_id]
        with capture_logs() as logs:
            async with served(regatta) as url, httpx.AsyncClient() as client:
                peer.world.bot.is_revoked = True
                tell(regatta, *channels, *channels)
                await peer.world.eventually(lambda: regatta.delivery.shut_out)
                tell(regatta, *channels)
                await regatta.delivery.settle(channels)
                ready = await client.get(f"{url}/readyz")
                (line, *_) = regatta.store.read(lambda session: list(dead_lines(session)))
                waiting = states(regatta)

        peer.world.bot.is_revoked = False
        again = Regatta(settings_of(path, peer), StandingClock(START))
        pace_by(again, peer)
        async with served(again):
            await peer.world.eventually(lambda: states(again) == {OutboxState.SENT})

        assert waiting == {OutboxState.WAITING}
        assert ready.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert "copy the token from @BotFather again" in ready.json()["telegram"]
        assert "waits: Unauthorized" in line
        assert [entry["platform"] for entry in logs if entry["event"] == "shut out"] == ["telegram"]
        group = peer.chat(int(again.directory.now().channels["us"].external_id))
        assert [one.text for one in peer.seen_by(users[MIKE], group)] == ["Hello"] * 3


async def test_when_the_bot_is_kicked_what_waits_is_set_aside_and_the_administrators_are_told_once(
    stage: TelegramStage,
) -> None:
    group = stage.place(MIKE, "us")
    group.members[stage.peer.world.bot.user.id].status = "kicked"

    tell(stage.regatta, "us", "us", "us", "de")
    await stage.settled()
    first = posts(stage.peer)
    tell(stage.regatta, "us")
    await stage.settled()

    told = seen(stage, "ines-keller", None)
    assert len(told) == 1
    assert "I cannot write in United States any more: I was taken out of it." in told[0]
    assert "3 messages were set aside" in told[0]
    assert first == 3  # one in each of the two groups, and the administrator's
    lines = stage.rows(lambda session: list(dead_lines(session)))
    assert len(lines) == 4
    assert all("kicked" in line for line in lines)


async def test_where_the_bot_was_removed_it_writes_again_once_it_is_added(stage: TelegramStage) -> None:
    part = stage.place(MIKE, "us").members[stage.peer.world.bot.user.id]
    before, part.status = part.status, "left"
    tell(stage.regatta, "us")
    await stage.settled()
    (line,) = stage.rows(lambda session: list(dead_lines(session)))

    part.status = before
    retry(stage.regatta.store, line.split()[0])
    stage.regatta.delivery.wake()
    await stage.settled()

    assert "bot is not a member" in line
    assert seen(stage, MIKE, "us") == ["Hello"]


async def test_who_blocked_the_bot_troubles_no_administrator_and_holds_up_no_group(stage: TelegramStage) -> None:
    stage.peer.direct(stage.users[MIKE]).is_blocked = True

    tell(stage.regatta, direct(stage, MIKE))
    tell(stage.regatta, "us", only=MIKE)
    tell(stage.regatta, "us")
    await stage.settled()

    assert seen(stage, "ines-keller", None) == []
    assert seen(stage, MIKE, "us") == ["Hello"]
    lines = stage.rows(lambda session: list(dead_lines(session)))
    assert len(lines) == 2
    assert all("bot was blocked by the user" in line for line in lines)


async def test_a_channel_in_a_topic_is_gone_with_its_topic_and_the_group_is_not(stage: TelegramStage) -> None:
    group = stage.place(MIKE, "us")
    group.is_forum, group.topics[GENERAL] = True, Topic(GENERAL, "General")
    topic = await stage.peer.add_topic(stage.users[MIKE], group, "Sales")

    def move(unit: Unit) -> None:
        row = unit.get_one(Channel, "de")
        row.external_id = f"{group.id}:{topic.id}"

    stage.regatta.store.write(move).result()
    topic.is_deleted = True

    tell(stage.regatta, "de", "us")
    await stage.settled()

    (told,) = seen(stage, "ines-keller", None)
    assert "any more: the topic was deleted." in told
    assert seen(stage, MIKE, "us")[-1] == "Hello"


async def test_where_the_bot_may_send_no_pictures_and_no_files_the_words_are_there_all_the_same(
    stage: TelegramStage,
) -> None:
    (board,) = await stage.say(MIKE, "/board", "us")
    await stage.peer.forbid_media(stage.users[MIKE], stage.peer.world.bot.user, stage.place(MIKE, "us"))

    def post_to_all(unit: Unit) -> None:
        shown = unit.exec(select(Post).where(Post.message_id == board["id"])).one()
        Context(unit, stage.clock.now(), "said", lambda: "id").post("us", shown.message)

    stage.regatta.store.write(post_to_all).result()
    stage.regatta.delivery.wake()
    with capture_logs() as logs:
        await stage.settled()

    assert board["image"]
    assert seen(stage, MIKE, "us")[-1].startswith("Weekly board")
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["a picture or a file was left out"]
    assert stage.rows(lambda session: list(dead_lines(session))) == []
