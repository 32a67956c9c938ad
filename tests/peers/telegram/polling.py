"""getUpdates: long polling with true offsets (Client.cpp, do_get_updates).

Left out: the server's brake on a caller who asks for the same offset twice within three seconds.
"""

import asyncio
from collections.abc import Iterable

from tests.peers.telegram.api import ApiError, Call
from tests.peers.telegram.deliveries import Attempt, Deliveries
from tests.peers.telegram.faults import Faults
from tests.peers.telegram.model import Json
from tests.peers.telegram.updates import Update, Updates

LONGEST_POLL = 50
"""Seconds; a longer timeout is cut to it."""

ASKS_AGAIN = 5.0
"""Seconds within which a bot that runs asks again."""

MOST_UPDATES = 100

OTHER_POLLER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_IS_SET = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


class Polling:
    """The bot comes and asks. Who waits is sent away when another one comes to wait."""

    def __init__(self, updates: Updates, deliveries: Deliveries, faults: Faults) -> None:
        self.updates = updates
        self.deliveries = deliveries
        self.faults = faults
        self._waiter: asyncio.Future[None] | None = None
        self._again: list[Update] = []
        self._asked_at = float("-inf")

    @property
    def is_asked(self) -> bool:
        """Whether a bot waits, or has asked a moment ago."""
        return self._waiter is not None or self.updates.world.clock.now() - self._asked_at < ASKS_AGAIN

    async def get_updates(self, call: Call) -> list[Json]:
        """What waits from `offset` on; what lies before it is confirmed and gone."""
        if self.deliveries.webhook:
            raise ApiError(409, WEBHOOK_IS_SET)
        offset, limit = call.number("offset"), min(max(call.number("limit", MOST_UPDATES), 1), MOST_UPDATES)
        seconds = min(max(call.number("timeout"), 0), LONGEST_POLL)
        self.updates.allow(call.parsed("allowed_updates"))
        found = self._from(offset, limit)
        if not found and seconds:
            self.send_away(OTHER_POLLER)
            await self._wait(seconds)
            found = self._from(offset, limit)
        if found and self.faults.late:
            await asyncio.sleep(self.faults.late.pop(0))
        if found and self.faults.takes("dropped"):
            found = []
        if found and self.faults.takes("doubled"):
            self._again = found
        self._asked_at = self.updates.world.clock.now()
        self.deliveries.attempts += [Attempt(update, "polling") for update in found]
        return [update.wire for update in found]

    def _from(self, offset: int, limit: int) -> list[Update]:
        again, self._again = self._again, []
        return _unique([*again, *self.updates.confirm(offset)])[:limit]

    async def _wait(self, seconds: float) -> None:
        """Wait for an update, until the time is over on the peer's clock, or until somebody else comes."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiter = waiter
        over = asyncio.ensure_future(self.updates.world.clock.sleep(seconds))
        changed = over
        try:
            while not waiter.done() and not over.done() and not self.updates.pending():
                changed = asyncio.ensure_future(self.updates.world.change())
                await asyncio.wait({waiter, over, changed}, return_when=asyncio.FIRST_COMPLETED)
                changed.cancel()
        finally:
            changed.cancel()
            over.cancel()
            if self._waiter is waiter:
                self._waiter = None
        if waiter.done():
            waiter.result()

    def send_away(self, why: str) -> None:
        """End the poll that waits now, with a 409."""
        if self._waiter and not self._waiter.done():
            self._waiter.set_exception(ApiError(409, why))


def _unique(updates: Iterable[Update]) -> list[Update]:
    return list({update.id: update for update in updates}.values())
