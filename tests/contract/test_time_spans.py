"""Commands that take a period, a range of days or a duration, on the running workspace."""

import pytest

from tests.workspace import Workspace, commands_of


async def test_my_shows_the_deals_and_the_attainment_of_a_named_period(workspace: Workspace) -> None:
    (answer,) = await workspace.say("mike-davis", "my last month")

    assert answer["text"].startswith("8 deals of yours · Oct 2026\nOct 2026 signed: USD 118,000 of USD ")
    assert len(answer["table"]["rows"]) == 8


async def test_a_range_of_days_has_its_sum_and_no_target(workspace: Workspace) -> None:
    (answer,) = await workspace.say("mike-davis", "my 1-15 Nov")

    assert answer["text"] == "1 deal of yours · 1–15 Nov 2026\n1–15 Nov 2026 signed: USD 22,000"


async def test_my_with_a_customer_shows_the_deals_with_it(workspace: Workspace) -> None:
    (answer,) = await workspace.say("mike-davis", "my globex")

    assert answer["text"] == "2 deals of yours · Globex"
    assert {row[1] for row in answer["table"]["rows"]} == {"Globex"}


async def test_words_that_my_does_not_know_are_told_and_nothing_is_shown(workspace: Workspace) -> None:
    (answer,) = await workspace.say("mike-davis", "my foo")

    assert answer["text"].startswith("I could not read “foo”")


async def test_a_range_is_written_the_chinese_way(workspace: Workspace) -> None:
    (answer,) = await workspace.say("lin-xiao", "我的 11月16日至24日")

    assert answer["text"].splitlines()[0] == "你的报单 5 单 · 2026年11月16日至24日"


@pytest.mark.parametrize("line", ["board last week", "榜单 上周", "board 2026-W47", "board week 47"])
async def test_the_board_of_a_named_week(workspace: Workspace, line: str) -> None:
    (answer,) = await workspace.say("mike-davis", line)

    assert "Week 47 (16–22 Nov)" in answer["text"]
    assert "still runs" not in answer["text"]


async def test_the_board_of_the_running_week_says_that_it_still_runs(workspace: Workspace) -> None:
    (answer,) = await workspace.say("mike-davis", "board this week")

    assert "The week still runs in" in answer["text"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("board November", "A board is made for a week; write `board last week`."),
        ("board next week", "The board of Week 49 (30 Nov–6 Dec) is still to come; write a week that has begun."),
    ],
)
async def test_a_board_that_cannot_be_is_refused_in_one_sentence(
    workspace: Workspace, line: str, sentence: str
) -> None:
    assert [answer["text"] for answer in await workspace.say("mike-davis", line)] == [sentence]


async def test_in_a_channel_a_command_and_nothing_but_its_values_is_meant(workspace: Workspace) -> None:
    assert await workspace.say("mike-davis", "board last week", "us")
    assert await workspace.say("mike-davis", "my Q4", "us")
    assert await workspace.say("mike-davis", "my last week was awful", "us") == []
    assert await workspace.say("mike-davis", "board the train next week", "us") == []


async def test_a_visit_is_postponed_by_so_much_from_its_day(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/visit Globex met Jane next 30 Nov", "us")

    weeks = await workspace.say("mike-davis", "postpone V-1 two weeks")
    days = await workspace.say("mike-davis", "postpone V-1 3 working days")

    assert weeks[-1]["text"].startswith("✓ Moved to Mon 14 Dec 2026")
    assert days[-1]["text"].startswith("✓ Moved to Thu 17 Dec 2026")


async def test_the_form_of_a_postponement_takes_a_duration_too(workspace: Workspace) -> None:
    await workspace.say("lin-xiao", "/visit 苏州精工 见张总 下次11月30日", "cn-east")
    (form,) = await workspace.say("lin-xiao", "改期 V-1")
    assert commands_of(form) == ["move"]

    moved = await workspace.press("lin-xiao", form, "move", {"on": "推迟两周"})

    assert moved[-1]["text"].startswith("✓ 已改期到 2026年12月14日(周一)")


async def test_targets_of_another_year_are_shown(workspace: Workspace) -> None:
    (answer,) = await workspace.say("amara-okafor", "targets United States next year")

    assert answer["text"] == "Targets of United States, 2027, signed"
    assert [row[0] for row in answer["table"]["rows"][:3]] == ["2027", "Q1 2027", "Jan 2027"]


async def test_a_deal_closes_in_so_many_working_days_of_the_region(workspace: Workspace) -> None:
    answers = await workspace.say("mike-davis", "deal Acme 50k in 2 working days")  # Thursday is Thanksgiving

    assert "Fri 27 Nov 2026 (“in 2 working days”)" in answers[0]["text"]
