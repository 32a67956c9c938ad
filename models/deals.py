"""Deals: what people can want of them, what is kept of each, and who may see it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from sqlalchemy import BigInteger, Index, func
from sqlmodel import Field, Session, col, select

from models.accounts import Account
from models.columns import UtcDateTime, choice
from models.intent import Slot, intent
from models.money import Money
from models.people import Person
from models.ranks import Rank
from models.rows import Row
from models.rules.periods import DateRange, Period
from models.slots import (
    AccountName,
    Amount,
    CloseDate,
    ContractLink,
    DealNumber,
    Note,
    PastDay,
    StageSlot,
    Tags,
    TimeSpan,
    Words,
)
from models.stages import Stage
from models.text import Text


@intent("deal")
@dataclass(frozen=True, slots=True)
class LogDeal:
    """Report a deal; `anyway` says that it is another one than that which is there already."""

    account: AccountName
    amount: Amount
    close_on: CloseDate | None = None
    stage: StageSlot | None = None
    tags: Tags | None = None
    note: Note | None = None
    contract_url: ContractLink | None = None
    anyway: bool = False


@intent("edit")
@dataclass(frozen=True, slots=True)
class AmendDeal:
    """Correct a deal: what is given replaces what was there, and what is `cleared` is given up.

    `version` is the deal that a form showed.
    """

    deal: DealNumber
    account: AccountName | None = None
    amount: Amount | None = None
    close_on: CloseDate | None = None
    stage: StageSlot | None = None
    tags: Tags | None = None
    note: Note | None = None
    contract_url: ContractLink | None = None
    version: int | None = None
    cleared: tuple[str, ...] = ()
    anyway: bool = False


@intent("stage")
@dataclass(frozen=True, slots=True)
class MoveStage:
    """Move a deal to another stage."""

    deal: DealNumber
    stage: StageSlot


@intent("note")
@dataclass(frozen=True, slots=True)
class AddNote:
    """Write a note on a deal's timeline."""

    deal: DealNumber
    text: Words


@intent("collected")
@dataclass(frozen=True, slots=True)
class RecordPayment:
    """Record cash that came in for a deal."""

    deal: DealNumber
    amount: Amount
    on: PastDay | None = None


@intent("invoiced")
@dataclass(frozen=True, slots=True)
class RecordInvoice:
    """Record an invoice sent for a deal."""

    deal: DealNumber
    amount: Amount
    on: PastDay | None = None


@intent("undo")
@dataclass(frozen=True, slots=True)
class Undo:
    """Take back what was last done: one's own, within ten minutes."""

    entry: int | None = None


@intent("show")
@dataclass(frozen=True, slots=True)
class ShowDeal:
    """Show a deal and its timeline."""

    deal: DealNumber


@intent("explain")
@dataclass(frozen=True, slots=True)
class ExplainDeal:
    """Say how the line of a deal was read; `entry` is the change that the thread's card shows."""

    deal: DealNumber
    entry: Annotated[int, Slot("entry", Text("Change"))] | None = None


@intent("my")
@dataclass(frozen=True, slots=True)
class ShowMine:
    """Show one's own deals, attainment and pace; only those of some days or with a customer when they are named."""

    during: TimeSpan | None = None
    account: AccountName | None = None


@intent("dismiss")
@dataclass(frozen=True, slots=True)
class Dismiss:
    """Say that a line was not meant as a command."""


class Deal(Row, table=True):
    """A deal. Amounts are minor units of `currency`; `signed_on` is the local day on which it was won."""

    __table_args__ = (Index("ix_deal_account", "account_id", "region_id"),)
    id: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id")
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str
    close_on: date | None = None
    stage: Stage | None = Field(default=None, sa_type=choice(Stage))
    tags: str = ""
    contract_url: str | None = None
    owner_id: str = Field(foreign_key="person.id", index=True)
    team_id: str | None = Field(default=None, foreign_key="team.id")
    region_id: str = Field(foreign_key="region.id", index=True)
    signed_on: date | None = None
    void: bool = False
    version: int = 1
    created_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def amount(self) -> Money:
        """What the deal is worth."""
        return Money(self.amount_minor, self.currency)

    @property
    def tag_list(self) -> tuple[str, ...]:
        """The tags, lower case."""
        return tuple(self.tags.split())


def visible(person: Person) -> Any:
    """The condition under which a person may see a deal: reps their own, managers their region, HQ all."""
    if person.rank is Rank.HQ:
        return Deal.id == Deal.id
    if person.rank is Rank.MANAGER:
        return (Deal.region_id == person.region_id) | (Deal.owner_id == person.id)
    return Deal.owner_id == person.id


def summary_card(event_id: str) -> str:
    """The card that sums up the deals of one message."""
    return f"deals:{event_id}"


def deals_of(
    session: Session,
    owner_id: str,
    *,
    span: Period | DateRange | None = None,
    account_id: str | None = None,
    limit: int | None = None,
) -> list[tuple[Deal, Account]]:
    """A person's deals that count, newest first; of some days or with a customer when they are given.

    A won deal belongs to the day on which it was signed, any other to its close date.
    """
    query = select(Deal, Account).join(Account, col(Account.id) == Deal.account_id)
    query = query.where(Deal.owner_id == owner_id, col(Deal.void).is_(False))
    if account_id is not None:
        query = query.where(Deal.account_id == account_id)
    if span is not None:
        day = func.coalesce(Deal.signed_on, Deal.close_on)
        query = query.where(day >= span.start, day <= span.end).order_by(day.desc())
    return list(session.exec(query.order_by(col(Deal.created_at).desc(), col(Deal.id).desc()).limit(limit)))
