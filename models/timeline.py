"""What happened to a deal, line by line: each can be taken back, and the cash that came of it is added up."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger
from sqlmodel import Field, Session, col, select

from models.claims import Claim
from models.codec import of_json
from models.columns import UtcDateTime, choice
from models.deals import Deal
from models.money import Money
from models.people import Person
from models.rows import Row
from models.rules.attainment import Measure
from models.stages import Stage


class EntryKind(StrEnum):
    """What a line of a deal's timeline is about."""

    LOGGED = "logged"
    AMENDED = "amended"
    STAGE = "stage"
    NOTE = "note"
    VISIT = "visit"
    INVOICED = "invoiced"
    COLLECTED = "collected"
    REQUESTED = "requested"
    DECIDED = "decided"
    VOIDED = "voided"
    UNDONE = "undone"


class DealEntry(Row, table=True):
    """A line of a deal's timeline; `before` and `after` are the deal's columns, so that it can be taken back.

    `read_as` keeps which of the typed words were taken for what, `event_id` which delivery a deal came with.
    """

    __tablename__ = "deal_entry"
    id: int | None = Field(default=None, primary_key=True)
    deal_id: str = Field(foreign_key="deal.id", index=True)
    kind: EntryKind = Field(sa_type=choice(EntryKind))
    at: datetime = Field(sa_type=UtcDateTime)
    person_id: str = Field(foreign_key="person.id", index=True)
    text: str = ""
    amount_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = None
    on_day: date | None = None
    before: str | None = None
    after: str | None = None
    deal_version: int = 1
    undone: bool = False
    read_as: str | None = None
    event_id: str | None = Field(default=None, index=True)

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """What a correction changed: (column, before, after), an amount with its currency as one."""
        if self.before is None or self.after is None:
            return []
        old, new = _values(self.before), _values(self.after)
        return [(name, old[name], new[name]) for name in old if old[name] != new[name]]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Which of the typed words were taken for what; none when it came by a button or a form."""
        return of_json(json.loads(self.read_as)) if self.read_as else ()

    @property
    def stages(self) -> tuple[Stage | None, Stage | None]:
        """The stage before and after."""
        old, new = (json.loads(written)["stage"] if written else None for written in (self.before, self.after))
        return (Stage(old) if old else None), (Stage(new) if new else None)

    @property
    def amount(self) -> Money | None:
        """The cash of an invoice or a payment."""
        return None if self.amount_minor is None or self.currency is None else Money(self.amount_minor, self.currency)


CHANGES = (EntryKind.LOGGED, EntryKind.AMENDED, EntryKind.STAGE)
MEASURE_OF = {EntryKind.INVOICED: Measure.INVOICED, EntryKind.COLLECTED: Measure.COLLECTED}

_SNAPSHOT = ("account_id", "amount_minor", "currency", "close_on", "stage", "tags", "contract_url", "signed_on", "void")
_DAYS = ("close_on", "signed_on")


def _values(written: str) -> dict[str, Any]:
    """A snapshot's columns as values that a message can show."""
    facts = json.loads(written)
    return {
        "amount": Money(facts["amount_minor"], facts["currency"]),
        "close_on": date.fromisoformat(facts["close_on"]) if facts["close_on"] else None,
        "stage": Stage(facts["stage"]) if facts["stage"] else None,
        "tags": facts["tags"],
        "contract_url": facts["contract_url"],
        "account_id": facts["account_id"],
    }


def snapshot(deal: Deal) -> str:
    """Write down the columns of a deal that an amendment can change."""
    facts = {name: getattr(deal, name) for name in _SNAPSHOT}
    return json.dumps(facts, default=str, ensure_ascii=False)


def restore(deal: Deal, written: str) -> None:
    """Give a deal the columns of a snapshot."""
    for name, value in _columns(written).items():
        setattr(deal, name, value)


def undoing(deal: Deal, entry: DealEntry) -> dict[str, object]:
    """The columns of a deal that taking an entry back would change, with their values then."""
    if entry.kind not in CHANGES:
        return {}
    columns = {"void": True} if entry.before is None else _columns(entry.before)
    return {name: value for name, value in columns.items() if getattr(deal, name) != value}


def _columns(written: str) -> dict[str, object]:
    facts: Mapping[str, Any] = json.loads(written)
    days = {name: date.fromisoformat(facts[name]) for name in _DAYS if facts[name]}
    return {**facts, **days, "stage": Stage(facts["stage"]) if facts["stage"] else None}


def changed_by(session: Session, deal: Deal) -> Person | None:
    """Who changed a deal last, or took a change back."""
    query = select(Person).join(DealEntry, col(DealEntry.person_id) == Person.id)
    query = query.where(DealEntry.deal_id == deal.id, DealEntry.deal_version == deal.version)
    changes = col(DealEntry.kind).in_((*CHANGES, EntryKind.UNDONE))
    return session.exec(query.where(changes).order_by(col(DealEntry.id))).first()


def total_of(entries: Sequence[DealEntry], kind: EntryKind, deal: Deal) -> Money:
    """What was invoiced or collected for a deal and not taken back."""
    return Money(sum(e.amount_minor or 0 for e in entries if e.kind is kind and not e.undone), deal.currency)


def cash_of(session: Session, deal: Deal, kind: EntryKind) -> Money:
    """What the rows say was invoiced or collected for a deal."""
    query = select(DealEntry).where(DealEntry.deal_id == deal.id, DealEntry.kind == kind)
    return total_of(list(session.exec(query)), kind, deal)


def timeline(session: Session, deal_id: str) -> list[tuple[DealEntry, Person]]:
    """What happened to a deal, oldest first, with who did it."""
    query = select(DealEntry, Person).join(Person, col(Person.id) == DealEntry.person_id)
    return list(session.exec(query.where(DealEntry.deal_id == deal_id).order_by(col(DealEntry.id))))
