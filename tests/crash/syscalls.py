"""Kill the server before each system call of a deal and of an approval, and let whoever asked ask again.

The calls are those that touch a file, a lock on one or a socket, of the two threads that do so: the writer, which
commits, and the loop, which reads requests and answers them. They are counted once on a server that has just started,
and each trial is on one that has just started. What the process did before its end stays, as the kernel has it: this is
the end of a process, not of a machine (see power.py).
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated

from tests.crash.deeds import APPROVAL, DEAL, prepared, undisturbed
from tests.crash.forked import ForkedServer
from tests.crash.invariants import broken
from tests.crash.kill import Trial
from tests.crash.strace import Call, counting, killing
from tests.server import Server

CALLS = (
    "accept4", "access", "close", "fcntl", "fdatasync", "fsync", "ftruncate", "newfstatat", "openat", "pread64",
    "pwrite64", "read", "recvfrom", "sendmsg", "sendto", "unlink", "write",
)  # fmt: skip
ENDS_WITHIN = 0.5
"""Seconds after the answer in which a call of the loop's may still come: it closes the connection."""
TRIES = 4
"""How often a call is waited for that a deed makes at one time and not at another, like a wake-up of the loop."""

Case = tuple[str, Call]


async def run_syscalls_trial(
    database: Path,
    _commands: int,
    kills: int,
    seed: int,
    cases: Sequence[Case] = (),
    of: Callable[[Path], Server] = ForkedServer,
) -> Trial:
    """Kill it at the cases, or at so many of all calls of both deeds; each deed counts once and is answered once."""
    trial, server = Trial(0, 0), of(database)
    await asyncio.to_thread(server.start)
    kinds = sorted({kind for kind, _ in cases}) or [APPROVAL, DEAL]
    replies = {kind: await undisturbed(server, database, kind, trial.next()) for kind in kinds}
    if not cases:
        every = [(kind, call) for kind in kinds for call in await _calls(server, database, kind, trial)]
        cases = sorted(Random(seed).sample(every, min(kills, len(every))))
    for kind, call in cases:
        for _ in range(TRIES):
            if await _killed_at(call, kind, server, database, trial, replies[kind]):
                break
    server.kill()
    trial.faults += broken(database)
    return trial


async def _killed_at(call: Call, kind: str, server: Server, database: Path, trial: Trial, replies: int) -> bool:
    """Kill it there and look at what became of the deed; whether the call was met."""
    deed = await prepared(server.url, kind, trial.next())
    case = f"{kind} {deed.number}, killed at {call}"
    assert server.process is not None
    with killing(server.process.pid, call):
        said = await deed.do(server.url)
        died = await _died(server)
    server.kill()
    await asyncio.to_thread(server.start)
    if said.is_taken and deed.effects(database) != 1:
        trial.faults.append(f"{case}: answered and has {deed.effects(database)} effects")
    again = await deed.do(server.url)
    trial.faults += [f"{case}: {fault}" for fault in deed.wrong(database, again, replies)]
    trial.kills += died
    trial.repeated += not said.is_taken
    trial.answered |= {deed.number} if again.is_taken else set()
    return died


async def _calls(server: Server, database: Path, kind: str, trial: Trial) -> list[Call]:
    """The calls of a deed on a server that has just started and was asked one thing."""
    server.kill()
    await asyncio.to_thread(server.start)
    await (await prepared(server.url, kind, trial.next())).do(server.url)
    deed = await prepared(server.url, kind, trial.next())
    assert server.process is not None
    with counting(server.process.pid, CALLS, database.with_suffix(".calls")) as calls:
        await deed.do(server.url)
        await asyncio.sleep(ENDS_WITHIN)
    if not any(call.thread == "writer" and call.name == "fdatasync" for call in calls):
        raise AssertionError("the writer is another thread")
    return calls


async def _died(server: Server) -> bool:
    """Whether it ended, some moments after the answer at the latest."""
    assert server.process is not None
    for _ in range(int(ENDS_WITHIN / 0.02)):
        if server.process.poll() is not None:
            return True
        await asyncio.sleep(0.02)
    return False
