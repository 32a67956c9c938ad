"""Bookings: change a deal or record cash, write the timeline and move the kept totals, all in one unit of work."""

from datetime import date, datetime

from sqlmodel import Session

from models.context import UserError
from models.deals import MEASURE_OF, Deal, DealEntry, EntryKind, restore, snapshot
from models.money import Money
from models.rollups import move
from models.rules.attainment import Measure
from models.rules.transitions import DealFacts, Delta, deltas
from models.stages import Stage
from models.text import Text


def deal_in_play(session: Session, number: str) -> Deal:
    """Find a deal that counts; raise UserError for one that was taken back."""
    deal = session.get_one(Deal, number)
    if deal.void:
        raise UserError(Text("{deal} was taken back; report it again if it is real.", deal=number))
    return deal


def facts_of(deal: Deal) -> DealFacts:
    """What of a deal moves totals."""
    return DealFacts(
        deal.stage or Stage.LEAD, deal.amount, deal.signed_on, deal.owner_id, deal.team_id, deal.region_id, deal.void
    )


def signed_on(deal: Deal, today: date) -> date | None:
    """The local day that a won deal counts for: its close date when that is past, else today."""
    if deal.stage is not Stage.WON:
        return None
    if deal.signed_on is not None:
        return deal.signed_on
    return min(deal.close_on, today) if deal.close_on else today


def open_deal(session: Session, deal: Deal, *, now: datetime, today: date, text: str = "") -> DealEntry:
    """Add a deal."""
    deal.signed_on = signed_on(deal, today)
    session.add(deal)
    session.flush()
    move(session, deltas(None, facts_of(deal)))
    return _entry(session, deal, EntryKind.LOGGED, now, deal.owner_id, None, text)


def change_deal(
    session: Session,
    deal: Deal,
    kind: EntryKind,
    changes: dict[str, object],
    *,
    now: datetime,
    today: date,
    person_id: str,
    text: str = "",
) -> DealEntry:
    """Set columns of a deal."""
    before, facts = snapshot(deal), facts_of(deal)
    for name, value in changes.items():
        setattr(deal, name, value)
    deal.signed_on = signed_on(deal, today)
    deal.version += 1
    session.flush()
    move(session, deltas(facts, facts_of(deal)))
    return _entry(session, deal, kind, now, person_id, before, text)


def take_back(session: Session, deal: Deal, entry: DealEntry, *, now: datetime, person_id: str) -> None:
    """Undo one entry: the deal becomes what it was before it, a new deal becomes void, cash is counted out again."""
    facts = facts_of(deal)
    measure = MEASURE_OF.get(entry.kind)
    before = snapshot(deal)
    if measure is not None and entry.amount is not None and entry.on_day is not None:
        move(session, (_cash(deal, measure, entry.on_day, -entry.amount, -1),))
    elif entry.before is None and entry.kind is EntryKind.LOGGED:
        deal.void = True
    elif entry.before is not None:
        restore(deal, entry.before)
    entry.undone = True
    deal.version += 1
    session.flush()
    move(session, deltas(facts, facts_of(deal)))
    _entry(session, deal, EntryKind.UNDONE, now, person_id, before, "")


def record_cash(
    session: Session, deal: Deal, kind: EntryKind, amount: Money, on: date, *, now: datetime, person_id: str
) -> DealEntry:
    """Record an invoice or a payment; it counts for the deal's owner on the day it happened."""
    move(session, (_cash(deal, MEASURE_OF[kind], on, amount, 1),))
    entry = _entry(session, deal, kind, now, person_id, None, "")
    entry.amount_minor, entry.currency, entry.on_day = amount.minor, amount.currency, on
    session.flush()
    return entry


def write_entry(
    session: Session, deal: Deal, kind: EntryKind, text: str, *, now: datetime, person_id: str
) -> DealEntry:
    """Write a line on the timeline that changes no total."""
    return _entry(session, deal, kind, now, person_id, None, text)


def _cash(deal: Deal, measure: Measure, on: date, amount: Money, count: int) -> Delta:
    return Delta(measure, on, deal.owner_id, deal.team_id, deal.region_id, amount, count)


def _entry(
    session: Session, deal: Deal, kind: EntryKind, now: datetime, person_id: str, before: str | None, text: str
) -> DealEntry:
    after = snapshot(deal) if before is not None or kind is EntryKind.LOGGED else None
    entry = DealEntry(
        deal_id=deal.id, kind=kind, at=now, person_id=person_id, text=text, before=before, after=after,
        deal_version=deal.version,
    )  # fmt: skip
    session.add(entry)
    session.flush()
    return entry
