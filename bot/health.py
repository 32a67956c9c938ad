"""What an operator's tools ask: is it alive, is it ready, and the numbers."""

import hmac
from collections.abc import Callable, Mapping

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.delivery import Delivery
from bot.members import Members
from bot.metrics import Metrics
from bot.scheduler import Scheduler
from bot.settings import Settings
from models.migrate import head, revision
from models.outages import is_outage, reason_of
from models.store import Store

log = structlog.get_logger()

BEAT_SECONDS = 30.0
CONNECTED = "connected"
"""How the words begin where a platform is heard."""
LOOPBACK = frozenset({"127.0.0.1", "::1"})


def health_routes(
    store: Store,
    members: Members,
    scheduler: Scheduler,
    delivery: Delivery,
    metrics: Metrics,
    settings: Settings,
    standings: Mapping[str, Callable[[], str | None]],
) -> list[BaseRoute]:
    """Liveness, readiness and metrics; `standings` say of platforms how they are reached, which holds up no start."""

    def reached() -> dict[str, bool]:
        heard = {name: (standing() or CONNECTED).startswith(CONNECTED) for name, standing in standings.items()}
        return {name: is_heard and name not in delivery.shut_out for name, is_heard in heard.items()}

    metrics.platforms = reached

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_request: Request) -> Response:
        checks: dict[str, bool | str] = {
            "migrated": store.read(revision) == head(),
            "accepting": store.is_open,
            "sending": delivery.is_alive,
            "connected": members.is_connected,
            "scheduler": scheduler.is_beating(BEAT_SECONDS),
        }
        told = {name: words for name, standing in standings.items() if (words := standing())} | dict(delivery.shut_out)
        ready = all(checks.values()) and not delivery.shut_out
        return JSONResponse(checks | told, 200 if ready else 503)

    async def show_metrics(request: Request) -> Response:
        if not _may_see(request, settings):
            return PlainTextResponse("metrics need REGATTA_METRICS_TOKEN as a bearer token\n", 403)
        return Response(metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", show_metrics)]


def unavailable(request: Request, error: Exception) -> Response:
    """Say that the database takes nothing at the moment; any other error of it is a fault of ours."""
    if not is_outage(error):
        raise error
    log.warning("answered 503", path=request.url.path, reason=reason_of(error))
    message = "The database cannot be used at the moment: try again in a while."
    return JSONResponse({"error": "unavailable", "message": message}, 503, {"Retry-After": "10"})


def _may_see(request: Request, settings: Settings) -> bool:
    token = settings.regatta_metrics_token
    if token is None:
        return request.client is not None and request.client.host in LOOPBACK
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(given.encode(), token.get_secret_value().encode())
