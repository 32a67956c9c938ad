"""Cut the power of a disk while commands come without a pause, and look at what is left on it.

Each cut copies the disk as it is at one moment (disks.py); of what was answered by then nothing may be missing. The
copy is mounted, so that the file system repairs itself from its journal, and opened, so that SQLite does; on some a
server starts, and everything is asked for again. By turns the drive keeps what was written to it, or only what it was
told to flush. Not tried: a drive that writes a part of a sector, says that it flushed and did not, or keeps of what it
was not told to flush the one and not the other.
"""

import asyncio
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated

from sqlalchemy.exc import DatabaseError

from tests.crash.disks import Disks
from tests.crash.forked import ForkedServer
from tests.crash.kill import IN_FLIGHT, Trial, look, send, until_more
from tests.server import Server

CUTS_OF_ONE = 20
"""After so many cuts another server begins on a database of its own."""
FIRST = "power0.db"
"""The first one's database."""
STARTS = 5
"""On every so many-th cut a server starts."""
LATEST = 0.4
"""Seconds until a cut, once something was answered since the last one; the kernel writes of itself after five."""

Made = Callable[[Path], Server]


async def run_power_trial(disks: Disks, cuts: int, seed: int, of: Made = ForkedServer) -> Trial:
    """Cut the power so often."""
    moments, trial = Random(seed), Trial(0, cuts)
    for begin in range(0, cuts, CUTS_OF_ONE):
        database = disks.disk / f"power{begin}.db"
        server, running, seen = of(database), _Running(), Trial(0, 0)
        await asyncio.to_thread(server.start)
        sending = asyncio.create_task(send(server, running.numbers(), seen))
        for number in range(begin, min(begin + CUTS_OF_ONE, cuts)):
            await until_more(seen)
            await asyncio.sleep(moments.uniform(0, LATEST))
            left = await asyncio.to_thread(disks.cut, flushed_only=number % 2 == 1)
            answered, asked = set(seen.answered), running.last
            trial.repeated += len(answered)
            with disks.left(left) as folder:
                faults = await _look(folder / database.name, answered, asked, of if number % STARTS == 0 else None)
            trial.faults += [f"cut {number}: {fault}" for fault in faults]
        running.goes_on = False
        await sending
        server.kill()
        trial.answered |= {trial.commands + number for number in seen.answered}
        trial.commands += running.last + 1
        database.unlink()
        database.with_name(f"{database.name}-wal").unlink(missing_ok=True)
    return trial


class _Running:
    """Numbers without an end, until somebody says so; `last` is the newest."""

    goes_on, last = True, -1

    def numbers(self) -> Iterator[int]:
        for number in count():
            if not self.goes_on:
                return
            self.last = number
            yield number


async def _look(database: Path, answered: set[int], asked: int, of: Made | None) -> list[str]:
    """What is wrong with what is left, and with a server that starts on it."""
    trial = Trial(0, 0, set(answered))
    try:
        await asyncio.to_thread(look, database, trial)
    except DatabaseError as error:
        trial.faults.append(f"it cannot be read: {error.orig}")
        trial.compare()
    if of is None or trial.faults:
        return trial.faults
    server = of(database)
    await asyncio.to_thread(server.start)
    again = Trial(0, 0, set(answered))
    unanswered = await send(server, range(max(0, asked - 2 * IN_FLIGHT), asked + 1), again)
    again.faults += [f"command {number} got no answer when it was asked for again" for number in unanswered]
    server.kill()
    await asyncio.to_thread(look, database, again)
    return again.faults
