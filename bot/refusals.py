"""Refusals: what becomes of a message that a platform did not take.

It is tried again with back-off, or set aside for an operator to see (`regatta ops dead`). Where a channel is gone, what
waits for it is set aside with it, and the administrators are told.
"""

from datetime import datetime, timedelta

import structlog
from sqlmodel import col, select

from bot.clock import new_id
from bot.platforms.base import ChannelGoneError, SendError, ShutOutError
from models.channels import Channel, ChannelKind
from models.context import Context
from models.message import says
from models.outbox import OutboxState, Post, showing
from models.people import people_in
from models.ranks import Rank
from models.text import Plural, Text
from models.unit import Unit

log = structlog.get_logger()

TRIES = 30
LONGEST_PAUSE = 300.0
"""Seconds: with it, what a platform refuses is tried for two hours."""
TOLD_FOR = timedelta(days=1)
"""How long the administrators are not told again that a channel is gone."""


def refuse(unit: Unit, post_id: int, error: SendError, now: datetime, channel_id: str | None = None) -> bool:
    """Plan the next try, or give up; true when the posts behind it may go. `channel_id` is where it was sent to."""
    post = unit.get_one(Post, post_id)
    is_gone = isinstance(error, ChannelGoneError) and channel_id in (None, post.channel_id)
    post.error = str(error)
    post.parts = " ".join(error.parts) or post.parts
    if isinstance(error, ShutOutError):
        return False  # it keeps its place until the bot may speak again
    post.attempts += error.retry_after is None  # to be told to wait is no failure
    if error.permanent or post.attempts >= TRIES:
        post.state = OutboxState.DEAD
        log.error("message dead-lettered", post=post_id, reason=str(error))
        if isinstance(error, ChannelGoneError) and is_gone:
            _give_up_channel(unit, post, error, now)
        return not is_gone  # what was read before is set aside by now
    pause = error.retry_after if error.retry_after is not None else min(float(2**post.attempts), LONGEST_PAUSE)
    post.next_try_at = now + timedelta(seconds=pause)
    return False


def _give_up_channel(unit: Unit, post: Post, error: ChannelGoneError, now: datetime) -> None:
    """Set aside what waits for a channel that is gone, and tell the administrators; a direct chat is its person's."""
    channel = unit.get_one(Channel, post.channel_id)
    waiting = select(Post).where(
        Post.state == OutboxState.WAITING, Post.channel_id == post.channel_id, col(Post.id) != post.id
    )
    others = list(unit.exec(waiting))
    for other in others:
        other.state, other.error = OutboxState.DEAD, str(error)
    log.error("channel gone", channel=channel.id, reason=str(error), set_aside=len(others) + 1)
    if channel.kind is ChannelKind.DIRECT:
        return
    card = f"gone:{channel.id}"
    if any(told.created_at > now - TOLD_FOR for told in showing(unit, card)):
        return
    count = Plural(
        "One message was set aside; `regatta ops dead` lists it.",
        "{n} messages were set aside; `regatta ops dead` lists them.",
        len(others) + 1,
    )
    line = Text("I cannot write in {channel} any more: {why}", channel=channel.name, why=error.why)
    context = Context(unit, now, post.event_id, new_id)
    for person in people_in(unit, None, Rank.ADMIN):
        context.tell(person.id, says(line, count), card=card)
