"""What people wrote of themselves is kept for a year, and then by no row."""

from datetime import timedelta

import pytest
from sqlmodel import col, delete, select

from models.feedback import Feedback
from models.inbox import Delivery, Outcome
from models.outbox import Post
from models.retention import MOST_AT_ONCE, PRUNE
from models.schedules import Schedule, SlotRun, Timer, TimerState
from models.standups import CheckIn
from models.unit import Unit
from tests.workspace import Workspace

pytestmark = pytest.mark.both_databases

MONDAY = "2026-11-30T09:00-05:00"
SAID, ANSWERED = "the discount limits cost us two days", "Legal looks at it this week"
DID, PLANS = "called nine plants", "see the tenth one"


def end_schedules(unit: Unit) -> None:
    """Leave nothing to come by the clock but timers, so that a year is over at once."""
    unit.execute(delete(SlotRun))
    unit.execute(delete(Schedule))


async def written(workspace: Workspace) -> None:
    """Give feedback that is answered, check in on a Monday, and see its digest."""
    await workspace.say("lin-xiao", f"feedback {SAID}")
    card = next(one for one in reversed(await workspace.read("sun-jia")) if "💬" in one["text"])
    (form,) = await workspace.press("sun-jia", card, "reply")
    await workspace.press("sun-jia", form, "reply", {"text": ANSWERED})
    await workspace.move_to(MONDAY)
    (form,) = await workspace.say("mike-davis", "standup")
    await workspace.press("mike-davis", form, "answer", {"did": DID, "plans": PLANS, "blockers": ""})
    await workspace.move_to("2026-11-30T19:00-05:00")


def rows_with(workspace: Workspace, *words: str) -> list[str]:
    """The messages that the bot keeps with any of these words."""
    bodies = workspace.rows(lambda session: session.exec(select(Post.body)).all())
    return [body for body in bodies if any(word in body for word in words)]


async def test_feedback_and_stand_up_answers_are_deleted_after_a_year_wherever_they_stand(workspace: Workspace) -> None:
    await written(workspace)
    assert len(rows_with(workspace, SAID, ANSWERED, DID, PLANS)) > 4

    workspace.regatta.store.write(end_schedules).result()
    await workspace.advance("358d")
    kept = workspace.rows(lambda session: session.exec(select(Feedback.text)).all())
    await workspace.advance("9d")

    assert kept == [SAID]
    assert workspace.rows(lambda session: session.exec(select(Feedback)).all()) == []
    assert workspace.rows(lambda session: session.exec(select(CheckIn)).all()) == []
    assert rows_with(workspace, SAID, ANSWERED, DID, PLANS) == []


async def test_a_form_that_repeats_an_answer_and_is_never_sent_is_emptied_too(workspace: Workspace) -> None:
    (form,) = await workspace.say("mike-davis", "standup")
    await workspace.press("mike-davis", form, "answer", {"did": DID, "plans": PLANS, "blockers": ""})
    await workspace.advance("1d")
    (again,) = await workspace.say("mike-davis", "standup")
    workspace.regatta.store.write(end_schedules).result()

    await workspace.advance("367d")

    assert again["form"]["fields"][0]["value"] == DID
    assert rows_with(workspace, DID, PLANS) == []


async def test_what_is_written_on_one_day_is_one_timer(workspace: Workspace) -> None:
    def planned(days: int) -> list[str]:
        since = workspace.regatta.clock.now() + timedelta(days=days)
        query = select(Timer.job).where(col(Timer.due_at) > since)
        return list(workspace.rows(lambda session: session.exec(query).all()))

    await workspace.say("lin-xiao", f"feedback {SAID}")
    await workspace.say("mike-davis", f"feedback {SAID}")

    assert planned(365) == ["words.forget"]
    assert planned(366) == []


def old_keys(workspace: Workspace, number: int, outcome: Outcome) -> None:
    """Let so many deliveries have come 29 days ago."""
    at = workspace.regatta.clock.now() - timedelta(days=29)

    def write(unit: Unit) -> None:
        for each in range(number):
            key = f"{outcome}-{each}"
            unit.add(
                Delivery(
                    event_id=key, platform="slack", workspace="T1", key=key, body_hash="x", received_at=at,
                    outcome=outcome,
                )
            )  # fmt: skip

    workspace.regatta.store.write(write).result()


def keys(workspace: Workspace) -> list[str]:
    return sorted(
        workspace.rows(lambda session: session.exec(select(Delivery.key).where(Delivery.platform == "slack")))
    )


async def test_keys_of_deliveries_go_after_thirty_days_some_at_a_time(workspace: Workspace) -> None:
    workspace.regatta.store.write(end_schedules).result()
    old_keys(workspace, MOST_AT_ONCE + 20, Outcome.DONE)
    old_keys(workspace, 1, Outcome.SET_ASIDE)

    await workspace.move_to("2026-11-26T00:00+00:00")
    young = len(keys(workspace))
    await workspace.move_to("2026-11-27T00:00+00:00")
    first = len(keys(workspace))
    await workspace.advance("5m")
    kept = keys(workspace)
    await workspace.advance("2d")

    assert (young, first, kept) == (MOST_AT_ONCE + 21, 21, ["set_aside-0"])
    waiting = select(Timer.subject).where(Timer.job == PRUNE, Timer.state == TimerState.WAITING)
    assert len(workspace.rows(lambda session: session.exec(waiting).all())) == 1
