"""Several servers on one database behind a balancer, as one that a trial kills and starts."""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated

from tests.crash.forked import ForkedServer
from tests.server import Server

PROCESSES = 4
ANSWERS_WITHIN = 1.0


class Balancer:
    """Gives each connection to one of several ports at random, and to another one where nobody answers."""

    def __init__(self, ports: list[int], moments: Random) -> None:
        self._ports, self._moments = ports, moments
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = int(self._listening.getsockname()[1])
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let every connection go."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._listening.close()

    def _run(self) -> None:
        serving = self._loop.run_until_complete(asyncio.start_server(self._connected, sock=self._listening))
        self._loop.run_forever()
        serving.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.01))

    async def _connected(self, asks: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        for port in self._moments.sample(self._ports, len(self._ports)):
            try:
                await _ask(port)
                answering, asking = await asyncio.open_connection("127.0.0.1", port)
            except (OSError, TimeoutError):
                continue
            await asyncio.gather(_pass_on(asks, asking), _pass_on(answering, answers))
            return
        answers.close()


async def _ask(port: int) -> None:
    """Ask a server whether it lives, as a balancer does; raise OSError or TimeoutError when it does not."""
    async with asyncio.timeout(ANSWERS_WITHIN):
        answer, asking = await asyncio.open_connection("127.0.0.1", port)
        asking.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        try:
            if not await answer.read(1):
                raise OSError
        finally:
            asking.close()


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await source.read(65536):
            target.write(piece)
            await target.drain()
    target.close()


class Fleet:
    """Servers that a trial uses as one: a kill meets one of them, a start brings back those that were killed."""

    def __init__(self, database: Path, seed: int, processes: int = PROCESSES, **environment: str) -> None:
        self._moments = Random(seed)
        self.servers = [ForkedServer(database, **environment) for _ in range(processes)]
        self._balancer = Balancer([server.port for server in self.servers], Random(seed))
        self.url = f"http://127.0.0.1:{self._balancer.port}"

    def start(self) -> "Fleet":
        """Start those that do not run, the first alone when it is the first: it makes the schema."""
        down = [server for server in self.servers if server.process is None]
        if len(down) == len(self.servers):
            down.pop(0).start()
        starting = [threading.Thread(target=server.start) for server in down]
        for one in starting:
            one.start()
        for one in starting:
            one.join()
        failed = [server for server in self.servers if server.process is None or server.process.poll() is not None]
        assert not failed, failed[0].log.read_text(encoding="utf-8")[-2000:]
        return self

    def kill(self) -> None:
        """Kill one of those that run."""
        self._moments.choice([server for server in self.servers if server.process is not None]).kill()

    def kill_all_but_one(self) -> None:
        """Leave one, which has to do what the others began."""
        for server in self._moments.sample(self.servers, len(self.servers) - 1):
            server.kill()

    def close(self) -> None:
        """Kill all."""
        for server in self.servers:
            server.kill()
        self._balancer.close()


class HangingFleet(Fleet):
    """One whose servers do not die but hang, longer than the others wait for them, and then go on."""

    HANGS = (21.0, 35.0)
    _going_on: threading.Timer | None = None

    def kill(self) -> None:
        """Stop one of those that run, and let it go on after a while."""
        one = self._moments.choice(self.servers).process
        assert one is not None
        one.send_signal(signal.SIGSTOP)
        self._going_on = threading.Timer(self._moments.uniform(*self.HANGS), one.send_signal, [signal.SIGCONT])
        self._going_on.start()

    def start(self) -> Fleet:
        """Start them for the first time; later, wait until the one that hangs has gone on."""
        if self._going_on is None:
            return super().start()
        self._going_on.join()
        return self


ServerOf = Callable[..., Server | Fleet]
"""What starts a trial's server, or its servers: handed the database and the environment."""
