"""Who waits for a channel that is being sent to waits together with everybody else who does."""

import asyncio
from dataclasses import dataclass, field

from bot.delivery import Delivery
from bot.platforms.base import Can, Confirm, Outgoing
from models.message import says
from models.outbox import Post, stored
from models.store import Store
from models.text import verbatim
from models.unit import put
from tests.workspace import START, Workspace


@dataclass
class Slow:
    """A platform whose first message takes until the gate opens."""

    store: Store
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    said: list[int] = field(default_factory=list)
    name: str = "web"
    keeps_order: bool = False
    can: Can = field(default_factory=Can)

    async def send(self, outgoing: Outgoing, confirm: Confirm) -> None:
        self.begun.set()
        await self.gate.wait()
        self.said.append(outgoing.post_id)
        await asyncio.wrap_future(self.store.write(lambda unit: confirm(unit, f"m{outgoing.post_id}")))


async def test_many_answers_in_one_channel_wait_for_one_look_at_it(workspace: Workspace) -> None:
    await workspace.regatta.delivery.stop()
    store = workspace.regatta.store
    place = Slow(store)
    delivery = Delivery(store, {"web": place}, workspace.regatta.clock, workspace.regatta.directory)

    async def answer(number: int) -> int:
        post = Post(
            event_id="x", channel_id="us", body=stored(says(verbatim(str(number)))), created_at=START,
            next_try_at=START, sender=1,
        )  # fmt: skip
        written = await asyncio.wrap_future(store.write(lambda unit: put(unit, post).id or 0))
        waiting.append(asyncio.create_task(delivery.settle(["us"])))
        return written

    waiting: list[asyncio.Task[None]] = []
    written = [await answer(0)]
    await place.begun.wait()
    written += [await answer(number) for number in range(1, 30)]
    looks = len(delivery._draining)
    waiting[5].cancel()  # nobody else's look ends with it
    place.gate.set()
    await asyncio.gather(*waiting, return_exceptions=True)

    assert looks == 2
    assert place.said == written
