"""Retention: what people wrote of themselves is kept for a year, and then by no row."""

from datetime import datetime, time, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, delete, update

from models.calendars import local_instant
from models.context import Context
from models.feedback import AnswerFeedback, Feedback, GiveFeedback
from models.intent import name_of
from models.message import says
from models.outbox import Post, form_card, stored
from models.schedules import local_day
from models.standups import CHECK_IN_CARD, DIGEST_CARD, CheckIn, CheckInNow
from models.text import Text

FORGET = "words.forget"
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
