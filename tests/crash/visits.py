"""What is left of the visits that a trial typed."""

from pathlib import Path

from sqlmodel import Session, col, create_engine, select

from models.accounts import Account
from models.audit import AuditRow, breaks
from models.visits import Visit
from tests.crash.kill import Trial
from tests.databases import driven


def count_visits(database: Path, trial: Trial) -> None:
    """Count the visits: unlike deals, two that are the same are not asked about, so a double would be there."""
    engine = create_engine(driven(database))
    with Session(engine) as session:
        visits = session.exec(
            select(Account.name, Visit.id)
            .join(Visit, col(Visit.account_id) == Account.id)
            .where(col(Account.name).like("Kill %"))
        ).all()
        trial.found.update(int(name.split()[1]) for name, _ in visits)
        logged = session.exec(select(AuditRow.subject).where(AuditRow.action == "visit.logged")).all()
        trial.faults += [f"audit row {seq} {what}" for seq, what in breaks(session)]
        trial.faults += [f"{one} has not its one audit row" for _, one in visits if logged.count(one) != 1]
    engine.dispose()
    trial.faults += [
        f"line {number} was acknowledged and is lost" for number in sorted(trial.answered - set(trial.found))
    ]
    trial.faults += [f"line {number} is there {n} times" for number, n in sorted(trial.found.items()) if n > 1]
