"""The state machine at full size: `./dev soak service`."""

import asyncio
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.crash.kill import Trial
from tests.machine.service import Service
from tests.workspace import START, seeded_database

STEPS = 50
BATCH = 100
"""Runs that Hypothesis makes at once: it slows down when it remembers more."""


async def run_service(database: Path, runs: int, _kills: int, number: int) -> Trial:
    """So many runs of fifty steps; each kind of failure is a fault, with the fewest steps that lead to it."""
    Service.template = seeded_database(database.with_name("template.db"), START)
    trial = Trial(runs, 0)
    await asyncio.to_thread(_run, trial, runs, number)
    return trial


def _run(trial: Trial, runs: int, number: int) -> None:
    for batch in range(0, runs, BATCH):
        of_batch = settings(
            max_examples=min(BATCH, runs - batch), stateful_step_count=STEPS, deadline=None, database=None,
            derandomize=False, phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        try:
            run_state_machine_as_test(seed(number * 10**6 + batch)(Service), settings=of_batch)
        except AssertionError as error:
            trial.faults.append(f"batch {batch}: {error} {' '.join(error.__notes__)}")
    trial.answered = set(range(Service.runs))
    trial.repeated = Service.steps
