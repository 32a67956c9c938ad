"""One deal, three platforms: what a rep asks in Telegram, a manager decides in Slack and HQ in the web workspace."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from models.approvals import Decision
from models.people import Person
from models.ranks import Rank
from models.unit import Unit
from models.workspace import WorkspaceMessage
from tests.peers.telegram.reading import Seen
from tests.stages.peers import FINANCE, REP, Company, opened
from tests.workspace import commands_of

DIRECT = f"web-{FINANCE}"


@pytest.fixture
async def company(template: Path, tmp_path: Path) -> AsyncIterator[Company]:
    """The company on its three platforms."""
    async with opened(template, tmp_path / "peers.db") as served:
        yield served


async def there(company: Company, found: Callable[[], Any]) -> Any:
    """Wait for something that arrives in Telegram or Slack."""
    return await company.telegram.world.eventually(found)


def in_group(company: Company, words: str) -> Seen | None:
    """The bot's message in the region's group that has these words."""
    seen = company.telegram.seen_by(company.rep, company.group)
    return next((one for one in seen if words in one.text and one.user == company.telegram.bot.id), None)


async def test_three_people_on_three_platforms_take_one_deal_through_approval(company: Company) -> None:
    sarah, slack = company.colleagues["sarah-johnson"], company.slack

    await company.telegram.say(company.rep, company.group, "/deal@regatta_bot Globex 150k USD close next Tuesday")
    echo = await there(company, lambda: in_group(company, "Globex"))
    await company.telegram.press(company.rep, echo, "Request approval")
    card = await there(company, lambda: in_group(company, "Step 1 of 2"))
    asked = await there(company, lambda: [one for one in slack.seen_by(sarah, slack.direct(sarah)) if one.buttons])
    await slack.press(sarah, asked[-1], "Approve")
    await there(company, lambda: "Step 1 of 2: approved by Sarah Johnson" in company.telegram.now(card).text)
    await there(company, lambda: company.workspace.rows(written))
    last = (await company.workspace.read(FINANCE, DIRECT))[-1]
    replies = await company.workspace.press(FINANCE, last, "approve")

    assert "approve" in commands_of(last)
    assert replies
    assert all(reply["channel"] == DIRECT for reply in replies), "what went to other platforms is not the workspace's"
    await there(company, lambda: "✓" in company.telegram.now(card).text and not company.telegram.now(card).buttons)
    decided = company.workspace.rows(lambda session: session.exec(select(Decision.person_id)).all())
    assert decided[-2:] == ["sarah-johnson", FINANCE]
    chat = company.telegram.direct(company.rep)
    await there(company, lambda: any("approved" in one.text for one in company.telegram.seen_by(company.rep, chat)))


def written(session: Session) -> list[int | None]:
    """What stands in HQ finance's chat in the workspace."""
    return list(session.exec(select(WorkspaceMessage.id).where(WorkspaceMessage.channel_id == DIRECT)))


async def test_everybody_lives_in_the_workspace_too_also_who_comes_later(company: Company) -> None:
    def come(unit: Unit) -> None:
        unit.add(Person(id="new", name="New Person", rank=Rank.HQ, region_id=None))

    company.workspace.regatta.store.write(come).result()

    people = (await company.workspace.client.get("/workspace/people")).json()
    channels = (await company.workspace.client.get("/workspace/channels", params={"as": "new"})).json()
    (mine,) = await company.workspace.say("new", "approvals", "web-new")

    assert {"new", REP, FINANCE} <= {person["id"] for person in people}
    assert [(one["id"], one["kind"]) for one in channels] == [("web-new", "direct")]
    assert mine["author"] == "regatta"


async def test_the_page_opens_on_somebody_and_the_clock_moves(company: Company) -> None:
    page = await company.workspace.client.get("/", follow_redirects=True)
    before = company.workspace.regatta.clock.now()
    now = await company.workspace.advance("2h")

    assert page.status_code == 200
    assert (now - before).total_seconds() >= 7_200
