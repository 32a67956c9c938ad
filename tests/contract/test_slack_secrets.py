"""72: Slack's token and secrets stand in no log line, traceback or row, whatever fails."""

import asyncio
import logging
from pathlib import Path

import pytest
import structlog

from bot.app import Regatta
from tests.stages.logs import logged
from tests.stages.slack import SlackStage
from tests.workspace import START, Record, StandingClock

FAULTS = ("fail_api", "limit_api", "cut_answer")


async def troubled(stage: SlackStage) -> None:
    """Let whatever can go wrong."""
    (card, *_) = await stage.say("mike-davis", "/deal Acme 120k", "us")
    await stage.peer.post_raw(b"forged", {"X-Slack-Signature": "v0=x", "X-Slack-Request-Timestamp": "1"})
    for fault in FAULTS:
        getattr(stage.peer.faults, fault)("chat.postMessage", times=1)
        await _typed(stage, card)
    app, library = stage.peer.world.app, logging.getLogger("slack_sdk")
    library.debug("sent %s", {"Authorization": f"Bearer {app.bot_token}"})  # as libraries do that say too much
    try:
        _refuse(app.signing_secret)
    except ValueError:
        structlog.get_logger().exception("calling failed", secret=app.signing_secret)


def _refuse(secret: str) -> None:
    raise ValueError(f"{secret} was refused")


async def _typed(stage: SlackStage, card: Record) -> None:
    place = stage.peer.channel("us")
    await stage.peer.slash(stage.users["mike-davis"], place, f"/note {card['text'].split()[1]} they want it in May")
    stage.regatta.delivery.wake()
    await asyncio.sleep(0.1)


def _everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


async def test_72_nothing_shows_the_token_or_a_secret_of_slack(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "slack.db"
    async with SlackStage.opened(template, path, more_secrets=("canary-secret",)) as stage:
        app = stage.peer.world.app
        with logged(stage.regatta.settings.secrets(), logging.DEBUG) as log:
            await troubled(stage)
    kept = _everything_in(tmp_path)

    assert "Traceback" in log.getvalue()
    for secret in (app.bot_token, app.signing_secret, "canary-secret"):
        assert secret not in log.getvalue()
        assert secret.encode() not in kept


async def test_a_token_in_the_environment_is_nothing_to_warn_of(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with SlackStage.opened(template, tmp_path / "slack.db") as stage:
        monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-the-environment")
        with logged() as log:
            Regatta(stage.regatta.settings, StandingClock(START))

    assert "ignored" not in log.getvalue()
