"""Broadcasts: a policy on its way into the regions, what HQ sees of it, and who is reminded."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models import policies
from models.cards import policy as card
from models.channels import region_channels
from models.context import Context
from models.message import Message
from models.people import Person, holders_of, people_in
from models.policies import Policy, PolicyReach, arrival, audience_of, counted, due_at, median_minutes, pending, reach
from models.ranks import Duty, Rank
from models.regions import Region


def preview_card(policy_id: str) -> str:
    """The card that HQ looks at before a policy is sent."""
    return f"policy:{policy_id}:preview"


def status_card(policy_id: str) -> str:
    """The card with the counts of all regions."""
    return f"policy:{policy_id}"


def region_card(policy_id: str, region_id: str) -> str:
    """The card in a region's channels."""
    return f"policy:{policy_id}:{region_id}"


def reminder_card(policy_id: str, person_id: str) -> str:
    """The card in the direct chat of a person who was reminded."""
    return f"policy:{policy_id}:to:{person_id}"


def preview(session: Session, policy: Policy, now: datetime) -> Message:
    """Show what would happen if the policy were sent now."""
    found = [session.get_one(Region, region_id) for region_id in policy.region_ids]
    missing = policy.language_missing
    unread = sum(audience_of(session, region.id) for region in found if region.language == missing)
    return card.preview(policy, [_planned(session, policy, region, now) for region in found], unread)


def _planned(session: Session, policy: Policy, region: Region, now: datetime) -> card.Planned:
    arrives = arrival(region, now, at_once=False)
    return card.Planned(
        region=region.name,
        channels=tuple(channel.name for channel in region_channels(session, region.id)),
        people=audience_of(session, region.id),
        language=policy.language_for(region.language),
        arrives=_there(region, arrives) if arrives > now else None,
    )


def reached(session: Session, policy: Policy) -> list[card.Reached]:
    """How far a policy has come in each region."""
    rows = []
    for row, read, people in reach(session, policy):
        region = session.get_one(Region, row.region_id)
        arrives = _there(region, row.send_at) if row.sent_at is None else None
        rows.append(card.Reached(region.name, read, people, arrives, row.reminded))
    return rows


def status(session: Session, policy: Policy) -> Message:
    """Show HQ how far a policy has come."""
    return card.status(policy, reached(session, policy), median_minutes(session, policy))


def deliver(context: Context, policy: Policy, row: PolicyReach, region: Region) -> None:
    """Post the policy in the region's channels; a second time does nothing."""
    if row.sent_at is not None:
        return
    row.sent_at = context.now
    face = _post(context, policy, row, region)
    for channel in region_channels(context.session, region.id):
        context.post(channel.id, face, card=region_card(policy.id, region.id))
    context.redraw(status_card(policy.id), status(context.session, policy))


def recount(context: Context, policy: Policy, row: PolicyReach, region: Region) -> None:
    """Show the new count in the region's channels and to HQ."""
    context.redraw(region_card(policy.id, region.id), _post(context, policy, row, region))
    context.redraw(status_card(policy.id), status(context.session, policy))


def _post(context: Context, policy: Policy, row: PolicyReach, region: Region) -> Message:
    context.session.flush()
    return _face(context.session, policy, row, region, region.language)


def _face(session: Session, policy: Policy, row: PolicyReach, region: Region, reader: str) -> Message:
    due = due_at(region, policy.deadline, row.sent_at or row.send_at)
    return card.post(policy, policy.language_for(reader), due, *counted(session, policy, region.id))


def unread(session: Session, person: Person, region: Region, language: str) -> list[tuple[Policy, Message]]:
    """The policies that wait for a person's word, as they read them."""
    waiting = policies.unread(session, person)
    return [(policy, _face(session, policy, row, region, language)) for policy, row in waiting]


def remind(context: Context, policy: Policy, row: PolicyReach, region: Region) -> None:
    """Remind those whose word is awaited, each alone; tell the manager and the information specialist who they are."""
    awaited = pending(context.session, policy, region.id)
    row.reminded = len(awaited)
    for person in awaited:
        words = card.reminder(policy, policy.language_for(person.language or region.language))
        context.tell(person.id, words, card=reminder_card(policy.id, person.id))
    if awaited:
        names, people = [person.name for person in awaited], audience_of(context.session, region.id)
        for person in _looking_after(context.session, region):
            language = person.language or region.language
            context.tell(person.id, card.awaited(policy, language, region.name, names, people))
    context.session.flush()
    context.redraw(status_card(policy.id), status(context.session, policy))


def _looking_after(session: Session, region: Region) -> Iterable[Person]:
    people = [*people_in(session, region.id, Rank.MANAGER), *holders_of(session, Duty.SPECIALIST, region.id)]
    return {person.id: person for person in people}.values()


def _there(region: Region, instant: datetime) -> datetime:
    return instant.astimezone(ZoneInfo(region.zone))
