"""How messages look in answers and events."""

from tests.peers.slack.blocks import block_ids
from tests.peers.slack.model import Json, Message, View
from tests.peers.slack.world import World


def message_wire(world: World, message: Message, base: str) -> Json:
    """A message object as conversations.history, chat.postMessage and payloads carry it."""
    found: Json = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": message.team,
    }
    if message.client_msg_id:
        found["client_msg_id"] = message.client_msg_id
    if message.bot_id:
        app = world.app
        found |= {"bot_id": message.bot_id, "app_id": message.app_id}
        found["bot_profile"] = {
            "id": app.bot_id, "app_id": app.id, "user_id": app.user_id, "name": app.name, "deleted": False,
            "updated": 1_700_000_000, "team_id": world.team.id, "icons": {},
        }  # fmt: skip
    if message.blocks:
        found["blocks"] = message.blocks
    if message.attachments:
        found["attachments"] = message.attachments
    if message.files:
        files = [world.uploads[name] for name in message.files]
        found |= {"files": [world.file_wire(upload, base) for upload in files], "upload": False}
    if message.edited:
        found["edited"] = message.edited
    if message.metadata:
        found["metadata"] = message.metadata
    if message.reactions:
        found["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()
        ]
    return found | _thread(world, message)


def _thread(world: World, message: Message) -> Json:
    if message.thread_ts and message.thread_ts != message.ts:
        found: Json = {"thread_ts": message.thread_ts}
        if message.parent_user:
            found["parent_user_id"] = message.parent_user
        return found
    replies = world.replies(message)
    if not replies:
        return {}
    people = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": message.ts, "reply_count": len(replies), "reply_users_count": len(people), "reply_users": people,
        "latest_reply": replies[-1].ts, "is_locked": False, "subscribed": False,
    }  # fmt: skip


def with_ids(world: World, blocks: list[Json]) -> list[Json]:
    """Blocks as Slack keeps them: every one with a block_id, every element with an action_id."""
    taken = set(block_ids(blocks))
    kept = []
    for block in blocks:
        new = dict(block)
        while not new.get("block_id"):
            made = world.secret(world.make_id("b"))[:5]
            new["block_id"] = None if made in taken else made
            taken.add(made)
        for name in ("elements", "accessory", "element"):
            inside = new.get(name)
            if isinstance(inside, list) and new["type"] == "actions":
                new[name] = [_with_action_id(world, element) for element in inside]
            elif isinstance(inside, dict) and inside.get("type") != "image":
                new[name] = _with_action_id(world, inside)
        kept.append(new)
    return kept


def _with_action_id(world: World, element: Json) -> Json:
    return element if element.get("action_id") else element | {"action_id": world.secret(world.make_id("a"))[:5]}


def view_wire(world: World, view: View) -> Json:
    """A view object as answers and interactivity carry it."""
    body = view.body
    found: Json = {
        "id": view.id, "team_id": world.users[view.user].team_id, "type": body["type"], "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata", ""), "callback_id": body.get("callback_id", ""),
        "external_id": body.get("external_id", ""), "state": {"values": view.answers}, "hash": view.hash,
        "clear_on_close": bool(body.get("clear_on_close")), "notify_on_close": bool(body.get("notify_on_close")),
        "title": body.get("title"), "close": body.get("close"), "submit": body.get("submit"),
        "previous_view_id": view.previous_id, "root_view_id": view.root_id, "app_id": world.app.id,
        "bot_id": world.app.bot_id, "app_installed_team_id": world.team.id,
    }  # fmt: skip
    return found
