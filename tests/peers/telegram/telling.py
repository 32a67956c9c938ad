"""What the bot is told of: which messages reach it, and in which updates."""

import asyncio

from tests.peers.telegram.deliveries import Deliveries
from tests.peers.telegram.model import Chat, Json, Member, Message, Query, User
from tests.peers.telegram.text import cut
from tests.peers.telegram.updates import PRESS_LIVES
from tests.peers.telegram.wire import chat_wire, member_wire, message_wire, query_wire, user_wire
from tests.peers.telegram.world import World

Told = asyncio.Future[object]


def reaches(world: World, message: Message) -> bool:
    """Whether a message comes to the bot: core.telegram.org/bots/features#privacy-mode.

    Never its own words nor those of other bots, but what it did to topics. In groups an administrator, and a bot
    without privacy mode, hears everything; else only service messages, commands that name it or name nobody while no
    other bot spoke last, mentions of it, and replies to it or to what was meant for it.
    """
    chat, bot = world.chats[message.chat], world.bot
    sender = world.users.get(message.sender or 0)
    if sender and sender.is_bot and message.sender_chat is None:
        return sender.id == bot.user.id and bool(message.service) and chat.is_forum
    if chat.is_private:
        return True
    if not chat.member(bot.user.id).is_in:
        return False
    if chat.kind == "channel" or chat.member(bot.user.id).is_admin or bot.sees_all or message.service:
        return True
    message.for_bot = _is_for_bot(world, chat, message)
    return message.for_bot


def _is_for_bot(world: World, chat: Chat, message: Message) -> bool:
    bot = world.bot.user
    replied = world.find(chat.id, message.reply_to) if message.reply_to else None
    if replied and (replied.sender == bot.id or replied.for_bot):
        return True
    handle = f"@{bot.username}".lower()
    for entity in message.entities:
        words = cut(message.text, entity["offset"], entity["length"]).lower()
        if entity["type"] == "mention" and words == handle:
            return True
        if entity["type"] == "text_mention" and entity["user"]["id"] == bot.id:
            return True
        if entity["type"] == "bot_command":
            _, at, named = words.partition("@")
            if f"@{named}" == handle or (not at and chat.last_bot in (None, bot.id)):
                return True
    return False


class Telling:
    """Puts what happens into updates. A message that does not reach the bot is told to nobody."""

    def __init__(self, world: World, deliveries: Deliveries) -> None:
        self.world = world
        self.deliveries = deliveries

    def message(self, message: Message, *, edited: bool = False) -> Told:
        """A new or edited message, or post of a channel."""
        if not reaches(self.world, message):
            done: Told = asyncio.get_running_loop().create_future()
            done.set_result(None)
            return done
        kind = "channel_post" if self.world.chats[message.chat].kind == "channel" else "message"
        kind = f"edited_{kind}" if edited else kind
        return self.deliveries.tell(kind, message_wire(self.world, message), ("chat", message.chat))

    def query(self, query: Query) -> Told:
        """A press: kept for 150 seconds only, and in the line of its person, not of its chat."""
        body = query_wire(self.world, query)
        return self.deliveries.tell("callback_query", body, ("press", query.user), PRESS_LIVES)

    def member(self, chat: Chat, user: User, by: User, old: Member, new: Member) -> Told:
        """A change of somebody's part: my_chat_member of the bot's own or of a private chat, else chat_member.

        Of others the bot is told only where it administers, and only when it asked for the kind.
        """
        is_own = user.id == self.world.bot.user.id
        body: Json = {
            "chat": chat_wire(self.world, chat), "from": user_wire(by, with_language=True), "date": self.world.now(),
            "old_chat_member": member_wire(chat, user, old), "new_chat_member": member_wire(chat, user, new),
        }  # fmt: skip
        if is_own:
            return self.deliveries.tell("my_chat_member", body, ("self", chat.id))
        lives = 24 * 3600 if chat.member(self.world.bot.user.id).is_admin else 0
        return self.deliveries.tell("chat_member", body, ("member", user.id), lives)
