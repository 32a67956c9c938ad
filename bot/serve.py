"""Serve: one process, one port, one line that says where."""

import asyncio
import errno
import gc
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO

import uvicorn

from bot.app import Regatta
from bot.faults import FaultError
from bot.logs import set_up
from bot.settings import Settings
from models.databases import is_postgres

if sys.platform != "win32":
    import fcntl

DRAIN_SECONDS = 4
"""How long requests may take to end: a part of `bot.app.STOP_SECONDS`, which count from the signal."""


def serve(host: str | None, port: int | None) -> None:
    """Start everything and run until it is told to stop; raise FaultError when the port or the database is taken."""
    given = {name: value for name, value in (("regatta_host", host), ("regatta_port", port)) if value is not None}
    settings = Settings(**given)  # type: ignore[arg-type]  # pydantic checks them
    settings.check()
    set_up(settings.regatta_log_format, settings.secrets())
    listening = _listen(settings.regatta_host, settings.regatta_port)
    holding = _hold(settings)
    regatta = Regatta(settings)
    config = uvicorn.Config(
        regatta.asgi(), http="httptools", lifespan="on", log_config=None, access_log=False, server_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS, ws="none",
    )  # fmt: skip
    try:
        asyncio.run(_until_stopped(_Server(config, regatta.close), listening, regatta))
    finally:
        listening.close()
        if holding is not None:
            holding.close()


class _Server(uvicorn.Server):
    """A server that lets live pages go and ends with exit code 0 when it is told to stop.

    uvicorn's own waits for the pages, and then ends as if the signal had killed it.
    """

    def __init__(self, config: uvicorn.Config, on_exit: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_exit = on_exit

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self._on_exit()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


async def _until_stopped(server: uvicorn.Server, listening: socket.socket, regatta: Regatta) -> None:
    with server.capture_signals():
        try:
            await regatta.start()  # here and not in uvicorn, which would write a traceback where a sentence does
        except BaseException:
            await regatta.stop()  # what is being sent may end
            raise
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started and not serving.done():  # noqa: ASYNC110  uvicorn offers no event
        await asyncio.sleep(0.01)
    if server.started:
        gc.freeze()  # what is there now stays: the collector need not look through it again
        host, port = listening.getsockname()[:2]
        print(f"Regatta is ready: http://{host}:{port}/", flush=True)
        if regatta.settings.workspace == "demo":
            print(
                f"A demo company with invented people, kept in {regatta.settings.place}. Stop with Ctrl+C.", flush=True
            )
    await serving


def _hold(settings: Settings) -> IO[bytes] | None:
    """Be the one bot on a file of SQLite, as long as this is open; raise FaultError where there is one.

    Two would send every message twice. The lock lies beside the file, since SQLite locks the file for itself.
    """
    if is_postgres(settings.database_url) or sys.platform == "win32":
        return None
    path = Path(f"{settings.database_url.removeprefix('sqlite:///')}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        holding = path.open("wb")
    except OSError:
        return None  # the store says why it cannot be there
    try:
        fcntl.flock(holding, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holding.close()
        raise FaultError(
            f"Another Regatta runs on {settings.place}: stop that one, or use PostgreSQL, on which several "
            "run side by side (docs/machines.md)."
        ) from error
    return holding


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named: asyncio turns Nagle's delay (40 ms an answer) off only for what says that it is TCP.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(1024)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise FaultError(f"Port {port} is in use: stop what uses it, or choose another with --port.") from error
        raise FaultError(
            f"Cannot listen on {host}:{port} ({error.strerror}): choose another --host or --port."
        ) from error
    return listening
