"""Targets: what HQ asks of a region for a year, split to the cent, and a look at it."""

from collections.abc import Callable, Mapping
from datetime import date

from handlers.command import (
    ADMINS,
    HQ_OR_ADMIN,
    KEPT,
    MANAGERS,
    NOTHING_PERSONAL,
    Example,
    PersonalData,
    Scope,
    command,
)
from models.audit import ANSWERED
from models.cards import target as card
from models.cards.steps import step_card
from models.configuring import Changes
from models.context import Asked, Reply, UserError
from models.message import Message
from models.money import Money
from models.people import people_in
from models.ranks import Rank
from models.regions import Region, Team, regions, teams_of
from models.rules.attainment import Measure
from models.rules.periods import Period, PeriodKind
from models.targets import RemoveTarget, SetTarget, ShowTargets, target, targets
from models.targets import Scope as Whose
from models.text import Text

MEASURE = Measure.SIGNED
FURTHEST_YEARS = 5

PERSONAL = PersonalData(
    ("target.scope_id",),
    Text("to show each person their own target and attainment"),
    KEPT,
    Text("the person, their manager and HQ"),
)


@command(
    SetTarget,
    en=("target", "set target"),
    zh=("目标", "设定目标"),
    requires=HQ_OR_ADMIN,
    scope=Scope.COMPANY,
    audit="target.set",
    summary=Text("Give a region its target for a year"),
    example=Example("target United States 6m USD 2027", "目标 华东 4000万 2027"),
    personal=PERSONAL,
    whole=True,
)
def set_target(asked: Asked, wanted: SetTarget) -> Reply:
    """Write the year and everything below it: quarters, months, teams, people."""
    region = _region(asked, wanted.region)
    year = wanted.year or asked.today.year
    if not asked.today.year - 1 <= year <= asked.today.year + FURTHEST_YEARS:
        raise UserError(Text("{year} is too far away for a target; name this year or the next.", year=str(year)))
    amount = _in_currency_of(asked, region, wanted.amount)
    whole = Period(PeriodKind.YEAR, date(year, 1, 1))
    before = target(asked.session, Whose.REGION, region.id, whole.key, MEASURE)
    if before is not None and before != amount and wanted.replaces != before.minor:
        return Reply(card.replacement(region, whole, before, amount), private=True, subject=region.id, action=ANSWERED)
    is_new = Changes(asked.session, asked.event_id, asked.now, asked.person.id).set_target(region, year, amount)
    facts: dict[str, object] = {"year": year, "minor": amount.minor, "currency": amount.currency}
    shown, action = _shown(asked, region, whole, card.in_short), None if is_new else ANSWERED
    return Reply(shown, private=True, subject=region.id, facts=facts, action=action)


@command(
    RemoveTarget,
    en=("no target", "remove target"),
    zh=("取消目标", "删除目标"),
    requires=HQ_OR_ADMIN,
    scope=Scope.COMPANY,
    audit="target.removed",
    summary=Text("Take a region's target for a year away"),
    example=Example("no target United States 2027", "取消目标 华东 2027"),
    personal=PERSONAL,
    whole=True,
)
def remove_target(asked: Asked, wanted: RemoveTarget) -> Reply:
    """The year and everything below it goes; the same line as before sets it again."""
    region = _region(asked, wanted.region)
    whole = Period(PeriodKind.YEAR, date(wanted.year or asked.today.year, 1, 1))
    before = target(asked.session, Whose.REGION, region.id, whole.key, MEASURE)
    if before is None:
        raise UserError(Text("{region} has no target for {year}.", region=region.name, year=whole), "year")
    Changes(asked.session, asked.event_id, asked.now, asked.person.id).set_target(region, whole.start.year, None)
    shown = card.removed(region, whole, before, asked.event_id if asked.person.rank is Rank.ADMIN else None)
    facts: dict[str, object] = {"year": whole.start.year}
    return Reply(shown, private=True, card=step_card(asked.event_id), subject=region.id, facts=facts)


@command(
    ShowTargets,
    en=("targets",),
    zh=("查看目标", "目标分解"),
    requires=MANAGERS | ADMINS,
    scope=Scope.REGION,
    audit="target.shown",
    summary=Text("Show targets and how they add up"),
    example=Example("targets 2027", "目标分解 2027"),
    personal=NOTHING_PERSONAL,
    whole=True,
)
def show_targets(asked: Asked, wanted: ShowTargets) -> Reply:
    """Show one region's year, every month of it where the region is named, or every region's to HQ."""
    whole = Period(PeriodKind.YEAR, date(wanted.year or asked.today.year, 1, 1))
    number = wanted.region or (asked.region.id if asked.region else None)
    if number is None:
        rows = [
            (each, target(asked.session, Whose.REGION, each.id, whole.key, MEASURE)) for each in regions(asked.session)
        ]
        return Reply(card.overview(whole, MEASURE, rows), private=True)
    region = _region(asked, number)
    return Reply(_shown(asked, region, whole, card.of_region if wanted.region else card.in_short), private=True)


def _region(asked: Asked, region_id: str) -> Region:
    region = asked.session.get(Region, region_id)
    if region is None:
        raise UserError(Text("There is no region “{name}”; choose one of the list.", name=region_id))
    return region


def _in_currency_of(asked: Asked, region: Region, amount: Money) -> Money:
    """Take an amount without a currency as the region's; refuse another currency."""
    meant = asked.meant_in(amount, region.currency)
    if meant.currency == region.currency:
        return meant
    raise UserError(
        Text(
            "{region} counts in {currency}; write the amount in {currency}.",
            region=region.name,
            currency=region.currency,
        )
    )


def _shown(asked: Asked, region: Region, year: Period, draw: Callable[..., Message]) -> Message:
    teams = teams_of(asked.session, region.id)
    return draw(region, year, MEASURE, [team.name for team in teams], _lines(asked, region, teams, year))


def _lines(asked: Asked, region: Region, teams: list[Team], year: Period) -> list[card.TargetLine]:
    reps = people_in(asked.session, region.id, Rank.REP)
    people = [person.id for person in reps]
    alone = [person.id for person in reps if person.team_id is None]
    periods = (year, *(part for quarter in year.children for part in (quarter, *quarter.children)))
    keys = [period.key for period in periods]
    of_region = targets(asked.session, Whose.REGION, [region.id], keys, MEASURE)
    by_team = targets(asked.session, Whose.TEAM, [team.id for team in teams], keys, MEASURE, region.id)
    by_person = targets(asked.session, Whose.PERSON, people, keys, MEASURE, region.id)
    lines = []
    for period in periods:
        amount = of_region.get((region.id, period.key))
        if amount is not None:
            of_teams = tuple(_sum(by_team, [team.id], period, amount) for team in teams)
            of_people = _sum(by_person, people, period, amount) if people else None
            lines.append(card.TargetLine(period, amount, of_teams, of_people, _sum(by_person, alone, period, amount)))
    return lines


def _sum(found: Mapping[tuple[str, str], Money], ids: list[str], period: Period, whole: Money) -> Money:
    amounts = (found.get((owner, period.key)) for owner in ids)
    return sum((amount for amount in amounts if amount is not None), Money(0, whole.currency))
