"""The real python-telegram-bot against the peer, and a small server that is the bot's webhook."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest
from telegram.request import HTTPXRequest

from tests.peers.telegram import TelegramPeer
from tests.peers.telegram.reading import Seen

SECRET = "only-the-two-of-us"


@asynccontextmanager
async def bot_of(peer: TelegramPeer, token: str | None = None, read_timeout: float = 5.0) -> AsyncIterator[Bot]:
    """The unmodified library; without TLS's certificates, which take longer to read than a test to run."""

    def request() -> HTTPXRequest:
        return HTTPXRequest(read_timeout=read_timeout, httpx_kwargs={"verify": False, "trust_env": False})

    bot = Bot(
        token or peer.world.bot.token, base_url=peer.base_url, base_file_url=peer.base_file_url, request=request(),
        get_updates_request=request(),
    )  # fmt: skip
    async with bot:
        yield bot


class Webhook:
    """What the bot got at its address, and how it shall answer."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.url = ""
        self.got: list[Update] = []
        self.secrets: list[str | None] = []
        self.statuses: list[int] = []
        self.headers: dict[str, str] = {}
        self.answers: list[dict[str, Any]] = []
        self.before: Callable[[], Awaitable[None]] | None = None

    async def handle(self, request: web.Request) -> web.Response:
        """Take an update, or fail as the next status says."""
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        update = Update.de_json(await request.json(), self.bot)
        if self.before:
            await self.before()
        if self.statuses:
            return web.Response(status=self.statuses.pop(0), headers=self.headers)
        self.got.append(update)
        return web.json_response(self.answers.pop(0)) if self.answers else web.Response()

    @property
    def texts(self) -> list[str | None]:
        """The words of the messages, in the order they came."""
        return [update.effective_message.text for update in self.got if update.effective_message]


@asynccontextmanager
async def webhook_of(bot: Bot) -> AsyncIterator[Webhook]:
    """Run the server and make it the bot's webhook."""
    webhook = Webhook(bot)
    server = web.Application()
    server.router.add_post("/telegram/webhook", webhook.handle)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        webhook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram/webhook"
        await bot.set_webhook(webhook.url, secret_token=SECRET)
        yield webhook
    finally:
        await runner.cleanup()


async def refusal(call: Awaitable[object]) -> str:
    """The library's words for a 400; it drops `Bad Request: ` and makes all but the first letter small."""
    with pytest.raises(BadRequest) as refused:
        await call
    return str(refused.value)


def last(peer: TelegramPeer) -> Seen:
    """The last message in Ann's chat with the bot, as she sees it."""
    return peer.seen_by("Ann", peer.direct("Ann"))[-1]


def keyboard(*rows: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    """An inline keyboard of labels and data."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(text, callback_data=data) for text, data in row] for row in rows]
    )
