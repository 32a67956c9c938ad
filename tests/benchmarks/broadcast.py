"""How close a broadcast comes to what a platform permits: its share of the ceiling, refusals, and the order kept.

`./dev bench broadcast`: 500 channels in Telegram (30 messages a second in all) and 60 in Slack (one a second and
channel after a burst), on the stand-ins' own limits and the machine's clock.
"""

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlmodel import Session, col, func, select

from bot.app import Regatta
from bot.clock import SystemClock, new_id
from bot.settings import Settings
from models.channels import Channel, ChannelKind
from models.context import Context
from models.message import says
from models.outbox import OutboxState, Post
from models.text import verbatim
from models.unit import Unit
from tests.peers.slack import SlackPeer
from tests.peers.slack.limits import POST_BURST
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram.limits import ALL_RATE
from tests.stages import slack, telegram
from tests.stages.serving import served
from tests.workspace import START, seeded_database

RESULTS = Path(__file__).parent / "results"
SLACK_CHANNELS, SLACK_EACH = 60, 30
TELEGRAM_CHANNELS, TELEGRAM_EACH = 500, 3


async def in_slack(folder: Path) -> dict[str, float]:
    """Write to many channels of Slack at once."""
    async with SlackPeer.opened() as peer:
        database = folder / "slack.db"
        users = slack.settle_company(seeded_database(folder / "demo.db", START), database, peer)
        places = [peer.world.add_channel(f"c{n}", [users["mike-davis"]]).id for n in range(SLACK_CHANNELS)]
        regatta = Regatta(slack.slack_settings(database, peer, (), socket_mode=False), SystemClock())
        ideal = SLACK_EACH - POST_BURST
        seen = await _timed(regatta, "slack", peer.world.team.id, places, SLACK_EACH)
        calls = sum(name == "chat.postMessage" for name, _ in peer.api.calls)
        kept = all(_counts_up([one.text for one in peer.world.messages[place]]) for place in places)
        return _figures(ideal, seen, calls - SLACK_CHANNELS * SLACK_EACH, kept=kept)


async def in_telegram(folder: Path) -> dict[str, float]:
    """Write to many groups of Telegram at once."""
    async with TelegramPeer.opened() as peer:
        database = folder / "telegram.db"
        users = telegram.settle(seeded_database(folder / "demo.db", START), database, peer)
        groups = [peer.world.add_supergroup(f"g{n}", [users["mike-davis"]]) for n in range(TELEGRAM_CHANNELS)]
        settings: Settings = telegram.settings_of(database, peer)
        regatta, workspace = Regatta(settings, SystemClock()), str(peer.world.bot.user.id)
        total = TELEGRAM_CHANNELS * TELEGRAM_EACH
        seen = await _timed(regatta, "telegram", workspace, [str(group.id) for group in groups], TELEGRAM_EACH)
        calls = sum(name.lower() == "sendmessage" for name, _ in peer.api.calls)
        kept = all(_counts_up([one.text or "" for one in peer.world.messages[group.id]]) for group in groups)
        return _figures((total - ALL_RATE) / ALL_RATE, seen, calls - total, kept=kept)


async def _timed(regatta: Regatta, platform: str, workspace: str, places: list[str], each: int) -> float:
    """Post everything in one unit of work, and wait until it was sent; the seconds that it took."""
    async with served(regatta):
        work = _broadcast(platform, workspace, places, each)
        await asyncio.wrap_future(regatta.store.write(work))
        regatta.directory.now()
        begun = time.perf_counter()
        regatta.delivery.wake()
        while await asyncio.to_thread(regatta.store.read, _waiting):  # noqa: ASYNC110  another process would poll, too
            await asyncio.sleep(0.05)
        return time.perf_counter() - begun


def _broadcast(platform: str, workspace: str, places: list[str], each: int) -> Callable[[Unit], None]:
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
        for number in range(each):
            for place in places:
                context.post(place, says(verbatim(str(number))))

    return work


def _waiting(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Post).where(col(Post.state) == OutboxState.WAITING)).one()


def _counts_up(texts: list[str]) -> bool:
    numbers = [int(text) for text in texts if text.strip().isdigit()]
    return numbers == sorted(numbers) and len(numbers) == len(set(numbers))


def _figures(ideal: float, seconds: float, refused: int, *, kept: bool) -> dict[str, float]:
    return {
        "seconds": round(seconds, 2),
        "share of the ceiling, %": round(100 * ideal / seconds, 1),
        "refused (429)": refused,
        "order kept": float(kept),
    }


def main(_rounds: int | None = None) -> None:
    """Measure both, print and keep the figures."""
    figures = {}
    for name, work in (("slack", in_slack), ("telegram", in_telegram)):
        with tempfile.TemporaryDirectory() as folder:
            figures[name] = asyncio.run(work(Path(folder)))
        print(name, figures[name])
    RESULTS.mkdir(exist_ok=True)
    machine = {"cores": os.cpu_count(), "load": os.getloadavg()[0]}
    text = json.dumps({"machine": machine, "figures": figures}, indent=1)
    (RESULTS / "broadcast.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
