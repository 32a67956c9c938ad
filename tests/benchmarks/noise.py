"""`./dev bench noise`: how long others wait for a commit while one person has fifty lines under way all the time.

The same with more of one account's lines in the store at once, as a control; quiet and noisy spells take turns.
"""

import asyncio
import json
import os
import platform
import statistics
import tempfile
import time
from itertools import count
from pathlib import Path

from bot.allowance import AT_ONCE, Allowance
from bot.platforms.base import Incoming, Place
from tests.workspace import START, Workspace, seeded_database

RESULT = Path(__file__).parent / "results" / "noise.json"
NOISE = {
    "notes": "note D-1001 they want delivery in May",
    "visits": "visit Globex met Jane next 3 Dec",
    "8,000 characters": "deal " + "Globex and others 80k close next Tuesday " * 190,
}
WORDS, NOISY, OTHER = "note D-1002 hello", "mike-davis", "emily-chen"
SPELLS, EACH = 4, 12
AT_ALL_TIMES = 50
WAYS = (AT_ONCE, 4)


def main(rounds: int | None = None) -> None:
    """Measure each kind of noise, print a table and write the figures."""
    found = {
        f"{kind}, {way} at once": asyncio.run(_measure(words, way, rounds or SPELLS))
        for kind, words in NOISE.items()
        for way in WAYS
    }
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}
    print(f"{'':<32}{'quiet, ms':>12}{'noisy, ms':>12}{'times':>8}")
    for name, one in found.items():
        print(f"{name:<32}{one['quiet']:>12.1f}{one['noisy']:>12.1f}{one['noisy'] / one['quiet']:>8.1f}")
    print(f"medians of {(rounds or SPELLS) * EACH} lines each; {machine}")
    RESULT.write_text(json.dumps({"machine": machine, "medians in ms": found}, indent=1) + "\n", encoding="utf-8")


async def _measure(noise: str, at_once: int, spells: int) -> dict[str, float]:
    """The median milliseconds of a line of somebody else's, without noise and with it."""
    with tempfile.TemporaryDirectory() as folder:
        template = seeded_database(Path(folder) / "template.db", START)
        async with Workspace.opened(template, Path(folder) / "noise.db") as workspace:
            dispatch, keys = workspace.regatta.dispatch, count()
            dispatch.allowance = Allowance(10**9, 10**9, at_once, rests=at_once == AT_ONCE)

            async def take(person: str, text: str) -> float:
                place, begun = Place(f"dm-{person}"), time.perf_counter()
                await dispatch.take(Incoming(f"k{next(keys)}", "web", "local", person, place, "", text=text))
                return (time.perf_counter() - begun) * 1000

            async def without_end() -> None:
                while True:
                    await take(NOISY, noise)

            async def others() -> list[float]:
                took = []
                for _ in range(EACH):
                    await asyncio.sleep(0.01)
                    took.append(await take(OTHER, WORDS))
                return took

            quiet, noisy = [], []
            await others()
            for _ in range(spells):
                quiet += await others()
                making = [asyncio.create_task(without_end()) for _ in range(AT_ALL_TIMES)]
                await take(NOISY, noise)
                noisy += await others()
                for task in making:
                    task.cancel()
                await asyncio.gather(*making, return_exceptions=True)
            return {"quiet": statistics.median(quiet), "noisy": statistics.median(noisy)}
