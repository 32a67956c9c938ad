"""The connection to Slack: one app of Bolt with one listener a kind, over HTTP or Socket Mode.

A listener answers after the commit (`process_before_response`), so a crash before it makes Slack deliver again.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot import tokens
from bot.answering import Answer, UnknownButtonError
from bot.delivery import Delivery, reader_of
from bot.directory import Directory
from bot.dispatch import Dispatch
from bot.language import plain
from bot.platforms.slack.doors import Door
from bot.platforms.slack.drawing import OPEN_FORM, escaped
from bot.platforms.slack.reading import (
    BOT,
    Body,
    Spoken,
    read_command,
    read_departure,
    read_event,
    read_press,
    read_submission,
)
from bot.platforms.slack.sending import ONLY, SlackPlatform
from bot.platforms.slack.signatures import LONGEST_BODY, Signatures
from bot.settings import Settings
from bot.sorry import stranger
from models.outbox import Post, form_faces, newest_face
from models.store import Store

log = structlog.get_logger()

Ack = Callable[..., Awaitable[Any]]
PING_SECONDS = 5.0
"""Between two looks at the socket, and between two tries to open it."""
ANSWER_SECONDS = 2.5
"""Slack waits for three."""
BUSY = "This takes longer than usual; the answer will come here. 处理较慢，结果稍后会发到这里。"
_ANY = re.compile(r"")


@dataclass
class SlackConnection:
    """Hears what happens in one Slack workspace and lets it be answered."""

    settings: Settings
    store: Store
    dispatch: Dispatch
    delivery: Delivery
    directory: Directory
    platform: SlackPlatform
    _app: AsyncApp = field(init=False)
    _socket: AsyncSocketModeHandler | None = None
    _connecting: asyncio.Task[None] | None = None
    _session: aiohttp.ClientSession | None = None
    _sending: set[asyncio.Task[Any]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._app = AsyncApp(
            authorize=_with_one_token(self.platform.client.token or ""), process_before_response=True,
            request_verification_enabled=False, ssl_check_enabled=False, ignoring_self_events_enabled=False,
            attaching_function_token_enabled=False, attaching_conversation_kwargs_enabled=False,
        )  # fmt: skip
        self._app.event(_ANY)(self._on_event)
        self._app.command(_ANY)(self._on_command)
        self._app.action(_ANY)(self._on_action)
        self._app.view(_ANY)(self._on_view)

    async def start(self) -> None:
        """Open the session, and keep a socket open when there is an app token."""
        self._session = self.platform.client.session = aiohttp.ClientSession()
        token = self.settings.slack_app_token
        if token is not None:
            app_token, client = token.get_secret_value(), self.platform.client
            self._socket = AsyncSocketModeHandler(self._app, app_token, web_client=client, ping_interval=PING_SECONDS)
            # The SDK tries again by itself, so a start without Slack waits for it here and holds up nothing else.
            self._connecting = asyncio.create_task(self._socket.connect_async())  # type: ignore[no-untyped-call]

    async def stop(self) -> None:
        """Hear nothing more; finish what is being sent."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]
        await asyncio.gather(*self._sending, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def routes(self) -> list[BaseRoute]:
        """The one address that Slack sends everything to, where it is not a socket."""
        secret = self.settings.slack_signing_secret
        if secret is None:
            return []
        signatures = Signatures([each.strip() for each in secret.get_secret_value().split(",") if each.strip()])
        handler = AsyncSlackRequestHandler(self._app)

        async def events(request: Request) -> Response:
            length = request.headers.get("content-length", "0")
            if not length.isdigit() or int(length) > LONGEST_BODY:
                return PlainTextResponse("too long\n", 413)
            if not signatures.are_valid(await request.body(), request.headers):
                return PlainTextResponse("not signed by Slack\n", 401)
            return await handler.handle(request)

        return [Route("/slack/events", events, methods=["POST"])]

    async def _on_event(self, body: Body, ack: Ack) -> None:
        spoken = read_departure(body) or read_event(body)
        if spoken is not None:
            answer = await self._take(spoken)
            if answer.stranger and (spoken.direct or BOT in (spoken.incoming.text or "")):
                await self._tell_stranger(spoken, answer.stranger)
        await ack()

    async def _on_command(self, body: Body, ack: Ack) -> None:
        """Take a command; who waits for longer than Slack does is told so, and the answer comes when it is there."""
        taking = asyncio.create_task(self._take(read_command(body)))
        self._sending.add(taking)
        taking.add_done_callback(self._sending.discard)
        try:
            answer = await asyncio.wait_for(asyncio.shield(taking), ANSWER_SECONDS)
        except TimeoutError:
            await ack(BUSY)
        else:
            await ack(stranger(answer.stranger) if answer.stranger else "")

    async def _on_action(self, body: Body, ack: Ack) -> None:
        workspace = _workspace(body)
        spoken = read_press(body, workspace)
        if spoken is not None and str(body["actions"][0]["action_id"]).startswith(OPEN_FORM):
            await self._open(spoken)
            seen = ONLY + str(body["container"].get("message_ts"))
            self.platform.doors.open(seen, Door(response_url=spoken.response_url, at=self.platform.doors.now()))
        elif spoken is not None:
            answer = await self._take(spoken)
            if answer.stranger:
                await self._tell_stranger(spoken, answer.stranger)
        await ack()

    async def _on_view(self, body: Body, ack: Ack) -> None:
        """Take a form that was sent; what is wrong stands beside its field in the form itself."""
        if body["type"] != "view_submission":
            await ack()
            return
        spoken = read_submission(body, _workspace(body))
        answer = await self._take(spoken)
        faces = self.store.read(lambda session: form_faces(session, answer.event_id))
        errors = {name: words for face in faces for name, words in self._errors(face)}
        await (ack(response_action="errors", errors=errors) if errors else ack())

    def _errors(self, face: Post) -> Iterator[tuple[str, str]]:
        """What is wrong with a form, by its fields."""
        known, form = self.directory.now(), face.message.form
        reader = reader_of(known, known.channels[face.channel_id], face.visible_to)
        for name, text in form.errors if form is not None else ():
            yield name, plain(text, reader)

    async def _open(self, spoken: Spoken) -> None:
        """Open the form that waits behind a button."""
        press, trigger = spoken.incoming.press, spoken.trigger
        face = self.store.read(lambda session: self._form(session, press.token)) if press is not None else None
        if face is None or trigger is None:
            return
        known = self.directory.now()
        channel = known.channels[face.channel_id]
        pen = self.platform.pen(face.id or 0, reader_of(known, channel, face.visible_to), channel.workspace)
        await self.platform.open_form(trigger, face.message, pen, channel, spoken.incoming.place.thread)

    def _form(self, session: Session, token: str) -> Post | None:
        """The newest face of the message that a button belongs to, when it still asks for a form."""
        company = self.directory.now().company
        try:
            number, _ = tokens.verify(company.button_key if company else "", token)
        except tokens.ForgedTokenError:
            return None
        post = session.get(Post, number)
        first = session.get(Post, post.edits) if post is not None and post.edits else post
        face = newest_face(session, first) if first is not None else None
        return face if face is not None and face.message.form is not None else None

    async def _take(self, spoken: Spoken) -> Answer:
        """Do what was asked; the answer goes out after the commit, and what the interaction opened serves it."""
        door = Door(spoken.trigger, spoken.response_url, spoken.view, spoken.submitted, self.platform.doors.now())
        try:
            answer = await self.dispatch.take(
                spoken.incoming, lambda _, event_id: self.platform.doors.open(event_id, door)
            )
        except UnknownButtonError:
            log.warning("unknown button", platform="slack", user=spoken.incoming.user)
            return Answer("")
        task = asyncio.create_task(self.delivery.settle(answer.touched))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        return answer

    async def _tell_stranger(self, spoken: Spoken, why: str) -> None:
        """Say one sentence to somebody whom nobody knows; when that fails it is no loss."""
        incoming, words = spoken.incoming, stranger(why)
        try:
            if spoken.direct:
                await self.platform.client.chat_postMessage(channel=incoming.user, text=escaped(words))
            else:
                await self.platform.client.chat_postEphemeral(
                    channel=incoming.place.channel, user=incoming.user, text=escaped(words)
                )
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("could not answer a stranger", reason=str(error))


def _with_one_token(token: str) -> Callable[..., Awaitable[AuthorizeResult]]:
    """Answer Bolt's question for the token with the one that there is, and ask nobody over the network."""

    async def authorize(team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token=token)

    return authorize


def _workspace(body: Body) -> str:
    """Where the app is installed; a stranger acts from another workspace."""
    team = body.get("view", {}).get("app_installed_team_id") or body.get("team", {}).get("id")
    return str(team)
