"""A real server in a process of its own, for tests that kill it or look at it with a browser."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Protocol

import httpx

from tests.databases import url_of
from tests.ports import free_port

STARTS_WITHIN = 60.0
_OWN = ("REGATTA_", "SLACK_", "TELEGRAM_")


class Process(Protocol):
    """A process that was started, as the standard library has it."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, sig: int, /) -> None: ...


class Server:
    """`regatta run` on a free port and a database of its own; `module` is what runs in place of `bot`."""

    def __init__(self, database: Path, *, module: str = "bot", **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        clean = {name: value for name, value in os.environ.items() if not name.startswith(_OWN)}
        self.environment = clean | {"REGATTA_DATABASE_URL": url_of(database)} | environment
        self.module = module
        self.log = database.with_suffix(".log")
        self.process: Process | None = None

    def start(self) -> "Server":
        """Start and wait until it is ready; raise with its log when it is not."""
        self.process = self.launch()
        until = time.monotonic() + STARTS_WITHIN
        with httpx.Client(base_url=self.url, timeout=1) as client:
            while self.process.poll() is None and time.monotonic() < until:
                try:
                    if client.get("/readyz").status_code == httpx.codes.OK:
                        return self
                except httpx.TransportError:
                    pass
                time.sleep(0.02)
        raise AssertionError(self.log.read_text(encoding="utf-8")[-2000:])

    def launch(self) -> Process:
        """Begin to start."""
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", self.module, "run", "--port", str(self.port)]
            return subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)

    def kill(self) -> None:
        """End it as a power cut of the process would: SIGKILL, no goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to stop; returns its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(how)
        code = self.process.wait(timeout=15)
        self.process = None
        return code
