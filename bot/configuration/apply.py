"""From a configuration to the rows: what it says is put, and only with `prune` does what it leaves out go."""

from collections.abc import Callable, Iterator
from datetime import datetime, time

from sqlmodel import Session, SQLModel, col, select

from bot.configuration.checks import check, check_against
from bot.configuration.document import ChannelPart, Document, PersonPart, RegionPart
from bot.configuration.telling import named, told
from bot.configuration.yaml_file import Source
from bot.faults import FaultError
from bot.founding import found
from handlers.grammar.places import parts_of
from models.approvals import ApprovalRuleRow
from models.channels import Channel, ChannelKind
from models.configuring import CONFIGURED, Changes, ConfigChange, InUseError
from models.context import Context
from models.joining import chat_at, identities_of, join, part
from models.people import HeldDuty, Identity, Person, duties_of, people_in, with_account
from models.ranks import Rank
from models.regions import Organisation, PersonDataAgreement, Rate, Region, Team
from models.schedules import Schedule, local_day
from models.succession import hand_on_after_changes
from models.unit import Unit

ACTOR = "config file"


def apply(
    unit: Unit, source: Source, event_id: str, now: datetime, new_id: Callable[[], str], *, prune: bool = False
) -> list[str]:
    """Make the company stand as the file says; the lines that tell what changed. Raise FaultError with a line."""
    check(source)
    check_against(unit, source)
    had_admin = _has_admin(unit)
    changes, document = Changes(unit, event_id, now, ACTOR), source.document
    country, _ = parts_of(document.company.country)
    company = {**found(unit).model_dump(), **document.company.model_dump(), "country": country}
    kept: list[SQLModel] = [Organisation(**company), *_rows(unit, document, now)]
    for row in kept:
        changes.put(row)
    _people(changes, document.people)
    for region in document.regions:
        for year, amount in region.targets.items():
            changes.set_target(unit.get_one(Region, region.id), year, amount)
    left = _left_out(unit, kept)
    if prune:
        _prune(changes, left)
        left = []
    if had_admin and not _has_admin(unit):
        raise FaultError("Nobody with an account would be an administrator any more: write one into the file.")
    hand_on_after_changes(Context(unit, now, event_id, new_id))
    rows = unit.exec(select(ConfigChange).where(ConfigChange.event_id == event_id).order_by(col(ConfigChange.id)))
    return [*(told(row) for row in rows), *(f"  left as it is, not in the file: {named(row)}" for row in left)]


def _has_admin(session: Session) -> bool:
    return bool(with_account(session, [admin.id for admin in people_in(session, None, Rank.ADMIN)]))


def _rows(session: Session, document: Document, now: datetime) -> Iterator[SQLModel]:
    """The rows as they will stand, each after what it refers to."""
    for region in document.regions:
        yield from _region(session, region, now)
    for person in document.people:
        facts = person.model_dump(exclude={"region", "team", "duties", "accounts", "country"})
        country, state = _place(person.country)
        yield Person(
            **facts, region_id=person.region, team_id=person.team, country=country, subdivision=state,
        )  # fmt: skip
    for channel in document.channels:
        yield _channel(session, channel)
    for rule in document.approvals:
        yield ApprovalRuleRow(
            id=rule.id, step=rule.step, decider=rule.decider, from_minor=rule.above.minor, currency=rule.above.currency
        )
    for rate in document.rates:
        yield Rate(
            currency=rate.currency, to_currency=rate.to, from_on=rate.since, numerator=rate.rate.numerator,
            denominator=rate.rate.denominator,
        )  # fmt: skip


def _region(session: Session, said: RegionPart, now: datetime) -> Iterator[SQLModel]:
    country, state = parts_of(said.country)
    opens, _, closes = said.hours.partition("-")
    yield Region(
        id=said.id, name=said.name, zone=said.zone, country=country, subdivision=state, currency=said.currency,
        locale=said.locale, language=said.language, person_data=said.person_data, opens=time.fromisoformat(opens),
        closes=time.fromisoformat(closes), working_week=said.week,
    )  # fmt: skip
    if said.agreement is not None:
        yield PersonDataAgreement(region_id=said.id, **said.agreement.model_dump())
    for team in said.teams:
        country_, state_ = _place(team.country)
        facts = team.model_dump(exclude={"country"})
        yield Team(**facts, region_id=said.id, country=country_, subdivision=state_)
    for schedule in said.schedules:
        kept = session.get(Schedule, f"{schedule.job}:{said.id}")
        yield Schedule(
            id=f"{schedule.job}:{said.id}", job=schedule.job, region_id=said.id, weekday=schedule.weekday,
            at=schedule.at, from_on=kept.from_on if kept is not None else local_day(said.zone, now),
        )  # fmt: skip


def _channel(session: Session, said: ChannelPart) -> Channel:
    """The channel at that place, whatever it is called in the rows."""
    kept = chat_at(session, said.platform, said.workspace, said.channel)
    return Channel(
        id=kept.id if kept is not None else f"{said.platform}:{said.workspace}:{said.channel}",
        platform=said.platform, workspace=said.workspace, external_id=said.channel, kind=said.kind, name=said.name,
        region_id=said.region,
    )  # fmt: skip


def _place(country: str | None) -> tuple[str | None, str | None]:
    return parts_of(country) if country else (None, None)


def _people(changes: Changes, people: list[PersonPart]) -> None:
    """Everybody has exactly the duties and accounts that the file gives them; first what goes, then what comes."""
    session = changes.session
    for person in people:
        for duty in sorted(duties_of(session, person.id) - set(person.duties)):
            changes.drop(session.get_one(HeldDuty, (person.id, duty)))
        wanted = {(one.platform, one.workspace, one.user) for one in person.accounts}
        for identity in identities_of(session, person.id):
            if (identity.platform, identity.workspace, identity.user_id) not in wanted:
                part(changes, identity)
    for person in people:
        row = session.get_one(Person, person.id)
        for duty in person.duties:
            changes.put(HeldDuty(person_id=person.id, duty=duty))
        for one in person.accounts:
            held = session.get(Identity, (one.platform, one.workspace, one.user))
            if held is None or held.person_id != person.id:
                join(changes, row, one.platform, one.workspace, one.user)


def _left_out(session: Session, kept: list[SQLModel]) -> list[SQLModel]:
    """The rows that the file says nothing of; duties, accounts and direct chats go with their person."""
    known = {named(row) for row in kept}
    kinds = [kind for kind in CONFIGURED if kind not in (Organisation, HeldDuty, Identity)]
    rows = [row for kind in kinds for row in session.exec(select(kind)).all()]
    shared = [row for row in rows if not (isinstance(row, Channel) and row.kind in _OWN)]
    return [row for row in shared if named(row) not in known and not (isinstance(row, Person) and not row.active)]


_OWN = (ChannelKind.DIRECT, ChannelKind.UNBOUND)


def _prune(changes: Changes, rows: list[SQLModel]) -> None:
    """Remove what the file leaves out; a person only loses their rights, since history names them."""
    for row in reversed(rows):
        if isinstance(row, Person):
            for identity in identities_of(changes.session, row.id):
                part(changes, identity)
            changes.put(Person(**{**row.model_dump(), "active": False}))
            continue
        try:
            changes.drop(row)
        except InUseError as error:
            raise FaultError(f"{error}, so it cannot go: write it into the file again.") from error
