"""A form of Slack's that waits behind a button says in the message what is wrong with what was typed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stages.slack import SlackStage


@pytest.fixture
async def slack(template: Path, tmp_path: Path) -> AsyncIterator[SlackStage]:
    """The company in Slack, over HTTP."""
    async with SlackStage.opened(template, tmp_path / "slack.db") as stage:
        yield stage


async def _waiting_form(slack: SlackStage, person: str, line: str) -> tuple[str, str]:
    """The words of the form that waits behind a button, as they stand in the message and in a notification."""
    user = slack.users[person]
    await slack.peer.say(user, slack.peer.direct(user), line)
    await slack.settled()
    shown = slack.peer.seen_by(user, slack.peer.direct(user))[-1]
    assert [button.label for button in shown.buttons] in (["Fill in…"], ["填写…"])
    return shown.text, shown.raw


async def test_a_country_of_several_zones_names_them_in_the_message(slack: SlackStage) -> None:
    text, notified = await _waiting_form(slack, "ines-keller", "setup region Canada country CA")

    assert "Time zone: There are several time zones" in text
    assert "America/Toronto" in text
    assert "There are several time zones" in notified


async def test_a_limit_that_would_wait_for_nobody_says_so_in_the_message(slack: SlackStage) -> None:
    await slack.say("ines-keller", "setup no duty 陈思远 Chen Siyuan finance")

    text, _ = await _waiting_form(slack, "ines-keller", "setup limit finance above 50k")

    assert "Nobody holds the finance duty yet" in text


async def test_the_open_form_says_it_under_the_field_and_nowhere_else(slack: SlackStage) -> None:
    ines = slack.users["ines-keller"]

    await slack.peer.slash(ines, slack.peer.direct(ines), "/setup region Canada country CA")
    await slack.peer.world.eventually(lambda: slack.peer.modals(ines))

    view = slack.peer.world.views[slack.peer.modals(ines)[-1].id].body
    assert [block for block in view["blocks"] if "several time zones" in str(block)] == [
        next(block for block in view["blocks"] if block.get("block_id") == "zone")
    ]


async def test_a_person_whom_nobody_knows_is_marked_in_the_open_form_and_the_rest_stays(slack: SlackStage) -> None:
    ines = slack.users["ines-keller"]
    await slack.peer.slash(ines, slack.peer.direct(ines), "/setup duty")
    await slack.peer.world.eventually(lambda: slack.peer.modals(ines))

    await slack.peer.submit(ines, slack.peer.modals(ines)[-1], {"person": "Emly Chen", "duty": "finance"})
    (open_still,) = slack.peer.modals(ines)
    marked = dict(slack.peer.world.views[open_still.id].errors)
    await slack.peer.submit(ines, open_still, {"person": "Emily Chen"})
    await slack.settled()

    assert list(marked) == ["person"]
    assert marked["person"].startswith("I know nobody of that name")
    assert slack.peer.seen_by(ines, slack.peer.direct(ines))[-1].text == "✓ Emily Chen holds: finance"
