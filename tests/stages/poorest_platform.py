"""The poorest chat as a platform: all that has to be written for another one, beside drawing and degrading."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot import tokens
from bot.delivery import Delivery
from bot.dispatch import Dispatch
from bot.gates import Window
from bot.hearing import Hearing
from bot.platforms.base import Can, ChannelGoneError, Confirm, Incoming, Outgoing, Place, Press, SendError
from bot.platforms.opening import House, Open, Opened
from bot.platforms.plain import Limits, Part, Pen
from bot.pressing import UnknownButtonError
from bot.sorry import stranger
from bot.turns import Turns
from models.text import Text

PLATFORM, WORKSPACE, PATH = "poorest", "only", "/poorest"
LIMITS = Limits(longest=2_048, most_keys=6, longest_label=40)
MOST_A_MINUTE = 20


def of_robot(**clock: Any) -> Turns:
    """Turns of the whole robot."""
    return Turns(shared=[Window(MOST_A_MINUTE, 60.0)], **clock)


def poorest(address: str, secret: str, turns: Turns | None = None) -> Open:
    """Open it at an address with the robot's secret."""

    def open_one(house: House) -> Opened:
        platform = PoorestPlatform(house, address, secret, turns or of_robot())
        return Opened(platform, lambda dispatch, delivery: PoorestConnection(house, platform, dispatch, delivery))

    return open_one


@dataclass
class PoorestPlatform:
    """A place to send to."""

    house: House
    address: str
    secret: str
    turns: Turns
    name: str = PLATFORM
    keeps_order: bool = False
    can: Can = field(default_factory=lambda: Can(threads=False, edits=False, forms=False, whispers=False))

    def __post_init__(self) -> None:
        headers = {"Authorization": f"Bearer {self.secret}"}
        self._client = httpx.AsyncClient(base_url=self.address, headers=headers, trust_env=False)

    async def send(self, outgoing: Outgoing, confirm: Confirm) -> None:
        """Send the parts that do not stand there yet, and confirm them all."""
        standing, pen = list(outgoing.parts), self._pen(outgoing)
        parts = pen.draw(outgoing.message)
        if outgoing.doubtful and len(standing) < len(parts):
            parts[len(standing)] = pen.marked(parts[len(standing)])
        for part in parts[len(standing) :]:
            async with self.turns.turn(haste=outgoing.haste):
                await outgoing.begin()
                standing.append(await self.say(outgoing.channel.external_id, part, standing))
        await asyncio.wrap_future(self.house.store.write(lambda unit: confirm(unit, *standing)))

    async def say(self, chat: str, part: Part, standing: list[str] | None = None) -> str:
        """Post one part; return its id, or raise SendError."""
        buttons = [{"label": key.label, "value": key.token} for key in part.keys]
        body = {"chat": chat, "text": part.text, "buttons": buttons, "call": part.calls}
        try:
            answer = await self._client.post("send", json=body)
        except httpx.TransportError as error:
            raise SendError(type(error).__name__, parts=standing or (), doubtful=True) from error
        told: dict[str, Any] = answer.json()
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise ChannelGoneError(told["error"], Text("the bot is not in the channel."))
        if answer.status_code != httpx.codes.OK:
            is_final = answer.status_code != httpx.codes.TOO_MANY_REQUESTS
            wait = told.get("retry_after")
            raise SendError(told["error"], permanent=is_final, retry_after=wait, parts=standing or ())
        return str(told["id"])

    async def close(self) -> None:
        await self._client.aclose()

    def _pen(self, outgoing: Outgoing) -> Pen:
        key, known = self.house.button_key(), self.house.directory.now()
        return Pen(
            outgoing.reader,
            lambda position: tokens.sign(key, outgoing.post_id, position),
            lambda person: known.accounts.get((PLATFORM, WORKSPACE, person)),
            LIMITS,
        )


@dataclass
class PoorestConnection:
    """Hears what people say to the robot."""

    house: House
    platform: PoorestPlatform
    dispatch: Dispatch
    delivery: Delivery
    _sending: set[asyncio.Task[Any]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._hearing = Hearing(self.house.store, self.house.directory, self.house.button_key)

    def standing(self) -> None:
        """Nothing is kept open."""

    def routes(self) -> list[BaseRoute]:
        """The address that the chat tells what was said."""
        return [Route(PATH, self._hear, methods=["POST"])]

    async def start(self) -> None:
        """Nothing is kept open."""

    async def stop(self) -> None:
        """Let what is being sent end."""
        await asyncio.gather(*self._sending, return_exceptions=True)
        await self.platform.close()

    async def _hear(self, request: Request) -> Response:
        if request.headers.get("X-Robot-Secret") != self.platform.secret:
            return PlainTextResponse("not from the chat\n", 401)
        told = await request.json()
        try:
            answer = await self.dispatch.take(self._hearing.of(_incoming(told)))
        except UnknownButtonError:
            return PlainTextResponse("")
        if answer.stranger:
            self._later(lambda: self.platform.say(told["chat"], Part(stranger(answer.stranger or ""))))
        self._later(lambda: self.delivery.settle(answer.touched))
        return PlainTextResponse("")

    def _later(self, work: Callable[[], Any]) -> None:
        task = asyncio.create_task(work())
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)


def _incoming(told: dict[str, Any]) -> Incoming:
    """A delivery in neutral terms."""
    press = Press(told["press"]) if "press" in told else None
    body = f"{told['user']} {told['chat']} {told.get('text')} {told.get('press')}"
    return Incoming(
        told["id"], PLATFORM, WORKSPACE, told["user"], Place(told["chat"]), body, text=told.get("text"), press=press
    )
