"""What is the case: people, chats, messages, files. Nothing here speaks over the network."""

import base64
import hashlib
import mimetypes
from collections.abc import Iterable

from tests.peers.changes import Changes
from tests.peers.clock import Clock
from tests.peers.telegram.model import (
    ANONYMOUS_ADMIN,
    CHANNEL_BOT,
    GENERAL,
    Bot,
    Chat,
    File,
    Json,
    Member,
    Message,
    Query,
    Topic,
    User,
)
from tests.peers.telegram.picture import size_of

CREATED = 1
"""The number of the message about a chat's creation, which the bot never saw."""


class World(Changes):
    """Everybody and everything that the one bot can meet."""

    def __init__(self, clock: Clock, username: str = "regatta_bot") -> None:
        super().__init__()
        self.clock = clock
        self._made = 0
        self._ids: dict[int, int] = {}
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.messages: dict[int, list[Message]] = {}
        self._by_id: dict[tuple[int, int], Message] = {}
        self.files: dict[str, File] = {}
        self.queries: dict[str, Query] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.add_user("Group", username="GroupAnonymousBot", is_bot=True, number=ANONYMOUS_ADMIN)
        self.add_user("Channel", username="Channel_Bot", is_bot=True, number=CHANNEL_BOT)
        user = self.add_user("Regatta", username=username, is_bot=True)
        self.bot = Bot(user, self._token(user.id))

    def number(self, name: str) -> int:
        """Ten digits that are the same in every run; more than 32 bits, as real ids are."""
        return 5_000_000_000 + int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") % 3_000_000_000

    def token_of(self, name: str) -> str:
        """Something random in base64url, the same in every run."""
        return base64.urlsafe_b64encode(hashlib.sha256(f"token/{name}".encode()).digest()).decode().rstrip("=")

    def _token(self, user: int) -> str:
        return f"{user}:AA{self.token_of('bot')[:33]}"

    def now(self) -> int:
        """The whole seconds of the peer's clock, as messages are dated."""
        return int(self.clock.now())

    # People and places

    def add_user(
        self,
        first_name: str,
        last_name: str | None = None,
        *,
        username: str | None = None,
        language_code: str | None = "en",
        is_bot: bool = False,
        number: int | None = None,
    ) -> User:
        """Add an account. Nobody needs a username; it is at least five characters where there is one."""
        ident = number or self.number(f"{first_name}/{last_name}/{username}")
        user = User(ident, first_name, last_name, username, None if is_bot else language_code, is_bot)
        self.users[ident] = user
        return user

    def private(self, user: User) -> Chat:
        """A person's chat with the bot, made when there is none; not started by that."""
        return self.chats.get(user.id) or self._add(Chat(user.id, "private", members={user.id: Member()}))

    def add_group(
        self, title: str, members: Iterable[User] = (), *, owner: User | None = None, with_bot: bool = True
    ) -> Chat:
        """Add a small group: its id is short and changes when it becomes a supergroup."""
        return self._add(self._chat(-self.number(title) // 2, "group", title, members, owner, with_bot=with_bot))

    def add_supergroup(
        self,
        title: str,
        members: Iterable[User] = (),
        *,
        owner: User | None = None,
        username: str | None = None,
        is_forum: bool = False,
        with_bot: bool = True,
    ) -> Chat:
        """Add a supergroup; a forum has the topic General."""
        ident = -1_000_000_000_000 - self.number(title) % 3_000_000_000
        chat = self._chat(ident, "supergroup", title, members, owner, with_bot=with_bot)
        chat.username, chat.is_forum = username, is_forum
        if is_forum:
            chat.topics[GENERAL] = Topic(GENERAL, "General")
        return self._add(chat)

    def add_channel(
        self, title: str, members: Iterable[User] = (), *, owner: User | None = None, username: str | None = None
    ) -> Chat:
        """Add a channel; the bot administers it, else it could not be in there."""
        ident = -1_000_000_000_000 - self.number(f"channel/{title}") % 3_000_000_000
        chat = self._chat(ident, "channel", title, members, owner, with_bot=False)
        chat.username = username
        chat.members[self.bot.user.id] = Member("administrator", can_delete_messages=True)
        return self._add(chat)

    def _chat(
        self, ident: int, kind: str, title: str, members: Iterable[User], owner: User | None, *, with_bot: bool
    ) -> Chat:
        chat = Chat(ident, kind, title, members={member.id: Member() for member in members})
        if owner:
            chat.members[owner.id] = Member("creator", can_manage_topics=True, can_delete_messages=True)
        if with_bot:
            chat.members[self.bot.user.id] = Member()
        return chat

    def _add(self, chat: Chat) -> Chat:
        self.chats[chat.id] = chat
        self._ids.setdefault(chat.id, CREATED)
        self.messages.setdefault(chat.id, [])
        return chat

    def has_met(self, user: int) -> bool:
        """Whether the bot knows a user: from a started chat, or from a chat that both are in."""
        return any(
            chat.started if chat.is_private else chat.member(self.bot.user.id).is_in
            for chat in self.chats.values()
            if user in chat.members
        )

    def named(self, username: str) -> User | Chat | None:
        """Who has a username now; capitals do not matter."""
        wanted = username.lstrip("@").lower()
        found: list[User | Chat] = [*self.users.values(), *self.chats.values()]
        return next((each for each in found if each.username and each.username.lower() == wanted), None)

    # Messages

    def next_id(self, chat: Chat) -> int:
        """The next message_id: counted in the supergroup or channel, else over the bot's whole account."""
        counter = chat.id if chat.has_own_ids else 0
        self._ids[counter] = self._ids.get(counter, 0) + 1
        return self._ids[counter]

    def post(self, chat: Chat, sender: int | None, text: str = "", **more: object) -> Message:
        """Put a message into a chat.

        A reply in a supergroup belongs to the thread that it continues, also in a forum's General: only `is_topic`
        tells a topic from a thread of replies (github.com/tdlib/telegram-bot-api/issues/447).
        """
        message = Message(chat.id, self.next_id(chat), self.now(), sender, text, **more)  # type: ignore[arg-type]
        target = self.find(chat.id, message.reply_to) if message.reply_to else None
        if target and message.thread is None and chat.kind == "supergroup":
            message.thread = target.thread or target.id
            message.is_topic = target.is_topic
        self.messages[chat.id].append(message)
        self._by_id[chat.id, message.id] = message
        if sender in self.users and self.users[sender].is_bot and message.sender_chat is None:
            chat.last_bot = sender
        self.touch()
        return message

    def count_anew(self, chat: Chat) -> None:
        """Let the next message be the first: so a supergroup begins that was a group before."""
        self._ids[chat.id] = 0

    def find(self, chat: int, message: int) -> Message | None:
        """A message that has not been deleted."""
        found = self._by_id.get((chat, message))
        return None if found is None or found.deleted else found

    # Files and presses

    def add_file(self, name: str, content: bytes, *, is_photo: bool = False) -> File:
        """Keep an upload; what is no picture has no size in pixels."""
        unique = hashlib.sha256(content + name.encode()).hexdigest()
        self._made += 1
        width, height = size_of(content) or (0, 0)
        file_id = f"{'AgAC' if is_photo else 'BQAC'}{self.token_of(f'{unique}/{self._made}')}"
        suffix = name.rsplit(".", 1)[-1].lower() if "." in name else "bin"
        path = f"photos/file_{self._made}.jpg" if is_photo else f"documents/file_{self._made}.{suffix}"
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = File(file_id, f"AQAD{unique[:11]}", name, content, mime, path, width, height)
        self.files[file_id] = file
        return file

    def add_query(self, user: User, message: Message, data: str) -> Query:
        """Keep a press until it is answered."""
        self._made += 1
        ident = str(int.from_bytes(hashlib.sha256(f"query/{self._made}".encode()).digest()[:8], "big"))
        query = Query(ident, user.id, message.chat, message.id, data, self.clock.now())
        self.queries[ident] = query
        return query
