"""How fast the app may write.

docs.slack.dev/apis/web-api/rate-limits: a post a second and channel with short bursts, fifty updates and a hundred
private answers a minute.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bot.gates import AtOnce, Bucket, Share, alone
from bot.platforms.base import Outgoing
from bot.turns import Turns

AT_ONCE = 3
"""So many calls that write are under way at most: when a token ends, Slack refuses no more than that."""


POST_BURST = 4
"""Posts into one channel at once. Slack names no number; counted from the answers, its own count is behind ours."""
_POST, _WHISPER, _UPDATE = "post", "whisper", "update"


class Pacing:
    """Gives each call that writes its turn; one place is kept for what somebody waits for."""

    def __init__(self, share: Share = alone) -> None:
        self.turns = Turns(lambda name: _gates_of(name, share), unasked=[AtOnce(AT_ONCE - 1)])

    def post(self, channel: str, outgoing: Outgoing) -> AbstractAsyncContextManager[None]:
        """Wait for the turn of a post, and begin it."""
        return self._begun(f"{_POST} {channel}", outgoing)

    def whisper(self, outgoing: Outgoing) -> AbstractAsyncContextManager[None]:
        """Wait for the turn of what one person alone sees, and begin it."""
        return self._begun(_WHISPER, outgoing)

    def update(self, outgoing: Outgoing) -> AbstractAsyncContextManager[None]:
        """Wait for the turn of a new face, which may be given twice."""
        return self._begun(_UPDATE, outgoing, leaves=False)

    @asynccontextmanager
    async def _begun(self, name: str, outgoing: Outgoing, *, leaves: bool = True) -> AsyncIterator[None]:
        async with self.turns.turn(name, outgoing.haste):
            await outgoing.begin(leaves=leaves)
            yield


def _gates_of(name: str, share: Share) -> tuple[Bucket]:
    kind = name.partition(" ")[0]
    rate, burst = {_POST: (1.0, POST_BURST), _WHISPER: (100 / 60, 20), _UPDATE: (50 / 60, 20)}[kind]
    return (Bucket(rate, burst, share),)
