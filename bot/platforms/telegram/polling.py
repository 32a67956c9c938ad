"""Ask Telegram for updates: an update counts as taken once it is committed, and only then the offset goes up.

core.telegram.org/bots/api#getupdates. The library's Updater keeps updates in memory before they are done, and its
get_updates reads all of an answer or nothing, so neither is used: one update that cannot be read would stop the others.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

import structlog
from telegram import Bot
from telegram.error import Conflict, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.platforms.telegram.chats import seconds_of
from bot.platforms.telegram.faults import why_unheard
from bot.platforms.telegram.reading import ALLOWED

log = structlog.get_logger()

WAIT_SECONDS = 25
"""How long Telegram may keep a request that finds nothing."""
SPARE_SECONDS = 10.0
"""How much longer than that an answer may take."""
CONNECTING, CONNECTED = "waits: it has not reached Telegram yet.", "connected"
ANOTHER = (
    "waits: another process polls for this bot. Stop that one, or give this one a bot of its own; until then an update "
    "goes to either of them."
)
ELSEWHERE = (
    "waits: this bot's webhook was set by another process. Stop that one and start this one anew, or set "
    "TELEGRAM_WEBHOOK_SECRET here too."
)
LED = "connected: another process of this installation polls, and this one takes over when that one ends."
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


class Polling:
    """Asks for ever. `take` returns after the commit; what it raises lets the same update come again.

    Of several processes one at a time asks: the one that `leads`.
    """

    def __init__(
        self,
        bot: Bot,
        request: BaseRequest,
        take: Callable[[dict[str, Any]], Awaitable[object]],
        leads: Callable[[], bool] = lambda: True,
    ) -> None:
        self._bot, self._request, self._take, self._leads = bot, request, take, leads
        self._from: dict[str, int] = {}
        self._pause = 0.0
        self._has_no_webhook = False
        self.standing = CONNECTING
        """How it stands with Telegram, in words."""

    async def run(self) -> None:
        """Ask, do, go on; no fault ends it, each makes the pause longer."""
        while True:
            if self._pause:
                await asyncio.sleep(self._pause)
            if not self._leads():
                self._stands(LED)
                await asyncio.sleep(FIRST_PAUSE)
                continue
            try:
                await self._round()
            except Conflict as error:
                self._longer()
                self._stands(ELSEWHERE if "webhook" in error.message.casefold() else ANOTHER)
            except RetryAfter as error:
                self._pause = seconds_of(error)
                self._stands("waits: Telegram says that it was asked too often.")
            except TelegramError as error:
                self._longer()
                self._stands(f"waits: {why_unheard(error)}.")
            except Exception:
                self._longer()
                log.exception("an update could not be taken")
            else:
                self._pause = 0.0
                self._stands(CONNECTED)

    def _stands(self, words: str) -> None:
        """Say once in the log how it stands, and let readiness say it as long as it is so."""
        if words != self.standing:
            (log.info if words == CONNECTED else log.warning)("Telegram by polling", standing=words)
        self.standing = words

    async def _round(self) -> None:
        if not self._has_no_webhook:
            await self._bot.delete_webhook()
            self._has_no_webhook = True
        # A first question does not wait, so that how it stands is known before anybody writes. Beside another poller
        # that would tell nothing: who waits is sent away by it.
        wait = WAIT_SECONDS if self.standing in (CONNECTED, ANOTHER) else 0
        asked = {"timeout": wait, "allowed_updates": json.dumps(ALLOWED)} | self._from
        url = f"{self._bot.base_url}/getUpdates?{urlencode(asked)}"
        answer = await self._request.post(url, read_timeout=WAIT_SECONDS + SPARE_SECONDS)
        for update in answer if isinstance(answer, list) else ():  # in their order, so that a later one may fail
            await self._take(update)
            self._from = {"offset": update["update_id"] + 1}

    def _longer(self) -> None:
        self._pause = min(max(self._pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
