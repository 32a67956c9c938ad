"""Kill one of several servers on one database again and again, while each command comes one to four times."""

import asyncio
import time
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated

import httpx
from sqlalchemy import text

from tests import databases
from tests.crash.fleet import Fleet
from tests.crash.kill import IN_FLIGHT, Trial, command, look

TAKEN_OVER_WITHIN = 20.0


async def run_many_trial(database: Path, commands: int, kills: int, seed: int) -> Trial:
    """Send deals, killing one server and starting it again on the way; then compare answers with rows."""
    moments, trial = Random(seed), Trial(commands, 0)
    fleet = Fleet(database, seed)
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


async def _send(url: str, commands: int, moments: Random, trial: Trial) -> None:
    """Deliver every command one to four times, each until it is answered."""
    waiting = [number for number in range(commands) for _ in range(moments.randint(1, 4))]
    moments.shuffle(waiting)
    async with httpx.AsyncClient(base_url=url, timeout=15) as client:

        async def one_after_the_other() -> None:
            while waiting:
                number = waiting.pop()
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
    with databases.opened(database) as rows:
        told = rows.execute(
            text(
                "SELECT inbox.key, count(*) FROM inbox JOIN workspace_message AS said USING (event_id) "
                "WHERE said.author_id = 'regatta' AND inbox.key LIKE 'kill-%' GROUP BY inbox.key HAVING count(*) <> 1"
            )
        ).all()
    trial.faults += [f"command {key} was answered {count} times" for key, count in told]


def _count(database: Path, what: str) -> int:
    with databases.opened(database) as rows:
        return int(rows.execute(text(f"SELECT count(*) FROM {what}")).scalar_one())
