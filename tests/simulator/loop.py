"""An event loop whose time is a number: it waits for nothing, and the same calls come in the same order every time."""

import asyncio
import heapq
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar
from dataclasses import dataclass
from itertools import count
from typing import Any


@dataclass
class Life:
    """One run of a process, from its start to its end. Until `awake_at` it hangs: nothing of it goes on."""

    number: int
    is_dead: bool = False
    awake_at: float = 0.0


OWNER: ContextVar[Life | None] = ContextVar("owner", default=None)
"""Whose a step is; nobody's are the world's, which go on whatever dies."""


class SimulatedLoop(asyncio.AbstractEventLoop):
    """Runs steps in the order of their time, and at one time in the order in which they were asked for.

    A step of a life that ended is never run, one of a life that hangs is put off.
    """

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.steps = 0
        self._now = 0.0
        self._order = count()
        self._ready: deque[asyncio.Handle] = deque()
        self._later: list[tuple[float, int, asyncio.Handle]] = []
        self._tasks: set[asyncio.Task[Any]] = set()

    def run(self, is_over: Callable[[], bool], until: float) -> bool:
        """Go on until it is over; false when that does not come until then, in seconds of this loop."""
        asyncio._set_running_loop(self)
        try:
            while not is_over():
                if self._now > until or not self._step():
                    return False
            return True
        finally:
            asyncio._set_running_loop(None)

    def _step(self) -> bool:
        if self._ready:
            handle = self._ready.popleft()
        elif self._later:
            when, _, handle = heapq.heappop(self._later)
            self._now = max(self._now, when)
        else:
            return False
        life = handle._context.get(OWNER) if handle._context is not None else None  # type: ignore[attr-defined]
        if handle.cancelled() or (life is not None and life.is_dead):
            return True
        if life is not None and life.awake_at > self._now:
            heapq.heappush(self._later, (life.awake_at, next(self._order), handle))
            return True
        self.steps += 1
        handle._run()
        return True

    def time(self) -> float:
        """Seconds since the beginning."""
        return self._now

    def call_soon(  # type: ignore[override]
        self, callback: Any, *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Run it after what is there already."""
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    call_soon_threadsafe = call_soon  # type: ignore[assignment]

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Any, *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Run it after so many seconds."""
        return self.call_at(self._now + delay, callback, *args, context=context)

    def call_at(  # type: ignore[override]
        self, when: float, callback: Any, *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Run it at a time of this loop."""
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._later, (when, next(self._order), handle))
        return handle

    def create_future(self) -> "asyncio.Future[Any]":
        """Make a future of this loop."""
        return asyncio.Future(loop=self)

    def create_task(  # type: ignore[override]
        self, coro: Coroutine[Any, Any, Any], *, name: str | None = None, context: Context | None = None
    ) -> "asyncio.Task[Any]":
        """Make a task; it is kept until it is done, so that what was killed does not tidy up after its death."""
        task = asyncio.Task(coro, loop=self, name=name, context=context)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def get_debug(self) -> bool:
        """Look at nothing more closely."""
        return False

    def is_running(self) -> bool:
        """It is while a step runs."""
        return True

    def is_closed(self) -> bool:
        """It never is."""
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Keep what nobody caught: that is a fault of whoever is alive."""
        life = OWNER.get()
        if life is None or not life.is_dead:
            error = context.get("exception")
            self.faults.append(f"{context.get('message')}: {error!r}")

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """It is passed over when its time comes."""

    def bury(self) -> None:
        """Let go of what never ended."""
        asyncio._set_running_loop(self)
        try:
            for task in list(self._tasks):
                task._log_destroy_pending = False  # type: ignore[attr-defined]
                task.get_coro().close()
        except RuntimeError:
            pass  # it would go on, which the dead do not
        finally:
            asyncio._set_running_loop(None)
            self._ready.clear()
            self._later.clear()
