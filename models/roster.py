"""Roster: who works here, with duties, and whether they are in yet."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.intent import intent
from models.people import HeldDuty, Person, people_in, with_account
from models.ranks import Duty, Rank
from models.regions import Region, regions
from models.slots import RegionId


@intent("people")
@dataclass(frozen=True, slots=True)
class ShowPeople:
    """List the people of a region, or all."""

    region: RegionId | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who works here; `is_in` says whether an account of theirs is known."""

    person: Person
    region: Region | None
    duties: tuple[Duty, ...]
    is_in: bool


def roster(session: Session, region_id: str | None = None) -> list[Entry]:
    """Active people of a region, or all: headquarters first, then by region, the managers first, by name."""
    people = people_in(session, region_id)
    here = {region.id: region for region in regions(session)}
    joined = with_account(session, [person.id for person in people])
    held: dict[str, list[Duty]] = {}
    query = select(HeldDuty).join(Person, col(Person.id) == HeldDuty.person_id).where(col(Person.active))
    for duty in session.exec(query.order_by(col(HeldDuty.duty))):
        held.setdefault(duty.person_id, []).append(duty.duty)
    entries = [
        Entry(person, here.get(person.region_id or ""), tuple(held.get(person.id, ())), person.id in joined)
        for person in people
    ]
    order = list(Rank)[::-1]
    return sorted(
        entries, key=lambda entry: (entry.person.region_id or "", order.index(entry.person.rank), entry.person.name)
    )
