"""People, their duties, and their accounts on platforms."""

from collections.abc import Collection

from sqlalchemy import bindparam
from sqlmodel import Field, Session, SQLModel, col, select

from models.columns import choice
from models.prepared import Prepared, loaded, whole
from models.ranks import Duty, Rank
from models.text import Mention


class Person(SQLModel, table=True):
    """Somebody who works here; everything that they did stays theirs after they left."""

    id: str = Field(primary_key=True)
    name: str
    rank: Rank = Field(sa_type=choice(Rank))
    region_id: str | None = Field(default=None, foreign_key="region.id", index=True)
    team_id: str | None = Field(default=None, foreign_key="team.id")
    zone: str | None = None
    email: str | None = Field(default=None, index=True)
    language: str | None = None
    locale: str | None = None
    currency: str | None = None
    country: str | None = None
    subdivision: str | None = None
    active: bool = True

    @property
    def mention(self) -> Mention:
        """The person as a value of a message."""
        return Mention(self.id, self.name)


class HeldDuty(SQLModel, table=True):
    """A duty that a person holds: in their own region, or everywhere when they belong to none."""

    __tablename__ = "duty"
    person_id: str = Field(primary_key=True, foreign_key="person.id")
    duty: Duty = Field(primary_key=True, sa_type=choice(Duty))


class Identity(SQLModel, table=True):
    """An account on a platform, known by its immutable user id, never by a username."""

    platform: str = Field(primary_key=True)
    workspace: str = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)


_BEHIND = Prepared(
    lambda _: whole(Person)
    .join(Identity, col(Identity.person_id) == Person.id)
    .where(
        Identity.platform == bindparam("platform"), Identity.workspace == bindparam("workspace"),
        Identity.user_id == bindparam("user_id"),
    )
)  # fmt: skip
_HELD = Prepared(lambda _: select(HeldDuty.duty).where(HeldDuty.person_id == bindparam("person_id")))


def find_person(session: Session, platform: str, workspace: str, user_id: str) -> Person | None:
    """Find who stands behind an account; none for a stranger or somebody who left."""
    row = _BEHIND.first(session, platform=platform, workspace=workspace, user_id=user_id)
    person = None if row is None else loaded(session, Person, row)
    return person if person and person.active else None


def duties_of(session: Session, person_id: str) -> frozenset[Duty]:
    """The duties that a person holds."""
    return frozenset(duty for (duty,) in _HELD.rows(session, person_id=person_id))


def people_in(session: Session, region_id: str | None = None, *ranks: Rank) -> list[Person]:
    """Active people of a region (or of all), of the given ranks (or of any), by name."""
    query = select(Person).where(col(Person.active)).order_by(Person.name, Person.id)
    if region_id is not None:
        query = query.where(Person.region_id == region_id)
    if ranks:
        query = query.where(col(Person.rank).in_(ranks))
    return list(session.exec(query))


def regions_with(session: Session, rank: Rank) -> frozenset[str | None]:
    """The ids of the regions in which somebody active has a rank."""
    return frozenset(session.exec(select(Person.region_id).where(Person.rank == rank, col(Person.active)).distinct()))


def with_account(session: Session, person_ids: Collection[str]) -> frozenset[str]:
    """Those of some people who have an account anywhere: nobody else can be asked for anything."""
    return frozenset(session.exec(select(Identity.person_id).where(col(Identity.person_id).in_(person_ids))))


def holders_of(session: Session, duty: Duty, region_id: str | None = None) -> list[Person]:
    """Active people who hold a duty, in a region or anywhere."""
    query = select(Person).join(HeldDuty, col(HeldDuty.person_id) == Person.id)
    query = query.where(HeldDuty.duty == duty, col(Person.active)).order_by(Person.id)
    return [person for person in session.exec(query) if region_id is None or person.region_id == region_id]


class PeopleIds:
    """Which ids are taken: `id in PeopleIds(session)`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __contains__(self, person_id: object) -> bool:
        return self._session.get(Person, person_id) is not None
