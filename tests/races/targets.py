"""Rounds of several who set, replace and remove the targets of the same regions and years at once."""

import asyncio
import json
from collections import Counter

from sqlmodel import Session, col, select

from models.audit import AuditRow
from models.outbox import Post
from models.rules.attainment import Measure
from models.targets import Scope, Target
from tests.races.lane import ADMIN, HQ, Lane
from tests.workspace import commands_of

YEARS = (2029, 2030)
"""Years without a target at the beginning."""
WRITERS = (*HQ, ADMIN)
AT_ONCE = 4


async def set_at_once(lane: Lane) -> list[str]:
    """24: each replaces only what its writer saw; what is there at the end is what came last, split to the cent."""
    await asyncio.gather(*(_one(lane, lane.chance.choice(WRITERS), lane.chance.choice(YEARS)) for _ in range(AT_ONCE)))
    return lane.house.rows(lambda session: [*_lost(session, lane.region), *_wrong_sums(session, lane.region)])


async def _one(lane: Lane, person: str, year: int) -> None:
    """Set a target; where there is one, read it and replace it, or take it away."""
    if lane.chance.random() < 0.2:
        await lane.house.say(person, f"no target {lane.name} {year}")
        return
    amount = lane.chance.randint(10**8, 10**9)
    asked = await lane.house.say(person, f"target {lane.name} {amount / 100:.2f} {_currency(lane)} {year}")
    for question in asked:
        if "target" in commands_of(question):
            await lane.house.press(person, question, "target")


def _currency(lane: Lane) -> str:
    return {"cn-east": "CNY", "de": "EUR", "latam": "BRL", "sea": "SGD", "us": "USD"}[lane.region]


def _lost(session: Session, region: str) -> list[str]:
    """Replay what the audit log says that was written: nobody wrote over an amount that they had not been shown."""
    shown = _shown_before(session, region)
    query = select(AuditRow).where(
        col(AuditRow.action).in_(("target.set", "target.removed")), AuditRow.subject == region
    )
    now: dict[int, int | None] = {}
    faults = []
    for row in session.exec(query.order_by(col(AuditRow.seq))):
        facts = json.loads(row.facts)
        if "year" not in facts:
            continue  # a question
        year, minor = facts["year"], facts.get("minor")
        if minor is not None and now.get(year) not in (None, shown.get(minor)):
            faults.append(f"{region} {year}: {minor} replaced {now.get(year)}, its writer had seen {shown.get(minor)}")
        now[year] = minor
    for year in YEARS:
        kept = session.get(Target, (Scope.REGION, region, str(year), Measure.SIGNED))
        if (kept.minor if kept else None) != now.get(year):
            faults.append(f"{region} {year} is {kept and kept.minor} and not {now.get(year)}")
    return faults


def _shown_before(session: Session, region: str) -> dict[int, int]:
    """For each amount that somebody was asked about: the amount that they were shown first. No amount comes twice."""
    shown: dict[int, int] = {}
    for post in session.exec(select(Post).where(col(Post.body).contains('"replaces"')).order_by(col(Post.id))):
        for button in post.message.buttons:
            known = button.draft.known
            if known.get("region") == region and known.get("replaces") is not None:
                shown.setdefault(known["amount"].minor, known["replaces"])
    return shown


def _wrong_sums(session: Session, region: str) -> list[str]:
    """What does not add up: months to quarters to the year, teams and people to the region."""
    sums = Counter[tuple[str, Scope]]()
    rows = session.exec(select(Target).where(Target.region_id == region)).all()
    rows = [row for row in rows if row.period[:4] in map(str, YEARS)]
    for row in rows:
        sums[row.period, row.scope] += row.minor
    of_region = {row.period: row.minor for row in rows if row.scope is Scope.REGION}
    parts = Counter[str]()
    for period, minor in of_region.items():
        whole = period[:4] if "Q" in period else f"{period[:4]}-Q{(int(period[5:]) + 2) // 3}" if "-" in period else ""
        parts[whole] += minor
    faults = [
        f"{region} {period}: {scope.value}s come to {sums[period, scope]} of {minor}"
        for period, minor in of_region.items()
        for scope in (Scope.TEAM, Scope.PERSON)
        if sums[period, scope] != minor
    ]
    wholes = [period for period in of_region if "-" not in period or "Q" in period]
    return faults + [
        f"{region} {each}: parts come to {parts[each]}" for each in wholes if parts[each] != of_region[each]
    ]
