"""The connection to Slack: one app of Bolt with one listener a kind, over HTTP or Socket Mode.

A listener answers after the commit (`process_before_response`), so a crash before it makes Slack deliver again.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient
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
from bot.platforms.slack.modals import saying
from bot.platforms.slack.reading import (
    BOT,
    ONLY,
    Body,
    Spoken,
    read_command,
    read_departure,
    read_event,
    read_press,
    read_submission,
)
from bot.platforms.slack.sending import SlackPlatform
from bot.platforms.slack.signatures import LONGEST_BODY, Signatures
from bot.settings import Settings
from bot.sorry import stranger
from bot.speakers import UNKNOWN_PERSON
from models.outbox import Post, form_faces, newest_face
from models.store import Store

log = structlog.get_logger()

T = TypeVar("T")
Ack = Callable[..., Awaitable[Any]]
PING_SECONDS = 5.0
"""Between two looks at the socket, and between two tries to open it."""
ANSWER_SECONDS = 2.5
"""Slack waits for three."""
STOP_SECONDS = 5.0
"""How long what is under way may take to end when the process stops; what waits is sent after the next start."""
FAILED = "That failed, and nothing was done; please type it again. 处理失败，什么也没有做，请再输入一次。"
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
        if self._sending:
            await asyncio.wait(self._sending, timeout=STOP_SECONDS)
        if self._session is not None:
            await self._session.close()

    def routes(self) -> list[BaseRoute]:
        """The one address that Slack sends everything to, where it is not a socket."""
        secret = self.settings.slack_signing_secret
        if secret is None:
            return []
        signatures = Signatures([each.strip() for each in secret.get_secret_value().split(",") if each.strip()])

        async def events(request: Request) -> Response:
            body = bytearray()
            async for piece in request.stream():
                body += piece
                if len(body) > LONGEST_BODY:
                    return PlainTextResponse("too long\n", 413)
            if not signatures.are_valid(bytes(body), request.headers):
                return PlainTextResponse("not signed by Slack\n", 401)
            answer = await self._app.async_dispatch(to_async_bolt_request(request, bytes(body)))
            return to_starlette_response(answer)

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
        spoken = read_command(body)
        taking = self._in_background(self._take(spoken))
        try:
            answer = await asyncio.wait_for(asyncio.shield(taking), ANSWER_SECONDS)
        except TimeoutError:
            self._in_background(self._say_how_it_ended(spoken, taking))
            await ack(BUSY)
        else:
            await ack(stranger(answer.stranger) if answer.stranger else "")

    async def _say_how_it_ended(self, spoken: Spoken, taking: "asyncio.Task[Answer]") -> None:
        """Slack does not bring a command again: when it failed after the words that it takes long, say so."""
        try:
            answer = await taking
            words = stranger(answer.stranger) if answer.stranger else ""
        except Exception:
            log.exception("a command failed after it was answered in words", user=spoken.incoming.user)
            words = FAILED
        if words and spoken.response_url:
            await AsyncWebhookClient(spoken.response_url, session=self._session, retry_handlers=[]).send(text=words)

    def _in_background(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """Begin something that is waited for when the process stops."""
        task = asyncio.create_task(work)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        return task

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
        if answer.stranger:
            await ack(response_action="update", view=saying(stranger(answer.stranger)))
            return
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
        known, incoming = self.directory.now(), spoken.incoming
        person = known.person_of(incoming.platform, incoming.workspace, incoming.user)
        if person is None:
            await self._tell_stranger(spoken, UNKNOWN_PERSON)
            return
        if face is None or trigger is None or face.visible_to not in (None, person.id):
            return
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
        door = Door(
            spoken.trigger, spoken.response_url, spoken.view, spoken.submitted, spoken.incoming.user, spoken.message,
            self.platform.doors.now(),
        )  # fmt: skip
        try:
            answer = await self.dispatch.take(
                spoken.incoming, lambda _, event_id: self.platform.doors.open(event_id, door)
            )
        except UnknownButtonError:
            log.warning("unknown button", platform="slack", user=spoken.incoming.user)
            return Answer("")
        self._in_background(self.delivery.settle(answer.touched))
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
    team = (body.get("view") or {}).get("app_installed_team_id") or (body.get("team") or {}).get("id")
    return str(team)
