"""A page to look at the peer with: who am I, where am I, what is there, and a box to type into."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.peers.pages import serve_page
from tests.peers.telegram.model import Chat, Json
from tests.peers.telegram.reading import Seen

if TYPE_CHECKING:
    from tests.peers.telegram.server import TelegramPeer

PAGE = Path(__file__).parent / "page.html"
NOBODY = "No bot fetches this: put the lines that ./dev peers printed into .env and start the bot; it gets this then."


def add_to(app: web.Application, peer: "TelegramPeer") -> None:
    """Serve the page at `/` and what it asks for below /peer/."""

    async def file(request: web.Request) -> web.Response:
        message = peer.world.find(int(request.match_info["chat"]), int(request.match_info["message"]))
        if message is None or message.file is None:
            return web.Response(status=404)
        return web.Response(body=message.file.content, content_type=message.file.mime)

    serve_page(app, PAGE, partial(_state, peer), partial(_act, peer))
    app.router.add_get("/peer/file/{chat}/{message}", file)


def _state(peer: "TelegramPeer", asked: Mapping[str, str]) -> Json:
    user_id, chat_id = asked.get("user", ""), asked.get("chat", "")
    people = [user for user in peer.world.users.values() if not user.is_bot]
    user = next((each for each in people if str(each.id) == user_id), people[0] if people else None)
    if user is None:
        return {"people": [], "chats": [], "messages": []}
    own = peer.direct(user)
    chats = [each for each in peer.world.chats.values() if each.member(user.id).is_in and each.upgraded_to is None]
    chat = next((each for each in chats if str(each.id) == chat_id), chats[0])
    return {
        "user": str(user.id), "chat": str(chat.id), "started": chat is not own or own.started,
        "people": [{"id": str(each.id), "name": each.full_name} for each in people],
        "chats": [{"id": str(each.id), "name": _title(peer, each)} for each in chats],
        "topics": [{"id": each.id, "name": each.name} for each in chat.topics.values() if not each.is_deleted],
        "commands": peer.commands_for(user, chat),
        "messages": [_shown(seen) for seen in peer.seen_by(user, chat)],
    }  # fmt: skip


def _title(peer: "TelegramPeer", chat: Chat) -> str:
    return peer.bot.full_name if chat.is_private else chat.title


def _shown(seen: Seen) -> Json:
    shown = asdict(seen)
    for name in ("photo", "content"):
        shown[name] = shown[name] is not None
    return shown


async def _act(peer: "TelegramPeer", asked: dict[str, Any]) -> str | None:
    """Do one thing as a person; returns what appears to them, or that no bot is there to hear it."""
    return await _do(peer, asked) or (None if peer.deliveries.webhook or peer.polling.is_asked else NOBODY)


async def _do(peer: "TelegramPeer", asked: dict[str, Any]) -> str | None:
    user = peer.user(int(asked["user"]))
    peer.direct(user)
    chat = peer.chat(int(asked["chat"]))
    seen = {str(each.id): each for each in peer.seen_by(user, chat)}
    if asked["do"] == "start":
        await peer.start(user)
    elif asked["do"] == "say":
        await peer.say(user, chat, asked["text"], seen.get(str(asked.get("reply_to"))), asked.get("topic") or None)
    elif asked["do"] == "upload":
        await peer.upload(
            user, chat, asked["name"], asked["content"], asked.get("text", ""),
            reply_to=seen.get(str(asked.get("reply_to"))), topic=int(asked.get("topic") or 0) or None,
        )  # fmt: skip
    elif asked["do"] == "press":
        pressed = await peer.press(user, seen[str(asked["message"])], asked["label"])
        await peer.world.eventually(lambda: pressed.is_answered)
        return pressed.url or pressed.text or None
    return None
