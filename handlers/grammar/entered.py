"""Entered: what stands in one field of a form, or in one cell of a table, read by the rules of its slot."""

import re
from datetime import date
from urllib.parse import urlsplit

from handlers.grammar.line import read_line
from handlers.grammar.names import index_of
from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import DAY_SLOTS, ReadingContext
from handlers.grammar.words import strip_chat_markup
from models.intent import Slot
from models.slots import Amount, slot_of
from models.text import Text

VALUE_LIMIT = 8_000
_NAME_SHOWN = 80
EVERYWHERE = "all"
NEEDED = Text("This is needed.")


class FieldError(Exception):
    """Raised for what was entered in a field and cannot be read; carries the sentence beside it."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.template)
        self.text = text


_MINUS_BEHIND = re.compile(r"[^,.\s]\s*[-−–]$")
"""Accounting programs put the minus behind an amount; `80,-` is a price without cents."""


def clean(raw: object) -> str:
    """Half a character and NUL, which no database keeps, become a visible mark; an overlong value is cut."""
    words = "" if raw is None else str(raw)
    return words.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")[:VALUE_LIMIT]


def read_value(slot: Slot, raw: object, reading: ReadingContext) -> object:
    """Read what was entered by the rules of its slot; raise FieldError."""
    kind = slot.kind
    if kind == "audience":
        return _audience(raw, reading)
    if len(str(raw)) > VALUE_LIMIT:
        raise FieldError(Text("That is longer than {n} characters; send it in parts.", n=VALUE_LIMIT))
    words = clean(raw).strip()
    if kind == "url":
        return _link(words)
    if kind in ("words", "text", "account", "note"):
        return strip_chat_markup(words).text.strip() if kind == "account" else words
    if kind == "tags":
        return tuple(word.lstrip("#").casefold() for word in re.split(r"[,，、\s]+", words) if word.strip("#"))
    if kind in DAY_SLOTS:
        try:
            return date.fromisoformat(words.removesuffix(" 00:00:00"))
        except ValueError:
            pass
    if kind == "amount" and _MINUS_BEHIND.search(words):
        raise FieldError(field_error(slot, words))
    said = f"amount: {words}" if kind == "amount" else words  # nothing but an amount is meant: 500 is one there
    found = read_line(said, [slot], [kind], reading)
    value = found.values.get(kind)
    if value is None or found.problem is not None:
        raise FieldError(field_error(slot, words))
    return value


def field_error(slot: Slot, words: str) -> Text:
    """Say what is wrong with words in a field; where they cannot stand in it, say which they were."""
    if slot.kind in ("region", "bound"):
        return Text("There is no region “{name}”; choose one of the list.", name=words[:_NAME_SHOWN])
    if slot.kind in _NOT_AMONG:
        return Text(_NOT_AMONG[slot.kind].template, words=words[:_NAME_SHOWN])
    return _FIELD_ERRORS.get(slot.kind, Text("I could not read that; write it in another way."))


def says_currency(words: object, reading: ReadingContext) -> bool:
    """Whether an amount that was entered names its currency."""
    found = read_line(f"amount: {clean(words)}", [slot_of(Amount)], ["amount"], reading)
    return not any(claim.slot == "currency" and claim.assumed for claim in found.claims)


def _audience(raw: object, reading: ReadingContext) -> tuple[str, ...]:
    """Read regions by id or name, or all of them."""
    items = raw if isinstance(raw, (list, tuple)) else re.split(r"[,，、\s]+", str(raw))
    words = [clean(item).strip() for item in items]
    chosen = [index_of(reading.regions).value_of(word) or word for word in words if word]
    unknown = [item for item in chosen if item != EVERYWHERE and item not in reading.regions.values()]
    if unknown:
        raise FieldError(Text("There is no region “{name}”.", name=unknown[0]))
    if not chosen:
        raise FieldError(NEEDED)
    return tuple(sorted(set(reading.regions.values()) if EVERYWHERE in chosen else set(chosen)))


def _link(words: str) -> str:
    """Read a whole web address and nothing beside it."""
    try:
        is_link = _LINK.fullmatch(words) is not None and bool(urlsplit(words).hostname)
    except ValueError:
        is_link = False
    if not is_link:
        raise FieldError(_FIELD_ERRORS["url"])
    return words


_LINK = Pattern(r"https?://\S+", re.IGNORECASE)
_NOT_AMONG = {
    "rank": Text("“{words}” is not a rank; there is rep or manager or HQ or admin."),
    "duty": Text("“{words}” is not a duty; there is finance, specialist and ambassador."),
    "decider": Text("“{words}” cannot decide; there is manager, finance and HQ."),
    "tongue": Text("I do not speak “{words}”; there is English and Chinese."),
    "person_data": Text("“{words}” is not a rule for boards; there is team, private and public."),
}
"""What is wrong with words in the field of a closed set, with all that there is."""
_FIELD_ERRORS = {
    "amount": Text("That is not an amount; write it like 80k, 75万 or 12,500 USD."),
    "close": Text("That is not a date; write it like 2026-12-05 or next Friday."),
    "date": Text("That is not a date; write it like 2026-12-05 or next Friday."),
    "past": Text("That is not a date; write it like 2026-11-20 or yesterday."),
    "stage": Text("That is not a stage; choose one of the list."),
    "person": Text("I know nobody of that name; write it as it stands in the list of people."),
    "place": Text("That is not a country whose holidays I know; write it like DE, Germany or DE-BY for Bavaria."),
    "zone": Text("That is not a time zone; write it like Europe/Berlin."),
    "unit": Text("That is not a currency; write its code, like EUR."),
    "ratio": Text("That is not a rate; write it like 1.08."),
    "hours": Text("Those are not hours of work; write them like 09:00-18:00."),
    "week": Text("Those are not days of a week; write them like Mon-Fri."),
    "email": Text("That is not an e-mail address."),
    "url": Text("That is not a link; it starts with https://."),
}
