"""Speak to an installation in the poorest chat, as people do who have no thread to answer in and no form to fill in."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from bot import tokens
from bot.app import Regatta
from bot.due import reader_of
from bot.literals import JOINER
from bot.platforms.base import Incoming, Place
from bot.platforms.web.drawing import draw
from bot.platforms.web.residents import channels_of
from bot.settings import Settings
from bot.turns import Turns
from bot.understanding import Speaker, Talk, understand
from models.channels import ChannelKind
from models.message import Button as ButtonOfRow
from models.outbox import OutboxState, Post, put_off
from models.regions import organisation
from models.workspace import BOT
from tests.databases import copy, url_of
from tests.peers.poorest import PoorestPeer
from tests.peers.poorest.world import ROBOT, Button, Said
from tests.stages.company import move_company
from tests.stages.poorest_platform import PATH, PLATFORM, WORKSPACE, of_robot, poorest
from tests.stages.serving import Days, served
from tests.workspace import START, Record, StandingClock, button_of, demo_settings

A_WHILE = 20.0
"""Seconds between two things that people do here."""
_NUMBERED = re.compile(r"[A-Z]-\d+")


class PoorestStage:
    """The company in the poorest chat, with the hands that tests have in the web workspace.

    What a card shows by now is as much of its newest face as its readers were told. A thread is what was posted to it,
    by the rows; who answers in one names the thing instead. A form is filled in by its line.
    """

    platform = PLATFORM
    threads, edits, pictures = False, False, False

    def __init__(self, regatta: Regatta, peer: PoorestPeer, clock: StandingClock, users: dict[str, str]) -> None:
        self.regatta, self.peer, self.clock, self.users = regatta, peer, clock, users
        self._days = Days(regatta, clock)
        self._places = {channel.id: channel for channel in regatta.directory.now().channels.values()}

    @classmethod
    @asynccontextmanager
    async def opened(cls, template: Path, path: Path, at: datetime = START) -> "AsyncIterator[PoorestStage]":
        """Open a copy of a seeded company whose people and channels are in the poorest chat."""
        async with PoorestPeer.opened() as peer:
            clock = StandingClock(at)
            users = settle(template, path, peer)
            settings = Settings(_env_file=None, regatta_database_url=url_of(path), regatta_workspace="off")  # type: ignore[call-arg]
            regatta = Regatta(settings, clock, [poorest(peer.address, peer.world.token, paced_by(peer))])
            async with served(regatta) as url:
                peer.robot_url = f"{url}{PATH}"
                yield cls(regatta, peer, clock, users)
            assert peer.refusals == []

    async def say(
        self, person: str, text: str, channel: str | None = None, thread: str | None = None, key: str | None = None
    ) -> list[Record]:
        """Type a line; what would be said in a thread names its thing, and in a group the bot is called."""
        assert key is None, "the chat makes the keys itself"
        self.peer.clock.advance(A_WHILE)
        before, chat = self._newest_post(), self._chat(person, channel)
        words = self._naming(text, thread) if thread else text
        if chat != self.users[person] and (thread is not None or self._is_meant(person, chat, words)):
            words = f"@{ROBOT} {words}"
        await self.peer.say(self.users[person], chat, words)
        return await self._replies(person, before)

    async def press(
        self, person: str, message: Record, command: str, form: Record | None = None, nth: int = 0
    ) -> list[Record]:
        """Press a message's button by its command's name; with a form, send its line filled in."""
        self.peer.clock.advance(A_WHILE)
        before, user = self._newest_post(), self.users[person]
        if form is None or message["form"] is None:
            await self._touch(person, button_of(message, command, nth))
        if form is None:
            return await self._replies(person, before)
        if message["form"] is None:
            message = next(one for one in await self._replies(person, before) if one["form"])
            before = self._newest_post()
        number = tokens.verify(self._key(), message["buttons"][0]["id"])[0]
        first = self.rows(lambda session: (post := session.get_one(Post, number)).edits or post.id)
        values = [f"{name}: {_typed(value)}" for name, value in form.items()]
        await self.peer.say(user, user, "\n".join([f"Q-{first}", *values]))
        return await self._replies(person, before)

    async def read(self, person: str, channel: str | None = None, thread: str | None = None) -> list[Record]:
        """What a person sees in a channel, oldest first: the top level, or what was posted to one thread."""
        name, user, found = channel or f"dm-{person}", self.users[person], dict[str, Record]()
        chats = dict.fromkeys([self._chat(person, channel), user])
        seen = [said for chat in chats for said in self.peer.seen_by(user, chat)]
        for said in sorted(seen, key=lambda said: int(said.id)):
            record = self._record(person, said)
            if record is not None and record["channel"] == name and record["thread"] == thread:
                found.setdefault(record["id"], record)
        return list(found.values())

    async def advance(self, span: str) -> datetime:
        """Move the clock forward by `90m`, `2h`, `3d`, `1w`."""
        now = await self._days.advance(span)
        await self.settled()
        return now

    async def move_to(self, instant: str) -> datetime:
        """Move the clock to an instant with its zone."""
        now = await self._days.move_to(datetime.fromisoformat(instant))
        await self.settled()
        return now

    async def settled(self) -> None:
        """Wait until everything was sent or set aside; time goes on for what is tried again."""

        def is_done() -> bool:
            if self.rows(_backs_off):
                self.clock.at += timedelta(seconds=1)
                self.peer.clock.advance(1)
            self.regatta.delivery.wake()
            return not self.rows(self._waiting)

        await self.peer.world.eventually(is_done, within=30)

    def rows(self, work: Any) -> Any:
        """Look at the rows."""
        return self.regatta.store.read(work)

    def _chat(self, person: str, channel: str | None) -> str:
        known = self._places.get(channel or "")
        return self.users[person] if known is None or known.kind is ChannelKind.DIRECT else known.external_id

    def _naming(self, text: str, thread: str) -> str:
        """A line that would stand in a thread, with the name of what the thread is about behind its first word."""
        card = self.rows(lambda session: _root(session, thread).card) or ""
        kind, _, number = card.partition(":")
        if kind == "standup":
            return f"standup {text}"
        found, (first, *rest) = _NUMBERED.match(number), text.split(" ")
        return " ".join([first, found[0], *rest]) if found else text

    def _is_meant(self, person: str, chat: str, words: str) -> bool:
        """Whether people say it to the bot: elsewhere it would answer without being called."""
        dispatch, user = self.regatta.dispatch, self.users[person]
        incoming = Incoming("", PLATFORM, WORKSPACE, user, Place(chat), "", text=words)
        speaker = dispatch.speakers.find(self.regatta.store, incoming)
        return isinstance(speaker, Speaker) and not isinstance(understand(words, speaker, dispatch.registry), Talk)

    async def _touch(self, person: str, button: Record) -> None:
        """Press a button where the person sees it."""
        user = self.users[person]
        everywhere = [said for chat in self.peer.world.chats for said in self.peer.seen_by(user, chat)]
        shown = next(one for one in everywhere if button["id"] in [each.value for each in one.buttons])
        await self.peer.press(user, shown, button["id"])

    def _newest_post(self) -> int:
        return int(self.rows(lambda session: session.exec(select(Post.id).order_by(col(Post.id).desc())).first()) or 0)

    async def _replies(self, person: str, before: int) -> list[Record]:
        """What was said since, as far as the person sees it, in the order of the posts."""
        await self.settled()
        found: dict[str, Record] = {}
        seen = [said for chat in self.peer.world.chats for said in self.peer.seen_by(self.users[person], chat)]
        for post_id, message_id in self.rows(lambda session: _sent(session, before)):
            said = next((one for one in seen if one.id == message_id), None)
            record = self._record(person, said) if said is not None else None
            if record is not None:
                found[record["id"]] = record
            assert post_id > before
        return list(found.values())

    def _waiting(self, session: Session) -> int | None:
        waits = select(Post.id).where(Post.state == OutboxState.WAITING, ~put_off(self.clock.at))
        return session.exec(waits).first()

    def _key(self) -> str:
        return str(self.rows(lambda session: organisation(session).button_key))

    def _record(self, person: str, said: Said) -> Record | None:
        """A message as the workspace's JSON would have it; none for what only adds to an earlier one."""
        place = next(one.id for one in self._places.values() if one.external_id == said.chat)
        if said.user is not None:
            author = next(name for name, user in self.users.items() if user == said.user)
            return _plain(said.id, place, author, said.text)
        faces, thread = self.rows(lambda session: _faces_of(session, said.id))
        if not faces:
            return _plain(said.id, place, BOT, said.text)
        first, face, channel = faces[0], faces[-1], self._places[faces[0].channel_id]
        ids = {each for one in faces for each in one.part_ids}
        heard = [one for one in self.peer.world.chats[said.chat].said if one.id in ids]
        words = _flat(" ".join(one.text for one in heard).replace(JOINER, ""))
        reader = reader_of(self.regatta.directory.now(), channel, first.visible_to)
        drawn = draw(face.message, reader, face.id, self._key())
        table = drawn["table"] and {
            "columns": drawn["table"]["columns"],
            "rows": [row for row in drawn["table"]["rows"] if _flat(" · ".join(row)) in words],
        }
        buttons = [self._button(each) for each in self._offered(face, heard)]
        if drawn["form"]:
            assert f"Q-{first.id} " in f"{words} "
            buttons = [drawn["buttons"][0], *buttons]
        return {
            "id": first.message_id, "channel": first.channel_id, "thread": thread, "author": BOT,
            "text": "\n".join(line for line in drawn["text"].split("\n") if _flat(line) in words),
            "fields": [one for one in drawn["fields"] if _flat(f"{one['label']}: {one['value']}") in words],
            "table": table, "image": None, "attachment": None, "buttons": buttons, "form": drawn["form"],
            "visible_to": person if first.visible_to and channel.kind is not ChannelKind.DIRECT else None,
            "edited": face is not first,
        }  # fmt: skip

    def _offered(self, face: Post, heard: list[Said]) -> list[Button]:
        """The buttons that stand in the chat and mean what the newest face offers, each once."""
        found = {}
        for button in (each for one in heard for each in one.buttons):
            draft = self.rows(lambda session, value=button.value: _pressed(session, value).draft)
            found[repr(draft)] = button
        return [found[repr(one.draft)] for one in face.message.buttons if repr(one.draft) in found]

    def _button(self, button: Button) -> Record:
        pressed = self.rows(lambda session: _pressed(session, button.value))
        command = str(pressed.draft.intent)
        return {"id": button.value, "label": button.label, "command": command, "style": pressed.style.value}


def paced_by(peer: PoorestPeer) -> Turns:
    """Turns on the peer's clock, which waiting for one moves: no waiting, and never one too many."""

    async def sleep(seconds: float) -> None:
        peer.clock.advance(seconds)
        await asyncio.sleep(0)

    return of_robot(monotonic=peer.clock.now, sleep=sleep)


def settle(template: Path, path: Path, peer: PoorestPeer) -> dict[str, str]:
    """Give everybody of the demo an account, and every channel a group."""
    copy(template, path)
    demo = Regatta(demo_settings(path), StandingClock(START))
    known, world = demo.directory.now(), peer.world
    users = {person.id: world.add_user(person.name) for person in known.people.values()}
    for user in users.values():
        world.chats[user].opened = True
    places = {
        channel.id: world.add_group(
            [users[person.id] for person in known.people.values() if channel in channels_of(known, person)]
        )
        for channel in known.channels.values()
        if channel.kind is not ChannelKind.DIRECT
    }
    demo.store.close()
    move_company(path, PLATFORM, WORKSPACE, users, places)
    return users


def _typed(value: object) -> str:
    """What somebody types into a field's place."""
    words = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return words or "…"


def _plain(message_id: str, channel: str, author: str, text: str) -> Record:
    return {
        "id": message_id, "channel": channel, "thread": None, "author": author, "text": text, "fields": [],
        "table": None, "image": None, "attachment": None, "buttons": [], "form": None, "visible_to": None,
        "edited": False,
    }  # fmt: skip


def _flat(words: str) -> str:
    """Words without how they are parted, whoever's colons stand in them."""
    return " ".join(words.replace("：", ": ").split())


def _backs_off(session: Session) -> int | None:
    waits = select(Post.id).where(Post.state == OutboxState.WAITING, col(Post.attempts) > 0)
    return session.exec(waits).first()


def _sent(session: Session, before: int) -> list[tuple[int, str]]:
    query = select(Post.id, Post.message_id).where(col(Post.id) > before, col(Post.message_id).is_not(None))
    return [(post_id or 0, message or "") for post_id, message in session.exec(query.order_by(col(Post.id)))]


def _root(session: Session, message_id: str) -> Post:
    return session.exec(select(Post).where(Post.message_id == message_id, col(Post.edits).is_(None))).one()


def _faces_of(session: Session, message_id: str) -> tuple[list[Post], str | None]:
    """The faces of the post behind a message, oldest first, with the root of its thread."""
    several = col(Post.parts).contains(message_id, autoescape=True)
    rows = session.exec(select(Post).where((col(Post.message_id) == message_id) | several))
    post = next((row for row in rows if message_id in row.part_ids), None)
    if post is None:
        return [], None
    first = session.get_one(Post, post.edits) if post.edits else post
    root = session.get_one(Post, first.thread_post) if first.thread_post else None
    done = (col(Post.edits) == first.id) & (col(Post.state) == OutboxState.SENT)
    faces = [first, *session.exec(select(Post).where(done).order_by(col(Post.id)))]
    thread = root.message_id if root is not None else None
    session.expunge_all()
    return faces, thread


def _pressed(session: Session, token: str) -> ButtonOfRow:
    post_id, position = tokens.verify(organisation(session).button_key, token)
    return session.get_one(Post, post_id).message.buttons[position]
