"""The Home tab: drawn when somebody opens it, and again after they pressed something on it.

Limits: docs.slack.dev/surfaces/app-home: 100 blocks; no tables.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from bot.delivery import reader_of
from bot.directory import Directory
from bot.glance import Glance
from bot.language import plain
from bot.platforms.base import Incoming, Place
from bot.platforms.slack.drawing import Block, shortened
from bot.platforms.slack.faults import FAULTS, reason_of
from bot.platforms.slack.reading import PLATFORM
from bot.platforms.slack.sending import SlackPlatform
from bot.sorry import stranger
from bot.speakers import UNKNOWN_PERSON
from models.outbox import Post
from models.store import Store
from models.text import Text

log = structlog.get_logger()

MOST_BLOCKS = 100
LONGEST_HEADER = 150
MOST_SHOWN = 1_000


@dataclass
class Homes:
    """The Home tabs of everybody. `_shown` are the accounts that have looked at theirs since the start."""

    store: Store
    directory: Directory
    platform: SlackPlatform
    glance: Glance
    _shown: dict[str, str] = field(default_factory=dict)

    async def show(self, workspace: str, user: str) -> None:
        """Publish somebody's Home; when that fails it is no loss, and the next opening does it again."""
        while len(self._shown) >= MOST_SHOWN:
            self._shown.pop(next(iter(self._shown)))
        self._shown[user] = workspace
        blocks = await self._blocks(workspace, user)
        view = {"type": "home", "blocks": blocks, "private_metadata": json.dumps({"channel": user, "thread": ""})}
        try:
            await self.platform.client.views_publish(user_id=user, view=view)
        except FAULTS as error:
            log.warning("a home was not published", user=user, reason=reason_of(error))

    async def refresh(self, user: str) -> None:
        """Publish the Home of somebody who looked at it before; nothing for anybody else."""
        if user in self._shown:
            await self.show(self._shown[user], user)

    async def _blocks(self, workspace: str, user: str) -> list[Block]:
        known, place = self.directory.now(), Place(user)
        channel = known.places.get((PLATFORM, workspace, user))
        if known.person_of(PLATFORM, workspace, user) is None or channel is None:
            words = {"type": "plain_text", "text": stranger(UNKNOWN_PERSON), "emoji": False}
            return [{"type": "section", "text": words}]
        incoming = Incoming("", PLATFORM, workspace, user, place, "")
        parts = await asyncio.wrap_future(self.store.write(lambda unit: self.glance.of(unit, incoming)))
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
