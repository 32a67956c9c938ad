"""response_url: five uses within thirty minutes, also where the bot is no member."""

import json

from aiohttp import web

from tests.peers.slack.api import Api, ApiError, Call
from tests.peers.slack.events import message_event
from tests.peers.slack.methods_chat import LONGEST_POST, change, checked_content, post_as_app, take_away
from tests.peers.slack.model import Hook, Message

LIVES = 30 * 60
USES = 5


async def respond(api: Api, request: web.Request) -> web.Response:
    """Answer a post to a response_url: `ok`, or 404 with used_url or expired_url."""
    hook = api.world.hooks.get(request.match_info["key"])
    if hook is None:
        return _refused("invalid_url", 404)
    if api.world.clock.now() - hook.given_at > LIVES:
        return _refused("expired_url", 404)
    if hook.uses >= USES:
        return _refused("used_url", 404)
    try:
        given = json.loads(await request.text())
        hook.uses += 1
        use(api.call("response_url", given), hook)
    except ValueError:
        return _refused("invalid_payload", 400)
    except ApiError as refused:
        return web.json_response(refused.answer, status=400)
    return web.Response(text="ok")


def _refused(error: str, status: int) -> web.Response:
    return web.json_response({"ok": False, "error": error}, status=status)


def use(call: Call, hook: Hook) -> Message | None:
    """Do what a response asks: delete or replace the message it came from, or post another.

    Without response_type a new message is ephemeral; replacing needs a message to replace, so a command's
    response_url always posts.
    """
    original = call.world.find(hook.channel, hook.message_ts) if hook.message_ts else None
    if call.flag("delete_original"):
        if original:
            take_away(call, original)
        return None
    content = checked_content(call, LONGEST_POST, counted=False)
    if original and call.flag("replace_original"):
        if content["blocks"] is None:
            content["blocks"] = []
        change(call, original, content)
        return original
    thread = call.text("thread_ts") or None
    message = post_as_app(call, call.world.channels[hook.channel], content, thread)
    if call.text("response_type") == "in_channel":
        call.tell(message_event(call.world, message, call.base))
    else:
        message.visible_to = hook.user
    return message
