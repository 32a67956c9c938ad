"""What is left of the visits that a trial typed."""

from pathlib import Path

from sqlmodel import Session, col, create_engine, select

from models.accounts import Account
from models.visits import Visit
from tests.crash.invariants import TRIED, broken
from tests.crash.kill import Trial
from tests.databases import driven


def count_visits(database: Path, trial: Trial) -> None:
    """Count the visits: unlike deals, two that are the same are not asked about, so a double would be there."""
    trial.faults += broken(database)
    engine = create_engine(driven(database))
    with Session(engine) as session:
        visits = select(Account.name).join(Visit, col(Visit.account_id) == Account.id)
        trial.found.update(int(name.split()[1]) for name in session.exec(visits.where(col(Account.name).like(TRIED))))
    engine.dispose()
    trial.compare("line")
