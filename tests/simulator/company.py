"""A company of two regions, small enough to be looked at after every step."""

from itertools import count
from pathlib import Path

from bot.configuration.apply import apply
from bot.configuration.yaml_file import Source
from bot.database import open_store
from bot.settings import Settings
from models.regions import Organisation
from models.unit import Unit
from tests.workspace import START

PLATFORM, WORKSPACE = "simulated", "only"
KEY = "0123456789abcdef" * 2
REGIONS = ("de", "us")
REPS = tuple(f"{region}-rep-{number}" for region in REGIONS for number in (1, 2))
MANAGERS = tuple(f"{region}-manager" for region in REGIONS)
HQ = "hq-one"
EVERYBODY = (*REPS, *MANAGERS, HQ)


def company() -> str:
    """The configuration, as an administrator would write it."""
    regions, channels, people = [], [], []
    for region, zone, country in (("de", "Europe/Berlin", "DE"), ("us", "America/New_York", "US")):
        regions.append(
            f"  - {{id: {region}, name: Region {region.upper()}, zone: {zone}, country: {country}, currency: EUR, "
            f"locale: en-US, language: en, schedules: [{{job: standup, weekday: monday, at: '09:00'}}]}}"
        )
        channels.append(_channel(region, "region", f", region: {region}"))
        people.append(_person(f"{region}-manager", "manager", region))
        people += [_person(f"{region}-rep-{number}", "rep", region) for number in (1, 2)]
    channels.append(_channel("hq", "hq", ""))
    people += [_person(HQ, "hq", None), _person("the-admin", "admin", None)]
    return "\n".join(
        (
            "company: {name: Simulated, zone: Europe/Berlin, country: DE, locale: en-US, currency: EUR}",
            "regions:", *regions, "channels:", *channels, "people:", *people,
            "approvals:", "  - {id: all, step: 1, decider: manager, above: 0 EUR}",
        )
    )  # fmt: skip


def _channel(name: str, kind: str, more: str) -> str:
    return f"  - {{platform: {PLATFORM}, workspace: {WORKSPACE}, channel: c-{name}, kind: {kind}, name: {name}{more}}}"


def _person(name: str, rank: str, region: str | None) -> str:
    where = f", region: {region}" if region else ""
    account = f"{{platform: {PLATFORM}, workspace: {WORKSPACE}, user: u-{name}}}"
    return f"  - {{id: {name}, name: Person {name.title()}, rank: {rank}{where}, accounts: [{account}]}}"


def found(path: Path) -> Path:
    """Write the company's database, the same at every time."""
    numbers = count(1)
    settings = Settings(_env_file=None, regatta_database_url=f"sqlite:///{path}", regatta_workspace="off")  # type: ignore[call-arg]
    store = open_store(settings)

    def work(unit: Unit) -> None:
        unit.add(Organisation(name="", button_key=KEY))
        unit.flush()
        apply(unit, Source(company()), "founded", START, lambda: f"{next(numbers):08x}")

    store.write(work).result()
    store.close()
    return path
