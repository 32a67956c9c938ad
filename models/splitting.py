"""Write a region's yearly target down to quarters, months, teams and people; children sum to the parent to the cent."""

from datetime import date

from sqlalchemy import insert
from sqlmodel import Session, col, delete

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
    whole = Period(PeriodKind.YEAR, date(year, 1, 1))
    owners: dict[tuple[Scope, str], list[int]] = {(Scope.REGION, region.id): list(monthly)}
    for minor in monthly:
        shares = _split(minor, [len(people) for _, people in groups], unit)
        for (team, people), share in zip(groups, shares, strict=True):
            if team is not None:
                owners.setdefault((Scope.TEAM, team), []).append(share)
            for person_id, part in zip(people, _split(share, [1] * len(people), unit), strict=True):
                owners.setdefault((Scope.PERSON, person_id), []).append(part)
    rows = [
        Target(
            scope=scope,
            scope_id=scope_id,
            period=key,
            measure=measure,
            minor=minor,
            currency=amount.currency,
            region_id=region.id,
        )
        for (scope, scope_id), minors in owners.items()
        for key, minor in _periods(dict(zip(days, minors, strict=True)), whole).items()
    ]
    _replace(session, region, {scope_id for _, scope_id in owners}, {row.period for row in rows}, measure, rows)


def clear_year(session: Session, region: Region, year: int, measure: Measure) -> None:
    """Take away a region's year and everything below it."""
    whole = Period(PeriodKind.YEAR, date(year, 1, 1))
    parts = {part.key for quarter in whole.children for part in (quarter, *quarter.children)}
    _replace(session, region, set(), {whole.key, *parts}, measure, [])


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


def _replace(
    session: Session, region: Region, owners: set[str], periods: set[str], measure: Measure, rows: list[Target]
) -> None:
    """Put rows in the place of those that the region's target was split to before, and of those of the same owners."""
    for kept in [each for each in session if isinstance(each, Target)]:
        session.expunge(kept)
    its = (col(Target.region_id) == region.id) | col(Target.scope_id).in_(owners)
    old = (col(Target.measure) == measure, col(Target.period).in_(periods), its)
    session.connection().execute(delete(Target).where(*old))
    if rows:
        session.connection().execute(insert(Target), [row.model_dump() for row in rows])


def _months(year: int) -> list[Period]:
    return [Period(PeriodKind.MONTH, date(year, month, 1)) for month in range(1, 13)]
