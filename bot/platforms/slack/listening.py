"""Listening: one catch-all listener a kind, each answering after the commit and before Slack gives up.

Slack waits for three seconds. Events come again then; commands, presses and forms do not, so whoever waits for longer
is told so in words, and hears how it ended.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import structlog
from slack_bolt import BoltResponse

from bot.answering import Answer
from bot.delivery import Delivery
from bot.dispatch import Dispatch
from bot.platforms.slack.accounts import Accounts
from bot.platforms.slack.doors import Door
from bot.platforms.slack.drawing import OPEN_FORM
from bot.platforms.slack.faults import FAULTS, reason_of
from bot.platforms.slack.files import Files
from bot.platforms.slack.forms import Forms, fields_of
from bot.platforms.slack.homes import Homes
from bot.platforms.slack.modals import saying
from bot.platforms.slack.reading import (
    BOT,
    Body,
    Spoken,
    read_command,
    read_departure,
    read_event,
    read_opening,
    read_press,
    read_shortcut,
    read_submission,
)
from bot.platforms.slack.sending import SlackPlatform
from bot.platforms.slack.telling import tell
from bot.pressing import UnknownButtonError
from bot.sorry import TOO_OFTEN, stranger
from bot.speakers import UNKNOWN_PERSON

log = structlog.get_logger()

T = TypeVar("T")
Ack = Callable[..., Awaitable[Any]]
ANSWER_SECONDS = 2.5
"""Slack waits for three."""
TELL_SECONDS = 0.3
"""How long an acknowledgement waits for words beside it; with the answer it stays below three."""
MOST_FILES = 100
"""Events with files that are remembered, for Slack to bring them again."""
FAILED = "That failed, and nothing was done; please try it again. 处理失败，什么也没有做，请再试一次。"
BUSY = (
    "This takes longer than usual; the answer will come here. If none is here in a minute, please do it again. "
    "处理较慢，结果稍后会发到这里；一分钟后仍无结果，请再试一次。"
)
"""Slack brings no press and no command again, so only who did it can, should the process die before its commit."""


@dataclass
class Listener:
    """Takes what Slack delivers to the one app."""

    dispatch: Dispatch
    delivery: Delivery
    platform: SlackPlatform
    forms: Forms
    homes: Homes
    accounts: Accounts
    files: Files
    _sending: set[asyncio.Task[Any]] = field(default_factory=set)
    _files_taken: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def finish(self, within: float) -> None:
        """Wait for what is under way."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=within)

    async def on_event(self, body: Body, ack: Ack) -> BoltResponse | None:
        """Take a message, a mention or a change of an account; show the Home tab to whoever opens it.

        A file that is not there in time is not acknowledged: Slack brings the event again, which then joins the first
        one or finds what became of it. So a crash while it is fetched loses nothing.
        """
        opened = read_opening(body)
        if opened is not None:
            self._in_background(self.homes.show(*opened))
        spoken = read_departure(body) or read_event(body)
        if spoken is not None and spoken.shared:
            taking = self._taking_file(spoken)
            await asyncio.wait([taking], timeout=ANSWER_SECONDS)
            if not taking.done():
                return BoltResponse(status=503)
            await taking
        elif spoken is not None:
            await self._hear(spoken)
        await ack()
        return None

    def _taking_file(self, spoken: Spoken) -> "asyncio.Task[None]":
        """What fetches an event's file and takes it, once however often the event comes."""
        key, known = spoken.incoming.key, self._files_taken
        if key not in known or (known[key].done() and (known[key].cancelled() or known[key].exception())):
            known[key] = self._in_background(self._take_file(spoken))
        for oldest in list(known)[: max(len(known) - MOST_FILES, 0)]:
            if known[oldest].done():
                del known[oldest]
        return known[key]

    async def _take_file(self, spoken: Spoken) -> None:
        spoken, words = await self.files.fetched(spoken)
        if words:
            await self._tell_soon(spoken, words)
        else:
            await self._hear(spoken)

    async def _hear(self, spoken: Spoken) -> None:
        """Do what was said; a stranger who spoke to the bot is told so."""
        answer = await self._take(spoken)
        if answer.stranger and (spoken.direct or BOT in (spoken.incoming.text or "")):
            await self._tell_soon(spoken, stranger(answer.stranger))

    async def on_command(self, body: Body, ack: Ack) -> None:
        """Take a slash command."""
        answer = await self._in_time(read_command(body))
        words = BUSY if answer is None else stranger(answer.stranger) if answer.stranger else ""
        await ack(words)

    async def on_action(self, body: Body, ack: Ack) -> None:
        """Take a pressed button, or open the form that waits behind it."""
        spoken = read_press(body, _workspace(body))
        if spoken is not None and str(body["actions"][0].get("action_id")).startswith(OPEN_FORM):
            opening = self._in_background(self._open(spoken))
            await asyncio.wait([opening], timeout=ANSWER_SECONDS)
        elif spoken is not None:
            await self._press(spoken)
        await ack()

    async def on_shortcut(self, body: Body, ack: Ack) -> None:
        """Take what somebody chose from a message's menu."""
        spoken = read_shortcut(body, _workspace(body))
        if spoken is not None:
            await self._press(spoken)
        await ack()

    async def _press(self, spoken: Spoken) -> None:
        """Do what was pressed or chosen; no words can go with the acknowledgement of that."""
        answer = await self._in_time(spoken)
        if answer is None:
            self._in_background(self._tell(spoken, BUSY))
        elif answer.stranger:
            await self._tell_soon(spoken, stranger(answer.stranger))
        if spoken.home:
            self._in_background(self.homes.refresh(spoken.incoming.user))

    async def on_view(self, body: Body, ack: Ack) -> None:
        """Take a form that was sent; what is wrong stands beside its field in the form itself."""
        spoken = read_submission(body, _workspace(body), self.platform.doors.rounds(body["view"]["id"]))
        if spoken is None:
            await ack()
            return
        answer, fields = await self._in_time(spoken), fields_of(body["view"])
        if answer is not None and (answer.stranger or answer.over):
            await ack(response_action="update", view=saying(stranger(answer.stranger or TOO_OFTEN)))
        elif answer is None and fields:
            await ack(response_action="errors", errors={fields[0]: BUSY})
        elif answer is None:
            await ack(response_action="update", view=saying(BUSY))
        elif errors := self.forms.errors(answer):
            self.platform.doors.count_round(body["view"]["id"])
            await ack(response_action="errors", errors=errors)
        else:
            self._in_background(self.homes.refresh(spoken.incoming.user))
            await ack()

    async def _open(self, spoken: Spoken) -> None:
        incoming, doors = spoken.incoming, self.platform.doors
        over = self.dispatch.allowance.spend(incoming.account)
        if over is not None:
            if over.is_told:
                await self._tell_soon(spoken, stranger(TOO_OFTEN))
            return
        if self.dispatch.directory.now().person_of(incoming.platform, incoming.workspace, incoming.user) is None:
            await self._tell_soon(spoken, stranger(UNKNOWN_PERSON))
            return
        try:
            await self.forms.open(spoken)
        except FAULTS as error:
            log.warning("a form was not opened", user=incoming.user, reason=reason_of(error))
            await self._tell_soon(spoken, FAILED)
        if spoken.message is not None:
            doors.open(spoken.message, Door(response_url=spoken.response_url, at=doors.now()))

    async def _in_time(self, spoken: Spoken) -> Answer | None:
        """What became of it; none when that takes longer than Slack waits: then it is said when it is there."""
        taking = self._in_background(self._take(spoken))
        try:
            return await asyncio.wait_for(asyncio.shield(taking), ANSWER_SECONDS)
        except TimeoutError:
            self._in_background(self._say_how_it_ended(spoken, taking))
            return None

    async def _say_how_it_ended(self, spoken: Spoken, taking: "asyncio.Task[Answer]") -> None:
        """Say it to somebody who was told that it takes long: Slack does not bring what they did again."""
        try:
            answer = await taking
            words = stranger(answer.stranger) if answer.stranger else ""
            if spoken.submitted and not words:
                words = await self.forms.bring_up_to_date(spoken, answer)
        except Exception:
            log.exception("what was answered in words has failed", user=spoken.incoming.user)
            words = FAILED
        if words:
            await self._tell(spoken, words)

    async def _take(self, spoken: Spoken) -> Answer:
        """Do what was asked; the answer goes out after the commit, and what the interaction opened serves it."""
        doors = self.platform.doors
        door = Door(
            spoken.trigger, spoken.response_url, spoken.view, spoken.submitted, spoken.incoming.user, spoken.message,
            doors.now(),
        )  # fmt: skip
        incoming, guest = await self.accounts.looked_up(spoken)
        try:
            answer = await self.dispatch.take(incoming, lambda _, event_id: doors.open(event_id, door))
        except UnknownButtonError:
            log.warning("unknown button", platform="slack", user=spoken.incoming.user)
            return Answer("")
        self._in_background(self.delivery.settle(answer.touched))
        self._in_background(self.homes.clear())
        return replace(answer, stranger="guest") if guest and answer.stranger else answer

    async def _tell_soon(self, spoken: Spoken, words: str) -> None:
        """Say it before the acknowledgement where Slack is quick; a slow Slack does not hold that up."""
        await asyncio.wait([self._in_background(self._tell(spoken, words))], timeout=TELL_SECONDS)

    async def _tell(self, spoken: Spoken, words: str) -> None:
        await tell(self.platform.client, spoken, words)

    def _in_background(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """Begin something that is waited for when the process stops."""
        task = asyncio.create_task(work)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        return task


def _workspace(body: Body) -> str:
    """Where the app is installed; a stranger acts from another workspace."""
    team = (body.get("view") or {}).get("app_installed_team_id") or (body.get("team") or {}).get("id")
    return str(team)
