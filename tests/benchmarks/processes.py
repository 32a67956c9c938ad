"""`./dev bench processes`: what the lock over all writers costs, with one, two and four processes on one PostgreSQL.

Deals over HTTP through a balancer, sixteen at a time, against one process on SQLite; the configurations take turns.
"""

import asyncio
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests import databases
from tests.crash.fleet import Fleet
from tests.crash.kill import command
from tests.crash.many import own_server
from tests.databases import Kind

RESULT = Path(__file__).parent / "results" / "processes.json"
WAYS = {"SQLite, 1 process": 1, "PostgreSQL, 1": 1, "PostgreSQL, 2": 2, "PostgreSQL, 4": 4}
ROUNDS = 3
COMMANDS = 400
IN_FLIGHT = 16


def main(rounds: int | None = None) -> None:
    """Measure each way in turns, print a table and write the figures."""
    found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    with own_server(), tempfile.TemporaryDirectory() as folder:
        for number in range(rounds or ROUNDS):
            for way, processes in WAYS.items():
                with _fleet(Path(folder) / f"{number}{processes}{way[0]}.db", way, processes) as fleet:
                    found[way].append(asyncio.run(_measure(fleet.url)))
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}
    print(f"{'':<20}{'commands/s':>24}{'p50, ms':>24}{'p95, ms':>24}")
    for way, seen in found.items():
        print(f"{way:<20}" + "".join(_of_three([one[name] for one in seen]) for name in ("rate", "p50", "p95")))
    print(f"{rounds or ROUNDS} rounds of {COMMANDS} deals, {IN_FLIGHT} in flight: minimum, median, maximum; {machine}")
    RESULT.write_text(json.dumps({"machine": machine, "rounds": found}, indent=1) + "\n", encoding="utf-8")


@contextmanager
def _fleet(database: Path, way: str, processes: int) -> Iterator[Fleet]:
    databases.use(Kind.SQLITE if way.startswith("SQLite") else Kind.POSTGRES)
    fleet = Fleet(database, 1, processes).start()
    try:
        yield fleet
    finally:
        fleet.close()


async def _measure(url: str) -> dict[str, float]:
    took: list[float] = []
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        await _send(client, range(100_000, 100_050), [])  # connections are open then, and code is warm
        begun = time.perf_counter()
        await _send(client, range(COMMANDS), took)
        whole = time.perf_counter() - begun
    took.sort()
    return {"rate": COMMANDS / whole, "p50": statistics.median(took) * 1e3, "p95": took[int(len(took) * 0.95)] * 1e3}


async def _send(client: httpx.AsyncClient, numbers: range, took: list[float]) -> None:
    waiting = list(numbers)

    async def one_after_the_other() -> None:
        while waiting:
            body: dict[str, Any] = command(waiting.pop())
            begun = time.perf_counter()
            answer = await client.post("/workspace/messages", json=body)
            answer.raise_for_status()
            took.append(time.perf_counter() - begun)

    await asyncio.gather(*(one_after_the_other() for _ in range(IN_FLIGHT)))


def _of_three(values: list[float]) -> str:
    return f"{min(values):>8.0f}{statistics.median(values):>8.0f}{max(values):>8.0f}"
