"""How users, chats, messages and files look on the wire, as the bot sees them."""

from tests.peers.telegram.model import Chat, File, Json, Member, Message, Query, User
from tests.peers.telegram.world import World

INACCESSIBLE_AFTER = 48 * 3600
"""Seconds after which the message of a press comes without its content, `date: 0`. The documentation says 'too old'
and no number; bots may change and delete messages for this long."""

SMALL = 320
"""Pixels of the smaller copy that Telegram makes of a photo."""


def user_wire(user: User, *, with_language: bool = False) -> Json:
    """A User. The language is only told with what the user did, never inside lists."""
    found: Json = {"id": user.id, "is_bot": user.is_bot, "first_name": "" if user.is_deleted else user.first_name}
    if user.last_name and not user.is_deleted:
        found["last_name"] = user.last_name
    if user.username and not user.is_deleted:
        found["username"] = user.username
    if with_language and user.language_code:
        found["language_code"] = user.language_code
    return found


def chat_wire(world: World, chat: Chat) -> Json:
    """A Chat; a private one is named by its user, as the user is called now."""
    if chat.is_private:
        named = user_wire(world.users[chat.id])
        named.pop("is_bot")
        return named | {"type": "private"}
    found: Json = {"id": chat.id, "type": chat.kind, "title": chat.title}
    if chat.username:
        found["username"] = chat.username
    if chat.is_forum:
        found["is_forum"] = True
    if chat.kind == "group":
        found["all_members_are_administrators"] = False
    return found


def message_wire(world: World, message: Message, *, nested: bool = False) -> Json:
    """A Message; what it replies to comes along, one step deep. In a topic that is the topic's first message."""
    chat = world.chats[message.chat]
    found: Json = {"message_id": message.id}
    if message.sender is not None:
        found["from"] = user_wire(world.users[message.sender], with_language=True)
    if message.sender_chat is not None:
        found["sender_chat"] = chat_wire(world, world.chats[message.sender_chat])
    found |= {"chat": chat_wire(world, chat), "date": message.date}
    if message.thread is not None:
        found["message_thread_id"] = message.thread
    if message.is_topic:
        found["is_topic_message"] = True
    if message.forward_origin:
        found["forward_origin"] = message.forward_origin
    target = message.reply_to or (message.thread if message.is_topic and message.thread != message.id else None)
    replied = world.find(chat.id, target) if target and not nested else None
    if replied:
        found["reply_to_message"] = message_wire(world, replied, nested=True)
    if message.edited_at is not None:
        found["edit_date"] = message.edited_at
    if message.album:
        found["media_group_id"] = message.album
    return found | _content(world, message)


def _content(world: World, message: Message) -> Json:
    found: Json = dict(message.service or {})
    if message.photo:
        found["photo"] = photo_wire(message.photo)
    if message.document:
        found["document"] = document_wire(message.document)
    if message.text:
        entities = [entity_wire(world, each) for each in message.entities]
        words, marks = ("caption", "caption_entities") if message.file else ("text", "entities")
        found[words] = message.text
        if entities:
            found[marks] = entities
    if message.no_preview:
        found["link_preview_options"] = {"is_disabled": True}
    if message.buttons:
        found["reply_markup"] = {"inline_keyboard": message.buttons}
    return found


def origin_wire(world: World, message: Message) -> Json:
    """A MessageOrigin: whose words a forwarded message carries."""
    if message.sender_chat is None and message.sender is not None:
        return {"type": "user", "date": message.date, "sender_user": user_wire(world.users[message.sender])}
    chat = chat_wire(world, world.chats[message.sender_chat or message.chat])
    if message.sender is None:
        return {"type": "channel", "date": message.date, "chat": chat, "message_id": message.id}
    return {"type": "chat", "date": message.date, "sender_chat": chat}


def entity_wire(world: World, entity: Json) -> Json:
    """A MessageEntity; a text_mention names its user in full."""
    if entity["type"] == "text_mention":
        return entity | {"user": user_wire(world.users[entity["user"]["id"]])}
    return entity


def file_wire(file: File) -> Json:
    """What every kind of file has."""
    return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": len(file.content)}


def photo_wire(file: File) -> list[Json]:
    """A photo's sizes, the largest last. The smaller one is the same content under another id's name."""
    ratio = min(1.0, SMALL / max(file.width, file.height, 1))
    small = {"width": max(1, int(file.width * ratio)), "height": max(1, int(file.height * ratio))}
    sizes = [file_wire(file) | small] if ratio < 1 else []
    return [*sizes, file_wire(file) | {"width": file.width, "height": file.height}]


def document_wire(file: File) -> Json:
    """A Document."""
    return file_wire(file) | {"file_name": file.name, "mime_type": file.mime}


def query_wire(world: World, query: Query) -> Json:
    """A CallbackQuery; its message without content when it is deleted or too old."""
    message = world.find(query.chat, query.message)
    chat = world.chats[query.chat]
    if message is None or world.clock.now() - message.date > INACCESSIBLE_AFTER:
        shown: Json = {"chat": chat_wire(world, chat), "message_id": query.message, "date": 0}
    else:
        shown = message_wire(world, message)
    return {
        "id": query.id, "from": user_wire(world.users[query.user], with_language=True), "message": shown,
        "chat_instance": str(world.number(f"instance/{chat.id}")), "data": query.data,
    }  # fmt: skip


ADMIN_RIGHTS = (
    "can_change_info", "can_invite_users", "can_restrict_members", "can_promote_members", "can_manage_video_chats",
    "can_post_stories", "can_edit_stories", "can_delete_stories",
)  # fmt: skip
SENDING_RIGHTS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_edit_tag", "can_react_to_messages",
)  # fmt: skip
GROUP_RIGHTS = ("can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics")


def member_wire(chat: Chat, user: User, member: Member) -> Json:
    """A ChatMember, with the rights that each status carries; what the peer does not play is False."""
    found: Json = {"user": user_wire(user), "status": member.status}
    if member.is_admin:
        found["is_anonymous"] = member.is_anonymous
    if member.status == "administrator":
        found |= dict.fromkeys(ADMIN_RIGHTS, False) | {
            "can_manage_chat": True, "can_delete_messages": member.can_delete_messages,
            "can_be_edited": False,
        }  # fmt: skip
        if chat.kind == "channel":
            found |= {"can_post_messages": True, "can_edit_messages": True}
        else:
            found |= {"can_pin_messages": False, "can_manage_topics": member.can_manage_topics}
    if member.status == "restricted":
        found |= dict.fromkeys(SENDING_RIGHTS, member.can_send) | dict.fromkeys(GROUP_RIGHTS, False)
        found |= {"is_member": True, "until_date": 0, "can_send_photos": member.can_send and member.can_send_media}
        found["can_send_documents"] = found["can_send_photos"]
    if member.status == "kicked":
        found["until_date"] = 0
    return found
