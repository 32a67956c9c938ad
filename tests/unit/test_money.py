"""Money: minor units, currencies that never mix, exact conversion."""

from decimal import Decimal
from fractions import Fraction

import pytest

from models.money import CurrencyMismatchError, Money, minor_digits


@pytest.mark.parametrize(("currency", "digits"), [("CNY", 2), ("JPY", 0), ("KWD", 3), ("VND", 0)])
def test_a_currency_knows_its_minor_unit(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


def test_major_units_become_minor_units_of_the_currency() -> None:
    assert Money.of("48000.50", "USD") == Money(4_800_050, "USD")
    assert Money.of(480_000, "JPY") == Money(480_000, "JPY")
    assert Money.of("1.234", "KWD") == Money(1_234, "KWD")


def test_an_amount_finer_than_the_minor_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="finer"):
        Money.of("0.5", "JPY")


def test_major_units_come_back_exactly() -> None:
    assert Money(-1_205, "EUR").major == Decimal("-12.05")


def test_money_of_one_currency_adds_subtracts_and_compares() -> None:
    assert Money(5, "EUR") + Money(7, "EUR") == Money(12, "EUR")
    assert Money(5, "EUR") - Money(7, "EUR") == -Money(2, "EUR")
    assert Money(5, "EUR") < Money(7, "EUR")
    assert Money(7, "EUR") <= Money(7, "EUR")


def test_two_currencies_never_meet_without_a_rate() -> None:
    euro, dollar = Money(1, "EUR"), Money(1, "USD")

    for meet in (Money.__add__, Money.__sub__, Money.__lt__, Money.__le__):
        with pytest.raises(CurrencyMismatchError):
            meet(euro, dollar)


def test_a_rate_converts_between_minor_units_of_different_size() -> None:
    assert Money.of(100, "USD").at(Fraction(15_025, 100), "JPY") == Money(15_025, "JPY")
    assert Money(15_025, "JPY").at(Fraction(100, 15_025), "USD") == Money.of(100, "USD")


def test_a_conversion_rounds_half_to_even() -> None:
    assert Money(1, "EUR").at(Fraction(5, 2), "USD") == Money(2, "USD")
    assert Money(3, "EUR").at(Fraction(5, 2), "USD") == Money(8, "USD")
