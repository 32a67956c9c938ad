"""The workspace's page, its live stream, the pictures of its boards and its static files."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment
from sqlmodel import Session, col, select
from sse_starlette import EventSourceResponse
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot import tokens
from bot.attachments import csv_of
from bot.clock import Clock
from bot.directory import Directory, Snapshot
from bot.due import reader_of
from bot.language import Reader, translated
from bot.pictures.board import Theme
from bot.pictures.drawing import draw_picture
from bot.platforms.web.api import LONGEST_ID, known_message, known_resident
from bot.platforms.web.fonts import served_fonts
from bot.platforms.web.guard import RefusedError
from bot.platforms.web.live import Live, last_change
from bot.platforms.web.lodging import Lodging
from bot.platforms.web.page import PageView, Viewer, render_message, render_page, workspace_environment
from bot.platforms.web.residents import (
    Resident,
    channel_record,
    channels_of,
    message_record,
    newest_ids,
    page_records,
    people_records,
    resident,
    visible,
)
from bot.platforms.web.suggestions import suggestions
from bot.platforms.web.texts import texts
from models.accounts import Account
from models.deals import Deal
from models.message import Picture
from models.outbox import Post
from models.regions import organisation, regions
from models.store import Store
from models.workspace import WorkspaceMessage, conversation

STATIC = Path(__file__).parent / "static"
RETRY = 1000  # milliseconds after which a page that lost the stream asks again
WEEK = 7 * 24 * 3600
FIRST_PERSON = {"zh": "lin-xiao", "en": "mike-davis"}
"""Two reps of the demo; in another organisation it is the first of all who speaks the language."""


@dataclass
class WorkspaceViews:
    """The handlers of `/` and `/as/…`."""

    store: Store
    live: Live
    clock: Clock
    directory: Directory
    lodging: Lodging
    environment: Environment = field(default_factory=workspace_environment)

    def routes(self) -> list[BaseRoute]:
        """Every path that a browser opens."""
        fonts = [Route(address, _font(path)) for address, path in served_fonts().items()]
        return [
            Route("/", self.start),
            Route("/as/{person}/c/{channel}", self.page),
            Route("/as/{person}", self.start),
            Route("/workspace/events", self.events),
            Route("/workspace/pictures/{token}.png", self.picture),
            Route("/workspace/files/{token}/{name}", self.attachment),
            *fonts,
            Mount("/static", StaticFiles(directory=STATIC)),
        ]

    async def start(self, request: Request) -> Response:
        """Go to a person's first channel; without a person, to that of a rep who speaks the browser's language."""
        wanted = request.path_params.get("person")

        language = "zh" if request.headers.get("accept-language", "").startswith("zh") else "en"
        known = await self.lodging.known()
        person_id = wanted or _first(known, language)
        me = known_resident(known, person_id)
        return RedirectResponse(f"/as/{person_id}/c/{channels_of(known, me.person)[0].id}", 303)

    async def page(self, request: Request) -> Response:
        """Show a channel, and beside it a thread; a wrong address goes to the start."""
        person_id, channel_id = request.path_params["person"], request.path_params["channel"]
        if resident(await self.lodging.known(), person_id) is None:
            return RedirectResponse("/", 303)
        try:
            view = self.store.read(lambda s: self._view(s, person_id, channel_id, request.query_params.get("thread")))
        except RefusedError:  # a thread that is not there, or not for this person
            return RedirectResponse(f"/as/{person_id}/c/{channel_id}", 303)
        if view is None:
            return RedirectResponse(f"/as/{person_id}", 303)
        return HTMLResponse(render_page(view, self.environment), headers={"Cache-Control": "no-store"})

    async def events(self, request: Request) -> Response:
        """Send every change that the persona may see, from where the page stands."""
        asked = request.query_params
        last = request.headers.get("last-event-id") or asked.get("last") or ""
        me = known_resident(self.directory.now(), asked.get("as"))
        since = (
            int(last) if last.isascii() and last.isdigit() and len(last) <= LONGEST_ID else self.store.read(last_change)
        )
        viewer = _viewer({"id": me.person.id}, me)

        def draw(session: Session, message: WorkspaceMessage) -> Any:
            if not visible(session, self.directory.now(), [message.id or 0], me.person):
                return None
            record = page_records(session, [message])[0]
            total = None
            if message.thread:
                total = page_records(session, [session.get_one(WorkspaceMessage, message.thread)])[0]["reply_count"]
            return {
                "message": message_record(message),
                "html": render_message(record, viewer, self.environment),
                "reply_count": total,
            }

        async def changes() -> AsyncIterator[dict[str, Any]]:
            yield {"event": "clock", "data": json.dumps({"now": self.clock.now().isoformat()}), "retry": RETRY}
            async for change in self.live.changes(self.store, since, draw):
                yield change

        return EventSourceResponse(changes(), ping=15)

    async def picture(self, request: Request) -> Response:
        """Draw the board of a post in the language of its channel."""
        theme: Theme = "dark" if request.query_params.get("theme") == "dark" else "light"

        def read(session: Session) -> tuple[Picture, Reader]:
            post, reader = self._signed(session, request)
            if post.message.picture is None:
                raise RefusedError(404, "unknown_picture", "There is no such picture.")
            return post.message.picture, reader

        png = await asyncio.to_thread(_drawn, *self.store.read(read), theme)
        return Response(png, media_type="image/png", headers={"Cache-Control": f"private, max-age={WEEK}, immutable"})

    async def attachment(self, request: Request) -> Response:
        """Give the file of a post to save."""

        def read(session: Session) -> bytes:
            post, reader = self._signed(session, request)
            if post.message.attachment is None:
                raise RefusedError(404, "unknown_file", "There is no such file.")
            return csv_of(post.message.attachment, reader)

        content = self.store.read(read)
        return Response(content, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": "attachment"})

    def _signed(self, session: Session, request: Request) -> tuple[Post, Reader]:
        """The post that an address names, and who reads it; raise RefusedError for a forged one."""
        try:
            post_id, _ = tokens.verify(organisation(session).button_key, request.path_params["token"])
        except tokens.ForgedTokenError as error:
            raise RefusedError(404, "unknown_message", "There is no such message.") from error
        post, known = session.get_one(Post, post_id), self.directory.now()
        return post, reader_of(known, known.channels[post.channel_id], post.visible_to)

    def _view(self, session: Session, person_id: str, channel_id: str, thread: str | None) -> PageView | None:
        known = self.directory.now()
        me = known_resident(known, person_id)
        channels = channels_of(known, me.person)
        channel = next((one for one in channels if one.id == channel_id), None)
        if channel is None:
            return None
        seen_until = last_change(session)
        people = people_records(known)
        for person in people:
            person["initials"] = self.environment.filters["initials"](person["name"])
        record = next(person for person in people if person["id"] == person_id)
        root = known_message(session, known, me, thread, channel) if thread else None
        inside = conversation(session, channel.id, person_id, thread=root.id) if root else []
        company = organisation(session)
        newest = newest_ids(session, me.person)
        return PageView(
            viewer=_viewer(record, me),
            org=company.name,
            demo=company.is_demo,
            now=self.clock.now(),
            people=people,
            regions={region.id: region.name for region in regions(session)},
            channels=[channel_record(one) | {"newest": newest.get(one.id, 0)} for one in channels],
            channel=channel_record(channel),
            messages=page_records(session, conversation(session, channel.id, person_id, thread=None)),
            thread=page_records(session, [root, *inside]) if root else None,
            suggestions=suggestions(me.person.rank, channel.kind, me.language, _customer(session, me)),
            last_event=str(seen_until),
        )


def _first(known: Snapshot, language: str) -> str | None:
    """Whom to show to somebody who names nobody."""
    people = [record["id"] for record in people_records(known)]
    speakers = [id_ for id_ in people if known.home_of(known.people[id_]).language == language]
    return next(iter([each for each in people if each == FIRST_PERSON[language]] + speakers + people), None)


def _viewer(record: dict[str, Any], me: Resident) -> Viewer:
    labels = texts(lambda template: translated(template, None, None, me.language))
    return Viewer(record, ZoneInfo(me.zone), me.language, labels)


def _customer(session: Session, me: Resident) -> str:
    """A customer of the person's region, for an example that they recognise."""
    query = select(Account.name).join(Deal, col(Deal.account_id) == Account.id).order_by(col(Deal.created_at), Deal.id)
    if me.person.region_id:
        query = query.where(Deal.region_id == me.person.region_id)
    return session.exec(query.limit(1)).first() or "Globex"


@lru_cache(maxsize=64)
def _drawn(picture: Picture, reader: Reader, theme: Theme) -> bytes:
    return draw_picture(picture, reader, theme)


def _font(path: Path) -> Any:
    async def serve(_request: Request) -> FileResponse:
        return FileResponse(path, headers={"Cache-Control": f"public, max-age={WEEK}"})

    return serve
