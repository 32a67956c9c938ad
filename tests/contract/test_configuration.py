"""The company as one YAML file: out, in, back; a bad file is refused with its line and changes nothing."""

import re
import time
from pathlib import Path

import pytest
from sqlmodel import select

from bot.clock import new_id
from bot.configuration.command import NOTHING, apply_file, export, history, undo
from bot.database import open_store
from bot.faults import FaultError
from bot.import_command import import_file
from bot.settings import Settings
from models.configuring import ConfigChange
from models.people import Person
from models.regions import Region
from models.store import Store
from models.targets import Target
from tests.workspace import START, Workspace


def applied(store: Store, path: Path, *, dry_run: bool = False, prune: bool = False) -> list[str]:
    """Apply a file as the command line does."""
    return apply_file(store, path, START, new_id, dry_run=dry_run, prune=prune)


@pytest.fixture
def file(workspace: Workspace, tmp_path: Path) -> Path:
    """The demo's configuration as a file."""
    path = tmp_path / "company.yaml"
    export(workspace.regatta.store, path)
    return path


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def changed(path: Path, old: str, new: str) -> Path:
    """The file with a word changed."""
    text = text_of(path)
    assert old in text
    return written(path, text.replace(old, new, 1))


async def test_what_was_exported_changes_nothing(workspace: Workspace, file: Path) -> None:
    assert applied(workspace.regatta.store, file) == [NOTHING]


async def test_an_address_in_capitals_is_the_one_that_is_typed_later(workspace: Workspace, file: Path) -> None:
    changed(file, "    name: Mike Davis\n", "    name: Mike Davis\n    email: Mike.Davis@Example.COM\n")
    applied(workspace.regatta.store, file)

    await workspace.say("ines-keller", "setup person Mike Davis rep DACH mike.davis@example.com")

    named = select(Person.email, Person.region_id).where(Person.name == "Mike Davis")
    assert workspace.rows(lambda session: session.exec(named).all()) == [("mike.davis@example.com", "de")]


async def test_an_empty_installation_made_from_a_file_gives_the_same_file(file: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    store = open_store(Settings(_env_file=None, regatta_database_url=url))  # type: ignore[call-arg]
    try:
        applied(store, file)
        export(store, tmp_path / "again.yaml")
    finally:
        store.close()

    assert text_of(tmp_path / "again.yaml") == text_of(file)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("zone: Europe/Berlin", "zone: Europe/Berl", "Europe/Berl is not an IANA time zone like Europe/Berlin"),
        ("country: DE-BY", "country: DE-ZZ", "DE-ZZ is not a country whose holidays are known, like DE or DE-BY"),
        ("team: de-1", "team: us-1", "de has no team us-1"),
        ("region: de\n    team", "region: mars\n    team", "there is no region mars"),
        ("rank: hq", "rang: hq", "Field required"),
        ("- monday\n", "- moonday\n", "the working week is a list of days like [monday, tuesday]"),
        ("29760000 CNY", "29760000 EUR", "cn-east counts in CNY"),
        ("id: anna-schmidt", "id: amara-okafor", "amara-okafor stands twice"),
        ("person_data: private", "person_data: public", "names on boards need an agreement: who, signed_on, document"),
        ("at: 09:00", "at: 9 o'clock", "Input should be in a valid time format"),
        ("decider: finance", "decider: everybody", "Input should be 'manager', 'finance' or 'hq'"),
        ("regions:\n", "regions: [\n", "this is not YAML"),
        ("2027: 29760000 CNY", "99999: 29760000 CNY", "Input should be less than or equal to 2100"),
        ("29760000 CNY", "99999999999999999 CNY", "99999999999999999 CNY is too large"),
        ("rate: 27/25", "rate: 1e99999999", "is not a rate like 1.08 or 27/25"),
        ("  - id: de\n", "  - id: de mitte\n", "an id has no blanks: de mitte"),
        ("  - id: de\n", "  - id: all\n", "all means every region"),
        ("to: CNY", "to: BRL", "BRL to BRL since 2024-01-01 stands twice"),
    ],
)
async def test_a_bad_file_is_refused_with_its_line_and_changes_nothing(
    workspace: Workspace, file: Path, old: str, new: str, why: str
) -> None:
    line = text_of(file).split(old)[0].count("\n") + 1
    bad = changed(changed(file, "name: DACH", "name: Mitte"), old, new)

    with pytest.raises(FaultError, match=r"^Line \d+: ") as refused:
        applied(workspace.regatta.store, bad)

    assert why in str(refused.value)
    told = int(str(refused.value).split(":")[0].removeprefix("Line "))
    assert abs(told - line) <= 4, "a line of the part that is wrong"
    assert workspace.rows(lambda session: session.get(Region, "de")).name == "DACH"
    assert workspace.rows(lambda session: session.exec(select(ConfigChange)).all()) == []


async def test_a_region_with_targets_keeps_its_currency(workspace: Workspace, file: Path) -> None:
    (region,) = re.findall(r"^  - id: de\n(?:    .*\n)+", text_of(file), re.MULTILINE)
    other = re.sub(r"    targets:\n(?:      .*\n)+", "", region).replace("    currency: EUR\n", "    currency: CHF\n")
    assert "CHF" in other

    with pytest.raises(FaultError, match="de has targets in EUR, so it keeps it"):
        applied(workspace.regatta.store, changed(file, region, other))


@pytest.mark.parametrize(
    "line", ["setup company currency EUR", f"setup person {'Xaver ' * 40}rep DACH", f"setup team {'Süd ' * 60}in DACH"]
)
async def test_what_was_set_up_in_chat_can_be_exported_and_applied(
    workspace: Workspace, tmp_path: Path, line: str
) -> None:
    await workspace.say("ines-keller", line)
    export(workspace.regatta.store, tmp_path / "company.yaml")

    assert applied(workspace.regatta.store, tmp_path / "company.yaml") == [NOTHING]


async def test_a_dry_run_says_what_would_change_and_writes_nothing(workspace: Workspace, file: Path) -> None:
    lines = applied(workspace.regatta.store, changed(file, "name: DACH", "name: Mitte"), dry_run=True)

    assert lines[0] == "~ region de: name DACH -> Mitte"
    assert lines[-1] == "Nothing was written: this was a dry run."
    assert workspace.rows(lambda session: session.get(Region, "de")).name == "DACH"


async def test_a_target_of_the_file_is_split_and_the_whole_step_goes_back(workspace: Workspace, file: Path) -> None:
    before = workspace.rows(lambda session: {row.scope_id: row.minor for row in _months(session)})
    applied(workspace.regatta.store, changed(file, "2026: 29760000 CNY", "2026: 40000000 CNY"))
    raised = workspace.rows(lambda session: {row.scope_id: row.minor for row in _months(session)})

    event = history(workspace.regatta.store)[0].split()[-1]
    undo(workspace.regatta.store, event, START, new_id)

    assert raised["lin-xiao"] > before["lin-xiao"]
    assert workspace.rows(lambda session: {row.scope_id: row.minor for row in _months(session)}) == before


def _months(session: object) -> list[Target]:
    return list(session.exec(select(Target).where(Target.period == "2026-11")).all())  # type: ignore[attr-defined]


async def test_the_history_says_what_stood_there_and_what_stands_there_now(workspace: Workspace, file: Path) -> None:
    await workspace.say("ines-keller", "setup region DACH 08:00-16:00")
    await workspace.say("ines-keller", "setup team Ost in DACH")
    applied(workspace.regatta.store, changed(file, "2026: 29760000 CNY", "2026: 40000000 CNY"))

    lines = history(workspace.regatta.store)

    assert lines[1:3] == [
        "    ~ region de: closes 16:00 -> 18:00, opens 08:00 -> 09:00",
        "    ~ yearly_target cn-east/2026: 29760000 CNY -> 40000000 CNY",
    ]
    assert lines[4] == "    + team de-ost"
    assert lines[6] == "    ~ region de: closes 18:00 -> 16:00, opens 09:00 -> 08:00"


async def test_an_import_of_many_rows_is_told_in_few_lines(workspace: Workspace, tmp_path: Path) -> None:
    people = written(tmp_path / "p.csv", "\n".join(["name,rank,region", *(f"P{n},rep,DACH" for n in range(30))]))
    list(import_file(workspace.regatta.store, "people", people, START, new_id, dry_run=False))

    lines = history(workspace.regatta.store)

    assert lines[1] == "    + person p0"
    assert (lines[9], len(lines)) == ("    and 22 more", 10)


async def test_a_person_of_the_file_is_in_at_once(workspace: Workspace, file: Path) -> None:
    added = (
        "people:\n  - id: nora\n    name: Nora Berg\n    rank: rep\n    region: de\n    accounts:\n"
        "      - platform: web\n        workspace: local\n        user: nora\n"
    )
    applied(workspace.regatta.store, changed(file, "people:\n", added))

    said = await workspace.client.get("/workspace/people")

    assert "nora" in {person["id"] for person in said.json()}


async def test_what_a_file_leaves_out_stays_and_goes_with_prune(workspace: Workspace, file: Path) -> None:
    text = text_of(file)
    start, end = text.index("  - id: zhao-min"), text.index("approvals:")
    written(file, text[:start] + text[end:])

    left = applied(workspace.regatta.store, file)
    await workspace.say("zhao-min", "my")
    applied(workspace.regatta.store, file, prune=True)
    refused = await workspace.client.get("/workspace/channels", params={"as": "zhao-min"})

    assert left == ["  left as it is, not in the file: person zhao-min"]
    assert not workspace.rows(lambda session: session.get(Person, "zhao-min")).active
    assert refused.status_code == 404


async def test_a_region_with_deals_cannot_be_pruned(workspace: Workspace, tmp_path: Path) -> None:
    small = "company: {name: M, zone: UTC, country: GB, locale: en-GB, currency: USD}\n"
    path = written(tmp_path / "small.yaml", small)

    with pytest.raises(FaultError, match=r"is used by .*so it cannot go: write it into the file again"):
        applied(workspace.regatta.store, path, prune=True)

    assert workspace.rows(lambda session: session.get(Region, "de")) is not None


async def test_a_bomb_of_aliases_is_refused_within_two_seconds(workspace: Workspace, tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))
    path = written(tmp_path / "bomb.yaml", bomb)
    begun = time.perf_counter()

    with pytest.raises(FaultError, match="that is no configuration"):
        applied(workspace.regatta.store, path)

    assert time.perf_counter() - begun < 2


async def test_a_file_that_leaves_nobody_to_administer_is_refused(workspace: Workspace, file: Path) -> None:
    store = workspace.regatta.store

    with pytest.raises(FaultError, match="Nobody with an account would be an administrator any more"):
        applied(store, changed(file, "rank: admin", "rank: hq"))

    assert workspace.rows(lambda session: session.get(Person, "ines-keller")).rank == "admin"


async def test_an_empty_section_says_nothing(workspace: Workspace, tmp_path: Path) -> None:
    small = "company: {name: M, zone: Europe/London, country: GB, locale: en-GB, currency: USD}\nregions:\npeople: ~\n"

    lines = applied(workspace.regatta.store, written(tmp_path / "small.yaml", small))

    assert next(line for line in lines if not line.startswith("  left")).startswith("~ organisation 1: name ")


async def test_what_waits_for_a_manager_who_is_not_in_the_file_any_more_is_decided_by_headquarters(
    workspace: Workspace, file: Path
) -> None:
    await workspace.say("mike-davis", "deal Acme 20k USD proposal")
    await workspace.say("mike-davis", "request D-1346")

    applied(
        workspace.regatta.store,
        changed(file, "name: Sarah Johnson\n    rank: manager", "name: Sarah Johnson\n    rank: rep"),
    )
    (waiting,) = await workspace.say("amara-okafor", "approvals")

    assert "A-1" in str(waiting["table"])
