"""Post a message in as many parts as it takes, and change them all when it gets a new face.

What Telegram has taken is kept part by part, so that after a fault or a crash in the middle it is not said again.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from bot.platforms.telegram.chats import Chat, Face
from bot.platforms.telegram.drawing import Part
from models.outbox import post_of_message, thread_of
from models.parts import keep_parts, parts_of
from models.store import Store, Unit


@dataclass(frozen=True, slots=True)
class Posting:
    """Writes the parts of one post into a chat. `before` begins the ids that the rows keep of them."""

    store: Store
    chat: Chat
    before: str = ""

    async def post(self, post_id: int, faces: Sequence[Face]) -> str:
        """Say the parts that were not said yet; return the id of the first."""
        if len(faces) == 1:
            return self.before + await self.chat.say(faces[0])
        sent = self.store.read(lambda session: parts_of(session, post_id))
        return (await self._say(self.chat, post_id, faces, sent))[0]

    async def change(self, channel_id: str, first: str, faces: Sequence[Face], caption: Part) -> None:
        """Give the message that begins with `first` its new parts: some are changed, some may be new or too many."""
        post_id, thread, sent = self.store.read(lambda session: _found(session, channel_id, first))
        for message, face in zip(sent, faces, strict=False):
            await self.chat.redraw(self._number(message), face, caption)
        if len(faces) > len(sent):
            await self._say(replace(self.chat, root=thread), post_id, faces, sent)
        for message in sent[len(faces) :][::-1]:
            if await self.chat.remove(self._number(message)):
                sent.remove(message)
                await self._keep(post_id, sent)

    async def _say(self, chat: Chat, post_id: int, faces: Sequence[Face], sent: list[str]) -> list[str]:
        """Say what comes after the parts that were taken; return the ids of all."""
        for face in faces[len(sent) :]:
            sent.append(self.before + await chat.say(face))
            await self._keep(post_id, sent)
        return sent

    async def _keep(self, post_id: int, sent: list[str]) -> None:
        kept = list(sent)

        def work(unit: Unit) -> None:
            keep_parts(unit, post_id, kept)

        await asyncio.wrap_future(self.store.write(work))

    def _number(self, message: str) -> str:
        return message.removeprefix(self.before)


def _found(session: Session, channel_id: str, first: str) -> tuple[int, str | None, list[str]]:
    """The post that begins with a message, the thread that it stands in, and all its messages."""
    post = post_of_message(session, channel_id, first)
    if post is None or post.id is None:
        return 0, None, [first]
    return post.id, thread_of(session, post), parts_of(session, post.id) or [first]
