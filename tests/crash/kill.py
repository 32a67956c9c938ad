"""Kill the server at random moments while commands come without a pause, and look at what is left."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain, count, islice
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated
from typing import Any

import httpx
from sqlmodel import Session, col, create_engine, select

from models.accounts import Account
from models.deals import Deal
from tests.crash.forked import ForkedServer
from tests.crash.invariants import TRIED, broken
from tests.databases import driven
from tests.server import Server

IN_FLIGHT = 8
LATEST = 0.25
"""Seconds until a kill, once something was answered since the last one."""
ANSWERS_WITHIN = 60.0
PEOPLE = (("mike-davis", "us"), ("emily-chen", "us"), ("lin-xiao", "cn-east"), ("anna-schmidt", "de"))


@dataclass
class Trial:
    """What was answered and what was found.

    `faults` says in words what should not be, `repeated` how often a platform delivered again.
    """

    commands: int
    kills: int
    answered: set[int] = field(default_factory=set)
    found: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    repeated: int = 0

    def next(self) -> int:
        """The number of one more command."""
        self.commands += 1
        return self.commands

    def compare(self, what: str = "command") -> None:
        """Name what was answered and is lost, and what is there more than once."""
        lost = sorted(self.answered - set(self.found))
        self.faults += [f"{what} {number} was answered and is lost" for number in lost]
        self.faults += [f"{what} {number} is there {n} times" for number, n in sorted(self.found.items()) if n > 1]


async def run_trial(
    database: Path, commands: int, kills: int, seed: int, of: Callable[[Path], Server] = ForkedServer
) -> Trial:
    """Send deals with keys without a pause, killing and restarting on the way; then compare answers with rows.

    There are at least so many commands, and as many as come until the last kill.
    """
    moments, trial = Random(seed), Trial(0, kills)
    server, numbers = of(database), count()
    await asyncio.to_thread(server.start)
    waiting: list[int] = []
    for kill in range(kills):
        senders = asyncio.create_task(send(server, chain(waiting, numbers), trial))
        await until_more(trial)
        await asyncio.sleep(moments.uniform(0.0, LATEST))
        server.kill()
        waiting = await senders
        if not waiting:
            trial.faults.append(f"kill {kill} met no command")
        trial.repeated += len(waiting)
        await asyncio.to_thread(server.start)
    # What got no answer is sent again with its key, as a platform does.
    sent = next(numbers)
    left = await send(server, [*waiting, sent, *islice(numbers, max(0, commands - sent - 1))], trial)
    trial.commands = next(numbers)
    server.kill()
    if left:
        trial.faults.append(f"{len(left)} commands were never answered by a server that was up")
    look(database, trial)
    return trial


async def send(server: Server, numbers: Iterable[int], trial: Trial) -> list[int]:
    """Send commands, a few at a time, until there are no more or the server is gone; returns what got no answer."""
    waiting, unanswered = iter(numbers), []
    async with httpx.AsyncClient(base_url=server.url, timeout=ANSWERS_WITHIN) as client:

        async def one_after_the_other() -> None:
            for number in waiting:
                try:
                    answer = await client.post("/workspace/messages", json=command(number))
                except httpx.TransportError:
                    unanswered.append(number)
                    return
                if answer.status_code == httpx.codes.OK:
                    trial.answered.add(number)
                else:
                    unanswered.append(number)

        await asyncio.gather(*(one_after_the_other() for _ in range(IN_FLIGHT)))
    return sorted(unanswered)


async def until_more(trial: Trial) -> None:
    """Wait until something is answered from now on."""
    before = len(trial.answered)
    async with asyncio.timeout(ANSWERS_WITHIN):
        while len(trial.answered) == before:  # noqa: ASYNC110  another task counts
            await asyncio.sleep(0.01)


def command(number: int) -> dict[str, Any]:
    """A deal with its key."""
    person, channel = PEOPLE[number % len(PEOPLE)]
    text = f'/deal account:"Kill {number:05d}" {10 + number}k USD won'
    return {"as": person, "channel": channel, "text": text, "key": f"kill-{number}"}


def look(database: Path, trial: Trial) -> None:
    """Compare what was answered with the rows, and look whether everything else holds."""
    trial.faults += broken(database)
    engine = create_engine(driven(database))
    with Session(engine) as session:
        deals = select(Account.name).join(Deal, col(Deal.account_id) == Account.id)
        trial.found.update(int(name.split()[1]) for name in session.exec(deals.where(col(Account.name).like(TRIED))))
    engine.dispose()
    trial.compare()
