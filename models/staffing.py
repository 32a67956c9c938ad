"""Staffing: add a person or change one, by whatever way it was said: a line, a form or a row of a list."""

from sqlmodel import Session, col, select

from models.configuring import Changes
from models.context import UserError
from models.people import PeopleIds, Person, people_in
from models.ranks import Rank
from models.regions import Region, regions, teams_of
from models.setup import SetUpPerson, slug
from models.text import Text

IN_REGIONS = (Rank.REP, Rank.MANAGER)


def put_person(changes: Changes, wanted: SetUpPerson, person_id: str | None = None) -> Person:
    """Change whoever has the same e-mail address, or the same name; else add somebody. Raise UserError.

    Somebody new gets `person_id` where it is free, else one made of the name.
    """
    session = changes.session
    known = find_colleague(session, wanted.name, wanted.email)
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
    return session.get_one(Person, row.id)


def find_colleague(session: Session, name: str, email: str | None = None) -> Person | None:
    """Whom a name and an e-mail address mean, if they are here; raise UserError when two have the name."""
    here = session.exec(select(Person.id, Person.name, Person.email).where(col(Person.active))).all()
    by_email = [person_id for person_id, _, theirs in here if email and theirs == email]
    named = [(person_id, theirs) for person_id, called, theirs in here if called.casefold() == name.casefold()]
    found = by_email or [person_id for person_id, theirs in named if not (email and theirs)]
    if len(found) > 1:
        raise UserError(
            Text("There are several people called {name}; say the e-mail address, too.", name=name), "email"
        )
    return session.get(Person, found[0]) if found else None


def keep_an_admin(session: Session, person: Person) -> None:
    """Raise UserError when nobody else is an administrator."""
    if [admin.id for admin in people_in(session, None, Rank.ADMIN)] == [person.id]:
        raise UserError(Text("{person} is the only administrator; appoint another one first.", person=person.name))


def _region_for(session: Session, wanted: SetUpPerson, known: Person | None) -> Region | None:
    """The region of a rep or manager: the one named, the one they have, or the only one; nobody else has one."""
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
    teams = teams_of(session, region.id)
    found = next((team for team in teams if wanted.team.casefold() in (team.name.casefold(), team.id)), None)
    if found is None:
        raise UserError(
            Text("{region} has no team “{team}”; add it with `setup team`.", region=region.name, team=wanted.team),
            "team",
        )
    return found.id
