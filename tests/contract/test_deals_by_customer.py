"""A deal may be named by its customer wherever its number could stand."""

import pytest

from tests.workspace import Workspace, commands_of


async def test_the_one_deal_of_a_customer_is_meant_by_the_name(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/deal Umbrella 80k USD", "us")

    paid, *_ = await workspace.say("mike-davis", "paid Umbrella 50k", "us")
    changed, *_ = await workspace.say("mike-davis", "edit Umbrella 90k close Friday", "us")

    assert "USD 50,000 of USD 80,000 collected." in paid["text"]
    assert "Umbrella · USD 90,000 · Fri 27 Nov 2026" in changed["text"]
    await workspace.say("lin-xiao", "报单 测试精工 80万", "cn-east")
    moved, *_ = await workspace.say("lin-xiao", "推进 测试精工 谈判", "cn-east")
    assert "谈判" in moved["text"]


@pytest.mark.everywhere
async def test_several_deals_of_a_customer_are_asked_about_with_a_button_each(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/deal Umbrella 80k USD", "us")
    await workspace.say("mike-davis", "/deal Umbrella 200k USD", "us")

    (question,) = await workspace.say("mike-davis", "stage Umbrella lost", "us")

    assert commands_of(question) == ["stage", "stage"]
    moved, *_ = await workspace.press("mike-davis", question, "stage")
    assert "Umbrella · USD 200,000 · lost" in moved["text"]


async def test_a_customers_deals_that_one_may_not_see_are_not_named(workspace: Workspace) -> None:
    await workspace.say("anna-schmidt", "/deal Umbrella 80k EUR", "de")

    (asked,) = await workspace.say("mike-davis", "/paid Umbrella 5k", "us")

    assert asked["visible_to"] == "mike-davis"
    assert "D-" not in asked["text"]
    assert asked["form"] is not None
