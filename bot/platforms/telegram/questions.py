"""Draw the questions of a form: Telegram has nothing to fill in, so a chat is asked for one field after the other.

What a question's button carries is `ask:POST:FIELD:WHAT`, the field by its number in the form. It is not signed: it can
only answer the question that is open in the presser's own chat, and every answer is read as a typed one is.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from telegram import InlineKeyboardButton

from bot.forms import options_of, shown_value
from bot.language import plain
from bot.platforms.telegram.drawing import Part, Pen, button_of, in_rows
from bot.platforms.telegram.pieces import LONGEST_TEXT, Piece, shared_out
from models.intent import SlotField, slots_of
from models.message import Form, Message
from models.questions import OpenForm
from models.text import Text

ASK = "ask"
KEEP, SKIP, DONE, CANCEL, SEND = "keep", "skip", "done", "cancel", "send"
_CHOSEN = "✓ "
_MOST_OPTIONS = 90
_LONGEST_ANSWER = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that a chat is asked about, for drawing its questions and reading what is pressed there."""

    row: OpenForm
    message: Message
    pen: Pen

    @property
    def form(self) -> Form:
        """The form itself."""
        assert self.message.form is not None  # noqa: S101  only a message with a form is asked about
        return self.message.form

    @property
    def open(self) -> SlotField | None:
        """The field that is asked for now; none when everything is answered."""
        left = self.row.fields_left
        return self._slots[left[0]] if left else None

    def draw(self) -> Part:
        """The question that is open, or what was answered and a button to send it."""
        slot = self.open
        buttons = list(self._summary_buttons() if slot is None else self._buttons(slot))
        pieces = list(self._summary() if slot is None else self._question(slot))
        return Part("".join(piece.html for piece in shared_out(pieces, LONGEST_TEXT)[0]), in_rows(buttons))

    def draw_answered(self, name: str) -> Part:
        """A question that has its answer: nothing is left to press."""
        pieces = [*self._label(self._slots[name]), Piece(self._answer(self._slots[name]))]
        return Part("".join(piece.html for piece in shared_out(pieces)[0]))

    def answer_of(self, data: str) -> tuple[str, str] | None:
        """Which field a press answers and how; none for a question that is not open any more."""
        kind, _, rest = data.partition(":")
        post, number, what = (*rest.split(":", 2), "", "")[:3]
        slot = self.open
        current = "" if slot is None else str(self.form.ask.index(slot.name))
        if kind != ASK or post != str(self.row.post_id) or number != current:
            return None
        return ("" if slot is None else slot.name), what

    def value_of(self, name: str, what: str) -> str | None:
        """The value behind an option's button."""
        options = options_of(self._slots[name], self.form)
        return options[int(what)][0] if what.isascii() and what.isdigit() and int(what) < len(options) else None

    def is_several(self, name: str) -> bool:
        """Whether a field takes several options."""
        return self._slots[name].slot.input == "multiselect"

    def chosen(self, name: str) -> list[str]:
        """The options of a field that are chosen so far."""
        return _listed(self.row.answers.get(name, self._known(name)))

    @property
    def _slots(self) -> dict[str, SlotField]:
        return {slot.name: slot for slot in slots_of(self.form.draft.kind)}

    def _known(self, name: str) -> object:
        return shown_value(self._slots[name], self.form.draft.known.get(name))

    def _label(self, slot: SlotField) -> Iterator[Piece]:
        yield Piece(plain(slot.slot.label, self.pen.reader) + ":", "bold")
        yield Piece(" ")

    def _question(self, slot: SlotField) -> Iterator[Piece]:
        yield from self._label(slot)
        wrong = dict(self.form.errors).get(slot.name)
        yield Piece(self._shown(slot, self._known(slot.name)))
        if wrong is not None:
            yield Piece(f"\n⚠ {plain(wrong, self.pen.reader)}")
        hint = Text("Choose, or type it.") if options_of(slot, self.form) else Text("Type it.")
        yield Piece(f"\n{plain(hint, self.pen.reader)}")

    def _buttons(self, slot: SlotField) -> Iterator[InlineKeyboardButton]:
        several, known = self.is_several(slot.name), self._known(slot.name)
        chosen = self.chosen(slot.name) if several else []
        for number, (value, label) in enumerate(options_of(slot, self.form)[:_MOST_OPTIONS]):
            words = plain(label, self.pen.reader)
            yield self._button(slot, str(number), _CHOSEN + words if value in chosen else words)
        if several:
            yield self._button(slot, DONE, plain(Text("Done"), self.pen.reader))
        elif known and slot.name not in dict(self.form.errors):
            keep = Text("Keep {value}", value=self._shown(slot, known))
            yield self._button(slot, KEEP, plain(keep, self.pen.reader))
        if not slot.required:
            yield self._button(slot, SKIP, plain(Text("Leave empty"), self.pen.reader))
        yield self._button(slot, CANCEL, plain(Text("Cancel"), self.pen.reader))

    def _summary(self) -> Iterator[Piece]:
        for name in self.form.ask:
            yield from self._label(self._slots[name])
            yield Piece(self._answer(self._slots[name]) + "\n")

    def _summary_buttons(self) -> Iterator[InlineKeyboardButton]:
        yield self._button(None, SEND, plain(self.message.buttons[0].label, self.pen.reader))
        yield self._button(None, CANCEL, plain(Text("Cancel"), self.pen.reader))

    def _button(self, slot: SlotField | None, what: str, label: str) -> InlineKeyboardButton:
        number = "" if slot is None else self.form.ask.index(slot.name)
        return button_of(label, f"{ASK}:{self.row.post_id}:{number}:{what}")

    def _answer(self, slot: SlotField) -> str:
        return self._shown(slot, self.row.answers.get(slot.name, self._known(slot.name)))

    def _shown(self, slot: SlotField, value: object) -> str:
        """A field's value as the asked read it: an option by its label."""
        labels = {one: plain(label, self.pen.reader) for one, label in options_of(slot, self.form)}
        words = ", ".join(labels.get(one, one) for one in _listed(value)) or "–"
        return words if len(words) <= _LONGEST_ANSWER else words[: _LONGEST_ANSWER - 1] + "…"


def _listed(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    return [] if value is None or value == "" else [str(value)]
