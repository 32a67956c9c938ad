"""Targets: what HQ asks of a region, split to teams and people, by year, quarter and month."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from sqlalchemy import BigInteger
from sqlmodel import Field, Session, SQLModel, select

from models.columns import choice
from models.intent import Slot, intent
from models.money import Money
from models.rules.attainment import Measure
from models.slots import Amount, RegionId
from models.text import Text


@intent("target")
@dataclass(frozen=True, slots=True)
class SetTarget:
    """Give a region its target for a year; it is split to quarters, months, teams and people."""

    region: RegionId
    amount: Amount
    year: Annotated[int, Slot("year", Text("Year"))] | None = None


@intent("targets")
@dataclass(frozen=True, slots=True)
class ShowTargets:
    """Show a region's targets and how they add up."""

    region: RegionId | None = None


class Scope(StrEnum):
    """Whose target it is."""

    REGION = "region"
    TEAM = "team"
    PERSON = "person"


class Target(SQLModel, table=True):
    """A target of a region, team or person for one period ("2026", "2026-Q4", "2026-11") and measure."""

    scope: Scope = Field(primary_key=True, sa_type=choice(Scope))
    scope_id: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    measure: Measure = Field(primary_key=True, sa_type=choice(Measure))
    minor: int = Field(sa_type=BigInteger)
    currency: str

    @property
    def amount(self) -> Money:
        """What is asked for."""
        return Money(self.minor, self.currency)


def target(session: Session, scope: Scope, scope_id: str, period: str, measure: Measure) -> Money | None:
    """Find a target; none when nobody set one."""
    row = session.get(Target, (scope, scope_id, period, measure))
    return row.amount if row else None


def month_targets(session: Session, scope: Scope, scope_id: str, measure: Measure) -> Mapping[str, Money]:
    """All monthly targets of a region, team or person, by "2026-11"."""
    query = select(Target).where(Target.scope == scope, Target.scope_id == scope_id, Target.measure == measure)
    return {row.period: row.amount for row in session.exec(query) if "-Q" not in row.period and "-" in row.period}
