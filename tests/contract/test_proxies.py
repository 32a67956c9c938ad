"""A company's proxy is used for what is outside, and never for what is on this machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from bot.platforms.slack.checks import examine_slack
from bot.platforms.slack.client import Client
from bot.platforms.slack.files import Files
from bot.platforms.slack.responding import respond
from bot.platforms.slack.uploads import share
from bot.platforms.telegram.checks import examine_telegram
from bot.proxies import proxy_for
from tests.peers.telegram import TelegramPeer
from tests.stages.slack import SlackStage, slack_settings
from tests.stages.telegram import settings_of

VARIABLES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy")


@dataclass
class Proxy:
    """Stands where a company's proxy would, notes what it is asked for, and answers as Slack would."""

    asked: list[str] = field(default_factory=list)
    url: str = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head.splitlines()[0].rpartition(" ")[0].partition("?")[0])
        body = b'{"ok": true, "upload_url": "http://files.slack.example/up", "file_id": "F1"}'
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n")
        writer.write(f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def opened() -> AsyncIterator[Proxy]:
    proxy = Proxy()
    server = await asyncio.start_server(proxy.answer, "127.0.0.1", 0)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield proxy


@pytest.fixture
async def proxy(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Proxy]:
    """A proxy that the environment names for everything."""
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    async with opened() as there:
        for name in VARIABLES:
            monkeypatch.setenv(name, there.url)
        yield there


@pytest.mark.parametrize("socket_mode", [True, False])
async def test_nothing_on_this_machine_is_asked_for_by_way_of_the_proxy(
    proxy: Proxy, template: Path, tmp_path: Path, *, socket_mode: bool
) -> None:
    async with SlackStage.opened(template, tmp_path / "slack.db", socket_mode=socket_mode) as slack:
        sue = slack.peer.world.add_user("sue")
        slack.peer.channel("us").members.append(sue.id)
        (echo, *_) = await slack.say("mike-davis", "/deal Acme 120k", "us")
        (shown, *_) = slack.peer.seen_by(sue, "us")
        await slack.peer.press(sue, shown, "Undo")  # that she is not known, she is told by a response_url
        (board,) = await slack.say("mike-davis", "/board", "us")
        await slack.drop("ines-keller", "people.csv", b"name\nSue")
        settings = slack_settings(tmp_path / "slack.db", slack.peer, socket_mode=socket_mode)
        found = await asyncio.to_thread(lambda: list(examine_slack(settings)))

    assert "Acme" in echo["text"]
    assert board["image"]
    assert found[0][1]
    assert any(one.is_ephemeral for one in slack.peer.seen_by(sue, "us"))
    assert proxy.asked == []


async def test_the_doctor_asks_a_telegram_of_this_machine_without_the_proxy(proxy: Proxy, tmp_path: Path) -> None:
    async with TelegramPeer.opened() as peer:
        settings = settings_of(tmp_path / "telegram.db", peer)
        found = await asyncio.to_thread(lambda: list(examine_telegram(settings)))

    assert found[0][1]
    assert proxy.asked == []


async def test_slack_itself_is_asked_by_way_of_the_proxy(proxy: Proxy) -> None:
    client = Client("xoxb-1", "http://slack.example/api/")

    await client.auth_test()
    await respond(client, "http://hooks.slack.example/1", text="Hello")
    async with aiohttp.ClientSession() as client.session:
        await share(client, b"a,b", "a.csv", "C1", None, [])
        await Files(client, None)._content("http://files.slack.example/a.csv")  # type: ignore[arg-type]

    api = "http://slack.example/api"
    assert proxy.asked == [
        f"POST {api}/auth.test", "POST http://hooks.slack.example/1", f"POST {api}/files.getUploadURLExternal",
        "POST http://files.slack.example/up", f"POST {api}/files.completeUploadExternal",
        "GET http://files.slack.example/a.csv",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://slack.com/api/", "http://secure:1"),
        ("wss://wss-primary.slack.com/link", "http://secure:1"),
        ("http://bots.example/", "http://plain:1"),
        ("https://api.inside.example/", None),
        ("http://127.0.0.1:8080/api/", None),
        ("ws://localhost:8080/link", None),
        ("http://[::1]:8080/", None),
    ],
)
def test_each_address_has_its_proxy(monkeypatch: pytest.MonkeyPatch, url: str, expected: str | None) -> None:
    for name, value in zip(
        VARIABLES, ("http://plain:1", "http://plain:1", "http://secure:1", "http://secure:1"), strict=True
    ):
        monkeypatch.setenv(name, value)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "other.example,.inside.example")

    assert proxy_for(url) == expected
