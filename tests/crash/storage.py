"""Take the storage away from a server that runs: a full disk, a lock that somebody else holds; then give it back."""

import asyncio
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

from tests.crash.forked import ForkedServer
from tests.crash.kill import Trial, command, look
from tests.server import Server

READ = {"as": "mike-davis", "channel": "us"}
TRIES = 7
"""How often each command is sent while nothing can be written: more than a poison message gets."""


@contextmanager
def limited(server: Server, database: Path) -> Iterator[None]:
    """Let no file of the server's grow beyond what the database's WAL has by now, as a full disk would."""
    wal = database.with_name(f"{database.name}-wal")
    process = server.process
    assert process is not None
    before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (wal.stat().st_size if wal.exists() else 0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def filled(_server: Server, database: Path) -> Iterator[None]:
    """Fill the disk that the database lies on to its last byte; a disk of the database's own, and a small one."""
    filler = database.with_name("filler")
    with filler.open("wb", buffering=0) as file:
        for size in (65_536, 4096, 512, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    try:
        yield
    finally:
        filler.unlink()


async def run_full_trial(database: Path, commands: int, rounds: int, *, on_disk: bool = False) -> Trial:
    """While nothing can be written every command is a 503 and reading works; afterwards all count, once."""
    trial = Trial(commands, 0)
    server = ForkedServer(database).start()
    full = filled if on_disk else limited
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
        for number in range(commands):
            if number % max(1, commands // rounds) == 0:
                with full(server, database):
                    await _nothing_works(client, number, trial)
            answer = await client.post("/workspace/messages", json=command(number))
            if answer.status_code == httpx.codes.OK:
                trial.answered.add(number)
            else:
                trial.faults.append(f"command {number} is {answer.status_code} although there is space")
    server.kill()
    look(database, trial)
    return trial


async def _nothing_works(client: httpx.AsyncClient, number: int, trial: Trial) -> None:
    for _ in range(TRIES):
        answer = await client.post("/workspace/messages", json=command(number))
        trial.repeated += answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            trial.faults.append(f"command {number} is {answer.status_code} on a full disk")
    read = await client.get("/workspace/messages", params=READ)
    if read.status_code != httpx.codes.OK:
        trial.faults.append(f"reading is {read.status_code} on a full disk")


async def run_lock_trial(database: Path, commands: int, seconds: float) -> Trial:
    """While somebody else holds the lock commands wait and reading works; nobody sees that it was locked."""
    trial = Trial(commands, 0)
    server = ForkedServer(database).start()
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
        with closing(sqlite3.connect(database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            sending = [
                asyncio.create_task(client.post("/workspace/messages", json=command(number)))
                for number in range(commands)
            ]
            await asyncio.sleep(seconds)
            if (await client.get("/workspace/messages", params=READ)).status_code != httpx.codes.OK:
                trial.faults.append("nobody can read")
            trial.repeated = sum(not task.done() for task in sending)
            other.execute("COMMIT")
        for number, answer in enumerate(await asyncio.gather(*sending)):
            if answer.status_code == httpx.codes.OK and "locked" not in answer.text:
                trial.answered.add(number)
            else:
                trial.faults.append(f"command {number} is {answer.status_code}: {answer.text[:200]}")
    server.kill()
    look(database, trial)
    if "locked" in server.log.read_text(encoding="utf-8"):
        trial.faults.append("the log says that it was locked")
    return trial
