"""Several processes on one database, here side by side in one: what one changes the others know, and nothing is done
twice.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.platforms.web.api import REPLIES_WITHIN
from models.audit import AuditRow, breaks
from models.outbox import OutboxState, Post
from models.schedules import SlotRun
from models.sending import others_wait
from tests.races.house import eventually, side_by_side
from tests.workspace import START, StandingClock, Workspace, texts_of

pytestmark = pytest.mark.postgres


@pytest.fixture
async def processes(template: Path, tmp_path: Path) -> AsyncIterator[list[Workspace]]:
    """Three of them on one demo."""
    async with side_by_side(template, tmp_path / "demo.db", 3) as opened:
        yield opened


async def test_a_person_whom_one_process_adds_is_known_to_the_others_at_once(processes: list[Workspace]) -> None:
    first, second, _ = processes
    second.regatta.directory.now()

    await first.say("ines-keller", "setup person Ann Lee rep us")
    await eventually(
        lambda: "Ann Lee" in {person.name for person in second.regatta.directory.now().people.values()}, within=2.0
    )


async def test_a_customer_of_whom_one_process_hears_is_known_to_the_others_soon(processes: list[Workspace]) -> None:
    first, second, _ = processes
    second.regatta.directory.now()

    await first.say("mike-davis", "/deal Vandelay Optics 120k close Friday", "us")

    def read_by_the_second() -> str | None:
        second.regatta.directory.now()
        return second.regatta.directory.accounts.value_of("vandelay optics")

    await eventually(lambda: read_by_the_second() == "Vandelay Optics", within=2.0)


async def test_what_one_process_was_told_another_one_answers_for(processes: list[Workspace]) -> None:
    first, second, third = processes
    line = "/deal Acme 120k close Friday"
    deal = await first.say("mike-davis", line, "us", key="same")

    again = await second.say("mike-davis", line, "us", key="same")
    await third.press("mike-davis", deal[0], "undo")

    assert again == deal
    assert texts_of(await first.read("mike-davis", "us"))[-1] != texts_of(deal)[0]


async def test_49_each_slot_of_three_weeks_is_run_once_by_one_of_three_processes(processes: list[Workspace]) -> None:
    regattas = [one.regatta for one in processes]
    clock = regattas[0]._base
    assert isinstance(clock, StandingClock)

    end = START + timedelta(weeks=3)
    while (due := regattas[0].scheduler.next_due()) is not None and due.due_at <= end:
        clock.at = max(due.due_at, clock.at)
        await asyncio.gather(*(one.scheduler.run_due(clock.at + timedelta(microseconds=1)) for one in regattas))

    slots = processes[0].rows(lambda session: session.exec(select(SlotRun)).all())
    audited = processes[0].rows(
        lambda session: session.exec(select(AuditRow).where(col(AuditRow.action).startswith("job."))).all()
    )
    keys = [(row.action, row.subject, row.facts) for row in audited]
    assert len(slots) == 3 * 5
    assert len(keys) == len(set(keys))
    assert processes[0].rows(lambda session: list(breaks(session))) == []


async def test_what_a_process_that_is_gone_wrote_is_sent_by_another(processes: list[Workspace]) -> None:
    first, second, third = processes
    for one in (first, third):
        await one.regatta.stop()
    _queued(second, "left", by=first, at=START)

    await eventually(
        lambda: second.rows(
            lambda session: session.exec(select(Post.state).where(Post.event_id == "left")).one() is OutboxState.SENT
        )
    )


async def test_an_answer_comes_with_its_replies_although_another_process_sends_to_the_channel_first(
    processes: list[Workspace],
) -> None:
    first, second, _ = processes
    _queued(second, "before", by=first, at=START)

    replies = await second.say("mike-davis", "/deal Acme 120k close Friday", "us")

    assert any("Acme" in text for text in texts_of(replies))


async def test_an_answer_does_not_wait_for_a_message_that_is_tried_again_later(processes: list[Workspace]) -> None:
    _, second, _ = processes
    _queued(second, "before", by=second, at=START + timedelta(days=9))

    begun = time.monotonic()
    await second.say("mike-davis", "/deal Acme 120k close Friday", "us")

    assert time.monotonic() - begun < REPLIES_WITHIN


async def test_others_hear_of_a_sending_where_a_message_that_is_nobodys_waits(processes: list[Workspace]) -> None:
    first, _, _ = processes
    number = first.regatta.members.number
    post = Post(
        event_id="left", channel_id="hq", body='{"$":"Message","v":{"lines":[]}}', created_at=START,
        next_try_at=START + timedelta(days=9), error="busy", sender=None,
    )  # fmt: skip
    assert not first.rows(lambda session: others_wait(session, "hq", number))

    first.regatta.store.write(lambda unit: unit.add(post)).result()

    assert first.rows(lambda session: others_wait(session, "hq", number))


async def test_the_work_of_one_goes_to_another_when_it_leaves(processes: list[Workspace]) -> None:
    members = [one.regatta.members for one in processes]
    for one in members:
        one.seek("work")
    await eventually(lambda: sum(one.leads("work") for one in members) == 1)
    leading = next(one for one in processes if one.regatta.members.leads("work"))

    await leading.regatta.members.stop()

    others = [one.regatta.members for one in processes if one is not leading]
    await eventually(lambda: sum(one.leads("work") for one in others) == 1)
    assert not leading.regatta.members.leads("work")


def _queued(process: Workspace, event_id: str, *, by: Workspace, at: datetime) -> None:
    """Let a message wait in a region's channel for another process, or (later than now) for its next try."""
    post = Post(
        event_id=event_id, channel_id="us", body='{"$":"Message","v":{"lines":[]}}', created_at=START, next_try_at=at,
        error="busy" if at > START else None, sender=by.regatta.members.number,
    )  # fmt: skip
    process.regatta.store.write(lambda unit: unit.add(post)).result()
