"""A receiver of the outgoing webhook on loopback: it checks what comes as docs/webhook.md asks, and fails on demand."""

import asyncio
import hashlib
import hmac
import json
import socket
import ssl
import struct
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

NO_DELAY = struct.pack("ii", 1, 0)
"""SO_LINGER of no seconds: closing sends a reset."""


@dataclass(frozen=True)
class Wrong:
    """What happens to one request: `status` is answered; before or instead of that, what the names say."""

    status: int = HTTPStatus.OK
    headers: tuple[str, ...] = ()
    takes: bool = True
    late: float = 0.0
    reset: bool = False
    truncated: bool = False
    half_open: bool = False
    dripping: bool = False


def status(code: int, *headers: str) -> Wrong:
    """Answer so, and keep nothing."""
    return Wrong(code, headers, takes=False)


LATE = Wrong(late=1.0)
RESET = Wrong(reset=True)
TRUNCATED = Wrong(truncated=True)
DRIPPING = Wrong(dripping=True)
"""One byte of the answer at a time, each soon enough for whoever waits for single bytes."""
HALF_OPEN = Wrong(takes=False, half_open=True)
"""The connection stands, and nobody ever reads what comes."""


@dataclass
class WebhookReceiver:
    """What came, in the order in which it came; `taken` are the bodies whose signature is right, one for each id."""

    secrets: tuple[str, ...]
    now: Callable[[], datetime] | None = None
    port: int = 0
    connections: int = 0
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    taken: dict[str, Any] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    faults: deque[Wrong] = field(default_factory=deque)
    """What goes wrong with the next requests, each with one that came whole."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hooks/regatta"

    @property
    def place(self) -> str:
        """Its host and port."""
        return f"127.0.0.1:{self.port}"

    @property
    def kinds(self) -> list[str]:
        """The kinds of what was taken, in order."""
        return [body["kind"] for body in self.taken.values()]

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, *secrets: str, port: int = 0, tls: ssl.SSLContext | None = None
    ) -> "AsyncIterator[WebhookReceiver]":
        """Listen on a port, a free one for 0."""
        receiver = cls(secrets)
        tasks: set[asyncio.Task[Any]] = set()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            tasks.add(task)
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await receiver._serve(reader, writer)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", port, ssl=tls)
        receiver.port = server.sockets[0].getsockname()[1]
        try:
            yield receiver
        finally:
            server.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.sleep(0)  # let the closed connections go

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.faults and self.faults[0].half_open:
            self.faults.popleft()
            await asyncio.sleep(60)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        body = await reader.readexactly(int(headers["content-length"]))
        wrong = self.faults.popleft() if self.faults else Wrong()
        self.requests.append((head[0], headers, body))
        why = self._why_not(head[0], headers, body)
        if why is not None:
            self.refused.append(why)
        elif wrong.takes:
            self.taken.setdefault(headers["regatta-event-id"], json.loads(body))
        code = HTTPStatus(wrong.status if why is None else HTTPStatus.UNAUTHORIZED)
        answer = "\r\n".join((f"HTTP/1.1 {code.value} {code.phrase}", *wrong.headers, "Content-Length: 0", "", ""))
        await asyncio.sleep(wrong.late)
        if wrong.reset:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_DELAY)
            writer.transport.abort()
            return
        for byte in answer.encode() if wrong.dripping else b"":
            writer.write(bytes((byte,)))
            await asyncio.sleep(0.1)
        if wrong.dripping:
            return
        writer.write(answer.encode()[:7] if wrong.truncated else answer.encode())
        await writer.drain()

    def _why_not(self, line: str, headers: dict[str, str], body: bytes) -> str | None:
        """Why a request is no event of ours."""
        if line.split(maxsplit=1)[0] != "POST" or headers.get("content-type") != "application/json":
            return "no JSON that was posted"
        marks = [mark.partition("=") for mark in headers.get("regatta-signature", "").split(",")]
        seconds = next((value for name, _, value in marks if name == "t"), "")
        signed = seconds.encode() + b"." + body
        known = {hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in self.secrets}
        if not known & {value for name, _, value in marks if name == "v1"}:
            return "wrong signature"
        if self.now is not None and abs(self.now().timestamp() - int(seconds)) > timedelta(minutes=5).total_seconds():
            return "old signature"
        return None if json.loads(body)["id"] == headers.get("regatta-event-id") else "two ids"
