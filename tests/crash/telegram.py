"""Kill the server at random moments while Telegram delivers lines, by webhook or by polling, and let it deliver again.

A line is answered for when Telegram holds it no more: the webhook said 200, or a higher offset was asked for.
"""

import asyncio
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated

from sqlmodel import Session, create_engine, select

from models.channels import Channel, ChannelKind
from tests.crash.fleet import Fleet, ServerOf
from tests.crash.forked import ForkedServer
from tests.crash.kill import PEOPLE, Trial
from tests.crash.many import all_sent
from tests.crash.visits import count_visits
from tests.databases import driven
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram.deliveries import Attempt, Webhook
from tests.stages.telegram import SECRET, settle
from tests.workspace import START, seeded_database

IN_FLIGHT = 8


async def run_polling_trial(database: Path, commands: int, kills: int, seed: int) -> Trial:
    """The trial at any size, with a bot that polls."""
    return await run_telegram_trial(_seeded(database), database, commands, kills, seed, polling=True)


async def run_called_trial(database: Path, commands: int, kills: int, seed: int) -> Trial:
    """The trial at any size, with a bot that Telegram calls."""
    return await run_telegram_trial(_seeded(database), database, commands, kills, seed, polling=False)


def _seeded(database: Path) -> Path:
    return seeded_database(database.with_name("template.db"), START)


async def run_telegram_trial(
    template: Path, database: Path, commands: int, kills: int, seed: int, *, polling: bool, of: ServerOf = ForkedServer
) -> Trial:
    """Type lines into groups, killing and restarting on the way; then compare what Telegram let go with rows."""
    moments, trial = Random(seed), Trial(commands, kills)
    async with TelegramPeer.opened() as peer:
        users = settle(template, database, peer)
        groups = _groups(database)
        peer.world.bot.sees_all = True
        peer.api.limits.on = False
        environment = {"TELEGRAM_BOT_TOKEN": peer.world.bot.token, "TELEGRAM_API_URL": peer.api_url}
        environment |= {} if polling else {"TELEGRAM_WEBHOOK_SECRET": SECRET}
        server = of(database, **environment)
        await asyncio.to_thread(server.start)
        if not polling:
            peer.deliveries.set_webhook(Webhook(f"{server.url}/telegram/webhook", SECRET))
            peer.faults.double_deliveries(commands // 2)

        async def type_lines(numbers: list[int]) -> None:
            for number in numbers:
                person, place = PEOPLE[number % len(PEOPLE)]
                line = f'visit account:"Kill {number:05d}" met Jane'
                await peer.say(users[person], peer.chat(groups[place]), line)
                await asyncio.sleep(moments.uniform(0.0, 0.2))

        typing = [
            asyncio.create_task(type_lines(list(range(start, commands, IN_FLIGHT)))) for start in range(IN_FLIGHT)
        ]
        for _ in range(kills):
            await asyncio.sleep(moments.uniform(0.05, 0.4))
            server.kill()
            await asyncio.to_thread(server.start)
            peer.clock.advance(60)
        await asyncio.gather(*typing)
        await _let_go(peer)
        if isinstance(server, Fleet):
            server.kill_all_but_one()
            await all_sent(database, trial)
            server.close()
        else:
            await asyncio.sleep(0.5)
            server.kill()
        trial.answered.update(_number(attempt) for attempt in peer.deliveries.attempts)
        trial.repeated = len(peer.deliveries.attempts) - len(
            {attempt.update.id for attempt in peer.deliveries.attempts}
        )
    count_visits(database, trial)
    return trial


async def _let_go(peer: TelegramPeer) -> None:
    """Wait until Telegram holds no update any more; its pauses between tries pass quickly."""
    for _ in range(600):
        if not peer.updates.pending():
            return
        peer.clock.advance(1)
        await asyncio.sleep(0.05)
    raise AssertionError


def _number(attempt: Attempt) -> int:
    return int(attempt.body["message"]["text"].split('"')[1].split()[1])


def _groups(database: Path) -> dict[str, int]:
    """Where each channel stands."""
    engine = create_engine(driven(database))
    with Session(engine) as session:
        shared = select(Channel.id, Channel.external_id).where(Channel.kind == ChannelKind.REGION)
        found = {channel: int(place) for channel, place in session.exec(shared)}
    engine.dispose()
    return found
