"""One company on three platforms: a rep in Telegram, everybody else in Slack, HQ finance in the web workspace."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from bot.app import Regatta
from bot.settings import Settings
from tests import databases
from tests.peers.slack import SlackPeer
from tests.peers.slack.model import User as SlackUser
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram.model import Chat
from tests.peers.telegram.model import User as TelegramUser
from tests.stages.serving import served
from tests.stages.slack import settle_company
from tests.stages.telegram import pace_by
from tests.workspace import START, StandingClock, Workspace

REP, FINANCE = "mike-davis", "chen-siyuan"


@dataclass
class Company:
    """Both peers, the workspace, and where the rep is."""

    slack: SlackPeer
    telegram: TelegramPeer
    workspace: Workspace
    colleagues: dict[str, SlackUser]
    rep: TelegramUser
    group: Chat


@asynccontextmanager
async def opened(template: Path, path: Path) -> AsyncIterator[Company]:
    """Serve the company with the workspace beside the peers; the region's channel is a group in Telegram."""
    async with SlackPeer.opened() as slack, TelegramPeer.opened() as telegram:
        colleagues = settle_company(template, path, slack)
        telegram.world.bot.sees_all = True
        rep = telegram.world.add_user("Mike", "Davis")
        telegram.world.private(rep).started = True
        group = telegram.world.add_supergroup("United States", [rep])
        _spread(path, str(telegram.world.bot.user.id), str(rep.id), str(group.id))
        app = slack.world.app
        facts: dict[str, Any] = {
            "_env_file": None, "regatta_workspace": "peers", "regatta_database_url": databases.url_of(path),
            "slack_bot_token": app.bot_token, "slack_signing_secret": app.signing_secret,
            "slack_api_url": slack.api_url, "telegram_bot_token": telegram.world.bot.token,
            "telegram_api_url": telegram.api_url,
        }  # fmt: skip
        regatta = Regatta(Settings(**facts), StandingClock(START))
        pace_by(regatta, telegram)
        async with served(regatta) as url, httpx.AsyncClient(base_url=url) as client:
            slack.request_url = f"{url}/slack/events"
            yield Company(slack, telegram, Workspace(regatta, client), colleagues, rep, group)
            await slack.deliveries.close()


def _spread(path: Path, bot: str, rep: str, group: str) -> None:
    """Let the rep and the region's channel be in Telegram, and HQ finance nowhere yet."""
    facts = {"bot": bot, "rep": rep, "group": group, "who": REP, "finance": FINANCE, "their": f"dm-{FINANCE}"}
    here = "UPDATE channel SET platform = 'telegram', workspace = :bot, external_id = "
    with databases.opened(path) as rows:
        for statement in (
            f"{here} :rep WHERE id = 'dm-{REP}'",
            f"{here} :group WHERE id = 'us'",
            "DELETE FROM identity WHERE person_id IN (:who, :finance)",
            "INSERT INTO identity (platform, workspace, user_id, person_id) VALUES ('telegram', :bot, :rep, :who)",
            "DELETE FROM outbox WHERE channel_id = :their",
            "DELETE FROM workspace_change",
            "DELETE FROM workspace_message",
            "DELETE FROM channel WHERE id = :their",
        ):
            rows.execute(text(statement), facts)
