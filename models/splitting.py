"""Write a region's yearly target down to quarters, months, teams and people; children sum to the parent to the cent."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, insert, or_
from sqlmodel import Session, col, delete, select

from models.calendars import working_days
from models.money import Money, minor_digits
from models.people import people_in
from models.ranks import Rank
from models.regions import Region, teams_of
from models.rules.attainment import Measure
from models.rules.periods import Period, PeriodKind
from models.rules.split import split
from models.rules.targets import month_targets, quarter_target
from models.targets import Scope, Target

_Owners = dict[tuple[Scope, str], list[int]]


def split_year(session: Session, region: Region, year: int, amount: Money, measure: Measure) -> None:
    """Set a region's year and replace everything below it: months by working days, teams and people by head.

    A year in whole units is split in whole units, since nobody wants a target with cents.
    """
    unit = _unit(amount)
    reps = people_in(session, region.id, Rank.REP)
    teams = [team.id for team in teams_of(session, region.id)]
    members = {team: sorted(rep.id for rep in reps if rep.team_id == team) for team in teams}
    alone = sorted(rep.id for rep in reps if rep.team_id not in members)
    groups = [(team, members[team]) for team in teams] + ([(None, alone)] if alone else [])
    days = {month: working_days(region.calendar, month.start, month.end) for month in _months(year)}
    monthly = tuple(part * unit for part in month_targets(amount.minor // unit, year, days))
    owners: _Owners = {(Scope.REGION, region.id): list(monthly)}
    for minor in monthly:
        shares = _split(minor, [len(people) for _, people in groups], unit)
        for (team, people), share in zip(groups, shares, strict=True):
            if team is not None:
                owners.setdefault((Scope.TEAM, team), []).append(share)
            for person_id, part in zip(people, _split(share, [1] * len(people), unit), strict=True):
                owners.setdefault((Scope.PERSON, person_id), []).append(part)
    _write(session, region, year, amount.currency, measure, owners)


def split_of(session: Session, region: Region, year: int, measure: Measure) -> dict[str, Any] | None:
    """A region's target for a year with what each month asks of whom, as facts that `put_split` takes; none without."""
    months = [month.key for month in _months(year)]
    query = select(Target).where(Target.region_id == region.id, Target.measure == measure)
    split: dict[str, dict[str, list[int]]] = {}
    currency = None
    for row in session.exec(query.where(col(Target.period).in_(months)).order_by(Target.period)):
        split.setdefault(row.scope.value, {}).setdefault(row.scope_id, []).append(row.minor)
        currency = row.currency
    if currency is None:
        return None
    whole = sum(split[Scope.REGION.value][region.id])
    kept = {scope: {owner: tuple(months) for owner, months in parts.items()} for scope, parts in split.items()}
    return {"minor": whole, "currency": currency, "split": kept}


def is_still(now: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> bool:
    """Whether a target is what it was made; its split counts where that was kept."""
    return now == after or (now is not None and after is not None and {**now, **after} == now)


def put_split(session: Session, region: Region, year: int, facts: Mapping[str, Any] | None, measure: Measure) -> bool:
    """Set a region's year as `split_of` gave it; false when a part of it is another region's by now."""
    if facts is None:
        clear_year(session, region, year, measure)
        return True
    if "split" not in facts:  # written before splits were kept
        split_year(session, region, year, Money(facts["minor"], facts["currency"]), measure)
        return True
    owners: _Owners = {
        (Scope(scope), scope_id): list(months)
        for scope, parts in facts["split"].items()
        for scope_id, months in parts.items()
    }
    query = select(Target.scope_id).where(Target.region_id != region.id, _of(owners))
    if session.exec(query.where(Target.measure == measure, Target.period == str(year)).limit(1)).first() is not None:
        return False
    _write(session, region, year, facts["currency"], measure, owners)
    return True


def clear_year(session: Session, region: Region, year: int, measure: Measure) -> None:
    """Take away a region's year and everything below it."""
    whole = Period(PeriodKind.YEAR, date(year, 1, 1))
    parts = {part.key for quarter in whole.children for part in (quarter, *quarter.children)}
    _replace(session, region, (), {whole.key, *parts}, measure, [])


def _unit(amount: Money) -> int:
    """The minor units of one whole unit where the amount is whole, else one minor unit."""
    whole: int = 10 ** minor_digits(amount.currency)
    return whole if amount.minor % whole == 0 else 1


def _split(minor: int, weights: list[int], unit: int) -> list[int]:
    return [part * unit for part in split(minor // unit, weights)] if weights else []


def _periods(months: dict[Period, int], year: Period) -> dict[str, int]:
    """The minor units of each month, quarter and of the year, by their keys."""
    periods = {month.key: minor for month, minor in months.items()}
    periods |= {quarter.key: quarter_target(months, quarter) or 0 for quarter in year.children}
    return periods | {year.key: sum(months.values())}


def _write(session: Session, region: Region, year: int, currency: str, measure: Measure, owners: _Owners) -> None:
    """Put what each month asks of its owners, and the quarters and the year above, in the place of what was there."""
    whole, months = Period(PeriodKind.YEAR, date(year, 1, 1)), _months(year)
    rows = [
        Target(
            scope=scope, scope_id=scope_id, period=key, measure=measure, minor=minor, currency=currency,
            region_id=region.id,
        )
        for (scope, scope_id), minors in owners.items()
        for key, minor in _periods(dict(zip(months, minors, strict=True)), whole).items()
    ]  # fmt: skip
    _replace(session, region, owners, {row.period for row in rows}, measure, rows)


def _replace(
    session: Session,
    region: Region,
    owners: Collection[tuple[Scope, str]],
    periods: set[str],
    measure: Measure,
    rows: list[Target],
) -> None:
    """Put rows in the place of those that the region's target was split to before, and of those of the same owners."""
    for kept in [each for each in session if isinstance(each, Target)]:
        session.expunge(kept)
    its = (col(Target.region_id) == region.id) | _of(owners)
    old = (col(Target.measure) == measure, col(Target.period).in_(periods), its)
    session.connection().execute(delete(Target).where(*old))
    if rows:
        session.connection().execute(insert(Target), [row.model_dump() for row in rows])


def _of(owners: Collection[tuple[Scope, str]]) -> ColumnElement[bool]:
    """Whether a target is one of these owners'; a region, a team and a person may be called the same."""
    ids = {scope: [owner for each, owner in owners if each is scope] for scope in Scope}
    return or_(*((col(Target.scope) == scope) & col(Target.scope_id).in_(owned) for scope, owned in ids.items()))


def _months(year: int) -> list[Period]:
    return [Period(PeriodKind.MONTH, date(year, month, 1)) for month in range(1, 13)]
