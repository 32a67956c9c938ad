"""The guard before the workspace: this machine's own pages only, JSON only, small bodies only."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.platforms.base import Dropped

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
BODY_LIMIT = 512 * 1024
FILE_BODY_LIMIT = 28_000_000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class RefusedError(Exception):
    """A request that cannot be taken: its status, a stable word for programs and a sentence for people."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status, self.error, self.message = status, error, message


class Guard:
    """Checks Host and Origin of every request, and adds the headers that keep a page to itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if _name_in(host) not in LOCAL_NAMES:
            answer = refusal(RefusedError(400, "foreign_host", "The workspace answers this machine only."))
            await answer(scope, receive, send)
            return
        if origin is not None and origin != f"{scope['scheme']}://{host}":
            answer = refusal(RefusedError(403, "foreign_origin", "The workspace takes nothing from other pages."))
            await answer(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def refusal(error: RefusedError) -> JSONResponse:
    """Draw a refusal as the contract has it."""
    return JSONResponse({"error": error.error, "message": error.message}, error.status, headers=HEADERS)


async def json_body(request: Request, limit: int = BODY_LIMIT) -> Mapping[str, Any]:
    """Read a JSON object of at most `limit` bytes; raise RefusedError for anything else."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RefusedError(415, "not_json", "Send application/json.")
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > limit:
            raise RefusedError(413, "too_large", f"A body may have {limit} bytes.")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, "malformed", "The body is not JSON.") from error
    if not isinstance(body, dict):
        raise RefusedError(400, "malformed", "The body is not a JSON object.")
    return body


def text_of(body: Mapping[str, Any], name: str) -> str:
    """A text that must be there."""
    value = body.get(name)
    if not isinstance(value, str) or not _is_whole(value):
        raise RefusedError(400, "malformed", f"“{name}” must be text.")
    return value


def spoken_text(body: Mapping[str, Any], name: str) -> str:
    """What somebody typed, with a visible mark for half a character, which no database keeps."""
    value = body.get(name)
    if not isinstance(value, str):
        raise RefusedError(400, "malformed", f"“{name}” must be text.")
    return value.encode("utf-8", "replace").decode()


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _name_in(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def optional_text(body: Mapping[str, Any], name: str) -> str | None:
    """A text, or nothing."""
    return None if body.get(name) is None else text_of(body, name)


def optional_file(body: Mapping[str, Any]) -> Dropped | None:
    """A file as its name and its bytes in base64, or nothing."""
    file = body.get("file")
    if file is None:
        return None
    if not isinstance(file, dict):
        raise RefusedError(400, "malformed", "“file” must be an object of name and content.")
    try:
        content = base64.b64decode(text_of(file, "content"), validate=True)
    except ValueError as error:
        raise RefusedError(400, "malformed", "“content” must be base64.") from error
    return Dropped(text_of(file, "name")[:200], content)
