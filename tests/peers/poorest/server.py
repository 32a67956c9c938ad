"""The poorest chat over HTTP: the robot posts to it, and is told at its address what people write and press."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from tests.peers.clock import Clock
from tests.peers.poorest.world import Chat, RefusedError, Said, World
from tests.peers.serving import calling, served

AGAIN_AFTER = 2.0
TRIES = 5
SECRET_HEADER = "X-Robot-Secret"


class PoorestPeer:
    """The chat, with hands for the people in it."""

    def __init__(self, calls: aiohttp.ClientSession) -> None:
        self.clock = Clock()
        self.world = World(self.clock)
        self.refusals: list[str] = []
        self.address = ""
        self.robot_url = ""
        self._calls = calls
        self._delivered = 0

    @classmethod
    @asynccontextmanager
    async def opened(cls) -> "AsyncIterator[PoorestPeer]":
        """Serve it on a free loopback port."""
        async with calling() as session:
            peer = cls(session)
            app = web.Application()
            app.router.add_post("/send", peer._send)
            async with served(app, 0) as address:
                peer.address = address
                yield peer

    async def say(self, user: str, chat: str, text: str) -> Said:
        """Write something; a direct chat is open from then on."""
        place = self.world.chats[chat]
        place.opened = True
        said = self.world.put(place, user, text)
        if self.world.hears(place, text):
            await self._deliver(place, user, {"text": text}, said.id)
        return said

    async def press(self, user: str, message: Said, value: str) -> None:
        """Press a button of a message."""
        assert value in [button.value for button in message.buttons]
        self._delivered += 1
        await self._deliver(self.world.chats[message.chat], user, {"press": value}, f"p{self._delivered}")

    def seen_by(self, user: str, chat: str) -> list[Said]:
        """What somebody sees in a chat, oldest first."""
        place = self.world.chats[chat]
        return list(place.said) if user in place.members else []

    async def _deliver(self, chat: Chat, user: str, what: dict[str, Any], key: str) -> None:
        """Tell the robot, and again until it says that it heard."""
        body = {"id": key, "chat": chat.id, "is_group": chat.is_group, "user": user, **what}
        for _ in range(TRIES):
            headers = {SECRET_HEADER: self.world.token}
            async with self._calls.post(self.robot_url, json=body, headers=headers) as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0)
            self.clock.advance(AGAIN_AFTER)
        raise AssertionError(f"the robot did not hear {key}")

    async def _send(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.world.token}":
            return web.json_response({"error": "not_the_robot"}, status=401)
        try:
            said = self.world.send(await request.json())
        except RefusedError as error:
            self.refusals.append(error.code)
            return web.json_response({"error": error.code, **error.more}, status=error.status)
        return web.json_response({"id": said.id})
