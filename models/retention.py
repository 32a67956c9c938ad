"""Retention: what people wrote of themselves is kept for a year, and then by no row; keys of deliveries for 30 days."""

from datetime import datetime, time, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, delete, select, update

from models.calendars import local_instant
from models.context import Context
from models.feedback import AnswerFeedback, Feedback, GiveFeedback
from models.inbox import Delivery, Outcome
from models.intent import name_of
from models.message import says
from models.outbox import Post, form_card, stored
from models.schedules import local_day
from models.standups import CHECK_IN_CARD, DIGEST_CARD, CheckIn, CheckInNow
from models.text import Text

FORGET, PRUNE = "words.forget", "inbox.prune"
KEYS_KEPT_FOR = timedelta(days=30)
"""No platform brings a delivery again after so long: Telegram keeps an update for a day, Slack tries for an hour."""
MOST_AT_ONCE = 1_000
"""Keys that one unit of work deletes, so that nobody waits for it."""
PAUSE = timedelta(minutes=1)
KEPT_FOR = timedelta(days=365)
_FORMS = tuple(form_card(name_of(kind), "") for kind in (GiveFeedback, AnswerFeedback, CheckInNow))
_CARDS = ("feedback:", CHECK_IN_CARD, DIGEST_CARD, *_FORMS)
"""How the cards begin that repeat somebody's words."""


def plan_to_forget(context: Context) -> None:
    """See that what was written today goes in a year: one timer a day, whatever is written on it."""
    today = local_day("UTC", context.now)
    due = local_instant("UTC", today + timedelta(days=1), time()) + KEPT_FOR
    context.plan(FORGET, today.isoformat(), due)


def forget(session: Session, now: datetime) -> None:
    """Delete feedback and stand-up answers that are older, and empty the messages that repeat them."""
    since = now - KEPT_FOR
    session.execute(delete(Feedback).where(col(Feedback.given_at) <= since))
    session.execute(delete(CheckIn).where(col(CheckIn.at) <= since))
    repeats = or_(*(col(Post.card).startswith(card, autoescape=True) for card in _CARDS))
    gone = stored(says(Text("This was deleted after a year.")))
    session.execute(update(Post).where(repeats, col(Post.created_at) <= since).values(body=gone))


def plan_to_prune(context: Context) -> None:
    """See that the keys of deliveries are looked at tomorrow, however many processes ask for it."""
    tomorrow = local_day("UTC", context.now) + timedelta(days=1)
    context.plan(PRUNE, tomorrow.isoformat(), local_instant("UTC", tomorrow, time()))


def prune(context: Context, subject: str) -> None:
    """Delete keys that are older, some at a time, but for those that an operator has to look at."""
    old = select(Delivery.event_id).where(
        col(Delivery.received_at) <= context.now - KEYS_KEPT_FOR, Delivery.outcome != Outcome.SET_ASIDE
    )
    gone = context.session.execute(delete(Delivery).where(col(Delivery.event_id).in_(old.limit(MOST_AT_ONCE))))
    if gone.rowcount == MOST_AT_ONCE:  # type: ignore[attr-defined]
        context.plan(PRUNE, subject, context.now + PAUSE)
    plan_to_prune(context)
