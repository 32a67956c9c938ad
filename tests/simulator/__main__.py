"""Replay one seed and print what happened: `.venv/bin/python -m tests.simulator SEED [CONTROL]`."""

import sys
import tempfile
from pathlib import Path

from tests.simulator.company import found
from tests.simulator.world import simulate

with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    run = simulate(found(folder / "template.db"), folder, int(sys.argv[1]), *sys.argv[2:])
print(*run.lines, sep="\n")
print(f"seed {run.seed}: {run.steps} steps, digest {run.digest}, {len(run.faults)} faults", *run.faults, sep="\n  ")
