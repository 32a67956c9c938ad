"""Dispatch: from what a platform delivered to rows, in one unit of work.

Understanding comes first and opens no transaction. The unit of work takes the delivery key, passes the gate, runs the
handler and stores its answer; returning commits, raising rolls back. The future of `submit` is done after the commit.
"""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import structlog
from sqlmodel import Session

from bot import gate, tokens
from bot.clock import Clock
from bot.directory import Directory
from bot.forms import NEEDED, as_typed, read_form, region_options
from bot.platforms.base import Incoming
from bot.speakers import Speakers, Unknown
from bot.understanding import Sorry, Speaker, Talk, Wanted, understand
from handlers.command import Command, Registry
from models import audit
from models.context import Asked, Reply, UserError
from models.inbox import Delivery, Outcome, SpentButton, find_delivery
from models.intent import Draft
from models.message import Button, Form, Message, Style, says
from models.outbox import Post
from models.regions import organisation
from models.store import Store, Unit
from models.text import Text

log = structlog.get_logger()

TRIES = 5

Arrival = Callable[[Unit, str], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a delivery: its event, the channels that have something to send, and whether it came before.

    `conflict` says that the key was used before for another body: nothing was done.
    """

    event_id: str
    touched: frozenset[str] = frozenset()
    repeated: bool = False
    conflict: bool = False


class UnknownButtonError(Exception):
    """Raised for a button that no message of this installation carries."""


@dataclass
class Dispatch:
    """The one way in."""

    store: Store
    registry: Registry
    clock: Clock
    new_id: Callable[[], str]
    directory: Directory
    speakers: Speakers = field(init=False)

    def __post_init__(self) -> None:
        self.speakers = Speakers(self.clock, self.directory)

    def submit(self, incoming: Incoming, arrival: Arrival | None = None) -> "Future[Answer]":
        """Take a delivery. `arrival` lets a platform that keeps its own log write it in the same unit of work."""
        return self._store_write(self._prepare(incoming), incoming, arrival)

    async def take(self, incoming: Incoming, arrival: Arrival | None = None) -> Answer:
        """Submit, wait for the commit, and count a failed try; raise what failed, until the delivery is set aside."""
        try:
            return await asyncio.wrap_future(self.submit(incoming, arrival))
        except (UnknownButtonError, asyncio.CancelledError):
            raise
        except Exception as error:
            log.exception("delivery failed", key=incoming.key, platform=incoming.platform)
            if await self._set_aside(incoming, type(error).__name__):
                return Answer(event_id="")
            raise

    async def _set_aside(self, incoming: Incoming, error: str) -> bool:
        return await asyncio.wrap_future(self.store.write(lambda unit: self._count_failure(unit, incoming, error)))

    def _prepare(self, incoming: Incoming) -> Callable[[Unit, str], Answer]:
        speaker = self.speakers.find(self.store, incoming)
        if isinstance(speaker, Unknown):
            return lambda unit, event_id: self._stranger(unit, event_id, incoming, speaker)
        if incoming.press is not None:
            return lambda unit, event_id: self._press(unit, event_id, incoming, speaker)
        understood = understand(incoming.text or "", speaker, self.registry)
        return lambda unit, event_id: self._words(unit, event_id, incoming, understood)

    def _store_write(
        self, act: Callable[[Unit, str], Answer], incoming: Incoming, arrival: Arrival | None
    ) -> "Future[Answer]":
        event_id = self.new_id()
        body_hash = hashlib.sha256(incoming.body.encode("utf-8", "surrogatepass")).hexdigest()

        def work(unit: Unit) -> Answer:
            known = find_delivery(unit, incoming.platform, incoming.workspace, incoming.key)
            if known is not None and known.body_hash != body_hash:
                self._audit(unit, known.event_id, incoming.user, "delivery.conflict", incoming.platform, {})
                return Answer(known.event_id, conflict=True)
            if known is not None and known.outcome is not Outcome.FAILED:
                return Answer(known.event_id, repeated=True)
            if known is None:
                known = Delivery(
                    event_id=event_id, platform=incoming.platform, workspace=incoming.workspace, key=incoming.key,
                    body_hash=body_hash, received_at=self.clock.now(), outcome=Outcome.DONE,
                )  # fmt: skip
                unit.add(known)
                unit.flush()
            known.outcome = Outcome.DONE
            if arrival is not None:
                arrival(unit, known.event_id)
            return act(unit, known.event_id)

        return self.store.write(work)

    def _words(self, unit: Unit, event_id: str, incoming: Incoming, understood: Wanted | Sorry | Talk) -> Answer:
        match understood:
            case Talk():
                unit.get_one(Delivery, event_id).outcome = Outcome.TALK
                return Answer(event_id)
            case Sorry(message):
                return self._answer(unit, event_id, incoming, lambda _: Reply(message, private=True), None)
            case Wanted(command, draft, reading):
                if draft.missing or draft.ask:
                    return self._ask(unit, event_id, incoming, command, draft)
                claims = () if reading is None else reading.claims
                return self._run(unit, event_id, incoming, command, draft, claims)

    def _press(self, unit: Unit, event_id: str, incoming: Incoming, speaker: Speaker) -> Answer:
        press = incoming.press
        assert press is not None  # noqa: S101  `_prepare` looked
        post, position, button = self._pressed(unit, press.token)
        draft, command = button.draft, self.registry.by_intent[button.draft.intent]
        if press.form is None and (draft.missing or draft.ask):
            return self._ask(unit, event_id, incoming, command, draft)
        if press.form is not None:
            draft, errors = read_form(draft, press.form, speaker.reading)
            errors += tuple((name, NEEDED) for name in draft.missing if name not in dict(errors))
            if errors:
                typed = as_typed(press.form, dict(errors))
                return self._ask(unit, event_id, incoming, command, draft, errors, typed, post)
        return self._run(unit, event_id, incoming, command, draft, (), (post, position))

    def _pressed(self, unit: Unit, token: str) -> tuple[Post, int, Button]:
        try:
            post_id, position = tokens.verify(organisation(unit).button_key, token)
        except tokens.ForgedTokenError as error:
            raise UnknownButtonError(token) from error
        post = unit.get(Post, post_id)
        if post is None:
            raise UnknownButtonError(token)
        buttons = post.message.buttons
        if position >= len(buttons):
            raise UnknownButtonError(token)
        return post, position, buttons[position]

    def _run(
        self,
        unit: Unit,
        event_id: str,
        incoming: Incoming,
        command: Command,
        draft: Draft,
        claims: tuple[Any, ...] = (),
        pressed: tuple[Post, int] | None = None,
    ) -> Answer:
        def handle(asked: Asked) -> Reply:
            if pressed is not None and command.once:
                _spend(asked, *pressed)
            wanted = draft.complete()
            gate.check(asked, command, wanted)
            asked.claims = claims
            return command.handler(asked, wanted)

        return self._answer(unit, event_id, incoming, handle, command, draft, pressed[0] if pressed else None)

    def _ask(
        self,
        unit: Unit,
        event_id: str,
        incoming: Incoming,
        command: Command,
        draft: Draft,
        errors: tuple[tuple[str, Text], ...] = (),
        typed: Mapping[str, object] = MappingProxyType({}),
        pressed: Post | None = None,
    ) -> Answer:
        """Ask for fields, in a new message or in the one whose answers were wrong."""

        def handle(asked: Asked) -> Reply:
            gate.check(asked, command, _Known(draft.known))
            filled = command.prefill(asked, draft) if command.prefill and not errors else draft
            return _show(asked, form_message(asked.session, command, filled, errors, typed), pressed)

        return self._answer(unit, event_id, incoming, handle, None)

    def _answer(
        self,
        unit: Unit,
        event_id: str,
        incoming: Incoming,
        handle: Callable[[Asked], Reply],
        command: Command | None,
        draft: Draft | None = None,
        pressed: Post | None = None,
    ) -> Answer:
        asked = self.speakers.asked(unit, incoming, event_id, self.clock.now(), self.new_id)
        asked.offered = self.registry.offered(asked.person.rank, asked.language)
        action = command.audit if command else "answered"
        try:
            with unit.attempt():
                reply = handle(asked)
        except UserError as error:
            asked = self.speakers.asked(unit, incoming, event_id, self.clock.now(), self.new_id)
            reply, action = _refusal(asked, error, command, draft, pressed), "refused"
            reply.facts.update({"command": command.name if command else "", "why": error.text.template})
            unit.get_one(Delivery, event_id).outcome = Outcome.REFUSED
        else:
            if command is not None and pressed is not None and pressed.message.form is not None:
                asked.replace(pressed, says(Text("✓ {what}", what=command.summary)))
        _say(asked, reply, pressed)
        self._audit(unit, event_id, asked.person.id, action, reply.subject, reply.facts)
        return Answer(event_id, frozenset(asked.touched))

    def _stranger(self, unit: Unit, event_id: str, incoming: Incoming, unknown: Unknown) -> Answer:
        unit.get_one(Delivery, event_id).outcome = Outcome.REFUSED
        self._audit(unit, event_id, incoming.user, "refused", incoming.platform, {"why": unknown.why})
        return Answer(event_id)

    def _audit(
        self, unit: Session, event_id: str, actor: str, action: str, subject: str, facts: dict[str, object]
    ) -> None:
        now = self.clock.now()
        audit.append(unit, event_id=event_id, at=now, actor=actor, action=action, subject=subject, facts=facts)

    def _count_failure(self, unit: Unit, incoming: Incoming, error: str) -> bool:
        """Count one try of a delivery that failed; true when it was set aside and must not be tried again."""
        known = find_delivery(unit, incoming.platform, incoming.workspace, incoming.key)
        if known is None:
            body_hash = hashlib.sha256(incoming.body.encode("utf-8", "surrogatepass")).hexdigest()
            known = Delivery(
                event_id=self.new_id(), platform=incoming.platform, workspace=incoming.workspace, key=incoming.key,
                body_hash=body_hash, received_at=self.clock.now(), outcome=Outcome.FAILED, tries=0,
            )  # fmt: skip
            unit.add(known)
        known.tries += 1
        known.error = error
        known.outcome = Outcome.SET_ASIDE if known.tries >= TRIES else Outcome.FAILED
        return known.outcome is Outcome.SET_ASIDE


class _Known:
    """What a draft already names, for the gate to look at before a form is shown."""

    def __init__(self, known: Any) -> None:
        self.__dict__.update(known)


def form_message(
    session: Session,
    command: Command,
    draft: Draft,
    errors: tuple[tuple[str, Text], ...] = (),
    typed: Mapping[str, object] = MappingProxyType({}),
) -> Message:
    """Ask for fields in one form, with what is known filled in; `typed` stands where it could not be read."""
    names = tuple(dict.fromkeys((*(draft.ask or draft.missing), *dict(errors))))
    line = Text("This needs another look:") if errors else command.summary
    submit = Button(Text("Send"), Draft(draft.intent, draft.known, names), Style.PRIMARY)
    shown = Draft(draft.intent, {**draft.known, **typed}, names)
    buttons: tuple[Button, ...] = (submit,)
    if command.as_is is not None and not errors and any(draft.known.get(name) for name in names):
        buttons = (submit, Button(command.as_is, Draft(draft.intent, draft.known)))
    return Message(
        lines=(line,), form=Form(shown, names, errors, region_options(session, draft, names)), buttons=buttons
    )


def _show(asked: Asked, form: Message, pressed: Post | None) -> Reply:
    """Show a form in the message whose answers were wrong, else in a new one."""
    if pressed is None or pressed.message.form is None:
        return Reply(form, private=True)
    asked.replace(pressed, form)
    return Reply()


def _refusal(
    asked: Asked, error: UserError, command: Command | None, draft: Draft | None, pressed: Post | None
) -> Reply:
    """Say what is wrong: beside the field that it is about, with everything else as it was entered."""
    if command is None or draft is None or error.field is None:
        return Reply(says(error.text), private=True)
    return _show(asked, form_message(asked.session, command, draft, ((error.field, error.text),)), pressed)


def _spend(asked: Asked, post: Post, position: int) -> None:
    """Let a button count once for its presser."""
    key = (post.id or 0, position, asked.person.id)
    if asked.session.get(SpentButton, key) is not None:
        raise UserError(Text("This was already sent; nothing was done twice."))
    asked.session.add(SpentButton(outbox_id=key[0], position=position, person_id=asked.person.id))


def _say(asked: Asked, reply: Reply, pressed: Post | None) -> None:
    """Post the answer; the new face of the pressed message is an answer already."""
    whisper = None if asked.in_private else asked.person.id
    face = asked.redrawn.get(pressed.edits or pressed.id or 0) if pressed is not None else None
    if reply.message is not None and reply.message != face:
        seen_by = whisper if reply.private else None
        asked.post(asked.channel.id, reply.message, card=reply.card, thread=asked.thread, visible_to=seen_by)
    if reply.only_you is not None:
        asked.post(asked.channel.id, reply.only_you, thread=asked.thread, visible_to=whisper)
