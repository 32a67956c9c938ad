"""What a peer does in the background."""

import asyncio


class Tasks:
    """Running tasks: waited for with `settle`, stopped with `close`."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: "asyncio._CoroutineLike[None]") -> None:
        """Run in the background."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def settle(self) -> None:
        """Wait until nothing runs any more."""
        while self._running:
            await asyncio.wait(self._running)

    def cancel(self) -> None:
        """Stop whatever runs, without waiting for its end."""
        for task in self._running:
            task.cancel()

    async def close(self) -> None:
        """Stop whatever runs."""
        self.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
