"""Typed forms: a form as a line to copy, to fill in and to send, where a platform has nothing to fill in.

The line begins with the number of its form and names the fields, `Q-57 customer: Globex; amount: 80k`, so that it
holds whatever was typed before, can be sent from any chat and again after a mistake.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.forms import options_of, shown_value
from bot.language import LANGUAGES, Reader, plain
from models.intent import SlotField, slots_of
from models.message import Form, Message
from models.text import Text, Value, listed, verbatim

LETTER = "Q-"
BLANK = "…"
_NUMBER = re.compile(rf"^\s*(?:@\S+\s+)?{LETTER}(\d{{1,18}})(?!\w)[\s:：,，]*", re.IGNORECASE | re.MULTILINE)
_BLANKS = frozenset({"", BLANK, "...", "–", "-"})
_PARTS = frozenset("\n;；")
_AROUND = " \t\n\r;；|"
_LABELLED = re.compile(r"[^\W\d]{1,30}\s?[:：]")
_MANY = re.compile(r"[,，、\n]+")


def as_lines(message: Message, number: int) -> Message:
    """Say a form as lines: what it is about, what is wrong, what may be chosen, and the line to send."""
    form = message.form
    if form is None:
        return message
    slots = _slots(form)
    wrong = [Text("{field}: {words}", field=_label(slots, name), words=why) for name, why in form.errors]
    choices = [line for name in form.ask for line in _choices(slots[name], form)]
    how = Text("Copy this, put in what is missing (…), and send it to me:")
    lines = (*message.lines, *wrong, *_needed(form, slots), *choices, how, *_to_copy(form, slots, number))
    return replace(message, lines=lines)


def _needed(form: Form, slots: Mapping[str, SlotField]) -> Iterator[Text]:
    """Which of the fields that are empty must be filled, where others need not."""
    empty = [slots[name] for name in form.ask if not form.draft.known.get(name)]
    needed = [slot.slot.label for slot in empty if slot.required]
    if 0 < len(needed) < len(empty):
        yield Text("Needed: {fields}. The others may stay empty.", fields=listed(needed))


def _to_copy(form: Form, slots: Mapping[str, SlotField], number: int) -> Iterator[Text]:
    """The line that answers a form; a line a field where what is known has several."""
    known = [_known(slots[name], form) for name in form.ask]
    named = [
        Text("{label}: {value}", label=slots[name].slot.label, value=value or BLANK)
        for name, value in zip(form.ask, known, strict=True)
    ]
    start = verbatim(f"{LETTER}{number}")
    if any(_PARTS & set(value) for value in known if isinstance(value, str)):
        yield from (start, *named)
    else:
        parts: dict[str, Value] = {f"part{at}": part for at, part in enumerate(named)}
        template = "{start} " + "; ".join(f"{{{name}}}" for name in parts)
        yield Text(template, start=start, **parts)


def _known(slot: SlotField, form: Form) -> Value:
    """What is known of a field, an option by its label."""
    value, labels = shown_value(slot, form.draft.known.get(slot.name)), dict[object, Text](options_of(slot, form))
    if isinstance(value, list):
        chosen: list[Value] = [labels.get(each) or str(each) for each in value]
        return listed(chosen)
    return labels.get(value) or ("" if value is None else str(value))


def _choices(slot: SlotField, form: Form) -> Iterator[Text]:
    """Say what may be chosen, where it is a choice."""
    offered: list[Value] = [label for _, label in options_of(slot, form)]
    if offered:
        yield Text("{field}: choose {choices}", field=slot.slot.label, choices=listed(offered))


def number_in(text: str) -> int | None:
    """The number of the form that a text answers, where one of its lines begins with it."""
    found = _NUMBER.search(text)
    return int(found[1]) if found is not None else None


def entered(text: str, form: Form) -> dict[str, object] | None:
    """What a line puts into the fields of its form; words without a name are the first field that is not named.

    None where nothing says which field is meant.
    """
    number = _NUMBER.search(text)
    words = text[number.end() :] if number is not None else text
    slots = _slots(form)
    names = {label.casefold(): name for name in form.ask for label in _labels(slots[name])}
    longest_first = "|".join(re.escape(label) for label in sorted(names, key=len, reverse=True))
    labels = list(re.finditer(rf"(?:\A|[\n;；|])\s*({longest_first})\s*[:：]", words, re.IGNORECASE))
    ends = [*(label.start() for label in labels), len(words)]
    found = {names[label[1].casefold()]: words[label.end() : end] for label, end in zip(labels, ends[1:], strict=True)}
    unnamed, others = words[: ends[0]].strip(_AROUND), [name for name in form.ask if name not in found]
    if unnamed and ((len(others) != 1 and not labels) or not others or _LABELLED.match(unnamed)):
        return None
    if unnamed:
        found[others[0]] = unnamed
    return {name: _value(value, slots[name], form) for name, value in found.items()}


def _value(words: str, slot: SlotField, form: Form) -> object:
    """What stands in a field: an option by its label or its value, several of them, or the words themselves."""
    said = words.strip(_AROUND)
    if said in _BLANKS:
        return ""
    options = {
        plain(label, Reader(each)).casefold(): value for value, label in options_of(slot, form) for each in LANGUAGES
    }
    if slot.slot.input == "multiselect":
        return [options.get(one.strip().casefold(), one.strip()) for one in _MANY.split(said) if one.strip()]
    return options.get(said.casefold(), said)


def _slots(form: Form) -> dict[str, SlotField]:
    return {slot.name: slot for slot in slots_of(form.draft.kind)}


def _label(slots: Mapping[str, SlotField], name: str) -> Value:
    return slots[name].slot.label if name in slots else name


def _labels(slot: SlotField) -> tuple[str, ...]:
    return (slot.name, *(plain(slot.slot.label, Reader(language)) for language in LANGUAGES))
