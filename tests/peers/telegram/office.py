"""What administrators and owners of accounts do, and what the bot is told of it."""

from dataclasses import replace
from typing import Any

from tests.peers.telegram.finding import Person, Place
from tests.peers.telegram.model import ANONYMOUS_ADMIN, COLOUR, GENERAL, Chat, Json, Member, Topic, User
from tests.peers.telegram.person import Hands
from tests.peers.telegram.wire import user_wire


class Office(Hands):
    """Changes of members, chats and accounts. The bot itself is `peer.bot`."""

    @property
    def bot(self) -> User:
        """The bot's account."""
        return self.world.bot.user

    async def join(self, who: Person, where: Place, by: Person | None = None) -> None:
        """Come into a chat, or be brought: a service message, and for the bot my_chat_member."""
        user, chat = self.user(who), self.chat(where)
        actor = self.user(by) if by is not None else user
        await self.set_part(user, chat, actor, Member())
        if chat.kind != "channel":
            await self._serve(chat, actor, {"new_chat_members": [user_wire(user)]})

    async def leave(self, who: Person, where: Place) -> None:
        """Leave a chat."""
        await self._go(self.user(who), self.chat(where), self.user(who), "left")

    async def kick(self, by: Person, who: Person, where: Place) -> None:
        """Throw somebody out, `peer.bot` too: the bot then hears only my_chat_member."""
        await self._go(self.user(who), self.chat(where), self.user(by), "kicked")

    async def _go(self, user: User, chat: Chat, by: User, status: str) -> None:
        await self.set_part(user, chat, by, Member(status))
        if chat.kind != "channel":
            await self._serve(chat, by, {"left_chat_member": user_wire(user)})

    async def promote(self, by: Person, who: Person, where: Place, **rights: bool) -> None:
        """Make an administrator: `is_anonymous`, `can_manage_topics`, `can_delete_messages`."""
        await self.set_part(self.user(who), self.chat(where), self.user(by), Member("administrator", **rights))

    async def demote(self, by: Person, who: Person, where: Place) -> None:
        """Make an ordinary member."""
        await self.set_part(self.user(who), self.chat(where), self.user(by), Member())

    async def mute(self, by: Person, who: Person, where: Place) -> None:
        """Take the right to write: what the bot then sends is refused."""
        await self.set_part(self.user(who), self.chat(where), self.user(by), Member("restricted", can_send=False))

    async def forbid_media(self, by: Person, who: Person, where: Place) -> None:
        """Take the right to send photos and documents, not the one to write."""
        await self.set_part(self.user(who), self.chat(where), self.user(by), Member("restricted", can_send_media=False))

    async def set_part(self, user: User, chat: Chat, by: User, part: Member) -> None:
        """Change somebody's part in a chat."""
        before = replace(chat.member(user.id))
        chat.members[user.id] = part
        self.world.touch()
        await self.telling.member(chat, user, by, before, part)

    async def _serve(self, chat: Chat, actor: User, service: Json, **more: Any) -> None:
        message = self.world.post(chat, actor.id, service=service, **more)
        await self.telling.message(message)

    async def migrate(self, by: Person, where: Place) -> Chat:
        """Make a group a supergroup: another id, another count of messages, and a service message in both.

        The bot is told that it joined the new one and never that it left the old one
        (github.com/tdlib/telegram-bot-api/issues/266).
        """
        owner, old = self.user(by), self.chat(where)
        new = self.world.add_supergroup(old.title, with_bot=False)
        new.members = dict(old.members)
        self.world.count_anew(new)
        old.upgraded_to = new.id
        await self._serve(old, owner, {"migrate_to_chat_id": new.id})
        await self.telling.member(new, self.bot, owner, Member("left"), new.member(self.bot.id))
        anonymous = self.world.users[ANONYMOUS_ADMIN]
        await self._serve(new, anonymous, {"migrate_from_chat_id": old.id}, sender_chat=new.id)
        return new

    def delete_chat(self, where: Place) -> None:
        """Delete a group or channel and everything in it; nobody is told."""
        chat = self.chat(where)
        chat.is_gone = True
        self.world.messages[chat.id].clear()
        self.world.touch()

    # Forums

    async def add_topic(self, by: Person, where: Place, name: str) -> Topic:
        """Make a topic."""
        chat, actor = self.chat(where), self.user(by)
        service = {"forum_topic_created": {"name": name, "icon_color": COLOUR}}
        message = self.world.post(chat, actor.id, service=service, is_topic=True)
        message.thread = message.id
        topic = chat.topics[message.id] = Topic(message.id, name)
        await self.telling.message(message)
        return topic

    async def close_topic(self, by: Person, where: Place, topic: int = GENERAL) -> None:
        """Close a topic: only who manages topics writes there then."""
        await self._set_closed(by, where, topic, "forum_topic_closed")

    async def reopen_topic(self, by: Person, where: Place, topic: int = GENERAL) -> None:
        """Open a topic again."""
        await self._set_closed(by, where, topic, "forum_topic_reopened")

    async def _set_closed(self, by: Person, where: Place, topic: int, service: str) -> None:
        chat = self.chat(where)
        chat.topics[topic].is_closed = service == "forum_topic_closed"
        more: Json = {} if topic == GENERAL else {"thread": topic, "is_topic": True}
        await self._serve(chat, self.user(by), {service: {}}, **more)

    def delete_topic(self, where: Place, topic: int) -> None:
        """Delete a topic and everything in it; bots are told nothing."""
        chat = self.chat(where)
        chat.topics[topic].is_deleted = True
        for message in self.world.messages[chat.id]:
            message.deleted = message.deleted or (message.is_topic and message.thread == topic)
        self.world.touch()

    # Accounts

    async def block(self, who: Person) -> None:
        """Block the bot: it is told by my_chat_member, and what it sends is refused."""
        user, chat = self.user(who), self.direct(who)
        chat.is_blocked = True
        await self.telling.member(chat, self.bot, user, Member(), Member("kicked"))

    def deactivate(self, who: Person) -> None:
        """Delete an account; nobody is told."""
        self.user(who).is_deleted = True

    def rename(self, who: Person, first_name: str, last_name: str | None = None) -> None:
        """Change a name; the id stays, and nobody is told."""
        user = self.user(who)
        user.first_name, user.last_name = first_name, last_name

    def take_username(self, who: Person, username: str | None) -> None:
        """Take a username, from whoever has it; None gives it up. Nobody is told."""
        holder = self.world.named(username) if username else None
        if holder:
            holder.username = None
        self.user(who).username = username

    def revoke_token(self) -> None:
        """End the bot's token, as @BotFather does: every call is 401."""
        self.world.bot.is_revoked = True
