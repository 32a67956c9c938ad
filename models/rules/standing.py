"""Standings: who ranks where on a board, and whether a board may name persons at all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from models.money import CurrencyMismatchError, Money


@dataclass(frozen=True, slots=True)
class Entry:
    """What one region, team or person brings to a ranking; `amount` is in the reporting currency."""

    key: str
    attainment: Fraction | None
    amount: Money
    count: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One row of a board: the rank from 1, attainment as a share of one, the amount and number of deals."""

    rank: int
    key: str
    attainment: Fraction | None
    amount: Money
    count: int


def rank_standings(entries: Iterable[Entry]) -> tuple[Standing, ...]:
    """Rank by attainment, highest first and without attainment last; equal attainment shares a rank (1, 1, 3).

    Inside a rank the larger amount comes first, then the key. Raise CurrencyMismatchError when amounts differ in
    currency.
    """
    ordered = sorted(entries, key=_order)
    if len({entry.amount.currency for entry in ordered}) > 1:
        raise CurrencyMismatchError("a board has one reporting currency")
    standings: list[Standing] = []
    for place, entry in enumerate(ordered, start=1):
        tied = standings and standings[-1].attainment == entry.attainment
        rank = standings[-1].rank if tied else place
        standings.append(Standing(rank, entry.key, entry.attainment, entry.amount, entry.count))
    return tuple(standings)


def _order(entry: Entry) -> tuple[bool, Fraction, int, str]:
    return entry.attainment is None, -(entry.attainment or Fraction()), -entry.amount.minor, entry.key


class PersonData(StrEnum):
    """What a region's boards may show of one person.

    TEAM: nothing of one person beyond that person and their manager (Germany). PRIVATE: nothing on boards, one's own
    rank privately. PUBLIC: the top names, only with a recorded agreement.
    """

    TEAM = "team"
    PRIVATE = "private"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Agreement:
    """The recorded agreement to name persons on boards: who gave it, on which local date, in which document."""

    who: str
    signed_on: date
    document: str

    def __post_init__(self) -> None:
        if not self.who.strip() or not self.document.strip():
            raise ValueError("an agreement names who gave it and its document")


def may_name_persons(person_data: PersonData, agreement: Agreement | None) -> bool:
    """Whether a board may name anybody: only in a region that chose so and recorded the agreement to it."""
    return person_data is PersonData.PUBLIC and agreement is not None


def visible_people(
    person_data: PersonData, agreement: Agreement | None, standings: Sequence[Standing], top_n: int
) -> tuple[Standing, ...]:
    """Choose which persons of a whole ranking a board may name: the top `top_n` ranks, or nobody.

    Nobody is named where fewer would stay unnamed than named: that would tell who is at the bottom. Persons who tie
    for the last named rank are all named, and those without attainment above zero never are.
    """
    if not may_name_persons(person_data, agreement):
        return ()
    named = tuple(row for row in standings if row.rank <= top_n and row.attainment is not None and row.attainment > 0)
    return named if len(standings) - len(named) >= len(named) else ()
