"""Where words stand in Telegram: topics of a forum, captions of pictures, links with a code; and what comes late."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, func, select

from bot.app import Regatta
from models.channels import Channel
from models.deals import Deal
from models.people import Identity
from models.unit import Unit
from tests.contract.peers.pictures import png
from tests.peers.faults import ApiFault, Wrong
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram.model import GENERAL, Chat, Topic
from tests.stages.serving import served
from tests.stages.telegram import TelegramStage, pace_by, settings_of, settle
from tests.workspace import START, StandingClock

MIKE = "mike-davis"
LINE = "/deal@regatta_bot Globex 80k next Tuesday"


@pytest.fixture
async def stage(template: Path, tmp_path: Path) -> AsyncIterator[TelegramStage]:
    """The company in Telegram, behind a webhook."""
    async with TelegramStage.opened(template, tmp_path / "telegram.db") as opened:
        yield opened


def deals(session: Session) -> int:
    """How many deals there are."""
    return session.exec(select(func.count()).select_from(Deal)).one()


async def write(stage: TelegramStage, work: Callable[[Unit], None]) -> None:
    """Write rows."""
    await asyncio.wrap_future(stage.regatta.store.write(work))


async def forum_of(stage: TelegramStage) -> tuple[Chat, int]:
    """Make the region's group a forum with one topic."""
    group, user = stage.place(MIKE, "us"), stage.users[MIKE]
    group.is_forum, group.topics[GENERAL] = True, Topic(GENERAL, "General")
    topic = await stage.peer.add_topic(user, group, "Deals")
    return group, topic.id


def in_topic(stage: TelegramStage, group: Chat, topic: int) -> list[Any]:
    """What the bot said in a topic."""
    seen = stage.peer.seen_by(stage.users[MIKE], group, topic)
    return [one for one in seen if one.user == stage.peer.bot.id]


async def test_what_is_asked_in_a_topic_of_a_regions_forum_is_answered_there(stage: TelegramStage) -> None:
    group, topic = await forum_of(stage)
    user = stage.users[MIKE]

    await stage.peer.say(user, group, LINE, topic=topic)
    await stage.settled()
    (echo,) = in_topic(stage, group, topic)
    await stage.peer.say(user, group, "@regatta_bot note they want three years", topic=topic, reply_to=echo)
    await stage.settled()

    assert "Globex" in echo.text
    assert "three years" in in_topic(stage, group, topic)[-1].text
    assert in_topic(stage, group, topic)[-1].reply_to == echo.id
    assert in_topic(stage, group, GENERAL) == []


async def test_a_button_in_a_topic_is_answered_there(stage: TelegramStage) -> None:
    group, topic = await forum_of(stage)
    await stage.peer.say(stage.users[MIKE], group, LINE, topic=topic)
    await stage.settled()
    (echo,) = in_topic(stage, group, topic)

    await stage.peer.press(stage.users[MIKE], echo, "Edit")
    await stage.settled()
    await stage.peer.press(stage.users[MIKE], echo, "Undo")
    await stage.settled()

    assert "Taken back" in in_topic(stage, group, topic)[0].text
    assert in_topic(stage, group, GENERAL) == []


async def test_a_topic_can_be_a_channel_of_its_own(stage: TelegramStage) -> None:
    group, topic = await forum_of(stage)

    def stand(unit: Unit) -> None:
        unit.get_one(Channel, "us").external_id = f"{group.id}:{topic}"

    await write(stage, stand)
    before = stage.rows(deals)
    await stage.peer.say(stage.users[MIKE], group, LINE, topic=topic)
    await stage.peer.say(stage.users[MIKE], group, LINE.replace("Globex", "Initech"))
    await stage.settled()

    assert stage.rows(deals) == before + 1
    assert "Globex" in in_topic(stage, group, topic)[0].text
    await stage.peer.world.eventually(lambda: in_topic(stage, group, GENERAL))
    assert "not set up for Regatta yet" in in_topic(stage, group, GENERAL)[0].text


async def test_the_caption_of_a_picture_is_a_command(stage: TelegramStage) -> None:
    before, user = stage.rows(deals), stage.users[MIKE]

    photo = await stage.peer.upload(user, stage.place(MIKE, "us"), "contract.png", png(), LINE, as_photo=True)
    await stage.settled()
    await stage.peer.edit(user, photo, LINE.replace("80k", "90k"))
    await stage.settled()

    assert stage.rows(deals) == before + 1


async def test_a_picture_without_words_has_no_effect(stage: TelegramStage) -> None:
    before, user = stage.rows(deals), stage.users[MIKE]

    await stage.peer.upload(user, stage.peer.direct(user), "contract.png", png(), as_photo=True)
    await stage.settled()

    assert stage.rows(deals) == before
    assert stage.peer.seen_by(user, stage.peer.direct(user))[-1].photo == png()


async def test_a_press_that_is_answered_too_late_is_done_all_the_same(stage: TelegramStage) -> None:
    before = stage.rows(deals)
    echo, *_ = await stage.say(MIKE, LINE, "us")
    stage.peer.faults.delay_deliveries(0.2)

    pressing = asyncio.create_task(stage.peer.press(stage.users[MIKE], stage.seen(MIKE, echo), "Undo"))
    await asyncio.sleep(0.1)
    stage.peer.clock.advance(60)
    pressed = await pressing
    await stage.settled()
    await stage.peer.world.eventually(lambda: ("answerCallbackQuery", 400) in stage.peer.api.codes)

    assert not pressed.is_answered
    assert stage.rows(deals) == before + 1
    assert "Taken back" in stage.seen(MIKE, echo).text


async def test_a_link_to_the_bot_carries_the_code(stage: TelegramStage) -> None:
    (reply,) = await stage.say(MIKE, "link")
    payload = re.search(r"https://t\.me/regatta_bot\?start=([A-Z0-9-]+)", stage.seen(MIKE, reply).links[0])
    phone = stage.peer.world.add_user("Mikes", "Phone")
    assert payload is not None

    await stage.peer.start(phone, payload[1])
    await stage.settled()
    linked = stage.peer.seen_by(phone, stage.peer.direct(phone))[-1].text
    await stage.peer.start(phone, payload[1])
    await stage.settled()

    assert linked.startswith("You are linked: here you are Mike Davis.")
    query = select(Identity.person_id).where(Identity.user_id == str(phone.id))
    assert stage.rows(lambda session: session.exec(query).all()) == [MIKE]


async def test_an_invitation_is_taken_by_one_tap_on_its_address(stage: TelegramStage) -> None:
    await stage.say("ines-keller", "setup person Nora Berg rep DACH")
    (reply,) = await stage.say("ines-keller", "invite Nora Berg")
    shown = stage.seen("ines-keller", reply)
    payload = re.search(r"https://t\.me/regatta_bot\?start=([A-Z0-9-]+)", shown.links[0])
    phone = stage.peer.world.add_user("Nora", "Phone")
    assert payload is not None

    await stage.peer.start(phone, payload[1])
    await stage.settled()

    assert "In Telegram, open this and press Start" in shown.text
    assert "Slack" not in shown.text
    assert stage.peer.seen_by(phone, stage.peer.direct(phone))[-1].text.startswith("Thank you. Your manager is asked")


async def test_a_question_that_was_not_asked_before_a_restart_is_asked_after_it(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "telegram.db"
    async with TelegramPeer.opened() as peer:
        user = settle(template, path, peer)[MIKE]
        chat = peer.direct(user)
        first = Regatta(settings_of(path, peer, polling=True), StandingClock(START))
        pace_by(first, peer)
        async with served(first):
            peer.faults.api.append(ApiFault("sendMessage", Wrong.SLOW, 0.0, 1))  # the form's own message arrives
            peer.faults.fail_api("sendMessage", times=1_000)
            await peer.say(user, chat, "deal")
            await peer.world.eventually(lambda: peer.faults.api[-1].times < 1_000)
        peer.faults.clear()
        before = len(peer.seen_by(user, chat))
        peer.clock.advance(60)
        second = Regatta(settings_of(path, peer, polling=True), StandingClock(START))
        pace_by(second, peer)
        async with served(second):
            await peer.world.eventually(lambda: len(peer.seen_by(user, chat)) > before)

        assert peer.seen_by(user, chat)[-1].text.startswith("Account:")
