"""Placing: add a region or a team, by whatever way it was said; what a country settles need not be said."""

from datetime import time

from sqlmodel import Session

from handlers.grammar.entry_words import HEADQUARTERS
from handlers.grammar.places import currency_in, language_in, locale_in, parts_of, zones_in
from models.configuring import Changes
from models.context import UserError
from models.regions import Region, Team, regions, teams_of
from models.schedules import Schedule, local_day
from models.setup import SetUpRegion, slug
from models.targets import targets_currency
from models.text import Text

MOST_ZONES = 12


def put_region(changes: Changes, wanted: SetUpRegion, region_id: str | None = None) -> Region:
    """Change the region of that name, or add it with its Monday; raise UserError.

    A new one gets `region_id` where it is free, else one made of the name.
    """
    session = changes.session
    known = region_named(session, wanted.name)
    if wanted.place is None and known is None:
        raise UserError(Text("In which country does it work? Its holidays, currency and language follow."), "place")
    row = _as_said(wanted, known, slug(region_id or wanted.name, _taken(session)))
    _keep_targets_currency(session, known, row)
    changes.put(row)
    if known is None:
        changes.put(
            Schedule(
                id=f"standup:{row.id}", job="standup", region_id=row.id, weekday=0, at=time(9),
                from_on=local_day(row.zone, changes.at),
            )
        )  # fmt: skip
    return session.get_one(Region, row.id)


def _keep_targets_currency(session: Session, known: Region | None, row: Region) -> None:
    if known is None or known.currency == row.currency:
        return
    if targets_currency(session, known.id) is not None:
        raise UserError(
            Text("{region} has targets in {currency}, so it keeps it.", region=known.name, currency=known.currency),
            "currency",
        )


def put_team(changes: Changes, region: Region, name: str) -> Team:
    """Add a team to a region, or find the one of that name."""
    session = changes.session
    teams = teams_of(session, region.id)
    known = next((team for team in teams if name.casefold() in (team.name.casefold(), team.id.casefold())), None)
    if known is not None:
        return known
    taken = {team.id for each in regions(session) for team in teams_of(session, each.id)}
    row = Team(id=slug(f"{region.id} {name}", taken), region_id=region.id, name=name)
    changes.put(row)
    return session.get_one(Team, row.id)


def region_named(session: Session, name: str) -> Region | None:
    """The region of a name or an id."""
    low = name.casefold()
    return next((each for each in regions(session) if low in (each.id.casefold(), each.name.casefold())), None)


def _as_said(wanted: SetUpRegion, known: Region | None, new_id: str) -> Region:
    """The region as it will stand."""
    country, state = parts_of(wanted.place) if wanted.place else ("", None)
    before = known.model_dump() if known is not None else {}
    if wanted.place is None:
        country, state = before["country"], before["subdivision"]
    moved = known is None or country != known.country
    language = wanted.language or (language_in(country) if moved else before["language"])
    zone = wanted.zone or (only_zone(country) if moved else before["zone"])
    opens, _, closes = (wanted.hours or "").partition("-")
    said = {
        "name": wanted.name if known is None else known.name, "zone": zone, "country": country, "subdivision": state,
        "language": language,
        "currency": wanted.currency or (currency_in(country) if moved else before["currency"]),
        "locale": locale_in(country, language) if moved or wanted.language else before["locale"],
    }  # fmt: skip
    if wanted.hours:
        said |= {"opens": time.fromisoformat(opens), "closes": time.fromisoformat(closes)}
    if wanted.week:
        said["working_week"] = wanted.week
    return Region(**{"id": new_id, **before, **said})


def _taken(session: Session) -> set[str]:
    return {region.id for region in regions(session)} | {HEADQUARTERS, "all"}


def only_zone(country: str) -> str:
    """The zone of a country that has one; raise UserError with some of those that it has."""
    zones = zones_in(country)
    if len(zones) == 1:
        return zones[0]
    if not zones:
        raise UserError(Text("I know no time zone of that country; write it like Europe/Berlin."), "zone")
    shown = ", ".join(zones[:MOST_ZONES])
    raise UserError(Text("There are several time zones; write the one that holds there: {zones}.", zones=shown), "zone")
