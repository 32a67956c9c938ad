"""What is known before a line is read, and what a reading of it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from handlers.grammar.names import NameIndex
from models.calendars import Calendar, national
from models.claims import Claim

# The slots that a day fills: a deal's close, any day to come, a day that is over, a day or how much later.
DAY_SLOTS = frozenset({"close", "date", "past", "later"})


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """The typist's day, place and the names they may see; without a `calendar`, the country of the locale has one."""

    today: date
    locale: str
    currency: str
    accounts: Sequence[str] | NameIndex = ()
    people: Mapping[str, str] | NameIndex = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    zone: str = "UTC"
    calendar: Calendar | None = None

    @property
    def language(self) -> str:
        """The language of the region's locale, `pt` of `pt-BR`."""
        return self.locale.replace("_", "-").split("-", 1)[0].lower()

    @property
    def working_calendar(self) -> Calendar:
        """The calendar that says which days are worked."""
        return self.calendar or national(self.locale)

    @property
    def month_first(self) -> bool:
        """Whether 12/5 is the fifth of December."""
        return self.language in {"zh", "ja"} or self.locale.replace("_", "-").lower() == "en-us"


class ProblemCode(StrEnum):
    """Why a line cannot stand as it is, the gravest first."""

    BAD_AMOUNT = "bad_amount"
    BAD_DATE = "bad_date"
    BAD_VALUE = "bad_value"
    AMBIGUOUS = "ambiguous"
    MISSING_AMOUNT = "missing_amount"
    MISSING_ACCOUNT = "missing_account"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Problem:
    """What must be asked: `readings` are the competing values of an ambiguous slot."""

    code: ProblemCode
    slot: str
    words: str = ""
    readings: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood; with a problem, `values` still holds the rest."""

    values: Mapping[str, object]
    claims: tuple[Claim, ...]
    problem: Problem | None
    missing: tuple[str, ...] = ()


class Found(NamedTuple):
    """A candidate in the normalised text, before it is decided which candidates stand.

    `past` is the value when the deal is won or lost. Two or more `readings` mean that the words alone
    cannot decide; `bad` that they name the kind but no possible value. `firm` words can hardly mean anything else;
    `marked` ones follow a word such as "close" or a label; `core` is the span without that word.
    """

    slot: str
    rule: str
    start: int
    end: int
    value: object = None
    past: object = None
    readings: tuple[object, ...] = ()
    bad: bool = False
    firm: bool = True
    marked: bool = False
    assumed: bool = False
    corrected: str | None = None
    core: tuple[int, int] | None = None

    def overlaps(self, other: "Found") -> bool:
        """Whether both want a common character."""
        return self.start < other.end and other.start < self.end
