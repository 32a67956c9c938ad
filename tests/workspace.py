"""Drive a real installation in this process as people would: type, press, wait."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx

from bot.app import Regatta
from bot.settings import Settings
from tests.databases import copy, exists, url_of

START = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)
T = TypeVar("T")
Record = dict[str, Any]


class StandingClock:
    """A base clock that runs only when a test says so; the demo clock's moves come on top of it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        self.at += timedelta(microseconds=1)  # so that nothing happens twice at one instant
        return self.at


def demo_settings(path: Path, **more: Any) -> Settings:
    """The settings of a demo on a database of its own, and more; the developer's environment does not count."""
    return Settings(_env_file=None, regatta_database_url=url_of(path), regatta_workspace="demo", **more)  # type: ignore[call-arg]


def seeded_database(path: Path, at: datetime) -> Path:
    """Seed a demo at an instant and leave its file."""
    Regatta(demo_settings(path), StandingClock(at)).store.close()
    return path


class Visitor:
    """People at one door of the demo, here or in another process: `await visitor.say("mike-davis", "my")`."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def say(
        self, person: str, text: str, channel: str | None = None, thread: str | None = None, key: str | None = None
    ) -> list[Record]:
        """Type a line, in the direct chat when no channel is given; returns the replies that the typist sees."""
        body = {"as": person, "channel": channel or f"dm-{person}", "text": text, "thread": thread, "key": key}
        return list((await self.post("/workspace/messages", body))["replies"])

    async def press(
        self,
        person: str,
        message: Record,
        command: str,
        form: Record | None = None,
        nth: int = 0,
        key: str | None = None,
    ) -> list[Record]:
        """Press a message's button by its command's name (the nth of them), with the form's values when it has one."""
        button = button_of(message, command, nth)
        body = {"as": person, "message": message["id"], "button": button["id"], "form": form, "key": key}
        return list((await self.post("/workspace/actions", body))["replies"])

    async def read(self, person: str, channel: str | None = None, thread: str | None = None) -> list[Record]:
        """What a person sees in a channel, oldest first."""
        query = {"as": person, "channel": channel or f"dm-{person}"} | ({"thread": thread} if thread else {})
        answer = await self.client.get("/workspace/messages", params=query)
        answer.raise_for_status()
        return list(answer.json())

    async def advance(self, span: str) -> datetime:
        """Move the demo clock forward by `90m`, `2h`, `3d`, `1w`."""
        return datetime.fromisoformat((await self.post("/workspace/clock", {"advance": span}))["now"])

    async def move_to(self, instant: str) -> datetime:
        """Move the demo clock to an instant with its zone."""
        return datetime.fromisoformat((await self.post("/workspace/clock", {"to": instant}))["now"])

    async def post(self, path: str, body: Record) -> Record:
        answer = await self.client.post(path, json=body)
        assert answer.status_code == httpx.codes.OK, answer.text
        return dict(answer.json())


class Workspace(Visitor):
    """The demo in this process, and the people at its door: `await workspace.say("mike-davis", "my")`.

    `threads`, `edits` and `pictures` say whether it has threads, changes messages where they stand, and draws boards.
    """

    threads, edits, pictures = True, True, True

    def __init__(self, regatta: Regatta, client: httpx.AsyncClient) -> None:
        super().__init__(client)
        self.regatta = regatta

    @classmethod
    @asynccontextmanager
    async def opened(cls, template: Path, path: Path, at: datetime = START, **more: Any) -> "AsyncIterator[Workspace]":
        """Open a copy of a seeded database; the same path again is a restart."""
        _copy(template, path)
        regatta = Regatta(demo_settings(path, **more), StandingClock(at))
        await regatta.start()
        transport = httpx.ASGITransport(regatta.asgi())
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            try:
                yield cls(regatta, client)
            finally:
                await regatta.stop()

    def rows(self, work: "Any") -> Any:
        """Look at the rows: `workspace.rows(lambda session: session.exec(select(Deal)).all())`."""
        return self.regatta.store.read(work)


def _copy(template: Path, path: Path) -> None:
    if not exists(path):
        copy(template, path)


def button_of(message: Record, command: str, nth: int = 0) -> Record:
    """The first (or nth) button of a command's name."""
    buttons: list[Record] = [button for button in message["buttons"] if button["command"] == command]
    return buttons[nth]


def commands_of(message: Record) -> list[str]:
    """The commands behind a message's buttons, in order."""
    return [button["command"] for button in message["buttons"]]


def texts_of(messages: list[Record]) -> list[str]:
    """The words of messages."""
    return [message["text"] for message in messages]
