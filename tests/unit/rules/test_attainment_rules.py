"""Attainment and pace."""

from fractions import Fraction

import pytest

from models.money import CurrencyMismatchError, Money
from models.rules.attainment import Attainment, pace


def test_attainment_is_the_exact_share_of_the_target() -> None:
    assert Attainment(Money(82, "CNY"), Money(100, "CNY")).percent == Fraction(82, 100)
    assert Attainment(Money(4, "CNY"), Money(3, "CNY")).percent == Fraction(4, 3)
    assert Attainment(Money(-1, "CNY"), Money(4, "CNY")).percent == Fraction(-1, 4)


@pytest.mark.parametrize("target", [None, Money(0, "CNY"), Money(-5, "CNY")])
def test_without_a_target_above_zero_there_is_no_attainment(target: Money | None) -> None:
    assert Attainment(Money(82, "CNY"), target).percent is None


def test_an_amount_is_not_measured_against_another_currency() -> None:
    with pytest.raises(CurrencyMismatchError):
        Attainment(Money(82, "CNY"), Money(100, "USD"))


def test_pace_is_the_share_of_the_working_days_that_are_over() -> None:
    assert pace(17, 21) == Fraction(17, 21)
    assert pace(0, 21) == 0
    assert pace(0, 0) == 1


@pytest.mark.parametrize(("elapsed", "total"), [(-1, 5), (6, 5)])
def test_days_outside_of_the_period_have_no_pace(elapsed: int, total: int) -> None:
    with pytest.raises(ValueError, match="days"):
        pace(elapsed, total)
