"""Whatever people of several ranks and regions do, in any order; a bot that lacks a part is found out."""

from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

import bot.gate
import models.bookings
import models.configuring
from tests.machine.service import Service


def run(seeded: Path, runs: int, steps: int) -> None:
    Service.template = seeded
    few = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Service, settings=few)


def test_25_whatever_people_do_it_is_as_the_model_has_it(seeded: Path) -> None:
    run(seeded, runs=3, steps=25)


@pytest.mark.parametrize(
    ("module", "lacks"),
    [
        pytest.param(bot.gate, "_check_deal", id="whose deal it is"),
        pytest.param(models.bookings, "move", id="totals"),
        pytest.param(bot.gate, "_check_visit", id="whose visit it is"),
        pytest.param(models.configuring, "split_year", id="targets"),
    ],
)
def test_a_bot_that_lacks_a_part_is_found_out(
    seeded: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType, lacks: str
) -> None:
    monkeypatch.setattr(module, lacks, lambda *_args: None)

    with pytest.raises(AssertionError):
        run(seeded, runs=30, steps=10)
