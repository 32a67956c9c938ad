"""The connection to Telegram: updates come to the webhook, or the bot comes and asks for them.

Both answer after the commit, so a crash before it makes Telegram deliver again.
"""

import asyncio
import hmac
import json
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from telegram import Update
from telegram.error import TelegramError

from bot.answering import Answer, UnknownButtonError
from bot.delivery import Delivery
from bot.directory import Directory
from bot.dispatch import Dispatch
from bot.platforms.base import Incoming, Place
from bot.platforms.telegram.chats import Chat
from bot.platforms.telegram.drawing import Part
from bot.platforms.telegram.menu import set_menu
from bot.platforms.telegram.pieces import Piece
from bot.platforms.telegram.polling import Polling
from bot.platforms.telegram.questions import ASK
from bot.platforms.telegram.reading import ALLOWED, PLATFORM, Account, Spoken, read_update
from bot.platforms.telegram.sending import ONLY, TelegramPlatform
from bot.settings import Settings, SettingsError
from bot.sorry import stranger
from models.outbox import Post, post_of_message
from models.store import Store

log = structlog.get_logger()

LONGEST_BODY = 1_000_000
LONGEST_NOTICE = 200
"""Characters of what appears after a press (core.telegram.org/bots/api#answercallbackquery)."""
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105  a header's name
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
    account: Account | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _running: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        secret = self.settings.telegram_webhook_secret
        if secret is not None and not secret.get_secret_value():
            raise SettingsError("TELEGRAM_WEBHOOK_SECRET is empty: put a secret there, or leave it out to poll.")

    async def start(self) -> None:
        """Ask Telegram who the bot is, and begin to hear; where that fails, go on trying."""
        await self._meet()
        self._running = asyncio.create_task(self._run())
        self._later(self.platform.asking.resume())

    async def stop(self) -> None:
        """Hear nothing more; finish what is being sent."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.platform.close()

    def routes(self) -> list[BaseRoute]:
        """The address that Telegram sends updates to, where it is told to."""
        secret = self.settings.telegram_webhook_secret
        if secret is None:
            return []
        expected = secret.get_secret_value().encode()

        async def webhook(request: Request) -> Response:
            given = request.headers.get(SECRET_HEADER, "").encode()
            if not hmac.compare_digest(expected, given):
                return PlainTextResponse("not sent by Telegram\n", 401)
            body = await _body(request)
            if body is None:
                return PlainTextResponse("too long\n", 413)
            update = _update(body, self.platform)
            if update is None:
                return PlainTextResponse("not an update\n", 400)
            if self.account is None:
                return PlainTextResponse("not ready\n", 503)
            await self.take(update)
            return PlainTextResponse("")

        return [Route("/telegram/webhook", webhook, methods=["POST"])]

    async def take(self, update: Update) -> None:
        """Do what an update asks for; returning means that it is committed. Raise what failed."""
        if self.account is None:
            return
        if update.message is not None and update.message.migrate_to_chat_id is not None:
            await self.platform.follow_group(str(update.message.chat.id), str(update.message.migrate_to_chat_id))
            return
        spoken = read_update(update, self.account, self._root_of)
        if spoken is None:
            return
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
            return await asking.pressed(spoken, self.dispatch) if spoken.direct else Answer("")
        is_command = (incoming.text or "").startswith("/")
        if spoken.direct and incoming.press is None and not is_command and asking.is_open(incoming.user):
            await asking.typed(spoken, self.dispatch)
            return Answer("")
        return await self.dispatch.take(self._at_home(spoken))

    def _at_home(self, spoken: Spoken) -> Incoming:
        """A press on what was said in private about a group happens where that was asked."""
        incoming = spoken.incoming
        if incoming.press is None or not spoken.direct:
            return incoming
        post = self.store.read(lambda session: _whispered(session, incoming.place.channel, spoken.message))
        if post is None:
            return incoming
        channel = self.directory.now().channels[post.channel_id]
        return replace(incoming, place=Place(channel.external_id, post.thread))

    def _root_of(self, place: Place, message: str) -> str | None:
        """The root of the thread that a message of the bot's belongs to; none for what a person wrote."""
        channel = self.directory.now().places.get((PLATFORM, self.platform.workspace, place.channel))
        if channel is None:
            return None

        def look(session: Session) -> str | None:
            post = post_of_message(session, channel.id, message)
            if post is None:
                return None
            root = session.get(Post, post.thread_post) if post.thread_post else None
            return post.thread or (root.message_id if root is not None else None) or message

        return self.store.read(look)

    async def _meet(self) -> None:
        """Learn the bot's name; leave it unknown when Telegram cannot be reached."""
        try:
            me = await self.platform.bot.get_me()
        except TelegramError as error:
            log.warning("Telegram cannot be reached yet", reason=type(error).__name__)
            return
        self.account = Account(str(me.id), me.username or "")

    async def _run(self) -> None:
        pause = 1.0
        while self.account is None:
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_WAIT)
            await self._meet()
        self._later(self._set_menu())
        secret, address = self.settings.telegram_webhook_secret, self.settings.regatta_public_url
        if secret is None:
            await Polling(self.platform.bot, self.take).run()
        elif address is not None:
            await self._register(f"{address.rstrip('/')}/telegram/webhook", secret.get_secret_value())

    async def _set_menu(self) -> None:
        """Show the commands; without the menu they work all the same."""
        try:
            await set_menu(self.platform.bot, self.dispatch.registry.commands)
        except TelegramError as error:
            log.warning("the menu of commands was not set", reason=type(error).__name__)

    async def _register(self, url: str, secret: str) -> None:
        """Tell Telegram where to deliver, until it has heard."""
        pause = 1.0
        while True:
            try:
                await self.platform.bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED)
            except TelegramError as error:
                log.warning("the webhook was not registered", reason=error.message)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_WAIT)
            else:
                return

    def _later(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer_press(self, query: str, notice: str) -> None:
        """Let the button stop spinning; when it is too late for that it is no loss."""
        try:
            await self.platform.bot.answer_callback_query(query, text=notice[:LONGEST_NOTICE] or None)
        except TelegramError as error:
            log.info("a press was not answered", reason=type(error).__name__)

    async def _tell_stranger(self, spoken: Spoken, words: str) -> None:
        """Say one sentence to somebody whom nobody knows; when that fails it is no loss."""
        try:
            await Chat.at(self.platform.bot, spoken.incoming.place.channel).say([Part(Piece(words).html)])
        except TelegramError as error:
            log.warning("could not answer a stranger", reason=type(error).__name__)


def _whispered(session: Session, chat: str, message: str | None) -> Post | None:
    """The post that a private message about a group shows."""
    query = select(Post).where(Post.message_id == f"{ONLY}{chat}:{message}", col(Post.edits).is_(None))
    return session.exec(query).first()


async def _body(request: Request) -> bytes | None:
    """The body of a request; none when it is too long."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            return None
    return body


def _update(body: bytes, platform: TelegramPlatform) -> Update | None:
    """Read an update; none for anything else."""
    try:
        return Update.de_json(json.loads(body), platform.bot)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
