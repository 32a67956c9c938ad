"""The workspace's JSON, exactly as programs script against it: people, channels, messages, actions, clock."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from bot.answering import Answer
from bot.clock import Clock, new_id
from bot.delivery import Delivery
from bot.demo.time import ClockError, DemoTime, parse_advance
from bot.directory import Snapshot
from bot.dispatch import Arrival, Dispatch
from bot.platforms.base import Incoming, Place, Press
from bot.platforms.web.drawing import typed
from bot.platforms.web.guard import (
    FILE_BODY_LIMIT,
    RefusedError,
    json_body,
    optional_file,
    optional_text,
    spoken_text,
    text_of,
)
from bot.platforms.web.live import Live
from bot.platforms.web.lodging import PLATFORM, WORKSPACE, Lodging
from bot.platforms.web.residents import (
    Resident,
    channel_record,
    channels_of,
    message_record,
    people_records,
    replies_of,
    resident,
    visible,
)
from bot.pressing import UnknownButtonError
from models.channels import Channel, ChannelKind
from models.outbox import Post
from models.store import Store
from models.unit import Unit, put
from models.workspace import WorkspaceChange, WorkspaceMessage, conversation, typed_message

_NO_BUTTON = "That message has no such button."
REPLIES_WITHIN = 3.0
"""Seconds for which an answer waits for replies behind what another process sends: less than a stop may take."""
LONGEST_ID = 15  # digits that a JSON number keeps


@dataclass
class WorkspaceApi:
    """The handlers of /workspace/…."""

    store: Store
    dispatch: Dispatch
    delivery: Delivery
    live: Live
    clock: Clock
    time: DemoTime
    lodging: Lodging

    def routes(self) -> list[BaseRoute]:
        """Every path of the workspace's JSON."""
        return [
            Route("/workspace/people", self.people),
            Route("/workspace/channels", self.channels),
            Route("/workspace/messages", self.messages, methods=["GET"]),
            Route("/workspace/messages", self.say, methods=["POST"]),
            Route("/workspace/actions", self.act, methods=["POST"]),
            Route("/workspace/clock", self.tell_time, methods=["GET"]),
            Route("/workspace/clock", self.move_clock, methods=["POST"]),
        ]

    async def people(self, request: Request) -> JSONResponse:  # noqa: ARG002  the framework's signature
        return JSONResponse(people_records(await self.lodging.known()))

    async def channels(self, request: Request) -> JSONResponse:
        known = await self.lodging.known()
        me = known_resident(known, request.query_params.get("as"))
        return JSONResponse([channel_record(channel) for channel in channels_of(known, me.person)])

    async def messages(self, request: Request) -> JSONResponse:
        asked, known = request.query_params, await self.lodging.known()
        me = known_resident(known, asked.get("as"))
        channel = known_channel(known, me, asked.get("channel"))

        def read(session: Session) -> list[dict[str, Any]]:
            thread, after = asked.get("thread"), asked.get("after")
            root = known_message(session, known, me, thread, channel).id if thread else None
            later = known_message(session, known, me, after).id if after else 0
            found = conversation(session, channel.id, me.person.id, thread=root, after=later or 0)
            return [message_record(message) for message in found]

        return JSONResponse(self.store.read(read))

    async def say(self, request: Request) -> JSONResponse:
        """Take what a person typed, or a file that they dropped."""
        body = await json_body(request, FILE_BODY_LIMIT)
        who, where, text = text_of(body, "as"), text_of(body, "channel"), spoken_text(body, "text")
        thread, key, file = optional_text(body, "thread"), optional_text(body, "key"), optional_file(body)

        known = await self.lodging.known()
        me = known_resident(known, who)
        channel = known_channel(known, me, where)
        if thread is not None:
            root = self.store.read(lambda session: known_message(session, known, me, thread, channel))
            if root.thread or (root.visible_to and channel.kind is not ChannelKind.DIRECT):
                why = "A thread starts at a message of the channel that everybody there sees."
                raise RefusedError(404, "unknown_message", why)
        place, at = Place(where, thread), self.clock.now()
        incoming = replace(_incoming(me, key, place, body, text=text), file=file)
        event_id = await self._take(incoming, lambda unit, event: _write_down(unit, event, incoming, at))

        def answered(session: Session) -> dict[str, Any]:
            own = typed_message(session, event_id)
            replies = [message_record(message) for message in replies_of(session, known, event_id, me.person)]
            return {"id": str(own.id), "replies": replies}

        return JSONResponse(self.store.read(answered))

    async def act(self, request: Request) -> JSONResponse:
        """Take a pressed button, with or without its form."""
        body = await json_body(request)
        who, message_id, button = text_of(body, "as"), text_of(body, "message"), text_of(body, "button")
        key, form = optional_text(body, "key"), body.get("form")
        if form is not None and not isinstance(form, dict):
            raise RefusedError(400, "malformed", "“form” must be an object of field names and values.")

        known = await self.lodging.known()
        me = known_resident(known, who)

        def check(session: Session) -> WorkspaceMessage:
            message = known_message(session, known, me, message_id)
            if not _carries(session, message, button):
                raise RefusedError(404, "unknown_button", _NO_BUTTON)
            return message

        message = self.store.read(check)
        place = Place(message.channel_id, str(message.thread) if message.thread else None)
        incoming = _incoming(me, key, place, body, press=Press(button, form))
        event_id = await self._take(incoming, None)
        replies = self.store.read(
            lambda session: [message_record(one) for one in replies_of(session, known, event_id, me.person)]
        )
        return JSONResponse({"replies": replies})

    async def tell_time(self, request: Request) -> JSONResponse:  # noqa: ARG002
        return JSONResponse({"now": self.clock.now().isoformat()})

    async def move_clock(self, request: Request) -> JSONResponse:
        body = await json_body(request)
        try:
            if body.get("to") is not None:
                now = await self.time.move_to(_instant(text_of(body, "to")))
            else:
                now = await self.time.advance(parse_advance(text_of(body, "advance")))
        except ClockError as error:
            raise RefusedError(400, "clock", str(error)) from error
        self.live.tell_time(now)
        return JSONResponse({"now": now.isoformat()})

    async def _take(self, incoming: Incoming, arrival: Arrival | None) -> str:
        try:
            answer: Answer = await self.dispatch.take(incoming, arrival)
        except UnknownButtonError as error:
            raise RefusedError(404, "unknown_button", _NO_BUTTON) from error
        if answer.conflict:
            raise RefusedError(409, "conflict", "This delivery key was used for something else before.")
        self.live.wake()
        await self.delivery.settle(answer.touched)
        await self._sent(answer)
        return answer.event_id

    async def _sent(self, answer: Answer) -> None:
        """Wait a while for replies that stand behind what another process sends to the channel first."""
        with suppress(TimeoutError):
            async with asyncio.timeout(REPLIES_WITHIN):
                await self.delivery.let_go(answer.event_id, PLATFORM)


def known_resident(known: Snapshot, person_id: str | None) -> Resident:
    """Who acts; raise RefusedError for an unknown persona."""
    found = resident(known, person_id) if person_id else None
    if found is None:
        raise RefusedError(404, "unknown_person", "There is nobody of that id; /workspace/people lists them.")
    return found


def known_channel(known: Snapshot, me: Resident, channel_id: str | None) -> Channel:
    """Where; raise RefusedError for a channel that the persona is not in."""
    found = next((channel for channel in channels_of(known, me.person) if channel.id == channel_id), None)
    if found is None:
        raise RefusedError(404, "unknown_channel", "You are in no channel of that id; /workspace/channels lists yours.")
    return found


def known_message(
    session: Session, known: Snapshot, me: Resident, message_id: str, channel: Channel | None = None
) -> WorkspaceMessage:
    """Which message; raise RefusedError for one that the persona cannot see."""
    is_id = message_id.isascii() and message_id.isdigit() and len(message_id) <= LONGEST_ID
    found = visible(session, known, [int(message_id)] if is_id else [], me.person)
    if not found or (channel is not None and found[0].channel_id != channel.id):
        raise RefusedError(404, "unknown_message", "You see no message of that id.")
    return found[0]


def _incoming(
    me: Resident, key: str | None, place: Place, body: Mapping[str, Any], text: str | None = None,
    press: Press | None = None,
) -> Incoming:  # fmt: skip
    covered = json.dumps({name: value for name, value in body.items() if name != "key"}, sort_keys=True)
    delivery_key = f"{me.person.id}:{key}" if key is not None else new_id()
    return Incoming(delivery_key, PLATFORM, WORKSPACE, me.person.id, place, covered, text, press)


def _write_down(unit: Unit, event_id: str, incoming: Incoming, at: datetime) -> None:
    """Keep what a person typed in the workspace's own log, in the unit of work of its effect."""
    place = incoming.place
    message = WorkspaceMessage(
        channel_id=place.channel, thread=int(place.thread) if place.thread else None, author_id=incoming.user,
        body=typed(incoming.file.name if incoming.file is not None else incoming.text or ""), at=at, event_id=event_id,
    )  # fmt: skip
    put(unit, message)
    put(unit, WorkspaceChange(message_id=message.id or 0))


def _carries(session: Session, message: WorkspaceMessage, button: str) -> bool:
    """Whether the message has or had the button: one of an earlier face is answered in words, not refused."""
    post_id = button.partition(".")[0]
    known = post_id.isascii() and post_id.isdigit() and len(post_id) <= LONGEST_ID
    post = session.get(Post, int(post_id)) if known else None
    return post is not None and post.channel_id == message.channel_id and post.message_id == str(message.id)


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise RefusedError(400, "clock", "Write the instant like 2026-11-30T09:00+08:00.") from error
