"""Sending: what becomes of a post while a platform takes it. These statements run for every message."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, null, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.outbox import OutboxState, Post, put_off
from models.prepared import Prepared, loaded, whole

_OUTBOX = Post.__table__  # type: ignore[attr-defined]
_OF = _OUTBOX.c.id == bindparam("post")


def _first_sender() -> Any:
    """Who sends what comes first in a channel; asked once, however many wait."""
    first = aliased(Post)
    of_channel = select(first.sender).where(first.state == OutboxState.WAITING)
    of_channel = of_channel.where(first.channel_id == bindparam("channel_id"), ~put_off(bindparam("now"), first))
    return of_channel.order_by(col(first.id)).limit(1).scalar_subquery()


_WAITING = Prepared(
    lambda _: (
        whole(Post)
        .where(col(Post.state) == OutboxState.WAITING, col(Post.channel_id) == bindparam("channel_id"))
        .where(~put_off(bindparam("now")), _first_sender() == bindparam("by"))
        .order_by(col(Post.id))
        .limit(bindparam("limit"))
    )
)
_FIRSTS = Prepared(
    lambda _: select(Post.channel_id, Post.sender).where(
        col(Post.id).in_(
            select(func.min(Post.id))
            .where(col(Post.state) == OutboxState.WAITING, ~put_off(bindparam("now")))
            .group_by(col(Post.channel_id))
        )
    )
)
_OTHERS = Prepared(
    lambda _: (
        select(Post.id)
        .where(col(Post.state) == OutboxState.WAITING, Post.channel_id == bindparam("channel_id"))
        .where(col(Post.sender).is_distinct_from(bindparam("by")))
        .limit(1)
    )
)
_STATE = Prepared(lambda _: select(Post.state).where(col(Post.id) == bindparam("post")))
_BEGIN = Prepared(
    lambda _: (
        update(_OUTBOX)
        .where(_OF, _OUTBOX.c.sender == bindparam("by"), _OUTBOX.c.doubtful == bindparam("was"))
        .where(_OUTBOX.c.state == OutboxState.WAITING)
        .values(doubtful=bindparam("is_now"))
    )
)
_SENT = Prepared(
    lambda _: (
        update(_OUTBOX)
        .where(_OF)
        .values(state=OutboxState.SENT, sent_at=bindparam("at"), message_id=bindparam("message"))
        .values(parts=bindparam("parts"), error=null())
    )
)
_LATER = Prepared(lambda _: update(_OUTBOX).where(_OF).values(next_try_at=bindparam("at")))
_STANDS = Prepared(lambda _: update(_OUTBOX).where(_OF).values(parts=bindparam("parts")))


def waiting(session: Session, now: datetime, channel_id: str, limit: int, by: int) -> list[Post]:
    """The posts of a channel that are due, oldest first; an earlier post that backs off holds back the later ones.

    A new face that was put off and did not fail holds back nothing. None where the first one is not `by`'s to send.
    """
    due: list[Post] = []
    for row in _WAITING.rows(session, channel_id=channel_id, now=now, limit=limit, by=by):
        post = loaded(session, Post, row)
        if post.next_try_at > now:
            break
        due.append(post)
    return due


def senders_of_first(session: Session, now: datetime) -> dict[str, int | None]:
    """Which process sends what comes first in each channel that something waits for, but for what was put off."""
    return dict(_FIRSTS.rows(session, now=now))


def others_wait(session: Session, channel_id: str, by: int) -> bool:
    """Whether another process has something to send to a channel."""
    return _OTHERS.first(session, channel_id=channel_id, by=by) is not None


def is_waiting(session: Session, post_id: int) -> bool:
    """Whether a post is still to be sent."""
    found = _STATE.first(session, post=post_id)
    return found is not None and found[0] is OutboxState.WAITING


def begin(session: Session, post_id: int, by: int, *, was: bool, is_now: bool) -> bool:
    """Note whether a call that is about to be made may leave something; false where the post is not `by`'s to send."""
    return _BEGIN.run(session, post=post_id, by=by, was=was, is_now=is_now) == 1


def sent(session: Session, post_id: int, at: datetime, first: str, *more: str) -> None:
    """A platform has taken a post, as one message or several."""
    _SENT.run(session, post=post_id, at=at, message=first, parts=_parts((first, *more)))


def left_unsaid(session: Session, post_id: int, at: datetime) -> None:
    """Be done with a post that adds nothing to what stands there."""
    _SENT.run(session, post=post_id, at=at, message=None, parts=None)


def said_later(session: Session, post_id: int, at: datetime) -> None:
    """Put a post off."""
    _LATER.run(session, post=post_id, at=at)


def stands_as(session: Session, post_id: int | None, *message_ids: str) -> None:
    """A post that was changed stands there as these messages."""
    _STANDS.run(session, post=post_id, parts=_parts(message_ids))


def _parts(message_ids: tuple[str, ...]) -> str | None:
    return " ".join(message_ids) if len(message_ids) > 1 else None
