"""The things of Telegram, as the peer keeps them. How each looks on the wire is in wire.py."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

ANONYMOUS_ADMIN = 1_087_968_824
"""@GroupAnonymousBot: `from` of whatever an anonymous administrator says; all of them share it."""

CHANNEL_BOT = 136_817_688
"""@Channel_Bot: `from` of whatever is said in a group in the name of a channel."""

GENERAL = 1
"""The topic that every forum has; its messages are no topic messages, and a bot cannot name it."""

COLOUR = 7_322_096
"""icon_color of topics: the first of those that Telegram allows."""


@dataclass
class User:
    """An account. Its id never changes; username and names do, and a username can go to somebody else."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    is_deleted: bool = False

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name


@dataclass
class Member:
    """Somebody's part in a chat: creator, administrator, member, restricted, left or kicked."""

    status: str = "member"
    is_anonymous: bool = False
    can_manage_topics: bool = False
    can_delete_messages: bool = False
    can_send: bool = True
    can_send_media: bool = True

    @property
    def is_in(self) -> bool:
        """Whether they are in the chat now."""
        return self.status not in ("left", "kicked")

    @property
    def is_admin(self) -> bool:
        """Whether they administer it."""
        return self.status in ("creator", "administrator")


@dataclass
class Topic:
    """A topic of a forum; its id is that of the service message which made it."""

    id: int
    name: str
    is_closed: bool = False
    is_deleted: bool = False


@dataclass
class Chat:
    """A private chat, group, supergroup or channel; a forum is a supergroup with topics.

    A private chat has its user's id and is `started` once the user pressed Start; `is_blocked` when they block the bot.
    """

    id: int
    kind: str
    title: str = ""
    username: str | None = None
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    is_forum: bool = False
    started: bool = False
    is_blocked: bool = False
    upgraded_to: int | None = None
    is_gone: bool = False
    last_bot: int | None = None

    @property
    def is_private(self) -> bool:
        """Whether it is one person's chat with the bot."""
        return self.kind == "private"

    @property
    def has_own_ids(self) -> bool:
        """Whether messages are counted here alone; private chats and small groups share the account's count."""
        return self.kind in ("supergroup", "channel")

    @property
    def spoken_kind(self) -> str:
        """The kind as refusals name it: `bot was kicked from the supergroup chat`."""
        return f"{self.kind} chat"

    def member(self, user: int) -> Member:
        """Somebody's part; `left` for those who never came."""
        return self.members.get(user) or Member("left")


@dataclass
class File:
    """Something that was uploaded. The same content always has the same `unique_id`."""

    id: str
    unique_id: str
    name: str
    content: bytes
    mime: str
    path: str
    width: int = 0
    height: int = 0


@dataclass
class Message:
    """A message; `text` is the caption when there is a photo or document, `service` what a service message says."""

    chat: int
    id: int
    date: int
    sender: int | None
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    sender_chat: int | None = None
    photo: File | None = None
    document: File | None = None
    markup: Json | None = None
    reply_to: int | None = None
    thread: int | None = None
    is_topic: bool = False
    forward_origin: Json | None = None
    service: Json | None = None
    edited_at: int | None = None
    album: str | None = None
    no_preview: bool = False
    is_silent: bool = False
    deleted: bool = False
    for_bot: bool = False

    @property
    def file(self) -> File | None:
        """The photo or document."""
        return self.photo or self.document

    @property
    def buttons(self) -> list[list[Json]]:
        """The rows of the inline keyboard."""
        return (self.markup or {}).get("inline_keyboard") or []


@dataclass
class Query:
    """A press on a button: until it is answered, the person sees it spin."""

    id: str
    user: int
    chat: int
    message: int
    data: str
    at: float
    answer: Json | None = None


@dataclass
class Bot:
    """The one bot: Regatta. `sees_all` is privacy mode switched off; `is_revoked` ends its token."""

    user: User
    token: str
    sees_all: bool = False
    is_revoked: bool = False
