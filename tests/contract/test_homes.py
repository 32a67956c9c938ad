"""Zone, language, formats and currency belong to the region; a team or a person may say otherwise."""

from models.people import Person
from models.regions import Team
from models.unit import Unit
from tests.workspace import Workspace


def settle(workspace: Workspace, **person: str) -> None:
    """Let Grace Kim say something for herself."""

    def work(unit: Unit) -> None:
        row = unit.get_one(Person, "grace-kim")
        for name, value in person.items():
            setattr(row, name, value)

    workspace.regatta.store.write(work).result()


async def test_a_team_may_work_by_another_clock_than_its_region(workspace: Workspace) -> None:
    assert workspace.rows(lambda session: session.get_one(Person, "grace-kim").team_id) == "us-2"

    await workspace.say("grace-kim", "/visit Globex met Jane next 26 Nov", "us")
    await workspace.move_to("2026-11-26T14:59+00:00")
    assert not [one for one in await workspace.read("grace-kim") if "V-1" in one["text"]]
    await workspace.move_to("2026-11-26T15:01+00:00")  # nine in Chicago, ten in New York

    assert [one for one in await workspace.read("grace-kim") if "V-1" in one["text"]]


async def test_a_person_may_read_another_language_and_count_in_another_currency(workspace: Workspace) -> None:
    settle(workspace, language="zh", currency="CAD", locale="en-CA")

    echo, private = await workspace.say("grace-kim", "/deal Globex 80k", "us")

    assert "CAD 80,000" in echo["text"]
    assert "assumed" in echo["text"]
    assert "签约" in private["text"]
    people = (await workspace.client.get("/workspace/people")).json()
    assert next(one for one in people if one["id"] == "grace-kim")["locale"] == "en-CA"


async def test_a_change_of_a_team_counts_from_the_next_line_on(workspace: Workspace) -> None:
    await workspace.say("grace-kim", "my")

    def work(unit: Unit) -> None:
        unit.get_one(Team, "us-2").currency = "CAD"

    workspace.regatta.store.write(work).result()
    echo, _ = await workspace.say("grace-kim", "/deal Globex 80k", "us")

    assert "CAD 80,000" in echo["text"]


async def test_a_team_may_keep_other_holidays_than_its_region(workspace: Workspace) -> None:
    """The sixth of January is free in Bavaria and worked in Hamburg."""
    await workspace.move_to("2027-01-06T10:00+01:00")

    (bavarian,) = await workspace.say("anna-schmidt", "my")
    (hanseatic,) = await workspace.say("mia-hoffmann", "my")

    assert "pace 11%" in bavarian["text"].splitlines()[1]  # two of nineteen working days
    assert "pace 15%" in hanseatic["text"].splitlines()[1]  # three of twenty
