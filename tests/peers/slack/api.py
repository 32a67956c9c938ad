"""The Web API's counter: who calls, may they, how often, and what goes wrong on the way."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from tests.peers.faults import Work, guarded
from tests.peers.slack.faults import Faults
from tests.peers.slack.limits import Limits
from tests.peers.slack.model import Channel, Json
from tests.peers.slack.world import World


class ApiError(Exception):
    """`ok: false` with an error from the method's documentation."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.answer: Json = {"ok": False, "error": error, **more}


@dataclass(frozen=True)
class Call:
    """One call: what it said, and the world it is about."""

    world: World
    method: str
    given: Json
    base: str
    tell: Callable[[Json], object]

    def text(self, name: str) -> str:
        """A text argument; empty when it is missing."""
        value = self.given.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """A yes or no, as a form or JSON says it."""
        return self.text(name).lower() in ("1", "true")

    def parsed(self, name: str) -> object:
        """An argument that may come as JSON or as a string of JSON; None when it is missing or no JSON."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            return None

    def need_scope(self, *scopes: str) -> None:
        """Raise missing_scope unless one of the scopes is granted."""
        granted = self.world.app.scopes
        if not granted.intersection(scopes):
            raise ApiError("missing_scope", needed=",".join(scopes), provided=",".join(sorted(granted)))

    def channel(self, name: str = "channel") -> Channel:
        """The conversation that an argument names; channel_not_found also for private ones that the bot is not in."""
        channel = self.world.channels.get(self.text(name))
        hidden = channel and (channel.is_private or channel.is_im) and self.world.app.user_id not in channel.members
        if channel is None or hidden:
            raise ApiError("channel_not_found")
        return channel


Method = Callable[[Call], Awaitable[Json]]
APP_TOKEN_METHODS = frozenset({"apps.connections.open"})


class Api:
    """Answers /api/METHOD. `calls` is everything that was asked, for tests that count."""

    def __init__(
        self, world: World, faults: Faults, tell: Callable[[Json], object], methods: dict[str, Method]
    ) -> None:
        self.world = world
        self.faults = faults
        self.limits = Limits(world.clock)
        self.calls: list[tuple[str, Json]] = []
        self.base = ""
        self._tell = tell
        self._methods = methods

    async def guarded(self, method: str, request: web.Request, work: Work) -> web.StreamResponse:
        """Do the work, or what a fault of this call says."""
        return await guarded(self.faults, self, method, request, work)

    def failed(self, status: int) -> web.Response:
        """An HTTP error that Slack does not explain."""
        return web.Response(status=status, text="Something went wrong")

    def too_many(self, seconds: float) -> web.Response:
        """HTTP 429: `ratelimited`, with whole seconds in Retry-After."""
        whole = str(max(1, int(-(-seconds // 1))))
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": whole})

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        return await self.guarded(request.match_info["method"], request, self._handle)

    async def _handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        given = await _arguments(request)
        self.calls.append((method, given))
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        return await self._answer(method, given, token or str(given.get("token") or ""))

    async def _answer(self, method: str, given: Json, token: str) -> web.Response:
        try:
            self._check(method, token)
            wait = self._wait(method, given)
            if wait is not None:
                return self.too_many(wait)
            answer = {"ok": True} | await self._methods[method](self.call(method, given))
        except ApiError as refused:
            answer = refused.answer
        scopes = ",".join(sorted(self.world.app.scopes))
        return web.json_response(answer, headers={"X-OAuth-Scopes": scopes, "X-Slack-Req-Id": self.world.make_id("R")})

    def call(self, method: str, given: Json) -> Call:
        """A call that has passed the counter."""
        return Call(self.world, method, given, self.base, self._tell)

    def _check(self, method: str, token: str) -> None:
        if method not in self._methods:
            raise ApiError("unknown_method", req_method=method)
        if method == "api.test":
            return
        if not token:
            raise ApiError("not_authed")
        app = self.world.app
        if token not in (app.bot_token, app.app_token):
            raise ApiError("invalid_auth")
        if app.token_error:
            raise ApiError(app.token_error)
        if (token == app.app_token) != (method in APP_TOKEN_METHODS):
            raise ApiError("not_allowed_token_type")

    def _wait(self, method: str, given: Json) -> float | None:
        channel = str(given.get("channel") or "")
        until = self.faults.limited_channels.get(channel, 0)
        if method == "chat.postMessage" and until > self.world.clock.now():
            return until - self.world.clock.now()
        return self.limits.wait(method, channel)


async def _arguments(request: web.Request) -> Json:
    """The arguments of the query, and of the body as JSON or as a form."""
    found: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            body = {}
        return found | (body if isinstance(body, dict) else {})
    return found | dict(await request.post())
