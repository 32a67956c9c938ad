"""Who left and is added again is not doubled silently; who goes does not leave a region without a word."""

import pytest
from sqlmodel import select

from models.deals import Deal
from models.people import Person
from tests.workspace import Record, Workspace, texts_of

ADMIN = "ines-keller"
BACK = "They were here before and come back as who they were: their deals and history are theirs."


async def leaves(workspace: Workspace, name: str) -> list[Record]:
    (question,) = await workspace.say(ADMIN, f"leaver {name}")
    return [question, *await workspace.press(ADMIN, question, "leaver")]


def called(workspace: Workspace, name: str) -> dict[str, tuple[str | None, bool]]:
    rows = workspace.rows(lambda session: session.exec(select(Person).where(Person.name == name)).all())
    return {person.id: (person.region_id, person.active) for person in rows}


@pytest.mark.everywhere
async def test_who_left_one_region_and_is_added_in_another_is_asked_about(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "deal Acme 120k USD proposal")
    await leaves(workspace, "Mike Davis")

    (question,) = await workspace.say(ADMIN, "setup person Mike Davis rep DACH")
    nobody_yet = called(workspace, "Mike Davis")
    *_, done = await workspace.press(ADMIN, question, "setup_person")

    assert question["text"].startswith(
        "Mike Davis · rep · United States worked here before and left. Is it the same person?"
    )
    assert nobody_yet == {"mike-davis": ("us", False)}
    assert called(workspace, "Mike Davis") == {"mike-davis": ("de", True)}
    assert BACK in done["text"]
    assert workspace.rows(lambda session: session.get(Deal, "D-1346")).owner_id == "mike-davis"


async def test_somebody_else_of_a_leaver_s_name_is_somebody_new(workspace: Workspace) -> None:
    await leaves(workspace, "Mike Davis")
    (question,) = await workspace.say(ADMIN, "setup person Mike Davis rep DACH")

    *_, done = await workspace.press(ADMIN, question, "setup_person", nth=1)
    (again,) = await workspace.say(ADMIN, "invite Mike Davis")

    assert called(workspace, "Mike Davis") == {"mike-davis": ("us", False), "mike-davis-2": ("de", True)}
    assert BACK not in done["text"]
    assert again["text"].startswith("Send this to Mike Davis"), "the name is the new one's"


async def test_who_comes_back_to_their_region_is_said_to_come_back(workspace: Workspace) -> None:
    for _ in range(2):
        await leaves(workspace, "Mike Davis")
        (done,) = await workspace.say(ADMIN, "setup person Mike Davis rep United States")
        assert BACK in done["text"]

    assert called(workspace, "Mike Davis") == {"mike-davis": ("us", True)}
    assert await workspace.say("mike-davis", "my", "web-mike-davis"), "their chat is theirs again, also the second time"


async def test_a_region_that_loses_its_only_manager_says_who_decides_there_now(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "deal Acme 20k USD proposal")
    await workspace.say("mike-davis", "request D-1346")

    *_, demoted = await workspace.say(ADMIN, "setup person Sarah Johnson rep")
    await workspace.say("emily-chen", "deal Globex 20k USD proposal")
    (refused,) = await workspace.say("emily-chen", "request D-1347")
    left = await leaves(workspace, "陈伟")
    (moved,) = await workspace.say(ADMIN, "setup person Anna Schmidt manager DACH")

    moved_on, unmanaged = demoted["text"].splitlines()[1:]
    assert moved_on == "Headquarters decides now: A-1"
    assert unmanaged == (
        "United States has no manager now. What waits there goes to headquarters, and nobody there can ask for an "
        "approval until one is added: `setup person Nora Berg manager United States`"
    )
    assert refused["text"].startswith("Nobody could decide step 1"), "as it was said"
    assert any("has no manager: what waits there" in one.replace(" then", "") for one in texts_of(left))
    assert any("has no manager now. What waits there goes to headquarters" in one for one in texts_of(left))
    assert "no manager" not in moved["text"]
