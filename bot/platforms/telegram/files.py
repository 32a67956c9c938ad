"""Fetch the file that an administrator sends to the bot alone; nobody else can make the bot download anything.

core.telegram.org/bots/api#getfile: a bot may fetch at most 20 MB.
"""

import asyncio
from dataclasses import dataclass, replace

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.directory import Directory
from bot.platforms.base import Dropped, Incoming
from bot.platforms.telegram.reading import PLATFORM, Spoken, Upload
from handlers.importing.sheets import MOST_BYTES
from models.channels import ChannelKind
from models.ranks import Rank
from models.text import Text

log = structlog.get_logger()

WITHIN_SECONDS = 30.0
"""How long a file may take: what is said after it waits so long."""
_TOO_BIG = "file is too big"


@dataclass(frozen=True, slots=True)
class Files:
    """Fetches what is sent to one bot."""

    bot: Bot
    directory: Directory
    workspace: str

    async def received(self, spoken: Spoken) -> Incoming:
        """What was said, with the file that came with it; the words of somebody else's file stay what they are."""
        incoming, upload, known = spoken.incoming, spoken.upload, self.directory.now()
        person = known.person_of(PLATFORM, self.workspace, incoming.user)
        if upload is None or person is None:
            return incoming
        if person.rank is not Rank.ADMIN:
            return incoming if incoming.text else replace(incoming, file=Dropped(upload.name, b""))
        channel = known.places.get((PLATFORM, self.workspace, incoming.place.channel))
        if channel is None or channel.kind is not ChannelKind.DIRECT:
            return incoming
        return replace(incoming, file=await self._fetched(upload))

    async def _fetched(self, upload: Upload) -> Dropped:
        name = upload.name
        if (upload.size or 0) > MOST_BYTES:
            return _too_large(name)
        try:
            async with asyncio.timeout(WITHIN_SECONDS):
                found = await self.bot.get_file(upload.id)
                return Dropped(name, bytes(await found.download_as_bytearray()))
        except (TelegramError, TimeoutError) as error:
            if isinstance(error, TelegramError) and _TOO_BIG in error.message.casefold():
                return _too_large(name)
            log.warning("a file was not fetched", reason=type(error).__name__)
            return Dropped(name, b"", Text("{file} could not be fetched from Telegram; send it again.", file=name))


def _too_large(name: str) -> Dropped:
    why = Text("{file} is larger than {n} MB; send it in parts.", file=name, n=MOST_BYTES // 1_000_000)
    return Dropped(name, b"", why)
