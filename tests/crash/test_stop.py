"""A process that is told to stop has stopped within ten seconds, whatever hangs, and loses nothing."""

import asyncio
import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import httpx

from bot.app import STOP_SECONDS
from bot.serve import DRAIN_SECONDS
from tests.crash.hasty_server import FACTOR
from tests.peers.slack import SlackPeer
from tests.server import Server
from tests.stages.slack import settle_company

HANGS = 60.0


async def test_a_stop_ends_in_time_although_slack_a_request_and_a_live_page_hang(
    template: Path, tmp_path: Path
) -> None:
    database = tmp_path / "slack.db"
    async with SlackPeer.opened() as peer:
        users, app, us = settle_company(template, database, peer), peer.world.app, peer.channel("us")
        server = Server(
            database, module="tests.crash.hasty_server", REGATTA_WORKSPACE="peers", SLACK_BOT_TOKEN=app.bot_token,
            SLACK_API_URL=peer.api_url, TELEGRAM_API_URL=peer.api_url, SLACK_SIGNING_SECRET=app.signing_secret,
        )  # fmt: skip
        peer.request_url = f"{server.url}/slack/events"
        await asyncio.to_thread(server.start)
        await peer.slash(users["mike-davis"], us, "/deal")
        (form,) = await peer.world.eventually(lambda: peer.modals(users["mike-davis"]))
        peer.faults.slow_api(HANGS, "chat.postMessage")
        await peer.submit(users["mike-davis"], form, {"account": "Acme", "amount": "80k"})
        await peer.world.eventually(lambda: "chat.postMessage" in [name for name, _ in peer.api.calls])
        _, half = await asyncio.open_connection("127.0.0.1", server.port)
        half.write(b"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{")
        await half.drain()
        page = f"{server.url}/workspace/events?as=mike-davis"
        async with httpx.AsyncClient(timeout=HANGS) as client, client.stream("GET", page) as sse:
            assert sse.status_code == httpx.codes.OK
            begun = time.perf_counter()
            code = await asyncio.to_thread(server.stop)
            seconds = time.perf_counter() - begun
        half.close()

    assert code == 0
    assert seconds < STOP_SECONDS / FACTOR + 2  # it has a second of its own in the end, whatever the factor
    with closing(sqlite3.connect(database)) as rows:
        waiting = rows.execute("SELECT body, doubtful FROM outbox WHERE state = 'waiting'").fetchall()
    assert [doubtful for body, doubtful in waiting if "Acme" in json.dumps(json.loads(body))] == [1]


def test_the_requests_leave_time_for_what_is_sent() -> None:
    assert DRAIN_SECONDS + 3 <= STOP_SECONDS < 10
