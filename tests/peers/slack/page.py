"""A page to look at the peer with: who am I, where am I, what is there, and a box to type into."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aiohttp import web

from tests.peers.pages import serve_page
from tests.peers.slack.deliveries import Answer
from tests.peers.slack.model import Json
from tests.peers.slack.reading import Seen

if TYPE_CHECKING:
    from tests.peers.slack.server import SlackPeer

PAGE = Path(__file__).parent / "page.html"


def add_to(app: web.Application, peer: "SlackPeer") -> None:
    """Serve the page at `/` and what it asks for below /peer/."""

    async def image(request: web.Request) -> web.Response:
        message = peer.world.find(request.match_info["channel"], request.match_info["ts"])
        if message is None:
            return web.Response(status=404)
        return web.Response(body=peer.now(message).images[int(request.match_info["number"])], content_type="image/png")

    async def file(request: web.Request) -> web.Response:
        upload = peer.world.uploads.get(request.match_info["file"])
        if upload is None or upload.content is None:
            return web.Response(status=404)
        return web.Response(body=upload.content, content_type="application/octet-stream")

    serve_page(app, PAGE, partial(_state, peer), partial(_act, peer))
    app.router.add_get("/peer/image/{channel}/{ts}/{number}", image)
    app.router.add_get("/peer/file/{file}/{name}", file)


def _state(peer: "SlackPeer", asked: Mapping[str, str]) -> Json:
    user_id, channel_id = asked.get("user", ""), asked.get("channel", "")
    people = [user for user in peer.world.users.values() if not user.is_bot]
    user = peer.world.users.get(user_id) or (people[0] if people else None)
    if user is None:
        return {"people": [], "channels": [], "messages": [], "modals": [], "home": None}
    peer.direct(user)
    channels = [channel for channel in peer.world.channels.values() if user.id in channel.members]
    channel = next((each for each in channels if each.id == channel_id), channels[0])
    messages = []
    for seen in peer.seen_by(user, channel):
        shown = asdict(seen) | {"images": len(seen.images), "links": _links(peer, seen)}
        shown.pop("blocks")
        messages.append(shown)
    home = peer.home(user)
    return {
        "user": user.id, "channel": channel.id,
        "people": [{"id": each.id, "name": each.real_name} for each in people],
        "channels": [
            {"id": each.id, "name": "Regatta" if each.is_im else f"#{each.name}"} for each in channels
        ],
        "messages": messages, "modals": [asdict(view) for view in peer.modals(user)],
        "home": asdict(home) if home else None,
    }  # fmt: skip


def _links(peer: "SlackPeer", seen: Seen) -> list[str]:
    """Where the page finds a message's files."""
    message = peer.world.find(seen.channel, seen.ts)
    files = message.files if message else []
    return [f"/peer/file/{ident}/{quote(peer.world.uploads[ident].name, safe='')}" for ident in files]


async def _act(peer: "SlackPeer", asked: dict[str, Any]) -> str | None:
    """Do one thing as a person; returns what went wrong."""
    before = len(peer.deliveries.attempts)
    error = await _do(peer, asked)
    for attempt in peer.deliveries.attempts[before:]:
        if peer.request_url and attempt.answer and (trouble := _trouble(peer.request_url, attempt.answer)):
            return trouble
    return error


def _trouble(url: str, answer: Answer) -> str | None:
    """What to do when it is not the bot's fault that it has not answered."""
    if answer.error == "connection_failed":
        return f"No bot answers at {url}: start it there, or name its address: ./dev peers --bot URL."
    if 400 <= answer.status < 500:
        lines = "put the lines that ./dev peers printed into .env and start the bot again."
        return f"What answers at {url} does not know this Slack (HTTP {answer.status}): {lines}"
    return None


async def _do(peer: "SlackPeer", asked: dict[str, Any]) -> str | None:
    user, channel = asked["user"], asked["channel"]
    thread, kind = asked.get("thread") or None, asked["do"]
    if kind == "say" and asked["text"].startswith("/"):
        return (await peer.slash(user, channel, asked["text"], thread)).error
    if kind == "say":
        await peer.say(user, channel, asked["text"].replace("@regatta", f"<@{peer.world.app.user_id}>"), thread)
    elif kind == "upload":
        await peer.upload(user, channel, asked["name"], asked["content"], asked.get("text", ""), thread)
    elif kind == "press":
        message = peer.world.find(channel, asked["ts"])
        if message is None:
            raise LookupError("the message is not there any more")
        return (await peer.press(user, message, asked["action"], asked.get("choose"))).error
    elif kind == "home":
        await peer.open_home(user)
    elif kind == "view":
        views = [*peer.modals(user), *filter(None, [peer.home(user)])]
        view = next(each for each in views if each.id == asked["view"])
        return (await peer.press_in_view(user, view, asked["action"], asked.get("choose"))).error
    elif kind == "submit":
        return (await peer.submit(user, None, asked["values"])).error
    elif kind == "dismiss":
        await peer.dismiss(user)
    return None
