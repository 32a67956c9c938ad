"""The chat: takes messages late, twice, never or without an answer, and keeps what arrived."""

import asyncio
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass, field
from random import Random  # noqa: TID251  seeded: a run can be repeated

from bot import tokens
from bot.platforms.base import Can, Confirm, Outgoing, SendError
from models.message import Message
from models.store import Store
from tests.simulator.company import KEY, PLATFORM
from tests.simulator.loop import OWNER, Life, SimulatedLoop


@dataclass(frozen=True)
class Said:
    """A message as it stands in the chat: `post_id` is the row of its newest face, `first` that of its first one."""

    first: int
    post_id: int
    channel: str
    visible_to: str | None
    message: Message

    def token(self, position: int) -> str:
        """What a button carries."""
        return tokens.sign(KEY, self.post_id, position)


@dataclass
class Chat:
    """What arrived. `odds` out of a hundred calls go wrong, each in one of the ways that there are.

    `trap` hears of the next call, with the life of whoever makes it.
    """

    loop: SimulatedLoop
    chance: Random
    world: Context
    note: Callable[[str], None]
    fault: Callable[[str], None]
    odds: int = 0
    trap: Callable[[Life], None] | None = None
    shown: dict[int, Said] = field(default_factory=dict)
    arrived: dict[int, list[bool]] = field(default_factory=dict)
    newest: dict[str, int] = field(default_factory=dict)
    ids: int = 0

    async def call(self, outgoing: Outgoing) -> str:
        """Make a call from inside a process; raise SendError as a platform does that heard no clear answer."""
        caller, trap = OWNER.get(), self.trap
        if trap is not None and caller is not None:
            self.trap = None
            trap(caller)
        answer = self.loop.create_future()
        there, back = self.chance.uniform(0.01, 0.4), self.chance.uniform(0.01, 0.4)
        wrong = self.chance.randrange(100) < self.odds
        how = self.chance.choice(("late", "lost", "unanswered", "wait", "busy")) if wrong else "taken"
        if how == "late":
            back += self.chance.uniform(1, 8)

        def end(value: str | SendError) -> None:
            if not answer.done():
                answer.set_exception(value) if isinstance(value, SendError) else answer.set_result(value)

        def reach() -> None:
            said = ""
            if how in ("taken", "late", "unanswered"):
                said = self._arrive(outgoing)
            self.loop.call_later(back, end, self._answer(how, said), context=self.world)

        self.loop.call_later(there, reach, context=self.world)
        return str(await answer)

    def _answer(self, how: str, said: str) -> str | SendError:
        match how:
            case "lost" | "unanswered":
                return SendError("no answer", doubtful=True)
            case "wait":
                return SendError("too many", retry_after=self.chance.choice((1.0, 3.0, 30.0)))
            case "busy":
                return SendError("busy", doubtful=True)
        return said

    def _arrive(self, outgoing: Outgoing) -> str:
        """Show it; gives the message's name."""
        post, channel = outgoing.post_id, outgoing.channel.external_id
        before = self.arrived.setdefault(post, [])
        self.note(f"{channel} shows {post}{' again' if outgoing.doubtful else ''}")
        if outgoing.edits is None and not outgoing.doubtful and False in before:  # a face may be drawn again
            self.fault(f"post {post} arrived twice without a mark")
        if not before and outgoing.edits is None:
            if self.newest.get(channel, 0) > post:
                self.fault(f"post {post} arrived in {channel} after {self.newest[channel]}")
            self.newest[channel] = max(post, self.newest.get(channel, 0))
        before.append(outgoing.doubtful)
        first = outgoing.edited_post or post
        self.shown[first] = Said(first, post, channel, outgoing.visible_to, outgoing.message)
        self.ids += 1
        return f"m{self.ids}"


@dataclass
class SimulatedPlatform:
    """The chat as a place to send to. Without `asking` it does what must be found out: it begins no call."""

    store: Store
    chat: Chat
    asking: bool = True
    name: str = PLATFORM
    keeps_order: bool = False
    can: Can = field(default_factory=Can)

    async def send(self, outgoing: Outgoing, confirm: Confirm) -> None:
        """Say it, and confirm it."""
        if self.asking:
            await outgoing.begin(leaves=outgoing.edits is None)
        told = await self.chat.call(outgoing)
        await asyncio.wrap_future(self.store.write(lambda unit: confirm(unit, outgoing.edits or told)))
