"""Ask for a form in a person's own chat with the bot: a question, its answer, the next one, and at the end Send.

Every answer is kept, with its delivery's key, before the next question goes out: a restart asks on where it stopped.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import structlog
from sqlmodel import Session, col, select
from telegram.error import RetryAfter, TelegramError

from bot import tokens
from bot.answering import Answer
from bot.directory import Directory
from bot.dispatch import Dispatch
from bot.due import reader_of
from bot.platforms.base import Incoming, Outgoing, Place, Press
from bot.platforms.telegram.chats import Chats, Face, seconds_of
from bot.platforms.telegram.drawing import Part, Pen
from bot.platforms.telegram.questions import CANCEL, DONE, KEEP, SEND, SKIP, Asked
from bot.platforms.telegram.reading import PLATFORM, Spoken
from models.channels import Channel, ChannelKind
from models.inbox import Delivery, Outcome, find_delivery
from models.outbox import Post
from models.questions import OpenForm, begin, close, open_form
from models.store import Store
from models.text import Text
from models.unit import Unit, put

log = structlog.get_logger()

T = TypeVar("T")

TRIES = 5


@dataclass
class Asking:
    """The forms that are asked for at the moment, one a chat."""

    chats: Chats
    store: Store
    directory: Directory
    workspace: str
    button_key: Callable[[], str]
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    def chat_of(self, outgoing: Outgoing) -> str | None:
        """The chat in which a post's form is asked for; none for a post that several people see."""
        channel = outgoing.channel
        if channel.kind is ChannelKind.DIRECT:
            return channel.external_id
        if outgoing.visible_to is None:
            return None
        return self.directory.now().accounts.get((PLATFORM, self.workspace, outgoing.visible_to))

    def follow(self, unit: Unit, outgoing: Outgoing, chat: str) -> None:
        """In the unit of work that confirms a post: begin to ask for its form, or end one that it closed."""
        post, form = unit.get_one(Post, outgoing.post_id), outgoing.message.form
        if form is None:
            close(unit, self.workspace, chat, post)
        else:
            wrong = {name for name, _ in form.errors}
            begin(unit, self.workspace, chat, post, [name for name in form.ask if name in wrong or not wrong])

    def form_of(self, chat: str) -> OpenForm | None:
        """The form that a chat is asked about."""
        return self.store.read(lambda session: _detached(session, open_form(session, self.workspace, chat)))

    async def resume(self) -> None:
        """Ask the questions that were not asked before the process ended."""
        rows = self.store.read(_unasked(self.workspace))
        for chat in rows:
            await self.ask(chat)

    async def ask(self, chat: str) -> None:
        """Ask the open question of a chat, unless it was asked; a fault is tried again a few times."""
        async with self._locks.setdefault(chat, asyncio.Lock()):
            for number in range(TRIES):
                asked = self._asked(chat)
                if asked is None or asked.row.message_id is not None:
                    return
                try:
                    sent = await self.chats.at(chat).say(Face(asked.draw()))
                except RetryAfter as error:
                    await asyncio.sleep(seconds_of(error))
                except TelegramError as error:
                    log.warning("a question was not asked", reason=type(error).__name__)
                    await asyncio.sleep(2.0**number)
                else:
                    noted = self.store.write(self._noting(chat, asked.row, sent), repeatable=True)
                    await asyncio.wrap_future(noted)
                    return

    async def typed(self, spoken: Spoken, dispatch: Dispatch) -> Answer:
        """Take a typed line as the answer to the open question; what it leads to is answered once it was sent."""
        asked = self._asked(spoken.incoming.user)
        slot = asked.open if asked is not None else None
        if asked is not None and slot is not None and asked.row.is_answered_by_words:
            await self._move(spoken, dispatch, asked, {slot.name: spoken.incoming.text or ""})
        return Answer("")

    async def pressed(self, spoken: Spoken, dispatch: Dispatch) -> Answer:
        """Take a press on a question's button; the answer of what was done when the form was sent."""
        chat, press, nothing = spoken.incoming.user, spoken.incoming.press, Answer("")
        asked = self._asked(chat)
        found = asked.answer_of(press.token) if asked is not None and press is not None else None
        if asked is None or found is None:
            return nothing
        name, what = found
        if what == SEND and not name:
            return await self._send(spoken, dispatch, asked)
        if what == CANCEL:
            await self._cancel(asked)
        elif not name or what == SEND:
            return nothing
        elif what in (KEEP, DONE):
            await self._move(spoken, dispatch, asked, {name: asked.chosen(name)} if what == DONE else {})
        elif what == SKIP:
            await self._move(spoken, dispatch, asked, {name: None})
        else:
            await self._choose(spoken, dispatch, asked, name, what)
        return nothing

    async def _choose(self, spoken: Spoken, dispatch: Dispatch, asked: Asked, name: str, what: str) -> None:
        value = asked.value_of(name, what)
        if value is None:
            return
        if not asked.is_several(name):
            await self._move(spoken, dispatch, asked, {name: value})
            return
        chosen = asked.chosen(name)
        now = [one for one in chosen if one != value] if value in chosen else [*chosen, value]
        await self._move(spoken, dispatch, asked, {name: now}, stays=True)

    async def _move(
        self, spoken: Spoken, dispatch: Dispatch, asked: Asked, answers: dict[str, object], *, stays: bool = False
    ) -> None:
        """Keep an answer once, and go on to the next question; with `stays` the same one shows what is chosen."""
        incoming, before = spoken.incoming, asked.row

        def work(unit: Unit) -> bool:
            known = find_delivery(unit, PLATFORM, incoming.workspace, incoming.key)
            if known is not None and known.outcome is not Outcome.FAILED:
                return False
            if known is None:
                put(unit, _delivery(dispatch, incoming))
            else:
                known.outcome = Outcome.DONE
            row = open_form(unit, self.workspace, before.chat)
            if row is None or (row.post_id, row.left) != (before.post_id, before.left):
                return False  # somebody was faster
            row.move(row.fields_left if stays else row.fields_left[1:], row.answers | answers)
            row.message_id = before.message_id if stays else None
            unit.add(row)
            return True

        if await asyncio.wrap_future(self.store.write(work)):
            await self._redraw(before, None if stays else before.fields_left[0])
        await self.ask(before.chat)

    async def _redraw(self, before: OpenForm, answered: str | None) -> None:
        """Show in a question what was answered or chosen; when that fails it is no loss."""
        asked = self._asked(before.chat)
        if asked is None or before.message_id is None:
            return
        part = asked.draw() if answered is None else asked.draw_answered(answered)
        await self._face(before, part)

    async def _face(self, row: OpenForm, part: Part) -> None:
        try:
            await self.chats.at(row.chat).redraw(row.message_id or "0", Face(part), part)
        except TelegramError as error:
            log.info("a question was not redrawn", reason=type(error).__name__)

    async def _cancel(self, asked: Asked) -> None:
        row = asked.row

        def work(unit: Unit) -> None:
            found = open_form(unit, self.workspace, row.chat)
            if found is not None and found.post_id == row.post_id:
                unit.delete(found)

        await asyncio.wrap_future(self.store.write(work))
        words = list(asked.pen.lines([Text("Cancelled; nothing was sent.")]))
        await self._face(row, Part("".join(piece.html for piece in words)))

    async def _send(self, spoken: Spoken, dispatch: Dispatch, asked: Asked) -> Answer:
        """Send the form as if it was filled in where its post stands."""
        row, incoming = asked.row, spoken.incoming
        post, channel = self._post_of(row)
        press = Press(tokens.sign(self.button_key(), row.post_id, 0), row.answers)
        place = Place(channel.external_id, post.thread)
        body = f"{incoming.body} {row.entered}"
        sent = Incoming(incoming.key, PLATFORM, incoming.workspace, incoming.user, place, body, press=press)

        def spent(unit: Unit, _event_id: str) -> None:
            found = open_form(unit, self.workspace, row.chat)
            if found is not None and found.post_id == row.post_id:
                unit.delete(found)

        answer = await dispatch.take(sent, spent)
        await self._face(row, Part(asked.draw().html))
        return answer

    def _post_of(self, row: OpenForm) -> tuple[Post, Channel]:
        post = self.store.read(lambda session: _detached(session, session.get_one(Post, row.post_id)))
        return post, self.directory.now().channels[post.channel_id]

    def _asked(self, chat: str) -> Asked | None:
        row = self.form_of(chat)
        if row is None:
            return None
        post, channel = self._post_of(row)
        reader = reader_of(self.directory.now(), channel, post.visible_to)
        return Asked(row, post.message, Pen(reader, str, lambda _: None))

    def _noting(self, chat: str, asked: OpenForm, sent: str) -> Callable[[Unit], None]:
        def work(unit: Unit) -> None:
            row = open_form(unit, self.workspace, chat)
            if row is not None and (row.post_id, row.left) == (asked.post_id, asked.left):
                row.message_id = sent
                unit.add(row)

        return work


def _detached(session: Session, row: T) -> T:
    if row is not None:
        session.expunge(row)
    return row


def _unasked(workspace: str) -> Callable[[Session], list[str]]:
    query = select(OpenForm.chat).where(OpenForm.workspace == workspace, col(OpenForm.message_id).is_(None))
    return lambda session: list(session.exec(query))


def _delivery(dispatch: Dispatch, incoming: Incoming) -> Delivery:
    return Delivery(
        event_id=dispatch.new_id(), platform=PLATFORM, workspace=incoming.workspace, key=incoming.key,
        body_hash=incoming.body_hash, received_at=dispatch.clock.now(), outcome=Outcome.DONE,
    )  # fmt: skip
