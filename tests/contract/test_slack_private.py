"""What only one person sees: at which of their accounts, and where it goes when Slack does not take it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.test_linking import code_of, write
from tests.stages.slack import SlackStage


@pytest.fixture
async def slack(template: Path, tmp_path: Path) -> AsyncIterator[SlackStage]:
    """The company in Slack, over HTTP."""
    async with SlackStage.opened(template, tmp_path / "slack.db") as stage:
        yield stage


@pytest.mark.parametrize("account", ["mike-davis", "mikes-phone"])
async def test_a_private_answer_goes_to_the_account_that_asked(slack: SlackStage, account: str) -> None:
    phone = slack.peer.world.add_user("mikes-phone")
    await write(slack, phone, f"link {await code_of(slack)}")
    slack.peer.channel("us").members.append(phone.id)
    asking = phone if account == "mikes-phone" else slack.users["mike-davis"]

    await slack.peer.slash(asking, slack.peer.channel("us"), "/my")
    await slack.settled()

    answers = [one for one in slack.peer.world.messages[slack.peer.channel("us").id] if one.visible_to]
    assert {one.visible_to for one in answers} == {asking.id}


@pytest.mark.parametrize("fault", ["used up", "broken"])
async def test_a_private_message_that_slack_no_longer_changes_is_said_in_the_direct_chat(
    slack: SlackStage, fault: str
) -> None:
    mike = slack.users["mike-davis"]
    await slack.say("mike-davis", "/deal Globex 95k USD", "us")
    (near,) = [one for one in await slack.say("mike-davis", "/deal Globex 95k USD", "us") if one["visible_to"]]
    before = len(await slack.read("mike-davis"))
    slack.peer.faults.fail_api("response_url", status=404 if fault == "used up" else 500)

    await slack.press("mike-davis", near, near["buttons"][-1]["command"])

    said = (await slack.read("mike-davis"))[before:]
    assert len(said) == 1
    assert said[0]["text"].splitlines()[0] == near["text"].splitlines()[0]
    assert said[0]["buttons"] == []
    assert slack.peer.seen_by(mike, slack.peer.direct(mike))


async def test_a_private_message_that_slack_changes_is_said_nowhere_else(slack: SlackStage) -> None:
    await slack.say("mike-davis", "/deal Globex 95k USD", "us")
    (near,) = [one for one in await slack.say("mike-davis", "/deal Globex 95k USD", "us") if one["visible_to"]]
    before = len(await slack.read("mike-davis"))

    await slack.press("mike-davis", near, near["buttons"][-1]["command"])

    assert len(await slack.read("mike-davis")) == before
