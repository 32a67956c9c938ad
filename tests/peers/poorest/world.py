"""Who is in the poorest chat, what was said there, and what a robot may say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.peers.changes import Changes
from tests.peers.clock import Clock

ROBOT = "Regatta"
LONGEST_TEXT = 2_048
MOST_BUTTONS, LONGEST_LABEL, LONGEST_VALUE = 6, 40, 64
MOST_A_MINUTE = 20
_KNOWN = frozenset({"chat", "text", "buttons", "call"})
_ALIVE = re.compile(
    r"https?://\S+|www\.\w\S*"  # addresses
    r"|(?<![\w.@])[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}"  # domains
    r"|@\w+",  # mentions
    re.IGNORECASE,
)


class RefusedError(Exception):
    """Raised for what a robot may not do; `status` is HTTP's."""

    def __init__(self, status: int, code: str, **more: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.more = status, code, more


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: its label, and what the robot is told."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it stands there for good: `user` is none for the robot's, `calls` are who is called by it."""

    id: str
    chat: str
    user: str | None
    text: str
    buttons: tuple[Button, ...] = ()
    calls: tuple[str, ...] = ()

    @property
    def alive(self) -> list[str]:
        """What the chat makes of the words: links and mentions."""
        return _ALIVE.findall(self.text)


@dataclass
class Chat:
    """A group, or one person's chat with the robot: `opened` once the person wrote there."""

    id: str
    members: set[str]
    is_group: bool = True
    opened: bool = True
    said: list[Said] = field(default_factory=list)


class World(Changes):
    """Everything in the chat."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.token = self.secret("token")
        self.users: dict[str, str] = {}
        self.chats: dict[str, Chat] = {}
        self.sent_at: list[float] = []
        self._last = 0

    def add_user(self, name: str) -> str:
        """Somebody new; their chat with the robot is there once they write."""
        user = f"u{len(self.users) + 1}"
        self.users[user] = name
        self.chats[user] = Chat(user, {user}, is_group=False, opened=False)
        return user

    def add_group(self, members: Sequence[str]) -> str:
        """A group with the robot in it."""
        chat = f"g{len(self.chats) + 1}"
        self.chats[chat] = Chat(chat, set(members))
        return chat

    def put(self, chat: Chat, user: str | None, text: str, **more: Any) -> Said:
        """Put a message into a chat."""
        self._last += 1
        said = Said(str(self._last), chat.id, user, text, **more)
        chat.said.append(said)
        self.touch()
        return said

    def hears(self, chat: Chat, text: str) -> bool:
        """Whether the robot is told of what a person wrote: in a group only what calls it."""
        return not chat.is_group or f"@{ROBOT}" in text

    def send(self, body: dict[str, Any]) -> Said:
        """What the robot says; raise RefusedError for what it may not."""
        chat, text = self.chats.get(body.get("chat", "")), body.get("text", "")
        buttons = tuple(Button(**each) for each in body.get("buttons", ()))
        calls = tuple(body.get("call", ()))
        if not body.keys() <= _KNOWN:
            raise RefusedError(400, "not_possible_here", what=sorted(body.keys() - _KNOWN))
        if chat is None:
            raise RefusedError(404, "no_such_chat")
        if not chat.opened:
            raise RefusedError(403, "never_wrote")
        if not text.strip() or len(text.encode()) > LONGEST_TEXT:
            raise RefusedError(400, "text_empty_or_too_long", bytes=len(text.encode()))
        if len(buttons) > MOST_BUTTONS or any(_is_too_long(button) for button in buttons):
            raise RefusedError(400, "bad_buttons")
        if not set(calls) <= chat.members:
            raise RefusedError(400, "nobody_to_call")
        now = self.clock.now()
        self.sent_at = [at for at in self.sent_at if at > now - 60]
        if len(self.sent_at) >= MOST_A_MINUTE:
            raise RefusedError(429, "too_many", retry_after=self.sent_at[0] + 60 - now)
        self.sent_at.append(now)
        return self.put(chat, None, text, buttons=buttons, calls=calls)


def _is_too_long(button: Button) -> bool:
    return not 0 < len(button.label) <= LONGEST_LABEL or not 0 < len(button.value.encode()) <= LONGEST_VALUE
