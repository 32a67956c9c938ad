"""One chat or topic of Telegram's to write into: messages, pictures, and new faces of both.

core.telegram.org/bots/api#sendmessage, #sendphoto, #editmessagetext.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from telegram import Bot, InputMediaPhoto, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, RetryAfter

from bot.platforms.telegram.drawing import Part

PAUSE = 1.0
"""Seconds between two messages into one chat (core.telegram.org/bots/faq)."""
LONGEST_PAUSE = 60.0
"""Seconds to wait in the middle of a message of several parts; after that it is sent anew as a whole."""
SAME = "message is not modified"
NO_TEXT = "there is no text in the message to edit"
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat by its id, or one topic of a forum; `root` is the message that everything said there replies to."""

    bot: Bot
    id: str
    topic: int | None = None
    root: str | None = None

    @classmethod
    def at(cls, bot: Bot, place: str, root: str | None = None) -> "Chat":
        """The chat of a place, which is `CHAT` or `CHAT:TOPIC`."""
        chat, _, topic = place.partition(":")
        return cls(bot, chat, int(topic) if topic else None, root)

    async def say(self, parts: Sequence[Part], image: bytes | None = None, caption: Part | None = None) -> str:
        """Send a message in its parts, a picture first; return the id of the last. A short one is the caption."""
        sends: list[Callable[[], Awaitable[int]]] = [partial(self._text, part) for part in parts]
        if image is not None:
            sends = [partial(self._photo, image, caption), *(sends if caption is None else ())]
        sent = await sends[0]()
        for send in sends[1:]:
            await asyncio.sleep(PAUSE)
            sent = await _in_time(send)
        return str(sent)

    async def redraw(self, message: int, part: Part, caption: Part, image: bytes | None = None) -> None:
        """Give a message a new face: `part` when it is words, `caption` when it is a picture."""
        try:
            await (self._redraw_words(message, part, caption) if image is None else self._show(message, caption, image))
        except BadRequest as error:
            if SAME not in error.message.casefold():
                raise

    async def _text(self, part: Part) -> int:
        sent = await self.bot.send_message(
            self.id, part.html, parse_mode=ParseMode.HTML, reply_markup=part.keyboard, reply_parameters=self._reply,
            message_thread_id=self.topic, link_preview_options=_NO_PREVIEW,
        )  # fmt: skip
        return sent.message_id

    async def _photo(self, image: bytes, caption: Part | None) -> int:
        sent = await self.bot.send_photo(
            self.id, image, caption=caption.html if caption else None, parse_mode=ParseMode.HTML,
            reply_markup=caption.keyboard if caption else None, reply_parameters=self._reply,
            message_thread_id=self.topic, filename="board.png",
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

    async def _show(self, message: int, caption: Part, image: bytes) -> None:
        media = InputMediaPhoto(image, caption=caption.html, parse_mode=ParseMode.HTML, filename="board.png")
        await self.bot.edit_message_media(media, self.id, message, reply_markup=caption.keyboard)

    @property
    def _reply(self) -> ReplyParameters | None:
        return ReplyParameters(int(self.root), allow_sending_without_reply=True) if self.root else None


async def _in_time(send: Callable[[], Awaitable[int]]) -> int:
    """Send a later part; wait where Telegram says so, for the whole message would be sent anew else."""
    waited = 0.0
    while True:
        try:
            return await send()
        except RetryAfter as error:
            pause = seconds_of(error)
            waited += pause
            if waited > LONGEST_PAUSE:
                raise
            await asyncio.sleep(pause)


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram says to wait."""
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()
