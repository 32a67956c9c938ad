"""How fast the app may write.

docs.slack.dev/apis/web-api/rate-limits: a post a second and channel with short bursts, fifty updates and a hundred
private answers a minute.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bot.gates import AtOnce, Bucket
from bot.platforms.base import Outgoing
from bot.turns import Turns

AT_ONCE = 3
"""So many calls that write are under way at most: when a token ends, Slack refuses no more than that."""


class Pacing:
    """Gives each call that writes its turn; one place is kept for what somebody waits for."""

    def __init__(self) -> None:
        self._posts = Turns(lambda _: (Bucket(1.0, 3),))
        self._whispers, self._updates = Turns(shared=[Bucket(100 / 60, 20)]), Turns(shared=[Bucket(50 / 60, 20)])
        self._places = Turns(unasked=[AtOnce(AT_ONCE - 1)])
        self.all = (self._posts, self._whispers, self._updates, self._places)

    def post(self, channel: str, outgoing: Outgoing) -> AbstractAsyncContextManager[None]:
        """Wait for the turn of a post, and begin it."""
        return self._turn(self._posts, channel, outgoing, outgoing.begin)

    def whisper(self, outgoing: Outgoing) -> AbstractAsyncContextManager[None]:
        """Wait for the turn of what one person alone sees, and begin it."""
        return self._turn(self._whispers, "", outgoing, outgoing.begin)

    def update(self, outgoing: Outgoing) -> AbstractAsyncContextManager[None]:
        """Wait for the turn of a new face, which may be given twice."""
        return self._turn(self._updates, "", outgoing)

    @asynccontextmanager
    async def _turn(
        self, turns: Turns, name: str, outgoing: Outgoing, begin: Callable[[], Awaitable[None]] | None = None
    ) -> AsyncIterator[None]:
        async with turns.turn(name, outgoing.haste), self._places.turn("", outgoing.haste):
            if begin is not None:
                await begin()
            yield
