"""Events: what other systems are told about deals, approvals and policies, waiting in order until they have taken it.

An event is written in the unit of work of what it reports, once for each endpoint that listens; what a receiver has
taken is deleted. A connector to another system is one more endpoint.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Index, UniqueConstraint, func
from sqlmodel import Field, Session, SQLModel, col, select

from models.columns import UtcDateTime, choice
from models.prepared import Prepared, loaded, whole
from models.regions import organisation
from models.unit import put

WEBHOOK = "webhook"
"""The endpoint that the settings name."""

VERSION = 1
"""The shape of a body. A new field does not change it; a field that is gone or means something else does."""


class EventKind(StrEnum):
    """What happened."""

    DEAL_LOGGED = "deal.logged"
    DEAL_CHANGED = "deal.changed"
    DEAL_MOVED = "deal.moved"
    DEAL_INVOICED = "deal.invoiced"
    DEAL_PAID = "deal.paid"
    DEAL_UNDONE = "deal.undone"
    APPROVAL_REQUESTED = "approval.requested"
    APPROVAL_DECIDED = "approval.decided"
    APPROVAL_VOIDED = "approval.voided"
    POLICY_PUBLISHED = "policy.published"
    POLICY_ACKNOWLEDGED = "policy.acknowledged"


class EventState(StrEnum):
    """Where an event stands."""

    WAITING = "waiting"
    DEAD = "dead"


class Endpoint(SQLModel, table=True):
    """Another system that listens, to all `kinds` or to those that are named.

    After `failures` tries in a row nothing is sent before `next_try_at`; once `stopped` says why, nothing at all.
    """

    name: str = Field(primary_key=True)
    kinds: str = ""
    listening: bool = True
    failures: int = 0
    next_try_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stopped: str | None = None

    def wants(self, kind: EventKind) -> bool:
        """Whether it listens to a kind; once it stopped, to none, since nobody may ever take it."""
        return self.listening and self.stopped is None and (not self.kinds or kind in self.kinds.split())


class Event(SQLModel, table=True):
    """One thing that happened, for one endpoint: `event_id` is the same for all of them and in every try.

    `subject` is whose order is kept. `body` is what is sent, byte for byte.
    """

    __table_args__ = (
        UniqueConstraint("endpoint", "event_id"),
        Index("ix_event_waiting", "endpoint", "state", "subject", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    endpoint: str = Field(foreign_key="endpoint.name")
    event_id: str
    kind: EventKind = Field(sa_type=choice(EventKind))
    subject: str
    body: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    state: EventState = Field(default=EventState.WAITING, sa_type=choice(EventState))
    attempts: int = 0
    next_try_at: datetime = Field(sa_type=UtcDateTime)
    error: str | None = None


_ENDPOINTS = Prepared(lambda _: whole(Endpoint))


def record(
    session: Session,
    kind: EventKind,
    subject: str,
    *,
    source: str,
    at: datetime,
    actor: Callable[[str], str | None],
    data: Callable[[str], Mapping[str, object]],
) -> None:
    """Write an event for everybody who listens to its kind; `actor` and `data` are asked for each, by its name.

    `source` names the row that says what happened: the event's id is made of it, so that one thing never has two; and
    of the company's key, so that nobody finds out by trying which person the row names.
    """
    everybody = (loaded(session, Endpoint, row) for row in _ENDPOINTS.rows(session))
    listeners = [endpoint for endpoint in everybody if endpoint.wants(kind)]
    if not listeners:
        return
    event_id = str(uuid5(NAMESPACE_URL, keyed(session, f"event:{kind}:{source}:{_stamp(at)}")))
    for endpoint in listeners:
        facts = {
            "id": event_id, "version": VERSION, "kind": kind.value, "at": _stamp(at), "subject": subject,
            "actor": actor(endpoint.name), "data": data(endpoint.name),
        }  # fmt: skip
        body = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
        row = Event(
            endpoint=endpoint.name, event_id=event_id, kind=kind, subject=subject, body=body, created_at=at,
            next_try_at=at,
        )  # fmt: skip
        put(session, row)


def keyed(session: Session, words: str) -> str:
    """A digest of words that only this company can make."""
    return hmac.new(organisation(session).button_key.encode(), words.encode(), hashlib.sha256).hexdigest()


def listen(session: Session, endpoints: Mapping[str, Collection[EventKind]]) -> None:
    """Let exactly these endpoints listen from now on, each to some kinds or, with none named, to all."""
    known = {endpoint.name: endpoint for endpoint in session.exec(select(Endpoint))}
    for name in known.keys() | endpoints.keys():
        row = known.get(name) or Endpoint(name=name)
        row.listening = name in endpoints
        row.kinds = " ".join(sorted(endpoints.get(name, ())))
        session.add(row)


def due(session: Session, name: str, now: datetime, limit: int) -> list[Event]:
    """The events that may be sent to an endpoint now: the oldest one of each subject, as far as its time has come.

    After a failure it is a single one, to see whether the receiver is well again.
    """
    endpoint = session.get(Endpoint, name)
    if endpoint is None or not endpoint.listening or endpoint.stopped is not None:
        return []
    if endpoint.next_try_at is not None and endpoint.next_try_at > now:
        return []
    waiting = (Event.endpoint == name, Event.state == EventState.WAITING)
    first = select(func.min(Event.id)).where(*waiting).group_by(Event.subject)
    query = select(Event).where(col(Event.id).in_(first), col(Event.next_try_at) <= now).order_by(col(Event.id))
    return list(session.exec(query.limit(1 if endpoint.failures else limit)))


def dead(session: Session) -> list[Event]:
    """The events that no receiver took, oldest first."""
    return list(session.exec(select(Event).where(Event.state == EventState.DEAD).order_by(col(Event.id))))


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
