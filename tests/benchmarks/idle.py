"""What a bot in Slack costs while nobody says anything; its memory over many commands is `./dev soak memory`."""

import asyncio
import tempfile
from pathlib import Path

from tests.benchmarks.figures import cpu, report
from tests.benchmarks.in_slack import bot_in_slack
from tests.benchmarks.wire import post_all

ROUNDS, SECONDS = 3, 10
AIM = 1.0


def main(rounds: int | None = None) -> None:
    """Look at one process several times."""
    asyncio.run(_measure(rounds or ROUNDS))


async def _measure(rounds: int) -> None:
    found: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        async with bot_in_slack(Path(folder)) as bot:
            await post_all(bot.server.url, bot.lines(range(20)), 4)
            while bot.count("outbox WHERE state = 'waiting'"):  # noqa: ASYNC110  another process works on it
                await asyncio.sleep(0.5)
            for _ in range(rounds):
                before = cpu(bot.process)
                await asyncio.sleep(SECONDS)
                used = (cpu(bot.process) - before) / SECONDS * 100
                found.append({"CPU, % of a core": used, "memory, MiB": bot.process.memory_info().rss / 2**20})
    most = max(one["CPU, % of a core"] for one in found)
    report("idle", {"Regatta": found}, {"idle": f"{most:.2f} % of a core (aim: under {AIM} %)"})
