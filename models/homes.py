"""Homes: whose zone, language, formats, currency and calendar hold: one's own, else the team's, the region's.

The company's stand behind them all, for whoever has no region.
"""

from dataclasses import dataclass, replace

from models.calendars import Calendar
from models.people import Person
from models.regions import Organisation, Place, Region, Team


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


def calendar_of(region: Region, team: Team | Place | None = None, person: Person | None = None) -> Calendar:
    """Find whose holidays hold: a country comes with its own state, never with another place's."""
    nearest = next((each for each in (person, team) if each is not None and each.country), None)
    if nearest is None or nearest.country is None:
        return region.calendar
    return replace(region.calendar, country=nearest.country, subdivision=nearest.subdivision)
