"""A small real slack-bolt app on a loopback port: what the peer is tried against."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.peers.slack import SlackPeer

Body = dict[str, Any]


@asynccontextmanager
async def client_of(peer: SlackPeer, token: str | None = None) -> AsyncIterator[AsyncWebClient]:
    """The unmodified SDK, with one session that is closed at the end."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=token or peer.world.app.bot_token, base_url=peer.api_url, session=session)


class Bot:
    """The app, what it got, and how it shall behave."""

    def __init__(self, client: AsyncWebClient, secret: str) -> None:
        self.client = client
        self.app = AsyncApp(client=client, signing_secret=secret, process_before_response=True)
        self.got: list[Body] = []
        self.headers: list[dict[str, str]] = []
        self.statuses: list[int] = []
        self.wants_no_retry = False
        self.before: Callable[[], Awaitable[None]] | None = None

        @self.app.event("message")
        async def on_message(body: Body) -> None:
            self.got.append(body)

        @self.app.event("app_mention")
        async def on_mention(body: Body) -> None:
            self.got.append(body)

    @property
    def events(self) -> list[Body]:
        """The inner events, in the order they came."""
        return [body["event"] for body in self.got]

    async def handle(self, request: web.Request) -> web.Response:
        """Give a request to bolt, or fail as the next status says."""
        self.headers.append(dict(request.headers))
        await request.read()
        if self.before:
            await self.before()
        if self.statuses:
            marks = {"X-Slack-No-Retry": "1"} if self.wants_no_retry else {}
            return web.Response(status=self.statuses.pop(0), headers=marks)
        return await to_aiohttp_response(await self.app.async_dispatch(await to_bolt_request(request)))


@asynccontextmanager
async def bot_of(peer: SlackPeer) -> AsyncIterator[Bot]:
    """Run the app over HTTP and make it the peer's."""
    async with client_of(peer) as client:
        bot = Bot(client, peer.world.app.signing_secret)
        server = web.Application()
        server.router.add_post("/slack/events", bot.handle)
        runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            peer.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
            yield bot
        finally:
            await peer.deliveries.close()
            await runner.cleanup()
