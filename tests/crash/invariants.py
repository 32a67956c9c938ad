"""What holds in a database whatever happened to the process, the file or the server: every trial looks at it.

The file is sound, the audit chain unbroken, every kept total the sum of its deals, and (79) nothing took effect without
its audit row, nor has an audit row nothing that it is about.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool
from sqlmodel import Session, col, create_engine, func, select

from models.accounts import Account
from models.approvals import ApprovalRequest, Decision
from models.audit import AuditRow, breaks
from models.deals import Deal
from models.inbox import Delivery, Outcome
from models.outbox import Post
from models.policies import Acknowledgement
from models.reconcile import differences
from models.schedules import SlotRun, Timer, TimerState
from models.visits import Visit
from tests.databases import driven

TRIED = "Kill %"
"""The names of the accounts that trials make: the demo's own deals came without audit rows of their own."""
TAKEN = (Outcome.DONE, Outcome.REFUSED, Outcome.SET_ASIDE)
OF_NO_DELIVERY = ("clock", "demo", "operator")
"""Who acts without a delivery."""


def broken(database: Path) -> list[str]:
    """Say in words everything that should not be; nothing where all holds."""
    engine = create_engine(driven(database), poolclass=NullPool)
    with Session(engine) as session:
        faults = [*_file(session)]
        if not faults:  # else the rows would only say it again, or could not be read
            faults += [f"audit row {seq} {what}" for seq, what in breaks(session)]
            faults += [f"total {key}: {kept} is not {summed}" for key, kept, summed in differences(session)]
            faults += [*_effects(session), *_deliveries(session), *_slots(session)]
    engine.dispose()
    return faults


def _file(session: Session) -> Iterator[str]:
    """What SQLite finds wrong with its file; a server looks after its own."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        return
    try:
        said = [str(found) for (found,) in connection.exec_driver_sql("PRAGMA integrity_check(5)")]
    except DatabaseError as error:
        said = [str(error.orig)]
    yield from (f"the file is damaged: {found}" for found in said if found != "ok")
    if said != ["ok"]:
        return
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} belongs to no {parent}"


def _effects(session: Session) -> Iterator[str]:
    """What was done without its one audit row, and audit rows of what is not there."""
    tried = select(Account.id).where(col(Account.name).like(TRIED))
    deals = session.exec(select(Deal.id).where(col(Deal.account_id).in_(tried)))
    visits = session.exec(select(Visit.id).where(col(Visit.account_id).in_(tried)))
    yield from _paired(deals, _logged(session, "deal.logged"), "deal")
    yield from _paired(visits, _logged(session, "visit.logged"), "visit")
    yield from _paired(session.exec(select(ApprovalRequest.id)), _logged(session, "approval.requested"), "request")
    read = [f"{one.policy_id} by {one.person_id}" for one in session.exec(select(Acknowledgement))]
    confirmed = session.exec(select(AuditRow).where(AuditRow.action == "policy.acknowledged"))
    yield from _paired(read, [f"{row.subject} by {row.actor}" for row in confirmed], "confirmation")
    made = [f"{one.request_id} step {one.step + 1} {one.verdict}" for one in session.exec(select(Decision))]
    rows = session.exec(select(AuditRow).where(col(AuditRow.action).in_(("approval.approved", "approval.rejected"))))
    told = [f"{row.subject} step {json.loads(row.facts)['step']} {row.action.partition('.')[2]}" for row in rows]
    yield from _paired(made, told, "decision")


def _logged(session: Session, action: str) -> Sequence[str]:
    return session.exec(select(AuditRow.subject).where(AuditRow.action == action)).all()


def _paired(made: Iterable[str], logged: Iterable[str], what: str) -> Iterator[str]:
    there, told = Counter(made), Counter(logged)
    for one in sorted({*there, *told}):
        if there[one] != told[one]:
            yield f"{what} {one} is there {there[one]} times and has {told[one]} audit rows"


def _deliveries(session: Session) -> Iterator[str]:
    """Deliveries that had an effect without an audit row, or one without having had any; audit rows of no delivery.

    In Telegram an answer to one question of a form is kept for the form and neither said nor logged before it is sent.
    """
    told = set(session.exec(select(AuditRow.event_id)))
    posted = set(session.exec(select(Post.event_id)))
    for one in session.exec(select(Delivery)):
        is_part = one.platform == "telegram" and one.outcome is Outcome.DONE and one.event_id not in posted
        if one.outcome in TAKEN and one.event_id not in told and not is_part:
            yield f"delivery {one.key} is {one.outcome} and has no audit row"
        if one.outcome not in TAKEN and one.event_id in told:
            yield f"delivery {one.key} is {one.outcome} and has an audit row"
    people = col(AuditRow.actor).not_in(OF_NO_DELIVERY)
    for row in session.exec(select(AuditRow).where(people, col(AuditRow.event_id).not_in(select(Delivery.event_id)))):
        yield f"audit row {row.seq} is of no delivery"


def _slots(session: Session) -> Iterator[str]:
    """Whether as many slots and timers are over as the audit log says."""
    over = session.exec(select(func.count()).select_from(SlotRun)).one()
    over += session.exec(select(func.count()).select_from(Timer).where(Timer.state != TimerState.WAITING)).one()
    rows = select(func.count()).select_from(AuditRow).where(col(AuditRow.action).like("job.%"))
    told = session.exec(rows).one()
    if over != told:
        yield f"{over} slots and timers are over, and the audit log has {told}"
