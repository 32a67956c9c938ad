"""Speak to an installation in Telegram: the peer carries every word and press there and every answer back."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from bot import tokens
from bot.app import Regatta
from bot.forms import options_of
from bot.language import Reader
from bot.literals import JOINER
from bot.platforms.telegram.questions import DONE, KEEP, SEND, SKIP
from bot.platforms.telegram.sending import ONLY
from bot.platforms.web.drawing import draw
from bot.platforms.web.residents import channels_of
from bot.settings import Settings
from models.channels import ChannelKind
from models.intent import slots_of
from models.outbox import OutboxState, Post, newest_face, post_of_message
from models.questions import OpenForm, open_form
from models.regions import organisation
from models.workspace import BOT
from tests.databases import copy, url_of
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram.deliveries import Webhook
from tests.peers.telegram.model import Chat, Message, User
from tests.peers.telegram.reading import Button, Seen
from tests.peers.telegram.text import cut, units
from tests.stages.company import move_company
from tests.stages.serving import Days, served
from tests.workspace import START, Record, StandingClock, button_of, demo_settings

SECRET = "only-the-two-of-us"
A_WHILE = 20.0
"""Seconds between two things that people do here."""


class TelegramStage:
    """The company in Telegram, with the hands that tests have in the web workspace.

    A form's record is read from the rows, since a chat sees one question of it at a time. The bot hears everything in
    the groups, and everybody has pressed Start.
    """

    platform = "telegram"
    threads, edits, pictures = True, True, True

    def __init__(self, regatta: Regatta, peer: TelegramPeer, clock: StandingClock, users: dict[str, User]) -> None:
        self.regatta, self.peer, self.clock, self.users = regatta, peer, clock, users
        self.url = ""
        self._days = Days(regatta, clock)
        self._places = {channel.id: channel for channel in regatta.directory.now().channels.values()}

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, template: Path, path: Path, at: datetime = START, *, polling: bool = False, token: str | None = None
    ) -> "AsyncIterator[TelegramStage]":
        """Open a copy of a seeded company whose people and channels are in Telegram."""
        async with TelegramPeer.opened() as peer:
            peer.world.bot.sees_all = True
            clock = StandingClock(at)
            users = settle(template, path, peer)
            more = {"telegram_bot_token": token} if token else {}
            regatta = Regatta(settings_of(path, peer, polling=polling, **more), clock)
            pace_by(regatta, peer)
            async with served(regatta) as url:
                if not polling:
                    peer.deliveries.set_webhook(Webhook(f"{url}/telegram/webhook", SECRET))
                stage = cls(regatta, peer, clock, users)
                stage.url = url
                yield stage
                await peer.deliveries.close()

    async def say(
        self, person: str, text: str, channel: str | None = None, thread: str | None = None, key: str | None = None
    ) -> list[Record]:
        """Type a line; in a thread it is a reply to the thread's root."""
        assert key is None, "Telegram makes the keys itself"
        self.peer.clock.advance(A_WHILE)
        before, place = self._newest_post(), self.place(person, channel)
        await self.peer.say(self.users[person], place, text, reply_to=self._root(person, place, thread))
        return await self._replies(person, before)

    async def drop(self, person: str, name: str, content: bytes) -> list[Record]:
        """Send a file to the bot alone."""
        self.peer.clock.advance(A_WHILE)
        before = self._newest_post()
        await self.peer.upload(self.users[person], self.place(person, None), name, content)
        return await self._replies(person, before)

    async def press(
        self, person: str, message: Record, command: str, form: Record | None = None, nth: int = 0
    ) -> list[Record]:
        """Press a message's button by its command's name; with a form, answer its questions and send it."""
        self.peer.clock.advance(A_WHILE)
        before = self._newest_post()
        button = button_of(message, command, nth)
        if form is None:
            await self._touch(person, message, button)
            return await self._replies(person, before)
        opened = None
        if message["form"] is None:
            await self._touch(person, message, button)
            opened = next(one for one in await self._replies(person, before) if one["form"])
            before = self._newest_post()
        await self._fill_in(person, form)
        found = await self._replies(person, before)
        closed = opened["id"] if opened is not None else None
        return [one for one in found if one["id"] != closed or one["form"]]

    async def _touch(self, person: str, message: Record, button: Record) -> None:
        """Press a button as it was when the message was read, whatever the message shows by now."""
        seen = self.seen(person, message)
        face = replace(seen, buttons=[Button(button["label"], 0, button["id"])])
        await self.peer.press(self.users[person], face, button["id"], stale=True)

    async def _fill_in(self, person: str, form: Record) -> None:
        """Answer one question after the other as a person does, and press Send at the end."""
        user = self.users[person]
        chat = self.peer.direct(user)
        while True:
            await self.peer.deliveries.settle()
            await self.peer.world.eventually(lambda: (row := self._open_form(user)) is not None and row.message_id)
            row = self._open_form(user)
            assert row is not None
            question = next(one for one in self.peer.seen_by(user, chat) if str(one.id) == row.message_id)
            labels = {button.data.rpartition(":")[2]: button.data for button in question.buttons if button.data}
            if not row.fields_left:
                await self.peer.press(user, question, labels[SEND])
                return
            await self._answer(user, question, labels, row, form)
            self.peer.clock.advance(A_WHILE)

    async def _answer(self, user: User, question: Seen, labels: dict[str, str], row: OpenForm, form: Record) -> None:
        """Answer a question: choose, leave empty, keep, or type."""
        name = row.fields_left[0]
        value, post = form.get(name), self.rows(lambda session: session.get_one(Post, row.post_id).message.form)
        slot = next(slot for slot in slots_of(post.draft.kind) if slot.name == name)
        options = [value for value, _ in options_of(slot, post)]
        if name not in form:
            await self.peer.press(user, question, labels.get(KEEP) or labels.get(DONE) or labels[SKIP])
        elif value in ("", None):
            await self.peer.press(user, question, labels[SKIP])
        elif isinstance(value, list):
            for each in value:
                await self.peer.press(user, self.peer.now(question), labels[str(options.index(each))])
                await self.peer.deliveries.settle()
            await self.peer.press(user, question, labels[DONE])
        elif value in options:
            await self.peer.press(user, question, labels[str(options.index(value))])
        else:
            await self.peer.say(user, self.peer.direct(user), str(value))

    def _open_form(self, user: User) -> OpenForm | None:
        workspace = str(self.peer.world.bot.user.id)
        row: OpenForm | None = self.rows(lambda session: open_form(session, workspace, str(user.id)))
        return row

    async def read(self, person: str, channel: str | None = None, thread: str | None = None) -> list[Record]:
        """What a person sees in a channel, oldest first: the top level, or one thread's replies."""
        seen = self.peer.seen_by(self.users[person], self.place(person, channel))
        shown = [one for one in seen if str(one.reply_to or "") == (thread or "")]
        return [self._record(person, one, channel or f"dm-{person}") for one in shown]

    async def advance(self, span: str) -> datetime:
        """Move the clock forward by `90m`, `2h`, `3d`, `1w`."""
        return await self._settled(await self._days.advance(span))

    async def move_to(self, instant: str) -> datetime:
        """Move the clock to an instant with its zone."""
        return await self._settled(await self._days.move_to(datetime.fromisoformat(instant)))

    async def settled(self) -> None:
        """Wait until everything was sent or set aside; time goes on for what is tried again."""

        def is_done() -> bool:
            self.clock.at += timedelta(seconds=1)
            self.peer.clock.advance(1)
            self.regatta.delivery.wake()
            return not self.rows(_waiting)

        await self.peer.world.eventually(is_done, within=30)

    def rows(self, work: Any) -> Any:
        """Look at the rows."""
        return self.regatta.store.read(work)

    def place(self, person: str, channel: str | None) -> Chat:
        """The chat behind a channel's name, or a person's own with the bot."""
        known = self._places.get(channel or "")
        if known is None or known.kind is ChannelKind.DIRECT:
            return self.peer.direct(self.users[person])
        return self.peer.chat(int(known.external_id))

    async def _settled(self, now: datetime) -> datetime:
        await self.peer.world.eventually(lambda: not self.rows(_waiting))
        return now

    def _newest_post(self) -> int:
        return int(self.rows(lambda session: session.exec(select(Post.id).order_by(col(Post.id).desc())).first()) or 0)

    async def _replies(self, person: str, before: int) -> list[Record]:
        """What was posted or redrawn since, as far as the person sees it, in the order of the posts."""
        await self.peer.deliveries.settle()
        await self.peer.world.eventually(lambda: not self.rows(_waiting))
        found: dict[tuple[str, str], Record] = {}
        for channel, message_id in self.rows(lambda session: _sent(session, before)):
            record = self._seen(person, channel, message_id)
            if record is not None:
                found.setdefault((channel, message_id), record)
        return list(found.values())

    def _seen(self, person: str, channel: str, message_id: str) -> Record | None:
        place = self.place(self._places[channel].person_id or person, channel)
        number = int(message_id.rpartition(":")[2])
        if message_id.startswith(ONLY):
            place = self.peer.chat(int(message_id.split(":")[1]))
        user = self.users[person]
        seen = self.peer.seen_by(user, place) if user.id in place.members else []
        one = next((each for each in seen if each.id == number), None)
        return None if one is None else self._record(person, one, channel, message_id)

    def seen(self, person: str, record: Record) -> Seen:
        """A record as the person sees it in Telegram."""
        where = record["channel"]
        is_private = where.startswith("dm-") or record["id"].startswith(ONLY)
        place = self.peer.direct(self.users[person]) if is_private else self.place(person, where)
        number = int(record["id"].rpartition(":")[2])
        return next(one for one in self.peer.seen_by(self.users[person], place) if one.id == number)

    def _root(self, person: str, place: Chat, thread: str | None) -> Seen | None:
        seen = self.peer.seen_by(self.users[person], place) if thread else []
        return next((one for one in seen if str(one.id) == thread), None)

    def _record(self, person: str, seen: Seen, channel: str, message_id: str | None = None) -> Record:
        """A message as the workspace's JSON would have it."""
        author = next((name for name, user in self.users.items() if user.id == seen.user), BOT)
        message = self.peer.world.find(seen.chat, seen.id)
        assert message is not None
        lines, fields, table = _words(message)
        post = self.rows(lambda session: _face(session, channel, message_id or str(seen.id)))
        drawn = draw(post.message, Reader(), post.id, "") if post is not None and post.message.form else None
        buttons = [self._button(each.label, each.data) for each in seen.buttons]
        if drawn is not None:
            buttons = [drawn["buttons"][0], *buttons]
        whispered = message_id is not None and message_id.startswith(ONLY)
        return {
            "id": message_id or str(seen.id), "channel": channel,
            "thread": str(seen.reply_to) if seen.reply_to else None, "author": author,
            "text": lines.partition("\n")[2] if whispered else lines, "fields": fields, "table": table,
            "image": seen.photo, "attachment": self._attachment(channel, message_id or str(seen.id), person),
            "buttons": buttons, "form": drawn and drawn["form"],
            "visible_to": person if whispered else None, "edited": seen.is_edited,
        }  # fmt: skip

    def _attachment(self, channel: str, message_id: str, person: str) -> Record | None:
        """The file that stands below a message's words."""
        post = self.rows(lambda session: post_of_message(session, channel, message_id))
        place = self.place(person, channel)
        last = "" if post is None else post.part_ids[-1]
        seen = [one for one in self.peer.seen_by(self.users[person], place) if str(one.id) == last and one.content]
        return {"name": seen[0].file_name, "content": seen[0].content} if seen else None

    def _button(self, label: str, token: str | None) -> Record:
        command, style = self.rows(lambda session: _command(session, token or ""))
        return {"id": token, "label": label, "command": command, "style": style}


def settings_of(path: Path, peer: TelegramPeer, *, polling: bool = False, **more: Any) -> Settings:
    """The settings of an installation whose Telegram is the peer."""
    facts: dict[str, Any] = {
        "_env_file": None, "regatta_database_url": url_of(path), "telegram_api_url": peer.api_url,
        "telegram_bot_token": peer.world.bot.token,
    }  # fmt: skip
    return Settings(**facts | ({} if polling else {"telegram_webhook_secret": SECRET}) | more)


def pace_by(regatta: Regatta, peer: TelegramPeer) -> None:
    """Let the bot wait for its turns on the peer's clock, which that moves: no waiting, and never a 429."""

    async def sleep(seconds: float) -> None:
        peer.clock.advance(seconds)
        await asyncio.sleep(0)

    turns = regatta.delivery._platforms["telegram"].chats.turns  # type: ignore[attr-defined]
    turns.monotonic, turns.sleep = peer.clock.now, sleep


def settle(template: Path, path: Path, peer: TelegramPeer) -> dict[str, User]:
    """Give everybody of the demo an account and every channel a group."""
    copy(template, path)
    demo = Regatta(demo_settings(path), StandingClock(START))
    known, world = demo.directory.now(), peer.world
    users = {person.id: world.add_user(*person.name.split(" ", 1)) for person in known.people.values()}
    for user in users.values():
        world.private(user).started = True
    shared = [channel for channel in known.channels.values() if channel.kind is not ChannelKind.DIRECT]
    places = {
        channel.id: str(
            world.add_supergroup(
                channel.name,
                [users[person.id] for person in known.people.values() if channel in channels_of(known, person)],
            ).id
        )
        for channel in shared
    }
    demo.store.close()
    accounts = {person: str(user.id) for person, user in users.items()}
    move_company(path, "telegram", str(world.bot.user.id), accounts, places)
    return users


def _waiting(session: Session) -> int | None:
    return session.exec(select(Post.id).where(Post.state == OutboxState.WAITING)).first()


def _sent(session: Session, before: int) -> list[tuple[str, str]]:
    query = select(Post.channel_id, Post.message_id).where(col(Post.id) > before, col(Post.message_id).is_not(None))
    return [(channel, message or "") for channel, message in session.exec(query.order_by(col(Post.id)))]


def _face(session: Session, channel: str, message_id: str) -> Post | None:
    """The newest face of a message of the bot's."""
    first = post_of_message(session, channel, message_id)
    return newest_face(session, first) if first is not None else None


def _command(session: Session, token: str) -> tuple[str, str]:
    post_id, position = tokens.verify(organisation(session).button_key, token)
    button = session.get_one(Post, post_id).message.buttons[position]
    return str(button.draft.intent), button.style.value


def _words(message: Message) -> tuple[str, list[Record], Record | None]:
    """The lines of a message, its labelled facts and its table, from the marks in its words."""
    lines, fields, rows = "", list[Record](), list[list[str]]()
    for kind, words in _pieces(message):
        text = words.replace(JOINER, "")
        text = f"`{text}`" if kind == "code" else text
        if kind == "pre":
            rows = [line.split("  ") for line in text.splitlines()]
            rows = [[cell.strip() for cell in line if cell.strip()] for line in rows]
        elif kind == "bold" and text.endswith(":"):
            fields.append({"label": text.removesuffix(":"), "value": ""})
        elif kind == "bold":
            rows = [text.split(" · ")]
        elif rows:
            rows += [line.split(" · ") for line in text.strip("\n").splitlines()]
        elif fields:
            fields[-1]["value"] += text
        else:
            lines += text
    facts = [{"label": each["label"], "value": each["value"].strip()} for each in fields]
    return lines.strip("\n"), facts, {"columns": rows[0], "rows": rows[1:]} if rows else None


def _pieces(message: Message) -> Iterator[tuple[str, str]]:
    """The words of a message, piece by piece, each with what it is marked as."""
    at, end = 0, units(message.text)
    for entity in message.entities:
        if entity["offset"] > at:
            yield "text", cut(message.text, at, entity["offset"] - at)
        yield entity["type"], cut(message.text, entity["offset"], entity["length"])
        at = entity["offset"] + entity["length"]
    if at < end:
        yield "text", cut(message.text, at, end - at)
