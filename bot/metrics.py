"""The numbers that matter to whoever runs it, in Prometheus's text form; docs/operations.md says what each means."""

from collections.abc import Callable, Iterable, Mapping
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
from models.outages import is_outage
from models.outbox import OutboxState, Post
from models.schedules import SlotOutcome, SlotRun, next_due
from models.store import Store

K = TypeVar("K", bound=StrEnum)

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """What the process counts and what its rows say. `platforms` says which of them the bot can speak in."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._registry = CollectorRegistry()
        self.platforms: Callable[[], Mapping[str, bool]] = dict
        self.acknowledged = self._histogram("regatta_acknowledge_seconds", "From arrival to commit")
        self.failed = Counter("regatta_failures", "Deliveries that raised", registry=self._registry)
        self.throttled = Counter("regatta_throttled", "Deliveries over an account's allowance", registry=self._registry)
        self.webhooks = Counter("regatta_webhook_tries", "Events sent", ["outcome"], registry=self._registry)
        waited = self._histogram("regatta_database_wait_seconds", "How long a unit of work waited for the writer")
        took = self._histogram(
            "regatta_database_commit_seconds", "How long the writer took for a group, with its commit"
        )
        store.observers.append(lambda waits, taken: _observe(waited, waits, took, taken))
        self._registry.register(_Rows(store, clock))
        self._registry.register(_Platforms(self))

    def text(self) -> bytes:
        """Write every number."""
        return generate_latest(self._registry)

    def _histogram(self, name: str, what: str) -> Histogram:
        return Histogram(name, what, buckets=_SECONDS, registry=self._registry)


def _observe(waited: Histogram, waits: Iterable[float], took: Histogram, taken: float) -> None:
    for seconds in waits:
        waited.observe(seconds)
    took.observe(taken)


class _Platforms(Collector):
    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> list[Metric]:
        up = GaugeMetricFamily("regatta_platform_up", "Whether the bot hears and may speak there", labels=["platform"])
        for name, is_up in self._metrics.platforms().items():
            up.add_metric([name], float(is_up))
        return [up]


class _Rows(Collector):
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def collect(self) -> list[Metric]:
        up = GaugeMetricFamily("regatta_database_up", "Whether the database can be read and is written to")
        try:
            found = self._store.read(self._found)
        except Exception as error:
            if not is_outage(error):
                raise
            up.add_metric([], 0.0)
            return [up]
        up.add_metric([], float(self._store.is_open))
        return [up, *found]

    def _found(self, session: Session) -> list[Metric]:
        now = self._clock.now()
        due = next_due(session)
        late = GaugeMetricFamily(
            "regatta_due_oldest_seconds", "How late the first slot or timer is that was not done",
            value=_age(due.due_at if due else None, now),
        )  # fmt: skip
        oldest = session.exec(select(func.min(Post.created_at)).where(Post.state == OutboxState.WAITING)).one()
        waiting = GaugeMetricFamily(
            "regatta_outbox_oldest_seconds", "Age of the oldest waiting message", value=_age(oldest, now)
        )
        stopped = session.exec(select(func.count()).where(col(Endpoint.stopped).is_not(None))).one()
        return [
            _counted(session, Post.state, OutboxState, "regatta_outbox_posts", "Messages by state", "state"),
            waiting,
            _counted(session, Delivery.outcome, Outcome, "regatta_deliveries", "Deliveries by outcome", "outcome"),
            _counted(session, SlotRun.outcome, SlotOutcome, "regatta_slots", "Slots by outcome", "outcome"),
            late,
            _counted(session, Event.state, EventState, "regatta_webhook_events", "Events that wait or died", "state"),
            GaugeMetricFamily("regatta_webhook_stopped", "Endpoints that want no more events", value=stopped),
        ]


def _age(at: datetime | None, now: datetime) -> float:
    return 0.0 if at is None else max(0.0, (now - at).total_seconds())


def _counted(session: Session, column: K, kind: type[K], name: str, what: str, label: str) -> Metric:
    """How many rows there are of each value, also of those of which there are none."""
    rows = dict(session.exec(select(column, func.count()).group_by(col(column))).all())
    family = GaugeMetricFamily(name, what, labels=[label])
    counts = {kind(value): number for value, number in rows.items()}
    for value in kind:
        family.add_metric([value.value], counts.get(value, 0))
    return family
