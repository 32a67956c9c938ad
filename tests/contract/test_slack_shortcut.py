"""“Log as deal” in a message's menu: the form with what the message reads as, for the one who chose it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from bot.platforms.slack.manifest import manifest
from bot.platforms.slack.reading import LOG_DEAL
from bot.registry import registry
from models.deals import Deal
from tests.peers.slack.reading import Seen, SeenView
from tests.stages.slack import SlackStage


@pytest.fixture
async def slack(template: Path, tmp_path: Path) -> AsyncIterator[SlackStage]:
    """The company in Slack, over HTTP."""
    async with SlackStage.opened(template, tmp_path / "slack.db") as stage:
        yield stage


def deals(slack: SlackStage) -> list[Deal]:
    return list(slack.rows(lambda session: session.exec(select(Deal)).all()))


async def point(slack: SlackStage, who: str, message: Seen) -> list[SeenView]:
    """Choose the shortcut; give the forms that are open then."""
    await slack.peer.shortcut(slack.users[who], message, LOG_DEAL)
    await slack.settled()
    return slack.peer.modals(slack.users[who])


def prefilled(slack: SlackStage, view: SeenView) -> dict[str, object]:
    """What stands in the fields of a form."""
    record = slack._form_record("mike-davis", "us", view)
    return {field["name"]: field["value"] for field in record["form"]["fields"] if field["value"]}


async def test_a_message_becomes_a_deal_of_whoever_chose_it_once_they_sent_the_form(slack: SlackStage) -> None:
    before, mike = len(deals(slack)), slack.users["mike-davis"]
    said = await slack.peer.say(slack.users["emily-chen"], "us", "Initech agreed to 95k USD, close 2026-12-04 contract")

    (form,) = await point(slack, "mike-davis", said)
    untouched = len(deals(slack))
    await slack.peer.submit(mike, form, {"account": "Initech"})
    await slack.settled()

    assert untouched == before
    assert prefilled(slack, form) == {
        "account": "Initech", "amount": "95000 USD", "close_on": "2026-12-04", "stage": "contract",
    }  # fmt: skip
    (deal,) = [each for each in deals(slack) if each.id == "D-1346"]
    assert (deal.owner_id, deal.amount_minor) == ("mike-davis", 9_500_000)
    echo = next(one for one in slack.peer.seen_by(mike, "us") if one.text.startswith("✓ D-1346"))
    assert echo.thread_ts == said.ts


async def test_a_message_in_a_thread_and_in_chinese_is_read_as_well(slack: SlackStage) -> None:
    lin = slack.users["lin-xiao"]
    root = await slack.peer.say(lin, "cn-east", "本周进展")
    said = await slack.peer.say(lin, "cn-east", "苏州精工 75万 12月5日 方案", thread_ts=root.ts)

    (form,) = await point(slack, "lin-xiao", said)
    await slack.peer.submit(lin, form)
    await slack.settled()

    echo = next(one for one in slack.peer.seen_by(lin, "cn-east") if one.text.startswith("✓ D-1346"))
    assert echo.thread_ts == root.ts


async def test_what_is_no_deal_opens_the_form_with_nothing_in_it(slack: SlackStage) -> None:
    said = await slack.peer.say(slack.users["emily-chen"], "us", "?")

    (form,) = await point(slack, "mike-davis", said)

    assert prefilled(slack, form) == {}


async def test_who_may_log_no_deal_gets_no_form(slack: SlackStage) -> None:
    said = await slack.peer.say(slack.users["amara-okafor"], "hq", "Initech 95k USD")

    forms = await point(slack, "ines-keller", said)

    assert forms == []
    assert "This is only for" in slack.peer.seen_by(slack.users["ines-keller"], "hq")[-1].text


async def test_a_stranger_gets_words_and_no_form(slack: SlackStage) -> None:
    sue = slack.peer.world.add_user("sue", team=slack.peer.world.add_team("Other Company"))
    slack.peer.channel("us").members.append(sue.id)
    said = await slack.peer.say(slack.users["emily-chen"], "us", "Initech 95k USD")

    await slack.peer.shortcut(sue, said, LOG_DEAL)

    assert slack.peer.modals(sue) == []
    assert "I do not know you yet" in slack.peer.seen_by(sue, "us")[-1].text


def test_the_manifest_offers_the_shortcut() -> None:
    (shortcut,) = manifest(registry(), None)["features"]["shortcuts"]

    assert (shortcut["type"], shortcut["callback_id"]) == ("message", LOG_DEAL)
    assert len(shortcut["name"]) <= 24
    assert len(shortcut["description"]) <= 150
