"""The program, forked from a process that has everything loaded: it is there in a third of the time.

It is the same program in a process of its own; only the imports were done before. Trials that kill often use it, and
tests of the command line.
"""

import multiprocessing
import os
import runpy
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired

from tests.server import Process, Server

_LOADED = ["bot.app", "bot.cli", "bot.serve", "bot.registry", "bot.platforms.opening", "alembic.command"]


class ForkedServer(Server):
    """`regatta run`, forked; for the rest see Server."""

    def launch(self) -> Process:
        words = ["run", "--port", str(self.port)]
        log = str(self.log)
        return _Forked(_fork(self.module, words, self.environment, log, log))


def command_line(words: Sequence[str], environment: Mapping[str, str]) -> "CompletedProcess[str]":
    """Run `regatta WORDS` with nothing else in its environment, and wait for its end."""
    with tempfile.TemporaryDirectory() as name:
        out, err = Path(name) / "out", Path(name) / "err"
        process = _fork("bot", words, environment, str(out), str(err))
        process.join(60)
        if process.exitcode is None:
            process.kill()
            raise TimeoutExpired(list(words), 60)
        said, wrong = out.read_text("utf-8"), err.read_text("utf-8")
    return CompletedProcess(list(words), process.exitcode, said, wrong)


def _fork(module: str, words: Sequence[str], environment: Mapping[str, str], out: str, err: str) -> BaseProcess:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    process = context.Process(target=_run, args=(module, list(words), dict(environment), out, err), daemon=True)
    process.start()
    return process


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
            with suppress(ProcessLookupError):  # it ended by itself, and nobody has told yet
                os.kill(self.pid, sig)


def _run(module: str, words: list[str], environment: dict[str, str], out: str, err: str) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for number, path in ((1, out), (2, err)):
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.dup2(file, number)
    sys.argv = ["regatta", *words]
    sys.dont_write_bytecode = True  # on a full disk a module would be kept in part, for everybody after it
    runpy.run_module(module, run_name="__main__")
