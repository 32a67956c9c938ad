"""Forms: ask for the fields of a draft, and fill it from what was entered, each value by its own slot's rules."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from enum import Enum
from types import MappingProxyType

from sqlmodel import Session

from handlers.command import Command
from handlers.grammar.entered import EVERYWHERE, NEEDED, FieldError, clean, read_value
from handlers.grammar.entry_words import HEADQUARTERS
from handlers.grammar.reading import ReadingContext
from models.claims import Claim
from models.intent import Draft, SlotField, slots_of
from models.message import Button, Form, Message, Style
from models.money import Money
from models.people import Person
from models.ranks import Duty, Rank
from models.regions import regions
from models.rules.approval import Decider
from models.rules.standing import PersonData
from models.stages import Stage
from models.text import Text, Value, joined, listed, verbatim


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
            known[slot.name] = read_value(slot.slot, raw, _like(reading, known.get(slot.name)))
            if known[slot.name] == ():
                cleared.add(slot.name)
        except FieldError as error:
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
        name: tuple(clean(item) for item in raw) if isinstance(raw, (list, tuple)) else clean(raw)
        for name, raw in typed.items()
    }


def _like(reading: ReadingContext, known: object) -> ReadingContext:
    """Read an amount without a currency in that of the amount that stood there."""
    return replace(reading, currency=known.currency) if isinstance(known, Money) else reading


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
    names = [slot.name for slot in wanted if slot.name in asked and slot.slot.kind in ("region", "audience", "bound")]
    return tuple((name, region.id, region.name) for name in names for region in regions(session))


_CLOSED: dict[str, tuple[Value, ...]] = {
    "stage": tuple(Stage), "rank": tuple(Rank), "duty": tuple(Duty), "decider": tuple(Decider),
    "person_data": tuple(PersonData),
}  # fmt: skip
_ALWAYS = {
    "audience": ((EVERYWHERE, Text("All regions")),),
    "bound": ((HEADQUARTERS, Text("Headquarters")),),
    "tongue": (("en", Text("English")), ("zh", Text("Chinese"))),
}


def options_of(slot: SlotField, form: Form) -> tuple[tuple[str, Text], ...]:
    """The choices of a select: a closed set, or what the form's writer offers; an audience may be everybody."""
    kind = slot.slot.kind
    if kind in _CLOSED:
        return tuple((str(value), Text("{value}", value=value)) for value in _CLOSED[kind])
    offered = tuple((value, verbatim(label)) for name, value, label in form.options if name == slot.name)
    return (*_ALWAYS.get(kind, ()), *offered)


def _to_look_at(draft: Draft, wrong: Collection[str] = ()) -> tuple[str, ...]:
    """The fields that a form shows: those that are missing or wrong, and of a typed line also what was read of it."""
    if not _is_typed(draft, wrong):
        return draft.missing
    known = {claim.slot for claim in draft.claims}
    known -= set(_SUBJECTS)  # what the form is about stands in its title
    named = {*draft.missing, *wrong}
    return tuple(slot.name for slot in slots_of(draft.kind) if slot.name in named or slot.slot.kind in known)


def _is_typed(draft: Draft, wrong: Collection[str] = ()) -> bool:
    return bool(draft.missing or wrong) and any(claim.words for claim in draft.claims)


def _lacking(draft: Draft) -> tuple[Text, ...]:
    """Say what a typed line lacks, and that the rest of it is kept."""
    if not _is_typed(draft):
        return ()
    lacking = [slot.slot.label for slot in slots_of(draft.kind) if slot.name in draft.missing]
    return (Text("Still needed: {fields}. What you typed is kept.", fields=listed(lacking)),)


def _examples(draft: Draft, names: Collection[str]) -> tuple[Text, ...]:
    """What could stand in the fields that are empty."""
    empty = [slot.slot for slot in slots_of(draft.kind) if slot.name in names and not draft.known.get(slot.name)]
    hints = [Text("{field}: {example}", field=slot.label, example=slot.hint) for slot in empty if slot.hint]
    return (Text("For example: {line}", line=joined(hints)),) if hints else ()


_SUBJECTS = ("deal", "request", "policy", "visit", "feedback")


def subject_of(draft: Draft) -> str | None:
    """The number that a form is about, where its draft names one."""
    return next((str(draft.known[name]) for name in _SUBJECTS if draft.known.get(name)), None)


def _people(session: Session, draft: Draft, names: Collection[str]) -> dict[str, str]:
    """The people of a form by their names, for these are what somebody would write."""
    fields = [slot.name for slot in slots_of(draft.kind) if slot.slot.kind == "person" and slot.name in names]
    found = {name: session.get(Person, str(draft.known.get(name))) for name in fields}
    return {name: person.name for name, person in found.items() if person is not None}


def form_message(
    session: Session,
    command: Command,
    draft: Draft,
    errors: tuple[tuple[str, Text], ...] = (),
    typed: Mapping[str, object] = MappingProxyType({}),
) -> Message:
    """Ask for fields in one form, with what is known filled in; `typed` stands where it could not be read."""
    names = tuple(dict.fromkeys((*(draft.ask or _to_look_at(draft, dict(errors))), *dict(errors))))
    subject = subject_of(draft)
    title = Text("{what} · {subject}", what=command.summary, subject=subject) if subject else command.summary
    lines = (title, Text("Please look at what is marked.")) if errors else (title, *_lacking(draft))
    lines += _examples(replace(draft, known={**draft.known, **typed}), names)
    submit = Button(command.submit or Text("Send"), replace(draft, ask=names), Style.PRIMARY)
    shown = Draft(draft.intent, {**draft.known, **_people(session, draft, names), **typed}, names)
    buttons: tuple[Button, ...] = (submit,)
    if command.as_is is not None and not errors and any(draft.known.get(name) for name in names):
        buttons = (submit, Button(command.as_is, replace(draft, ask=())))
    return Message(lines=lines, form=Form(shown, names, errors, region_options(session, draft, names)), buttons=buttons)
