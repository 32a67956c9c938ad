"""A burst: a thousand commands of 250 people at once, in their direct chats.

Each must be acknowledged within three seconds, none may be lost, and the answers must have been sent within sixty.
Slack permits one message a second and chat, and each person gets eight.
"""

import asyncio
import tempfile
import time
from pathlib import Path

from tests.benchmarks.figures import report
from tests.benchmarks.in_slack import InSlack, bot_in_slack
from tests.benchmarks.wire import post_all

ROUNDS, COMMANDS, PEOPLE, CONNECTIONS, WARM = 3, 1_000, 250, 1_000, 250
ACKNOWLEDGED, DRAINED = 3.0, 60.0


def main(rounds: int | None = None) -> None:
    """Measure one burst after the other, each on a database of its own."""
    found = [asyncio.run(_burst()) for _ in range(rounds or ROUNDS)]
    slowest, longest = max(one["last acknowledged, s"] for one in found), max(one["all sent, s"] for one in found)
    says = {
        "slowest acknowledgement": f"{slowest:.2f} s (aim: within {ACKNOWLEDGED:.0f} s)",
        "lost": f"{sum(one['lost'] for one in found):.0f} (aim: 0)",
        "answers sent": f"within {longest:.0f} s (aim: within {DRAINED:.0f} s)",
    }
    report("burst", {"Regatta": found}, says)


async def _burst() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        async with bot_in_slack(Path(folder), more=PEOPLE) as bot:
            await post_all(bot.server.url, bot.lines(range(WARM)), 16)
            await _all_sent(bot)
            lines = list(bot.lines(range(WARM, WARM + COMMANDS)))
            begun = time.perf_counter()
            load = await post_all(bot.server.url, lines, CONNECTIONS)
            await _all_sent(bot)
            sent = time.perf_counter() - begun
            written = bot.count("deal_entry WHERE event_id IN (SELECT event_id FROM inbox)")
    return {
        "commands a second": COMMANDS / load.seconds, "last acknowledged, s": load.at(1) / 1e3,
        "refused": load.refused, "told to wait": load.worded, "lost": WARM + COMMANDS - written, "all sent, s": sent,
    }  # fmt: skip


async def _all_sent(bot: InSlack) -> None:
    while bot.count("outbox WHERE state = 'waiting'"):  # noqa: ASYNC110  another process works on it
        await asyncio.sleep(0.2)
