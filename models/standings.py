"""How far somebody has come: kept totals against targets, priced in one currency."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlmodel import Session

from models.calendars import Calendar, is_working_day, working_days
from models.money import Money
from models.people import Person, people_in
from models.ranks import Rank
from models.regions import Region, converted
from models.rollups import totals
from models.rules.attainment import Attainment, Measure, pace
from models.rules.periods import Period, PeriodKind, parse_key, period_of
from models.rules.targets import week_target
from models.targets import Scope, month_targets, target

MEASURE = Measure.SIGNED


@dataclass(frozen=True, slots=True)
class Progress:
    """A period's total against its target. `unpriced` are currencies without a rate: counted, not priced."""

    period: Period
    measure: Measure
    attainment: Attainment
    count: int
    pace: Fraction
    unpriced: tuple[str, ...] = ()


def progress(session: Session, scope: Scope, scope_id: str, region: Region, period: Period, on: date) -> Progress:
    """Compute how far a region, team or person has come in a period by a local day, in the region's currency."""
    sums, count = totals(session, period, MEASURE, **{f"{scope.value}_id": scope_id})
    amount, unpriced = Money(0, region.currency), []
    for money in sums:
        priced = converted(session, money, region.currency, min(on, period.end))
        if priced is None:
            unpriced.append(money.currency)
        else:
            amount += priced
    goal = goal_of(session, scope, scope_id, region, period)
    return Progress(
        period, MEASURE, Attainment(amount, goal), count, pace_in(region.calendar, period, on), tuple(unpriced)
    )


def goal_of(session: Session, scope: Scope, scope_id: str, region: Region, period: Period) -> Money | None:
    """The target of a period; a week's is the sum of its shares of the months that it touches."""
    if period.kind is not PeriodKind.WEEK:
        return target(session, scope, scope_id, period.key, MEASURE)
    months = {parse_key(key): money.minor for key, money in month_targets(session, scope, scope_id, MEASURE).items()}
    minor = week_target(months, period, lambda day: is_working_day(region.calendar, day))
    return None if minor is None else Money(minor, region.currency)


def pace_in(calendar: Calendar, period: Period, on: date) -> Fraction:
    """The share of the period's working days that are over at the end of a day."""
    elapsed = working_days(calendar, period.start, min(on, period.end)) if on >= period.start else 0
    return pace(elapsed, working_days(calendar, period.start, period.end))


def own_rank(session: Session, person: Person, region: Region, on: date) -> tuple[int, int]:
    """A rep's place among the region's reps by this month's attainment, and how many they are."""
    month = period_of(PeriodKind.MONTH, on)
    mine = progress(session, Scope.PERSON, person.id, region, month, on).attainment.percent or Fraction(0)
    reps = people_in(session, region.id, Rank.REP)
    others = (progress(session, Scope.PERSON, rep.id, region, month, on).attainment.percent for rep in reps)
    return 1 + sum((other or Fraction(0)) > mine for other in others), len(reps)
