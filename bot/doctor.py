"""The doctor: is everything there that a start needs; a line each, and what to do about a fault."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError
from sqlmodel import Session, select

from bot.database import open_store
from bot.faults import sentence
from bot.language import LANGUAGES, catalogue
from bot.pictures.typeface import font_path, missing_glyphs
from bot.platforms.slack.checks import examine_slack
from bot.registry import registry
from bot.settings import Settings, SettingsError
from bot.webhooks.receiver import receiver_of
from bot.webhooks.upkeep import examine_endpoint, examine_receiver
from models.calendars import Calendar, is_working_day
from models.events import WEBHOOK
from models.homes import calendar_of
from models.migrate import SchemaError, head
from models.people import Person
from models.regions import Organisation, Team, regions
from models.store import Store


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    healthy: bool
    note: str

    @property
    def line(self) -> str:
        """The finding as a line of a terminal."""
        return f"{'ok   ' if self.healthy else 'FAULT'} {self.name:<12} {self.note}"


def examine() -> Iterator[Finding]:
    """Look at settings, commands, languages, fonts, database, zones, calendars and platforms, in this order."""
    try:
        settings = Settings()
        settings.check()
        receiver = receiver_of(settings)
    except (SettingsError, ValidationError) as error:
        yield Finding("settings", False, sentence(error) or str(error))
        return
    yield Finding("settings", True, f"workspace {settings.workspace}, {settings.place}")
    yield Finding("commands", True, f"{len(registry().commands)} declared, each with its permission")
    yield from _languages()
    yield _font()
    yield from _database(settings)
    if settings.slack_bot_token is not None:
        yield from (Finding(*facts) for facts in examine_slack(settings))
    if settings.telegram_bot_token is not None:
        from bot.platforms.telegram.checks import examine_telegram  # noqa: PLC0415  the library costs a second

        yield from (Finding(*facts) for facts in examine_telegram(settings))
    if receiver is not None:
        yield Finding("webhook", *examine_receiver(receiver))


def _languages() -> Iterator[Finding]:
    for language in LANGUAGES[1:]:
        empty = [message.id for message in catalogue(language) if message.id and not message.string]
        note = f"{language}: {len(empty)} texts are not translated" if empty else f"{language}: every text translated"
        yield Finding("language", not empty, note)


def _font() -> Finding:
    try:
        path = font_path()
    except FileNotFoundError as error:
        return Finding("font", False, f"{error}.")
    missing = missing_glyphs("华东 Süd São €¥")
    return Finding("font", not missing, f"{path.name} draws Chinese and Latin" if not missing else f"lacks {missing}")


def _database(settings: Settings) -> Iterator[Finding]:
    path = settings.database_url.removeprefix("sqlite:///")
    if settings.database_url.startswith("sqlite:///") and not Path(path).exists():
        yield Finding("database", True, f"{path} will be made at the first start")
        return
    try:
        store = open_store(settings)
    except (SchemaError, SettingsError, OSError) as error:
        yield Finding("database", False, sentence(error) or str(error))
        return
    try:
        yield Finding("database", True, f"at revision {head()}")
        told = store.read(lambda session: examine_endpoint(session, WEBHOOK))
        if told is not None:
            yield Finding("webhook", *told)
        yield from _regions(store)
    finally:
        store.close()


def _regions(store: Store) -> Iterator[Finding]:
    if not store.read(lambda session: session.exec(select(Organisation)).first() is not None):
        yield Finding("organisation", True, "none yet; the first start makes the demo's")
    for name, zone, calendar in store.read(_places):
        if zone is not None:
            yield _zone(name, zone)
        if calendar is not None:
            yield _calendar(name, calendar)


def _places(session: Session) -> list[tuple[str, str | None, Calendar | None]]:
    """Every region, and every team and person that says something else: (id, zone, calendar)."""
    every = {region.id: region for region in regions(session)}
    found: list[tuple[str, str | None, Calendar | None]] = [
        (region.id, region.zone, region.calendar) for region in every.values()
    ]
    teams, people = session.exec(select(Team)).all(), session.exec(select(Person)).all()
    found += [
        (team.id, team.zone, calendar_of(every[team.region_id], team) if team.country else None) for team in teams
    ]
    for person in people:
        region = every.get(person.region_id or "")
        keeps_own = region is not None and person.country
        found.append((person.id, person.zone, calendar_of(region, None, person) if keeps_own and region else None))
    return found


def _zone(name: str, zone: str) -> Finding:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return Finding("zone", False, f"{name}: {zone} is no IANA zone; correct it.")
    return Finding("zone", True, f"{name}: {zone}")


def _calendar(name: str, calendar: Calendar) -> Finding:
    place = "-".join(part for part in (calendar.country, calendar.subdivision) if part)
    try:
        is_working_day(calendar, date(2026, 1, 1))
    except NotImplementedError:
        return Finding("calendar", False, f"{name}: nobody knows the holidays of {place}; correct it.")
    return Finding("calendar", True, f"{name}: {place}")
