"""Totals that are kept, not searched for: moved in the deal's own transaction, also by negative amounts."""

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Executable, Index, Table, bindparam, func
from sqlmodel import Field, Session, SQLModel, col, select

from models.columns import choice
from models.money import Money
from models.prepared import Insert, Prepared, any_of, numbered, room_for
from models.rules.attainment import Measure
from models.rules.periods import Period, PeriodKind, period_of
from models.rules.transitions import Delta


class Rollup(SQLModel, table=True):
    """What a person's deals came to in one week or month, for one measure and currency."""

    __table_args__ = (Index("ix_rollup_person", "person_id", "kind", "start_on"),)

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
        _add.run(session, **row)


@Prepared
def _add(insert: Insert) -> Executable:
    table: Table = Rollup.__table__  # type: ignore[attr-defined]
    statement = insert(table).values({column.name: bindparam(column.name) for column in table.columns})
    added = {name: table.c[name] + statement.excluded[name] for name in ("minor", "count")}
    upsert: Executable = statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=added)
    return upsert


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


@cache
def _totals(owner: str, many: int) -> Prepared:
    whose = col(getattr(Rollup, owner))
    query = (
        select(whose, Rollup.currency, func.sum(Rollup.minor), func.sum(Rollup.count))
        .where(Rollup.kind == bindparam("kind"), Rollup.measure == bindparam("measure"), any_of(whose, "id", many))
        .where(col(Rollup.start_on) >= bindparam("start"), col(Rollup.start_on) <= bindparam("end"))
        .group_by(whose, Rollup.currency)
        .order_by(whose, Rollup.currency)
    )
    return Prepared(lambda _: query)


def totals(
    session: Session, period: Period, measure: Measure, owner: str, ids: Collection[str]
) -> dict[str, tuple[list[Money], int]]:
    """Sum a period for regions (`owner` is "region_id"), teams or people: one Money a currency, and a count, by id."""
    kind = PeriodKind.WEEK if period.kind is PeriodKind.WEEK else PeriodKind.MONTH
    found: dict[str, tuple[list[Money], int]] = {}
    if not ids:
        return found
    rows = _totals(owner, room_for(len(ids))).rows(
        session, kind=kind, measure=measure, start=period.start, end=period.end, **numbered("id", ids)
    )
    for key, currency, minor, count in rows:
        sums, before = found.get(key, ([], 0))
        found[key] = ([*sums, Money(int(minor), currency)], before + int(count))
    return found
