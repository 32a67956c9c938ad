"""Bookings: change a deal or record cash, write the timeline, move kept totals, tell who listens, in one unit."""

import json
from datetime import date, datetime

from sqlmodel import Session, col, select

from models.claims import Claim
from models.codec import to_json
from models.context import UserError
from models.deals import Deal
from models.events import EventKind, record
from models.money import Money
from models.regions import Region
from models.rollups import move
from models.rules.attainment import Measure
from models.rules.transitions import DealFacts, Delta, deltas
from models.schedules import local_day
from models.stages import Stage
from models.text import Text
from models.timeline import CHANGES, MEASURE_OF, DealEntry, EntryKind, restore, snapshot, undoing
from models.told import deal_told, money_told, person_told
from models.unit import keep

TOLD = {
    EntryKind.LOGGED: EventKind.DEAL_LOGGED,
    EntryKind.AMENDED: EventKind.DEAL_CHANGED,
    EntryKind.STAGE: EventKind.DEAL_MOVED,
    EntryKind.INVOICED: EventKind.DEAL_INVOICED,
    EntryKind.COLLECTED: EventKind.DEAL_PAID,
    EntryKind.UNDONE: EventKind.DEAL_UNDONE,
}


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


def today_of(session: Session, deal: Deal, now: datetime) -> date:
    """The date in a deal's region, whose weeks and months it counts in, whoever speaks of it from wherever."""
    return local_day(session.get_one(Region, deal.region_id).zone, now)


def signed_on(deal: Deal, today: date) -> date | None:
    """The local day that a deal counts for once it is won: its close date when that is past, else today."""
    if deal.stage is not Stage.WON:
        return None
    return min(deal.close_on, today) if deal.close_on else today


def open_deal(
    session: Session,
    deal: Deal,
    *,
    now: datetime,
    today: date,
    text: str = "",
    claims: tuple[Claim, ...] = (),
    event_id: str | None = None,
) -> DealEntry:
    """Add a deal; `today` is the date in its region, `claims` say which words it was read from."""
    deal.signed_on = signed_on(deal, today)
    keep(session, deal)
    move(session, deltas(None, facts_of(deal)))
    entry = _entry(session, deal, EntryKind.LOGGED, now, deal.owner_id, None, text, claims=claims, event_id=event_id)
    _tell(session, deal, entry)
    return entry


def change_deal(
    session: Session,
    deal: Deal,
    kind: EntryKind,
    changes: dict[str, object],
    *,
    now: datetime,
    person_id: str,
    text: str = "",
    claims: tuple[Claim, ...] = (),
) -> DealEntry:
    """Set columns of a deal; with another stage or close date, the day that it counts for is found anew."""
    before, facts = snapshot(deal), facts_of(deal)
    for name, value in changes.items():
        setattr(deal, name, value)
    if not changes.keys().isdisjoint(("stage", "close_on")):
        deal.signed_on = signed_on(deal, today_of(session, deal, now))
    deal.version += 1
    session.flush()
    move(session, deltas(facts, facts_of(deal)))
    entry = _entry(session, deal, kind, now, person_id, before, text, claims=claims)
    _tell(session, deal, entry)
    return entry


def take_back(session: Session, deal: Deal, entry: DealEntry, *, now: datetime, person_id: str) -> None:
    """Undo one entry; raise UserError for a change that others stand on, or a new deal whose cash still counts.

    The deal becomes what it was before a change, a new deal becomes void; cash is counted out again, whatever else
    happened since.
    """
    facts, before = facts_of(deal), snapshot(deal)
    measure = MEASURE_OF.get(entry.kind)
    if measure is None:
        _check_undo(session, deal, entry)
        if entry.before is None:
            deal.void = True
        else:
            restore(deal, entry.before)
        deal.version += 1
    elif entry.amount is not None and entry.on_day is not None:
        move(session, (_cash(deal, measure, entry.on_day, -entry.amount, -1),))
    entry.undone = True
    session.flush()
    move(session, deltas(facts, facts_of(deal)))
    undone = _entry(session, deal, EntryKind.UNDONE, now, person_id, before, "")
    _tell(session, deal, undone, undone=TOLD[entry.kind].value)


def _check_undo(session: Session, deal: Deal, entry: DealEntry) -> None:
    counted = DealEntry.deal_id == deal.id, col(DealEntry.undone).is_(False)
    later = select(DealEntry.id).where(*counted, col(DealEntry.kind).in_(CHANGES), col(DealEntry.id) > entry.id)
    if session.exec(later).first() is not None:
        raise UserError(Text("{deal} was changed again since; take back the newest change first.", deal=deal.id))
    cash = session.exec(select(DealEntry).where(*counted, col(DealEntry.kind).in_(MEASURE_OF))).all()
    if cash and entry.before is None:
        raise UserError(Text("Take the cash of {deal} back first: it would count without its deal.", deal=deal.id))
    becomes = undoing(deal, entry).get("currency", deal.currency)
    other = next((each.currency for each in cash if each.currency != becomes), None)
    if other is not None and becomes != deal.currency:
        raise UserError(Text("Take the cash of {deal} back first: it is in {currency}.", deal=deal.id, currency=other))


def record_cash(
    session: Session, deal: Deal, kind: EntryKind, amount: Money, on: date, *, now: datetime, person_id: str
) -> DealEntry:
    """Record an invoice or a payment; it counts for the deal's owner on the day it happened."""
    move(session, (_cash(deal, MEASURE_OF[kind], on, amount, 1),))
    entry = _entry(session, deal, kind, now, person_id, None, "")
    entry.amount_minor, entry.currency, entry.on_day = amount.minor, amount.currency, on
    session.flush()
    _tell(session, deal, entry, amount=money_told(amount), on=on.isoformat())
    return entry


def write_entry(
    session: Session, deal: Deal, kind: EntryKind, text: str, *, now: datetime, person_id: str
) -> DealEntry:
    """Write a line on the timeline that changes no total."""
    return _entry(session, deal, kind, now, person_id, None, text)


def _cash(deal: Deal, measure: Measure, on: date, amount: Money, count: int) -> Delta:
    return Delta(measure, on, deal.owner_id, deal.team_id, deal.region_id, amount, count)


def _entry(
    session: Session,
    deal: Deal,
    kind: EntryKind,
    now: datetime,
    person_id: str,
    before: str | None,
    text: str,
    *,
    claims: tuple[Claim, ...] = (),
    event_id: str | None = None,
) -> DealEntry:
    after = snapshot(deal) if before is not None or kind is EntryKind.LOGGED else None
    entry = DealEntry(
        deal_id=deal.id, kind=kind, at=now, person_id=person_id, text=text, before=before, after=after,
        deal_version=deal.version, read_as=json.dumps(to_json(claims), ensure_ascii=False) if claims else None,
        event_id=event_id,
    )  # fmt: skip
    return keep(session, entry)


def _tell(session: Session, deal: Deal, entry: DealEntry, **more: object) -> None:
    """Let other systems hear of a line of the timeline, with the deal as it stands after it."""
    record(
        session, TOLD[entry.kind], deal.id, source=f"deal_entry:{entry.id}", at=entry.at,
        actor=lambda to: person_told(session, entry.person_id, to),
        data=lambda to: {"deal": deal_told(session, deal, to), **more},
    )  # fmt: skip
