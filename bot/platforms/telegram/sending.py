"""Send what is due to Telegram: posts, new faces, private answers, pictures and the questions of forms.

Errors: core.telegram.org/bots/api#making-requests, github.com/tdlib/telegram-bot-api.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from functools import lru_cache

from pydantic import SecretStr
from sqlmodel import select
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot import tokens
from bot.directory import Directory
from bot.language import Reader
from bot.pictures.drawing import draw_picture
from bot.platforms.base import Confirm, Outgoing, SendError
from bot.platforms.telegram.asking import Asking
from bot.platforms.telegram.chats import Chats, Face, seconds_of
from bot.platforms.telegram.drawing import Part, Pen
from bot.platforms.telegram.pacing import Pacing
from bot.platforms.telegram.pieces import LONGEST_CAPTION, Piece
from bot.platforms.telegram.posting import Posting
from bot.platforms.telegram.reading import PLATFORM
from models.channels import Channel, ChannelKind
from models.message import Picture
from models.store import Store, Unit
from models.text import Text

ONLY = "only:"
"""How the id of a message begins that went to one person instead of into the group: `only:CHAT:MESSAGE`."""

os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns of itself whenever it raises RetryAfter


class TelegramPlatform:
    """Telegram as a place to send to. `workspace` is the bot's id, which its token begins with."""

    name = PLATFORM
    keeps_order = False

    def __init__(
        self, token: SecretStr, api_url: str, store: Store, directory: Directory, button_key: Callable[[], str]
    ) -> None:
        root, secret = api_url.rstrip("/"), token.get_secret_value()
        self._calls, self.polls = _request(root), _request(root)
        self.bot = Bot(
            secret, base_url=f"{root}/bot", base_file_url=f"{root}/file/bot", request=self._calls,
            get_updates_request=self.polls,
        )  # fmt: skip
        self.workspace = secret.partition(":")[0]
        self._store, self._directory, self._button_key = store, directory, button_key
        self.chats = Chats(self.bot, Pacing())
        self.asking = Asking(self.chats, store, directory, self.workspace, button_key)

    async def close(self) -> None:
        """Let the connections go."""
        await self._calls.shutdown()
        await self.polls.shutdown()

    async def send(self, outgoing: Outgoing, confirm: Confirm) -> None:
        """Send a post and confirm it; raise SendError when Telegram did not take it."""
        try:
            sent = await (self._post(outgoing) if outgoing.edits is None else self._change(outgoing, outgoing.edits))
        except ChatMigrated as moved:
            await self.follow_group(outgoing.channel.external_id, str(moved.new_chat_id))
            raise SendError("the group became a supergroup", retry_after=0.0) from moved
        except TelegramError as error:
            raise refused(error) from error
        chat = self.asking.chat_of(outgoing)

        def work(unit: Unit) -> None:
            confirm(unit, sent)
            if chat is not None:
                self.asking.follow(unit, outgoing, chat)

        await asyncio.wrap_future(self._store.write(work))
        if chat is not None and outgoing.message.form is not None:
            await self.asking.ask(chat)

    async def follow_group(self, before: str, now: str) -> None:
        """Let a group's channel stand where the group has gone; nothing when it stands there already."""

        def work(unit: Unit) -> None:
            here = (Channel.platform == PLATFORM, Channel.workspace == self.workspace)
            taken = unit.exec(select(Channel).where(*here, Channel.external_id == now)).first()
            channel = unit.exec(select(Channel).where(*here, Channel.external_id == before)).first()
            if channel is not None and taken is None:
                channel.external_id = now
                unit.add(channel)

        await asyncio.wrap_future(self._store.write(work))

    def pen(self, post_id: int, reader: Reader) -> Pen:
        """What a post's message is drawn with."""
        key, known = self._button_key(), self._directory.now()
        return Pen(
            reader,
            lambda position: tokens.sign(key, post_id, position),
            lambda person: known.accounts.get((PLATFORM, self.workspace, person)),
        )

    async def _post(self, outgoing: Outgoing) -> str:
        channel, whisper = outgoing.channel, self._whispered_to(outgoing)
        chat = self.chats.at(*((channel.external_id, outgoing.thread) if whisper is None else (whisper,)))
        posting = Posting(self._store, chat, "" if whisper is None else f"{ONLY}{whisper}:")
        return await posting.post(outgoing.post_id, await self._faces(outgoing, _about(outgoing, whisper)))

    async def _change(self, outgoing: Outgoing, sent: str) -> str:
        """Give an earlier message its new face, in all its parts."""
        place, channel, whisper = outgoing.channel.external_id, outgoing.channel.id, None
        if sent.startswith(ONLY):
            place = whisper = sent.removeprefix(ONLY).partition(":")[0]
        before = _about(outgoing, whisper)
        caption = self.pen(outgoing.post_id, outgoing.reader).draw(outgoing.message, before, LONGEST_CAPTION)[-1]
        posting = Posting(self._store, self.chats.at(place), "" if whisper is None else f"{ONLY}{whisper}:")
        await posting.change(channel, sent, await self._faces(outgoing, before), caption)
        return sent

    async def _faces(self, outgoing: Outgoing, before: Sequence[Piece]) -> list[Face]:
        """Draw the messages that a post takes: a picture first, with all the words as its caption when they are few."""
        pen, image = self.pen(outgoing.post_id, outgoing.reader), await _image(outgoing)
        captions = [] if image is None else pen.draw(outgoing.message, before, LONGEST_CAPTION)
        if len(captions) == 1:
            return [Face(captions[0], image)]
        words = [Face(part) for part in pen.draw(outgoing.message, before)]
        return words if image is None else [Face(Part(""), image), *words]

    def _whispered_to(self, outgoing: Outgoing) -> str | None:
        """The chat of the one person who may read a post of a group: Telegram has no message that only one sees."""
        channel, reader = outgoing.channel, outgoing.visible_to
        if reader is None or channel.kind is ChannelKind.DIRECT:
            return None
        account = self._directory.now().accounts.get((PLATFORM, channel.workspace, reader))
        if account is None:
            raise SendError("the person has no account here", permanent=True)
        return account


def _about(outgoing: Outgoing, whisper: str | None) -> tuple[Piece, ...]:
    """The line above a private answer that says which group it is about."""
    if whisper is None:
        return ()
    pen = Pen(outgoing.reader, str, lambda _: None)
    return (*pen.lines([Text("About {channel}:", channel=outgoing.channel.name)]), Piece("\n"))


async def _image(outgoing: Outgoing) -> bytes | None:
    picture = outgoing.message.picture
    return None if picture is None else await asyncio.to_thread(_drawn, picture, outgoing.reader)


@lru_cache(maxsize=64)
def _drawn(picture: Picture, reader: Reader) -> bytes:
    return draw_picture(picture, reader, "light")


def _request(root: str) -> HTTPXRequest:
    """How calls go out. A server of one's own over plain HTTP needs no certificates and no proxy."""
    plain = {} if root.startswith("https://") else {"verify": False, "trust_env": False}
    return HTTPXRequest(connection_pool_size=64, httpx_kwargs=plain)


def refused(error: TelegramError) -> SendError:
    """What an error of Telegram's means for a post; BadRequest is a NetworkError to the library."""
    if isinstance(error, RetryAfter):
        return SendError("too many messages", retry_after=seconds_of(error))
    if isinstance(error, (BadRequest, Forbidden)):
        return SendError(error.message, permanent=True)
    return SendError(type(error).__name__ if isinstance(error, NetworkError) else error.message)
