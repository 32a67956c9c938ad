"""Forms: ask for the fields of a draft, and fill it from what was entered, each value by its own slot's rules."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from enum import Enum
from types import MappingProxyType
from urllib.parse import urlsplit

from sqlmodel import Session

from handlers.command import Command
from handlers.grammar.line import read_line
from handlers.grammar.reading import DAY_SLOTS, ReadingContext
from handlers.grammar.words import strip_chat_markup
from models.claims import Claim
from models.intent import Draft, SlotField, slots_of
from models.message import Button, Form, Message, Style
from models.money import Money
from models.regions import regions
from models.stages import Stage
from models.text import Text, listed, verbatim

VALUE_LIMIT = 8_000
EVERYWHERE = "all"
NEEDED = Text("This is needed.")


def read_form(
    draft: Draft, form: Mapping[str, object], reading: ReadingContext
) -> tuple[Draft, tuple[tuple[str, Text], ...]]:
    """Fill a draft from a form: each value is read by its own slot's rules; errors come back beside their fields.

    The draft keeps what its form asked for. An intent that has a field `cleared` is told there which of its fields were
    emptied, for that is not the same as a field that nobody spoke of.
    """
    known, errors = dict(draft.known), []
    cleared = set(known.pop("cleared", ()))
    for slot in slots_of(draft.kind):
        if slot.name not in form:
            continue
        raw = form[slot.name]
        cleared.discard(slot.name)
        if raw is None or raw == [] or (isinstance(raw, str) and not raw.strip()):
            known.pop(slot.name, None)
            cleared.add(slot.name)
            if slot.required:
                errors.append((slot.name, NEEDED))
            continue
        try:
            known[slot.name] = _form_value(slot, raw, _like(reading, known.get(slot.name)))
            if known[slot.name] == ():
                cleared.add(slot.name)
        except _FieldError as error:
            errors.append((slot.name, error.text))
    if any(field.name == "cleared" for field in fields(draft.kind)):
        known["cleared"] = tuple(sorted(cleared))
    return replace(draft, known=known, claims=_standing(draft, known)), tuple(errors)


def _standing(draft: Draft, known: Mapping[str, object]) -> tuple[Claim, ...]:
    """The claims about what the form left as it was; a currency goes with its amount."""
    kinds = {slot.slot.kind for slot in slots_of(draft.kind) if known.get(slot.name) != draft.known.get(slot.name)}
    kinds |= {"currency"} if "amount" in kinds else set()
    return tuple(claim for claim in draft.claims if claim.slot not in kinds)


def as_typed(form: Mapping[str, object], names: Iterable[str]) -> dict[str, object]:
    """What somebody entered in these fields, to stand there again beside what is wrong with it."""
    typed = {name: form[name] for name in names if name in form}
    return {
        name: tuple(_clean(item) for item in raw) if isinstance(raw, (list, tuple)) else _clean(raw)
        for name, raw in typed.items()
    }


def _clean(raw: object) -> str:
    """Half a character and NUL, which no database keeps, become a visible mark; an overlong value is cut."""
    words = "" if raw is None else str(raw)
    return words.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")[:VALUE_LIMIT]


class _FieldError(Exception):
    def __init__(self, text: Text) -> None:
        super().__init__(text.template)
        self.text = text


def _like(reading: ReadingContext, known: object) -> ReadingContext:
    """Read an amount without a currency in that of the amount that stood there."""
    return replace(reading, currency=known.currency) if isinstance(known, Money) else reading


def _form_value(slot: SlotField, raw: object, reading: ReadingContext) -> object:
    kind = slot.slot.kind
    if kind == "audience":
        return _audience(raw, reading)
    if len(str(raw)) > VALUE_LIMIT:
        raise _FieldError(Text("That is longer than {n} characters; send it in parts.", n=VALUE_LIMIT))
    words = _clean(raw).strip()
    if kind == "url":
        return _link(words)
    if kind in ("words", "text", "account", "note"):
        return strip_chat_markup(words).text if kind == "account" else words
    if kind == "tags":
        return tuple(word.lstrip("#").casefold() for word in re.split(r"[,，、\s]+", words) if word.strip("#"))
    if kind in DAY_SLOTS:
        try:
            return date.fromisoformat(words[:10])
        except ValueError:
            pass
    found = read_line(words, [slot.slot], [kind], reading)
    value = found.values.get(kind)
    if value is None or found.problem is not None:
        raise _FieldError(_FIELD_ERRORS.get(kind, Text("I could not read that; write it in another way.")))
    return value


def _audience(raw: object, reading: ReadingContext) -> tuple[str, ...]:
    """Read regions by id or name, or all of them."""
    items = raw if isinstance(raw, (list, tuple)) else re.split(r"[,，、\s]+", str(raw))
    words = [_clean(item).strip() for item in items]
    chosen = [reading.regions.get(word.casefold(), word) for word in words if word]
    unknown = [item for item in chosen if item != EVERYWHERE and item not in reading.regions.values()]
    if unknown:
        raise _FieldError(Text("There is no region “{name}”.", name=unknown[0]))
    if not chosen:
        raise _FieldError(NEEDED)
    return tuple(sorted(set(reading.regions.values()) if EVERYWHERE in chosen else set(chosen)))


def _link(words: str) -> str:
    """Read a whole web address and nothing beside it."""
    try:
        is_link = _LINK.fullmatch(words) is not None and bool(urlsplit(words).hostname)
    except ValueError:
        is_link = False
    if not is_link:
        raise _FieldError(_FIELD_ERRORS["url"])
    return words


_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_FIELD_ERRORS = {
    "amount": Text("That is not an amount; write it like 80k, 75万 or 12,500 USD."),
    "close": Text("That is not a date; write it like 2026-12-05 or next Friday."),
    "date": Text("That is not a date; write it like 2026-12-05 or next Friday."),
    "past": Text("That is not a date; write it like 2026-11-20 or yesterday."),
    "stage": Text("That is not a stage; choose one of the list."),
    "region": Text("That is not a region; choose one of the list."),
    "url": Text("That is not a link; it starts with https://."),
}


def shown_value(slot: SlotField, value: object) -> object:
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
            items = [str(item) for item in value]
            return items if slot.slot.input == "multiselect" else " ".join(items)
    return str(value)


def region_options(session: Session, draft: Draft, ask: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
    """The regions as (field, value, label), for every asked field that names one or several."""
    wanted, asked = slots_of(draft.kind), set(ask)
    names = [slot.name for slot in wanted if slot.name in asked and slot.slot.kind in ("region", "audience")]
    return tuple((name, region.id, region.name) for name in names for region in regions(session))


def options_of(slot: SlotField, form: Form) -> tuple[tuple[str, Text], ...]:
    """The choices of a select: the stages, or what the form's writer offers; an audience may be everybody."""
    if slot.slot.kind == "stage":
        return tuple((stage.value, Text("{stage}", stage=stage)) for stage in Stage)
    offered = tuple((value, verbatim(label)) for name, value, label in form.options if name == slot.name)
    return ((EVERYWHERE, Text("All regions")), *offered) if slot.slot.kind == "audience" else offered


def _to_look_at(draft: Draft) -> tuple[str, ...]:
    """The fields that a form shows: those that are missing, and of a typed line also what was read of it."""
    if not _is_typed(draft):
        return draft.missing
    known = {claim.slot for claim in draft.claims}
    known -= set(_SUBJECTS)  # what the form is about stands in its title
    return tuple(slot.name for slot in slots_of(draft.kind) if slot.name in draft.missing or slot.slot.kind in known)


def _is_typed(draft: Draft) -> bool:
    return bool(draft.missing) and any(claim.words for claim in draft.claims)


def _lacking(draft: Draft) -> tuple[Text, ...]:
    """Say what a typed line lacks, and that the rest of it is kept."""
    if not _is_typed(draft):
        return ()
    lacking = [slot.slot.label for slot in slots_of(draft.kind) if slot.name in draft.missing]
    return (Text("Still needed: {fields}. What you typed is kept.", fields=listed(lacking)),)


_SUBJECTS = ("deal", "request", "policy", "visit", "feedback")


def subject_of(draft: Draft) -> str | None:
    """The number that a form is about, where its draft names one."""
    return next((str(draft.known[name]) for name in _SUBJECTS if draft.known.get(name)), None)


def form_message(
    session: Session,
    command: Command,
    draft: Draft,
    errors: tuple[tuple[str, Text], ...] = (),
    typed: Mapping[str, object] = MappingProxyType({}),
) -> Message:
    """Ask for fields in one form, with what is known filled in; `typed` stands where it could not be read."""
    names = tuple(dict.fromkeys((*(draft.ask or _to_look_at(draft)), *dict(errors))))
    subject = subject_of(draft)
    title = Text("{what} · {subject}", what=command.summary, subject=subject) if subject else command.summary
    lines = (title, Text("Please look at what is marked.")) if errors else (title, *_lacking(draft))
    submit = Button(command.submit or Text("Send"), replace(draft, ask=names), Style.PRIMARY)
    shown = Draft(draft.intent, {**draft.known, **typed}, names)
    buttons: tuple[Button, ...] = (submit,)
    if command.as_is is not None and not errors and any(draft.known.get(name) for name in names):
        buttons = (submit, Button(command.as_is, replace(draft, ask=())))
    return Message(lines=lines, form=Form(shown, names, errors, region_options(session, draft, names)), buttons=buttons)
