"""A deal over signed HTTP, acknowledged once every row is durable, against what others do for one row that is not.

Ours is the real process: all commands, the line read, rows of inbox, customer, deal, timeline, totals, audit and outbox
written with synchronous=FULL, and what waits in the outbox sent as fast as Slack permits. Theirs is one INSERT with
synchronous=NORMAL, acknowledged before it. The sides take turns.
"""

import asyncio

from tests.benchmarks.figures import paired, report
from tests.benchmarks.sides import AIOGRAM, BARE, BOLT, BOLT_ONE, CPU, ERRBOT, OURS, PTB, beside_each_other

ROUNDS, ITEMS, IN_FLIGHT, WARM = 5, 300, 16, 100
AIM = 0.75


def main(rounds: int | None = None) -> None:
    """Measure every side in turns."""
    asyncio.run(_measure(rounds or ROUNDS))


async def _measure(rounds: int) -> None:
    async with beside_each_other(BOLT, BOLT_ONE, PTB, AIOGRAM, ERRBOT, BARE) as (ours, sides):
        found: dict[str, list[dict[str, float]]] = {name: [] for name in sides}
        for side in sides.values():
            await side.loaded(range(WARM), IN_FLIGHT)
        for number in range(rounds):
            numbers = range(WARM + number * ITEMS, WARM + (number + 1) * ITEMS)
            for name, side in sides.items():
                found[name].append(await side.loaded(numbers, IN_FLIGHT))
        written = ours.count("deal_entry WHERE event_id IN (SELECT event_id FROM inbox)")
    says = {
        "CPU against slack-bolt with 40 listeners": f"{paired(found, OURS, BOLT, CPU):.2f} (aim: at most {AIM})",
        "deals in the rows": f"{written} of {WARM + rounds * ITEMS}",
    }
    report("deal", found, says)
