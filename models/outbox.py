"""The outbox: messages that were decided on, waiting in order until a platform has taken them."""

import json
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Index, and_, false, or_, text, update
from sqlmodel import Field, Session, col, select

from models.codec import compact, of_json, to_json
from models.columns import UtcDateTime, choice
from models.message import Message
from models.rows import Row

MASK = "…"


class OutboxState(StrEnum):
    """Where a post stands."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


class Post(Row, table=True):
    """One message to one channel, or (with `edits`) the new face of an earlier one.

    `thread` is the platform's id of the root message, `thread_post` the post that is the root. `card` names what the
    message shows ("approval:A-77"), so that it can be redrawn and a reply in its thread understood. `unasked` counts
    against the reader's noise budget, and goes after what somebody waits for. `message_id` is the platform's id; where
    a message stands there as several, it is the first one's, and `parts` are all of theirs, in order. `doubtful`: it
    may have arrived by an earlier try. `sender` is the number of the process that sends it, which is the one that wrote
    it as long as that is there; none: whichever comes first.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "state", "channel_id", "id"),
        Index("ix_outbox_parts", "channel_id", sqlite_where=text("parts IS NOT NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    event_id: str = Field(index=True)
    channel_id: str = Field(foreign_key="channel.id")
    thread: str | None = None
    thread_post: int | None = None
    visible_to: str | None = None
    edits: int | None = Field(default=None, index=True)
    card: str | None = Field(default=None, index=True)
    unasked: bool = False
    body: str
    state: OutboxState = Field(default=OutboxState.WAITING, sa_type=choice(OutboxState))
    created_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    next_try_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    message_id: str | None = Field(default=None, index=True)
    parts: str | None = None
    doubtful: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    sender: int | None = None
    error: str | None = None

    @property
    def part_ids(self) -> tuple[str, ...]:
        """The platform's ids of what stands there, in order."""
        return tuple((self.parts or self.message_id or "").split())

    @property
    def message(self) -> Message:
        """The message as a tree."""
        message: Message = of_json(json.loads(self.body))
        return message


def stored(message: Message) -> str:
    """Write a message as the text that its row keeps."""
    return compact(to_json(message))


def holds_secret(body: str) -> bool:
    """Whether a row's text holds what it must not keep once it was sent."""
    return '"Secret"' in body or '"secret":true' in body


def forgotten(body: str) -> str:
    """The text of a row that was sent: its secrets are masked."""

    def masked(part: Any) -> Any:
        match part:
            case {"$": "Secret"}:
                return {"$": "Secret", "v": {"words": MASK}}
            case {"$": "Link", "v": {"secret": True}}:
                return {"$": "Secret", "v": {"words": MASK}}
            case dict():
                return {key: masked(value) for key, value in part.items()}
            case list():
                return [masked(value) for value in part]
        return part

    return compact(masked(json.loads(body)))


def form_card(intent: str, subject: str) -> str:
    """The name of every form of an intent about a subject, so that they can be closed once nobody is asked any more."""
    return f"form:{intent}:{subject}"


def showing(session: Session, card: str) -> list[Post]:
    """The first posts of a card, one per place where it can be seen."""
    return list(session.exec(select(Post).where(Post.card == card, col(Post.edits).is_(None)).order_by(col(Post.id))))


def newest_face(session: Session, post: Post) -> Post:
    """The post that says what another shows by now: its newest face, or itself."""
    newest = session.exec(select(Post).where(Post.edits == post.id).order_by(col(Post.id).desc())).first()
    return newest or post


def face_of(session: Session, post: Post) -> Message:
    """What a post shows by now."""
    return newest_face(session, post).message


def form_faces(session: Session, event_id: str) -> list[Post]:
    """The new faces that an event gave to forms which are still open: what was entered there was wrong."""
    faces = session.exec(select(Post).where(Post.event_id == event_id, col(Post.edits).is_not(None)))
    return [post for post in faces if post.message.form is not None]


def post_of_message(session: Session, channel_id: str, message_id: str) -> Post | None:
    """The bot's post behind a platform's message, or behind one part of it; none for what a person wrote."""
    first_faces = select(Post).where(Post.channel_id == channel_id, col(Post.edits).is_(None))
    whole = session.exec(first_faces.where(Post.message_id == message_id)).first()
    if whole is not None:
        return whole
    of_several = first_faces.where(col(Post.parts).is_not(None), col(Post.parts).contains(message_id, autoescape=True))
    return next((post for post in session.exec(of_several) if message_id in post.part_ids), None)


def thread_of(session: Session, post: Post) -> str | None:
    """The platform's id of the message whose thread a post stands in; none at the top level."""
    root = session.get(Post, post.thread_post) if post.thread_post else None
    return post.thread or (root.message_id if root is not None else None)


def put_off(now: datetime | BindParameter[Any], post: type[Post] = Post) -> ColumnElement[bool]:
    """Whether a row is a new face that is to be said later."""
    return and_(col(post.edits).is_not(None), col(post.error).is_(None), col(post.next_try_at) > now)


def take_over(session: Session, senders: Collection[int | None], to: int | None) -> None:
    """Let another process (none: whichever comes first) send what waits for these."""
    sender = col(Post.sender)
    theirs = or_(sender.in_([one for one in senders if one is not None]), sender.is_(None) & (None in senders))
    session.execute(update(Post).where(col(Post.state) == OutboxState.WAITING, theirs).values(sender=to))


def awaited(session: Session, channel_ids: Collection[str]) -> list[str]:
    """Those channels in which something waits to be sent that somebody waits for."""
    waits = (Post.state == OutboxState.WAITING, col(Post.channel_id).in_(channel_ids), col(Post.unasked).is_(False))
    return list(session.exec(select(Post.channel_id).where(*waits).distinct()))


def give_up_waiting(session: Session, channel_id: str) -> None:
    """Send nothing of what waits for a chat that is nobody's any more."""
    waits = update(Post).where(col(Post.channel_id) == channel_id, col(Post.state) == OutboxState.WAITING)
    session.execute(waits.values(state=OutboxState.DEAD, error="the account is nobody's any more"))
