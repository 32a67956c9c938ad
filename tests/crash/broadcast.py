"""Kill the server while a broadcast goes out: every channel has it, and what is there twice says that it may be."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from random import Random  # noqa: TID251  seeded: a trial can be repeated
from typing import Any

from bot.clock import SystemClock, new_id
from bot.database import open_store
from bot.settings import Settings
from models.channels import Channel, ChannelKind
from models.context import Context
from models.message import says
from models.text import verbatim
from models.unit import Unit
from tests.crash.forked import ForkedServer
from tests.crash.invariants import broken
from tests.crash.kill import Trial
from tests.databases import url_of
from tests.peers.slack import SlackPeer
from tests.peers.telegram import TelegramPeer
from tests.server import Server
from tests.stages.slack import settle_company
from tests.stages.telegram import settle
from tests.workspace import START, seeded_database

MARK = "This may be a repeat"
A_CALL = 0.03
ENDS_WITHIN = 600.0
MOST_UNDER_WAY = 30
"""Calls at a kill at most: Telegram's thirty a second, Slack's three."""


async def run_slack_broadcast_trial(database: Path, commands: int, kills: int, seed: int) -> Trial:
    """Broadcast to so many channels of Slack."""
    async with SlackPeer.opened() as peer:
        users = settle_company(_template(database), database, peer)
        places = [peer.world.add_channel(f"c{number}", [users["mike-davis"]]).id for number in range(commands)]
        app = peer.world.app
        server = ForkedServer(
            database, SLACK_BOT_TOKEN=app.bot_token, SLACK_API_URL=peer.api_url, SLACK_SIGNING_SECRET=app.signing_secret
        )
        _write(database, "slack", peer.world.team.id, places)
        peer.faults.slow_api(A_CALL, "chat.postMessage")
        return await _run(database, peer, server, places, Trial(commands, kills), Random(seed))


async def run_telegram_broadcast_trial(database: Path, commands: int, kills: int, seed: int) -> Trial:
    """Broadcast to so many groups of Telegram."""
    async with TelegramPeer.opened() as peer:
        users = settle(_template(database), database, peer)
        groups = [peer.world.add_supergroup(f"g{number}", [users["mike-davis"]]).id for number in range(commands)]
        server = ForkedServer(database, TELEGRAM_BOT_TOKEN=peer.world.bot.token, TELEGRAM_API_URL=peer.api_url)
        _write(database, "telegram", str(peer.world.bot.user.id), [str(group) for group in groups])
        peer.faults.slow_api(A_CALL, "sendMessage")
        return await _run(database, peer, server, groups, Trial(commands, kills), Random(seed))


def _template(database: Path) -> Path:
    return seeded_database(database.with_name("template.db"), START)


def _write(database: Path, platform: str, workspace: str, places: list[str]) -> None:
    """Put one message into the outbox of every place."""

    def work(unit: Unit) -> None:
        for place in places:
            unit.add(
                Channel(
                    id=place, platform=platform, workspace=workspace, external_id=place, kind=ChannelKind.REGION,
                    name=place, region_id="us",
                )
            )  # fmt: skip
        unit.flush()
        context = Context(unit, SystemClock().now(), new_id(), new_id)
        for place in places:
            context.post(place, says(verbatim("News")))

    facts = {"_env_file": None, "regatta_database_url": url_of(database)}
    store = open_store(Settings(**facts))  # type: ignore[arg-type]
    store.write(work).result()
    store.close()


async def _run(
    database: Path,
    peer: SlackPeer | TelegramPeer,
    server: Server,
    places: Sequence[str | int],
    trial: Trial,
    moments: Random,
) -> Trial:
    def told(place: str | int) -> list[str]:
        messages: Any = peer.world.messages
        return [f"{message.text} {getattr(message, 'blocks', '')}" for message in messages.get(place, ())]

    def reached() -> int:
        return sum(bool(told(place)) for place in places)

    for number in range(trial.kills):
        await asyncio.to_thread(server.start)
        share = (number + moments.uniform(0.1, 1.0)) / (trial.kills + 1)
        await peer.world.eventually(lambda share=share: reached() >= share * len(places), ENDS_WITHIN)  # type: ignore[misc]
        await asyncio.sleep(moments.uniform(0, A_CALL))
        server.kill()
    await asyncio.to_thread(server.start)
    await peer.world.eventually(lambda: reached() == len(places), ENDS_WITHIN)
    await asyncio.to_thread(server.stop)
    for number, place in enumerate(places):
        texts = told(place)
        trial.answered.add(number)
        trial.found[number] = min(len(texts), 1)
        trial.repeated += len(texts) - 1
        trial.faults += [f"place {number} got it again without a mark" for text in texts[1:] if MARK not in text]
    marked = sum(MARK in text for place in places for text in told(place))
    if marked > trial.kills * MOST_UNDER_WAY:
        trial.faults.append(f"{marked} messages are marked: more than were under way at {trial.kills} kills")
    trial.faults += broken(database)
    return trial
