"""Where the bot may read and write (Client.cpp, check_chat_access), and whom it knows."""

from tests.peers.telegram.api import ApiError, Call
from tests.peers.telegram.model import GENERAL, Chat, Member, Message, User
from tests.peers.telegram.world import World


def chat_of(call: Call, name: str = "chat_id") -> Chat:
    """The chat that an argument names, by id or by the @username of a supergroup or channel."""
    world, given = call.world, call.text(name)
    if not given:
        raise ApiError(400, f"{name} is empty")
    if given.startswith("@"):
        found = world.named(given)
        if not isinstance(found, Chat):
            raise ApiError(400, "chat not found")
        return found
    ident = call.number(name)
    if ident in world.users and ident not in world.chats and world.has_met(ident):
        return world.private(world.users[ident])
    chat = world.chats.get(ident)
    if chat is None or not _is_known(world, chat):
        raise ApiError(400, "chat not found")
    return chat


def _is_known(world: World, chat: Chat) -> bool:
    if chat.is_private:
        return world.has_met(chat.id)
    return world.bot.user.id in chat.members and not (chat.is_gone and chat.has_own_ids)


def readable(call: Call) -> Chat:
    """A chat that the bot may look into."""
    chat = chat_of(call)
    part = chat.member(call.world.bot.user.id)
    if chat.has_own_ids and not part.is_in:
        raise ApiError(403, _gone(chat, part))
    return chat


_MEDIA = {"sendphoto": "photos", "senddocument": "documents", "editmessagemedia": "photos"}


def writable(call: Call) -> Chat:
    """A chat that the bot may write into."""
    world, chat = call.world, chat_of(call)
    if chat.is_private:
        _check_private(world.users[chat.id], chat)
        return chat
    if chat.upgraded_to is not None:
        raise ApiError(400, "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.upgraded_to)
    if chat.is_gone:
        raise ApiError(403, "Forbidden: the group chat was deleted")
    part = chat.member(world.bot.user.id)
    if not part.is_in:
        raise ApiError(403, _gone(chat, part))
    if chat.kind == "channel" and not part.is_admin:
        raise ApiError(400, "need administrator rights in the channel chat")
    if not part.is_admin and not part.can_send:
        raise ApiError(400, "not enough rights to send text messages to the chat")
    kind = _MEDIA.get(call.method.lower())
    if kind is not None and not part.is_admin and not part.can_send_media:
        raise ApiError(400, f"not enough rights to send {kind} to the chat")
    return chat


def _check_private(user: User, chat: Chat) -> None:
    if user.is_deleted:
        raise ApiError(403, "Forbidden: user is deactivated")
    if user.is_bot:
        raise ApiError(403, "Forbidden: bot can't send messages to bots")
    if chat.is_blocked:
        raise ApiError(403, "Forbidden: bot was blocked by the user")
    if not chat.started:
        raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")


def _gone(chat: Chat, part: Member) -> str:
    if part.status == "kicked":
        return f"Forbidden: bot was kicked from the {chat.spoken_kind}"
    return f"Forbidden: bot is not a member of the {chat.spoken_kind}"


def message_of(call: Call, purpose: str) -> Message:
    """The message that `message_id` names; `purpose` is what Telegram says is not found."""
    chat = writable(call)
    message = call.world.find(chat.id, call.number("message_id"))
    if message is None:
        raise ApiError(400, f"message to {purpose} not found")
    return message


def reply_of(call: Call, chat: Chat) -> int | None:
    """The message to reply to. One that is gone is an error, unless allow_sending_without_reply is given."""
    given = call.parsed("reply_parameters")
    parameters = given if isinstance(given, dict) else {}
    ident = int(parameters.get("message_id") or call.number("reply_to_message_id"))
    if not ident:
        return None
    if parameters.get("chat_id") not in (None, chat.id, str(chat.id)):
        raise ApiError(400, "message to be replied not found")
    if call.world.find(chat.id, ident):
        return ident
    if parameters.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply"):
        return None
    raise ApiError(400, "message to be replied not found")


def thread_of(call: Call, chat: Chat, reply_to: int | None) -> int | None:
    """The forum topic to write into: the one that is named, else that of the message replied to, else General.

    General has no number for a bot: to name it is `message thread not found`, as a deleted topic is, and as the thread
    of replies is that supergroups give a message_thread_id too.
    """
    named = call.number("message_thread_id")
    if named and not chat.is_forum:
        raise ApiError(400, "message thread not found")
    if not chat.is_forum:
        return None
    replied = call.world.find(chat.id, reply_to) if reply_to else None
    topic = chat.topics.get(named or (replied.thread if replied and replied.is_topic else None) or GENERAL)
    if topic is None or topic.is_deleted or named == GENERAL:
        raise ApiError(400, "message thread not found")
    if topic.is_closed and not chat.member(call.world.bot.user.id).can_manage_topics:
        raise ApiError(400, "TOPIC_CLOSED")
    return None if topic.id == GENERAL else topic.id
