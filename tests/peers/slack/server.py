"""The peer itself: one loopback server that is Slack to an app, and hands for the people in it."""

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial
from typing import Self

import aiohttp
from aiohttp import web

from tests.peers.clock import Clock
from tests.peers.serving import calling, served
from tests.peers.slack import methods_chat as chat
from tests.peers.slack import methods_files as files
from tests.peers.slack import methods_reading as reading
from tests.peers.slack import methods_views as views
from tests.peers.slack import page
from tests.peers.slack.api import Api, Method
from tests.peers.slack.deliveries import Answer, Deliveries, Http, signed
from tests.peers.slack.faults import Faults
from tests.peers.slack.hooks import respond
from tests.peers.slack.interactions import Interactions
from tests.peers.slack.model import ALL_SCOPES
from tests.peers.slack.office import Office
from tests.peers.slack.socket_mode import SocketMode
from tests.peers.slack.world import World

METHODS: dict[str, Method] = {
    "api.test": reading.api_test, "auth.test": reading.auth_test, "team.info": reading.team_info,
    "chat.postMessage": chat.post_message, "chat.postEphemeral": chat.post_ephemeral, "chat.update": chat.update,
    "chat.delete": chat.delete, "chat.getPermalink": chat.get_permalink, "reactions.add": chat.add_reaction,
    "conversations.open": reading.conversations_open, "conversations.info": reading.conversations_info,
    "conversations.list": reading.conversations_list, "conversations.members": reading.conversations_members,
    "conversations.history": reading.conversations_history, "conversations.replies": reading.conversations_replies,
    "users.info": reading.users_info, "users.list": reading.users_list, "users.lookupByEmail": reading.users_lookup,
    "views.open": views.views_open, "views.push": views.views_push, "views.update": views.views_update,
    "views.publish": views.views_publish, "files.getUploadURLExternal": files.get_upload_url,
    "files.completeUploadExternal": files.complete_upload, "files.info": files.files_info,
}  # fmt: skip


class SlackPeer(Office):
    """Slack for one app. With a `request_url` it delivers over HTTP, without one over Socket Mode."""

    def __init__(self, team: str, scopes: Iterable[str], session: aiohttp.ClientSession) -> None:
        self.clock = Clock()
        self.world = World(self.clock, team)
        self.world.app.scopes = set(scopes)
        self.faults = Faults()
        self.deliveries = Deliveries(self.world, self.faults)
        self.interactions = Interactions(self.world)
        self.socket_mode = SocketMode(self.world, self.faults)
        methods = METHODS | {"apps.connections.open": self.socket_mode.open}
        self.api = Api(self.world, self.faults, self.deliveries.tell, methods)
        self.base = ""
        self._session = session
        self._request_url: str | None = None
        self.deliveries.carrier = self.socket_mode

    @classmethod
    @asynccontextmanager
    async def opened(
        cls,
        *,
        port: int = 0,
        team: str = "Regatta",
        scopes: Iterable[str] = ALL_SCOPES,
        request_url: str | None = None,
    ) -> AsyncIterator[Self]:
        """Serve on a loopback port, a free one when none is given."""
        async with calling() as session:
            peer = cls(team, scopes, session)
            async with served(peer._routes(), port) as base:
                peer._settle_at(base)
                peer.request_url = request_url
                try:
                    yield peer
                finally:
                    await peer.deliveries.close()
                    await peer.socket_mode.drop()

    def _settle_at(self, base: str) -> None:
        self.base = self.api.base = self.deliveries.base = self.interactions.base = self.socket_mode.base = base

    def _routes(self) -> web.Application:
        app = web.Application(client_max_size=64 * 1024 * 1024)

        async def hook(request: web.Request) -> web.StreamResponse:
            return await self.api.guarded("response_url", request, partial(respond, self.api))

        async def receive(request: web.Request) -> web.StreamResponse:
            return await self.api.guarded("upload", request, partial(files.receive, self.world))

        async def serve(request: web.Request) -> web.StreamResponse:
            return await self.api.guarded("files-pri", request, partial(files.serve, self.world))

        app.router.add_route("*", "/api/{method}", self.api.handle)
        for kind in ("commands", "actions", "app"):
            app.router.add_post(f"/{kind}/{{team}}/{{number}}/{{key}}", hook)
        app.router.add_post("/upload/v1/{ticket}", receive)
        app.router.add_get("/files-pri/{file}/{name}", serve)
        app.router.add_get("/link/", self.socket_mode.serve)
        page.add_to(app, self)
        return app

    @property
    def api_url(self) -> str:
        """SLACK_API_URL for the app: ends in /api/."""
        return self.base + "api/"

    @property
    def request_url(self) -> str | None:
        """Where the app listens; None means Socket Mode."""
        return self._request_url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self._request_url = url
        self.deliveries.carrier = Http(self.world, self._session, url) if url else self.socket_mode

    async def verify_url(self) -> bool:
        """Do what saving a request URL does: send a challenge and see whether it comes back."""
        challenge = self.world.secret(self.world.make_id("c"))
        body = {"token": self.world.app.verification_token, "challenge": challenge, "type": "url_verification"}
        raw = json.dumps(body).encode()
        headers = signed(raw, self.world.app.signing_secret, int(self.clock.real()))
        answer = await self.post_raw(raw, headers | {"Content-Type": "application/json"})
        return answer.ok and challenge in (answer.text.strip(), answer.body.get("challenge"))

    async def post_raw(self, raw: bytes, headers: dict[str, str]) -> Answer:
        """Post bytes with any headers to the request URL: forgeries, replays, nonsense."""
        return await Http(self.world, self._session, self._request_url or "").send(raw, headers)
