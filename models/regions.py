"""The organisation, its regions and teams, and the rates between their currencies."""

from datetime import date, time
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import BigInteger, bindparam
from sqlmodel import Field, Session, SQLModel, col, select

from models.calendars import Calendar
from models.columns import choice
from models.money import Money
from models.prepared import Prepared
from models.rules.standing import PersonData


class Organisation(SQLModel, table=True):
    """The one company of this installation; `button_key` signs what its buttons carry."""

    id: int = Field(default=1, primary_key=True)
    name: str
    language: str = "en"
    zone: str = "UTC"
    country: str = "US"
    locale: str = "en-US"
    currency: str = "USD"
    is_demo: bool = False
    clock_offset_seconds: int = 0
    button_key: str


class Region(SQLModel, table=True):
    """A sales region with its own zone, calendar, currency, formats and language."""

    id: str = Field(primary_key=True)
    name: str
    zone: str
    country: str
    subdivision: str | None = None
    currency: str
    locale: str
    language: str
    person_data: PersonData = Field(default=PersonData.PRIVATE, sa_type=choice(PersonData))
    opens: time = time(9)
    closes: time = time(18)
    working_week: str = "01234"

    @property
    def calendar(self) -> Calendar:
        """When the region works; `working_week` are the weekdays by number, Monday is 0."""
        week = frozenset(map(int, self.working_week))
        return Calendar(self.country, self.subdivision, self.zone, week, self.opens, self.closes)


class Team(SQLModel, table=True):
    """A team inside a region; what it does not say for itself is the region's."""

    id: str = Field(primary_key=True)
    region_id: str = Field(foreign_key="region.id", index=True)
    name: str
    zone: str | None = None
    language: str | None = None
    locale: str | None = None
    currency: str | None = None
    country: str | None = None
    subdivision: str | None = None


class Place(NamedTuple):
    """Where holidays are kept: a country (ISO 3166) and its state or province."""

    country: str | None
    subdivision: str | None


class PersonDataAgreement(SQLModel, table=True):
    """Who agreed, when and in which document, to a region's use of personal figures."""

    __tablename__ = "person_data_agreement"
    region_id: str = Field(primary_key=True, foreign_key="region.id")
    who: str
    signed_on: date
    document: str


class Rate(SQLModel, table=True):
    """Units of `to_currency` for one major unit of `currency`, from a day on, as an exact ratio."""

    currency: str = Field(primary_key=True)
    to_currency: str = Field(primary_key=True)
    from_on: date = Field(primary_key=True)
    numerator: int = Field(sa_type=BigInteger)
    denominator: int = Field(sa_type=BigInteger)


def organisation(session: Session) -> Organisation:
    """The company."""
    return session.get_one(Organisation, 1)


def regions(session: Session) -> list[Region]:
    """All regions, in the order of their ids."""
    return list(session.exec(select(Region).order_by(Region.id)))


def region_words(region: Region) -> tuple[str, ...]:
    """What a region may be called: its id, its name, and any words of the name in a row."""
    parts = region.name.split()
    rows = (parts[first:last] for first in range(len(parts)) for last in range(first + 1, len(parts) + 1))
    return (region.id, *dict.fromkeys(" ".join(row) for row in rows))


def teams_of(session: Session, region_id: str) -> list[Team]:
    """A region's teams, in the order of their ids."""
    return list(session.exec(select(Team).where(Team.region_id == region_id).order_by(Team.id)))


_PLACE = Prepared(lambda _: select(Team.country, Team.subdivision).where(Team.id == bindparam("team_id")))


def place_of(session: Session, team_id: str) -> Place | None:
    """Where a team keeps its holidays, if it says so for itself."""
    found = _PLACE.first(session, team_id=team_id)
    return Place(*found) if found else None


_RATE = Prepared(
    lambda _: (
        select(Rate.numerator, Rate.denominator)
        .where(Rate.currency == bindparam("currency"), Rate.to_currency == bindparam("to_currency"))
        .where(col(Rate.from_on) <= bindparam("on"))
        .order_by(col(Rate.from_on).desc())
        .limit(1)
    )
)


def rate_on(session: Session, currency: str, to_currency: str, on: date) -> Fraction | None:
    """Find the rate in force on a day; none when nobody recorded one."""
    if currency == to_currency:
        return Fraction(1)
    rate = _RATE.first(session, currency=currency, to_currency=to_currency, on=on)
    return Fraction(*rate) if rate else None


def converted(session: Session, money: Money, currency: str, on: date) -> Money | None:
    """Price money in another currency at the rate of a day; none without a rate (counted, not priced)."""
    rate = rate_on(session, money.currency, currency, on)
    return None if rate is None else money.at(rate, currency)
