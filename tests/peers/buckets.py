"""Token buckets on a peer's clock: how often something may happen."""

import math

from tests.peers.clock import Clock


class Buckets:
    """A bucket for each name; full at first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, name: str, rate: float, capacity: float) -> int | None:
        """Take one of at most `capacity`, refilled at `rate` a second; else the whole seconds until there is one."""
        now = self._clock.now()
        left, at = self._buckets.get(name, (capacity, now))
        left = min(capacity, left + (now - at) * rate)
        if left < 1:
            self._buckets[name] = (left, now)
            return max(1, math.ceil((1 - left) / rate))
        self._buckets[name] = (left - 1, now)
        return None
