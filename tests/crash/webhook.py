"""Kill the server at random moments between the commit of deals and the sending of their events; all must arrive."""

import asyncio
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated

import httpx

from tests.crash.forked import ForkedServer
from tests.crash.invariants import broken
from tests.crash.kill import Trial
from tests.peers.webhook import LATE, WebhookReceiver, status
from tests.server import Server

SECRET = "a secret of some length"
WITHIN = 30.0


async def run_webhook_trial(database: Path, commands: int, kills: int, seed: int) -> Trial:
    """Report deals to a server that is killed before, while and after it sends; then compare answers with events."""
    moments, trial = Random(seed), Trial(commands, kills)
    async with WebhookReceiver.opened(SECRET) as receiver:
        receiver.faults.extend(moments.choice((LATE, status(500))) for _ in range(kills))
        server = ForkedServer(
            database, REGATTA_WEBHOOK_URL=receiver.url, REGATTA_WEBHOOK_SECRET=SECRET,
            REGATTA_WEBHOOK_ALLOW_PRIVATE=receiver.place,
        )  # fmt: skip
        each = commands // kills
        for kill in range(kills):
            await asyncio.to_thread(server.start)
            for number in range(kill * each, (kill + 1) * each):
                await _report(server, number, trial)
            await asyncio.sleep(moments.uniform(0, 1.5))
            server.kill()
        await asyncio.to_thread(server.start)
        for _ in range(int(WITHIN / 0.1)):
            if trial.answered <= set(_numbers(receiver)):
                break
            await asyncio.sleep(0.1)
        server.kill()
        trial.repeated = len(receiver.requests) - len(receiver.taken)
        trial.found.update(_numbers(receiver))
        trial.faults += [f"the receiver refused an event: {why}" for why in receiver.refused]
    trial.faults += broken(database)
    trial.compare("the event of deal")
    return trial


async def _report(server: Server, number: int, trial: Trial) -> None:
    line = f'/deal account:"Kill {number:05d}" {10 + number}k USD won'
    async with httpx.AsyncClient(base_url=server.url, timeout=10) as client:
        body = {"as": "mike-davis", "channel": "us", "text": line, "key": f"kill-{number}"}
        answer = await client.post("/workspace/messages", json=body)
    if answer.status_code == httpx.codes.OK:
        trial.answered.add(number)


def _numbers(receiver: WebhookReceiver) -> list[int]:
    names = [body["data"]["deal"]["account"]["name"] for body in receiver.taken.values()]
    return [int(name.split()[1]) for name in names]
