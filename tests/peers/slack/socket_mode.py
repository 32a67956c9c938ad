"""Socket Mode: what goes over the WebSocket that apps.connections.open gives an app."""

import asyncio
import json
import uuid
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.peers.slack.api import Call
from tests.peers.slack.deliveries import Answer, Attempt
from tests.peers.slack.faults import Faults
from tests.peers.slack.model import Json
from tests.peers.slack.world import World

MOST_CONNECTIONS = 10
"""'Your app can have up to 10 open WebSocket connections'; each payload goes to one of them."""

ANSWERED_TYPES = frozenset({"view_submission", "block_suggestion"})
"""Interactions whose acknowledgement may carry an answer; so may slash commands."""


@dataclass(eq=False)
class Connection:
    """One open WebSocket, and how many envelopes went over it."""

    socket: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[Answer]] = field(default_factory=dict)
    retiring: bool = False
    deaf: bool = False
    carried: int = 0


class SocketMode:
    """The server's side of Socket Mode; a carrier of deliveries like the request URL."""

    def __init__(self, world: World, faults: Faults) -> None:
        self.world = world
        self.faults = faults
        self.connections: list[Connection] = []
        self.opened = 0
        self.sent: list[Json] = []
        self.base = ""
        self._tickets: set[str] = set()
        self._turn = 0

    async def open(self, call: Call) -> Json:
        """apps.connections.open: an address for one connection."""
        ticket = call.world.secret(call.world.make_id("t"))
        self._tickets.add(ticket)
        address = self.base.replace("http://", "ws://")
        return {"url": f"{address}link/?ticket={ticket}&app_id={call.world.app.id}"}

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection: hello, then envelopes there and acknowledgements back."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=10)
        await socket.prepare(request)
        if len(self.connections) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets", "debug_info": _debug()})
            await socket.close()
            return socket
        connection = Connection(socket)
        self.connections.append(connection)
        self.opened += 1
        await socket.send_json(
            {
                "type": "hello", "num_connections": len(self.connections), "debug_info": _debug(),
                "connection_info": {"app_id": self.world.app.id},
            },
        )  # fmt: skip
        self.world.touch()
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._acknowledged(connection, frame.data)
        finally:
            self._forget(connection)
        return socket

    def _acknowledged(self, connection: Connection, text: str) -> None:
        try:
            said = json.loads(text)
        except ValueError:
            return
        waiting = connection.waiting.pop(str(said.get("envelope_id")), None)
        if waiting and not waiting.done():
            payload = said.get("payload")
            waiting.set_result(Answer(200, json.dumps(payload) if payload else ""))

    def _forget(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        for waiting in connection.waiting.values():
            if not waiting.done():
                waiting.set_result(Answer(error="connection_closed"))
        self.world.touch()

    async def carry(self, attempt: Attempt) -> Answer:
        """Send one envelope to one connection and wait for its acknowledgement; a retry has a new envelope_id."""
        usable = [each for each in self.connections if not each.retiring and not each.socket.closed]
        if not usable:
            return Answer(error="connection_failed")
        self._turn += 1
        connection = usable[self._turn % len(usable)]
        connection.carried += 1
        ident = str(uuid.UUID(hex=self.world.secret(self.world.make_id("n"))))
        kind = str(attempt.body.get("type"))
        may_answer = attempt.kind == "slash_commands" or kind in ANSWERED_TYPES
        said: Json = {
            "envelope_id": ident, "payload": attempt.body, "type": attempt.kind,
            "accepts_response_payload": may_answer,
        }  # fmt: skip
        if attempt.kind == "events_api":
            reason = "timeout" if attempt.retry_reason == "http_timeout" else attempt.retry_reason
            said |= {"retry_attempt": attempt.retry_num, "retry_reason": reason}
        waiting: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        connection.waiting[ident] = waiting
        self.sent.append(said)
        if not (self.faults.deaf or connection.deaf):  # it looks well, pings are answered, and nothing arrives
            await connection.socket.send_str(json.dumps(said, ensure_ascii=False))
        try:
            answer = await waiting
        finally:
            connection.waiting.pop(ident, None)
        return answer if may_answer else Answer(answer.status, "", answer.error)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to come anew: `warning` (about ten seconds before) or `refresh_requested` (now)."""
        for connection in list(self.connections):
            await connection.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": _debug()})
            connection.retiring = reason != "warning"

    def deafen(self) -> None:
        """Let the connections that are open bring nothing any more; one that is opened anew hears."""
        for connection in self.connections:
            connection.deaf = True

    async def drop(self) -> None:
        """Close every connection without a word."""
        for connection in list(self.connections):
            await connection.socket.close()


def _debug() -> Json:
    return {"host": "applink-peer", "build_number": 1, "approximate_connection_time": 18060}
