"""sendMessage, sendPhoto, sendDocument, sendMediaGroup, sendChatAction."""

from tests.peers.telegram.access import reply_of, thread_of, writable
from tests.peers.telegram.api import ApiError, Call
from tests.peers.telegram.content import caption_of, file_of, text_of
from tests.peers.telegram.markup import markup_of
from tests.peers.telegram.model import Chat, File, Json, Message
from tests.peers.telegram.wire import message_wire

ACTIONS = frozenset(
    {
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
        "choose_sticker", "find_location", "record_video_note", "upload_video_note",
    }
)  # fmt: skip


def post(call: Call, chat: Chat, text: str, entities: list[Json], **more: object) -> Message:
    """Put a message of the bot into a chat: into a topic, as a reply, with a keyboard, as the call asks."""
    reply = reply_of(call, chat)
    thread = thread_of(call, chat, reply)
    bot, is_channel = call.world.bot.user.id, chat.kind == "channel"
    more |= {"sender_chat": chat.id} if is_channel else {}
    return call.world.post(
        chat, None if is_channel else bot, text, entities=entities, markup=markup_of(call), reply_to=reply,
        thread=thread, is_topic=thread is not None, is_silent=call.flag("disable_notification"), **more,
    )  # fmt: skip


def wants_no_preview(call: Call) -> bool:
    """Whether the call asks for no preview of links."""
    options = call.parsed("link_preview_options")
    return call.flag("disable_web_page_preview") or (isinstance(options, dict) and bool(options.get("is_disabled")))


async def send_message(call: Call) -> Json:
    """sendMessage."""
    text, entities = text_of(call)
    chat = writable(call)
    return message_wire(call.world, post(call, chat, text, entities, no_preview=wants_no_preview(call)))


async def send_photo(call: Call) -> Json:
    """sendPhoto: PNG or JPEG, at most 10 MB."""
    return _send_file(call, photo=file_of(call, "photo"))


async def send_document(call: Call) -> Json:
    """sendDocument: at most 50 MB."""
    return _send_file(call, document=file_of(call, "document"))


def _send_file(call: Call, photo: File | None = None, document: File | None = None) -> Json:
    caption, entities = caption_of(call)
    return message_wire(call.world, post(call, writable(call), caption, entities, photo=photo, document=document))


async def send_media_group(call: Call) -> list[Json]:
    """sendMediaGroup: 2-10 photos or documents, each a message of its own with one media_group_id."""
    media = call.parsed("media")
    if not isinstance(media, list) or not media:
        raise ApiError(400, "there are no media in the request")
    if not 2 <= len(media) <= 10:
        raise ApiError(400, f"{'too few' if len(media) < 2 else 'too many'} messages to send as an album")
    chat, album = writable(call), str(call.world.number(f"album/{call.world.clock.now()}"))
    kinds = {str(each.get("type")) for each in media}
    if not kinds <= {"photo", "document"} or len(kinds) > 1:
        raise ApiError(400, "can't use the media of the specified type in the album")
    ready = []
    for each in media:
        inner = Call(call.world, call.method, {**call.given, **each, "reply_markup": ""}, call.files)
        ready.append((inner, caption_of(inner), file_of(call, each["type"], each["media"])))
    sent = []
    for inner, (caption, entities), file in ready:
        message = post(inner, chat, caption, entities, album=album)
        message.photo, message.document = (file, None) if kinds == {"photo"} else (None, file)
        sent.append(message)
    return [message_wire(call.world, message) for message in sent]


async def send_chat_action(call: Call) -> bool:
    """sendChatAction: shown for five seconds, kept nowhere."""
    if call.text("action") not in ACTIONS:
        raise ApiError(400, "wrong parameter action in request")
    writable(call)
    return True
