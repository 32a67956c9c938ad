"""Sending: one post through its platform, and what becomes of its row.

Every message is sent at least once. A row is in doubt from before the call until a clear answer, so that what may have
arrived (no answer, a cut connection, a crash) is sent again with a mark. What a platform refuses for good is
dead-lettered, for an operator to see.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.clock import Clock
from bot.due import Due, Unreadable, Unsaid
from bot.members import Members
from bot.platforms.base import ChannelGoneError, Confirm, Outgoing, Platform, SendError, ShutOutError
from bot.refusals import refuse
from models import sending
from models.outbox import OutboxState, Post, forgotten
from models.store import Store
from models.unit import Unit

log = structlog.get_logger()


class OvertakenError(Exception):
    """A post is not this process's to send any more: another one took it over, or it was given up."""


@dataclass
class _Beginning:
    """Begins each call of one sending."""

    sender: "Sender"
    post_id: int
    doubtful: bool

    async def __call__(self, *, leaves: bool = True) -> None:
        """Put the post in doubt before the first call that leaves something; raise OvertakenError if it is not ours."""
        is_now = self.doubtful or leaves
        await self.sender.begin_call(self.post_id, was=self.doubtful, is_now=is_now)
        self.doubtful = is_now


class Sender:
    """Sends posts one by one. `wake` lets the delivery look round, since a refusal may have written to others."""

    def __init__(
        self, store: Store, platforms: Mapping[str, Platform], clock: Clock, members: Members, wake: Callable[[], None]
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._clock = clock
        self._members = members
        self._wake = wake
        self.calling: set[asyncio.Task[Any] | None] = set()
        """The tasks whose call is under way: it should not be cut off."""
        self.shut_out: dict[str, str] = {}
        """Why a platform lets the bot say nothing any more; what waits for it waits until the next start."""

    async def send(self, one: Due) -> bool:
        """Send one post; false when the channel must wait."""
        if isinstance(one, Unreadable):
            return await self._refuse(one.post_id, SendError(one.why, permanent=True))
        if isinstance(one, Unsaid):
            return await self._leave_unsaid(one)
        platform = self._platforms[one.channel.platform]
        try:
            begin = _Beginning(self, one.post_id, one.doubtful)
            await platform.send(replace(one, begin=begin), self._confirm(one))
        except SendError as error:
            if isinstance(error, ShutOutError) and platform.name not in self.shut_out:
                self.shut_out[platform.name] = str(error)
                log.error("shut out", platform=platform.name, reason=str(error))  # noqa: TRY400  no fault of ours
            return await self._refuse(one.post_id, error, doubtful=one.doubtful, channel_id=one.channel.id)
        except OvertakenError as error:
            log.info("not sent by this process", post=one.post_id, reason=str(error))
            return False
        except Exception as error:
            log.exception("sending failed", post=one.post_id)
            return await self._refuse(one.post_id, SendError(f"{type(error).__name__}: {error}", doubtful=True))
        finally:
            self.calling.discard(asyncio.current_task())
        return True

    def _confirm(self, one: Outgoing) -> Confirm:
        now = self._clock.now()

        def confirm(unit: Unit, *ids: str) -> None:
            sending.sent(unit, one.post_id, now, *ids)
            if one.holds_secret:
                row = unit.get_one(Post, one.post_id)
                row.body = forgotten(row.body)
            if one.edits is not None:
                sending.stands_as(unit, one.edited_post, *ids)
            if self._members.count > 1 and sending.others_wait(unit, one.channel.id, self._members.number):
                unit.topics.add(str(Post.__tablename__))

        return confirm

    async def begin_call(self, post_id: int, *, was: bool, is_now: bool) -> None:
        """Look whether a post is still ours to send before a call is made, and let no stop cut that off.

        Raise OvertakenError when it is not. One process alone need not look before what only changes a face.
        """
        self.calling.add(asyncio.current_task())
        if not is_now and self._members.count == 1:
            return
        by = self._members.number
        try:
            begins = self._store.write(
                lambda unit: sending.begin(unit, post_id, by, was=was, is_now=is_now), repeatable=True
            )
            is_ours = await asyncio.wrap_future(begins)
        except Exception as error:
            raise OvertakenError(f"it was not begun: {type(error).__name__}") from error
        if not is_ours:
            raise OvertakenError("it was taken over, given up or begun anew")

    async def _leave_unsaid(self, one: Unsaid) -> bool:
        """Be done with a face that adds nothing, or put it off; what stands behind it may go."""
        now, until = self._clock.now(), one.until

        def work(unit: Unit) -> None:
            if until is None:
                sending.left_unsaid(unit, one.post_id, now)
            else:
                sending.said_later(unit, one.post_id, until)

        await asyncio.wrap_future(self._store.write(work))
        return True

    async def _refuse(
        self, post_id: int, error: SendError, *, doubtful: bool = False, channel_id: str | None = None
    ) -> bool:
        """Give a post up or try it again later; whether what stands behind it may go."""

        def work(unit: Unit) -> bool:
            post = unit.get_one(Post, post_id)
            if post.state is not OutboxState.WAITING or post.sender != self._members.number:
                return False  # whatever became of it meanwhile stands
            post.doubtful = doubtful or error.doubtful
            return refuse(unit, post_id, error, self._clock.now(), channel_id)

        may_go_on = await asyncio.wrap_future(self._store.write(work, repeatable=True))
        if isinstance(error, ChannelGoneError):
            self._wake()  # the administrators were told
        return may_go_on
