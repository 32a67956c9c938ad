"""Whatever was set up, taking every step back in turn leaves the company as it was."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import new_id
from bot.configuration.export import document_of
from bot.configuration.yaml_file import Source, written
from bot.database import open_store
from handlers.placing import put_region, put_team, region_named
from models.approvals import ApprovalRuleRow
from models.configuring import Changes
from models.context import UserError
from models.money import Money
from models.people import HeldDuty, people_in
from models.ranks import Duty, Rank
from models.regions import Region
from models.rules.approval import Decider
from models.setup import SetUpPerson, SetUpRegion
from models.staffing import put_person
from models.store import Store
from models.unit import Unit
from tests.workspace import START, demo_settings, seeded_database

NAMES = st.sampled_from(["DACH", "Nordics", "华北", "United States"])
PEOPLE = st.sampled_from(["Anna Schmidt", "Mike Davis", "Nora Berg", "林晓", "Ola"])
Step = Callable[[Changes], object]


def region_step(name: str, place: str, hours: str) -> Step:
    return lambda changes: put_region(changes, SetUpRegion(name, place=place, hours=hours))


def team_step(region: str, name: str) -> Step:
    return lambda changes: put_team(changes, _region(changes, region), name)


def person_step(name: str, rank: Rank, region: str) -> Step:
    def step(changes: Changes) -> object:
        own = _region(changes, region).id if rank in (Rank.REP, Rank.MANAGER) else None
        return put_person(changes, SetUpPerson(name, rank, own))

    return step


def duty_step(name: str, duty: Duty) -> Step:
    def step(changes: Changes) -> object:
        person = next((one for one in people_in(changes.session) if one.name == name), None)
        return changes.put(HeldDuty(person_id=person.id, duty=duty)) if person is not None else None

    return step


def limit_step(decider: Decider, major: int) -> Step:
    def step(changes: Changes) -> object:
        row = ApprovalRuleRow(
            id=f"contract-{decider.value}", step=1, decider=decider, from_minor=major * 100, currency="USD"
        )
        return changes.put(row)

    return step


def target_step(region: str, major: int) -> Step:
    def step(changes: Changes) -> object:
        own = _region(changes, region)
        return changes.set_target(own, 2027, Money.of(major, own.currency))

    return step


def _region(changes: Changes, name: str) -> Region:
    found = region_named(changes.session, name)
    if found is None:
        raise _NothingError
    return found


class _NothingError(Exception):
    """Raised by a step that has nothing to work on."""


STEPS = st.one_of(
    st.builds(
        region_step, NAMES, st.sampled_from(["DE-BY", "SE", "CN"]), st.sampled_from(["09:00-18:00", "08:00-16:00"])
    ),
    st.builds(team_step, NAMES, st.sampled_from(["Nord", "Ost"])),
    st.builds(person_step, PEOPLE, st.sampled_from(list(Rank)), NAMES),
    st.builds(duty_step, PEOPLE, st.sampled_from(list(Duty))),
    st.builds(limit_step, st.sampled_from(list(Decider)), st.integers(0, 1000)),
    st.builds(target_step, NAMES, st.integers(1, 10_000_000)),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The demo's company, which every example leaves as it found it."""
    path = seeded_database(tmp_path_factory.mktemp("configuring") / "demo.db", START)
    opened = open_store(demo_settings(path))
    yield opened
    opened.close()


def text_of(store: Store) -> str:
    return store.read(lambda session: written(document_of(session)))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, max_size=6))
def test_every_step_back_in_turn_leaves_the_company_as_it_was(store: Store, steps: list[Step]) -> None:
    before, events = text_of(store), []
    for step in steps:
        event = new_id()

        def work(unit: Unit, step: Step = step, event: str = event) -> int:
            changes = Changes(unit, event, START, "test")
            step(changes)
            return changes.count

        try:
            if store.write(work).result():
                events.append(event)
        except (UserError, _NothingError):
            pass
    assert Source(text_of(store)).document is not None, "whatever was set up can be written down and read again"
    for event in reversed(events):

        def back(unit: Unit, event: str = event) -> None:
            Changes(unit, new_id(), START, "test").take_back(event)

        store.write(back).result()

    assert text_of(store) == before
