"""auth.*, api.test, team.info, users.*, conversations.*: what an app may look up."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from tests.peers.slack.api import ApiError, Call
from tests.peers.slack.model import Channel, Json, User
from tests.peers.slack.wire import message_wire

T = TypeVar("T")


async def api_test(call: Call) -> Json:
    """api.test: gives back what it got."""
    if call.text("error"):
        raise ApiError(call.text("error"), args=call.given)
    return {"args": call.given}


async def auth_test(call: Call) -> Json:
    """auth.test: whose token this is."""
    world = call.world
    return {
        "url": f"https://{world.team.domain}.slack.com/", "team": world.team.name,
        "user": world.users[world.app.user_id].name, "team_id": world.team.id, "user_id": world.app.user_id,
        "bot_id": world.app.bot_id, "is_enterprise_install": False,
    }  # fmt: skip


async def team_info(call: Call) -> Json:
    """team.info."""
    call.need_scope("team:read")
    team = call.world.teams.get(call.text("team") or call.world.team.id)
    if team is None:
        raise ApiError("team_not_found")
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": {}}}


def page(call: Call, found: Sequence[T], key: str, most: int = 1_000) -> tuple[list[T], Json]:
    """Cut out the page that `cursor` and `limit` ask for; an unreadable cursor is invalid_cursor.

    A page may be the last although it is full; the end is an empty next_cursor, nothing else.
    """
    try:
        limit = int(call.text("limit") or most)
    except ValueError:
        raise ApiError("invalid_limit") from None
    start = 0
    if call.text("cursor"):
        try:
            kind, _, place = base64.b64decode(call.text("cursor"), validate=True).decode().partition(":")
            start = int(place)
        except (binascii.Error, UnicodeDecodeError, ValueError):
            raise ApiError("invalid_cursor") from None
        if kind != key or start > len(found):
            raise ApiError("invalid_cursor")
    end = start + (limit if limit > 0 else most)
    more = base64.b64encode(f"{key}:{end}".encode()).decode() if end < len(found) else ""
    return list(found[start:end]), {"response_metadata": {"next_cursor": more}}


def _user(call: Call, user: User) -> Json:
    return user.wire(
        home=call.world.team.id, locale=call.flag("include_locale"), email="users:read.email" in call.world.app.scopes,
        met=call.world.has_met(user),
    )  # fmt: skip


async def users_info(call: Call) -> Json:
    """users.info: strangers whom the app has met are found too; those that it has not are user_not_visible."""
    call.need_scope("users:read")
    user = call.world.users.get(call.text("user"))
    if user is None:
        raise ApiError("user_not_found")
    if user.team_id != call.world.team.id and not call.world.has_met(user):
        raise ApiError("user_not_visible")
    return {"user": _user(call, user)}


async def users_list(call: Call) -> Json:
    """users.list: the workspace's own people and bots, deactivated ones too, in pages."""
    call.need_scope("users:read")
    own = [user for user in call.world.users.values() if user.team_id == call.world.team.id]
    part, more = page(call, own, "user")
    return {"members": [_user(call, user) for user in part], "cache_ts": int(call.world.clock.now())} | more


async def users_lookup(call: Call) -> Json:
    """users.lookupByEmail: never a deactivated one, never a stranger."""
    call.need_scope("users:read.email")
    email = call.text("email").lower()
    for user in call.world.users.values():
        if user.email and user.email.lower() == email and not user.deleted and user.team_id == call.world.team.id:
            return {"user": _user(call, user)}
    raise ApiError("users_not_found")


def _channel(call: Call, channel: Channel) -> Json:
    return channel.wire(asker=call.world.app.user_id, team=call.world.team.id)


async def conversations_open(call: Call) -> Json:
    """conversations.open: the direct chat with one person."""
    call.need_scope("im:write")
    names = [name for name in call.text("users").split(",") if name]
    if call.text("channel"):
        return {"channel": _channel(call, call.channel())}
    if not names:
        raise ApiError("users_list_not_supplied")
    if len(names) > 1:
        call.need_scope("mpim:write")
    user = call.world.users.get(names[0])
    if user is None:
        raise ApiError("user_not_found")
    if user.deleted:
        raise ApiError("user_disabled")
    if user.id == call.world.app.user_id or user.is_bot:
        raise ApiError("cannot_dm_bot")
    if user.team_id != call.world.team.id and not call.world.has_met(user):
        raise ApiError("user_not_visible")
    existing = any(each.is_im and user.id in each.members for each in call.world.channels.values())
    channel = call.world.direct(call.world.app.user_id, user.id)
    flags: Json = {"no_op": True, "already_open": True} if existing else {}
    shown = _channel(call, channel) if call.flag("return_im") else {"id": channel.id}
    return {"channel": shown} | flags


async def conversations_info(call: Call) -> Json:
    """conversations.info."""
    channel = call.channel()
    call.need_scope(f"{channel.scopes}:read")
    shown = _channel(call, channel)
    if call.flag("include_locale"):
        shown["locale"] = "en-US"
    if not call.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


async def conversations_list(call: Call) -> Json:
    """conversations.list: public channels unless `types` says otherwise; of private ones only the bot's own."""
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
    asked = (call.text("types") or "public_channel").split(",")
    if not set(asked) <= kinds.keys():
        raise ApiError("invalid_types")
    families = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
    for kind in asked:
        call.need_scope(f"{families[kind]}:read")
    wanted = {kinds[kind] for kind in asked}
    bot = call.world.app.user_id
    found = [
        channel
        for channel in call.world.channels.values()
        if channel.kind in wanted
        and (channel.kind == "channel" or bot in channel.members)
        and not (channel.is_archived and call.flag("exclude_archived"))
    ]
    part, more = page(call, found, "team", 100)
    return {"channels": [_channel(call, channel) for channel in part]} | more


async def conversations_members(call: Call) -> Json:
    """conversations.members: ids, in pages of 100 unless asked otherwise."""
    channel = call.channel()
    call.need_scope(f"{channel.scopes}:read")
    part, more = page(call, channel.members, "user", 100)
    return {"members": part} | more


async def conversations_history(call: Call) -> Json:
    """conversations.history: newest first, without replies."""
    channel = _readable(call)
    top = [each for each in call.world.public(channel.id) if each.thread_ts in (None, each.ts)]
    top = [each for each in top if _is_between(call, each.ts)]
    part, more = page(call, top[::-1], "next_ts", 100)
    more["has_more"] = bool(more["response_metadata"]["next_cursor"])
    return {"messages": [message_wire(call.world, each, call.base) for each in part], "pin_count": 0} | more


async def conversations_replies(call: Call) -> Json:
    """conversations.replies: the root first, then its replies, oldest first."""
    channel = _readable(call)
    root = call.world.find(channel.id, call.text("ts"))
    if root is None or root.visible_to:
        raise ApiError("thread_not_found")
    part, more = page(call, [root, *call.world.replies(root)], "next_ts", 1_000)
    more["has_more"] = bool(more["response_metadata"]["next_cursor"])
    return {"messages": [message_wire(call.world, each, call.base) for each in part]} | more


def _readable(call: Call) -> Channel:
    channel = call.channel()
    call.need_scope(f"{channel.scopes}:history")
    if call.world.app.user_id not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _is_between(call: Call, ts: str) -> bool:
    """`oldest` and `latest` leave the edges out unless `inclusive`."""
    oldest, latest = float(call.text("oldest") or 0), float(call.text("latest") or "inf")
    at = float(ts)
    return oldest < at < latest or (call.flag("inclusive") and at in (oldest, latest))
