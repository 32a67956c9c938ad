"""How fast a bot may send: core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this.

'Avoid sending more than one message per second' into a chat, with short bursts; 20 a minute into a group; about 30 a
second in all. The documentation speaks of messages; edits are refused with 429 too, so they count here.
"""

import math
from collections import deque

from tests.peers.buckets import Buckets
from tests.peers.clock import Clock

CHAT_RATE, CHAT_BURST = 1.0, 3
"""Messages a second into one chat, and how many at once; the documents say 'short bursts' and no number."""

GROUP_MOST, GROUP_WITHIN = 20, 60.0
"""Messages within so many seconds into a group or channel."""

ALL_RATE = 30.0
"""Messages a second over all chats."""

COUNTED = frozenset(
    {
        "sendmessage", "sendphoto", "senddocument", "sendmediagroup", "editmessagetext", "editmessagecaption",
        "editmessagemedia", "editmessagereplymarkup",
    }
)  # fmt: skip
WEBHOOK_RATE = 1.0
"""setWebhook calls a second (Client.cpp)."""


class Limits:
    """The ceilings, on the peer's clock. `on = False` lifts them."""

    def __init__(self, clock: Clock) -> None:
        self.on = True
        self._clock = clock
        self._buckets = Buckets(clock)
        self._sent: dict[str, deque[float]] = {}

    def wait(self, method: str, chat: str, count: int = 1) -> int | None:
        """The seconds of retry_after when this call is one too many, else None and its messages count."""
        if not self.on:
            return None
        if method == "setwebhook":
            return self._buckets.take(method, WEBHOOK_RATE, 1)
        if method not in COUNTED:
            return None
        is_group = chat.startswith(("-", "@"))
        wait = self._group(chat, count) if is_group else None
        wait = wait or self._buckets.take(f"chat {chat}", CHAT_RATE, CHAT_BURST)
        for _ in range(count):
            wait = wait or self._buckets.take("all", ALL_RATE, ALL_RATE)
        if wait is None and is_group:
            self._sent[chat].extend([self._clock.now()] * count)
        return wait

    def _group(self, chat: str, count: int) -> int | None:
        sent, now = self._sent.setdefault(chat, deque()), self._clock.now()
        while sent and sent[0] <= now - GROUP_WITHIN:
            sent.popleft()
        return max(1, math.ceil(sent[0] + GROUP_WITHIN - now)) if sent and len(sent) + count > GROUP_MOST else None
