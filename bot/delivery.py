"""Delivery: send what waits in the outbox, in order per conversation, and again after a fault.

Every message is sent at least once; what a platform refuses for good is dead-lettered, for an operator to see.
"""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import timedelta

import structlog
from sqlmodel import Session, col, select

from bot.clock import Clock
from bot.language import Reader
from bot.platforms.base import Outgoing, Platform, SendError
from models.channels import Channel, ChannelKind
from models.outbox import OutboxState, Post, waiting
from models.people import Person
from models.regions import Region, organisation
from models.store import Store, Unit

log = structlog.get_logger()

TRIES = 8
SWEEP_SECONDS = 1.0


class Delivery:
    """Sends posts through the platforms."""

    def __init__(self, store: Store, platforms: Mapping[str, Platform], clock: Clock) -> None:
        self._store = store
        self._platforms = platforms
        self._clock = clock
        self._locks: dict[str, asyncio.Lock] = {}
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Say that something may be due."""
        self._wake.set()

    async def settle(self, channel_ids: Iterable[str]) -> None:
        """Send what is due in these channels now; channels run side by side, each in its order."""
        await asyncio.gather(*(self._drain(channel_id) for channel_id in sorted(set(channel_ids))))

    async def run(self) -> None:
        """Send for ever: at once when woken, and now and then for what backs off."""
        while True:
            self._wake.clear()
            await self.settle(self._store.read(_channels_waiting))
            try:
                async with asyncio.timeout(SWEEP_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _drain(self, channel_id: str) -> None:
        lock = self._locks.setdefault(channel_id, asyncio.Lock())
        async with lock:
            while True:
                due = self._store.read(lambda session: self._due(session, channel_id))
                if not due or not await self._send_all(due):
                    return

    async def _send_all(self, due: list[Outgoing]) -> bool:
        """Send posts of one channel in order; false when the rest must wait."""
        if self._platforms[due[0].channel.platform].keeps_order:
            return all(await asyncio.gather(*(self._send(outgoing) for outgoing in due)))
        for outgoing in due:
            if not await self._send(outgoing):
                return False
        return True

    def _due(self, session: Session, channel_id: str) -> list[Outgoing]:
        posts = waiting(session, self._clock.now(), channel_id)
        if not posts:
            return []
        channel = session.get_one(Channel, channel_id)
        return [_outgoing(session, channel, post) for post in posts]

    async def _send(self, outgoing: Outgoing) -> bool:
        """Send one post; false when the channel must wait."""
        now = self._clock.now()

        def confirm(unit: Unit, message_id: str) -> None:
            post = unit.get_one(Post, outgoing.post_id)
            post.state, post.sent_at, post.message_id, post.error = OutboxState.SENT, now, message_id, None

        try:
            await self._platforms[outgoing.channel.platform].send(outgoing, confirm)
        except SendError as refusal:
            error = refusal
            return await asyncio.wrap_future(
                self._store.write(lambda unit: self._refused(unit, outgoing.post_id, error))
            )
        return True

    def _refused(self, unit: Unit, post_id: int, error: SendError) -> bool:
        """Plan the next try, or give up; true when the posts behind it may go."""
        post = unit.get_one(Post, post_id)
        post.attempts += 1
        post.error = str(error)
        if error.permanent or post.attempts >= TRIES:
            post.state = OutboxState.DEAD
            log.error("message dead-lettered", post=post_id, reason=str(error))
            return True
        pause = error.retry_after if error.retry_after is not None else float(2**post.attempts)
        post.next_try_at = self._clock.now() + timedelta(seconds=pause)
        return False


def reader_of(session: Session, channel: Channel, visible_to: str | None) -> Reader:
    """Who reads a post: the one person who sees it, else the channel's region, else the company."""
    company = organisation(session)
    person_id = visible_to or (channel.person_id if channel.kind is ChannelKind.DIRECT else None)
    person = session.get(Person, person_id) if person_id else None
    region_id = person.region_id if person else channel.region_id
    region = session.get(Region, region_id) if region_id else None
    language = (person.language if person else None) or (region.language if region else company.language)
    zone = (person.zone if person else None) or (region.zone if region else company.zone)
    return Reader(language, region.locale if region else company.locale, zone)


def _outgoing(session: Session, channel: Channel, post: Post) -> Outgoing:
    thread = post.thread
    if post.thread_post is not None:
        thread = session.get_one(Post, post.thread_post).message_id
    edits = session.get_one(Post, post.edits).message_id if post.edits is not None else None
    return Outgoing(
        post_id=post.id or 0, event_id=post.event_id, channel=channel, message=post.message,
        reader=reader_of(session, channel, post.visible_to), thread=thread, edits=edits, visible_to=post.visible_to,
    )  # fmt: skip


def _channels_waiting(session: Session) -> list[str]:
    query = select(Post.channel_id).where(col(Post.state) == OutboxState.WAITING).distinct()
    return list(session.exec(query))
