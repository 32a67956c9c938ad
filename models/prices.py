"""Prices: the rates of one day, each looked up once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from sqlmodel import Session

from models.money import Money
from models.regions import rate_on


@dataclass
class Prices:
    """Turns money of one currency into another at the rates in force on a day."""

    session: Session
    on: date
    _rates: dict[tuple[str, str], Fraction | None] = field(default_factory=dict)

    def priced(self, money: Money, currency: str) -> Money | None:
        """Price money in a currency; none without a rate (counted, not priced)."""
        if money.currency == currency:
            return money
        pair = (money.currency, currency)
        if pair not in self._rates:
            self._rates[pair] = rate_on(self.session, *pair, self.on)
        rate = self._rates[pair]
        return None if rate is None else money.at(rate, currency)

    def sum(self, amounts: Iterable[Money], currency: str) -> tuple[Money, tuple[str, ...]]:
        """Add up what can be priced, and name the currencies that cannot."""
        total, unpriced = Money(0, currency), []
        for amount in amounts:
            priced = self.priced(amount, currency)
            if priced is None:
                unpriced.append(amount.currency)
            else:
                total += priced
        return total, tuple(unpriced)
