"""The doctor on Telegram: a line for each thing that can be wrong, with what to do; asked of the peer over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.platforms.telegram.checks import PORTS
from bot.platforms.telegram.faults import BETWEEN, NO_TOKEN
from bot.platforms.telegram.polling import ANOTHER, ELSEWHERE
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram.deliveries import Webhook

PUBLIC = "https://bot.example"
ADDRESS = f"{PUBLIC}/telegram/webhook"
SECRET = {"TELEGRAM_WEBHOOK_SECRET": "s-1"}


@pytest.fixture
async def peer() -> AsyncIterator[TelegramPeer]:
    """Telegram, with one bot."""
    async with TelegramPeer.opened() as opened:
        yield opened


async def told(peer: TelegramPeer, folder: Path, **more: str) -> tuple[bool, list[str]]:
    """Whether all is well, and what the doctor says of Telegram."""
    environment = {"TELEGRAM_BOT_TOKEN": peer.world.bot.token, "TELEGRAM_API_URL": peer.api_url, **more}
    environment["REGATTA_DATABASE_URL"] = f"sqlite:///{folder / 'regatta.db'}"
    said = await asyncio.to_thread(CliRunner().invoke, app, ["doctor"], env=environment)
    assert said.exception is None or isinstance(said.exception, SystemExit)
    assert peer.world.bot.token not in said.output
    return said.exit_code == 0, [line for line in said.stdout.splitlines() if "telegram" in line[6:15]]


async def test_a_bot_that_polls_is_well(peer: TelegramPeer, tmp_path: Path) -> None:
    is_well, lines = await told(peer, tmp_path)

    assert is_well
    assert "the token works, for @regatta_bot" in lines[0]
    assert "privacy mode is on" in lines[1]
    assert "@BotFather, /setprivacy, Disable" in lines[1]
    assert "no public address is needed" in lines[2]


async def test_a_bot_that_hears_everything_is_said_to(peer: TelegramPeer, tmp_path: Path) -> None:
    peer.world.bot.sees_all = True

    _, lines = await told(peer, tmp_path)

    assert any("hears everything in its groups" in line for line in lines)


async def test_a_token_that_telegram_does_not_know(peer: TelegramPeer, tmp_path: Path) -> None:
    peer.revoke_token()

    assert (await told(peer, tmp_path))[0] is False
    assert "copy it again" in (await told(peer, tmp_path))[1][0]


async def test_nobody_answers(peer: TelegramPeer, tmp_path: Path) -> None:
    is_well, (line,) = await told(peer, tmp_path, TELEGRAM_API_URL="http://127.0.0.1:9")

    assert not is_well
    assert "mainland China" in line


async def test_a_webhook_is_set_while_the_bot_is_to_poll(peer: TelegramPeer, tmp_path: Path) -> None:
    peer.deliveries.set_webhook(Webhook("https://other.example/hook"))

    is_well, lines = await told(peer, tmp_path)

    assert not is_well
    assert "a webhook is set at https://other.example/hook: stop the process there" in lines[-1]


@pytest.mark.parametrize(
    ("public", "at", "is_well", "words"),
    [
        (PUBLIC, ADDRESS, True, f"updates are delivered to {ADDRESS}"),
        (PUBLIC, "", True, "the next start sets it"),
        (PUBLIC, "https://other.example/hook", False, "start this one anew"),
        ("", "", False, "set REGATTA_PUBLIC_URL, or leave TELEGRAM_WEBHOOK_SECRET out"),
        ("", ADDRESS, True, "as somebody told Telegram"),
        ("http://bot.example", "", False, "must begin with https://"),
        ("https://bot.example:8300", "", False, "443, 80, 88 and 8443 only"),
        ("https://bot.example:x", "", False, "is no address"),
    ],
)
async def test_the_webhook_is_compared_with_the_settings(
    peer: TelegramPeer, tmp_path: Path, public: str, at: str, *, is_well: bool, words: str
) -> None:
    peer.deliveries.set_webhook(Webhook(at) if at else None)

    found, lines = await told(peer, tmp_path, REGATTA_PUBLIC_URL=public, **SECRET)

    assert found is is_well
    assert words in lines[-1]


async def test_a_delivery_that_failed_and_what_waits_is_told(peer: TelegramPeer, tmp_path: Path) -> None:
    ann = peer.world.add_user("Ann")
    peer.deliveries.set_webhook(Webhook("http://127.0.0.1:9/telegram/webhook"))
    await peer.start(ann)

    is_well, lines = await told(peer, tmp_path, REGATTA_PUBLIC_URL="http://127.0.0.1:9", **SECRET)

    assert not is_well
    assert "Connection refused. Updates that wait: 1. See that" in lines[-1]


def test_the_guide_names_every_setting_and_what_readiness_says() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "telegram.md").read_text(encoding="utf-8")

    assert all(name in guide for name in ("TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "REGATTA_PUBLIC_URL"))
    assert all(
        words.split(".")[0] in guide
        for words in (ANOTHER, ELSEWHERE, f"waits: {NO_TOKEN.split(';')[0]}", BETWEEN.split(";")[0])
    )
    assert all(str(port) in guide for port in PORTS)
