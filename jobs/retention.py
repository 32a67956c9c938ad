"""Feedback and stand-up answers are deleted after a year, keys of deliveries after 30 days."""

from datetime import timedelta

from jobs.job import job
from models.context import Context
from models.retention import FORGET, PRUNE
from models.retention import forget as forget_words
from models.retention import prune as prune_keys
from models.schedules import Due


@job(FORGET, late=timedelta(days=3650), quiet=True)
def forget(context: Context, due: Due) -> None:  # noqa: ARG001  it forgets whatever is old enough
    """Delete what is older than a year; however late, since it was promised."""
    forget_words(context.session, context.now)


@job(PRUNE, late=timedelta(days=3650), quiet=True)
def prune(context: Context, due: Due) -> None:
    """Delete the keys of old deliveries, and come again."""
    prune_keys(context, due.subject)
