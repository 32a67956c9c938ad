"""Stand-ups: one prompt a week and region, and what people answered."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated

from sqlmodel import Field, Session, SQLModel, col, or_, select

from models.accounts import Account
from models.calendars import local_instant, next_working_instant
from models.columns import UtcDateTime
from models.deals import Deal
from models.intent import Slot, intent
from models.people import Person
from models.regions import Region
from models.rules.periods import Period, PeriodKind, period_of
from models.schedules import local_day, next_slots
from models.stages import Stage
from models.text import Text

STANDUP, REMIND, CLOSE = "standup", "standup.remind", "standup.close"
CHECK_IN_CARD, DIGEST_CARD = "checkin:", "digest:"
"""How the cards begin that repeat what people answered."""
REMIND_BEFORE = timedelta(hours=2)


@intent("answer")
@dataclass(frozen=True, slots=True)
class CheckInNow:
    """Answer a stand-up (without its id: the one that is open or comes next); without words, with the week's deals."""

    standup: Annotated[str, Slot("standup", Text("Stand-up"))] | None = None
    did: Annotated[str, Slot("words", Text("Last week"), "textarea")] | None = None
    plans: Annotated[str, Slot("words", Text("This week"), "textarea")] | None = None
    blockers: Annotated[str, Slot("words", Text("What is in the way"), "textarea")] | None = None


class StandUp(SQLModel, table=True):
    """A region's stand-up for the week that starts on `week_on`; answers count until `closes_at`."""

    __tablename__ = "stand_up"
    id: str = Field(primary_key=True)
    region_id: str = Field(foreign_key="region.id", index=True)
    week_on: date
    closes_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def week(self) -> Period:
        """The week that the stand-up opens."""
        return Period(PeriodKind.WEEK, self.week_on)

    @property
    def card(self) -> str:
        """The card under which its prompt is posted."""
        return f"standup:{self.id}"


class CheckIn(SQLModel, table=True):
    """What a person answered; a second answer replaces the first."""

    __tablename__ = "check_in"
    stand_up_id: str = Field(primary_key=True, foreign_key="stand_up.id")
    person_id: str = Field(primary_key=True, foreign_key="person.id")
    did: str
    plans: str = ""
    blockers: str = ""
    at: datetime = Field(sa_type=UtcDateTime)


def stand_up_of(session: Session, region: Region, day: date, now: datetime) -> StandUp:
    """Find or begin a region's stand-up for the week of a day; a new one closes with the working day of `now`."""
    week = period_of(PeriodKind.WEEK, day)
    number = f"{region.id}-{week.key}"
    found = session.get(StandUp, number)
    if found is None:
        found = StandUp(
            id=number, region_id=region.id, week_on=week.start, closes_at=end_of_working_day(region, now)
        )  # fmt: skip
        session.add(found)
        session.flush()
    return found


def end_of_working_day(region: Region, now: datetime) -> datetime:
    """When the region's working day ends, or the next one when that is over."""
    day = local_day(region.zone, next_working_instant(region.calendar, now))
    return local_instant(region.zone, day, region.closes)


def open_stand_up(session: Session, region: Region, now: datetime) -> StandUp | None:
    """The region's stand-up that takes answers."""
    query = select(StandUp).where(StandUp.region_id == region.id, StandUp.closes_at > now)
    return session.exec(query.order_by(col(StandUp.week_on))).first()


def next_stand_up(session: Session, region: Region) -> tuple[date, datetime] | None:
    """The day in whose week the region's next stand-up is, and when it begins; none when none is planned."""
    dues = [due for due in next_slots(session) if due.job == STANDUP and due.subject == region.id]
    return min(((due.planned_on or due.due_at.date(), due.due_at) for due in dues), default=None)


def check_ins(session: Session, stand_up_id: str) -> list[tuple[CheckIn, Person]]:
    """The answers, blockers first, then in the order in which they came."""
    query = select(CheckIn, Person).join(Person, col(Person.id) == CheckIn.person_id)
    rows = session.exec(query.where(CheckIn.stand_up_id == stand_up_id).order_by(col(CheckIn.at))).all()
    return sorted(rows, key=lambda row: not row[0].blockers)


def deals_in_week(session: Session, person: Person, zone: str, week: Period) -> list[tuple[Deal, Account]]:
    """A person's deals that were logged or signed in a week, the signed ones first; twenty at most."""
    begins = local_instant(zone, week.start, time())
    ends = local_instant(zone, week.end + timedelta(days=1), time())
    logged = (col(Deal.created_at) >= begins) & (col(Deal.created_at) < ends)
    signed = (col(Deal.signed_on) >= week.start) & (col(Deal.signed_on) <= week.end)
    query = select(Deal, Account).join(Account, col(Account.id) == Deal.account_id)
    query = query.where(Deal.owner_id == person.id, col(Deal.void).is_(False), or_(logged, signed))
    rows = session.exec(query.order_by(col(Deal.created_at)).limit(20)).all()
    return sorted(rows, key=lambda row: row[0].stage is not Stage.WON)
