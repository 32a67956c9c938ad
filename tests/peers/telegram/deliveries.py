"""How updates come to the bot: posts to its webhook, again and again until it answers 2xx, or it comes and asks."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus

import aiohttp

from tests.peers.tasks import Tasks
from tests.peers.telegram.faults import Faults
from tests.peers.telegram.model import Json
from tests.peers.telegram.updates import LIVES, Update, Updates

ANSWER_WITHIN = 60.0
"""Seconds, on the machine's clock, for the answer to one post (WebhookActor.cpp)."""

LONGEST_PAUSE = 60.0
"""Seconds between tries at most; the pauses are 1, 2, 4, ... (the server adds up to as much again by chance)."""

MOST_RETRY_AFTER = 3600
"""Seconds of Retry-After that Telegram believes."""

ANSWERABLE = ("get", "setwebhook", "deletewebhook", "close", "logout")
"""How a method begins that may not be called in the answer to a webhook."""


@dataclass
class Webhook:
    """Where updates are posted to, and what went wrong there last."""

    url: str
    secret: str = ""
    max_connections: int = 40
    ip_address: str = ""
    last_error_date: int | None = None
    last_error_message: str | None = None


@dataclass
class Attempt:
    """One delivery that was tried: `way` is webhook or polling, `number` counts the failures before it."""

    update: Update
    way: str
    number: int = 0
    status: int = 0
    error: str | None = None
    retry_after: int = 0
    answer: Json = field(default_factory=dict)

    @property
    def body(self) -> Json:
        """The Update object."""
        return self.update.wire

    @property
    def ok(self) -> bool:
        """Whether it counts as delivered."""
        return self.error is None


class Deliveries:
    """Everything that goes to the bot. `attempts` is the traffic; a test may shorten `answer_within`."""

    def __init__(self, updates: Updates, faults: Faults, session: aiohttp.ClientSession) -> None:
        self.updates = updates
        self.faults = faults
        self.attempts: list[Attempt] = []
        self.answer_within = ANSWER_WITHIN
        self.webhook: Webhook | None = None
        self.reply: Callable[[Json], Awaitable[None]] | None = None
        self._session = session
        self._tasks = Tasks()
        self._lines: dict[tuple[str, int], deque[Update]] = {}
        self._held: list[Update] = []
        self._open = asyncio.Semaphore(1)

    def tell(self, kind: str, body: Json, line: tuple[str, int], lives: float = LIVES) -> asyncio.Future[object]:
        """Let an update wait; the future is done after the first post, or when there will be none soon.

        Updates of one line keep their order: a chat's messages, a person's presses. Lines do not wait for each other.
        """
        update = self.updates.make(kind, body, line, lives)
        if update is None:
            done: asyncio.Future[object] = asyncio.get_running_loop().create_future()
            done.set_result(None)
            return done
        if self.faults.held:
            self._hold(update)
        else:
            self._put(update)
        return update.first

    def _hold(self, update: Update) -> None:
        self._held.append(update)
        update.tried()
        if len(self._held) == self.faults.held:
            held, self._held, self.faults.held = self._held[::-1], [], 0
            for each in held:
                each.line = held[0].line
                self._put(each)

    def _put(self, update: Update) -> None:
        self.updates.put(update)
        if self.webhook:
            self._route(update)
        else:
            update.tried()

    def set_webhook(self, webhook: Webhook | None) -> None:
        """Change where updates go; what waits goes there too, and what is on its way is brought again."""
        self.webhook = webhook
        self._tasks.cancel()
        self._lines.clear()
        self._open = asyncio.Semaphore(webhook.max_connections if webhook else 1)
        for update in self.updates.pending():
            update.tried()
            if webhook:
                self._route(update)

    async def settle(self) -> None:
        """Wait until nothing is on its way or due; where the bot polls, until it has confirmed everything."""
        if self.webhook:
            await self._tasks.settle()
        else:
            await self.updates.world.eventually(lambda: not self.updates.pending())

    async def repeat(self, attempt: Attempt) -> Attempt:
        """Post once more what was delivered before, under the same update_id."""
        return await self._attempt(attempt.update, attempt.number + 1)

    async def close(self) -> None:
        """Stop whatever is on its way."""
        await self._tasks.close()

    def _route(self, update: Update) -> None:
        line = self._lines.setdefault(update.line, deque())
        line.append(update)
        if len(line) == 1:
            self._tasks.start(self._work(line))
        elif line[0].first.done():
            update.tried()

    async def _work(self, line: deque[Update]) -> None:
        while line:
            await self._deliver(line[0], line)
            line.popleft()

    async def _deliver(self, update: Update, line: deque[Update]) -> None:
        clock, pause, failures = self.updates.world.clock, 1.0, 0
        while update.expires_at > clock.now():
            async with self._open:
                attempt = await self._attempt(update, failures)
            update.tried(attempt)
            if attempt.ok:
                break
            for later in line:
                later.tried()
            if failures and not attempt.retry_after:
                pause = min(pause * 2, LONGEST_PAUSE)
            failures += 1
            if clock.now() + (attempt.retry_after or pause) > update.expires_at:
                break
            await clock.sleep(attempt.retry_after or pause)
        self.updates.forget(update)

    async def _attempt(self, update: Update, failures: int) -> Attempt:
        attempt = Attempt(update, "webhook", failures)
        self.attempts.append(attempt)
        if self.faults.late:
            await asyncio.sleep(self.faults.late.pop(0))
        if self.faults.takes("dropped"):
            attempt.error = "Read timeout expired"
        elif self.faults.takes("doubled"):
            double = Attempt(update, "webhook", failures)
            self.attempts.append(double)
            await asyncio.gather(self._post(attempt), self._post(double))
        else:
            await self._post(attempt)
        if attempt.error and self.webhook:
            self.webhook.last_error_date = self.updates.world.now()
            self.webhook.last_error_message = attempt.error
        self.updates.world.touch()
        return attempt

    async def _post(self, attempt: Attempt) -> None:
        webhook = self.webhook
        if webhook is None:
            attempt.error = "Webhook was deleted"
            return
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        try:
            async with (
                asyncio.timeout(self.answer_within),
                self._session.post(webhook.url, json=attempt.body, headers=headers, allow_redirects=False) as answer,
            ):
                text = await answer.text()
        except TimeoutError:
            attempt.error = "Read timeout expired"
            return
        except aiohttp.ClientError:
            attempt.error = "Connection refused"
            return
        attempt.status = answer.status
        if not 200 <= answer.status < 300:
            reason = answer.reason or HTTPStatus(answer.status).phrase
            attempt.error = f"Wrong response from the webhook: {answer.status} {reason}"
            waiting = answer.headers.get("Retry-After", "0")
            attempt.retry_after = min(int(waiting), MOST_RETRY_AFTER) if waiting.isdigit() else 0
            return
        attempt.answer = _json(text)
        method = str(attempt.answer.get("method", "")).lower()
        if method and not method.startswith(ANSWERABLE) and self.reply:
            await self.reply(attempt.answer)


def _json(text: str) -> Json:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
