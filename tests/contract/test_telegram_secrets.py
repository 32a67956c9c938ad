"""The token is in every address that Telegram is called at: no log line and no traceback shows it, whatever fails."""

import asyncio
import logging
import traceback
from collections.abc import Collection
from pathlib import Path

import pytest

from bot.app import Regatta
from tests.contract.test_start import regatta
from tests.peers.telegram import TelegramPeer
from tests.stages.logs import logged
from tests.stages.serving import served
from tests.stages.telegram import SECRET, pace_by, settings_of, settle
from tests.workspace import START, StandingClock

MIKE = "mike-davis"
FAULTS = ("fail_api", "cut_answer", "halve_answer", "limit_api")


async def troubled(template: Path, path: Path, secrets: Collection[str] | None, *, polling: bool) -> tuple[str, str]:
    """Everything that is logged while whatever can goes wrong; and the token."""
    async with TelegramPeer.opened() as peer:
        user = settle(template, path, peer)[MIKE]
        settings = settings_of(path, peer, polling=polling, regatta_public_url="https://bot.example:9999")
        with logged(settings.secrets() if secrets is None else secrets, logging.DEBUG) as log:
            installation = Regatta(settings, StandingClock(START))
            pace_by(installation, peer)
            async with served(installation):
                bot = installation.delivery._platforms["telegram"].bot  # type: ignore[attr-defined]
                for fault in FAULTS:
                    getattr(peer.faults, fault)(times=3)
                    await peer.say(user, peer.direct(user), "my")
                    installation.delivery.wake()
                    await asyncio.sleep(0.2)
                peer.revoke_token()
                installation.delivery.wake()
                await asyncio.sleep(0.2)
                try:
                    await bot.send_message(user.id, "late")
                except Exception:
                    logging.getLogger("somebody").exception("calling %r failed", bot)
        return log.getvalue(), peer.world.bot.token


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_no_log_line_shows_the_token_or_the_secret(template: Path, tmp_path: Path, way: str) -> None:
    log, token = await troubled(template, tmp_path / "telegram.db", None, polling=way == "polling")

    assert "sendMessage" in log, "the libraries talked"
    assert "Traceback" in log
    assert token.partition(":")[2] not in log
    assert SECRET not in log


async def test_without_the_redactor_the_token_would_be_there(template: Path, tmp_path: Path) -> None:
    log, token = await troubled(template, tmp_path / "telegram.db", (), polling=True)

    assert token in log


async def test_no_error_of_the_library_shows_the_token(template: Path, tmp_path: Path) -> None:
    async with TelegramPeer.opened() as peer:
        settle(template, tmp_path / "telegram.db", peer)
        installation = Regatta(settings_of(tmp_path / "telegram.db", peer), StandingClock(START))
        bot = installation.delivery._platforms["telegram"].bot  # type: ignore[attr-defined]
        shown = []
        for fault in FAULTS:
            getattr(peer.faults, fault)()
            with pytest.raises(Exception) as failed:  # noqa: PT011  whatever it is
                await bot.get_me()
            shown.append("".join(traceback.format_exception(failed.value)))
        await installation.delivery._platforms["telegram"].close()  # type: ignore[attr-defined]
        installation.store.close()

        assert all(peer.world.bot.token.partition(":")[2] not in each for each in shown)


def test_the_command_line_shows_no_token_with_its_traceback(tmp_path: Path) -> None:
    token = "7123456789:AA" + "canary" * 6
    environment = {"TELEGRAM_BOT_TOKEN": token, "TELEGRAM_API_URL": "http://127.0.0.1:9"}

    told = regatta("--debug", "doctor", database=tmp_path / "regatta.db", **environment)

    assert "canary" not in told.stdout + told.stderr
