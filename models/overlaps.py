"""Overlaps: who else works with a customer, and which of their names a person may read where."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, or_
from sqlmodel import Session, col, select

from models.accounts import Account, account_key
from models.channels import Channel, ChannelKind
from models.deals import Deal, visible
from models.money import Money
from models.people import Person
from models.prepared import Prepared
from models.prices import Prices
from models.ranks import Rank
from models.visits import Visit

DAYS = timedelta(days=14)
PART = 20  # a twentieth: five per cent of the larger amount


_RECENT = Prepared(
    lambda _: (
        select(Deal.id, Deal.amount_minor, Deal.currency)
        .where(Deal.account_id == bindparam("account_id"), col(Deal.void).is_(False))
        .where(Deal.id != bindparam("besides"), col(Deal.created_at) >= bindparam("since"))
        .order_by(col(Deal.created_at).desc(), col(Deal.id).desc())
    )
)


def near_duplicates(
    session: Session, account_id: str, amount: Money, now: datetime, today: date, besides: str | None = None
) -> list[Deal]:
    """Deals with the same customer that count, of the last 14 days and within 5 % of the amount, newest first.

    An amount in another currency is compared at the rate of `today`, the asker's; without a rate it cannot be the same.
    """
    newest_first = _RECENT.rows(session, account_id=account_id, besides=besides or "", since=now - DAYS)
    prices = Prices(session, today)
    near = (
        number
        for number, minor, currency in newest_first
        if _is_near(prices.priced(Money(minor, currency), amount.currency), amount)
    )
    return [session.get_one(Deal, number) for number in near]


def seen_by(session: Session, person: Person, deals: Iterable[Deal]) -> list[Deal]:
    """Those of the deals that a person may see, in their order."""
    numbers = [deal.id for deal in deals]
    seen = set(session.exec(select(Deal.id).where(col(Deal.id).in_(numbers), visible(person))))
    return [deal for deal in deals if deal.id in seen]


_SOLD = Prepared(
    lambda _: (
        select(Deal.id)
        .where(Deal.account_id == bindparam("account_id"), col(Deal.void).is_(False), Deal.id != bindparam("besides"))
        .limit(1)
    )
)
_VISITED = Prepared(lambda _: select(Visit.id).where(Visit.account_id == bindparam("account_id")).limit(1))


def is_known(session: Session, account: Account, besides: str) -> bool:
    """Whether a customer has a deal that counts, beside one, or a visit."""
    return any(query.first(session, account_id=account.id, besides=besides) is not None for query in (_SOLD, _VISITED))


def readable(session: Session, person: Person, channel: Channel, names: Sequence[str]) -> list[str]:
    """Those of some customers' names that a person may read in a place, in their order.

    They are those whom their region sold to or visited, all such for HQ. In a region's channel others read along: only
    that region's names are said there, and none in a place of no region unless the person is HQ.
    """
    regions = {None if person.rank is Rank.HQ else person.region_id}
    if channel.kind is not ChannelKind.DIRECT and not (channel.region_id is None and person.rank is Rank.HQ):
        if person.rank is not Rank.HQ and channel.region_id != person.region_id:
            return []
        regions = {channel.region_id}
    (region,) = regions
    of_deals = select(Deal.id).where(Deal.account_id == Account.id, col(Deal.void).is_(False))
    of_visits = select(Visit.id).where(Visit.account_id == Account.id)
    if region is not None:
        of_deals = of_deals.where(Deal.region_id == region)
        of_visits = of_visits.join(Person, col(Person.id) == Visit.owner_id).where(Person.region_id == region)
    # Asked for one by one, an index answers; joined, SQLite would go through all that the region ever sold.
    theirs = select(Account.name).where(or_(of_deals.exists(), of_visits.exists()))
    found = set(session.exec(theirs.where(col(Account.key).in_([account_key(name) for name in names]))))
    return [name for name in names if name in found]


def _is_near(one: Money | None, other: Money) -> bool:
    return one is not None and abs(one.minor - other.minor) * PART <= max(one.minor, other.minor)
