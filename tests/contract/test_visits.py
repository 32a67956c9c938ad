"""Visits come back when they were promised."""

import pytest

from tests.workspace import Record, Workspace, commands_of

pytestmark = pytest.mark.both_databases


async def reminders(workspace: Workspace, person: str) -> list[Record]:
    """What a person's direct chat says about visits."""
    return [message for message in await workspace.read(person) if "V-1" in message["text"]]


@pytest.mark.everywhere
async def test_a_visit_comes_back_privately_on_its_morning(workspace: Workspace) -> None:
    await workspace.say("lin-xiao", "/visit 苏州精工 拜访张总 下次12月3日", "cn-east")
    await workspace.move_to("2026-12-03T08:59+08:00")
    assert await reminders(workspace, "lin-xiao") == []

    await workspace.advance("2m")

    (reminder,) = await reminders(workspace, "lin-xiao")
    assert "苏州精工" in reminder["text"]
    assert "拜访张总" in reminder["text"]
    assert commands_of(reminder) == ["done", "move"]
    assert await reminders(workspace, "zhao-min") == []


@pytest.mark.everywhere
async def test_done_ends_it_and_says_so_on_the_reminder(workspace: Workspace) -> None:
    await workspace.say("lin-xiao", "/visit 苏州精工 拜访张总 下次11月26日", "cn-east")
    await workspace.advance("2d")
    (reminder,) = await reminders(workspace, "lin-xiao")

    await workspace.press("lin-xiao", reminder, "done")

    (after,) = await reminders(workspace, "lin-xiao")
    assert after["buttons"] == []
    assert after["edited"]
    again = await workspace.say("lin-xiao", "完成 V-1")
    assert "V-1" in again[0]["text"]


async def test_a_moved_visit_comes_back_on_the_new_morning_only(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/visit Globex met Jane next 30 Nov", "us")
    await workspace.say("mike-davis", "/postpone V-1 2 Dec", "us")

    await workspace.move_to("2026-12-01T23:00-05:00")
    assert await reminders(workspace, "mike-davis") == []
    await workspace.move_to("2026-12-02T09:01-05:00")

    assert len(await reminders(workspace, "mike-davis")) == 1


async def test_another_person_cannot_finish_it(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/visit Globex met Jane next 30 Nov", "us")

    (refusal,) = await workspace.say("emily-chen", "/done V-1", "us")

    assert "no visit V-1 of yours" in refusal["text"]


async def test_a_day_that_is_over_is_refused(workspace: Workspace) -> None:
    (refusal,) = await workspace.say("mike-davis", "/visit Globex met Jane next 2026-11-02", "us")

    assert "is over" in refusal["text"]


async def test_the_next_day_may_be_glued_to_its_word(workspace: Workspace) -> None:
    (tomorrow,) = await workspace.say("lin-xiao", "拜访 苏州精工 见张总 下次明天", "cn-east")
    (friday,) = await workspace.say("lin-xiao", "拜访 华东医药 见李总 下次下周五", "cn-east")

    assert "2026年11月26日" in tomorrow["text"]
    assert "2026年12月4日" in friday["text"]


@pytest.mark.parametrize(
    ("line", "text", "day"),
    [
        ("/visit Globex met Jane yesterday", "met Jane yesterday", None),
        ("/visit Globex lunch 3 Dec next 10 Dec", "lunch 3 Dec", "Thu 10 Dec 2026"),
        ("/visit Globex met Jane today about 80k renewal next Tuesday 10am", "met Jane today about 80k renewal",
         "Tue 1 Dec 2026"),
        ("/visit Globex met Jane at Globex, next 3 Dec", "met Jane at Globex", "Thu 3 Dec 2026"),
    ],
)  # fmt: skip
async def test_the_days_of_a_story_are_not_the_next_visit(
    workspace: Workspace, line: str, text: str, day: str | None
) -> None:
    (answer,) = await workspace.say("mike-davis", line, "us")

    assert answer["text"].splitlines()[0] == f"✓ Visit V-1 · Globex · {text}"
    assert ("I will remind you" in answer["text"]) == (day is not None)
    assert day is None or day in answer["text"]
