"""The process: everything wired together once, from settings to routes."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import DBAPIError
from sqlmodel import select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from bot import founding
from bot.allowance import Allowance, for_programs
from bot.clock import Clock, DemoClock, SystemClock, new_id
from bot.database import open_store
from bot.delivery import Delivery
from bot.demo.time import DemoTime
from bot.directory import ANNOUNCED, Directory
from bot.dispatch import Dispatch
from bot.health import health_routes, unavailable
from bot.members import Alone, Members
from bot.metrics import Metrics
from bot.platforms.base import Platform
from bot.platforms.opening import PLATFORMS, House, Open
from bot.platforms.web.api import WorkspaceApi
from bot.platforms.web.guard import Guard, RefusedError, refusal
from bot.platforms.web.live import Live
from bot.platforms.web.lodging import Lodging
from bot.platforms.web.platform import WebPlatform
from bot.registry import jobs, registry
from bot.scheduler import Scheduler
from bot.settings import Settings
from handlers.grammar.warming import warm
from models.context import Context
from models.databases import SILENT_SECONDS, is_postgres, server_address
from models.events import WEBHOOK, listen
from models.outbox import Post
from models.regions import Organisation, regions
from models.retention import plan_to_prune
from models.store import StoreClosedError
from models.unit import Unit
from models.workspace import WorkspaceChange

if TYPE_CHECKING:
    from bot.webhooks.receiver import Receiver
    from bot.webhooks.sender import Sender

log = structlog.get_logger()

STOP_SECONDS = 9.0
"""How long everything may take to end, from the signal; container runtimes kill after ten."""
CONNECTIONS_SECONDS = 1.0
"""How much of it is kept for the connections."""


class Regatta:
    """An installation that is running or can be: its store, and the parts that work on it."""

    def __init__(
        self,
        settings: Settings,
        base: Clock | None = None,
        platforms: Sequence[Open] = PLATFORMS,
        allowance: Allowance | None = None,
    ) -> None:
        settings.check()
        receiver = _receiver(settings)
        self.settings = settings
        self._base = base or SystemClock()
        self.store = open_store(settings, SILENT_SECONDS)
        self.members = _members(settings.database_url)
        self.store.process = self.members.number
        self.store.on_fault = _tell_fault
        try:
            self.clock = founding.begin(settings, self.store, self._base)
        except BaseException:
            self.store.close()
            raise
        self.live = Live()
        self.metrics = Metrics(self.store, self.clock)
        self.directory = Directory(self.store)
        allowed = allowance or (for_programs() if settings.workspace == "demo" else Allowance())
        self.dispatch = Dispatch(self.store, registry(), self.clock, new_id, self.directory, self.metrics, allowed)
        self.lodging = Lodging(self.store, self.directory)
        house = House(settings, self.store, self.directory, self.members, self._button_key)
        opened = [found for found in (open_one(house) for open_one in platforms) if found is not None]
        places = [*self._workspace(), *(one.platform for one in opened)]
        self.delivery = Delivery(
            self.store, {place.name: place for place in places}, self.clock, self.directory, self.members
        )
        self.scheduler = Scheduler(self.store, jobs(), self.clock, self.delivery, new_id)
        self.connections = {one.platform.name: one.connect(self.dispatch, self.delivery) for one in opened}
        self.webhook = self._open_webhook(receiver) if receiver else None
        self.store.write(lambda unit: listen(unit, {WEBHOOK: receiver.kinds} if receiver else {})).result()
        self._listen()
        self._sending: asyncio.Task[None] | None = None
        self._telling: asyncio.Task[None] | None = None
        self._warming: asyncio.Task[None] | None = None
        self._is_started = False
        self._ends_at: float | None = None

    def _listen(self) -> None:
        """Follow what other processes change."""
        self.store.announced = ANNOUNCED
        self.directory.follow(self.members)
        self.members.listen({str(Post.__tablename__)}, self.delivery.wake)
        self.members.listen({str(WorkspaceChange.__tablename__)}, self.live.wake)
        if isinstance(self.clock, DemoClock):
            self.members.listen({str(Organisation.__tablename__)}, self._follow_clock)

    def _follow_clock(self) -> None:
        found = self.store.read(lambda session: session.exec(select(Organisation)).first())
        if found is not None and isinstance(self.clock, DemoClock):
            self.clock.offset = timedelta(seconds=found.clock_offset_seconds)

    def _workspace(self) -> list[Platform]:
        """The web workspace as a place to send to, where it is served."""
        if self.settings.workspace == "off":
            return []
        return [WebPlatform(self.store, self.clock, self.live, self._button_key)]

    def _open_webhook(self, receiver: "Receiver") -> "Sender":
        """Sign with the true time, since the receiver compares it with its own, also where a demo's clock was moved."""
        from bot.webhooks.client import Client  # noqa: PLC0415
        from bot.webhooks.sender import Sender  # noqa: PLC0415

        return Sender(self.store, self.clock, Client(receiver, self._base), self.metrics, self.members)

    def _button_key(self) -> str:
        company = self.directory.now().company
        return company.button_key if company else ""

    def routes(self) -> list[BaseRoute]:
        """Every door of the process."""
        standings = {name: connection.standing for name, connection in self.connections.items()}
        routes = health_routes(
            self.store, self.members, self.scheduler, self.delivery, self.metrics, self.settings, standings
        )
        if isinstance(self.clock, DemoClock):
            from bot.platforms.web.views import WorkspaceViews  # noqa: PLC0415  pages are drawn in the workspace alone

            time = DemoTime(self.clock, self.store, self.scheduler)
            routes += WorkspaceApi(
                self.store, self.dispatch, self.delivery, self.live, self.clock, time, self.lodging
            ).routes()
            routes += WorkspaceViews(self.store, self.live, self.clock, self.directory, self.lodging).routes()
        for connection in self.connections.values():
            routes += connection.routes()
        return routes

    def asgi(self) -> Starlette:
        """The web application; it starts and stops the process's own work with itself."""

        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            if not self._is_started:
                await self.start()
            try:
                yield
            finally:
                await self.stop()

        guards = [Middleware(Guard)] if self.settings.workspace in ("demo", "peers") else []
        app = Starlette(routes=self.routes(), middleware=guards, lifespan=lifespan)
        for outage in (DBAPIError, StoreClosedError):
            app.add_exception_handler(outage, unavailable)
        app.add_exception_handler(RefusedError, lambda _request, error: refusal(error))
        return app

    async def start(self) -> None:
        """Begin to send and to watch the clock."""
        self._is_started = True
        await self.members.start()
        if self.settings.workspace != "off":
            await self.lodging.known()
        self._sending = asyncio.create_task(self.delivery.run())
        self._telling = asyncio.create_task(self.webhook.run()) if self.webhook else None
        for connection in self.connections.values():
            await connection.start()
        await asyncio.wrap_future(self.store.write(self._plan_to_prune))
        self.scheduler.start()
        await self.scheduler.wake()
        locales = sorted({region.locale for region in self.store.read(regions)})
        self._warming = asyncio.create_task(asyncio.to_thread(_warm, locales))

    def _plan_to_prune(self, unit: Unit) -> None:
        plan_to_prune(Context(unit, self.clock.now(), "start", new_id))

    def close(self) -> None:
        """Begin to end: let live pages go and wake no more. From now on STOP_SECONDS count."""
        self._ends_at = self._ends_at or asyncio.get_running_loop().time() + STOP_SECONDS
        self.live.close()
        self.scheduler.stop()

    async def stop(self) -> None:
        """Finish what is under way within STOP_SECONDS of the beginning of the end, close the store."""
        self.close()
        until = self._ends_at or 0.0
        await self.delivery.stop(until - CONNECTIONS_SECONDS)
        try:
            async with asyncio.timeout_at(until):
                stops = (connection.stop() for connection in self.connections.values())
                outcomes = await asyncio.gather(*stops, return_exceptions=True)
        except TimeoutError:
            log.warning("a connection did not end in time")
        else:
            for fault in (outcome for outcome in outcomes if isinstance(outcome, Exception)):
                log.error("a connection did not stop", reason=repr(fault))
        tasks = [task for task in (self._warming, self._sending, self._telling) if task is not None]
        for task in tasks:
            task.cancel()
        try:
            for outcome in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(outcome, Exception):
                    log.error("a task failed", reason=repr(outcome))
            await self.members.stop()
        finally:
            self.store.close(max(until - asyncio.get_running_loop().time(), CONNECTIONS_SECONDS))


def _warm(locales: Iterable[str]) -> None:
    """Load what reading a region's lines needs before the first one comes."""
    for locale in locales:
        warm(locale)


def _receiver(settings: Settings) -> "Receiver | None":
    """Load what speaks HTTP only when there is a webhook."""
    if settings.regatta_webhook_url is None:
        return None
    from bot.webhooks.receiver import receiver_of  # noqa: PLC0415

    return receiver_of(settings)


def _members(url: str) -> Members:
    """The processes on a database: on SQLite this one."""
    if not is_postgres(url):
        return Alone()
    from bot.membership import Membership  # noqa: PLC0415

    return Membership(server_address(url))


def _tell_fault(error: Exception) -> None:
    log.error("what was committed could not be followed; not ready until started anew", exc_info=error)
