"""Visits and what was promised for the next one."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import func
from sqlmodel import Field, Session, SQLModel, col, select

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
    """A visit to an account.

    `next_on` is the owner's local day on which it comes back, `changed_at` when it was last moved or done.
    """

    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    owner_id: str = Field(foreign_key="person.id", index=True)
    text: str
    next_on: date | None = None
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1

    @property
    def touched_at(self) -> datetime:
        """When it was written down, moved or done, whichever was last."""
        return self.changed_at or self.created_at


def newest_visit(session: Session, owner_id: str) -> Visit | None:
    """Give the visit that a person wrote down, moved or finished last."""
    touched = func.coalesce(col(Visit.changed_at), col(Visit.created_at))
    return session.exec(
        select(Visit).where(Visit.owner_id == owner_id).order_by(touched.desc(), col(Visit.id).desc())
    ).first()
