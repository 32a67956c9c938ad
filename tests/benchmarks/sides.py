"""The servers that are measured beside each other: ours, and what others make of one row that may be lost."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.benchmarks import others
from tests.benchmarks.figures import cpu
from tests.benchmarks.in_slack import InSlack, bot_in_slack
from tests.benchmarks.wire import Request, post_all
from tests.peers.telegram import TelegramPeer

OURS, BOLT, BOLT_ONE, PTB = "Regatta", "slack-bolt, 40 listeners", "slack-bolt, 1 listener", "python-telegram-bot"
AIOGRAM, ERRBOT, BARE = "aiogram", "Errbot", "uvicorn alone"
SETTLES = 0.3
"""Seconds in which a peer does what it acknowledged before it was done."""
TOKEN, SECRET = "123456:bench", "bench-secret"
CPU, RATE, P50, P99 = "CPU, µs an item", "items a second", "p50, ms", "p99, ms"


@dataclass(frozen=True)
class Side:
    """A server, its process, and what is posted to it."""

    url: str
    process: psutil.Process
    lines: Callable[[Iterable[int]], Iterable[Request]]

    async def loaded(self, numbers: range, in_flight: int) -> dict[str, float]:
        """Post lines: the CPU of its process for each, and the time."""
        lines, before = list(self.lines(numbers)), cpu(self.process)
        load = await post_all(self.url, lines, in_flight)
        await asyncio.sleep(SETTLES)
        assert not load.refused, f"{load.refused} of {len(numbers)} were refused"
        return {
            CPU: (cpu(self.process) - before) / len(numbers) * 1e6, RATE: len(numbers) / load.seconds,
            P50: load.at(0.5), P99: load.at(0.99),
        }  # fmt: skip


@asynccontextmanager
async def beside_each_other(*peers: str) -> AsyncIterator[tuple[InSlack, dict[str, Side]]]:
    """Run ours and these peers until the block ends."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        async with bot_in_slack(Path(folder)) as ours, TelegramPeer.opened() as telegram:
            sides = {OURS: Side(ours.server.url, ours.process, ours.lines)}
            app, bot = ours.peer.world.app, telegram.world.bot
            in_slack = (app.bot_token, app.signing_secret, ours.peer.api_url)
            programs: dict[str, tuple[str, ...]] = {
                BOLT: ("bolt", "40", *in_slack), BOLT_ONE: ("bolt", "1", *in_slack),
                PTB: ("ptb", bot.token, SECRET, telegram.api_url), AIOGRAM: ("aio", TOKEN, SECRET), ERRBOT: ("errb",),
                BARE: ("bare",),
            }  # fmt: skip
            for name in peers:
                program, *more = programs[name]
                # This waits for the program to answer, so it runs beside the loop of the stand-ins.
                starting = others.running(program, str(Path(folder) / f"{name}.db"), *more)
                one = await asyncio.to_thread(running.enter_context, starting)
                sides[name] = Side(one.url, one.process, _updates if name in (PTB, AIOGRAM) else ours.lines)
            yield ours, sides


def _updates(numbers: Iterable[int]) -> Iterable[Request]:
    """The same lines as Telegram's updates."""
    for number in numbers:
        person = {"id": 1000 + number % 20, "is_bot": False, "first_name": "Mike"}
        message = {
            "message_id": number + 1, "date": 1_790_000_000 + number, "from": person,
            "chat": {"id": person["id"], "type": "private", "first_name": "Mike"},
            "text": f"/deal Globex {number} USD close next Tuesday won #expansion",
            "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
        }  # fmt: skip
        body = json.dumps({"update_id": 500_000_000 + number, "message": message}).encode()
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SECRET}
        yield Request("/telegram/webhook", body, headers)
