"""Post a message in as many parts as it takes, and change them all when it gets a new face.

What Telegram has taken is kept part by part, so that after a fault or a crash in the middle it is not said again.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import col

from bot.platforms.telegram.chats import Chat, Face
from bot.platforms.telegram.drawing import Part
from models.outbox import Post
from models.store import Store
from models.unit import Unit


@dataclass(frozen=True, slots=True)
class Posting:
    """Writes the parts of a post into a chat. `standing` are the ids of those that are there; `row` keeps them.

    `before` begins the ids that rows keep of messages in this chat.
    """

    store: Store
    chat: Chat
    row: int
    standing: list[str]
    before: str = ""

    async def post(self, faces: Sequence[Face]) -> None:
        """Say the parts that do not stand there yet."""
        for face in faces[len(self.standing) :]:
            self.standing.append(self.before + await self.chat.say(face))
            if len(self.standing) < len(faces):
                await self._keep()

    async def change(self, faces: Sequence[Face], caption: Part) -> None:
        """Give what stands there its new parts: some are changed, some may be new or too many."""
        shown = list(self.standing)
        for message, face in zip(shown, faces, strict=False):
            await self.chat.redraw(self._number(message), face, caption)
        await self.post(faces)
        for message in shown[len(faces) :][::-1]:
            if await self.chat.remove(self._number(message)):
                self.standing.remove(message)
                await self._keep()

    async def _keep(self) -> None:
        kept = " ".join(self.standing)

        def work(unit: Unit) -> None:
            unit.execute(update(Post).where(col(Post.id) == self.row).values(parts=kept))

        await asyncio.wrap_future(self.store.write(work, repeatable=True))

    def _number(self, message: str) -> str:
        return message.removeprefix(self.before)
