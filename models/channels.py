"""Places where people talk: a region's channel, the HQ desk, a person's direct chat with the bot."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint, bindparam, func
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, select

from models.codec import storable
from models.columns import UtcDateTime, choice
from models.outbox import OutboxState, Post
from models.prepared import Prepared


@storable
class ChannelKind(StrEnum):
    """What a channel is to the bot."""

    REGION = "region"
    HQ = "hq"
    DIRECT = "direct"
    UNBOUND = "unbound"


class Channel(SQLModel, table=True):
    """A conversation on a platform, bound to a region, to HQ or to one person."""

    __table_args__ = (UniqueConstraint("platform", "workspace", "external_id"),)
    id: str = Field(primary_key=True)
    platform: str
    workspace: str
    external_id: str
    kind: ChannelKind = Field(sa_type=choice(ChannelKind))
    name: str
    region_id: str | None = Field(default=None, foreign_key="region.id", index=True)
    person_id: str | None = Field(default=None, foreign_key="person.id", index=True)


def region_channels(session: Session, region_id: str) -> list[Channel]:
    """The channels bound to a region."""
    query = select(Channel).where(Channel.region_id == region_id, Channel.kind == ChannelKind.REGION)
    return list(session.exec(query.order_by(Channel.id)))


def hq_channels(session: Session) -> list[Channel]:
    """The channels of headquarters."""
    return list(session.exec(select(Channel).where(Channel.kind == ChannelKind.HQ).order_by(Channel.id)))


def direct_channel(session: Session, person_id: str) -> Channel | None:
    """A person's direct chat with the bot, of several the one where they were answered last; none without one."""
    query = select(Channel).where(Channel.person_id == person_id, Channel.kind == ChannelKind.DIRECT)
    chats = session.exec(query.order_by(Channel.id)).all()
    return chats[0] if len(chats) == 1 else max(chats, key=lambda chat: _answered(session, chat.id), default=None)


def _answered(session: Session, channel_id: str) -> int:
    """The number of the newest answer in a channel; 0 without one."""
    query = select(Post.id).where(
        Post.state == OutboxState.SENT, Post.channel_id == channel_id, col(Post.unasked).is_(False)
    )
    return session.exec(query.order_by(col(Post.id).desc()).limit(1)).first() or 0


def waiting_elsewhere(session: Session, platforms: Collection[str]) -> list[tuple[str, int]]:
    """How many messages wait for each platform that is none of these."""
    waits = select(Channel.platform, func.count()).join(Post, col(Post.channel_id) == Channel.id)
    waits = waits.where(Post.state == OutboxState.WAITING, col(Channel.platform).not_in(platforms))
    return list(session.exec(waits.group_by(Channel.platform).order_by(Channel.platform)).all())


def still_due(session: Session, event_id: str, platform: str, now: datetime) -> bool:
    """Whether something of an event may go on a platform now and has not gone, and nothing before it backs off."""
    return _STILL_DUE.first(session, event_id=event_id, platform=platform, now=now) is not None


def _still_due() -> Any:
    before, now = aliased(Post), bindparam("now", type_=UtcDateTime)
    earlier = (col(before.channel_id) == Post.channel_id, col(before.id) < Post.id)
    later = select(before.id).where(*earlier, before.state == OutboxState.WAITING, before.next_try_at > now)
    query = select(Post.id).join(Channel, col(Channel.id) == Post.channel_id)
    query = query.where(Channel.platform == bindparam("platform"), Post.event_id == bindparam("event_id"))
    query = query.where(Post.state == OutboxState.WAITING, Post.next_try_at <= now)
    return query.where(~later.where(col(before.error).is_not(None)).exists()).limit(1)


_STILL_DUE = Prepared(lambda _: _still_due())
