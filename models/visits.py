"""Visits and what was promised for the next one."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlmodel import Field, SQLModel

from models.columns import UtcDateTime
from models.intent import intent
from models.slots import AccountName, Day, DayOrLater, VisitNumber, Words

REMIND = "visit"
MORNING = time(9)


@intent("visit")
@dataclass(frozen=True, slots=True)
class LogVisit:
    """Write down a visit and perhaps the day of the next."""

    account: AccountName
    text: Words | None = None
    next_on: Day | None = None


@intent("done")
@dataclass(frozen=True, slots=True)
class FinishVisit:
    """Say that what was planned is done."""

    visit: VisitNumber


@intent("move")
@dataclass(frozen=True, slots=True)
class MoveVisit:
    """Plan it for another day."""

    visit: VisitNumber
    on: DayOrLater


class Visit(SQLModel, table=True):
    """A visit to an account; `next_on` is the owner's local day on which it comes back."""

    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    owner_id: str = Field(foreign_key="person.id", index=True)
    text: str
    next_on: date | None = None
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1
