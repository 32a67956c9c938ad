"""What Slack tells an app of: the inner events, and the envelope around them."""

from tests.peers.slack.model import Channel, Json, Message, Upload, User
from tests.peers.slack.typed import rich_text
from tests.peers.slack.wire import message_wire, view_wire
from tests.peers.slack.world import World

NEEDS = {
    "app_mention": "app_mentions:read", "user_change": "users:read", "team_join": "users:read",
    "file_shared": "files:read", "channel_rename": "channels:read", "channel_archive": "channels:read",
    "channel_created": "channels:read", "group_rename": "groups:read",
}  # fmt: skip
"""The scope without which Slack does not send an event; `message` and `member_*` depend on the kind of channel."""


def is_granted(world: World, event: Json) -> bool:
    """Tell whether the app's scopes and memberships let it hear of something."""
    kind, scopes = event["type"], world.app.scopes
    if kind == "message":
        channel = world.channels[event["channel"]]
        return f"{channel.scopes}:history" in scopes and world.app.user_id in channel.members
    if kind in ("member_joined_channel", "member_left_channel"):
        return f"{world.channels[event['channel']].scopes}:read" in scopes
    return kind not in NEEDS or NEEDS[kind] in scopes


def envelope(world: World, event: Json, base: str) -> Json:
    """An `event_callback`. `team_id` is where the app is installed, also when a stranger spoke."""
    place = event.get("channel") or event.get("channel_id")
    channel = world.channels.get(place if isinstance(place, str) else "")
    app = world.app
    ident = world.make_id("Ev", f"{base}{world.clock.now()}{world.make_id('e')}")
    return {
        "token": app.verification_token, "team_id": world.team.id, "context_team_id": world.team.id,
        "context_enterprise_id": None, "api_app_id": app.id, "event": event, "type": "event_callback",
        "event_id": ident, "event_time": int(world.clock.now()),
        "authorizations": [
            {
                "enterprise_id": None, "team_id": world.team.id, "user_id": app.user_id, "is_bot": True,
                "is_enterprise_install": False,
            },
        ],
        "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
        "event_context": f"4-{world.secret(ident)}",
    }  # fmt: skip


def _foreign(world: World, user: str) -> Json:
    """What an event adds when the speaker is of another workspace."""
    found = world.users.get(user)
    if found is None or found.team_id == world.team.id:
        return {}
    profile = {"real_name": found.real_name, "display_name": found.name, "team": found.team_id, "name": found.name}
    return {"user_team": found.team_id, "source_team": found.team_id, "user_profile": profile}


def message_event(world: World, message: Message, base: str) -> Json:
    """`message`: of a channel, a direct chat, a thread; with files its subtype is file_share."""
    channel = world.channels[message.channel]
    event = message_wire(world, message, base)
    if not message.bot_id and message.text:
        event["blocks"] = rich_text(world, message.text, world.secret(message.ts)[:5])
    if message.files:
        event["subtype"] = "file_share"
    event |= {"channel": channel.id, "event_ts": message.ts, "channel_type": channel.kind}
    return event | _foreign(world, message.user)


def app_mention(world: World, message: Message, base: str) -> Json:
    """`app_mention`: beside the `message` event of the same words. It has no channel_type; never in direct chats."""
    event = message_event(world, message, base) | {"type": "app_mention"}
    event.pop("channel_type")
    event.pop("subtype", None)
    return event


def mentions_app(world: World, channel: Channel, text: str) -> bool:
    """Tell whether words call the app where it is a member."""
    return not channel.is_im and f"<@{world.app.user_id}>" in text and world.app.user_id in channel.members


def message_changed(world: World, message: Message, before: Json, base: str) -> Json:
    """`message` with subtype message_changed: somebody edited, or the app redrew."""
    now, channel = world.next_ts(), world.channels[message.channel]
    after = message_wire(world, message, base) | {"source_team": message.team, "user_team": message.team}
    return {
        "type": "message", "subtype": "message_changed", "message": after, "previous_message": before,
        "channel": message.channel, "hidden": True, "ts": now, "event_ts": now, "channel_type": channel.kind,
    }  # fmt: skip


def message_deleted(world: World, message: Message, before: Json) -> Json:
    """`message` with subtype message_deleted."""
    now, channel = world.next_ts(), world.channels[message.channel]
    return {
        "type": "message", "subtype": "message_deleted", "previous_message": before, "channel": message.channel,
        "hidden": True, "deleted_ts": message.ts, "ts": now, "event_ts": now, "channel_type": channel.kind,
    }  # fmt: skip


def app_home_opened(world: World, user: str, tab: str) -> Json:
    """`app_home_opened`: at every opening; with the view when one was published."""
    channel = world.direct(world.app.user_id, user)
    event: Json = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": tab, "event_ts": _now(world)}
    home = world.views.get(world.homes.get(user, ""))
    return event | ({"view": view_wire(world, home)} if home and tab == "home" else {})


def file_shared(world: World, upload: Upload, channel: str) -> Json:
    """`file_shared`: carries ids only."""
    return {
        "type": "file_shared", "file_id": upload.id, "user_id": upload.user, "file": {"id": upload.id},
        "channel_id": channel, "event_ts": _now(world),
    }  # fmt: skip


def user_event(world: World, kind: str, user: User) -> Json:
    """`user_change` and `team_join`; a deactivation is a user_change with `deleted`."""
    shown = user.wire(home=world.team.id, locale=True, email="users:read.email" in world.app.scopes)
    return {"type": kind, "user": shown, "cache_ts": int(world.clock.now()), "event_ts": _now(world)}


def member_event(world: World, kind: str, user: User, channel: Channel) -> Json:
    """`member_joined_channel` and `member_left_channel`."""
    letter = "G" if channel.is_private else "C"
    return {
        "type": kind, "user": user.id, "channel": channel.id, "channel_type": letter, "team": user.team_id,
        "event_ts": _now(world),
    }  # fmt: skip


def channel_rename(world: World, channel: Channel) -> Json:
    """`channel_rename`, or `group_rename` for a private one: the channel is an object here."""
    shown = {"id": channel.id, "name": channel.name, "name_normalized": channel.name, "created": channel.created}
    kind = "group_rename" if channel.is_private else "channel_rename"
    return {"type": kind, "channel": shown, "event_ts": _now(world)}


def _now(world: World) -> str:
    return world.next_ts()
