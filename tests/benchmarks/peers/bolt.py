"""slack-bolt as its documentation shows it: so many slash commands, one row a command, acknowledged by default."""

import sqlite3
import sys
from typing import Any

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

port, database, listeners, token, secret, api = sys.argv[1:]
rows = sqlite3.connect(database, isolation_level=None)
rows.execute("PRAGMA journal_mode=WAL")
rows.execute("PRAGMA synchronous=NORMAL")
rows.execute("CREATE TABLE deal (key TEXT PRIMARY KEY, person TEXT NOT NULL, line TEXT NOT NULL)")
app = AsyncApp(client=AsyncWebClient(token, base_url=api), signing_secret=secret)


async def other(ack: Any) -> None:
    await ack()


for number in range(int(listeners) - 1):
    app.command(f"/other{number}")(other)


@app.command("/deal")
async def deal(ack: Any, body: dict[str, str]) -> None:
    await ack()
    rows.execute("INSERT INTO deal VALUES (?, ?, ?)", (body["trigger_id"], body["user_id"], body["text"]))


async def events(request: Request) -> Response:
    return await AsyncSlackRequestHandler(app).handle(request)


served = Starlette(routes=[Route("/slack/events", events, methods=["POST"])])
uvicorn.run(served, port=int(port), http="httptools", access_log=False, log_level="warning")
