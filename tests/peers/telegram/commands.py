"""The bot's command menus: per scope and language, and which of them somebody sees.

core.telegram.org/bots/api#setmycommands, #botcommandscope and #determining-list-of-commands.
"""

import re

from tests.peers.telegram.access import chat_of
from tests.peers.telegram.api import ApiError, Call
from tests.peers.telegram.model import Chat, Json, User
from tests.peers.telegram.world import World

MOST_COMMANDS = 100
LONGEST_DESCRIPTION = 256
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
SIMPLE_SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})


def _key(call: Call) -> tuple[str, str]:
    """The scope and language that a call is about; a dedicated language is two letters, none means all others."""
    scope = call.parsed("scope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in SIMPLE_SCOPES | CHAT_SCOPES:
        raise ApiError(400, "can't parse BotCommandScope: unsupported type specified")
    language = call.text("language_code")
    if language and not _LANGUAGE.fullmatch(language):
        raise ApiError(400, "invalid language code specified")
    name = str(scope["type"])
    if name in CHAT_SCOPES:
        chat = chat_of(Call(call.world, call.method, {"chat_id": str(scope.get("chat_id") or "")}))
        if chat.kind == "channel":
            raise ApiError(400, "can't change bot commands in channel chats")
        name = f"{name} {chat.id}"
    if scope["type"] == "chat_member":
        name = f"{name} {scope.get('user_id')}"
    return name, language


async def set_my_commands(call: Call) -> bool:
    """setMyCommands: one wrong command refuses the whole list."""
    given = call.parsed("commands")
    commands = given if isinstance(given, list) else []
    key = _key(call)
    if len(commands) > MOST_COMMANDS:
        raise ApiError(400, "BOT_COMMANDS_TOO_MUCH")
    kept = []
    for each in commands:
        name, description = str(each.get("command", "")).removeprefix("/"), str(each.get("description", "")).strip()
        if not _NAME.fullmatch(name):
            raise ApiError(400, "BOT_COMMAND_INVALID")
        if not description:
            raise ApiError(400, "command description must be non-empty")
        if len(description) > LONGEST_DESCRIPTION:
            raise ApiError(400, "BOT_COMMAND_DESCRIPTION_INVALID")
        kept.append({"command": name, "description": description})
    call.world.commands[key] = kept
    return True


async def get_my_commands(call: Call) -> list[Json]:
    """getMyCommands: of exactly this scope and language."""
    return call.world.commands.get(_key(call), [])


async def delete_my_commands(call: Call) -> bool:
    """deleteMyCommands: the next wider scope then counts."""
    call.world.commands.pop(_key(call), None)
    return True


def menu(world: World, user: User, chat: Chat) -> list[Json]:
    """What somebody's menu shows in a chat: the first list that is there, from the narrowest scope to the widest."""
    if chat.is_private:
        scopes = [f"chat {chat.id}", "all_private_chats", "default"]
    else:
        is_admin = chat.member(user.id).is_admin
        scopes = [f"chat_member {chat.id} {user.id}", *([f"chat_administrators {chat.id}"] if is_admin else [])]
        scopes += [f"chat {chat.id}", *(["all_chat_administrators"] if is_admin else []), "all_group_chats", "default"]
    language = (user.language_code or "").split("-")[0]
    for scope in scopes:
        for each in (language, "") if language else ("",):
            if world.commands.get((scope, each)):
                return world.commands[scope, each]
    return []
