"""Policies: what HQ announces, to whom, and who has read and understood it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Annotated

from sqlalchemy import func, update
from sqlmodel import Field, Session, SQLModel, col, select

from models.calendars import add_working_days, local_instant, next_working_day, next_working_instant
from models.columns import UtcDateTime, choice
from models.databases import insert_once
from models.events import EventKind, record
from models.intent import Slot, intent
from models.people import Person
from models.regions import Region
from models.rules.policies import language_missing, language_shown, written_in
from models.schedules import local_day
from models.slots import PolicyNumber, Title
from models.text import Text
from models.told import person_told

SEND, DEADLINE = "policy-send", "policy-deadline"
FEWEST_TIMED = 3


@intent("policy")
@dataclass(frozen=True, slots=True)
class DraftPolicy:
    """Write a policy, or rewrite the draft `policy` as it was at `version`; a preview comes before it is sent."""

    title: Title
    text: Annotated[str, Slot("words", Text("Text in English"), "textarea")]
    audience: Annotated[tuple[str, ...], Slot("audience", Text("Audience"), "multiselect")]
    deadline: Annotated[date, Slot("date", Text("Deadline"), "date")]
    title_zh: Annotated[str, Slot("words", Text("Title in Chinese"))] | None = None
    text_zh: Annotated[str, Slot("words", Text("Text in Chinese"), "textarea")] | None = None
    link: Annotated[str, Slot("url", Text("Link"), "url")] | None = None
    policy: str | None = None
    version: int | None = None


@intent("send")
@dataclass(frozen=True, slots=True)
class SendPolicy:
    """Send a policy at each region's next working hour, or at once; `version` is what the button's preview showed."""

    policy: PolicyNumber
    at_once: bool = False
    version: int | None = None


@intent("acknowledge")
@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Say that one has read and understood a policy."""

    policy: PolicyNumber


@intent("policies")
@dataclass(frozen=True, slots=True)
class ShowPolicies:
    """List the policies in force and how far each has reached."""


class PolicyState(StrEnum):
    """Where a policy stands."""

    DRAFT = "draft"
    SENT = "sent"


class Policy(SQLModel, table=True):
    """A policy in up to two languages. `audience` is region ids, `deadline` the local day at whose close it is due.

    `version` goes up with every rewriting of the draft; `title` and `text` are in the language that it was written in,
    which may be Chinese.
    """

    id: str = Field(primary_key=True)
    version: int = 1
    title: str
    text: str
    title_zh: str | None = None
    text_zh: str | None = None
    link: str | None = None
    audience: str
    deadline: date
    author_id: str = Field(foreign_key="person.id")
    state: PolicyState = Field(default=PolicyState.DRAFT, sa_type=choice(PolicyState))
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def region_ids(self) -> tuple[str, ...]:
        """The regions that get it."""
        return tuple(self.audience.split())

    @property
    def written(self) -> str:
        """The language of title and text."""
        return written_in(f"{self.title} {self.text}")

    @property
    def language_missing(self) -> str | None:
        """The language that it lacks."""
        return language_missing(self.written, has_chinese=self.text_zh is not None)

    def language_for(self, reader: str) -> str:
        """The language in which a reader gets it."""
        return language_shown(reader, self.written, has_chinese=self.text_zh is not None)

    def title_in(self, language: str) -> str:
        """The title in a language, or in the one that exists."""
        return (self.title_zh if language == "zh" else None) or self.title

    def text_in(self, language: str) -> str:
        """The text in a language, or in the one that exists."""
        return (self.text_zh if language == "zh" else None) or self.text


class PolicyReach(SQLModel, table=True):
    """A policy on its way to one region. `reminded` is how many people the deadline had to remind; none before it."""

    __tablename__ = "policy_reach"
    policy_id: str = Field(primary_key=True, foreign_key="policy.id")
    region_id: str = Field(primary_key=True, foreign_key="region.id")
    send_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reminded: int | None = None


class Acknowledgement(SQLModel, table=True):
    """Who has read and understood which version, and when."""

    policy_id: str = Field(primary_key=True, foreign_key="policy.id")
    version: int = Field(primary_key=True)
    person_id: str = Field(primary_key=True, foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)


def arrival(region: Region, now: datetime, *, at_once: bool) -> datetime:
    """When a policy that is sent now reaches a region: at once, or at its next working hour."""
    return now if at_once else next_working_instant(region.calendar, now)


def due_at(region: Region, deadline: date, arrives_at: datetime) -> datetime:
    """When people have to have read it: the close of work on the deadline, or on the first working day after that.

    What arrives after that close is due at the next one.
    """
    day = next_working_day(region.calendar, max(deadline, local_day(region.zone, arrives_at)))
    while (close := local_instant(region.zone, day, region.closes)) <= arrives_at:
        day = add_working_days(region.calendar, day, 1)
    return close


def pending(session: Session, policy: Policy, region_id: str) -> list[Person]:
    """The region's active people who have not acknowledged the version in force."""
    said = select(Acknowledgement.person_id).where(
        Acknowledgement.policy_id == policy.id, Acknowledgement.version == policy.version
    )
    query = select(Person).where(Person.region_id == region_id, col(Person.active), col(Person.id).not_in(said))
    return list(session.exec(query.order_by(Person.name)))


def unread(session: Session, person: Person) -> list[tuple[Policy, PolicyReach]]:
    """What has arrived in a person's region and was not acknowledged by them in the version in force, oldest first."""
    arrived = (col(PolicyReach.policy_id) == Policy.id) & col(PolicyReach.sent_at).is_not(None)
    said = (col(Acknowledgement.policy_id) == Policy.id) & (col(Acknowledgement.version) == Policy.version)
    query = select(Policy, PolicyReach).join(PolicyReach, arrived)
    query = query.outerjoin(Acknowledgement, said & (col(Acknowledgement.person_id) == person.id))
    query = query.where(PolicyReach.region_id == person.region_id, col(Acknowledgement.person_id).is_(None))
    return list(session.exec(query.order_by(col(PolicyReach.sent_at), Policy.id)))


def reach(session: Session, policy: Policy) -> list[tuple[PolicyReach, int, int]]:
    """How far a policy has come: per region its row, how many acknowledged, and how many people it is for."""
    query = select(PolicyReach).where(PolicyReach.policy_id == policy.id).order_by(PolicyReach.region_id)
    return [(row, *counted(session, policy, row.region_id)) for row in session.exec(query)]


def counted(session: Session, policy: Policy, region_id: str) -> tuple[int, int]:
    """How many people of a region have acknowledged, and how many it has."""
    people = audience_of(session, region_id)
    return people - len(pending(session, policy, region_id)), people


def median_minutes(session: Session, policy: Policy) -> int | None:
    """The minutes within which half of those who acknowledged did so, from the policy's arrival in their region.

    None while there are so few that it would be the time of one person. Who read it before it arrived in
    the region where they are now is left out.
    """
    query = select(Acknowledgement.at, PolicyReach.sent_at).select_from(Acknowledgement)
    query = query.join(Person, col(Person.id) == Acknowledgement.person_id)
    arrived = (col(PolicyReach.policy_id) == policy.id) & (col(PolicyReach.region_id) == Person.region_id)
    query = query.join(PolicyReach, arrived)
    mine = query.where(Acknowledgement.policy_id == policy.id, Acknowledgement.version == policy.version)
    took = [
        (at - sent_at) // timedelta(minutes=1)
        for at, sent_at in session.exec(mine)
        if sent_at is not None and at >= sent_at
    ]
    return int(median(took)) if len(took) >= FEWEST_TIMED else None


def audience_of(session: Session, region_id: str) -> int:
    """How many people a region has."""
    return session.exec(select(func.count()).where(Person.region_id == region_id, col(Person.active))).one()


def claim_sending(session: Session, policy: Policy, now: datetime, person_id: str) -> bool:
    """Take the draft for sending, as it was read; false for everybody but the first."""
    draft = update(Policy).where(col(Policy.id) == policy.id, col(Policy.state) == PolicyState.DRAFT)
    draft = draft.where(col(Policy.version) == policy.version)
    taken = session.execute(draft.values(state=PolicyState.SENT, sent_at=now))
    session.refresh(policy)
    if not taken.rowcount:  # type: ignore[attr-defined]
        return False
    _tell(session, EventKind.POLICY_PUBLISHED, policy, now, person_id, regions=policy.region_ids)
    return True


def acknowledge(session: Session, policy: Policy, person_id: str, now: datetime) -> bool:
    """Write down that a person read the version in force; false when they did before."""
    facts = {"policy_id": policy.id, "version": policy.version, "person_id": person_id, "at": now}
    if not insert_once(session, Acknowledgement, facts):
        return False
    region_id = session.get_one(Person, person_id).region_id
    _tell(session, EventKind.POLICY_ACKNOWLEDGED, policy, now, person_id, region=region_id)
    return True


def _tell(session: Session, kind: EventKind, policy: Policy, now: datetime, person_id: str, **more: object) -> None:
    """Let other systems hear of a policy, without its text."""
    about = {"id": policy.id, "version": policy.version, "title": policy.title, "deadline": policy.deadline.isoformat()}
    record(
        session, kind, policy.id, source=f"policy:{policy.id}:{policy.version}:{person_id}", at=now,
        actor=lambda to: person_told(session, person_id, to), data=lambda _to: {"policy": about, **more},
    )  # fmt: skip


def newest(session: Session, limit: int = 20) -> list[Policy]:
    """The newest policies, drafts too."""
    query = select(Policy).order_by(col(Policy.created_at).desc(), col(Policy.id).desc())
    return list(session.exec(query.limit(limit)))
