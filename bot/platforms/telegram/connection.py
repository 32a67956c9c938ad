"""The connection to Telegram: updates come to the webhook, or the bot comes and asks for them.

Both answer after the commit, so a crash before it makes Telegram deliver again.
"""

import asyncio
import contextlib
import json
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import structlog
from starlette.routing import BaseRoute
from telegram import Update
from telegram.error import TelegramError

from bot.answering import Answer
from bot.delivery import Delivery
from bot.directory import Directory
from bot.dispatch import Dispatch
from bot.members import Members
from bot.platforms.base import Incoming, Place
from bot.platforms.telegram.chats import Face
from bot.platforms.telegram.drawing import Part
from bot.platforms.telegram.faults import why_unheard
from bot.platforms.telegram.files import Files
from bot.platforms.telegram.menu import set_menu
from bot.platforms.telegram.pieces import Piece
from bot.platforms.telegram.places import Places
from bot.platforms.telegram.polling import CONNECTING, Polling
from bot.platforms.telegram.questions import ASK
from bot.platforms.telegram.reading import PLATFORM, Account, Spoken, read_update
from bot.platforms.telegram.sending import TelegramPlatform
from bot.platforms.telegram.webhook import PATH, Webhook
from bot.pressing import UnknownButtonError
from bot.settings import Settings
from bot.sorry import stranger
from models.store import Store

log = structlog.get_logger()

POLLING = "telegram-polling"
LONGEST_NOTICE = 200
"""Characters of what appears after a press (core.telegram.org/bots/api#answercallbackquery)."""
MEET_SECONDS = 2.0
"""How long the start of everything else waits for Telegram."""
STOP_SECONDS = 5.0
"""How long what is under way may take to end when the process stops; what waits is sent after the next start."""
LONGEST_WAIT = 60.0
"""Seconds between two tries to reach Telegram at the start."""


@dataclass
class TelegramConnection:
    """Hears what people say to one bot and lets it be answered."""

    settings: Settings
    store: Store
    dispatch: Dispatch
    delivery: Delivery
    directory: Directory
    platform: TelegramPlatform
    members: Members
    account: Account | None = None
    _way: Polling | Webhook = field(init=False)
    _places: Places = field(init=False)
    _files: Files = field(init=False)
    _meeting: str = CONNECTING
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _running: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        secret, address = self.settings.telegram_webhook_secret, self.settings.regatta_public_url
        self._places = Places(self.store, self.directory, self.platform.workspace)
        self._files = Files(self.platform.bot, self.directory, self.platform.workspace)
        if secret is None:
            self.members.seek(POLLING)
            self._way = Polling(self.platform.bot, self.platform.polls, self.take, lambda: self.members.leads(POLLING))
        else:
            url = None if address is None else address.rstrip("/") + PATH
            self._way = Webhook(self.platform.bot, secret.get_secret_value(), url, self.take)

    async def start(self) -> None:
        """Ask Telegram who the bot is, and begin to hear; where that fails, go on trying."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(MEET_SECONDS):
                await self._meet()
        self._running = asyncio.create_task(self._run())
        self._running.add_done_callback(self._ended)

    async def stop(self) -> None:
        """Hear nothing more; finish what is being sent."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        tasks = set(self._tasks)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self.platform.close()

    def routes(self) -> list[BaseRoute]:
        """The address that Telegram sends updates to, where it is told to."""
        return self._way.routes() if isinstance(self._way, Webhook) else []

    def standing(self) -> str:
        """How it stands with Telegram, in words: `connected`, or what it waits for."""
        return self._way.standing if self.account is not None else self._meeting

    async def take(self, raw: dict[str, Any]) -> bool:
        """Do what an update asks for; true means that it is committed. Raise what failed."""
        if self.account is None:
            return False
        try:
            update = Update.de_json(raw, self.platform.bot)
            spoken = read_update(update, self.account, self._places)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
            await self.dispatch.set_aside(_unread(raw, self.account), error)
            return True
        moved = update.message.migrate_to_chat_id if update.message is not None else None
        if update.message is not None and moved is not None:
            await self.platform.follow_group(str(update.message.chat.id), str(moved))
        elif spoken is not None:
            await self._answer(spoken)
        return True

    async def _answer(self, spoken: Spoken) -> None:
        answer, notice = Answer(""), ""
        try:
            answer = await self._do(spoken)
        except UnknownButtonError:
            log.warning("unknown button", platform=PLATFORM, user=spoken.incoming.user)
        if answer.stranger:
            notice = stranger(answer.stranger)
        if spoken.query is not None:
            self._later(self._answer_press(spoken.query, notice))
        elif notice and spoken.addressed:
            self._later(self._tell_stranger(spoken, notice))
        self._later(self.delivery.settle(answer.touched))

    async def _do(self, spoken: Spoken) -> Answer:
        """Answer a question that is open in a person's own chat, else do what was asked."""
        incoming, asking = spoken.incoming, self.platform.asking
        if incoming.press is not None and incoming.press.token.startswith(f"{ASK}:"):
            if not spoken.direct:
                return Answer("")
            return await self.dispatch.counted(incoming, lambda: asking.pressed(spoken, self.dispatch))
        is_command = (incoming.text or "").startswith("/")
        incoming = await self._files.received(spoken)
        if incoming.file is not None:
            return await self.dispatch.take(incoming)
        form = asking.form_of(incoming.user) if spoken.direct and incoming.press is None and not is_command else None
        if form is not None and form.is_answered_by_words:
            return await self.dispatch.counted(incoming, lambda: asking.typed(spoken, self.dispatch))
        if form is not None and form.message_id is None:  # whoever was to ask may be no more
            self._later(asking.ask(incoming.user))
        return await self.dispatch.take(self._places.at_home(spoken))

    async def _meet(self) -> None:
        """Learn the bot's name; leave it unknown when Telegram cannot be reached."""
        try:
            me = await self.platform.bot.get_me()
        except TelegramError as error:
            self._meeting = f"waits: {why_unheard(error)}."
            log.warning("Telegram", standing=self._meeting)
            return
        except Exception as error:
            self._meeting = f"waits: its answer was not understood ({type(error).__name__})."
            log.exception("Telegram", standing=self._meeting)
            return
        self.account = Account(str(me.id), me.username or "")
        self.dispatch.speakers.link_address = f"https://t.me/{me.username}?start="

    async def _run(self) -> None:
        pause = 1.0
        while self.account is None:
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_WAIT)
            await self._meet()
        if self.members.count == 1:  # else another one may be about to ask them
            self._later(self.platform.asking.resume())
        self._later(self._set_menu())
        await self._way.run()

    def _ended(self, running: "asyncio.Task[None]") -> None:
        """Say that hearing has ended by itself, which nothing is known to bring about."""
        error = None if running.cancelled() else running.exception()
        if error is not None:
            self.account, self._meeting = None, f"waits: it failed ({type(error).__name__}); start the bot anew."
            log.error("Telegram", standing=self._meeting, exc_info=error)

    async def _set_menu(self) -> None:
        """Show the commands; without the menu they work all the same."""
        try:
            await set_menu(self.platform.bot, self.dispatch.registry.commands)
        except TelegramError as error:
            log.warning("the menu of commands was not set", reason=type(error).__name__)
        except Exception:
            log.exception("the menu of commands was not set")

    def _later(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(_say_what_failed)

    async def _answer_press(self, query: str, notice: str) -> None:
        """Let the button stop spinning; when it is too late for that it is no loss."""
        try:
            await self.platform.bot.answer_callback_query(query, text=notice[:LONGEST_NOTICE] or None)
        except TelegramError as error:
            log.info("a press was not answered", reason=type(error).__name__)

    async def _tell_stranger(self, spoken: Spoken, words: str) -> None:
        """Say one sentence to somebody whom nobody knows; when that fails it is no loss."""
        try:
            await self.platform.chats.at(spoken.incoming.place.channel).say(Face(Part(Piece(words).html)))
        except TelegramError as error:
            log.warning("could not answer a stranger", reason=type(error).__name__)


def _say_what_failed(task: "asyncio.Task[Any]") -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.error("something in the background failed", exc_info=error)


def _unread(raw: dict[str, Any], bot: Account) -> Incoming:
    """An update that cannot be read, as the inbox keeps it: who spoke, and where, is not known."""
    return Incoming(str(raw["update_id"]), PLATFORM, bot.id, "", Place(""), json.dumps(raw, sort_keys=True))
