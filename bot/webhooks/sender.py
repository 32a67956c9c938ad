"""The sender: take what waits to the receiver, in order per subject, and again until it has it, for three days."""

import asyncio
from datetime import timedelta

import structlog
from sqlmodel import Session

from bot.clock import Clock
from bot.members import Members
from bot.metrics import Metrics
from bot.webhooks.client import Client, TroubleError
from models.events import WEBHOOK, Endpoint, Event, EventState, due
from models.store import Store
from models.unit import Unit

log = structlog.get_logger()

TRIES = 83
LONGEST_PAUSE = 3600.0
"""Seconds: the pauses double from two of them up to an hour, so that the tries take three days."""
AT_ONCE = 8
SWEEP_SECONDS = 1.0


class Sender:
    """Sends the events of one endpoint; of several processes one at a time does."""

    def __init__(self, store: Store, clock: Clock, client: Client, metrics: Metrics, members: Members) -> None:
        self._store, self._clock, self._client, self._metrics, self._members = store, clock, client, metrics, members
        self._lock = asyncio.Lock()
        members.seek(WEBHOOK)

    async def run(self) -> None:
        """Send for ever; no fault ends it."""
        try:
            while True:
                try:
                    await self.settle()
                except Exception:
                    log.exception("webhook round failed")
                await asyncio.sleep(SWEEP_SECONDS)
        finally:
            await self._client.close()

    async def settle(self) -> None:
        """Send what is due now: several subjects side by side, each one's events one after the other."""
        async with self._lock:
            while self._members.leads(WEBHOOK) and (waiting := self._store.read(self._due)):
                outcomes = await asyncio.gather(*(self._send(event) for event in waiting), return_exceptions=True)
                faults = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
                if faults:
                    raise faults[0]  # now that no other send is under way
                if not all(outcomes):
                    return

    def _due(self, session: Session) -> list[Event]:
        return due(session, WEBHOOK, self._clock.now(), AT_ONCE)

    async def _send(self, event: Event) -> bool:
        """Send one event; false when it must wait."""
        try:
            await self._client.tell(event.event_id, event.body.encode())
        except TroubleError as error:
            trouble = error
        except Exception as error:
            log.exception("webhook failed", event_id=event.event_id)
            trouble = TroubleError(type(error).__name__)
        else:
            self._metrics.webhooks.labels("taken").inc()
            await asyncio.shield(asyncio.wrap_future(self._store.write(lambda unit: _taken(unit, event))))
            return True
        self._metrics.webhooks.labels("trouble").inc()
        await asyncio.wrap_future(self._store.write(lambda unit: self._failed(unit, event, trouble)))
        return False

    def _failed(self, unit: Unit, event: Event, trouble: TroubleError) -> None:
        """Plan the next try of the event, and of the endpoint when it was not this event's fault; or give up."""
        now = self._clock.now()
        row, endpoint = unit.get_one(Event, event.id), unit.get_one(Endpoint, event.endpoint)
        row.error = str(trouble)
        if trouble.gone:
            endpoint.stopped = str(trouble)
            log.error("webhook stopped", reason=str(trouble), hint="regatta ops retry webhook")
            return
        row.attempts += trouble.wait is None  # to be told to wait is no failure
        if row.attempts >= TRIES:
            row.state = EventState.DEAD
            log.error("event dead-lettered", event_id=row.event_id, kind=row.kind.value, reason=str(trouble))
        row.next_try_at = now + timedelta(seconds=trouble.wait or _pause(row.attempts))
        if trouble.refused:
            endpoint.failures = 0  # it is well, and does not want this one
            return
        if endpoint.next_try_at is None or endpoint.next_try_at <= now:  # of several side by side, the first counts
            endpoint.failures += 1
        until = now + timedelta(seconds=trouble.wait or _pause(endpoint.failures))
        endpoint.next_try_at = max(until, endpoint.next_try_at or until)


def _taken(unit: Unit, event: Event) -> None:
    """Forget what the receiver has; a pause that it asked for meanwhile stands."""
    row = unit.get(Event, event.id)
    if row is None:
        return  # another process, which led before, had told it
    unit.delete(row)
    unit.get_one(Endpoint, event.endpoint).failures = 0


def _pause(failures: int) -> float:
    return min(2.0 ** min(failures, 20), LONGEST_PAUSE)
