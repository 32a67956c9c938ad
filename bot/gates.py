"""Gates: the limits that calls to a platform pass, each a count of its own.

Calls are counted from their answers: counted from their beginning, a slow answer would let the next call come too early
for the platform's own count.
"""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

NEVER = math.inf
_WHOLE = 1 - 1e-9

Share = Callable[[], int]
"""Among how many processes a limit is shared: each keeps to its part, and none counts what the others call."""


def alone() -> int:
    """All of it for one process."""
    return 1


class Gate(Protocol):
    """One limit, and the calls that count against it."""

    def wait(self, now: float) -> float:
        """Seconds until one more call may be made; NEVER while that hangs on the answer of another."""
        ...

    def enter(self, now: float) -> None:
        """Count a call that begins."""
        ...

    def leave(self, now: float) -> None:
        """Count a call that was answered."""
        ...

    def is_idle(self, now: float) -> bool:
        """Whether it lets through as much as a new one."""
        ...


@dataclass
class Bucket:
    """`burst` calls at once, and then `rate` a second."""

    rate: float
    burst: int
    share: Share = alone
    _left: float = NEVER
    _at: float = 0.0
    _under_way: int = 0

    def wait(self, now: float) -> float:
        """Seconds until there is a whole call again."""
        left = self._now(now)
        return 0.0 if left >= _WHOLE else (1 - left) * self.share() / self.rate

    def enter(self, now: float) -> None:
        """Take a call out."""
        self._left, self._at = self._now(now) - 1, now
        self._under_way += 1

    def leave(self, now: float) -> None:
        """Begin to count from now."""
        self._at = now
        self._under_way -= 1

    def is_idle(self, now: float) -> bool:
        """Whether it is full."""
        return not self._under_way and self._now(now) >= self._most

    @property
    def _most(self) -> float:
        return max(self.burst / self.share(), 1.0)

    def _now(self, now: float) -> float:
        return min(self._most, self._left + (now - self._at) * self.rate / self.share())


@dataclass
class Window:
    """At most so many calls `within` any so many seconds."""

    most: int
    within: float
    share: Share = alone
    _ended: deque[float] = field(default_factory=deque)
    _under_way: int = 0

    def wait(self, now: float) -> float:
        """Seconds until the oldest answer is long enough ago."""
        while self._ended and self._ended[0] + self.within <= now:
            self._ended.popleft()
        if len(self._ended) + self._under_way < max(self.most // self.share(), 1):
            return 0.0
        return self._ended[0] + self.within - now if self._ended else NEVER

    def enter(self, now: float) -> None:  # noqa: ARG002  it counts from the answer
        """Count a call that is under way."""
        self._under_way += 1

    def leave(self, now: float) -> None:
        """Count an answer."""
        self._under_way -= 1
        self._ended.append(now)

    def is_idle(self, now: float) -> bool:
        """Whether nothing counts any more."""
        return self.wait(now) == 0 and not self._under_way and not self._ended


@dataclass
class AtOnce:
    """At most so many calls under way."""

    most: int
    _under_way: int = 0

    def wait(self, now: float) -> float:  # noqa: ARG002  time frees no place
        """Nothing, or until one is answered."""
        return 0.0 if self._under_way < self.most else NEVER

    def enter(self, now: float) -> None:  # noqa: ARG002
        """Take a place."""
        self._under_way += 1

    def leave(self, now: float) -> None:  # noqa: ARG002
        """Give it back."""
        self._under_way -= 1

    def is_idle(self, now: float) -> bool:  # noqa: ARG002
        """Whether every place is free."""
        return not self._under_way
