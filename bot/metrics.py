"""The numbers that matter to whoever runs it, in Prometheus's text form."""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlmodel import Session, col, func, select

from bot.clock import Clock
from models.events import Endpoint, Event, EventState
from models.inbox import Delivery, Outcome
from models.outbox import OutboxState, Post
from models.store import Store

K = TypeVar("K", bound=StrEnum)

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


class Metrics:
    """What the process counts and what its rows say."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._registry = CollectorRegistry()
        self.acknowledged = Histogram(
            "regatta_acknowledge_seconds", "From arrival to commit", buckets=_SECONDS, registry=self._registry
        )
        self.failed = Counter("regatta_failures", "Deliveries that raised", registry=self._registry)
        self.throttled = Counter("regatta_throttled", "Deliveries over an account's allowance", registry=self._registry)
        self.webhooks = Counter("regatta_webhook_tries", "Events sent", ["outcome"], registry=self._registry)
        self._registry.register(_Rows(store, clock))

    def text(self) -> bytes:
        """Write every number."""
        return generate_latest(self._registry)


class _Rows(Collector):
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def collect(self) -> list[Metric]:
        posts, oldest, deliveries = self._store.read(_counts)
        told, stopped = self._store.read(_events)
        outbox = GaugeMetricFamily("regatta_outbox_posts", "Messages by state", labels=["state"])
        for state in OutboxState:
            outbox.add_metric([state.value], posts.get(state, 0))
        age = 0.0 if oldest is None else max(0.0, (self._clock.now() - oldest).total_seconds())
        inbox = GaugeMetricFamily("regatta_deliveries", "Deliveries by outcome", labels=["outcome"])
        for outcome, count in deliveries.items():
            inbox.add_metric([outcome.value], count)
        waiting = GaugeMetricFamily("regatta_outbox_oldest_seconds", "Age of the oldest waiting message", value=age)
        events = GaugeMetricFamily("regatta_webhook_events", "Events that no receiver took yet", labels=["state"])
        for one in EventState:
            events.add_metric([one.value], told.get(one, 0))
        gone = GaugeMetricFamily("regatta_webhook_stopped", "Endpoints that want no more events", value=stopped)
        return [outbox, waiting, inbox, events, gone]


def _counts(session: Session) -> tuple[dict[OutboxState, int], datetime | None, dict[Outcome, int]]:
    posts = dict(session.exec(select(Post.state, func.count()).group_by(col(Post.state))).all())
    oldest = session.exec(select(func.min(Post.created_at)).where(Post.state == OutboxState.WAITING)).one()
    deliveries = dict(session.exec(select(Delivery.outcome, func.count()).group_by(col(Delivery.outcome))).all())
    return _by(OutboxState, posts), oldest, _by(Outcome, deliveries)


def _events(session: Session) -> tuple[dict[EventState, int], int]:
    counts = dict(session.exec(select(Event.state, func.count()).group_by(col(Event.state))).all())
    stopped = session.exec(select(func.count()).where(col(Endpoint.stopped).is_not(None))).one()
    return _by(EventState, counts), stopped


def _by(kind: type[K], counts: dict[str, int]) -> dict[K, int]:
    return {kind(value): count for value, count in counts.items()}
