"""The hands and eyes of a person: press Start, say, press a button, edit, upload, read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tests.peers.telegram.commands import menu
from tests.peers.telegram.content import LONGEST_TEXT
from tests.peers.telegram.deliveries import Deliveries
from tests.peers.telegram.finding import Finding, Person, Place
from tests.peers.telegram.model import ANONYMOUS_ADMIN, CHANNEL_BOT, GENERAL, Chat, Json, Member, Message, Query, User
from tests.peers.telegram.reading import Seen, in_topic, seen_message
from tests.peers.telegram.telling import Telling
from tests.peers.telegram.text import cleaned, found, ordered, trimmed, units
from tests.peers.telegram.wire import origin_wire

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What a link t.me/BOT?start=... may carry (core.telegram.org/bots/features#deep-linking)."""


@dataclass(frozen=True)
class Pressed:
    """A press: what it opened, or the query that the bot answers in its own time."""

    query: Query | None
    url: str | None = None

    @property
    def is_answered(self) -> bool:
        """Whether the button stopped spinning."""
        return self.query is None or self.query.answer is not None

    @property
    def text(self) -> str:
        """The words that appeared; empty while there are none."""
        return str(self._answer.get("text", ""))

    @property
    def is_alert(self) -> bool:
        """Whether they must be clicked away."""
        return bool(self._answer.get("show_alert"))

    @property
    def _answer(self) -> Json:
        return (self.query.answer if self.query else None) or {}


class Hands(Finding):
    """What people do. With a webhook everything waits for the bot's first answer, and never raises because of it."""

    deliveries: Deliveries
    telling: Telling

    def _present(self, who: Person, where: Place) -> tuple[User, Chat, Member]:
        user, chat = self.user(who), self.chat(where)
        part = chat.member(user.id)
        if user.is_deleted:
            raise PermissionError(f"{user.first_name} is deactivated")
        if chat.is_gone or not part.is_in:
            raise PermissionError(f"{user.first_name} is not in {chat.title or chat.id}")
        if chat.is_private and not chat.started:
            raise PermissionError(f"{user.first_name} has not pressed Start")
        return user, chat, part

    def _writing(self, who: Person, where: Place) -> tuple[User, Chat, Json]:
        """Who writes where, and in whose name: an anonymous administrator and a channel's post have no person."""
        user, chat, part = self._present(who, where)
        if chat.upgraded_to is not None:
            raise PermissionError(f"{chat.title} became a supergroup")
        if chat.kind == "channel":
            if not part.is_admin:
                raise PermissionError(f"{user.first_name} does not administer {chat.title}")
            return user, chat, {"sender": None, "sender_chat": chat.id}
        if part.is_anonymous:
            return user, chat, {"sender": ANONYMOUS_ADMIN, "sender_chat": chat.id}
        return user, chat, {"sender": user.id}

    def _topic(self, chat: Chat, part: Member, topic: int | None) -> Json:
        if not chat.is_forum:
            return {}
        place = chat.topics[topic or GENERAL]
        if place.is_deleted or (place.is_closed and not part.can_manage_topics):
            raise PermissionError(f"topic {place.name} is closed")
        return {"thread": topic, "is_topic": True} if topic and topic != GENERAL else {}

    # Doing

    async def start(self, who: Person, payload: str | None = None) -> Seen:
        """Press Start, by a link t.me/BOT?start=PAYLOAD or without one; this unblocks the bot too."""
        if payload is not None and not _PAYLOAD.fullmatch(payload):
            raise ValueError("a payload is up to 64 of A-Z, a-z, 0-9, _ and -")
        user, chat = self.user(who), self.direct(who)
        chat.started = True
        if chat.is_blocked:
            await self.unblock(user)
        return await self.say(user, chat, f"/start {payload}" if payload else "/start")

    async def unblock(self, who: Person) -> None:
        """Let the bot write again; it is told by my_chat_member."""
        user, chat = self.user(who), self.direct(who)
        chat.is_blocked = False
        await self.telling.member(chat, self.world.bot.user, user, Member("kicked"), Member())

    async def say(
        self,
        who: Person,
        where: Place,
        text: str,
        reply_to: Seen | None = None,
        topic: int | None = None,
        calling: Sequence[User] = (),
        as_channel: Place | None = None,
    ) -> Seen:
        """Type a message; `@username` mentions, and `calling` makes a mention of each full name in the text.

        What is longer than a message is sent in several, as clients do it; the first one is returned.
        """
        user, chat, sender = self._writing(who, where)
        if as_channel is not None:
            sender = {"sender": CHANNEL_BOT, "sender_chat": self.chat(as_channel).id}
        first, *more = [text[at : at + LONGEST_TEXT] for at in range(0, len(text), LONGEST_TEXT)] or [""]
        fields = sender | self._topic(chat, chat.member(user.id), topic)
        if reply_to:
            fields["reply_to"] = reply_to.id
        message = self._post(chat, first, calling, **fields)
        await self.telling.message(message)
        for part in more:
            await self.telling.message(self._post(chat, part, calling, **fields))
        return seen_message(self.world, message, user)

    def _post(self, chat: Chat, text: str, calling: Sequence[User] = (), **fields: object) -> Message:
        words = cleaned(text)
        mentions = [
            {"type": "text_mention", "offset": units(words[: words.index(each.full_name)]),
             "length": units(each.full_name), "user": {"id": each.id}}
            for each in calling
        ]  # fmt: skip
        kept, mentions = trimmed(words, mentions)
        if not kept and "photo" not in fields and "document" not in fields:
            raise ValueError("an empty message cannot be sent")
        return self.world.post(chat, text=kept, entities=ordered([*mentions, *found(kept, mentions)]), **fields)  # type: ignore[arg-type]

    async def press(self, who: Person, message: Seen, label: str, *, stale: bool = False) -> Pressed:
        """Press a button of a message's present face, or with `stale` one that was there when the message was read."""
        user, chat, _ = self._present(who, message.chat)
        current = self.world.find(chat.id, message.id)
        if current is None and not stale:
            raise LookupError("the message is not there any more")
        face = message if stale or current is None else seen_message(self.world, current, user)
        button = face.button(label)
        if button.url:
            return Pressed(None, button.url)
        gone = Message(chat.id, message.id, 0, None)
        query = self.world.add_query(user, current or gone, button.data or "")
        await self.telling.query(query)
        return Pressed(query)

    async def edit(self, who: Person, message: Seen, text: str) -> Seen:
        """Edit one's own message or caption; the bot hears edited_message."""
        user, _, sender = self._writing(who, message.chat)
        current = self.world.find(message.chat, message.id)
        if current is None or current.sender != sender["sender"]:
            raise PermissionError("that is not their message")
        kept, _ = trimmed(cleaned(text), [])
        current.text, current.entities, current.edited_at = kept, found(kept), self.world.now()
        self.world.touch()
        await self.telling.message(current, edited=True)
        return seen_message(self.world, current, user)

    async def unsay(self, who: Person, message: Seen) -> None:
        """Delete one's own message. Telegram tells bots nothing of it."""
        _, _, sender = self._writing(who, message.chat)
        current = self.world.find(message.chat, message.id)
        if current is None or current.sender != sender["sender"]:
            raise PermissionError("that is not their message")
        current.deleted = True
        self.world.touch()

    async def upload(
        self,
        who: Person,
        where: Place,
        name: str,
        content: bytes,
        caption: str = "",
        *,
        as_photo: bool = False,
        reply_to: Seen | None = None,
        topic: int | None = None,
    ) -> Seen:
        """Send a file, or with `as_photo` a picture that Telegram shows at once."""
        user, chat, sender = self._writing(who, where)
        fields = (
            sender | self._topic(chat, chat.member(user.id), topic) | {"reply_to": reply_to.id if reply_to else None}
        )
        fields["photo" if as_photo else "document"] = self.world.add_file(name, content, is_photo=as_photo)
        message = self._post(chat, caption, **fields)
        await self.telling.message(message)
        return seen_message(self.world, message, user)

    async def forward(self, who: Person, message: Seen, where: Place) -> Seen:
        """Forward a message: it is the forwarder's, and says whose words they were."""
        user, chat, sender = self._writing(who, where)
        source = self.world.find(message.chat, message.id)
        if source is None:
            raise LookupError("the message is not there any more")
        copy = self.world.post(
            chat, text=source.text, entities=source.entities, photo=source.photo, document=source.document,
            forward_origin=source.forward_origin or origin_wire(self.world, source), **sender,
        )  # fmt: skip
        await self.telling.message(copy)
        return seen_message(self.world, copy, user)

    # Reading

    def seen_by(self, who: Person, where: Place, topic: int | None = None) -> list[Seen]:
        """What somebody sees in a chat or in one topic of it, oldest first."""
        user, chat = self.user(who), self.chat(where)
        if not chat.member(user.id).is_in:
            return []
        messages = [each for each in self.world.messages[chat.id] if not each.deleted]
        return [seen_message(self.world, each, user) for each in messages if in_topic(self.world, each, chat, topic)]

    def now(self, message: Seen) -> Seen:
        """A message's present face; raises LookupError when it was deleted."""
        current = self.world.find(message.chat, message.id)
        if current is None:
            raise LookupError("the message was deleted")
        return seen_message(self.world, current)

    def commands_for(self, who: Person, where: Place) -> dict[str, str]:
        """The menu that somebody sees in a chat: commands and what they say of themselves."""
        return {each["command"]: each["description"] for each in menu(self.world, self.user(who), self.chat(where))}
