"""Figures of a row: several rounds of each side, printed as minimum, median and maximum, and kept as JSON."""

import json
import os
import platform
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

RESULTS = Path(__file__).parent / "results"
Rounds = Mapping[str, Sequence[Mapping[str, float]]]
"""What each side showed in each round."""


def cpu(process: psutil.Process) -> float:
    """The seconds of CPU that a process has used, in itself and in the kernel: Linux knows them to the nanosecond."""
    threads = list(Path(f"/proc/{process.pid}/task").glob("*/schedstat"))
    if not threads:
        times = process.cpu_times()
        return float(times.user + times.system)
    return sum(int(each.read_text(encoding="ascii").split()[0]) for each in threads) / 1e9


def three(values: Sequence[float]) -> tuple[float, float, float]:
    """Minimum, median and maximum."""
    return min(values), statistics.median(values), max(values)


def paired(rounds: Rounds, ours: str, other: str, name: str) -> float:
    """The median of our figure's ratio to another's, each pair of the same round."""
    pairs = zip(rounds[ours], rounds[other], strict=True)
    return statistics.median(mine[name] / theirs[name] for mine, theirs in pairs)


def report(row: str, rounds: Rounds, says: Mapping[str, str]) -> None:
    """Print a table, then what it comes to beside the aim, and keep both."""
    sides = list(rounds)
    width = max(map(len, sides))
    for name in dict.fromkeys(name for side in sides for name in rounds[side][0]):
        print(f"{name}")
        for side in sides:
            values = [one[name] for one in rounds[side] if name in one]
            if values:
                print(f"  {side:<{width}}" + "".join(f"{value:>12,.2f}" for value in three(values)))
    for name, words in says.items():
        print(f"{name}: {words}")
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    machine = {
        "cores": os.cpu_count(), "python": platform.python_version(), "load": round(os.getloadavg()[0], 2),
        "commit": commit.stdout.strip(),
    }  # fmt: skip
    print(f"(minimum, median, maximum; {machine})\n", flush=True)
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({"machine": machine, "says": says, "rounds": rounds}, indent=1, ensure_ascii=False)
    (RESULTS / f"{row}.json").write_text(text + "\n", encoding="utf-8")
