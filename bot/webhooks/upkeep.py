"""What an operator sees of a webhook and does about it: is it well, what was set aside, try again."""

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.webhooks.guard import BlockedError, Guard, Resolve, system_resolve
from models.events import Endpoint, Event, EventState, dead
from models.unit import Unit

if TYPE_CHECKING:
    from bot.webhooks.receiver import Receiver

LETTER = "E-"


def dead_events(session: Session) -> Iterator[str]:
    """A line an endpoint that wants no more events, then a line an event that no try brought there."""
    for endpoint in session.exec(select(Endpoint).where(col(Endpoint.stopped).is_not(None))):
        yield f"{endpoint.name}  stopped: {endpoint.stopped}"
    for event in dead(session):
        when, what = f"{event.created_at:%Y-%m-%d %H:%M}", f"{event.kind} of {event.subject}"
        yield f"{LETTER}{event.id}  {when}  {event.endpoint}  {what}  {event.attempts} tries  {event.error}"


def revive(unit: Unit, name: str) -> str | None:
    """Let a dead event wait again, or an endpoint with all of its dead events; none when nothing is called so."""
    endpoint = unit.get(Endpoint, name)
    if endpoint is not None:
        endpoint.stopped, endpoint.failures, endpoint.next_try_at = None, 0, None
        again = [event for event in dead(unit) if event.endpoint == name]
    else:
        again = [event for event in dead(unit) if f"{LETTER}{event.id}" == name.upper()]
    for event in again:
        event.state, event.attempts, event.next_try_at = EventState.WAITING, 0, event.created_at
    if endpoint is not None:
        return f"{name} is tried again; {len(again)} dead events wait to be sent"
    return f"event {name} waits to be sent again" if again else None


def examine_receiver(receiver: "Receiver", resolve: Resolve = system_resolve) -> tuple[bool, str]:
    """Whether the receiver's name stands for an address that may be connected to, and a sentence; sends nothing."""
    guard = Guard(receiver.allowed, resolve)
    host = receiver.host
    try:
        asyncio.run(_addresses(guard, receiver))
    except BlockedError as error:
        return False, f"{error}."
    except (OSError, UnicodeError):
        return False, f"{host} cannot be found: correct REGATTA_WEBHOOK_URL, or the name server."
    kinds, number = ", ".join(sorted(receiver.kinds)) or "every kind of event", len(receiver.secrets)
    return True, f"{kinds} to {host}, signed with {number} secret{'s' if number > 1 else ''}"


async def _addresses(guard: Guard, receiver: "Receiver") -> None:
    await guard.addresses(receiver.host, receiver.port, encrypted=receiver.encrypted)


def examine_endpoint(session: Session, name: str) -> tuple[bool, str] | None:
    """Whether an endpoint takes events, and a sentence; none when it does not listen."""
    endpoint = session.get(Endpoint, name)
    if endpoint is None or not endpoint.listening:
        return None
    if endpoint.stopped is not None:
        return False, f"stopped: {endpoint.stopped}. `regatta ops retry {name}` starts it again."
    counted = select(Event.state, func.count()).where(Event.endpoint == name).group_by(col(Event.state))
    found = {EventState(state): number for state, number in session.exec(counted)}
    waiting, lost = found.get(EventState.WAITING, 0), found.get(EventState.DEAD, 0)
    if lost:
        return False, f"{lost} events were set aside: `regatta ops dead` says why, `ops retry {name}` sends them again."
    failing = select(Event.error).where(Event.endpoint == name, col(Event.error).is_not(None))
    why = session.exec(failing.order_by(col(Event.id).desc())).first()
    return why is None, f"{waiting} events wait" + (f": {why}." if why else "")
