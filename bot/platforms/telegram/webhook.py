"""The webhook: Telegram delivers an update until it is answered, which happens after the commit.

core.telegram.org/bots/api#setwebhook.
"""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from telegram import Bot
from telegram.error import TelegramError

from bot.platforms.telegram.polling import CONNECTED, CONNECTING
from bot.platforms.telegram.reading import ALLOWED

log = structlog.get_logger()

PATH = "/telegram/webhook"
LONGEST_BODY = 1_000_000
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105  a header's name
LONGEST_PAUSE = 60.0
"""Seconds between two tries to register."""


class Webhook:
    """Waits to be called with the secret; `take` returns after the commit, what it raises makes Telegram come again.

    Where `url` is none, somebody else tells Telegram the address.
    """

    def __init__(
        self, bot: Bot, secret: str, url: str | None, take: Callable[[dict[str, Any]], Awaitable[bool]]
    ) -> None:
        self._bot, self._secret, self._url, self._take = bot, secret, url, take
        self.standing = CONNECTED if url is None else CONNECTING
        """How it stands with Telegram, in words."""

    def routes(self) -> list[BaseRoute]:
        """The address that Telegram sends updates to."""
        return [Route(PATH, self._called, methods=["POST"])]

    async def run(self) -> None:
        """Tell Telegram where to deliver, until it has heard."""
        pause = 1.0
        while self._url is not None:
            try:
                await self._bot.set_webhook(self._url, secret_token=self._secret, allowed_updates=ALLOWED)
            except Exception as error:
                self.standing = f"waits: the webhook was not registered ({type(error).__name__})."
                if isinstance(error, TelegramError):
                    log.warning("Telegram by webhook", standing=self.standing, reason=error.message)
                else:  # an answer that nobody expects
                    log.exception("Telegram by webhook", standing=self.standing)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                self.standing = CONNECTED
                return

    async def _called(self, request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not hmac.compare_digest(self._secret.encode(), given):
            return PlainTextResponse("not sent by Telegram\n", 401)
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too long\n", 413)
        update = _update(body)
        if update is None:
            return PlainTextResponse("not an update\n", 400)
        return PlainTextResponse("") if await self._take(update) else PlainTextResponse("not ready\n", 503)


async def _body(request: Request) -> bytes | None:
    """The body of a request; none when it is too long."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            return None
    return bytes(body)


def _update(body: bytes) -> dict[str, Any] | None:
    """The update of a body; none for anything else. What the update says is looked at later."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("update_id"), int) else None
