"""Homes: the zone, language, formats and currency of somebody; theirs, else their team's, region's, company's."""

from dataclasses import dataclass

from models.people import Person
from models.regions import Organisation, Region, Team


@dataclass(frozen=True, slots=True)
class Home:
    """An IANA zone, a language (`en` or `zh`), a locale for formats and an ISO 4217 currency."""

    zone: str
    language: str
    locale: str
    currency: str


def home_of(
    company: Organisation, region: Region | None, team: Team | None = None, person: Person | None = None
) -> Home:
    """Find what holds: the nearest that says so."""
    nearest = [each for each in (person, team, region) if each is not None]

    def find(name: str) -> str:
        said = (getattr(each, name) for each in (*nearest, company))
        return str(next(value for value in said if value))

    return Home(find("zone"), find("language"), find("locale"), find("currency"))
