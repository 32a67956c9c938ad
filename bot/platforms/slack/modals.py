"""Draw a form as Slack's modal, and read back what was entered.

Limits: docs.slack.dev/surfaces/modals: title and buttons 24 characters, label 2,000, option 75, 100 options.
"""

import json
from datetime import date
from typing import Any

from bot.forms import options_of, shown_value
from bot.language import plain
from bot.platforms.slack.drawing import Block, Pen, shortened
from models.intent import SlotField, slots_of
from models.message import Button, Form, Message
from models.text import Text

LONGEST_TITLE = 24
LONGEST_VALUE = 3_000
MOST_OPTIONS = 100
VALUE = "value"
FORM = "form"
NOTHING = "-"
"""The option of a select that may be left empty: Slack has no way to take a choice back."""


def draw_modal(message: Message, pen: Pen, context: dict[str, str]) -> Block:
    """Draw a message with a form. `context` comes back with what was entered: whose form it is, and where it was."""
    form = message.form
    assert form is not None  # noqa: S101  the caller looked
    submit, *others = message.buttons
    title = plain(message.lines[0], pen.reader) if message.lines else ""
    head = Message(lines=message.lines, fields=message.fields)
    blocks = [block for part in pen.draw(head) for block in part.blocks]
    slots = {slot.name: slot for slot in slots_of(form.draft.kind)}
    too_long = [name for name in form.ask if _is_too_long(slots[name], form)]
    blocks += [_input(slots[name], form, pen) for name in form.ask if name not in too_long]
    for name in too_long:
        stays = Text("{field}: too long for this form, so it stays as it is.", field=slots[name].slot.label)
        blocks += [block for part in pen.draw(Message(lines=(stays,))) for block in part.blocks]
    blocks += _others(others, pen)
    return {
        "type": "modal", "callback_id": FORM, "title": _plain(title, LONGEST_TITLE), "blocks": blocks,
        "submit": _plain(plain(submit.label, pen.reader), LONGEST_TITLE),
        "close": _plain(plain(Text("Cancel"), pen.reader), LONGEST_TITLE),
        "private_metadata": json.dumps({**context, "token": pen.token_of(0)}),
    }  # fmt: skip


def saying(words: str) -> Block:
    """Draw a modal that only says something."""
    text = {"type": "plain_text", "text": words, "emoji": False}
    return {"type": "modal", "title": _plain("Regatta", LONGEST_TITLE), "blocks": [{"type": "section", "text": text}]}


def draw_closed(message: Message, pen: Pen) -> Block:
    """Draw what a form has become: words and nothing to fill in."""
    title = plain(message.lines[0], pen.reader) if message.lines else "Regatta"
    blocks = [block for part in pen.draw(message.without_buttons()) for block in part.blocks]
    return {"type": "modal", "callback_id": FORM, "title": _plain(title, LONGEST_TITLE), "blocks": blocks}


def entered(state: dict[str, Any]) -> dict[str, object]:
    """Read what a modal's fields hold, by the name of the field."""
    return {name: _value(next(iter(block.values()))) for name, block in state.items() if block}


def _value(element: dict[str, Any]) -> object:
    match element.get("type"):
        case "static_select":
            chosen = (element.get("selected_option") or {}).get("value")
            return None if chosen == NOTHING else chosen
        case "multi_static_select":
            return [option["value"] for option in element.get("selected_options") or []]
        case "datepicker":
            return element.get("selected_date")
    return element.get("value")


def _others(buttons: list[Button], pen: Pen) -> list[Block]:
    """The buttons beside the one that sends the form."""
    if not buttons:
        return []
    drawn = [pen.button(button, position, button.label) for position, button in enumerate(buttons, 1)]
    return [{"type": "actions", "elements": drawn}]


def _input(slot: SlotField, form: Form, pen: Pen) -> Block:
    """Draw a field; what is wrong with a typed value stands under it, for Slack marks errors only after a sending."""
    label, wrong = plain(slot.slot.label, pen.reader), dict(form.errors).get(slot.name)
    drawn: Block = {
        "type": "input", "block_id": slot.name, "label": _plain(label, 2_000), "optional": not slot.required,
        "element": _element(slot, form, pen) | {"action_id": VALUE},
    }  # fmt: skip
    return drawn | ({"hint": _plain(plain(wrong, pen.reader), 2_000)} if wrong is not None else {})


def _is_too_long(slot: SlotField, form: Form) -> bool:
    """Whether a known value does not fit Slack's field: shown cut, it would be stored cut."""
    known = shown_value(slot, form.draft.known.get(slot.name))
    return isinstance(known, str) and len(known) > LONGEST_VALUE and slot.name not in dict(form.errors)


def _element(slot: SlotField, form: Form, pen: Pen) -> Block:
    known = shown_value(slot, form.draft.known.get(slot.name))
    kind = slot.slot.input
    if kind in ("select", "multiselect"):
        return _choice(slot, form, pen, known)
    if kind == "date":
        return {"type": "datepicker"} | ({"initial_date": known} if _is_day(known) else {})
    words = " ".join(map(str, known)) if isinstance(known, list) else str(known or "")
    drawn: Block = {"type": "plain_text_input", "multiline": kind == "textarea"}
    return drawn | ({"initial_value": words[:LONGEST_VALUE]} if words else {})


def _choice(slot: SlotField, form: Form, pen: Pen, known: object) -> Block:
    several = slot.slot.input == "multiselect"
    options = [
        {"text": _plain(plain(label, pen.reader), 75), "value": value}
        for value, label in options_of(slot, form)[: MOST_OPTIONS - 1]
    ]
    if not several and not slot.required:
        options.insert(0, {"text": _plain("–", 75), "value": NOTHING})
    wanted = known if isinstance(known, list) else [known]
    chosen = [option for option in options if option["value"] in wanted]
    if several:
        return {"type": "multi_static_select", "options": options} | ({"initial_options": chosen} if chosen else {})
    return {"type": "static_select", "options": options} | ({"initial_option": chosen[0]} if chosen else {})


def _is_day(known: object) -> bool:
    try:
        return date.fromisoformat(str(known)) is not None
    except ValueError:
        return False


def _plain(words: str, longest: int) -> Block:
    return {"type": "plain_text", "text": shortened(words, longest) or " ", "emoji": False}
