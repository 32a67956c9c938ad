"""Targets: what HQ asks of a region, split to teams and people, by year, quarter and month."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from sqlalchemy import BigInteger, bindparam
from sqlmodel import Field, Session, SQLModel, select

from models.columns import choice
from models.intent import intent
from models.money import Money
from models.prepared import Prepared, any_of, numbered, room_for
from models.rules.attainment import Measure
from models.slots import RegionId, TargetAmount, Year


@intent("target")
@dataclass(frozen=True, slots=True)
class SetTarget:
    """Give a region its target for a year; it is split to quarters, months, teams and people.

    `replaces` are the minor units of the target that the asker saw and means to replace.
    """

    region: RegionId
    amount: TargetAmount
    year: Year | None = None
    replaces: int | None = None


@intent("no_target")
@dataclass(frozen=True, slots=True)
class RemoveTarget:
    """Take a region's target for a year away."""

    region: RegionId
    year: Year | None = None


@intent("targets")
@dataclass(frozen=True, slots=True)
class ShowTargets:
    """Show a region's targets and how they add up."""

    region: RegionId | None = None
    year: Year | None = None


class Scope(StrEnum):
    """Whose target it is."""

    REGION = "region"
    TEAM = "team"
    PERSON = "person"


class Target(SQLModel, table=True):
    """A target of a region, team or person for one period ("2026", "2026-Q4", "2026-11") and measure.

    `region_id` is the region whose target was split to it, wherever its owner is by now.
    """

    scope: Scope = Field(primary_key=True, sa_type=choice(Scope))
    scope_id: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    measure: Measure = Field(primary_key=True, sa_type=choice(Measure))
    minor: int = Field(sa_type=BigInteger)
    currency: str
    region_id: str = Field(foreign_key="region.id", index=True)

    @property
    def amount(self) -> Money:
        """What is asked for."""
        return Money(self.minor, self.currency)


def target(session: Session, scope: Scope, scope_id: str, period: str, measure: Measure) -> Money | None:
    """Find a target; none when nobody set one."""
    row = session.get(Target, (scope, scope_id, period, measure))
    return row.amount if row else None


def targets_currency(session: Session, region_id: str) -> str | None:
    """The currency in which a region's targets count, and which it keeps for that; none without a target."""
    return session.exec(select(Target.currency).where(Target.region_id == region_id).limit(1)).first()


def targets(
    session: Session,
    scope: Scope,
    ids: Collection[str],
    periods: Collection[str],
    measure: Measure,
    region_id: str | None = None,
) -> dict[tuple[str, str], Money]:
    """Find the targets of several regions, teams or people for several periods, by (id, period).

    Of those who came from another region a `region_id` leaves out what they were to bring there.
    """
    if not ids or not periods:
        return {}
    given = {"scope": scope, "measure": measure, **numbered("id", ids), **numbered("period", periods)}
    if region_id is not None:
        given["region"] = region_id
    rows = _targets(room_for(len(ids)), room_for(len(periods)), "region" in given).rows(session, **given)
    return {(owner, period): Money(minor, currency) for owner, period, minor, currency in rows}


@cache
def _targets(many: int, periods: int, of_region: bool) -> Prepared:  # noqa: FBT001  a key of the cache
    query = select(Target.scope_id, Target.period, Target.minor, Target.currency).where(
        Target.scope == bindparam("scope"), Target.measure == bindparam("measure"),
        any_of(Target.scope_id, "id", many), any_of(Target.period, "period", periods),
    )  # fmt: skip
    if of_region:
        query = query.where(Target.region_id == bindparam("region"))
    return Prepared(lambda _: query)
