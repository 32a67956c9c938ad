"""Staffing: add a person or change one, by whatever way it was said: a line, a form or a row of a list."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from models.configuring import Changes
from models.context import UserError
from models.people import PeopleIds, Person, people_in, with_account
from models.ranks import Rank
from models.regions import Region, regions, teams_of
from models.setup import NOBODY, SetUpPerson, slug
from models.text import Text

IN_REGIONS = (Rank.REP, Rank.MANAGER)
NO_TEAM = frozenset({"none", "无", "没有"})
"""What is said for a team where somebody leaves theirs."""


class LeftBeforeError(UserError):
    """Raised for a name under which others worked here: whether one of them comes back is to be asked."""

    def __init__(self, people: Sequence[Person]) -> None:
        name = people[0].name
        super().__init__(
            Text("Somebody called {name} left. Say in chat whether it is them: `setup person {name} …`.", name=name),
            "name",
        )
        self.people = people


class Colleagues:
    """Who works here, and who did, by e-mail address and name, read once for as many questions as there are.

    `said` is under which name each address came in this list, so that two rows do not make one person.
    """

    def __init__(self, session: Session, said: dict[str, str] | None = None) -> None:
        self._by_email: dict[str, str] = {}
        self._by_name: dict[str, dict[str, str | None]] = {}
        self.said = {} if said is None else said
        self._left: dict[str, list[str]] = {}
        query = select(Person.id, Person.name, Person.email)
        for person_id, name, email in session.exec(query.where(col(Person.active))):
            self.add(person_id, name, email)
        for person_id, name, email in session.exec(query.where(col(Person.active).is_(False)).order_by(Person.id)):
            for word in {name.casefold(), *([email] if email else [])}:
                self._left.setdefault(word, []).append(person_id)

    def add(self, person_id: str, name: str, email: str | None) -> None:
        """Know somebody from now on, under this name and address."""
        if email:
            self._by_email[email] = person_id
        self._by_name.setdefault(name.casefold(), {})[person_id] = email

    def find(self, name: str, email: str | None) -> str | None:
        """Whom a name and an e-mail address mean, if they are here; raise UserError when two have the name."""
        if email and email in self._by_email:
            return self._by_email[email]
        named = self._by_name.get(name.casefold(), {})
        found = [person_id for person_id, theirs in named.items() if not (email and theirs)]
        if len(found) > 1:
            raise UserError(
                Text("There are several people called {name}; say the e-mail address, too.", name=name), "email"
            )
        return found[0] if found else None

    def who_left(self, word: str) -> list[str]:
        """Who left and had this name or address."""
        return self._left.get(word.casefold(), [])


def put_person(
    changes: Changes, wanted: SetUpPerson, person_id: str | None = None, colleagues: Colleagues | None = None
) -> Person:
    """Change whoever has the same e-mail address, or the same name; else add somebody. Raise UserError.

    Who left comes back where it is plain that it is them, else LeftBeforeError is raised. Somebody new gets
    `person_id` where it is free, else one made of the name.
    """
    session = changes.session
    here = colleagues or Colleagues(session)
    known = whom(session, wanted, here)
    region = _region_for(session, wanted, known)
    if known is not None and known.rank is Rank.ADMIN and wanted.rank is not Rank.ADMIN:
        keep_an_admin(session, known)
    row = Person(
        **{
            **(known.model_dump() if known else {"id": slug(person_id or wanted.name, PeopleIds(session))}),
            "name": wanted.name, "rank": wanted.rank, "region_id": region.id if region else None,
            "team_id": _team_for(session, wanted, known, region),
            "email": wanted.email or (known.email if known else None),
            "language": wanted.language or (known.language if known else None),
            "zone": wanted.zone or (known.zone if known else None), "active": True,
        }
    )  # fmt: skip
    changes.put(row)
    here.add(row.id, row.name, row.email)
    return session.get_one(Person, row.id)


def whom(session: Session, wanted: SetUpPerson, colleagues: Colleagues) -> Person | None:
    """Who is meant, if they are or were here; raise UserError."""
    found = colleagues.find(wanted.name, wanted.email)
    if found is not None:
        return session.get(Person, found)
    if wanted.back is not None:
        return None if wanted.back == NOBODY else session.get(Person, wanted.back)
    return _who_left(session, wanted, colleagues)


def _who_left(session: Session, wanted: SetUpPerson, colleagues: Colleagues) -> Person | None:
    """Somebody who comes back is who they were: the same address, or the same name in the same region.

    Of the same name elsewhere it may be them or not; who has another address is not.
    """
    same = colleagues.who_left(wanted.email) if wanted.email else []
    if same:
        return session.get_one(Person, same[0])
    named = [session.get_one(Person, each) for each in colleagues.who_left(wanted.name)]
    left = [each for each in named if not each.active and not (wanted.email and each.email)]
    here = [each for each in left if each.region_id == wanted.region and not wanted.email]
    if left and len(here) != 1:
        raise LeftBeforeError(left)
    return here[0] if here else None


def keep_an_admin(session: Session, person: Person) -> None:
    """Raise UserError when nobody else with an account is an administrator."""
    others = [admin.id for admin in people_in(session, None, Rank.ADMIN) if admin.id != person.id]
    if not with_account(session, others):
        raise UserError(Text("{person} is the only administrator; appoint another one first.", person=person.name))


def _region_for(session: Session, wanted: SetUpPerson, known: Person | None) -> Region | None:
    """The region of a rep or manager: the one named, the one they have, or the only one; nobody else has one."""
    if wanted.rank not in IN_REGIONS and wanted.region:
        raise UserError(Text("Headquarters and administrators belong to no region; leave it away."), "region")
    if wanted.rank not in IN_REGIONS:
        return None
    every = regions(session)
    named = wanted.region or (known.region_id if known else None) or (every[0].id if len(every) == 1 else None)
    region = next((each for each in every if each.id == named), None)
    if region is None:
        raise UserError(Text("Of which region? Choose one.") if every else Text("Add a region first."), "region")
    return region


def _team_for(session: Session, wanted: SetUpPerson, known: Person | None, region: Region | None) -> str | None:
    if wanted.team is None or region is None:
        stays = known is not None and region is not None and known.region_id == region.id
        return known.team_id if known is not None and stays else None
    if wanted.team.casefold() in NO_TEAM:
        return None
    teams = teams_of(session, region.id)
    found = next((team for team in teams if wanted.team.casefold() in (team.name.casefold(), team.id)), None)
    if found is None:
        raise UserError(
            Text(
                "{region} has no team “{team}”; add it with `setup team`, or say `team none`.",
                region=region.name,
                team=wanted.team,
            ),
            "team",
        )
    return found.id
