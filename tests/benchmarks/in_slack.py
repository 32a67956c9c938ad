"""The real bot process with the demo's company in Slack, and the signed requests that Slack would send to it."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psutil
from sqlalchemy import text

from tests.benchmarks.wire import Request
from tests.databases import opened
from tests.peers.slack import SlackPeer
from tests.peers.slack.deliveries import signed
from tests.peers.slack.model import User
from tests.server import Server
from tests.stages.slack import settle_company
from tests.workspace import START, seeded_database

CUSTOMERS = [
    f"{first} {second}"
    for first in ("Globex", "Initech", "Umbrella", "Vandelay", "Wonka", "Stark", "Acme", "Hooli", "Soylent", "Tyrell")
    for second in ("Motors", "Foods", "Optics", "Textiles", "Shipping", "Steel", "Labs", "Energy", "Paper", "Media")
]
STEPS = 40
"""So many amounts of one customer are told apart; then other customers come."""
BRANCHES = ("", " North", " South", " East", " West", " Asia", " Nordic", " Iberia", " Alpine", " Baltic", " Pacific")
KINDS = (
    "",
    " Group",
    " Holding",
    " Trading",
    " Labs",
    " Services",
    " Works",
    " Partners",
    " Retail",
    " Supply",
    " Direct",
)
DAYS = ("next Tuesday", "12 December", "in two weeks", "end of January", "Friday")


@dataclass
class InSlack:
    """A bot in Slack: its process, and the people who may report deals there, each with a channel."""

    peer: SlackPeer
    server: Server
    database: Path
    sellers: list[tuple[User, str]]

    @property
    def process(self) -> psutil.Process:
        assert self.server.process is not None
        return psutil.Process(self.server.process.pid)

    def lines(self, numbers: Iterable[int]) -> Iterator[Request]:
        """A deal a number, signed now; the customers come again, never with nearly the same amount."""
        for number in numbers:
            user, place = self.sellers[number % len(self.sellers)]
            words = f"{customer_of(number)} {amount_of(number)} USD close {DAYS[number % len(DAYS)]} won #expansion"
            yield self.command(user, place, "/deal", words)

    def command(self, user: User, place: str, command: str, words: str) -> Request:
        """A slash command as Slack would post it now."""
        channel = self.peer.channel(place)
        body = urlencode(self.peer.interactions.command(user, channel, command, words)).encode()
        app = self.peer.world.app
        headers = signed(body, app.signing_secret, int(self.peer.world.clock.real()))
        return Request("/slack/events", body, headers | {"Content-Type": "application/x-www-form-urlencoded"})

    def count(self, table: str) -> int:
        """How many rows a table has."""
        with opened(self.database) as rows:
            return int(rows.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def amount_of(number: int) -> int:
    """An amount that differs by more than a twentieth from every other one of the same customer."""
    return round(1_000 * 1.07 ** (number // len(CUSTOMERS) % STEPS))


def customer_of(number: int) -> str:
    """A customer; each comes again with every hundredth number."""
    block = number // len(CUSTOMERS) // STEPS
    return f"{CUSTOMERS[number % len(CUSTOMERS)]}{BRANCHES[block % len(BRANCHES)]}{KINDS[block // len(BRANCHES)]}"


@asynccontextmanager
async def bot_in_slack(folder: Path, module: str = "bot", more: int = 0, **environment: str) -> AsyncIterator[InSlack]:
    """Run `regatta run` against the stand-in for Slack until the block ends, with so many people more."""
    async with SlackPeer.opened() as peer:
        database = folder / "slack.db"
        users = settle_company(seeded_database(folder / "demo.db", START), database, peer)
        people = _more_people(peer, database, more)
        app = peer.world.app
        server = Server(
            database, module=module, SLACK_BOT_TOKEN=app.bot_token, SLACK_API_URL=peer.api_url,
            SLACK_SIGNING_SECRET=app.signing_secret, **environment,
        )  # fmt: skip
        peer.request_url = f"{server.url}/slack/events"
        await asyncio.to_thread(server.start)
        try:
            yield InSlack(peer, server, database, people or _sellers(database, users))
        finally:
            await asyncio.to_thread(server.stop)


def _sellers(database: Path, users: dict[str, User]) -> list[tuple[User, str]]:
    """The reps, each with the channel of their region."""
    asked = "SELECT p.id, c.external_id FROM person p JOIN channel c ON c.region_id = p.region_id AND c.kind = 'region'"
    with opened(database) as rows:
        found = rows.execute(text(f"{asked} WHERE p.rank = 'rep' ORDER BY p.id")).all()
    return [(users[person], place) for person, place in found]


def _more_people(peer: SlackPeer, database: Path, number: int) -> list[tuple[User, str]]:
    """Let more reps of one region come, each with an account and a direct chat."""
    names = [f"bench-{each:04d}" for each in range(number)]
    users = {name: peer.world.add_user(name, real_name=name) for name in names}
    facts = [{"id": name, "account": users[name].id, "team": peer.world.team.id} for name in names]
    if facts:
        with opened(database) as rows:
            for statement in _COME:
                rows.execute(text(statement), facts)
    return [(users[name], peer.direct(users[name]).id) for name in names]


_COME = (
    """INSERT INTO person (id, name, rank, region_id, team_id, active)
    SELECT :id, :id || :account || :team, 'rep', region_id, team_id, true FROM person WHERE id = 'mike-davis'""",
    "INSERT INTO identity (platform, workspace, user_id, person_id) VALUES ('slack', :team, :account, :id)",
    """INSERT INTO channel (id, platform, workspace, external_id, kind, name, person_id)
    VALUES ('dm-' || :id, 'slack', :team, :account, 'direct', :id, :id)""",
)
