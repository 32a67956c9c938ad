"""The connection to Slack: one app of Bolt with one listener a kind, over HTTP or Socket Mode.

A listener answers after the commit (`process_before_response`), so a crash before it makes Slack deliver again.
"""

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp
import structlog
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.logger.messages import warning_token_skipped
from slack_bolt.response import BoltResponse
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.delivery import Delivery
from bot.directory import Directory
from bot.dispatch import Dispatch
from bot.glance import Glance
from bot.platforms.slack.accounts import Accounts
from bot.platforms.slack.files import Files
from bot.platforms.slack.forms import Forms
from bot.platforms.slack.homes import Homes
from bot.platforms.slack.listening import Listener
from bot.platforms.slack.manifest import APP
from bot.platforms.slack.reading import HOME
from bot.platforms.slack.sending import SlackPlatform
from bot.platforms.slack.signatures import LONGEST_BODY, Signatures
from bot.platforms.slack.socket import CONNECTING, Socket
from bot.settings import Settings
from models.outages import is_outage
from models.store import Store

log = structlog.get_logger()

STOP_SECONDS = 5.0
"""How long what is under way may take to end when the process stops; what waits is sent after the next start."""
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
    _listener: Listener = field(init=False)
    _socket: Socket | None = None
    _session: aiohttp.ClientSession | None = None

    def __post_init__(self) -> None:
        logging.getLogger(f"slack_bolt.{AsyncApp.__name__}").addFilter(_is_news)
        self._app = AsyncApp(
            authorize=_with_one_token(self.platform.client.token or ""), process_before_response=True,
            request_verification_enabled=False, ssl_check_enabled=False, ignoring_self_events_enabled=False,
            attaching_function_token_enabled=False, attaching_conversation_kwargs_enabled=False,
        )  # fmt: skip
        forms = Forms(self.store, self.directory, self.platform)
        dispatch = self.dispatch
        dispatch.speakers.app_name = APP
        glance = Glance(dispatch.registry, dispatch.speakers, dispatch.clock, dispatch.new_id, HOME)
        homes = Homes(self.store, self.directory, self.platform, glance)
        client, directory = self.platform.client, self.directory
        accounts, files = Accounts(client, directory), Files(client, directory)
        listener = self._listener = Listener(dispatch, self.delivery, self.platform, forms, homes, accounts, files)
        self._app.event(_ANY)(listener.on_event)
        self._app.command(_ANY)(listener.on_command)
        self._app.action(_ANY)(listener.on_action)
        self._app.shortcut(_ANY)(listener.on_shortcut)
        self._app.view(_ANY)(listener.on_view)
        self._app.error(_failed)

    async def start(self) -> None:
        """Open the session, and keep a socket open when there is an app token."""
        within = aiohttp.ClientTimeout(self.platform.client.timeout)  # the SDK's own counts for its own sessions only
        self._session = self.platform.client.session = aiohttp.ClientSession(timeout=within)
        token = self.settings.slack_app_token
        if token is not None:
            self._socket = Socket(self._app, token.get_secret_value(), self.platform.client)
            self._socket.start()

    async def stop(self) -> None:
        """Hear nothing more; finish what is being sent."""
        if self._socket is not None:
            await self._socket.stop()
        await self._listener.finish(STOP_SECONDS)
        if self._session is not None:
            await self._session.close()

    def standing(self) -> str | None:
        """How it stands with Socket Mode, in words; none over HTTP."""
        if self.settings.slack_app_token is None:
            return None
        return CONNECTING if self._socket is None else self._socket.standing()

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


async def _failed(error: Exception) -> BoltResponse:
    """Let Slack come again with what was not done."""
    if is_outage(error):
        return BoltResponse(status=503)
    log.error("a delivery of Slack's failed", exc_info=error)
    return BoltResponse(status=500)


def _is_news(record: logging.LogRecord) -> bool:
    """Not what Bolt says at every start: that it leaves SLACK_BOT_TOKEN alone, since it is given one by `authorize`."""
    return record.getMessage() != warning_token_skipped()


def _with_one_token(token: str) -> Callable[..., Awaitable[AuthorizeResult]]:
    """Answer Bolt's question for the token with the one that there is, and ask nobody over the network."""

    async def authorize(team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token=token)

    return authorize
