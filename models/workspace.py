"""The built-in workspace's own log: what was said there, as it was drawn, and the order of changes for live pages."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint, bindparam
from sqlmodel import Field, Session, SQLModel, col, select

from models.columns import UtcDateTime
from models.prepared import Prepared, any_of, loaded, numbered, room_for, whole

BOT = "regatta"


class WorkspaceMessage(SQLModel, table=True):
    """A message of the workspace. `author_id` is a person or the bot; `body` is what was drawn."""

    __tablename__ = "workspace_message"
    __table_args__ = (UniqueConstraint("post_id"),)
    id: int | None = Field(default=None, primary_key=True)
    channel_id: str = Field(foreign_key="channel.id", index=True)
    thread: int | None = Field(default=None, index=True)
    author_id: str
    visible_to: str | None = None
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    edited: bool = False
    at: datetime = Field(sa_type=UtcDateTime)
    event_id: str = Field(index=True)
    post_id: int | None = None


class WorkspaceChange(SQLModel, table=True):
    """A message came or changed; the id is the order in which pages hear of it."""

    __tablename__ = "workspace_change"
    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="workspace_message.id")


def seen_by(person_id: str) -> Any:
    """The condition under which a person sees a message of a channel that they are in."""
    return col(WorkspaceMessage.visible_to).is_(None) | (col(WorkspaceMessage.visible_to) == person_id)


@cache
def _of_ids(many: int) -> Prepared:
    of = whole(WorkspaceMessage).where(any_of(col(WorkspaceMessage.id), "id", many)).order_by(col(WorkspaceMessage.id))
    return Prepared(lambda _: of)


_TYPED = Prepared(
    lambda _: whole(WorkspaceMessage).where(
        col(WorkspaceMessage.event_id) == bindparam("event_id"), col(WorkspaceMessage.post_id).is_(None)
    )
)


def messages_of(session: Session, ids: Sequence[int]) -> list[WorkspaceMessage]:
    """The messages of these ids that are there, in the order of the ids."""
    rows = _of_ids(room_for(len(ids))).rows(session, **numbered("id", ids)) if ids else []
    return [loaded(session, WorkspaceMessage, row) for row in rows]


def typed_message(session: Session, event_id: str) -> WorkspaceMessage:
    """What somebody typed, by the event that it became; raise LookupError when it was something else."""
    row = _TYPED.first(session, event_id=event_id)
    if row is None:
        raise LookupError(event_id)
    return loaded(session, WorkspaceMessage, row)


def conversation(
    session: Session, channel_id: str, person_id: str, *, thread: int | None, after: int = 0, limit: int = 500
) -> list[WorkspaceMessage]:
    """The newest messages of a channel's top level, or of one thread, oldest first."""
    query = select(WorkspaceMessage).where(
        WorkspaceMessage.channel_id == channel_id, col(WorkspaceMessage.id) > after, seen_by(person_id)
    )
    query = query.where(col(WorkspaceMessage.thread) == thread if thread else col(WorkspaceMessage.thread).is_(None))
    return list(reversed(session.exec(query.order_by(col(WorkspaceMessage.id).desc()).limit(limit)).all()))
