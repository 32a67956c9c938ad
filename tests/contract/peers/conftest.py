"""Peers with a few people, and real apps that talk to them."""

from collections.abc import AsyncIterator

import pytest
import telegram as telegram_library
from slack_sdk.web.async_client import AsyncWebClient

from tests.contract.peers.bolt import Bot, bot_of, client_of
from tests.contract.peers.ptb import Webhook, webhook_of
from tests.contract.peers.ptb import bot_of as ptb_of
from tests.peers.slack import SlackPeer
from tests.peers.telegram import TelegramPeer


@pytest.fixture
async def peer() -> AsyncIterator[SlackPeer]:
    """Ann and Ben of the workspace, guest Gus, and stranger Sue of another company, in two channels."""
    async with SlackPeer.opened() as opened:
        world = opened.world
        ann, ben = world.add_user("ann"), world.add_user("ben", tz="Asia/Shanghai", locale="zh-CN")
        gus = world.add_user("gus", is_restricted=True)
        sue = world.add_user("sue", team=world.add_team("Other Company"))
        world.add_channel("north", [ann, ben, gus])
        world.add_channel("joint", [ann, sue], is_ext_shared=True)
        yield opened


@pytest.fixture
async def slack(peer: SlackPeer) -> AsyncIterator[AsyncWebClient]:
    """The SDK's client with the bot's token."""
    async with client_of(peer) as client:
        yield client


@pytest.fixture
async def bot(peer: SlackPeer) -> AsyncIterator[Bot]:
    """A bolt app behind the peer's request URL."""
    async with bot_of(peer) as running:
        yield running


@pytest.fixture
async def telegram(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TelegramPeer]:
    """Ann, who has a username, Ben, who has none, and owner Olga in a supergroup, a group, a forum and a channel.

    Ann has pressed Start.
    """
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # else the library warns of itself whenever it raises RetryAfter
    async with TelegramPeer.opened() as opened:
        world = opened.world
        ann = world.add_user("Ann", "Sales", username="ann_sales", language_code="zh-hans")
        ben, olga = world.add_user("Ben", language_code="de"), world.add_user("Olga")
        for add, title in ((world.add_supergroup, "North"), (world.add_group, "Small"), (world.add_channel, "News")):
            add(title, [ann, ben], owner=olga)
        world.add_supergroup("Forum", [ann, ben], owner=olga, is_forum=True)
        world.private(ann).started = True
        yield opened


@pytest.fixture
async def ptb(telegram: TelegramPeer) -> AsyncIterator[telegram_library.Bot]:
    """The library's bot with the right token."""
    async with ptb_of(telegram) as bot:
        yield bot


@pytest.fixture
async def webhook(ptb: telegram_library.Bot, telegram: TelegramPeer) -> AsyncIterator[Webhook]:
    """A server that is the bot's webhook."""
    async with webhook_of(ptb) as running:
        yield running
        await telegram.deliveries.close()
