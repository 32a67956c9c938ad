"""Seed the demo: the same people, ten weeks of history and targets for the same first day, every time."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random  # noqa: TID251  seeded: the demo is the same every time

from sqlmodel import Session

from bot.demo import company
from bot.demo.company import DemoRegion
from models import audit
from models.accounts import account_named
from models.approvals import ApprovalRuleRow
from models.bookings import open_deal, record_cash
from models.calendars import is_working_day, local_instant
from models.channels import Channel, ChannelKind
from models.deals import Deal
from models.money import Money
from models.numbers import next_number
from models.people import HeldDuty, Identity, Person
from models.ranks import Duty, Rank
from models.regions import Organisation, PersonDataAgreement, Rate, Region, Team
from models.rules.approval import Decider
from models.rules.attainment import Measure
from models.schedules import Schedule, local_day
from models.splitting import split_year
from models.stages import Stage
from models.timeline import EntryKind

WEEKS = 10
PLATFORM, WORKSPACE = "web", "local"
LATE_STAGES = (Stage.PROPOSAL, Stage.NEGOTIATION, Stage.CONTRACT, Stage.QUALIFIED, Stage.LEAD)
TAGS = ("", "", "", "expansion", "renewal", "new")


def seed(session: Session, now: datetime, new_id: Callable[[], str], button_key: str) -> None:
    """Write the company, its history of ten weeks up to now, its targets, rules and schedules."""
    random = Random(20)  # noqa: S311  plausible figures, not secrets
    session.add(
        Organisation(
            name=company.NAME,
            language=company.LANGUAGE,
            zone=company.ZONE,
            country=company.COUNTRY,
            locale=company.LOCALE,
            currency=company.CURRENCY,
            is_demo=True,
            button_key=button_key,
        )
    )
    _rates(session, now.date())
    for role, step, minimum in company.APPROVAL_LIMITS:
        money = Money.of(minimum, company.CURRENCY)
        session.add(
            ApprovalRuleRow(
                id=f"contract-{role}", step=step, decider=Decider(role), from_minor=money.minor, currency=money.currency
            )
        )
    session.flush()
    for region in company.REGIONS:
        _region(session, region, now)
    _headquarters(session)
    session.flush()
    for region in company.REGIONS:
        _targets(session, region, now)
        _history(session, region, now, new_id, random)
    audit.append(
        session,
        event_id=new_id(),
        at=now,
        actor="demo",
        action="demo.seeded",
        subject=company.NAME,
        facts={"weeks": WEEKS},
    )


def _rates(session: Session, today: date) -> None:
    since = date(today.year - 2, 1, 1)
    for currency, to_dollar in company.RATES.items():
        for other, other_to_dollar in company.RATES.items():
            ratio = to_dollar / other_to_dollar
            session.add(
                Rate(
                    currency=currency,
                    to_currency=other,
                    from_on=since,
                    numerator=ratio.numerator,
                    denominator=ratio.denominator,
                )
            )


def _region(session: Session, facts: DemoRegion, now: datetime) -> None:
    session.add(
        Region(
            id=facts.id,
            name=facts.name,
            zone=facts.zone,
            country=facts.country,
            subdivision=facts.subdivision,
            currency=facts.currency,
            locale=facts.locale,
            language=facts.language,
            person_data=facts.person_data,
        )
    )
    session.flush()
    if facts.country == "DE":
        who, signed_on, document = company.WORKS_AGREEMENT
        session.add(PersonDataAgreement(region_id=facts.id, who=who, signed_on=signed_on, document=document))
    for number, name in enumerate(facts.teams, 1):
        team_id = f"{facts.id}-{number}"
        country, subdivision = company.TEAM_PLACES.get(team_id, (None, None))
        session.add(
            Team(
                id=team_id,
                region_id=facts.id,
                name=name,
                zone=company.TEAM_ZONES.get(team_id),
                country=country,
                subdivision=subdivision,
            )
        )
    session.flush()
    _channel(session, facts.id, facts.name, ChannelKind.REGION, region_id=facts.id)
    for place, (person_id, name, rank) in enumerate(facts.people):
        team = None if rank is Rank.MANAGER else f"{facts.id}-{1 + (place - 1) // 2}"
        _person(session, Person(id=person_id, name=name, rank=rank, region_id=facts.id, team_id=team))
        if person_id in company.DUTIES:
            session.add(HeldDuty(person_id=person_id, duty=company.DUTIES[person_id]))
    session.add(
        Schedule(
            id=f"standup:{facts.id}",
            job="standup",
            region_id=facts.id,
            weekday=0,
            at=time(9),
            from_on=local_day(facts.zone, now),
        )
    )


def _headquarters(session: Session) -> None:
    _channel(session, "hq", "HQ desk", ChannelKind.HQ)
    for person_id, name, rank, duties, language in company.HEADQUARTERS:
        _person(session, Person(id=person_id, name=name, rank=rank, language=language))
        for duty in duties:
            session.add(HeldDuty(person_id=person_id, duty=Duty(duty)))


def _person(session: Session, person: Person) -> None:
    session.add(person)
    session.flush()
    session.add(Identity(platform=PLATFORM, workspace=WORKSPACE, user_id=person.id, person_id=person.id))
    _channel(session, f"dm-{person.id}", "Regatta", ChannelKind.DIRECT, person_id=person.id)


def _channel(session: Session, name_id: str, name: str, kind: ChannelKind, **bound: str) -> None:
    session.add(
        Channel(id=name_id, platform=PLATFORM, workspace=WORKSPACE, external_id=name_id, kind=kind, name=name, **bound)
    )
    session.flush()


def _targets(session: Session, facts: DemoRegion, now: datetime) -> None:
    region = session.get_one(Region, facts.id)
    reps = sum(rank is Rank.REP for _, _, rank in facts.people)
    for year in (now.year - 1, now.year, now.year + 1):
        yearly = Money.of(facts.monthly * 12 * reps, facts.currency)
        split_year(session, region, year, yearly, Measure.SIGNED)


def _history(session: Session, facts: DemoRegion, now: datetime, new_id: Callable[[], str], random: Random) -> None:
    region = session.get_one(Region, facts.id)
    today = local_day(facts.zone, now)
    reps = [session.get_one(Person, person_id) for person_id, _, rank in facts.people if rank is Rank.REP]
    skill = {rep.id: 0.8 + 0.13 * place for place, rep in enumerate(reps)}
    first = today - timedelta(weeks=WEEKS)
    for offset in range((today - first).days):
        day = first + timedelta(days=offset)
        if not is_working_day(region.calendar, day):
            continue
        for rep in reps:
            if random.random() < 0.34:  # noqa: PLR2004  about seven deals a month
                _deal(session, facts, rep, day, today, skill[rep.id], new_id, random)


def _deal(
    session: Session, facts: DemoRegion, rep: Person, day: date, today: date, skill: float,
    new_id: Callable[[], str], random: Random,
) -> None:  # fmt: skip
    at = local_instant(facts.zone, day, time(9 + random.randrange(9), random.randrange(60)))
    typical = facts.monthly / 5 * facts.luck * skill
    steps = 1000 if facts.monthly < 200_000 else 5000  # noqa: PLR2004  round figures, as people write them
    amount = Money.of(max(1, round(typical * random.uniform(0.45, 1.6) / steps)) * steps, facts.currency)
    account = account_named(session, random.choice(facts.accounts), new_id())
    won = random.random() < 0.72 or (today - day).days > 45  # noqa: PLR2004  the older, the surer
    stage = Stage.WON if won else random.choice(LATE_STAGES)
    close_on = day if won else today + timedelta(days=random.randrange(3, 45))
    deal = Deal(
        id=next_number(session, "D"), account_id=account.id, amount_minor=amount.minor, currency=amount.currency,
        close_on=close_on, stage=stage, tags=random.choice(TAGS), owner_id=rep.id, team_id=rep.team_id,
        region_id=facts.id, created_at=at,
    )  # fmt: skip
    open_deal(session, deal, now=at, today=day)
    if won and random.random() < 0.6 and (today - day).days > 14:  # noqa: PLR2004  most pay within weeks
        paid_on = day + timedelta(days=10)
        record_cash(session, deal, EntryKind.INVOICED, amount, day + timedelta(days=2), now=at, person_id=rep.id)
        record_cash(session, deal, EntryKind.COLLECTED, amount, paid_on, now=at + timedelta(days=10), person_id=rep.id)
