"""Transitions: what a deal adds to the totals and takes away again."""

from dataclasses import replace
from datetime import date

import pytest

from models.money import Money
from models.rules.attainment import Measure
from models.rules.transitions import DealFacts, Delta, deltas
from models.stages import Stage

WON = DealFacts(Stage.WON, Money(480_000, "CNY"), date(2026, 11, 20), "li", "key accounts", "east")
COUNTED = Delta(Measure.SIGNED, date(2026, 11, 20), "li", "key accounts", "east", Money(480_000, "CNY"), 1)
TAKEN = replace(COUNTED, amount=Money(-480_000, "CNY"), count=-1)


def test_a_won_deal_counts_on_the_day_on_which_it_was_signed() -> None:
    assert deltas(None, WON) == (COUNTED,)
    assert deltas(replace(WON, stage=Stage.CONTRACT), WON) == (COUNTED,)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.WON])
def test_a_deal_that_is_not_won_counts_nothing(stage: Stage) -> None:
    assert deltas(None, replace(WON, stage=stage)) == ()


@pytest.mark.parametrize(
    "after", [None, replace(WON, void=True), replace(WON, stage=Stage.LOST), replace(WON, signed_on=None)]
)
def test_a_deal_that_no_longer_counts_is_taken_away(after: DealFacts | None) -> None:
    assert deltas(WON, after) == (TAKEN,)


def test_another_amount_owner_or_day_moves_what_was_counted() -> None:
    after = replace(WON, amount=Money(5, "USD"), owner="wang", region="west", signed_on=date(2026, 12, 1))
    counted = Delta(Measure.SIGNED, date(2026, 12, 1), "wang", "key accounts", "west", Money(5, "USD"), 1)

    assert deltas(WON, after) == (TAKEN, counted)


def test_a_change_that_counts_nothing_moves_nothing() -> None:
    assert deltas(WON, WON) == ()
    assert deltas(None, None) == ()
    assert deltas(None, replace(WON, void=True)) == ()
