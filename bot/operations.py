"""What an operator does from a terminal: look at schedules and failures, try again, check audit and totals."""

import asyncio
import json
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.clock import Clock, DemoClock, SystemClock, new_id
from bot.delivery import Delivery
from bot.directory import Directory
from bot.faults import FaultError
from bot.registry import jobs
from bot.scheduler import Scheduler
from bot.webhooks.upkeep import dead_events, revive
from models import audit, reconcile
from models.audit import AuditRow
from models.channels import Channel, waiting_elsewhere
from models.inbox import Delivery as Taken
from models.inbox import Outcome
from models.outbox import OutboxState, Post
from models.regions import Organisation, Region
from models.schedules import Timer, TimerState, next_slots
from models.store import Store
from models.unit import Unit

TIMER = "T-"
COMES_AGAIN_FOR = timedelta(hours=24)
"""How long a platform brings again what got no answer: Slack about an hour, Telegram a day."""


def schedule_lines(session: Session) -> Iterator[str]:
    """A line a schedule with its next slot in the region's own time, then a line for each thing planned once."""
    for due in sorted(next_slots(session), key=lambda due: due.due_at):
        region = session.get_one(Region, due.subject)
        local = due.due_at.astimezone(ZoneInfo(region.zone))
        yield f"{due.job:<16} {region.id:<16} {local:%a %Y-%m-%d %H:%M} {region.zone}"
    waiting = select(Timer).where(Timer.state == TimerState.WAITING).order_by(col(Timer.due_at))
    for timer in session.exec(waiting):
        yield f"{timer.job:<16} {timer.subject:<16} {timer.due_at:%a %Y-%m-%d %H:%M} UTC, once"


def fire(store: Store, name: str, region_id: str | None) -> list[str]:
    """Run the next slot of a job now, in every region or in one; its messages wait for the running bot to send them."""
    dues = store.read(lambda session: [due for due in next_slots(session) if due.job == name])
    if not dues:
        raise FaultError(f"There is no schedule {name}; `regatta schedule list` shows what there is.")
    chosen = [due for due in dues if region_id is None or due.subject == region_id]
    if not chosen:
        raise FaultError(f"{name} has no schedule in {region_id}; `regatta schedule list` shows the regions.")
    clock = store.read(lambda session: clock_of(session, SystemClock()))
    scheduler = Scheduler(store, jobs(), clock, Delivery(store, {}, clock, Directory(store)), new_id)

    async def run() -> list[str]:
        lines = []
        for due in chosen:
            done = await scheduler.fire(due)
            lines.append(f"{due.job} {due.subject} {due.planned_on}: {'done' if done else 'was done before'}")
        return lines

    return asyncio.run(run())


def failed_lines(session: Session, now: datetime) -> Iterator[str]:
    """A line a delivery that failed: when, where from, how often it was tried, why, and what becomes of it."""
    query = select(Taken).where(col(Taken.outcome).in_((Outcome.FAILED, Outcome.SET_ASIDE)))
    for row in session.exec(query.order_by(col(Taken.received_at))):
        when = f"{row.received_at:%Y-%m-%d %H:%M}"
        if row.outcome is Outcome.SET_ASIDE:
            state = "set aside: its sender was told, if it could be read; look for the key in the log"
        elif now - row.received_at < COMES_AGAIN_FOR:
            state = "to be tried again when the platform brings it again"
        else:
            state = "was not brought again: whoever it was saw an error"
        yield f"{row.event_id}  {when}  {row.platform}  {row.tries} tries  {row.error}  {state}  key {row.key}"


def dead_lines(session: Session, platforms: Collection[str] | None = None) -> Iterator[str]:
    """A line a message or event that could not be sent: its number, where to, how often it was tried, why.

    A timer that was missed in a restored backup has its line, too. A message that still waits after a fault says until
    when. With the platforms that are set, a line for each other one that something waits for.
    """
    failed = col(Post.state).in_((OutboxState.WAITING, OutboxState.DEAD)), col(Post.error).is_not(None)
    query = select(Post, Channel).join(Channel, col(Channel.id) == Post.channel_id).where(*failed)
    for post, channel in session.exec(query.order_by(col(Post.id))):
        waits = "waits: " if post.state is OutboxState.WAITING else ""
        again = f" (not again before {post.next_try_at:%H:%M:%S} UTC)" if waits and post.attempts else ""
        when, where = f"{post.created_at:%Y-%m-%d %H:%M}", f"{channel.platform} {post.channel_id}"
        yield f"{post.id}  {when}  {where}  {post.attempts} tries  {waits}{post.error}{again}"
    yield from dead_events(session)
    for timer in session.exec(select(Timer).where(Timer.state == TimerState.MISSED).order_by(col(Timer.due_at))):
        yield (
            f"{TIMER}{timer.id}  {timer.due_at:%Y-%m-%d %H:%M}  {timer.job}  {timer.subject}  "
            "missed: the backup does not know whether it was done"
        )
    for platform, number in [] if platforms is None else waiting_elsewhere(session, platforms):
        which = "1 message waits" if number == 1 else f"{number} messages wait"
        yield f"{which} for {platform}, which is not set here; set it, and the bot sends what waits"


def retry(store: Store, name: str) -> str:
    """Let what is dead (message, event, endpoint) or was missed be tried again; raise FaultError for anything else."""

    def work(unit: Unit) -> str | None:
        if name.startswith(TIMER):
            return _plan_again(unit, int(name.removeprefix(TIMER)))
        if not name.isdecimal():
            return revive(unit, name)
        number = int(name)
        post = unit.get(Post, number)
        if post is None or post.state is not OutboxState.DEAD:
            return None
        face = unit.exec(select(Post).where(Post.edits == number).order_by(col(Post.id).desc())).first()
        if face is not None:
            post.body = face.body  # what it shows by now
        post.state, post.attempts, post.next_try_at = OutboxState.WAITING, 0, datetime(1970, 1, 1, tzinfo=UTC)
        return f"message {number} waits to be sent again"

    said = store.write(work).result()
    if said is None:
        raise FaultError(f"Nothing dead is called {name}; `regatta ops dead` lists what is.")
    return said


def _plan_again(unit: Unit, number: int) -> str | None:
    timer = unit.get(Timer, number)
    if timer is None or timer.state is not TimerState.MISSED:
        return None
    timer.state = TimerState.WAITING
    return f"{timer.job} for {timer.subject} waits to be done, unless it is too late for that by now"


def audit_report(session: Session) -> tuple[bool, str]:
    """Check the hash chain: whether it is sound, and a sentence."""
    broken = list(audit.breaks(session))
    if broken:
        seq, what = broken[0]
        return False, f"audit row {seq} {what}; {len(broken)} faults in all"
    last = session.exec(select(AuditRow.seq, AuditRow.hash).order_by(col(AuditRow.seq).desc()).limit(1)).first()
    return True, "no audit rows yet" if last is None else f"{last[0]} audit rows, unbroken; head {last[1]}"


def export_audit(store: Store, path: Path) -> int:
    """Write the chain as JSON lines; returns how many."""

    def read(session: Session) -> int:
        count = 0
        with path.open("w", encoding="utf-8") as file:
            for row in session.exec(select(AuditRow).order_by(col(AuditRow.seq)).execution_options(yield_per=1000)):
                facts = row.model_dump() | {"at": row.at.isoformat(timespec="microseconds")}
                file.write(json.dumps(facts, ensure_ascii=False) + "\n")
                count += 1
        return count

    return store.read(read)


def rollup_report(session: Session) -> tuple[bool, str]:
    """Compare kept totals with the sum of deals: whether they are equal, and a sentence."""
    found = reconcile.differences(session)
    if not found:
        return True, "kept totals equal the sum of deals"
    key, kept, summed = found[0]
    return False, f"{len(found)} totals differ, the first: {' '.join(key)} is {kept} and should be {summed}"


def rebuild(store: Store) -> str:
    """Write the kept totals anew."""
    return f"kept totals rebuilt from {store.write(reconcile.rebuild).result()} deals and payments"


def clock_of(session: Session, base: Clock) -> Clock:
    """The clock of an installation: the machine's, or as far ahead as a demo's was moved."""
    company = session.exec(select(Organisation)).first()
    offset = timedelta(seconds=company.clock_offset_seconds) if company and company.is_demo else timedelta()
    return DemoClock(base, offset)
