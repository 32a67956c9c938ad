"""getChat, its members, leaving, and forum topics."""

from collections.abc import Awaitable, Callable

from tests.peers.telegram.access import chat_of, readable, writable
from tests.peers.telegram.api import ApiError, Call, Method
from tests.peers.telegram.model import COLOUR, Chat, Json, Member, Topic, User
from tests.peers.telegram.wire import chat_wire, member_wire

LONGEST_TOPIC = 128


async def get_chat(call: Call) -> Json:
    """getChat: a ChatFullInfo. Old groups that became supergroups can still be looked at."""
    chat = chat_of(call) if call.text("chat_id").startswith("@") else readable(call)
    found = chat_wire(call.world, chat) | {
        "accent_color_id": 0, "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
        ),
    }  # fmt: skip
    if chat.username:
        found["active_usernames"] = [chat.username]
    return found


async def get_chat_member(call: Call) -> Json:
    """getChatMember: `left` for somebody who never came, `user not found` for whom the bot never met."""
    chat = _with_members(call)
    user = call.world.users.get(call.number("user_id"))
    if user is None or (user.id not in chat.members and not call.world.has_met(user.id)):
        raise ApiError(400, "invalid user_id specified" if user is None else "user not found")
    return member_wire(chat, user, chat.member(user.id))


async def get_chat_administrators(call: Call) -> list[Json]:
    """getChatAdministrators: without other bots."""
    chat = _with_members(call)
    if chat.is_private:
        raise ApiError(400, "there are no administrators in the private chat")
    found = [(call.world.users[ident], part) for ident, part in chat.members.items() if part.is_admin]
    bot = call.world.bot.user.id
    return [member_wire(chat, user, part) for user, part in found if user.id == bot or not user.is_bot]


async def get_chat_member_count(call: Call) -> int:
    """getChatMemberCount."""
    return sum(part.is_in for part in _with_members(call).members.values())


def _with_members(call: Call) -> Chat:
    """A chat whose members the bot may see: a group that became a supergroup has none."""
    chat = readable(call)
    return writable(call) if chat.kind == "group" else chat


def create_forum_topic(making: Callable[[User, Chat, str], Awaitable[Topic]]) -> Method:
    """createForumTopic: needs can_manage_topics, and the bot is told of the service message like everybody."""

    async def method(call: Call) -> Json:
        chat, name = _managed(call), call.text("name")
        if not 1 <= len(name) <= LONGEST_TOPIC:
            raise ApiError(400, "TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
        topic = await making(call.world.bot.user, chat, name)
        return {"message_thread_id": topic.id, "name": name, "icon_color": COLOUR}

    return method


def set_topic_closed(setting: Callable[[User, Chat, int], Awaitable[None]], *, closed: bool) -> Method:
    """closeForumTopic and reopenForumTopic."""

    async def method(call: Call) -> bool:
        chat = _managed(call)
        topic = chat.topics.get(call.number("message_thread_id"))
        if topic is None or topic.is_deleted:
            raise ApiError(400, "message thread not found")
        if topic.is_closed == closed:
            raise ApiError(400, "TOPIC_NOT_MODIFIED")
        await setting(call.world.bot.user, chat, topic.id)
        return True

    return method


def _managed(call: Call) -> Chat:
    chat = writable(call)
    if not chat.is_forum:
        raise ApiError(400, "the chat is not a forum")
    if not chat.member(call.world.bot.user.id).can_manage_topics:
        raise ApiError(400, "not enough rights to manage topics")
    return chat


def leave(leaving: Callable[[User, Chat, User, Member], Awaitable[object]]) -> Method:
    """leaveChat: the bot is told of it, as of every change of its own part."""

    async def method(call: Call) -> bool:
        chat = writable(call)
        if chat.is_private:
            raise ApiError(400, "chat member status can't be changed in private chats")
        bot = call.world.bot.user
        await leaving(bot, chat, bot, Member("left"))
        return True

    return method
