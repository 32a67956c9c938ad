"""Kill one of several servers on one database again and again, while each command comes one to four times."""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated

import httpx
from sqlalchemy import text

from tests import databases
from tests.crash.fleet import PROCESSES, Fleet
from tests.crash.kill import IN_FLIGHT, Trial, command, look
from tests.databases import Kind
from tests.postgres import Server

MEAN_TIMES = 2.5
DURABLE = ("max_connections=100",)
TAKEN_OVER_WITHIN = 60.0


async def run_many_trial(database: Path, commands: int, kills: int, seed: int, processes: int = PROCESSES) -> Trial:
    """Send deals, killing one server and starting it again on the way; then compare answers with rows."""
    moments, trial = Random(seed), Trial(commands, 0)
    fleet = Fleet(database, seed, processes)
    try:
        await asyncio.to_thread(fleet.start)
        sending = asyncio.create_task(_send(fleet.url, commands, moments, trial))
        while trial.kills < kills and not sending.done():
            await asyncio.sleep(moments.uniform(0.1, 0.4))
            fleet.kill()
            trial.kills += 1
            await asyncio.to_thread(fleet.start)
        await sending
        fleet.kill_all_but_one()
        await all_sent(database, trial)
    finally:
        fleet.close()
    look(database, trial)
    _look_at_answers(database, trial)
    return trial


async def run_restarts_trial(
    database: Path,
    commands: int,
    kills: int,
    seed: int,
    processes: int = PROCESSES,
    pauses: tuple[float, float] = (5.0, 20.0),
) -> Trial:
    """Let the database's server end and come back, by turns as it was told to and as if it had crashed."""
    moments, trial = Random(seed), Trial(commands, 0)
    rests = [moments.uniform(*pauses) for _ in range(kills)]
    with own_server() as server:
        fleet = Fleet(database, seed, processes)
        try:
            await asyncio.to_thread(fleet.start)
            pace = sum(rests) * IN_FLIGHT / (commands * MEAN_TIMES)
            sending = asyncio.create_task(_send(fleet.url, commands, moments, trial, pace))
            for number, rest in enumerate(rests):
                await asyncio.sleep(rest)
                await asyncio.to_thread(server.stop, ("fast", "immediate")[number % 2])
                await asyncio.sleep(moments.uniform(0.0, 3.0))
                await asyncio.to_thread(server.start)
                trial.kills += 1
            await sending
            await all_sent(database, trial)
        finally:
            fleet.close()
        look(database, trial)
        _look_at_answers(database, trial)
    return trial


@contextmanager
def own_server() -> Iterator[Server]:
    """A server that keeps what it said was committed, and on which the databases are for a while."""
    programs = os.environ.get("REGATTA_POSTGRES_BIN")
    if programs is None:
        raise SystemExit("There is no PostgreSQL on this machine: install the package postgresql.")
    before, kind, server = os.environ.get(databases.VARIABLE), databases.kind(), Server(Path(programs), *DURABLE)
    try:
        os.environ[databases.VARIABLE] = server.start().url
        databases.use(Kind.POSTGRES)
        yield server
    finally:
        server.remove()
        databases.use(kind)
        os.environ.pop(databases.VARIABLE)
        if before is not None:
            os.environ[databases.VARIABLE] = before


async def _send(url: str, commands: int, moments: Random, trial: Trial, pace: float = 0.0) -> None:
    """Deliver every command one to four times, each until it is answered, with pauses of `pace` seconds."""
    waiting = [number for number in range(commands) for _ in range(moments.randint(1, 4))]
    moments.shuffle(waiting)
    async with httpx.AsyncClient(base_url=url, timeout=15) as client:

        async def one_after_the_other() -> None:
            while waiting:
                number = waiting.pop()
                await asyncio.sleep(moments.uniform(0, 2 * pace))
                try:
                    answer = await client.post("/workspace/messages", json=command(number))
                except httpx.TransportError:
                    waiting.insert(0, number)
                    trial.repeated += 1
                    await asyncio.sleep(0.05)
                    continue
                if answer.status_code == httpx.codes.OK:
                    trial.answered.add(number)
                elif answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                    waiting.insert(0, number)
                    await asyncio.sleep(0.05)
                else:
                    trial.faults.append(f"command {number} was answered {answer.status_code}: {answer.text[:200]}")

        await asyncio.gather(*(one_after_the_other() for _ in range(IN_FLIGHT)))


async def all_sent(database: Path, trial: Trial) -> None:
    """Wait until the one that is left has sent what the others had not."""
    until = time.monotonic() + TAKEN_OVER_WITHIN
    while left := await asyncio.to_thread(_count, database, "outbox WHERE state = 'waiting'"):
        if time.monotonic() > until:
            break
        await asyncio.sleep(0.2)
    if left:
        trial.faults.append(f"{left} messages were never sent")


def _look_at_answers(database: Path, trial: Trial) -> None:
    """Each deal is echoed once, and its rep told once how they stand."""
    with databases.opened(database) as rows:
        told = rows.execute(
            text(
                "SELECT inbox.key, count(said.id) FROM inbox LEFT JOIN workspace_message AS said "
                "ON said.event_id = inbox.event_id AND said.author_id = 'regatta' "
                "WHERE inbox.key LIKE '%kill-%' GROUP BY inbox.key HAVING count(said.id) <> 2"
            )
        ).all()
    trial.faults += [f"command {key} was answered {count} times" for key, count in told]


def _count(database: Path, what: str) -> int:
    with databases.opened(database) as rows:
        return int(rows.execute(text(f"SELECT count(*) FROM {what}")).scalar_one())
