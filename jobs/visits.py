"""Visits that were promised come back on their morning."""

from datetime import timedelta

from jobs.job import job
from models.accounts import Account
from models.cards import visit as card
from models.context import Context
from models.schedules import Due
from models.visits import REMIND, Visit


@job(REMIND, late=timedelta(days=3))
def remind(context: Context, due: Due) -> None:
    """Tell the owner, privately; nothing when it was done or moved since."""
    number, _, version = due.subject.partition(":")
    visit = context.session.get_one(Visit, number)
    if visit.done_at is None and str(visit.version) == version:
        account = context.session.get_one(Account, visit.account_id)
        context.tell(visit.owner_id, card.reminder(visit, account), card=f"visit:{visit.id}")
