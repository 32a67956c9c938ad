"""From the rows to a configuration."""

from fractions import Fraction

from sqlmodel import Session, col, select

from bot.configuration.document import (
    AccountPart,
    AgreementPart,
    ChannelPart,
    CompanyPart,
    Document,
    PersonPart,
    RatePart,
    RegionPart,
    RulePart,
    SchedulePart,
    TeamPart,
)
from models.approvals import ApprovalRuleRow
from models.channels import Channel, ChannelKind
from models.joining import identities_of
from models.money import Money
from models.people import Person, duties_of
from models.regions import PersonDataAgreement, Rate, Region, organisation, regions, teams_of
from models.rules.attainment import Measure
from models.schedules import Schedule
from models.targets import Scope, Target


def document_of(session: Session) -> Document:
    """Collect the whole configuration, in the order of the ids."""
    company = organisation(session)
    shared = select(Channel).where(col(Channel.kind).in_((ChannelKind.REGION, ChannelKind.HQ)))
    rules = select(ApprovalRuleRow).order_by(col(ApprovalRuleRow.step), ApprovalRuleRow.id)
    rates = select(Rate).order_by(Rate.currency, Rate.to_currency, col(Rate.from_on))
    return Document(
        company=CompanyPart(
            name=company.name, language=company.language, zone=company.zone, country=company.country,
            locale=company.locale, currency=company.currency,
        ),
        regions=[_region(session, region) for region in regions(session)],
        channels=[_channel(row) for row in session.exec(shared.order_by(Channel.id))],
        people=[_person(session, person) for person in session.exec(select(Person).order_by(Person.id))],
        approvals=[
            RulePart(id=row.id, step=row.step, decider=row.decider, above=Money(row.from_minor, row.currency))
            for row in session.exec(rules)
        ],
        rates=[
            RatePart(
                currency=row.currency, to=row.to_currency, since=row.from_on,
                rate=Fraction(row.numerator, row.denominator),
            )
            for row in session.exec(rates)
        ],
    )  # fmt: skip


def place(country: str, subdivision: str | None) -> str:
    """A country with its state: DE-BY."""
    return f"{country}-{subdivision}" if subdivision else country


def _region(session: Session, region: Region) -> RegionPart:
    agreed = session.get(PersonDataAgreement, region.id)
    schedules = session.exec(select(Schedule).where(Schedule.region_id == region.id).order_by(Schedule.id))
    yearly = select(Target).where(
        Target.scope == Scope.REGION, Target.scope_id == region.id, Target.measure == Measure.SIGNED
    )
    targets = session.exec(yearly.order_by(Target.period))
    return RegionPart(
        id=region.id, name=region.name, zone=region.zone, country=place(region.country, region.subdivision),
        currency=region.currency, locale=region.locale, language=region.language,
        hours=f"{region.opens:%H:%M}-{region.closes:%H:%M}", week=region.working_week,
        person_data=region.person_data,
        agreement=AgreementPart(**agreed.model_dump(exclude={"region_id"})) if agreed else None,
        teams=[
            TeamPart(
                id=team.id, name=team.name, zone=team.zone, language=team.language, locale=team.locale,
                currency=team.currency, country=place(team.country, team.subdivision) if team.country else None,
            )
            for team in teams_of(session, region.id)
        ],
        schedules=[SchedulePart(job=row.job, weekday=row.weekday, at=row.at) for row in schedules],
        targets={int(row.period): row.amount for row in targets if row.period.isdigit()},
    )  # fmt: skip


def _channel(row: Channel) -> ChannelPart:
    return ChannelPart(
        platform=row.platform, workspace=row.workspace, channel=row.external_id, kind=row.kind, name=row.name,
        region=row.region_id,
    )  # fmt: skip


def _person(session: Session, person: Person) -> PersonPart:
    accounts = identities_of(session, person.id)
    return PersonPart(
        id=person.id, name=person.name, rank=person.rank, region=person.region_id, team=person.team_id,
        email=person.email, language=person.language, zone=person.zone, locale=person.locale, currency=person.currency,
        country=place(person.country, person.subdivision) if person.country else None, active=person.active,
        duties=sorted(duties_of(session, person.id)),
        accounts=[AccountPart(platform=one.platform, workspace=one.workspace, user=one.user_id) for one in accounts],
    )  # fmt: skip
