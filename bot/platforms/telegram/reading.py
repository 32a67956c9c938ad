"""Read Telegram's updates: what a person typed or pressed becomes an Incoming, in neutral terms.

Edits, channels, and whoever has no account of their own (other bots, anonymous administrators, senders in a channel's
name) have no effect.
"""

import json
from dataclasses import dataclass
from typing import Any, Protocol

from telegram import CallbackQuery, Message, MessageEntity, Update, User
from telegram.constants import ChatType

from bot.platforms.base import Incoming, Place, Press

PLATFORM = "telegram"
BOT = "@regatta"
ANONYMOUS_ADMIN = 1_087_968_824
"""core.telegram.org/bots/api#message: `from` of what is said in a group's own name; they all share it."""
ALLOWED = ("message", "callback_query")
"""The kinds of update that are asked for (core.telegram.org/bots/api#getupdates)."""

TOPIC = "topic:"
"""How a thread begins that is a topic of a forum: `topic:ID`."""


class Known(Protocol):
    """What the installation knows about places."""

    def is_channel(self, place: str) -> bool:
        """Whether a chat, or a topic of one, is a channel."""
        ...

    def root_of(self, place: Place, message: str) -> str | None:
        """The root of the thread that a message of the bot's belongs to; none for a person's words."""
        ...


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that stands at Telegram: how to ask for it, its name, and its bytes where Telegram says how many."""

    id: str
    name: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Spoken:
    """What somebody did: whether only they see the place, whether the bot was meant, and which press to answer.

    `upload` is a file that was sent to the bot alone.
    """

    incoming: Incoming
    direct: bool = False
    addressed: bool = False
    query: str | None = None
    message: str | None = None
    upload: Upload | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """The bot's own account: its id, which is also the workspace's, and the name it is called by."""

    id: str
    username: str


def read_update(update: Update, bot: Account, known: Known) -> Spoken | None:
    """Read an update; none for what has no effect."""
    if update.callback_query is not None:
        return _read_press(update.update_id, update.callback_query, bot, known)
    if update.message is not None:
        return _read_message(update.update_id, update.message, bot, known)
    return None


def _read_message(number: int, message: Message, bot: Account, known: Known) -> Spoken | None:
    user, text, direct = message.from_user, message.text or message.caption or "", message.chat.type == ChatType.PRIVATE
    upload = _upload(message) if direct else None
    if not (text or upload) or not _is_person(user) or message.sender_chat is not None or user is None:
        return None
    said, addressed = _words(message, text, bot)
    if said is None:
        return None
    place = _place(message, known)
    covers = {"chat": message.chat.id, "message": message.message_id, "user": user.id, "text": text}
    covered = _body(covers if upload is None else covers | {"file": upload.name, "size": upload.size})
    incoming = Incoming(str(number), PLATFORM, bot.id, str(user.id), place, covered, text=said)
    return Spoken(incoming, direct, direct or addressed, upload=upload)


def _upload(message: Message) -> Upload | None:
    """The file of a message; none for a moving picture, which comes as a file too."""
    file = message.document
    if file is None or message.animation is not None:
        return None
    return Upload(file.file_id, file.file_name or "?", file.file_size)


def _read_press(number: int, query: CallbackQuery, bot: Account, known: Known) -> Spoken | None:
    """Read a pressed button. Its message may be too old to be shown; the token still says which one it was."""
    shown, user = query.message, query.from_user
    if shown is None or not query.data or not _is_person(user):
        return None
    direct = shown.chat.type == ChatType.PRIVATE
    place = _place(shown, known) if isinstance(shown, Message) else Place(str(shown.chat.id))
    own = known.root_of(Place(place.channel), str(shown.message_id))
    if own is not None and own != str(shown.message_id):
        place = Place(place.channel, own)
    covered = _body({"user": user.id, "query": query.id, "data": query.data})
    incoming = Incoming(str(number), PLATFORM, bot.id, str(user.id), place, covered, press=Press(query.data))
    return Spoken(incoming, direct, addressed=True, query=query.id, message=str(shown.message_id))


def _is_person(user: User | None) -> bool:
    return user is not None and not user.is_bot and user.id != ANONYMOUS_ADMIN


def _place(message: Message, known: Known) -> Place:
    """Where it was said: a topic that is no channel of its own is a thread of its group's; a reply is in its card's.

    Supergroups number a thread of replies too (`message_thread_id`), which is no topic: by it a reply to a person's
    words finds the card that those were a reply to.
    """
    chat, thread, target = str(message.chat.id), message.message_thread_id, message.reply_to_message
    is_topic = bool(message.is_topic_message and thread)
    channel, around = f"{chat}:{thread}" if is_topic else chat, None
    if is_topic and known.is_channel(chat) and not known.is_channel(channel):
        channel, around = chat, f"{TOPIC}{thread}"
    if target is None or (is_topic and target.message_id == thread):
        return Place(channel, around)
    root = known.root_of(Place(channel), str(target.message_id))
    if root is None and thread and not is_topic:
        root = known.root_of(Place(channel), str(thread)) or str(thread)
    return Place(channel, root or around)


def _words(message: Message, text: str, bot: Account) -> tuple[str | None, bool]:
    """The words as the grammar reads them, and whether they call the bot; none for another bot's command.

    A command's `@regatta_bot` goes, a mention of the bot becomes its name here, a mention of a person `<@id>`.
    """
    raw, addressed = text.encode("utf-16-le"), False
    marked = message.entities if message.text else message.caption_entities
    for entity in sorted(marked, key=lambda each: each.offset, reverse=True):
        begin, end = entity.offset * 2, (entity.offset + entity.length) * 2
        words = raw[begin:end].decode("utf-16-le", "replace")
        put: str | None = None
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
            command, at, named = words.partition("@")
            if at and named.casefold() != bot.username.casefold():
                return None, False
            put, addressed = command.replace("_", " "), True  # `/policy_new`: a name has no space
        elif entity.type == MessageEntity.MENTION and words.casefold() == f"@{bot.username}".casefold():
            put, addressed = BOT, True
        elif entity.type == MessageEntity.TEXT_MENTION and entity.user is not None:
            is_bot = str(entity.user.id) == bot.id
            put, addressed = (BOT if is_bot else f"<@{entity.user.id}>"), addressed or is_bot
        if put is not None:
            raw = raw[:begin] + put.encode("utf-16-le") + raw[end:]
    said = raw.decode("utf-16-le", "replace")
    return ("/help" if said.strip() == "/start" else said), addressed


def _body(facts: dict[str, Any]) -> str:
    return json.dumps(facts, sort_keys=True, ensure_ascii=False)
