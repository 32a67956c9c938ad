"""What the real AsyncSocketModeHandler gets from the peer's Socket Mode."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.contract.peers.bolt import Bot
from tests.peers.slack import SlackPeer


@asynccontextmanager
async def connected(peer: SlackPeer, bot: Bot) -> AsyncIterator[AsyncSocketModeHandler]:
    """Connect one more handler, and close it and its tasks at the end."""
    peer.request_url = None
    before = len(peer.socket_mode.connections)
    handler = AsyncSocketModeHandler(bot.app, peer.world.app.app_token, ping_interval=0.2)
    first_session = handler.client.aiohttp_client_session
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await peer.world.eventually(lambda: len(peer.socket_mode.connections) > before)
        yield handler
    finally:
        client = handler.client
        await handler.close_async()  # type: ignore[no-untyped-call]
        tasks = (client.message_processor, client.current_session_monitor, client.message_receiver)
        await asyncio.gather(*filter(None, tasks), return_exceptions=True)
        await first_session.close()


@pytest.fixture
async def handler(peer: SlackPeer, bot: Bot) -> AsyncIterator[AsyncSocketModeHandler]:
    """One connected handler."""
    async with connected(peer, bot) as one:
        yield one


@pytest.mark.usefixtures("handler")
async def test_events_and_commands_come_over_the_socket(peer: SlackPeer, bot: Bot) -> None:
    @bot.app.command("/deal")
    async def on_command(ack: AsyncAck) -> None:
        await ack("Booked.")

    await peer.say("ann", "north", "hello")
    answer = await peer.slash("ann", "north", "/deal Acme 120k")

    assert [event["text"] for event in bot.events] == ["hello"]
    assert answer.body == {"text": "Booked."}
    assert peer.seen_by("ann", "north")[-1].text == "Booked."
    event, command = peer.socket_mode.sent
    assert (event["type"], event["accepts_response_payload"], event["retry_attempt"]) == ("events_api", False, 0)
    assert (command["type"], command["accepts_response_payload"]) == ("slash_commands", True)


@pytest.mark.usefixtures("handler")
async def test_an_envelope_without_acknowledgement_comes_again_under_a_new_id(peer: SlackPeer, bot: Bot) -> None:
    peer.deliveries.answer_within = 0.1
    peer.deliveries.retries = (0.05,)
    peer.faults.deaf = True

    await peer.say("ann", "north", "hello")
    peer.faults.deaf = False
    await peer.deliveries.settle()

    first, second = peer.socket_mode.sent
    assert first["envelope_id"] != second["envelope_id"]
    assert first["payload"]["event_id"] == second["payload"]["event_id"]
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
    assert len(bot.got) == 1


async def test_a_deaf_connection_looks_well_and_brings_nothing(
    peer: SlackPeer, bot: Bot, handler: AsyncSocketModeHandler
) -> None:
    peer.deliveries.answer_within = 0.05
    peer.deliveries.retries = ()
    peer.faults.deaf = True

    await peer.say("ann", "north", "hello")
    await asyncio.sleep(0.5)

    assert bot.got == []
    assert await handler.client.is_connected()
    assert peer.socket_mode.opened == 1


@pytest.mark.usefixtures("handler")
async def test_a_disconnect_message_brings_a_new_connection(peer: SlackPeer, bot: Bot) -> None:
    for opened, reason in ((2, "refresh_requested"), (3, "warning")):
        await peer.socket_mode.disconnect(reason)
        await peer.world.eventually(
            lambda opened=opened: peer.socket_mode.opened == opened and len(peer.socket_mode.connections) == 1  # type: ignore[misc]
        )
        await peer.say("ann", "north", reason)

    assert [event["text"] for event in bot.events] == ["refresh_requested", "warning"]


@pytest.mark.usefixtures("handler")
async def test_a_closed_socket_is_opened_again_by_the_sdk(peer: SlackPeer, bot: Bot) -> None:
    await peer.socket_mode.drop()
    await peer.world.eventually(lambda: peer.socket_mode.opened == 2 and peer.socket_mode.connections)

    await peer.say("ann", "north", "hello")

    assert len(bot.got) == 1


@pytest.mark.usefixtures("handler")
async def test_each_payload_goes_to_one_of_several_connections(peer: SlackPeer, bot: Bot) -> None:
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(connected(peer, bot))
        for number in range(4):
            await peer.say("ann", "north", str(number))

        assert [connection.carried for connection in peer.socket_mode.connections] == [2, 2]
    assert [event["text"] for event in bot.events] == ["0", "1", "2", "3"]


async def test_without_a_connection_a_command_fails_at_once(peer: SlackPeer) -> None:
    answer = await peer.slash("ann", "north", "/deal")

    assert answer.error == "dispatch_failed"


async def test_an_address_serves_once_and_needs_the_app_token(peer: SlackPeer, slack: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await slack.apps_connections_open(app_token=peer.world.app.bot_token)
    url = str((await slack.apps_connections_open(app_token=peer.world.app.app_token))["url"])

    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            hello = await socket.receive_json()
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)

    assert (hello["type"], hello["connection_info"]["app_id"]) == ("hello", peer.world.app.id)


async def test_an_eleventh_connection_is_one_too_many(peer: SlackPeer, slack: AsyncWebClient) -> None:
    peer.api.limits.on = False
    async with aiohttp.ClientSession() as session, AsyncExitStack() as stack:
        for number in range(11):
            url = str((await slack.apps_connections_open(app_token=peer.world.app.app_token))["url"])
            socket = await stack.enter_async_context(session.ws_connect(url))
            first = await socket.receive_json()
            assert first["type"] == ("hello" if number < 10 else "disconnect")

    assert first["reason"] == "too_many_websockets"
