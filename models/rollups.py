"""Totals that are kept, not searched for: moved in the deal's own transaction, also by negative amounts."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, func
from sqlmodel import Field, Session, SQLModel, col, select

from models.columns import choice
from models.databases import insert_of
from models.money import Money
from models.rules.attainment import Measure
from models.rules.periods import Period, PeriodKind, period_of
from models.rules.transitions import Delta


class Rollup(SQLModel, table=True):
    """What a person's deals came to in one week or month, for one measure and currency."""

    kind: PeriodKind = Field(primary_key=True, sa_type=choice(PeriodKind))
    start_on: date = Field(primary_key=True)
    measure: Measure = Field(primary_key=True, sa_type=choice(Measure))
    region_id: str = Field(primary_key=True)
    team_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True)
    currency: str = Field(primary_key=True)
    minor: int = Field(sa_type=BigInteger)
    count: int


def move(session: Session, deltas: tuple[Delta, ...]) -> None:
    """Add each delta to its week and its month, in the order of their keys."""
    rows = [row for delta in deltas for row in rows_of(delta)]
    for row in sorted(rows, key=lambda row: tuple(str(value) for value in row.values())):
        statement = insert_of(session, Rollup).values(row)
        added = {"minor": Rollup.minor + statement.excluded.minor, "count": Rollup.count + statement.excluded.count}
        keys = [column.name for column in Rollup.__table__.primary_key]  # type: ignore[attr-defined]
        session.execute(statement.on_conflict_do_update(index_elements=keys, set_=added))


def rows_of(delta: Delta) -> list[dict[str, Any]]:
    """The week's and the month's row that a delta moves."""
    return [_row(kind, delta) for kind in (PeriodKind.WEEK, PeriodKind.MONTH)]


def _row(kind: PeriodKind, delta: Delta) -> dict[str, Any]:
    return {
        "kind": kind,
        "start_on": period_of(kind, delta.on).start,
        "measure": delta.measure,
        "region_id": delta.region,
        "team_id": delta.team or "",
        "person_id": delta.person,
        "currency": delta.amount.currency,
        "minor": delta.amount.minor,
        "count": delta.count,
    }


def totals(
    session: Session, period: Period, measure: Measure, owner: str, ids: Collection[str]
) -> dict[str, tuple[list[Money], int]]:
    """Sum a period for regions (`owner` is "region_id"), teams or people: one Money a currency, and a count, by id."""
    kind = PeriodKind.WEEK if period.kind is PeriodKind.WEEK else PeriodKind.MONTH
    whose = col(getattr(Rollup, owner))
    query = (
        select(whose, Rollup.currency, func.sum(Rollup.minor), func.sum(Rollup.count))
        .where(Rollup.kind == kind, Rollup.measure == measure, whose.in_(ids))
        .where(Rollup.start_on >= period.start, Rollup.start_on <= period.end)
        .group_by(whose, Rollup.currency)
        .order_by(whose, Rollup.currency)
    )
    found: dict[str, tuple[list[Money], int]] = {}
    for key, currency, minor, count in session.exec(query):
        sums, before = found.get(key, ([], 0))
        found[key] = ([*sums, Money(int(minor), currency)], before + int(count))
    return found
