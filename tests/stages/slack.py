"""Speak to an installation in Slack: the peer carries every word and press there and every answer back."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot import tokens
from bot.app import Regatta
from bot.platforms.slack import listening
from bot.platforms.slack.drawing import OPEN_FORM
from bot.platforms.slack.modals import NOTHING
from bot.platforms.slack.reading import ONLY, VIEW
from bot.platforms.slack.uploads import FILE
from bot.platforms.web.residents import channels_of
from bot.settings import Settings
from models.channels import ChannelKind
from models.outbox import OutboxState, Post, post_of_message
from models.regions import organisation
from models.workspace import BOT
from tests.databases import copy, url_of
from tests.peers.slack import ALL_SCOPES, SlackPeer
from tests.peers.slack.deliveries import ANSWER_WITHIN
from tests.peers.slack.model import Json, User
from tests.peers.slack.reading import Field, Seen, SeenView
from tests.stages.company import move_company
from tests.stages.serving import Days, served
from tests.workspace import START, Record, StandingClock, button_of, demo_settings

_TYPES = {
    "static_select": "select", "multi_static_select": "multiselect", "datepicker": "date", "plain_text_input": "text",
}  # fmt: skip
PATIENT_SECONDS = 30.0
"""For how long Slack waits for an answer where a test says nothing about it: as long as a busy machine may need."""
A_WHILE = 20.0
"""Seconds between two things that people do here, so that no rate limit of Slack's is met."""


class SlackStage:
    """The company in Slack, with the hands that tests have in the web workspace."""

    platform = "slack"
    threads, edits, pictures = True, True, True

    def __init__(self, regatta: Regatta, peer: SlackPeer, clock: StandingClock, users: dict[str, User]) -> None:
        self.regatta, self.peer, self.users, self.clock = regatta, peer, users, clock
        self._days = Days(regatta, clock)
        self._places = {channel.id: channel for channel in regatta.directory.now().channels.values()}

    @classmethod
    @asynccontextmanager
    async def opened(
        cls,
        template: Path,
        path: Path,
        at: datetime = START,
        *,
        socket_mode: bool = False,
        more_secrets: tuple[str, ...] = (),
        broken: int = 0,
        scopes: Iterable[str] = ALL_SCOPES,
        hurried: bool = True,
    ) -> "AsyncIterator[SlackStage]":
        """Open a copy of a seeded company whose people and channels are in Slack.

        `hurried`, no turn is waited for; and nobody minds how long an answer takes until `wait_at_most`.
        """
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(listening, "ANSWER_SECONDS", PATIENT_SECONDS - 1)
            async with SlackPeer.opened(scopes=scopes) as peer:
                peer.deliveries.answer_within = PATIENT_SECONDS
                peer.faults.fail_api("apps.connections.open", times=broken)
                clock = StandingClock(at)
                users = settle_company(template, path, peer)
                regatta = Regatta(slack_settings(path, peer, more_secrets, socket_mode=socket_mode), clock)
                if hurried:
                    pace_by(regatta, peer)
                async with served(regatta) as url:
                    peer.request_url = None if socket_mode else f"{url}/slack/events"
                    stage = cls(regatta, peer, clock, users)
                    if socket_mode and not broken:
                        await peer.world.eventually(lambda: peer.socket_mode.connections)
                    yield stage
                    await peer.deliveries.close()

    def wait_at_most(self, bot: float, slack: float = ANSWER_WITHIN) -> None:
        """From now on let the bot wait so many seconds before it says that it takes long, and Slack so many for it."""
        listening.ANSWER_SECONDS = bot
        self.peer.deliveries.answer_within = slack

    async def say(
        self, person: str, text: str, channel: str | None = None, thread: str | None = None, key: str | None = None
    ) -> list[Record]:
        """Type a line; one that starts with a slash is a slash command, except in threads, where Slack has none."""
        assert key is None, "Slack makes the keys itself"
        self.peer.clock.advance(A_WHILE)
        before = self._newest_post()
        user, place = self.users[person], self._place(person, channel)
        if text.startswith("/") and thread is None:
            await self.peer.slash(user, place, text)
        else:
            await self.peer.say(user, place, text, thread_ts=thread)
        return await self._replies(person, before)

    async def drop(self, person: str, name: str, content: bytes, channel: str | None = None) -> list[Record]:
        """Drop a file in the direct chat, or in a channel."""
        self.peer.clock.advance(A_WHILE)
        before = self._newest_post()
        await self.peer.upload(self.users[person], self._place(person, channel), name, content)
        return await self._replies(person, before)

    async def press(
        self, person: str, message: Record, command: str, form: Record | None = None, nth: int = 0
    ) -> list[Record]:
        """Press a message's button by its command's name; with a form, open it, fill it in and send it."""
        self.peer.clock.advance(A_WHILE)
        before, user = self._newest_post(), self.users[person]
        button = button_of(message, command, nth)
        if form is not None:
            view = await self._modal(user, message, button)
            await self.peer.submit(user, view, {name: _entered(view, name, value) for name, value in form.items()})
            wrong = next((one for one in self.peer.modals(user) if one.id == view.id and one.errors), None)
            if wrong is not None:
                return [self._form_record(person, message["channel"], wrong)]
        elif message["id"].startswith(VIEW):
            await self.peer.press_in_view(user, self.peer.modals(user)[-1], button["id"])
        else:
            await self.peer.press(user, self._message(user, message), button["id"])
        return await self._replies(person, before)

    async def read(self, person: str, channel: str | None = None, thread: str | None = None) -> list[Record]:
        """What a person sees in a channel, oldest first: the top level, or one thread's replies."""
        user = self.users[person]
        seen = self.peer.seen_by(user, self._place(person, channel))
        shown = [one for one in seen if one.thread_ts == thread and one.ts != thread]
        place = channel or f"dm-{person}"
        forms = [self._form_record(person, place, view) for view in self.peer.modals(user) if self._is_of(view, place)]
        return [*(self._record(person, one, place) for one in shown), *(forms if thread is None else ())]

    def _is_of(self, view: SeenView, place: str) -> bool:
        """Whether a form was asked for in a place."""
        context = json.loads(self.peer.world.views[view.id].body.get("private_metadata") or "{}")
        return bool(context.get("channel") == self._places[place].external_id)

    async def advance(self, span: str) -> datetime:
        """Move the clock forward by `90m`, `2h`, `3d`, `1w`."""
        now = await self._days.advance(span)
        await self.settled()
        return now

    async def move_to(self, instant: str) -> datetime:
        """Move the clock to an instant with its zone."""
        now = await self._days.move_to(datetime.fromisoformat(instant))
        await self.settled()
        return now

    def rows(self, work: Any) -> Any:
        """Look at the rows."""
        return self.regatta.store.read(work)

    async def settled(self, *, backing_off: bool = False) -> None:
        """Wait until everything was sent or set aside; with `backing_off`, time goes on for what is tried again."""

        def is_done() -> bool:
            if backing_off:
                self.clock.at += timedelta(seconds=1)
                self.peer.clock.advance(1)
                self.regatta.delivery.wake()
            return not self.rows(_waiting)

        await self.peer.world.eventually(is_done)

    def _newest_post(self) -> int:
        return int(self.rows(lambda session: session.exec(select(Post.id).order_by(col(Post.id).desc())).first()) or 0)

    async def _replies(self, person: str, before: int) -> list[Record]:
        """What was posted or redrawn since, as far as the person sees it, in the order of the posts."""
        await self.settled()
        posts = self.rows(lambda session: _sent(session, before))
        found: dict[str, Record] = {}
        for channel, message_id in posts:
            record = await self._seen(person, channel, message_id)
            if record is not None:
                found.setdefault(message_id, record)
        return list(found.values())

    async def _seen(self, person: str, channel: str, message_id: str) -> Record | None:
        user = self.users[person]
        if message_id.startswith(VIEW):
            view = next((one for one in self.peer.modals(user) if one.id == message_id.removeprefix(VIEW)), None)
            return self._form_record(person, channel, view) if view else None
        place = self._place(self._places[channel].person_id or person, channel)
        seen = self.peer.seen_by(user, place) if user.id in self.peer.channel(place).members else []
        one = next((each for each in seen if each.ts == message_id.removeprefix(ONLY)), None)
        if one is None:
            return None
        record = self._record(person, one, channel)
        opener = next((button for button in one.buttons if button.action_id.startswith(OPEN_FORM)), None)
        if opener is not None:
            await self.peer.press(user, one, opener.action_id)
            record |= self._form_record(person, channel, self.peer.modals(user)[-1], message_id)
            await self.peer.dismiss(user)
        return record

    async def _modal(self, user: User, message: Record, button: Record) -> SeenView:
        """Open a form as a person does: it is open, waits behind a button, or is what the button asks for."""
        if not message["id"].startswith(VIEW):
            opener = f"{OPEN_FORM}.0" if message["form"] else button["id"]
            await self.peer.press(user, self._message(user, message), opener)
            await self.peer.world.eventually(lambda: self.peer.modals(user))
        return self.peer.modals(user)[-1]

    def _message(self, user: User, record: Record) -> Seen:
        place = record["channel"]
        where = self.peer.direct(user) if place.startswith("dm-") else self._place("", place)
        return next(one for one in self.peer.seen_by(user, where) if one.ts == record["id"].removeprefix(ONLY))

    def _place(self, person: str, channel: str | None) -> Any:
        known = self._places.get(channel or "")
        if known is None or known.kind is ChannelKind.DIRECT:
            return self.peer.direct(self.users[person])
        return self.peer.channel(known.external_id)

    def _record(self, person: str, seen: Seen, channel: str) -> Record:
        """A message as the workspace's JSON would have it."""
        author = next((name for name, user in self.users.items() if user.id == seen.user), BOT)
        lines, fields = _words(seen.blocks, self._name)
        table = next((block for block in seen.blocks if block["type"] == "table"), None)
        rows = [[cell["text"].strip() for cell in row] for row in table["rows"]] if table else []
        return {
            "id": (ONLY if seen.is_ephemeral else "") + seen.ts, "channel": channel, "thread": seen.thread_ts,
            "author": author, "text": lines if seen.blocks else seen.text, "fields": fields,
            "table": {"columns": rows[0], "rows": rows[1:]} if rows else None,
            "image": seen.images[0] if seen.images else None, "attachment": self._attachment(channel, seen),
            "buttons": [self._button(each.action_id, each.label, each.value, each.style) for each in seen.buttons],
            "form": None, "visible_to": person if seen.is_ephemeral else None, "edited": seen.is_edited,
        }  # fmt: skip

    def _attachment(self, channel: str, seen: Seen) -> Record | None:
        """The file that was shared below a message of the bot's, by the row that says so."""
        post = self.rows(lambda session: post_of_message(session, channel, seen.ts))
        file = next((part for part in post.part_ids if part.startswith(FILE)), None) if post is not None else None
        if file is None:
            return None
        upload = self.peer.world.uploads[file.removeprefix(FILE)]
        url = self.peer.world.file_wire(upload, self.peer.base)["url_private"]
        return {"name": upload.name, "url": url}

    def _form_record(self, person: str, channel: str, view: SeenView, message_id: str | None = None) -> Record:
        raw = self.peer.world.views[view.id].body
        token = json.loads(raw["private_metadata"])["token"]
        lines, _ = _words(raw["blocks"], self._name)
        others = [self._button(each.action_id, each.label, each.value, each.style) for each in view.buttons]
        return {
            "id": message_id or VIEW + view.id, "channel": channel, "thread": None, "author": BOT, "text": lines,
            "fields": [], "table": None, "image": None, "attachment": None, "edited": False,
            "visible_to": None if self._places[channel].kind is ChannelKind.DIRECT else person,
            "buttons": [self._button("submit", view.submit or "", token, "primary"), *others],
            "form": {"fields": [_field(each, raw["blocks"]) for each in view.fields]},
        }  # fmt: skip

    def _button(self, action: str, label: str, token: str | None, style: str | None) -> Record:
        command = self.rows(lambda session: _command(session, token or ""))
        return {"id": action, "label": label, "command": command, "style": style or "plain"}

    def _name(self, account: str) -> str:
        known = self.regatta.directory.now()
        return known.people[known.identities["slack", self.peer.world.team.id, account]].name


def slack_settings(
    path: Path, peer: SlackPeer, more_secrets: tuple[str, ...] = (), *, socket_mode: bool = False
) -> Settings:
    """What an installation on a database needs to reach the peer."""
    app = peer.world.app
    facts: dict[str, Any] = {
        "_env_file": None, "regatta_database_url": url_of(path), "slack_bot_token": app.bot_token,
        "slack_api_url": peer.api_url, "slack_signing_secret": ",".join((app.signing_secret, *more_secrets)),
    }  # fmt: skip
    return Settings(**facts | ({"slack_app_token": app.app_token} if socket_mode else {}))


def pace_by(regatta: Regatta, peer: SlackPeer) -> None:
    """Let the bot wait for its turns on the peer's clock, which that moves: no waiting, and never a 429."""

    async def sleep(seconds: float) -> None:
        peer.clock.advance(seconds)
        await asyncio.sleep(0)

    turns = regatta.delivery._platforms["slack"].pacing.turns  # type: ignore[attr-defined]
    turns.monotonic, turns.sleep = peer.clock.now, sleep


def settle_company(template: Path, path: Path, peer: SlackPeer) -> dict[str, User]:
    """Give everybody of the demo an account and every channel a place."""
    copy(template, path)
    demo = Regatta(demo_settings(path), StandingClock(START))
    known = demo.directory.now()
    world = peer.world
    users = {person.id: world.add_user(person.id, real_name=person.name) for person in known.people.values()}
    shared = [channel for channel in known.channels.values() if channel.kind is not ChannelKind.DIRECT]
    places = {
        channel.id: world.add_channel(
            channel.id,
            [users[person.id] for person in known.people.values() if channel in channels_of(known, person)],
        ).id
        for channel in shared
    }
    demo.store.close()
    move_company(path, "slack", world.team.id, {person: user.id for person, user in users.items()}, places)
    return users


def _waiting(session: Session) -> int | None:
    return session.exec(select(Post.id).where(Post.state == OutboxState.WAITING)).first()


def _sent(session: Session, before: int) -> list[tuple[str, str]]:
    query = select(Post.channel_id, Post.message_id).where(col(Post.id) > before, col(Post.message_id).is_not(None))
    return [(channel, message or "") for channel, message in session.exec(query.order_by(col(Post.id)))]


def _command(session: Session, token: str) -> str:
    post_id, position = tokens.verify(organisation(session).button_key, token)
    return str(session.get_one(Post, post_id).message.buttons[position].draft.intent)


def _words(blocks: list[Json], name: Any) -> tuple[str, list[Record]]:
    """The lines of a message, and its labelled facts, from the pieces of its rich text."""
    lines, fields = "", []
    for block in blocks:
        if block["type"] != "rich_text":
            continue
        for piece in block["elements"][0]["elements"]:
            style = piece.get("style", {})
            words = name(piece["user_id"]) if piece["type"] == "user" else piece["text"]
            words = f"`{words}`" if style.get("code") else words
            if style.get("bold"):
                fields.append({"label": words.strip().removesuffix(":"), "value": ""})
            elif fields:
                fields[-1]["value"] += words
            else:
                lines += words
    return lines, fields


def _entered(view: SeenView, name: str, value: object) -> object:
    """What somebody enters in Slack for what they type in the workspace: no choice can be taken back there."""
    field = next((one for one in view.fields if one.block_id == name), None)
    nothing = value in ("", None) and field is not None and field.type == "static_select"
    return NOTHING if nothing else value


def _field(field: Field, blocks: list[Json]) -> Record:
    element = next(block["element"] for block in blocks if block.get("block_id") == field.block_id)
    kind = "textarea" if element.get("multiline") else _TYPES[element["type"]]
    options = [{"value": one["value"], "label": one["text"]["text"]} for one in element.get("options", ())]
    chosen = element.get("initial_option", {}).get("value")
    several = [one["value"] for one in element.get("initial_options", ())]
    value = element.get("initial_value") or element.get("initial_date") or chosen or several or None
    typed = field.value.get("value") if isinstance(field.value, dict) else None
    hint = next(
        (block.get("hint", {}).get("text") for block in blocks if block.get("block_id") == field.block_id), None
    )
    return {
        "name": field.block_id, "label": field.label, "type": kind, "required": not field.optional,
        "value": typed or value, "options": options, "error": field.error or hint,
    }  # fmt: skip
