"""`python -m bot`, killed at a step of what it does next: the file at KILL_FILE names the step, and is gone afterwards.

`received`: the delivery was read, nothing is committed. `committed`: the unit of work is, nobody was told.
`answered`: the platform has its answer. `sent`: the platform took the message, and the row does not know it.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

import bot.app
import bot.database
from bot.cli import main
from bot.dispatch import Dispatch
from bot.platforms.base import Confirm, Outgoing
from bot.platforms.telegram.polling import Polling
from models.store import Store
from models.unit import Unit

KILL_FILE = "KILL_FILE"
STEPS = ("received", "committed", "answered", "sent")
SOON = 0.1
"""Seconds from the call for updates until Telegram has read it: its offset is the answer for what came before."""

App = Callable[..., Awaitable[None]]


def die_at(step: str) -> None:
    """End here, if that is asked for."""
    file = Path(os.environ[KILL_FILE])
    if file.exists() and file.read_text(encoding="utf-8") == step:
        file.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


class _KilledStore(Store):
    """The store as it is, and one more who hears of what was committed, before anybody is answered."""

    taking = False
    """Whether a delivery was taken since the start."""

    def __init__(self, url: str, silence: float | None = None) -> None:
        super().__init__(url, silence)
        self.watchers.append(self._heard)

    def _heard(self, _written: Iterable[object]) -> None:
        if self.taking:
            die_at("committed")


def _before(counted: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def work(*given: Any) -> Any:
        die_at("received")
        _KilledStore.taking = True
        return await counted(*given)

    return work


def _after_answers(app: App) -> App:
    """An application that ends when the answer to a POST was handed to the machine's network."""

    async def work(scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def sent(message: dict[str, Any]) -> None:
            await send(message)
            if (
                message["type"] == "http.response.body"
                and not message.get("more_body")
                and scope.get("method") == "POST"
            ):
                die_at("answered")

        await app(scope, receive, sent)

    return work


def _after_socket_answers(answer: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    async def work(*given: Any, **named: Any) -> None:
        await answer(*given, **named)
        die_at("answered")

    return work


def _after_offset(turn: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def work(*given: Any) -> Any:
        asyncio.get_running_loop().call_later(SOON, die_at, "answered")
        return await turn(*given)

    return work


def _after_sending(send: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    async def work(platform: Any, outgoing: Outgoing, confirm: Confirm) -> None:
        def confirmed(unit: Unit, *ids: str) -> None:
            die_at("sent")
            confirm(unit, *ids)

        await send(platform, outgoing, confirmed)

    return work


def _arm() -> None:
    """Put the steps into everything that takes them, whichever platform is set."""
    from slack_sdk.socket_mode.aiohttp import SocketModeClient  # noqa: PLC0415  after bot, as it would

    from bot.platforms.slack.sending import SlackPlatform  # noqa: PLC0415
    from bot.platforms.telegram.sending import TelegramPlatform  # noqa: PLC0415

    asgi = bot.app.Regatta.asgi
    vars(bot.database)["Store"] = _KilledStore
    changed: list[tuple[type, str, Any]] = [
        (Dispatch, "counted", _before(Dispatch.counted)),
        (bot.app.Regatta, "asgi", lambda regatta: _after_answers(asgi(regatta))),
        (
            SocketModeClient,
            "send_socket_mode_response",
            _after_socket_answers(SocketModeClient.send_socket_mode_response),
        ),
        (Polling, "_round", _after_offset(Polling._round)),
        (SlackPlatform, "send", _after_sending(SlackPlatform.send)),
        (TelegramPlatform, "send", _after_sending(TelegramPlatform.send)),
    ]
    for owner, name, work in changed:
        setattr(owner, name, work)


if __name__ == "__main__":
    _arm()
    main()
