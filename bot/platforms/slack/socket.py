"""Socket Mode that is not deaf for long.

A socket can stop to bring anything although its pings are answered (slackapi/bolt-python 1529, python-slack-sdk 1446),
and nothing tells that from a quiet hour. So a socket that was silent for a while is replaced: the new one is opened
before the old one is let go, and no delivery falls between them.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.faults import FAULTS, reason_of, refused
from bot.proxies import proxy_for

log = structlog.get_logger()

CONNECTING, CONNECTED = "waits: it has not reached Slack yet.", "connected"

PING_SECONDS = 5.0
"""Between two looks of the SDK at its connection, and between two tries to open it."""
SILENT_SECONDS = 57.0
"""With a look and the opening it stays below a minute, and near the one new connection a minute that Slack grants."""
LOOK_SECONDS = 1.0
OPEN_SECONDS = 20.0
AGAIN_SECONDS = 5.0
"""Between two tries to open a socket; each asks for an address of its own, since the last one may have expired."""
RETIRE_SECONDS = 3.0
"""How long an old socket stays, since Slack may still bring something on it."""
ANSWER_SECONDS = 3.0
"""How long it stays for the answers to what it has brought: Slack waits for one no longer."""


class Socket:
    """Keeps one socket to Slack that hears."""

    def __init__(
        self, app: AsyncApp, app_token: str, client: AsyncWebClient, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._app, self._app_token, self._client, self._monotonic = app, app_token, client, monotonic
        self._current: _Handler | None = None
        self._heard_at = 0.0
        self._standing = CONNECTING
        self._watching: asyncio.Task[None] | None = None
        self._retiring: dict[asyncio.Task[None], _Handler] = {}

    def start(self) -> None:
        """Begin to open it; a start without Slack waits for it here and holds up nothing else."""
        self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Hear nothing more."""
        retiring = dict(self._retiring)
        tasks = [*retiring, *([self._watching] if self._watching else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for handler in (*retiring.values(), *([self._current] if self._current else [])):
            await _close(handler)  # also one whose task was cancelled before it began

    def standing(self) -> str:
        """How it stands with Slack, in words: `connected`, or what it waits for."""
        return self._standing

    async def _watch(self) -> None:
        while True:
            if self._current is not None and self._monotonic() - self._heard_at <= SILENT_SECONDS:
                self._standing = CONNECTED
                await asyncio.sleep(LOOK_SECONDS)
                continue
            try:
                await self._replace()
            except Exception as error:
                self._standing = f"waits: no socket was opened yet ({reason_of(error)})."
                wait = refused(error).retry_after
                if isinstance(error, FAULTS):
                    log.warning("Slack by socket", standing=self._standing)
                else:  # whatever it is, the next try may do
                    log.exception("no socket was opened")
                await asyncio.sleep(max(AGAIN_SECONDS, wait or 0.0))

    async def _replace(self) -> None:
        """Open a socket, and then let the silent one go."""
        fresh = self._made()
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                answer = await self._client.apps_connections_open(app_token=self._app_token)
                fresh.client.wss_uri = answer["url"]  # else the SDK waits by itself and never says what is wrong
                fresh.client.proxy = proxy_for(answer["url"])
                await fresh.connect_async()  # type: ignore[no-untyped-call]
        except BaseException:
            await _close(fresh)
            raise
        silent, self._current = self._current, fresh
        if silent is not None:
            task = asyncio.create_task(_retire(silent))
            self._retiring[task] = silent
            task.add_done_callback(self._retiring.pop)
        self._heard_at = self._monotonic()

    def _made(self) -> "_Handler":
        handler = _Handler(self._app, self._app_token, web_client=self._client, ping_interval=PING_SECONDS)
        handler.client.message_listeners.append(self._hear)
        return handler

    async def _hear(self, *_: Any) -> None:
        self._heard_at = self._monotonic()


class _Handler(AsyncSocketModeHandler):
    """Counts what it has brought and not answered yet."""

    under_way = 0

    async def handle(self, client: Any, req: Any) -> None:
        self.under_way += 1
        try:
            await super().handle(client, req)
        finally:
            self.under_way -= 1

    @property
    def is_idle(self) -> bool:
        """Whether nothing that it brought waits for its answer."""
        return self.under_way == 0 and self.client.message_queue.empty()


async def _retire(handler: _Handler) -> None:
    """Let a socket go: Slack may still bring something on it, which is answered before."""
    try:
        await asyncio.sleep(RETIRE_SECONDS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_SECONDS):
                while not handler.is_idle:  # noqa: ASYNC110  the SDK says nothing of its queue
                    await asyncio.sleep(0.01)
    finally:
        await _close(handler)


async def _close(handler: _Handler) -> None:
    """Close a socket and its session, once or again, also where saying goodbye fails."""
    try:
        await handler.close_async()  # type: ignore[no-untyped-call]
    finally:
        await handler.client.aiohttp_client_session.close()
