"""The time of a deal when nothing else is under way: one connection, one command after the other."""

import asyncio

from tests.benchmarks.figures import paired, report
from tests.benchmarks.sides import BOLT, BOLT_ONE, OURS, P50, beside_each_other

ROUNDS, ITEMS, WARM = 5, 100, 30
AIM = 0.35


def main(rounds: int | None = None) -> None:
    """Measure ours and slack-bolt in turns."""
    asyncio.run(_measure(rounds or ROUNDS))


async def _measure(rounds: int) -> None:
    async with beside_each_other(BOLT, BOLT_ONE) as (_, sides):
        found: dict[str, list[dict[str, float]]] = {name: [] for name in sides}
        for side in sides.values():
            await side.loaded(range(WARM), 1)
        for number in range(rounds):
            numbers = range(WARM + number * ITEMS, WARM + (number + 1) * ITEMS)
            for name, side in sides.items():
                found[name].append(await side.loaded(numbers, 1))
    says = {
        f"p50 against {peer}": f"{paired(found, OURS, peer, P50):.2f} (aim: at most {AIM})" for peer in (BOLT, BOLT_ONE)
    }
    report("latency", found, says)
