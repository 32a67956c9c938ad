"""What becomes of rows that were restored from a backup: nothing that waited in it is sent or done by itself.

Since the backup was made it may have been: what waited to be sent is set aside for an operator to see, what came by the
clock counts as missed, and codes that were given out end. Numbers go on after a gap, so that none that people or a
platform's buttons know from after the backup comes to mean something else.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, delete, func, select, update

from models import audit
from models.databases import insert_once
from models.events import Event, EventState
from models.links import LinkCode
from models.message import Message
from models.numbers import leave_out
from models.outbox import OutboxState, Post, stored
from models.regions import Region
from models.schedules import Due, Schedule, SlotOutcome, SlotRun, Timer, TimerState, slots_after
from models.unit import put

NUMBERS_LEFT_OUT = 10_000
POSTS_LEFT_OUT = 1_000_000


@dataclass(frozen=True, slots=True)
class Settled:
    """How much of what waited was set aside, was missed or ended."""

    posts: int
    events: int
    timers: int
    slots: int
    codes: int


def settle(session: Session, made_at: datetime, now: datetime, event_id: str, quiet: Collection[str]) -> Settled:
    """Settle what a backup of `made_at` holds; `quiet` jobs are still done, since they tell nobody anything."""
    why = f"restored from a backup of {made_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC: it may have been sent since"
    chosen = select(Timer).where(Timer.state == TimerState.WAITING, col(Timer.due_at) <= now)
    timers = list(session.exec(chosen.where(col(Timer.job).not_in(quiet)).order_by(col(Timer.due_at))))
    for timer in timers:
        timer.state = TimerState.MISSED
    slots = [due for due in _slots_until(session, now) if _miss(session, due, now)]
    posts, events, codes = _set_aside_posts(session, why), _set_aside_events(session, why), _end_codes(session)
    found = Settled(posts, events, len(timers), len(slots), codes)
    _leave_gap(session, event_id, now)
    missed = [Due(timer.job, timer.subject, timer.due_at) for timer in timers] + slots
    for due in missed:
        audit.append(
            session, event_id=event_id, at=now, actor="clock", action=f"job.{due.job}", subject=due.subject,
            facts={"due_at": due.due_at.isoformat(), "outcome": "missed"},
        )  # fmt: skip
    facts = {"made_at": made_at.isoformat()} | asdict(found)
    audit.append(
        session, event_id=event_id, at=now, actor="operator", action="installation.restored", subject="", facts=facts
    )
    return found


def _set_aside_posts(session: Session, why: str) -> int:
    waiting = col(Post.state) == OutboxState.WAITING
    session.execute(update(Post).where(waiting, col(Post.edits).is_(None)).values(doubtful=True))
    return _changed(session, update(Post).where(waiting).values(state=OutboxState.DEAD, error=why))


def _set_aside_events(session: Session, why: str) -> int:
    waiting = col(Event.state) == EventState.WAITING
    return _changed(session, update(Event).where(waiting).values(state=EventState.DEAD, error=why))


def _end_codes(session: Session) -> int:
    return _changed(session, delete(LinkCode).where(col(LinkCode.used_at).is_(None)))


def _changed(session: Session, statement: object) -> int:
    return int(session.connection().execute(statement).rowcount)  # type: ignore[call-overload]


def _slots_until(session: Session, now: datetime) -> list[Due]:
    last = dict(
        session.exec(select(SlotRun.schedule_id, func.max(SlotRun.planned_on)).group_by(SlotRun.schedule_id)).all()
    )
    found = []
    for schedule, region in session.exec(
        select(Schedule, Region).join(Region, col(Region.id) == Schedule.region_id)
    ).all():
        for due in slots_after(schedule, region, last.get(schedule.id)):
            if due.due_at > now:
                break
            found.append(due)
    return found


def _miss(session: Session, due: Due, now: datetime) -> bool:
    facts = {
        "schedule_id": due.schedule_id, "planned_on": due.planned_on, "ran_at": now, "outcome": SlotOutcome.MISSED,
    }  # fmt: skip
    return insert_once(session, SlotRun, facts)


def _leave_gap(session: Session, event_id: str, now: datetime) -> None:
    """Let numbers begin later: those of deals and cards, and of posts, which buttons carry."""
    leave_out(session, NUMBERS_LEFT_OUT)
    newest = session.exec(select(Post).order_by(col(Post.id).desc()).limit(1)).first()
    if newest is not None:
        row = Post(
            id=(newest.id or 0) + POSTS_LEFT_OUT, event_id=event_id, channel_id=newest.channel_id, unasked=True,
            body=stored(Message()), state=OutboxState.SENT, created_at=now, next_try_at=now, sent_at=now,
        )  # fmt: skip
        put(session, row)
