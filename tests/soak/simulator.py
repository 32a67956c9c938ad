"""Seeds of the simulator, one after the other on every core; each that fails is named, to be replayed."""

import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import structlog

from tests.crash.kill import Trial
from tests.simulator.company import found
from tests.simulator.world import simulate

CORES = 2
MEMORY = Path("/dev/shm")
"""Where a machine has its memory as a folder; the simulated disk needs no real one."""


async def run_simulator(database: Path, commands: int, _kills: int, seed: int) -> Trial:
    """Run so many seeds from one on."""
    template, trial = found(database.with_name("template.db")), Trial(commands, 0)
    with ProcessPoolExecutor(CORES, initializer=_quiet) as cores:
        for number, faults in enumerate(cores.map(partial(_run, template), range(seed, seed + commands), chunksize=20)):
            trial.answered.add(number)
            trial.faults += [f"seed {seed + number}: {fault}" for fault in faults]
    return trial


def _quiet() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))


def _run(template: Path, seed: int) -> list[str]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        return simulate(template, Path(folder), seed).faults
