"""Visits: write one down, and have the next one come back in time."""

from datetime import date, datetime

from sqlmodel import col, select

from handlers.command import KEPT, SELLERS, Example, PersonalData, Scope, command
from models.accounts import Account, account_named
from models.bookings import write_entry
from models.calendars import Calendar, local_instant
from models.cards import visit as card
from models.context import Asked, Reply, UserError
from models.deals import Deal
from models.durations import Duration
from models.numbers import next_number
from models.stages import Stage
from models.standings import own_calendar
from models.text import Text
from models.timeline import EntryKind
from models.visits import MORNING, REMIND, FinishVisit, LogVisit, MoveVisit, Visit

PERSONAL = PersonalData(
    ("visit.owner_id", "visit.text"),
    Text("to remind the person of what they promised a customer"),
    KEPT,
    Text("the person and their manager"),
)


@command(
    LogVisit,
    en=("visit", "met"),
    zh=("拜访", "拜訪"),
    requires=SELLERS,
    scope=Scope.SELF,
    audit="visit.logged",
    summary=Text("Write down a visit and when the next one is"),
    example=Example("/visit Globex met Jane about the renewal next 3 Dec", "拜访 苏州精工 见张总谈续约 下次12月3日"),
    personal=PERSONAL,
    once=True,
)
def log_visit(asked: Asked, wanted: LogVisit) -> Reply:
    """Write a visit down, on the newest open deal of the customer too."""
    if wanted.next_on is not None:
        _still_to_come(asked, wanted.next_on)
    account = account_named(asked.session, wanted.account, asked.new_id())
    visit = Visit(
        id=next_number(asked.session, "V"), account_id=account.id, owner_id=asked.person.id, text=wanted.text or "",
        next_on=wanted.next_on, created_at=asked.now,
    )  # fmt: skip
    asked.session.add(visit)
    asked.session.flush()
    deal = _open_deal(asked, account)
    if deal is not None:
        text = visit.text or visit.id
        write_entry(asked.session, deal, EntryKind.VISIT, text, now=asked.now, person_id=asked.person.id)
    if visit.next_on is not None:
        asked.plan(REMIND, _timer(visit), _morning(asked, visit.next_on))
    return Reply(card.written(visit, account, deal.id if deal else None), card=f"visit:{visit.id}", subject=visit.id)


@command(
    FinishVisit,
    en=("done",),
    zh=("完成",),
    requires=SELLERS,
    scope=Scope.SELF,
    audit="visit.done",
    summary=Text("Say that a visit is done"),
    example=Example("done V-3", "完成 V-3"),
    personal=PERSONAL,
)
def finish_visit(asked: Asked, wanted: FinishVisit) -> Reply:
    """Close it; it does not come back."""
    visit = _open_visit(asked, wanted.visit)
    visit.done_at, visit.changed_at, visit.version = asked.now, asked.now, visit.version + 1
    message = card.finished(visit, asked.session.get_one(Account, visit.account_id))
    asked.redraw(f"visit:{visit.id}", message)
    return Reply(message, private=True, subject=visit.id)


@command(
    MoveVisit,
    en=("move visit", "postpone"),
    zh=("改期",),
    requires=SELLERS,
    scope=Scope.SELF,
    audit="visit.moved",
    summary=Text("Plan a visit for another day"),
    example=Example("postpone V-3 two weeks", "改期 V-3 两周"),
    personal=PERSONAL,
)
def move_visit(asked: Asked, wanted: MoveVisit) -> Reply:
    """Have it come back on another morning: on a day, or so much later than it was planned for."""
    visit = _open_visit(asked, wanted.visit)
    day = _later(asked, visit, wanted.on) if isinstance(wanted.on, Duration) else wanted.on
    _still_to_come(asked, day)
    visit.next_on, visit.changed_at, visit.version = day, asked.now, visit.version + 1
    asked.session.flush()
    asked.plan(REMIND, _timer(visit), _morning(asked, day))
    message = card.moved(visit, asked.session.get_one(Account, visit.account_id))
    asked.redraw(f"visit:{visit.id}", message)
    return Reply(message, private=True, subject=visit.id)


def _later(asked: Asked, visit: Visit, by: Duration) -> date:
    """Count from the planned day, or from today when that is over."""
    nowhere = Calendar(None, None, asked.zone)
    where = own_calendar(asked.session, asked.person, asked.region) if asked.region else nowhere
    return by.after(max(visit.next_on or asked.today, asked.today), where)


def _open_visit(asked: Asked, number: str) -> Visit:
    visit = asked.session.get_one(Visit, number)
    if visit.done_at is not None:
        raise UserError(Text("{visit} is done already; write the next one with `/visit`.", visit=number))
    return visit


def _open_deal(asked: Asked, account: Account) -> Deal | None:
    closed = (Stage.WON, Stage.LOST)
    query = select(Deal).where(
        Deal.account_id == account.id, Deal.owner_id == asked.person.id, col(Deal.void).is_(False)
    )
    newest_first = query.order_by(col(Deal.created_at).desc(), col(Deal.id).desc())
    return next((deal for deal in asked.session.exec(newest_first) if deal.stage not in closed), None)


def _timer(visit: Visit) -> str:
    """A timer of an earlier plan finds that the version moved on, and does nothing."""
    return f"{visit.id}:{visit.version}"


def _morning(asked: Asked, day: date) -> datetime:
    """Nine o'clock; on the day itself, at once when that is past."""
    return max(local_instant(asked.zone, day, MORNING), asked.now)


def _still_to_come(asked: Asked, day: date) -> None:
    if day < asked.today:
        raise UserError(Text("{day} is over; write a day to come, like next Friday.", day=day))
