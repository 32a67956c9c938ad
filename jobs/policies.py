"""Policies reach each region at its own working hour, and at the deadline those who are pending are reminded."""

from datetime import timedelta

from jobs.job import job
from models.broadcasts import deliver
from models.broadcasts import remind as remind_pending
from models.calendars import next_working_instant
from models.context import Context
from models.policies import DEADLINE, SEND, Policy, PolicyReach, due_at
from models.regions import Region
from models.schedules import Due

LONGEST_DELAY = timedelta(days=90)  # a policy that comes late is better than one that never comes
GRACE = timedelta(hours=1)


@job(SEND, late=LONGEST_DELAY)
def send(context: Context, due: Due) -> None:
    """Post the policy in a region; when the process woke too late for that, at the next working hour."""
    policy, row, region = _subject(context, due)
    opens_at = next_working_instant(region.calendar, context.now)
    if opens_at > context.now:
        row.send_at = opens_at
        context.plan(SEND, due.subject, opens_at)
        return
    deliver(context, policy, row, region)


@job(DEADLINE, late=LONGEST_DELAY)
def remind(context: Context, due: Due) -> None:
    """Remind who is pending in a region, at the instant that the post named; not in the night after a late start.

    What arrives late, or has not yet, is due later than was planned when it was sent.
    """
    policy, row, region = _subject(context, due)
    opens_at = next_working_instant(region.calendar, context.now)
    closes_at = due_at(region, policy.deadline, row.sent_at or max(row.send_at, context.now))
    if closes_at > context.now:
        context.plan(DEADLINE, due.subject, closes_at)
    elif context.now - due.due_at > GRACE and opens_at > context.now:
        context.plan(DEADLINE, due.subject, opens_at)
    else:
        remind_pending(context, policy, row, region)


def _subject(context: Context, due: Due) -> tuple[Policy, PolicyReach, Region]:
    policy_id, _, region_id = due.subject.partition(":")
    session = context.session
    row = session.get_one(PolicyReach, (policy_id, region_id))
    return session.get_one(Policy, policy_id), row, session.get_one(Region, region_id)
