"""Transitions: by how much a change of a deal moves the totals that are kept."""

from dataclasses import dataclass
from datetime import date

from models.money import Money
from models.rules.attainment import Measure
from models.stages import Stage


@dataclass(frozen=True, slots=True)
class DealFacts:
    """What of a deal counts towards totals; `signed_on` is the local day on which it was won."""

    stage: Stage
    amount: Money
    signed_on: date | None
    owner: str
    team: str | None
    region: str
    void: bool = False


@dataclass(frozen=True, slots=True)
class Delta:
    """What to add to the totals of a day, person, team and region; amount and count may be negative."""

    measure: Measure
    on: date
    person: str
    team: str | None
    region: str
    amount: Money
    count: int


def deltas(before: DealFacts | None, after: DealFacts | None) -> tuple[Delta, ...]:
    """Find what a change adds to the totals: away with what the deal counted before, in with what it counts now.

    A won deal counts as signed on the day on which it was signed; a void one never counts. None is a deal that does
    not exist. Over any history the deltas add up to what the last state counts.
    """
    old, new = _signed(before), _signed(after)
    if old == new:
        return ()
    taken = (Delta(old.measure, old.on, old.person, old.team, old.region, -old.amount, -old.count),) if old else ()
    return (*taken, new) if new else taken


def _signed(deal: DealFacts | None) -> Delta | None:
    if deal is None or deal.void or deal.stage is not Stage.WON or deal.signed_on is None:
        return None
    return Delta(Measure.SIGNED, deal.signed_on, deal.owner, deal.team, deal.region, deal.amount, 1)
