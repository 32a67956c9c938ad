"""The allowance: how much one account may ask for, so that one noisy person takes nobody else's time.

Each account has a bucket that holds `burst` deliveries and gets `per_minute` back. What comes to an empty one is not
done; the first of such a spell is told so in one sentence. And of what one account asks for one thing is under way at
a time; the rest waits its turn, in order. While others are there, too, whoever has more rests as long as the last thing
took, so that half of the time is left to them. It is counted by each process for itself, in memory: with several,
somebody whose deliveries reach all of them has that many times as much, and a restart begins anew.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Account = tuple[str, str, str]
"""Platform, workspace, immutable user id: strangers have one, too."""

PER_MINUTE = 600
BURST = 1_000
AT_ONCE = 1
"""Deliveries of one account under way at the same time: others wait behind one, which delays them twofold at most."""
OTHERS_FOR = 5.0
"""Seconds for which another account counts as being there after it asked for something."""
LONGEST_REST = 1.0
"""Seconds: a database that was away for long is nobody's fault."""
TOLD_FOR = 60.0
"""Seconds in which an account is not told again."""
MOST_ACCOUNTS = 10_000
"""Buckets that are kept, about 3 MB; the one that was used the longest time ago goes first, and begins anew full."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float
    told_at: float = float("-inf")


@dataclass(frozen=True, slots=True)
class TooMuch:
    """A delivery over the allowance; `is_told` says that it is the first of a spell."""

    is_told: bool


@dataclass
class Allowance:
    """Counts what every account asks for."""

    per_minute: int = PER_MINUTE
    burst: int = BURST
    at_once: int = AT_ONCE
    rests: bool = True
    monotonic: Callable[[], float] = time.monotonic
    _buckets: dict[Account, _Bucket] = field(default_factory=dict)
    _turns: dict[Account, tuple[asyncio.Semaphore, int]] = field(default_factory=dict)
    _last: Account | None = None
    _others_until: float = float("-inf")

    def spend(self, account: Account) -> TooMuch | None:
        """Take one delivery from an account's bucket; TooMuch when it is empty."""
        now, bucket = self.monotonic(), self._buckets.pop(account, None)
        if bucket is None:
            bucket = _Bucket(self.burst, now)
        self._buckets[account] = bucket
        if len(self._buckets) > MOST_ACCOUNTS:
            del self._buckets[next(iter(self._buckets))]
        bucket.left = min(bucket.left + (now - bucket.at) * self.per_minute / 60, self.burst)
        bucket.at = now
        if bucket.left >= 1:
            bucket.left -= 1
            return None
        if now - bucket.told_at < TOLD_FOR:
            return TooMuch(is_told=False)
        bucket.told_at = now
        return TooMuch(is_told=True)

    @asynccontextmanager
    async def turn(self, account: Account) -> AsyncIterator[None]:
        """Wait until few enough of an account's deliveries are under way; the work stands inside the block."""
        turn, users = self._turns.get(account) or (asyncio.Semaphore(self.at_once), 0)
        self._turns[account] = turn, users + 1
        begun: float | None = None
        try:
            await turn.acquire()
            begun = self._begin(account)
            yield
        finally:
            turn, users = self._turns.pop(account)
            if users > 1:
                self._turns[account] = turn, users - 1
            if begun is not None:
                self._end(turn, begun, has_more=users > 1)

    def _begin(self, account: Account) -> float:
        now = self.monotonic()
        if self._last not in (None, account):
            self._others_until = now + OTHERS_FOR
        self._last = account
        return now

    def _end(self, turn: asyncio.Semaphore, begun: float, *, has_more: bool) -> None:
        """Let the account's next thing begin: at once, or after a rest."""
        now = self.monotonic()
        if self.rests and has_more and now < self._others_until:
            asyncio.get_running_loop().call_later(min(now - begun, LONGEST_REST), turn.release)
        else:
            turn.release()


def for_programs() -> Allowance:
    """What the demo allows: programs drive it, and whoever reaches it may act as anybody."""
    return Allowance(per_minute=60_000, burst=20_000, at_once=64, rests=False)
