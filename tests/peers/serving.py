"""Serving a peer on loopback, and calling the app as a platform does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web


@asynccontextmanager
async def served(app: web.Application, port: int) -> AsyncIterator[str]:
    """Serve on a loopback port, a free one for 0; gives the address with a slash at the end."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def calling() -> AsyncIterator[aiohttp.ClientSession]:
    """A session with a connection for each delivery: a kept one would be dead after the app's restart."""
    connector = aiohttp.TCPConnector(force_close=True, limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session
