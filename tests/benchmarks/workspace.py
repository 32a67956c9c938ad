"""What the workspace costs, measured on a real server in a process of its own."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx
import psutil

from tests.benchmarks.figures import cpu, report
from tests.server import Server

ROUNDS = 3
COMMANDS = 100
BURST = 200
IDLE_SECONDS = 10
DEAL = {"as": "mike-davis", "channel": "us"}


def main(rounds: int | None = None) -> None:
    """Measure first starts, commands one by one, a burst, and rest."""
    report("workspace", {"Regatta": [_round(number) for number in range(rounds or ROUNDS)]}, {})


def _round(number: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "bench.db")
        first = _seconds(server.start)
        server.stop()
        warm = _seconds(server.start)
        try:
            return {"first start, s": first, "warm start, s": warm} | _measure(server, number)
        finally:
            server.stop()


def _measure(server: Server, number: int) -> dict[str, float]:
    assert server.process is not None
    process = psutil.Process(server.process.pid)
    with httpx.Client(base_url=server.url, timeout=30) as client:
        for each in range(10):
            _deal(client, f"Warm {number} {each}")
        before = cpu(process)
        times = sorted(_seconds(partial(_deal, client, f"One {number} {each}")) for each in range(COMMANDS))
        used = (cpu(process) - before) / COMMANDS
    burst = _seconds(lambda: asyncio.run(_burst(server, number)))
    memory = process.memory_info().rss / 2**20
    before = cpu(process)
    time.sleep(IDLE_SECONDS)
    idle = (cpu(process) - before) / IDLE_SECONDS * 100
    return {
        "deal command, median ms": statistics.median(times) * 1000,
        "deal command, p99 ms": times[int(len(times) * 0.99) - 1] * 1000,
        "deal command, CPU ms": used * 1000,
        f"burst of {BURST} answered, s": burst,
        "memory after it, MiB": memory,
        "idle, % of a core": idle,
    }


def _deal(client: httpx.Client, name: str) -> None:
    answer = client.post("/workspace/messages", json=DEAL | {"text": f'/deal "{name}" 80k USD close next Tuesday lead'})
    assert len(answer.json()["replies"]) == 2, answer.text


async def _burst(server: Server, number: int) -> None:
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
        lines = (f'/deal "Burst {number} {each}" 80k USD won' for each in range(BURST))
        posts = (client.post("/workspace/messages", json=DEAL | {"text": line}) for line in lines)
        answers = await asyncio.gather(*posts)
    assert all(len(answer.json()["replies"]) == 2 for answer in answers)


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
