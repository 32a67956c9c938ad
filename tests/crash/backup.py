"""Take backups while a stream of commands is written, restore each elsewhere, and look at what is there."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated

from sqlalchemy.exc import DatabaseError

from bot.backups.restoring import restore
from bot.backups.taking import back_up
from bot.clock import SystemClock
from tests.crash.forked import ForkedServer
from tests.crash.kill import Trial, look, send
from tests.databases import url_of

Copy = Callable[[Path, Path], None]
"""Make of a database that is written to another one, as it was at a moment."""


def backed_up(database: Path, restored: Path) -> None:
    """Take a backup, and restore it."""
    file = restored.with_suffix(".backup")
    back_up(url_of(database), file, SystemClock().now())
    restore(url_of(restored), file, SystemClock(), replace=False, quiet=())


def copied(database: Path, restored: Path) -> None:
    """Copy the file alone, as somebody might who does not know better."""
    shutil.copyfile(database, restored)


async def run_backup_trial(
    database: Path, commands: int, backups: int, seed: int, make_copy: Copy = backed_up
) -> Trial:
    """Of what was answered before a backup began, nothing may be missing in it; and it must be sound."""
    moments = Random(seed)
    trial = Trial(commands, 0)
    server = ForkedServer(database).start()
    waiting = list(range(commands))
    step = max(1, commands // max(1, backups))
    for number in range(backups):
        batch, waiting = waiting[:step], waiting[step:]
        senders = asyncio.create_task(send(server, batch, trial))
        await asyncio.sleep(moments.uniform(0.02, 0.25))
        before, restored = set(trial.answered), database.with_name(f"restored{number}.db")
        await asyncio.to_thread(make_copy, database, restored)
        seen = Trial(commands, 0, before)
        try:
            look(restored, seen)
        except DatabaseError as error:
            seen.faults.append(str(error.orig))
        trial.faults += [f"backup {number}: {fault}" for fault in seen.faults]
        trial.repeated += len(before)
        waiting = await senders + waiting
    await send(server, waiting, trial)
    server.kill()
    look(database, trial)
    return trial
