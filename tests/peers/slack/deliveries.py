"""How Slack brings things to an app: signed HTTP posts or Socket Mode, answers within 3 s, and retries of events."""

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode

import aiohttp

from tests.peers.slack.events import envelope, is_granted
from tests.peers.slack.faults import Faults
from tests.peers.slack.model import Json
from tests.peers.slack.world import World
from tests.peers.tasks import Tasks

ANSWER_WITHIN = 3.0
"""Seconds within which an app must answer anything."""

RETRIES = (0.0, 60.0, 300.0)
"""Seconds: 'nearly immediately, after 1 minute, after 5 minutes' from the failure before."""


@dataclass
class Answer:
    """What came back: `error` is why it does not count as an answer, in Slack's terms; names of headers are small."""

    status: int = 0
    text: str = ""
    error: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the app answered in time with 2xx."""
        return self.error is None

    @property
    def body(self) -> Json:
        """The answer as JSON; empty when it is none."""
        try:
            found = json.loads(self.text)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass
class Attempt:
    """One delivery that was tried, for tests that look at the traffic."""

    kind: str
    body: Json
    retry_num: int
    retry_reason: str
    answer: Answer | None = None


class Carrier(Protocol):
    """A way to the app."""

    async def carry(self, attempt: Attempt) -> Answer:
        """Bring one delivery and wait for its answer."""
        ...


class Http:
    """Posts to the request URL: JSON for events, forms for commands and interactivity."""

    def __init__(self, world: World, session: aiohttp.ClientSession, url: str) -> None:
        self._world = world
        self._session = session
        self._url = url

    async def carry(self, attempt: Attempt) -> Answer:
        """Bring one delivery, signed at the machine's time."""
        if attempt.kind == "events_api":
            body, kind = json.dumps(attempt.body, ensure_ascii=False), "application/json"
        else:
            form = attempt.body if attempt.kind == "slash_commands" else {"payload": json.dumps(attempt.body)}
            body, kind = urlencode(form), "application/x-www-form-urlencoded"
        raw = body.encode("utf-8", "surrogatepass")
        headers = signed(raw, self._world.app.signing_secret, int(self._world.clock.real())) | {"Content-Type": kind}
        if attempt.retry_num:
            headers |= {"X-Slack-Retry-Num": str(attempt.retry_num), "X-Slack-Retry-Reason": attempt.retry_reason}
        return await self.send(raw, headers)

    async def send(self, raw: bytes, headers: dict[str, str]) -> Answer:
        """Post bytes as they are and read the answer."""
        try:
            async with self._session.post(self._url, data=raw, headers=headers, max_redirects=2) as answer:
                text = await answer.text()
                error = None if 200 <= answer.status < 300 else "http_error"
                return Answer(
                    answer.status, text, error, {name.lower(): value for name, value in answer.headers.items()}
                )
        except aiohttp.TooManyRedirects:
            return Answer(error="too_many_redirects")
        except aiohttp.ClientError:
            return Answer(error="connection_failed")


def signed(raw: bytes, secret: str, at: int) -> dict[str, str]:
    """The headers that prove who sent a body: v0, HMAC-SHA256 over `v0:{timestamp}:{raw body}`."""
    mark = hmac.new(secret.encode(), f"v0:{at}:".encode() + raw, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={mark}", "Accept": "*/*",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }  # fmt: skip


class Deliveries:
    """Everything that goes to the app. `attempts` is the traffic; `answer_within` and `retries` a test may shorten."""

    def __init__(self, world: World, faults: Faults) -> None:
        self.world = world
        self.faults = faults
        self.base = ""
        self.carrier: Carrier | None = None
        self.attempts: list[Attempt] = []
        self.answer_within = ANSWER_WITHIN
        self.retries: tuple[float, ...] = RETRIES
        self._tasks = Tasks()
        self._held: list[Json] = []

    def tell(self, event: Json) -> asyncio.Future[Answer | None]:
        """Deliver an event in the background; the future is done after the first attempt, None when none was due."""
        first: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        if not is_granted(self.world, event):
            first.set_result(None)
            return first
        body = envelope(self.world, event, self.base)
        if self.faults.held:
            first.set_result(None)
            self._held.append(body)
            if len(self._held) == self.faults.held:
                held, self._held, self.faults.held = self._held[::-1], [], 0
                self._tasks.start(self._one_by_one(held))
            return first
        self._tasks.start(self._deliver(body, first))
        if self.faults.takes("doubled"):
            self._tasks.start(self._deliver(body, asyncio.get_running_loop().create_future()))
        return first

    async def ask(self, kind: str, body: Json) -> Answer:
        """Bring a command or an interaction: once, never again."""
        return await self._attempt(Attempt(kind, body, 0, ""))

    async def repeat(self, attempt: Attempt) -> Answer:
        """Bring what was brought before once more, with the same event_id and a new signature."""
        return await self._attempt(Attempt(attempt.kind, attempt.body, attempt.retry_num + 1, "http_timeout"))

    async def settle(self) -> None:
        """Wait until no delivery is on its way or due (retries too: see `clock.advance`)."""
        await self._tasks.settle()

    async def close(self) -> None:
        """Stop whatever is on its way."""
        await self._tasks.close()

    async def _one_by_one(self, bodies: list[Json]) -> None:
        for body in bodies:
            await self._deliver(body, asyncio.get_running_loop().create_future())

    async def _deliver(self, body: Json, first: asyncio.Future[Answer | None]) -> None:
        reason = ""
        for number, pause in enumerate((0.0, *self.retries)):
            if number and pause:
                await self.world.clock.sleep(pause)
            answer = await self._attempt(Attempt("events_api", body, number, reason))
            if not first.done():
                first.set_result(answer)
            if answer.ok or answer.headers.get("x-slack-no-retry") == "1":
                return
            reason = answer.error or "unknown_error"

    async def _attempt(self, attempt: Attempt) -> Answer:
        self.attempts.append(attempt)
        if self.faults.late:
            await asyncio.sleep(self.faults.late.pop(0))
        if self.faults.takes("dropped"):
            answer = Answer(error="http_timeout")
        elif self.carrier is None:
            answer = Answer(error="connection_failed")
        else:
            try:
                async with asyncio.timeout(self.answer_within):
                    answer = await self.carrier.carry(attempt)
            except TimeoutError:
                answer = Answer(error="http_timeout")
        attempt.answer = answer
        self.world.touch()
        return answer
