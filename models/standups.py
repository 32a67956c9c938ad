"""Stand-ups: one prompt a week and region, and what people answered."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from sqlmodel import Field, Session, SQLModel, col, select

from models.columns import UtcDateTime
from models.intent import Slot, intent
from models.people import Person
from models.text import Text


@intent("answer")
@dataclass(frozen=True, slots=True)
class CheckInNow:
    """Answer the region's stand-up."""

    did: Annotated[str, Slot("words", Text("Last week"), "textarea")]
    plans: Annotated[str, Slot("words", Text("This week"), "textarea")] | None = None
    blockers: Annotated[str, Slot("words", Text("What is in the way"), "textarea")] | None = None


@intent("standup")
@dataclass(frozen=True, slots=True)
class ShowStandUp:
    """Open the check-in of one's region."""


@intent("board")
@dataclass(frozen=True, slots=True)
class ShowBoard:
    """Show the weekly board."""


class StandUp(SQLModel, table=True):
    """A region's stand-up for the week that starts on `week_on`; answers count until `closes_at`."""

    __tablename__ = "stand_up"
    id: str = Field(primary_key=True)
    region_id: str = Field(foreign_key="region.id", index=True)
    week_on: date
    closes_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CheckIn(SQLModel, table=True):
    """What a person answered; a second answer replaces the first."""

    __tablename__ = "check_in"
    stand_up_id: str = Field(primary_key=True, foreign_key="stand_up.id")
    person_id: str = Field(primary_key=True, foreign_key="person.id")
    did: str
    plans: str = ""
    blockers: str = ""
    at: datetime = Field(sa_type=UtcDateTime)


def open_stand_up(session: Session, region_id: str) -> StandUp | None:
    """The region's stand-up that still takes answers."""
    query = select(StandUp).where(StandUp.region_id == region_id, col(StandUp.closed_at).is_(None))
    return session.exec(query.order_by(col(StandUp.week_on).desc())).first()


def check_ins(session: Session, stand_up_id: str) -> list[tuple[CheckIn, Person]]:
    """The answers, blockers first, then in the order in which they came."""
    query = select(CheckIn, Person).join(Person, col(Person.id) == CheckIn.person_id)
    rows = session.exec(query.where(CheckIn.stand_up_id == stand_up_id).order_by(col(CheckIn.at))).all()
    return sorted(rows, key=lambda row: not row[0].blockers)
