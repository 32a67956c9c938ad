"""`./dev soak NAME`: the trials of tests/crash at their full size; each run adds a line to tests/soak/report.jsonl."""

import argparse
import asyncio
import json
import subprocess
import tempfile
import time
from pathlib import Path

from tests.crash.kill import run_trial
from tests.crash.telegram import run_called_trial, run_polling_trial
from tests.crash.webhook import run_webhook_trial

TRIALS = {
    "kill": run_trial,
    "webhook": run_webhook_trial,
    "telegram": run_polling_trial,
    "telegram-webhook": run_called_trial,
}
REPORT = Path(__file__).parent / "report.jsonl"


def main() -> None:
    """Run a trial, say what was found, and exit with 1 when there was a fault."""
    parser = argparse.ArgumentParser(prog="./dev soak", description=__doc__)
    parser.add_argument(
        "name",
        choices=list(TRIALS),
        help="what SIGKILL meets: a stream of commands, their events, or what Telegram delivers",
    )
    parser.add_argument("--commands", type=int, default=500)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        work = TRIALS[given.name](Path(folder) / "soak.db", given.commands, given.kills, given.seed)
        trial = asyncio.run(work)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    line = {
        "name": given.name, "commands": given.commands, "kills": given.kills, "seed": given.seed,
        "answered": len(trial.answered), "faults": trial.faults, "seconds": round(time.monotonic() - begun),
        "commit": commit.stdout.strip(),
    }  # fmt: skip
    with REPORT.open("a", encoding="utf-8") as report:
        report.write(json.dumps(line) + "\n")
    print(json.dumps(line, indent=1))
    raise SystemExit(1 if trial.faults else 0)


if __name__ == "__main__":
    main()
