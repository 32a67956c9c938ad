"""What another process took over, or what was given up, is not sent by the process that had it in its hands."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from bot.delivery import Delivery
from bot.members import Alone
from bot.membership import GRACE_SECONDS, Membership
from bot.platforms.base import Can, Confirm, Outgoing, SendError
from models.message import says
from models.outbox import OutboxState, Post, give_up_waiting, stored
from models.store import Store
from models.text import verbatim
from models.unit import Unit
from tests.workspace import START, Workspace

OTHER = 2


class OneOfTwo(Alone):
    """A process that sees another one."""

    count = 2


@dataclass
class Place:
    """A platform that takes a message in so many calls; `meanwhile` happens after the first one."""

    store: Store
    meanwhile: Callable[[Outgoing], Awaitable[object]]
    calls: int = 1
    said: list[tuple[int, bool]] = field(default_factory=list)
    name: str = "web"
    keeps_order: bool = False
    can: Can = field(default_factory=Can)

    async def send(self, outgoing: Outgoing, confirm: Confirm) -> None:
        for _ in range(self.calls):
            await outgoing.begin(leaves=outgoing.edits is None)
            self.said.append((outgoing.post_id, outgoing.doubtful))
            if len(self.said) == 1:
                await self.meanwhile(outgoing)
        await asyncio.wrap_future(self.store.write(lambda unit: confirm(unit, f"m{outgoing.post_id}")))


async def sent(workspace: Workspace, place: Place, posts: int, *, edits: bool = False) -> list[Post]:
    """Let a process send posts that are its own; gives the rows."""
    await workspace.regatta.delivery.stop()
    store = workspace.regatta.store

    def write(unit: Unit) -> list[int]:
        rows = [
            Post(event_id="x", channel_id="us", body=stored(says(verbatim(str(number)))), created_at=START,
                 next_try_at=START, sender=OneOfTwo.number)
            for number in range(posts)
        ]  # fmt: skip
        unit.add_all(rows)
        unit.flush()
        if edits:
            rows[0].state, rows[0].message_id = OutboxState.SENT, "1"
            rows[1].edits = rows[0].id
        return [row.id or 0 for row in rows]

    ids = store.write(write).result()
    delivery = Delivery(store, {"web": place}, workspace.regatta.clock, workspace.regatta.directory, OneOfTwo())
    await delivery.settle(["us"])
    return list(
        workspace.rows(lambda s: s.exec(select(Post).where(col(Post.id).in_(ids)).order_by(col(Post.id))).all())
    )


def changing(workspace: Workspace, behind: int = 0, **facts: object) -> Callable[[Outgoing], Awaitable[object]]:
    """What another process does to the post that is being sent, or to one behind it."""

    def change(outgoing: Outgoing) -> Awaitable[object]:
        row = update(Post).where(col(Post.id) == outgoing.post_id + behind).values(**facts)
        return asyncio.wrap_future(workspace.regatta.store.write(lambda unit: unit.execute(row) and None))

    return change


async def test_what_was_given_up_on_the_way_is_not_said(workspace: Workspace) -> None:
    store = workspace.regatta.store

    def give_up(_outgoing: Outgoing) -> Awaitable[object]:
        return asyncio.wrap_future(store.write(lambda unit: give_up_waiting(unit, "us")))

    place = Place(store, give_up)
    rows = await sent(workspace, place, posts=3)

    assert len(place.said) == 1
    assert [row.state for row in rows[1:]] == [OutboxState.DEAD, OutboxState.DEAD]


async def test_the_second_part_is_not_said_once_another_process_has_the_message(workspace: Workspace) -> None:
    place = Place(workspace.regatta.store, changing(workspace, sender=OTHER), calls=2)
    (row,) = await sent(workspace, place, posts=1)

    assert len(place.said) == 1
    assert (row.state, row.doubtful) == (OutboxState.WAITING, True)


async def test_a_new_face_is_not_drawn_once_another_process_has_it(workspace: Workspace) -> None:
    place = Place(workspace.regatta.store, changing(workspace, sender=OTHER), calls=2)
    await sent(workspace, place, posts=2, edits=True)

    assert len(place.said) == 1


async def test_what_another_process_began_meanwhile_is_not_said_without_a_mark(workspace: Workspace) -> None:
    place = Place(workspace.regatta.store, changing(workspace, behind=1, doubtful=True))
    _, second = await sent(workspace, place, posts=2)

    assert (second.id, False) not in place.said


@pytest.mark.parametrize("wait", [None, 1.0], ids=["refused", "to wait"])
async def test_a_refusal_changes_nothing_of_what_another_process_does(workspace: Workspace, wait: float | None) -> None:
    state = OutboxState.WAITING if wait else OutboxState.SENT
    change = changing(workspace, sender=OTHER, doubtful=True, state=state)

    async def refused(outgoing: Outgoing) -> None:
        await change(outgoing)
        raise SendError("no", permanent=wait is None, retry_after=wait)

    (row,) = await sent(workspace, Place(workspace.regatta.store, refused), posts=1)

    assert (row.state, row.doubtful, row.sender) == (state, True, OTHER)


def test_who_came_back_is_missed_anew_and_not_at_once() -> None:
    now = 0.0
    membership = Membership("postgresql://nowhere", monotonic=lambda: now)
    membership.sees({membership.number})
    begun = membership.is_gone(OTHER)
    membership.sees({membership.number, OTHER})
    now = GRACE_SECONDS * 10
    membership.sees({membership.number})

    first, now = membership.is_gone(OTHER), now + GRACE_SECONDS
    assert (begun, first, membership.is_gone(OTHER)) == (False, False, True)
