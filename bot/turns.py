"""Turns: who may call a platform next.

Its limits are met, and what somebody waits for goes before what nobody asked for.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from bot.gates import NEVER, Gate

MOST_NAMES = 10_000
OVERTAKEN = 9
"""After so many that went ahead one of those goes that nobody asked for, so that it is not put off for ever."""


class Haste:
    """Whether somebody waits for a message, or for one behind it; that may come true while it waits for its turn."""

    def __init__(self, *, is_on: bool = False) -> None:
        self.is_on = is_on
        self._told: list[Callable[[], None]] = []

    def begin(self) -> None:
        """Say that somebody waits."""
        self.is_on = True
        for tell in tuple(self._told):
            tell()

    @contextmanager
    def telling(self, tell: Callable[[], None]) -> Iterator[None]:
        """Call `tell` when it begins within the block."""
        if self.is_on:
            yield
            return
        self._told.append(tell)
        try:
            yield
        finally:
            self._told.remove(tell)


AWAITED = Haste(is_on=True)
"""Of what somebody waits for from the beginning."""


@dataclass(eq=False)
class _Waiter:
    name: str
    admitted: "asyncio.Future[Sequence[Gate]]"


class Turns:
    """Gives each call its turn: in the order in which they came, those first that somebody waits for.

    `own` makes the gates of a name, which are passed by its calls alone; `shared` are passed by all, `unasked` by what
    nobody asked for.
    """

    def __init__(
        self,
        own: Callable[[str], Sequence[Gate]] = lambda _: (),
        shared: Sequence[Gate] = (),
        unasked: Sequence[Gate] = (),
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.monotonic, self.sleep = monotonic, sleep
        self._own, self._shared, self._of_unasked = own, shared, (*shared, *unasked)
        self._names: dict[str, Sequence[Gate]] = {}
        self._awaited: dict[_Waiter, None] = {}
        self._unasked: dict[_Waiter, None] = {}
        self._overtaken = 0
        self._timer: asyncio.Task[None] | None = None
        self._wakes_at = NEVER

    @asynccontextmanager
    async def turn(self, name: str = "", haste: Haste = AWAITED) -> AsyncIterator[None]:
        """Wait for a turn; the call stands inside the block."""
        gates = await self._entered(name, haste)
        try:
            yield
        finally:
            self._leave(gates)

    async def _entered(self, name: str, haste: Haste) -> Sequence[Gate]:
        waiter = _Waiter(name, asyncio.get_running_loop().create_future())
        (self._awaited if haste.is_on else self._unasked)[waiter] = None
        try:
            with haste.telling(lambda: self._hurry(waiter)):
                self._admit()
                return await waiter.admitted
        except asyncio.CancelledError:
            if waiter.admitted.done() and not waiter.admitted.cancelled():
                self._leave(waiter.admitted.result())
            raise
        finally:
            self._awaited.pop(waiter, None)
            self._unasked.pop(waiter, None)
            self._rest()

    def _hurry(self, waiter: _Waiter) -> None:
        if waiter in self._unasked:
            del self._unasked[waiter]
            self._awaited[waiter] = None
            self._admit()

    def _leave(self, gates: Sequence[Gate]) -> None:
        now = self.monotonic()
        for gate in gates:
            gate.leave(now)
        self._admit()

    def _admit(self) -> None:
        """Let in whoever may go now, and look again when the next one may."""
        now, wait = self.monotonic(), 0.0
        while wait <= 0:
            wait = self._admit_one(now)
        if wait < NEVER:
            self._wake_in(wait, now)

    def _admit_one(self, now: float) -> float:
        """Let in the first one who may go; where nobody may, the seconds until somebody does."""
        lanes = [(self._awaited, self._shared), (self._unasked, self._of_unasked)]
        if self._overtaken >= OVERTAKEN:
            lanes.reverse()
        soonest = NEVER
        for waiters, common in lanes:
            closed = _longest(common, now)
            for waiter in waiters:
                own = self._gates(waiter.name, now)
                wait = closed or _longest(own, now)
                if wait <= 0:
                    self._enter(waiter, (*common, *own), now)
                    return 0.0
                soonest = min(soonest, wait)
                if closed:
                    break
        return soonest

    def _enter(self, waiter: _Waiter, gates: Sequence[Gate], now: float) -> None:
        is_awaited = waiter in self._awaited
        self._overtaken = self._overtaken + 1 if is_awaited and self._unasked else 0
        del (self._awaited if is_awaited else self._unasked)[waiter]
        if not waiter.admitted.cancelled():
            for gate in gates:
                gate.enter(now)
            waiter.admitted.set_result(gates)

    def _gates(self, name: str, now: float) -> Sequence[Gate]:
        """The gates of a name; the one that was used the longest time ago makes room for a new one, if it is idle."""
        found = self._names.pop(name, None) or tuple(self._own(name))
        self._names[name] = found
        if len(self._names) > MOST_NAMES:
            oldest = next(iter(self._names))
            if all(gate.is_idle(now) for gate in self._names[oldest]):
                del self._names[oldest]
        return found

    def _wake_in(self, seconds: float, now: float) -> None:
        if self._timer is not None:
            if self._wakes_at <= now + seconds:
                return
            self._timer.cancel()
        self._wakes_at = now + seconds
        self._timer = asyncio.create_task(self._wake(seconds))

    async def _wake(self, seconds: float) -> None:
        await self.sleep(seconds)
        self._timer = None
        self._admit()

    def _rest(self) -> None:
        """Look no more while nobody waits."""
        if self._timer is not None and not self._awaited and not self._unasked:
            self._timer.cancel()
            self._timer = None


def _longest(gates: Sequence[Gate], now: float) -> float:
    return max((gate.wait(now) for gate in gates), default=0.0)
