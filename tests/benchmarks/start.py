"""The start: from the command to the first 200, with Slack alone and a database that is there, against bare uvicorn."""

import asyncio
import tempfile
import time
from pathlib import Path

from tests.benchmarks import others
from tests.benchmarks.figures import cpu, paired, report
from tests.benchmarks.in_slack import InSlack, bot_in_slack

ROUNDS = 5
OURS, BARE = "Regatta", "uvicorn alone"
SECONDS, USED, MEMORY = "first 200, s", "CPU until then, s", "memory, MiB"
AIM, AIM_MEMORY = 3.5, 65


def main(rounds: int | None = None) -> None:
    """Start both in turns."""
    asyncio.run(_measure(rounds or ROUNDS))


async def _measure(rounds: int) -> None:
    others.python()
    found: dict[str, list[dict[str, float]]] = {OURS: [], BARE: []}
    with tempfile.TemporaryDirectory() as folder:
        async with bot_in_slack(Path(folder)) as bot:
            await asyncio.to_thread(bot.server.stop)
            for _ in range(rounds):
                found[OURS].append(await asyncio.to_thread(_ours, bot))
                found[BARE].append(await asyncio.to_thread(_bare))
    memory = max(one[MEMORY] for one in found[OURS])
    says = {
        "start against uvicorn alone": f"{paired(found, OURS, BARE, SECONDS):.2f} (aim: at most {AIM})",
        "its CPU": f"{paired(found, OURS, BARE, USED):.2f} times",
        "memory": f"{memory:.0f} MiB (aim: at most {AIM_MEMORY})",
    }
    report("start", found, says)


def _ours(bot: InSlack) -> dict[str, float]:
    begun = time.perf_counter()
    bot.server.start()
    took, used = time.perf_counter() - begun, cpu(bot.process)
    time.sleep(1)  # what is loaded beside the first requests takes memory, too
    memory = bot.process.memory_info().rss / 2**20
    bot.server.stop()
    return {SECONDS: took, USED: used, MEMORY: memory}


def _bare() -> dict[str, float]:
    begun = time.perf_counter()
    with others.running("bare") as one:
        took, used = time.perf_counter() - begun, cpu(one.process)
        return {SECONDS: took, USED: used, MEMORY: one.process.memory_info().rss / 2**20}
