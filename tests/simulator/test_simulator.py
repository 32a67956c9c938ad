"""26: whatever a seed does to processes, disk, chat and clock, what was acknowledged counts once."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulator.company import found
from tests.simulator.world import simulate


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company's database."""
    return found(tmp_path_factory.mktemp("company") / "template.db")


@pytest.mark.parametrize("seed", range(1, 5))
def test_26_what_must_hold_holds_after_every_step_of_a_seed(company: Path, tmp_path: Path, seed: int) -> None:
    run = simulate(company, tmp_path, seed)

    assert run.faults == []
    assert any(" is taken" in line for line in run.lines)
    assert any(" shows " in line for line in run.lines)


def test_26_a_seed_is_the_same_run_in_another_process(company: Path, tmp_path: Path) -> None:
    here = simulate(company, tmp_path, 9)

    words = [sys.executable, "-m", "tests.simulator", "9"]
    there = subprocess.run(words, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])

    assert f"digest {here.digest}" in there.stdout


@pytest.mark.parametrize(
    ("control", "seed", "what"),
    [
        ("early", 3, "acknowledged and is not there"),
        ("forgets", 15, "acknowledged and is not there"),
        ("forgetful", 3, "taken twice"),
        ("unasked", 28, "twice without a mark"),
        ("hasty", 15, "arrived in"),
        ("slots", 25, "slot"),
    ],
)
def test_26_what_is_switched_off_is_found_out(
    company: Path, tmp_path: Path, control: str, seed: int, what: str
) -> None:
    assert what in simulate(company, tmp_path, seed, control).faults[0]
