"""Let single writes fail as a bad or full disk does: with EIO and ENOSPC, at each call of a deed or of a start.

What failed is not acknowledged, unless it counts all the same; the process goes on or ends with one sentence, and
whoever asks again is served. strace answers in the kernel's place, so the call is not done: of a flush that failed the
data is not lost, as it may be on a real disk; SQLite writes it anew in either case.
"""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated

import httpx

from tests.crash.deeds import APPROVAL, DEAL, prepared, undisturbed
from tests.crash.forked import ForkedServer
from tests.crash.invariants import broken
from tests.crash.kill import Trial
from tests.crash.strace import Call, counting, failing, program
from tests.server import Process, Server

CALLS = ("fdatasync", "fsync", "ftruncate", "openat", "pwrite64")
ERRORS = ("EIO", "ENOSPC")
FLUSH = ("fdatasync", 1)
"""The flush that a deed's acknowledgement waits for."""

_OF_A_START = {"pwrite64": 507, "fdatasync": 9, "ftruncate": 2}
"""How many of each the thread that migrates a new database makes, and so how likely each is to fail."""

Case = tuple[str, Call, str, bool]
"""A deed, the call that fails, how, and whether all later ones of its kind do, too."""


async def run_errors_trial(
    database: Path,
    _commands: int,
    errors: int,
    seed: int,
    cases: Sequence[Case] = (),
    of: Callable[[Path], Server] = ForkedServer,
) -> Trial:
    """Let the cases fail, or so many of all; then do each deed again, which must count once."""
    trial, server = Trial(0, 0), of(database)
    await asyncio.to_thread(server.start)
    kinds = sorted({kind for kind, *_ in cases}) or [APPROVAL, DEAL]
    replies = {kind: await undisturbed(server, database, kind, trial.next()) for kind in kinds}
    if not cases:
        every = [case for kind in kinds for case in await _cases(server, database, kind, trial)]
        cases = sorted(Random(seed).sample(every, min(errors, len(every))))
    for kind, call, error, lasts in cases:
        deed = await prepared(server.url, kind, trial.next())
        case = f"{kind} {deed.number}, {error} at {call}{' and later' if lasts else ''}"
        assert server.process is not None
        with failing(server.process.pid, call, error, lasts=lasts):
            said = await deed.do(server.url)
        trial.kills += 1
        if said.code not in (httpx.codes.OK, httpx.codes.SERVICE_UNAVAILABLE):
            trial.faults.append(f"{case}: answered {said.code}")
        if said.is_taken and ((call.name, call.nth) == FLUSH or deed.effects(database) != 1):
            trial.faults.append(f"{case}: acknowledged")
        trial.repeated += not said.is_taken
        if server.process.poll() is not None:
            trial.faults += [f"{case}: {fault}" for fault in _not_in_a_sentence(server, 0)]
            await asyncio.to_thread(server.start)
        again = await deed.do(server.url)
        trial.faults += [f"{case}: {fault}" for fault in deed.wrong(database, again, replies[kind])]
        trial.answered |= {deed.number} if again.is_taken else set()
    server.kill()
    await asyncio.to_thread(server.start)  # as somebody would who saw errors
    server.kill()
    trial.faults += broken(database)
    return trial


async def _cases(server: Server, database: Path, kind: str, trial: Trial) -> list[Case]:
    """Each call of a deed that writes, with each error, once and lasting."""
    deed = await prepared(server.url, kind, trial.next())
    assert server.process is not None
    with counting(server.process.pid, CALLS, database.with_suffix(".calls")) as calls:
        await deed.do(server.url)
    writes = [call for call in calls if call.thread == "writer"]
    once = [(kind, call, error, False) for call in writes for error in ERRORS]
    return once + [(kind, call, error, True) for call in writes for error in ERRORS if call.nth == 1]


def _not_in_a_sentence(server: Server, before: int) -> list[str]:
    """What is wrong with the last words of a server, after so many bytes of its log."""
    said = server.log.read_bytes()[before:].decode().splitlines()
    last = said[-1] if said else ""
    is_well = last.startswith("regatta: ") and not any("Traceback" in line for line in said)
    return [] if is_well else [f"it ended, and said: {' / '.join(said[-5:])}"]


class FailingServer(Server):
    """A server of which a call fails from its start on, in whichever thread."""

    fails: tuple[str, int, str] = ("pwrite64", 1, "EIO")

    def launch(self) -> Process:
        name, nth, error = self.fails
        tracing = [program(), "-D", "-f", "-qq", "-o", "/dev/null", "--seccomp-bpf", "-e", f"trace={name}"]
        tracing += ["-e", f"inject={name}:error={error}:when={nth}"]
        with self.log.open("ab") as log:
            command = [*tracing, sys.executable, "-m", self.module, "run", "--port", str(self.port)]
            return subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)


async def run_starts_trial(database: Path, _commands: int, errors: int, seed: int) -> Trial:
    """Let so many first starts meet an error: each serves or says so in a sentence, and the next one serves."""
    moments, trial = Random(seed), Trial(errors, errors)
    for number in range(errors):
        name = moments.choices(list(_OF_A_START), list(_OF_A_START.values()))[0]
        fails = (name, moments.randint(1, _OF_A_START[name]), moments.choice(ERRORS))
        faults = await run_start(database.with_name(f"start{number}.db"), fails, trial)
        trial.faults += [f"{fails}: {fault}" for fault in faults]
        trial.answered.add(number)
    return trial


async def run_start(database: Path, fails: tuple[str, int, str], trial: Trial) -> list[str]:
    """One such start; what is wrong with it, and with the next."""
    server, faults = FailingServer(database), []
    server.fails = fails
    try:
        await asyncio.to_thread(server.start)
        await asyncio.to_thread(server.stop)
    except AssertionError:
        trial.repeated += 1
        faults += _not_in_a_sentence(server, 0)
        server.kill()
    again = ForkedServer(database)
    await asyncio.to_thread(again.start)
    again.kill()
    return faults + broken(database)
