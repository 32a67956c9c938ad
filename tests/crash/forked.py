"""A server that is forked from a process that has everything loaded: it is there in a third of the time.

It is the same program in a process of its own; only the imports were done before. Trials that kill often use it.
"""

import multiprocessing
import os
import runpy
import sys
from multiprocessing.process import BaseProcess

from tests.server import Process, Server

_LOADED = ["bot.app", "bot.cli", "bot.serve", "bot.registry", "bot.platforms.opening", "alembic.command"]


class ForkedServer(Server):
    """`regatta run`, forked; for the rest see Server."""

    def launch(self) -> Process:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_LOADED)
        given = (self.module, self.port, self.environment, str(self.log))
        process = context.Process(target=_run, args=given, daemon=True)
        process.start()
        return _Forked(process)


class _Forked:
    """A process of multiprocessing, as the standard library has the others."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process
        self.pid = process.pid or 0

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise TimeoutError
        return code

    def send_signal(self, sig: int, /) -> None:
        if self._process.exitcode is None:
            os.kill(self.pid, sig)


def _run(module: str, port: int, environment: dict[str, str], log: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in (1, 2):
        os.dup2(file, number)
    sys.argv = ["regatta", "run", "--port", str(port)]
    runpy.run_module(module, run_name="__main__")
