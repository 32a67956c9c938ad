"""The Home tab: drawn when somebody opens it, and again after they pressed something on it.

Limits: docs.slack.dev/surfaces/app-home: 100 blocks; no tables.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from bot.directory import Directory
from bot.due import reader_of
from bot.glance import Glance
from bot.language import plain
from bot.platforms.base import Incoming, Place
from bot.platforms.slack.drawing import Block, shortened
from bot.platforms.slack.faults import FAULTS, reason_of
from bot.platforms.slack.reading import PLATFORM
from bot.platforms.slack.sending import SlackPlatform
from bot.sorry import stranger
from bot.speakers import UNCLAIMED, UNKNOWN_CHANNEL, UNKNOWN_PERSON
from models.outbox import Post
from models.store import Store
from models.text import Text

log = structlog.get_logger()

MOST_BLOCKS = 100
LONGEST_HEADER = 150
MOST_SHOWN = 1_000
READ_AT_ONCE = 2
"""Homes that are put together at once, so that many openings leave the processor to those who ask for something."""


@dataclass
class Homes:
    """The Home tabs of everybody.

    `_shown` are the accounts that have looked at theirs since the start, `_known` those of them that were known then.
    """

    store: Store
    directory: Directory
    platform: SlackPlatform
    glance: Glance
    _shown: dict[str, str] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)
    _under_way: dict[str, bool] = field(default_factory=dict)
    _reading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(READ_AT_ONCE))

    async def show(self, workspace: str, user: str) -> None:
        """Publish somebody's Home; when that fails it is no loss, and the next opening does it again.

        One is under way for each, and what comes meanwhile lets it be done once more: no older one is published last.
        """
        self._forget_the_oldest()
        self._shown[user] = workspace
        if user in self._under_way:
            self._under_way[user] = True
            return
        again = True
        try:
            while again:
                self._under_way[user] = False
                await self._try_to_publish(workspace, user)
                again = self._under_way[user]
        finally:
            del self._under_way[user]

    async def refresh(self, user: str) -> None:
        """Publish the Home of somebody who looked at it before; nothing for anybody else."""
        if user in self._shown:
            await self.show(self._shown[user], user)

    async def clear(self) -> None:
        """Publish anew what shows something to people whose rights have ended since."""
        known = self.directory.now()
        for user in [each for each in self._known if known.person_of(PLATFORM, self._shown[each], each) is None]:
            await self.refresh(user)

    def _forget_the_oldest(self) -> None:
        while len(self._shown) >= MOST_SHOWN:
            oldest = next(iter(self._shown))
            del self._shown[oldest]
            self._known.discard(oldest)

    async def _try_to_publish(self, workspace: str, user: str) -> None:
        try:
            await self._publish(workspace, user)
        except FAULTS as error:
            log.warning("a home was not published", user=user, reason=reason_of(error))
        except Exception:
            log.exception("a home was not published", user=user)

    async def _publish(self, workspace: str, user: str) -> None:
        known = self.directory.now()
        is_known = known.person_of(PLATFORM, workspace, user) is not None
        (self._known.add if is_known else self._known.discard)(user)
        nobody = stranger(UNKNOWN_PERSON if known.is_claimed else UNCLAIMED)
        blocks = await self._blocks(workspace, user) if is_known else _saying(nobody)
        view = {"type": "home", "blocks": blocks, "private_metadata": json.dumps({"channel": user, "thread": ""})}
        await self.platform.client.views_publish(user_id=user, view=view)

    async def _blocks(self, workspace: str, user: str) -> list[Block]:
        """What concerns somebody; only what is new on it is written, so that opening it does not hold the writer."""
        if (PLATFORM, workspace, user) not in self.directory.now().places:
            return _saying(stranger(UNKNOWN_CHANNEL))
        incoming = Incoming("", PLATFORM, workspace, user, Place(user), "")
        async with self._reading:
            parts = await asyncio.to_thread(self.store.read, lambda session: self.glance.of(session, incoming))
        if any(row.id is None for _, row in parts):
            parts = await asyncio.wrap_future(self.store.write(lambda unit: self.glance.keep(unit, parts)))
        return self._drawn(parts, workspace)

    def _drawn(self, parts: Sequence[tuple[Text, Post]], workspace: str) -> list[Block]:
        """Draw the parts that fit, each whole or not at all, so that no button loses its words."""
        known, blocks = self.directory.now(), list[Block]()
        for title, post in parts:
            reader = reader_of(known, known.channels[post.channel_id], post.visible_to)
            words = shortened(plain(title, reader), LONGEST_HEADER)
            drawn = [
                {"type": "header", "text": {"type": "plain_text", "text": words, "emoji": False}},
                *self.platform.pen(post.id or 0, reader, workspace).flat(post.message),
            ]
            if len(blocks) + len(drawn) <= MOST_BLOCKS:
                blocks += drawn
        return blocks


def _saying(words: str) -> list[Block]:
    return [{"type": "section", "text": {"type": "plain_text", "text": words, "emoji": False}}]
