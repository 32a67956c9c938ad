"""Policies: what HQ announces, to whom, and who has read and understood it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from sqlalchemy import func
from sqlmodel import Field, Session, SQLModel, col, select

from models.columns import UtcDateTime, choice
from models.intent import Slot, intent
from models.people import Person
from models.slots import PolicyNumber
from models.text import Text


@intent("policy")
@dataclass(frozen=True, slots=True)
class DraftPolicy:
    """Write a policy; a preview comes before it is sent."""

    title: Annotated[str, Slot("words", Text("Title"))]
    text: Annotated[str, Slot("words", Text("Text"), "textarea")]
    audience: Annotated[tuple[str, ...], Slot("audience", Text("Audience"), "multiselect")]
    deadline: Annotated[date, Slot("date", Text("Deadline"), "date")]
    title_zh: Annotated[str, Slot("words", Text("Title in Chinese"))] | None = None
    text_zh: Annotated[str, Slot("words", Text("Text in Chinese"), "textarea")] | None = None
    link: Annotated[str, Slot("url", Text("Link"), "url")] | None = None


@intent("send")
@dataclass(frozen=True, slots=True)
class SendPolicy:
    """Send a policy at each region's next working hour, or at once."""

    policy: PolicyNumber
    at_once: bool = False


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
    """A policy in up to two languages. `audience` is region ids, `deadline` the local day at whose close it is due."""

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

    def title_in(self, language: str) -> str:
        """The title in a language, or in the one that exists."""
        return (self.title_zh if language == "zh" else None) or self.title

    def text_in(self, language: str) -> str:
        """The text in a language, or in the one that exists."""
        return (self.text_zh if language == "zh" else None) or self.text


class PolicyReach(SQLModel, table=True):
    """A policy on its way to one region."""

    __tablename__ = "policy_reach"
    policy_id: str = Field(primary_key=True, foreign_key="policy.id")
    region_id: str = Field(primary_key=True, foreign_key="region.id")
    send_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Acknowledgement(SQLModel, table=True):
    """Who has read and understood which version, and when."""

    policy_id: str = Field(primary_key=True, foreign_key="policy.id")
    version: int = Field(primary_key=True)
    person_id: str = Field(primary_key=True, foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)


def pending(session: Session, policy: Policy, region_id: str) -> list[Person]:
    """The region's active people who have not acknowledged the version in force."""
    said = select(Acknowledgement.person_id).where(
        Acknowledgement.policy_id == policy.id, Acknowledgement.version == policy.version
    )
    query = select(Person).where(Person.region_id == region_id, col(Person.active), col(Person.id).not_in(said))
    return list(session.exec(query.order_by(Person.name)))


def reach(session: Session, policy: Policy) -> list[tuple[PolicyReach, int, int]]:
    """How far a policy has come: per region its row, how many acknowledged, and how many people it is for."""
    rows = []
    for row in session.exec(
        select(PolicyReach).where(PolicyReach.policy_id == policy.id).order_by(PolicyReach.region_id)
    ):
        people = select(func.count()).where(Person.region_id == row.region_id, col(Person.active))
        total = session.exec(people).one()
        rows.append((row, total - len(pending(session, policy, row.region_id)), total))
    return rows
