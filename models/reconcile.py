"""Kept totals against the sum of deals: find every difference, or write the totals anew."""

from collections import Counter

from sqlmodel import Session, col, delete, select

from models.bookings import facts_of
from models.deals import Deal
from models.rollups import Rollup, move, rows_of
from models.rules.transitions import Delta, deltas
from models.timeline import MEASURE_OF, DealEntry

Key = tuple[str, ...]


def differences(session: Session) -> list[tuple[Key, int, int]]:
    """Every key whose kept total is not the sum of its deals: (key, kept, summed) in minor units and in counts."""
    kept: Counter[Key] = Counter()
    for row in session.exec(select(Rollup)):
        facts = row.model_dump()
        _count(kept, {**facts, "minor": row.minor, "count": row.count})
    summed: Counter[Key] = Counter()
    for delta in _all(session):
        for facts in rows_of(delta):
            _count(summed, facts)
    return [(key, kept[key], summed[key]) for key in sorted({*kept, *summed}) if kept[key] != summed[key]]


def rebuild(session: Session) -> int:
    """Write every kept total anew; returns how many deals and payments were summed."""
    session.execute(delete(Rollup))
    every = _all(session)
    move(session, tuple(every))
    return len(every)


def _all(session: Session) -> list[Delta]:
    found = [delta for deal in session.exec(select(Deal)) for delta in deltas(None, facts_of(deal))]
    cash = select(DealEntry, Deal).join(Deal, col(Deal.id) == DealEntry.deal_id).where(col(Deal.void).is_(False))
    for entry, deal in session.exec(cash.where(col(DealEntry.kind).in_(MEASURE_OF), col(DealEntry.undone).is_(False))):
        if entry.amount is not None and entry.on_day is not None:
            place = (entry.on_day, deal.owner_id, deal.team_id, deal.region_id)
            found.append(Delta(MEASURE_OF[entry.kind], *place, entry.amount, 1))
    return found


def _count(totals: Counter[Key], facts: dict[str, object]) -> None:
    names = ("kind", "start_on", "measure", "region_id", "team_id", "person_id", "currency")
    key = tuple(str(facts[name]) for name in names)
    totals[(*key, "amount")] += int(str(facts["minor"]))
    totals[(*key, "count")] += int(str(facts["count"]))
