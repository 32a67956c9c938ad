"""Forms: fill a draft from what somebody entered, each value by its own slot's rules."""

import re
from collections.abc import Mapping
from datetime import date
from enum import Enum

from handlers.grammar.line import read_line
from handlers.grammar.reading import ReadingContext
from handlers.grammar.words import strip_chat_markup
from models.intent import Draft, SlotField, slots_of
from models.message import Form
from models.money import Money
from models.stages import Stage
from models.text import Text, verbatim

VALUE_LIMIT = 8_000


def read_form(
    draft: Draft, form: Mapping[str, object], reading: ReadingContext
) -> tuple[Draft, tuple[tuple[str, Text], ...]]:
    """Fill a draft from a form: each value is read by its own slot's rules; errors come back beside their fields."""
    known, errors = dict(draft.known), []
    for slot in slots_of(draft.kind):
        if slot.name not in form:
            continue
        raw = form[slot.name]
        if raw is None or raw in ("", []):
            known.pop(slot.name, None)
            if slot.required:
                errors.append((slot.name, Text("This is needed.")))
            continue
        try:
            known[slot.name] = _form_value(slot, raw, reading)
        except _FieldError as error:
            errors.append((slot.name, error.text))
    return Draft(draft.intent, known), tuple(errors)


class _FieldError(Exception):
    def __init__(self, text: Text) -> None:
        super().__init__(text.template)
        self.text = text


def _form_value(slot: SlotField, raw: object, reading: ReadingContext) -> object:
    kind = slot.slot.kind
    if kind == "audience":
        items = raw if isinstance(raw, (list, tuple)) else re.split(r"[,，、\s]+", str(raw))
        chosen = [reading.regions.get(str(item).casefold().strip(), str(item)) for item in items if str(item).strip()]
        unknown = [item for item in chosen if item != "all" and item not in reading.regions.values()]
        if unknown:
            raise _FieldError(Text("There is no region “{name}”.", name=unknown[0]))
        return tuple(sorted(set(reading.regions.values()))) if "all" in chosen else tuple(dict.fromkeys(chosen))
    words = str(raw).strip()
    if len(words) > VALUE_LIMIT:
        raise _FieldError(Text("That is longer than {n} characters; send it in parts.", n=VALUE_LIMIT))
    if kind in ("words", "text", "account", "note"):
        return strip_chat_markup(words).text if kind == "account" else words
    if kind == "tags":
        return tuple(word.lstrip("#").casefold() for word in re.split(r"[,，、\s]+", words) if word.strip("#"))
    if kind in {"date", "close"}:
        try:
            return date.fromisoformat(words[:10])
        except ValueError:
            pass
    found = read_line(words, [kind], [kind], reading)
    value = found.values.get(kind)
    if value is None or found.problem is not None:
        raise _FieldError(_FIELD_ERRORS.get(kind, Text("I could not read that; try it like the example.")))
    return value


_FIELD_ERRORS = {
    "amount": Text("That is not an amount; write it like 80k, 75万 or 12,500 USD."),
    "close": Text("That is not a date; write it like 2026-12-05 or next Friday."),
    "date": Text("That is not a date; write it like 2026-12-05 or next Friday."),
    "stage": Text("That is not a stage; choose one of the list."),
    "region": Text("That is not a region; choose one of the list."),
    "url": Text("That is not a link; it starts with https://."),
}


def shown_value(value: object) -> object:
    """Write a known value the way a form's field holds it, so that reading it again gives the same value."""
    match value:
        case None:
            return None
        case Money():
            return f"{value.major.normalize():f} {value.currency}"
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case tuple():
            return " ".join(str(item) for item in value)
    return str(value)


def options_of(slot: SlotField, form: Form) -> tuple[tuple[str, Text], ...]:
    """The choices of a select: the stages, or what the form's writer offers."""
    if slot.slot.kind == "stage":
        return tuple((stage.value, Text("{stage}", stage=stage)) for stage in Stage)
    return tuple((value, verbatim(label)) for name, value, label in form.options if name == slot.name)
