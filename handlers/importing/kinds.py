"""What can be imported: the columns of each kind, and what becomes of a row."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from handlers.grammar.entered import field_error
from handlers.grammar.entry_words import CHOICES, read_ratio
from handlers.grammar.names import NameIndex, spellings
from handlers.placing import put_region, put_team, region_named
from models.accounts import account_named, find_account
from models.bookings import open_deal
from models.configuring import Changes
from models.context import UserError
from models.deals import Deal
from models.intent import Slot, slots_of
from models.money import Money
from models.numbers import next_number, taken_number
from models.people import HeldDuty, Person
from models.ranks import Duty
from models.regions import Rate, Region, region_words, regions
from models.schedules import local_day
from models.setup import SetUpPerson, SetUpRegion
from models.slots import AccountName, Amount, CloseDate, DutySlot, PastDay, StageSlot, Tags, Unit, Year, slot_of
from models.staffing import Colleagues, put_person
from models.text import Text

_NUMBER = re.compile(r"D-([0-9]{1,9})")
_WORDS = Slot("words", Text("Text"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field that it fills, how a cell is read, whether each row needs it, and what it may be called."""

    name: str
    slot: Slot
    required: bool
    called: tuple[str, ...] = ()


@dataclass
class Row:
    """A row that was read; `people` are ids by name, e-mail address and id, `namesakes` the names that several bear.

    `met` are the deals that earlier rows of the table stand for.
    """

    values: dict[str, Any]
    people: NameIndex
    colleagues: Colleagues
    changes: Changes
    new_id: Callable[[], str]
    namesakes: frozenset[str]
    met: set[str]

    @property
    def session(self) -> Session:
        return self.changes.session

    def get(self, name: str) -> Any:
        return self.values.get(name)


class Outcome:
    """What became of a row."""

    NEW, CHANGED, SAME = "new", "changed", "there already"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rows."""

    name: str
    columns: tuple[Column, ...]
    put: Callable[[Row], str]


def _of_intent(intent: type, **called: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(
        Column(field.name, field.slot, field.required, called.get(field.name, ())) for field in slots_of(intent)
    )


def _person(row: Row) -> str:
    is_new = row.colleagues.find(row.get("name"), row.get("email")) is None
    count = row.changes.count
    email, name = row.get("email"), row.get("name")
    if email and row.colleagues.said.setdefault(email, name) != name:
        before = row.colleagues.said[email]
        raise UserError(Text("{email} is {name}'s in an earlier row.", email=email, name=before), "email")
    duties = [_duty(word) for word in re.split(r"[,;，；、]+", row.values.pop("duties", "")) if word.strip()]
    kept_id, region = row.values.pop("id", None), row.session.get(Region, row.get("region") or "")
    if region is not None and row.get("team"):
        put_team(row.changes, region, row.get("team"))
    person = put_person(row.changes, SetUpPerson(**row.values), kept_id, row.colleagues)
    for duty in duties:
        row.changes.put(HeldDuty(person_id=person.id, duty=duty))
    return _outcome(row, count, is_new=is_new)


def _duty(word: str) -> Duty:
    found = CHOICES["duty"].get(word.strip().casefold())
    if not isinstance(found, Duty):
        raise UserError(field_error(slot_of(DutySlot), word.strip()), "duties")
    return found


def _region(row: Row) -> str:
    count, known = row.changes.count, region_named(row.session, row.get("name"))
    kept_id = row.values.pop("id", None)
    put_region(row.changes, SetUpRegion(**row.values), kept_id)
    return _outcome(row, count, is_new=known is None)


def _account(row: Row) -> str:
    if find_account(row.session, row.get("account")) is not None:
        return Outcome.SAME
    account_named(row.session, row.get("account"), row.new_id())
    return Outcome.NEW


def _target(row: Row) -> str:
    region = _region_of(row)
    amount = _amount(row, region.currency)
    if amount.currency != region.currency:
        raise UserError(
            Text(
                "{region} counts in {currency}; write the amount in {currency}.",
                region=region.name,
                currency=region.currency,
            ),
            "amount",
        )
    count = row.changes.count
    year = row.get("year") or local_day(region.zone, row.changes.at).year
    row.changes.set_target(region, year, amount)
    return _outcome(row, count, is_new=False)


def _rate(row: Row) -> str:
    ratio = read_ratio(str(row.get("rate")))
    if ratio is None:
        raise UserError(Text("That is not a rate; write it like 1.08."), "rate")
    count = row.changes.count
    row.changes.put(
        Rate(
            currency=row.get("currency"), to_currency=row.get("to_currency"), from_on=row.get("since"),
            numerator=ratio.numerator, denominator=ratio.denominator,
        )
    )  # fmt: skip
    return _outcome(row, count, is_new=True)


def _deal(row: Row) -> str:
    """An open deal with its owner as author; one of its number, or without one the same again, is there already."""
    if str(row.get("state") or "").casefold() == "void":
        return Outcome.SAME
    owner = _owner(row)
    region = _region_of(row, owner)
    amount = _amount(row, region.currency)
    today = local_day(region.zone, row.changes.at)
    number = _NUMBER.fullmatch(row.get("id") or "")
    alike = _alike(row, owner, amount)
    said = f"D-{int(number[1])}" if number is not None else None
    known = said or next((one for one in alike if one not in row.met), None)
    if known is not None and known in alike:
        row.met.add(known)
        return Outcome.SAME
    if said is not None and row.session.get(Deal, said) is not None:
        raise UserError(Text("{deal} is another deal here; leave its number away to add this one.", deal=said), "id")
    account = account_named(row.session, row.get("account"), row.new_id())
    deal = Deal(
        id=taken_number(row.session, "D", int(number[1])) if number else next_number(row.session, "D"),
        account_id=account.id, amount_minor=amount.minor, currency=amount.currency, close_on=row.get("close_date"),
        stage=row.get("stage"), tags=" ".join(row.get("tags") or ()), owner_id=owner.id, team_id=owner.team_id,
        region_id=region.id, created_at=row.changes.at,
    )  # fmt: skip
    note = f"{row.get('id')}" if row.get("id") and number is None else ""
    row.met.add(deal.id)
    open_deal(row.session, deal, now=row.changes.at, today=today, text=note)
    return Outcome.NEW


def _alike(row: Row, owner: Person, amount: Money) -> Sequence[str]:
    """The numbers of the deals that say the same as a row."""
    account = find_account(row.session, row.get("account"))
    if account is None:
        return ()
    close: date | None = row.get("close_date")
    query = select(Deal.id).where(
        Deal.account_id == account.id, Deal.owner_id == owner.id, Deal.amount_minor == amount.minor,
        Deal.currency == amount.currency, col(Deal.close_on) == close if close else col(Deal.close_on).is_(None),
        col(Deal.void).is_(False),
    ).order_by(Deal.id)  # fmt: skip
    return row.session.exec(query).all()


def _owner(row: Row) -> Person:
    """The person of a name, an e-mail address or an id."""
    person_id = row.people.value_of(str(row.get("owner")))
    if person_id is None and any(each in row.namesakes for each in spellings(str(row.get("owner")))):
        raise UserError(Text("Several people have that name; write the e-mail address."), "owner")
    if person_id is None:
        raise UserError(Text("I know nobody of that name; import people first, or write the e-mail address."), "owner")
    return row.session.get_one(Person, person_id)


def _region_of(row: Row, owner: Person | None = None) -> Region:
    word = str(row.get("region") or (owner.region_id if owner else None) or "")
    region = region_named(row.session, word) or _region_called(row.session, word)
    every = regions(row.session)
    if region is None and not word and len(every) == 1:
        region = every[0]
    if region is None:
        raise UserError(Text("That is not a region; import regions first, or correct its name."), "region")
    return region


def _region_called(session: Session, word: str) -> Region | None:
    low = word.casefold()
    found = [each for each in regions(session) if low in (name.casefold() for name in region_words(each))]
    return found[0] if len(found) == 1 else None


def _amount(row: Row, currency: str) -> Money:
    """The amount in the currency that the row says, else in the region's."""
    said: Money = row.values["amount"]
    wanted = row.get("currency") or (currency if row.values.get("assumed") else said.currency)
    try:
        return Money.of(said.major, wanted)
    except ValueError as error:
        raise UserError(
            Text("{currency} has no such small parts; write a whole amount.", currency=wanted), "amount"
        ) from error


def _outcome(row: Row, count: int, *, is_new: bool) -> str:
    if row.changes.count == count:
        return Outcome.SAME
    return Outcome.NEW if is_new else Outcome.CHANGED


_ID = Column("id", _WORDS, required=False)
_OWNER = ("rep", "sales", "salesperson", "负责人", "销售", "业务员")
_REGION = ("region", "area", "区域", "大区", "地区", "片区")
KINDS = {
    kind.name: kind
    for kind in (
        Kind("regions", (_ID, *_of_intent(SetUpRegion, name=_REGION)), _region),
        Kind(
            "people",
            (
                _ID,
                *_of_intent(
                    SetUpPerson, name=("full name", "employee", "person", "员工", "人员"), region=_REGION,
                    rank=("role", "position", "job title", "职位", "岗位"),
                ),
                Column("duties", _WORDS, required=False, called=("duty", "职责")),
            ),
            _person,
        ),
        Kind("accounts", (Column("account", slot_of(AccountName), required=True),), _account),
        Kind(
            "deals",
            (
                Column("id", _WORDS, required=False, called=("number", "deal id", "编号", "单号")),
                Column("account", slot_of(AccountName), required=True),
                Column("amount", slot_of(Amount), required=True),
                Column("currency", slot_of(Unit), required=False),
                Column("close_date", slot_of(CloseDate), required=False),
                Column("stage", slot_of(StageSlot), required=False),
                Column("tags", slot_of(Tags), required=False),
                Column("owner", _WORDS, required=True, called=_OWNER),
                Column("region", _WORDS, required=False, called=_REGION),
                Column("state", _WORDS, required=False),
            ),
            _deal,
        ),
        Kind(
            "targets",
            (
                Column("region", _WORDS, required=True, called=_REGION),
                Column("amount", slot_of(Amount), required=True, called=("target", "目标", "任务")),
                Column("currency", slot_of(Unit), required=False),
                Column("year", slot_of(Year), required=False),
            ),
            _target,
        ),
        Kind(
            "rates",
            (
                Column("currency", slot_of(Unit), required=True, called=("from",)),
                Column("to_currency", slot_of(Unit), required=True, called=("to", "目标币种")),
                Column("since", slot_of(PastDay), required=True, called=("from_on", "valid from", "生效日期")),
                Column("rate", _WORDS, required=True, called=("汇率",)),
            ),
            _rate,
        ),
    )
}  # fmt: skip
