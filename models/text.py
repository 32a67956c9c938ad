"""Text: a sentence that can be translated, with typed values in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from typing import Any, Union

from models.codec import storable
from models.money import Money
from models.rules.periods import DateRange, Period, PeriodKind

storable(Money)
storable(Period)
storable(DateRange)
storable(PeriodKind)


@storable
@dataclass(frozen=True, slots=True)
class Mention:
    """A person named in a message; the only thing that can notify somebody."""

    person_id: str
    name: str


@storable
@dataclass(frozen=True, slots=True)
class Percent:
    """A share of one: Percent(Fraction(82, 100)) reads 82 %."""

    share: Fraction


@storable
@dataclass(frozen=True, slots=True)
class Secret:
    """Words for the reader's eyes: once the message was sent, its row keeps none of them."""

    words: str


@storable
@dataclass(frozen=True, slots=True)
class Link:
    """An address with words to press; only http and https are drawn as links. `secret` is kept as a Secret is."""

    label: str
    url: str
    secret: bool = False


@storable
@dataclass(frozen=True, slots=True)
class Bilingual:
    """Words that exist in both languages, such as a line to type; the reader gets their own."""

    en: str
    zh: str


Value = Union[
    str, int, Money, date, datetime, Period, DateRange, Mention, Percent, Link, Secret, Bilingual, Enum, "Text"
]


@storable
class Text:
    """A gettext template and its values: `Text("{deal} is won", deal="D-1042")`.

    `Text` is the extraction keyword: the first argument is always a literal. Values are escaped where they are drawn.
    """

    __slots__ = ("plural", "template", "values")
    template: str
    plural: str | None
    values: Mapping[str, Value]

    def __init__(self, template: str, /, **values: Value) -> None:
        self.template, self.plural, self.values = template, None, values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and self._facts() == other._facts()

    def __hash__(self) -> int:
        return hash((self.template, self.plural))

    def __repr__(self) -> str:
        return f"Text({self.template!r}, {dict(self.values)!r})"

    def __to_json__(self) -> dict[str, object]:
        return {"t": self.template, "p": self.plural, "v": dict(self.values)}

    @classmethod
    def __of_json__(cls, facts: dict[str, Any]) -> "Text":
        text = cls(facts["t"], **facts["v"])
        text.plural = facts["p"]
        return text

    def _facts(self) -> tuple[str, str | None, dict[str, Value]]:
        return self.template, self.plural, dict(self.values)


def Plural(one: str, many: str, /, n: int, **values: Value) -> Text:  # noqa: N802  reads like Text, which it makes
    """Make a Text whose template follows the number `n`, which is also a value of it."""
    text = Text(one, n=n, **values)
    text.plural = many
    return text


def verbatim(words: str) -> Text:
    """Make a Text of words that are not translated: names, numbers, what somebody typed."""
    return Text("{words}", words=words) if words else Text("")


def joined(parts: Sequence[Value]) -> Text:
    """Set values side by side, each drawn in the reader's language."""
    names = [f"part{i}" for i in range(len(parts))]
    template = " · ".join("{" + name + "}" for name in names)
    return Text(template, **dict(zip(names, parts, strict=True)))


def listed(parts: Sequence[Value]) -> Value:
    """Enumerate values as the reader's language does: East, West; 华东、华北."""
    if len(parts) <= 1:
        return parts[0] if parts else ""
    half = len(parts) // 2  # halves, so that a long list does not nest deeply
    return Text("{some}, {more}", some=listed(parts[:half]), more=listed(parts[half:]))
