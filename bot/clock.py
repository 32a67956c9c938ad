"""The only place that reads the time or makes an id; everything else is handed both."""

import secrets
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251  this is the clock


class DemoClock:
    """A clock that runs like the machine's and can be moved forward; `offset` survives a restart."""

    def __init__(self, base: Clock, offset: timedelta = timedelta()) -> None:
        self._base = base
        self.offset = offset
        self._held: datetime | None = None

    def now(self) -> datetime:
        """The demo's instant, aware, in UTC."""
        return self._held or self._base.now() + self.offset

    def base_now(self) -> datetime:
        """The machine's instant."""
        return self._base.now()

    def hold(self, at: datetime) -> None:
        """Stand still at an instant, while what was due then is done."""
        self._held = at

    def run_on(self, at: datetime) -> None:
        """Run on from an instant."""
        self._held = None
        self.offset = at - self._base.now()


_TIME = 12  # digits of an id that tell when it was made


def new_id() -> str:
    """Make an id: 48 bits of milliseconds, then 80 random bits, so that ids sort by age."""
    milliseconds = time.time_ns() // 1_000_000
    return f"{milliseconds:0{_TIME}x}{_randomness.take(10).hex()}"


def earlier_id(than: str, by: timedelta) -> str:
    """What the ids begin with that were made so much earlier than one; nothing where it does not tell its time."""
    try:
        milliseconds = int(than[:_TIME], 16)
    except ValueError:
        return ""
    return f"{max(milliseconds - by // timedelta(milliseconds=1), 0):0{_TIME}x}"


class _Randomness:
    """Random bytes, asked of the system for many ids at once: each question lets go of the interpreter's lock."""

    def __init__(self) -> None:
        self._stock = b""
        self._lock = threading.Lock()

    def take(self, number: int) -> bytes:
        """So many bytes that nobody else gets."""
        with self._lock:
            if len(self._stock) < number:
                self._stock = secrets.token_bytes(_STOCK)
            taken, self._stock = self._stock[:number], self._stock[number:]
        return taken


_STOCK = 4096
_randomness = _Randomness()
