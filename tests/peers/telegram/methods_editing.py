"""editMessageText, -Caption, -Media, -ReplyMarkup, deleteMessage, deleteMessages.

Every edit sets the keyboard anew: without reply_markup there is none afterwards.
"""

from tests.peers.telegram.access import message_of, writable
from tests.peers.telegram.api import ApiError, Call
from tests.peers.telegram.content import caption_of, file_of, text_of
from tests.peers.telegram.markup import markup_of
from tests.peers.telegram.methods_sending import wants_no_preview
from tests.peers.telegram.model import Json, Message
from tests.peers.telegram.wire import message_wire

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
DELETABLE_FOR = 48 * 3600
"""Seconds for which a bot may delete a message (core.telegram.org/bots/api#deletemessage)."""


def _is_own(call: Call, message: Message) -> bool:
    """Whether the bot said it; in channels an administrator may change every post."""
    return message.sender == call.world.bot.user.id or call.world.chats[message.chat].kind == "channel"


def _own(call: Call) -> Message:
    """A message that the bot may edit: its own, without another keyboard than an inline one."""
    message = message_of(call, "edit")
    if message.service or not _is_own(call, message) or (message.markup and not message.buttons):
        raise ApiError(400, "message can't be edited")
    return message


def _change(call: Call, message: Message, **fields: object) -> Json:
    fields["markup"] = markup = markup_of(call)
    if markup and "inline_keyboard" not in markup:
        raise ApiError(400, "inline keyboard expected")
    before = {name: getattr(message, name) for name in fields}
    if before == fields:
        raise ApiError(400, NOT_MODIFIED)
    for name, value in fields.items():
        setattr(message, name, value)
    if before.keys() - {"markup"}:
        message.edited_at = call.world.now()
    call.world.touch()
    return message_wire(call.world, message)


async def edit_text(call: Call) -> Json:
    """editMessageText."""
    text, entities = text_of(call)
    message = _own(call)
    if message.file:
        raise ApiError(400, "there is no text in the message to edit")
    return _change(call, message, text=text, entities=entities, no_preview=wants_no_preview(call))


async def edit_caption(call: Call) -> Json:
    """editMessageCaption."""
    caption, entities = caption_of(call)
    message = _own(call)
    if not message.file:
        raise ApiError(400, "there is no caption in the message to edit")
    return _change(call, message, text=caption, entities=entities)


async def edit_media(call: Call) -> Json:
    """editMessageMedia: another photo or document, with its own caption."""
    media = call.parsed("media")
    if not isinstance(media, dict) or media.get("type") not in ("photo", "document"):
        raise ApiError(400, "can't parse media JSON object")
    message = _own(call)
    if message.album and media["type"] != ("photo" if message.photo else "document"):
        raise ApiError(400, "can't use the media of the specified type in the album")
    caption, entities = caption_of(Call(call.world, call.method, media))
    file = file_of(call, media["type"], media.get("media"))
    is_photo = media["type"] == "photo"
    return _change(
        call, message, photo=file if is_photo else None, document=None if is_photo else file, text=caption,
        entities=entities,
    )  # fmt: skip


async def edit_reply_markup(call: Call) -> Json:
    """editMessageReplyMarkup: the message is not marked as edited."""
    return _change(call, _own(call))


async def delete_message(call: Call) -> bool:
    """deleteMessage: the bot's own and, in private chats, everybody's, for 48 hours; an administrator's right else."""
    message = message_of(call, "delete")
    _check_deletable(call, message)
    message.deleted = True
    call.world.touch()
    return True


async def delete_messages(call: Call) -> bool:
    """deleteMessages: up to 100; those that are gone are skipped."""
    idents = call.parsed("message_ids")
    chat = writable(call)
    found = [call.world.find(chat.id, int(ident)) for ident in idents] if isinstance(idents, list) else []
    for message in filter(None, found):
        _check_deletable(call, message)
        message.deleted = True
    call.world.touch()
    return True


def _check_deletable(call: Call, message: Message) -> None:
    chat = call.world.chats[message.chat]
    if chat.member(call.world.bot.user.id).can_delete_messages:
        return
    if not (chat.is_private or _is_own(call, message)) or call.world.clock.now() - message.date > DELETABLE_FOR:
        raise ApiError(400, "message can't be deleted")
