"""The inbox: every delivery that was taken, once, by its key."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint, bindparam
from sqlmodel import Field, Session, SQLModel

from models.columns import UtcDateTime, choice
from models.prepared import Prepared, loaded, whole
from models.rows import Row


class Outcome(StrEnum):
    """What became of a delivery."""

    DONE = "done"
    REFUSED = "refused"
    TALK = "talk"
    FAILED = "failed"
    SET_ASIDE = "set_aside"


class Delivery(Row, table=True):
    """A delivery from a platform. `event_id` ties its messages and audit rows to it; the body is kept as a hash."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("platform", "workspace", "key"),)
    event_id: str = Field(primary_key=True)
    platform: str
    workspace: str
    key: str
    body_hash: str
    received_at: datetime = Field(sa_type=UtcDateTime, index=True)
    outcome: Outcome = Field(sa_type=choice(Outcome))
    tries: int = 1
    error: str | None = None


class SpentButton(SQLModel, table=True):
    """A message whose buttons count once per person, and have counted: `outbox_id` is its first face."""

    __tablename__ = "spent_button"
    outbox_id: int = Field(primary_key=True)
    person_id: str = Field(primary_key=True)


_FIND = Prepared(
    lambda _: whole(Delivery).where(
        Delivery.platform == bindparam("platform"), Delivery.workspace == bindparam("workspace"),
        Delivery.key == bindparam("key"),
    )
)  # fmt: skip


def find_delivery(session: Session, platform: str, workspace: str, key: str) -> Delivery | None:
    """Find a delivery that was taken before."""
    row = _FIND.first(session, platform=platform, workspace=workspace, key=key)
    return None if row is None else loaded(session, Delivery, row)
