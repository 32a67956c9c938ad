"""One account may ask for so much and no more, on every platform; nobody else waits for it."""

import asyncio
import threading
from itertools import count
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from bot.allowance import TOLD_FOR, Allowance
from bot.answering import Answer
from bot.platforms.base import Incoming, Place
from models.audit import AuditRow
from models.inbox import Delivery, Outcome
from models.timeline import DealEntry, EntryKind
from models.visits import Visit
from tests.stages.slack import SlackStage
from tests.unit.virtual_time import VirtualTime
from tests.workspace import Workspace, texts_of

MUCH = "You sent more than 60 messages in a minute, so this one was not done"


def limited(workspace: Workspace | SlackStage, burst: int) -> VirtualTime:
    """Let every account send so much at once and one message a second; nothing comes back until time is moved."""
    time = VirtualTime()
    workspace.regatta.dispatch.allowance = Allowance(60, burst, monotonic=time.now)
    return time


def visits(workspace: Workspace) -> int:
    return int(workspace.rows(lambda session: session.exec(select(func.count()).select_from(Visit)).one()))


def refused(workspace: Workspace) -> tuple[int, int]:
    """How many deliveries were refused, and how many of them the audit log tells."""
    keys = select(func.count()).select_from(Delivery).where(Delivery.outcome == Outcome.REFUSED)
    told = select(func.count()).select_from(AuditRow).where(AuditRow.action == "refused")
    return workspace.rows(lambda session: session.exec(keys).one()), workspace.rows(
        lambda session: session.exec(told).one()
    )


@pytest.mark.everywhere
async def test_what_is_over_is_told_once_kept_as_a_key_and_not_done(workspace: Workspace) -> None:
    time = limited(workspace, 3)

    answers = [texts_of(await workspace.say("mike-davis", f"visit Acme{n} met Jane")) for n in range(7)]
    other = texts_of(await workspace.say("emily-chen", "visit Acme met Jane"))
    time.at += TOLD_FOR + 1
    later = texts_of(await workspace.say("mike-davis", "visit Acme met Jane"))

    said = [text for texts in answers for text in texts if text.startswith(MUCH)]
    assert len(said) == 1
    assert said == answers[3]
    assert answers[4:] == [[], [], []]
    assert other[0].startswith("✓")
    assert later[0].startswith("✓")
    assert visits(workspace) == 5
    assert refused(workspace) == (4, 1)


@pytest.mark.everywhere
async def test_presses_count_as_well(workspace: Workspace) -> None:
    (card, *_) = await workspace.say("mike-davis", "deal Acme 80k USD proposal")
    limited(workspace, 0)

    pressed = texts_of(await workspace.press("mike-davis", card, "undo"))

    done = workspace.rows(
        lambda session: session.exec(select(DealEntry.kind).order_by(col(DealEntry.id).desc())).first()
    )
    assert done is EntryKind.LOGGED
    assert [text.startswith(MUCH) for text in pressed] == [True]
    assert refused(workspace)[1] == 1


async def test_a_form_that_is_over_stays_in_slack_as_a_sentence(template: Path, tmp_path: Path) -> None:
    async with SlackStage.opened(template, tmp_path / "slack.db") as slack:
        (card, *_) = await slack.say("mike-davis", "deal Acme 80k USD proposal")
        (form,) = await slack.press("mike-davis", card, "edit")
        limited(slack, 0)

        await slack.press("mike-davis", form, "edit", {"amount": "90k USD"})

        (view,) = slack.peer.modals(slack.users["mike-davis"])
        assert "too many messages" in str(slack.peer.world.views[view.id].body)


async def test_a_stranger_has_an_allowance_too_and_hears_of_it_once(template: Path, tmp_path: Path) -> None:
    async with SlackStage.opened(template, tmp_path / "slack.db") as slack:
        limited(slack, 2)
        stranger = slack.peer.world.add_user("mallory")
        await slack.peer.join(stranger, "us")

        answers = [await slack.peer.slash(stranger, slack.peer.channel("us"), "/deal Acme 80k") for _ in range(5)]

        assert ["too many messages" in answer.text for answer in answers] == [False, False, True, False, False]


async def test_that_somebody_left_is_heard_however_much_they_said(template: Path, tmp_path: Path) -> None:
    async with SlackStage.opened(template, tmp_path / "slack.db") as slack:
        limited(slack, 0)

        await slack.peer.deactivate(slack.users["mike-davis"])

        left = select(AuditRow).where(AuditRow.action == "account.ended")
        assert slack.rows(lambda session: session.exec(left).first()) is not None


async def test_85_nobody_waits_behind_more_than_one_of_another_person(workspace: Workspace) -> None:
    dispatch, store = workspace.regatta.dispatch, workspace.regatta.store
    dispatch.allowance = Allowance()
    order, keys, hold = list[str](), count(), threading.Event()

    def say(person: str) -> "asyncio.Task[Answer]":
        place, key = Place(f"dm-{person}"), f"k{next(keys)}"
        incoming = Incoming(key, "web", "local", person, place, "", text="help")
        return asyncio.create_task(dispatch.take(incoming, lambda _unit, _event: order.append(person)))

    busy = store.write(lambda _: hold.wait())
    noise = [say("mike-davis") for _ in range(100)]
    await asyncio.sleep(0)
    other = say("emily-chen")
    await asyncio.sleep(0)
    hold.set()
    await asyncio.gather(asyncio.wrap_future(busy), other, *noise)

    assert len(order) == 101
    assert order.index("emily-chen") == 1
