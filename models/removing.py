"""Removing: a region or a team goes when nothing hangs on it; else what does is named, and what to do about it.

A limit and a rate go at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, SQLModel, col, delete, select
from sqlmodel.sql.expression import SelectOfScalar

from models.approvals import ApprovalRequest, ApprovalRuleRow
from models.channels import Channel, ChannelKind
from models.configuring import Changes
from models.deals import Deal
from models.intent import intent
from models.people import Person
from models.policies import PolicyReach
from models.regions import PersonDataAgreement, Rate, Region, Team, teams_of
from models.rules.approval import Decider
from models.schedules import Schedule, SlotRun, local_day
from models.slots import DeciderSlot, NewTeam, RegionId, Unit
from models.stages import Stage
from models.standups import CheckIn, StandUp
from models.targets import Scope, Target
from models.text import Plural, Text, Value, listed

MOST_NAMED = 3
_YEAR = len("2027")


@intent("setup_no_region")
@dataclass(frozen=True, slots=True)
class RemoveRegion:
    """Remove a region on which nothing hangs."""

    region: RegionId


@intent("setup_no_team")
@dataclass(frozen=True, slots=True)
class RemoveTeam:
    """Remove a team on which nothing hangs."""

    name: NewTeam
    region: RegionId | None = None


@intent("setup_no_limit")
@dataclass(frozen=True, slots=True)
class RemoveLimit:
    """Let contracts need this decider no more."""

    decider: DeciderSlot


@intent("setup_no_rate")
@dataclass(frozen=True, slots=True)
class RemoveRate:
    """Take a currency's newest rate away; the one before it holds again."""

    currency: Unit


def hangs_on_region(session: Session, region: Region, now: datetime) -> list[Text]:
    """What keeps a region, a sentence each with what to do."""
    found = _people(session, col(Person.region_id) == region.id) + _deals(session, col(Deal.region_id) == region.id)
    years = [row.period for row in _targets(session, Scope.REGION, region.id) if len(row.period) == _YEAR]
    if years:
        found.append(Text("a target ({years}), to be taken away with `no target`", years=listed(sorted(years))))
    open_until = session.exec(select(StandUp).where(StandUp.region_id == region.id, StandUp.closes_at > now)).first()
    if open_until is not None:
        found.append(Text("a stand-up that is open until {at}", at=open_until.closes_at))
    return found or _history(
        session, col(Person.region_id) == region.id, col(Deal.region_id) == region.id,
        select(ApprovalRequest.id).where(ApprovalRequest.region_id == region.id),
        select(PolicyReach.policy_id).where(PolicyReach.region_id == region.id),
        select(CheckIn.person_id).join(StandUp, col(StandUp.id) == CheckIn.stand_up_id).where(
            StandUp.region_id == region.id
        ),
    )  # fmt: skip


def hangs_on_team(session: Session, team: Team) -> list[Text]:
    """What keeps a team, a sentence each with what to do."""
    found = _people(session, col(Person.team_id) == team.id) + _deals(session, col(Deal.team_id) == team.id)
    return found or _history(session, col(Person.team_id) == team.id, col(Deal.team_id) == team.id)


def remove_region(changes: Changes, region: Region) -> None:
    """Take a region away with its Monday and its teams; its channels are nobody's. Undone, it begins anew tomorrow."""
    session = changes.session
    session.execute(delete(StandUp).where(col(StandUp.region_id) == region.id))
    for schedule in session.exec(select(Schedule).where(Schedule.region_id == region.id)).all():
        ran = delete(SlotRun).where(col(SlotRun.schedule_id) == schedule.id)
        if session.execute(ran).rowcount:  # type: ignore[attr-defined]
            schedule.from_on = local_day(region.zone, changes.at) + timedelta(days=1)
        changes.drop(schedule)
    for channel in session.exec(select(Channel).where(Channel.region_id == region.id)).all():
        changes.put(Channel(**{**channel.model_dump(), "region_id": None, "kind": ChannelKind.UNBOUND}))
    rows: list[SQLModel] = list(teams_of(session, region.id))
    rows += session.exec(select(PersonDataAgreement).where(PersonDataAgreement.region_id == region.id)).all()
    for row in (*rows, region):
        changes.drop(row)


def remove_team(changes: Changes, region: Region, team: Team) -> list[str]:
    """Take a team away; the region's targets of this year and later are split anew among those who are there.

    Returns the years whose split is another one now.
    """
    this_year = str(local_day(region.zone, changes.at).year)
    years = {row.period[:_YEAR] for row in _targets(changes.session, Scope.TEAM, team.id)}
    changes.drop(team)
    return [year for year in sorted(years) if year >= this_year and changes.split_anew(region, int(year))]


def remove_limit(changes: Changes, decider: Decider) -> bool:
    """Take away the rules that name a decider; false where there are none. What waits keeps its steps."""
    rows = changes.session.exec(select(ApprovalRuleRow).where(ApprovalRuleRow.decider == decider)).all()
    for row in rows:
        changes.drop(row)
    return bool(rows)


def remove_rate(changes: Changes, currency: str, company: str) -> Rate | None:
    """Take away a currency's newest rate in the company's, and its inverse of that day; none where there is none.

    Returns the rate as it was.
    """
    query = select(Rate).where(Rate.currency == currency, Rate.to_currency == company)
    newest = changes.session.exec(query.order_by(col(Rate.from_on).desc())).first()
    if newest is None:
        return None
    was = Rate(**newest.model_dump())
    inverse = changes.session.get(Rate, (company, currency, newest.from_on))
    for row in (newest, inverse):
        if row is not None:
            changes.drop(row)
    return was


def _people(session: Session, here: ColumnElement[bool]) -> list[Text]:
    names = session.exec(select(Person.name).where(here, col(Person.active)).order_by(Person.name)).all()
    if not names:
        return []
    count = Plural("{n} person", "{n} people", len(names))
    return [Text("{people} ({names}), to be moved with `setup person`", people=count, names=_named(names))]


def _deals(session: Session, here: ColumnElement[bool]) -> list[Text]:
    ended = col(Deal.stage).in_((Stage.WON, Stage.LOST))
    query = select(Deal.id).where(here, col(Deal.void).is_(False), col(Deal.stage).is_(None) | ~ended)
    numbers = session.exec(query.order_by(Deal.id)).all()
    if not numbers:
        return []
    count = Plural("{n} open deal", "{n} open deals", len(numbers))
    return [Text("{deals} ({names}), to be won, lost or taken back", deals=count, names=_named(numbers))]


def _history(
    session: Session, person: ColumnElement[bool], deal: ColumnElement[bool], *others: SelectOfScalar[str]
) -> list[Text]:
    """Say that history stands on it, where it does: such a row stays for good."""
    kept = (select(Person.id).where(person), select(Deal.id).where(deal), *others)
    if not any(session.exec(query.limit(1)).first() for query in kept):
        return []
    return [Text("history for good: past deals, stand-ups, policies or people who left")]


def _targets(session: Session, scope: Scope, scope_id: str) -> list[Target]:
    return list(session.exec(select(Target).where(Target.scope == scope, Target.scope_id == scope_id)))


def _named(names: Sequence[str]) -> Value:
    shown: list[Value] = [*names[:MOST_NAMED]]
    return listed([*shown, "…"] if len(names) > MOST_NAMED else shown)
