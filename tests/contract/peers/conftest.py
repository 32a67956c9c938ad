"""A peer with a few people, and a real bolt app that talks to it."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.contract.peers.bolt import Bot, bot_of, client_of
from tests.peers.slack import SlackPeer


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
