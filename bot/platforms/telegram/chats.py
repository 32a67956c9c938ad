"""One chat or topic of Telegram's to write into: messages, pictures, files, and new faces of all, each at its turn.

core.telegram.org/bots/api#sendmessage, #sendphoto, #senddocument, #editmessagetext.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from telegram import Bot, InputMediaDocument, InputMediaPhoto, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, RetryAfter

from bot.platforms.base import Outgoing
from bot.platforms.telegram.drawing import Part
from bot.platforms.telegram.reading import TOPIC
from bot.turns import AWAITED, Turns

SAME = "message is not modified"
NO_TEXT = "there is no text in the message to edit"
NOTHING_LEFT = Part("…")
"""What stands in a message that is too much and too old to be deleted (48 hours)."""
_GONE = ("message can't be deleted", "message to delete not found")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class File:
    """A file to send."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Face:
    """What one message shows: words, or a picture or a file with a caption."""

    part: Part
    image: bytes | None = None
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat by its id, or one topic of a forum; `root` is the message that everything said there replies to.

    `outgoing` is the post that is written there; without one somebody waits for it.
    """

    bot: Bot
    turns: Turns
    id: str
    topic: int | None = None
    root: str | None = None
    outgoing: Outgoing | None = None

    async def say(self, face: Face) -> str:
        """Send one message; return its id."""
        async with self._turn():
            if face.file is not None:
                return str(await self._document(face.file, face.part))
            return str(await (self._text(face.part) if face.image is None else self._photo(face.image, face.part)))

    async def redraw(self, message: str, face: Face, caption: Part) -> None:
        """Give a message a new face; `caption` is for words where the message is a picture."""
        async with self._turn(leaves=False):
            with _unless(SAME):
                if face.image is not None or face.file is not None:
                    await self._show(int(message), face)
                else:
                    await self._redraw_words(int(message), face.part, caption)

    async def remove(self, message: str) -> bool:
        """Delete a message; one that is too old loses its words. True when it is gone."""
        gone = True
        async with self._turn(leaves=False):
            try:
                await self.bot.delete_message(self.id, int(message))
            except BadRequest as error:
                if error.message.casefold() not in _GONE:
                    raise
                gone = error.message.casefold() != _GONE[0]
        if not gone:
            await self.redraw(message, Face(NOTHING_LEFT), NOTHING_LEFT)
        return gone

    @asynccontextmanager
    async def _turn(self, *, leaves: bool = True) -> AsyncIterator[None]:
        async with self.turns.turn(self.id, AWAITED if self.outgoing is None else self.outgoing.haste):
            if self.outgoing is not None:
                await self.outgoing.begin(leaves=leaves)
            yield

    async def _text(self, part: Part) -> int:
        sent = await self.bot.send_message(
            self.id, part.html, parse_mode=ParseMode.HTML, reply_markup=part.keyboard, reply_parameters=self._reply,
            message_thread_id=self.topic, link_preview_options=_NO_PREVIEW,
        )  # fmt: skip
        return sent.message_id

    async def _photo(self, image: bytes, caption: Part) -> int:
        sent = await self.bot.send_photo(
            self.id, image, caption=caption.html, parse_mode=ParseMode.HTML, reply_markup=caption.keyboard,
            reply_parameters=self._reply, message_thread_id=self.topic, filename="board.png",
        )  # fmt: skip
        return sent.message_id

    async def _document(self, file: File, caption: Part) -> int:
        sent = await self.bot.send_document(
            self.id, file.content, caption=caption.html, parse_mode=ParseMode.HTML, reply_markup=caption.keyboard,
            reply_parameters=self._reply, message_thread_id=self.topic, filename=file.name,
        )  # fmt: skip
        return sent.message_id

    async def _redraw_words(self, message: int, part: Part, caption: Part) -> None:
        try:
            await self.bot.edit_message_text(
                part.html, self.id, message, parse_mode=ParseMode.HTML, reply_markup=part.keyboard,
                link_preview_options=_NO_PREVIEW,
            )  # fmt: skip
        except BadRequest as error:
            if NO_TEXT not in error.message.casefold():
                raise
            await self.bot.edit_message_caption(
                self.id, message, caption=caption.html, parse_mode=ParseMode.HTML, reply_markup=caption.keyboard
            )

    async def _show(self, message: int, face: Face) -> None:
        caption, file, html = face.part.html, face.file, ParseMode.HTML
        media = (
            InputMediaDocument(file.content, caption=caption, parse_mode=html, filename=file.name)
            if file is not None
            else InputMediaPhoto(face.image or b"", caption=caption, parse_mode=html, filename="board.png")
        )
        await self.bot.edit_message_media(media, self.id, message, reply_markup=face.part.keyboard)

    @property
    def _reply(self) -> ReplyParameters | None:
        return ReplyParameters(int(self.root), allow_sending_without_reply=True) if self.root else None


@dataclass(frozen=True, slots=True)
class Chats:
    """Every chat of one bot; they share what Telegram counts over all of them."""

    bot: Bot
    turns: Turns

    def at(self, place: str, root: str | None = None, outgoing: Outgoing | None = None) -> Chat:
        """The chat of a place, which is `CHAT` or `CHAT:TOPIC`; the root of what is said there may be a topic too."""
        chat, _, topic = place.partition(":")
        if root is not None and root.startswith(TOPIC):
            topic, root = root.removeprefix(TOPIC), None
        return Chat(self.bot, self.turns, chat, int(topic) if topic else None, root, outgoing)


@contextmanager
def _unless(words: str) -> Iterator[None]:
    """Let a refusal in these words pass."""
    try:
        yield
    except BadRequest as error:
        if words not in error.message.casefold():
            raise


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram says to wait."""
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()
