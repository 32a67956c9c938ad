"""What a command costs when two hundred are registered, against one."""

import asyncio
import tempfile
from pathlib import Path

from tests.benchmarks.figures import paired, report
from tests.benchmarks.in_slack import bot_in_slack
from tests.benchmarks.sides import CPU, Side

ROUNDS, ITEMS, IN_FLIGHT, WARM = 5, 300, 16, 100
MANY, ONE = "200 commands", "1 command"
AIM = 1.1


def main(rounds: int | None = None) -> None:
    """Measure two processes in turns."""
    asyncio.run(_measure(rounds or ROUNDS))


async def _measure(rounds: int) -> None:
    module = "tests.benchmarks.counted_server"
    with tempfile.TemporaryDirectory() as many, tempfile.TemporaryDirectory() as one:
        async with (
            bot_in_slack(Path(many), module, BENCH_COMMANDS="200") as with_many,
            bot_in_slack(Path(one), module, BENCH_COMMANDS="1") as with_one,
        ):
            bots = {MANY: with_many, ONE: with_one}
            sides = {name: Side(bot.server.url, bot.process, bot.lines) for name, bot in bots.items()}
            found: dict[str, list[dict[str, float]]] = {name: [] for name in sides}
            for side in sides.values():
                await side.loaded(range(WARM), IN_FLIGHT)
            for number in range(rounds):
                numbers = range(WARM + number * ITEMS, WARM + (number + 1) * ITEMS)
                for name, side in sides.items():
                    found[name].append(await side.loaded(numbers, IN_FLIGHT))
    ratio = paired(found, MANY, ONE, CPU)
    report("commands", found, {"CPU of 200 against 1": f"{ratio:.2f} (aim: at most {AIM})"})
