"""The Home tab: what waits for a person and what is theirs, in their language, with buttons that count."""

import asyncio
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from bot.glance import Glance
from bot.platforms.slack.manifest import manifest
from bot.registry import registry
from models.channels import Channel
from models.outbox import Post
from models.unit import Unit
from tests.contract.test_policies import sent
from tests.peers.slack.reading import SeenView
from tests.stages.slack import SlackStage
from tests.workspace import Workspace

NAMES = (
    "Alder Mills", "Birch Foods", "Cedar Steel", "Dogwood Air", "Elm Shipping", "Fir Lighting", "Ginkgo Labs",
    "Hazel Energy", "Ivy Insurance", "Juniper Rail", "Kapok Textiles", "Larch Software",
)  # fmt: skip


@pytest.fixture
async def slack(template: Path, tmp_path: Path) -> AsyncIterator[SlackStage]:
    """The company in Slack, over HTTP."""
    async with SlackStage.opened(template, tmp_path / "slack.db") as stage:
        yield stage


async def home(slack: SlackStage, person: str) -> SeenView:
    """Open the Home tab as a person does."""
    user = slack.users[person]
    before = len(published(slack))
    await slack.peer.open_home(user)
    await slack.peer.world.eventually(lambda: len(published(slack)) > before)
    found = slack.peer.home(user)
    assert found is not None
    return found


def published(slack: SlackStage) -> list[Any]:
    return [given for name, given in slack.peer.api.calls if name == "views.publish"]


def parts(slack: SlackStage) -> int:
    """How many rows the Home tabs have."""
    query = select(Post.id).where(col(Post.card).startswith("glance:"))
    return len(slack.rows(lambda session: session.exec(query).all()))


async def test_a_reps_home_shows_their_deals_and_targets(slack: SlackStage) -> None:
    await slack.say("mike-davis", "/deal Initech 120k USD proposal", "us")

    shown = await home(slack, "mike-davis")

    assert "Your deals and targets" in shown.text
    assert "D-1346 · Initech · USD 120,000 · proposal" in shown.text
    assert "Nov 2026 signed: USD 22,000 of USD 83,613" in shown.text


async def test_a_managers_home_has_the_approvals_with_buttons_that_decide(slack: SlackStage) -> None:
    await slack.say("mike-davis", "/deal Initech 120k USD", "us")
    await slack.say("mike-davis", "request D-1346", "us")
    sarah = slack.users["sarah-johnson"]
    shown = await home(slack, "sarah-johnson")
    (approve,) = [button.label for button in shown.buttons if button.label.startswith("Approve ")]

    await slack.peer.press_in_view(sarah, shown, approve)
    await slack.settled()
    await slack.peer.world.eventually(lambda: "Approve" not in str(slack.peer.home(sarah)))

    said = [one["text"] for one in await slack.read("sarah-johnson")]
    assert any("You approved A-" in text for text in said)
    assert any("Sarah Johnson approved step 1" in one.text for one in slack.peer.seen_by(sarah, "us"))


async def test_a_rejection_from_home_asks_for_its_reason_in_a_form(slack: SlackStage) -> None:
    await slack.say("mike-davis", "/deal Initech 120k USD", "us")
    await slack.say("mike-davis", "request D-1346", "us")
    sarah = slack.users["sarah-johnson"]
    shown = await home(slack, "sarah-johnson")
    (reject,) = [button.label for button in shown.buttons if button.label.startswith("Reject ")]

    await slack.peer.press_in_view(sarah, shown, reject)
    await slack.peer.world.eventually(lambda: slack.peer.modals(sarah))
    await slack.peer.submit(sarah, slack.peer.modals(sarah)[0], {"reason": "The margin is too low"})
    await slack.settled()
    await slack.peer.world.eventually(lambda: "Reject" not in str(slack.peer.home(sarah)))

    assert any("is rejected" in one.text for one in slack.peer.seen_by(sarah, "us"))


async def test_a_policy_waits_on_home_until_it_is_read(slack: SlackStage) -> None:
    await sent(cast("Workspace", slack), at_once=True)
    mike = slack.users["mike-davis"]
    shown = await home(slack, "mike-davis")

    await slack.peer.press_in_view(mike, shown, "Read and understood")
    await slack.settled()
    await slack.peer.world.eventually(lambda: "Q4 rebate" not in str(slack.peer.home(mike)))

    assert "Q4 rebate" in shown.text
    assert any("Thank you" in one["text"] for one in await slack.read("mike-davis"))


async def test_home_is_in_the_language_of_its_person(slack: SlackStage) -> None:
    shown = await home(slack, "lin-xiao")

    assert "你的单子与目标" in shown.text


async def test_a_stranger_and_who_left_see_who_can_help_and_nothing_else(slack: SlackStage) -> None:
    mike, sue = slack.users["mike-davis"], slack.peer.world.add_user("sue")
    await slack.peer.deactivate(mike)
    await slack.settled()
    mike.deleted = False

    for user in (mike, sue):
        await slack.peer.open_home(user)
        await slack.peer.world.eventually(partial(slack.peer.home, user))
        shown = slack.peer.home(user)
        assert shown is not None
        assert "I do not know you yet" in shown.text
        assert shown.buttons == []


async def test_a_home_with_much_on_it_keeps_slacks_limits_and_its_rows_few(slack: SlackStage) -> None:
    for number, name in enumerate(NAMES):
        await slack.say("mike-davis", f'/deal account:"{name}" {120 + number}k USD', "us")
        await slack.say("mike-davis", f"request D-{1346 + number}", "us")

    shown = await home(slack, "sarah-johnson")
    rows = parts(slack)
    await home(slack, "sarah-johnson")

    assert len([button for button in shown.buttons if button.label.startswith("Approve ")]) >= 10
    assert len(published(slack)[-1]["view"]) < 250_000
    assert parts(slack) == rows


async def test_the_messages_tab_publishes_nothing(slack: SlackStage) -> None:
    await slack.peer.open_home(slack.users["mike-davis"], "messages")
    await slack.peer.deliveries.settle()

    assert published(slack) == []


async def test_a_home_that_slack_does_not_take_is_no_fault_of_the_delivery(slack: SlackStage) -> None:
    slack.peer.faults.fail_api("views.publish")

    await slack.peer.open_home(slack.users["mike-davis"])
    await slack.peer.deliveries.settle()

    assert [attempt.answer.ok for attempt in slack.peer.deliveries.attempts if attempt.answer] == [True]
    assert "Your deals and targets" in (await home(slack, "mike-davis")).text


async def test_many_openings_do_not_hold_up_the_writer(slack: SlackStage) -> None:
    for user in slack.users.values():
        await slack.peer.open_home(user)
    await slack.peer.world.eventually(lambda: len(published(slack)) >= len(slack.users), 15)
    waited, before = list[float](), len(published(slack))

    for user in slack.users.values():
        await slack.peer.open_home(user)
    while len(published(slack)) < before + len(slack.users):
        begun = time.monotonic()
        await asyncio.wrap_future(slack.regatta.store.write(lambda _: None))
        waited.append(time.monotonic() - begun)
        await asyncio.sleep(0.01)

    assert max(waited) < 0.5


async def test_what_changes_while_a_home_is_drawn_is_on_the_one_that_is_published_last(slack: SlackStage) -> None:
    slack.peer.faults.slow_api(0.6, "views.publish", times=1)
    mike = slack.users["mike-davis"]
    await slack.peer.open_home(mike)
    await slack.say("mike-davis", "/deal Initech 120k USD proposal", "us")
    for _ in range(4):
        await slack.peer.open_home(mike)

    await slack.peer.world.eventually(lambda: "Initech" in str(slack.peer.home(mike)))

    assert len(published(slack)) <= 2  # of five openings


@pytest.mark.parametrize("by", ["a leaver", "Slack"])
async def test_who_left_keeps_nothing_on_their_home(slack: SlackStage, by: str) -> None:
    mike = slack.users["mike-davis"]
    shown = await home(slack, "mike-davis")

    if by == "Slack":
        await slack.peer.deactivate(mike)
    else:
        (question,) = await slack.say("sarah-johnson", "leaver Mike Davis")
        await slack.press("sarah-johnson", question, "leaver")
    await slack.peer.world.eventually(lambda: "I do not know you yet" in str(slack.peer.home(mike)))

    assert "Your deals and targets" in shown.text


async def test_who_is_known_and_has_no_direct_chat_yet_is_not_called_unknown(slack: SlackStage) -> None:
    mike = slack.users["mike-davis"]

    def forget(unit: Unit) -> None:
        chat = unit.exec(select(Channel).where(Channel.external_id == mike.id)).one()
        chat.external_id = "elsewhere"
        unit.add(chat)

    await asyncio.wrap_future(slack.regatta.store.write(forget))
    shown = await home(slack, "mike-davis")

    assert "I do not know you" not in shown.text


async def test_a_home_that_cannot_be_drawn_is_in_the_log(slack: SlackStage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Glance, "of", fail)
    with capture_logs() as log:
        await slack.peer.open_home(slack.users["mike-davis"])
        await slack.peer.world.eventually(lambda: log)

    assert [entry["event"] for entry in log] == ["a home was not published"]


def test_the_manifest_has_the_home_tab() -> None:
    found = manifest(registry(), None)

    assert found["features"]["app_home"]["home_tab_enabled"] is True
    assert "app_home_opened" in found["settings"]["event_subscriptions"]["bot_events"]
