"""How far somebody has come: kept totals against targets, priced in one currency."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache, partial
from types import MappingProxyType

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from models.calendars import Calendar, is_working_day, working_days
from models.deals import Deal
from models.homes import calendar_of
from models.money import Money
from models.people import Person
from models.prepared import Prepared
from models.prices import Prices
from models.ranks import Rank
from models.regions import Region, place_of
from models.rollups import Rollup, totals
from models.rules.attainment import Attainment, Measure, pace
from models.rules.periods import DateRange, Period, PeriodKind, period_of
from models.rules.targets import week_target
from models.stages import Stage
from models.targets import Scope, Target, targets

MEASURE = Measure.SIGNED
_REPS_MONTHS = Prepared(
    lambda _: select(Person.id, Rollup.currency, Rollup.minor)
    .add_columns(col(Target.currency), col(Target.minor))
    .outerjoin(
        Rollup,
        (col(Rollup.person_id) == Person.id) & (col(Rollup.kind) == PeriodKind.MONTH)
        & (col(Rollup.start_on) == bindparam("start")) & (col(Rollup.measure) == MEASURE),
    )
    .outerjoin(
        Target,
        (col(Target.scope) == Scope.PERSON) & (col(Target.scope_id) == Person.id)
        & (col(Target.period) == bindparam("key")) & (col(Target.measure) == MEASURE),
    )
    .where(col(Person.active), col(Person.region_id) == bindparam("region_id"), col(Person.rank) == Rank.REP)
)  # fmt: skip


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
    return progress_of_all(session, scope, {scope_id: region}, period, on)[scope_id]


def progress_of_all(
    session: Session,
    scope: Scope,
    owners: Mapping[str, Region],
    period: Period,
    on: date,
    calendars: Mapping[str, Calendar] = MappingProxyType({}),
) -> dict[str, Progress]:
    """Compute it for several at once, each in its own region's currency, with the same few queries as for one.

    `calendars` are those of owners who do not keep their region's; the pace follows them.
    """
    sums = totals(session, period, MEASURE, f"{scope.value}_id", owners)
    prices = Prices(session, min(on, period.end))
    goals = _goals(prices, scope, owners, period)
    kept = {key: calendars.get(key) or region.calendar for key, region in owners.items()}
    paces = {calendar: pace_in(calendar, period, on) for calendar in set(kept.values())}
    found = {}
    for key, region in owners.items():
        monies, count = sums.get(key, ([], 0))
        amount, unpriced = prices.sum(monies, region.currency)
        attainment = Attainment(amount, goals.get(key))
        found[key] = Progress(period, MEASURE, attainment, count, paces[kept[key]], unpriced)
    return found


def _goals(prices: Prices, scope: Scope, owners: Mapping[str, Region], period: Period) -> dict[str, Money]:
    """The targets of a period by owner; a week's is the sum of its shares of the months that it touches.

    Each is in its region's currency: a target came along from another region with whoever moved. What has no rate is
    no target.
    """
    asked = period.months if period.kind is PeriodKind.WEEK else (period,)
    given = targets(prices.session, scope, owners, [part.key for part in asked], MEASURE)
    goals = {}
    for owner, region in owners.items():
        found = {part: given[owner, part.key] for part in asked if (owner, part.key) in given}
        priced = {part: prices.priced(amount, region.currency) for part, amount in found.items()}
        goal = _goal({part: amount.minor for part, amount in priced.items() if amount is not None}, period, region)
        if goal is not None:
            goals[owner] = Money(goal, region.currency)
    return goals


def _goal(minor: Mapping[Period, int], period: Period, region: Region) -> int | None:
    if period.kind is not PeriodKind.WEEK:
        return minor.get(period)
    return week_target(minor, period, partial(is_working_day, region.calendar))


@lru_cache(maxsize=1024)
def pace_in(calendar: Calendar, period: Period, on: date) -> Fraction:
    """The share of the period's working days that are over at the end of a day."""
    elapsed = working_days(calendar, period.start, min(on, period.end)) if on >= period.start else 0
    return pace(elapsed, working_days(calendar, period.start, period.end))


@dataclass(frozen=True, slots=True)
class OwnStanding:
    """A person's month, for them alone: how far they have come, and their place among the region's reps."""

    progress: Progress
    rank: int
    of: int


def own_progress(session: Session, person: Person, region: Region, period: Period, on: date) -> Progress:
    """How far a person has come in a period, by the calendar that holds for them."""
    own = {person.id: own_calendar(session, person, region)}
    return progress_of_all(session, Scope.PERSON, {person.id: region}, period, on, own)[person.id]


def own_calendar(session: Session, person: Person, region: Region) -> Calendar:
    """Whose holidays hold for a person."""
    return calendar_of(region, place_of(session, person.team_id) if person.team_id else None, person)


def own_standing(session: Session, person: Person, region: Region, on: date) -> OwnStanding:
    """Compute a person's month, and their place by the share of its target that each rep has reached."""
    month = period_of(PeriodKind.MONTH, on)
    own = own_progress(session, person, region, month, on)
    share = own.attainment.percent or Fraction(0)
    reps = _reps_months(session, region, month, on)
    ahead = sum(minor * share.denominator > share.numerator * goal for minor, goal in reps)
    return OwnStanding(own, 1 + ahead, len(reps))


def _reps_months(session: Session, region: Region, month: Period, on: date) -> list[tuple[int, int]]:
    """What each of a region's reps has signed in a month and their target, in minor units; 0 of 1 without a target.

    What was signed in one currency is added up before it is priced, as everywhere: each price is rounded.
    """
    prices, currency = Prices(session, min(on, month.end)), region.currency
    signed: dict[str, dict[str, int]] = {}
    goals: dict[str, int] = {}
    rows = _REPS_MONTHS.rows(session, region_id=region.id, start=month.start, key=month.key)
    for rep, sold_in, minor, set_in, goal in rows:
        sums = signed.setdefault(rep, {})
        if sold_in:
            sums[sold_in] = sums.get(sold_in, 0) + minor
        target = prices.priced(Money(goal, set_in), currency) if set_in else None
        goals[rep] = target.minor if target else 0
    return [
        (prices.sum(map(Money, sums.values(), sums), currency)[0].minor, goals[rep]) if goals[rep] > 0 else (0, 1)
        for rep, sums in signed.items()
    ]


def own_signed(session: Session, person: Person, region: Region, days: DateRange, on: date) -> Money:
    """What a person's deals signed on these days come to, in the region's currency."""
    query = select(Deal).where(Deal.owner_id == person.id, col(Deal.void).is_(False), Deal.stage == Stage.WON)
    signed = query.where(col(Deal.signed_on) >= days.start, col(Deal.signed_on) <= days.end)
    monies = [deal.amount for deal in session.exec(signed)]
    return Prices(session, min(on, days.end)).sum(monies, region.currency)[0]


def own_amount(session: Session, person: Person, region: Region, on: date) -> Money:
    """What a person's month has come to, in the region's currency."""
    month = period_of(PeriodKind.MONTH, on)
    monies, _ = totals(session, month, MEASURE, "person_id", [person.id]).get(person.id, ([], 0))
    return Prices(session, min(on, month.end)).sum(monies, region.currency)[0]
