"""One trial: somebody presses a button in a place, through the real dispatch, and everything is undone again.

A unit of work of `Rehearsing` is looked at before it is rolled back, so that no trial leaves anything for the next.
"""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TypeVar

from sqlmodel import select

from bot import tokens
from bot.answering import Answer
from bot.directory import Directory
from bot.dispatch import Dispatch
from bot.metrics import Metrics
from bot.platforms.base import Incoming, Place, Press
from bot.registry import registry
from handlers.command import Command
from models.audit import AuditRow
from models.channels import Channel, ChannelKind
from models.inbox import Delivery, Outcome
from models.intent import draft
from models.message import Button, says
from models.outbox import Post, stored
from models.people import Identity, Person
from models.ranks import Rank
from models.regions import organisation
from models.store import Store
from models.text import Text
from models.unit import Unit, put
from tests.access.scene import ELSEWHERE, HERE, Scene
from tests.access.things import THINGS, Make
from tests.databases import copy, url_of
from tests.workspace import StandingClock

T = TypeVar("T")

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
BUTTON = 900_000_000
"""The row of the message whose button is pressed."""
ACTORS = {Rank.REP: "mike-davis", Rank.MANAGER: "sarah-johnson", Rank.HQ: "amara-okafor", Rank.ADMIN: "ines-keller"}
PLATFORMS = ("web", "slack", "telegram")
PLACES = ("direct", "own region", "another region", "headquarters", "unbound")


@dataclass(frozen=True, slots=True)
class Cell:
    """Who asks for what, on whose thing, on which platform and in which place."""

    command: Command
    whose: str
    rank: Rank
    platform: str
    place: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of it: `why` is the refusal's sentence, none where it was done; `heard` what the asker could read."""

    why: str | None
    heard: str
    told_others: bool


class Rehearsing(Store):
    """A store whose units of work are looked at and undone."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.look: Callable[[Unit, Answer], Seen] | None = None
        self.seen: dict[str, Seen] = {}

    def write(self, work: Callable[[Unit], T], *, repeatable: bool = False) -> "Future[T]":
        look = self.look
        if look is None:
            return super().write(work, repeatable=repeatable)

        def rehearsed(unit: Unit) -> T:
            with unit.rehearsal():
                done = work(unit)
                unit.flush()
                assert isinstance(done, Answer)
                self.seen[done.event_id] = look(unit, done)
            return done

        return super().write(rehearsed)


class Trials:
    """The demo company on every platform, and who asks for what in it."""

    def __init__(self, store: Rehearsing) -> None:
        self.store, self.clock = store, StandingClock(NOW)
        ids = count(1)
        directory = Directory(store)
        self.dispatch = Dispatch(
            store, registry(), self.clock, lambda: f"e{next(ids):06}", directory, Metrics(store, self.clock)
        )
        store.write(_settle).result()
        self._key = store.read(lambda session: organisation(session).button_key)
        store.look = self._look
        self._cells: dict[str, Cell] = {}

    @classmethod
    @contextmanager
    def opened(cls, template: Path, path: Path) -> "Iterator[Trials]":
        """Open a copy of a seeded company."""
        copy(template, path)
        store = Rehearsing(url_of(path))
        try:
            yield cls(store)
        finally:
            store.close()

    def begin(self, cell: Cell) -> "Future[Answer]":
        """Press the button of a cell's intent."""
        person = ACTORS[cell.rank]
        place = Place(person if cell.place == "direct" else cell.place)
        key = f"{cell.command.name}:{cell.whose}:{cell.rank}:{cell.place}"
        press = Press(tokens.sign(self._key, BUTTON, 0))
        incoming = Incoming(key, cell.platform, "T1", person, place, "", press=press)
        make = THINGS[cell.command.intent][cell.whose]
        return self.dispatch.submit(incoming, lambda unit, event_id: self._prepare(unit, event_id, cell, make))

    def seen(self, answer: Answer) -> Seen:
        """What became of a cell."""
        return self.store.seen[answer.event_id]

    def _prepare(self, unit: Unit, event_id: str, cell: Cell, make: Make) -> None:
        self._cells[event_id] = cell
        now = self.clock.now()
        scene = Scene(unit, unit.get_one(Person, ACTORS[cell.rank]), now)
        wanted = make(scene)
        unit.flush()
        message = says(Text("Press"), buttons=(Button(Text("Go"), draft(wanted)),))
        put(unit, Post(
            id=BUTTON, event_id="earlier", channel_id=f"web-{ACTORS[cell.rank]}", body=stored(message), created_at=now,
            next_try_at=now,
        ))  # fmt: skip

    def _look(self, unit: Unit, answer: Answer) -> Seen:
        cell = self._cells[answer.event_id]
        row = unit.get_one(Delivery, answer.event_id)
        audited = unit.exec(select(AuditRow).where(AuditRow.event_id == answer.event_id)).all()
        why = None
        if row.outcome is Outcome.REFUSED:
            (refused,) = [each for each in audited if each.action == "refused"]
            why = str(json.loads(refused.facts)["why"])
        person = ACTORS[cell.rank]
        heard, others = [], False
        for post in unit.exec(select(Post).where(Post.event_id == answer.event_id)):
            channel = unit.get_one(Channel, post.channel_id)
            mine = person in (channel.person_id, post.visible_to)
            others |= not mine
            if mine or (channel.kind is not ChannelKind.DIRECT and post.visible_to is None):
                heard.append(post.body)
        return Seen(why, "\n".join(heard), others)


def _settle(unit: Unit) -> None:
    """Let the four be on every platform, with a chat each and a channel of every kind."""
    for platform in PLATFORMS:
        for person in ACTORS.values():
            unit.add(Identity(platform=platform, workspace="T1", user_id=person, person_id=person))
            unit.add(_channel(platform, person, ChannelKind.DIRECT, person_id=person))
        unit.add(_channel(platform, "own region", ChannelKind.REGION, region_id=HERE))
        unit.add(_channel(platform, "another region", ChannelKind.REGION, region_id=ELSEWHERE))
        unit.add(_channel(platform, "headquarters", ChannelKind.HQ))
        unit.add(_channel(platform, "unbound", ChannelKind.UNBOUND))
    unit.flush()
    scene = Scene(unit, unit.get_one(Person, ACTORS[Rank.REP]), NOW, count(600))
    for whose in ("here", "elsewhere"):
        scene.deal(whose)


def _channel(
    platform: str, place: str, kind: ChannelKind, region_id: str | None = None, person_id: str | None = None
) -> Channel:
    return Channel(
        id=f"{platform}-{place}", platform=platform, workspace="T1", external_id=place, kind=kind, name=place,
        region_id=region_id, person_id=person_id,
    )  # fmt: skip
