"""The audit log: append-only rows, each holding the hash of the one before it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlmodel import Field, Session, col, select

from models.codec import compact
from models.columns import UtcDateTime
from models.prepared import Prepared
from models.rows import Row
from models.unit import put

GENESIS = "0" * 64
ANSWERED = "answered"
"""The action of what was answered without anything being done: a question back, or that it stands so already."""


class AuditRow(Row, table=True):
    """Who did what to what, and when. `facts` is canonical JSON without names or free text."""

    __tablename__ = "audit"
    seq: int = Field(primary_key=True)
    event_id: str = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str
    action: str
    subject: str
    facts: str
    previous: str
    hash: str

    def expected_hash(self) -> str:
        """Compute what `hash` must be: SHA-256 over the canonical JSON of all the other columns."""
        at = self.at.isoformat(timespec="microseconds")
        body = [self.seq, self.event_id, at, self.actor, self.action, self.subject, self.facts, self.previous]
        return hashlib.sha256(compact(body).encode()).hexdigest()


_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_HEAD = Prepared(lambda _: select(AuditRow.seq, AuditRow.hash).order_by(col(AuditRow.seq).desc()).limit(1))


def append(
    session: Session, *, event_id: str, at: datetime, actor: str, action: str, subject: str, facts: Mapping[str, object]
) -> AuditRow:
    """Add a row at the head of the chain; call it last in a unit of work, since it takes the head."""
    seq, previous = _HEAD.first(session) or (0, GENESIS)
    row = AuditRow(
        seq=seq + 1, event_id=event_id, at=at, actor=actor, action=action, subject=subject,
        facts=_canonical(facts), previous=previous, hash="",
    )  # fmt: skip
    row.hash = row.expected_hash()
    return put(session, row)


def breaks(session: Session) -> Iterator[tuple[int, str]]:
    """Walk the chain and name every row that is not what it was: (seq, what is wrong)."""
    previous, expected = GENESIS, 1
    for row in session.exec(select(AuditRow).order_by(col(AuditRow.seq)).execution_options(yield_per=1000)):
        if row.seq != expected:
            yield expected, "missing"
        if row.previous != previous:
            yield row.seq, "does not follow the row before it"
        if row.hash != row.expected_hash():
            yield row.seq, "was changed"
        previous, expected = row.hash, row.seq + 1
