"""Kill the server at random moments of a stream of commands and look at what is left."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated
from typing import Any

import httpx
from sqlmodel import Session, col, create_engine, select

from models.accounts import Account
from models.audit import AuditRow, breaks
from models.deals import Deal
from models.reconcile import differences
from tests.databases import driven
from tests.server import Server

IN_FLIGHT = 8
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


async def run_trial(database: Path, commands: int, kills: int, seed: int) -> Trial:
    """Send a stream of deals with keys, killing and restarting on the way; then compare answers with rows."""
    moments = Random(seed)
    trial = Trial(commands, kills)
    server = Server(database).start()
    waiting = list(range(commands))
    step = max(1, commands // (kills + 1))
    for _ in range(kills):
        batch, waiting = waiting[:step], waiting[step:]
        senders = asyncio.create_task(send(server, batch, trial))
        await asyncio.sleep(moments.uniform(0.02, 0.25))
        server.kill()
        unanswered = await senders
        await asyncio.to_thread(server.start)
        # What got no answer is sent again with its key, as a platform does.
        waiting = unanswered + waiting
    left = await send(server, waiting, trial)
    server.kill()
    if left:
        trial.faults.append(f"{len(left)} commands were never answered by a server that was up")
    look(database, trial)
    return trial


async def send(server: Server, numbers: list[int], trial: Trial) -> list[int]:
    """Send commands, a few at a time; returns those without an answer."""
    queue, unanswered = list(reversed(numbers)), []
    async with httpx.AsyncClient(base_url=server.url, timeout=10) as client:

        async def one_after_the_other() -> None:
            while queue:
                number = queue.pop()
                try:
                    answer = await client.post("/workspace/messages", json=command(number))
                except httpx.TransportError:
                    unanswered.append(number)
                    continue
                if answer.status_code == httpx.codes.OK:
                    trial.answered.add(number)
                else:
                    unanswered.append(number)

        await asyncio.gather(*(one_after_the_other() for _ in range(IN_FLIGHT)))
    return sorted(unanswered)


def command(number: int) -> dict[str, Any]:
    """A deal with its key."""
    person, channel = PEOPLE[number % len(PEOPLE)]
    text = f'/deal account:"Kill {number:05d}" {10 + number}k USD won'
    return {"as": person, "channel": channel, "text": text, "key": f"kill-{number}"}


def look(database: Path, trial: Trial) -> None:
    """Compare what was answered with the rows, and these with the audit log and the totals."""
    engine = create_engine(driven(database))
    with Session(engine) as session:
        names = session.exec(
            select(Account.name).join(Deal, col(Deal.account_id) == Account.id).where(col(Account.name).like("Kill %"))
        )
        trial.found.update(int(name.split()[1]) for name in names)
        trial.faults += [f"audit row {seq} {what}" for seq, what in breaks(session)]
        trial.faults += [f"total {key}: {kept} is not {summed}" for key, kept, summed in differences(session)]
        logged = session.exec(select(AuditRow.subject).where(AuditRow.action == "deal.logged")).all()
        deals = set(session.exec(select(Deal.id).join(Account).where(col(Account.name).like("Kill %"))))
        trial.faults += [f"{deal} has no audit row" for deal in sorted(deals - set(logged))]
        trial.faults += [f"audit row of {deal} has no deal" for deal in sorted(set(logged) - deals)]
    engine.dispose()
    trial.faults += [
        f"command {number} was answered and is lost" for number in sorted(trial.answered - set(trial.found))
    ]
    trial.faults += [f"command {number} is there {n} times" for number, n in sorted(trial.found.items()) if n > 1]
