"""What a person sees of a message: words, what stands out in them, buttons, pictures."""

from dataclasses import dataclass
from typing import Any

from tests.peers.telegram.model import GENERAL, Chat, Message, User
from tests.peers.telegram.text import cut
from tests.peers.telegram.world import World

SAID = {
    "new_chat_members": "joined", "left_chat_member": "left", "migrate_to_chat_id": "made this a supergroup",
    "migrate_from_chat_id": "this was a group", "forum_topic_created": "made the topic",
    "forum_topic_closed": "closed the topic", "forum_topic_reopened": "opened the topic again",
}  # fmt: skip
"""What clients show of service messages."""


@dataclass(frozen=True)
class Span:
    """Words that stand out: bold, a link, a mention. `target` is where a link leads, `start` as Telegram counts."""

    kind: str
    text: str
    start: int
    target: str | None = None


@dataclass(frozen=True)
class Button:
    """A button, its row counted from 0, and what a press does."""

    label: str
    row: int
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Seen:
    """A message as somebody sees it. `text` is plain: what stands out in it is in `spans`.

    `links` are all addresses that can be tapped, `mentions` the words that look like a mention, `calls` the ids of
    those whom they really call, `preview` the link that is shown large.
    """

    chat: int
    id: int
    author: str
    user: int | None
    text: str
    spans: list[Span]
    links: list[str]
    mentions: list[str]
    calls: list[int]
    buttons: list[Button]
    photo: bytes | None
    file_name: str | None
    content: bytes | None
    reply_to: int | None
    topic: int | None
    preview: str | None
    wants_reply: bool
    is_edited: bool
    is_silent: bool
    is_service: bool

    def button(self, label: str) -> Button:
        """The button with a label or its data; raises LookupError when there is none."""
        for button in self.buttons:
            if label in (button.label, button.data):
                return button
        raise LookupError(f"no button {label!r}, only {[button.label for button in self.buttons]}")

    def standing_out(self, kind: str) -> list[str]:
        """The words of one kind: `bold`, `italic`, `code`, `pre`, `bot_command`, ..."""
        return [span.text for span in self.spans if span.kind == kind]


def seen_message(world: World, message: Message, reader: User | None = None) -> Seen:
    """A message's present face; a reader decides whether an answer is wanted from them."""
    spans = [_span(message.text, entity) for entity in message.entities]
    links = [span.target for span in spans if span.target and span.kind != "text_mention"]
    preview = next((span.target for span in spans if span.kind in ("url", "text_link")), None)
    file = message.file
    return Seen(
        chat=message.chat, id=message.id, author=author(world, message), user=message.sender,
        text=spoken(message), spans=spans, links=links,
        mentions=[span.text for span in spans if span.kind in ("mention", "text_mention")],
        calls=called(world, message), buttons=_buttons(message), photo=message.photo.content if message.photo else None,
        file_name=file.name if file else None, content=file.content if file else None, reply_to=message.reply_to,
        topic=topic_of(world, message), preview=None if message.no_preview else preview,
        wants_reply=_wants_reply(world, message, reader), is_edited=message.edited_at is not None,
        is_silent=message.is_silent, is_service=message.service is not None,
    )  # fmt: skip


def author(world: World, message: Message) -> str:
    """Whose name stands above a message."""
    if message.sender_chat is not None:
        return world.chats[message.sender_chat].title
    user = world.users.get(message.sender or 0)
    return user.full_name if user else ""


def topic_of(world: World, message: Message) -> int | None:
    """The topic of a forum that a message is in."""
    if not world.chats[message.chat].is_forum:
        return None
    return message.thread if message.is_topic else GENERAL


def spoken(message: Message) -> str:
    """The words of a message, or what a service message says."""
    return message.text or " ".join(SAID.get(name, name) for name in message.service or {})


def called(world: World, message: Message) -> list[int]:
    """Whom a message calls: an existing username, or a person by id."""
    found = []
    for entity in message.entities:
        if entity["type"] == "text_mention":
            found.append(int(entity["user"]["id"]))
        if entity["type"] == "mention":
            named = world.named(cut(message.text, entity["offset"], entity["length"]))
            found += [named.id] if isinstance(named, User) else []
    return found


def in_topic(world: World, message: Message, chat: Chat, topic: int | None) -> bool:
    """Whether a message belongs to a topic; to all of them when none is named."""
    return topic is None or not chat.is_forum or topic_of(world, message) == topic


def _span(text: str, entity: dict[str, Any]) -> Span:
    start, kind = entity["offset"], entity["type"]
    words = cut(text, start, entity["length"])
    if kind == "text_mention":
        return Span(kind, words, start, str(entity["user"]["id"]))
    target = words if kind in ("url", "email") else entity.get("url")
    return Span(kind, words, start, target)


def _buttons(message: Message) -> list[Button]:
    return [
        Button(button["text"], row, button.get("callback_data"), button.get("url"))
        for row, buttons in enumerate(message.buttons)
        for button in buttons
    ]


def _wants_reply(world: World, message: Message, reader: User | None) -> bool:
    """ForceReply: with `selective` only from those who are called or replied to."""
    markup = message.markup or {}
    if not markup.get("force_reply"):
        return False
    replied = world.find(message.chat, message.reply_to) if message.reply_to else None
    meant = [*called(world, message), replied.sender if replied else None]
    return not markup.get("selective") or (reader is not None and reader.id in meant)
