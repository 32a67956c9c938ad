"""The Bot API's counter: who calls, how often, what with, and what goes wrong on the way."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from tests.peers.faults import guarded
from tests.peers.telegram.faults import Faults
from tests.peers.telegram.limits import COUNTED, Limits
from tests.peers.telegram.model import Json
from tests.peers.telegram.world import World


class ApiError(Exception):
    """`ok: false` with Telegram's own words; 400 gets its prefix here, other descriptions come whole."""

    def __init__(self, code: int, description: str, **parameters: object) -> None:
        super().__init__(description)
        words = f"Bad Request: {description}" if code == 400 else description
        self.code = code
        self.answer: Json = {"ok": False, "error_code": code, "description": words}
        if parameters:
            self.answer["parameters"] = parameters


@dataclass(frozen=True)
class Call:
    """One call: what it said, the files it carried, and the world it is about."""

    world: World
    method: str
    given: Json
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A text argument; empty when it is missing."""
        value = self.given.get(name)
        return "" if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """A whole number; what is none counts as not given."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """A yes or no, as a form or JSON says it."""
        return self.text(name).lower() in ("true", "yes", "1")

    def parsed(self, name: str) -> object:
        """An argument that comes as JSON or as a string of JSON; None when it is missing, 400 when it is no JSON."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise ApiError(400, f"can't parse {name.replace('_', ' ')} JSON object") from None


Method = Callable[[Call], Awaitable[object]]


@dataclass(frozen=True)
class Done:
    """A result that comes with words of its own, as those of setWebhook do."""

    result: object
    description: str


class Api:
    """Answers /botTOKEN/METHOD. For tests that count, `calls` is everything that was asked, files by their names, and
    `codes` how each was answered: 200, or Telegram's error_code."""

    def __init__(self, world: World, faults: Faults, methods: dict[str, Method]) -> None:
        self.world = world
        self.faults = faults
        self.limits = Limits(world.clock)
        self.calls: list[tuple[str, Json]] = []
        self.codes: list[tuple[str, int]] = []
        self._methods = {name.lower(): (name, method) for name, method in methods.items()}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        name, _ = self._methods.get(request.match_info["method"].lower(), (request.match_info["method"], None))
        return await guarded(self.faults, self, name, request, self._handle)

    def failed(self, status: int) -> web.Response:
        """An error of Telegram's own: 5xx come from the server in front, as a page."""
        if status >= 500:
            page = f"<html><head><title>{status}</title></head><body><center>nginx</center></body></html>"
            return web.Response(status=status, text=page, content_type="text/html")
        return _response(ApiError(status, "something went wrong").answer)

    def too_many(self, seconds: float) -> web.Response:
        """HTTP 429 with whole seconds in parameters.retry_after."""
        return _response(_too_many(seconds).answer)

    async def _handle(self, request: web.Request) -> web.Response:
        call = await self._read(request)
        try:
            self.check_token(request.match_info["token"])
            result = await self._run(call)
        except ApiError as refused:
            return _response(refused.answer)
        if isinstance(result, Done):
            return _response({"ok": True, "result": result.result, "description": result.description})
        return _response({"ok": True, "result": result})

    async def run(self, given: Json) -> None:
        """Do what an answer to a webhook asks for; nobody hears how it went."""
        call = Call(
            self.world, str(given["method"]), {name: value for name, value in given.items() if name != "method"}
        )
        try:
            await self._run(call)
        except ApiError:
            return

    def check_token(self, token: str) -> None:
        """Raise 401 for a token that is none of ours, 404 for what is no token at all."""
        number, _, secret = token.partition(":")
        if not number.isdigit() or len(secret) < 24:
            raise ApiError(404, "Not Found")
        if token != self.world.bot.token or self.world.bot.is_revoked:
            raise ApiError(401, "Unauthorized")

    async def _run(self, call: Call) -> object:
        name, method = self._methods.get(call.method.lower(), (call.method, None))
        self.calls.append((name, call.given | {part: file_name for part, (file_name, _) in call.files.items()}))
        self.world.touch()
        try:
            result = await self._result(call, method)
        except ApiError as refused:
            self.codes.append((name, refused.code))
            raise
        self.codes.append((name, 200))
        return result

    async def _result(self, call: Call, method: Method | None) -> object:
        if method is None:
            raise ApiError(404, "Not Found: method not found")
        wait = self._wait(call)
        if wait is not None:
            raise _too_many(wait)
        return await method(call)

    def _wait(self, call: Call) -> float | None:
        method, chat = call.method.lower(), call.text("chat_id")
        until = self.faults.limited_chats.get(call.number("chat_id"), 0)
        if method in COUNTED and until > self.world.clock.now():
            return until - self.world.clock.now()
        media = call.parsed("media") if method == "sendmediagroup" else None
        return self.limits.wait(method, chat, len(media) if isinstance(media, list) else 1)

    async def _read(self, request: web.Request) -> Call:
        """The arguments of the query, and of the body as JSON, as a form or as multipart."""
        given: Json = dict(request.query)
        files: dict[str, tuple[str, bytes]] = {}
        if request.content_type == "application/json":
            try:
                body = json.loads(await request.text() or "{}")
            except ValueError:
                body = {}
            given |= body if isinstance(body, dict) else {}
        else:
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    files[name] = (value.filename, value.file.read())
                else:
                    given[name] = value if isinstance(value, str) else value.decode()
        return Call(self.world, request.match_info["method"], given, files)


def _too_many(seconds: float) -> ApiError:
    whole = max(1, int(-(-seconds // 1)))
    return ApiError(429, f"Too Many Requests: retry after {whole}", retry_after=whole)


def _response(answer: Json) -> web.Response:
    wait = answer.get("parameters", {}).get("retry_after")
    headers = {"Retry-After": str(wait)} if wait else {}
    return web.json_response(answer, status=answer.get("error_code", 200), headers=headers)
