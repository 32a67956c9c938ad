"""Attainment: how much of a target is reached, and how much of it could be by now."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from models.money import CurrencyMismatchError, Money


class Measure(StrEnum):
    """What a total or a target counts: contracts signed, invoices sent, or cash collected."""

    SIGNED = "signed"
    INVOICED = "invoiced"
    COLLECTED = "collected"


@dataclass(frozen=True, slots=True)
class Attainment:
    """An amount against its target, both of one currency and measure; raise CurrencyMismatchError when they differ."""

    amount: Money
    target: Money | None

    def __post_init__(self) -> None:
        if self.target is not None and self.target.currency != self.amount.currency:
            msg = f"{self.amount.currency} cannot be measured against {self.target.currency} without a rate"
            raise CurrencyMismatchError(msg)

    @property
    def percent(self) -> Fraction | None:
        """The amount over the target as a share of one (82 % is 82/100); none without a target above zero."""
        if self.target is None or self.target.minor <= 0:
            return None
        return Fraction(self.amount.minor, self.target.minor)


def pace(working_days_elapsed: int, working_days_total: int) -> Fraction:
    """The share (of one) of a period's working days that is over; all of it when the period has none."""
    if not 0 <= working_days_elapsed <= working_days_total:
        raise ValueError("the days that are over are some of the period's days")
    return Fraction(working_days_elapsed, working_days_total) if working_days_total else Fraction(1)
