"""Messages that do not fit one of Telegram's, and many at once: nothing twice, nothing lost, nothing refused."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.app import Regatta
from models.channels import Channel, ChannelKind
from models.context import Context
from models.deals import Undo
from models.intent import draft
from models.message import Button, Message, says
from models.outbox import OutboxState, Post
from models.text import Text
from models.unit import Unit
from tests.peers.faults import ApiFault, Wrong
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram.reading import Seen
from tests.stages.serving import served
from tests.stages.telegram import TelegramStage, pace_by, settings_of, settle
from tests.workspace import START, StandingClock

LATER = START + timedelta(minutes=1)
MIKE = "mike-davis"


@pytest.fixture
async def stage(template: Path, tmp_path: Path) -> AsyncIterator[TelegramStage]:
    """The company in Telegram, behind a webhook."""
    async with TelegramStage.opened(template, tmp_path / "telegram.db") as opened:
        yield opened


def long(count: int, name: str = "word") -> Message:
    """A message of so many numbered words, with a button below."""
    words = " ".join(f"{name}{number}" for number in range(count))
    return Message(lines=(Text("{words}", words=words),), buttons=(Button(Text("Undo"), draft(Undo(1))),))


LONG = long(2_000)
"""Five messages of Telegram's."""


def posting(message: Message, card: str | None = None) -> Callable[[Unit], int]:
    """Put a message into the group's outbox."""

    def write(unit: Unit) -> int:
        context = Context(unit, START, "long", lambda: "id")
        return context.post("us", message, card=card).id or 0

    return write


def changing(post: int, message: Message) -> Callable[[Unit], int]:
    """Give a post a new face."""

    def write(unit: Unit) -> int:
        Context(unit, START, "long", lambda: "id").replace(unit.get_one(Post, post), message)
        return post

    return write


async def put(stage: TelegramStage, work: Callable[[Unit], int]) -> int:
    """Write rows, and send what waits."""
    found = await asyncio.wrap_future(stage.regatta.store.write(work))
    await stage.settled()
    return found


def group(stage: TelegramStage) -> list[Seen]:
    """What stands in the group."""
    return stage.peer.seen_by(stage.users[MIKE], stage.place(MIKE, "us"))


def words_of(seen: list[Seen]) -> str:
    """What several messages say together."""
    return " ".join(one.text for one in seen)


def said(message: Message) -> str:
    """What a message of `long` says."""
    return str(message.lines[0].values["words"])


def calls(stage: TelegramStage, method: str) -> int:
    """How often a method was called and done."""
    return stage.peer.api.codes.count((method, 200))


async def test_no_part_comes_again_after_a_429_in_the_middle(stage: TelegramStage) -> None:
    stage.peer.faults.api.append(ApiFault("sendMessage", Wrong.SLOW, 0.0, 2))
    stage.peer.faults.limit_api("sendMessage", retry_after=70)

    await put(stage, posting(LONG))

    assert stage.peer.faults.api[-1].times == 0
    assert words_of(group(stage)) == said(LONG)
    assert [bool(one.buttons) for one in group(stage)] == [False] * 4 + [True]


async def test_no_part_comes_again_after_a_restart_in_the_middle(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "telegram.db"
    async with TelegramPeer.opened() as peer:
        users = settle(template, path, peer)
        user = users[MIKE]
        settings = settings_of(path, peer, polling=True)
        first, second = Regatta(settings, StandingClock(START)), Regatta(settings, StandingClock(LATER))
        where = peer.chat(int(first.directory.now().channels["us"].external_id))
        peer.faults.api.append(ApiFault("sendMessage", Wrong.SLOW, 0.0, 2))
        peer.faults.slow_api(60, "sendMessage", times=1)
        pace_by(first, peer)
        async with served(first):
            await asyncio.wrap_future(first.store.write(posting(LONG)))
            await peer.world.eventually(lambda: len(peer.seen_by(user, where)) == 3)
            before = peer.seen_by(user, where)[:2]

        peer.faults.clear()
        peer.clock.advance(60)
        pace_by(second, peer)
        async with served(second):
            second.delivery.wake()
            await peer.world.eventually(lambda: not second.store.read(waiting))

        seen = peer.seen_by(user, where)
        assert seen[:2] == before
        mark, again = seen[3].text.split("\n")
        assert mark.startswith("This may be a repeat")
        assert again == seen[2].text, "only the part whose answer was lost is there again"
        assert words_of([*seen[:3], *seen[4:]]) == said(LONG)


def waiting(session: Session) -> int | None:
    """A post that was not sent yet."""
    return session.exec(select(Post.id).where(Post.state == OutboxState.WAITING)).first()


@pytest.mark.parametrize("count", [2_400, 700, 3], ids=["longer", "shorter", "short"])
async def test_a_new_face_changes_every_part(stage: TelegramStage, count: int) -> None:
    post, face = await put(stage, posting(LONG)), long(count, "face")
    first = group(stage)[0]

    await put(stage, changing(post, face))

    seen = group(stage)
    assert words_of(seen) == said(face)
    assert seen[0].id == first.id
    assert [bool(one.buttons) for one in seen] == [False] * (len(seen) - 1) + [True]
    await put(stage, changing(post, LONG))
    assert words_of(group(stage)) == said(LONG)


async def test_a_part_that_is_too_old_to_be_deleted_loses_its_words(stage: TelegramStage) -> None:
    post, face = await put(stage, posting(LONG)), long(3, "face")
    stage.peer.clock.advance(49 * 3600)

    await put(stage, changing(post, face))

    assert [one.text for one in group(stage)] == [said(face), "…", "…", "…", "…"]
    assert [bool(one.buttons) for one in group(stage)] == [True, False, False, False, False]


async def test_the_button_below_the_last_part_and_a_reply_to_it_mean_the_message(stage: TelegramStage) -> None:
    echo, *_ = await stage.say(MIKE, "/deal@regatta_bot Globex 80k next Tuesday", "us")
    number = echo["text"].split()[1]
    await put(stage, posting(long(1_000), card=f"deal:{number}"))
    last = group(stage)[-1]

    await stage.peer.say(stage.users[MIKE], stage.place(MIKE, "us"), "explain", reply_to=last)
    await stage.settled()

    user = stage.users[MIKE]
    answer = stage.peer.seen_by(user, stage.peer.direct(user))[-1]
    assert f"How the words of {number} · Globex were read" in answer.text


async def test_a_busy_group_is_written_to_twenty_times_a_minute_and_holds_up_nobody(stage: TelegramStage) -> None:
    begun = stage.peer.clock.now()

    def many(unit: Unit) -> int:
        context = Context(unit, START, "many", lambda: "id")
        for number in range(45):
            context.post("us", says(Text("Line {n}", n=number)))
        for channel in unit.exec(select(Channel.id).where(Channel.kind == ChannelKind.DIRECT)):
            for number in range(4):
                context.post(channel, says(Text("Line {n}", n=number)))
        return 0

    await put(stage, many)

    assert [one.text for one in group(stage)] == [f"Line {number}" for number in range(45)]
    assert stage.peer.clock.now() - begun > 120
    assert {code for _, code in stage.peer.api.codes} == {200}, "Telegram never had to say that it is too much"


async def test_the_button_below_the_last_part_of_a_private_answer_means_its_group(stage: TelegramStage) -> None:
    def write(unit: Unit) -> int:
        return Context(unit, START, "long", lambda: "id").post("us", LONG, visible_to=MIKE).id or 0

    await put(stage, write)
    user, chat = stage.users[MIKE], stage.place(MIKE, None)
    *_, last = stage.peer.seen_by(user, chat)

    await stage.peer.press(user, last, "Undo")
    await stage.peer.deliveries.settle()
    await stage.settled()

    assert stage.peer.seen_by(user, chat)[-1].text.startswith("About United States:")
    assert stage.peer.seen_by(user, chat)[-1].id != last.id


async def test_a_private_answer_from_a_group_without_a_name_begins_with_itself(stage: TelegramStage) -> None:
    user, group = stage.users["ines-keller"], stage.peer.world.add_supergroup("Nowhere", [stage.users["ines-keller"]])

    await stage.peer.say(user, group, "/setup")
    await stage.peer.deliveries.settle()
    await stage.settled()

    said = stage.peer.seen_by(user, stage.peer.direct(user))[-1].text
    assert not said.startswith("About")
