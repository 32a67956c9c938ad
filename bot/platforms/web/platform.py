"""The workspace as a platform: sending is writing to its own log, in one unit of work with the confirmation."""

import asyncio
from collections.abc import Callable

from bot.clock import Clock
from bot.platforms.base import Can, Confirm, Outgoing
from bot.platforms.web.drawing import draw
from bot.platforms.web.live import Live
from bot.platforms.web.lodging import PLATFORM, WORKSPACE
from models.sending import is_waiting
from models.store import Store
from models.unit import Unit, put
from models.workspace import BOT, WorkspaceChange, WorkspaceMessage


class WebPlatform:
    """The built-in workspace."""

    name = PLATFORM
    workspace = WORKSPACE
    keeps_order = True  # the store's one writer takes them in turn, and commits those that wait together
    can = Can()

    def __init__(self, store: Store, clock: Clock, live: Live, button_key: Callable[[], str]) -> None:
        self._store, self._clock, self._live, self._button_key = store, clock, live, button_key

    async def send(self, outgoing: Outgoing, confirm: Confirm) -> None:
        """Write the message, or its new face, and confirm it in the same unit: here a message is sent exactly once."""
        await asyncio.wrap_future(self._store.write(lambda unit: self._write(unit, outgoing, confirm), repeatable=True))
        self._live.wake()

    def _write(self, unit: Unit, outgoing: Outgoing, confirm: Confirm) -> None:
        if not is_waiting(unit, outgoing.post_id):
            return  # another process was faster
        body = draw(outgoing.message, outgoing.reader, outgoing.post_id, self._button_key())
        message = unit.get(WorkspaceMessage, int(outgoing.edits)) if outgoing.edits else None
        if message is None:
            message = WorkspaceMessage(
                channel_id=outgoing.channel.id, thread=int(outgoing.thread) if outgoing.thread else None, author_id=BOT,
                visible_to=outgoing.visible_to, body=body, at=self._clock.now(), event_id=outgoing.event_id,
                post_id=outgoing.post_id,
            )  # fmt: skip
            put(unit, message)
        else:
            message.body, message.edited = body, True
            unit.flush()
        put(unit, WorkspaceChange(message_id=message.id or 0))
        unit.topics.add(WorkspaceChange.__tablename__)
        confirm(unit, str(message.id))
