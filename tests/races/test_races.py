"""Two at once: one is first, the other one is told, and nobody gets what they may not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.databases import Kind
from tests.races import approvals, targets
from tests.races.house import House, house_here
from tests.races.trial import race

LANES = 2

pytestmark = pytest.mark.both_databases


@pytest.fixture
async def house(template: Path, tmp_path: Path, database_kind: Kind) -> AsyncIterator[House]:
    """A company with two processes where that is possible."""
    processes = 2 if database_kind is Kind.POSTGRES else 1
    async with house_here(template, tmp_path / "races.db", 7, processes) as opened:
        yield opened


async def test_18_of_an_approval_and_a_rejection_one_counts_and_the_other_hears_whose(house: House) -> None:
    trial = await race(house, 2 * LANES // len(house.doors), approvals.approve_against_reject, LANES)

    assert trial.faults == []


async def test_19_a_double_click_has_one_effect_and_two_answers(house: House) -> None:
    trial = await race(house, 2 * LANES // len(house.doors), approvals.double_click, LANES)

    assert trial.faults == []


async def test_20_a_stale_button_decides_nothing_and_its_card_is_fresh(house: House) -> None:
    trial = await race(house, 2 * LANES // len(house.doors), approvals.stale_button, LANES)

    assert trial.faults == []


async def test_21_nothing_is_approved_that_is_more_than_was_asked_for(house: House) -> None:
    trial = await race(house, 2 * LANES // len(house.doors), approvals.approve_while_it_rises, LANES)

    assert trial.faults == []


async def test_22_whoever_loses_the_rank_decides_before_that_or_not_at_all(house: House) -> None:
    trial = await race(house, 2 * LANES // len(house.doors), approvals.approve_while_the_rank_is_taken, LANES)

    assert trial.faults == []


async def test_24_targets_that_several_set_at_once_are_what_came_last_and_add_up(house: House) -> None:
    trial = await race(house, 2 * LANES // len(house.doors), targets.set_at_once, LANES)

    assert trial.faults == []
