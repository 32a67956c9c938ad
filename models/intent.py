"""Intents: what a person can want, as frozen dataclasses whose fields are typed slots."""

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Annotated, Any, TypeVar, Union

from models.claims import Claim
from models.codec import storable
from models.text import Bilingual, Text

T = TypeVar("T", bound=type)

_INTENTS: dict[str, type] = {}


@dataclass(frozen=True, slots=True)
class Slot:
    """How a field is read from words and drawn in a form.

    `kind` names the grammar's reader; `input` is the form's field type. `en` and `zh` are the words, parted by commas,
    that mark the field in a line (`close: Friday`, `预计：周五`), in lower case. `hint` is what could stand in it.
    """

    kind: str
    label: Text
    input: str = "text"
    en: str = ""
    zh: str = ""
    hint: Bilingual | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The words that mark the field, in both languages."""
        return _names(self.en, self.zh)


@cache
def _names(*listed: str) -> tuple[str, ...]:
    return tuple(name.strip() for words in listed for name in words.split(",") if name.strip())


@dataclass(frozen=True, slots=True)
class SlotField:
    """One field of an intent: its name, its slot, and whether the intent needs it."""

    name: str
    slot: Slot
    required: bool


@storable
@dataclass(frozen=True, slots=True)
class Draft:
    """An intent by its name with what is known of it; complete when every required field is known.

    `claims` say which words it was read from.
    """

    intent: str
    known: Mapping[str, Any]
    ask: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()

    @property
    def kind(self) -> type:
        """The intent's class."""
        return _INTENTS[self.intent]

    @property
    def missing(self) -> tuple[str, ...]:
        """The required fields that nobody has given yet."""
        return tuple(
            field.name for field in slots_of(self.kind) if field.required and self.known.get(field.name) is None
        )

    def complete(self) -> object:
        """Make the intent; raise TypeError while a required field is missing."""
        return self.kind(**{name: value for name, value in self.known.items() if value is not None})


def intent(name: str) -> "typing.Callable[[T], T]":
    """Name an intent's class: the stable English word of its buttons and of stored drafts."""

    def register(kind: T) -> T:
        if _INTENTS.setdefault(name, kind) is not kind:
            msg = f"two intents are called {name}"
            raise TypeError(msg)
        kind.intent_name = name  # type: ignore[attr-defined]
        return kind

    return register


def draft(wanted: object, *ask: str) -> Draft:
    """Turn an intent into a draft; `ask` names the fields that a form shows before it counts."""
    known = {field.name: getattr(wanted, field.name) for field in fields(wanted)}  # type: ignore[arg-type]
    return Draft(name_of(type(wanted)), known, ask)


def unfinished(kind: type, *ask: str, **known: object) -> Draft:
    """Make a draft of an intent that still lacks fields."""
    return Draft(name_of(kind), known, ask)


def name_of(kind: type) -> str:
    """The stable English name of an intent's class."""
    return str(kind.intent_name)  # type: ignore[attr-defined]


@cache
def slots_of(kind: type) -> tuple[SlotField, ...]:
    """The fields of an intent that words and forms can fill, in their order."""
    hints = typing.get_type_hints(kind, include_extras=True)
    found = []
    for field in fields(kind):
        slot = _slot(hints[field.name])
        if slot is not None:
            found.append(SlotField(field.name, slot, field.default is MISSING and field.default_factory is MISSING))
    return tuple(found)


def _slot(hint: Any) -> Slot | None:
    if typing.get_origin(hint) is Annotated:
        return next((extra for extra in hint.__metadata__ if isinstance(extra, Slot)), None)
    if typing.get_origin(hint) in (Union, types.UnionType):
        return next((slot for part in typing.get_args(hint) if (slot := _slot(part))), None)
    return None


def intents() -> tuple[type, ...]:
    """Every intent that is declared."""
    return tuple(_INTENTS.values())
