"""`./dev peers`: both stand-ins as one program."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import telegram
from slack_sdk.web.async_client import AsyncWebClient
from telegram.request import HTTPXRequest

ROOT = Path(__file__).parents[3]


@asynccontextmanager
async def program(*words: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run it and see that it ends."""
    pipe = asyncio.subprocess.PIPE
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.peers", *words, cwd=ROOT, stdout=pipe, stderr=pipe
    )
    try:
        async with asyncio.timeout(10):
            yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


async def test_both_are_served_with_what_the_bot_must_be_told_and_end_quietly() -> None:
    async with program("--port", "0") as running:
        assert running.stdout is not None
        assert running.stderr is not None
        lines = [(await running.stdout.readline()).decode().strip() for _ in range(9)]
        told = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        async with aiohttp.ClientSession() as session:
            slack = AsyncWebClient(told["SLACK_BOT_TOKEN"], base_url=told["SLACK_API_URL"], session=session)
            team = await slack.auth_test()
        base = told["TELEGRAM_API_URL"]
        request = HTTPXRequest(httpx_kwargs={"verify": False, "trust_env": False})
        async with telegram.Bot(told["TELEGRAM_BOT_TOKEN"], base_url=f"{base}/bot", request=request) as bot:
            name = bot.username

        running.send_signal(signal.SIGINT)

        assert (await running.wait(), (await running.stderr.read()).decode()) == (0, "")
    assert team["team"] == "Regatta"
    assert name == "regatta_bot"
    assert "SLACK_SIGNING_SECRET" in told
    assert told["REGATTA_PUBLIC_URL"] == "http://127.0.0.1:8300", "else the doctor says that Slack cannot reach the bot"
    assert [line.split(":")[0] for line in lines if line.startswith("#")] == ["# Slack", "# Telegram"]


async def test_a_bot_elsewhere_is_called_there_and_told_its_port() -> None:
    async with program("slack", "--port", "0", "--bot", "http://127.0.0.1:8400/") as running:
        assert running.stdout is not None
        lines = [(await running.stdout.readline()).decode().strip() for _ in range(6)]
    assert "the bot is called at http://127.0.0.1:8400/slack/events" in lines[0]
    assert lines[1:3] == ["REGATTA_PUBLIC_URL=http://127.0.0.1:8400", "REGATTA_PORT=8400"]


async def test_an_address_that_is_none_is_said() -> None:
    async with program("slack", "--bot", "8400") as running:
        assert running.stderr is not None
        said = (await running.stderr.read()).decode()
        assert await running.wait() == 2
    assert "give the bot's address, such as http://127.0.0.1:8400, not 8400" in said


async def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    async with program("telegram", "--port", "0") as first:
        assert first.stdout is not None
        port = (await first.stdout.readline()).decode().split("127.0.0.1:")[1].split("/")[0]
        async with program("telegram", "--port", port) as second:
            assert second.stderr is not None
            said = (await second.stderr.read()).decode()

            assert (await second.wait(), len(said.splitlines())) == (1, 1)
    assert port in said
