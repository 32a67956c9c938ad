"""Dispatch: from what a platform delivered to rows, in one unit of work.

Understanding comes first and opens no transaction. The unit of work takes the delivery key, passes the gate, runs the
handler and stores its answer; returning commits, raising rolls back. The future of `submit` is done after the commit.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

import structlog
from sqlmodel import Session, select

from bot.allowance import Allowance, TooMuch
from bot.answering import Answer, Answering, Turn
from bot.clock import Clock
from bot.directory import Directory
from bot.linking import code_in, link, recognise, unlink
from bot.metrics import Metrics
from bot.platforms.base import Incoming
from bot.pressing import UnknownButtonError
from bot.quoting import quoted_deal
from bot.sorry import TOO_OFTEN
from bot.speakers import Speakers, Unknown
from bot.understanding import Speaker, understand
from handlers.command import Registry
from models import audit
from models.inbox import Delivery, Outcome, find_delivery
from models.outages import is_outage, reason_of
from models.outbox import Post
from models.store import Store
from models.unit import Unit, keep, put_once

log = structlog.get_logger()

TRIES = 5

Arrival = Callable[[Unit, str], None]
Act = Callable[[Turn], Answer]


@dataclass
class Dispatch:
    """The one way in."""

    store: Store
    registry: Registry
    clock: Clock
    new_id: Callable[[], str]
    directory: Directory
    metrics: Metrics
    allowance: Allowance = field(default_factory=Allowance)
    speakers: Speakers = field(init=False)
    answering: Answering = field(init=False)

    def __post_init__(self) -> None:
        self.speakers = Speakers(self.clock, self.directory)
        self.answering = Answering(self.registry, self.speakers, self.clock, self.new_id)

    def submit(self, incoming: Incoming, arrival: Arrival | None = None) -> "Future[Answer]":
        """Take a delivery. `arrival` lets a platform that keeps its own log write it in the same unit of work."""
        return self._store_write(self._prepare(incoming), incoming, arrival)

    async def take(self, incoming: Incoming, arrival: Arrival | None = None) -> Answer:
        """Submit, wait for the commit, and count a failed try; raise what failed, until the delivery is set aside."""

        async def submitted() -> Answer:
            async with self.allowance.turn(incoming.account):
                return await asyncio.wrap_future(self.submit(incoming, arrival))

        return await self.counted(incoming, submitted, arrival)

    async def counted(
        self, incoming: Incoming, work: Callable[[], Awaitable[Answer]], arrival: Arrival | None = None
    ) -> Answer:
        """Do what a delivery asks for, and count a failed try; raise what failed, until the delivery is set aside.

        What is over its account's allowance is refused instead; that an account is no more is always heard.
        """
        over = None if incoming.left else self.allowance.spend(incoming.account)
        begun = time.perf_counter()
        try:
            answer = await (work() if over is None else self._refused(incoming, over, arrival))
        except (UnknownButtonError, asyncio.CancelledError):
            raise
        except Exception as error:
            self.metrics.failed.inc()
            if is_outage(error):  # no fault of the delivery's, which is never set aside for it
                log.error("database cannot be used", reason=reason_of(error), key=incoming.key)  # noqa: TRY400
                raise
            log.exception("delivery failed", key=incoming.key, platform=incoming.platform)
            kind = type(error).__name__
            counting = self.store.write(lambda unit: self._count_failure(unit, incoming, arrival, kind))
            apology = await asyncio.wrap_future(counting)
            if apology is None:
                raise
            return apology
        self.metrics.acknowledged.observe(time.perf_counter() - begun)
        return answer

    async def set_aside(self, incoming: Incoming, error: Exception) -> None:
        """Keep a delivery that cannot be read, once, for an operator to see: to try it again would not help."""
        self.metrics.failed.inc()
        why = f"cannot be read: {type(error).__name__}"
        log.error("delivery set aside", key=incoming.key, platform=incoming.platform, reason=why)

        def work(unit: Unit) -> None:
            if _known(unit, incoming) is None:
                row = keep(unit, self._delivery(incoming, self.new_id()))
                row.outcome, row.error = Outcome.SET_ASIDE, why
                self._audit(unit, row.event_id, incoming.user, "delivery.set_aside", incoming.platform, {"error": why})

        await asyncio.wrap_future(self.store.write(work))

    def _prepare(self, incoming: Incoming) -> Act:
        if incoming.left:
            return lambda turn: unlink(turn, self.clock.now(), self.new_id)
        speaker = self.speakers.find(self.store, incoming)
        if isinstance(speaker, Unknown):
            return self._prepare_unknown(incoming, speaker)
        if incoming.press is not None:
            return lambda turn: self.answering.press(turn, speaker)
        if incoming.file is not None and speaker.direct:
            return lambda turn: self.answering.file(turn, self.clock.now())
        read = quoted_deal if incoming.quoted else understand
        understood = read(incoming.text or "", speaker, self.registry)
        return lambda turn: self.answering.words(turn, understood)

    def _prepare_unknown(self, incoming: Incoming, unknown: Unknown) -> Act:
        may_link = unknown.is_nobody and not incoming.foreign  # no code lets in an account of another organisation
        code = code_in(incoming.text) if may_link else None
        if code is not None:
            return lambda turn: link(turn, code, self.clock.now(), self.new_id)
        if may_link and incoming.email:
            return lambda turn: recognise(turn, self.clock.now(), self.new_id) or self._stranger(turn, unknown)
        return lambda turn: self._stranger(turn, unknown)

    def _store_write(self, act: Act, incoming: Incoming, arrival: Arrival | None) -> "Future[Answer]":
        event_id = self.new_id()

        def work(unit: Unit) -> Answer:
            fresh = self._delivery(incoming, event_id)
            is_new = put_once(unit, fresh)
            known = None if is_new else _known(unit, incoming)
            if not is_new and known is None:
                raise RuntimeError("an event's number was used before")  # the key was not taken: nothing may be done
            if known is not None and known.body_hash != incoming.body_hash:
                self._audit(unit, known.event_id, incoming.user, "delivery.conflict", incoming.platform, {})
                return Answer(known.event_id, conflict=True)
            if known is not None and known.outcome is not Outcome.FAILED:
                return Answer(known.event_id, _places_of(unit, known.event_id), repeated=True)
            known = known or fresh
            known.outcome = Outcome.DONE
            if arrival is not None:
                arrival(unit, known.event_id)
            return act(Turn(unit, known.event_id, incoming))

        return self.store.write(work)

    async def _refused(self, incoming: Incoming, over: TooMuch, arrival: Arrival | None) -> Answer:
        """Keep the key of what is over the allowance; say so, and write it into the audit log, once in a spell."""
        self.metrics.throttled.inc()
        speaker = self.speakers.find(self.store, incoming) if over.is_told else None

        def act(turn: Turn) -> Answer:
            if isinstance(speaker, Speaker):
                return self.answering.too_much(turn, self.allowance.per_minute)
            if speaker is not None:
                return replace(self._stranger(turn, Unknown(TOO_OFTEN)), over=True)
            turn.unit.get_one(Delivery, turn.event_id).outcome = Outcome.REFUSED
            return Answer(turn.event_id, over=True)

        return await asyncio.wrap_future(self._store_write(act, incoming, arrival))

    def _stranger(self, turn: Turn, unknown: Unknown) -> Answer:
        turn.unit.get_one(Delivery, turn.event_id).outcome = Outcome.REFUSED
        incoming = turn.incoming
        self._audit(turn.unit, turn.event_id, incoming.user, "refused", incoming.platform, {"why": unknown.why})
        return Answer(turn.event_id, stranger=unknown.why)

    def _audit(
        self, unit: Session, event_id: str, actor: str, action: str, subject: str, facts: dict[str, object]
    ) -> None:
        now = self.clock.now()
        audit.append(unit, event_id=event_id, at=now, actor=actor, action=action, subject=subject, facts=facts)

    def _delivery(self, incoming: Incoming, event_id: str) -> Delivery:
        return Delivery(
            event_id=event_id, platform=incoming.platform, workspace=incoming.workspace, key=incoming.key,
            body_hash=incoming.body_hash, received_at=self.clock.now(), outcome=Outcome.DONE,
        )  # fmt: skip

    def _count_failure(self, unit: Unit, incoming: Incoming, arrival: Arrival | None, error: str) -> Answer | None:
        """Count one try of a delivery that failed; the answer of one that is now set aside, else none."""
        known = _known(unit, incoming)
        if known is None:
            known = keep(unit, self._delivery(incoming, self.new_id()))
            known.tries = 0
        elif known.outcome is not Outcome.FAILED or known.body_hash != incoming.body_hash:
            return None  # what was answered stays answered
        known.tries += 1
        known.error = error
        known.outcome = Outcome.FAILED
        if known.tries < TRIES:
            return None
        known.outcome = Outcome.SET_ASIDE
        if arrival is not None:
            arrival(unit, known.event_id)
        self._audit(unit, known.event_id, incoming.user, "delivery.set_aside", incoming.platform, {"error": error})
        return self.answering.apologise(Turn(unit, known.event_id, incoming))


def _known(unit: Unit, incoming: Incoming) -> Delivery | None:
    return find_delivery(unit, incoming.platform, incoming.workspace, incoming.key)


def _places_of(unit: Session, event_id: str) -> frozenset[str]:
    """The channels of an event's posts: some may still wait."""
    return frozenset(unit.exec(select(Post.channel_id).where(Post.event_id == event_id)))
