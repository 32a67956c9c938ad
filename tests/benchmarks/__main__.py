"""`./dev bench`: what the workspace costs, measured on a real server in a process of its own; never a test.

Prints a table and writes tests/benchmarks/results/workspace.json, with the machine's load beside the figures.
"""

import asyncio
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx
import psutil

from tests.benchmarks import broadcast, noise, processes
from tests.server import Server

RESULTS = Path(__file__).parent / "results"
ROUNDS = 3
COMMANDS = 100
BURST = 200
IDLE_SECONDS = 10
DEAL = {"as": "mike-davis", "channel": "us"}


def main() -> None:
    """Measure the workspace, or what is named: `broadcast`, `noise`, `processes`."""
    others = {"broadcast": broadcast, "noise": noise, "processes": processes}
    if sys.argv[1:] and sys.argv[1] in others:
        others[sys.argv[1]].main()
        return
    rounds = [_round(number) for number in range(ROUNDS)]
    figures = {name: sorted(one[name] for one in rounds) for name in rounds[0]}
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}
    width = max(map(len, figures))
    print(f"{'':<{width}}  {'min':>9}  {'median':>9}  {'max':>9}")
    for name, values in figures.items():
        row = "  ".join(f"{value:>9.1f}" for value in (values[0], statistics.median(values), values[-1]))
        print(f"{name:<{width}}  {row}")
    print(f"{ROUNDS} rounds of {COMMANDS} commands and one burst of {BURST}; {machine}")
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({"machine": machine, "rounds": rounds}, indent=1)
    (RESULTS / "workspace.json").write_text(text + "\n", encoding="utf-8")


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
        before = _cpu(process)
        times = sorted(_seconds(partial(_deal, client, f"One {number} {each}")) for each in range(COMMANDS))
        cpu = (_cpu(process) - before) / COMMANDS
    burst = _seconds(lambda: asyncio.run(_burst(server, number)))
    memory = process.memory_info().rss / 2**20
    before = _cpu(process)
    time.sleep(IDLE_SECONDS)
    idle = (_cpu(process) - before) / IDLE_SECONDS * 100
    return {
        "deal command, median ms": statistics.median(times) * 1000,
        "deal command, p99 ms": times[int(len(times) * 0.99) - 1] * 1000,
        "deal command, CPU ms": cpu * 1000,
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


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
