"""A real Chromium before a real server, each started once; an error in a page's console fails its test."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Literal

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from tests.server import Server

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
SERVER_GONE = "net::ERR_"  # what a console says while nobody answers
Scheme = Literal["light", "dark"]
OpenPage = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path; without one the browser tests are skipped, and in CI they fail."""
    names = (os.environ.get("REGATTA_CHROMIUM", ""), *NAMES)
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is not None:
        return found
    why = "There is no Chromium: browser tests are skipped. Install the package chromium to run them."
    if os.environ.get("CI") == "true":
        pytest.fail("There is no Chromium, and in CI the browser tests must run.")
    pytest.skip(why)


@pytest.fixture(scope="session")
def server(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:  # noqa: ARG001  first look for it
    """The demo on Wednesday 25 November 2026, 10:30 in Shanghai."""
    path = tmp_path_factory.mktemp("page") / "demo.db"
    running = Server(path, REGATTA_DEMO_START="2026-11-25T02:30+00:00").start()
    yield running
    running.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str, server: Server) -> AsyncIterator[BrowserContext]:
    """One browser for all tests: who one is stands in the address, and what a page remembers belongs to its tab."""
    expect.set_options(timeout=10_000)
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        context = await running.new_context(base_url=server.url)
        context.set_default_timeout(10_000)
        yield context
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: BrowserContext) -> AsyncIterator[OpenPage]:
    """Open a channel, or the direct chat, as somebody: `await open_page("mike-davis", "us", width=390)`."""
    pages: list[Page] = []
    faults: list[str] = []

    async def opened(person: str, channel: str | None = None, *, width: int = 1280, scheme: Scheme = "light") -> Page:
        page = await browser.new_page()
        pages.append(page)
        page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.set_viewport_size({"width": width, "height": 844})
        await page.emulate_media(color_scheme=scheme)
        await page.goto(f"/as/{person}/c/{channel or f'dm-{person}'}", wait_until="domcontentloaded")
        await expect(page.locator("#state.live")).to_be_attached()
        return page

    yield opened
    for page in pages:
        await page.close()
    assert [fault for fault in faults if SERVER_GONE not in fault] == []
