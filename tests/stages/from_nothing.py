"""An installation in Slack that belongs to nobody yet: type, press and fill in as its first administrator would."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from bot.app import Regatta
from bot.founding import claim_code
from bot.settings import Settings
from models.outbox import OutboxState, Post
from tests.databases import url_of
from tests.peers.slack import SlackPeer
from tests.peers.slack.model import Channel, User
from tests.peers.slack.reading import Seen
from tests.stages.serving import served
from tests.stages.slack import pace_by
from tests.workspace import START, StandingClock

A_WHILE = 20.0


class NewSlack:
    """A workspace of Slack, and Regatta with an empty database."""

    def __init__(self, regatta: Regatta, peer: SlackPeer, clock: StandingClock) -> None:
        self.regatta, self.peer, self.clock = regatta, peer, clock

    @classmethod
    @asynccontextmanager
    async def opened(cls, path: Path, at: datetime = START) -> "AsyncIterator[NewSlack]":
        """Open it; nobody is known."""
        async with SlackPeer.opened() as peer:
            app = peer.world.app
            facts: dict[str, Any] = {
                "_env_file": None, "regatta_database_url": url_of(path), "slack_bot_token": app.bot_token,
                "slack_api_url": peer.api_url, "slack_signing_secret": app.signing_secret,
            }  # fmt: skip
            clock = StandingClock(at)
            regatta = Regatta(Settings(**facts), clock)
            pace_by(regatta, peer)
            async with served(regatta) as url:
                peer.request_url = f"{url}/slack/events"
                yield cls(regatta, peer, clock)
                await peer.deliveries.close()

    def claim_code(self) -> str:
        """What `regatta setup code` prints."""
        return claim_code(self.regatta.store, self.clock.now())

    async def say(self, user: User, text: str, channel: Channel | None = None) -> list[Seen]:
        """Type a line, in the direct chat when no channel is given; what is new to see there."""
        self.peer.clock.advance(A_WHILE)
        place = channel or self.peer.direct(user)
        before = {(one.ts, one.text) for one in self.peer.seen_by(user, place)}
        if text.startswith("/"):
            await self.peer.slash(user, place, text)
        else:
            await self.peer.say(user, place, text)
        await self.settled()
        seen = self.peer.seen_by(user, place)
        return [one for one in seen if (one.ts, one.text) not in before and one.user != user.id]

    async def press(self, user: User, message: Seen, label: str, **form: object) -> list[Seen]:
        """Press a button by its label; with values, fill in the form that opens."""
        self.peer.clock.advance(A_WHILE)
        place = self.peer.channel(message.channel)
        before = {(one.ts, one.text) for one in self.peer.seen_by(user, place)}
        button = next(each for each in message.buttons if each.label == label)
        await self.peer.press(user, message, button.action_id)
        if form:
            await self.peer.world.eventually(lambda: self.peer.modals(user))
            await self.peer.submit(user, self.peer.modals(user)[-1], form)
        await self.settled()
        return [one for one in self.peer.seen_by(user, place) if (one.ts, one.text) not in before]

    async def settled(self) -> None:
        """Wait until everything was sent."""
        await self.peer.world.eventually(lambda: self.regatta.store.read(_waiting) is None)

    def rows(self, work: Any) -> Any:
        """Look at the rows."""
        return self.regatta.store.read(work)


def _waiting(session: Session) -> int | None:
    return session.exec(select(Post.id).where(col(Post.state) == OutboxState.WAITING)).first()
