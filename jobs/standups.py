"""Monday morning: the week's board with the check-in under it, a reminder before the close, and the digest."""

from datetime import timedelta

from jobs.job import job
from models.boards import weekly_board
from models.cards import board as board_card
from models.cards import standup as card
from models.channels import region_channels
from models.context import Context
from models.message import Message
from models.people import Person, people_in
from models.ranks import Rank
from models.regions import Region
from models.retention import plan_to_forget
from models.schedules import Due, local_day
from models.standups import (
    CLOSE,
    DIGEST_CARD,
    REMIND,
    REMIND_BEFORE,
    STANDUP,
    StandUp,
    check_ins,
    end_of_working_day,
    stand_up_of,
)

WEEK = timedelta(weeks=1)


@job(STANDUP, late=timedelta(hours=12))
def open_week(context: Context, due: Due) -> None:
    """Post the board of the last complete week with the check-in; after a week that was all holidays, the board alone.

    A slot that moved past its own week meets the next one at the same instant, and that one asks.
    """
    region = context.session.get_one(Region, due.subject)
    day = local_day(region.zone, due.due_at)
    planned_on = due.planned_on or day
    message = board_card.weekly(weekly_board(context.session, region, planned_on, context.now))
    if day - planned_on >= WEEK:
        _post(context, region, message)
        return
    stand_up = stand_up_of(context.session, region, planned_on, context.now)
    stand_up.closes_at = end_of_working_day(region, context.now)
    _post(context, region, card.under_board(message, stand_up), stand_up.card)
    context.plan(REMIND, stand_up.id, max(stand_up.closes_at - REMIND_BEFORE, context.now))
    context.plan(CLOSE, stand_up.id, stand_up.closes_at)


@job(REMIND, late=REMIND_BEFORE)
def remind(context: Context, due: Due) -> None:
    """Remind privately, once, only those who have not answered."""
    stand_up = context.session.get_one(StandUp, due.subject)
    for person in _late(context, stand_up):
        context.tell(person.id, card.reminder(stand_up))


@job(CLOSE, late=timedelta(days=3))
def close(context: Context, due: Due) -> None:
    """Post the digest, and tell the manager alone who is missing."""
    stand_up = context.session.get_one(StandUp, due.subject)
    region = context.session.get_one(Region, stand_up.region_id)
    late = _late(context, stand_up)
    expected = len(people_in(context.session, region.id, Rank.REP))
    answers = check_ins(context.session, stand_up.id)
    _post(context, region, card.digest(stand_up, answers, len(late), expected), f"{DIGEST_CARD}{stand_up.id}")
    plan_to_forget(context)
    if late:
        for manager in people_in(context.session, region.id, Rank.MANAGER):
            context.tell(manager.id, card.late(stand_up, late))


def _late(context: Context, stand_up: StandUp) -> list[Person]:
    """The reps who have not answered; a manager may, and need not."""
    answered = {person.id for _, person in check_ins(context.session, stand_up.id)}
    reps = people_in(context.session, stand_up.region_id, Rank.REP)
    return [person for person in reps if person.id not in answered]


def _post(context: Context, region: Region, message: Message, shown: str | None = None) -> None:
    for channel in region_channels(context.session, region.id):
        context.post(channel.id, message, card=shown)
