"""chat.* and reactions.*: what an app says, and what Slack refuses of it."""

from tests.peers.slack.api import ApiError, Call
from tests.peers.slack.blocks import are_too_long, faults_of
from tests.peers.slack.events import message_changed, message_deleted, message_event
from tests.peers.slack.model import Channel, Json, Message
from tests.peers.slack.wire import message_wire, with_ids

LONGEST_POST = 40_000
"""Documented as 'no more than 40,000 characters or risk truncation'; the peer refuses, so that nothing goes unseen."""

LONGEST_UPDATE = 4_000
"""chat.update answers msg_too_long where chat.postMessage would still post."""


def checked_content(call: Call, longest: int, *, counted: bool = True) -> Json:
    """The text, blocks and attachments of a message; raises the error that Slack answers.

    `counted`: the sum of the blocks is limited (not for response_url).
    """
    text = call.text("text")
    blocks = call.parsed("blocks")
    attachments = call.parsed("attachments")
    if call.given.get("blocks") and blocks is None:
        raise ApiError("invalid_blocks_format")
    if not text and not blocks and not attachments:
        raise ApiError("no_text")
    if len(text) > longest:
        raise ApiError("msg_too_long")
    if blocks is not None:
        faults = faults_of(blocks, surface="message")
        if faults:
            raise ApiError("invalid_blocks", errors=faults, response_metadata={"messages": faults})
        if counted and isinstance(blocks, list) and are_too_long(blocks):
            raise ApiError("msg_blocks_too_long")
        _check_tables(blocks)
        _check_pictures(call, blocks)
    if isinstance(attachments, list) and len(attachments) > 100:
        raise ApiError("too_many_attachments")
    return {"text": text, "blocks": blocks, "attachments": attachments}


def _check_tables(blocks: object) -> None:
    """Refuse a second table: one a message, and the error is invalid_attachments although it came in `blocks`."""
    tables = [block for block in blocks if block["type"] == "table"] if isinstance(blocks, list) else []
    if len(tables) > 1:
        raise ApiError("invalid_attachments", response_metadata={"messages": ["[ERROR] only_one_table_allowed"]})


def _check_pictures(call: Call, blocks: object) -> None:
    """Refuse a slack_file that nobody has uploaded."""
    for block in blocks if isinstance(blocks, list) else []:
        picture = block.get("slack_file") if block["type"] == "image" else None
        if picture and "id" in picture:
            upload = call.world.uploads.get(picture["id"])
            if upload is None or upload.content is None:
                fault = "[ERROR] invalid slack file [json-pointer:/blocks]"
                raise ApiError("invalid_blocks", errors=[fault], response_metadata={"messages": [fault]})


def target(call: Call) -> Channel:
    """Where to post: a conversation's id, a channel's name, or a user's id, which means their direct chat."""
    world, name = call.world, call.text("channel")
    if name in world.users:
        return world.direct(world.app.user_id, name)
    found = next((each for each in world.channels.values() if each.name and each.name == name.lstrip("#")), None)
    channel = found if found and not found.is_private else call.channel()
    if channel.is_archived:
        raise ApiError("is_archived")
    if world.app.user_id not in channel.members and "chat:write.public" not in world.app.scopes:
        raise ApiError("not_in_channel")
    return channel


async def post_message(call: Call) -> Json:
    """chat.postMessage."""
    call.need_scope("chat:write")
    channel = target(call)
    content = checked_content(call, LONGEST_POST)
    message = post_as_app(call, channel, content, call.text("thread_ts") or None)
    message.metadata = _metadata(call)
    shown = message_wire(call.world, message, call.base)
    call.tell(message_event(call.world, message, call.base))
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def post_as_app(call: Call, channel: Channel, content: Json, thread: str | None) -> Message:
    """Put a message of the app into a channel."""
    app = call.world.app
    return call.world.post(
        channel, app.user_id, content["text"], thread_ts=thread, blocks=with_ids(call.world, content["blocks"] or []),
        attachments=content["attachments"] or [], bot_id=app.bot_id, app_id=app.id,
    )  # fmt: skip


def _metadata(call: Call) -> Json | None:
    found = call.parsed("metadata")
    if found is None:
        return None
    if not isinstance(found, dict) or not {"event_type", "event_payload"} <= found.keys():
        raise ApiError("invalid_metadata_format")
    return found


async def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral: seen by one member, kept nowhere, never an event."""
    call.need_scope("chat:write")
    channel = target(call)
    if call.text("user") not in channel.members:
        raise ApiError("user_not_in_channel")
    content = checked_content(call, LONGEST_POST)
    message = post_as_app(call, channel, content, call.text("thread_ts") or None)
    message.visible_to = call.text("user")
    return {"message_ts": message.ts}


def _own(call: Call, refusal: str, name: str = "ts") -> Message:
    channel = call.channel()
    message = call.world.find(channel.id, call.text(name))
    if message is None or message.visible_to:
        raise ApiError("message_not_found")
    if message.user != call.world.app.user_id:
        raise ApiError(refusal)
    return message


async def update(call: Call) -> Json:
    """chat.update: blocks and attachments that are not given stay, so a text alone changes nothing that is seen."""
    call.need_scope("chat:write")
    message = _own(call, "cant_update_message")
    content = checked_content(call, LONGEST_UPDATE)
    change(call, message, content)
    return {
        "channel": message.channel, "ts": message.ts, "text": message.text,
        "message": message_wire(call.world, message, call.base),
    }  # fmt: skip


def change(call: Call, message: Message, content: Json) -> None:
    """Put new content into a message and tell of it."""
    before = message_wire(call.world, message, call.base)
    if content["blocks"] is not None:
        message.blocks = with_ids(call.world, content["blocks"])
    if content["attachments"] is not None:
        message.attachments = content["attachments"]
    if content["text"]:
        message.text = content["text"]
    message.edited = {"user": message.user, "ts": f"{int(call.world.clock.now())}.000000"}
    call.world.touch()
    if message.visible_to is None:
        call.tell(message_changed(call.world, message, before, call.base))


async def delete(call: Call) -> Json:
    """chat.delete: an app deletes its own messages only."""
    call.need_scope("chat:write")
    message = _own(call, "cant_delete_message")
    take_away(call, message)
    return {"channel": message.channel, "ts": message.ts}


def take_away(call: Call, message: Message) -> None:
    """Delete a message and tell of it."""
    before = message_wire(call.world, message, call.base)
    message.deleted = True
    call.world.touch()
    if message.visible_to is None:
        call.tell(message_deleted(call.world, message, before))


async def get_permalink(call: Call) -> Json:
    """chat.getPermalink: needs no scope."""
    channel = call.channel()
    message = call.world.find(channel.id, call.text("message_ts"))
    if message is None:
        raise ApiError("message_not_found")
    link = f"https://{call.world.team.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts and message.thread_ts != message.ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


async def add_reaction(call: Call) -> Json:
    """reactions.add."""
    call.need_scope("reactions:write")
    channel = call.channel()
    message = call.world.find(channel.id, call.text("timestamp"))
    name = call.text("name").strip(":")
    if message is None:
        raise ApiError("message_not_found")
    if not name:
        raise ApiError("invalid_name")
    users = message.reactions.setdefault(name, [])
    if call.world.app.user_id in users:
        raise ApiError("already_reacted")
    users.append(call.world.app.user_id)
    call.world.touch()
    return {}
