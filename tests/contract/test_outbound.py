"""The outbound numbers of the list of what the bot must survive, on both platforms; docs/reliability.md names them."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import ClientTimeout
from sqlmodel import SQLModel, select

from bot.literals import JOINER
from models.channels import Channel
from models.context import Context
from models.message import says
from models.outbox import OutboxState, Post
from models.text import verbatim
from models.unit import Unit
from tests.stages.slack import SlackStage
from tests.stages.telegram import TelegramStage

Stage = SlackStage | TelegramStage
MIKE = "mike-davis"
MARK = "This may be a repeat"
CALL = {"slack": "chat.postMessage", "telegram": "sendMessage"}
MAY_HAVE_BEEN_DONE = ("fail 500", "fail 503", "reset", "truncated", "half-open")


@pytest.fixture(params=["slack", "telegram"])
async def stage(request: pytest.FixtureRequest, template: Path, tmp_path: Path) -> AsyncIterator[Stage]:
    """The company in Slack, and in Telegram."""
    kind: type[Any] = {"slack": SlackStage, "telegram": TelegramStage}[request.param]
    async with kind.opened(template, tmp_path / f"{request.param}.db") as opened:
        yield opened


def post(stage: Stage, channel: str, *texts: str) -> None:
    """Put messages into the outbox of a channel."""

    def write(unit: Unit) -> None:
        context = Context(unit, stage.clock.now(), "said", lambda: "id")
        for text in texts:
            context.post(channel, says(verbatim(text)))

    stage.regatta.store.write(write).result()
    stage.regatta.delivery.wake()


async def settled(stage: Stage) -> None:
    """Wait until everything was sent or set aside, while time goes on."""
    await (stage.settled(backing_off=True) if isinstance(stage, SlackStage) else stage.settled())


def seen(stage: Stage, channel: str = "us") -> list[str]:
    """What stands in a channel, without the joiners that nobody sees."""
    place = stage.place(MIKE, channel) if isinstance(stage, TelegramStage) else channel
    return [one.text.replace(JOINER, "") for one in stage.peer.seen_by(stage.users[MIKE], place)]  # type: ignore[arg-type]


def newest(stage: Stage) -> Post:
    query = select(Post).where(Post.event_id == "said")
    return stage.rows(lambda session: session.exec(query).all())[-1]  # type: ignore[no-any-return]


@pytest.mark.parametrize("seconds", [1, 30, 300])
async def test_39_after_a_429_no_call_comes_before_its_deadline(stage: Stage, seconds: int) -> None:
    stage.peer.faults.limit_api(CALL[stage.platform], retry_after=seconds, times=9)
    limit, begun = stage.peer.faults.api[-1], stage.clock.at
    post(stage, "us", "Hello")
    await stage.peer.world.eventually(lambda: newest(stage).error)

    stage.clock.at = begun + timedelta(seconds=seconds - 0.1)
    await stage.regatta.delivery.settle(["us"])
    refused, limit.times = 9 - limit.times, 0
    stage.clock.at = begun + timedelta(seconds=seconds + 0.1)
    await stage.regatta.delivery.settle(["us"])

    assert refused == 1
    assert seen(stage) == ["Hello"]


@pytest.mark.parametrize("fault", MAY_HAVE_BEEN_DONE)
async def test_40_after_a_fault_nothing_is_lost_and_what_may_be_there_twice_says_so(stage: Stage, fault: str) -> None:
    faults, call = stage.peer.faults, CALL[stage.platform]
    match fault.split():
        case ["fail", status]:
            faults.fail_api(call, status=int(status), times=2)
        case ["reset"]:
            faults.cut_answer(call, times=2)
        case ["truncated"]:
            faults.halve_answer(call, times=2)
        case ["half-open"]:
            be_impatient(stage)
            faults.slow_api(1.0, call, times=2)

    post(stage, "us", "one", "two")
    await settled(stage)

    ones = [text for text in seen(stage) if "one" in text]
    assert newest(stage).state is OutboxState.SENT
    assert 1 <= len(ones) <= 3  # two ambiguous answers
    assert all(MARK in text for text in (ones[1:] if len(ones) > 1 or MARK not in ones[0] else ones))
    assert seen(stage)[-1] == "two"


async def test_a_firewall_that_stays_for_hours_loses_no_message(stage: Stage) -> None:
    stage.peer.faults.answer_between(CALL[stage.platform], 403, times=40)
    fault = stage.peer.faults.api[-1]
    post(stage, "us", "one")
    await stage.peer.world.eventually(lambda: newest(stage).error)

    while fault.times:
        stage.clock.at += timedelta(minutes=5)
        await stage.regatta.delivery.settle(["us"])
        assert newest(stage).state is OutboxState.WAITING
    stage.clock.at += timedelta(minutes=5)
    await stage.regatta.delivery.settle(["us"])

    assert seen(stage) == ["one"]


@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_what_a_firewall_answers_in_the_platforms_place_loses_no_message(stage: Stage, status: int) -> None:
    stage.peer.faults.answer_between(CALL[stage.platform], status, times=2)

    post(stage, "us", "one", "two")
    await settled(stage)

    assert newest(stage).state is OutboxState.SENT
    assert seen(stage) == ["one", "two"]


def be_impatient(stage: Stage) -> None:
    """Wait for answers for a short while only."""
    platform: Any = stage.regatta.delivery._platforms[stage.platform]
    if stage.platform == "slack":
        assert platform.client.session.timeout.total <= 30
        platform.client.session._timeout = ClientTimeout(0.2)
    else:
        platform._calls._client.timeout = httpx.Timeout(0.2)


async def test_42_no_row_keeps_the_id_that_a_group_had_before_it_became_a_supergroup(
    template: Path, tmp_path: Path
) -> None:
    async with TelegramStage.opened(template, tmp_path / "telegram.db") as stage:
        group = stage.peer.world.add_group("Small", [stage.users[MIKE]])
        before = str(group.id)

        def bind(unit: Unit) -> None:
            unit.get_one(Channel, "us").external_id = before

        stage.regatta.store.write(bind).result()
        post(stage, "us", "here")
        await settled(stage)
        await stage.peer.migrate(stage.users[MIKE], group)
        post(stage, "us", "there")
        await settled(stage)

        kept = [
            table.name
            for table in SQLModel.metadata.sorted_tables
            for row in stage.rows(lambda session, table=table: session.execute(table.select()).all())
            if before in map(str, row) and table.name not in ("inbox", "audit")
        ]

    assert kept == []
    assert newest(stage).state is OutboxState.SENT


ALEPH, GRIN, FAMILY = "\u05d0", "\U0001f600", "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize("length", [4_095, 4_096, 4_097, 13_000, 40_000])
@pytest.mark.parametrize(
    "word", ["word ", f"{ALEPH * 4} ", f"{GRIN} ", f"{FAMILY} ", "x"],
    ids=["words", "right to left", "emoji", "families", "no spaces"],
)  # fmt: skip
async def test_44_any_length_is_split_and_none_of_it_refused_or_lost(stage: Stage, length: int, word: str) -> None:
    text = (word * length)[: length - length % len(word)]

    post(stage, "us", text)
    await settled(stage)

    assert newest(stage).state is OutboxState.SENT
    assert bare("".join(seen(stage))) == bare(text)


def bare(text: str) -> str:
    """A text without what a cut may take away or put in."""
    return re.sub(r"[\s\u2060]", "", text)


async def test_45_each_conversation_keeps_its_order_whatever_is_refused_on_the_way(stage: Stage) -> None:
    faults, call = stage.peer.faults, CALL[stage.platform]
    texts = [f"number {number:02d}" for number in range(15)]
    for channel in ("us", "de", "cn-east"):
        post(stage, channel, *texts)
    for _ in range(4):
        faults.limit_api(call, retry_after=2)
        faults.fail_api(call, status=500)

    await settled(stage)

    for channel in ("us", "de", "cn-east"):
        numbers = [int(re.findall(r"number (\d+)", text)[0]) for text in seen_by_all(stage, channel)]
        assert numbers == list(range(15))


def seen_by_all(stage: Stage, channel: str) -> list[str]:
    """What stands in a channel, whoever is in it."""
    place, messages = stage._places[channel].external_id, dict[Any, Any](stage.peer.world.messages)
    return [one.text or "" for one in messages[place if stage.platform == "slack" else int(place)]]
