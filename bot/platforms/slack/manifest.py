"""The manifest of the Slack app: its commands come from the registry, each scope from what the bot does.

Shape and limits: docs.slack.dev/reference/app-manifest. Slack's own commands cannot be taken.
"""

from typing import Any

from bot.platforms.slack.reading import LOG_DEAL
from handlers.command import Registry
from handlers.grammar.words import word_set

APP = "Regatta"
"""What the bot is called in Slack, under Apps."""
SCOPES = {
    "commands": "to be called with /deal and the like, and from a message's menu",
    "chat:write": "to answer",
    "app_mentions:read": "to hear @Regatta in a channel",
    "im:history": "to hear what is written in the direct chat",
    "im:write": "to open a person's direct chat",
    "users:read": "to hear when an account was deactivated or is a guest's: it has no rights then",
    "users:read.email": "to recognise a newcomer by the work address that Slack has verified; they say that it is them",
    "files:read": "to read the table that an administrator drops in the direct chat to be imported",
    "files:write": "to post the weekly board as a picture, and a table that belongs to an answer as a file",
}
"""Why each scope is asked for."""
PLAIN_REPLIES = {
    "channels:history": "to hear plain words in a thread (“approve”, the week's answer) without a mention",
    "groups:history": "the same in private channels",
}
"""Scopes that an organisation may leave out: buttons and mentions then do everything."""
_OWN = word_set(
    "active apps archive away call collapse dm dnd expand feed feedback help invite join kick leave me msg mute open "
    "prefs remind remove rename search shortcuts shrug star status topic who"
)
_LONGEST_COMMAND, _LONGEST_TEXT = 32, 100


def manifest(
    registry: Registry, public_url: str | None, *, plain_replies: bool = True, socket_mode: bool = False
) -> dict[str, Any]:
    """Describe the app as Slack's “create from a manifest” takes it."""
    url = f"{(public_url or 'https://regatta.example').rstrip('/')}/slack/events"
    events = [
        "app_home_opened",
        "app_mention",
        "message.im",
        "user_change",
        *(["message.channels", "message.groups"] if plain_replies else []),
    ]
    address = {} if socket_mode else {"request_url": url}
    return {
        "display_information": {
            "name": APP,
            "description": "Deals, approvals, policies and weekly boards in the team chat",
            "background_color": "#0b3d5c",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": APP, "always_online": True},
            "shortcuts": [
                {
                    "name": "Log as deal 报单",
                    "type": "message",
                    "callback_id": LOG_DEAL,
                    "description": "Reads the message as a deal of yours, to be looked at before it counts",
                },
            ],
            "slash_commands": [
                {"command": f"/{name}", "description": summary, "usage_hint": hint, "should_escape": False}
                | ({} if socket_mode else {"url": url})
                for name, summary, hint in _commands(registry)
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted((*SCOPES, *(PLAIN_REPLIES if plain_replies else ())))}},
        "settings": {
            "event_subscriptions": {**address, "bot_events": sorted(events)},
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }


def _commands(registry: Registry) -> list[tuple[str, str, str]]:
    """Every word that starts a line, once, with what it does and a line to type; Slack takes no Chinese ones."""
    found = {"regatta": ("What you can say", "help")}
    for declared in registry.commands:
        words = declared.words["en"]
        name = next((word for word in words if " " not in word), words[0].partition(" ")[0] if words else "")
        if not name or name in _OWN or not name.isascii() or len(name) > _LONGEST_COMMAND:
            continue
        line = (declared.line_in("en") or "").lstrip("/")
        hint = next((line.removeprefix(word).strip() for word in words if line.startswith(word)), "")
        found.setdefault(name, (declared.summary.template[:_LONGEST_TEXT], hint[:_LONGEST_TEXT]))
    return [(name, summary, hint) for name, (summary, hint) in found.items()]
