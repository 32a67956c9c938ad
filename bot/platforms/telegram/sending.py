"""Send what is due to Telegram: posts, new faces, private answers, pictures, files and the questions of forms."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import structlog
from pydantic import SecretStr
from sqlmodel import select
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, TelegramError
from telegram.request import HTTPXRequest

from bot import tokens
from bot.attachments import csv_of
from bot.directory import Directory
from bot.gates import Share, alone
from bot.language import Reader
from bot.pictures.drawing import draw_picture
from bot.platforms.base import Can, Confirm, Outgoing, SendError
from bot.platforms.telegram.asking import Asking
from bot.platforms.telegram.chats import Chats, Face, File
from bot.platforms.telegram.drawing import Part, Pen
from bot.platforms.telegram.faults import may_not_show, refused
from bot.platforms.telegram.pacing import turns
from bot.platforms.telegram.pieces import LONGEST_CAPTION, Piece
from bot.platforms.telegram.posting import Posting
from bot.platforms.telegram.reading import PLATFORM
from models.channels import Channel, ChannelKind
from models.message import Picture
from models.store import Store
from models.text import Text
from models.unit import Unit

log = structlog.get_logger()

ONLY = "only:"
"""How the id of a message begins that went to one person instead of into the group: `only:CHAT:MESSAGE`."""

os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns of itself whenever it raises RetryAfter


class TelegramPlatform:
    """Telegram as a place to send to. `workspace` is the bot's id, which its token begins with."""

    name = PLATFORM
    keeps_order = False
    can = Can()

    def __init__(
        self,
        token: SecretStr,
        api_url: str,
        store: Store,
        directory: Directory,
        button_key: Callable[[], str],
        share: Share = alone,
    ) -> None:
        root, secret = api_url.rstrip("/"), token.get_secret_value()
        self._calls, self.polls = _request(root), _request(root)
        self.bot = Bot(
            secret, base_url=f"{root}/bot", base_file_url=f"{root}/file/bot", request=self._calls,
            get_updates_request=self.polls,
        )  # fmt: skip
        self.workspace = secret.partition(":")[0]
        self._store, self._directory, self._button_key = store, directory, button_key
        self.chats = Chats(self.bot, turns(share))
        self.asking = Asking(self.chats, store, directory, self.workspace, button_key)

    async def close(self) -> None:
        """Let the connections go."""
        await self._calls.shutdown()
        await self.polls.shutdown()

    async def send(self, outgoing: Outgoing, confirm: Confirm) -> None:
        """Send a post and confirm it; raise SendError when Telegram did not take it."""
        standing = list(outgoing.parts)
        try:
            if outgoing.edits is None:
                await self._post(outgoing, standing)
            else:
                await self._change(outgoing, outgoing.edits, standing)
        except ChatMigrated as moved:
            await self.follow_group(outgoing.channel.external_id, str(moved.new_chat_id))
            raise SendError("the group became a supergroup", retry_after=0.0, parts=standing) from moved
        except TelegramError as error:
            raise refused(error, outgoing, standing) from error
        chat = self.asking.chat_of(outgoing)

        def work(unit: Unit) -> None:
            confirm(unit, *standing)
            if chat is not None:
                self.asking.follow(unit, outgoing, chat)

        await asyncio.wrap_future(self._store.write(work, repeatable=True))
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

    async def _post(self, outgoing: Outgoing, standing: list[str]) -> None:
        channel, whisper = outgoing.channel, self._whispered_to(outgoing)
        place, thread = (channel.external_id, outgoing.thread) if whisper is None else (whisper, None)
        chat, about = self.chats.at(place, thread, outgoing), _about(outgoing, whisper)
        before = "" if whisper is None else f"{ONLY}{whisper}:"
        posting, first = Posting(self._store, chat, outgoing.post_id, standing, before), len(standing)

        async def post(*, media: bool) -> None:
            faces = await self._faces(outgoing, about, media=media)
            if outgoing.doubtful and first < len(faces):
                pen = self.pen(outgoing.post_id, outgoing.reader)
                faces[first] = replace(faces[first], part=pen.marked(faces[first].part))
            await posting.post(faces)

        await _with_media_if_allowed(post)

    async def _change(self, outgoing: Outgoing, sent: str, standing: list[str]) -> None:
        """Give an earlier message its new face, in all its parts."""
        place, thread, whisper = outgoing.channel.external_id, outgoing.thread, None
        if sent.startswith(ONLY):
            thread, place = None, (whisper := sent.removeprefix(ONLY).partition(":")[0])
        before = _about(outgoing, whisper)
        caption = self.pen(outgoing.post_id, outgoing.reader).draw(outgoing.message, before, LONGEST_CAPTION)[-1]
        chat = self.chats.at(place, thread, outgoing)
        begins = "" if whisper is None else f"{ONLY}{whisper}:"
        posting = Posting(self._store, chat, outgoing.edited_post or outgoing.post_id, standing, begins)

        async def change(*, media: bool) -> None:
            faces, there = await self._faces(outgoing, before, media=media), len(standing)
            if outgoing.doubtful and there < len(faces):  # an earlier try may have said what is new
                pen = self.pen(outgoing.post_id, outgoing.reader)
                faces[there] = replace(faces[there], part=pen.marked(faces[there].part))
            await posting.change(faces, caption)

        await _with_media_if_allowed(change)

    async def _faces(self, outgoing: Outgoing, before: Sequence[Piece], *, media: bool) -> list[Face]:
        """Draw the messages that a post takes: a picture, its caption all the words when they are few; last a file.

        Without media it is the words alone.
        """
        pen = self.pen(outgoing.post_id, outgoing.reader)
        image, files = (await _image(outgoing), await _files(outgoing)) if media else (None, [])
        captions = [] if image is None else pen.draw(outgoing.message, before, LONGEST_CAPTION)
        if len(captions) == 1:
            return [Face(captions[0], image), *files]
        words = [Face(part) for part in pen.draw(outgoing.message, before)]
        return [*words, *files] if image is None else [Face(Part(""), image), *words, *files]

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
    if whisper is None or not outgoing.channel.name:  # a group that is bound to nothing has no name here
        return ()
    pen = Pen(outgoing.reader, str, lambda _: None)
    return (*pen.lines([Text("About {channel}:", channel=outgoing.channel.name)]), Piece("\n"))


async def _with_media_if_allowed(show: Callable[..., Awaitable[None]]) -> None:
    """Show pictures and files, and where the group does not let the bot do that, the words alone."""
    try:
        await show(media=True)
    except BadRequest as error:
        if not may_not_show(error):
            raise
        log.error("a picture or a file was left out", reason=error.message)  # noqa: TRY400  no fault of ours
        await show(media=False)


async def _files(outgoing: Outgoing) -> list[Face]:
    attachment = outgoing.message.attachment
    if attachment is None:
        return []
    content = await asyncio.to_thread(csv_of, attachment, outgoing.reader)
    return [Face(Part(""), file=File(attachment.name, content))]


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
