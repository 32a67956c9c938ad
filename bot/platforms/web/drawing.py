"""Draw a message as the workspace's JSON shows it: plain strings in the reader's language."""

from typing import Any
from urllib.parse import quote

from bot import tokens
from bot.forms import options_of, shown_value
from bot.language import Reader, plain, spans
from models.intent import slots_of
from models.message import Form, Message
from models.text import Text


def draw(message: Message, reader: Reader, post_id: int, button_key: str) -> dict[str, Any]:
    """Draw everything of a message but where and when it stands."""
    return {
        "text": "\n".join(plain(line, reader) for line in message.lines),
        "lines": [[_span(span.kind, span.text, span.target) for span in spans(line, reader)] for line in message.lines],
        "fields": [{"label": plain(item.label, reader), "value": plain(item.value, reader)} for item in message.fields],
        "table": None
        if message.table is None
        else {
            "columns": [plain(column, reader) for column in message.table.columns],
            "rows": [[plain(value, reader) for value in row] for row in message.table.rows],
        },
        "image": f"/workspace/pictures/{tokens.sign(button_key, post_id, 0)}.png" if message.picture else None,
        "image_alt": plain(message.picture.title, reader) if message.picture else None,
        "attachment": None
        if message.attachment is None
        else {
            "name": message.attachment.name,
            "url": f"/workspace/files/{tokens.sign(button_key, post_id, 0)}/{quote(message.attachment.name)}",
        },
        "buttons": [
            {
                "id": tokens.sign(button_key, post_id, position),
                "command": button.draft.intent,
                "label": plain(button.label, reader),
                "style": button.style.value,
            }
            for position, button in enumerate(message.buttons)
        ],
        "form": None if message.form is None else _form(message.form, reader),
    }


def typed(text: str) -> dict[str, Any]:
    """What a person typed, as the log keeps it."""
    clean = text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    return {"text": clean, "fields": [], "table": None, "image": None, "buttons": [], "form": None}


def _span(kind: str, text: str, target: str) -> dict[str, str]:
    return {"kind": kind, "text": text, "href": target} if kind == "link" else {"kind": kind, "text": text}


def _form(form: Form, reader: Reader) -> dict[str, Any]:
    errors = dict(form.errors)
    slots = {slot.name: slot for slot in slots_of(form.draft.kind)}
    return {
        "fields": [
            {
                "name": name,
                "label": plain(slots[name].slot.label, reader),
                "type": slots[name].slot.input,
                "required": slots[name].required,
                "value": shown_value(slots[name], form.draft.known.get(name)),
                "options": [
                    {"value": value, "label": plain(label, reader)} for value, label in options_of(slots[name], form)
                ],
                "error": plain(errors.get(name, Text("")), reader) or None,
            }
            for name in form.ask
        ]
    }
