"""Read what Slack delivers: events, commands, presses and forms become Incoming, in neutral terms.

Typed text arrives escaped and with mentions as `<@U…>`; the grammar reads both as they are.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bot.platforms.base import Incoming, Place, Press
from bot.platforms.slack.modals import entered

PLATFORM = "slack"
BOT = "@regatta"
LOG_DEAL = "log_deal"
"""The message's shortcut."""
VIEW, ONLY, HOME = "view:", "only:", "home:"
"""How the ids of a form, a private message and a part of the Home tab begin: none is a message of the channel."""
_TYPED = frozenset({None, "file_share", "thread_broadcast"})
"""The subtypes of a message that a person typed; all others tell of edits, joins and the like."""

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shared:
    """A file of a message: its name, where it is to be fetched, and how many bytes Slack says that it has."""

    name: str
    url: str
    size: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """What somebody did, and what answering it needs: if only they see the place, what it opened, its files."""

    incoming: Incoming
    direct: bool = False
    trigger: str | None = None
    response_url: str | None = None
    view: str | None = None
    submitted: bool = False
    message: str | None = None
    home: bool = False
    shared: tuple[Shared, ...] = ()


def read_event(body: Body) -> Spoken | None:
    """Read a message or a mention; none for what no person typed, or what the bot itself said.

    A file without words in a channel is none of the bot's business. A mention comes twice, as
    `message` and as `app_mention`; both have the key of the message itself.
    """
    event = body["event"]
    is_talk = event.get("type") in ("message", "app_mention") and event.get("subtype") in _TYPED
    if not is_talk or event.get("bot_id") or not event.get("user"):
        return None
    direct = event.get("channel_type") == "im"
    bot = next((each["user_id"] for each in body.get("authorizations", ()) if each.get("user_id")), "")
    text = str(event.get("text") or "")
    if not direct and not text.strip():
        return None  # a picture for the others, without a word
    place = Place(event["user"] if direct else event["channel"], event.get("thread_ts"))
    covered = _body({"channel": event["channel"], "ts": event["ts"], "user": event["user"], "text": text})
    key = f"{event['channel']}:{event['ts']}"
    said = text.replace(f"<@{bot}>", BOT, 1) if bot else text
    home = event.get("user_team") or event.get("source_team") or body["team_id"]
    foreign = home != body["team_id"]
    incoming = Incoming(key, PLATFORM, home, event["user"], place, covered, said, foreign=foreign)
    return Spoken(incoming, direct, shared=tuple(_shared(file) for file in event.get("files") or ()))


def _shared(file: Body) -> Shared:
    return Shared(str(file.get("name") or "")[:200], str(file.get("url_private_download") or ""), file.get("size") or 0)


def read_opening(body: Body) -> tuple[str, str] | None:
    """Read that somebody opened their Home tab: the workspace and the account."""
    event = body["event"]
    is_home = event.get("type") == "app_home_opened" and event.get("tab") == "home"
    return (body["team_id"], event["user"]) if is_home else None


def read_departure(body: Body) -> Spoken | None:
    """Read that an account was deactivated or made a guest's; none for any other change of an account."""
    user = body["event"].get("user")
    if body["event"].get("type") != "user_change" or not (user.get("deleted") or is_guest(user)):
        return None
    covered = _body({"user": user["id"], "updated": user.get("updated")})
    key = f"left:{user['id']}:{user.get('updated')}"
    return Spoken(Incoming(key, PLATFORM, body["team_id"], user["id"], Place(user["id"]), covered, left=True))


def read_shortcut(body: Body, workspace: str) -> Spoken | None:
    """Read that somebody chose to log a message as a deal; the answer goes into the message's thread."""
    if body["type"] != "message_action" or body["callback_id"] != LOG_DEAL:
        return None
    user, channel, message = body["user"]["id"], body["channel"]["id"], body["message"]
    direct = channel.startswith("D")
    place = Place(user) if direct else Place(channel, message.get("thread_ts") or message["ts"])
    text = str(message.get("text") or "")
    covered = _body({"user": user, "channel": channel, "ts": message["ts"], "text": text})
    incoming = Incoming(body["trigger_id"], PLATFORM, workspace, user, place, covered, text, quoted=True)
    return Spoken(incoming, direct, body["trigger_id"], body.get("response_url"))


def is_guest(user: Body) -> bool:
    """Whether an account is a guest's, of several channels or of one."""
    return bool(user.get("is_restricted") or user.get("is_ultra_restricted"))


def read_command(body: Body) -> Spoken:
    """Read a slash command. It comes once; its trigger is its key."""
    text = f"{body['command']} {body.get('text') or ''}".strip()
    text = text.removeprefix("/regatta ") if text != "/regatta" else "help"
    direct = str(body["channel_id"]).startswith("D")
    place = Place(body["user_id"] if direct else body["channel_id"])
    covered = _body({name: body[name] for name in ("channel_id", "user_id", "command")} | {"text": text})
    said = text if text.startswith("/") else f"/{text}"
    incoming = Incoming(body["trigger_id"], PLATFORM, body["team_id"], body["user_id"], place, covered, said)
    return Spoken(incoming, direct, body["trigger_id"], body.get("response_url"))


def read_press(body: Body, workspace: str) -> Spoken | None:
    """Read a pressed button of a message or of a form; none for an element that is no button of ours."""
    action = body["actions"][0]
    token = action.get("value")
    if not token:
        return None
    user, container = body["user"]["id"], body.get("container") or {"type": ""}
    if container["type"] not in ("view", "message"):
        return None
    if container["type"] == "view":
        context = _context_of(body["view"])
        if context is None:
            return None
        place = _place_of(context)
    else:
        channel = container["channel_id"]
        place = Place(user if channel.startswith("D") else channel, container.get("thread_ts"))
    covered = _body({"user": user, "action": action.get("action_id"), "value": token, "at": action.get("action_ts")})
    incoming = Incoming(body["trigger_id"], PLATFORM, workspace, user, place, covered, press=Press(token))
    view = container.get("view_id")
    seen = (ONLY if container.get("is_ephemeral") else "") + str(container.get("message_ts", ""))
    url = body.get("response_url")
    home = (body.get("view") or {}).get("type") == "home"
    return Spoken(incoming, place.channel == user, body["trigger_id"], url, view, message=seen, home=home)


def read_submission(body: Body, workspace: str, rounds: int) -> Spoken | None:
    """Read a form that was sent: which it is and where it was asked for stands in its private metadata, if it is ours.

    Sent again with the same answers it is the same delivery, unless it was given back in between (`rounds`): who saw
    Slack's “Try again?” presses again, and what they sent may have been done.
    """
    user, view = body["user"]["id"], body["view"]
    context = _context_of(view)
    if context is None or "token" not in context:
        return None
    form = entered(view["state"]["values"])
    covered = _body({"user": user, "view": view["id"], "form": form})
    place = _place_of(context)
    press = Press(context["token"], form)
    key = f"{view['id']}:{rounds}:{sha256(_body(form).encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
    incoming = Incoming(key, PLATFORM, workspace, user, place, covered, press=press)
    return Spoken(incoming, place.channel == user, view=view["id"], submitted=True)


def _context_of(view: Body) -> dict[str, str] | None:
    """What a form of ours keeps about where it was asked for."""
    try:
        found = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return None
    return found if isinstance(found, dict) and "channel" in found else None


def _place_of(context: Mapping[str, str]) -> Place:
    return Place(context["channel"], context.get("thread") or None)


def _body(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, sort_keys=True, ensure_ascii=False)
