"""Answering: what is done inside a delivery's unit of work, from a draft to rows, replies and the audit row.

The gate is asked before a form is shown and again when it counts. A UserError undoes what the handler did and nothing
else: the delivery's key, the refusal and its audit row stand.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bot import gate, sorry
from bot.astray import Astray
from bot.clock import Clock
from bot.forms import as_typed, form_message, read_form, subject_of
from bot.platforms.base import Incoming
from bot.pressing import pressed_button, refresh, settle, spend
from bot.speakers import Speakers
from bot.understanding import Several, Sorry, Speaker, Talk, Understanding, Wanted
from handlers.command import Command, Registry
from handlers.deals import own_month, summed_up
from handlers.grammar.entered import NEEDED
from models import audit
from models.context import Asked, Reply, UserError
from models.dropped import ReadFile, keep_file
from models.inbox import Delivery, Outcome
from models.intent import Draft, name_of
from models.message import says
from models.outbox import Post, form_card
from models.text import Text
from models.unit import Unit


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a delivery: its event, the channels that have something to send, and whether it came before.

    `conflict` says that the key was used before for another body: nothing was done. `stranger` says why somebody who is
    not known here, or who spoke in a place that is not, got no answer. `over`: it was over the account's allowance.
    """

    event_id: str
    touched: frozenset[str] = frozenset()
    repeated: bool = False
    conflict: bool = False
    stranger: str | None = None
    over: bool = False


Say = Callable[[Asked, Reply, Post | None], None]


@dataclass(frozen=True, slots=True)
class Turn:
    """A delivery inside its unit of work."""

    unit: Unit
    event_id: str
    incoming: Incoming


@dataclass
class Answering:
    """Answers words and presses."""

    registry: Registry
    speakers: Speakers
    clock: Clock
    new_id: Callable[[], str]

    def words(self, turn: Turn, understood: Understanding, say: Say | None = None) -> Answer:
        match understood:
            case Several(lines):
                return self._several(turn, lines)
            case Talk():
                turn.unit.get_one(Delivery, turn.event_id).outcome = Outcome.TALK
                return Answer(turn.event_id)
            case Sorry(message):
                return self._answer(turn, lambda _: Reply(message, private=True), None, say=say)
            case Wanted(command, draft, Astray() as astray):
                marked = ((astray.field, astray.why),)
                return self._ask(turn, command, draft, marked, {astray.field: astray.words}, say=say)
            case Wanted(command, draft):
                if draft.missing or draft.ask:
                    return self._ask(turn, command, draft, say=say)
                return self._run(turn, command, draft, say=say)

    def _several(self, turn: Turn, lines: Sequence[tuple[str, Wanted | Sorry | Talk]]) -> Answer:
        """Answer each line by itself, so that a bad one hurts no other; then sum up what was done."""
        asked = self._asked(turn)
        before = own_month(asked, asked.person)
        done: list[Reply] = []
        touched: set[str] = set()
        for number, (line, understood) in enumerate(lines, 1):

            def say(asked: Asked, reply: Reply, pressed: Post | None, number: int = number, line: str = line) -> None:
                if reply.private and reply.message is not None:
                    message = sorry.on_line(number, line, reply.message)
                    _say(asked, replace(reply, message=message), pressed)
                else:
                    done.append(reply)

            touched |= self.words(turn, understood, say).touched
        if done:
            _say(asked, summed_up(asked, before, done), None)
            touched |= asked.touched
        return Answer(turn.event_id, frozenset(touched))

    def press(self, turn: Turn, speaker: Speaker) -> Answer:
        press = turn.incoming.press
        assert press is not None  # noqa: S101  `_prepare` looked
        post, button = pressed_button(turn.unit, press.token)
        draft, command = button.draft, self.registry.by_intent[button.draft.intent]
        if press.form is None and (draft.missing or draft.ask):
            return self._ask(turn, command, draft)
        if press.form is not None:
            draft, errors = read_form(draft, press.form, speaker.reading)
            errors += tuple((name, NEEDED) for name in draft.missing if name not in dict(errors))
            if errors:
                typed = as_typed(press.form, dict(errors))
                return self._ask(turn, command, draft, errors, typed, post)
        return self._run(turn, command, draft, post)

    def file(self, turn: Turn, now: datetime) -> Answer:
        """Keep a file that was dropped, and show what importing it would do."""
        incoming, command = turn.incoming, self.registry.by_intent[name_of(ReadFile)]
        assert incoming.file is not None  # noqa: S101  `_prepare` looked
        person, file = self._asked(turn).person, incoming.file
        if file.fault is not None:
            return self._answer(turn, _refuse(file.fault), None)
        allowed = person.rank in command.requires
        kept = keep_file(turn.unit, self.new_id(), person.id, file.name, file.content, now) if allowed else ""
        return self._run(turn, command, Draft(command.name, {"file": kept}))

    def _run(
        self, turn: Turn, command: Command, draft: Draft, pressed: Post | None = None, say: Say | None = None
    ) -> Answer:
        def handle(asked: Asked) -> Reply:
            if pressed is not None and command.once:
                spend(asked, pressed)
            wanted = draft.complete()
            gate.check(asked, command, wanted)
            asked.claims = draft.claims
            return command.handler(asked, wanted)

        return self._answer(turn, handle, command, draft, pressed, say)

    def _ask(
        self,
        turn: Turn,
        command: Command,
        draft: Draft,
        errors: tuple[tuple[str, Text], ...] = (),
        typed: Mapping[str, object] = MappingProxyType({}),
        pressed: Post | None = None,
        say: Say | None = None,
    ) -> Answer:
        """Ask for fields, in a new message or in the one whose answers were wrong."""

        def handle(asked: Asked) -> Reply:
            gate.check(asked, command, _Known(draft.known))
            shown = command.instead(asked, draft) if command.instead and not errors else None
            if shown is not None:
                return shown
            filled = command.prefill(asked, draft) if command.prefill and not errors else draft
            return _show(asked, command, filled, pressed, errors, typed)

        return self._answer(turn, handle, None, say=say)

    def _answer(
        self,
        turn: Turn,
        handle: Callable[[Asked], Reply],
        command: Command | None,
        draft: Draft | None = None,
        pressed: Post | None = None,
        say: Say | None = None,
    ) -> Answer:
        asked = self._asked(turn)
        asked.pressed = pressed is not None
        asked.offered = self.registry.offered(asked.person.rank, asked.language)
        try:
            with turn.unit.attempt():
                reply = handle(asked)
        except UserError as error:
            asked = self._asked(turn)
            reply = replace(_refusal(asked, error, command, draft, pressed), action="refused")
            reply.facts.update({"command": command.name if command else "", "why": error.text.template})
            turn.unit.get_one(Delivery, turn.event_id).outcome = Outcome.REFUSED
            refresh(asked, pressed)
        else:
            settle(asked, command, pressed)
            if reply.action == audit.ANSWERED and command is not None:
                reply.facts["command"] = command.name
        (say or _say)(asked, reply, pressed)
        audit.append(
            turn.unit, event_id=turn.event_id, at=asked.now, actor=asked.person.id,
            action=reply.action or (command.audit if command else audit.ANSWERED), subject=reply.subject,
            facts=reply.facts,
        )  # fmt: skip
        return Answer(turn.event_id, frozenset(asked.touched))

    def too_much(self, turn: Turn, per_minute: int) -> Answer:
        """Refuse what is over the asker's allowance, and say so."""
        return replace(self._answer(turn, _refuse(sorry.too_often(per_minute)), None), over=True)

    def apologise(self, turn: Turn) -> Answer:
        """Tell whoever asked, in private, that what they wanted failed and is looked at."""
        try:
            asked = self._asked(turn)
        except LookupError:
            return Answer(turn.event_id)
        line = Text("That failed again and again; nothing was done, and an operator sees it. Try it in other words.")
        _say(asked, Reply(says(line), private=True), None)
        return Answer(turn.event_id, frozenset(asked.touched))

    def _asked(self, turn: Turn) -> Asked:
        return self.speakers.asked(turn.unit, turn.incoming, turn.event_id, self.clock.now(), self.new_id)


def _refuse(why: Text) -> Callable[[Asked], Reply]:
    """Answer with what is wrong, and nothing else."""

    def handle(_: Asked) -> Reply:
        raise UserError(why)

    return handle


class _Known:
    """What a draft already names, for the gate to look at before a form is shown."""

    def __init__(self, known: Any) -> None:
        self.__dict__.update(known)


def _show(
    asked: Asked,
    command: Command,
    draft: Draft,
    pressed: Post | None,
    errors: tuple[tuple[str, Text], ...],
    typed: Mapping[str, object] = MappingProxyType({}),
) -> Reply:
    """Show a form in the message whose answers were wrong, else in a new one."""
    form, subject = form_message(asked.session, command, draft, errors, typed), subject_of(draft)
    if pressed is None or pressed.message.form is None:
        return Reply(form, card=form_card(command.name, subject or ""), private=True)
    asked.replace(pressed, form)
    return Reply()


def _refusal(
    asked: Asked, error: UserError, command: Command | None, draft: Draft | None, pressed: Post | None
) -> Reply:
    """Say what is wrong: beside the field that it is about, with everything else as it was entered."""
    if command is None or draft is None or error.field is None:
        return Reply(says(error.text), private=True)
    return _show(asked, command, draft, pressed, ((error.field, error.text),))


def _say(asked: Asked, reply: Reply, pressed: Post | None) -> None:
    """Post the answer; the new face of the pressed message is an answer already."""
    whisper = None if asked.in_private else asked.person.id
    face = asked.redrawn.get(pressed.edits or pressed.id or 0) if pressed is not None else None
    if reply.message is not None and reply.message != face:
        seen_by = whisper if reply.private else None
        asked.post(asked.channel.id, reply.message, card=reply.card, thread=asked.thread, visible_to=seen_by)
    if reply.only_you is not None:
        asked.post(asked.channel.id, reply.only_you, thread=asked.thread, visible_to=whisper)
